//! `gradus graph`.

use super::Output;
use super::args::{Emitted, GraphArgs};
use super::derive::failed;
use super::source::read;
use crate::fuel;
use crate::graph::graph;
use crate::shape::proposed;

/// Draws the computation graph of a document.
pub fn run(args: &GraphArgs) -> Output {
    let source = match read(args.document.as_deref()) {
        Ok(source) => source,
        Err(e) => return failed(&[e], Emitted::default(), None),
    };
    let drawn = || {
        let drawn = graph(&source.text, args.of.as_deref()).map_err(|errors| proposed(&source.text, errors))?;
        let stdout = drawn.drawn(args.format.unwrap_or_default());
        Ok(Output { stdout, ..Output::default() })
    };
    fuel::limited(drawn).unwrap_or_else(|errors| failed(&errors, Emitted::default(), Some(&source)))
}
