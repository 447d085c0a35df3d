//! Sizes as written, constant arrays, blocks and slices.

use super::infer::Elaborator;
use super::names;
use super::term::Term;
use super::unify::Unknown;
use crate::diag::{Error, Kind, Span};
use crate::expr::{Name, Op, Range, Rational, Shape, Size, triangular};
use crate::syntax::{Ast, BinaryOp, Sign, Syntax};

/// The largest integer that may stand in a size.
const SIZE_LIMIT: i64 = 1_000_000;

/// The most terms a size polynomial may have, and the most names one of them.
const SIZE_TERMS_LIMIT: usize = 400;
const SIZE_DEGREE_LIMIT: usize = 32;

fn too_long(span: Span) -> Error {
    let message =
        format!("a size has more than {SIZE_TERMS_LIMIT} terms, or a term of more than {SIZE_DEGREE_LIMIT} names");
    Error::new(Kind::Limit, message).at(span, "here")
}

/// The size of parts one after the other.
fn sum_of(sizes: &[Size], span: Span) -> Result<Size, Error> {
    sizes.iter().try_fold(Size::constant(0), |sum, size| {
        let sum = sum.plus(size);
        within_limits(&sum, span)?;
        Ok(sum)
    })
}

fn within_limits(size: &Size, span: Span) -> Result<(), Error> {
    let mut count = 0;
    let long = size.terms().any(|(names, _)| {
        count += 1;
        names.len() > SIZE_DEGREE_LIMIT || count > SIZE_TERMS_LIMIT
    });
    if long { Err(too_long(span)) } else { Ok(()) }
}

fn not_a_size(span: Span) -> Error {
    Error::new(Kind::Shape, "a size is a sum of products of names and integers").at(span, "this is not a size")
}

impl<'a> Elaborator<'a> {
    /// A size of a declaration or of `ones(n)`: a polynomial in size names, at least 1.
    pub fn size(&mut self, ast: &'a Ast) -> Result<Size, Error> {
        if let Syntax::Number(text) = &ast.kind {
            let n = self.integer(text, self.place(ast))?;
            if n < 1 {
                return Err(Error::new(Kind::Shape, format!("a size is a positive integer, not {text}"))
                    .at(self.place(ast), "this size is not positive"));
            }
            return Ok(self.sizes.literal(n));
        }
        let size = self.polynomial(ast)?;
        let impossible = size.as_constant().is_some_and(|n| n < 1);
        if impossible || size.terms().all(|(_, c)| c < 0) {
            return Err(Error::new(Kind::Shape, format!("a size is positive; this one is {size}"))
                .at(self.place(ast), "this size is not positive"));
        }
        Ok(size)
    }

    fn integer(&self, text: &str, span: Span) -> Result<i64, Error> {
        match Rational::parse(text).and_then(|n| n.to_i64()) {
            Some(n) if n > SIZE_LIMIT => {
                Err(Error::new(Kind::Limit, format!("the size {text} is beyond the limit of {SIZE_LIMIT}"))
                    .at(span, "here"))
            }
            Some(n) => Ok(n),
            None => Err(Error::new(Kind::Shape, format!("a size is a whole number, not {text}")).at(span, "here")),
        }
    }

    /// A polynomial in size names, of any sign.
    pub(super) fn polynomial(&mut self, ast: &'a Ast) -> Result<Size, Error> {
        match &ast.kind {
            Syntax::Number(text) => self.integer(text, self.place(ast)).map(Size::constant),
            Syntax::Name(name) => match &self.last_place {
                Some(last) if names::is_last_place(ast) => Ok(last.clone()),
                Some(_) | None => self.size_name(name, self.place(ast)),
            },
            Syntax::Sum(terms) => {
                let mut sum = Size::constant(0);
                for (sign, term) in terms {
                    let part = self.polynomial(term)?;
                    sum = if *sign == Sign::Plus { sum.plus(&part) } else { sum.minus(&part) };
                    within_limits(&sum, self.place(term))?;
                }
                Ok(sum)
            }
            Syntax::Neg(a) => Ok(Size::constant(0).minus(&self.polynomial(a)?)),
            Syntax::Binary(BinaryOp::Mul | BinaryOp::At | BinaryOp::Dot | BinaryOp::Star | BinaryOp::Cross, a, b) => {
                let (a, b) = (self.polynomial(a)?, self.polynomial(b)?);
                self.times_sizes(&a, &b, self.place(ast))
            }
            Syntax::Power(a, b) => self.power_of_size(a, b, self.place(ast)),
            Syntax::Binary(BinaryOp::Div, a, b) => self.size_over(a, b, self.place(ast)),
            Syntax::Call { function, args, .. }
                if matches!(function.as_str(), "nrow" | "ncol" | "numel" | "length") =>
            {
                self.size_of_array(function.as_str(), args, self.place(ast))
            }
            Syntax::Binary(BinaryOp::Had | BinaryOp::HadDiv | BinaryOp::Kron, ..)
            | Syntax::Partial(_)
            | Syntax::Keyword(..)
            | Syntax::Call { .. }
            | Syntax::Slope { .. }
            | Syntax::Transpose(_)
            | Syntax::Inverse(_)
            | Syntax::ElementPower(..)
            | Syntax::Norm(..)
            | Syntax::Bars(_)
            | Syntax::Matrix(_)
            | Syntax::Slice { .. }
            | Syntax::Entry { .. }
            | Syntax::Gathered { .. }
            | Syntax::Iverson(_) => Err(not_a_size(self.place(ast))),
        }
    }

    /// `ncol(A)`.
    fn size_of_array(&mut self, function: &str, args: &'a [Ast], span: Span) -> Result<Size, Error> {
        let [array] = args else { return Err(not_a_size(span)) };
        let Shape { rows, cols } = self.expression(array)?.shape().clone();
        match function {
            "nrow" => Ok(rows),
            "ncol" => Ok(cols),
            _ => self.times_sizes(&rows, &cols, span),
        }
    }

    /// `(n n + n)/2`.
    fn size_over(&mut self, a: &'a Ast, b: &'a Ast, span: Span) -> Result<Size, Error> {
        let (a, b) = (self.polynomial(a)?, self.polynomial(b)?);
        let whole = self.sizes.resolve(&a);
        b.as_constant().and_then(|n| whole.halved(n)).ok_or_else(|| {
            Error::new(Kind::Shape, format!("{a}/{b} is not whole for all sizes"))
                .at(span, "a size is a sum of products of names and integers")
        })
    }

    fn size_name(&mut self, name: &Name, span: Span) -> Result<Size, Error> {
        if let Some(known) = self.variables.get(name) {
            let error = Error::new(Kind::Name, format!("`{name}` is a variable, and stands here as a size"));
            let error = error.at(span, "a size is a name of its own");
            return Err(match known.span {
                Some(place) => error.at(place, format!("`{name}` is a variable here")),
                None => error,
            });
        }
        if self.size_names.contains(name) {
            return Ok(Size::name(name.clone()));
        }
        if self.inputs.contains(name) {
            let message = format!("`{name}` is declared as a variable, and stands here as a size");
            return Err(Error::new(Kind::Name, message).at(span, "a size is a name of its own"));
        }
        let error = Error::new(Kind::Name, format!("unknown size `{name}`")).at(span, "no declaration has this size");
        Err(match super::closest(name.as_str(), self.size_names.iter().map(Name::as_str)) {
            Some(other) => error.help(format!("did you mean `{other}`?")),
            None => error,
        })
    }

    fn power_of_size(&mut self, base: &'a Ast, exponent: &'a Ast, span: Span) -> Result<Size, Error> {
        let base = self.polynomial(base)?;
        match self.polynomial(exponent)?.as_constant() {
            Some(k @ 0..=16) => (0..k).try_fold(Size::one(), |power, _| self.times_sizes(&power, &base, span)),
            Some(_) | None => {
                Err(Error::new(Kind::Shape, "the exponent in a size is an integer from 0 to 16").at(span, "here"))
            }
        }
    }

    /// A product of sizes, within the limit.
    pub(super) fn times_sizes(&mut self, a: &Size, b: &Size, span: Span) -> Result<Size, Error> {
        let (a, b) = (self.sizes.resolve(a), self.sizes.resolve(b));
        if a.terms().count().saturating_mul(b.terms().count()) > SIZE_TERMS_LIMIT {
            return Err(too_long(span));
        }
        let product = a.times(&b);
        within_limits(&product, span)?;
        Ok(product)
    }

    // ---- constant arrays

    /// `eye(n)`, `ones(n, m)`, `unit(n, i)`, … once the number of arguments is known to be right.
    pub(super) fn sized(&mut self, function: &str, args: &'a [Ast], span: Span) -> Result<Term, Error> {
        let first = self.size(&args[0])?;
        let square = Shape::new(first.clone(), first.clone());
        Ok(match (function, args.get(1)) {
            ("eye", _) => Term::leaf(Op::Eye(first), square, span),
            ("dup", _) => {
                let shape = Shape::new(self.times_sizes(&first, &first, span)?, triangular(&first));
                Term::leaf(Op::Duplication(first), shape, span)
            }
            ("tril", _) => Term::leaf(Op::Tril(first), square, span),
            ("unit", Some(index)) => {
                let index = self.polynomial(index)?;
                self.check_position(&first, &index, span)?;
                Term::leaf(Op::Unit(first.clone(), index), Shape::vector(first), span)
            }
            ("K", Some(second)) => {
                let second = self.size(second)?;
                let n = self.times_sizes(&first, &second, span)?;
                Term::leaf(Op::Commutation(first, second), Shape::new(n.clone(), n), span)
            }
            (_, second) => {
                let cols = second.map_or_else(|| Ok(Size::one()), |m| self.size(m))?;
                let shape = Shape::new(first, cols);
                let op = if function == "zeros" { Op::Zeros(shape.clone()) } else { Op::Ones(shape.clone()) };
                Term::leaf(op, shape, span)
            }
        })
    }

    fn check_position(&mut self, n: &Size, index: &Size, span: Span) -> Result<(), Error> {
        let shown = self.shown_size(n);
        let outside =
            index.as_constant().is_some_and(|i| i < 1) || shown.minus(index).as_constant().is_some_and(|left| left < 0);
        if outside {
            let message = format!("position {index} is outside 1..{shown}; positions count from 1");
            return Err(Error::new(Kind::Shape, message).at(span, "here"));
        }
        Ok(())
    }

    pub(super) fn unvec(&mut self, args: &'a [Ast], span: Span) -> Result<Term, Error> {
        let vector = self.expression(&args[0])?;
        let (n, m) = (self.size(&args[1])?, self.size(&args[2])?);
        let count = self.times_sizes(&n, &m, span)?;
        if self.sizes.unify_shapes(vector.shape(), &Shape::vector(count.clone()), span).is_err() {
            let (text, shape) = (self.quoted(&vector), self.shown(vector.shape()));
            let count = self.shown_size(&count);
            let message = format!("`unvec` makes a matrix of a column of {count} entries, and `{text}` is {shape}");
            return Err(self.labelled(Error::new(Kind::Shape, message), &[&vector]));
        }
        Ok(Term::new(Op::Unvec(n.clone(), m.clone()), vec![vector], Shape::new(n, m), span))
    }

    /// `vector(1)` and `matrix(1)`: equal entries in the shape that fits.
    pub(super) fn constant_array(&mut self, function: &str, arg: &'a Ast, span: Span) -> Result<Term, Error> {
        let entry = self.expression(arg)?;
        if !self.is_scalar(&entry) {
            let message = format!("`{function}` makes an array of equal entries; its argument is a scalar");
            return Err(self.labelled(Error::new(Kind::Shape, message), &[&entry]));
        }
        let rows = self.sizes.unknown(Unknown::NotOne);
        let shape = if function == "vector" {
            Shape::vector(rows)
        } else {
            Shape::new(rows, self.sizes.unknown(Unknown::Free))
        };
        Ok(self.broadcast(entry, &shape).spanning(span))
    }

    // ---- blocks

    pub(super) fn block(&mut self, rows: &'a [Vec<Ast>], span: Span) -> Result<Term, Error> {
        let cols = rows.first().map_or(0, Vec::len);
        if cols == 0 || rows.iter().any(|row| row.len() != cols) {
            return Err(
                Error::new(Kind::Shape, "the rows of a bracket have different numbers of entries").at(span, "here")
            );
        }
        let mut cells = Vec::new();
        for ast in rows.iter().flatten() {
            cells.push(self.operand(ast)?);
        }
        self.open_zeros(&mut cells);
        self.fit_cells(&cells, cols)?;
        let heights: Vec<Size> = cells.iter().step_by(cols).map(|c| c.shape().rows.clone()).collect();
        let widths: Vec<Size> = cells[..cols].iter().map(|c| c.shape().cols.clone()).collect();
        if cells.len() == 1 {
            return Ok(cells.remove(0));
        }
        let shape = Shape::new(sum_of(&heights, span)?, sum_of(&widths, span)?);
        Ok(Term::new(Op::Block { rows: rows.len(), cols }, cells, shape, span))
    }

    /// A 0 beside arrays is a block of zeros.
    fn open_zeros(&mut self, cells: &mut [Term]) {
        let mut all_scalar = true;
        for cell in cells.iter() {
            all_scalar &= self.is_scalar(cell);
        }
        if all_scalar {
            return;
        }
        for cell in cells.iter_mut().filter(|c| c.as_number().is_some_and(Rational::is_zero)) {
            let rows = self.sizes.unknown(Unknown::DefaultOne);
            let shape = Shape::new(rows, self.sizes.unknown(Unknown::DefaultOne));
            *cell = Term::leaf(Op::Zeros(shape.clone()), shape, cell.span());
        }
    }

    /// Cells of one row have equally many rows, cells of one column equally many columns.
    fn fit_cells(&mut self, cells: &[Term], cols: usize) -> Result<(), Error> {
        for (i, cell) in cells.iter().enumerate() {
            let (left, top) = (&cells[i - i % cols], &cells[i % cols]);
            if self.sizes.unify(&left.shape().rows, &cell.shape().rows, cell.span()).is_err() {
                return Err(self.block_clash(left, cell, "beside each other they need equally many rows"));
            }
            if self.sizes.unify(&top.shape().cols, &cell.shape().cols, cell.span()).is_err() {
                return Err(self.block_clash(top, cell, "one below the other they need equally many columns"));
            }
        }
        Ok(())
    }

    // ---- slices

    pub(super) fn slice(
        &mut self,
        base: &'a Ast,
        rows: &'a (Box<Ast>, Box<Ast>),
        cols: Option<&'a (Box<Ast>, Box<Ast>)>,
        span: Span,
    ) -> Result<Term, Error> {
        let base = self.expression(base)?;
        let shape = base.shape().clone();
        let rows = self.range(rows, &shape.rows)?;
        let cols = match cols {
            Some(range) => self.range(range, &shape.cols)?,
            None => Range::all(&shape.cols),
        };
        let shape = Shape::new(rows.len(), cols.len());
        Ok(Term::new(Op::Slice { rows, cols }, vec![base], shape, span))
    }

    fn range(&mut self, range: &'a (Box<Ast>, Box<Ast>), size: &Size) -> Result<Range, Error> {
        let span = self.place(&range.0).to(self.place(&range.1));
        let outer = self.last_place.replace(size.clone());
        let ends = (self.polynomial(&range.0), self.polynomial(&range.1));
        self.last_place = outer;
        let range = Range { first: ends.0?, last: ends.1? };
        self.check_position(size, &range.first, span)?;
        self.check_position(size, &range.last, span)?;
        let length = range.len();
        if length.as_constant().is_some_and(|n| n < 1) {
            return Err(
                Error::new(Kind::Shape, format!("the range {}..{} is empty", range.first, range.last)).at(span, "here")
            );
        }
        Ok(range)
    }
}
