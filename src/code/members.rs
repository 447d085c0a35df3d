//! From what stands at an index to operations on plates.

use super::builder::EntryFactors;
use super::lower::{Lowering, count_along, refused, skew_by_entries};
use super::plan::{CallablePart, Id, Operation};
use super::plates::{PerPlace, PlateOperation};
use super::term::{ArrayTerm, dims_of};
use crate::derive::free_letters;
use crate::diag::Error;
use crate::expr::{
    Axis, Builtin, Elementwise, Expr, Function, Index, Indexed, Map, Op, Place, PlaceCondition, Rational, Shape, Size,
    Symbol, as_number,
};

impl Lowering {
    /// What stands at an index that nothing around it binds, as an ordinary array.
    pub fn unbound(&mut self, indexed: &Indexed, shape: &Shape) -> Result<ArrayTerm, Error> {
        let id = self.at_index(indexed, shape, &[])?;
        Ok(ArrayTerm::dense(shape, self.shaped(id, dims_of(shape))))
    }

    /// The value of a definition at every place of its plate.
    pub fn family(&mut self, e: &Expr, plate: &[Index]) -> Result<Id, Error> {
        let value = self.on_plate(e, plate)?;
        let dims = sides(plate, e.shape());
        Ok(self.builder.add(Operation::Plate(PlateOperation::Spread(value)), dims))
    }

    /// The entries of an expression, listed over indices.
    pub fn listed(&mut self, e: &Expr, over: &[Index]) -> Result<Id, Error> {
        if over.is_empty() {
            return self.written(e);
        }
        let all = self.family(e, over)?;
        Ok(self.shaped(all, over.iter().map(Index::count).chain(dims_of(e.shape())).collect()))
    }

    /// A derivative over all entries of families as one matrix: the places of the value's own rows and of the outer target go
    /// down, those of the inner target across, each in the order in which vec has the entries of the family as a whole.
    pub fn unfolded(&mut self, e: &Expr, outer: &[Index], inner: &[Index], shape: &Shape) -> Result<Id, Error> {
        let plate = [outer, inner].concat();
        let all = self.family(e, &plate)?;
        let (rows, cols) = (plate.len(), plate.len() + 1);
        let back = |from: usize, to: usize| (from..to).rev();
        let axes =
            std::iter::once(rows).chain(back(0, outer.len())).chain([cols]).chain(back(outer.len(), plate.len()));
        let axes: Vec<usize> = axes.collect();
        let sides = self.builder.dims(all).to_vec();
        let turned = axes.iter().map(|k| sides[*k].clone()).collect();
        let turned = self.plate(PlateOperation::Permuted(all, axes), turned);
        let count = |plate: &[Index], own: &Size| plate.iter().fold(own.clone(), |n, i| n.times(&i.count()));
        Ok(self.shaped(turned, vec![count(outer, &shape.rows), count(inner, &shape.cols)]))
    }

    /// A family that is given.
    pub fn given_family(&mut self, name: &Symbol, input: Id, plate: &[Index], shape: &Shape) -> bool {
        let id = self.shaped(input, sides(plate, shape));
        self.families.insert(name.clone(), id).is_some()
    }

    /// A family as a whole: its members are the rows, or stand below each other.
    pub fn whole_family(&mut self, name: &Symbol, shape: &Shape) -> Option<ArrayTerm> {
        let id = *self.families.get(name)?;
        Some(ArrayTerm::dense(shape, self.shaped(id, dims_of(shape))))
    }

    pub fn shaped(&mut self, id: Id, dims: Vec<Size>) -> Id {
        if self.builder.dims(id) == dims { id } else { self.plate(PlateOperation::Shaped(id), dims) }
    }

    pub(super) fn plate(&mut self, operation: PlateOperation, dims: Vec<Size>) -> Id {
        self.builder.add(Operation::Plate(operation), dims)
    }

    /// A term at every place of a plate.
    pub(super) fn on_plate(&mut self, e: &Expr, plate: &[Index]) -> Result<Id, Error> {
        let free = free_letters(e);
        if !plate.iter().any(|i| free.contains(&i.letter)) {
            return self.term(e).map(|term| self.builder.written(&term)).map(|id| self.full(id, e.shape()));
        }
        let key = (e.clone(), plate.to_vec());
        if let Some(id) = self.placed.get(&key) {
            return Ok(*id);
        }
        let id = match e.as_variable().and_then(|v| v.name.as_indexed()) {
            Some(indexed) => self.at_index(indexed, e.shape(), plate)?,
            None => self.composed(e, plate)?,
        };
        self.placed.insert(key, id);
        Ok(id)
    }

    /// With rows and columns; a number goes with everything as it is.
    fn full(&mut self, id: Id, shape: &Shape) -> Id {
        match self.builder.dims(id).len() {
            1 => self.shaped(id, vec![shape.rows.clone(), shape.cols.clone()]),
            _ => id,
        }
    }

    /// An argument that must have rows and columns.
    pub(super) fn matrix(&mut self, e: &Expr, plate: &[Index]) -> Result<Id, Error> {
        let id = self.on_plate(e, plate)?;
        let is_bare = self.builder.is_scalar(id);
        Ok(if is_bare { self.shaped(id, vec![Size::one(), Size::one()]) } else { id })
    }

    fn at_index(&mut self, indexed: &Indexed, shape: &Shape, plate: &[Index]) -> Result<Id, Error> {
        match indexed {
            Indexed::Number(place) => {
                let at = self.place(place, &Size::constant(0), plate);
                Ok(self.plate(PlateOperation::Number(at), sides(plate, shape)))
            }
            Indexed::Member { family, at } => self.member(family, at, shape, plate),
            Indexed::Entry { of, at } => {
                let array = self.matrix(of, plate)?;
                let first = Size::constant(1);
                let at: Vec<Id> = at.iter().map(|p| self.place(p, &first, plate)).collect();
                let start = self.place(&Place::fixed(Size::constant(0)), &Size::constant(0), plate);
                let at = match at.as_slice() {
                    [col] if of.shape().is_row() => [start, *col],
                    [row] => [*row, start],
                    [row, col] => [*row, *col],
                    _ => return Err(refused(of)),
                };
                Ok(self.plate(PlateOperation::Entry(array, at), sides(plate, shape)))
            }
            Indexed::Stack { over, body } => {
                let below = [plate, over].concat();
                let body = self.matrix(body, &below)?;
                let over = over.iter().map(Index::count).collect();
                Ok(self.plate(PlateOperation::Stacked(body, over), sides(plate, shape)))
            }
            Indexed::Gathered { by, over, when, body } => {
                let below = [plate, over].concat();
                let body = self.matrix(body, &below)?;
                let when = self.conditions(when, &below);
                let over = over.iter().map(Index::count).collect();
                Ok(self.plate(PlateOperation::Gathered(*by, body, over, when), sides(plate, shape)))
            }
        }
    }

    fn member(&mut self, family: &Symbol, at: &[Place], shape: &Shape, plate: &[Index]) -> Result<Id, Error> {
        let ranges = self.plates.get(family).cloned().unwrap_or_default();
        let Some(array) = self.families.get(family).copied() else {
            return self.variable(family).map(|term| self.builder.written(&term)).map(|id| self.full(id, shape));
        };
        let at = at.iter().zip(&ranges).map(|(p, i)| self.place(p, &i.first, plate)).collect();
        Ok(self.plate(PlateOperation::Member(array, at), sides(plate, shape)))
    }

    /// A place, counted from `first` on.
    fn place(&mut self, place: &Place, first: &Size, plate: &[Index]) -> Id {
        let mut terms = vec![];
        for (letter, times) in place.terms() {
            if let Some(k) = plate.iter().rposition(|i| i.letter == letter) {
                terms.push((times, self.letter(&plate[k], plate.len() - 1 - k)));
            }
        }
        let offset = place.offset.minus(first);
        match terms.as_slice() {
            [(1, letter)] if offset == Size::constant(0) => *letter,
            _ => self.plate(PlateOperation::Place(terms, offset), vec![]),
        }
    }

    /// The places of an index, under the letter by which they were first met.
    fn letter(&mut self, index: &Index, behind: usize) -> Id {
        let same = |i: &&(Index, usize)| (&i.0.first, &i.0.last, i.1) == (&index.first, &index.last, behind);
        let met = self.letters.iter().find(same).cloned();
        let (index, behind) = met.unwrap_or_else(|| {
            self.letters.push((index.clone(), behind));
            (index.clone(), behind)
        });
        let count = index.count();
        self.plate(PlateOperation::Letter(index, behind), vec![count])
    }

    pub(super) fn conditions(&mut self, when: &[PlaceCondition], plate: &[Index]) -> Option<Id> {
        if when.is_empty() {
            return None;
        }
        let none = Size::constant(0);
        let all =
            when.iter().map(|c| (self.place(&c.left, &none, plate), c.relation, self.place(&c.right, &none, plate)));
        let all = all.collect();
        Some(self.plate(PlateOperation::Conditions(all), plate.iter().map(Index::count).collect()))
    }

    fn composed(&mut self, e: &Expr, plate: &[Index]) -> Result<Id, Error> {
        let (shape, args) = (e.shape(), e.args());
        let dims = sides(plate, shape);
        match e.op() {
            Op::Add => self.placed_sum(args, plate, dims),
            Op::Had => self.placed_product(args, plate, dims),
            Op::Mul => self.placed_chain(args, plate),
            Op::Kron => {
                let (a, b) = (self.matrix(&args[0], plate)?, self.matrix(&args[1], plate)?);
                Ok(self.plate(PlateOperation::Kron(a, b), dims))
            }
            Op::Transpose => self.each(PerPlace::Transpose, &args[0], plate, dims),
            Op::Inverse if shape.is_scalar() => self.placed_power(&args[0], &Rational::from(-1), plate, dims),
            Op::Inverse => self.each(PerPlace::Inverse, &args[0], plate, dims),
            Op::MatrixPower(k) => self.each(PerPlace::Power(*k), &args[0], plate, dims),
            Op::Pow => match as_number(&args[1]) {
                Some(p) => self.placed_power(&args[0], &p.clone(), plate, dims),
                None => {
                    let (base, exponent) = (self.on_plate(&args[0], plate)?, self.on_plate(&args[1], plate)?);
                    Ok(self.builder.add(Operation::VariablePower(base, exponent), dims))
                }
            },
            Op::Map(map) => self.placed_map(map, &args[0], plate, dims),
            Op::Builtin(builtin) => self.placed_builtin(*builtin, &args[0], plate, dims),
            Op::Unvec(..) => self.each(PerPlace::Unvec, &args[0], plate, dims),
            Op::Slice { rows, cols } => self.each(PerPlace::Slice(rows.clone(), cols.clone()), &args[0], plate, dims),
            Op::Inner => {
                let own = sides(plate, args[0].shape());
                let product = self.placed_product(args, plate, own)?;
                Ok(self.plate(PlateOperation::Each(PerPlace::Sum(Axis::All), product), dims))
            }
            Op::Number(_)
            | Op::SizeNumber(_)
            | Op::Constant(_)
            | Op::Variable(_)
            | Op::Ones(_)
            | Op::Zeros(_)
            | Op::Eye(_)
            | Op::Unit(..)
            | Op::Tril(_)
            | Op::Commutation(..)
            | Op::Duplication(_)
            | Op::Block { .. }
            | Op::Field(_)
            | Op::Differential => Err(refused(e)),
        }
    }

    fn each(&mut self, what: PerPlace, of: &Expr, plate: &[Index], dims: Vec<Size>) -> Result<Id, Error> {
        let of = self.matrix(of, plate)?;
        Ok(self.plate(PlateOperation::Each(what, of), dims))
    }

    fn placed_sum(&mut self, terms: &[Expr], plate: &[Index], dims: Vec<Size>) -> Result<Id, Error> {
        let mut signed = vec![];
        for term in terms {
            let id = self.on_plate(term, plate)?;
            signed.push(match self.builder.operation(id).clone() {
                Operation::Product { coefficient, factors, divisors } if coefficient.is_negative() => {
                    let own = self.builder.dims(id).to_vec();
                    (true, self.builder.add(Operation::Product { coefficient: -&coefficient, factors, divisors }, own))
                }
                _ => (false, id),
            });
        }
        signed.sort_by_key(|(negative, _)| *negative);
        Ok(self.builder.add(Operation::Sum(signed), dims))
    }

    fn placed_product(&mut self, args: &[Expr], plate: &[Index], dims: Vec<Size>) -> Result<Id, Error> {
        let (mut coefficient, mut factors, mut divisors) = (Rational::one(), vec![], vec![]);
        for arg in args {
            let below = (*arg.op() == Op::Pow).then(|| &arg.args()[0]);
            let below = below.filter(|_| as_number(&arg.args()[1]).is_some_and(|p| *p == Rational::from(-1)));
            match (as_number(arg), below) {
                (Some(n), _) => coefficient = &coefficient * n,
                (None, Some(below)) => divisors.push(self.on_plate(below, plate)?),
                (None, None) => factors.push(self.on_plate(arg, plate)?),
            }
        }
        let product = EntryFactors { coefficient, above: factors, below: divisors };
        let fewer = self.builder.against_each_other(&product, &dims);
        let EntryFactors { coefficient, above, below } = fewer.unwrap_or(product);
        Ok(self.builder.add(Operation::Product { coefficient, factors: above, divisors: below }, dims))
    }

    /// A product of matrices, from the side of a vector.
    fn placed_chain(&mut self, args: &[Expr], plate: &[Index]) -> Result<Id, Error> {
        let ids = args.iter().map(|a| self.matrix(a, plate)).collect::<Result<Vec<_>, _>>()?;
        let shapes = args.iter().map(Expr::shape);
        let mut all: Vec<(Id, Shape)> = ids.into_iter().zip(shapes.cloned()).collect();
        while let [.., (a, left), (b, right)] = all.as_slice() {
            let from_right = right.cols.is_one() || all.len() == 2;
            let (k, a, b, rows, cols) = match (from_right, all.as_slice()) {
                (false, [(first, rows), (second, cols), ..]) => (0, *first, *second, &rows.rows, &cols.cols),
                _ => (all.len() - 2, *a, *b, &left.rows, &right.cols),
            };
            let shape = Shape::new(rows.clone(), cols.clone());
            let product = self.plate(PlateOperation::Product(a, b), sides(plate, &shape));
            all.splice(k..k + 2, [(product, shape)]);
        }
        Ok(all[0].0)
    }

    fn placed_power(&mut self, base: &Expr, p: &Rational, plate: &[Index], dims: Vec<Size>) -> Result<Id, Error> {
        let base = self.on_plate(base, plate)?;
        if *p == Rational::new(1, 2) {
            return Ok(self.builder.add(Operation::Map(Elementwise::Sqrt, base), dims));
        }
        Ok(self.builder.add(Operation::Power(base, p.clone()), dims))
    }

    fn placed_map(&mut self, map: &Map, of: &Expr, plate: &[Index], dims: Vec<Size>) -> Result<Id, Error> {
        match &map.function {
            Function::Builtin(f) if map.order == 0 => {
                if let Some(id) = self.stable_on_plate(*f, of, plate)? {
                    return Ok(id);
                }
                let of = self.on_plate(of, plate)?;
                let log = (*f == Elementwise::Log).then(|| self.builder.log_by_exponent(of)).flatten();
                Ok(log.unwrap_or_else(|| self.builder.add(Operation::Map(*f, of), dims)))
            }
            Function::Builtin(f) => self.slope(*f, map.order, of).map(|term| self.builder.written(&term)),
            Function::Abstract(name) => {
                let of = self.on_plate(of, plate)?;
                let callable = self.callable(name, CallablePart::Entrywise(map.order));
                Ok(self.builder.add(Operation::Call(callable, vec![of]), dims))
            }
        }
    }

    fn placed_builtin(&mut self, builtin: Builtin, of: &Expr, plate: &[Index], dims: Vec<Size>) -> Result<Id, Error> {
        if builtin == Builtin::Skew {
            return self.matrix(&skew_by_entries(of), plate);
        }
        let x = self.matrix(of, plate)?;
        let own = sides(plate, of.shape());
        let b = &mut self.builder;
        let mut each = |what: PerPlace, id: Id, dims: &[Size]| {
            b.add(Operation::Plate(PlateOperation::Each(what, id)), dims.to_vec())
        };
        let what = match builtin {
            // it has been written out
            Builtin::Skew => return Err(refused(of)),
            Builtin::Diag => PerPlace::Diagonal,
            Builtin::DiagonalOf => PerPlace::DiagonalOf,
            Builtin::Vec => PerPlace::Vec,
            Builtin::Trace => PerPlace::Trace,
            Builtin::Sum(axis) => PerPlace::Sum(axis),
            Builtin::Det => PerPlace::Det,
            Builtin::LogDet => PerPlace::LogAbsDet,
            Builtin::Prod(axis) => PerPlace::Product(axis),
            Builtin::ProdOthers(axis) => PerPlace::ProdOthers(axis),
            Builtin::CumSum => PerPlace::CumSum,
            Builtin::Mean => {
                let sum = each(PerPlace::Sum(Axis::All), x, &dims);
                return Ok(self.over_count(sum, of.shape(), Axis::All, dims));
            }
            Builtin::NormSquared => {
                let squares = b.add(Operation::Power(x, Rational::from(2)), own);
                return Ok(self.plate(PlateOperation::Each(PerPlace::Sum(Axis::All), squares), dims));
            }
            Builtin::Norm1 => {
                let sizes = b.add(Operation::Map(Elementwise::Abs, x), own);
                return Ok(self.plate(PlateOperation::Each(PerPlace::Sum(Axis::All), sizes), dims));
            }
            Builtin::Var(axis) => return Ok(self.placed_moments(x, of.shape(), axis, plate).1),
            Builtin::LayerNorm(axis) => {
                let (centred, variance) = self.placed_moments(x, of.shape(), axis, plate);
                let kept = self.builder.dims(variance).to_vec();
                let deviation = self.builder.add(Operation::Map(Elementwise::Sqrt, variance), kept);
                return Ok(self.placed_quotient(centred, deviation, dims));
            }
            Builtin::LogSumExp => return Ok(self.placed_log_sum(x, of.shape(), Axis::All, plate).3),
            Builtin::Softmax(axis) => {
                let (_, exponentials, sums, _) = self.placed_log_sum(x, of.shape(), axis, plate);
                return Ok(self.placed_quotient(exponentials, sums, dims));
            }
            Builtin::LogSoftmax(axis) => {
                let (centred, _, sums, _) = self.placed_log_sum(x, of.shape(), axis, plate);
                let kept = self.builder.dims(sums).to_vec();
                let logs = self.builder.add(Operation::Map(Elementwise::Log, sums), kept);
                return Ok(self.builder.add(Operation::Sum(vec![(false, centred), (true, logs)]), dims));
            }
        };
        Ok(each(what, x, &dims))
    }

    fn placed_quotient(&mut self, above: Id, below: Id, dims: Vec<Size>) -> Id {
        let (coefficient, factors, divisors) = (Rational::one(), vec![above], vec![below]);
        self.builder.add(Operation::Product { coefficient, factors, divisors }, dims)
    }

    fn over_count(&mut self, sum: Id, of: &Shape, axis: Axis, dims: Vec<Size>) -> Id {
        let n = self.builder.add(Operation::Size(count_along(of, axis)), vec![]);
        self.placed_quotient(sum, n, dims)
    }

    /// x − mean x, and the mean of their squares, along an axis.
    fn placed_moments(&mut self, x: Id, of: &Shape, axis: Axis, plate: &[Index]) -> (Id, Id) {
        let (own, kept) = (sides(plate, of), sides(plate, &kept(of, axis)));
        let sum = self.plate(PlateOperation::Each(PerPlace::Sum(axis), x), kept.clone());
        let mean = self.over_count(sum, of, axis, kept.clone());
        let centred = self.builder.add(Operation::Sum(vec![(false, x), (true, mean)]), own.clone());
        let squares = self.builder.add(Operation::Power(centred, Rational::from(2)), own);
        let sum = self.plate(PlateOperation::Each(PerPlace::Sum(axis), squares), kept.clone());
        (centred, self.over_count(sum, of, axis, kept))
    }

    /// x − max x, their exponentials, the sums of these, and log Σ exp x.
    fn placed_log_sum(&mut self, x: Id, of: &Shape, axis: Axis, plate: &[Index]) -> (Id, Id, Id, Id) {
        let (own, kept) = (sides(plate, of), sides(plate, &kept(of, axis)));
        let largest = self.plate(PlateOperation::Each(PerPlace::Largest(axis), x), kept.clone());
        let centred = self.builder.add(Operation::Sum(vec![(false, x), (true, largest)]), own.clone());
        let exponentials = self.builder.add(Operation::Map(Elementwise::Exp, centred), own);
        self.builder.centred.insert(exponentials);
        let sums = self.plate(PlateOperation::Each(PerPlace::Sum(axis), exponentials), kept.clone());
        let logs = self.builder.add(Operation::Map(Elementwise::Log, sums), kept.clone());
        let total = self.builder.add(Operation::Sum(vec![(false, largest), (false, logs)]), kept);
        (centred, exponentials, sums, total)
    }
}

/// What is left of a shape that is reduced along an axis.
fn kept(of: &Shape, axis: Axis) -> Shape {
    match axis {
        Axis::All => Shape::scalar(),
        Axis::Rows => Shape::vector(of.rows.clone()),
        Axis::Cols => Shape::new(Size::one(), of.cols.clone()),
    }
}

/// The places of a plate, and the rows and columns of what stands at each.
pub fn sides(plate: &[Index], shape: &Shape) -> Vec<Size> {
    plate.iter().map(Index::count).chain([shape.rows.clone(), shape.cols.clone()]).collect()
}
