//! Verdicts as Python's objects. A verdict is true where the claim is right, and false only where it is wrong: what is not
//! decided has no truth.

use crate::derivation::loaded;
use crate::report::{Printed, Shown, for_mathjax};
use crate::step::Note;
use gradus::{Format, Report};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// What Python sees of every answer: its text in all formats, its notes, its JSON.
macro_rules! answers {
    ($name:ident { $($own:item)* }) => {
        #[pymethods]
        impl $name {
            $($own)*

            /// What a reader should know.
            #[getter]
            fn notes(&self) -> Vec<Note> {
                Note::all(self.0.notes())
            }

            /// A fragment of LaTeX, for amsmath.
            #[getter]
            fn latex(&self) -> String {
                self.0.text(&Report::new(Format::Latex))
            }

            /// The whole as JSON, schema 1.
            #[getter]
            fn json(&self) -> String {
                self.0.json()
            }

            /// The whole as dicts and lists, as in the JSON.
            fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                loaded(py, &self.0.json())
            }

            /// The whole in a format: unicode, ascii, latex, markdown, typst, mathml, omml.
            #[pyo3(signature = (format = "unicode", *, width = None, steps = false, reasons = "full"))]
            fn text(
                &self,
                py: Python<'_>,
                format: &str,
                width: Option<usize>,
                steps: bool,
                reasons: &str,
            ) -> PyResult<String> {
                let (explain, update, style, standalone) = (false, None, "plain", false);
                let printed = Printed { format, width, steps, reasons, explain, update, style, standalone };
                Ok(self.0.text(&printed.report(py)?))
            }

            fn __str__(&self) -> String {
                self.0.to_string()
            }

            fn __repr__(&self) -> String {
                self.0.to_string()
            }

            fn _repr_latex_(&self) -> String {
                for_mathjax(&self.latex())
            }

            fn _repr_html_(&self) -> String {
                self.0.text(&Report::new(Format::MathMl))
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
    };
}

fn truth(decided: bool, yes: bool) -> PyResult<bool> {
    match decided {
        true => Ok(yes),
        false => Err(PyValueError::new_err("this is not decided: ask is_decided first, it is neither true nor false")),
    }
}

/// The answer to a derivative found by hand.
#[pyclass(frozen, module = "gradus")]
pub struct Verdict(pub gradus::Verdict);

answers!(Verdict {
    /// Whether the claim is right.
    #[getter]
    fn is_right(&self) -> bool {
        self.0.is_right()
    }

    /// Whether it is decided at all.
    #[getter]
    fn is_decided(&self) -> bool {
        self.0.is_decided()
    }

    /// Whether it is right by a proof, and not by numbers alone.
    #[getter]
    fn is_proved(&self) -> bool {
        self.0.is_proved()
    }

    /// The derivative as gradus finds it; None when it has no rule for it.
    #[getter]
    fn derivative(&self) -> Option<String> {
        self.0.derivative()
    }

    /// What the claim should have been, where a usual slip explains what is wrong.
    #[getter]
    fn corrected(&self) -> Option<String> {
        self.0.corrected()
    }

    fn __bool__(&self) -> PyResult<bool> {
        truth(self.0.is_decided(), self.0.is_right())
    }
});

/// The answer to an equality.
#[pyclass(frozen, module = "gradus")]
pub struct Equality(pub gradus::Equality);

answers!(Equality {
    /// Whether the sides are equal wherever both are defined.
    #[getter]
    fn is_equal(&self) -> bool {
        self.0.is_equal()
    }

    /// Whether it is decided at all.
    #[getter]
    fn is_decided(&self) -> bool {
        self.0.is_decided()
    }

    /// Whether they are by a proof, and not by numbers alone.
    #[getter]
    fn is_proved(&self) -> bool {
        self.0.is_proved()
    }

    fn __bool__(&self) -> PyResult<bool> {
        truth(self.0.is_decided(), self.0.is_equal())
    }
});

/// An expression, tidied.
#[pyclass(frozen, module = "gradus")]
pub struct Simplification(pub gradus::Simplification);

answers!(Simplification {});
