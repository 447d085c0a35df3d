//! Functions of two and three arguments, written out over those of one: the larger, the smaller, scalar products.

use super::calls::Call;
use super::infer::Elaborator;
use super::term::Term;
use crate::diag::{Error, Note, Span};
use crate::expr::{Builtin, Elementwise, Op, Shape};

impl<'a> Elaborator<'a> {
    /// max(a, b) = b + relu(a − b), entry by entry.
    pub(super) fn maximum(&mut self, call: Call<'a>) -> Result<Term, Error> {
        let (a, b) = self.two(call)?;
        self.larger(a, b, call.span)
    }

    /// min(a, b) = b − relu(b − a).
    pub(super) fn minimum(&mut self, call: Call<'a>) -> Result<Term, Error> {
        let (a, b) = self.two(call)?;
        self.smaller(a, b, call.span)
    }

    /// clip(x, a, b) = min(max(x, a), b).
    pub(super) fn clip(&mut self, call: Call<'a>) -> Result<Term, Error> {
        self.count(call, &[3], "3 arguments")?;
        let mut args = self.arguments(call)?;
        let (high, low, x) = match (args.pop(), args.pop(), args.pop()) {
            (Some(high), Some(low), Some(x)) => (high, low, x),
            _ => return Err(self.arity(call, "3 arguments")),
        };
        let raised = self.larger(low, x, call.span)?;
        self.smaller(high, raised, call.span)
    }

    fn larger(&mut self, a: Term, b: Term, span: Span) -> Result<Term, Error> {
        // a number is the better bound: max(0, z) is relu(z)
        let (a, b) = if a.constant().is_some() { (b, a) } else { (a, b) };
        if b.constant().is_some_and(|n| n.is_zero()) {
            return self.map(Elementwise::Relu, 0, a, span);
        }
        self.remark(Note::convention("where a = b, max(a, b) and min(a, b) have the derivative of one of the two"));
        let excess = self.difference(a, b.clone(), span)?;
        let shape = excess.shape().clone();
        let relu = self.map(Elementwise::Relu, 0, excess, span)?;
        let bound = self.fitting(b, &shape);
        Ok(Self::add(vec![bound, relu], span))
    }

    /// min(a, b) = −max(−a, −b).
    fn smaller(&mut self, a: Term, b: Term, span: Span) -> Result<Term, Error> {
        let (a, b) = (self.neg(a, span), self.neg(b, span));
        let larger = self.larger(a, b, span)?;
        if *larger.op() != Op::Add {
            return Ok(self.neg(larger, span));
        }
        let terms = larger.args().iter().map(|t| self.neg(t.clone(), span)).collect();
        Ok(Self::add(terms, span))
    }

    /// A scalar beside arrays of a shape is an array of equal entries.
    fn fitting(&mut self, t: Term, shape: &Shape) -> Term {
        if self.is_scalar(&t) { self.broadcast_to(t, shape) } else { t }
    }

    /// The scalar product: aᵀb of columns, tr(AᵀB) of matrices.
    pub(super) fn dot(&mut self, call: Call<'a>) -> Result<Term, Error> {
        let (a, b) = self.two(call)?;
        let span = call.span;
        self.same_shapes(&a, &b, "take the scalar product of", span)?;
        if self.is_scalar(&a) {
            return Ok(self.had(vec![a, b], span));
        }
        let is_row = self.is_row(&a);
        let is_vector = self.is_vector(&a);
        if is_row {
            let b = self.transpose(b, span);
            return self.product_of(a, b, span);
        }
        let a = self.transpose(a, span);
        let product = self.product_of(a, b, span)?;
        if is_vector { Ok(product) } else { self.of_square(Builtin::Trace, product, "the trace", span) }
    }

    /// a − b, where a scalar is broadcast.
    fn difference(&mut self, a: Term, b: Term, span: Span) -> Result<Term, Error> {
        let at = b.span();
        let b = self.neg(b, at);
        let (a, b) = match (self.is_scalar(&a), self.is_scalar(&b)) {
            (true, false) => (self.broadcast_to(a, b.shape()), b),
            (false, true) => {
                let shape = a.shape().clone();
                (a, self.broadcast_to(b, &shape))
            }
            (true, true) | (false, false) => (a, b),
        };
        self.same_shapes(&a, &b, "subtract", span)?;
        Ok(Self::add(vec![a, b], span))
    }
}
