//! Steps and notes as Python's objects.

use gradus::Format;
use pyo3::prelude::*;

/// One move of a derivation: a term, what became of it, by which rule, and why.
#[pyclass(frozen, get_all, module = "gradus")]
pub struct Step {
    /// `before = after`, on one line.
    text: String,
    /// The same in LaTeX.
    latex: String,
    /// The term before.
    before: String,
    /// The term after.
    after: String,
    /// The name of the rule, as `gradus rules` knows it.
    rule: String,
    /// Why it holds.
    reason: String,
}

impl Step {
    pub fn new(step: &gradus::Step) -> Step {
        let sign = if step.is_equation() { "=" } else { "\\rightsquigarrow" };
        Step {
            text: step.to_string(),
            latex: format!("{} {sign} {}", step.before(Format::Latex), step.after(Format::Latex)),
            before: step.before(Format::Unicode),
            after: step.after(Format::Unicode),
            rule: step.rule().to_owned(),
            reason: step.reason().to_owned(),
        }
    }
}

#[pymethods]
impl Step {
    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self) -> String {
        format!("<gradus.Step {}: {}>", self.rule, self.text)
    }

    fn _repr_latex_(&self) -> String {
        format!("$\\displaystyle {}$", self.latex)
    }
}

/// What a reader of a result should know.
#[pyclass(frozen, get_all, module = "gradus")]
pub struct Note {
    /// warning, assumption or convention.
    kind: &'static str,
    /// The sentence.
    message: String,
}

impl Note {
    pub fn all(notes: &[gradus::Note]) -> Vec<Note> {
        notes.iter().map(|n| Note { kind: n.kind.word(), message: n.message.clone() }).collect()
    }
}

#[pymethods]
impl Note {
    fn __str__(&self) -> String {
        format!("{}: {}", self.kind, self.message)
    }

    fn __repr__(&self) -> String {
        format!("<gradus.Note {self_}>", self_ = self.__str__())
    }
}
