//! What stands below a block of a note: a derivation, the verdict on a claim, or a picture of the computation.

use super::args::BlockArgs;
use super::blocks::block_args;
use super::derive::{options, report_of};
use crate::claim::{Question, Verdict};
use crate::derive::{Derivation, derive};
use crate::diag::{Error, Errors, Kind};
use crate::graph::{ComputationGraph, Picture, graph};
use crate::notes::{Markup, NoteBlock};
use crate::render::{Format, Report, derivation_page, derivation_text, verdict_text, with_tex};
use crate::shape::elaborate;
use crate::syntax::parse_document;

/// What a block asks for.
pub struct Noted {
    pub args: BlockArgs,
    text: String,
    answer: Answered,
}

enum Answered {
    Derivation(Box<Derivation>),
    Verdict(Box<Verdict>),
    Graph(Box<ComputationGraph>),
}

impl Noted {
    /// Answers a block; errors have their places in the note.
    pub fn of(block: &NoteBlock) -> Result<Noted, Errors> {
        let at_options = |e: Error| block.place.at_options(e);
        let args = block_args(&block.options).map_err(|e| vec![at_options(e)])?;
        let located = |e: Error| if e.labels.is_empty() { at_options(e) } else { block.place.located(e) };
        Noted::answered(args, &block.text).map_err(|errors| errors.into_iter().map(located).collect())
    }

    /// Answers a text by its options.
    pub fn answered(args: BlockArgs, text: &str) -> Result<Noted, Errors> {
        let answer = if args.graph || args.picture.is_some() {
            Answered::Graph(Box::new(graph(text, args.what.of.as_deref())?))
        } else if args.check || args.claim.is_some() {
            Answered::Verdict(Box::new(verdict(&args, text)?))
        } else {
            Answered::Derivation(Box::new(derive(text, &options(&args.what))?))
        };
        Ok(Noted { args, text: text.to_owned(), answer })
    }

    /// The report of a note: without figures that may differ between machines.
    fn report(&self, format: Format) -> Report {
        report_of(&self.args.what, format, &self.text).rounding(false)
    }

    /// As text below a block of a note.
    pub fn text(&self, format: Format, markup: Markup) -> String {
        let report = self.report(format);
        match &self.answer {
            Answered::Derivation(d) => verbatim(derivation_text(d, &report), format, markup),
            Answered::Verdict(v) => verbatim(verdict_text(v, &report), format, markup),
            Answered::Graph(g) => {
                let usual = match markup {
                    Markup::Markdown => Picture::Mermaid,
                    Markup::Latex => Picture::Tikz,
                };
                drawn(g, self.args.picture.unwrap_or(usual), markup)
            }
        }
    }

    /// As HTML in a page with MathJax or without a script.
    pub fn html(&self, format: Format) -> String {
        let report = self.report(format);
        match &self.answer {
            Answered::Derivation(d) if format.is_tex() => with_tex(&derivation_page(d, &report)),
            Answered::Derivation(_) | Answered::Verdict(_) => self.text(format, Markup::Markdown),
            Answered::Graph(g) => drawn(g, self.args.picture.unwrap_or_default(), Markup::Markdown),
        }
    }

    /// The derivation, where the block asks for one.
    ///
    /// # Errors
    /// `Unsupported` for anything else.
    pub fn page(&self) -> Result<crate::render::Page, Error> {
        match &self.answer {
            Answered::Derivation(d) => Ok(derivation_page(d, &self.report(Format::Latex))),
            Answered::Verdict(_) | Answered::Graph(_) => {
                let message = "blocks with a claim or a graph are not filled by the filter of Pandoc";
                Err(Error::new(Kind::Unsupported, message).help("fill it in the file with `gradus notes`"))
            }
        }
    }
}

fn verdict(args: &BlockArgs, text: &str) -> Result<Verdict, Errors> {
    let one = |e: Error| vec![e];
    let document = parse_document(text)?;
    let claim = args.claim.clone().or_else(|| document.claim.clone()).ok_or_else(|| {
        one(Error::new(Kind::Usage, "there is no claim to check")
            .help("write claim=\"2 x\" beside `check`, or the claim into the text: \\nabla_x f = A x"))
    })?;
    let asked = options(&args.what).asked_by(document.request.as_ref());
    let question = Question::of(elaborate(&document)?, &asked).map_err(one)?;
    // its places are in the claim, which stands among the options
    let read = question.claim(&claim).map_err(|e| one(Error { labels: vec![], ..e }))?;
    question.verdict(read, None).map_err(one)
}

/// Text in columns keeps them.
fn verbatim(text: String, format: Format, markup: Markup) -> String {
    if format.is_plain() { fenced("text", &text, markup) } else { text }
}

fn fenced(language: &str, text: &str, markup: Markup) -> String {
    let text = text.trim_end();
    match markup {
        Markup::Markdown => format!("```{language}\n{text}\n```\n"),
        Markup::Latex => format!("\\begin{{verbatim}}\n{text}\n\\end{{verbatim}}\n"),
    }
}

/// A picture where the page can show it, and its source where it cannot.
fn drawn(graph: &ComputationGraph, picture: Picture, markup: Markup) -> String {
    let text = graph.drawn(picture);
    match (picture, markup) {
        (Picture::Svg, Markup::Markdown) | (Picture::Tikz, Markup::Latex) => text,
        _ => fenced(picture.word(), &text, markup),
    }
}
