//! What is asked of a document with indices: of which definition, by what, and by which coordinates.

use super::super::ask::{distinct, forms, lowest_forms, one_layout};
use super::super::charts::{Chart, Charted, in_shape};
use super::super::facts::convention;
use super::super::options::{Form, Options};
use super::super::result::Derivation;
use super::targets::{IndexedTarget, subject, targets};
use super::{Calculus, depends, directions, frame, refuse_moving_distributions, verify};
use crate::diag::{Error, Kind, Note, Span};
use crate::expr::{Expr, Gathering, Indexed, Symbol, bases};
use crate::program::{Input, Program};
use crate::syntax::Attribute;
use std::collections::BTreeSet;

/// What is asked of a document: of which definition, by what.
pub struct IndexedAsk {
    pub program: Program,
    pub of: IndexedTarget,
    pub targets: Vec<IndexedTarget>,
}

impl IndexedAsk {
    /// # Errors
    /// `Usage` and `Name` for what the document does not have; `Unsupported` for distributions that move, and for recursions.
    pub fn of(program: Program, options: &Options) -> Result<IndexedAsk, Error> {
        refuse_moving_distributions(&program, options)?;
        let of = subject(&program, options)?;
        refuse_recursion(&program)?;
        let targets = distinct(targets(&program, &of, options)?, options)?;
        Ok(IndexedAsk { program, of, targets })
    }

    /// The same by the coordinates of the targets that have a structure.
    ///
    /// # Errors
    /// As `charted`.
    pub fn on_charts(self, options: &Options) -> Result<(IndexedAsk, Vec<Chart>), Error> {
        let in_shape = in_shape(&self.of.shape, options)?;
        let mut charted = Charted { program: self.program, targets: vec![], charts: vec![] };
        let mut targets = vec![];
        for t in &self.targets {
            let chart = charted.chart(&t.name, in_shape)?;
            targets.push(chart.map_or(Ok(t.clone()), |chart| t.on(&chart).ok_or_else(|| is_zero_there(t)))?);
        }
        let Charted { program, charts, .. } = charted.some()?;
        Ok((IndexedAsk { program, of: self.of, targets }, charts))
    }

    /// # Errors
    /// As for `derive_program`; `Unsupported` names what the calculus of indices does not know.
    pub fn derivation(self, options: &Options) -> Result<Derivation, Error> {
        if let Some(product) = &options.product {
            return directions::derived(&self, product, options);
        }
        if options.form == Some(Form::Differential) {
            return directions::differentials(&self, options);
        }
        let asked = forms(options, &self.of.shape, &self.of.name)?;
        let forms = if options.order == 1 { asked } else { lowest_forms(&self.of.shape) };
        refuse_sets(&self.program, &self.targets)?;
        let IndexedAsk { program, of, targets } = &self;
        let mut calculus = Calculus::new(program, of, targets);
        let (mut derivatives, mut below) = (vec![], vec![]);
        for form in forms {
            let (last, lower) = calculus.derivatives(of, targets, form, options.order)?;
            derivatives.extend(last);
            below.extend(lower);
        }
        let mut derivation = frame(program.clone(), of, options);
        derivation.notes.extend(one_layout(options));
        derivation.notes.extend(conventions(program, targets));
        derivation.problems = calculus.solver.problems();
        if options.check {
            // what is derived again is right before that
            for lower in &below {
                verify::check(program, of, std::slice::from_ref(lower))?;
            }
            derivation.check = verify::check(program, of, &derivatives)?;
        }
        if options.steps {
            let (blocks, silent) = calculus.explained(of, &derivatives)?;
            verify::check_steps(program, of, &derivatives, &blocks)?;
            derivation.blocks = blocks;
            derivation.notes.extend(silent);
        }
        derivation.derivatives = derivatives.into_iter().map(|d| d.derivative).collect();
        derivation.warn_of_zeros();
        Ok(derivation)
    }
}

/// An entry off the diagonal has no coordinate.
fn is_zero_there(t: &IndexedTarget) -> Error {
    let label = t.target().label;
    Error::new(Kind::Usage, format!("--structured: {label} is 0 by what is declared: it does not move"))
        .help("without --structured every entry counts as free")
}

/// A document in the coordinates of its targets, and how these hang on them.
///
/// # Errors
/// As for a derivation.
pub(crate) fn on_charts(program: &Program, options: &Options) -> Result<(Program, Vec<Chart>), Error> {
    let (asked, charts) = IndexedAsk::of(program.clone(), options)?.on_charts(options)?;
    Ok((asked.program, charts))
}

/// What derivatives by targets with a structure are, and those of a largest one.
pub fn conventions(program: &Program, targets: &[IndexedTarget]) -> Vec<Note> {
    let names: BTreeSet<&Symbol> = targets.iter().map(|t| &t.name).collect();
    let inputs = names.into_iter().filter_map(|n| program.input(n));
    let structured = |i: &Input| {
        let word = i.attributes.iter().find_map(|a| a.structure())?;
        Some(convention(&i.name, &format!("declared {word}")))
    };
    let largest = targets.iter().any(|t| {
        let moving = |e: &Expr| depends(program, e, &t.name.to_string());
        program.definitions.iter().any(|d| takes_largest(&d.value, &moving))
    });
    let ties = "where two are the largest (or the smallest) neither counts: there is no derivative there";
    let mut charts: Vec<Note> = vec![];
    for note in targets.iter().filter_map(|t| Some(t.chart.as_ref()?.convention())) {
        charts.extend(Some(note).filter(|note| !charts.contains(note)));
    }
    charts.into_iter().chain(inputs.filter_map(structured)).chain(largest.then(|| Note::convention(ties))).collect()
}

/// Whether the largest or smallest of what moves is taken over an index.
fn takes_largest(e: &Expr, moving: &dyn Fn(&Expr) -> bool) -> bool {
    let own = match e.as_variable().and_then(|v| v.name.as_indexed()) {
        Some(Indexed::Gathered { by: Gathering::Maximum | Gathering::Minimum, body, .. }) if moving(body) => true,
        Some(Indexed::Gathered { body, .. } | Indexed::Stack { body, .. } | Indexed::Entry { of: body, .. }) => {
            takes_largest(body, moving)
        }
        Some(Indexed::Member { .. } | Indexed::Number(_)) | None => false,
    };
    own || e.args().iter().any(|a| takes_largest(a, moving))
}

/// What is in a set does not move.
fn refuse_sets(program: &Program, targets: &[IndexedTarget]) -> Result<(), Error> {
    let set = |t: &&IndexedTarget| program.input(&t.name).is_some_and(|i| i.attributes.contains(&Attribute::Mask));
    targets.iter().find(set).map_or(Ok(()), |t| {
        let message = format!("`{}` says what is in a set: there is no derivative by that", t.name);
        Err(Error::new(Kind::Unsupported, message).help("name another target with --wrt"))
    })
}

/// A definition that speaks of its own members is one equation for each of them, not a value.
fn refuse_recursion(program: &Program) -> Result<(), Error> {
    let mut defined: BTreeSet<&Symbol> = program.inputs.iter().map(|i| &i.name).collect();
    for d in &program.definitions {
        let own = bases(&d.value);
        if own.contains(&d.name) || own.iter().any(|b| !defined.contains(b)) {
            let message = format!("`{}` is defined by its own members: there is no rule yet for recursions", d.name);
            let error = Error::new(Kind::Unsupported, message).help("write out the members, h_1 = …, h_2 = …");
            return Err(if d.span == Span::default() { error } else { error.at(d.span, "in this definition") });
        }
        defined.insert(&d.name);
    }
    Ok(())
}
