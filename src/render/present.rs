//! From the core to the form a careful author would write.

use super::leaves::Standing;
use super::style::Style;
use super::{leaves, tree};
use crate::diag::Span;
use crate::engine::is_awkward_below;
use crate::expr::{
    ArrayFunction, Builtin, Elementwise, Expr, Function, Map, Name, Op, Range, Rational, crossed_column,
};
use crate::fuel;
use crate::syntax::{Ast, BinaryOp, NormKind, Syntax};

/// The syntax tree of an expression in the style of its document. `Ast::size` of it is the size of the result, and
/// reading it back gives the expression again.
pub fn present(e: &Expr, style: &Style) -> Ast {
    Presenter { style, samples: style.samples.clone() }.whole(e)
}

pub(super) struct Presenter<'a> {
    pub style: &'a Style,
    /// The indices of the samples under an expectation: they are not written.
    pub samples: Vec<Name>,
}

impl Presenter<'_> {
    pub fn whole(&self, e: &Expr) -> Ast {
        self.at(e, Standing::Open)
    }

    pub fn at(&self, e: &Expr, place: Standing) -> Ast {
        let (negative, ast) = self.signed(e, place);
        if negative { tree::negate(ast) } else { ast }
    }

    /// Whether the expression has a minus in front, and what follows it.
    pub fn signed(&self, e: &Expr, place: Standing) -> (bool, Ast) {
        fuel::burn(1);
        if fuel::is_spent() {
            return (false, tree::magnitude(&Rational::zero(), self.style.decimals));
        }
        match e.op() {
            Op::Number(n) => (n.is_negative(), tree::magnitude(n, self.style.decimals)),
            Op::Had => self.scaled(self.style.order(e), e, place),
            _ => (false, self.unsigned(e, place)),
        }
    }

    fn unsigned(&self, e: &Expr, place: Standing) -> Ast {
        let args = e.args();
        match e.op() {
            Op::Number(_) | Op::Had => self.at(e, place),
            Op::Eye(n) => leaves::identity(n, place, self.style),
            Op::Variable(v) => self.variable(&v.name),
            Op::SizeNumber(_)
            | Op::Constant(_)
            | Op::Ones(_)
            | Op::Zeros(_)
            | Op::Unit(..)
            | Op::Tril(_)
            | Op::Duplication(_)
            | Op::Commutation(..) => leaves::leaf(e.op(), self.style),
            Op::Add => self.sum(e, place),
            Op::Mul => self.product(args),
            Op::Kron => tree::kron(self.whole(&args[0]), self.whole(&args[1])),
            Op::Transpose => tree::ast(Syntax::Transpose(Box::new(self.at(&args[0], place)))),
            Op::Inverse => tree::ast(Syntax::Inverse(Box::new(self.at(&args[0], place)))),
            Op::MatrixPower(k) => tree::power(self.at(&args[0], place), leaves::whole_exponent(*k)),
            Op::Pow => self.pow(e),
            Op::Map(map) => self.map(map, &args[0]),
            Op::Field(field) => self.field(field, args),
            Op::Builtin(b) => self.builtin(*b, &args[0]),
            Op::Unvec(n, m) => tree::call("unvec", vec![self.whole(&args[0]), tree::size(n), tree::size(m)]),
            Op::Block { cols, .. } => self.block(*cols, args),
            Op::Slice { rows, cols } => self.slice(&args[0], rows, cols),
            Op::Differential => tree::call("d", vec![self.whole(&args[0])]),
            Op::Inner => tree::call("ip", vec![self.whole(&args[0]), self.whole(&args[1])]),
        }
    }

    /// A chain of matrix factors, skew(a) b as a × b.
    pub fn product(&self, args: &[Expr]) -> Ast {
        let (mut factors, mut rest) = (vec![], args);
        while let Some((first, others)) = rest.split_first() {
            let (factor, after) = match crossed_column(rest) {
                Some(end) => {
                    let (a, b) = (self.whole(&first.args()[0]), self.product(&others[..=end]));
                    let a = Ast { grouped: matches!(a.kind, Syntax::Binary(BinaryOp::Cross, ..)), ..a };
                    let grouped = end + 2 < args.len();
                    (Ast { grouped, ..tree::binary(BinaryOp::Cross, a, b) }, &others[end + 1..])
                }
                None => (self.whole(first), others),
            };
            factors.push(factor);
            rest = after;
        }
        tree::chain(BinaryOp::Mul, factors).unwrap_or_else(|| tree::number("1"))
    }

    fn map(&self, map: &Map, arg: &Expr) -> Ast {
        if map.function == Function::Builtin(Elementwise::IsZero) && map.order == 0 && arg.is_scalar() {
            return self.equation(arg);
        }
        let function = match &map.function {
            Function::Builtin(f) => f.ascii().into(),
            Function::Abstract(name) => name.clone(),
        };
        tree::primed_call(function, map.order, vec![self.whole(arg)])
    }

    fn field(&self, field: &ArrayFunction, args: &[Expr]) -> Ast {
        let (function, args) = (field.name.clone(), args.iter().map(|a| self.whole(a)).collect());
        match field.slope {
            None => tree::primed_call(function, 0, args),
            Some(slope) => tree::ast(Syntax::Slope { slope, function, function_span: Span::default(), args }),
        }
    }

    fn builtin(&self, builtin: Builtin, arg: &Expr) -> Ast {
        let a = self.whole(arg);
        match builtin {
            Builtin::NormSquared => tree::power(self.norm(arg), tree::number("2")),
            Builtin::Norm1 => tree::ast(Syntax::Norm(NormKind::One, Box::new(a))),
            called => {
                let axis = called.axis().word().map(tree::name);
                tree::call(called.ascii(), std::iter::once(a).chain(axis).collect())
            }
        }
    }

    /// ‖x‖, or ‖X‖_F of a matrix.
    fn norm(&self, arg: &Expr) -> Ast {
        let flat = arg.shape().rows.is_one() || arg.shape().cols.is_one();
        let kind = if flat { NormKind::Two } else { NormKind::Frobenius };
        tree::ast(Syntax::Norm(kind, Box::new(self.whole(arg))))
    }

    fn pow(&self, e: &Expr) -> Ast {
        match e.args()[1].op() {
            Op::Number(p) if is_awkward_below(p) => {
                let exponent = tree::ast(Syntax::Neg(Box::new(tree::magnitude(&-p, self.style.decimals))));
                elevated(self.whole(&e.args()[0]), exponent, e.is_scalar())
            }
            // a negative power is a quotient
            Op::Number(p) if p.is_negative() => self.scaled(None, e, Standing::Open).1,
            Op::Number(p) => self.raised(&e.args()[0], p),
            _ => elevated(self.whole(&e.args()[0]), self.whole(&e.args()[1]), e.is_scalar()),
        }
    }

    /// A positive power with a number for exponent: squares of norms, roots, powers.
    pub fn raised(&self, base: &Expr, p: &Rational) -> Ast {
        if *base.op() == Op::Builtin(Builtin::NormSquared) {
            let norm = self.norm(&base.args()[0]);
            return self.root(norm, &(p * &Rational::from(2)), true);
        }
        self.root(self.whole(base), p, base.is_scalar())
    }

    /// The base itself, its square root, or its power.
    fn root(&self, base: Ast, p: &Rational, scalar: bool) -> Ast {
        if p.is_one() {
            return base;
        }
        if *p == Rational::new(1, 2) {
            return tree::call("sqrt", vec![base]);
        }
        elevated(base, tree::magnitude(p, self.style.decimals), scalar)
    }

    fn block(&self, cols: usize, args: &[Expr]) -> Ast {
        let row = |r: &[Expr]| r.iter().map(|a| self.whole(a)).collect();
        tree::ast(Syntax::Matrix(args.chunks(cols.max(1)).map(row).collect()))
    }

    fn slice(&self, base: &Expr, rows: &Range, cols: &Range) -> Ast {
        let range = |r: &Range| (Box::new(tree::size(&r.first)), Box::new(tree::size(&r.last)));
        let cols = (!base.shape().cols.is_one()).then(|| range(cols));
        tree::ast(Syntax::Slice { base: Box::new(self.whole(base)), rows: range(rows), cols })
    }
}

/// A power of a scalar, or of every entry.
fn elevated(base: Ast, exponent: Ast, scalar: bool) -> Ast {
    let (base, exponent) = (Box::new(base), Box::new(exponent));
    tree::ast(if scalar { Syntax::Power(base, exponent) } else { Syntax::ElementPower(base, exponent) })
}
