//! Whether points have seen every part of two quantities that agree: every mutant of them has to differ somewhere. Points
//! are sought where it does: at many scales, those of the document's own constants among them, and where what stands in
//! the way (a saturated function, one side of a kink, a term beside much larger ones) comes into its interval.

use super::compare::{Difference, Quantity, Region, difference_at};
use super::mutants::{Guide, Mutant, mutants};
use super::sample::{scaled, variants};
use super::{Matrix, Values, evaluate, extend};
use crate::diag::{Error, Kind};
use crate::expr::{Expr, Op};
use crate::program::{Definition, Inliner};
use rustc_hash::FxHashSet as HashSet;

/// Scales tried beside those of the document's constants.
const SCALES: [f64; 17] =
    [1.0, 0.1, 10.0, 0.01, 100.0, 1e-3, 1e3, 1e-4, 1e4, 1e-5, 1e5, 1e-6, 1e6, 1e-7, 1e8, 1e-9, 1e10];
/// Scales of constants that are tried.
const MAX_CONSTANTS: usize = 12;
/// Inputs that are scaled one by one.
const MAX_INPUTS: usize = 6;
/// Expressions with more nodes are explored with their definitions as names.
const MAX_NODES: u64 = 3_000;
/// Steps of a search between two points.
const BISECTIONS: usize = 60;
/// Pairs of points that are searched between for one part.
const MAX_SEARCHES: usize = 6;

/// What exploring found.
#[derive(Clone, Debug)]
pub enum Exploration {
    /// A difference after all.
    Apart(Box<Difference>),
    /// Every part was seen to matter, and the two agree.
    Seen,
    /// These parts were not.
    Unseen(Vec<Expr>),
}

/// Explores two quantities that agree at ordinary points. `expressions` are what they are made of; where the second quantity
/// is found otherwise, `witness` is its expression's value, and where that is off too a difference does not count.
///
/// # Errors
/// Those of evaluation, `Domain` aside.
pub fn explore(
    domain: &Region,
    definitions: &[Definition],
    expressions: [&Expr; 2],
    quantities: [&Quantity; 2],
    witness: Option<&Quantity>,
) -> Result<Exploration, Error> {
    let inliner = Inliner::new(definitions.iter());
    let plain = |e: &Expr| inliner.inline(e).filter(|e| e.nodes() <= MAX_NODES).unwrap_or_else(|| e.clone());
    let expressions = expressions.map(plain);
    let mut sides: Vec<Explored> = expressions.iter().map(Explored::new).collect();
    sides.dedup_by(|a, b| a.whole == b.whole);
    let base = variants(domain.sized, domain.program)?;
    let (own, common) = scales(&expressions);
    let mut explorer = Explorer { definitions, quantities, witness, sides, visited: vec![] };
    let together = [1.0].iter().chain(&own).chain(&SCALES).map(|s| (None, *s));
    let names = domain.program.inputs.iter().map(|i| &i.name).take(MAX_INPUTS);
    let apart = names.flat_map(|n| own.iter().chain(&common).map(move |s| (Some(n), *s)));
    for (i, (alone, scale)) in together.chain(apart).enumerate() {
        // the first round looks far out whatever has been seen
        if i > 0 && explorer.is_done() {
            return Ok(Exploration::Seen);
        }
        for values in &base {
            if let Some(found) = explorer.visit(scaled(values, domain.program, alone, scale))? {
                return Ok(Exploration::Apart(found));
            }
        }
    }
    explorer.search()
}

/// Scales of the numbers in the expressions and of their reciprocals, and those at which inputs are tried one by one.
fn scales(expressions: &[Expr; 2]) -> (Vec<f64>, [f64; 6]) {
    let mut constants = vec![];
    let mut seen = HashSet::default();
    expressions.iter().for_each(|e| numbers(e, &mut seen, &mut constants));
    (
        constants.into_iter().take(MAX_CONSTANTS).flat_map(|c| [c, 1.0 / c]).collect(),
        [0.01, 100.0, 1e-4, 1e4, 1e-7, 1e7],
    )
}

fn numbers(e: &Expr, seen: &mut HashSet<usize>, found: &mut Vec<f64>) {
    if !seen.insert(e.address()) {
        return;
    }
    if let Op::Number(n) = e.op() {
        let size = n.to_f64().abs();
        let is_scale = size.is_finite() && size > 0.0 && !(0.2..5.0).contains(&size);
        if is_scale && !found.contains(&size) {
            found.push(size);
        }
    }
    e.args().iter().for_each(|a| numbers(a, seen, found));
}

/// An expression and what has not been seen of it.
struct Explored {
    whole: Expr,
    /// Mutants no point has shown yet.
    alive: Vec<Mutant>,
    /// Everything that may hide a part.
    gates: Vec<Guide>,
}

impl Explored {
    fn new(whole: &Expr) -> Explored {
        let alive = mutants(whole);
        let mut gates: Vec<Guide> = vec![];
        for guide in alive.iter().filter_map(|m| m.guide.as_ref()) {
            if !gates.contains(guide) {
                gates.push(guide.clone());
            }
        }
        Explored { whole: whole.clone(), alive, gates }
    }

    /// Notes which mutants are told here from the other side, by looking for a difference as it is looked for in what
    /// they are mutants of, and which of them where their guides lead.
    fn look(&mut self, point: &Visit, other: &Quantity) -> Result<(), Error> {
        for mutant in &mut self.alive {
            let is_met = mutant.guide.as_ref().map_or(Ok(true), |g| is_met(g, point.here))?;
            if (is_met || !mutant.shown) && point.tells(&mutant.whole, other)? {
                mutant.shown = true;
                mutant.seen |= is_met;
            }
        }
        self.alive.retain(|m| !m.seen);
        Ok(())
    }

    /// A part that does not matter need not be told: where its change is one, and nothing hides it, the whole is as it was.
    fn excuse(&mut self, point: &Visit) -> Result<(), Error> {
        let mut alive = std::mem::take(&mut self.alive);
        for mutant in &mut alive {
            let is_met = mutant.guide.as_ref().map_or(Ok(true), |g| is_met(g, point.here))?;
            mutant.seen = is_met
                && self.is_open(mutant, point.here)?
                && point.tells_apart(&mutant.changed, &mutant.part)?
                && !point.tells_apart(&mutant.whole, &self.whole)?;
        }
        alive.retain(|m| !m.seen);
        self.alive = alive;
        Ok(())
    }

    /// Whether nothing but the mutated part may hide anything here: no function is saturated, and no term that holds the
    /// part is lost beside others.
    fn is_open(&self, mutant: &Mutant, here: &Values) -> Result<bool, Error> {
        let own = mutant.guide.as_ref().map(|g| &g.watch);
        for gate in self.gates.iter().filter(|g| Some(&g.watch) != own) {
            let is_open = match &gate.beside {
                Some(_) => !gate.watch.contains(&mutant.part) || is_met(gate, here)?,
                None => watched(gate, here)?.is_some_and(|w| w.iter().all(|x| within(*x, gate.open))),
            };
            if !is_open {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// A visited point: as it was drawn, and with what is defined there.
struct Visit<'a> {
    definitions: &'a [Definition],
    values: &'a Values,
    here: &'a Values,
}

impl Visit<'_> {
    /// Whether an expression differs here from a quantity.
    fn tells(&self, changed: &Expr, other: &Quantity) -> Result<bool, Error> {
        Ok(difference_at(self.values, &self.quantity(changed), other, None)?.flatten().is_some())
    }

    /// Whether two expressions differ here.
    fn tells_apart(&self, changed: &Expr, plain: &Expr) -> Result<bool, Error> {
        self.tells(changed, &self.quantity(plain))
    }

    fn quantity<'e>(&'e self, e: &'e Expr) -> impl Fn(&Values) -> Result<Matrix<f64>, Error> + 'e {
        |values| {
            let mut there = values.clone();
            extend(&mut there, self.definitions)?;
            evaluate(e, &there)
        }
    }
}

fn within(x: f64, (low, high): (f64, f64)) -> bool {
    low < x && x < high
}

fn is_met(guide: &Guide, here: &Values) -> Result<bool, Error> {
    let watched = watched(guide, here)?;
    Ok(watched.is_some_and(|w| w.iter().any(|x| guide.intervals.iter().any(|i| within(*x, *i)))))
}

/// What a guide watches, entry by entry; NaN beside a 0.
fn watched(guide: &Guide, here: &Values) -> Result<Option<Matrix<f64>>, Error> {
    let Some(mut value) = defined(evaluate(&guide.watch, here))? else { return Ok(None) };
    if let Some(beside) = &guide.beside {
        let Some(beside) = defined(evaluate(beside, here))? else { return Ok(None) };
        value.zip_mut_with(&beside, |x, y| *x = if *y == 0.0 { f64::NAN } else { *x / *y });
    }
    Ok(Some(value))
}

struct Explorer<'a> {
    definitions: &'a [Definition],
    quantities: [&'a Quantity<'a>; 2],
    witness: Option<&'a Quantity<'a>>,
    sides: Vec<Explored>,
    visited: Vec<Values>,
}

impl Explorer<'_> {
    /// Looks at a point: a difference there, or the mutants that show.
    fn visit(&mut self, values: Values) -> Result<Option<Box<Difference>>, Error> {
        let mut here = values.clone();
        if defined(extend(&mut here, self.definitions))?.is_none() {
            return Ok(None);
        }
        let [left, right] = self.quantities;
        let Some(seen) = difference_at(&values, left, right, self.witness)? else { return Ok(None) };
        if let Some(found) = seen {
            return Ok(Some(Box::new(found)));
        }
        let point = Visit { definitions: self.definitions, values: &values, here: &here };
        let others = self.quantities.iter().rev();
        self.sides.iter_mut().zip(others).try_for_each(|(side, other)| side.look(&point, *other))?;
        self.visited.push(values);
        Ok(None)
    }

    fn is_done(&self) -> bool {
        self.sides.iter().all(|s| s.alive.is_empty())
    }

    /// Searches between visited points for those that show what is left.
    fn search(mut self) -> Result<Exploration, Error> {
        let alive = |s: &Explorer| s.sides.iter().flat_map(|s| &s.alive).cloned().collect::<Vec<Mutant>>();
        let guides: Vec<Guide> = alive(&self).into_iter().filter_map(|m| m.guide).collect();
        for guide in guides {
            for interval in guide.intervals.iter().flat_map(|i| between(*i)) {
                if !alive(&self).iter().any(|m| m.guide.as_ref() == Some(&guide)) {
                    break;
                }
                for values in self.towards(&guide, interval)? {
                    if let Some(found) = self.visit(values)? {
                        return Ok(Exploration::Apart(found));
                    }
                }
            }
        }
        self.excuse_terms_apart()?;
        self.excuse_what_does_not_matter()?;
        if self.is_done() {
            return Ok(Exploration::Seen);
        }
        let mut parts: Vec<Expr> = vec![];
        for m in alive(&self) {
            if !parts.contains(&m.part) {
                parts.push(m.part);
            }
        }
        Ok(Exploration::Unseen(parts))
    }

    /// Terms that never stand beside others in one entry need not be met there.
    fn excuse_terms_apart(&mut self) -> Result<(), Error> {
        let mut sides = std::mem::take(&mut self.sides);
        for mutant in sides.iter_mut().flat_map(|s| &mut s.alive) {
            let Some(guide) = mutant.guide.as_ref().filter(|g| g.beside.is_some()) else { continue };
            let mut together = false;
            for values in &self.visited {
                together |= self.value(guide, values)?.is_some_and(|w| w.iter().any(|x| !x.is_nan() && *x != 0.0));
            }
            mutant.seen |= mutant.shown && !together;
        }
        sides.iter_mut().for_each(|s| s.alive.retain(|m| !m.seen));
        self.sides = sides;
        Ok(())
    }

    fn excuse_what_does_not_matter(&mut self) -> Result<(), Error> {
        for values in &self.visited {
            let mut here = values.clone();
            extend(&mut here, self.definitions)?;
            let point = Visit { definitions: self.definitions, values, here: &here };
            self.sides.iter_mut().try_for_each(|side| side.excuse(&point))?;
        }
        Ok(())
    }

    /// Points between visited ones at which an entry of what is watched is in the interval.
    fn towards(&self, guide: &Guide, (low, high): (f64, f64)) -> Result<Vec<Values>, Error> {
        let mut found = vec![];
        let values = self.visited.iter().map(|v| Ok((v, self.value(guide, v)?))).collect::<Result<Vec<_>, Error>>()?;
        for (i, (p, at_p)) in values.iter().enumerate() {
            for (q, at_q) in &values[..i] {
                let (Some(at_p), Some(at_q)) = (at_p, at_q) else { continue };
                if p.sizes != q.sizes || p.functions != q.functions || found.len() >= MAX_SEARCHES {
                    continue;
                }
                let crossed = at_p.indexed_iter().find_map(|(place, x)| {
                    let y = at_q[place];
                    (*x < low && y > high).then_some((place, false)).or((y < low && *x > high).then_some((place, true)))
                });
                let Some((place, turned)) = crossed else { continue };
                let (below, above) = if turned { (*q, *p) } else { (*p, *q) };
                found.extend(self.bisected(guide, place, (low, high), below, above)?);
            }
        }
        Ok(found)
    }

    fn bisected(
        &self,
        guide: &Guide,
        place: (usize, usize),
        (low, high): (f64, f64),
        below: &Values,
        above: &Values,
    ) -> Result<Option<Values>, Error> {
        let (mut below, mut above) = (below.clone(), above.clone());
        for _ in 0..BISECTIONS {
            let mut middle = below.clone();
            for (name, array) in &mut middle.arrays {
                if let Some(other) = above.arrays.get(name) {
                    array.zip_mut_with(other, |x, y| *x = 0.5 * (*x + y));
                }
            }
            match self.value(guide, &middle)?.map(|a| a[place]) {
                None => return Ok(None),
                Some(x) if x < low => below = middle,
                Some(x) if x > high => above = middle,
                Some(_) => return Ok(Some(middle)),
            }
        }
        Ok(None)
    }

    fn value(&self, guide: &Guide, values: &Values) -> Result<Option<Matrix<f64>>, Error> {
        let mut here = values.clone();
        let there = defined(extend(&mut here, self.definitions))?;
        Ok(there.map(|()| watched(guide, &here)).transpose()?.flatten())
    }
}

/// The parts of an interval that are searched for: of a wide one its lower end and its upper one.
fn between((low, high): (f64, f64)) -> Vec<(f64, f64)> {
    let middle = (low.abs() * high.abs()).sqrt() * low.signum();
    if low.is_finite() && high.is_finite() && middle > low && middle < high {
        vec![(middle, high), (low, middle)]
    } else {
        vec![(low, high)]
    }
}

fn defined<A>(result: Result<A, Error>) -> Result<Option<A>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(e) if e.kind == Kind::Domain => Ok(None),
        Err(e) => Err(e),
    }
}
