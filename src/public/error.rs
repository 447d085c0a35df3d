//! What a user of the library is told when there is no answer.

use super::underline::underlined;
use crate::diag::{self, Kind};
use std::fmt;

/// Why there is no answer: one or more diagnostics, and the text their places lie in.
///
/// It reads as a person wants to see it, the place underlined:
///
/// ```
/// let error = gradus::derive("A: n x m; x: n; s = sum(A x)").expect_err("the sizes clash");
/// assert!(error.is_shape());
/// assert!(error.to_string().contains("\n  A: n x m; x: n; s = sum(A x)\n                          ^"));
/// assert!(error.diagnostics()[0].help.as_ref().is_some_and(|h| h.contains("A^T x")));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    all: diag::Errors,
    text: String,
}

impl Error {
    /// Errors of a text. That there is one is what an error means; where a caller has none, that is a fault of gradus.
    pub(super) fn new(mut all: diag::Errors, text: &str) -> Error {
        if all.is_empty() {
            all.push(diag::Error::new(Kind::Internal, "there is an error, and nothing that says which"));
        }
        Error { all, text: text.to_owned() }
    }

    /// Of which kind it is: that of the first diagnostic.
    pub fn kind(&self) -> Kind {
        self.all.first().map_or(Kind::Internal, |e| e.kind)
    }

    /// Everything that is wrong, in the order of the text; never empty.
    pub fn diagnostics(&self) -> &[diag::Error] {
        &self.all
    }

    /// The text the places of the diagnostics lie in: the document, or the claim.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// As JSON (`docs::json`).
    #[cfg(feature = "json")]
    pub fn json(&self) -> String {
        format!("{:#}", crate::json::error(&self.all))
    }

    /// Whether the text is not of the language.
    pub fn is_syntax(&self) -> bool {
        self.kind() == Kind::Syntax
    }

    /// Whether a name is unknown, defined twice, cyclic, or called with the wrong number of arguments.
    pub fn is_name(&self) -> bool {
        self.kind() == Kind::Name
    }

    /// Whether sizes do not fit.
    pub fn is_shape(&self) -> bool {
        self.kind() == Kind::Shape
    }

    /// Whether something is undefined wherever gradus looked.
    pub fn is_domain(&self) -> bool {
        self.kind() == Kind::Domain
    }

    /// Whether there is no rule yet.
    pub fn is_unsupported(&self) -> bool {
        self.kind() == Kind::Unsupported
    }

    /// Whether the options make no sense.
    pub fn is_usage(&self) -> bool {
        self.kind() == Kind::Usage
    }

    /// Whether a bound of the program was reached.
    pub fn is_limit(&self) -> bool {
        self.kind() == Kind::Limit
    }

    /// Whether a derivation and its check disagreed: a fault of gradus.
    pub fn is_internal(&self) -> bool {
        self.kind() == Kind::Internal
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, e) in self.all.iter().enumerate() {
            let gap = if i == 0 { "" } else { "\n" };
            write!(f, "{gap}{e}")?;
            e.labels.iter().try_for_each(|l| f.write_str(&underlined(&self.text, l)))?;
            e.help.iter().try_for_each(|help| write!(f, "\n  help: {help}"))?;
        }
        Ok(())
    }
}

/// As it is displayed: `unwrap` and `main` print this.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}
