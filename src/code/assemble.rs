//! The plan of a derivation, and what is said of it in the file.

use super::lower::Lowering;
use super::plan::{Argument, CodePlan, Id, Operation, OutputKind, PlanResult};
use super::sizes::{Sizes, sizes};
use super::term::{ArrayTerm, dims_of};
use super::whole::WholeDerivation;
use crate::derive::{Derivation, Derivative, Form, Product, ResultKind, Target, ranges_of};
use crate::diag::Error;
use crate::engine::{facts, known};
use crate::expr::{Index, Indexed, Partial, Size, Symbol};
use crate::program::Definition;
use crate::render::{Notation, Printer, Style, present, unicode};
use crate::rules::Fact;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a target writes down.
pub struct File {
    pub plan: CodePlan,
    pub sizes: Sizes,
    /// The document, a line a statement.
    pub document: Vec<String>,
    /// What was derived, a line a definition and a derivative.
    pub derived: Vec<String>,
}

/// The file of a derivation over whole arrays.
pub fn file(whole: &WholeDerivation) -> Result<File, Error> {
    let d = &whole.derivation;
    let style = Style::of(d);
    let mut lowering = Lowering::new(facts(&d.program.inputs));
    lowering.plates.clone_from(&d.program.plates);
    let inputs: Vec<Argument> = d
        .program
        .inputs
        .iter()
        .enumerate()
        .map(|(i, input)| {
            let shape = &input.shape;
            let plate = d.program.plates.get(&input.name);
            let dims: Vec<Size> = plate.into_iter().flatten().map(Index::count).chain(dims_of(shape)).collect();
            let id = lowering.builder.add(Operation::Input(i), dims.clone());
            match plate {
                None => lowering.terms.insert(input.name.clone(), ArrayTerm::dense(shape, id)).is_some(),
                Some(plate) => lowering.given_family(&input.name, id, plate, shape),
            };
            let own = lowering.facts.get(&input.name);
            let symmetric = own.is_some_and(|f| f.contains(&Fact::Symmetric));
            let document = whole.stacks.get(&input.name).unwrap_or(&input.name).word().to_owned();
            Argument { name: input.name.word().to_owned(), document, shape: shape.clone(), dims, symmetric }
        })
        .collect();
    for definition in d.forward.iter().chain(&d.deltas) {
        let known = known(&definition.value, &lowering.facts);
        lowering.facts.insert(definition.name.clone(), known);
        if let Some(plate) = d.program.plates.get(&definition.name) {
            let id = lowering.family(&definition.value, plate)?;
            called(&mut lowering, id, definition, &style);
            lowering.families.insert(definition.name.clone(), id);
            continue;
        }
        let term = lowering.term(&definition.value)?;
        let term = named(&mut lowering, term, definition, &style);
        lowering.definitions.insert(definition.name.clone(), definition.value.clone());
        lowering.terms.insert(definition.name.clone(), term);
    }
    let value = value_of(d, &mut lowering)?;
    let results: Vec<PlanResult> =
        d.derivatives.iter().map(|one| output(d, one, &style, &mut lowering)).collect::<Result<_, _>>()?;
    // what was better not written out has its name where it was written out all the same
    for definition in d.forward.iter().chain(&d.deltas) {
        if let Some(term) = lowering.terms.get(&definition.name).filter(|t| t.is_structured()).cloned() {
            let id = lowering.builder.written(&term);
            called(&mut lowering, id, definition, &style);
        }
    }
    let super::builder::PlanBuilder { instructions, callables, .. } = lowering.builder;
    let plan = CodePlan { inputs, callables, instructions, of: of_word(d), value, results };
    let sizes = sizes(&plan);
    let document = d.program.definitions.iter().map(|own| written(own, &style)).collect();
    let own = plan.results.iter().map(|r| r.formula.clone());
    let derived = d.shown().into_iter().map(|own| written(own, &style)).chain(own).collect();
    Ok(File { plan, sizes, document, derived })
}

/// A definition as a reader says it.
fn written(definition: &Definition, style: &Style) -> String {
    let value = match &definition.written {
        Some(ast) => unicode(ast),
        None => unicode(&present(&definition.value, style)),
    };
    match definition.name.word() {
        "" => value,
        _ => format!("{} = {value}", Printer::new(Notation::Unicode).symbol(&definition.name)),
    }
}

/// A definition is written out under its name, unless its structure is worth more.
fn named(lowering: &mut Lowering, term: ArrayTerm, definition: &Definition, style: &Style) -> ArrayTerm {
    if term.is_structured() {
        return term;
    }
    let id = lowering.builder.written(&term);
    called(lowering, id, definition, style);
    ArrayTerm::dense(&term.shape, id)
}

/// The first name of a result stays.
fn called(lowering: &mut Lowering, id: Id, definition: &Definition, style: &Style) {
    let instruction = &mut lowering.builder.instructions[id.0];
    let free = instruction.name.is_none() && !matches!(instruction.operation, Operation::Input(_));
    if free && !definition.name.word().is_empty() {
        instruction.name = Some(definition.name.word().to_owned());
        instruction.formula = Some(written(definition, style));
    }
}

fn of_word(d: &Derivation) -> String {
    let word = d.label.word();
    if word.is_empty() { "value".to_owned() } else { word.to_owned() }
}

fn value_of(d: &Derivation, lowering: &mut Lowering) -> Result<Id, Error> {
    match lowering.terms.get(&d.of).cloned() {
        Some(term) => Ok(lowering.builder.written(&term)),
        None => lowering.listed(&d.asked.value, &ranges_of(&d.program, &d.label)),
    }
}

fn output(d: &Derivation, one: &Derivative, style: &Style, lowering: &mut Lowering) -> Result<PlanResult, Error> {
    let value = match unfolds(d, one) {
        true => {
            let ranges = |t: &Target| ranges_of(&d.program, &t.parts[0].0);
            let outer: Vec<Index> = one.outer.iter().flat_map(ranges).collect();
            lowering.unfolded(&one.result, &outer, &ranges(&one.wrt), one.result.shape())?
        }
        false => lowering.listed(&one.result, &places(d, one))?,
    };
    let targets: Vec<String> = one.targets().map(|t| t.label.clone()).collect();
    let kind = kind(d, one);
    let left = one.targets().fold(d.label.clone(), |of, target| {
        let by = target.parts.iter().map(|(n, _)| n.clone()).collect();
        Symbol::Partial(Arc::new(Partial { of, by, direct: false }))
    });
    let right = unicode(&present(&one.result, style));
    let formula = match &one.quantity {
        ResultKind::Derivative => format!("{} = {right}", Printer::new(Notation::Unicode).symbol(&left)),
        ResultKind::Product { .. } => right,
    };
    Ok(PlanResult { targets, formula, kind, value })
}

/// The indices over which a result is listed: those of the value, then those of the targets.
fn places(d: &Derivation, one: &Derivative) -> Vec<Index> {
    let ranges = |t: &Target| ranges_of(&d.program, &t.parts[0].0);
    let of = ranges_of(&d.program, &d.label);
    let all: Vec<Index> = match &one.quantity {
        ResultKind::Product { product: Product::Jvp(_), .. } => of,
        ResultKind::Product { product: Product::Vjp(_) | Product::Hvp(_), .. } => {
            one.targets().flat_map(ranges).collect()
        }
        ResultKind::Derivative => of.into_iter().chain(one.targets().flat_map(ranges)).collect(),
    };
    let mut seen = BTreeSet::new();
    all.into_iter().filter(|i| seen.insert(i.letter.clone())).collect()
}

/// Whether a result is one matrix over the entries of families as a whole.
fn unfolds(d: &Derivation, one: &Derivative) -> bool {
    let is_whole = |t: &Target| t.parts[0].0.as_indexed().is_some() && !t.label.contains('_');
    let of = ranges_of(&d.program, &d.label);
    one.form == Form::Jacobian && one.quantity == ResultKind::Derivative && of.is_empty() && one.targets().any(is_whole)
}

/// The family of which a target is all members.
fn whole_of<'t>(d: &Derivation, target: &'t Symbol) -> Option<&'t Symbol> {
    let Some(Indexed::Member { family, at }) = target.as_indexed() else { return Some(target) };
    let all = ranges_of(&d.program, target);
    (d.program.plates.get(family).is_some_and(|p| p.len() == all.len()) && at.iter().all(|p| p.at_rest().is_some()))
        .then_some(family)
}

fn kind(d: &Derivation, one: &Derivative) -> OutputKind {
    let [(name, _)] = one.wrt.parts.as_slice() else { return OutputKind::Other };
    let Some(name) = whole_of(d, name) else { return OutputKind::Other };
    let is_family = d.program.plates.contains_key(name);
    if is_family && !d.of_shape.is_scalar() && !unfolds(d, one) {
        return OutputKind::Other;
    }
    let input = d.program.inputs.iter().position(|i| i.name == *name);
    let first = one.order() == 1 && one.quantity == ResultKind::Derivative;
    match (input.filter(|_| first), one.form) {
        (Some(input), Form::Shape) => OutputKind::Gradient(input),
        (Some(_), Form::Jacobian) if is_family && !unfolds(d, one) => OutputKind::Other,
        (Some(input), Form::Jacobian) => OutputKind::Jacobian(input),
        (Some(_), Form::Both | Form::Differential) | (None, _) => OutputKind::Other,
    }
}
