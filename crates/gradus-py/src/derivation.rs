//! Derivations and derivatives as Python's objects.

use crate::arrays::{Evaluated, evaluated};
use crate::asking::answer;
use crate::report::{Printed, Shown, for_mathjax, word};
use crate::step::{Note, Step};
use gradus::{Format, Report};
use numpy::PyReadonlyArrayDyn;
use pyo3::exceptions::{PyIndexError, PyKeyError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use std::collections::BTreeMap;

/// The derivatives of a document, checked, with everything they refer to.
#[pyclass(frozen, module = "gradus")]
pub struct Derivation {
    found: gradus::Derivation,
    steps: bool,
}

impl Derivation {
    pub fn new(found: gradus::Derivation) -> Derivation {
        let steps = found.derivatives().iter().any(|d| !d.steps().is_empty());
        Derivation { found, steps }
    }

    fn in_format(&self, format: Format) -> String {
        self.found.text(&Report::new(format).steps(self.steps))
    }
}

/// What stands between the brackets of `d[…]`.
#[derive(FromPyObject)]
pub enum Chosen {
    Place(isize),
    Target(String),
    Targets(Vec<String>),
}

#[pymethods]
impl Derivation {
    /// What is differentiated.
    #[getter]
    fn of(&self) -> &str {
        self.found.of()
    }

    /// The derivatives, in the order of the targets.
    #[getter]
    fn derivatives(&self) -> Vec<Derivative> {
        self.found.derivatives().iter().cloned().map(Derivative).collect()
    }

    /// What is differentiated and the definitions that results refer to, each with its value.
    #[getter]
    fn definitions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let out = PyDict::new(py);
        self.found.definitions().into_iter().try_for_each(|(name, value)| out.set_item(name, value))?;
        Ok(out)
    }

    /// What a reader should know.
    #[getter]
    fn notes(&self) -> Vec<Note> {
        Note::all(self.found.notes())
    }

    /// The largest relative error against automatic differentiation; None when nothing was checked.
    #[getter]
    fn error(&self) -> Option<f64> {
        self.found.error()
    }

    /// Every step of every derivative, in order; empty unless they were asked for.
    #[getter]
    fn steps(&self) -> Vec<Step> {
        self.found.derivatives().iter().flat_map(|d| d.steps()).map(Step::new).collect()
    }

    /// A fragment of LaTeX, for amsmath.
    #[getter]
    fn latex(&self) -> String {
        self.in_format(Format::Latex)
    }

    /// The whole as JSON, schema 1.
    #[getter]
    fn json(&self) -> String {
        self.found.json()
    }

    /// The whole as dicts and lists, as in the JSON.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loaded(py, &self.found.json())
    }

    /// The whole in a format: unicode, ascii, latex, markdown, typst, mathml, omml.
    #[pyo3(signature = (format = "unicode", *, width = None, steps = None, reasons = "full", explain = false,
        update = None, style = "plain", standalone = false))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords")]
    fn text(
        &self,
        py: Python<'_>,
        format: &str,
        width: Option<usize>,
        steps: Option<bool>,
        reasons: &str,
        explain: bool,
        update: Option<&str>,
        style: &str,
        standalone: bool,
    ) -> PyResult<String> {
        let steps = steps.unwrap_or(self.steps);
        let printed = Printed { format, width, steps, reasons, explain, update, style, standalone };
        Ok(self.found.text(&printed.report(py)?))
    }

    /// Values at arrays: `d.evaluate(W=W, x=x, f="tanh")`.
    #[pyo3(signature = (values = None, /, **named))]
    fn evaluate<'py>(
        slf: &Bound<'py, Self>,
        values: Option<Bound<'py, PyAny>>,
        named: Option<Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("gradus._evaluation")?.call_method1("evaluate", (slf, values, named))
    }

    fn _evaluate<'py>(
        &self,
        py: Python<'py>,
        arrays: BTreeMap<String, PyReadonlyArrayDyn<'py, f64>>,
        functions: BTreeMap<String, String>,
    ) -> PyResult<Evaluated<'py>> {
        evaluated(py, &self.found, &arrays, &functions)
    }

    /// The derivation as code for numpy, jax or torch: the text of a file.
    fn code(&self, py: Python<'_>, target: &str) -> PyResult<String> {
        let target = word(py, target)?;
        answer(py, |_| self.found.code(target))
    }

    /// A function of arrays made from the code for NumPy.
    fn to_numpy<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        compiled(slf, "numpy")
    }

    /// A function of arrays made from the code for JAX.
    fn to_jax<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        compiled(slf, "jax")
    }

    /// A function of tensors made from the code for PyTorch.
    fn to_torch<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        compiled(slf, "torch")
    }

    fn __len__(&self) -> usize {
        self.found.derivatives().len()
    }

    fn __iter__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        PyTuple::new(slf.py(), slf.get().derivatives())?.into_any().call_method0("__iter__")
    }

    fn __contains__(&self, target: &str) -> bool {
        self.found.get(target).is_some()
    }

    fn __getitem__(&self, key: Chosen) -> PyResult<Derivative> {
        let all = self.found.derivatives();
        let found = match &key {
            Chosen::Place(at) => {
                let place = if *at < 0 { at + all.len() as isize } else { *at };
                let found = usize::try_from(place).ok().and_then(|i| all.get(i));
                return found.cloned().map(Derivative).ok_or_else(|| PyIndexError::new_err("no such derivative"));
            }
            Chosen::Target(target) => self.found.get(target),
            Chosen::Targets(targets) => all.iter().find(|d| d.targets() == targets),
        };
        found.cloned().map(Derivative).ok_or_else(|| {
            let known: Vec<&str> = all.iter().map(gradus::Derivative::target).collect();
            PyKeyError::new_err(format!("there is no such derivative; there are those by {}", known.join(", ")))
        })
    }

    fn __str__(&self) -> String {
        self.in_format(Format::Unicode)
    }

    fn __repr__(&self) -> String {
        self.__str__()
    }

    fn _repr_latex_(&self) -> String {
        for_mathjax(&self.in_format(Format::Latex))
    }

    fn _repr_html_(&self) -> String {
        self.in_format(Format::MathMl)
    }

    #[pyo3(signature = (include = None, exclude = None))]
    fn _repr_mimebundle_<'py>(
        &self,
        py: Python<'py>,
        include: Option<Vec<String>>,
        exclude: Option<Vec<String>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        Shown { plain: self.__str__(), latex: self._repr_latex_(), html: self._repr_html_() }
            .bundle(py, include, exclude)
    }
}

/// One derivative in one form.
#[pyclass(frozen, module = "gradus")]
pub struct Derivative(gradus::Derivative);

#[pymethods]
impl Derivative {
    /// What it is by; of a higher order, what was differentiated by last.
    #[getter]
    fn target(&self) -> &str {
        self.0.target()
    }

    /// What it is by, the first time first: as many as its order.
    #[getter]
    fn targets(&self) -> Vec<String> {
        self.0.targets().to_vec()
    }

    /// Its layout: shape, jacobian or differential.
    #[getter]
    fn form(&self) -> &'static str {
        self.0.form().word()
    }

    /// Its shape as text, `n×m`; `1` of a scalar.
    #[getter]
    fn shape(&self) -> &str {
        self.0.shape()
    }

    /// How it was found; empty unless steps were asked for.
    #[getter]
    fn steps(&self) -> Vec<Step> {
        self.0.steps().iter().map(Step::new).collect()
    }

    /// On one line of LaTeX math, without delimiters.
    #[getter]
    fn latex(&self) -> String {
        self.0.latex()
    }

    /// On one line that reads back as it is.
    #[getter]
    fn ascii(&self) -> String {
        self.0.ascii()
    }

    /// On one line in a format.
    #[pyo3(signature = (format = "unicode"))]
    fn text(&self, py: Python<'_>, format: &str) -> PyResult<String> {
        Ok(self.0.text(word(py, format)?))
    }

    /// As an expression of SymPy, in the document's variables alone.
    fn to_sympy<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("gradus._sympy")?.call_method1("of_tree", (slf.get()._tree(slf.py())?,))
    }

    fn _tree<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loaded(py, &self.0.tree())
    }

    /// In the document's variables alone; None where it would be too long.
    #[pyo3(signature = (format = "unicode"))]
    fn inlined(&self, py: Python<'_>, format: &str) -> PyResult<Option<String>> {
        Ok(self.0.inlined(word(py, format)?))
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<gradus.Derivative by {}: {}>", self.0.targets().join(", "), self.0)
    }

    fn _repr_latex_(&self) -> String {
        format!("$\\displaystyle {}$", self.0.latex())
    }

    fn _repr_html_(&self) -> String {
        format!("<math display=\"block\"><mrow>{}</mrow></math>", self.0.text(Format::MathMl))
    }

    #[pyo3(signature = (include = None, exclude = None))]
    fn _repr_mimebundle_<'py>(
        &self,
        py: Python<'py>,
        include: Option<Vec<String>>,
        exclude: Option<Vec<String>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        Shown { plain: self.__str__(), latex: self._repr_latex_(), html: self._repr_html_() }
            .bundle(py, include, exclude)
    }
}

fn compiled<'py>(derivation: &Bound<'py, Derivation>, target: &str) -> PyResult<Bound<'py, PyAny>> {
    derivation.py().import("gradus._code")?.call_method1("compiled", (derivation, target))
}

/// JSON as dicts and lists.
pub fn loaded<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.call_method1("loads", (json,))
}
