//! Expressions over exact numbers. Of functions that are not rational only the name is used: the same value for the same
//! argument, and what follows from their symmetry.

use super::array::{
    Array, along, blocks, by_rows, centred, eliminated, hadamard, indicator, mean, product, product_of_others, sum,
    total, variance,
};
use super::field::{Field, Gap};
use super::signs::Signs;
use crate::expr::{
    Axis, Builtin, Constant, Elementwise, Expr, Function, Map, Name, Op, Range, Rational, Size, Slope, Symbol,
    as_number,
};
use crate::fuel;
use crate::program::{Definition, Input};
use rustc_hash::FxHashMap as HashMap;
use std::collections::BTreeMap;
use std::hash::Hash;

/// Multiplications one evaluation may take.
const MAX_WORK: u64 = 400_000;
/// So many multiplications take as long as building one node of an expression.
const MULTIPLICATIONS: u64 = 16;

/// An evaluation at one point.
pub struct Exact<'a, F> {
    arrays: BTreeMap<&'a Symbol, Array<F>>,
    sizes: &'a BTreeMap<Name, i64>,
    /// What is declared of the inputs, as far as it is of use.
    pub inputs: &'a [Input],
    /// Which values the functions have: others for another number.
    pub functions: u64,
    known: HashMap<usize, Array<F>>,
    /// Multiplications so far.
    pub work: u64,
    /// Whether a root was taken of which not every law of powers holds.
    pub lawless: bool,
    /// Whether a root was taken at all: of the two there are it may be the negative one.
    pub rooted: bool,
    /// Whether a sign was asked for.
    pub signed: bool,
    /// Which sign every number has that is asked for its sign.
    pub signs: Option<Signs<F>>,
}

impl<'a, F: Field> Exact<'a, F> {
    pub fn new(arrays: BTreeMap<&'a Symbol, Array<F>>, sizes: &'a BTreeMap<Name, i64>, functions: u64) -> Exact<'a, F> {
        Exact {
            arrays,
            sizes,
            inputs: &[],
            functions,
            known: HashMap::default(),
            work: 0,
            lawless: false,
            rooted: false,
            signed: false,
            signs: None,
        }
    }

    /// The same with signs as a pattern of bits has them.
    pub fn with_signs(self, pattern: u64) -> Exact<'a, F> {
        Exact { signs: Some(Signs::new(pattern)), ..self }
    }

    /// The same with what is declared of the inputs.
    pub fn with_inputs(self, inputs: &'a [Input]) -> Exact<'a, F> {
        Exact { inputs, ..self }
    }

    /// Of how many numbers a pattern was asked for the sign; x and −x are one.
    pub fn signs(&self) -> usize {
        self.signs.as_ref().map_or(0, Signs::count)
    }

    /// Evaluates definitions in order.
    pub fn define(&mut self, definitions: &'a [Definition]) -> Result<(), Gap> {
        for d in definitions {
            let value = self.value(&d.value)?;
            self.arrays.insert(&d.name, value);
        }
        Ok(())
    }

    /// The value of an expression; expressions outlive the evaluation, since nodes are known by their place.
    pub fn value(&mut self, e: &'a Expr) -> Result<Array<F>, Gap> {
        if let Some(known) = self.known.get(&e.address()) {
            return Ok(known.clone());
        }
        let args = e.args().iter().map(|a| self.value(a)).collect::<Result<Vec<_>, _>>()?;
        let value = self.apply(e, args)?;
        self.spend(value.entries.len())?;
        if value.entries.iter().any(F::is_long) {
            return Err(Gap::Beyond);
        }
        if e.is_shared() && !e.args().is_empty() {
            self.known.insert(e.address(), value.clone());
        }
        Ok(value)
    }

    fn spend(&mut self, multiplications: usize) -> Result<(), Gap> {
        self.work += multiplications as u64;
        fuel::burn(multiplications as u64 / MULTIPLICATIONS);
        if self.work > MAX_WORK { Err(Gap::Beyond) } else { Ok(()) }
    }

    fn size(&self, size: &Size) -> Result<usize, Gap> {
        let n = size.value(self.sizes).ok_or(Gap::Beyond)?;
        usize::try_from(n).ok().filter(|n| *n as u64 <= MAX_WORK).ok_or(Gap::Beyond)
    }

    fn extent(&mut self, rows: &Size, cols: &Size) -> Result<(usize, usize), Gap> {
        let extent = (self.size(rows)?, self.size(cols)?);
        self.spend(extent.0.saturating_mul(extent.1))?;
        Ok(extent)
    }

    fn apply(&mut self, e: &'a Expr, mut args: Vec<Array<F>>) -> Result<Array<F>, Gap> {
        match e.op() {
            Op::Number(n) => Ok(Array::scalar(F::of(n)?)),
            Op::SizeNumber(size) => Ok(Array::scalar(F::whole(size.value(self.sizes).ok_or(Gap::Beyond)?))),
            Op::Constant(c) => Ok(Array::scalar(self.constant(*c)?)),
            Op::Variable(v) => self.arrays.get(&v.name).cloned().ok_or(Gap::Beyond),
            Op::Ones(s) => Ok(Array::filled(self.extent(&s.rows, &s.cols)?, |_, _| F::whole(1))),
            Op::Zeros(s) => Ok(Array::filled(self.extent(&s.rows, &s.cols)?, |_, _| F::whole(0))),
            Op::Eye(n) => Ok(indicator(self.extent(n, n)?, |i, j| i == j)),
            Op::Tril(n) => Ok(indicator(self.extent(n, n)?, |i, j| i >= j)),
            Op::Unit(n, i) => {
                let (n, i) = (self.size(n)?, self.size(i)?);
                if i < 1 || i > n { Err(Gap::Undefined) } else { Ok(indicator((n, 1), |row, _| row + 1 == i)) }
            }
            Op::Commutation(n, m) => {
                let (n, m) = self.extent(n, m)?;
                self.spend((n * m).saturating_mul(n * m))?;
                Ok(indicator((n * m, n * m), |i, j| i == j / n + j % n * m))
            }
            // not of this arithmetic: numbers decide
            Op::Duplication(_) => Err(Gap::Beyond),
            Op::Add => Ok(sum(args)),
            Op::Had => Ok(hadamard(&args)),
            Op::Mul => self.chain(args),
            Op::Kron => self.kron(&args[0], &args[1]),
            Op::Transpose => Ok(args[0].transposed()),
            Op::Inverse => self.inverse(&args[0]),
            Op::MatrixPower(k) => self.matrix_power(args.swap_remove(0), *k),
            Op::Pow => self.power(e, &args[0], args[1].at(0, 0)),
            Op::Map(map) => {
                self.spend(args[0].entries.len())?;
                let piecewise = self.piecewise(map, &e.args()[0], &args[0])?;
                piecewise.map_or_else(|| args[0].map(|x| self.function(map, x)), Ok)
            }
            Op::Field(f) => self.field(f, &args),
            Op::Builtin(Builtin::Norm1) => {
                let absolute = self.absolute(&e.args()[0], &args[0])?;
                Ok(Array::scalar(total(absolute.entries.iter())))
            }
            Op::Builtin(b) => self.built_in(*b, args.swap_remove(0)),
            Op::Unvec(rows, cols) => {
                let extent = self.extent(rows, cols)?;
                let v = args[0].transposed().entries;
                Ok(Array::filled(extent, |i, j| v[i + j * extent.0].clone()))
            }
            Op::Block { cols, .. } => Ok(blocks(*cols, &args)),
            Op::Slice { rows, cols } => self.slice(&args[0], rows, cols),
            Op::Inner => {
                let product = hadamard(&args);
                Ok(Array::scalar(total(product.entries.iter())))
            }
            Op::Differential => Err(Gap::Beyond),
        }
    }

    /// π and e are as good as any number nothing is known of.
    fn constant(&self, c: Constant) -> Result<F, Gap> {
        F::whole(0).named(&|h| c.hash(h), 0)
    }

    fn chain(&mut self, args: Vec<Array<F>>) -> Result<Array<F>, Gap> {
        let mut factors = args.into_iter();
        let first = factors.next().ok_or(Gap::Beyond)?;
        factors.try_fold(first, |product, factor| self.product(&product, &factor))
    }

    fn product(&mut self, a: &Array<F>, b: &Array<F>) -> Result<Array<F>, Gap> {
        self.spend(a.rows.saturating_mul(a.cols).saturating_mul(b.cols))?;
        let entry =
            |i: usize, j: usize| (0..a.cols).fold(F::whole(0), |sum, k| sum.plus(&a.at(i, k).times(b.at(k, j))));
        Ok(Array::filled((a.rows, b.cols), entry))
    }

    fn kron(&mut self, a: &Array<F>, b: &Array<F>) -> Result<Array<F>, Gap> {
        self.spend(a.entries.len().saturating_mul(b.entries.len()))?;
        let entry = |i: usize, j: usize| a.at(i / b.rows, j / b.cols).times(b.at(i % b.rows, j % b.cols));
        Ok(Array::filled((a.rows * b.rows, a.cols * b.cols), entry))
    }

    fn matrix_power(&mut self, a: Array<F>, k: i64) -> Result<Array<F>, Gap> {
        let mut square = if k < 0 { self.inverse(&a)? } else { a };
        let mut product = indicator(square.dim(), |i, j| i == j);
        let mut rest = k.unsigned_abs();
        while rest > 0 {
            if rest & 1 == 1 {
                product = self.product(&product, &square)?;
            }
            rest >>= 1;
            if rest > 0 {
                square = self.product(&square, &square)?;
            }
        }
        Ok(product)
    }

    fn inverse(&mut self, a: &Array<F>) -> Result<Array<F>, Gap> {
        let n = a.rows;
        self.spend(n.saturating_mul(n).saturating_mul(2 * n))?;
        let one = |i: usize, j: usize| F::whole(i64::from(i == j));
        let wide = Array::filled((n, 2 * n), |i, j| if j < n { a.at(i, j).clone() } else { one(i, j - n) });
        let (reduced, determinant) = eliminated(wide)?;
        if determinant.is_zero() {
            return Err(Gap::Undefined);
        }
        Ok(Array::filled((n, n), |i, j| reduced.at(i, j + n).clone()))
    }

    fn determinant(&mut self, a: Array<F>) -> Result<F, Gap> {
        self.spend(a.rows.saturating_mul(a.rows).saturating_mul(a.rows))?;
        Ok(eliminated(a)?.1)
    }

    fn power(&mut self, e: &'a Expr, base: &Array<F>, exponent: &F) -> Result<Array<F>, Gap> {
        self.spend(base.entries.len().saturating_mul(128))?;
        match as_number(&e.args()[1]) {
            Some(p) if p.is_integer() => {
                let k = p.to_i64().ok_or(Gap::Beyond)?;
                base.map(|x| x.power(k))
            }
            Some(p) => {
                let square = self.power_of_square(&e.args()[0], p)?;
                square.map_or_else(|| base.map(|x| self.root(x, p)), Ok)
            }
            // xᵖ = exp(p log x), of which nothing is known
            None => {
                let name = exponent.named(&|h| "exponent".hash(h), self.functions)?;
                base.map(|x| {
                    x.named(&|h| "base".hash(h), self.functions)?
                        .plus(&name)
                        .named(&|h| "power".hash(h), self.functions)
                })
            }
        }
    }

    fn root(&mut self, x: &F, exponent: &Rational) -> Result<F, Gap> {
        if x.is_zero() {
            return if exponent.is_negative() { Err(Gap::Undefined) } else { Ok(F::whole(0)) };
        }
        let (root, lawful) = x.root(exponent, self.functions)?;
        self.lawless |= !lawful;
        self.rooted = true;
        Ok(root)
    }

    fn function(&mut self, map: &Map, x: &F) -> Result<F, Gap> {
        use Elementwise::{Exp, Log, Silu, Sqrt};
        if let Some(known) = at_zero(map).filter(|_| x.is_zero()) {
            return F::of(&known);
        }
        match (&map.function, map.order) {
            (Function::Builtin(Sqrt), 0) => self.root(x, &Rational::new(1, 2)),
            (Function::Builtin(Sqrt), 1) => {
                Ok(self.root(x, &Rational::new(-1, 2))?.times(&F::of(&Rational::new(1, 2))?))
            }
            (Function::Builtin(Log), 1) => x.inverse(),
            (Function::Builtin(Exp), _) => x.named(&|h| Exp.hash(h), self.functions),
            (Function::Builtin(Silu), 0) => {
                let sigmoid = Map { function: Function::Builtin(Elementwise::Sigmoid), order: 0 };
                Ok(x.times(&self.function(&sigmoid, x)?))
            }
            (Function::Builtin(_) | Function::Abstract(_), _) => self.symmetric(map, x),
        }
    }

    /// A function of arrays by its name: any numbers its argument decides, second derivatives symmetric.
    fn field(&mut self, f: &crate::expr::ArrayFunction, args: &[Array<F>]) -> Result<Array<F>, Gap> {
        let point = args.last().ok_or(Gap::Beyond)?;
        let (n, m) = (point.entries.len(), self.size(&f.codomain)?);
        self.spend(n.saturating_mul(n).saturating_mul(m))?;
        let mark = |x: &F, e: &F| x.plus(e).named(&|h| "entry".hash(h), self.functions);
        let key = point.transposed().entries.iter().try_fold(F::whole(0), |key, e| mark(&key, e))?;
        let partial = |at: (usize, usize, usize)| key.named(&|h| (&f.name, at).hash(h), self.functions);
        let second = |i, j: usize, k: usize| partial((i + 1, j.min(k) + 1, j.max(k) + 1));
        match f.slope {
            None => Array::tabulated((m, 1), |i, _| partial((i + 1, 0, 0))),
            Some(Slope::Gradient) => Array::tabulated(point.dim(), |i, j| partial((1, 0, i + j * point.rows + 1))),
            Some(Slope::Jacobian) => Array::tabulated((m, n), |i, j| partial((i + 1, 0, j + 1))),
            Some(Slope::Hessian) => Array::tabulated((n, n), |j, k| second(0, j, k)),
            Some(Slope::Weighted) => Array::tabulated((n, n), |j, k| {
                (0..m).try_fold(F::whole(0), |sum, i| Ok(sum.plus(&second(i, j, k)?.times(args[0].at(i, 0)))))
            }),
        }
    }

    /// A function by its name: f(−x) is f(x) of even functions, −f(x) of odd ones, 1 − f(x) of the logistic function.
    fn symmetric(&self, map: &Map, x: &F) -> Result<F, Gap> {
        use Elementwise::{Asin, Atan, Cos, Cosh, Erf, IsZero, Sigmoid, Sin, Sinh, Tan, Tanh};
        let named = |x: &F| x.named(&|h| map.hash(h), self.functions);
        let Function::Builtin(f) = map.function else { return named(x) };
        let odd = match f {
            Sin | Sinh | Tan | Tanh | Asin | Atan | Erf | Sigmoid => map.order.is_multiple_of(2),
            Cos | Cosh | IsZero => !map.order.is_multiple_of(2),
            _ => return named(x),
        };
        // either of the two would do; what is called −x is the one that looks so
        let negative = x.looks_negative();
        let value = named(&if negative { x.negated() } else { x.clone() })?;
        Ok(match (negative && odd, f == Sigmoid && map.order == 0) {
            (true, true) => F::whole(1).plus(&value.negated()),
            (true, false) => value.negated(),
            (false, _) => value,
        })
    }

    fn built_in(&mut self, b: Builtin, a: Array<F>) -> Result<Array<F>, Gap> {
        self.spend(a.entries.len())?;
        Ok(match b {
            Builtin::Sum(Axis::All) => Array::scalar(total(a.entries.iter())),
            Builtin::Sum(Axis::Rows) => Array::filled((a.rows, 1), |i, _| total((0..a.cols).map(|j| a.at(i, j)))),
            Builtin::Sum(Axis::Cols) => Array::filled((a.cols, 1), |j, _| total((0..a.rows).map(|i| a.at(i, j)))),
            Builtin::Prod(Axis::All) => Array::scalar(product(a.entries.iter())),
            Builtin::Prod(Axis::Rows) => Array::filled((a.rows, 1), |i, _| product((0..a.cols).map(|j| a.at(i, j)))),
            Builtin::Prod(Axis::Cols) => Array::filled((a.cols, 1), |j, _| product((0..a.rows).map(|i| a.at(i, j)))),
            Builtin::ProdOthers(axis) => {
                self.spend(a.entries.len().saturating_mul(a.entries.len()))?;
                Array::filled(a.dim(), |i, j| product_of_others(&a, axis, i, j))
            }
            Builtin::Mean => Array::scalar(mean(&a.entries)?),
            Builtin::Var(Axis::All) => Array::scalar(variance(&a.entries)?),
            Builtin::Var(Axis::Rows) => Array { cols: 1, ..by_rows(a, |x| Ok(vec![variance(x)?]))? },
            Builtin::Var(Axis::Cols) => Array { cols: 1, ..by_rows(a.transposed(), |x| Ok(vec![variance(x)?]))? },
            Builtin::Trace => Array::scalar(total((0..a.rows).map(|i| a.at(i, i)))),
            Builtin::Det => Array::scalar(self.determinant(a)?),
            Builtin::LogDet => {
                let determinant = self.determinant(a)?;
                if determinant.is_zero() {
                    return Err(Gap::Undefined);
                }
                Array::scalar(determinant.times(&determinant).named(&|h| "logdet".hash(h), self.functions)?)
            }
            Builtin::NormSquared => Array::scalar(total(hadamard(&[a.clone(), a]).entries.iter())),
            // it needs the expression
            Builtin::Norm1 => return Err(Gap::Beyond),
            Builtin::LogSumExp => Array::scalar(self.log_sum_exp(&a.entries)?),
            Builtin::Diag => {
                Array::filled((a.rows, a.rows), |i, j| if i == j { a.at(i, 0).clone() } else { F::whole(0) })
            }
            Builtin::Skew => Array::filled((3, 3), |i, j| match (3 + j - i) % 3 {
                0 => F::whole(0),
                1 => F::whole(-1).times(a.at(3 - i - j, 0)),
                _ => a.at(3 - i - j, 0).clone(),
            }),
            Builtin::DiagonalOf => Array::filled((a.rows, 1), |i, _| a.at(i, i).clone()),
            Builtin::Vec => Array { rows: a.rows * a.cols, cols: 1, entries: a.transposed().entries },
            Builtin::CumSum => Array::filled(a.dim(), |i, j| total((0..=i).map(|k| a.at(k, j)))),
            Builtin::Softmax(axis) => along(axis, a, |x| self.softmax(x))?,
            Builtin::LogSoftmax(axis) => along(axis, a, |x| self.log_softmax(x))?,
            Builtin::LayerNorm(axis) => along(axis, a, |x| self.layer_norm(x))?,
        })
    }

    fn exponentials(&self, x: &[F]) -> Result<Vec<F>, Gap> {
        x.iter().map(|x| x.named(&|h| Elementwise::Exp.hash(h), self.functions)).collect()
    }

    fn log_sum_exp(&self, x: &[F]) -> Result<F, Gap> {
        let log = Map { function: Function::Builtin(Elementwise::Log), order: 0 };
        total(self.exponentials(x)?.iter()).named(&|h| log.hash(h), self.functions)
    }

    fn softmax(&self, x: &[F]) -> Result<Vec<F>, Gap> {
        let exponentials = self.exponentials(x)?;
        let scale = total(exponentials.iter()).inverse()?;
        Ok(exponentials.iter().map(|e| e.times(&scale)).collect())
    }

    fn log_softmax(&self, x: &[F]) -> Result<Vec<F>, Gap> {
        let shift = self.log_sum_exp(x)?.negated();
        Ok(x.iter().map(|x| x.plus(&shift)).collect())
    }

    fn layer_norm(&mut self, x: &[F]) -> Result<Vec<F>, Gap> {
        let scale = self.root(&variance(x)?, &Rational::new(-1, 2))?;
        Ok(centred(x)?.iter().map(|x| x.times(&scale)).collect())
    }

    fn slice(&self, a: &Array<F>, rows: &Range, cols: &Range) -> Result<Array<F>, Gap> {
        let (top, bottom, left, right) =
            (self.size(&rows.first)?, self.size(&rows.last)?, self.size(&cols.first)?, self.size(&cols.last)?);
        if top < 1 || left < 1 || bottom > a.rows || right > a.cols || top > bottom || left > right {
            return Err(Gap::Undefined);
        }
        Ok(Array::filled((bottom + 1 - top, right + 1 - left), |i, j| a.at(i + top - 1, j + left - 1).clone()))
    }
}

/// f(0), where it is an exact number.
fn at_zero(map: &Map) -> Option<Rational> {
    use Elementwise::{Asin, Atan, Cos, Cosh, Erf, Exp, Gelu, IsZero, Sigmoid, Silu, Sin, Sinh, Tan, Tanh};
    match (&map.function, map.order) {
        (Function::Builtin(Exp), _) | (Function::Builtin(Cos | Cosh | IsZero), 0) => Some(Rational::one()),
        (Function::Builtin(Sin | Sinh | Tan | Tanh | Asin | Atan), 1) => Some(Rational::one()),
        (Function::Builtin(Sin | Sinh | Tan | Tanh | Asin | Atan | Erf | Gelu | Silu), 0) => Some(Rational::zero()),
        (Function::Builtin(Sigmoid), 0) => Some(Rational::new(1, 2)),
        (Function::Builtin(_) | Function::Abstract(_), _) => None,
    }
}
