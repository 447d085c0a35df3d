//! Sums, products, powers, inverses and norms.

use super::infer::{Elaborator, variable};
use super::term::Term;
use super::unify::Clash;
use crate::diag::{Error, Kind, Note, Span};
use crate::expr::{Axis, Builtin, Elementwise, Op, Rational, Shape, Size, Symbol};
use crate::syntax::{Ast, BinaryOp, NormKind, Sign, Syntax};

/// The largest power of a matrix that is worth writing out as products in a derivative.
const MATRIX_POWER_LIMIT: i64 = 1000;

/// A product being read from left to right: factors of an elementwise product, one of which may be an open chain of
/// matrix products.
#[derive(Default)]
struct OpenProduct {
    factors: Vec<Term>,
    /// The position among the factors and the matrices of the open chain.
    chain: Option<(usize, Vec<Term>)>,
    span: Span,
}

impl<'a> Elaborator<'a> {
    // ---- sums

    pub(super) fn sum(&mut self, terms: &'a [(Sign, Ast)], span: Span) -> Result<Term, Error> {
        let mut parts: Vec<Option<Term>> = Vec::new();
        for (_, ast) in terms {
            parts.push(if self.is_rest(ast) { None } else { Some(self.operand(ast)?) });
        }
        if self.axes {
            self.rows_of_axes(&mut parts)?;
        }
        let shape = self.common_shape(parts.iter().flatten(), "add", span)?;
        let scalar = shape == Shape::scalar();
        let mut signed = Vec::new();
        for ((sign, ast), part) in terms.iter().zip(parts) {
            let part = part.unwrap_or_else(|| variable(&Symbol::Rest, shape.clone(), self.place(ast)));
            let part = if *sign == Sign::Minus { self.neg(part, self.place(ast)) } else { part };
            let lone = !scalar && self.is_scalar(&part);
            signed.push(if lone { self.broadcast(part, &shape) } else { part });
        }
        Ok(Self::add(signed, span))
    }

    /// In NumPy's texts an array with one axis is added to every row of a matrix: ones(n) bᵀ.
    fn rows_of_axes(&mut self, parts: &mut [Option<Term>]) -> Result<(), Error> {
        let shapes: Vec<Shape> = parts.iter().flatten().map(|t| self.sizes.resolve_shape(t.shape())).collect();
        let Some(matrix) = shapes.iter().find(|s| !s.rows.is_one() && !s.cols.is_one()).cloned() else { return Ok(()) };
        for part in parts.iter_mut().flatten() {
            let shape = self.sizes.resolve_shape(part.shape());
            if shape.rows.is_one() || !shape.cols.is_one() {
                continue;
            }
            let (span, column) = (part.span(), Shape::new(matrix.rows.clone(), Size::one()));
            let text = self.factor_text(part);
            let row = self.transpose(part.clone(), span);
            let ones = Term::leaf(Op::Ones(column.clone()), column, span);
            *part = self.product_of(ones, row, span)?;
            self.notes.push(Note::warning(format!("{text} is added to every row, as NumPy adds arrays")));
        }
        Ok(())
    }

    /// The one shape of those terms that are not scalars.
    fn common_shape<'t>(
        &mut self,
        terms: impl Iterator<Item = &'t Term>,
        verb: &str,
        span: Span,
    ) -> Result<Shape, Error> {
        let mut first: Option<&Term> = None;
        for term in terms {
            if self.is_scalar(term) {
                continue;
            }
            match first {
                None => first = Some(term),
                Some(array) => {
                    let unified = self.sizes.unify_shapes(array.shape(), term.shape(), span);
                    unified.map_err(|Clash| self.entrywise_clash(array, term, verb))?;
                }
            }
        }
        Ok(first.map_or_else(Shape::scalar, |t| t.shape().clone()))
    }

    // ---- products

    /// A chain of binary operators that associate to the left, read without recursion along the chain.
    pub(super) fn product(&mut self, ast: &'a Ast) -> Result<Term, Error> {
        let (first, rest) = ast.chain();
        let mut product = OpenProduct { span: self.place(first), ..OpenProduct::default() };
        self.along = (rest[0].0 == BinaryOp::Mul && is_call(first)).then_some(Axis::Rows);
        let start = self.factor(first, rest[0].0)?;
        product.factors.push(start);
        for (i, (op, ast)) in rest.iter().enumerate() {
            let followed = rest.get(i + 1).is_some_and(|(next, _)| *next == BinaryOp::Mul);
            let place = if followed { Axis::Rows } else { Axis::Cols };
            self.along = (*op == BinaryOp::Mul && is_call(ast)).then_some(place);
            self.multiply(&mut product, *op, ast)?;
        }
        self.close(product, self.place(ast))
    }

    /// The product of two terms: matrix product, or scaling.
    pub(super) fn product_of(&mut self, left: Term, right: Term, span: Span) -> Result<Term, Error> {
        let mut product = OpenProduct { factors: vec![left], chain: None, span };
        if self.elementwise {
            self.times_entrywise(&mut product, right)?;
        } else {
            self.times(&mut product, right)?;
        }
        self.close(product, span)
    }

    fn factor(&mut self, ast: &'a Ast, op: BinaryOp) -> Result<Term, Error> {
        match op {
            _ if self.is_rest(ast) => Ok(variable(&Symbol::Rest, Shape::scalar(), self.place(ast))),
            BinaryOp::Had | BinaryOp::HadDiv => self.operand(ast),
            BinaryOp::Mul
            | BinaryOp::At
            | BinaryOp::Dot
            | BinaryOp::Star
            | BinaryOp::Cross
            | BinaryOp::Div
            | BinaryOp::Kron => self.expression(ast),
        }
    }

    fn multiply(&mut self, product: &mut OpenProduct, op: BinaryOp, ast: &'a Ast) -> Result<(), Error> {
        let factor = self.factor(ast, op)?;
        let span = product.span.to(self.place(ast));
        match op {
            BinaryOp::Mul if !self.elementwise => self.times(product, factor)?,
            BinaryOp::At | BinaryOp::Dot | BinaryOp::Star | BinaryOp::Cross if !self.elementwise => {
                self.signed_times(product, op, factor)?
            }
            BinaryOp::Mul | BinaryOp::At | BinaryOp::Dot | BinaryOp::Star | BinaryOp::Cross | BinaryOp::Had => {
                self.times_entrywise(product, factor)?
            }
            BinaryOp::Div if !self.elementwise => {
                if !self.is_scalar(&factor) {
                    let left = self.taken(product)?;
                    return Err(self.divided_by_array(&left, &factor));
                }
                self.over(product, factor, self.place(ast))?;
            }
            BinaryOp::Div | BinaryOp::HadDiv => self.over(product, factor, self.place(ast))?,
            BinaryOp::Kron => self.kron(product, factor)?,
        }
        product.span = span;
        Ok(())
    }

    /// Matrix product, or scaling where one side is a scalar.
    fn times(&mut self, product: &mut OpenProduct, factor: Term) -> Result<(), Error> {
        if self.is_scalar(&factor) {
            product.factors.push(factor);
            return Ok(());
        }
        self.open_chain(product)?;
        let Some((at, mut chain)) = product.chain.take() else {
            product.chain = Some((product.factors.len(), vec![factor]));
            return Ok(());
        };
        let last = &chain[chain.len() - 1];
        let span = product.span.to(factor.span());
        if self.sizes.unify(&last.shape().cols, &factor.shape().rows, span).is_err() {
            let left = chain_term(chain, product.span);
            return Err(self.product_clash(&left, &factor));
        }
        let is_scalar = self.sizes.is_one(&chain[0].shape().rows) && self.sizes.is_one(&factor.shape().cols);
        chain.push(factor);
        if is_scalar {
            let scalar = self.chain(chain, span);
            product.factors.insert(at, scalar);
        } else {
            product.chain = Some((at, chain));
        }
        Ok(())
    }

    /// A product with its sign: where no matrix product fits, `·` is the inner product of columns and `*` the product
    /// entry by entry.
    fn signed_times(&mut self, product: &mut OpenProduct, op: BinaryOp, factor: Term) -> Result<(), Error> {
        if self.is_scalar(&factor) {
            return self.times(product, factor);
        }
        self.open_chain(product)?;
        let Some(left) = product.chain.as_ref().map(|(_, chain)| chain_term(chain.clone(), product.span)) else {
            return self.times(product, factor);
        };
        let span = product.span.to(factor.span());
        let columns = self.is_vector(&left) && self.is_vector(&factor);
        let rows = self.is_row(&left) && self.is_row(&factor);
        match op {
            // an array of one axis before one of two: the product has one axis, and is a column here
            BinaryOp::At if self.is_vector(&left) && !columns && !self.is_row(&factor) => {
                product.chain = product.chain.take().map(|(at, _)| (at, vec![self.transpose(factor, span)]));
                self.times(product, left)
            }
            BinaryOp::At | BinaryOp::Dot if columns => {
                self.same_shapes(&left, &factor, "take the inner product of", span)?;
                product.chain = product.chain.take().map(|(at, _)| (at, vec![self.transpose(left, span)]));
                self.times(product, factor)
            }
            BinaryOp::Star if columns || rows => {
                self.same_shapes(&left, &factor, "multiply entry by entry", span)?;
                self.remark(Note::warning("* between two vectors is read as the product entry by entry, ∘"));
                self.times_entrywise(product, factor)
            }
            BinaryOp::Cross if columns => {
                let left = self.skew(left, span)?;
                self.three_entries(&factor, span)?;
                product.chain = product.chain.take().map(|(at, _)| (at, vec![left]));
                self.times(product, factor)
            }
            _ => self.times(product, factor),
        }
    }

    /// The matrix by which a × multiplies.
    pub(super) fn skew(&mut self, a: Term, span: Span) -> Result<Term, Error> {
        self.three_entries(&a, span)?;
        let three = Size::constant(3);
        Ok(Term::new(Op::Builtin(Builtin::Skew), vec![a], Shape::new(three.clone(), three), span))
    }

    fn three_entries(&mut self, side: &Term, span: Span) -> Result<(), Error> {
        let three = Shape::vector(Size::constant(3));
        self.sizes.unify_shapes(side.shape(), &three, span).map_err(|_| {
            let error = Error::new(Kind::Shape, "the cross product × is of two columns of three entries");
            self.labelled(error, &[side]).help("an outer product is `a b^T`, a matrix product has no sign")
        })
    }

    /// Arrays among the factors become the start of a chain.
    fn open_chain(&mut self, product: &mut OpenProduct) -> Result<(), Error> {
        if product.chain.is_some() {
            return Ok(());
        }
        let mut arrays = Vec::new();
        let mut scalars = Vec::new();
        let mut at = None;
        for factor in std::mem::take(&mut product.factors) {
            if self.is_scalar(&factor) {
                scalars.push(factor);
            } else {
                at.get_or_insert(scalars.len());
                arrays.push(factor);
            }
        }
        product.factors = scalars;
        if let Some(at) = at {
            let start = self.had(arrays, product.span);
            product.chain = Some((at, vec![start]));
        }
        Ok(())
    }

    fn times_entrywise(&mut self, product: &mut OpenProduct, factor: Term) -> Result<(), Error> {
        self.close_chain(product);
        if !self.is_scalar(&factor) {
            let mut left = product.factors.iter();
            let first = left.find(|f| !self.is_scalar(f)).into_iter().chain([&factor]);
            self.common_shape(first, "multiply entry by entry", product.span)?;
        }
        product.factors.push(factor);
        Ok(())
    }

    /// Division by a scalar, or entry by entry: a power with exponent −1 among the factors.
    fn over(&mut self, product: &mut OpenProduct, divisor: Term, span: Span) -> Result<(), Error> {
        let inverse = self.constant_power(divisor, Rational::from(-1), span)?;
        if self.is_scalar(&inverse) {
            product.factors.push(inverse);
        } else {
            self.times_entrywise(product, inverse)?;
        }
        self.fold_quotient(product);
        Ok(())
    }

    /// `1/2` is a number, `1/x` a power.
    fn fold_quotient(&self, product: &mut OpenProduct) {
        if product.chain.is_some() || product.factors.len() != 2 {
            return;
        }
        let span = product.factors[0].span().to(product.factors[1].span());
        match (product.factors[0].as_number(), product.factors[1].as_number()) {
            (Some(a), Some(b)) => product.factors = vec![self.number(a * b, span)],
            (Some(a), None) if a.is_one() => {
                product.factors.remove(0);
            }
            (Some(_) | None, _) => {}
        }
    }

    fn kron(&mut self, product: &mut OpenProduct, factor: Term) -> Result<(), Error> {
        let left = self.taken(product)?;
        product.span = left.span();
        if self.is_scalar(&left) || self.is_scalar(&factor) {
            product.factors = vec![left, factor];
            return Ok(());
        }
        let span = left.span().to(factor.span());
        let rows = self.times_sizes(&left.shape().rows.clone(), &factor.shape().rows.clone(), span)?;
        let cols = self.times_sizes(&left.shape().cols.clone(), &factor.shape().cols.clone(), span)?;
        product.factors = vec![Term::new(Op::Kron, vec![left, factor], Shape::new(rows, cols), span)];
        Ok(())
    }

    fn close_chain(&mut self, product: &mut OpenProduct) {
        if let Some((at, chain)) = product.chain.take() {
            let term = self.chain(chain, product.span);
            product.factors.insert(at, term);
        }
    }

    /// What has been read of a product so far, as a term.
    fn taken(&mut self, product: &mut OpenProduct) -> Result<Term, Error> {
        let span = product.span;
        self.close(std::mem::take(product), span)
    }

    /// The product as a term. The rest of a product, `…`, has its shape.
    fn close(&mut self, mut product: OpenProduct, span: Span) -> Result<Term, Error> {
        self.close_chain(&mut product);
        let shape = self.common_shape(product.factors.iter(), "multiply", span)?;
        for factor in &mut product.factors {
            if factor.as_variable() == Some(&Symbol::Rest) {
                *factor = variable(&Symbol::Rest, shape.clone(), factor.span());
            }
        }
        Ok(self.had(product.factors, span).spanning(span))
    }

    /// A chain of matrices; in a rule nested to the left as it is written.
    fn chain(&self, chain: Vec<Term>, span: Span) -> Term {
        if self.mode != super::infer::Mode::Pattern {
            return chain_term(chain, span);
        }
        let mut factors = chain.into_iter();
        let Some(first) = factors.next() else { return chain_term(Vec::new(), span) };
        factors.fold(first, |left, right| chain_term(vec![left, right], span))
    }

    // ---- powers

    pub(super) fn power(&mut self, base: &'a Ast, exponent: &'a Ast, span: Span) -> Result<Term, Error> {
        if self.is_euler(base) {
            let exponent = self.expression(exponent)?;
            self.refuse_matrix_exponential(&exponent, span)?;
            return self.map(Elementwise::Exp, 0, exponent, span);
        }
        let base = self.expression(base)?;
        if self.elementwise || self.is_scalar(&base) {
            let exponent = self.exponent(exponent, &base)?;
            return self.power_by_entry(base, exponent, span);
        }
        if let Syntax::Name(name) = &exponent.kind
            && matches!(name.as_str(), "t" | "T")
        {
            let base = self.quoted(&base);
            return Err(Error::new(Kind::Shape, format!("`{name}` is not an exponent of the array {base}"))
                .at(self.place(exponent), "an exponent is a number")
                .help(format!("the transpose is `{base}^T`, with a capital T")));
        }
        let exponent = self.exponent(exponent, &base)?;
        self.matrix_power(base, &exponent, span)
    }

    /// `e^A` of a matrix is its exponential; entry by entry one writes `exp(A)`.
    fn refuse_matrix_exponential(&mut self, exponent: &Term, span: Span) -> Result<(), Error> {
        if self.elementwise || self.is_scalar(exponent) || self.is_vector(exponent) || self.is_row(exponent) {
            return Ok(());
        }
        let text = self.quoted(exponent);
        Err(Error::new(Kind::Unsupported, format!("the matrix exponential of {text} has no rule"))
            .at(span, "e to the power of a matrix")
            .help(format!("entry by entry it is `exp({text})`")))
    }

    fn exponent(&mut self, ast: &'a Ast, base: &Term) -> Result<Term, Error> {
        let exponent = self.expression(ast)?;
        if self.elementwise || self.is_scalar(&exponent) {
            Ok(exponent)
        } else {
            Err(self.array_exponent(base, &exponent))
        }
    }

    fn matrix_power(&mut self, base: Term, exponent: &Term, span: Span) -> Result<Term, Error> {
        if self.is_vector(&base) || self.is_row(&base) {
            return Err(self.power_of_vector(&base, exponent));
        }
        if let Err(error) = self.square(&base, "a power of a matrix") {
            let (text, power) = (self.factor_text(&base), self.power_text(exponent));
            return Err(error.help(format!("the elementwise power is `{text}.^{power}`")));
        }
        let Some(p) = exponent.constant() else {
            return Err(Error::new(Kind::Unsupported, "a power of a matrix with a symbolic exponent has no rule yet")
                .at(exponent.span(), "not a number"));
        };
        let Some(k) = p.to_i64() else {
            return Err(Error::new(
                Kind::Unsupported,
                format!("the power {p} of a matrix: only whole powers have a rule"),
            )
            .at(exponent.span(), "not a whole number")
            .help("entry by entry it is `.^`"));
        };
        if k.abs() > MATRIX_POWER_LIMIT {
            return Err(Error::new(
                Kind::Limit,
                format!("the power {k} of a matrix is beyond the limit of {MATRIX_POWER_LIMIT}"),
            )
            .at(exponent.span(), "this exponent is too large"));
        }
        Ok(match k {
            1 => base,
            -1 => Self::same_shape(Op::Inverse, base, span),
            0 => {
                let n = base.shape().rows.clone();
                Term::leaf(Op::Eye(n.clone()), Shape::new(n.clone(), n), span)
            }
            k => Self::same_shape(Op::MatrixPower(k), base, span),
        })
    }

    pub(super) fn element_power(&mut self, base: &'a Ast, exponent: &'a Ast, span: Span) -> Result<Term, Error> {
        let base = self.operand(base)?;
        let exponent = self.operand(exponent)?;
        if !self.elementwise && !self.is_scalar(&exponent) {
            if !self.is_scalar(&base) {
                self.same_shapes(&base, &exponent, "raise", span)?;
            }
            self.remark(Note::convention("a.^x with an array x is exp(x ∘ log(a)), for a above 0"));
        }
        self.power_by_entry(base, exponent, span)
    }

    /// A power of scalars, or entry by entry; where the exponent is an array, by logarithms.
    fn power_by_entry(&mut self, base: Term, exponent: Term, span: Span) -> Result<Term, Error> {
        if self.is_scalar(&exponent) {
            return self.pow(base, exponent, span);
        }
        let log = self.map(Elementwise::Log, 0, base, span)?;
        let product = self.had(vec![exponent, log], span);
        self.map(Elementwise::Exp, 0, product, span)
    }

    pub(super) fn inverse(&mut self, a: Term, span: Span) -> Result<Term, Error> {
        if self.elementwise || self.is_scalar(&a) {
            return self.constant_power(a, Rational::from(-1), span);
        }
        if self.is_vector(&a) || self.is_row(&a) {
            let minus_one = self.number(Rational::from(-1), span);
            return Err(self.power_of_vector(&a, &minus_one));
        }
        self.square(&a, "the inverse")?;
        Ok(Self::same_shape(Op::Inverse, a, span))
    }

    // ---- bars and norms

    /// `|A|`: the determinant of a matrix, unless it is known not to be square; else the absolute value of every entry.
    pub(super) fn bars(&mut self, a: Term, span: Span) -> Result<Term, Error> {
        let flat = self.elementwise || self.is_scalar(&a) || self.is_vector(&a) || self.is_row(&a);
        if flat || self.sizes.unify(&a.shape().rows.clone(), &a.shape().cols.clone(), span).is_err() {
            return self.map(Elementwise::Abs, 0, a, span);
        }
        if let Op::Variable(v) = a.op()
            && v.name.name().and_then(|n| self.variables.get(n)).is_some_and(|known| !known.declared)
        {
            self.remark(Note::warning(format!("|{0}| is read as the determinant of {0}", v.name)));
        }
        Ok(Self::scalar_of(Builtin::Det, a, span))
    }

    pub(super) fn norm(&mut self, kind: &NormKind, a: Term, span: Span) -> Result<Term, Error> {
        if self.elementwise || self.is_scalar(&a) {
            return self.map(Elementwise::Abs, 0, a, span);
        }
        match kind {
            NormKind::Two | NormKind::Frobenius => {
                let squared = Self::scalar_of(Builtin::NormSquared, a, span);
                self.constant_power(squared, Rational::new(1, 2), span)
            }
            NormKind::One => Ok(Self::scalar_of(Builtin::Norm1, a, span)),
            NormKind::Infinity => Err(Error::new(
                Kind::Unsupported,
                "the norm ‖·‖_∞ is not differentiated: its derivative jumps wherever two entries tie for the largest",
            )
            .at(span, "here")
            .help("‖·‖_p with a large p, or logsumexp of the entries, is smooth")),
            NormKind::P(p) => self.p_norm(p, a, span),
        }
    }

    /// ‖x‖_p = (Σ |xᵢ|^p)^(1/p); an even power needs no absolute value.
    fn p_norm(&mut self, p: &str, a: Term, span: Span) -> Result<Term, Error> {
        let exponent = Rational::parse(p).filter(|p| !p.is_zero());
        let Some((exponent, root)) = exponent.and_then(|p| p.recip().map(|root| (p, root))) else {
            return Err(Error::new(
                Kind::Unsupported,
                format!("the norm ‖·‖_{p}: p is 1, 2, F or another positive number"),
            )
            .at(span, "here"));
        };
        match exponent.to_i64() {
            Some(1) => return self.norm(&NormKind::One, a, span),
            Some(2) if self.is_vector(&a) || self.is_row(&a) => return self.norm(&NormKind::Two, a, span),
            Some(_) | None => {}
        }
        if !self.is_vector(&a) && !self.is_row(&a) && exponent.to_i64() == Some(2) {
            let text = self.quoted(&a);
            return Err(Error::new(
                Kind::Unsupported,
                "‖·‖_2 of a matrix is its largest singular value: it has no rule",
            )
            .at(span, "the spectral norm")
            .help(format!("the root of the sum of the squares is `‖{text}‖_F`")));
        }
        if !self.is_vector(&a) && !self.is_row(&a) {
            return Err(Error::new(
                Kind::Unsupported,
                format!("the norm ‖·‖_{p} of a matrix has no rule; of a vector it has"),
            )
            .at(span, "of a matrix"));
        }
        let even = exponent.to_i64().is_some_and(|k| k % 2 == 0);
        let base = if even { a } else { self.map(Elementwise::Abs, 0, a, span)? };
        let powers = self.constant_power(base, exponent, span)?;
        let sum = Self::scalar_of(Builtin::Sum(Axis::All), powers, span);
        self.constant_power(sum, root, span)
    }
}

fn is_call(ast: &Ast) -> bool {
    matches!(ast.kind, Syntax::Call { .. })
}

fn chain_term(mut chain: Vec<Term>, span: Span) -> Term {
    if chain.len() == 1 {
        return chain.remove(0);
    }
    let shape = Shape::new(chain[0].shape().rows.clone(), chain[chain.len() - 1].shape().cols.clone());
    Term::new(Op::Mul, chain, shape, span)
}
