//! Steps of a derivation as their readers see them: texts.

use crate::derive::{self, READ_JACOBIAN};
use crate::render::{Format, Notation, Printer, Style, present, prose};
use crate::stack::Deep;
use crate::syntax::Ast;
use std::fmt;

/// One move of a derivation: a term, what became of it, by which rule, and why.
///
/// ```
/// let document: gradus::Document = "s = x^T A x".parse()?;
/// let d = document.derive(&gradus::Options::default().with_respect_to(["x"]).steps(true))?;
/// let first = &d["x"].steps()[0];
/// assert_eq!((first.rule(), first.to_string().as_str()), ("d_mul", "d(xᵀ A x) = xᵀ d(A x) + d(xᵀ) A x"));
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Step {
    rule: String,
    why: String,
    /// Before and after.
    spelled: Deep<(Ast, Ast)>,
}

impl Step {
    pub(super) fn new(step: &derive::Step, style: &Style) -> Step {
        Step {
            rule: step.rule.clone(),
            why: prose(&step.why, Notation::Unicode),
            spelled: Deep::new((present(&step.before, style), present(&step.after, style))),
        }
    }

    /// The name of the rule, as `gradus rules` knows it.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// Why it holds, in a sentence.
    pub fn reason(&self) -> &str {
        &self.why
    }

    /// The term before, on one line.
    pub fn before(&self, format: Format) -> String {
        self.spelled.with(|(before, _)| Printer::of_steps(format.notation()).line(before))
    }

    /// The term after, on one line.
    pub fn after(&self, format: Format) -> String {
        self.spelled.with(|(_, after)| Printer::of_steps(format.notation()).line(after))
    }

    /// Whether the sides are equal. They are, but where a Jacobian is read off a differential.
    pub fn is_equation(&self) -> bool {
        self.rule != READ_JACOBIAN
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_equation() { "=" } else { "→" };
        write!(f, "{} {sign} {}", self.before(Format::Unicode), self.after(Format::Unicode))
    }
}
