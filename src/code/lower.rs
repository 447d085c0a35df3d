//! From expressions to instructions: one arm for every operator of the core.

use super::builder::{EntryFactors, PlanBuilder};
use super::plan::{Callable, CallablePart, Factoring, Id, Operation, Turned};
use super::term::{ArrayForm, ArrayTerm, dims_of};
use crate::diag::{Error, Kind};
use crate::engine::{Facts, known};
use crate::expr::{
    ArrayFunction, Axis, Builtin, Elementwise, Expr, Function, Index, Map, Name, Op, Range, Rational, Shape, Size,
    Slope, Symbol, as_number, build, neg, number, operator_name, split_scalars,
};
use crate::rules::Fact;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Powers of a matrix up to this one are so many factors of a product: what is next to a vector goes to it first.
const SHORT: u64 = 4;

/// What has been lowered, and what is known of the names.
pub struct Lowering {
    pub builder: PlanBuilder,
    pub facts: Facts,
    /// What defined names stand for: patterns look through them.
    pub definitions: BTreeMap<Symbol, Expr>,
    pub terms: BTreeMap<Symbol, ArrayTerm>,
    /// The indices of what stands on plates, and its values at all places.
    pub plates: BTreeMap<Symbol, Vec<Index>>,
    pub families: BTreeMap<Symbol, Id>,
    pub letters: Vec<(Index, usize)>,
    pub placed: FxHashMap<(Expr, Vec<Index>), Id>,
    lowered: FxHashMap<Expr, ArrayTerm>,
}

impl Lowering {
    pub fn new(facts: Facts) -> Lowering {
        Lowering {
            builder: PlanBuilder::default(),
            facts,
            definitions: BTreeMap::new(),
            terms: BTreeMap::new(),
            plates: BTreeMap::new(),
            families: BTreeMap::new(),
            letters: vec![],
            placed: FxHashMap::default(),
            lowered: FxHashMap::default(),
        }
    }

    /// The entries of an expression.
    pub fn written(&mut self, e: &Expr) -> Result<Id, Error> {
        let term = self.term(e)?;
        Ok(self.builder.written(&term))
    }

    /// An expression with its structure; equal ones are lowered once.
    pub fn term(&mut self, e: &Expr) -> Result<ArrayTerm, Error> {
        if let Some(term) = self.lowered.get(e) {
            return Ok(term.clone());
        }
        let term = self.fresh(e)?;
        self.lowered.insert(e.clone(), term.clone());
        Ok(term)
    }

    fn fresh(&mut self, e: &Expr) -> Result<ArrayTerm, Error> {
        let (shape, args) = (e.shape(), e.args());
        let dims = dims_of(shape);
        let b = &mut self.builder;
        let dense = |id: Id| Ok(ArrayTerm::dense(shape, id));
        match e.op() {
            Op::Number(n) => dense(b.add(Operation::Number(n.clone()), dims)),
            Op::SizeNumber(n) => dense(b.add(Operation::Size(n.clone()), dims)),
            Op::Constant(c) => dense(b.add(Operation::Constant(*c), dims)),
            Op::Variable(v) => match v.name.as_indexed() {
                Some(indexed) => self.unbound(indexed, shape),
                None => self.whole_family(&v.name, shape).map_or_else(|| self.variable(&v.name), Ok),
            },
            Op::Ones(_) | Op::Zeros(_) => {
                let entry = b.number(i64::from(matches!(e.op(), Op::Ones(_))));
                Ok(ArrayTerm::new(
                    shape,
                    if shape.is_scalar() { ArrayForm::Dense(entry) } else { ArrayForm::Fill(entry) },
                ))
            }
            Op::Eye(_) => Ok(ArrayTerm::new(shape, ArrayForm::Identity(b.number(1)))),
            Op::Unit(_, i) => dense(b.add(Operation::Unit(i.clone()), dims)),
            Op::Tril(_) => dense(b.add(Operation::Tril, dims)),
            Op::Commutation(n, m) => dense(b.add(Operation::Commutation(n.clone(), m.clone()), dims)),
            Op::Duplication(n) => dense(b.add(Operation::Duplication(n.clone()), dims)),
            Op::Add => self.sum(e),
            Op::Had => self.hadamard(e),
            Op::Mul => {
                let factors = self.factors(e)?;
                Ok(self.builder.chain(&factors))
            }
            Op::Kron => self.kron(e),
            Op::Transpose => {
                let term = self.term(&args[0])?;
                Ok(self.builder.turn(&term))
            }
            Op::Inverse => self.inverse(&args[0]),
            Op::MatrixPower(k) => self.matrix_power(&args[0], *k, shape),
            Op::Pow => self.pow(e),
            Op::Map(map) => self.map(map, &args[0]),
            Op::Field(f) => self.field(f, e),
            Op::Builtin(builtin) => self.builtin(*builtin, &args[0], shape),
            Op::Unvec(..) => {
                let v = self.written(&args[0])?;
                dense(if dims.len() < 2 { v } else { self.builder.add(Operation::Unvec(v), dims) })
            }
            Op::Block { rows, cols } => self.block(e, *rows, *cols),
            Op::Slice { rows, cols } => self.slice(&args[0], rows, cols, shape),
            Op::Inner => {
                let (x, y) = (self.term(&args[0])?, self.term(&args[1])?);
                dense(self.builder.inner_terms(&x, &y))
            }
            Op::Differential => Err(refused(e)),
        }
    }

    pub fn variable(&mut self, name: &Symbol) -> Result<ArrayTerm, Error> {
        if let Some(term) = self.terms.get(name) {
            return Ok(term.clone());
        }
        let message = format!("{name} has no code: nothing gives it a value");
        Err(Error::new(Kind::Unsupported, message))
    }

    /// What a name stands for, if it is defined; else the expression.
    pub fn head(&self, e: &Expr) -> Expr {
        let mut e = e.clone();
        while let Some(value) = e.as_variable().and_then(|v| self.definitions.get(&v.name)) {
            e = value.clone();
        }
        e
    }

    pub fn terms_of(&mut self, args: &[Expr]) -> Result<Vec<ArrayTerm>, Error> {
        args.iter().map(|a| self.term(a)).collect()
    }

    fn sum(&mut self, e: &Expr) -> Result<ArrayTerm, Error> {
        if let Some(term) = self.stable_sum(e)? {
            return Ok(term);
        }
        let terms = self.terms_of(e.args())?;
        Ok(self.builder.add_terms(terms, e.shape()))
    }

    /// The factors of a product of matrices: whole powers are so many factors.
    fn factors(&mut self, e: &Expr) -> Result<Vec<ArrayTerm>, Error> {
        let mut factors = vec![];
        for arg in e.args() {
            let (of, turned) = if *arg.op() == Op::Transpose { (&arg.args()[0], true) } else { (arg, false) };
            match of.op() {
                Op::Mul if !turned => factors.extend(self.factors(of)?),
                Op::MatrixPower(k) if k.unsigned_abs() <= SHORT => {
                    let base = if *k < 0 { self.inverse(&of.args()[0])? } else { self.term(&of.args()[0])? };
                    let base = if turned { self.builder.turn(&base) } else { base };
                    factors.extend(std::iter::repeat_n(base, k.unsigned_abs() as usize));
                }
                _ => factors.push(self.term(arg)?),
            }
        }
        Ok(factors)
    }

    fn hadamard(&mut self, e: &Expr) -> Result<ArrayTerm, Error> {
        let (softmax, rest) = self.softmax_within(e)?;
        let (scalars, arrays): (Vec<&Expr>, Vec<&Expr>) = rest.into_iter().partition(|a| a.is_scalar());
        let mut scale = EntryFactors::one();
        for s in scalars {
            let id = self.written(s)?;
            scale.above.push(id);
        }
        let mut arrays = arrays.into_iter().map(|a| self.term(a)).collect::<Result<Vec<_>, _>>()?;
        arrays.extend(softmax);
        let b = &mut self.builder;
        if arrays.is_empty() {
            return Ok(ArrayTerm::dense(e.shape(), b.product(scale)));
        }
        let scale = if scale.above.is_empty() { b.number(1) } else { b.product(scale) };
        let product = b.entrywise_product(arrays, e.shape());
        Ok(b.scale_term(scale, product))
    }

    fn inverse(&mut self, of: &Expr) -> Result<ArrayTerm, Error> {
        let term = self.term(of)?;
        let one = self.builder.number(1);
        let b = &mut self.builder;
        let form = match term.form {
            _ if of.is_scalar() => {
                let below = b.written(&term);
                ArrayForm::Dense(b.quotient(one, below))
            }
            ArrayForm::Identity(s) => ArrayForm::Identity(b.power(s, Rational::from(-1))),
            ArrayForm::Diagonal(v) => ArrayForm::Diagonal(b.power(v, Rational::from(-1))),
            ArrayForm::Dense(_)
            | ArrayForm::Fill(_)
            | ArrayForm::Columns(_)
            | ArrayForm::Rows(_)
            | ArrayForm::Outer(..)
            | ArrayForm::Inverse(..)
            | ArrayForm::Sum(_) => {
                let (id, transposed) = self.factored(of)?;
                ArrayForm::Inverse(Turned { id, transposed }, one)
            }
        };
        Ok(ArrayTerm::new(of.shape(), form))
    }

    /// The factors of a matrix, and whether they are those of its transpose.
    pub fn factored(&mut self, of: &Expr) -> Result<(Id, bool), Error> {
        let known = known(of, &self.facts);
        let how = match (known.contains(&Fact::Definite), known.contains(&Fact::Symmetric)) {
            (true, _) => Factoring::Cholesky,
            (false, true) => Factoring::Symmetric,
            (false, false) => Factoring::Lu,
        };
        let matrix = self.written(of)?;
        let turned = self.builder.turned(matrix);
        let id = self.builder.factor(how, turned.id);
        Ok((id, turned.transposed && how == Factoring::Lu))
    }

    fn matrix_power(&mut self, of: &Expr, k: i64, shape: &Shape) -> Result<ArrayTerm, Error> {
        let base = if k < 0 { self.inverse(of)? } else { self.term(of)? };
        let b = &mut self.builder;
        let id = b.written(&base);
        Ok(ArrayTerm::dense(shape, b.add(Operation::MatrixPower(id, k.unsigned_abs()), dims_of(shape))))
    }

    fn pow(&mut self, e: &Expr) -> Result<ArrayTerm, Error> {
        let (base, exponent) = (self.term(&e.args()[0])?, &e.args()[1]);
        match as_number(exponent) {
            Some(p) => {
                let p = p.clone();
                Ok(self.builder.entry_by_entry(&base, &mut |b, x| b.power(x, p.clone())))
            }
            None => {
                let p = self.written(exponent)?;
                Ok(self.builder.entry_by_entry(&base, &mut |b, x| {
                    let dims = b.dims(x).to_vec();
                    b.add(Operation::VariablePower(x, p), dims)
                }))
            }
        }
    }

    fn map(&mut self, map: &Map, of: &Expr) -> Result<ArrayTerm, Error> {
        match &map.function {
            Function::Builtin(f) if map.order == 0 => {
                if let Some(term) = self.stable(*f, of)? {
                    return Ok(term);
                }
                let term = self.term(of)?;
                Ok(self.builder.entry_by_entry(&term, &mut |b, x| b.map(*f, x)))
            }
            Function::Builtin(f) => self.slope(*f, map.order, of),
            Function::Abstract(name) => {
                let callable = self.callable(name, CallablePart::Entrywise(map.order));
                let term = self.term(of)?;
                Ok(self.builder.entry_by_entry(&term, &mut |b, x| {
                    let dims = b.dims(x).to_vec();
                    b.add(Operation::Call(callable, vec![x]), dims)
                }))
            }
        }
    }

    /// The number of a function among those that are given.
    pub fn callable(&mut self, name: &Name, part: CallablePart) -> usize {
        let callable = Callable { function: name.to_string(), part };
        let all = &mut self.builder.callables;
        all.iter().position(|c| *c == callable).unwrap_or_else(|| {
            all.push(callable);
            all.len() - 1
        })
    }

    fn field(&mut self, f: &ArrayFunction, e: &Expr) -> Result<ArrayTerm, Error> {
        let part = match f.slope {
            None => CallablePart::Value,
            Some(Slope::Gradient) => CallablePart::Gradient,
            Some(Slope::Jacobian) => CallablePart::Jacobian,
            Some(Slope::Hessian) => CallablePart::Hessian,
            Some(Slope::Weighted) => CallablePart::Weighted,
        };
        let callable = self.callable(&f.name, part);
        let args = e.args().iter().map(|a| self.written(a)).collect::<Result<Vec<_>, _>>()?;
        Ok(ArrayTerm::dense(e.shape(), self.builder.add(Operation::Call(callable, args), dims_of(e.shape()))))
    }

    fn builtin(&mut self, builtin: Builtin, of: &Expr, shape: &Shape) -> Result<ArrayTerm, Error> {
        if let Some(id) = self.contracted(builtin, of)? {
            return Ok(ArrayTerm::dense(shape, id));
        }
        let term = self.term(of)?;
        let dims = dims_of(shape);
        let b = &mut self.builder;
        let id = match builtin {
            Builtin::Diag => {
                let v = b.written(&term);
                let form = if shape.is_scalar() { ArrayForm::Dense(v) } else { ArrayForm::Diagonal(v) };
                return Ok(ArrayTerm::new(shape, form));
            }
            Builtin::Skew => return self.block(&skew_by_entries(of), 3, 3),
            Builtin::DiagonalOf if shape.is_scalar() => b.written(&term),
            Builtin::DiagonalOf => b.diagonal_of(&term),
            Builtin::Vec => match b.written(&term) {
                v if b.dims(v).len() < 2 => v,
                matrix => b.add(Operation::Vec(matrix), dims),
            },
            Builtin::Trace => match b.written(&term) {
                s if b.is_scalar(s) => s,
                matrix => b.add(Operation::Trace(matrix), dims),
            },
            Builtin::Sum(axis) => b.sum_along(&term, axis, shape),
            Builtin::Mean => {
                let sum = b.sum_along(&term, Axis::All, shape);
                let n = b.add(Operation::Size(of.shape().count()), vec![]);
                b.quotient(sum, n)
            }
            Builtin::NormSquared => b.inner_terms(&term, &term),
            Builtin::Norm1 => {
                let absolute = b.entry_by_entry(&term, &mut |b, x| b.map(Elementwise::Abs, x));
                b.sum_along(&absolute, Axis::All, shape)
            }
            Builtin::Det | Builtin::LogDet => return self.determinant(builtin, of, shape),
            Builtin::Prod(axis) => {
                let x = b.written(&term);
                b.along(x, axis, of.shape(), Operation::Prod, dims)
            }
            Builtin::ProdOthers(axis) => {
                let x = b.written(&term);
                b.along(x, axis, of.shape(), Operation::ProdOthers, dims)
            }
            Builtin::CumSum => {
                let x = b.written(&term);
                if b.is_scalar(x) { x } else { b.add(Operation::CumSum(x), dims) }
            }
            Builtin::Var(axis) => b.variance(&term, axis, shape),
            Builtin::LogSumExp => b.log_sum_exp(&term, Axis::All).total,
            Builtin::Softmax(axis) => return Ok(b.softmax(&term, axis)),
            Builtin::LogSoftmax(axis) => return Ok(b.log_softmax(&term, axis)),
            Builtin::LayerNorm(axis) => return Ok(b.layer_norm(&term, axis)),
        };
        Ok(ArrayTerm::dense(shape, id))
    }

    /// Sums, traces and diagonals of products, which need not be computed.
    fn contracted(&mut self, builtin: Builtin, of: &Expr) -> Result<Option<Id>, Error> {
        let whole = matches!(builtin, Builtin::Trace | Builtin::DiagonalOf | Builtin::Sum(Axis::All));
        if !whole || of.is_scalar() {
            return Ok(None);
        }
        if *of.op() == Op::Add && builtin == Builtin::Trace {
            let mut terms = vec![];
            for arg in of.args() {
                terms.push((false, self.written(&crate::expr::builtin(builtin, arg.clone()))?));
            }
            return Ok(Some(self.builder.sum(terms)));
        }
        let (scalars, inner) = split_scalars(of.clone());
        let Some(inner) = inner else { return Ok(None) };
        let found = match (builtin, inner.op()) {
            (Builtin::Trace, Op::Mul) => {
                let factors = self.factors(&inner)?;
                Some(self.builder.trace_of(&factors))
            }
            (Builtin::DiagonalOf, Op::Mul) => {
                let factors = self.factors(&inner)?;
                Some(self.builder.diagonal_of_chain(&factors))
            }
            (Builtin::Sum(_), Op::Had) if inner.args().len() == 2 => {
                let (x, y) = (self.term(&inner.args()[0])?, self.term(&inner.args()[1])?);
                Some(self.builder.inner_terms(&x, &y))
            }
            _ => None,
        };
        let Some(found) = found else { return Ok(None) };
        let mut scale = EntryFactors::one();
        for s in &scalars {
            scale.above.push(self.written(s)?);
        }
        scale.above.push(found);
        Ok(Some(self.builder.product(scale)))
    }

    fn determinant(&mut self, builtin: Builtin, of: &Expr, shape: &Shape) -> Result<ArrayTerm, Error> {
        let one_by_one = of.is_scalar();
        if one_by_one {
            let value = self.written(of)?;
            let b = &mut self.builder;
            let absolute = b.map(Elementwise::Abs, value);
            let id = if builtin == Builtin::Det { value } else { b.map(Elementwise::Log, absolute) };
            return Ok(ArrayTerm::dense(shape, id));
        }
        let (factor, _) = self.factored(of)?;
        let operation = if builtin == Builtin::Det { Operation::Det(factor) } else { Operation::LogAbsDet(factor) };
        Ok(ArrayTerm::dense(shape, self.builder.add(operation, vec![])))
    }

    fn kron(&mut self, e: &Expr) -> Result<ArrayTerm, Error> {
        let (x, y) = (self.term(&e.args()[0])?, self.term(&e.args()[1])?);
        let b = &mut self.builder;
        if let (ArrayForm::Identity(s), ArrayForm::Identity(t)) = (&x.form, &y.form) {
            return Ok(ArrayTerm::new(e.shape(), ArrayForm::Identity(b.scaled(*s, *t))));
        }
        let sides: Vec<Id> = [&x, &y].into_iter().map(|t| b.as_matrix(t)).collect();
        let full = vec![e.shape().rows.clone(), e.shape().cols.clone()];
        let product = b.add(Operation::Kron(sides[0], sides[1]), full);
        Ok(ArrayTerm::dense(e.shape(), b.flat(product, e.shape())))
    }

    fn block(&mut self, e: &Expr, rows: usize, cols: usize) -> Result<ArrayTerm, Error> {
        let terms = self.terms_of(e.args())?;
        let dims = dims_of(e.shape());
        let b = &mut self.builder;
        if dims.len() == 1 && (rows == 1 || cols == 1) {
            let parts = terms.iter().map(|t| b.as_vector(t)).collect();
            return Ok(ArrayTerm::dense(e.shape(), b.add(Operation::Concatenate(parts), dims)));
        }
        let parts = terms.iter().map(|t| b.as_matrix(t)).collect();
        let full = vec![e.shape().rows.clone(), e.shape().cols.clone()];
        let whole = b.add(Operation::Block(parts, cols), full);
        Ok(ArrayTerm::dense(e.shape(), b.flat(whole, e.shape())))
    }

    fn slice(&mut self, of: &Expr, rows: &Range, cols: &Range, shape: &Shape) -> Result<ArrayTerm, Error> {
        let whole = self.written(of)?;
        let dims = dims_of(shape);
        let b = &mut self.builder;
        let id = match b.dims(whole).len() {
            0 => whole,
            1 if of.shape().cols.is_one() => b.add(Operation::Part(whole, rows.clone()), dims),
            1 => b.add(Operation::Part(whole, cols.clone()), dims),
            _ => b.add(Operation::Slice(whole, rows.clone(), cols.clone()), dims),
        };
        Ok(ArrayTerm::dense(shape, id))
    }
}

/// An operator without code.
/// skew(a), entry by entry.
pub fn skew_by_entries(a: &Expr) -> Expr {
    let entry = |i: i64| {
        let at = Size::constant(i);
        let rows = Range { first: at.clone(), last: at };
        build(Op::Slice { rows, cols: Range::all(&Size::one()) }, vec![a.clone()])
    };
    let ([x, y, z], none) = ([1, 2, 3].map(entry), number(Rational::from(0)));
    let minus = |e: &Expr| neg(e.clone());
    let cells = vec![none.clone(), minus(&z), y.clone(), z, none.clone(), minus(&x), minus(&y), x, none];
    build(Op::Block { rows: 3, cols: 3 }, cells)
}

pub fn refused(e: &Expr) -> Error {
    Error::new(Kind::Unsupported, format!("{} has no code", operator_name(e.op())))
}

/// The size of an array as a number, as a shape says it.
pub fn count_along(shape: &Shape, axis: Axis) -> Size {
    match axis {
        Axis::All => shape.count(),
        Axis::Rows => shape.cols.clone(),
        Axis::Cols => shape.rows.clone(),
    }
}
