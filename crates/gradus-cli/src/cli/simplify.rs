//! `gradus simplify`.

use super::Output;
use super::args::SimplifyArgs;
use super::check::report;
use super::derive::{failed, sharing};
use super::source::read;
use crate::claim::simplify;
use crate::derive::Options;
use crate::fuel;
use crate::json;
use crate::render::simplification_text;
use crate::shape::proposed;

/// Runs the command.
pub fn run(args: &SimplifyArgs) -> Output {
    let format = args.print.format();
    let source = match read(args.document.as_deref()) {
        Ok(source) => source,
        Err(e) => return failed(&[e], format, None),
    };
    let options = Options::default().of(args.of.as_deref()).check(!args.no_check).sharing(sharing(args.inline));
    let simplified = || {
        let s = simplify(&source.text, &options).map_err(|errors| proposed(&source.text, errors))?;
        let stdout = match report(&args.print, args.steps) {
            Some(report) => simplification_text(&s, &report),
            None => format!("{:#}\n", json::simplification(&s, args.steps)),
        };
        Ok(Output { stdout, ..Output::default() })
    };
    fuel::limited(simplified).unwrap_or_else(|errors| failed(&errors, format, Some(&source)))
}
