//! The keywords of a question as the library's options.

use crate::failure;
use gradus::{Options, Product, Sharing};
use pyo3::prelude::*;

/// One name, or several.
#[derive(FromPyObject)]
pub enum Wrt {
    /// `wrt="W"`, also `wrt="W,b"` as on the command line.
    List(String),
    /// `wrt=["W", "b"]`.
    Each(Vec<String>),
}

impl Wrt {
    /// Each of them.
    pub fn each(names: Option<Wrt>) -> Vec<String> {
        match names {
            Some(Wrt::List(list)) => gradus::targets(&list),
            Some(Wrt::Each(names)) => names,
            None => vec![],
        }
    }
}

/// What may be asked of a derivative; `wrt` apart from it, for a document is read by that too.
#[derive(Default)]
pub struct Keywords {
    /// What is differentiated.
    pub of: Option<String>,
    /// The layout, by its word.
    pub form: Option<String>,
    /// How often.
    pub order: u32,
    /// Directions of products.
    pub jvp: Option<String>,
    pub vjp: Option<String>,
    pub hvp: Option<String>,
    pub structured: bool,
    pub indices: bool,
    pub inline: bool,
    pub check: bool,
    pub steps: bool,
}

impl Keywords {
    /// As the library takes it.
    ///
    /// # Errors
    /// `UsageError` for a word that is no form, and where a product is asked for beside another one, a form or an order.
    pub fn options(self, py: Python<'_>, wrt: &[String]) -> PyResult<Options> {
        let form = self.form.as_deref().map(str::parse).transpose().map_err(|e| failure::raised(py, &e))?;
        let products = [self.jvp.map(Product::Jvp), self.vjp.map(Product::Vjp), self.hvp.map(Product::Hvp)];
        let mut products = products.into_iter().flatten();
        let product = products.next();
        if product.is_some() && (products.next().is_some() || form.is_some() || self.order != 1) {
            return Err(failure::usage(py, "jvp, vjp and hvp go with neither each other nor form nor order"));
        }
        Ok(Options::default()
            .of(self.of.as_deref())
            .with_respect_to(wrt)
            .form(form)
            .order(self.order)
            .product(product)
            .structured(self.structured)
            .indices(self.indices)
            .sharing(if self.inline { Sharing::Inline } else { Sharing::Shared })
            .check(self.check)
            .steps(self.steps))
    }
}
