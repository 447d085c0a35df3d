//! Derivatives as documents: what is derived of them is of the next order.

use super::ask::lowest_forms;
use super::options::Options;
use super::order::{as_definition, of_size};
use super::run::Deriver;
use super::target::Target;
use crate::diag::{Error, Kind};
use crate::expr::Symbol;
use crate::program::Program;

/// A document with a derivative of it among its definitions, whose Jacobian is the derivative of the next order.
pub(crate) struct Below {
    /// The document, what gradus named in deriving it, and the derivative.
    pub program: Program,
    /// The derivative.
    pub of: Symbol,
    /// What was differentiated first, as it is shown.
    pub label: Symbol,
}

/// Differentiates by one target after the other; the result is right beside the structure of the targets too.
///
/// # Errors
/// `Unsupported` names an operator without a rule, `Limit` a derivative too large to go on with.
pub(crate) fn below(program: Program, of: Symbol, targets: &[Target], options: &Options) -> Result<Below, Error> {
    let options = Options { order: 1, form: None, inlined: false, steps: false, ..options.clone() };
    let start = Below { program, label: of.clone(), of };
    targets.iter().enumerate().try_fold(start, |Below { program, of, label }, (i, target)| {
        let unknown = || Error::new(Kind::Internal, format!("`{of}` has no shape"));
        let shape = program.shape(&of).cloned().ok_or_else(unknown)?;
        let forms = lowest_forms(&shape);
        let deriver = Deriver { program: program.clone(), of, shape, options: &options, again: true, charts: vec![] };
        let d = deriver.run(&forms, vec![target.clone()])?;
        let derivative = as_definition(&d.label, &d.derivatives[0]);
        of_size(&derivative)?;
        let of = derivative.name.clone();
        let definitions = [program.definitions, d.extra_definitions(), vec![derivative]].concat();
        let label = if i == 0 { d.label } else { label };
        Ok(Below { program: Program { definitions, main: Some(of.clone()), ..program }, of, label })
    })
}
