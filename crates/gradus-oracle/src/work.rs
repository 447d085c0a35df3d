//! How much work an evaluation is: what the numeric check refuses before it begins.

use crate::diag::{Error, Kind};
use crate::expr::{Expr, Name, Shape, flops};
use crate::program::Program;
use rustc_hash::FxHashSet as HashSet;
use std::collections::BTreeMap;

/// The most entries all inputs of a sampled point, and every term there, may have.
const MAX_SAMPLED: i64 = 1 << 20;
/// The most floating-point operations an evaluation at a sampled point may take.
const MAX_WORK: i64 = 30_000_000;
/// The most all points of a sample may take that turn out to be outside the domain.
const MAX_SEARCH: i64 = 300_000_000;
/// A node takes the time of so many operations, whatever it does.
const NODE: i64 = 100;
/// Points that are tried however much work they are.
const LEAST_TRIES: i64 = 8;
/// Where all sizes are at most this, nothing needs counting.
const SMALL: i64 = 64;

/// How many points of these sizes may be tried.
///
/// # Errors
/// `Limit` when a single one is too much.
pub fn affordable_tries(program: &Program, sizes: &BTreeMap<Name, i64>) -> Result<usize, Error> {
    let mut entries = 0i64;
    for input in &program.inputs {
        entries = entries.saturating_add(self::entries(&input.shape, sizes).unwrap_or(i64::MAX));
        if entries > MAX_SAMPLED {
            let message = format!("{} is {}: too large for the numeric check", input.name, input.shape);
            return Err(Error::new(Kind::Limit, message).help("write the size as a name"));
        }
    }
    let mut seen = HashSet::default();
    if let Some(shape) = program.definitions.iter().find_map(|d| too_large(&d.value, sizes, &mut seen)) {
        let message = format!("an array of shape {shape} is too large for the numeric check");
        return Err(Error::new(Kind::Limit, message).help("write the size as a name"));
    }
    let work = work(program, program.definitions.iter().map(|d| &d.value), sizes)?;
    Ok((MAX_SEARCH / work.max(1)).max(LEAST_TRIES) as usize)
}

/// How many entries an array of the shape has.
fn entries(shape: &Shape, sizes: &BTreeMap<Name, i64>) -> Option<i64> {
    shape.rows.value(sizes)?.checked_mul(shape.cols.value(sizes)?)
}

/// The shape of a term of too many entries.
fn too_large(e: &Expr, sizes: &BTreeMap<Name, i64>, seen: &mut HashSet<usize>) -> Option<Shape> {
    if !seen.insert(e.address()) {
        return None;
    }
    let fits = entries(e.shape(), sizes).is_some_and(|n| n <= MAX_SAMPLED);
    if fits { e.args().iter().find_map(|a| too_large(a, sizes, seen)) } else { Some(e.shape().clone()) }
}

/// Operations to evaluate expressions over a program's names.
///
/// # Errors
/// `Limit` when they are too many.
pub fn work<'a>(
    program: &Program,
    expressions: impl Iterator<Item = &'a Expr>,
    sizes: &BTreeMap<Name, i64>,
) -> Result<i64, Error> {
    let is_small = |s: &Shape| [&s.rows, &s.cols].iter().all(|n| n.value(sizes).is_some_and(|n| n <= SMALL));
    if program.inputs.iter().all(|i| is_small(&i.shape)) {
        return Ok(1);
    }
    let mut total = 0i64;
    for e in expressions {
        total = total.saturating_add(flops(e).value(sizes).unwrap_or(i64::MAX));
        if total > MAX_WORK {
            let message = format!("the numeric check would take more than {MAX_WORK} operations a point");
            return Err(Error::new(Kind::Limit, message).help("write the large sizes as names"));
        }
    }
    Ok(total)
}

/// What evaluating all definitions of a program once takes, in floating-point operations.
///
/// # Errors
/// `Limit` when it is more than a sampled point may take.
pub fn effort(program: &Program) -> Result<i64, Error> {
    let sizes = super::sizes::choose(program, 1, 0)?;
    affordable_tries(program, &sizes)?;
    let mut seen = HashSet::default();
    let overhead = program.definitions.iter().map(|d| overhead(&d.value, &sizes, &mut seen));
    let flops = work(program, program.definitions.iter().map(|d| &d.value), &sizes)?;
    Ok(overhead.fold(flops, i64::saturating_add))
}

/// What is to be done for every node beside its operations: find its arguments, write its entries.
fn overhead(e: &Expr, sizes: &BTreeMap<Name, i64>, seen: &mut HashSet<usize>) -> i64 {
    if !seen.insert(e.address()) {
        return 0;
    }
    let own = NODE.saturating_add(entries(e.shape(), sizes).unwrap_or(0));
    e.args().iter().fold(own, |sum, a| sum.saturating_add(overhead(a, sizes, seen)))
}
