//! Verdicts as their users see them: yes or no, and texts.

use crate::claim;
use crate::derive::Options;
use crate::diag::Note;
use crate::expr::Expr;
use crate::render::{Notation, Printer, Report, Speaker, equality_text, simplification_text, verdict_text};
use crate::stack::Deep;
use std::fmt;

/// The answer to a derivative found by hand. It is displayed as `gradus check` prints it.
///
/// ```
/// use gradus::{Document, Options};
///
/// let document: Document = "A: n x n; s = 1/2 ||A x - b||^2".parse()?;
/// let verdict = document.check("A (A x - b)", &Options::default().with_respect_to(["x"]))?;
/// assert!(!verdict.is_right());
/// assert_eq!(verdict.corrected().as_deref(), Some("Aᵀ (A x - b)"));
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verdict {
    found: Deep<claim::Verdict>,
    steps: bool,
}

impl Verdict {
    pub(super) fn new(found: claim::Verdict, options: &Options) -> Verdict {
        Verdict { found: Deep::new(found), steps: options.steps }
    }

    /// Whether the claim is right.
    pub fn is_right(&self) -> bool {
        self.found.with(|f| f.answer.is_yes())
    }

    /// Whether it is decided at all: where neither a proof nor exact arithmetic settles it and numbers have not seen every
    /// part, gradus says neither yes nor no.
    pub fn is_decided(&self) -> bool {
        self.found.with(|f| f.answer.exit_code() != 3)
    }

    /// Whether it is right by a proof, and not by numbers alone.
    pub fn is_proved(&self) -> bool {
        self.found.with(|f| f.answer.proof().is_some())
    }

    /// The derivative as gradus finds it; `None` when it has no rule for it.
    pub fn derivative(&self) -> Option<String> {
        self.found.with(|f| f.right.as_ref().map(|e| spelled(f, e)))
    }

    /// What the claim should have been, where a usual slip explains what is wrong.
    pub fn corrected(&self) -> Option<String> {
        self.found.with(|f| {
            let claim::Answer::No { slip: Some(slip), .. } = &f.answer else { return None };
            slip.corrected.as_ref().map(|e| spelled(f, e))
        })
    }

    /// What a reader should know.
    pub fn notes(&self) -> &[Note] {
        self.found.with(|f| &f.question.notes)
    }

    /// The whole, as a report says it.
    pub fn text(&self, report: &Report) -> String {
        self.found.with(|f| verdict_text(f, report))
    }

    /// The whole as JSON (`docs::json`).
    #[cfg(feature = "json")]
    pub fn json(&self) -> String {
        format!("{:#}", self.found.with(|f| crate::json::verdict(f, self.steps)))
    }
}

fn spelled(verdict: &claim::Verdict, e: &Expr) -> String {
    Speaker::of_verdict(verdict, Printer::new(Notation::Unicode)).text(e)
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(&Report::default().steps(self.steps)))
    }
}

/// The answer to an equality. It is displayed as `gradus equal` prints it.
#[derive(Clone, Debug)]
pub struct Equality {
    found: Deep<claim::Equality>,
}

impl Equality {
    pub(super) fn new(found: claim::Equality) -> Equality {
        Equality { found: Deep::new(found) }
    }

    /// Whether the sides are equal wherever both are defined.
    pub fn is_equal(&self) -> bool {
        self.found.with(|f| f.answer.is_yes())
    }

    /// Whether it is decided at all: where neither a proof nor exact arithmetic settles it and numbers have not seen every
    /// part, gradus says neither yes nor no.
    pub fn is_decided(&self) -> bool {
        self.found.with(|f| f.answer.exit_code() != 3)
    }

    /// Whether they are by a proof, and not by numbers alone.
    pub fn is_proved(&self) -> bool {
        self.found.with(|f| f.answer.proof().is_some())
    }

    /// What a reader should know.
    pub fn notes(&self) -> &[Note] {
        self.found.with(|f| &f.notes)
    }

    /// The whole, as a report says it.
    pub fn text(&self, report: &Report) -> String {
        self.found.with(|f| equality_text(f, report))
    }

    /// The whole as JSON (`docs::json`).
    #[cfg(feature = "json")]
    pub fn json(&self) -> String {
        format!("{:#}", self.found.with(crate::json::equality))
    }
}

impl fmt::Display for Equality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(&Report::default()))
    }
}

/// An expression, tidied. It is displayed as the expression alone.
#[derive(Clone, Debug)]
pub struct Simplification {
    found: Deep<claim::Simplification>,
    // text shows steps where its report says so
    #[cfg_attr(not(feature = "json"), expect(dead_code))]
    steps: bool,
}

impl Simplification {
    pub(super) fn new(found: claim::Simplification, options: &Options) -> Simplification {
        Simplification { found: Deep::new(found), steps: options.steps }
    }

    /// What a reader should know.
    pub fn notes(&self) -> &[Note] {
        self.found.with(|f| &f.notes)
    }

    /// The result with its steps, as a report says it.
    pub fn text(&self, report: &Report) -> String {
        self.found.with(|f| simplification_text(f, report))
    }

    /// The whole as JSON (`docs::json`), its steps where they were asked for.
    #[cfg(feature = "json")]
    pub fn json(&self) -> String {
        format!("{:#}", self.found.with(|f| crate::json::simplification(f, self.steps)))
    }
}

impl fmt::Display for Simplification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |s: &claim::Simplification| {
            Speaker::of_program(&s.program, Printer::new(Notation::Unicode)).text(&s.result)
        };
        f.write_str(&self.found.with(text))
    }
}
