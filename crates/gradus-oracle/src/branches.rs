//! The branches of a program: the sides of its kinks and the parts of its functions that are not saturated. What a check
//! has seen is about those alone in which its points lie.

use super::sample::scaled;
use super::{Matrix, Values};
use crate::diag::{Error, Kind};
use crate::expr::{Builtin, Elementwise, Expr, Function, Map, Op, Purpose, Symbol, is_nonnegative};
use crate::program::{Definition, Program};
use rustc_hash::FxHashSet as HashSet;
use std::cell::Cell;

/// Of more functions than these no branches are followed.
const MAX_PARTS: usize = 64;
/// What is beyond a kink by less is on neither side of it.
const CLEAR: f64 = 1e-9;
/// Numbers of the document by which points are stretched.
const MAX_NUMBERS: usize = 8;
/// Other stretches.
const STRETCHES: [f64; 6] = [10.0, 0.1, 1e3, 1e-3, 1e6, 1e-6];

/// Where a function is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// To the left of its kink.
    Left,
    /// To the right of its kink.
    Right,
    /// Where it is not saturated.
    Curved,
}

impl Section {
    /// In words, after the function.
    pub fn words(self) -> &'static str {
        match self {
            Section::Left => "left of its kink",
            Section::Right => "right of its kink",
            Section::Curved => "where it is not saturated",
        }
    }
}

/// A section with the interval in which what is watched lies there.
type Bounded = (Section, (f64, f64));

/// A part of a program in one of its sections.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// The function applied.
    pub part: Expr,
    /// Where.
    pub section: Section,
}

/// The branches of what a definition depends on, and which of them points have met.
pub struct Branches {
    /// What is watched: the argument of a kink, the value of what saturates.
    pub watched: Vec<Expr>,
    branches: Vec<(usize, (f64, f64), Branch)>,
    met: Vec<Cell<bool>>,
}

impl Branches {
    pub fn new(program: &Program, of: &Symbol) -> Branches {
        let mut found = Branches { watched: vec![], branches: vec![], met: vec![] };
        let mut seen = HashSet::default();
        needed(&program.definitions, of).into_iter().for_each(|d| found.collect(&d.value, &mut seen));
        found.met = found.branches.iter().map(|_| Cell::new(false)).collect();
        found
    }

    fn collect(&mut self, e: &Expr, seen: &mut HashSet<Expr>) {
        if self.watched.len() >= MAX_PARTS || e.args().is_empty() || !seen.insert(e.clone()) {
            return;
        }
        e.args().iter().for_each(|a| self.collect(a, seen));
        let (watched, sections) = sections(e);
        if !sections.is_empty() {
            let at = self.watched.len();
            let branch = |(section, interval)| (at, interval, Branch { part: e.clone(), section });
            self.branches.extend(sections.into_iter().map(branch));
            self.watched.push(watched.clone());
        }
    }

    /// Whether every branch has been met.
    pub fn are_met(&self) -> bool {
        self.met.iter().all(Cell::get)
    }

    /// Which branches are met where what is watched has these values, and were not before.
    pub fn fresh(&self, mut value: impl FnMut(usize) -> Result<Matrix<f64>, Error>) -> Result<Vec<usize>, Error> {
        let mut fresh = vec![];
        for (i, (at, (low, high), _)) in self.branches.iter().enumerate().filter(|(i, _)| !self.met[*i].get()) {
            match value(*at) {
                Ok(value) if value.iter().any(|x| low < x && x < high) => fresh.push(i),
                Ok(_) => {}
                // of an argument that is nothing beyond its function
                Err(e) if e.kind == Kind::Domain => {}
                Err(e) => return Err(e),
            }
        }
        Ok(fresh)
    }

    pub fn meet(&self, met: &[usize]) {
        met.iter().for_each(|i| self.met[*i].set(true));
    }

    pub fn not_met(&self) -> Vec<Branch> {
        let left = self.branches.iter().zip(&self.met).filter(|(_, met)| !met.get());
        left.map(|((_, _, branch), _)| branch.clone()).collect()
    }
}

/// What is watched of a function, and in which sections it is another one.
fn sections(e: &Expr) -> (&Expr, Vec<Bounded>) {
    use Elementwise::{Erf, Gelu, IsZero, Sigmoid, Silu, Softplus, Tanh};
    if matches!(e.op(), Op::Builtin(Builtin::Softmax(_))) {
        return (e, vec![(Section::Curved, (1e-3, 1.0 - 1e-3))]);
    }
    let argument = &e.args()[0];
    let is_kinked = match e.op() {
        Op::Map(Map { function: Function::Builtin(f), order }) if f.about().kink.is_none() || *f == IsZero => {
            let saturates = matches!(f, Tanh | Sigmoid | Softplus | Erf | Gelu | Silu) && *order < 2;
            return (argument, saturates.then_some((Section::Curved, (-5.0, 5.0))).into_iter().collect());
        }
        op => matches!(op, Op::Builtin(Builtin::Norm1) | Op::Map(Map { function: Function::Builtin(_), order: 0 | 1 })),
    };
    let right = (Section::Right, (CLEAR, f64::INFINITY));
    let left = (!is_nonnegative(argument)).then_some((Section::Left, (f64::NEG_INFINITY, -CLEAR)));
    (argument, left.into_iter().chain([right]).filter(|_| is_kinked).collect())
}

/// The definitions that one of them depends on, itself among them.
fn needed<'a>(definitions: &'a [Definition], of: &Symbol) -> Vec<&'a Definition> {
    let mut names: HashSet<Symbol> = HashSet::from_iter([of.clone()]);
    let mut found = vec![];
    for definition in definitions.iter().rev() {
        if names.contains(&definition.name) {
            mentioned(&definition.value, &mut HashSet::default(), &mut names);
            found.push(definition);
        }
    }
    found.reverse();
    found
}

fn mentioned(e: &Expr, seen: &mut HashSet<usize>, names: &mut HashSet<Symbol>) {
    if let Some(v) = e.as_variable() {
        names.insert(v.name.clone());
    }
    if seen.insert(e.address()) {
        e.args().iter().for_each(|a| mentioned(a, seen, names));
    }
}

/// Points about a point at which other branches may be: stretched by the numbers of the program, all inputs together. There
/// are none where a definition is held off its structure by so much, which is little at the point alone.
pub fn stretched<'a>(program: &'a Program, points: &'a [Values]) -> impl Iterator<Item = Values> + 'a {
    let held = program.inputs.iter().any(|i| i.name.purpose() == Some(Purpose::Offset));
    let points = if held { &[] } else { points };
    let mut numbers = vec![];
    program.definitions.iter().for_each(|d| super::sample::magnitudes(&d.value, &mut numbers));
    numbers.truncate(MAX_NUMBERS);
    let by: Vec<f64> = numbers.into_iter().flat_map(|c| [c, 1.0 / c]).chain(STRETCHES).collect();
    by.into_iter().flat_map(move |s| points.iter().map(move |values| scaled(values, program, None, s)))
}
