//! The value of an expression: one arm for every operator of the core.

use super::{Environment, Scalar, arrays, elementwise, factor};
use crate::diag::{Error, Kind};
use crate::expr::{Builtin, Constant, Expr, Function, Map, Name, Op, Range, Shape, Size, Variable, as_number};
use crate::program::Definition;
use ndarray::{ArcArray2, Array2, Axis, concatenate, s};
use std::collections::HashMap;

/// A value: rows and columns, shared, copied only when written to while others hold it.
pub type Matrix<T> = ArcArray2<T>;

/// No array of an evaluation may have more entries than this.
pub const MAX_ENTRIES: i64 = 1 << 24;

/// The value of `e`; a scalar is 1 × 1.
///
/// # Errors
/// `Domain` where `e` is undefined (log of 0, a singular inverse, anything not finite); `Limit` for arrays of more than
/// `MAX_ENTRIES`; `Usage` for names the environment does not know.
pub fn evaluate<T: Scalar>(e: &Expr, environment: &Environment<T>) -> Result<Matrix<T>, Error> {
    Evaluator { environment, shared: HashMap::new() }.value(e)
}

/// Evaluates definitions in order, each into the environment of the next.
pub fn extend<T: Scalar>(environment: &mut Environment<T>, definitions: &[Definition]) -> Result<(), Error> {
    for definition in definitions {
        let value = evaluate(&definition.value, environment)?;
        environment.arrays.insert(definition.name.clone(), value);
    }
    Ok(())
}

struct Evaluator<'a, T> {
    environment: &'a Environment<T>,
    /// Values of subtrees that more than one place holds, by the subtree's address.
    shared: HashMap<usize, Matrix<T>>,
}

impl<T: Scalar> Evaluator<'_, T> {
    /// Arguments before operators, without recursion: expressions may be deep.
    fn value(&mut self, root: &Expr) -> Result<Matrix<T>, Error> {
        let mut work = vec![(root, false)];
        let mut values: Vec<Matrix<T>> = vec![];
        while let Some((e, arguments_done)) = work.pop() {
            if arguments_done {
                let args = values.split_off(values.len() - e.args().len());
                values.push(self.node(e, args)?);
            } else if let Some(known) = self.shared.get(&e.address()) {
                values.push(known.clone());
            } else {
                work.push((e, true));
                work.extend(e.args().iter().rev().map(|a| (a, false)));
            }
        }
        values.pop().ok_or_else(|| Error::new(Kind::Internal, "an expression without a value"))
    }

    fn node(&mut self, e: &Expr, args: Vec<Matrix<T>>) -> Result<Matrix<T>, Error> {
        let value = self.apply(e, args)?;
        check_finite(e, &value)?;
        if e.is_shared() && !e.args().is_empty() {
            self.shared.insert(e.address(), value.clone());
        }
        Ok(value)
    }

    /// The operator of `e` at the values of its arguments.
    fn apply(&self, e: &Expr, mut args: Vec<Matrix<T>>) -> Result<Matrix<T>, Error> {
        match e.op() {
            Op::Number(_)
            | Op::SizeNumber(_)
            | Op::Constant(_)
            | Op::Variable(_)
            | Op::Ones(_)
            | Op::Zeros(_)
            | Op::Eye(_)
            | Op::Unit(..)
            | Op::Tril(_)
            | Op::Commutation(..) => self.leaf(e.op()),
            Op::Add => Ok(sum(args)),
            Op::Had => Ok(scaled_product(args)),
            Op::Mul => chain(args),
            Op::Kron => {
                let (a, b) = (&args[0], &args[1]);
                bounded(a.len() as i64, b.len() as i64)?;
                Ok(ndarray::linalg::kron(a, b).into_shared())
            }
            Op::Transpose => Ok(args.swap_remove(0).reversed_axes()),
            Op::Inverse => invert(&e.args()[0], &args[0]),
            Op::MatrixPower(k) => self.matrix_power(e, &args[0], *k),
            Op::Pow => power(e, args),
            Op::Map(map) => self.map(e, map, args.swap_remove(0)),
            Op::Builtin(b) => built_in(e, *b, args.swap_remove(0)),
            Op::Unvec(rows, cols) => Ok(unvec(&args[0], (self.size(rows)?, self.size(cols)?))),
            Op::Block { cols, .. } => blocks(*cols, &args),
            Op::Slice { rows, cols } => self.slice(e, &args[0], rows, cols),
            Op::Differential => differential(&args[0]),
            Op::Inner => Ok(inner(&args[0], &args[1])),
        }
    }

    fn leaf(&self, op: &Op) -> Result<Matrix<T>, Error> {
        let number = |x: f64| arrays::scalar(T::from(x));
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
            Op::Ones(shape) => Matrix::from_elem(self.shape(shape)?, T::one()),
            Op::Zeros(shape) => Matrix::from_elem(self.shape(shape)?, T::zero()),
            Op::Eye(n) => indicator(self.dimensions(n, n)?, |(i, j)| i == j),
            Op::Tril(n) => indicator(self.dimensions(n, n)?, |(i, j)| i >= j),
            Op::Unit(n, i) => {
                let (n, i) = (self.size(n)?, self.whole(i)?);
                if i < 1 || i > n as i64 {
                    return Err(out_of_range(&format!("unit({n}, {i})"), i, n));
                }
                indicator((n, 1), |(row, _)| row as i64 + 1 == i)
            }
            Op::Commutation(n, m) => {
                let (rows, cols) = (self.size(n)?, self.size(m)?);
                let side = n.times(m);
                indicator(self.dimensions(&side, &side)?, |(to, from)| {
                    (to / cols, to % cols) == (from % rows, from / rows)
                })
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
            | Op::Builtin(_)
            | Op::Unvec(..)
            | Op::Block { .. }
            | Op::Slice { .. }
            | Op::Differential
            | Op::Inner => return Err(Error::new(Kind::Internal, format!("{op:?} without arguments"))),
        })
    }

    fn variable(&self, v: &Variable) -> Result<Matrix<T>, Error> {
        let value = self
            .environment
            .arrays
            .get(&v.name)
            .ok_or_else(|| Error::new(Kind::Usage, format!("no value for {}", v.name)))?;
        let expected = self.shape(&v.shape)?;
        if value.dim() != expected {
            let ((r, c), (rows, cols)) = (value.dim(), expected);
            return Err(Error::new(Kind::Shape, format!("{} is {rows}×{cols}, its value {r}×{c}", v.name)));
        }
        Ok(value.clone())
    }

    /// A size as a number, whatever its sign.
    fn whole(&self, size: &Size) -> Result<i64, Error> {
        let sizes = &self.environment.sizes;
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
        if let Some((x, reason)) = a.iter().find_map(|x| Some((x.re(), elementwise::violation(f, x.re())?))) {
            return Err(domain(format!("{}({x}) is undefined", f.ascii()), &e.args()[0]).help(reason));
        }
        if map.order > elementwise::MAX_ORDER {
            let message = format!("the derivative of order {} of {} has no evaluation", map.order, f.ascii());
            return Err(Error::new(Kind::Unsupported, message));
        }
        Ok(a.mapv_into(|x| elementwise::derivative(f, map.order, x).unwrap_or(T::from(f64::NAN))))
    }

    fn bound(&self, name: &Name) -> Result<crate::expr::Elementwise, Error> {
        let unbound = || Error::new(Kind::Usage, format!("no function is bound to {name}"));
        self.environment.functions.get(name).copied().ok_or_else(unbound)
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
    let names: Vec<String> = e.variables().iter().take(4).map(Name::to_string).collect();
    if names.is_empty() { "a constant".into() } else { format!("an expression in {}", names.join(", ")) }
}

fn domain(message: String, culprit: &Expr) -> Error {
    let place = if culprit.variables().is_empty() { String::new() } else { format!(" (in {})", describe(culprit)) };
    Error::new(Kind::Domain, message + &place)
}

fn too_large() -> Error {
    Error::new(Kind::Limit, format!("an array would have more than {MAX_ENTRIES} entries"))
}

fn out_of_range(what: &str, index: i64, extent: usize) -> Error {
    Error::new(Kind::Shape, format!("{what}: index {index} is not between 1 and {extent}"))
}

fn bounded(rows: i64, cols: i64) -> Result<(), Error> {
    rows.checked_mul(cols).filter(|n| *n <= MAX_ENTRIES).map(|_| ()).ok_or_else(too_large)
}

fn check_finite<T: Scalar>(e: &Expr, value: &Matrix<T>) -> Result<(), Error> {
    match value.iter().find(|x| !x.is_finite()) {
        None => Ok(()),
        Some(x) if x.re().is_finite() => Err(domain(format!("{} has no derivative here", operator(e.op())), e)),
        Some(_) => Err(domain(format!("the value of {} is not finite here", operator(e.op())), e)),
    }
}

/// An operator in words, for messages.
fn operator(op: &Op) -> String {
    match op {
        Op::Number(_) => "a number".into(),
        Op::SizeNumber(_) => "a size".into(),
        Op::Constant(_) => "a constant".into(),
        Op::Variable(v) => v.name.to_string(),
        Op::Ones(_) | Op::Zeros(_) | Op::Eye(_) | Op::Unit(..) | Op::Tril(_) | Op::Commutation(..) => {
            "a constant array".into()
        }
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
        Op::Builtin(b) => b.ascii().into(),
        Op::Unvec(..) => "unvec".into(),
        Op::Block { .. } => "a block matrix".into(),
        Op::Slice { .. } => "a slice".into(),
        Op::Differential => "a differential".into(),
        Op::Inner => "an inner product".into(),
    }
}

fn indicator<T: Scalar>(shape: (usize, usize), test: impl Fn((usize, usize)) -> bool) -> Matrix<T> {
    Array2::from_shape_fn(shape, |place| if test(place) { T::one() } else { T::zero() }).into_shared()
}

fn sum<T: Scalar>(args: Vec<Matrix<T>>) -> Matrix<T> {
    let mut args = args.into_iter();
    let mut total = args.next().unwrap_or_else(|| arrays::scalar(T::zero()));
    args.for_each(|a| total += &a);
    total
}

/// Elementwise product of the arrays, scaled by the scalars.
fn scaled_product<T: Scalar>(args: Vec<Matrix<T>>) -> Matrix<T> {
    let (scalars, arrays): (Vec<_>, Vec<_>) = args.into_iter().partition(|a| a.len() == 1);
    let scale = scalars.iter().fold(T::one(), |product, s| product * s[(0, 0)]);
    let mut arrays = arrays.into_iter();
    let Some(mut product) = arrays.next() else {
        return arrays::scalar(scale);
    };
    arrays.for_each(|a| product *= &a);
    if !scalars.is_empty() {
        product.mapv_inplace(|x| x * scale);
    }
    product
}

/// A chain of matrix products, always the cheapest neighbours first and the right ones among equals: a vector at either
/// end keeps everything a vector.
fn chain<T: Scalar>(mut factors: Vec<Matrix<T>>) -> Result<Matrix<T>, Error> {
    while factors.len() > 1 {
        let cost = |i: &usize| factors[*i].len() * factors[*i + 1].ncols();
        let at = (0..factors.len() - 1).rev().min_by_key(cost).unwrap_or(0);
        let right = factors.remove(at + 1);
        bounded(factors[at].nrows() as i64, right.ncols() as i64)?;
        factors[at] = factors[at].dot(&right).into_shared();
    }
    factors.pop().ok_or_else(|| Error::new(Kind::Internal, "an empty product"))
}

fn invert<T: Scalar>(e: &Expr, a: &Matrix<T>) -> Result<Matrix<T>, Error> {
    let singular = || Error::new(Kind::Domain, format!("{} is singular here, it has no inverse", describe(e)));
    factor::Factors::new(a.view()).map(|f| f.inverse().into_shared()).ok_or_else(singular)
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
    if b == Builtin::Diag {
        bounded(a.len() as i64, a.len() as i64)?;
    }
    arrays::builtin(b, a).map_err(|reason| {
        Error::new(Kind::Domain, format!("{} of {} is undefined here: {reason}", b.ascii(), describe(&e.args()[0])))
    })
}

fn unvec<T: Scalar>(v: &Matrix<T>, (rows, cols): (usize, usize)) -> Matrix<T> {
    let entries: Vec<T> = v.t().iter().copied().collect();
    Array2::from_shape_fn((rows, cols), |(i, j)| entries[i + j * rows]).into_shared()
}

/// Blocks row by row, `cols` to a row.
fn blocks<T: Scalar>(cols: usize, args: &[Matrix<T>]) -> Result<Matrix<T>, Error> {
    let misfit = |e: ndarray::ShapeError| Error::new(Kind::Internal, format!("blocks do not fit: {e}"));
    let beside = |row: &[Matrix<T>]| concatenate(Axis(1), &row.iter().map(|a| a.view()).collect::<Vec<_>>());
    let rows = args.chunks(cols).map(beside).collect::<Result<Vec<_>, _>>().map_err(misfit)?;
    let whole = concatenate(Axis(0), &rows.iter().map(|r| r.view()).collect::<Vec<_>>()).map_err(misfit)?;
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
