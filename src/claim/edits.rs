//! Corrections of a claim in one place: what is tried to find the slip.

use super::index_edits::{around, of_indexed};
use super::material::Material;
use super::slip::{Edit, SlipKind};
use crate::expr::{
    Axis, Builtin, Expr, Index, Map, Op, Rational, add, as_number, build, builtin, derive_shape, had, inverse, map,
    matrix_power, mul, neg, number, pow, transpose, weight,
};

/// Larger claims are not corrected in one place.
const MAX_NODES: u64 = 120;

/// Every correction in one place, and those that change every occurrence of a variable or an argument alike.
pub fn edits(claim: &Expr, material: &Material) -> Vec<Edit> {
    let mut found = vec![];
    if weight(claim) > MAX_NODES {
        return found;
    }
    everywhere(claim, material, &material.letters, &mut found);
    found.extend(alike(claim, material));
    found
}

/// The corrections of a subterm and of the subterms below, each with the whole subterm around it.
fn everywhere(e: &Expr, material: &Material, letters: &[Index], found: &mut Vec<Edit>) {
    found.extend(here(e, material, letters));
    let below = |part: &Expr, letters: &[Index], found: &mut Vec<Edit>, put: &dyn Fn(Expr) -> Option<Expr>| {
        let mut below = vec![];
        everywhere(part, material, letters, &mut below);
        found.extend(below.into_iter().filter_map(|edit| Some(Edit { whole: put(edit.whole)?, ..edit })));
    };
    if let Some(indexed) = e.as_variable().and_then(|v| v.name.as_indexed())
        && let Some((part, bound)) = indexed.inside()
    {
        below(part, &[letters, bound].concat(), found, &|whole| around(indexed, e.shape(), whole));
    }
    for (i, argument) in e.args().iter().enumerate() {
        below(argument, letters, found, &|whole| {
            let mut args = e.args().to_vec();
            args[i] = whole;
            rebuilt(e.op(), args)
        });
    }
}

/// The operator at new arguments, when they fit.
fn rebuilt(op: &Op, args: Vec<Expr>) -> Option<Expr> {
    let shapes: Vec<_> = args.iter().map(|a| a.shape().clone()).collect();
    derive_shape(op, &shapes).map(|_| build(op.clone(), args))
}

fn here(e: &Expr, material: &Material, letters: &[Index]) -> Vec<Edit> {
    let mut found = vec![];
    match e.op() {
        Op::Map(m) => found.extend(of_function(e, m, material)),
        Op::Mul => found.extend(of_product(e, material)),
        Op::Had => found.extend(of_hadamard(e)),
        Op::Add => found.extend(of_sum(e, material)),
        Op::Kron => {
            let swapped = rebuilt(&Op::Kron, vec![e.args()[1].clone(), e.args()[0].clone()]);
            found.extend(swapped.map(|after| Edit::new(SlipKind::KroneckerOrder, e, after)));
        }
        Op::Builtin(Builtin::Mean) => found.push(reduced(e, Builtin::Sum(Axis::All))),
        Op::Builtin(Builtin::Sum(Axis::All)) => found.push(reduced(e, Builtin::Mean)),
        Op::Variable(v) => {
            let others = material.names.iter().filter(|n| *n != e);
            found.extend(others.map(|n| Edit::new(SlipKind::WrongName, e, n.clone())));
            found.extend(v.name.as_indexed().map(|i| of_indexed(e, i, letters)).unwrap_or_default());
        }
        _ => {}
    }
    found.extend(exponents(e));
    if !e.is_scalar() {
        found.push(Edit::new(SlipKind::FactorTransposed, e, transpose(e.clone())));
    }
    found.extend(missing_factors(e, material));
    found
}

/// The same entries, gathered otherwise.
fn reduced(e: &Expr, by: Builtin) -> Edit {
    Edit::new(SlipKind::MeanForSum, e, builtin(by, e.args()[0].clone()))
}

/// f for f', f'(x) for f'(z).
fn of_function(e: &Expr, m: &Map, material: &Material) -> Vec<Edit> {
    let argument = &e.args()[0];
    let mut found = vec![];
    let orders = [Some(m.order + 1), m.order.checked_sub(1)];
    for order in orders.into_iter().flatten() {
        let after = map(m.function.clone(), order, argument.clone());
        found.push(Edit::new(SlipKind::FunctionForDerivative, e, after));
    }
    let others = material.arguments.iter().chain(&material.names);
    let others = others.filter(|a| *a != argument && a.shape() == argument.shape());
    found.extend(others.map(|a| Edit::new(SlipKind::Argument, e, map(m.function.clone(), m.order, a.clone()))));
    found
}

/// Neighbours that changed places, a factor too many.
fn of_product(e: &Expr, material: &Material) -> Vec<Edit> {
    let factors = e.args();
    let mut found = within_product(e, material);
    for i in 0..factors.len() - 1 {
        let mut swapped = factors.to_vec();
        swapped.swap(i, i + 1);
        found.extend(rebuilt(&Op::Mul, swapped).map(|after| Edit::new(SlipKind::FactorOrder, e, after)));
        // a product inside, turned round as a whole: b aᵀ for a bᵀ
        let turned = transpose(mul(factors[i..i + 2].to_vec()));
        let whole = [&factors[..i], &[turned], &factors[i + 2..]].concat();
        found.extend(rebuilt(&Op::Mul, whole).map(|after| Edit::new(SlipKind::FactorOrder, e, after)));
    }
    for i in 0..factors.len() {
        let rest = [&factors[..i], &factors[i + 1..]].concat();
        let rest = if rest.len() == 1 { Some(rest[0].clone()) } else { rebuilt(&Op::Mul, rest) };
        found.extend(rest.map(|whole| dropped(SlipKind::FactorExtra, &factors[i], whole)));
    }
    found
}

/// An elementwise factor or a term missing at some neighbours of a product: W₂ᵀ u xᵀ for ((W₂ᵀ u) ∘ f'(z)) xᵀ, Aᵀ A x for
/// Aᵀ (A x − b).
fn within_product(e: &Expr, material: &Material) -> Vec<Edit> {
    let factors = e.args();
    let mut found = vec![];
    for from in 0..factors.len() {
        for to in from + 2..=factors.len() {
            let part = mul(factors[from..to].to_vec());
            let fits = |p: &&Expr| !part.is_scalar() && p.shape() == part.shape() && to - from < factors.len();
            for piece in material.factors.iter().filter(fits) {
                let product = had(vec![part.clone(), piece.clone()]);
                let whole = rebuilt(&Op::Mul, [&factors[..from], &[product], &factors[to..]].concat());
                found.extend(whole.map(|whole| missing(piece, whole)));
            }
            let fits = |t: &&Expr| t.shape() == part.shape() && to - from < factors.len();
            for term in material.terms.iter().filter(fits) {
                let sum = add(vec![part.clone(), term.clone()]);
                let whole = rebuilt(&Op::Mul, [&factors[..from], &[sum], &factors[to..]].concat());
                let missing =
                    |whole| Edit { kind: SlipKind::TermMissing, before: None, after: Some(term.clone()), whole };
                found.extend(whole.map(missing));
            }
        }
    }
    found
}

fn missing(factor: &Expr, whole: Expr) -> Edit {
    let kind = if is_derivative(factor) { SlipKind::DerivativeMissing } else { SlipKind::FactorMissing };
    Edit { kind, before: None, after: Some(factor.clone()), whole }
}

fn dropped(kind: SlipKind, what: &Expr, whole: Expr) -> Edit {
    Edit { kind, before: Some(what.clone()), after: None, whole }
}

/// A factor too many, or two, or one that belongs into the product beside it: (Wᵀ u) ∘ f'(z) for Wᵀ (u ∘ f'(z)).
fn of_hadamard(e: &Expr) -> Vec<Edit> {
    let factors = e.args();
    let mut found = vec![];
    for i in 0..factors.len() {
        let rest = [&factors[..i], &factors[i + 1..]].concat();
        let whole = had(rest.clone());
        if whole.shape() == e.shape() {
            found.push(dropped(SlipKind::FactorExtra, &factors[i], whole));
        }
        for j in i + 1..factors.len() {
            let others: Vec<Expr> =
                (0..factors.len()).filter(|k| ![i, j].contains(k)).map(|k| factors[k].clone()).collect();
            let pair = had(vec![factors[i].clone(), factors[j].clone()]);
            let whole = had(others);
            if whole.shape() == e.shape() {
                found.push(dropped(SlipKind::FactorExtra, &pair, whole));
            }
        }
        for (j, chain) in rest.iter().enumerate().filter(|(_, f)| *f.op() == Op::Mul) {
            let others = [&rest[..j], &rest[j + 1..]].concat();
            for k in 0..chain.args().len() {
                let mut moved = chain.args().to_vec();
                if !factors[i].is_scalar() && moved[k].shape() == factors[i].shape() {
                    moved[k] = had(vec![moved[k].clone(), factors[i].clone()]);
                    let whole = had([others.clone(), vec![mul(moved)]].concat());
                    found.push(Edit::new(SlipKind::Place, &factors[i], whole));
                }
            }
        }
    }
    found
}

/// Terms with the wrong sign or constant, missing, or too many.
fn of_sum(e: &Expr, material: &Material) -> Vec<Edit> {
    let terms = e.args();
    let mut found = vec![];
    for (i, term) in terms.iter().enumerate() {
        let with = |new: Expr| add([&terms[..i], &[new], &terms[i + 1..]].concat());
        let edit = |kind, new: Expr| Edit { whole: with(new.clone()), ..Edit::new(kind, term, new) };
        found.push(edit(SlipKind::TermSign, neg(term.clone())));
        for c in [Rational::from(2), Rational::new(1, 2)] {
            found.push(edit(SlipKind::TermFactor, had(vec![number(c), term.clone()])));
        }
        let rest = add([&terms[..i], &terms[i + 1..]].concat());
        found.push(dropped(SlipKind::TermExtra, term, rest));
    }
    found.extend(missing_terms(e, material));
    found
}

/// The claim with one more term of the right result.
pub fn missing_terms(e: &Expr, material: &Material) -> Vec<Edit> {
    let fitting = material.terms.iter().filter(|t| t.shape() == e.shape());
    let edit = |t: &Expr| Edit {
        kind: SlipKind::TermMissing,
        before: None,
        after: Some(t.clone()),
        whole: add(vec![e.clone(), t.clone()]),
    };
    fitting.map(edit).collect()
}

/// Other powers of a term.
fn exponents(e: &Expr) -> Vec<Edit> {
    let edit = |after: Expr| Edit::new(SlipKind::Exponent, e, after);
    let mut found = vec![];
    match e.op() {
        Op::Pow => {
            let others = |p: &Rational| {
                let one = Rational::one();
                vec![p + &one, p + &-&one, -p, p * &Rational::from(2), p * &Rational::new(1, 2)]
            };
            let exponents = as_number(&e.args()[1]).map_or_else(Vec::new, others);
            found.extend(exponents.into_iter().map(|p| edit(pow(e.args()[0].clone(), number(p)))));
        }
        Op::Inverse => found.push(edit(e.args()[0].clone())),
        Op::Number(_) | Op::SizeNumber(_) | Op::Ones(_) | Op::Zeros(_) | Op::Eye(_) => {}
        _ => {
            for p in [Rational::from(2), Rational::from(-1), Rational::new(1, 2)] {
                found.push(edit(pow(e.clone(), number(p))));
            }
            if e.shape().is_square() && !e.is_scalar() {
                found.push(edit(inverse(e.clone())));
                found.push(edit(matrix_power(e.clone(), 2)));
            }
        }
    }
    found
}

/// A factor of the right result beside a term: elementwise, from the left, from the right, as a scalar.
fn missing_factors(e: &Expr, material: &Material) -> Vec<Edit> {
    let mut found = vec![];
    let mut put = |factor: &Expr, whole: Expr| found.push(missing(factor, whole));
    for piece in &material.factors {
        if piece.is_scalar() || piece.shape() == e.shape() {
            put(piece, had(vec![e.clone(), piece.clone()]));
        }
        for factor in [piece.clone(), transpose(piece.clone())].iter().take(if piece.is_scalar() { 0 } else { 2 }) {
            let right = rebuilt(&Op::Mul, vec![e.clone(), factor.clone()]);
            let left = rebuilt(&Op::Mul, vec![factor.clone(), e.clone()]);
            left.into_iter().chain(right).for_each(|whole| put(factor, whole));
        }
    }
    found
}

/// f'(z), or what f' is for a built-in f: 1 − tanh² z.
fn is_derivative(e: &Expr) -> bool {
    match e.op() {
        Op::Map(m) => m.order > 0,
        Op::Add => e.args().iter().any(|a| matches!(a.op(), Op::Ones(_))) && holds_function(e),
        Op::Had | Op::Transpose => e.args().iter().any(is_derivative),
        _ => false,
    }
}

fn holds_function(e: &Expr) -> bool {
    matches!(e.op(), Op::Map(_)) || e.args().iter().any(holds_function)
}

/// One variable transposed wherever it occurs; one function's argument changed wherever it occurs.
fn alike(claim: &Expr, material: &Material) -> Vec<Edit> {
    let mut found = vec![];
    let square = material.names.iter().filter(|n| n.shape().is_square() && !n.is_scalar());
    for name in square {
        let turned = transpose(name.clone());
        let whole = claim.rewrite(&mut |e| if e == *name { turned.clone() } else { e });
        found.push(Edit { whole, ..Edit::new(SlipKind::FactorTransposed, name, turned.clone()) });
    }
    for argument in &material.arguments {
        let change = &mut |e: Expr| match e.op() {
            Op::Map(m) if e.args()[0].shape() == argument.shape() => map(m.function.clone(), m.order, argument.clone()),
            _ => e,
        };
        let whole = claim.rewrite(change);
        let before = functions(claim).into_iter().find(|f| f.args()[0] != *argument);
        if let Some(before) = before.filter(|_| whole != *claim) {
            let after = before.rewrite(change);
            found.push(Edit { whole, ..Edit::new(SlipKind::Argument, &before, after) });
        }
    }
    found.extend(missing_terms(claim, material));
    found.retain(|edit| edit.whole != *claim);
    found
}

fn functions(e: &Expr) -> Vec<Expr> {
    let own = matches!(e.op(), Op::Map(_)).then(|| e.clone());
    own.into_iter().chain(e.args().iter().flat_map(functions)).collect()
}
