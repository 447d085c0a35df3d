//! What `g'` means for a defined g: the slope of its body, by the sum, product, power and chain rule. Functions in the
//! body only get a prime more (log' stays log'): what they are is known to the rule book, and by itself to the oracle.

use super::infer::{Elaborator, variable};
use super::term::Term;
use crate::diag::{Error, Kind, Span};
use crate::expr::{Elementwise, Map, Op, Purpose, Rational, Shape, Symbol, operator_name};

impl Elaborator<'_> {
    /// The symbol a defined function is differentiated by.
    pub(super) fn parameter(shape: &Shape, span: Span) -> (Symbol, Term) {
        let name = Symbol::made(Purpose::Parameter, vec![], 0);
        let term = variable(&name, shape.clone(), span);
        (name, term)
    }

    /// The slope of a term in a parameter it depends on entry by entry, of the parameter's shape or a scalar; `None` where
    /// it does not depend on it. It has at most `limit` nodes.
    pub(super) fn slope(&mut self, term: &Term, by: &Symbol, limit: usize) -> Result<Option<Term>, Error> {
        let span = term.span();
        match term.op() {
            Op::Variable(v) if v.name == *by => {
                let one = self.number(Rational::one(), span);
                Ok(Some(self.broadcast_to(one, term.shape())))
            }
            Op::Add => {
                let slopes = self.slopes(term, by, limit)?;
                let moving: Vec<Term> = slopes.into_iter().flatten().collect();
                Ok((!moving.is_empty()).then(|| Self::add(moving, span)))
            }
            Op::Had => self.slope_of_product(term, by, limit),
            Op::Pow => self.slope_of_power(term, by, limit),
            Op::Map(map) => {
                let (argument, order) = (&term.args()[0], map.order + 1);
                let Some(inner) = self.slope(argument, by, limit)? else { return Ok(None) };
                let op = Op::Map(Map { function: map.function.clone(), order });
                let outer = Self::same_shape(op, argument.clone(), span);
                Ok(Some(self.had(vec![outer, inner], span)))
            }
            Op::Variable(_) | Op::Number(_) | Op::SizeNumber(_) | Op::Constant(_) | Op::Ones(_) | Op::Zeros(_) => {
                Ok(None)
            }
            op @ (Op::Eye(_)
            | Op::Unit(..)
            | Op::Tril(_)
            | Op::Duplication(_)
            | Op::Commutation(..)
            | Op::Mul
            | Op::Kron
            | Op::Transpose
            | Op::Inverse
            | Op::MatrixPower(_)
            | Op::Builtin(_)
            | Op::Field(_)
            | Op::Unvec(..)
            | Op::Block { .. }
            | Op::Slice { .. }
            | Op::Differential
            | Op::Inner) => self.constant_slope(term, op, by),
        }
    }

    fn slopes(&mut self, term: &Term, by: &Symbol, limit: usize) -> Result<Vec<Option<Term>>, Error> {
        term.args().iter().map(|a| self.slope(a, by, limit)).collect()
    }

    /// One factor moves at a time.
    fn slope_of_product(&mut self, term: &Term, by: &Symbol, limit: usize) -> Result<Option<Term>, Error> {
        let (span, factors) = (term.span(), term.args());
        let slopes = self.slopes(term, by, limit)?;
        let moving = slopes.iter().flatten().count();
        if moving.saturating_mul(term.nodes()) > limit {
            return Err(Error::new(Kind::Limit, format!("a derivative of more than {limit} nodes")).at(span, "of this"));
        }
        let mut terms = Vec::new();
        for (i, slope) in slopes.into_iter().enumerate() {
            let Some(slope) = slope else { continue };
            let mut product = factors.to_vec();
            product[i] = slope;
            terms.push(self.had(product, span));
        }
        Ok((!terms.is_empty()).then(|| Self::add(terms, span)))
    }

    /// d(aᵖ) = p aᵖ⁻¹ da + aᵖ log(a) dp.
    fn slope_of_power(&mut self, term: &Term, by: &Symbol, limit: usize) -> Result<Option<Term>, Error> {
        let span = term.span();
        let [base, exponent] = term.args() else { return Ok(None) };
        let mut terms = Vec::new();
        if let Some(slope) = self.slope(base, by, limit)? {
            let minus_one = self.number(Rational::from(-1), span);
            let less = match exponent.constant() {
                Some(p) => self.number(&p + &Rational::from(-1), span),
                None => Self::add(vec![exponent.clone(), minus_one], span),
            };
            let power = self.pow(base.clone(), less, span)?;
            terms.push(self.had(vec![exponent.clone(), power, slope], span));
        }
        if let Some(slope) = self.slope(exponent, by, limit)? {
            let log = self.map(Elementwise::Log, 0, base.clone(), span)?;
            terms.push(self.had(vec![term.clone(), log, slope], span));
        }
        Ok((!terms.is_empty()).then(|| Self::add(terms, span)))
    }

    /// What is no function of a scalar is not differentiated here; without the parameter it need not be.
    fn constant_slope(&mut self, term: &Term, op: &Op, by: &Symbol) -> Result<Option<Term>, Error> {
        if !term.mentions(by) {
            return Ok(None);
        }
        let message = format!("the derivative of {} inside a defined function has no rule", operator_name(op));
        Err(Error::new(Kind::Unsupported, message).at(term.span(), "here"))
    }
}
