//! What is asked: of which definition, by what, in which forms.

use super::cut::needed;
use super::options::{Form, Options};
use super::target::Target;
use crate::diag::{Error, Kind, Note};
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
        None => {
            let main = program.main.clone().ok_or_else(|| {
                Error::new(Kind::Syntax, "nothing to derive: the document has no expression")
                    .help("write one, e.g. s = x^T A x")
            })?;
            refuse_rate(program, &main).map(|()| main)
        }
    }
}

/// `V = …, \dot V = …`: which of them is meant is not said, and the one is no other than the other's change in time.
fn refuse_rate(program: &Program, main: &Symbol) -> Result<(), Error> {
    let is_rate = |rate: &Symbol, of: &Symbol| match (rate.name(), of.name()) {
        (Some(rate), Some(of)) => rate.as_str().strip_suffix("_dot") == Some(of.as_str()),
        (Some(_), None) | (None, _) => false,
    };
    let other = program.definitions.iter().find(|d| is_rate(&d.name, main) || is_rate(main, &d.name));
    other.map_or(Ok(()), |other| {
        let (value, rate) = if is_rate(main, &other.name) { (&other.name, main) } else { (main, &other.name) };
        let message = format!("the text defines {value} and {rate}, its change in time: which is to be derived?");
        Err(Error::new(Kind::Name, message).help(format!("write --of {value} or --of {rate}")))
    })
}

/// Beyond this order even the statement of the result would be out of reach.
const MAX_ORDER: u32 = 8;

pub(crate) fn check_order(options: &Options) -> Result<(), Error> {
    match options.order {
        0 => Err(Error::new(Kind::Usage, "--order 0: the order of a derivative is 1 or more").help("write --order 1")),
        k if k > MAX_ORDER => Err(Error::new(Kind::Limit, format!("--order {k} is beyond the limit of {MAX_ORDER}"))),
        k if k > 1 && options.form == Some(Form::Differential) => {
            Err(Error::new(Kind::Usage, format!("--form differential is of order 1, and this is of order {k}")).help(
                "leave --form out: of higher orders there is one layout, the Jacobian of vec of the derivative below",
            ))
        }
        _ => Ok(()),
    }
}

/// Of higher orders there is one layout, whatever was asked for.
pub(crate) fn one_layout(options: &Options) -> Option<Note> {
    let form = options.form.filter(|form| options.order > 1 && *form != Form::Jacobian)?;
    Some(Note::convention(format!(
        "--form {} is of order 1: of order {} there is one layout, the Jacobian of vec of the derivative below",
        form.word(),
        options.order
    )))
}

/// Targets of which none is named twice: their derivatives would be counted twice. Those nobody names are all different.
///
/// # Errors
/// `Usage` names the one that is.
pub(crate) fn distinct<T: PartialEq>(targets: Vec<T>, options: &Options) -> Result<Vec<T>, Error> {
    let twice = || targets.iter().enumerate().find(|(i, t)| targets[..*i].contains(t));
    match if options.wrt.is_empty() { None } else { twice() } {
        None => Ok(targets),
        Some((i, _)) => {
            let name = &options.wrt[i];
            let message = format!("--wrt {}: {name} is named twice", options.wrt.join(","));
            let kept = targets.iter().zip(&options.wrt).enumerate().filter(|(k, (t, _))| !targets[..*k].contains(t));
            let once: Vec<&str> = kept.map(|(_, (_, name))| name.as_str()).collect();
            Err(Error::new(Kind::Usage, message)
                .help(format!("write --wrt {}: of higher orders it gives every pair", once.join(","))))
        }
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
