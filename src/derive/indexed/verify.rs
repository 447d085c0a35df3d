//! Every result is compared with automatic differentiation of the document written out, at ranges of 1, 2 and more.

use super::super::steps::Block;
use super::IndexedResult;
use super::reverse::collect;
use super::targets::IndexedTarget;
use crate::derive::verify::weakest;
use crate::derive::{Derivative, Form};
use crate::diag::{Error, Kind, Span};
use crate::eval::{self, Candidate, Check, ClaimedForm, Places, Unrolled, range_sizes};
use crate::expr::{Expr, Index, Indexed, Name, Purpose, Shape, Symbol, variable};
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
    let mut seen = false;
    let reached = furthest(of, found);
    for (round, ranges) in RANGES.iter().chain(&reached).enumerate() {
        if round > 0 && names.is_empty() {
            break;
        }
        let sizes: BTreeMap<Name, i64> = names.iter().cloned().zip(ranges.iter().copied().cycle()).collect();
        match check_at(program, of, found, sizes) {
            Ok(check) => {
                checks.push(check);
                seen |= ranges != &RANGES[2];
            }
            Err(e) if e.kind == Kind::Internal => return Err(e),
            Err(e) => failed = failed.or(Some(e)),
        }
    }
    match (weakest(checks), failed) {
        // ranges of 1 alone show nothing of what is made over an index
        (Some(check), None) => Ok(Some(check)),
        (Some(check), Some(_)) if seen => Ok(Some(check)),
        (_, Some(e)) => Err(e),
        (None, None) => Ok(None),
    }
}

/// Ranges that hold every place that is asked for by its number: W_47.
fn furthest(of: &IndexedTarget, found: &[IndexedResult]) -> Option<[i64; 4]> {
    let places = [of].into_iter().chain(found.iter().flat_map(|f| &f.targets)).flat_map(|t| t.at.iter().flatten());
    let fixed = places.filter(|p| p.is_fixed()).filter_map(|p| p.offset.as_constant());
    fixed.max().filter(|n| (2..=FURTHEST).contains(n)).map(|n| [n; 4])
}

/// Further places are not written out.
const FURTHEST: i64 = 12;

/// The document written out. What is declared of arrays is true there, but where one of them is a target: its entries move
/// each by itself.
fn written_out<'a, 't>(
    program: &'a Program,
    mut targets: impl Iterator<Item = &'t Symbol>,
    sizes: BTreeMap<Name, i64>,
) -> Unrolled<'a> {
    let declared = Unrolled::declared(program, sizes.clone());
    if targets.any(|t| declared.array(t).is_some()) { Unrolled::new(program, sizes) } else { declared }
}

fn check_at(
    program: &Program,
    of: &IndexedTarget,
    found: &[IndexedResult],
    sizes: BTreeMap<Name, i64>,
) -> Result<Check, Error> {
    let targets = found.iter().flat_map(|f| &f.targets).map(|t| &t.name);
    let unrolled = written_out(program, targets, sizes);
    let document = unrolled.document()?;
    let mut checks = vec![];
    for f in found {
        for at in unrolled.places(&of.scope, &[], &Places::new())? {
            match f.below.last() {
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
    if document.shape(&of).is_none() {
        return Ok(None);
    }
    claims(unrolled, document, &of, target, f, at)
}

/// Of an order above 2 so many blocks are compared, at most, for each size of the ranges.
const BLOCKS: usize = 7;

/// The blocks by every member, beside the automatic derivative of the gradient, which is right.
fn second(
    unrolled: &Unrolled,
    document: &Program,
    gradient: &Expr,
    f: &IndexedResult,
    at: &Places,
) -> Result<Option<Check>, Error> {
    let [outer @ .., inner] = f.targets.as_slice() else { return Ok(None) };
    let scope = outer.iter().fold(vec![], |scope, t| super::joined(&scope, &t.scope));
    let places = unrolled.places(&scope, &[], at)?;
    let every = if outer.len() > 1 { places.len().div_ceil(BLOCKS).max(1) } else { 1 };
    let mut checks = vec![];
    for at in places.iter().step_by(every) {
        let name = Symbol::made(Purpose::Signal, vec![], 0);
        let value = unrolled.term(gradient, at)?;
        let mut document = document.clone();
        document.definitions.push(Definition { name: name.clone(), value, written: None, span: Span::default() });
        checks.extend(claims(unrolled, &document, &name, inner, f, at)?);
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
    let sharing = unrolled.with_named_sums();
    for (name, at) in members(unrolled, document, target, at)? {
        claimed.push((name, sharing.term(&f.derivative.result, &at)?));
    }
    let sums = sharing.named_sums();
    let form = if f.derivative.form == Form::Shape { ClaimedForm::Shape } else { ClaimedForm::Jacobian };
    let candidates: Vec<Candidate> =
        claimed.iter().map(|(wrt, derivative)| Candidate { wrt, derivative, also: None, form }).collect();
    if candidates.is_empty() {
        return Ok(None);
    }
    let terms: Vec<&Expr> =
        claimed.iter().map(|(_, derivative)| derivative).chain(sums.iter().map(|d| &d.value)).collect();
    let names = [of].into_iter().chain(claimed.iter().map(|(wrt, _)| wrt));
    eval::check(&eval::without_unused(document, names, &terms), of, &sums, &candidates).map(Some)
}

/// The members of a target where the letters of what is differentiated are at their places; at these sizes there may be none.
fn members(
    unrolled: &Unrolled,
    document: &Program,
    target: &IndexedTarget,
    at: &Places,
) -> Result<Vec<(Symbol, Places)>, Error> {
    let fresh: Vec<_> = target.scope.iter().filter(|i| !at.contains_key(&i.letter)).cloned().collect();
    let places = unrolled.places(&fresh, &[], at)?;
    let named = places.into_iter().map(|at| Ok((member(unrolled, target, &at)?, at)));
    let known = |found: &Result<(Symbol, Places), Error>| {
        found.as_ref().map_or(true, |(name, _)| document.shape(name).is_some())
    };
    named.filter(known).collect()
}

fn member(unrolled: &Unrolled, target: &IndexedTarget, at: &Places) -> Result<Symbol, Error> {
    let places = target.at.iter().flatten().map(|p| unrolled.place(p, at)).collect::<Result<Vec<_>, _>>()?;
    Ok(Unrolled::member(&target.name, &places))
}

/// Checks every step by itself, at two sizes of the ranges: both sides have one value. What is still to be derived is derived
/// automatically.
///
/// # Errors
/// `Internal`, naming the rule, when two sides differ.
pub fn check_steps(
    program: &Program,
    of: &IndexedTarget,
    found: &[IndexedResult],
    blocks: &[Block],
) -> Result<(), Error> {
    let terms: Vec<&Expr> = found.iter().map(|f| &f.derivative.result).collect();
    let names = range_sizes(program, &terms);
    for ranges in &RANGES[..2] {
        let sizes: BTreeMap<Name, i64> = names.iter().cloned().zip(ranges.iter().copied().cycle()).collect();
        let unrolled = written_out(program, found.iter().flat_map(|f| &f.targets).map(|t| &t.name), sizes);
        let document = match unrolled.document() {
            Ok(document) => document,
            Err(e) if e.kind == Kind::Domain => continue,
            Err(e) => return Err(e),
        };
        for block in blocks {
            let own = found.iter().find(|f| f.targets.iter().any(|t| t.symbol() == block.wrt));
            let scopes = own.iter().flat_map(|f| &f.targets).map(|t| &t.scope);
            let scope = scopes.fold(of.scope.clone(), |scope, more| super::joined(&scope, more));
            let places = unrolled.places(&scope, &[], &Places::new())?;
            let every = places.len().div_ceil(STEP_PLACES).max(1);
            for at in places.iter().step_by(every) {
                check_block(&DocumentAt { unrolled: &unrolled, document: &document, at }, block)?;
            }
        }
    }
    Ok(())
}

/// A document whose expectations are over what moves, and the same with samples that do not move, each weighted by how its
/// density does.
pub struct Weighted<'a> {
    pub program: &'a Program,
    pub weighted: &'a Program,
    pub baselines: Vec<Baseline<'a>>,
}

/// The logarithm of a density where nothing has moved: an input of the weighted document.
pub struct Baseline<'a> {
    pub name: &'a Symbol,
    pub plate: &'a [Index],
    pub value: &'a Expr,
}

/// Compares results of the document with automatic derivatives of the weighted one, at ranges of at least two kinds.
///
/// # Errors
/// `Internal` when they differ; those of evaluation.
pub fn check_weighted(
    asked: &Weighted,
    of: &IndexedTarget,
    found: &[(&IndexedTarget, &Derivative)],
) -> Result<Option<Check>, Error> {
    let terms: Vec<&Expr> = found.iter().map(|(_, d)| &d.result).collect();
    let names = range_sizes(asked.program, &terms);
    let mut checks = vec![];
    for ranges in &RANGES {
        let sizes: BTreeMap<Name, i64> = names.iter().cloned().zip(ranges.iter().copied().cycle()).collect();
        let (unrolled, own) = (Unrolled::new(asked.program, sizes.clone()), Unrolled::new(asked.weighted, sizes));
        let (Ok(mut document), Ok(weighted)) = (unrolled.document(), own.document()) else { continue };
        let baselines = baselines(asked, &unrolled)?;
        document.definitions.extend(baselines.iter().cloned());
        let points = WeightedPoints { document, weighted, baselines };
        for at in unrolled.places(&of.scope, &[], &Places::new())? {
            let of = member(&unrolled, of, &at)?;
            for (target, d) in found {
                for (name, at) in members(&unrolled, &points.document, target, &at)? {
                    checks.push(points.check(&of, &name, d.form, &unrolled.term(&d.result, &at)?)?);
                }
            }
        }
    }
    Ok(weakest(checks))
}

/// The log-densities written out.
fn baselines(asked: &Weighted, unrolled: &Unrolled) -> Result<Vec<Definition>, Error> {
    let mut found = vec![];
    for baseline in &asked.baselines {
        for at in unrolled.places(baseline.plate, &[], &Places::new())? {
            let places =
                baseline.plate.iter().map(|i| unrolled.place(&i.place(), &at)).collect::<Result<Vec<_>, _>>()?;
            let (name, value) = (Unrolled::member(baseline.name, &places), unrolled.term(baseline.value, &at)?);
            found.push(Definition { name, value, written: None, span: Span::default() });
        }
    }
    Ok(found)
}

/// A point with the values of the document's definitions.
fn with_definitions(document: &Program, values: &eval::Values) -> Result<eval::Values, Error> {
    let mut values = values.clone();
    eval::extend(&mut values, &document.definitions)?;
    Ok(values)
}

/// Both documents written out. The log-densities are definitions of the one, so that they have values, and inputs of the other.
struct WeightedPoints {
    document: Program,
    weighted: Program,
    baselines: Vec<Definition>,
}

impl WeightedPoints {
    fn check(&self, of: &Symbol, wrt: &Symbol, form: Form, result: &Expr) -> Result<Check, Error> {
        let known = |values: &eval::Values| with_definitions(&self.document, values);
        let claimed = |values: &eval::Values| eval::evaluate(result, &known(values)?);
        let form = if form == Form::Shape { ClaimedForm::Shape } else { ClaimedForm::Jacobian };
        let truth = |values: &eval::Values| {
            let (mut values, known) = (values.clone(), known(values)?);
            let own = self.baselines.iter().filter_map(|b| Some((b.name.clone(), known.arrays.get(&b.name)?.clone())));
            values.arrays.extend(own);
            eval::automatic_derivative(&self.weighted, of, std::slice::from_ref(wrt), form, &values)
        };
        let region = eval::Region { sized: &self.document, program: &self.document };
        match eval::compare(&region, &claimed, &truth)? {
            eval::Comparison::Agree(check) => Ok(check),
            eval::Comparison::Differ(_) => {
                Err(Error::new(Kind::Internal, "a result by the score function and the check of its density disagree"))
            }
        }
    }
}

/// Compares J v with the automatic Jacobians by every member, times the direction there.
///
/// # Errors
/// `Internal` when they differ; those of evaluation.
pub fn check_along(
    program: &Program,
    of: &IndexedTarget,
    target: &IndexedTarget,
    direction: &Symbol,
    result: &Expr,
) -> Result<Option<Check>, Error> {
    let names = range_sizes(program, &[result]);
    let mut checks = vec![];
    for ranges in &RANGES {
        let sizes: BTreeMap<Name, i64> = names.iter().cloned().zip(ranges.iter().copied().cycle()).collect();
        let unrolled = written_out(program, [&target.name].into_iter(), sizes);
        let Ok(document) = unrolled.document() else { continue };
        for at in unrolled.places(&of.scope, &[], &Places::new())? {
            let own = member(&unrolled, of, &at)?;
            let term = unrolled.term(result, &at)?;
            let mut parts = vec![];
            for places in unrolled.places(&target.scope, &[], &at)? {
                let along = IndexedTarget { name: direction.clone(), ..target.clone() };
                parts.push((member(&unrolled, target, &places)?, member(&unrolled, &along, &places)?));
            }
            let claimed = |values: &eval::Values| eval::evaluate(&term, &with_definitions(&document, values)?);
            let truth = |values: &eval::Values| along(&document, &own, &parts, term.shape(), values);
            let region = eval::Region { sized: &document, program: &document };
            match eval::compare(&region, &claimed, &truth)? {
                eval::Comparison::Agree(check) => checks.push(check),
                eval::Comparison::Differ(_) => {
                    return Err(Error::new(Kind::Internal, "a product with a direction and its check disagree"));
                }
            }
        }
    }
    Ok(weakest(checks))
}

/// Σ J v over the members, in the shape of what moves.
fn along(
    document: &Program,
    of: &Symbol,
    parts: &[(Symbol, Symbol)],
    shape: &Shape,
    values: &eval::Values,
) -> Result<eval::Matrix<f64>, Error> {
    // J v as an expression of placeholders: what is compared is the value of J, found automatically
    let mut values = values.clone();
    let mut terms = vec![crate::expr::zeros(&Shape::vector(shape.count()))];
    for (i, (member, direction)) in parts.iter().enumerate() {
        let jacobian =
            eval::automatic_derivative(document, of, std::slice::from_ref(member), ClaimedForm::Jacobian, &values)?;
        let name = Symbol::made(Purpose::Jacobian, vec![], i);
        let own = document.shape(direction).cloned().unwrap_or_else(Shape::scalar);
        let j = crate::expr::variable(&name, &Shape::new(shape.count(), own.count()));
        let v = super::column(crate::expr::variable(direction, &own));
        values.arrays.insert(name, jacobian);
        terms.push(super::gather::product(vec![j, v]));
    }
    let change = crate::expr::add(terms);
    let change = match shape.cols.is_one() {
        true => change,
        false => crate::expr::build(crate::expr::Op::Unvec(shape.rows.clone(), shape.cols.clone()), vec![change]),
    };
    eval::evaluate(&change, &values)
}

/// Steps are checked at so many places of the free letters, at most, for each size of the ranges.
const STEP_PLACES: usize = 3;

/// A document written out, with its letters at places.
struct DocumentAt<'a> {
    unrolled: &'a Unrolled<'a>,
    document: &'a Program,
    at: &'a Places,
}

fn check_block(w: &DocumentAt, block: &Block) -> Result<(), Error> {
    let Ok(mut values) = eval::sample(w.document, 1) else { return Ok(()) };
    eval::extend(&mut values, &w.document.definitions)?;
    for step in &block.steps {
        let [before, after] = [&step.before, &step.after].map(|e| w.value(e, &values));
        let (before, after) = match (before, after) {
            (Ok(before), Ok(after)) => (before, after),
            (Err(e), _) | (_, Err(e)) if e.kind == Kind::Domain => continue,
            (Err(e), _) | (_, Err(e)) => return Err(e),
        };
        if !eval::agree(&before, &after) {
            let message = format!("a step by the rule {} changes the value of its term", step.rule);
            return Err(
                Error::new(Kind::Internal, message).help(format!("before: {:?}; after: {:?}", step.before, step.after))
            );
        }
    }
    Ok(())
}

impl DocumentAt<'_> {
    fn value(&self, e: &Expr, values: &eval::Values) -> Result<eval::Matrix<f64>, Error> {
        let term = self.unrolled.term(e, self.at)?;
        let mut values = values.clone();
        let mut shapes = BTreeMap::new();
        collect(&term, &mut |symbol, shape| drop(shapes.insert(symbol.clone(), shape.clone())));
        for (symbol, shape) in &shapes {
            if let Some(partial) = symbol.as_partial() {
                if partial.by.len() > 1 || partial.of.as_partial().is_some() {
                    return Err(Error::new(Kind::Domain, "a second derivative is compared as a whole"));
                }
                let found = self.derived(&partial.of, &partial.by[0], shape, &values)?;
                values.arrays.insert(symbol.clone(), found);
            }
        }
        eval::evaluate(&term, &values)
    }

    /// The automatic derivative of a term that is written out.
    fn derived(
        &self,
        of: &Symbol,
        by: &Symbol,
        shape: &Shape,
        values: &eval::Values,
    ) -> Result<eval::Matrix<f64>, Error> {
        let mut program = self.document.clone();
        let input = || Some(variable(of, program.shape(of).filter(|_| program.input(of).is_some())?));
        let value = match of.as_indexed() {
            Some(Indexed::Gathered { body, .. }) => Some(body.clone()),
            Some(_) | None => input(),
        };
        let name = value.map_or(of.clone(), |value| {
            let name = Symbol::made(Purpose::Signal, vec![], 0);
            program.definitions.push(Definition { name: name.clone(), value, written: None, span: Span::default() });
            name
        });
        let of = if program.definition(&name).is_some() { name } else { program.main.clone().unwrap_or(Symbol::Bare) };
        let point = eval::Values { arrays: self.inputs(values), ..values.clone() };
        let scalar = program.shape(&of).is_none_or(Shape::is_scalar);
        let row = program.shape(by).is_some_and(|own| own != shape && shape.is_row());
        let form = if scalar && !row { ClaimedForm::Shape } else { ClaimedForm::Jacobian };
        eval::automatic_derivative(&program, &of, std::slice::from_ref(by), form, &point)
    }

    /// The point without what is defined.
    fn inputs(&self, values: &eval::Values) -> BTreeMap<Symbol, eval::Matrix<f64>> {
        let own = |s: &Symbol| self.document.input(s).is_some();
        values.arrays.iter().filter(|(s, _)| own(s)).map(|(s, a)| (s.clone(), a.clone())).collect()
    }
}
