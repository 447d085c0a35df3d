//! What a change of a snapshot means: other words for the same, or something else.

use super::read::{Read, read};
use crate::derive::Derivation;
use crate::diag::{Error, Errors};
use crate::eval::{self, Matrix, TOLERANCE, Values};
use crate::expr::{Expr, Name, Symbol};
use crate::shape::{Environment, elaborate_expression};
use crate::syntax::{Ast, parse_expression};
use std::fmt;

/// How a snapshot differs from what is derived now.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// Not at all.
    None,
    /// Every result has the values it had, at this many points.
    Form(usize),
    /// Something else is said; each in a sentence.
    Meaning(Vec<String>),
}

/// In words: whether the form changed or the meaning too.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::None => f.write_str("as it was"),
            Change::Form(points) => write!(f, "only the form changed (the same values at {points} points)"),
            Change::Meaning(said) => write!(f, "the meaning changed: {}", said.join("; ")),
        }
    }
}

/// Points at which old and new results are compared.
const POINTS: u64 = 3;

/// Compares the text of a snapshot with what is derived now: every old result is read and evaluated beside the new one.
pub(super) fn compare(old: &str, outcome: &Result<Derivation, Errors>, text: &str) -> Change {
    if old == text {
        return Change::None;
    }
    let Ok(derivation) = outcome else {
        return Change::Meaning(vec!["nothing can be derived any more".to_owned()]);
    };
    let (before, now) = (read(old), read(text));
    if before.results.is_empty() {
        return Change::Meaning(vec!["the old text holds no result".to_owned()]);
    }
    let mut said = differing_targets(&before, &now);
    match (1..=POINTS).map(|seed| differences(derivation, &before, &now, seed)).collect::<Result<Vec<_>, Error>>() {
        Ok(found) => found.into_iter().flatten().for_each(|s| {
            if !said.contains(&s) {
                said.push(s);
            }
        }),
        Err(e) => said.push(e.message),
    }
    if said.is_empty() { Change::Form(POINTS as usize) } else { Change::Meaning(said) }
}

/// Results that only one of the texts has.
fn differing_targets(before: &Read, now: &Read) -> Vec<String> {
    let lacks = |read: &Read, name: &String| !read.results.iter().any(|(n, _)| n == name);
    let gone = before.results.iter().filter(|(n, _)| lacks(now, n)).map(|(n, _)| format!("{n} is gone"));
    let new = now.results.iter().filter(|(n, _)| lacks(before, n)).map(|(n, _)| format!("{n} is new"));
    gone.chain(new).collect()
}

/// The results whose values differ at a point.
///
/// # Errors
/// `Domain` when there is no point.
fn differences(d: &Derivation, before: &Read, now: &Read, seed: u64) -> Result<Vec<String>, Error> {
    let mut point = eval::sample(&d.program, seed)?;
    eval::extend(&mut point, &d.program.definitions)?;
    let (old, new) = (values(d, before, &point), values(d, now, &point));
    let say = |(name, old): &(String, Result<Matrix<f64>, String>)| {
        let (_, new) = new.iter().find(|(n, _)| n == name)?;
        match (old, new) {
            (Ok(a), Ok(b)) if same(a, b) => None,
            (Ok(_), Ok(_)) => Some(format!("{name} has other values")),
            (Err(why), _) => Some(format!("{name} as it was cannot be read in the document as it is: {why}")),
            (_, Err(why)) => Some(format!("{name} cannot be evaluated: {why}")),
        }
    };
    Ok(old.iter().filter_map(say).collect())
}

/// The values of what a snapshot says, definitions and results, at a point of the document.
fn values(d: &Derivation, read: &Read, point: &Values) -> Vec<(String, Result<Matrix<f64>, String>)> {
    let mut point = point.clone();
    let mut scope = Environment::from(&d.program);
    let mut out = vec![];
    for (name, text) in &read.definitions {
        let value = evaluated(text, &scope, &point);
        let own = Name::new(&plain(name));
        let known = scope.variables.contains_key(&own);
        if let (Ok((e, v)), false) = (&value, known) {
            let own = Symbol::from(own);
            scope.add(&own, e.shape());
            point.arrays.insert(own, v.clone());
        }
        // names of the document must mean what they meant; names gradus gave count where results use them
        if known {
            out.push((name.clone(), value.map(|(_, v)| v)));
        }
    }
    out.extend(read.results.iter().map(|(name, text)| (name.clone(), evaluated(text, &scope, &point).map(|(_, v)| v))));
    out
}

/// The plain spelling of a name as printed.
fn plain(name: &str) -> String {
    crate::syntax::parse_name(name).map_or_else(|_| name.to_owned(), |n| n.to_string())
}

fn evaluated(text: &str, scope: &Environment, point: &Values) -> Result<(Expr, Matrix<f64>), String> {
    let read = || -> Result<(Expr, Matrix<f64>), Error> {
        let ast: Ast = parse_expression(text, &scope.scope(false))?;
        let e = elaborate_expression(&ast, scope, None)?;
        let value = eval::evaluate(&e, point)?.to_owned().into_shared();
        Ok((e, value))
    };
    read().map_err(|e| e.message)
}

fn same(a: &Matrix<f64>, b: &Matrix<f64>) -> bool {
    let close = |(x, y): (&f64, &f64)| (x - y).abs() <= TOLERANCE * x.abs().max(y.abs()).max(1.0);
    a.dim() == b.dim() && a.iter().zip(b).all(close)
}
