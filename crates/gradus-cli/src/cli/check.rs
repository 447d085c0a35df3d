//! `gradus check`.

use super::Output;
use super::args::{CheckArgs, Emitted, PrintArgs, split_targets};
use super::derive::failed;
use super::source::{Source, read, read_file};
use super::values::{elaborated, environment};
use crate::claim::{Answer, Question};
use crate::derive::Options;
use crate::diag::{Error, Errors, Kind};
use crate::fuel;
use crate::json;
use crate::render::{Report, verdict_text};
use crate::shape::proposed;
use crate::syntax::{Document, parse_document_for};

/// Runs the command.
pub fn run(args: &CheckArgs) -> Output {
    let format = args.print.format();
    let source = match read(args.document.as_deref()) {
        Ok(source) => source,
        Err(e) => return failed(&[e], format, None),
    };
    fuel::limited(|| {
        let document = parse_document_for(&source.text, &split_targets(args.wrt.as_slice()))
            .map_err(|errors| proposed(&source.text, errors))?;
        let claim = claimed(args, &document)?;
        Ok(judged(args, asked(args, &document)?, claim, &source))
    })
    .unwrap_or_else(|errors| failed(&errors, format, Some(&source)))
}

/// The claim: of the command line, or of the text.
fn claimed(args: &CheckArgs, document: &Document) -> Result<String, Errors> {
    args.claim.clone().or_else(|| document.claim.clone()).ok_or_else(|| {
        vec![
            Error::new(Kind::Usage, "there is no claim to check")
                .help("give one with --claim 'A x', or write it into the text: \\nabla_x f = A x"),
        ]
    })
}

fn asked(args: &CheckArgs, document: &Document) -> Result<Question, Errors> {
    let program = elaborated(document, args.at.as_deref())?;
    let options = Options::default()
        .of(args.of.as_deref())
        .with_respect_to(split_targets(args.wrt.as_slice()))
        .form(args.form)
        .structured(args.structured)
        .steps(args.steps);
    let asked = options.asked_by(document.request.as_ref());
    let asked = match args.order {
        Some(order) => asked.order(order),
        None => asked,
    };
    Question::of(program, &asked).map_err(|e| vec![e])
}

/// Errors of the claim show the claim's text, all others the document's.
fn judged(args: &CheckArgs, question: Question, text: String, source: &Source) -> Output {
    let format = args.print.format();
    let claim = match question.claim(&text) {
        Ok(claim) => claim,
        Err(e) => {
            let source = Source { name: "claim".to_owned(), text };
            let failed = failed(&[e], format, Some(&source));
            return if format == Emitted::Json { in_claim(failed) } else { failed };
        }
    };
    let at = args.at.as_ref().map(|path| environment(&read_file(path)?, &question.program)).transpose();
    let answered = at.and_then(|at| question.verdict(claim, at.as_ref()));
    match answered {
        Ok(v) => {
            let stdout = match report(&args.print, args.steps) {
                Some(report) => verdict_text(&v, &report),
                None => format!("{:#}\n", json::verdict(&v, args.steps)),
            };
            answer(&v.answer, stdout)
        }
        Err(e) => failed(&[e], format, Some(source)),
    }
}

/// The places of the error are in the claim's text.
fn in_claim(output: Output) -> Output {
    let marked = serde_json::from_str::<serde_json::Value>(&output.stdout).map(|mut json| {
        json["error"]["text"] = "claim".into();
        format!("{json:#}\n")
    });
    Output { stdout: marked.unwrap_or(output.stdout), ..output }
}

/// Exit code 0 for a yes, 1 for a no, 3 for what is not decided.
pub fn answer(answer: &Answer, stdout: String) -> Output {
    Output { stdout, code: answer.exit_code(), ..Output::default() }
}

/// What text is printed how; `None` for JSON.
pub fn report(print: &PrintArgs, steps: bool) -> Option<Report> {
    let format = print.format().of_text()?;
    let report = Report::new(format).width(print.width.unwrap_or(format.width()));
    Some(report.steps(steps).reasons(print.reasons.unwrap_or_default()))
}
