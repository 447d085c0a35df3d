//! Every result is compared with automatic differentiation of the document written out, at ranges of 1, 2 and more.

use super::IndexedResult;
use super::targets::IndexedTarget;
use crate::derive::Form;
use crate::derive::verify::weakest;
use crate::diag::{Error, Kind, Span};
use crate::eval::{self, Candidate, Check, ClaimedForm, Places, Unrolled, range_sizes};
use crate::expr::{Expr, Name, Purpose, Symbol};
use crate::program::{Definition, Program};
use std::collections::BTreeMap;

/// How large ranges are tried: the first one first, each further name another one.
const RANGES: [[i64; 4]; 3] = [[3, 2, 4, 2], [2, 3, 2, 3], [1, 1, 1, 1]];

/// Compares all results; every one at ranges of at least two kinds, or it is not shown.
pub fn check(program: &Program, of: &IndexedTarget, found: &[IndexedResult]) -> Result<Option<Check>, Error> {
    let terms: Vec<&Expr> = found.iter().map(|f| &f.derivative.result).collect();
    let names = range_sizes(program, &terms);
    let mut checks = vec![];
    let mut failed = None;
    for (round, ranges) in RANGES.iter().enumerate() {
        if round > 0 && names.is_empty() {
            break;
        }
        let sizes: BTreeMap<Name, i64> = names.iter().cloned().zip(ranges.iter().copied().cycle()).collect();
        match check_at(program, of, found, sizes) {
            Ok(check) => checks.push(check),
            Err(e) if e.kind == Kind::Internal => return Err(e),
            Err(e) => failed = failed.or(Some(e)),
        }
    }
    match (weakest(checks), failed) {
        (Some(check), _) => Ok(Some(check)),
        (None, Some(e)) => Err(e),
        (None, None) => Ok(None),
    }
}

fn check_at(
    program: &Program,
    of: &IndexedTarget,
    found: &[IndexedResult],
    sizes: BTreeMap<Name, i64>,
) -> Result<Check, Error> {
    let unrolled = Unrolled::new(program, sizes);
    let document = unrolled.document()?;
    let mut checks = vec![];
    for f in found {
        for at in unrolled.places(&of.scope, &[], &Places::new())? {
            match &f.first {
                None => checks.extend(first(&unrolled, &document, of, f, &at)?),
                Some(gradient) => checks.extend(second(&unrolled, &document, gradient, f, &at)?),
            }
        }
    }
    weakest(checks).ok_or_else(|| Error::new(Kind::Domain, "there is no member to compare at these sizes"))
}

/// The results by every member, beside the automatic derivative by it.
fn first(
    unrolled: &Unrolled,
    document: &Program,
    of: &IndexedTarget,
    f: &IndexedResult,
    at: &Places,
) -> Result<Option<Check>, Error> {
    let Some(target) = f.targets.last() else { return Ok(None) };
    let of = member(unrolled, of, at)?;
    claims(unrolled, document, &of, target, f, at)
}

/// The blocks by every member, beside the automatic derivative of the gradient, which is right.
fn second(
    unrolled: &Unrolled,
    document: &Program,
    gradient: &Expr,
    f: &IndexedResult,
    at: &Places,
) -> Result<Option<Check>, Error> {
    let [outer, inner] = f.targets.as_slice() else { return Ok(None) };
    let mut checks = vec![];
    for at in unrolled.places(&outer.scope, &[], at)? {
        let name = Symbol::made(Purpose::Signal, vec![], 0);
        let value = unrolled.term(gradient, &at)?;
        let mut document = document.clone();
        document.definitions.push(Definition { name: name.clone(), value, written: None, span: Span::default() });
        checks.extend(claims(unrolled, &document, &name, inner, f, &at)?);
    }
    Ok(weakest(checks))
}

fn claims(
    unrolled: &Unrolled,
    document: &Program,
    of: &Symbol,
    target: &IndexedTarget,
    f: &IndexedResult,
    at: &Places,
) -> Result<Option<Check>, Error> {
    let mut claimed: Vec<(Symbol, Expr)> = vec![];
    let fresh: Vec<_> = target.scope.iter().filter(|i| !at.contains_key(&i.letter)).cloned().collect();
    for at in unrolled.places(&fresh, &[], at)? {
        let name = member(unrolled, target, &at)?;
        claimed.push((name, unrolled.term(&f.derivative.result, &at)?));
    }
    let form = if f.derivative.form == Form::Shape { ClaimedForm::Shape } else { ClaimedForm::Jacobian };
    let candidates: Vec<Candidate> =
        claimed.iter().map(|(wrt, derivative)| Candidate { wrt, derivative, also: None, form }).collect();
    if candidates.is_empty() {
        return Ok(None);
    }
    eval::check(document, of, &[], &candidates).map(Some)
}

fn member(unrolled: &Unrolled, target: &IndexedTarget, at: &Places) -> Result<Symbol, Error> {
    let places = target.at.iter().flatten().map(|p| unrolled.place(p, at)).collect::<Result<Vec<_>, _>>()?;
    Ok(Unrolled::member(&target.name, &places))
}
