//! The checker: one dual-number pass that perturbs all targets together in random directions.
//!
//! With directions V, automatic differentiation gives d(of) = Σ ∂of/∂X · V over the targets X; the claimed derivatives
//! give Σ ⟨∂of/∂X, V⟩ (shape convention) or Σ ∂of/∂X vec V (Jacobian). Wrong derivatives differ for almost every V.

use super::branches::{Branch, Branches, stretched};
use super::comparison::{Discrepancy, Sum, worst_error};
use super::doubt::{disagreement, is_wrong_nearby, rounding};
use super::plan::Plan;
use super::random::Random;
use super::run::{Run, Written};
use super::sample::{Manners, Seen, sample_planned, seen_at};
use super::stretch::{MAX_STRETCH, is_steady, norm, stretch, vanishing_stretch};
use super::tangent::{extent_of, perturbed};
use super::work::work;
use super::{Matrix, Values, sizes};
use crate::diag::{Error, Kind};
use crate::expr::{Expr, Shape, Symbol};
use crate::program::{Definition, Program};
use ndarray::{Array1, Array2};
use rustc_hash::FxHashMap as HashMap;

/// Points a check looks at.
pub const POINTS: usize = 3;
/// The largest relative error that is agreement.
pub const TOLERANCE: f64 = 1e-8;
/// Of this size, when stretched, a derivative counts in a sum.
const COUNTS: f64 = 0.5;
/// The largest relative error that is agreement beyond doubt in a sum of many derivatives.
const CERTAIN: f64 = 1e-12;
/// Gentle points that are asked further when there is a suspicion, and how many of them clear it: what is wrong is wrong
/// almost everywhere.
const WITNESSES: u64 = 5;
const CLEARING: usize = 2;
/// The layout a derivative is claimed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClaimedForm {
    /// ∂s/∂X in the shape of X, for a scalar s.
    Shape,
    /// ∂vec Y/∂(vec X)ᵀ.
    Jacobian,
}

/// A derivative to be checked; `wrt` is an input or a definition.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// What is differentiated by.
    pub wrt: &'a Symbol,
    /// The derivative as claimed.
    pub derivative: &'a Expr,
    /// The same in other terms, when that is claimed too.
    pub also: Option<&'a Expr>,
    /// Its layout.
    pub form: ClaimedForm,
}

/// What an agreeing check saw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Check {
    /// At how many points they agree.
    pub points: usize,
    /// The largest relative error there.
    pub max_rel_error: f64,
    /// The branches in which none of the points lies: of these it says nothing.
    pub not_visited: Vec<Branch>,
}

impl Check {
    /// What both warrant.
    pub fn and(mut self, other: Check) -> Check {
        self.not_visited
            .extend(other.not_visited.into_iter().filter(|b| !self.not_visited.contains(b)).collect::<Vec<_>>());
        Check {
            points: self.points.min(other.points),
            max_rel_error: self.max_rel_error.max(other.max_rel_error),
            not_visited: self.not_visited,
        }
    }
}

/// Checks claimed derivatives of the definition `of`, each of another target, at `POINTS` sampled points. `extra` are
/// definitions the claims use beside the program's, in dependency order. Structured inputs (symmetric, …) are perturbed
/// in all their entries.
///
/// # Errors
/// `Internal` with a report when a claim disagrees; `Domain` when no point of the domain is found.
pub fn check(program: &Program, of: &Symbol, extra: &[Definition], claims: &[Candidate]) -> Result<Check, Error> {
    let claimed = claims.iter().flat_map(|c| [c.derivative].into_iter().chain(c.also));
    work(program, extra.iter().map(|d| &d.value).chain(claimed), &sizes::choose(program, 1, 0)?)?;
    let question = PreparedCheck::new(program, of, extra, claims)?;
    let (mut max_rel_error, mut points) = (0.0f64, vec![]);
    for seed in 1..=POINTS as u64 {
        let (values, opinion) = question.opinion(program, Manners::All, seed)?;
        match &opinion.suspicion {
            Some(error) if !question.is_cleared(program, &opinion)? => return Err(error.clone()),
            Some(_) | None => max_rel_error = max_rel_error.max(opinion.error),
        }
        points.push(values);
    }
    let visited = question.visit_branches(program, &points)?;
    let not_visited = question.branches.not_met();
    Ok(Check { points: POINTS + visited, max_rel_error, not_visited })
}

/// What is to be thought of claims at a point.
struct Opinion {
    /// The largest relative error.
    error: f64,
    /// Which claims it is about: those that are not too small there.
    about: Vec<bool>,
    /// A derivative that is small beside the others seems wrong, or is made of rounding errors: a trace that is 0 but for
    /// them, what is left of a saturated function.
    suspicion: Option<Error>,
}

impl Opinion {
    /// Whether an agreement elsewhere is about all that is suspicious here.
    fn is_cleared_by(&self, other: &Opinion) -> bool {
        other.suspicion.is_none() && self.about.iter().zip(&other.about).all(|(own, other)| *other || !own)
    }
}

/// What is checked, made ready for many points.
struct PreparedCheck<'a> {
    of: &'a Symbol,
    claims: &'a [Candidate<'a>],
    /// The shapes of the claims' targets.
    shapes: Vec<Shape>,
    /// The program's definitions, the extra ones, the claimed derivatives, and those claims also make.
    plan: Plan,
    /// Which root of the plan `of` is.
    root: usize,
    /// The first root that is a claim.
    first: usize,
    /// What of the program points have met; what is watched for that are the last roots.
    branches: Branches,
}

/// The claimed derivatives' values at a point: as claimed, and in the other terms where there are any.
struct Claimed {
    own: Vec<Matrix<f64>>,
    also: Option<Vec<Matrix<f64>>>,
}

/// A comparison of derivatives each at its own scale, however small.
struct Vanishing {
    stretches: Vec<f64>,
    /// The claimed derivatives at the point beside.
    nudged: Claimed,
    here: Result<Vec<Discrepancy>, Error>,
}

impl Vanishing {
    /// The largest relative error, when that leaves no doubt: many derivatives count in one sum.
    fn agreement(&self) -> Option<f64> {
        let error = worst_error(self.here.as_ref().ok()?);
        (error <= CERTAIN).then_some(error)
    }
}

impl<'a> PreparedCheck<'a> {
    fn new(
        program: &'a Program,
        of: &'a Symbol,
        extra: &[Definition],
        claims: &'a [Candidate<'a>],
    ) -> Result<PreparedCheck<'a>, Error> {
        let results = claims.iter().map(|c| c.derivative).chain(claims.iter().filter_map(|c| c.also));
        let branches = Branches::new(program, of);
        let plan = Plan::new(program.definitions.iter().chain(extra), results.chain(&branches.watched));
        let unknown = || Error::new(Kind::Name, format!("{of} is not a definition"));
        let root = program.definitions.iter().position(|d| d.name == *of).ok_or_else(unknown)?;
        let known: HashMap<&Symbol, &Shape> = program.shapes().collect();
        let shapes = claims.iter().map(|c| known.get(c.wrt).map(|s| (*s).clone()).ok_or_else(|| misfit(c)));
        let (shapes, first) = (shapes.collect::<Result<_, _>>()?, program.definitions.len() + extra.len());
        Ok(PreparedCheck { of, claims, shapes, plan, root, first, branches })
    }

    fn claimed(&self, run: &mut Run<Written>) -> Result<Claimed, Error> {
        let roots = self.first..self.first + self.claims.len();
        let own: Vec<Matrix<f64>> = roots.clone().map(|i| run.entries(i)).collect::<Result<_, _>>()?;
        if self.claims.iter().all(|c| c.also.is_none()) {
            return Ok(Claimed { own, also: None });
        }
        let mut others = roots.end..;
        let mut also = own.clone();
        for (value, _) in also.iter_mut().zip(self.claims).filter(|(_, c)| c.also.is_some()) {
            *value = run.entries(others.next().unwrap_or_default())?;
        }
        Ok(Claimed { own, also: Some(also) })
    }

    fn opinion(&self, program: &Program, manners: Manners, seed: u64) -> Result<(Values, Opinion), Error> {
        sample_planned(program, program, &self.plan, manners, seed, |seen| self.meeting(seen, seed))
    }

    /// What the claims are at a point, which then counts among those that have met branches.
    fn meeting(&self, mut seen: Seen, seed: u64) -> Result<Opinion, Error> {
        let met = self.fresh(&mut seen)?;
        let opinion = self.at(seen, seed)?;
        self.branches.meet(&met);
        Ok(opinion)
    }

    /// The branches a point is the first to meet.
    fn fresh(&self, seen: &mut Seen) -> Result<Vec<usize>, Error> {
        let first = self.plan.roots.len() - self.branches.watched.len();
        self.branches.fresh(|watched| seen.here.entries(first + watched))
    }

    /// Looks in branches no point has met, where stretching points leads there; how many more points that were.
    fn visit_branches(&self, program: &Program, points: &[Values]) -> Result<usize, Error> {
        let mut visited = 0;
        for (values, seed) in stretched(program, points).zip(POINTS as u64 + 1..) {
            if self.branches.are_met() {
                break;
            }
            let look = |mut seen: Seen| match self.fresh(&mut seen)?.is_empty() {
                true => Ok(None),
                false => self.meeting(seen, seed).map(Some),
            };
            match seen_at(program, &self.plan, &values, seed, look) {
                Ok(Some(opinion)) => match opinion.suspicion {
                    Some(ref error) if !self.is_cleared(program, &opinion)? => return Err(error.clone()),
                    Some(_) | None => visited += 1,
                },
                Ok(None) | Err(Error { kind: Kind::Domain, .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(visited)
    }

    /// Whether a suspicion is rounding: where nothing is saturated the claims agree.
    fn is_cleared(&self, program: &Program, suspicious: &Opinion) -> Result<bool, Error> {
        let seeds = POINTS as u64 + 1..=POINTS as u64 + WITNESSES;
        let manners = [Manners::Gentle, Manners::Scaled].into_iter();
        let points = manners.flat_map(|manners| seeds.clone().map(move |seed| (manners, seed)));
        let witnesses =
            points.map(|(manners, seed)| self.opinion(program, manners, seed)).collect::<Result<Vec<_>, _>>()?;
        Ok(witnesses.iter().filter(|(_, w)| suspicious.is_cleared_by(w)).count() >= CLEARING)
    }

    /// What the claims are at a point.
    ///
    /// # Errors
    /// `Internal` with a report when they are wrong beyond doubt.
    fn at(&self, mut seen: Seen, seed: u64) -> Result<Opinion, Error> {
        let claimed = self.claimed(&mut seen.here)?;
        let stretches: Vec<f64> = claimed.own.iter().map(stretch).collect();
        let vanishing = match stretches.contains(&MAX_STRETCH) {
            true => self.vanishing(&mut seen, &claimed, seed),
            false => None,
        };
        let about = |stretches: &[f64]| claimed.own.iter().zip(stretches).map(|(d, s)| norm(d) * s >= COUNTS).collect();
        if let Some((v, error)) = vanishing.as_ref().and_then(|v| Some((v, v.agreement()?))) {
            return Ok(Opinion { error, about: about(&v.stretches), suspicion: None });
        }
        let here = self.compare(seen.values, &claimed, &stretches, seed)?;
        let error = worst_error(&here);
        if error.is_nan() || error > TOLERANCE {
            return self.doubtful(seen, &claimed, &here, seed);
        }
        let suspicion = vanishing.as_ref().map_or(Ok(None), |v| self.suspicion(&seen, v, seed))?;
        let counting = vanishing.filter(|_| suspicion.is_some()).map_or(stretches, |v| v.stretches);
        Ok(Opinion { error, about: about(&counting), suspicion })
    }

    /// What the claims are at a point where they disagree: wrong, unless a nudge shows that what disagrees is made of
    /// rounding errors. That may be a claim (a derivative that is 0 but for them) or what automatic differentiation says.
    ///
    /// # Errors
    /// `Internal` with a report when they are wrong, `Domain` when nothing can be said here.
    fn doubtful(&self, mut seen: Seen, claimed: &Claimed, here: &[Discrepancy], seed: u64) -> Result<Opinion, Error> {
        let nudged = self.claimed(&mut seen.near)?;
        let pairs = || claimed.own.iter().zip(&nudged.own);
        // what is made of rounding errors is not made larger
        let stretches: Vec<f64> =
            pairs().map(|(d, near)| stretch(d).min(if is_steady(d, near) { MAX_STRETCH } else { 1.0 })).collect();
        let error = worst_error(&self.compare(seen.values, claimed, &stretches, seed)?);
        if error <= TOLERANCE {
            return Ok(Opinion {
                error,
                about: pairs().map(|(d, near)| is_steady(d, near)).collect(),
                suspicion: None,
            });
        }
        let stretches: Vec<f64> = claimed.own.iter().map(stretch).collect();
        let near = self.compare(seen.nearby, &nudged, &stretches, seed)?;
        if here.iter().zip(&near).all(|(here, near)| here.is_rounding(std::slice::from_ref(near))) {
            return Err(rounding());
        }
        let wrong = here.iter().enumerate().filter(|(_, c)| c.is_wrong());
        let stands = wrong.map(|variant| self.is_wrong_nearby(seen.values, &stretches, variant, seed));
        if !stands.collect::<Result<Vec<_>, _>>()?.contains(&true) {
            return Err(rounding());
        }
        Err(self.report(seen.values, claimed, seed)?)
    }

    /// The comparison in which derivatives too small to count beside the others (the first layers of a deep network)
    /// count as much; `None` where the point beside this one has no value.
    fn vanishing(&self, seen: &mut Seen, claimed: &Claimed, seed: u64) -> Option<Vanishing> {
        let nudged = self.claimed(&mut seen.near).ok()?;
        let pairs = claimed.own.iter().zip(&nudged.own);
        let stretches: Vec<f64> = pairs.map(|(d, near)| vanishing_stretch(d, near)).collect();
        let here = self.compare(seen.values, claimed, &stretches, seed);
        Some(Vanishing { stretches, nudged, here })
    }

    /// Where vanishing derivatives disagree, and do not look like noise.
    fn suspicion(&self, seen: &Seen, vanishing: &Vanishing, seed: u64) -> Result<Option<Error>, Error> {
        let Vanishing { stretches, nudged, here } = vanishing;
        let near = self.compare(seen.nearby, nudged, stretches, seed);
        let (here, near) = match (here, near) {
            (Ok(here), Ok(near)) => (here, near),
            (Err(error), _) if error.kind != Kind::Domain => return Err(error.clone()),
            (_, Err(error)) if error.kind != Kind::Domain => return Err(error),
            (Ok(_) | Err(_), Ok(_) | Err(_)) => return Ok(None),
        };
        for (variant, (here, near)) in here.iter().zip(&near).enumerate() {
            if here.differs_significantly(near)
                && self.is_wrong_nearby(seen.values, stretches, (variant, here), seed)?
            {
                return Ok(Some(disagreement("a derivative that is small beside the others", here, seed)));
            }
        }
        Ok(None)
    }

    /// Whether one of the comparisons is as wrong beside a point as there.
    fn is_wrong_nearby(
        &self,
        values: &Values,
        stretches: &[f64],
        (variant, here): (usize, &Discrepancy),
        seed: u64,
    ) -> Result<bool, Error> {
        is_wrong_nearby(values, here, seed, &|values| {
            let claimed = self.claimed(&mut Run::new(&self.plan, Written(values)))?;
            Ok(self.compare(values, &claimed, stretches, seed)?.swap_remove(variant))
        })
    }

    /// Perturbs each claim's target in a random direction of the claim's stretch (not at all where that is 0): what the
    /// claims make of it, as claimed and in the other terms, beside the value with its tangent.
    fn compare(
        &self,
        values: &Values,
        claimed: &Claimed,
        stretches: &[f64],
        seed: u64,
    ) -> Result<Vec<Discrepancy>, Error> {
        let mut random = Random::new(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let mut directions = HashMap::default();
        for ((claim, shape), stretch) in self.claims.iter().zip(&self.shapes).zip(stretches) {
            let extent = extent_of(shape, values).ok_or_else(|| misfit(claim))?;
            let direction = random.direction(extent) * *stretch;
            directions.insert(claim.wrt.clone(), direction);
        }
        let value = perturbed(&self.plan, self.root, values, &directions)?;
        let variants = [&claimed.own].into_iter().chain(&claimed.also);
        variants.map(|v| Ok(Discrepancy { expected: self.expected(v, &directions)?, value: value.clone() })).collect()
    }

    /// What derivatives make of the directions in all.
    fn expected(&self, derivatives: &[Matrix<f64>], directions: &HashMap<Symbol, Array2<f64>>) -> Result<Sum, Error> {
        let mut expected: Option<Sum> = None;
        for (claim, derivative) in self.claims.iter().zip(derivatives) {
            let change = contract(claim, derivative, &directions[claim.wrt])?;
            expected = Some(match expected {
                Some(sum) => sum.plus(&change).ok_or_else(|| misfit(claim))?,
                None => change,
            });
        }
        expected.ok_or_else(|| Error::new(Kind::Internal, "a check of no claim"))
    }

    /// Goes target by target to say which claim is wrong.
    fn report(&self, values: &Values, claimed: &Claimed, seed: u64) -> Result<Error, Error> {
        let mut stretches = vec![0.0; self.claims.len()];
        for (i, claim) in self.claims.iter().enumerate() {
            stretches[i] = stretch(&claimed.own[i]);
            let alone = self.compare(values, claimed, &stretches, seed)?;
            if let Some(wrong) = alone.iter().find(|c| c.is_wrong()) {
                return Ok(disagreement(&fraction(self.of, claim.wrt), wrong, seed));
            }
            stretches[i] = 0.0;
        }
        let stretches: Vec<f64> = claimed.own.iter().map(stretch).collect();
        let together = self.compare(values, claimed, &stretches, seed)?;
        let wrong = together.iter().find(|c| c.is_wrong()).unwrap_or(&together[0]);
        Ok(disagreement("the derivatives together", wrong, seed))
    }
}

fn fraction(of: &Symbol, wrt: &Symbol) -> String {
    match of {
        Symbol::Bare => format!("∂(the expression)/∂{wrt}"),
        of => Symbol::partial(of, wrt).to_string(),
    }
}

fn misfit(claim: &Candidate) -> Error {
    let message = format!("the derivative by {} does not have the derivative's shape", claim.wrt);
    Error::new(Kind::Internal, message)
}

/// ⟨D, V⟩ or J vec V.
fn contract(claim: &Candidate, derivative: &Matrix<f64>, direction: &Array2<f64>) -> Result<Sum, Error> {
    match claim.form {
        ClaimedForm::Shape => {
            if derivative.dim() != direction.dim() {
                return Err(misfit(claim));
            }
            let terms = derivative * direction;
            let magnitude = Array1::from_elem(1, terms.mapv(f64::abs).sum());
            Ok(Sum { total: Array1::from_elem(1, terms.sum()), magnitude })
        }
        ClaimedForm::Jacobian => {
            if derivative.ncols() != direction.len() {
                return Err(misfit(claim));
            }
            let v: Array1<f64> = direction.t().iter().copied().collect();
            let magnitude = derivative.mapv(f64::abs).dot(&v.mapv(f64::abs));
            Ok(Sum { total: derivative.dot(&v), magnitude })
        }
    }
}
