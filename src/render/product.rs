//! Scaling, elementwise products and quotients: numbers and scalars in front, negative powers below.

use super::leaves::Standing;
use super::present::Presenter;
use super::sum::anchors;
use super::tree;
use crate::expr::{Expr, Indexed, Op, Rational, is_one, pow};
use crate::syntax::{Ast, BinaryOp, Syntax};

/// The factors of an elementwise product, sorted by where they stand.
struct SortedFactors {
    coefficient: Rational,
    scalars: Vec<Expr>,
    arrays: Vec<Expr>,
    /// Bases of the negative powers, with the sign of their exponents turned.
    below_scalars: Vec<Expr>,
    below_arrays: Vec<Expr>,
}

impl SortedFactors {
    fn new(args: &[Expr]) -> SortedFactors {
        let mut parts = SortedFactors {
            coefficient: Rational::one(),
            scalars: vec![],
            arrays: vec![],
            below_scalars: vec![],
            below_arrays: vec![],
        };
        for a in args {
            parts.take(a);
        }
        parts
    }

    fn take(&mut self, a: &Expr) {
        if let Op::Number(n) = a.op() {
            self.coefficient = &self.coefficient * n;
            return;
        }
        match (below(a), a.is_scalar()) {
            (Some(base), true) => self.below_scalars.push(base),
            (Some(base), false) => self.below_arrays.push(base),
            (None, true) => self.scalars.push(a.clone()),
            (None, false) => self.arrays.push(a.clone()),
        }
    }

    /// Sizes alone below and a number above: `2/n` is written in front.
    fn has_ratio_in_front(&self) -> bool {
        let above = !self.scalars.is_empty() || !self.arrays.is_empty() || !self.below_arrays.is_empty();
        let sizes = !self.below_scalars.is_empty() && self.below_scalars.iter().all(is_size);
        above && sizes && self.coefficient.abs().parts().0 != "1"
    }
}

/// What stands below the line for a negative power: b for b⁻¹, b² for b⁻².
fn below(e: &Expr) -> Option<Expr> {
    match (e.op(), e.args()) {
        (Op::Pow, [base, exponent]) => match exponent.op() {
            Op::Number(p) if p.is_negative() => Some(pow(base.clone(), crate::expr::number(-p))),
            _ => None,
        },
        _ => None,
    }
}

fn is_size(e: &Expr) -> bool {
    match e.op() {
        Op::SizeNumber(_) => true,
        Op::Had => e.args().iter().all(|a| is_size(a) || matches!(a.op(), Op::Number(_))),
        Op::Pow => is_size(&e.args()[0]) && matches!(e.args()[1].op(), Op::Number(_)),
        _ => false,
    }
}

/// Where brackets stand among the factors of a product.
const BRACKET: u8 = 1;

/// Sizes first, then δ_ij and other brackets.
fn rank(factor: &Expr) -> u8 {
    let symbol = factor.as_variable().and_then(|v| v.name.as_indexed());
    let is_bracket = matches!(symbol, Some(Indexed::Gathered { over, .. }) if over.is_empty());
    match (is_size(factor), is_bracket) {
        (true, _) => 0,
        (false, true) => BRACKET,
        (false, false) => 2,
    }
}

/// A product of brackets: what stands under one may be a product of matrices, whose order counts.
fn is_brackets_alone(factor: &Expr) -> bool {
    match factor.as_variable().and_then(|v| v.name.as_indexed()) {
        Some(Indexed::Gathered { over, body, .. }) => over.is_empty() && (is_one(body) || is_brackets_alone(body)),
        _ => false,
    }
}

impl Presenter<'_> {
    /// An elementwise product (or a lone negative power) and whether a minus stands before it.
    pub(super) fn scaled(&self, order: Option<&[Expr]>, e: &Expr, place: Standing) -> (bool, Ast) {
        let args = e.hadamard_factors();
        let parts = SortedFactors::new(order.unwrap_or(args));
        let negative = parts.coefficient.is_negative();
        let place = if args.iter().any(anchors) { Standing::Known } else { place };
        (negative, self.assemble(&parts, order.is_some(), place))
    }

    fn assemble(&self, parts: &SortedFactors, ordered: bool, place: Standing) -> Ast {
        let scalars = self.arranged(&parts.scalars, ordered, Standing::Open);
        let below = self.arranged(&parts.below_scalars, ordered, Standing::Open);
        let array = self.array(parts, ordered, place);
        let size = parts.coefficient.abs();
        if let Some((ratio, others)) = self.share(&size, &scalars, &array).filter(|_| below.is_empty()) {
            return above(ratio, vec![], others);
        }
        if below.is_empty() {
            let coefficient = (!size.is_one()).then(|| tree::magnitude(&size, self.style.decimals));
            return above(coefficient, scalars, array);
        }
        let (numerator, denominator) = size.parts();
        let numerator = (numerator != "1").then(|| tree::number(numerator));
        let denominator = (denominator != "1").then(|| tree::number(denominator));
        let below = product_of(denominator.into_iter().chain(below));
        if parts.has_ratio_in_front() {
            let ratio = tree::binary(BinaryOp::Div, numerator.unwrap_or_else(|| tree::number("1")), below);
            return above(Some(ratio), scalars, array);
        }
        tree::binary(BinaryOp::Div, above(numerator, scalars, array), below)
    }

    /// A half, a third as a denominator where there is one anyway, or one name to stand above: `A ./ (2 B)`, `n/2 A`, `n/2`.
    fn share(&self, size: &Rational, scalars: &[Ast], array: &ArrayFactor) -> Option<(Option<Ast>, ArrayFactor)> {
        let (numerator, denominator) = size.parts();
        let is_fraction = matches!(tree::magnitude(size, self.style.decimals).kind, Syntax::Binary(BinaryOp::Div, ..));
        (numerator == "1" && is_fraction).then_some(())?;
        let denominator = tree::number(denominator);
        match (scalars, array) {
            ([], ArrayFactor::Whole(Ast { kind: Syntax::Binary(BinaryOp::HadDiv, a, b), .. })) => {
                let below = tree::scale(denominator, (**b).clone());
                Some((None, ArrayFactor::Whole(tree::binary(BinaryOp::HadDiv, (**a).clone(), below))))
            }
            ([name], ArrayFactor::Whole(_) | ArrayFactor::None) if matches!(name.kind, Syntax::Name(_)) => {
                let ratio = tree::binary(BinaryOp::Div, name.clone(), denominator);
                Some((Some(ratio), array.clone()))
            }
            _ => None,
        }
    }

    /// The factors that are arrays: a product, or a quotient whose numerator may be missing.
    fn array(&self, parts: &SortedFactors, ordered: bool, place: Standing) -> ArrayFactor {
        let over = tree::chain(BinaryOp::Had, self.arranged(&parts.arrays, ordered, place));
        let under = tree::chain(BinaryOp::Had, self.arranged(&parts.below_arrays, ordered, Standing::Open));
        match (over, under) {
            (None, None) => ArrayFactor::None,
            (Some(a), None) => ArrayFactor::Whole(a),
            (Some(a), Some(b)) => ArrayFactor::Whole(tree::binary(BinaryOp::HadDiv, a, b)),
            (None, Some(b)) => ArrayFactor::Reciprocal(b),
        }
    }

    /// Factors as syntax: in their author's order, or sizes and names first, then as they appear in the document.
    fn arranged(&self, factors: &[Expr], ordered: bool, place: Standing) -> Vec<Ast> {
        if ordered {
            return factors.iter().map(|f| self.at(f, place)).collect();
        }
        let mut factors: Vec<&Expr> = factors.iter().collect();
        factors.sort();
        let shown = |f: &Expr| match rank(f) {
            BRACKET if is_brackets_alone(f) => {
                tree::factors(self.at(f, place)).into_iter().map(|a| (BRACKET, a)).collect()
            }
            rank => vec![(rank, self.at(f, place))],
        };
        let mut asts: Vec<(u8, Ast)> = factors.into_iter().flat_map(shown).collect();
        asts.sort_by_cached_key(|(rank, a)| (*rank, weight(a), self.style.reading(a), a.size()));
        asts.into_iter().map(|(_, a)| a).collect()
    }
}

#[derive(Clone)]
enum ArrayFactor {
    None,
    Whole(Ast),
    Reciprocal(Ast),
}

/// Numbers, scalars and arrays as one product.
fn above(coefficient: Option<Ast>, scalars: Vec<Ast>, array: ArrayFactor) -> Ast {
    match (array, scalars.is_empty()) {
        (ArrayFactor::Reciprocal(below), _) => {
            let front = product_of(coefficient.into_iter().chain(scalars));
            tree::binary(BinaryOp::HadDiv, front, below)
        }
        (ArrayFactor::Whole(array), true) => match coefficient {
            Some(c) if is_elementwise(&array) => tree::scale(c, array),
            coefficient => product_of(coefficient.into_iter().chain([array])),
        },
        (ArrayFactor::Whole(array), false) => product_of(coefficient.into_iter().chain(scalars).chain([array])),
        (ArrayFactor::None, _) => product_of(coefficient.into_iter().chain(scalars)),
    }
}

fn is_elementwise(e: &Ast) -> bool {
    matches!(e.kind, Syntax::Binary(BinaryOp::Had | BinaryOp::HadDiv | BinaryOp::Kron, ..))
}

/// A product read from left to right, 1 if empty. A product of matrices that is a scalar stands in parentheses before
/// other factors.
fn product_of(factors: impl IntoIterator<Item = Ast>) -> Ast {
    let mut factors: Vec<Ast> = factors.into_iter().collect();
    let Some(last) = factors.pop() else { return tree::number("1") };
    let chain = |e: &Ast| matches!(e.kind, Syntax::Binary(BinaryOp::Mul, ..));
    let front = factors.into_iter().map(|e| Ast { grouped: chain(&e), ..e });
    let all = front.chain(tree::factors(last));
    tree::chain(BinaryOp::Mul, all).unwrap_or_else(|| tree::number("1"))
}

/// Light factors stand before heavy ones: names, their powers, calls, products, derivatives of functions, sums.
fn weight(e: &Ast) -> u8 {
    match &e.kind {
        Syntax::Number(_) | Syntax::Name(_) | Syntax::Partial(_) | Syntax::Keyword(..) => 0,
        Syntax::Transpose(a)
        | Syntax::Inverse(a)
        | Syntax::Power(a, _)
        | Syntax::ElementPower(a, _)
        | Syntax::Slice { base: a, .. } => weight(a).max(1),
        // a member is a name
        Syntax::Entry { base, .. } => weight(base),
        Syntax::Iverson(_) => 0,
        Syntax::Gathered { .. } => 5,
        // a differential comes last: f'(z) ∘ dz
        Syntax::Call { function, .. } if function.as_str() == "d" => 6,
        Syntax::Call { primes: 0, .. } | Syntax::Slope { .. } | Syntax::Norm(..) | Syntax::Bars(_) => 2,
        Syntax::Neg(_) | Syntax::Binary(..) | Syntax::Matrix(_) => 3,
        // backpropagation writes (Vᵀ δ) ∘ f'(z)
        Syntax::Call { .. } => 4,
        Syntax::Sum(_) => 5,
    }
}
