//! NumPy's arrays in and out. They come in as they lie, row by row and of float64 (`gradus/_evaluation.py` sees to that), and
//! are not copied on the way; results are handed over, not copied.

use crate::asking::answer;
use gradus::{Bindings, Dense, Derivation};
use numpy::{PyArray1, PyArrayDyn, PyArrayMethods, PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::prelude::*;
use std::collections::BTreeMap;

/// The value of what is differentiated, and of each derivative; None where there is none.
pub type Evaluated<'py> = (Option<Bound<'py, PyArrayDyn<f64>>>, Vec<Option<Bound<'py, PyArrayDyn<f64>>>>);

/// What a derivation is worth at these arrays, with these functions for abstract ones.
pub fn evaluated<'py>(
    py: Python<'py>,
    derivation: &Derivation,
    arrays: &BTreeMap<String, PyReadonlyArrayDyn<'py, f64>>,
    functions: &BTreeMap<String, String>,
) -> PyResult<Evaluated<'py>> {
    let mut bindings = Bindings::default();
    for (name, array) in arrays {
        bindings = bindings.array(name, array.shape(), array.as_slice()?);
    }
    for (name, function) in functions {
        bindings = bindings.function(name, function);
    }
    let (value, derivatives) = answer(py, |_| derivation.evaluate(&bindings))?.into_parts();
    let derivatives = derivatives.into_iter().map(|d| d.map(|d| handed_over(py, d)).transpose());
    Ok((value.map(|v| handed_over(py, v)).transpose()?, derivatives.collect::<PyResult<_>>()?))
}

fn handed_over(py: Python<'_>, array: Dense) -> PyResult<Bound<'_, PyArrayDyn<f64>>> {
    let (shape, entries) = array.into_parts();
    PyArray1::from_vec(py, entries).reshape(shape)
}
