//! What is printed of a result, and how: the keywords of `text`.

use crate::failure;
use gradus::{Format, Report};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::str::FromStr;

/// How a result is to be printed; words as on the command line.
pub struct Printed<'a> {
    pub format: &'a str,
    pub width: Option<usize>,
    pub steps: bool,
    pub reasons: &'a str,
    pub explain: bool,
    pub update: Option<&'a str>,
    pub style: &'a str,
    pub standalone: bool,
}

impl Printed<'_> {
    /// As the library takes it.
    ///
    /// # Errors
    /// `UsageError` for a word that it does not know.
    pub fn report(&self, py: Python<'_>) -> PyResult<Report> {
        let format: Format = word(py, self.format)?;
        Ok(Report::new(format)
            .width(self.width.unwrap_or(format.width()))
            .steps(self.steps)
            .reasons(word(py, self.reasons)?)
            .explain(self.explain)
            .update(self.update)
            .typeface(word(py, self.style)?)
            .standalone(self.standalone))
    }
}

/// What a word stands for.
///
/// # Errors
/// `UsageError` for one that is not known, with those that are.
pub fn word<T: FromStr<Err = gradus::Error>>(py: Python<'_>, word: &str) -> PyResult<T> {
    word.parse().map_err(|e| failure::raised(py, &e))
}

/// What Jupyter shows of a result: MathML where there is a browser, LaTeX where there is MathJax alone, plain text.
pub struct Shown {
    pub plain: String,
    pub latex: String,
    pub html: String,
}

impl Shown {
    /// By their types, those asked for.
    pub fn bundle(
        self,
        py: Python<'_>,
        include: Option<Vec<String>>,
        exclude: Option<Vec<String>>,
    ) -> PyResult<Bound<'_, PyDict>> {
        let all = [("text/plain", self.plain), ("text/latex", self.latex), ("text/html", self.html)];
        let named = |list: &Option<Vec<String>>, kind: &str| list.as_ref().map(|l| l.iter().any(|t| t == kind));
        let asked = |(kind, _): &(&str, String)| {
            named(&include, kind).unwrap_or(true) && !named(&exclude, kind).unwrap_or(false)
        };
        let out = PyDict::new(py);
        all.into_iter().filter(asked).try_for_each(|(kind, text)| out.set_item(kind, text))?;
        Ok(out)
    }
}

/// LaTeX as MathJax takes it in a notebook: an environment stands by itself, without the comments at its end.
pub fn for_mathjax(latex: &str) -> String {
    latex.lines().filter(|line| !line.starts_with('%')).collect::<Vec<_>>().join("\n")
}
