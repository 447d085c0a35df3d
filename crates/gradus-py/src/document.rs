//! Documents, and what can be asked of them.

use crate::asking::answer;
use crate::derivation::Derivation;
use crate::options::{Keywords, Wrt};
use crate::verdict::{Equality, Simplification, Verdict};
use gradus::{Options, Reading};
use pyo3::prelude::*;
use std::collections::BTreeMap;

/// A document that was read: every name has a meaning, every term a shape. It is read once and asked often.
#[pyclass(frozen, module = "gradus")]
pub struct Document(gradus::Document);

#[pymethods]
impl Document {
    #[new]
    #[pyo3(signature = (text, *, wrt = None, shapes = None, lagrangian = false))]
    fn new(
        py: Python<'_>,
        text: &str,
        wrt: Option<Wrt>,
        shapes: Option<BTreeMap<String, Vec<usize>>>,
        lagrangian: bool,
    ) -> PyResult<Document> {
        let reading =
            Reading::default().targets(Wrt::each(wrt)).shapes(shapes.unwrap_or_default()).lagrangian(lagrangian);
        answer(py, |_| gradus::Document::read(text, &reading)).map(Document)
    }

    /// Derives it.
    #[pyo3(signature = (wrt = None, *, of = None, form = None, order = 1, jvp = None, vjp = None, hvp = None,
        structured = false, indices = false, inline = false, check = true, steps = false))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords")]
    fn derive(
        &self,
        py: Python<'_>,
        wrt: Option<Wrt>,
        of: Option<String>,
        form: Option<String>,
        order: u32,
        jvp: Option<String>,
        vjp: Option<String>,
        hvp: Option<String>,
        structured: bool,
        indices: bool,
        inline: bool,
        check: bool,
        steps: bool,
    ) -> PyResult<Derivation> {
        let asked = Keywords { of, form, order, jvp, vjp, hvp, structured, indices, inline, check, steps };
        let options = asked.options(py, &Wrt::each(wrt))?;
        answer(py, |cancel| self.0.derive(&options.cancelled_by(cancel))).map(Derivation::new)
    }

    /// Whether a derivative found by hand is right.
    #[pyo3(signature = (claim, wrt = None, *, of = None, form = None, order = 1, structured = false, indices = false,
        steps = false))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords")]
    fn check(
        &self,
        py: Python<'_>,
        claim: &str,
        wrt: Option<Wrt>,
        of: Option<String>,
        form: Option<String>,
        order: u32,
        structured: bool,
        indices: bool,
        steps: bool,
    ) -> PyResult<Verdict> {
        let asked = Keywords { of, form, order, structured, indices, steps, check: true, ..Keywords::default() };
        let options = asked.options(py, &Wrt::each(wrt))?;
        answer(py, |cancel| self.0.check(claim, &options.cancelled_by(cancel))).map(Verdict)
    }

    /// Whether two expressions are equal wherever they are defined, by what the document declares and defines.
    fn equal(&self, py: Python<'_>, left: &str, right: &str) -> PyResult<Equality> {
        answer(py, |_| self.0.equal(left, right)).map(Equality)
    }

    /// Tidies the last definition, or `of`: the form an author would print.
    #[pyo3(signature = (*, of = None, inline = false, check = true, steps = false))]
    fn simplify(
        &self,
        py: Python<'_>,
        of: Option<String>,
        inline: bool,
        check: bool,
        steps: bool,
    ) -> PyResult<Simplification> {
        let asked = Keywords { of, order: 1, inline, check, steps, ..Keywords::default() };
        let options = asked.options(py, &[])?;
        answer(py, |cancel| self.0.simplify(&options.cancelled_by(cancel))).map(Simplification)
    }

    /// The computation graph of the last definition, or of `of`, as a picture in a language: svg, dot, mermaid, tikz.
    #[pyo3(signature = (picture = "svg", *, of = None))]
    fn graph(&self, py: Python<'_>, picture: &str, of: Option<&str>) -> PyResult<String> {
        let options = Options::default().of(of);
        answer(py, |cancel| self.0.graph(&options.cancelled_by(cancel), picture.parse()?))
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<gradus.Document {:?}>", self.0.to_string())
    }
}

/// Whether two expressions are equal wherever they are defined; declarations give shapes and facts.
#[pyfunction]
#[pyo3(signature = (left, right, declarations = ""))]
pub fn equal(py: Python<'_>, left: &str, right: &str, declarations: &str) -> PyResult<Equality> {
    answer(py, |_| gradus::equal_given(left, right, declarations)).map(Equality)
}
