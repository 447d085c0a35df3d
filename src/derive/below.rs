//! Derivatives as documents: what is derived of them is of the next order.

use super::ask::lowest_forms;
use super::charts::{Chart, Charted, charted, put_back};
use super::options::Options;
use super::order::{as_definition, of_size};
use super::run::Deriver;
use super::target::Target;
use crate::diag::{Error, Kind, Note};
use crate::eval::Values;
use crate::expr::{Shape, Symbol};
use crate::program::Program;

/// A document with derivatives of it among its definitions, and what is asked of the last one.
#[derive(Clone, Debug)]
pub(crate) struct Below {
    /// The document, in the coordinates of its targets, what gradus named in deriving it, and the derivatives.
    pub program: Program,
    /// What is differentiated last.
    pub of: Symbol,
    /// What was differentiated first, as it is shown.
    pub label: Symbol,
    /// What was differentiated by before, the first time first.
    pub outer: Vec<Target>,
    /// What is differentiated by last.
    pub wrt: Target,
    /// How targets hang on their coordinates; none where every entry of them is free.
    pub charts: Vec<Chart>,
}

/// Differentiates by one target after the other but for the last one; the result is right beside the structure of the
/// targets too.
///
/// # Errors
/// `Unsupported` names an operator without a rule, `Limit` a derivative too large to go on with; those of `charted`.
pub(crate) fn below(program: &Program, of: Symbol, targets: &[Target], options: &Options) -> Result<Below, Error> {
    let (program, targets, charts) = match options.structured {
        false => (program.clone(), targets.to_vec(), vec![]),
        true => {
            let Charted { program, targets, charts } = charted(program, &shape_of(program, &of)?, targets, options)?;
            (program, targets, charts)
        }
    };
    let (wrt, outer) = targets.split_last().ok_or_else(|| Error::new(Kind::Internal, "no target is left"))?;
    let start = Below { program, label: of.clone(), of, outer: outer.to_vec(), wrt: wrt.clone(), charts };
    let options = Options { order: 1, form: None, inlined: false, steps: false, ..options.clone() };
    outer.iter().enumerate().try_fold(start, |below, (i, target)| {
        let forms = lowest_forms(&shape_of(&below.program, &below.of)?);
        let d = below.deriver(&options, true)?.run(&forms, vec![target.clone()])?;
        let derivative = as_definition(&d.label, &d.derivatives[0]);
        of_size(&derivative)?;
        let of = derivative.name.clone();
        let definitions = [below.program.definitions, d.extra_definitions(), vec![derivative]].concat();
        let label = if i == 0 { d.label } else { below.label };
        let program = Program { definitions, main: Some(of.clone()), ..below.program };
        Ok(Below { program, of, label, ..below })
    })
}

fn shape_of(program: &Program, name: &Symbol) -> Result<Shape, Error> {
    let unknown = || Error::new(Kind::Internal, format!("`{name}` has no shape"));
    program.shape(name).cloned().ok_or_else(unknown)
}

impl Below {
    /// What derives the next order.
    ///
    /// # Errors
    /// `Internal` where nothing is to be derived.
    pub(super) fn deriver<'a>(&self, options: &'a Options, again: bool) -> Result<Deriver<'a>, Error> {
        let shape = shape_of(&self.program, &self.of)?;
        let (program, charts) = (self.program.clone(), self.charts.clone());
        Ok(Deriver { program, of: self.of.clone(), shape, options, again, charts })
    }

    /// The same definitions in terms of the document, whose variables the coordinates are not.
    pub fn in_document(&self, document: Program) -> Program {
        if self.charts.is_empty() { self.program.clone() } else { put_back(&self.charts, &self.program, document) }
    }

    /// A target as it is shown.
    pub fn told(&self, target: &Target) -> Target {
        self.charts.iter().fold(target.clone(), |told, chart| chart.told(told))
    }

    /// A point of the document, where its coordinates are to be found.
    pub fn placed(&self, values: &Values) -> Values {
        self.charts.iter().fold(values.clone(), |placed, chart| chart.placed(placed))
    }

    /// What derivatives on the structure are.
    pub fn conventions(&self) -> Vec<Note> {
        self.charts.iter().map(Chart::convention).collect()
    }
}
