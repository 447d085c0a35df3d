//! Functions of two and more arguments, written out over those of one: losses, scalar products, `max(x, 0)`.

use super::calls::Call;
use super::infer::Elaborator;
use super::term::Term;
use crate::diag::{Error, Kind, Note, Span};
use crate::expr::{Axis, Builtin, Elementwise, Op, Rational, Shape};

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

    /// leaky_relu(z, a) = relu(z) − a relu(−z).
    pub(super) fn leaky_relu(&mut self, call: Call<'a>) -> Result<Term, Error> {
        let (z, slope) = self.two(call)?;
        if !self.is_scalar(&slope) {
            let error = Error::new(Kind::Shape, "the slope of `leaky_relu`, its second argument, is a scalar");
            return Err(self.labelled(error, &[&slope]));
        }
        let span = call.span;
        let positive = self.map(Elementwise::Relu, 0, z.clone(), span)?;
        let minus = self.neg(z, span);
        let negative = self.map(Elementwise::Relu, 0, minus, span)?;
        let scaled = self.had(vec![slope, negative], span);
        let scaled = self.neg(scaled, span);
        Ok(Self::add(vec![positive, scaled], span))
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

    /// cross_entropy(y, p) = −Σ yᵢ log pᵢ.
    pub(super) fn cross_entropy(&mut self, call: Call<'a>) -> Result<Term, Error> {
        let (y, p) = self.two(call)?;
        let span = call.span;
        self.same_shapes(&y, &p, "take the cross entropy of", span)?;
        let log = self.map(Elementwise::Log, 0, p, span)?;
        let product = self.had(vec![y, log], span);
        let sum = self.apply(Builtin::Sum(Axis::All), product, span)?;
        Ok(self.neg(sum, span))
    }

    /// mse(a, b) is the mean of the squares of a − b.
    pub(super) fn mean_squared_error(&mut self, call: Call<'a>) -> Result<Term, Error> {
        let (a, b) = self.two(call)?;
        let difference = self.difference(a, b, call.span)?;
        let squares = self.constant_power(difference, Rational::from(2), call.span)?;
        self.apply(Builtin::Mean, squares, call.span)
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

    /// hinge(t) = Σ max(1 − tᵢ, 0), and hinge(y, z) is that of y ∘ z.
    pub(super) fn hinge(&mut self, call: Call<'a>) -> Result<Term, Error> {
        let span = call.span;
        self.count(call, &[1, 2], "one or 2 arguments")?;
        let mut args = self.arguments(call)?;
        let margin = match (args.pop(), args.pop()) {
            (Some(z), Some(y)) => {
                self.same_shapes(&y, &z, "take the hinge loss of", span)?;
                self.remark(Note::convention("hinge(y, z) is the sum Σ max(1 - yᵢ zᵢ, 0)"));
                self.had(vec![y, z], span)
            }
            (Some(t), None) => {
                self.remark(Note::convention("hinge(t) is the sum Σ max(1 - tᵢ, 0)"));
                t
            }
            (None, _) => return Err(self.arity(call, "one or 2 arguments")),
        };
        let one = self.number(Rational::one(), span);
        let slack = self.difference(one, margin, span)?;
        let loss = self.map(Elementwise::Relu, 0, slack, span)?;
        self.apply(Builtin::Sum(Axis::All), loss, span)
    }

    /// huber(r, δ) = Σ of rᵢ²/2 where |rᵢ| ≤ δ and δ (|rᵢ| − δ/2) elsewhere, which is ½ Σ (rᵢ² − relu(|rᵢ| − δ)²).
    pub(super) fn huber(&mut self, call: Call<'a>) -> Result<Term, Error> {
        let span = call.span;
        let (r, threshold) = self.huber_arguments(call)?;
        self.remark(Note::convention(
            "huber(r, δ) is the sum of rᵢ²/2 where |rᵢ| ≤ δ and of δ (|rᵢ| - δ/2) elsewhere; δ is 1 by default",
        ));
        let squares = self.constant_power(r.clone(), Rational::from(2), span)?;
        let abs = self.map(Elementwise::Abs, 0, r, span)?;
        let excess = self.difference(abs, threshold, span)?;
        let excess = self.map(Elementwise::Relu, 0, excess, span)?;
        let excess = self.constant_power(excess, Rational::from(2), span)?;
        let difference = self.difference(squares, excess, span)?;
        let sum = self.apply(Builtin::Sum(Axis::All), difference, span)?;
        let half = self.number(Rational::new(1, 2), span);
        Ok(self.had(vec![half, sum], span))
    }

    /// huber(r), huber(r, δ), huber(a, b) and huber(a, b, δ), where r = a − b: a residual and a threshold.
    fn huber_arguments(&mut self, call: Call<'a>) -> Result<(Term, Term), Error> {
        self.count(call, &[1, 2, 3], "1 to 3 arguments")?;
        let mut args = self.arguments(call)?;
        let one = self.number(Rational::one(), call.span);
        let last_is_threshold = args.len() > 1 && args.last().is_some_and(|t| self.is_scalar(t));
        let threshold = if last_is_threshold { args.pop().unwrap_or(one) } else { one };
        if args.len() > 2 {
            let error = Error::new(Kind::Shape, "the threshold of `huber`, its third argument, is a scalar");
            return Err(self.labelled(error, &[&args[2]]));
        }
        let first = args.remove(0);
        let residual = match args.pop() {
            Some(second) => self.difference(first, second, call.span)?,
            None => first,
        };
        Ok((residual, threshold))
    }
}
