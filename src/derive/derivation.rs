//! `derive`: a document and options in, checked derivatives out.

use super::ask::{check_order, distinct, forms, lowest_forms, subject, targets};
use super::below::Below;
use super::charts::{Charted, charted};
use super::facts::Declared;
use super::indexed::{as_asked, derive_indexed};
use super::options::{Form, Options};
use super::result::Derivation;
use super::run::Deriver;
use super::stacks::{apart, is_stack_of_columns};
use super::target::Target;
use crate::diag::{Error, Errors, Kind};
use crate::fuel;
use crate::program::Program;
use crate::shape::elaborate;
use crate::syntax::parse_document;

/// Derives a document.
///
/// # Errors
/// Everything wrong with the document at once; `Unsupported` names an operator without a rule; `Internal` when a result
/// and its numeric check disagree.
pub fn derive(text: &str, options: &Options) -> Result<Derivation, Errors> {
    fuel::watched(&options.watch, || {
        let document = parse_document(text)?;
        derive_program(elaborate(&document)?, &options.clone().asked_by(document.request.as_ref())).map_err(|e| vec![e])
    })
}

/// Derives an elaborated document. See `derive`.
pub fn derive_program(program: Program, options: &Options) -> Result<Derivation, Error> {
    let program = as_asked(program, options);
    if program.is_indexed() {
        return derive_indexed(program, options);
    }
    let of = subject(&program, options)?;
    let shape =
        program.shape(&of).cloned().ok_or_else(|| Error::new(Kind::Internal, format!("`{of}` has no shape")))?;
    check_order(options)?;
    let asked = forms(options, &shape, &of)?;
    let forms = if options.order == 1 { asked } else { lowest_forms(&shape) };
    let targets = distinct(targets(&program, &of, options)?, options)?;
    if !options.structured {
        let deriver = Deriver { program, of, shape, options, again: false, charts: vec![] };
        return deriver.derivation(&forms, targets);
    }
    let Charted { program: own, targets, charts } = charted(&program, &shape, &targets, options)?;
    let deriver = Deriver { program: own, of, shape, options, again: false, charts };
    Ok(deriver.derivation(&forms, targets)?.in_document(program))
}

/// Derives what is asked last, in one form.
///
/// # Errors
/// As for `derive_program`.
pub(crate) fn derive_last(
    document: &Program,
    below: &Below,
    form: Form,
    options: &Options,
) -> Result<Derivation, Error> {
    let derivation = below.deriver(options, false)?.derivation(&[form], vec![below.wrt.clone()])?;
    let on_charts = !below.charts.is_empty();
    Ok(if on_charts { derivation.in_document(document.clone()) } else { derivation })
}

impl Deriver<'_> {
    /// What is asked.
    fn derivation(self, forms: &[Form], targets: Vec<Target>) -> Result<Derivation, Error> {
        let options = self.options;
        let found = match (&options.product, forms) {
            (Some(product), _) => self.product(product, targets),
            (None, [Form::Differential]) => self.differentials(targets),
            (None, _) if self.is_by_blocks(&targets) => {
                let parts = apart(&targets);
                let found = self.run(forms, parts.clone())?;
                let declared = Declared { program: &found.program, charts: &found.charts };
                let mut solvers = declared.solvers(&found.forward, &parts, options.steps);
                Ok(found.in_stacks(&targets, solvers.of_results()))
            }
            (None, _) => self.run(forms, targets),
        };
        found.map(Derivation::in_free_indices)
    }

    /// Whether a Hessian is asked that has blocks.
    fn is_by_blocks(&self, targets: &[Target]) -> bool {
        let is_hessian = self.shape.is_scalar() && self.options.order == 2 && self.charts.is_empty();
        is_hessian && targets.iter().any(is_stack_of_columns)
    }
}
