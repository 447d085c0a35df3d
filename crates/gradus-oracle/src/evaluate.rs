//! The value of an expression: one arm for every operator of the core.

use super::plan::Plan;
use super::run::{Lookup, Run};
use super::value::Value;
use super::{Scalar, Valuation, algebra, arrays, elementwise, factor, field};
use crate::diag::{Error, Kind};
use crate::expr::{
    ArrayFunction, Builtin, Constant, Expr, Function, Map, Name, Op, Range, Shape, Size, Symbol, Variable, as_number,
    triangular,
};
use crate::program::Definition;
use ndarray::{ArcArray2, Array2, s};

/// A value: rows and columns, shared, copied only when written to while others hold it.
pub type Matrix<T> = ArcArray2<T>;

/// No array of an evaluation may have more entries than this.
pub const MAX_ENTRIES: i64 = 1 << 24;

/// The value of `e`; a scalar is 1 × 1.
///
/// # Errors
/// `Domain` where `e` is undefined (log of 0, a singular inverse, anything not finite); `Limit` for arrays of more than
/// `MAX_ENTRIES`; `Usage` for names the environment does not know.
pub fn evaluate<T: Scalar>(e: &Expr, environment: &Valuation<T>) -> Result<Matrix<T>, Error> {
    written_out(e, evaluate_structured(&[], e, environment)?)
}

/// The value of `e` with the structure it has: diagonal, Kronecker product, sums and products of these.
/// `definitions` are what `e` may refer to beside the environment, in dependency order; they keep their structure too.
///
/// # Errors
/// As `evaluate`; arrays that are never written out may be of any extent.
pub fn evaluate_structured<T: Scalar>(
    definitions: &[Definition],
    e: &Expr,
    environment: &Valuation<T>,
) -> Result<Value<T>, Error> {
    Compiled::new(definitions, e).value(environment)
}

/// An expression made ready to be evaluated often: equal parts found, arguments put before operators.
pub struct Compiled(Plan);

impl Compiled {
    /// Of `e`, which may refer to these definitions, in dependency order.
    pub fn new(definitions: &[Definition], e: &Expr) -> Compiled {
        Compiled(Plan::new(definitions, [e]))
    }

    /// The value with the structure it has.
    ///
    /// # Errors
    /// As `evaluate_structured`.
    pub fn value<T: Scalar>(&self, environment: &Valuation<T>) -> Result<Value<T>, Error> {
        Run::new(&self.0, environment).root(self.0.roots.len() - 1).cloned()
    }
}

/// Evaluates definitions in order, each into the environment of the next.
pub fn extend<T: Scalar>(environment: &mut Valuation<T>, definitions: &[Definition]) -> Result<(), Error> {
    for definition in definitions {
        let value = evaluate(&definition.value, environment)?;
        environment.arrays.insert(definition.name.clone(), value);
    }
    Ok(())
}

/// Every entry of the value of `e`.
pub(super) fn written_out<T: Scalar>(e: &Expr, value: Value<T>) -> Result<Matrix<T>, Error> {
    match value {
        Value::Dense(a) => Ok(a),
        structured => {
            let dense = structured.to_dense()?;
            check_finite(e, dense.iter().find(|x| !x.is_finite()))?;
            Ok(dense)
        }
    }
}

/// Applies operators, given what names stand for.
pub(super) struct Evaluator<'a, N> {
    pub names: &'a N,
}

impl<T: Scalar, N: Lookup<Entry = T>> Evaluator<'_, N> {
    /// The operator of `e` at the values of its arguments.
    pub fn apply(&self, e: &Expr, mut args: Vec<Value<T>>) -> Result<Value<T>, Error> {
        match e.op() {
            Op::Variable(_) if !args.is_empty() => self.names.named(e, args.swap_remove(0)),
            Op::Number(_)
            | Op::SizeNumber(_)
            | Op::Constant(_)
            | Op::Variable(_)
            | Op::Ones(_)
            | Op::Zeros(_)
            | Op::Eye(_)
            | Op::Unit(..)
            | Op::Tril(_)
            | Op::Duplication(_)
            | Op::Commutation(..) => self.leaf(e.op()),
            Op::Add => sum(args),
            Op::Had => scaled_product(args),
            Op::Mul => Err(Error::new(Kind::Internal, "a chain is a step of its own")),
            Op::Kron => {
                let right = args.swap_remove(1);
                algebra::kron(T::one(), args.swap_remove(0), right)
            }
            Op::Transpose => Ok(args[0].transposed()),
            Op::Inverse => inverse(&e.args()[0], &args[0]),
            Op::Builtin(Builtin::Diag) => Ok(Value::Diagonal(only(args)?)),
            Op::Block { cols, .. } => blocks(*cols, &args).map(Value::Dense),
            Op::MatrixPower(k) => self.matrix_power(e, &only(args)?, *k).map(Value::Dense),
            Op::Pow => power(e, dense(args)?).map(Value::Dense),
            Op::Map(map) => self.map(e, map, only(args)?).map(Value::Dense),
            Op::Field(f) => self.field(f, &dense(args)?).map(Value::Dense),
            Op::Builtin(b) => built_in(e, *b, only(args)?).map(Value::Dense),
            Op::Unvec(rows, cols) => Ok(Value::Dense(unvec(&only(args)?, (self.size(rows)?, self.size(cols)?)))),
            Op::Slice { rows, cols } => self.slice(e, &only(args)?, rows, cols).map(Value::Dense),
            Op::Differential => differential(&only(args)?).map(Value::Dense),
            Op::Inner => {
                let args = dense(args)?;
                Ok(Value::Dense(inner(&args[0], &args[1])))
            }
        }
    }

    fn leaf(&self, op: &Op) -> Result<Value<T>, Error> {
        let number = |x: f64| Value::Dense(arrays::scalar(T::from(x)));
        Ok(match op {
            Op::Number(n) => {
                let value = n.to_f64();
                if !value.is_finite() {
                    return Err(Error::new(Kind::Domain, "a number is too large for a float")
                        .help("the range of floats ends near 1.8e308"));
                }
                number(value)
            }
            Op::SizeNumber(size) => number(self.whole(size)? as f64),
            Op::Constant(Constant::Pi) => number(std::f64::consts::PI),
            Op::Constant(Constant::E) => number(std::f64::consts::E),
            Op::Variable(v) => return self.variable(v),
            Op::Ones(shape) => Value::Dense(Matrix::from_elem(self.shape(shape)?, T::one())),
            Op::Zeros(shape) => Value::Zero(self.size(&shape.rows)?, self.size(&shape.cols)?),
            Op::Eye(n) => Value::Identity(self.size(n)?, T::one()),
            Op::Tril(n) => Value::Dense(indicator(self.dimensions(n, n)?, |(i, j)| i >= j)),
            Op::Duplication(n) => {
                self.dimensions(&n.times(n), &triangular(n))?;
                Value::Dense(duplication(self.size(n)?))
            }
            Op::Unit(n, i) => {
                let (n, i) = (self.size(n)?, self.whole(i)?);
                if i < 1 || i > n as i64 {
                    return Err(out_of_range(&format!("unit({n}, {i})"), i, n));
                }
                Value::Dense(indicator((n, 1), |(row, _)| row as i64 + 1 == i))
            }
            Op::Commutation(n, m) => {
                self.size(&n.times(m))?;
                Value::Commutation(self.size(n)?, self.size(m)?, T::one())
            }
            Op::Add
            | Op::Had
            | Op::Mul
            | Op::Kron
            | Op::Transpose
            | Op::Inverse
            | Op::MatrixPower(_)
            | Op::Pow
            | Op::Map(_)
            | Op::Field(_)
            | Op::Builtin(_)
            | Op::Unvec(..)
            | Op::Block { .. }
            | Op::Slice { .. }
            | Op::Differential
            | Op::Inner => return Err(Error::new(Kind::Internal, format!("{op:?} without arguments"))),
        })
    }

    fn variable(&self, v: &Variable) -> Result<Value<T>, Error> {
        let unknown = || Error::new(Kind::Usage, format!("no value for {}", v.name));
        let value = self.names.array(&v.name).ok_or_else(unknown)?;
        let expected = self.shape(&v.shape)?;
        if value.dim() != expected {
            let ((r, c), (rows, cols)) = (value.dim(), expected);
            return Err(Error::new(Kind::Shape, format!("{} is {rows}×{cols}, its value {r}×{c}", v.name)));
        }
        Ok(Value::Dense(value))
    }

    /// A size as a number, whatever its sign.
    fn whole(&self, size: &Size) -> Result<i64, Error> {
        let sizes = self.names.sizes();
        size.value(sizes).ok_or_else(|| match size.names().find(|name| !sizes.contains_key(name)) {
            Some(name) => Error::new(Kind::Usage, format!("no value for the size {name}")),
            None => too_large(),
        })
    }

    /// A size as the extent of an array. Variables have entries; what is left of one beside a slice may have none.
    fn size(&self, size: &Size) -> Result<usize, Error> {
        match self.whole(size)? {
            n if n < 0 => Err(Error::new(Kind::Shape, format!("the size {size} is {n} here; no array has it"))),
            n if n > MAX_ENTRIES => Err(too_large()),
            n => Ok(n as usize),
        }
    }

    fn dimensions(&self, rows: &Size, cols: &Size) -> Result<(usize, usize), Error> {
        let (rows, cols) = (self.size(rows)?, self.size(cols)?);
        bounded(rows as i64, cols as i64)?;
        Ok((rows, cols))
    }

    fn shape(&self, shape: &Shape) -> Result<(usize, usize), Error> {
        self.dimensions(&shape.rows, &shape.cols)
    }

    fn matrix_power(&self, e: &Expr, a: &Matrix<T>, k: i64) -> Result<Matrix<T>, Error> {
        let base = if k < 0 { invert(&e.args()[0], a)? } else { a.clone() };
        Ok(factor::power(base.to_owned(), k.unsigned_abs()).into_shared())
    }

    fn map(&self, e: &Expr, map: &Map, a: Matrix<T>) -> Result<Matrix<T>, Error> {
        let f = match &map.function {
            Function::Builtin(f) => *f,
            Function::Abstract(name) => self.bound(name)?,
        };
        if let Some((x, reason)) = a.iter().find_map(|x| Some((x.re(), f.about().domain.violation(x.re())?))) {
            return Err(domain(format!("{}({x}) is undefined", f.ascii()), &e.args()[0]).help(reason));
        }
        if map.order > elementwise::MAX_ORDER {
            let message = format!("the derivative of order {} of {} has no evaluation", map.order, f.ascii());
            return Err(Error::new(Kind::Unsupported, message));
        }
        Ok(a.mapv_into(|x| elementwise::derivative(f, map.order, x).unwrap_or(T::from(f64::NAN))))
    }

    fn field(&self, f: &ArrayFunction, args: &[Matrix<T>]) -> Result<Matrix<T>, Error> {
        let components = self.size(&f.codomain)?;
        let entries = args.last().map_or(0, |x| x.len());
        bounded((components * entries) as i64, entries as i64)?;
        field::value(f, self.bound(&f.name)?, components, args)
    }

    fn bound(&self, name: &Name) -> Result<crate::expr::Elementwise, Error> {
        let unbound = || Error::new(Kind::Usage, format!("no function is bound to {name}"));
        self.names.functions().get(name).copied().ok_or_else(unbound)
    }

    fn slice(&self, e: &Expr, a: &Matrix<T>, rows: &Range, cols: &Range) -> Result<Matrix<T>, Error> {
        let (top, bottom) = self.range(e, rows, a.nrows())?;
        let (left, right) = self.range(e, cols, a.ncols())?;
        Ok(a.slice(s![top..bottom, left..right]).to_shared())
    }

    /// Rows or columns of a slice, counted from 0, the end excluded.
    fn range(&self, e: &Expr, range: &Range, extent: usize) -> Result<(usize, usize), Error> {
        let (first, last) = (self.whole(&range.first)?, self.whole(&range.last)?);
        let what = || format!("the slice {first}..{last} of {}", describe(&e.args()[0]));
        if first < 1 || last > extent as i64 {
            return Err(out_of_range(&what(), if first < 1 { first } else { last }, extent));
        }
        if first > last {
            return Err(Error::new(Kind::Shape, format!("{} is empty", what())));
        }
        Ok((first as usize - 1, last as usize))
    }
}

/// The variables in `e`, for messages: `A`, or `an expression in A, b`.
fn describe(e: &Expr) -> String {
    if let Some(v) = e.as_variable() {
        return v.name.to_string();
    }
    let names: Vec<String> = e.variables().iter().take(4).map(Symbol::to_string).collect();
    if names.is_empty() { "a constant".into() } else { format!("an expression in {}", names.join(", ")) }
}

fn domain(message: String, culprit: &Expr) -> Error {
    let place = if culprit.is_fixed() { String::new() } else { format!(" (in {})", describe(culprit)) };
    Error::new(Kind::Domain, message + &place)
}

pub(super) fn too_large() -> Error {
    Error::new(Kind::Limit, format!("an array would have more than {MAX_ENTRIES} entries"))
}

fn out_of_range(what: &str, index: i64, extent: usize) -> Error {
    Error::new(Kind::Shape, format!("{what}: index {index} is not between 1 and {extent}"))
}

pub(super) fn bounded(rows: i64, cols: i64) -> Result<(), Error> {
    rows.checked_mul(cols).filter(|n| *n <= MAX_ENTRIES).map(|_| ()).ok_or_else(too_large)
}

/// What is said of a value beyond the range of floats.
const NOT_FINITE: &str = "is not finite here";

/// Whether a value is missing for want of range alone, which says nothing of the domain.
pub(super) fn is_overflow(e: &Error) -> bool {
    e.message.contains(NOT_FINITE)
}

/// `culprit` is a number of the value of `e` that is not finite, if there is one.
pub(super) fn check_finite<T: Scalar>(e: &Expr, culprit: Option<&T>) -> Result<(), Error> {
    match culprit {
        None => Ok(()),
        Some(x) if x.re().is_finite() => Err(domain(format!("{} has no derivative here", operator(e.op())), e)),
        Some(_) => Err(domain(format!("the value of {} {NOT_FINITE}", operator(e.op())), e)),
    }
}

/// An operator in words, for messages.
fn operator(op: &Op) -> String {
    match op {
        Op::Number(_) => "a number".into(),
        Op::SizeNumber(_) => "a size".into(),
        Op::Constant(_) => "a constant".into(),
        Op::Variable(v) => v.name.to_string(),
        Op::Ones(_)
        | Op::Zeros(_)
        | Op::Eye(_)
        | Op::Unit(..)
        | Op::Tril(_)
        | Op::Duplication(_)
        | Op::Commutation(..) => "a constant array".into(),
        Op::Add => "a sum".into(),
        Op::Had => "an elementwise product".into(),
        Op::Mul => "a matrix product".into(),
        Op::Kron => "a Kronecker product".into(),
        Op::Transpose => "a transpose".into(),
        Op::Inverse => "an inverse".into(),
        Op::MatrixPower(k) => format!("the matrix power {k}"),
        Op::Pow => "a power".into(),
        Op::Map(Map { function: Function::Builtin(f), order }) => f.ascii().to_string() + &"'".repeat(*order as usize),
        Op::Map(Map { function: Function::Abstract(f), order }) => f.to_string() + &"'".repeat(*order as usize),
        Op::Field(f) => f.to_string(),
        Op::Builtin(b) => b.ascii().into(),
        Op::Unvec(..) => "unvec".into(),
        Op::Block { .. } => "a block matrix".into(),
        Op::Slice { .. } => "a slice".into(),
        Op::Differential => "a differential".into(),
        Op::Inner => "an inner product".into(),
    }
}

/// D vech X = vec X for symmetric X: entries (i, j) and (j, i) are one, columns on and below the diagonal after each other.
fn duplication<T: Scalar>(n: usize) -> Matrix<T> {
    let place = |i: usize, j: usize| j * n - j * j.saturating_sub(1) / 2 - j + i;
    let at = |e: usize| place((e % n).max(e / n), (e % n).min(e / n));
    indicator((n * n, n * (n + 1) / 2), |(row, column)| {
        let (i, j) = (row % n, row / n);
        at(i + j * n) == column
    })
}

fn indicator<T: Scalar>(shape: (usize, usize), test: impl Fn((usize, usize)) -> bool) -> Matrix<T> {
    Array2::from_shape_fn(shape, |place| if test(place) { T::one() } else { T::zero() }).into_shared()
}

/// The entries of all arguments.
fn dense<T: Scalar>(args: Vec<Value<T>>) -> Result<Vec<Matrix<T>>, Error> {
    args.into_iter().map(Value::into_dense).collect()
}

/// The entries of the one argument.
fn only<T: Scalar>(mut args: Vec<Value<T>>) -> Result<Matrix<T>, Error> {
    args.pop().map_or_else(|| Err(Error::new(Kind::Internal, "an operator without arguments")), Value::into_dense)
}

fn sum<T: Scalar>(args: Vec<Value<T>>) -> Result<Value<T>, Error> {
    let total = args.into_iter().map(Ok).reduce(|a, b| algebra::sum(a?, b?));
    total.unwrap_or_else(|| Err(Error::new(Kind::Internal, "an empty sum")))
}

/// Elementwise product of the arrays, scaled by the scalars.
fn scaled_product<T: Scalar>(args: Vec<Value<T>>) -> Result<Value<T>, Error> {
    let (scalars, arrays): (Vec<_>, Vec<_>) = args.into_iter().partition(|a| a.dim() == (1, 1));
    let scale = dense(scalars)?.iter().fold(T::one(), |product, s| product * s[(0, 0)]);
    if arrays.is_empty() {
        return Ok(Value::Dense(arrays::scalar(scale)));
    }
    if arrays.len() == 1 {
        return Ok(arrays.into_iter().fold(Value::Zero(1, 1), |_, a| a.scaled(scale)));
    }
    let mut arrays = dense(arrays)?.into_iter();
    let mut product = arrays.next().unwrap_or_else(|| arrays::scalar(T::one()));
    arrays.for_each(|a| product *= &a);
    Ok(Value::Dense(product).scaled(scale))
}

/// A⁻¹; of a diagonal matrix entry by entry, of a Kronecker product factor by factor.
fn inverse<T: Scalar>(e: &Expr, a: &Value<T>) -> Result<Value<T>, Error> {
    let square = |a: &Value<T>| a.nrows() == a.ncols();
    match a {
        Value::Identity(n, k) if k.re() != 0.0 => Ok(Value::Identity(*n, k.recip())),
        Value::Diagonal(d) if d.iter().all(|x| x.re() != 0.0) => {
            Ok(Value::Diagonal(d.mapv(|x| x.recip()).into_shared()))
        }
        Value::Commutation(n, m, k) if k.re() != 0.0 => Ok(Value::Commutation(*m, *n, k.recip())),
        Value::Kron(k, f) if k.re() != 0.0 && f.iter().all(square) => {
            algebra::kron(k.recip(), inverse(e, &f[0])?, inverse(e, &f[1])?)
        }
        Value::Dense(_)
        | Value::Zero(..)
        | Value::Identity(..)
        | Value::Diagonal(_)
        | Value::Commutation(..)
        | Value::Kron(..)
        | Value::Sum(_)
        | Value::Product(..) => invert(e, &a.to_dense()?).map(Value::Dense),
    }
}

fn invert<T: Scalar>(e: &Expr, a: &Matrix<T>) -> Result<Matrix<T>, Error> {
    let singular = || Error::new(Kind::Domain, format!("{} is singular here, it has no inverse", describe(e)));
    factor::LuFactors::new(a.view()).map(|f| f.inverse().into_shared()).ok_or_else(singular)
}

/// Elementwise power. A constant exponent needs no logarithm; one that varies does.
fn power<T: Scalar>(e: &Expr, mut args: Vec<Matrix<T>>) -> Result<Matrix<T>, Error> {
    let exponent = args[1][(0, 0)];
    let base = args.swap_remove(0);
    let (p, culprit) = (exponent.re(), &e.args()[0]);
    let constant = as_number(&e.args()[1]).is_some() || exponent.tangent() == 0.0;
    for x in base.iter().map(|x| x.re()) {
        if x == 0.0 && p < 0.0 {
            return Err(domain(format!("division by zero: 1/x with x = 0, the power {p} of 0"), culprit));
        }
        if x < 0.0 && p.fract() != 0.0 {
            return Err(domain(format!("the power {p} of the negative number {x} is undefined"), culprit));
        }
        if x <= 0.0 && !constant {
            let message = format!("the power of {x} with an exponent that varies has no derivative: it needs log({x})");
            return Err(domain(message, culprit));
        }
    }
    Ok(base.mapv_into(|x| if constant { x.power(p) } else { (x.ln() * exponent).exp() }))
}

fn built_in<T: Scalar>(e: &Expr, b: Builtin, a: Matrix<T>) -> Result<Matrix<T>, Error> {
    arrays::builtin(b, a).map_err(|reason| {
        Error::new(Kind::Domain, format!("{} of {} is undefined here: {reason}", b.ascii(), describe(&e.args()[0])))
    })
}

fn unvec<T: Scalar>(v: &Matrix<T>, (rows, cols): (usize, usize)) -> Matrix<T> {
    let entries: Vec<T> = v.t().iter().copied().collect();
    Array2::from_shape_fn((rows, cols), |(i, j)| entries[i + j * rows]).into_shared()
}

/// Blocks row by row, `cols` to a row, each written to its place.
fn blocks<T: Scalar>(cols: usize, args: &[Value<T>]) -> Result<Matrix<T>, Error> {
    let height = args.iter().step_by(cols).map(Value::nrows).sum::<usize>();
    let width = args[..cols].iter().map(Value::ncols).sum::<usize>();
    bounded(height as i64, width as i64)?;
    let mut whole = Array2::from_elem((height, width), T::zero());
    let mut top = 0;
    for row in args.chunks(cols) {
        let mut left = 0;
        for block in row {
            let place = s![top..top + block.nrows(), left..left + block.ncols()];
            block.add_to(T::one(), whole.slice_mut(place))?;
            left += block.ncols();
        }
        top += row[0].nrows();
    }
    Ok(whole.into_shared())
}

/// d(A) in the direction the environment's tangents give.
fn differential<T: Scalar>(a: &Matrix<T>) -> Result<Matrix<T>, Error> {
    let tangents: Option<Vec<T>> = a.iter().map(|x| x.differential()).collect();
    let misuse = || Error::new(Kind::Internal, "a differential has a value among dual numbers only");
    let tangents = tangents.ok_or_else(misuse)?;
    Array2::from_shape_vec(a.dim(), tangents).map(Array2::into_shared).map_err(|_| misuse())
}

fn inner<T: Scalar>(a: &Matrix<T>, b: &Matrix<T>) -> Matrix<T> {
    arrays::scalar(a.iter().zip(b.iter()).fold(T::zero(), |sum, (x, y)| sum + *x * *y))
}
