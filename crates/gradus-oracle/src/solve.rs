//! Size names solved from the extents of given arrays.

use crate::diag::{Error, Kind};
use crate::expr::{Atom, Name, Size, Symbol};
use crate::program::Program;
use std::collections::BTreeMap;

/// The largest size found by trial where an equation is not linear.
const MAX_TRIAL: i64 = 10_000;

/// `size` is `extent` because of `source`: a value or a condition.
pub struct Equation {
    pub size: Size,
    pub extent: i64,
    /// The variable whose value says so, with that value's extent; `None` for a condition of the document.
    pub source: Option<(Symbol, (usize, usize))>,
}

/// The size names the equations and the program's conditions determine, starting from `known`.
///
/// # Errors
/// `Shape` when two of them contradict each other.
pub fn solve(
    program: &Program,
    known: BTreeMap<Name, i64>,
    mut equations: Vec<Equation>,
) -> Result<BTreeMap<Name, i64>, Error> {
    let condition = |c: &crate::program::SizeCondition| c.left.minus(&c.right);
    equations.extend(program.conditions.iter().map(|c| Equation { size: condition(c), extent: 0, source: None }));
    let mut sizes = known;
    let mut sources = BTreeMap::new();
    while equations.iter().any(|e| learn(e, &mut sizes, &mut sources)) {}
    match equations.iter().find(|e| e.size.value(&sizes).is_some_and(|n| n != e.extent)) {
        Some(broken) => Err(contradiction(program, broken, &sizes, &sources)),
        None => Ok(sizes),
    }
}

/// Solves an equation with one unknown; true when that name is now known.
fn learn(equation: &Equation, sizes: &mut BTreeMap<Name, i64>, sources: &mut BTreeMap<Name, Symbol>) -> bool {
    let rest = equation.size.substitute(&|atom: &Atom| sizes.get(atom.name()?).map(|n| Size::constant(*n)));
    let Some(unknown) = rest.names().next().cloned() else {
        return false;
    };
    if rest.names().any(|name| *name != unknown) {
        return false;
    }
    let Some(value) = root(&rest, &unknown, equation.extent) else {
        return false;
    };
    if let Some((source, _)) = &equation.source {
        sources.insert(unknown.clone(), source.clone());
    }
    sizes.insert(unknown, value);
    true
}

/// The size n ≥ 1 at which the polynomial in n is `extent`.
fn root(polynomial: &Size, n: &Name, extent: i64) -> Option<i64> {
    let at = |value: i64| polynomial.value(&BTreeMap::from([(n.clone(), value)]));
    let linear = polynomial.terms().all(|(names, _)| names.len() <= 1);
    if !linear {
        return (1..=MAX_TRIAL).find(|value| at(*value) == Some(extent));
    }
    let constant = at(0)?;
    let slope = at(1)?.checked_sub(constant)?;
    let difference = extent.checked_sub(constant)?;
    let value = difference.checked_div(slope)?;
    (value >= 1 && at(value) == Some(extent)).then_some(value)
}

fn contradiction(
    program: &Program,
    broken: &Equation,
    sizes: &BTreeMap<Name, i64>,
    sources: &BTreeMap<Name, Symbol>,
) -> Error {
    let Some((name, (rows, cols))) = &broken.source else {
        return broken_condition(program, sizes);
    };
    let shape = program.shape(name).map(|s| s.to_string()).unwrap_or_default();
    let error = Error::new(Kind::Shape, format!("{name} is {shape}, its value is {rows}×{cols}"));
    let from = |size: &Name| sources.get(size).map(|source| format!(", {size} = {} from {source}", sizes[size]));
    let origins: String = broken.size.names().filter_map(from).collect();
    match broken.size.value(sizes) {
        Some(n) if broken.size.as_constant().is_none() => error.help(format!("{} is {n}{origins}", broken.size)),
        _ => error,
    }
}

fn broken_condition(program: &Program, sizes: &BTreeMap<Name, i64>) -> Error {
    let broken = program.conditions.iter().find(|c| c.left.value(sizes) != c.right.value(sizes));
    broken.map_or_else(
        || Error::new(Kind::Shape, "the values do not satisfy the document's conditions on sizes"),
        |c| {
            let given: Vec<String> =
                c.left.names().chain(c.right.names()).map(|n| format!("{n} = {}", sizes[n])).collect();
            let message = format!("the document says {} = {}, the values {}", c.left, c.right, given.join(", "));
            Error::new(Kind::Shape, message).at(c.span, "the condition")
        },
    )
}
