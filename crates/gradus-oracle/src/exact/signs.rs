//! Signs, which split an expression with kinks into branches. The sign of a product is that of its factors, some terms have
//! one whatever their variables are, and any other number may have either.

use super::array::{Array, hadamard};
use super::evaluate::Exact;
use super::field::{Field, Gap};
use crate::expr::{Builtin, Elementwise, Expr, Function, Map, Op, Rational, as_number};
use crate::program::Input;
use crate::syntax::Attribute;

/// A choice of signs: whatever the numbers are, one of finitely many.
pub struct Signs<F> {
    /// A bit for each number, in the order in which they are asked for.
    pattern: u64,
    numbers: Vec<F>,
}

impl<F: Field> Signs<F> {
    pub fn new(pattern: u64) -> Signs<F> {
        Signs { pattern, numbers: vec![] }
    }

    /// How many numbers were asked for.
    pub fn count(&self) -> usize {
        self.numbers.len()
    }

    /// The sign of a number that is not 0; x and −x are one.
    fn of(&mut self, x: &F) -> F {
        let negative = x.looks_negative();
        let own = if negative { x.negated() } else { x.clone() };
        let known = self.numbers.iter().position(|n| *n == own);
        let at = known.unwrap_or_else(|| {
            self.numbers.push(own);
            self.numbers.len() - 1
        });
        let positive = self.pattern.checked_shr(at as u32).unwrap_or(0) & 1 == 0;
        F::whole(if positive == negative { -1 } else { 1 })
    }
}

impl<'a, F: Field> Exact<'a, F> {
    /// The sign of every entry of an expression as 1, 0 or −1, as far as that is an exact number.
    pub fn signs_of(&mut self, e: &'a Expr, value: &Array<F>) -> Result<Array<F>, Gap> {
        self.signed = true;
        if let Some(sign) = known(e, self.inputs) {
            return value.map(|x| Ok(F::whole(if x.is_zero() { 0 } else { sign })));
        }
        match e.op() {
            Op::Had => {
                let signs = |a: &'a Expr| self.value(a).and_then(|value| self.signs_of(a, &value));
                Ok(hadamard(&e.args().iter().map(signs).collect::<Result<Vec<_>, Gap>>()?))
            }
            Op::Pow if as_number(&e.args()[1]).is_some_and(is_odd) => self.signs_of_argument(e),
            Op::Map(Map { function: Function::Builtin(f), order: 0 }) if has_sign_of_argument(*f) => {
                self.signs_of_argument(e)
            }
            Op::Transpose => Ok(self.signs_of_argument(e)?.transposed()),
            _ => value.map(|x| self.sign(x)),
        }
    }

    fn signs_of_argument(&mut self, e: &'a Expr) -> Result<Array<F>, Gap> {
        let value = self.value(&e.args()[0])?;
        self.signs_of(&e.args()[0], &value)
    }

    /// As the pattern has it, where there is one.
    fn sign(&mut self, x: &F) -> Result<F, Gap> {
        match &mut self.signs {
            _ if x.is_zero() => Ok(F::whole(0)),
            Some(signs) => Ok(signs.of(x)),
            None => x.sign(self.functions),
        }
    }

    /// |x|, entry by entry.
    pub fn absolute(&mut self, e: &'a Expr, value: &Array<F>) -> Result<Array<F>, Gap> {
        Ok(hadamard(&[self.signs_of(e, value)?, value.clone()]))
    }

    /// A function with a kink, or a derivative of one, of an expression; `None` for other functions.
    pub fn piecewise(&mut self, map: &Map, e: &'a Expr, value: &Array<F>) -> Result<Option<Array<F>>, Gap> {
        use Elementwise::{Abs, IsZero, Relu, Sign, Step};
        let Function::Builtin(f @ (Abs | Relu | Sign | Step | IsZero)) = map.function else { return Ok(None) };
        let half = F::of(&Rational::new(1, 2))?;
        let step = |sign: &F| Ok(sign.plus(&F::whole(1)).times(&half));
        Ok(Some(match (f, map.order) {
            (Sign, 0) | (Abs, 1) => self.signs_of(e, value)?,
            (Abs, 0) => self.absolute(e, value)?,
            (Step, 0) | (Relu, 1) => self.signs_of(e, value)?.map(step)?,
            // where an equation holds is what it says: no generic point tells it
            (IsZero, 0) => return Ok(None),
            (Relu, 0) => hadamard(&[self.signs_of(e, value)?.map(step)?, value.clone()]),
            _ => value.map(|_| Ok(F::whole(0)))?,
        }))
    }

    /// A power with a fraction for its exponent: of what is a square it is one of |x|, and of a product of positive factors
    /// the product of theirs. `None` where a root has to be taken.
    pub fn power_of_square(&mut self, base: &'a Expr, exponent: &Rational) -> Result<Option<Array<F>>, Gap> {
        let [inner, square] = base.args() else { return Ok(None) };
        let Some(even) = as_number(square).filter(|_| *base.op() == Op::Pow).filter(|n| is_even(n)) else {
            return Ok(None);
        };
        let power = even * exponent;
        let Some(k) = power.to_i64().filter(|_| power.is_integer()) else { return Ok(None) };
        let value = self.value(inner)?;
        self.absolute(inner, &value)?.map(|x| x.power(k)).map(Some)
    }
}

/// The sign that every entry has which is not 0, whatever the variables are.
fn known(e: &Expr, inputs: &[Input]) -> Option<i64> {
    let of = |a: &Expr| known(a, inputs);
    let positive = |is: bool| is.then_some(1);
    match e.op() {
        Op::Number(n) => Some(if n.is_negative() { -1 } else { 1 }),
        Op::Constant(_) | Op::Ones(_) | Op::Eye(_) => Some(1),
        Op::Variable(v) => declared(inputs.iter().find(|i| i.name == v.name)?),
        Op::Had => e.args().iter().map(of).try_fold(1, |product, sign| Some(product * sign?)),
        Op::Add => {
            let first = of(&e.args()[0])?;
            e.args().iter().all(|a| of(a) == Some(first)).then_some(first)
        }
        Op::Pow => match as_number(&e.args()[1]) {
            Some(n) if is_odd(n) => of(&e.args()[0]),
            // even, or a root, which is not negative
            Some(_) | None => Some(1),
        },
        Op::Map(Map { function: Function::Builtin(f), order: 0 }) if has_sign_of_argument(*f) => of(&e.args()[0]),
        Op::Map(Map { function: Function::Builtin(f), order }) => positive(is_positive(*f, *order)),
        Op::Transpose
        | Op::Slice { .. }
        | Op::Unvec(..)
        | Op::Builtin(Builtin::Sum(_) | Builtin::Mean | Builtin::Vec | Builtin::Diag | Builtin::DiagonalOf) => {
            of(&e.args()[0])
        }
        Op::Builtin(Builtin::NormSquared | Builtin::Norm1 | Builtin::Softmax(_)) => Some(1),
        _ => None,
    }
}

fn declared(input: &Input) -> Option<i64> {
    let has = |a: Attribute| input.attributes.contains(&a);
    let sign = has(Attribute::Negative).then_some(-1);
    sign.or((has(Attribute::Positive) || has(Attribute::Spd) && input.shape.is_scalar()).then_some(1))
}

/// Of functions that rise through 0.
fn has_sign_of_argument(f: Elementwise) -> bool {
    use Elementwise::{Asin, Asinh, Atan, Erf, Expm1, Log1p, Sign, Sinh, Tanh};
    matches!(f, Asin | Asinh | Atan | Erf | Expm1 | Log1p | Sign | Sinh | Tanh)
}

/// Whether a function, or a derivative of it, is nowhere negative.
fn is_positive(f: Elementwise, order: u32) -> bool {
    use Elementwise::{
        Abs, Asinh, Atan, Erf, Exp, Expm1, IsZero, Log, Log1p, Relu, Sigmoid, Sinh, Softplus, Sqrt, Step, Tanh,
    };
    match order {
        0 => f.about().positive || matches!(f, Abs | Relu | Sqrt | Step | IsZero),
        1 => {
            matches!(f, Asinh | Atan | Erf | Exp | Expm1 | Log | Log1p | Relu | Sigmoid | Sinh | Softplus | Sqrt | Tanh)
        }
        _ => f == Exp,
    }
}

fn is_even(n: &Rational) -> bool {
    n.to_i64().filter(|_| n.is_integer()).is_some_and(|n| n % 2 == 0)
}

fn is_odd(n: &Rational) -> bool {
    n.to_i64().filter(|_| n.is_integer()).is_some_and(|n| n % 2 != 0)
}
