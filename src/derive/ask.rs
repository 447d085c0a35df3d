//! What is asked: of which definition, by what, in which forms.

use super::cut::needed;
use super::options::{Form, Options};
use super::target::Target;
use crate::diag::{Error, Kind};
use crate::expr::{Shape, Symbol};
use crate::program::{Input, Program};
use std::collections::BTreeSet;

/// The definition that is differentiated.
pub(crate) fn subject(program: &Program, options: &Options) -> Result<Symbol, Error> {
    match &options.of {
        Some(name) => {
            let target = Target::parse(name, program)?;
            let found = target
                .parts
                .first()
                .map(|(n, _)| n.clone())
                .filter(|n| target.parts.len() == 1 && program.definition(n).is_some());
            found.ok_or_else(|| {
                Error::new(Kind::Usage, format!("--of {name}: `{name}` is not a definition of the document"))
            })
        }
        None => program.main.clone().ok_or_else(|| {
            Error::new(Kind::Syntax, "nothing to derive: the document has no expression")
                .help("write one, e.g. s = x^T A x")
        }),
    }
}

/// Beyond this order even the statement of the result would be out of reach.
const MAX_ORDER: u32 = 8;

pub(crate) fn check_order(options: &Options) -> Result<(), Error> {
    match options.order {
        0 => Err(Error::new(Kind::Usage, "--order 0: the order of a derivative is 1 or more").help("write --order 1")),
        k if k > MAX_ORDER => Err(Error::new(Kind::Limit, format!("--order {k} is beyond the limit of {MAX_ORDER}"))),
        _ => Ok(()),
    }
}

pub(crate) fn forms(options: &Options, shape: &Shape, of: &Symbol) -> Result<Vec<Form>, Error> {
    match (options.form, shape.is_scalar()) {
        (None | Some(Form::Shape), true) => Ok(vec![Form::Shape]),
        (Some(Form::Differential), _) => Ok(vec![Form::Differential]),
        (None | Some(Form::Jacobian), false) | (Some(Form::Jacobian), true) => Ok(vec![Form::Jacobian]),
        (Some(Form::Both), true) => Ok(vec![Form::Jacobian, Form::Shape]),
        (Some(Form::Shape | Form::Both), false) => Err(Error::new(
            Kind::Usage,
            format!("`{of}` is not a scalar (it has shape {shape}): the shape convention is for scalars only"),
        )
        .help("use --form jacobian")),
    }
}

/// What higher orders start from.
pub(super) fn lowest_forms(shape: &Shape) -> Vec<Form> {
    vec![if shape.is_scalar() { Form::Shape } else { Form::Jacobian }]
}

/// What is differentiated by: what the options say, else every variable that is not constant.
pub(crate) fn targets(program: &Program, of: &Symbol, options: &Options) -> Result<Vec<Target>, Error> {
    if !options.wrt.is_empty() {
        return options.wrt.iter().map(|t| Target::parse(t, program)).collect();
    }
    let needed = needed(program, std::slice::from_ref(of));
    let used: BTreeSet<Symbol> =
        program.definitions.iter().filter(|d| needed.contains(&d.name)).flat_map(|d| d.value.variables()).collect();
    let free = || program.inputs.iter().filter(|i| !i.is_constant());
    let target = |i: &Input| Target::of(&i.name, &i.shape);
    let targets: Vec<Target> = free().filter(|i| used.contains(&i.name)).map(target).collect();
    // in `x - x` nothing is left of x: its derivative is zero
    let targets = if targets.is_empty() { free().map(target).collect() } else { targets };
    if targets.is_empty() {
        return Err(Error::new(
            Kind::Usage,
            "there is nothing to differentiate with respect to: the expression has no variable that is not constant",
        ));
    }
    Ok(targets)
}
