//! `gradus equal`.

use super::Output;
use super::args::EqualArgs;
use super::check::{answer, report};
use super::derive::failed;
use super::source::Source;
use crate::claim::{equal, equal_text};
use crate::fuel;
use crate::json;
use crate::render::equality_text;

/// Runs the command.
pub fn run(args: &EqualArgs) -> Output {
    let declarations = args.declarations.join("\n");
    let judged = || {
        let mut e = equal(&args.left, &args.right, &declarations)?;
        if args.structured {
            e.notes.push(e.structure().map_err(|e| vec![e])?);
        }
        let stdout = match report(&args.print, false) {
            Some(report) => equality_text(&e, &report),
            None => format!("{:#}\n", json::equality(&e)),
        };
        Ok(answer(&e.answer, stdout))
    };
    fuel::limited(judged).unwrap_or_else(|errors| {
        let text = equal_text(&args.left, &args.right, &declarations);
        failed(&errors, args.print.format(), Some(&Source { name: "equality".to_owned(), text }))
    })
}
