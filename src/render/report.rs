//! What to print of a result, and in which format.

use super::notation::{Notation, Printer};
use crate::derive::Flops;

/// The formats of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// As on a blackboard, in columns.
    #[default]
    Unicode,
    /// What any keyboard can type, in columns.
    Ascii,
    /// A fragment of LaTeX for amsmath.
    Latex,
    /// Markdown with LaTeX between `$$`.
    Markdown,
    /// A fragment of Typst.
    Typst,
    /// A fragment of HTML with MathML.
    MathMl,
    /// Paragraphs of Word's markup with formulas of Office Math.
    Omml,
}

impl Format {
    /// Whether it is plain text in columns.
    pub fn is_plain(self) -> bool {
        matches!(self, Format::Unicode | Format::Ascii)
    }

    /// Whether its formulas are TeX.
    pub fn is_tex(self) -> bool {
        matches!(self, Format::Latex | Format::Markdown)
    }

    /// The letters of a line where nothing else is said: of a screen, a printed page, a page of a browser.
    pub fn width(self) -> usize {
        match self {
            Format::Unicode | Format::Ascii => 100,
            Format::Latex | Format::Markdown | Format::Typst | Format::Omml => 60,
            Format::MathMl => 78,
        }
    }

    /// How mathematics is spelled in it.
    pub fn notation(self) -> Notation {
        match self {
            Format::Unicode => Notation::Unicode,
            Format::Ascii => Notation::Ascii,
            Format::Latex | Format::Markdown => Notation::Latex,
            Format::Typst => Notation::Typst,
            Format::MathMl | Format::Omml => Notation::MathMl,
        }
    }
}

impl Printer<'static> {
    /// A printer of pages in a format.
    pub fn of_pages(format: Format) -> Printer<'static> {
        Printer { typed: format == Format::Ascii, ..Printer::new(format.notation()) }
    }
}

/// How vectors and matrices are typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Typeface {
    /// Like scalars.
    #[default]
    Plain,
    /// In bold.
    Bold,
}

/// How much is said of why a step holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reasons {
    /// Nothing: the formulas alone.
    None,
    /// The rule's name, and what it is called if it has a name among people: the product rule.
    Short,
    /// The reason in a sentence too: below each step of plain text, at the foot of a page for display.
    #[default]
    Full,
}

/// What to print of a derivation, and how.
#[derive(Clone, Debug)]
pub struct Report {
    /// The format.
    pub(crate) format: Format,
    /// Lines are broken here.
    pub(crate) width: usize,
    /// Whether steps are shown.
    pub(crate) steps: bool,
    /// How much is said of why each of them holds.
    pub(crate) reasons: Reasons,
    /// Whether the kind of every name is explained.
    pub(crate) explain: bool,
    /// The learning rate of the update rules, when they are shown.
    pub(crate) update: Option<String>,
    /// The value of each derivative, as text.
    pub(crate) values: Option<Vec<String>>,
    /// What each derivative costs.
    pub(crate) costs: Option<Vec<Flops>>,
    /// Whether the error of the check is shown. Its rounding may differ between machines: notes leave it out.
    pub(crate) rounding: bool,
    /// Plain text has definitions above results, never beside them.
    pub(crate) stacked: bool,
    /// How vectors and matrices are typed, where the format can.
    pub(crate) typeface: Typeface,
    /// A whole document instead of a fragment.
    pub(crate) standalone: bool,
}

impl Default for Report {
    fn default() -> Report {
        Report {
            format: Format::Unicode,
            width: Format::default().width(),
            steps: false,
            reasons: Reasons::Full,
            explain: false,
            update: None,
            values: None,
            costs: None,
            rounding: true,
            stacked: false,
            typeface: Typeface::Plain,
            standalone: false,
        }
    }
}

impl Report {
    /// In this format, as wide as its lines usually are.
    pub fn new(format: Format) -> Report {
        Report { format, width: format.width(), ..Report::default() }
    }

    /// Lines are broken at so many letters.
    pub fn width(self, width: usize) -> Report {
        Report { width, ..self }
    }

    /// Whether the steps are shown that were recorded.
    pub fn steps(self, steps: bool) -> Report {
        Report { steps, ..self }
    }

    /// How much is said of why each step holds.
    pub fn reasons(self, reasons: Reasons) -> Report {
        Report { reasons, ..self }
    }

    /// Whether it is said of every name what it was read as, and why.
    pub fn explain(self, explain: bool) -> Report {
        Report { explain, ..self }
    }

    /// Show the update rules of gradient descent with this learning rate (a name or a number).
    pub fn update<'a>(self, rate: impl Into<Option<&'a str>>) -> Report {
        Report { update: rate.into().map(str::to_owned), ..self }
    }

    /// How vectors and matrices are typed in LaTeX, Markdown, Typst and MathML.
    pub fn typeface(self, typeface: Typeface) -> Report {
        Report { typeface, ..self }
    }

    /// Whether it is a whole document instead of a fragment: an article in LaTeX, a page in Typst and MathML.
    pub fn standalone(self, standalone: bool) -> Report {
        Report { standalone, ..self }
    }

    /// Whether the error of the check is shown. Its rounding may differ between machines.
    pub fn rounding(self, rounding: bool) -> Report {
        Report { rounding, ..self }
    }

    /// Shows the value of each derivative, and what each costs.
    #[doc(hidden)]
    pub fn with(self, values: Option<Vec<String>>, costs: Option<Vec<Flops>>) -> Report {
        Report { values, costs, ..self }
    }
}
