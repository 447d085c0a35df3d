//! Calls: elementwise functions, abstract and defined ones, and the functions of arrays.

use super::infer::{Elaborator, Mode};
use super::names::is_builtin_function;
use super::term::Term;
use crate::diag::{Error, Kind, Note, Span};
use crate::expr::{
    ArrayValue, Axis, Builtin, Elementwise, Function, Keyword, Map, Name, Op, PROGRAM_LAST_AXIS, PROGRAM_SECOND_AXIS,
    Rational, Shape, Size,
};
use crate::syntax::{Ast, NormKind, Syntax, prelude};

/// How many primes a function may have: the check differentiates it once more.
const PRIMES_LIMIT: u32 = 5;

/// A call as written.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub name: &'a Name,
    pub name_span: Span,
    pub primes: u32,
    pub args: &'a [Ast],
    pub span: Span,
}

impl<'a> Elaborator<'a> {
    pub(super) fn call(
        &mut self,
        name: &'a Name,
        name_span: Span,
        primes: u32,
        args: &'a [Ast],
        span: Span,
    ) -> Result<Term, Error> {
        if primes > PRIMES_LIMIT {
            let message = format!("the derivative of order {primes} of `{name}` is beyond the limit of {PRIMES_LIMIT}");
            return Err(Error::new(Kind::Limit, message).at(name_span, "too many primes"));
        }
        let call = Call { name, name_span, primes, args, span };
        if self.is_variable(name) {
            return self.product_with_variable(call);
        }
        if let Some(function) = self.user_functions.get(name).copied() {
            return self.unfold(call, function);
        }
        if let Some(space) = self.fields.get(name).cloned() {
            return self.field_call(call, &space);
        }
        if self.functions.contains(name) {
            let arg = self.only(call)?;
            let map = Map { function: Function::Abstract(name.clone()), order: primes };
            return Ok(Self::same_shape(Op::Map(map), arg, span));
        }
        if self.mode == Mode::Pattern && matches!(name.as_str(), "d" | "ip") {
            return self.calculus(call);
        }
        if let Some(function) = Elementwise::from_spelling(name.as_str()) {
            let arg = self.only(call)?;
            let bars = matches!(args, [Ast { kind: Syntax::Bars(_), .. }]);
            if bars && function == Elementwise::Log && primes == 0 && *arg.op() == Op::Builtin(Builtin::Det) {
                return Ok(Self::scalar_of(Builtin::LogDet, arg.args()[0].clone(), span));
            }
            return self.elementwise_call(function, primes, arg, span);
        }
        if primes > 0 && is_builtin_function(name) {
            return Err(Error::new(
                Kind::Unsupported,
                format!("`{name}'`: only elementwise functions have a derivative written with a prime"),
            )
            .at(name_span, "not an elementwise function"));
        }
        match Builtin::from_spelling(name.as_str()) {
            Some(builtin) => self.builtin_call(builtin, call),
            None => self.named_call(call),
        }
    }

    /// A called variable is a factor, unless the name is that of a function and nobody declared it to be a variable.
    fn is_variable(&self, name: &Name) -> bool {
        if self.bound(name).is_some() {
            return true;
        }
        let declared = |declared: bool| declared && self.mode == Mode::Document;
        self.variables.get(name).is_some_and(|k| declared(k.declared) || !is_builtin_function(name))
    }

    /// `W(x + y)` with a variable W is a product, `x'(y)` one with its transpose.
    fn product_with_variable(&mut self, call: Call<'a>) -> Result<Term, Error> {
        let [arg] = call.args else {
            return Err(Error::new(
                Kind::Name,
                format!("`{}` is a variable, and is called like a function here", call.name),
            )
            .at(call.name_span, "a variable"));
        };
        let mut left = match self.bound(call.name) {
            Some(value) => value.spanning(call.name_span),
            None => {
                let shape = self.variables[call.name].shape.clone();
                super::infer::variable(&call.name.into(), shape, call.name_span)
            }
        };
        for _ in 0..call.primes % 2 {
            left = self.transpose(left, call.name_span);
        }
        let right = self.expression(arg)?;
        self.product_of(left, right, call.span)
    }

    // ---- arguments

    pub(super) fn arity(&self, call: Call<'a>, expected: &str) -> Error {
        let given = call.args.len();
        Error::new(Kind::Name, format!("`{}` takes {expected}, and {given} are given here", call.name))
            .at(call.span, format!("{given} arguments"))
    }

    fn only(&mut self, call: Call<'a>) -> Result<Term, Error> {
        match call.args {
            [arg] => self.expression(arg),
            _ => Err(self.arity(call, "one argument")),
        }
    }

    pub(super) fn two(&mut self, call: Call<'a>) -> Result<(Term, Term), Error> {
        match call.args {
            [a, b] => Ok((self.operand(a)?, self.operand(b)?)),
            _ => Err(self.arity(call, "2 arguments")),
        }
    }

    pub(super) fn arguments(&mut self, call: Call<'a>) -> Result<Vec<Term>, Error> {
        call.args.iter().map(|a| self.operand(a)).collect()
    }

    pub(super) fn count(&self, call: Call<'a>, allowed: &[usize], words: &str) -> Result<(), Error> {
        if allowed.contains(&call.args.len()) { Ok(()) } else { Err(self.arity(call, words)) }
    }

    /// The argument, and what it was said to be taken along.
    fn with_axis(&mut self, call: Call<'a>) -> Result<(Term, Axis), Error> {
        let axis = match call.args {
            [_] => return Ok((self.expression(&call.args[0])?, Axis::All)),
            [_, axis] => axis,
            _ => return Err(self.arity(call, "one argument, and `rows` or `cols`")),
        };
        let word = if let Syntax::Name(n) = &axis.kind { n.as_str() } else { "" };
        let along = Axis::from_word(word).ok_or_else(|| {
            let message = format!("the second argument of `{}` is `rows` or `cols`", call.name);
            Error::new(Kind::Name, message).at(self.place(axis), "neither of them")
        })?;
        let array = self.expression(&call.args[0])?;
        Ok((array.clone(), self.axis_of_program(word, along, &array, call)?))
    }

    /// The axis of a program's array: one with one axis has no second, and its last is the first.
    fn axis_of_program(&mut self, word: &str, along: Axis, array: &Term, call: Call<'a>) -> Result<Axis, Error> {
        if !matches!(word, PROGRAM_SECOND_AXIS | PROGRAM_LAST_AXIS) || !self.is_vector(array) || self.is_scalar(array) {
            return Ok(along);
        }
        // what has the shape of its argument is as good for both
        let reduces = |builtin: Builtin| matches!(builtin.about().value, ArrayValue::Total);
        if word == PROGRAM_LAST_AXIS && !Builtin::from_spelling(call.name.as_str()).is_none_or(reduces) {
            return Ok(Axis::All);
        }
        let message = match word {
            PROGRAM_LAST_AXIS => {
                format!("`{}` along the last axis of an array that has one takes all its entries", call.name)
            }
            _ => format!("`{}` goes along the second axis of an array that has one", call.name),
        };
        let help = "leave the axis out; or declare the names in it `n x m`, a row for each of many";
        Err(Error::new(Kind::Shape, message).at(self.place(&call.args[0]), "read as an array with one axis").help(help))
    }

    // ---- functions of one scalar

    fn elementwise_call(&mut self, f: Elementwise, primes: u32, arg: Term, span: Span) -> Result<Term, Error> {
        if f != Elementwise::Sqrt {
            return self.map(f, primes, arg, span);
        }
        // The k-th derivative of t^(1/2) is (1/2)(1/2 − 1)…(1/2 − k + 1) t^(1/2 − k).
        let half = Rational::new(1, 2);
        let falling = |i: u32| &half + &Rational::from(-i64::from(i));
        let coefficient = (0..primes).fold(Rational::one(), |c, i| &c * &falling(i));
        let power = self.constant_power(arg, falling(primes), span)?;
        if coefficient.is_one() {
            return Ok(power);
        }
        let coefficient = self.number(coefficient, span);
        Ok(self.had(vec![coefficient, power], span))
    }

    pub(super) fn broadcast_to(&mut self, body: Term, shape: &Shape) -> Term {
        let scalar = self.sizes.is_one(&shape.rows) && self.sizes.is_one(&shape.cols);
        if scalar { body } else { self.broadcast(body, shape) }
    }

    /// `d(A)` and `ip(G, A)` of the rules.
    fn calculus(&mut self, call: Call<'a>) -> Result<Term, Error> {
        if call.name.as_str() == "d" {
            let a = self.only(call)?;
            return Ok(Self::same_shape(Op::Differential, a, call.span));
        }
        let (a, b) = self.two(call)?;
        self.same_shapes(&a, &b, "take the inner product of", call.span)?;
        Ok(Term::new(Op::Inner, vec![a, b], Shape::scalar(), call.span))
    }

    pub(super) fn same_shapes(&mut self, a: &Term, b: &Term, verb: &str, span: Span) -> Result<(), Error> {
        let unified = self.sizes.unify_shapes(a.shape(), b.shape(), span);
        unified.map_err(|_| self.entrywise_clash(a, b, verb))
    }

    // ---- functions of arrays

    fn builtin_call(&mut self, builtin: Builtin, call: Call<'a>) -> Result<Term, Error> {
        let span = call.span;
        let place = self.along.take();
        if matches!(builtin, Builtin::Var(_))
            && let Some((less, args)) = call.args.split_last()
            && let Syntax::Keyword(Keyword::Degrees, number) = &less.kind
        {
            return self.sample_variance(Call { args, ..call }, number);
        }
        let (a, axis) = if builtin.takes_axis() { self.with_axis(call)? } else { (self.only(call)?, Axis::All) };
        if self.elementwise {
            let message = format!("`{}` of an array inside a function of one scalar has no meaning", call.name);
            return Err(Error::new(Kind::Unsupported, message).at(span, "not elementwise"));
        }
        if builtin == Builtin::CumSum && axis != Axis::All {
            return Ok(self.running_sums(a, axis, span));
        }
        let axis = self.axis_in_place(builtin, &a, axis, place);
        self.apply(builtin.along(axis).unwrap_or(builtin), a, span)
    }

    /// n/(n - k) times the variance, of n entries.
    fn sample_variance(&mut self, call: Call<'a>, less: &str) -> Result<Term, Error> {
        let span = call.span;
        let (a, axis) = self.with_axis(call)?;
        let shape = a.shape().clone();
        let along = match axis {
            Axis::All => vec![shape.rows, shape.cols],
            Axis::Rows => vec![shape.cols],
            Axis::Cols => vec![shape.rows],
        };
        let size = |n: Size| Term::leaf(Op::SizeNumber(n), Shape::scalar(), span);
        let along = along.into_iter().filter(|n| !n.is_one()).map(size).collect();
        let entries = self.had(along, span);
        let less = self.number_literal(less, span)?;
        let less = self.neg(less, span);
        let divisor = Self::add(vec![entries.clone(), less], span);
        let divisor = self.constant_power(divisor, Rational::from(-1), span)?;
        let variance = self.apply(Builtin::Var(axis), a, span)?;
        Ok(self.had(vec![entries, divisor, variance], span))
    }

    /// A softmax of a matrix that is a factor: its weights add up to 1 along what the product sums over.
    fn axis_in_place(&mut self, builtin: Builtin, a: &Term, axis: Axis, place: Option<Axis>) -> Axis {
        let flat = self.is_scalar(a) || self.is_vector(a) || self.is_row(a);
        let weights = matches!(builtin, Builtin::Softmax(_) | Builtin::LogSoftmax(_));
        match place.filter(|_| axis == Axis::All && weights && !flat) {
            Some(place) => {
                let (name, word) = (builtin.ascii(), place.word().unwrap_or(""));
                let by = if place == Axis::Rows { "every row" } else { "every column" };
                self.remark(Note::convention(format!(
                    "{name} of a matrix is of {by} here, as a factor that weights: {name}(…, {word})"
                )));
                place
            }
            None => axis,
        }
    }

    /// A built-in applied to a term, with the shapes it needs.
    pub(super) fn apply(&mut self, builtin: Builtin, a: Term, span: Span) -> Result<Term, Error> {
        if self.is_scalar(&a)
            && let Some(value) = self.of_scalar(builtin, &a, span)?
        {
            return Ok(value);
        }
        let shape = a.shape().clone();
        let column = |rows, a| Term::new(Op::Builtin(builtin), vec![a], Shape::vector(rows), span);
        match (builtin.about().value, builtin.axis()) {
            (ArrayValue::Total, Axis::All) => Ok(Self::scalar_of(builtin, a, span)),
            (ArrayValue::Total, Axis::Rows) => Ok(column(shape.rows, a)),
            (ArrayValue::Total, Axis::Cols) => Ok(column(shape.cols, a)),
            (ArrayValue::OfSquare(what), _) => self.of_square(builtin, a, what, span),
            (ArrayValue::Spread | ArrayValue::Diagonal, _) => self.diagonal(builtin, a, span),
            (ArrayValue::OfThree, _) => self.skew(a, span),
            (ArrayValue::Stacked, _) => {
                let count = self.times_sizes(&shape.rows, &shape.cols, span)?;
                Ok(column(count, a))
            }
            (ArrayValue::Along, Axis::All) => self.along_vector(builtin, a, span),
            (ArrayValue::Along, Axis::Rows | Axis::Cols) | (ArrayValue::Same, _) => {
                Ok(Self::same_shape(Op::Builtin(builtin), a, span))
            }
        }
    }

    /// Of a scalar, what is plainer.
    fn of_scalar(&mut self, builtin: Builtin, a: &Term, span: Span) -> Result<Option<Term>, Error> {
        let a = a.clone();
        Ok(Some(if builtin == Builtin::LogDet {
            let abs = self.map(Elementwise::Abs, 0, a, span)?;
            self.map(Elementwise::Log, 0, abs, span)?
        } else if builtin == Builtin::NormSquared {
            self.constant_power(a, Rational::from(2), span)?
        } else if builtin == Builtin::Norm1 {
            self.map(Elementwise::Abs, 0, a, span)?
        } else if builtin == Builtin::LogSumExp {
            a
        } else if builtin == Builtin::Var(Axis::All) {
            self.number(Rational::from(0), span)
        } else {
            return Ok(None);
        }))
    }

    pub(super) fn of_square(&mut self, builtin: Builtin, a: Term, what: &str, span: Span) -> Result<Term, Error> {
        self.square(&a, what)?;
        Ok(Self::scalar_of(builtin, a, span))
    }

    /// `diag`: of a vector the matrix, of a matrix its diagonal.
    fn diagonal(&mut self, builtin: Builtin, a: Term, span: Span) -> Result<Term, Error> {
        let rows = a.shape().rows.clone();
        if builtin == Builtin::Diag && (self.is_vector(&a) || self.is_scalar(&a)) {
            return Ok(Term::new(Op::Builtin(Builtin::Diag), vec![a], Shape::new(rows.clone(), rows), span));
        }
        if self.is_row(&a) {
            let error =
                Error::new(Kind::Shape, "`diag` is of a column vector or of a square matrix, and this is a row");
            let text = self.factor_or_quoted(&a);
            return Err(self.labelled(error, &[&a]).help(format!("transpose it: `diag({text}^T)`")));
        }
        self.square(&a, "the diagonal")?;
        Ok(Term::new(Op::Builtin(Builtin::DiagonalOf), vec![a], Shape::vector(rows), span))
    }

    fn factor_or_quoted(&self, a: &Term) -> String {
        let text = self.quoted(a);
        if text.chars().all(char::is_alphanumeric) { text } else { format!("({text})") }
    }

    /// What is done along a vector: of a matrix the direction is to be said.
    fn along_vector(&mut self, builtin: Builtin, a: Term, span: Span) -> Result<Term, Error> {
        if self.is_vector(&a) || self.is_scalar(&a) {
            return Ok(Self::same_shape(Op::Builtin(builtin), a, span));
        }
        if self.is_row(&a) {
            return Ok(match builtin.along(Axis::Rows) {
                Some(by_rows) => Self::same_shape(Op::Builtin(by_rows), a, span),
                None => self.running_sums(a, Axis::Rows, span),
            });
        }
        let (name, text) = (builtin.ascii(), self.quoted(&a));
        let error = Error::new(Kind::Shape, format!("`{name}` of a matrix: of its rows or of its columns?"));
        Err(self.labelled(error, &[&a]).help(format!("write `{name}({text}, rows)` or `{name}({text}, cols)`")))
    }

    /// The running sums of every row, X Tᵀ with ones on and below the diagonal of T, or of every column, T X.
    fn running_sums(&mut self, a: Term, axis: Axis, span: Span) -> Term {
        let (shape, rows) = (a.shape().clone(), axis == Axis::Rows);
        let count = if rows { shape.cols.clone() } else { shape.rows.clone() };
        let ones = Term::leaf(Op::Tril(count.clone()), Shape::new(count.clone(), count), span);
        let factors = if rows { vec![a, self.transpose(ones, span)] } else { vec![ones, a] };
        Term::new(Op::Mul, factors, shape, span)
    }

    // ---- functions with several arguments, and those defined by others

    fn named_call(&mut self, call: Call<'a>) -> Result<Term, Error> {
        let span = call.span;
        match call.name.as_str() {
            "norm" | "norm2" | "normF" => {
                let a = self.only(call)?;
                self.norm(&NormKind::Two, a, span)
            }
            "inv" => {
                let a = self.only(call)?;
                self.inverse(a, span)
            }
            "eye" | "tril" | "dup" => {
                self.count(call, &[1], "one argument")?;
                self.sized(call.name.as_str(), call.args, span)
            }
            "ones" | "zeros" => {
                self.count(call, &[1, 2], "one or 2 arguments")?;
                self.sized(call.name.as_str(), call.args, span)
            }
            "nrow" | "ncol" | "numel" | "length" => self.number_of(call),
            "unit" | "K" => {
                self.count(call, &[2], "2 arguments")?;
                self.sized(call.name.as_str(), call.args, span)
            }
            "unvec" => {
                self.count(call, &[3], "3 arguments")?;
                self.unvec(call.args, span)
            }
            "vector" | "matrix" => {
                self.count(call, &[1], "one argument")?;
                self.constant_array(call.name.as_str(), &call.args[0], span)
            }
            "max" => self.maximum(call),
            "min" => self.minimum(call),
            "clip" => self.clip(call),
            "dot" | "inner" => self.dot(call),
            _ if prelude::defines(call.name) => self.in_prelude(call),
            _ => Err(self.unknown_function(call.name, call.name_span)),
        }
    }

    /// How many rows, columns or entries the argument has.
    fn number_of(&mut self, call: Call<'a>) -> Result<Term, Error> {
        let a = self.only(call)?;
        let Shape { rows, cols } = a.shape().clone();
        let matrix = !self.is_vector(&a) && !self.is_row(&a) && !self.is_scalar(&a);
        let sizes = match call.name.as_str() {
            "nrow" => vec![rows],
            "ncol" => vec![cols],
            "length" if matrix => {
                let message = "the length of a matrix is another number in every language";
                return Err(self.labelled(Error::new(Kind::Shape, message), &[&a]).help("write nrow(X) or ncol(X)"));
            }
            _ => vec![rows, cols],
        };
        let size = |n: Size| Term::leaf(Op::SizeNumber(n), Shape::scalar(), call.span);
        Ok(self.had(sizes.into_iter().filter(|n| !n.is_one()).map(size).collect(), call.span))
    }

    pub(super) fn unknown_function(&self, name: &Name, span: Span) -> Error {
        let error = Error::new(Kind::Name, format!("unknown function `{name}`")).at(span, "nothing has this name");
        let help = super::similar_function(name, self.functions.iter().chain(self.user_functions.keys()));
        let declare = format!("a function of yours is declared: `{name}: elementwise`");
        error.help(match help {
            Some(help) => format!("{help}; {declare}"),
            None => declare,
        })
    }

    /// A note, once.
    pub(super) fn remark(&mut self, note: Note) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}
