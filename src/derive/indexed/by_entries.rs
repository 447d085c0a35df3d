//! A document over whole arrays by its entries: every array is a family of scalars, every product of matrices a sum. That is
//! how the lecture argues: z_i = Σ_k W_ik x_k + b_i.

use super::gather::{gathered, same};
use super::letters::{fresh, mapped};
use super::pairs::each_once;
use super::whole::over_whole_arrays;
use crate::derive::Options;
use crate::expr::{
    Axis, Builtin, Comparator, Elementwise, Expr, Function, Gathering, Index, Indexed, Name, Op, Place, PlaceCondition,
    Range, Shape, Size, Symbol, add, builtin, elementwise, had, integer, map, pow, size_number, sub, variable,
};
use crate::program::{Definition, Input, Program};
use crate::syntax::split_index;
use std::collections::{BTreeMap, BTreeSet};

/// Which entry: its row and its column; `None` along a side of length 1.
type RowAndColumn = [Option<Place>; 2];

/// The document to derive: by its entries where that is asked for, or where a target is an entry of an array, `W_ij`; over
/// whole arrays where its author has them.
pub(crate) fn as_asked(program: Program, options: &Options) -> Program {
    let asked = options.wrt.iter().chain(&options.of).any(|t| is_entry(t, &program));
    let program = match (program.is_indexed(), options.indices) {
        (true, true) => program,
        (true, false) => {
            let program = over_whole_arrays(&program, options).unwrap_or(program);
            if program.is_indexed() { with_entries(program, options) } else { program }
        }
        (false, indices) if indices || asked => by_entries(&program),
        (false, _) => program,
    };
    each_once(program)
}

/// An array of which an entry is a target is a family of its entries; where it stands whole it does so as before.
fn with_entries(mut program: Program, options: &Options) -> Program {
    for target in options.wrt.iter().filter(|t| is_entry(t, &program)).cloned().collect::<Vec<_>>() {
        let Some(symbol) = target.split_once('_').and_then(|(base, _)| program.symbol(&Name::new(base))) else {
            continue;
        };
        let plate = program.shape(&symbol).map(|shape| Entries::new(&program).plate(shape)).unwrap_or_default();
        if let Some(input) = program.inputs.iter_mut().find(|i| i.name == symbol)
            && !program.plates.contains_key(&symbol)
        {
            input.shape = Shape::scalar();
            program.plates.insert(symbol, plate);
        }
    }
    program
}

/// Whether a target is an entry: the name of an array with as many places as it has sides.
pub(super) fn is_entry(text: &str, program: &Program) -> bool {
    let name = Name::new(&text.replace(['{', '}'], ""));
    let known = |name: &Name| program.symbol(name).and_then(|s| program.shape(&s).cloned());
    let Some((base, places)) = split_index(&name).filter(|_| known(&name).is_none()) else { return false };
    known(&base).is_some_and(|shape| sides(&shape).len() == places.len() && !places.is_empty())
}

/// The document with an index for every side of its arrays.
pub fn by_entries(program: &Program) -> Program {
    let entries = Entries::new(program);
    let mut plates = BTreeMap::new();
    for (name, shape) in program.shapes() {
        let plate = entries.plate(shape);
        if !plate.is_empty() {
            plates.insert(name.clone(), plate);
        }
    }
    let inputs = program.inputs.iter().map(|i| Input { shape: Shape::scalar(), ..i.clone() }).collect();
    let definition = |d: &Definition| Definition { value: entries.of(&d.value), written: None, ..d.clone() };
    let definitions = program.definitions.iter().map(definition).collect();
    Program { inputs, definitions, plates, ..program.clone() }
}

/// A term whose products of whole arrays are written by entries; its free letters run over `scope`. What is no array of
/// scalars stays.
pub fn written_by_entries(program: &Program, scope: &[Index], e: &Expr) -> Expr {
    expanded(&Entries::new(program), program, scope, e)
}

fn expanded(entries: &Entries, program: &Program, bound: &[Index], e: &Expr) -> Expr {
    if e.is_scalar() && e.as_variable().is_none() && is_of_entries(program, e) {
        return entries.at(e, &[None, None], bound);
    }
    mapped(e, &mut |indexed, shape| match indexed {
        Indexed::Entry { of, at } if is_of_entries(program, of) => {
            entries.at(of, &cell(of.shape(), at.iter().cloned()), bound)
        }
        Indexed::Gathered { by, over, when, body } => {
            let inner = [bound, over].concat();
            gathered(*by, over.clone(), when.clone(), expanded(entries, program, &inner, body))
        }
        Indexed::Entry { .. } | Indexed::Member { .. } | Indexed::Stack { .. } | Indexed::Number(_) => {
            variable(indexed.clone().symbol(), shape)
        }
    })
}

/// Whether every array in a term is a family of scalars that begins at 1.
fn is_of_entries(program: &Program, e: &Expr) -> bool {
    let known = |name: &Symbol, shape: &Shape| {
        let plate = program.plates.get(name).filter(|_| program.shape(name).is_some_and(Shape::is_scalar));
        plate.is_some_and(|p| p.len() == sides(shape).len() && p.iter().all(|i| i.first.is_one()))
    };
    match e.as_variable() {
        Some(v) => v.shape.is_scalar() || known(&v.name, &v.shape),
        None => e.args().iter().all(|a| is_of_entries(program, a)),
    }
}

/// The sides of an array that have more than one place.
fn sides(shape: &Shape) -> Vec<&Size> {
    [&shape.rows, &shape.cols].into_iter().filter(|size| !size.is_one()).collect()
}

/// The entry of an array at these places, one for each side that has more than one.
fn cell(shape: &Shape, mut places: impl Iterator<Item = Place>) -> RowAndColumn {
    [&shape.rows, &shape.cols].map(|size| if size.is_one() { None } else { places.next() })
}

struct Entries {
    /// Letters that mean something else in the document.
    taken: BTreeSet<Name>,
}

impl Entries {
    fn new(program: &Program) -> Entries {
        let mut taken = program.names();
        taken.extend(program.sizes.iter().cloned());
        Entries { taken }
    }

    /// The indices of an array.
    fn plate(&self, shape: &Shape) -> Vec<Index> {
        let mut bound = vec![];
        for size in sides(shape) {
            bound.extend(self.index(size, &bound));
        }
        bound
    }

    /// An index along a side, beside those that are bound.
    fn index(&self, size: &Size, bound: &[Index]) -> Option<Index> {
        let taken = self.taken.iter().chain(bound.iter().map(|i| &i.letter)).cloned().collect();
        (!size.is_one()).then(|| Index::to(fresh(&taken), size.clone()))
    }

    /// An array at its own indices.
    fn of(&self, e: &Expr) -> Expr {
        let plate = self.plate(e.shape());
        self.at(e, &cell(e.shape(), plate.iter().map(Index::place)), &plate)
    }

    /// An array at an entry, under bound letters.
    fn at(&self, e: &Expr, cell: &RowAndColumn, bound: &[Index]) -> Expr {
        let part = |a: &Expr| self.at(a, if a.is_scalar() { &[None, None] } else { cell }, bound);
        match e.op() {
            Op::Add => add(e.args().iter().map(part).collect()),
            Op::Had => had(e.args().iter().map(part).collect()),
            Op::Map(m) => match log_softmax(e) {
                Some(own) => self.at(&own, cell, bound),
                None => map(m.function.clone(), m.order, part(&e.args()[0])),
            },
            Op::Pow => pow(part(&e.args()[0]), part(&e.args()[1])),
            Op::Mul if e.args().iter().any(holds_opaque) => opaque(e, cell),
            Op::Mul => self.product(e.args(), cell, bound),
            Op::Transpose => self.at(&e.args()[0], &[cell[1].clone(), cell[0].clone()], bound),
            Op::Variable(v) => self.member(&v.name, cell, e),
            Op::Ones(_) => integer(1),
            Op::Zeros(_) => integer(0),
            Op::Eye(_) => bracket(Comparator::Equal, cell),
            Op::Tril(_) => bracket(Comparator::AtMost, &[cell[1].clone(), cell[0].clone()]),
            Op::Slice { rows, cols } => self.at(&e.args()[0], &self.shifted(&e.args()[0], [rows, cols], cell), bound),
            Op::Builtin(b) => self.builtin(*b, e, cell, bound),
            Op::Number(_) | Op::SizeNumber(_) | Op::Constant(_) => e.clone(),
            Op::Unit(..)
            | Op::Commutation(..)
            | Op::Duplication(_)
            | Op::Kron
            | Op::Inverse
            | Op::MatrixPower(_)
            | Op::Unvec(..)
            | Op::Block { .. }
            | Op::Field(_)
            | Op::Differential
            | Op::Inner => opaque(e, cell),
        }
    }

    fn member(&self, name: &Symbol, cell: &RowAndColumn, e: &Expr) -> Expr {
        let at: Vec<Place> = cell.iter().flatten().cloned().collect();
        match at.is_empty() {
            true => e.clone(),
            false => variable(Indexed::Member { family: name.clone(), at }.symbol(), &Shape::scalar()),
        }
    }

    /// (A B)_ij = Σ_k A_ik B_kj.
    fn product(&self, factors: &[Expr], cell: &RowAndColumn, bound: &[Index]) -> Expr {
        let [first, rest @ ..] = factors else { return integer(1) };
        if rest.is_empty() {
            return self.at(first, cell, bound);
        }
        self.summed(&first.shape().cols, bound, &|k, bound| {
            let left = self.at(first, &[cell[0].clone(), k.clone()], bound);
            had(vec![left, self.product(rest, &[k, cell[1].clone()], bound)])
        })
    }

    /// Σ along a side.
    fn summed(&self, size: &Size, bound: &[Index], body: &dyn Fn(Option<Place>, &[Index]) -> Expr) -> Expr {
        match self.index(size, bound) {
            None => body(None, bound),
            Some(index) => {
                let inner = [bound, std::slice::from_ref(&index)].concat();
                gathered(Gathering::Sum, vec![index.clone()], vec![], body(Some(index.place()), &inner))
            }
        }
    }

    /// Σ over all entries of an array.
    fn total(&self, a: &Expr, bound: &[Index], of: &dyn Fn(Expr) -> Expr) -> Expr {
        self.summed(&a.shape().rows, bound, &|r, bound| {
            self.summed(&a.shape().cols, bound, &|c, bound| of(self.at(a, &[r.clone(), c], bound)))
        })
    }

    /// Σ over what a function of an array along an axis looks at, for the entry at a cell.
    fn along(&self, axis: Axis, a: &Expr, cell: &RowAndColumn, bound: &[Index], of: &dyn Fn(Expr) -> Expr) -> Expr {
        match axis {
            Axis::All => self.total(a, bound, of),
            Axis::Rows => self.summed(&a.shape().cols, bound, &|c, bound| of(self.at(a, &[cell[0].clone(), c], bound))),
            Axis::Cols => self.summed(&a.shape().rows, bound, &|r, bound| of(self.at(a, &[r, cell[1].clone()], bound))),
        }
    }

    fn builtin(&self, b: Builtin, e: &Expr, cell: &RowAndColumn, bound: &[Index]) -> Expr {
        let a = &e.args()[0];
        let exp = |x: Expr| elementwise(Elementwise::Exp, x);
        let log = |x: Expr| elementwise(Elementwise::Log, x);
        match b {
            Builtin::Sum(axis) => {
                // the sums stand in a column, whatever they are along
                let place = cell[0].clone().or(cell[1].clone());
                self.along(axis, a, &[place.clone(), place], bound, &|x| x)
            }
            Builtin::Mean => had(vec![pow(size_number(&a.shape().count()), integer(-1)), self.total(a, bound, &|x| x)]),
            Builtin::NormSquared => self.total(a, bound, &|x| pow(x, integer(2))),
            Builtin::Norm1 => self.total(a, bound, &|x| elementwise(Elementwise::Abs, x)),
            Builtin::LogSumExp => log(self.total(a, bound, &exp)),
            Builtin::Softmax(axis) => {
                let total = self.along(axis, a, cell, bound, &exp);
                had(vec![exp(self.at(a, cell, bound)), pow(total, integer(-1))])
            }
            Builtin::LogSoftmax(axis) => sub(self.at(a, cell, bound), log(self.along(axis, a, cell, bound, &exp))),
            Builtin::Trace => self.summed(&a.shape().rows, bound, &|k, bound| self.at(a, &[k.clone(), k], bound)),
            Builtin::Diag => had(vec![bracket(Comparator::Equal, cell), self.at(a, &[cell[0].clone(), None], bound)]),
            Builtin::DiagonalOf => self.at(a, &[cell[0].clone(), cell[0].clone()], bound),
            Builtin::Det
            | Builtin::LogDet
            | Builtin::Skew
            | Builtin::Vec
            | Builtin::CumSum
            | Builtin::Prod(_)
            | Builtin::ProdOthers(_)
            | Builtin::Var(_)
            | Builtin::LayerNorm(_) => opaque(e, cell),
        }
    }

    /// The entry of what a part is taken from.
    fn shifted(&self, of: &Expr, ranges: [&Range; 2], cell: &RowAndColumn) -> RowAndColumn {
        let sizes = [&of.shape().rows, &of.shape().cols];
        let one = |k: usize| {
            let before = ranges[k].first.minus(&Size::one());
            let place = cell[k].clone().unwrap_or_else(|| Place::fixed(Size::one()));
            (!sizes[k].is_one()).then(|| place.shifted(&before))
        };
        [one(0), one(1)]
    }
}

/// [i = j], 1 along sides of length 1.
fn bracket(relation: Comparator, cell: &RowAndColumn) -> Expr {
    let [Some(left), Some(right)] = cell.clone() else { return integer(1) };
    let when = match relation {
        Comparator::Equal => same(left, right),
        Comparator::Different | Comparator::Less | Comparator::AtMost => PlaceCondition { left, relation, right },
    };
    gathered(Gathering::Sum, vec![], vec![when], integer(1))
}

/// What has no formula by entries: the entry of the whole.
fn opaque(e: &Expr, cell: &RowAndColumn) -> Expr {
    let at: Vec<Place> = cell.iter().flatten().cloned().collect();
    if at.is_empty() {
        return e.clone();
    }
    variable(Indexed::Entry { of: e.clone(), at }.symbol(), &Shape::scalar())
}

/// Whether an array has a part without a formula by entries: a product with it stays a product of matrices.
fn holds_opaque(e: &Expr) -> bool {
    let own = match e.op() {
        Op::Unit(..)
        | Op::Commutation(..)
        | Op::Duplication(_)
        | Op::Kron
        | Op::Inverse
        | Op::MatrixPower(_)
        | Op::Unvec(..)
        | Op::Block { .. }
        | Op::Field(_)
        | Op::Differential
        | Op::Inner => true,
        Op::Builtin(b) => has_no_formula(*b),
        Op::Add
        | Op::Had
        | Op::Map(_)
        | Op::Pow
        | Op::Mul
        | Op::Transpose
        | Op::Variable(_)
        | Op::Ones(_)
        | Op::Zeros(_)
        | Op::Eye(_)
        | Op::Tril(_)
        | Op::Slice { .. }
        | Op::Number(_)
        | Op::SizeNumber(_)
        | Op::Constant(_) => false,
    };
    !e.is_scalar() && (own || e.args().iter().any(holds_opaque))
}

fn has_no_formula(b: Builtin) -> bool {
    match b {
        Builtin::Det
        | Builtin::LogDet
        | Builtin::Skew
        | Builtin::Vec
        | Builtin::CumSum
        | Builtin::Prod(_)
        | Builtin::ProdOthers(_)
        | Builtin::Var(_)
        | Builtin::LayerNorm(_) => true,
        Builtin::Sum(_)
        | Builtin::Mean
        | Builtin::NormSquared
        | Builtin::Norm1
        | Builtin::LogSumExp
        | Builtin::Softmax(_)
        | Builtin::LogSoftmax(_)
        | Builtin::Trace
        | Builtin::Diag
        | Builtin::DiagonalOf => false,
    }
}

/// log softmax(x) as the one function it is.
fn log_softmax(e: &Expr) -> Option<Expr> {
    let Op::Map(m) = e.op() else { return None };
    let log = m.order == 0 && m.function == Function::Builtin(Elementwise::Log);
    match e.args()[0].op() {
        Op::Builtin(Builtin::Softmax(axis)) if log => {
            Some(builtin(Builtin::LogSoftmax(*axis), e.args()[0].args()[0].clone()))
        }
        _ => None,
    }
}
