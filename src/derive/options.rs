//! What may be asked of a derivation.

use super::product::Product;

/// The layout of a derivative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// ∂s/∂X has the shape of X (scalars only).
    Shape,
    /// ∂vec(Y)/∂vec(X)ᵀ, numerator layout.
    Jacobian,
    /// The Jacobian, and the shape convention beside it.
    Both,
    /// dY = … d(X) …: no vec is needed.
    Differential,
}

/// Whether results refer to named intermediates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sharing {
    /// Results refer to named intermediates.
    #[default]
    Shared,
    /// Results are in the document's variables alone.
    Inline,
}

/// The options of `derive`; the default is what `gradus DOC` does.
#[derive(Clone, Debug)]
pub struct Options {
    /// What to differentiate; the last definition when `None`.
    pub of: Option<String>,
    /// Targets as written (`W`, `x_{Paris}`, `[x; y]`); every variable that is not constant when empty.
    pub wrt: Vec<String>,
    /// The shape convention for a scalar, the Jacobian for anything else, when `None`.
    pub form: Option<Form>,
    /// How often to differentiate.
    pub order: u32,
    /// The product of the derivative with a direction, in place of the derivative.
    pub product: Option<Product>,
    /// Whether results refer to named intermediates.
    pub sharing: Sharing,
    /// Check every result numerically before it is given.
    pub check: bool,
    /// Also give every result in the document's variables alone.
    pub inlined: bool,
    /// Record every step.
    pub steps: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            of: None,
            wrt: vec![],
            form: None,
            order: 1,
            product: None,
            sharing: Sharing::Shared,
            check: true,
            inlined: true,
            steps: false,
        }
    }
}

impl Options {
    /// Differentiate with respect to these only.
    pub fn with_respect_to(mut self, targets: &[&str]) -> Options {
        self.wrt = targets.iter().map(|t| (*t).to_owned()).collect();
        self
    }

    /// In this form.
    pub fn form(mut self, form: Form) -> Options {
        self.form = Some(form);
        self
    }

    /// Differentiate this definition.
    pub fn of(mut self, name: &str) -> Options {
        self.of = Some(name.to_owned());
        self
    }
}
