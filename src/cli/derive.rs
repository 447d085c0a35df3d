//! `gradus derive`.

use super::args::{DeriveArgs, FormArg, FormatArg, split_targets};
use super::source::{Source, read, read_file};
use super::{Output, json, report};
use crate::derive::{Derivation, Form, Options, Sharing, derive_program};
use crate::diag::{Error, Errors, Kind};
use crate::eval::{self, Environment};
use crate::program::Program;
use crate::render::{Notation, Report, derivation_text};
use crate::shape::elaborate;
use crate::syntax::parse_document;

/// Runs the command.
pub fn run(args: &DeriveArgs) -> Output {
    let source = match read(&args.document) {
        Ok(source) => source,
        Err(e) => return failed(&[e], args.format, None),
    };
    match derived(args, &source) {
        Ok(stdout) => Output { stdout, ..Output::default() },
        Err(errors) => failed(&errors, args.format, Some(&source)),
    }
}

fn derived(args: &DeriveArgs, source: &Source) -> Result<String, Errors> {
    let document = parse_document(&source.text)?;
    let program = elaborate(&document)?;
    let one = |e: Error| vec![e];
    let environment = args.at.as_ref().map(|path| environment(&read_file(path)?, &program)).transpose().map_err(one)?;
    let derivation = derive_program(program, &options(args)).map_err(one)?;
    let values = environment.map(|mut e| json::values(&derivation, &mut e)).transpose().map_err(one)?;
    Ok(print(args, &derivation, values.as_ref()))
}

fn environment(text: &str, program: &Program) -> Result<Environment<f64>, Error> {
    let json =
        serde_json::from_str(text).map_err(|e| Error::new(Kind::Usage, format!("the values are not JSON: {e}")))?;
    eval::read_values(&json, program)
}

fn options(args: &DeriveArgs) -> Options {
    Options {
        of: args.of.clone(),
        wrt: split_targets(&args.wrt),
        form: args.form.map(|f| match f {
            FormArg::Shape => Form::Shape,
            FormArg::Jacobian => Form::Jacobian,
            FormArg::Both => Form::Both,
        }),
        order: args.order,
        sharing: if args.inline { Sharing::Inline } else { Sharing::Shared },
        check: !args.no_check,
        inlined: args.inline || args.at.is_some() || args.format == FormatArg::Json,
        steps: args.steps,
    }
}

fn print(args: &DeriveArgs, derivation: &Derivation, values: Option<&json::Values>) -> String {
    let notation = match args.format {
        FormatArg::Json => {
            let out = json::derivation(derivation, &json::Extras { steps: args.steps, values });
            return format!("{out:#}\n");
        }
        FormatArg::Unicode => Notation::Unicode,
        FormatArg::Ascii => Notation::Ascii,
        FormatArg::Latex | FormatArg::Markdown => Notation::Latex,
    };
    let report = Report {
        notation,
        markdown: args.format == FormatArg::Markdown,
        width: args.width,
        steps: args.steps,
        update: args.update.clone(),
        values: values.map(|v| v.derivatives.iter().map(ToString::to_string).collect()),
    };
    derivation_text(derivation, &report)
}

fn failed(errors: &[Error], format: FormatArg, source: Option<&Source>) -> Output {
    let code = errors.iter().map(|e| e.kind.exit_code()).max().unwrap_or(2);
    if format == FormatArg::Json {
        return Output { stdout: format!("{:#}\n", json::error(errors)), stderr: String::new(), code };
    }
    let texts: Vec<String> = errors.iter().map(|e| report::error_text(e, source)).collect();
    Output { stdout: String::new(), stderr: texts.join("\n"), code }
}
