//! What can go wrong, and where: every error of gradus names its kind, shows its places in the source and proposes a fix.

use std::fmt;

/// A byte range of the source text a document, claim or target was read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
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
pub enum Kind {
    Syntax,
    Name,
    Shape,
    Domain,
    Unsupported,
    Usage,
    Limit,
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
    pub span: Span,
    pub text: String,
}

/// An error: what was expected and what was found, where, and what would help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub kind: Kind,
    pub message: String,
    pub labels: Vec<Label>,
    pub help: Option<String>,
}

/// One or more errors of a document, in source order; never empty.
pub type Errors = Vec<Error>;

impl Error {
    pub fn new(kind: Kind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), labels: Vec::new(), help: None }
    }

    /// Adds a place. The first one added is the primary one.
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Error {
        self.labels.push(Label { span, text: text.into() });
        self
    }

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
pub enum NoteKind {
    Warning,
    Assumption,
    Convention,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    pub kind: NoteKind,
    pub message: String,
}

impl Note {
    pub fn warning(message: impl Into<String>) -> Note {
        Note { kind: NoteKind::Warning, message: message.into() }
    }

    pub fn assumption(message: impl Into<String>) -> Note {
        Note { kind: NoteKind::Assumption, message: message.into() }
    }

    pub fn convention(message: impl Into<String>) -> Note {
        Note { kind: NoteKind::Convention, message: message.into() }
    }
}
