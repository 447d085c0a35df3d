//! `gradus graph`.

use super::Output;
use super::args::{FormatArg, GraphArgs, PictureArg};
use super::derive::failed;
use super::source::read;
use crate::fuel;
use crate::graph::{Picture, graph};

/// Draws the computation graph of a document.
pub fn run(args: &GraphArgs) -> Output {
    let source = match read(&args.document) {
        Ok(source) => source,
        Err(e) => return failed(&[e], FormatArg::Unicode, None),
    };
    let picture = match args.format {
        PictureArg::Svg => Picture::Svg,
        PictureArg::Dot => Picture::Dot,
        PictureArg::Mermaid => Picture::Mermaid,
        PictureArg::Tikz => Picture::Tikz,
    };
    let drawn = || {
        let stdout = graph(&source.text, args.of.as_deref())?.drawn(picture);
        Ok(Output { stdout, ..Output::default() })
    };
    fuel::limited(drawn).unwrap_or_else(|errors| failed(&errors, FormatArg::Unicode, Some(&source)))
}
