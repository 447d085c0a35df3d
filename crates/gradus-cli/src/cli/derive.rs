//! `gradus derive`, and what every command that derives shares with it.

use super::args::{DerivationArgs, DeriveArgs, Emitted, split_targets};
use super::source::{Source, read, read_file};
use super::values::{environment, given};
use super::{Output, report};
use crate::derive::{Derivation, Flops, Options, Sharing, derive_program};
use crate::diag::{Error, Errors};
use crate::fuel;
use crate::json;
use crate::render::{Format, Report, Typeface, derivation_text, lagrangian_note};
use crate::shape::proposed;
use crate::shape::{Lagrangian, elaborate_given, elaborate_lagrangian};
use crate::syntax::parse_document_for;

/// Runs the command.
pub fn run(args: &DeriveArgs) -> Output {
    let format = args.what.format.unwrap_or_default();
    let source = match read(args.document.as_deref()) {
        Ok(source) => source,
        Err(e) => return failed(&[e], format, None),
    };
    match fuel::limited(|| derived(args, format, &source)) {
        Ok(stdout) => Output { stdout, ..Output::default() },
        Err(errors) => failed(&errors, format, Some(&source)),
    }
}

fn derived(args: &DeriveArgs, format: Emitted, source: &Source) -> Result<String, Errors> {
    let mended = |errors| proposed(&source.text, errors);
    let document = parse_document_for(&source.text, &split_targets(&args.what.wrt)).map_err(mended)?;
    let given = given(args.at.as_deref()).map_err(|e| vec![e])?;
    let Lagrangian { program, targets } = match args.lagrangian {
        true => elaborate_lagrangian(&document, &given)?,
        false => Lagrangian { program: elaborate_given(&document, &given).map_err(mended)?, targets: vec![] },
    };
    let one = |e: Error| vec![e];
    let inlined = args.what.inline || args.at.is_some() || format == Emitted::Json;
    let asked = match args.lagrangian {
        true => options(&args.what).by_default(&targets),
        false => options(&args.what).asked_by(document.request.as_ref()),
    };
    let asked = asked.inlined(inlined);
    let options = match args.what.order {
        Some(order) => asked.order(order),
        None => asked,
    };
    let mut derivation = derive_program(program, &options).map_err(one)?;
    if args.lagrangian {
        derivation.notes.insert(0, lagrangian_note(&derivation));
    }
    let at = args.at.as_ref().map(|path| environment(&read_file(path)?, &derivation.program));
    let environment = at.transpose().map_err(one)?;
    let values = environment.map(|mut e| json::values(&derivation, &mut e)).transpose().map_err(one)?;
    let costs = args.what.cost.then(|| derivation.costs()).transpose().map_err(one)?;
    Ok(print(args, format, source, &derivation, values.as_ref(), costs))
}

/// What the arguments ask of a derivation.
pub fn options(args: &DerivationArgs) -> Options {
    Options::default()
        .of(args.of.as_deref())
        .with_respect_to(split_targets(&args.wrt))
        .form(args.form)
        .order(args.order.unwrap_or(1))
        .product(args.product.asked())
        .structured(args.structured)
        .sharing(sharing(args.inline))
        .check(!args.no_check)
        .inlined(args.inline)
        .indices(args.indices)
        .score(args.score)
        .steps(args.steps)
}

/// What `--inline` asks for.
pub fn sharing(inline: bool) -> Sharing {
    if inline { Sharing::Inline } else { Sharing::Shared }
}

fn print(
    args: &DeriveArgs,
    format: Emitted,
    source: &Source,
    derivation: &Derivation,
    values: Option<&json::ShownValues>,
    costs: Option<Vec<Flops>>,
) -> String {
    let Some(format) = format.of_text() else {
        let out =
            json::derivation(derivation, &json::Extras { steps: args.what.steps, values, costs: costs.as_deref() });
        return format!("{out:#}\n");
    };
    let values = values.map(|v| v.derivatives.iter().map(value_text).collect());
    let report = report_of(&args.what, format, &source.text);
    derivation_text(derivation, &report.standalone(args.standalone).with(values, costs))
}

fn value_text(value: &serde_json::Value) -> String {
    if value.is_null() { "no value: it holds a function without a formula".to_owned() } else { value.to_string() }
}

/// What the arguments ask of the page of a document.
pub fn report_of(args: &DerivationArgs, format: Format, document: &str) -> Report {
    Report::new(format)
        .width(args.width.unwrap_or(format.width()))
        .steps(args.steps)
        .reasons(args.reasons.unwrap_or_default())
        .explain(args.explain_reading)
        .update(args.update.as_deref())
        .typeface(args.style.unwrap_or_else(|| typeface_of(document)))
}

/// Bold for a document that types letters in bold itself.
fn typeface_of(document: &str) -> Typeface {
    let bold = ["\\mathbf", "\\boldsymbol", "\\bm{", "\\bm "].iter().any(|command| document.contains(command));
    if bold { Typeface::Bold } else { Typeface::Plain }
}

/// What is printed of errors.
pub fn failed(errors: &[Error], format: Emitted, source: Option<&Source>) -> Output {
    let code = errors.iter().map(|e| e.kind.exit_code()).max().unwrap_or(2);
    if format == Emitted::Json {
        return Output { stdout: format!("{:#}\n", json::error(errors)), code, ..Output::default() };
    }
    Output { stderr: report::errors_text(errors, source), code, ..Output::default() }
}
