//! Numbers for size names: small, different where they may be, and true to the document's conditions.

use super::random::Random;
use super::rank;
use crate::diag::{Error, Kind};
use crate::expr::{Expr, Name, Op, Range, Size};
use crate::program::Program;
use rustc_hash::FxHashSet as HashSet;
use std::collections::{BTreeMap, BTreeSet};

/// Sizes a sample prefers: neighbours are coprime, so that no reshape can hide a transpose.
const PREFERRED: [i64; 6] = [3, 4, 2, 5, 6, 7];
/// The largest size tried that the document does not name.
const LARGEST: i64 = 64;
/// Steps of the search before it gives up.
const MAX_STEPS: usize = 100_000;

/// What sizes have to satisfy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum SizeConstraint {
    /// At least 1.
    Positive(Size),
    /// Exactly 0.
    Zero(Size),
}

impl SizeConstraint {
    fn size(&self) -> &Size {
        match self {
            SizeConstraint::Positive(size) | SizeConstraint::Zero(size) => size,
        }
    }

    fn holds(&self, sizes: &BTreeMap<Name, i64>) -> bool {
        match self {
            SizeConstraint::Positive(size) => size.value(sizes).is_some_and(|n| n >= 1),
            SizeConstraint::Zero(size) => size.value(sizes) == Some(0),
        }
    }
}

/// What a round of sampling wants its sizes to be.
enum Preference {
    /// This order of the preferred sizes, every name another one.
    Different([i64; PREFERRED.len()]),
    /// The same size for all names: for programs that need square matrices without saying so.
    Same,
}

/// The rounds of `choose` that differ.
pub const ROUNDS: u64 = 14;

/// Sizes for every size name of the program; other rounds give other sizes.
///
/// # Errors
/// `Limit` when the search finds none that satisfy the program's conditions, slices and shapes.
pub fn choose(program: &Program, seed: u64, round: u64) -> Result<BTreeMap<Name, i64>, Error> {
    satisfying(program, &preference(seed, round))
}

/// The smallest sizes that still differ, for points a person reads.
///
/// # Errors
/// As for `choose`.
pub fn small(program: &Program) -> Result<BTreeMap<Name, i64>, Error> {
    let mut sizes = PREFERRED;
    sizes.sort();
    satisfying(program, &Preference::Different(sizes))
}

/// Sizes at which every matrix that needs an inverse may have one, and different ones if there are such; else any that fit.
fn satisfying(program: &Program, preference: &Preference) -> Result<BTreeMap<Name, i64>, Error> {
    let (any, ranks) = (constraints(program), rank::requirements(program));
    let full = |slack: i64| {
        let at_least = |(n, k): &(Size, Size)| SizeConstraint::Positive(k.minus(n).plus(&Size::constant(slack)));
        let all: Vec<SizeConstraint> = any.iter().cloned().chain(ranks.iter().map(at_least)).collect();
        search(program, &all, preference)
    };
    let found = if ranks.is_empty() { None } else { full(0).or_else(|| full(1)) };
    found.or_else(|| search(program, &any, preference)).ok_or_else(|| {
        let message = "no small sizes satisfy the conditions, slices and shapes of the document";
        Error::new(Kind::Limit, message).help("write the sizes out, or give values")
    })
}

fn search(program: &Program, constraints: &[SizeConstraint], preference: &Preference) -> Option<BTreeMap<Name, i64>> {
    let names = names(program, constraints);
    let search = Search { due: due(&names, constraints), rest: rest(constraints), names };
    let constants_hold =
        constraints.iter().filter(|c| c.size().names().next().is_none()).all(|c| c.holds(&BTreeMap::new()));
    constants_hold.then(|| search.run(preference)).flatten()
}

/// First the rotations, then arbitrary orders, then one size for all.
fn preference(seed: u64, round: u64) -> Preference {
    let mut sizes = PREFERRED;
    let rotations = sizes.len() as u64;
    if round + 1 >= ROUNDS {
        return Preference::Same;
    }
    if round < rotations {
        sizes.rotate_left(((seed + round) % rotations) as usize);
    } else {
        let mut random = Random::new(seed ^ round << 32);
        (1..sizes.len()).for_each(|i| sizes.swap(i, random.below(i + 1)));
    }
    Preference::Different(sizes)
}

struct Search<'a> {
    names: Vec<Name>,
    /// For each name, the constraints that are decided once it has a value.
    due: Vec<Vec<&'a SizeConstraint>>,
    /// Sizes to try after the preferred ones.
    rest: Vec<i64>,
}

/// How many names have a size, and how often each size stands.
#[derive(Default)]
struct Uses {
    names: usize,
    times: BTreeMap<i64, usize>,
}

impl Uses {
    /// A name has another size, or one where it had none, or none any more.
    fn replace(&mut self, before: Option<i64>, after: Option<i64>) {
        if let Some(times) = before.and_then(|n| self.times.get_mut(&n)) {
            (*times, self.names) = (*times - 1, self.names - 1);
        }
        self.times.retain(|_, times| *times > 0);
        if let Some(n) = after {
            self.names += 1;
            *self.times.entry(n).or_default() += 1;
        }
    }
}

impl Search<'_> {
    /// Depth first over the names, the first choice that leaves no decided constraint broken.
    fn run(&self, preference: &Preference) -> Option<BTreeMap<Name, i64>> {
        let mut sizes = BTreeMap::new();
        let mut used = Uses::default();
        let mut levels = vec![self.choices(&used, preference)];
        for _ in 0..MAX_STEPS {
            let depth = levels.len().checked_sub(1)?;
            if depth == self.names.len() {
                return Some(sizes);
            }
            let name = &self.names[depth];
            match levels[depth].pop() {
                Some(value) => {
                    used.replace(sizes.insert(name.clone(), value), Some(value));
                    if self.due[depth].iter().all(|c| c.holds(&sizes)) {
                        levels.push(self.choices(&used, preference));
                    }
                }
                None => {
                    used.replace(sizes.remove(name), None);
                    levels.pop();
                }
            }
        }
        None
    }

    /// What the next name may be, the best choice last: sizes no other name has before those one has.
    fn choices(&self, used: &Uses, preference: &Preference) -> Vec<i64> {
        let preferred = match preference {
            Preference::Different(order) => {
                let mut order = *order;
                order.rotate_left(used.names % PREFERRED.len());
                let (again, fresh): (Vec<i64>, Vec<i64>) = order.into_iter().partition(|n| used.times.contains_key(n));
                [fresh, again].concat()
            }
            Preference::Same => PREFERRED.to_vec(),
        };
        let mut choices = [preferred, self.rest.clone()].concat();
        choices.reverse();
        choices
    }
}

fn names(program: &Program, constraints: &[SizeConstraint]) -> Vec<Name> {
    let inputs = program.inputs.iter().flat_map(|i| [&i.shape.rows, &i.shape.cols]).flat_map(Size::names);
    let mentioned = constraints.iter().flat_map(|c| c.size().names());
    let all = mentioned.chain(&program.sizes).chain(inputs);
    let mut seen = HashSet::default();
    all.filter(|name| seen.insert(*name)).cloned().collect()
}

/// For each name, the constraints whose last name it is.
fn due<'a>(names: &[Name], constraints: &'a [SizeConstraint]) -> Vec<Vec<&'a SizeConstraint>> {
    let place: BTreeMap<&Name, usize> = names.iter().enumerate().map(|(i, name)| (name, i)).collect();
    let mut due = vec![vec![]; names.len()];
    for constraint in constraints {
        if let Some(last) = constraint.size().names().filter_map(|name| place.get(name)).max() {
            due[*last].push(constraint);
        }
    }
    due
}

/// 1, the sizes beyond the preferred ones, and the numbers the document itself names.
fn rest(constraints: &[SizeConstraint]) -> Vec<i64> {
    let constants = constraints.iter().flat_map(|c| c.size().terms()).filter(|(names, _)| names.is_empty());
    let named = constants.flat_map(|(_, c)| [c.saturating_abs(), c.saturating_abs().saturating_add(1)]);
    let sizes: BTreeSet<i64> = named.chain(8..=LARGEST).filter(|n| *n > 7).collect();
    std::iter::once(1).chain(sizes).collect()
}

/// The program's conditions, in the order of its text, and what its slices, units and shapes need.
fn constraints(program: &Program) -> Vec<SizeConstraint> {
    let conditions = program.conditions.iter().map(|c| SizeConstraint::Zero(c.left.minus(&c.right)));
    let mut found: Vec<SizeConstraint> = conditions.collect();
    let mut seen: BTreeSet<SizeConstraint> = BTreeSet::new();
    let mut visited = HashSet::default();
    let mut need = |size: Size| {
        let trivial = size.terms().all(|(_, c)| c > 0) && size.terms().next().is_some();
        let constraint = SizeConstraint::Positive(size);
        if !trivial && seen.insert(constraint.clone()) {
            found.push(constraint);
        }
    };
    for input in &program.inputs {
        need(input.shape.rows.clone());
        need(input.shape.cols.clone());
    }
    for space in program.fields.values() {
        [&space.domain.rows, &space.domain.cols, &space.codomain].into_iter().for_each(|size| need(size.clone()));
    }
    for definition in &program.definitions {
        visit(&definition.value, &mut visited, &mut need);
    }
    found
}

fn visit(e: &Expr, visited: &mut HashSet<usize>, need: &mut impl FnMut(Size)) {
    if !visited.insert(e.address()) {
        return;
    }
    need(e.shape().rows.clone());
    need(e.shape().cols.clone());
    if let Op::Slice { rows, cols } = e.op() {
        within(rows, &e.args()[0].shape().rows, need);
        within(cols, &e.args()[0].shape().cols, need);
    }
    if let Op::Unit(n, i) = e.op() {
        within(&Range { first: i.clone(), last: i.clone() }, n, need);
    }
    e.args().iter().for_each(|a| visit(a, visited, need));
}

/// 1 ≤ first and last ≤ extent.
fn within(range: &Range, extent: &Size, need: &mut impl FnMut(Size)) {
    need(range.first.clone());
    need(extent.minus(&range.last).plus(&Size::one()));
}
