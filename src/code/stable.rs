//! Forms that neither overflow nor lose digits: logarithms of sums of exponentials, of softmaxes, sigmoids and determinants.

use super::builder::PlanBuilder;
use super::lower::Lowering;
use super::members::sides;
use super::plan::{Factoring, Id, Operation};
use super::term::ArrayTerm;
use crate::diag::{Error, Kind};
use crate::expr::{Axis, Builtin, Elementwise, Expr, Function, Index, Map, Op, Rational, Size, as_number, is_one};

/// The argument of a function of the table, where an expression is that.
fn argument(e: &Expr, f: Elementwise) -> Option<&Expr> {
    match e.op() {
        Op::Map(Map { function: Function::Builtin(g), order: 0 }) if *g == f => e.args().first(),
        _ => None,
    }
}

/// Whether every entry is 1.
fn is_ones(e: &Expr) -> bool {
    is_one(e) || matches!(e.op(), Op::Ones(_))
}

/// The rational factor of a term, and what it multiplies.
fn multiple(e: &Expr) -> (Rational, &Expr) {
    match (e.op(), e.args()) {
        (Op::Had, [a, b]) => match (as_number(a), as_number(b)) {
            (Some(n), _) => (n.clone(), b),
            (None, Some(n)) => (n.clone(), a),
            (None, None) => (Rational::one(), e),
        },
        _ => (Rational::one(), e),
    }
}

/// What every entry is, where that is a number.
fn constant(e: &Expr) -> Option<Rational> {
    let (coefficient, of) = multiple(e);
    is_ones(of).then_some(coefficient).or_else(|| as_number(e).cloned())
}

/// A function that comes near to a constant.
enum Near {
    Sigmoid,
    Exp,
}

/// Two terms that are better computed together: `coefficient` times σ(−x) or expm1(x).
struct Cancelling {
    function: Near,
    coefficient: Rational,
    x: Expr,
    /// Where the two stand.
    places: [usize; 2],
}

/// The other term of 1 + x.
fn beside_one(e: &Expr) -> Option<&Expr> {
    match (e.op(), e.args()) {
        (Op::Add, [a, b]) if is_ones(a) => Some(b),
        (Op::Add, [a, b]) if is_ones(b) => Some(a),
        _ => None,
    }
}

/// x of −x.
fn negated(e: &Expr) -> Option<&Expr> {
    match (e.op(), e.args()) {
        (Op::Had, [a, b]) if as_number(a).is_some_and(|n| *n == (-1).into()) => Some(b),
        (Op::Had, [a, b]) if as_number(b).is_some_and(|n| *n == (-1).into()) => Some(a),
        _ => None,
    }
}

/// What the logarithm of a value is at every entry, by way of less.
enum LogForm {
    /// log exp x = x.
    Exponent(Expr),
    /// log(1 + x).
    AboveOne(Expr),
    /// log(1 + exp x).
    Softplus(Expr),
    /// log σ(x) = −log(1 + exp(−x)).
    Sigmoid(Expr),
    /// log(1 − σ(x)) = −log(1 + exp x).
    OtherSigmoid(Expr),
}

impl LogForm {
    /// `head` says what a named value is.
    fn of(e: &Expr, head: &dyn Fn(&Expr) -> Expr) -> Option<LogForm> {
        if let Some(x) = argument(e, Elementwise::Sigmoid) {
            return Some(LogForm::Sigmoid(x.clone()));
        }
        if let Some(x) = argument(e, Elementwise::Exp) {
            return Some(LogForm::Exponent(x.clone()));
        }
        let rest = head(beside_one(e)?);
        if let Some(x) = argument(&rest, Elementwise::Exp) {
            return Some(LogForm::Softplus(x.clone()));
        }
        let sigmoid = negated(&rest).map(head);
        let other = sigmoid.as_ref().and_then(|s| argument(s, Elementwise::Sigmoid));
        Some(other.map_or_else(|| LogForm::AboveOne(rest.clone()), |x| LogForm::OtherSigmoid(x.clone())))
    }

    /// The x of the form.
    fn argument(&self) -> &Expr {
        match self {
            LogForm::Exponent(x)
            | LogForm::AboveOne(x)
            | LogForm::Softplus(x)
            | LogForm::Sigmoid(x)
            | LogForm::OtherSigmoid(x) => x,
        }
    }

    /// The form at an x that is written already, with these sides.
    fn written(&self, b: &mut PlanBuilder, x: Id, dims: &[Size]) -> Id {
        let softplus = |x: Id, b: &mut PlanBuilder| b.add(Operation::Map(Elementwise::Softplus, x), dims.to_vec());
        match self {
            LogForm::Exponent(_) => x,
            LogForm::AboveOne(_) => b.log_above_one(x, dims),
            LogForm::Softplus(_) => softplus(x, b),
            LogForm::Sigmoid(_) => {
                let opposite = b.opposite(x, dims);
                let softplus = softplus(opposite, b);
                b.opposite(softplus, dims)
            }
            LogForm::OtherSigmoid(_) => {
                let softplus = softplus(x, b);
                b.opposite(softplus, dims)
            }
        }
    }
}

impl Lowering {
    /// A function of something that is better computed together with it.
    pub fn stable(&mut self, f: Elementwise, of: &Expr) -> Result<Option<ArrayTerm>, Error> {
        if f != Elementwise::Log {
            return Ok(None);
        }
        let inner = self.head(of);
        match inner.op() {
            Op::Builtin(Builtin::Softmax(axis)) => {
                let term = self.term(&inner.args()[0])?;
                return Ok(Some(self.builder.log_softmax(&term, *axis)));
            }
            Op::Builtin(Builtin::Det) if !inner.args()[0].is_scalar() => {
                return self.log_det(&inner.args()[0], of).map(Some);
            }
            Op::Builtin(Builtin::Sum(axis)) => {
                let exponentials = self.head(&inner.args()[0]);
                if let Some(x) = argument(&exponentials, Elementwise::Exp) {
                    let term = self.term(x)?;
                    let total = self.builder.log_sum_exp(&term, *axis).total;
                    return Ok(Some(ArrayTerm::dense(of.shape(), total)));
                }
            }
            _ => {}
        }
        self.log_of_entries(&inner)
    }

    /// The same at every place of a plate.
    pub fn stable_on_plate(&mut self, f: Elementwise, of: &Expr, plate: &[Index]) -> Result<Option<Id>, Error> {
        let form = (f == Elementwise::Log).then(|| LogForm::of(of, &Expr::clone)).flatten();
        let Some(form) = form else { return Ok(None) };
        let dims = sides(plate, of.shape());
        let x = self.on_plate(form.argument(), plate)?;
        Ok(Some(form.written(&mut self.builder, x, &dims)))
    }

    fn log_of_entries(&mut self, inner: &Expr) -> Result<Option<ArrayTerm>, Error> {
        let Some(form) = LogForm::of(inner, &|e| self.head(e)) else { return Ok(None) };
        let term = self.term(form.argument())?;
        Ok(Some(self.builder.entry_by_entry(&term, &mut |b, x| {
            let dims = b.dims(x).to_vec();
            form.written(b, x, &dims)
        })))
    }

    /// exp(x) / Σ exp(x) among the factors of a product, and the other factors.
    pub fn softmax_within<'e>(&mut self, e: &'e Expr) -> Result<(Option<ArrayTerm>, Vec<&'e Expr>), Error> {
        let all: Vec<&Expr> = e.args().iter().collect();
        let heads: Vec<Expr> = all.iter().map(|a| self.head(a)).collect();
        for (i, above) in heads.iter().enumerate() {
            let Some(x) = argument(above, Elementwise::Exp).filter(|x| !x.is_scalar()) else { continue };
            let below = heads.iter().position(|h| self.sums_exponentials_below(h, x));
            if let Some(k) = below {
                let term = self.term(x)?;
                let rest = all.iter().enumerate().filter(|(j, _)| *j != i && *j != k).map(|(_, a)| *a).collect();
                return Ok((Some(self.builder.softmax(&term, Axis::All)), rest));
            }
        }
        Ok((None, all))
    }

    /// Whether this is 1 / Σ exp(x).
    fn sums_exponentials_below(&self, e: &Expr, x: &Expr) -> bool {
        let inverse = *e.op() == Op::Pow && as_number(&e.args()[1]).is_some_and(|p| *p == (-1).into());
        let sum = inverse.then(|| self.head(&e.args()[0])).filter(|s| *s.op() == Op::Builtin(Builtin::Sum(Axis::All)));
        sum.is_some_and(|s| argument(&self.head(&s.args()[0]), Elementwise::Exp) == Some(x))
    }

    /// log det A by its factors: nothing overflows. It has no value where the determinant is negative.
    fn log_det(&mut self, matrix: &Expr, of: &Expr) -> Result<ArrayTerm, Error> {
        let (factor, _) = self.factored(matrix)?;
        let b = &mut self.builder;
        let size = b.add(Operation::LogAbsDet(factor), vec![]);
        if matches!(b.operation(factor), Operation::Factor(Factoring::Cholesky, _)) {
            return Ok(ArrayTerm::dense(of.shape(), size));
        }
        let sign = b.add(Operation::DetSign(factor), vec![]);
        let of_sign = b.map(Elementwise::Log, sign);
        Ok(ArrayTerm::dense(of.shape(), b.sum(vec![(false, size), (false, of_sign)])))
    }

    /// A sum in which a constant stands against the same multiple of σ(x) or exp(x), near to which it may be:
    /// c − c σ(x) = c σ(−x), c exp(x) − c = c expm1(x).
    pub fn stable_sum(&mut self, e: &Expr) -> Result<Option<ArrayTerm>, Error> {
        let Some(found) = self.cancelling(e.args()) else { return Ok(None) };
        let term = self.term(&found.x)?;
        let together = self.builder.entry_by_entry(&term, &mut |b, x| {
            let value = match found.function {
                Near::Sigmoid => {
                    let negative = b.negative(x);
                    b.map(Elementwise::Sigmoid, negative)
                }
                Near::Exp => b.map(Elementwise::Expm1, x),
            };
            let coefficient = b.number(found.coefficient.clone());
            b.scaled(coefficient, value)
        });
        let rest = e.args().iter().enumerate().filter(|(i, _)| !found.places.contains(i));
        let mut terms = rest.map(|(_, term)| self.term(term)).collect::<Result<Vec<_>, Error>>()?;
        if terms.is_empty() {
            return Ok(Some(together));
        }
        terms.push(together);
        Ok(Some(self.builder.add_terms(terms, e.shape())))
    }

    fn cancelling(&self, terms: &[Expr]) -> Option<Cancelling> {
        let heads: Vec<Expr> = terms.iter().map(|t| self.head(t)).collect();
        for (i, term) in heads.iter().enumerate() {
            let (multiple, of) = multiple(term);
            let of = self.head(of);
            let (function, x, sign) = match (argument(&of, Elementwise::Sigmoid), argument(&of, Elementwise::Exp)) {
                (Some(x), _) => (Near::Sigmoid, x, -1),
                (None, Some(x)) => (Near::Exp, x, 1),
                (None, None) => continue,
            };
            let against = heads.iter().position(|h| constant(h).is_some_and(|c| c == -&multiple));
            if let Some(k) = against {
                let coefficient = &multiple * &Rational::from(sign);
                return Some(Cancelling { function, coefficient, x: x.clone(), places: [i, k] });
            }
        }
        None
    }

    /// Derivatives of the functions of the table that results hold as such.
    pub fn slope(&mut self, f: Elementwise, order: u32, _of: &Expr) -> Result<ArrayTerm, Error> {
        let message = format!("the derivative of order {order} of {} has no code", f.ascii());
        Err(Error::new(Kind::Unsupported, message))
    }
}

impl PlanBuilder {
    pub fn negative(&mut self, id: Id) -> Id {
        let minus = self.number(-1);
        self.scaled(minus, id)
    }
}
