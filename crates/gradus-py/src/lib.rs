//! The extension module `gradus._gradus`: the library's public page as Python sees it. What Python writes better itself
//! (the cell magic, the bridge to SymPy, tracing) is beside it, in `python/gradus`.

mod arrays;
mod asking;
mod derivation;
mod document;
mod failure;
mod options;
mod report;
mod step;
mod verdict;

use pyo3::prelude::*;

#[pymodule]
mod _gradus {
    use super::*;

    #[pymodule_export]
    use crate::derivation::{Derivation, Derivative};
    #[pymodule_export]
    use crate::document::{Document, equal};
    #[pymodule_export]
    use crate::step::{Note, Step};
    #[pymodule_export]
    use crate::verdict::{Equality, Simplification, Verdict};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
