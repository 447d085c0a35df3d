//! Back to matrices: an indexed program as an ordinary one. The indices of families become the sides of arrays, sums over
//! indices become matrix products. What would need more than two sides at once has no such form.

use super::tensor::{Dimension, Tensor, TensorNetwork, sum};
use super::wholes::{Whole, wholes};
use crate::expr::{
    Builtin, Comparator, Elementwise, Expr, Function, Gathering, Index, Indexed, Name, Op, Place, PlaceCondition,
    Range, Shape, Size, Symbol, Variable, build, builtin, eye, integer, map, mul, ones, pow, size_number, sub,
    transpose,
};
use crate::program::{Definition, Input, Program};
use std::collections::{BTreeMap, BTreeSet};

/// An ordinary program that says the same as an indexed one.
#[derive(Clone, Debug)]
pub struct Lifted {
    /// The program.
    pub program: Program,
    /// Which array each family became.
    pub wholes: BTreeMap<Symbol, Symbol>,
}

/// The program over whole arrays; `None` where it has no such form.
pub fn lift(program: &Program) -> Option<Lifted> {
    let mut lifter = Lifter { wholes: wholes(program), letters: vec![], axes: 0 };
    let main = program.main.clone()?;
    let inputs = program.inputs.iter().map(|i| lifter.input(i)).collect();
    let definitions = program.definitions.iter().map(|d| lifter.definition(d)).collect::<Option<Vec<_>>>()?;
    let wholes =
        lifter.wholes.iter().filter_map(|(f, w)| Some((f.clone(), w.value.as_variable()?.name.clone()))).collect();
    let program = Program {
        inputs,
        definitions,
        functions: program.functions.clone(),
        sizes: program.sizes.clone(),
        conditions: program.conditions.clone(),
        decimals: program.decimals,
        main: Some(main),
        ..Program::default()
    };
    Some(Lifted { program, wholes })
}

/// The program without what these definitions do not need.
pub fn reduced(program: &Program, roots: &[&Symbol]) -> Program {
    let needed = needed(program, roots);
    let inputs = program.inputs.iter().filter(|i| needed.contains(&i.name)).cloned().collect();
    let definitions = program.definitions.iter().filter(|d| needed.contains(&d.name)).cloned().collect();
    Program { inputs, definitions, ..program.clone() }
}

/// What definitions depend on, themselves included.
fn needed(program: &Program, roots: &[&Symbol]) -> BTreeSet<Symbol> {
    let mut needed: BTreeSet<Symbol> = roots.iter().map(|s| (*s).clone()).collect();
    for d in program.definitions.iter().rev() {
        if needed.contains(&d.name) {
            named(&d.value, &mut needed);
        }
    }
    needed
}

/// The names an expression speaks of, those within what stands at an index too.
fn named(e: &Expr, names: &mut BTreeSet<Symbol>) {
    for symbol in e.variables() {
        match symbol.as_indexed() {
            None => drop(names.insert(symbol.clone())),
            Some(Indexed::Member { family, .. }) => drop(names.insert(family.clone())),
            Some(Indexed::Entry { of: body, .. } | Indexed::Stack { body, .. } | Indexed::Gathered { body, .. }) => {
                named(body, names)
            }
            Some(Indexed::Number(_)) => {}
        }
    }
}

/// Whether an expression speaks of a variable without an index.
pub(super) fn mentions(e: &Expr, name: &Symbol) -> bool {
    e.has_variable(|symbol| match symbol.as_indexed() {
        None => symbol == name,
        Some(Indexed::Member { .. } | Indexed::Number(_)) => false,
        Some(Indexed::Entry { of: body, .. } | Indexed::Stack { body, .. } | Indexed::Gathered { body, .. }) => {
            mentions(body, name)
        }
    })
}

/// A letter, the axis it moves along, and where that runs.
pub(super) struct LiftedLetter {
    pub(super) index: Index,
    pub(super) axis: Option<Dimension>,
}

/// One side of an array at a place: all of it along an axis, or a part.
struct TensorSide {
    axis: Option<Dimension>,
    part: Option<Range>,
}

pub(super) struct Lifter {
    wholes: BTreeMap<Symbol, Whole>,
    /// Those in scope, the innermost last.
    pub(super) letters: Vec<LiftedLetter>,
    axes: usize,
}

impl Lifter {
    fn axis(&mut self, size: &Size) -> Option<Dimension> {
        self.axes += 1;
        (!size.is_one()).then(|| Dimension { number: self.axes, size: size.clone() })
    }

    fn input(&self, input: &Input) -> Input {
        let whole = self.wholes.get(&input.name).and_then(|w| w.value.as_variable());
        match whole.cloned() {
            Some(Variable { name, shape }) => Input { name, shape, ..input.clone() },
            None => input.clone(),
        }
    }

    fn definition(&mut self, d: &Definition) -> Option<Definition> {
        let plate = self.wholes.get(&d.name).map_or(vec![], |w| w.plate.clone());
        let name = self.wholes.get(&d.name).and_then(|w| w.value.as_variable()).map_or(&d.name, |v| &v.name).clone();
        let sides: Vec<Option<Dimension>> = plate.iter().map(|i| self.bind(i)).collect();
        let (rows, cols) = (self.axis(&d.value.shape().rows), self.axis(&d.value.shape().cols));
        let value = self.value(&d.value, rows.clone(), cols.clone());
        self.letters.clear();
        let all: Vec<Option<Dimension>> = match plate.is_empty() {
            true => vec![rows, cols],
            false => sides.into_iter().chain((!d.value.is_scalar()).then_some(rows)).chain([None]).collect(),
        };
        let value = value?.spread(all[0].as_ref(), all[1].as_ref())?;
        Some(Definition { name, value, written: None, span: d.span })
    }

    pub(super) fn bind(&mut self, index: &Index) -> Option<Dimension> {
        let axis = self.axis(&index.count());
        self.letters.push(LiftedLetter { index: index.clone(), axis: axis.clone() });
        axis
    }

    pub(super) fn letter(&self, name: &Name) -> Option<&LiftedLetter> {
        self.letters.iter().rev().find(|l| l.index.letter == *name)
    }

    /// An expression whose member has its rows and columns along these axes.
    pub(super) fn value(&mut self, e: &Expr, rows: Option<Dimension>, cols: Option<Dimension>) -> Option<Tensor> {
        if *e.op() == Op::Add {
            let terms =
                e.args().iter().map(|a| self.value(a, rows.clone(), cols.clone())).collect::<Option<Vec<_>>>()?;
            return sum(&terms);
        }
        let mut network = TensorNetwork::default();
        self.collect(e, rows, cols, &mut network)?;
        network.contracted()
    }

    /// The factors of a product, and what is summed over.
    fn collect(
        &mut self,
        e: &Expr,
        rows: Option<Dimension>,
        cols: Option<Dimension>,
        into: &mut TensorNetwork,
    ) -> Option<()> {
        match e.op() {
            Op::Had => e.args().iter().try_for_each(|a| match a.is_scalar() {
                true => self.collect(a, None, None, into),
                false => self.collect(a, rows.clone(), cols.clone(), into),
            }),
            Op::Mul => self.chain(e.args(), rows, cols, into),
            Op::Transpose => self.collect(&e.args()[0], cols, rows, into),
            Op::Variable(v) => match v.name.as_indexed() {
                Some(Indexed::Gathered { by, over, when, body }) => {
                    self.gather(*by, over, when, body, (rows, cols), into)
                }
                _ => put(into, self.variable(v, rows, cols)?),
            },
            Op::Builtin(b) => self.reduce(*b, e, rows, cols, into),
            Op::Add => put(into, self.value(e, rows, cols)?),
            Op::Ones(_) => put(into, Tensor::constant(integer(1))),
            Op::Map(m) => match self.log_sum_exp(e) {
                Some(t) => put(into, t),
                None => {
                    let t = self.value(&e.args()[0], rows, cols)?;
                    put(into, Tensor { value: map(m.function.clone(), m.order, t.value), ..t })
                }
            },
            Op::Pow if is_power_of_product(e) => {
                let power = |f: &Expr| pow(f.clone(), e.args()[1].clone());
                e.args()[0].args().iter().try_for_each(|f| self.collect(&power(f), None, None, into))
            }
            Op::Pow => {
                let base = self.value(&e.args()[0], rows, cols)?;
                let exponent = self.value(&e.args()[1], None, None).filter(|t| t.axes.is_empty())?;
                put(into, Tensor { value: pow(base.value, exponent.value), ..base })
            }
            Op::Number(_)
            | Op::SizeNumber(_)
            | Op::Constant(_)
            | Op::Zeros(_)
            | Op::Eye(_)
            | Op::Unit(..)
            | Op::Tril(_)
            | Op::Commutation(..)
            | Op::Duplication(_)
            | Op::Kron
            | Op::Inverse
            | Op::MatrixPower(_)
            | Op::Unvec(..)
            | Op::Block { .. }
            | Op::Field(_)
            | Op::Slice { .. } => put(into, self.rigid(e, rows.as_ref(), cols.as_ref())?),
            Op::Differential | Op::Inner => None,
        }
    }

    /// What has a meaning for one array alone: nothing within may depend on a letter.
    fn rigid(&mut self, e: &Expr, rows: Option<&Dimension>, cols: Option<&Dimension>) -> Option<Tensor> {
        let args = e.args().iter().map(|a| self.alone(a)).collect::<Option<Vec<_>>>()?;
        Some(Tensor::new(build(e.op().clone(), args), rows, cols))
    }

    fn chain(
        &mut self,
        args: &[Expr],
        rows: Option<Dimension>,
        cols: Option<Dimension>,
        into: &mut TensorNetwork,
    ) -> Option<()> {
        let mut left = rows;
        for (i, a) in args.iter().enumerate() {
            let right = if i + 1 == args.len() { cols.clone() } else { self.axis(&a.shape().cols) };
            self.collect(a, left, right.clone(), into)?;
            if i + 1 < args.len() {
                into.summed.extend(right.clone());
            }
            left = right;
        }
        Some(())
    }

    fn gather(
        &mut self,
        by: Gathering,
        over: &[Index],
        when: &[PlaceCondition],
        body: &Expr,
        (rows, cols): (Option<Dimension>, Option<Dimension>),
        into: &mut TensorNetwork,
    ) -> Option<()> {
        if by == Gathering::Product {
            return put(into, self.multiplied(over, when, body)?);
        }
        let depth = self.letters.len();
        let axes: Vec<Option<Dimension>> = over.iter().map(|i| self.bind(i)).collect();
        let found = match by {
            Gathering::Sum => Some(()),
            Gathering::Mean if when.is_empty() => {
                let counts = over.iter().map(|i| pow(size_number(&i.count()), integer(-1)));
                into.factors.extend(counts.map(Tensor::constant));
                Some(())
            }
            Gathering::Mean | Gathering::Product | Gathering::Maximum | Gathering::Minimum | Gathering::Expectation => {
                None
            }
        };
        let found = found.and_then(|()| when.iter().try_for_each(|c| put(into, self.mask(c)?)));
        let found = found.and_then(|()| self.collect(body, rows, cols, into));
        self.letters.truncate(depth);
        into.summed.extend(axes.into_iter().flatten());
        found
    }

    /// A condition as a matrix of zeros and ones, for two letters of one range.
    fn mask(&self, c: &PlaceCondition) -> Option<Tensor> {
        let whole = |p: &Place| p.at_rest().and_then(|l| self.letter(l));
        let (Some(left), Some(right)) = (whole(&c.left), whole(&c.right)) else { return None };
        let (Some(a), Some(b)) = (&left.axis, &right.axis) else { return None };
        if (&left.index.first, &left.index.last) != (&right.index.first, &right.index.last) {
            return None;
        }
        let n = &a.size;
        let square = Shape::new(n.clone(), n.clone());
        let upper = transpose(Expr::node(Op::Tril(n.clone()), vec![]));
        let matrix = match c.relation {
            Comparator::Equal => eye(n),
            Comparator::Different => sub(ones(&square), eye(n)),
            Comparator::Less => sub(upper, eye(n)),
            Comparator::AtMost => upper,
        };
        Some(Tensor::new(matrix, Some(a), Some(b)))
    }

    /// Sums of the entries of a member, its trace and its norms.
    fn reduce(
        &mut self,
        b: Builtin,
        e: &Expr,
        rows: Option<Dimension>,
        cols: Option<Dimension>,
        into: &mut TensorNetwork,
    ) -> Option<()> {
        let arg = &e.args()[0];
        let (down, across) = (self.axis(&arg.shape().rows), self.axis(&arg.shape().cols));
        match b {
            Builtin::Sum(crate::expr::Axis::All) => self.collect(arg, down.clone(), across.clone(), into)?,
            Builtin::Trace => self.collect(arg, down.clone(), down.clone(), into)?,
            Builtin::NormSquared => match self.value(arg, down.clone(), across.clone()) {
                Some(t) if t.axes.iter().all(|a| Some(a) == down.as_ref() || Some(a) == across.as_ref()) => {
                    return put(into, Tensor::constant(builtin(Builtin::NormSquared, t.value)));
                }
                Some(t) => into.factors.push(Tensor { value: pow(t.value, integer(2)), ..t }),
                None => return put(into, self.expanded(arg)?),
            },
            Builtin::Norm1 => {
                let t = self.value(arg, down.clone(), across.clone())?;
                into.factors.push(Tensor { value: map(Function::Builtin(Elementwise::Abs), 0, t.value), ..t });
            }
            Builtin::Sum(_)
            | Builtin::Mean
            | Builtin::Det
            | Builtin::LogDet
            | Builtin::LogSumExp
            | Builtin::Diag
            | Builtin::DiagonalOf
            | Builtin::Skew
            | Builtin::Vec
            | Builtin::Softmax(_)
            | Builtin::LogSoftmax(_)
            | Builtin::CumSum
            | Builtin::Prod(_)
            | Builtin::ProdOthers(_)
            | Builtin::Var(_)
            | Builtin::LayerNorm(_) => return put(into, self.along_member(b, e, rows, cols)?),
        }
        let across = across.filter(|_| b != Builtin::Trace);
        into.summed.extend(down.into_iter().chain(across));
        Some(())
    }

    /// ‖a + b + …‖² as ⟨a, a⟩ + 2 ⟨a, b⟩ + …: the squared distances of pairs have no more than two sides then.
    fn expanded(&mut self, e: &Expr) -> Option<Tensor> {
        let terms = if *e.op() == Op::Add { e.args() } else { return None };
        let mut products = vec![];
        for (i, a) in terms.iter().enumerate() {
            for (j, b) in terms.iter().enumerate().skip(i) {
                let (down, across) = (self.axis(&e.shape().rows), self.axis(&e.shape().cols));
                let mut network = TensorNetwork::default();
                network.factors.extend((i != j).then(|| Tensor::constant(integer(2))));
                self.collect(a, down.clone(), across.clone(), &mut network)?;
                self.collect(b, down.clone(), across.clone(), &mut network)?;
                network.summed.extend(down.into_iter().chain(across));
                products.push(network.contracted()?);
            }
        }
        sum(&products)
    }

    fn variable(&mut self, v: &Variable, rows: Option<Dimension>, cols: Option<Dimension>) -> Option<Tensor> {
        match v.name.as_indexed() {
            None => {
                let value = self
                    .wholes
                    .get(&v.name)
                    .map_or_else(|| Expr::node(Op::Variable(v.clone()), vec![]), |w| w.value.clone());
                (value.shape() == &v.shape).then(|| Tensor::new(value, rows.as_ref(), cols.as_ref()))
            }
            Some(Indexed::Member { family, at }) => self.member(family, at, rows),
            Some(Indexed::Entry { of, at }) => self.entry(of, at),
            Some(Indexed::Stack { over, body }) => self.stack(over, body, rows, cols),
            Some(Indexed::Number(place)) => self.place_number(place),
            Some(Indexed::Gathered { .. }) => None,
        }
    }

    fn member(&mut self, family: &Symbol, at: &[Place], rows: Option<Dimension>) -> Option<Tensor> {
        let whole = self.wholes.get(family)?.clone();
        let mut sides: Vec<TensorSide> =
            at.iter().zip(&whole.plate).map(|(p, i)| self.side(p, i)).collect::<Option<_>>()?;
        sides.push(TensorSide { axis: rows, part: None });
        Some(at_sides(whole.value, &sides))
    }

    /// Where a place lies on a side that runs over an index; `None` where it may lie outside.
    fn side(&self, place: &Place, along: &Index) -> Option<TensorSide> {
        if !place.others.is_empty() {
            return None;
        }
        let from_start = |size: Size| size.plus(&place.offset).minus(&along.first).plus(&Size::one());
        let Some(name) = &place.letter else {
            let at = from_start(Size::constant(0));
            return Some(TensorSide { axis: None, part: Some(Range { first: at.clone(), last: at }) });
        };
        let letter = self.letter(name)?;
        let part = Range { first: from_start(letter.index.first.clone()), last: from_start(letter.index.last.clone()) };
        let count = along.count();
        let within = |low: &Size, high: &Size| high.minus(low).as_constant().is_some_and(|n| n >= 0);
        if !within(&Size::one(), &part.first) || !within(&part.last, &count) {
            return None;
        }
        let all = part.first.is_one() && part.last == count;
        Some(TensorSide { axis: letter.axis.clone(), part: (!all).then_some(part) })
    }

    fn entry(&mut self, of: &Expr, at: &[Place]) -> Option<Tensor> {
        let lengths = [of.shape().rows.clone(), of.shape().cols.clone()];
        let indices = lengths.map(|n| Index::to(Name::from("i"), n));
        let sides: Vec<TensorSide> = at.iter().zip(&indices).map(|(p, i)| self.side(p, i)).collect::<Option<_>>()?;
        if sides.iter().all(|s| s.part.is_none()) {
            let axis = |i: usize| sides.get(i).and_then(|s| s.axis.clone());
            return self.value(of, axis(0), axis(1));
        }
        Some(at_sides(self.alone(of)?, &sides))
    }

    /// The array whose rows and columns are those of the indices.
    fn stack(
        &mut self,
        over: &[Index],
        body: &Expr,
        rows: Option<Dimension>,
        cols: Option<Dimension>,
    ) -> Option<Tensor> {
        let depth = self.letters.len();
        let mut axes = [rows, cols].into_iter();
        for index in over {
            self.letters.push(LiftedLetter { index: index.clone(), axis: axes.next()? });
        }
        let member = axes.next().flatten();
        let value = self.value(body, member.filter(|_| !body.is_scalar()), None);
        self.letters.truncate(depth);
        value
    }

    /// 1, 2, …, n.
    fn place_number(&self, place: &Place) -> Option<Tensor> {
        if !place.others.is_empty() {
            return None;
        }
        let Some(name) = &place.letter else { return Some(Tensor::constant(size_number(&place.offset))) };
        let letter = self.letter(name)?;
        let axis = letter.axis.as_ref()?;
        let steps = mul(vec![Expr::node(Op::Tril(axis.size.clone()), vec![]), ones(&Shape::vector(axis.size.clone()))]);
        let shift = letter.index.first.plus(&place.offset).minus(&Size::one());
        sum(&[Tensor::new(steps, Some(axis), None), Tensor::constant(size_number(&shift))])
    }

    /// softmax(x_i) for all i: along the rows of X.
    fn along_member(
        &mut self,
        b: Builtin,
        e: &Expr,
        rows: Option<Dimension>,
        cols: Option<Dimension>,
    ) -> Option<Tensor> {
        if let Some(alone) = self.rigid(e, rows.as_ref(), cols.as_ref()) {
            return Some(alone);
        }
        let by_rows = matches!(b, Builtin::Softmax(_) | Builtin::LogSoftmax(_) | Builtin::LayerNorm(_));
        let own = rows.filter(|_| by_rows && e.shape().cols.is_one())?;
        let t = self.value(&e.args()[0], Some(own.clone()), None)?;
        let index = t.axes.iter().find(|a| **a != own)?.clone();
        let value = builtin(b.along(crate::expr::Axis::Rows)?, t.spread(Some(&index), Some(&own))?);
        Some(Tensor::new(value, Some(&index), Some(&own)))
    }

    /// An expression that does not depend on a letter, as it stands.
    fn alone(&mut self, e: &Expr) -> Option<Expr> {
        let (rows, cols) = (self.axis(&e.shape().rows), self.axis(&e.shape().cols));
        self.value(e, rows.clone(), cols.clone())?.spread(rows.as_ref(), cols.as_ref())
    }
}

/// The part of an array that stands at these sides.
fn at_sides(whole: Expr, sides: &[TensorSide]) -> Tensor {
    let all = [Range::all(&whole.shape().rows.clone()), Range::all(&whole.shape().cols.clone())];
    let part = |i: usize| sides.get(i).and_then(|s| s.part.clone()).unwrap_or_else(|| all[i].clone());
    let ranges = [part(0), part(1)];
    let axis = |i: usize| sides.get(i).and_then(|s| s.axis.as_ref());
    let value = match ranges == all {
        true => whole,
        false => {
            let [rows, cols] = ranges;
            build(Op::Slice { rows, cols }, vec![whole])
        }
    };
    Tensor::new(value, axis(0), axis(1))
}

/// Whether a product of scalars stands below a whole power.
fn is_power_of_product(e: &Expr) -> bool {
    let whole = crate::expr::as_number(&e.args()[1]).is_some_and(|k| k.to_i64().is_some());
    whole && e.is_scalar() && *e.args()[0].op() == Op::Had
}

/// One factor more.
fn put(into: &mut TensorNetwork, factor: Tensor) -> Option<()> {
    into.factors.push(factor);
    Some(())
}
