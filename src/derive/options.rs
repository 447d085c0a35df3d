//! What may be asked of a derivation.

use crate::expr::Name;
use crate::fuel::{Cancel, Watch};
use crate::syntax::Request;
use std::sync::Arc;

/// The layout of a derivative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
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
#[non_exhaustive]
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
    pub(crate) of: Option<String>,
    /// Targets as written (`W`, `x_{Paris}`, `[x; y]`); every variable that is not constant when empty.
    pub(crate) wrt: Vec<String>,
    /// The shape convention for a scalar, the Jacobian for anything else, when `None`.
    pub(crate) form: Option<Form>,
    /// How often to differentiate.
    pub(crate) order: u32,
    /// The product of the derivative with a direction, in place of the derivative.
    pub(crate) product: Option<Product>,
    /// Derive by structured targets on their structure, instead of counting every entry as free.
    pub(crate) structured: bool,
    /// Whether results refer to named intermediates.
    pub(crate) sharing: Sharing,
    /// Check every result numerically before it is given.
    pub(crate) check: bool,
    /// Also give every result in the document's variables alone.
    pub(crate) inlined: bool,
    /// Derive by entries: every array a family of scalars, every product a sum.
    pub(crate) indices: bool,
    /// Derive expectations over what a target moves by the score function.
    pub(crate) score: bool,
    /// Record every step.
    pub(crate) steps: bool,
    /// Who may stop it, and who is told how far it is.
    pub(crate) watch: Watch,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            of: None,
            wrt: vec![],
            form: None,
            order: 1,
            product: None,
            structured: false,
            sharing: Sharing::Shared,
            check: true,
            inlined: true,
            indices: false,
            score: false,
            steps: false,
            watch: Watch::default(),
        }
    }
}

impl Options {
    /// What a document itself asks for, where these options leave it open.
    #[doc(hidden)]
    pub fn asked_by(mut self, request: Option<&Request>) -> Options {
        let Some(request) = request else { return self };
        self.of = self.of.or(request.of.as_ref().map(ToString::to_string));
        if self.wrt.is_empty() && self.product.is_none() {
            self.wrt = request.wrt.iter().map(ToString::to_string).collect();
            self.order = self.order.max(request.order);
        }
        self
    }

    /// These targets where the options name none.
    #[doc(hidden)]
    pub fn by_default(mut self, targets: &[Name]) -> Options {
        if self.wrt.is_empty() {
            self.wrt = targets.iter().map(ToString::to_string).collect();
        }
        self
    }

    /// Differentiate this definition; the last one when `None`.
    pub fn of<'a>(self, name: impl Into<Option<&'a str>>) -> Options {
        Options { of: name.into().map(str::to_owned), ..self }
    }

    /// Differentiate with respect to these, as written (`W`, `x_{Paris}`, `[x; y]`); every variable that is not constant
    /// when there are none.
    pub fn with_respect_to(self, targets: impl IntoIterator<Item: AsRef<str>>) -> Options {
        Options { wrt: targets.into_iter().map(|t| t.as_ref().to_owned()).collect(), ..self }
    }

    /// In this layout; the shape convention for a scalar, the Jacobian for anything else, when `None`.
    pub fn form(self, form: impl Into<Option<Form>>) -> Options {
        Options { form: form.into(), ..self }
    }

    /// So many times: 2 gives Hessians.
    pub fn order(self, order: u32) -> Options {
        Options { order, ..self }
    }

    /// The product of the derivative with a direction, in place of the derivative.
    pub fn product(self, product: impl Into<Option<Product>>) -> Options {
        Options { product: product.into(), ..self }
    }

    /// Derivatives by symmetric, spd and diagonal targets on their structure, instead of counting every entry as free.
    pub fn structured(self, structured: bool) -> Options {
        Options { structured, ..self }
    }

    /// Whether results refer to named intermediates, or are in the document's variables alone.
    pub fn sharing(self, sharing: Sharing) -> Options {
        Options { sharing, ..self }
    }

    /// Whether every result is compared with automatic differentiation before it is given, as it is by default.
    pub fn check(self, check: bool) -> Options {
        Options { check, ..self }
    }

    /// Whether every result is also given in the document's variables alone, as it is by default.
    pub fn inlined(self, inlined: bool) -> Options {
        Options { inlined, ..self }
    }

    /// Whether a document over whole arrays is derived by entries: every product of matrices is a sum there.
    ///
    /// ```
    /// use gradus::{Document, Options};
    ///
    /// let layer: Document = "z = W x + b".parse()?;
    /// let options = Options::default().of(Some("z_i")).with_respect_to(["W_ij"]).indices(true);
    /// assert_eq!(layer.derive(&options)?.derivatives()[0].ascii(), "x_j");
    /// # Ok::<(), gradus::Error>(())
    /// ```
    pub fn indices(self, indices: bool) -> Options {
        Options { indices, ..self }
    }

    /// Whether an expectation over what is drawn from a distribution that a target moves is derived by the score function:
    /// `∂E[f] = E[f ∂log p + ∂f]`.
    ///
    /// ```
    /// use gradus::{Document, Options};
    ///
    /// let text = r"J = \mathbb{E}_{x \sim p_\theta}[a^\top x]; \log p_\theta(x) = -\|x - \theta\|^2/2";
    /// let document: Document = text.parse()?;
    /// let options = Options::default().with_respect_to(["θ"]).score(true);
    /// assert_eq!(document.derive(&options)?.derivatives()[0].ascii(), "E[(a^T x) (x - θ)]");
    /// # Ok::<(), gradus::Error>(())
    /// ```
    pub fn score(self, score: bool) -> Options {
        Options { score, ..self }
    }

    /// Whether every step is recorded.
    pub fn steps(self, steps: bool) -> Options {
        Options { steps, ..self }
    }

    /// Ends with an error, a limit, soon after this token, or a clone of it on another thread, is cancelled.
    ///
    /// ```
    /// use gradus::{Cancel, Document, Options};
    ///
    /// let network: Document = "s = u^T f(W x + b)".parse()?;
    /// let cancel = Cancel::default();
    /// let options = Options::default().cancelled_by(&cancel);
    /// assert!(network.derive(&options).is_ok());
    /// cancel.cancel();
    /// assert!(network.derive(&options).is_err_and(|e| e.is_limit()));
    /// # Ok::<(), gradus::Error>(())
    /// ```
    pub fn cancelled_by(mut self, cancel: &Cancel) -> Options {
        self.watch.cancel = Some(cancel.clone());
        self
    }

    /// Tells, now and then and on the thread that asks, how much of the work that one question may take is done: from 0 to 1,
    /// which is the limit and not the end. Most questions end far before it.
    pub fn progress(mut self, told: impl Fn(f64) + Send + Sync + 'static) -> Options {
        self.watch.progress = Some(Arc::new(told));
        self
    }
}

/// A product with a derivative, and the name of the direction.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Product {
    /// The Jacobian-vector product: the change of y as x moves along v, in the shape of y.
    Jvp(String),
    /// The vector-Jacobian product: the cotangent g of y pulled back, in the shape of x.
    Vjp(String),
    /// The Hessian-vector product: the change of the gradient as x moves along v, in the shape of x.
    Hvp(String),
}

impl Product {
    /// The direction as the reader names it.
    pub fn direction(&self) -> &str {
        match self {
            Product::Jvp(v) | Product::Vjp(v) | Product::Hvp(v) => v,
        }
    }

    /// The same along another direction.
    pub(crate) fn along(&self, direction: &str) -> Product {
        let direction = direction.to_owned();
        match self {
            Product::Jvp(_) => Product::Jvp(direction),
            Product::Vjp(_) => Product::Vjp(direction),
            Product::Hvp(_) => Product::Hvp(direction),
        }
    }
}
