//! Errors of the library as Python's exceptions: the classes are Python's own (`gradus/_errors.py`).

use gradus::{Diagnostic, Error, Span};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Python's exception for an error.
pub fn raised(py: Python<'_>, error: &Error) -> PyErr {
    built(py, error).map_or_else(|problem| problem, PyErr::from_value)
}

/// A question that makes no sense.
pub fn usage(py: Python<'_>, message: &str) -> PyErr {
    let raised = py.import("gradus._errors").and_then(|m| m.getattr("UsageError")?.call1((message,)));
    raised.map_or_else(|problem| problem, PyErr::from_value)
}

fn built<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let diagnostics = error.diagnostics().iter().map(|d| diagnostic(py, d, error.text()));
    let diagnostics = diagnostics.collect::<PyResult<Vec<_>>>()?;
    py.import("gradus._errors")?.call_method1("_of", (error.to_string(), error.text(), diagnostics))
}

fn diagnostic<'py>(py: Python<'py>, one: &Diagnostic, text: &str) -> PyResult<Bound<'py, PyDict>> {
    let out = PyDict::new(py);
    out.set_item("kind", one.kind.word())?;
    out.set_item("message", &one.message)?;
    out.set_item("help", &one.help)?;
    let labels: Vec<_> = one.labels.iter().map(|l| (letters(text, l.span), &l.text)).collect();
    out.set_item("labels", labels)?;
    Ok(out)
}

/// Bytes of UTF-8 as Python counts letters.
fn letters(text: &str, span: Span) -> (usize, usize) {
    let count = |end: usize| text.char_indices().take_while(|(at, _)| *at < end).count();
    (count(span.start), count(span.end))
}
