//! Two quantities side by side, at points of a program's domain: they agree, or here is where they differ.

use super::check::{Check, TOLERANCE};
use super::sample::{moved, nudge, sample_sized, short, variants};
use super::{Matrix, Values, extend};
use crate::diag::{Error, Kind};
use crate::program::Program;

/// A quantity as a function of the point.
pub type Quantity<'a> = dyn Fn(&Values) -> Result<Matrix<f64>, Error> + 'a;

/// Points compared at, beside the variants: what holds for one sign of a determinant alone must not pass.
const POINTS: u64 = 12;
/// Points for programs with more definitions than `LONG`.
const FEW_POINTS: u64 = 3;
/// A program with more definitions is long.
const LONG: usize = 100;
/// Nudges that tell a difference from rounding.
const NUDGES: u64 = 4;
/// A difference counts when it is this many times what nudges do.
const SIGNIFICANT: f64 = 100.0;
/// Below this share of the largest number around, a difference may be rounding that no nudge shows: 1 − σ(23) has lost
/// half its digits.
const SMALL: f64 = 1e-9;
/// A small difference counts when it is at least this share of the values …
const MARKED: f64 = 1e-3;
/// … when nudges of this size …
const SHAKE: f64 = 1e-6;
/// … change it by no more than this share …
const STEADY: f64 = 0.1;
/// … and no side is 0 beside a value below this share of the largest number around, where all digits may be lost.
const VANISHED: f64 = 1e-13;

/// Where quantities are compared: where the program has a value, at sizes that suit `sized` too.
#[derive(Clone, Copy, Debug)]
pub struct Domain<'a> {
    /// Its slices and conditions choose the sizes.
    pub sized: &'a Program,
    /// Its definitions have values at every point.
    pub program: &'a Program,
}

/// Where two quantities differ: the first entry that does, row by row.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The point.
    pub at: Values,
    /// Row and column, counted from 0.
    pub entry: (usize, usize),
    /// The left value; `None` where it is undefined.
    pub left: Option<f64>,
    /// The right value; `None` where it is undefined.
    pub right: Option<f64>,
    /// Why a side is undefined, in words.
    pub reason: Option<String>,
}

/// What comparing found.
#[derive(Clone, Debug)]
pub enum Comparison {
    /// The same wherever anybody looked.
    Agree(Check),
    /// Not the same.
    Differ(Box<Difference>),
}

/// Compares two quantities of one shape at several points; entries of the right one that are NaN are not looked at.
///
/// # Errors
/// `Domain` when no point is found at which one of them has a value, and whatever else evaluation runs into.
pub fn compare(domain: &Domain, left: &Quantity, right: &Quantity) -> Result<Comparison, Error> {
    let mut check = Check { points: 0, max_rel_error: 0.0 };
    let points = if domain.program.definitions.len() > LONG { FEW_POINTS } else { POINTS };
    for seed in 1..=points {
        let look = |values: &Values| Sight::new(left(values), right(values));
        let (values, sight) = sample_sized(domain.sized, domain.program, seed, look)?;
        if let Some(difference) = sight.judge(&values, left, right, &mut check, true)? {
            return Ok(Comparison::Differ(Box::new(difference)));
        }
    }
    for values in variants(domain.sized, domain.program)? {
        let Some(sight) = defined(Sight::new(left(&values), right(&values)))? else { continue };
        // far out a side may overflow or lose its digits
        if !sight.is_both() {
            continue;
        }
        if let Some(difference) = sight.judge(&values, left, right, &mut check, false)? {
            return Ok(Comparison::Differ(Box::new(difference)));
        }
    }
    Ok(Comparison::Agree(check))
}

/// Compares two quantities at one point: `None` when they agree there.
///
/// # Errors
/// `Domain` when neither has a value there.
pub fn compare_at(values: &Values, left: &Quantity, right: &Quantity) -> Result<Option<Difference>, Error> {
    let mut check = Check { points: 0, max_rel_error: 0.0 };
    Sight::new(left(values), right(values))?.judge(values, left, right, &mut check, true)
}

/// A point with short numbers and small sizes at which the quantities differ, if one is found.
///
/// # Errors
/// Those of evaluation, `Domain` aside.
pub fn readable(domain: &Domain, left: &Quantity, right: &Quantity) -> Result<Option<Difference>, Error> {
    for values in short(domain.sized, domain.program)? {
        if defined(extend(&mut values.clone(), &domain.program.definitions))?.is_none() {
            continue;
        }
        let Some(sight) = defined(Sight::new(left(&values), right(&values)))? else { continue };
        let mut check = Check { points: 0, max_rel_error: 0.0 };
        if let Some(difference) = sight.judge(&values, left, right, &mut check, true)? {
            return Ok(Some(difference));
        }
    }
    Ok(None)
}

/// Whether two arrays are equal but for rounding, relative to their largest entry; for points without cancellation.
/// Entries of the right one that are NaN do not count.
pub fn agree(left: &Matrix<f64>, right: &Matrix<f64>) -> bool {
    if left.dim() != right.dim() {
        return false;
    }
    let largest = right.iter().filter(|x| !x.is_nan()).fold(0.0f64, |m, x| m.max(x.abs()));
    left.iter().zip(right.iter()).all(|(l, r)| r.is_nan() || (l - r).abs() <= TOLERANCE * largest)
}

/// A value, or nothing where it is undefined.
fn defined<A>(result: Result<A, Error>) -> Result<Option<A>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(e) if e.kind == Kind::Domain => Ok(None),
        Err(e) => Err(e),
    }
}

/// What is seen of two quantities at a point.
enum Sight {
    Both(Matrix<f64>, Matrix<f64>),
    OnlyLeft(Matrix<f64>, String),
    OnlyRight(Matrix<f64>, String),
}

impl Sight {
    /// A domain error when neither has a value.
    fn new(left: Result<Matrix<f64>, Error>, right: Result<Matrix<f64>, Error>) -> Result<Sight, Error> {
        match (left, right) {
            (Ok(l), Ok(r)) => Ok(Sight::Both(l, r)),
            (Ok(l), Err(e)) if e.kind == Kind::Domain => Ok(Sight::OnlyLeft(l, e.message)),
            (Err(e), Ok(r)) if e.kind == Kind::Domain => Ok(Sight::OnlyRight(r, e.message)),
            (Err(e), Err(other)) => Err(if e.kind == Kind::Domain { other } else { e }),
            (Err(e), Ok(_)) | (Ok(_), Err(e)) => Err(e),
        }
    }

    fn is_both(&self) -> bool {
        match self {
            Sight::Both(..) => true,
            Sight::OnlyLeft(..) | Sight::OnlyRight(..) => false,
        }
    }

    /// The first difference that is no rounding; what agrees is counted. `near` says that the point is an ordinary one.
    fn judge(
        self,
        values: &Values,
        left: &Quantity,
        right: &Quantity,
        check: &mut Check,
        near: bool,
    ) -> Result<Option<Difference>, Error> {
        let at = values.clone();
        let first = |m: &Matrix<f64>| m.iter().copied().find(|x| !x.is_nan());
        match self {
            Sight::OnlyLeft(l, reason) => {
                Ok(Some(Difference { at, entry: (0, 0), left: first(&l), right: None, reason: Some(reason) }))
            }
            Sight::OnlyRight(r, reason) => {
                Ok(Some(Difference { at, entry: (0, 0), left: None, right: first(&r), reason: Some(reason) }))
            }
            Sight::Both(l, r) => {
                check.points += 1;
                check.max_rel_error = check.max_rel_error.max(relative_error(&l, &r));
                let found = first_difference(values, (&l, &r), left, right, near)?;
                let difference =
                    |entry| Difference { at, entry, left: Some(l[entry]), right: Some(r[entry]), reason: None };
                Ok(found.map(difference))
            }
        }
    }
}

/// Relative to the larger side, and to a hundredth of the largest entry.
fn relative_error(l: &Matrix<f64>, r: &Matrix<f64>) -> f64 {
    let seen = || l.iter().zip(r.iter()).filter(|(_, y)| !y.is_nan());
    let largest = seen().fold(1.0f64, |m, (x, y)| m.max(x.abs()).max(y.abs()));
    seen().map(|(x, y)| (x - y).abs() / x.abs().max(y.abs()).max(largest / 100.0)).fold(0.0, f64::max)
}

type Pair<'a> = (&'a Matrix<f64>, &'a Matrix<f64>);

fn first_difference(
    values: &Values,
    (l, r): Pair,
    left: &Quantity,
    right: &Quantity,
    near: bool,
) -> Result<Option<(usize, usize)>, Error> {
    if l.dim() != r.dim() {
        return Err(Error::new(Kind::Internal, "two quantities of different shapes are compared"));
    }
    let suspect = |(x, y): (f64, f64)| !y.is_nan() && (x - y).abs() > TOLERANCE * x.abs().max(y.abs());
    if !l.iter().zip(r.iter()).any(|(x, y)| suspect((*x, *y))) {
        return Ok(None);
    }
    let largest = values.arrays.values().flat_map(|a| a.iter()).fold(1.0f64, |m, x| m.max(x.abs()));
    let seen = Seen { values, pair: (l, r), sides: [left, right], largest };
    let noise = seen.noise()?;
    let shaken = if near { seen.shaken()? } else { vec![] };
    let counts = |at: (usize, usize)| {
        let gap = (l[at] - r[at]).abs();
        let real =
            if gap > SMALL * largest { gap > SIGNIFICANT * noise[at] } else { near && seen.is_marked(at, &shaken) };
        suspect((l[at], r[at])) && real
    };
    Ok(l.indexed_iter().map(|(at, _)| at).find(|at| counts(*at)))
}

/// Two values of which some entries are suspected to differ.
struct Seen<'a> {
    values: &'a Values,
    pair: Pair<'a>,
    sides: [&'a Quantity<'a>; 2],
    largest: f64,
}

impl Seen<'_> {
    /// How far nudges move the two together, entry by entry.
    fn noise(&self) -> Result<Matrix<f64>, Error> {
        let (l, r) = self.pair;
        let mut noise = Matrix::<f64>::zeros(l.dim());
        for seed in 1..=NUDGES {
            let nudged = nudge(self.values, seed);
            if let (Some(a), Some(b)) = (defined((self.sides[0])(&nudged))?, defined((self.sides[1])(&nudged))?) {
                noise += &((&a - l).mapv(f64::abs) + (&b - r).mapv(f64::abs));
            }
        }
        Ok(noise)
    }

    /// The differences at shaken points.
    fn shaken(&self) -> Result<Vec<Matrix<f64>>, Error> {
        let mut gaps = vec![];
        for seed in 1..=NUDGES {
            let shaken = moved(self.values, SHAKE, seed);
            if let (Some(a), Some(b)) = (defined((self.sides[0])(&shaken))?, defined((self.sides[1])(&shaken))?) {
                gaps.push((&a - &b).into_shared());
            }
        }
        Ok(gaps)
    }

    /// Whether a small difference is one all the same.
    fn is_marked(&self, at: (usize, usize), shaken: &[Matrix<f64>]) -> bool {
        let (x, y) = (self.pair.0[at], self.pair.1[at]);
        let (gap, larger) = (x - y, x.abs().max(y.abs()));
        let digits = (x != 0.0 && y != 0.0) || larger > VANISHED * self.largest;
        let steady = |m: &Matrix<f64>| (m[at] - gap).abs() <= STEADY * gap.abs();
        gap.abs() > MARKED * larger && digits && !shaken.is_empty() && shaken.iter().all(steady)
    }
}
