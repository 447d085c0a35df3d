//! Two quantities side by side, at points of a program's domain: they agree, or here is where they differ.

use super::check::{Check, TOLERANCE};
use super::evaluate::is_overflow;
use super::sample::{sample_sized, short};
use super::{Matrix, Values, extend};
use crate::diag::{Error, Kind};
use crate::program::Program;
use std::cell::RefCell;

/// A quantity as a function of the point.
pub type Quantity<'a> = dyn Fn(&Values) -> Result<Matrix<f64>, Error> + 'a;

/// Points compared at: what holds for one sign of a determinant alone must not pass.
const POINTS: u64 = 12;
/// Points for programs with more definitions than `LONG`, and where there are more entries than `LARGE`.
const FEW_POINTS: u64 = 3;
/// So many entries make many points expensive.
const LARGE: usize = 2_000;
/// A program with more definitions is long.
const LONG: usize = 100;
/// So often results are off by other roundings, which tells a difference from rounding.
const ROUNDINGS: u64 = 4;
/// A difference counts when it is this many times what those do …
const SIGNIFICANT: f64 = 100.0;
/// … and more than this share of the values.
const FINE: f64 = 1e-12;
/// Below this nothing but range may be lost.
const TINY: f64 = 1e-290;

/// Where quantities are compared: where the program has a value, at sizes that suit `sized` too.
#[derive(Clone, Copy, Debug)]
pub struct Region<'a> {
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
    /// The difference, where it is known better than from two floats.
    pub gap: Option<f64>,
    /// Whether the two agree at ordinary points, and had to be looked for where they do not.
    pub hidden: bool,
}

impl Difference {
    /// Whether ordinary points, or two floats, hardly show it: what samples say of its conditions is worth nothing.
    pub fn is_faint(&self) -> bool {
        let hardly = |(l, r): (f64, f64)| (l - r).abs() <= TOLERANCE * l.abs().max(r.abs());
        self.hidden || self.gap.is_some() && self.left.zip(self.right).is_some_and(hardly)
    }
}

/// What comparing found.
#[derive(Clone, Debug)]
pub enum Comparison {
    /// The same wherever anybody looked.
    Agree(Check),
    /// Not the same.
    Differ(Box<Difference>),
}

/// Compares two quantities of one shape at several points where both have a value; entries of the right one that are NaN
/// are not looked at. Where one has a value and the other has none they differ, at sizes at which there are points of
/// both: a matrix that has no inverse because it is wide is no counterexample.
///
/// # Errors
/// `Domain` when no point is found at which one of them has a value, and whatever else evaluation runs into.
pub fn compare(domain: &Region, left: &Quantity, right: &Quantity) -> Result<Comparison, Error> {
    let mut check = Check::default();
    let mut points = if domain.program.definitions.len() > LONG { FEW_POINTS } else { POINTS };
    let mut seed = 0;
    while seed < points {
        seed += 1;
        let alone = RefCell::new(vec![]);
        let look = |values: &Values| match Sight::new(left(values), right(values))? {
            Sight::Both(l, r) => Ok((l, r)),
            one => Err(one.note(values, &mut alone.borrow_mut())),
        };
        let (values, pair) = match sample_sized(domain.sized, domain.program, seed, look) {
            Ok(found) => found,
            Err(e) if e.kind == Kind::Domain => {
                let apart = alone.into_inner().into_iter().next();
                return apart.map(|d| Comparison::Differ(Box::new(d))).ok_or(e);
            }
            Err(e) => return Err(e),
        };
        if let Some(apart) = alone.into_inner().into_iter().find(|d| d.at.sizes == values.sizes) {
            return Ok(Comparison::Differ(Box::new(apart)));
        }
        if let Some(difference) = judge(&values, (&pair.0, &pair.1), left, right, &mut check)? {
            return Ok(Comparison::Differ(Box::new(difference)));
        }
        let entries: usize = values.arrays.values().map(|a| a.len()).sum();
        points = if entries > LARGE { FEW_POINTS } else { points };
    }
    Ok(Comparison::Agree(check))
}

/// Whether two quantities differ at a point, where digits may be lost: no difference counts where the `witness`, another
/// form of the right quantity, is off as well. `None` where one has no value or nothing can be said.
///
/// # Errors
/// Those of evaluation, `Domain` aside.
pub fn difference_at(
    values: &Values,
    left: &Quantity,
    right: &Quantity,
    witness: Option<&Quantity>,
) -> Result<Option<Option<Difference>>, Error> {
    let Some(Sight::Both(l, r)) = defined(Sight::new(left(values), right(values)))? else { return Ok(None) };
    let mut check = Check::default();
    let Some(found) = judge(values, (&l, &r), left, right, &mut check)? else { return Ok(Some(None)) };
    let at = found.entry;
    let reliable = match witness.map(|w| defined(w(values))).transpose()? {
        None => true,
        Some(None) => false,
        Some(Some(w)) => (w[at] - r[at]).abs() * SIGNIFICANT <= (l[at] - r[at]).abs(),
    };
    // what is off and no difference says nothing of the point
    Ok(reliable.then_some(Some(found)))
}

/// Compares two quantities at one point: `None` when they agree there, or one of them has no value.
///
/// # Errors
/// `Domain` when neither has a value there.
pub fn compare_at(values: &Values, left: &Quantity, right: &Quantity) -> Result<Option<Difference>, Error> {
    let mut check = Check::default();
    match Sight::new(left(values), right(values))? {
        Sight::Both(l, r) => judge(values, (&l, &r), left, right, &mut check),
        Sight::OnlyLeft(..) | Sight::OnlyRight(..) => Ok(None),
    }
}

/// A point with short numbers and small sizes at which the quantities differ as they do at a point that was found.
///
/// # Errors
/// Those of evaluation, `Domain` aside.
pub fn readable(
    domain: &Region,
    left: &Quantity,
    right: &Quantity,
    found: &Difference,
) -> Result<Option<Difference>, Error> {
    for values in short(domain.sized, domain.program)? {
        let values = values?;
        if defined(extend(&mut values.clone(), &domain.program.definitions))?.is_none() {
            continue;
        }
        let Some(sight) = defined(Sight::new(left(&values), right(&values)))? else { continue };
        let mut check = Check::default();
        let difference = match sight {
            Sight::Both(l, r) => judge(&values, (&l, &r), left, right, &mut check)?,
            // 1/0 is missing at 0 alone
            one if values.arrays.values().all(|a| a.iter().all(|x| *x != 0.0)) => {
                let mut alone = vec![];
                one.note(&values, &mut alone);
                alone.pop()
            }
            Sight::OnlyLeft(..) | Sight::OnlyRight(..) => None,
        };
        let alike =
            |d: &Difference| d.left.is_some() == found.left.is_some() && d.right.is_some() == found.right.is_some();
        if let Some(difference) = difference.filter(alike) {
            return Ok(Some(difference));
        }
    }
    Ok(None)
}

/// Where floats show best a difference that is known to be one, however small: among points with short numbers.
///
/// # Errors
/// Those of evaluation, `Domain` aside.
pub fn faint(domain: &Region, left: &Quantity, right: &Quantity) -> Result<Option<Difference>, Error> {
    let mut best: Option<(f64, Difference)> = None;
    for values in short(domain.sized, domain.program)? {
        let values = values?;
        let Some(Sight::Both(l, r)) = defined(Sight::new(left(&values), right(&values)))? else { continue };
        for (entry, x) in l.indexed_iter() {
            let y = r[entry];
            let share = (x - y).abs() / x.abs().max(y.abs());
            if share > best.as_ref().map_or(0.0, |b| b.0) {
                let (at, left, right) = (values.clone(), Some(*x), Some(y));
                best = Some((share, Difference { at, entry, left, right, reason: None, gap: None, hidden: false }));
            }
        }
    }
    Ok(best.map(|b| b.1))
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

/// What is seen of two quantities at a point; why one of them has no value.
enum Sight {
    Both(Matrix<f64>, Matrix<f64>),
    OnlyLeft(Matrix<f64>, Error),
    OnlyRight(Matrix<f64>, Error),
}

impl Sight {
    /// A domain error when neither has a value.
    fn new(left: Result<Matrix<f64>, Error>, right: Result<Matrix<f64>, Error>) -> Result<Sight, Error> {
        match (left, right) {
            (Ok(l), Ok(r)) => Ok(Sight::Both(l, r)),
            (Ok(l), Err(e)) if e.kind == Kind::Domain => Ok(Sight::OnlyLeft(l, e)),
            (Err(e), Ok(r)) if e.kind == Kind::Domain => Ok(Sight::OnlyRight(r, e)),
            (Err(e), Err(other)) => Err(if e.kind == Kind::Domain { other } else { e }),
            (Err(e), Ok(_)) | (Ok(_), Err(e)) => Err(e),
        }
    }

    /// Notes a difference of domains, unless a value is missing because it is too large; the domain error of the point.
    fn note(self, at: &Values, alone: &mut Vec<Difference>) -> Error {
        let first = |m: &Matrix<f64>| m.iter().copied().find(|x| !x.is_nan());
        let (left, right, error) = match self {
            Sight::OnlyLeft(l, e) => (first(&l), None, e),
            Sight::OnlyRight(r, e) => (None, first(&r), e),
            Sight::Both(..) => (None, None, Error::new(Kind::Domain, "both sides have a value")),
        };
        if left.is_some() != right.is_some() && !is_overflow(&error) {
            let reason = Some(error.message.clone());
            alone.push(Difference { at: at.clone(), entry: (0, 0), left, right, reason, gap: None, hidden: false });
        }
        error
    }
}

/// The first difference that is no rounding; what agrees is counted.
fn judge(
    values: &Values,
    (l, r): MatrixPair,
    left: &Quantity,
    right: &Quantity,
    check: &mut Check,
) -> Result<Option<Difference>, Error> {
    check.points += 1;
    check.max_rel_error = check.max_rel_error.max(relative_error(l, r));
    let found = first_difference(values, (l, r), left, right)?;
    let at = values.clone();
    Ok(found.map(|entry| Difference {
        at,
        entry,
        left: Some(l[entry]),
        right: Some(r[entry]),
        reason: None,
        gap: None,
        hidden: false,
    }))
}

/// Relative to the larger side, and to a hundredth of the largest entry.
fn relative_error(l: &Matrix<f64>, r: &Matrix<f64>) -> f64 {
    let seen = || l.iter().zip(r.iter()).filter(|(_, y)| !y.is_nan());
    let largest = seen().fold(1.0f64, |m, (x, y)| m.max(x.abs()).max(y.abs()));
    seen().map(|(x, y)| (x - y).abs() / x.abs().max(y.abs()).max(largest / 100.0)).fold(0.0, f64::max)
}

type MatrixPair<'a> = (&'a Matrix<f64>, &'a Matrix<f64>);

fn first_difference(
    values: &Values,
    (l, r): MatrixPair,
    left: &Quantity,
    right: &Quantity,
) -> Result<Option<(usize, usize)>, Error> {
    if l.dim() != r.dim() {
        return Err(Error::new(Kind::Internal, "two quantities of different shapes are compared"));
    }
    let is_suspect = |x: f64, y: f64| {
        let size = x.abs().max(y.abs());
        !y.is_nan() && size > TINY && (x - y).abs() > FINE * size
    };
    let mut suspects: Vec<(usize, usize)> =
        l.indexed_iter().filter(|(at, x)| is_suspect(**x, r[*at])).map(|(at, _)| at).collect();
    let mut noise = Matrix::<f64>::zeros(l.dim());
    for seed in 1..=ROUNDINGS {
        if suspects.is_empty() {
            break;
        }
        noise += &rounding(values, seed, (l, r), [left, right])?;
        suspects.retain(|at| (l[*at] - r[*at]).abs() > SIGNIFICANT * noise[*at]);
    }
    Ok(suspects.first().copied())
}

/// How far some roundings move the two together, entry by entry; any distance, where they leave one without a value.
fn rounding(values: &Values, seed: u64, (l, r): MatrixPair, sides: [&Quantity; 2]) -> Result<Matrix<f64>, Error> {
    let off = Values { rounding: Some(seed), ..values.clone() };
    let [a, b] = sides.map(|side| defined(side(&off)));
    Ok(match a?.zip(b?) {
        Some((a, b)) => ((&a - l).mapv(f64::abs) + (&b - r).mapv(f64::abs)).into_shared(),
        None => Matrix::from_elem(l.dim(), f64::INFINITY),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse_document;
    use gradus_core::shape::{Environment, elaborate, read_expression};

    fn compared(document: &str, left: &str, right: &str) -> Comparison {
        let program = elaborate(&parse_document(document).expect("it parses")).expect("it has shapes");
        let read = |text: &str| read_expression(text, &Environment::from(&program), None).expect("it reads");
        let (l, r) = (read(left), read(right));
        let domain = Region { sized: &program, program: &program };
        compare(&domain, &|v| crate::evaluate(&l, v), &|v| crate::evaluate(&r, v)).expect("it has values")
    }

    #[track_caller]
    fn check(document: &str, left: &str, right: &str, same: bool) {
        let found = compared(document, left, right);
        assert_eq!(matches!(found, Comparison::Agree(_)), same, "{left}, {right}: {found:?}");
    }

    #[test]
    fn rounding_is_no_difference() {
        check("x: n; y: n; s = x^T y", "(x + y) - x - y", "0 x", true);
        check("x: scalar; s = x", "1 - sigmoid(20 + x^2)", "sigmoid(-20 - x^2)", true);
        check("x: scalar; s = x", "1 - tanh(40 + x^2)^2", "0", true);
        check("A: n x n; x: n; s = sum(A x)", "A^-1 (A x)", "x", true);
    }

    #[test]
    fn small_differences_are_differences() {
        check("x: scalar; s = x", "exp(-40) x", "2 exp(-40) x", false);
        check("x: scalar; s = x", "exp(-20) x", "0", false);
        check("x: n; s = sum(x)", "x", "x + 1e-6", false);
    }

    #[test]
    fn a_side_without_a_value_differs() {
        let found = compared("x: scalar; s = x", "exp(log(x))", "x");
        assert!(matches!(found, Comparison::Differ(d) if d.left.is_none() && d.right.is_some() && d.reason.is_some()));
    }

    #[test]
    fn the_first_difference_is_named() {
        let Comparison::Differ(d) = compared("A: n x n; s = tr(A)", "A + unit(n, 2) unit(n, 1)^T", "A") else {
            panic!("they differ");
        };
        assert_eq!(d.entry, (1, 0));
    }
}
