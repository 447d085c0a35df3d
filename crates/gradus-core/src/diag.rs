//! What can go wrong, and where: every error of gradus names its kind, shows its places in the source and proposes a fix.

use std::fmt;

/// A byte range of the source text a document, claim or target was read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// From `start` up to, not including, `end`.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }
}

/// The kinds of error of the contract (`"kind"` in JSON).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// The text is not of the language.
    Syntax,
    /// A name that is unknown, defined twice, cyclic, or called with the wrong number of arguments.
    Name,
    /// Sizes that do not fit.
    Shape,
    /// Undefined at the given values.
    Domain,
    /// No rule yet.
    Unsupported,
    /// Options or values that make no sense.
    Usage,
    /// A bound of the program was reached.
    Limit,
    /// The derivation and its check disagreed: a fault of gradus.
    Internal,
}

impl Kind {
    /// The word the contract uses for this kind.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Syntax => "syntax",
            Kind::Name => "name",
            Kind::Shape => "shape",
            Kind::Domain => "domain",
            Kind::Unsupported => "unsupported",
            Kind::Usage => "usage",
            Kind::Limit => "limit",
            Kind::Internal => "internal",
        }
    }

    /// The exit code of the contract: 2 bad input or unsupported, 3 a limit, 4 internal.
    pub fn exit_code(self) -> i32 {
        match self {
            Kind::Limit => 3,
            Kind::Internal => 4,
            Kind::Syntax | Kind::Name | Kind::Shape | Kind::Domain | Kind::Unsupported | Kind::Usage => 2,
        }
    }
}

/// A place in the source with what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be said of the place.
    pub text: String,
}

/// An error: what was expected and what was found, where, and what would help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Which kind of error.
    pub kind: Kind,
    /// What it says, in one sentence.
    pub message: String,
    /// The places, the primary one first.
    pub labels: Vec<Label>,
    /// What would help.
    pub help: Option<String>,
}

/// One or more errors of a document, in source order; never empty.
pub type Errors = Vec<Error>;

/// Nobody reads more places of one error, and how they are set beside each other takes the cube of their number.
const MAX_LABELS: usize = 64;

impl Error {
    /// The formula that the help writes out for what the first label marks.
    pub fn written_out(&self) -> Option<&str> {
        let formula = self.help.as_deref()?.strip_prefix("write it out: `")?;
        formula.rsplit_once('`').map(|(formula, _)| formula)
    }

    /// An error without places and help.
    pub fn new(kind: Kind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), labels: Vec::new(), help: None }
    }

    /// Adds a place, unless there are enough of them. The first one added is the primary one.
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Error {
        if self.labels.len() < MAX_LABELS {
            self.labels.push(Label { span, text: text.into() });
        }
        self
    }

    /// Says what would help.
    pub fn help(mut self, text: impl Into<String>) -> Error {
        self.help = Some(text.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} error: {}", self.kind.word(), self.message)
    }
}

impl std::error::Error for Error {}

/// What the reader of a result should know: `"notes"` in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NoteKind {
    /// The input may not mean what its author thinks.
    Warning,
    /// The result holds where this holds.
    Assumption,
    /// A choice made where the function is not differentiable, or where layouts differ.
    Convention,
}

impl NoteKind {
    /// The word the contract uses for this kind.
    pub fn word(self) -> &'static str {
        match self {
            NoteKind::Warning => "warning",
            NoteKind::Assumption => "assumption",
            NoteKind::Convention => "convention",
        }
    }

    /// What a sentence of this kind begins with.
    pub fn opening(self) -> &'static str {
        match self {
            NoteKind::Assumption => "assumes",
            NoteKind::Warning | NoteKind::Convention => self.word(),
        }
    }
}

/// One thing to know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// Which kind of note.
    pub kind: NoteKind,
    /// What it says, in one sentence.
    pub message: String,
}

impl Note {
    /// A warning.
    pub fn warning(message: impl Into<String>) -> Note {
        Note { kind: NoteKind::Warning, message: message.into() }
    }

    /// An assumption.
    pub fn assumption(message: impl Into<String>) -> Note {
        Note { kind: NoteKind::Assumption, message: message.into() }
    }

    /// A convention.
    pub fn convention(message: impl Into<String>) -> Note {
        Note { kind: NoteKind::Convention, message: message.into() }
    }
}
