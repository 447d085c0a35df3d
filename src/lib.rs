//! gradus derives gradients the way a careful author would, and proves them.
//!
//! A document goes in, checked derivatives come out:
//!
//! ```
//! use gradus::render::{Style, present, unicode};
//! use gradus::{Options, derive};
//!
//! let derivation = derive("s = u^T f(W x + b)", &Options::default())?;
//! let style = Style::of(&derivation);
//! let shown = |name: &str| {
//!     let one = derivation.derivatives.iter().find(|d| d.wrt.label == name).expect("a target");
//!     (unicode(&present(&one.result, &style)), one.shape.to_string())
//! };
//! assert_eq!(shown("W"), ("δ xᵀ".to_string(), "n×m".to_string()));
//! assert_eq!(shown("x"), ("Wᵀ δ".to_string(), "m".to_string()));
//!
//! let delta = &derivation.deltas[0];
//! assert_eq!(unicode(&present(&delta.value, &style)), "u ∘ f'(z)");
//! assert!(derivation.check.is_some_and(|c| c.max_rel_error < 1e-8));
//! # Ok::<(), gradus::Errors>(())
//! ```
//!
//! [`Options`] say what is derived, by what and in which form:
//!
//! ```
//! use gradus::{Form, Options, derive};
//!
//! let options = Options::default().of("h").with_respect_to(&["z"]).form(Form::Jacobian);
//! let derivation = derive("z = W x + b; h = tanh(z); s = u^T h", &options)?;
//! assert_eq!(derivation.derivatives[0].shape.to_string(), "n×n");
//! # Ok::<(), gradus::Errors>(())
//! ```
//!
//! What cannot be right is refused, with its place and a proposal:
//!
//! ```
//! use gradus::{Kind, Options, derive};
//!
//! let errors = derive("A: n x m; x: n; A x", &Options::default()).expect_err("the sizes clash");
//! assert_eq!(errors[0].kind, Kind::Shape);
//! assert!(errors[0].help.as_ref().is_some_and(|h| h.contains("A^T x")));
//! ```
//!
//! [`check`] judges a derivative found by hand, [`equal`] an equality, and [`simplify`] tidies an expression:
//!
//! ```
//! use gradus::claim::Answer::{No, Yes};
//! use gradus::{Options, check, equal};
//!
//! let by_x = Options::default().with_respect_to(&["x"]);
//! let verdict = check("A: n x n; s = 1/2 ||A x - b||^2", &by_x, "A (A x - b)")?;
//! assert!(matches!(verdict.answer, No { .. }));
//!
//! let proved = equal("(A B)^T", "B^T A^T", "")?;
//! assert!(matches!(proved.answer, Yes { proof: Some(_), .. }));
//! # Ok::<(), gradus::Errors>(())
//! ```
//!
//! [`docs`] holds the map of the code, the JSON schema, and how to add a rule; `gradus rules` prints the rule book.

#![forbid(unsafe_code)]

pub mod claim;
pub mod derive;
pub mod engine;
#[cfg(feature = "graph")]
pub mod graph;
#[cfg(feature = "json")]
pub mod json;
pub mod render;
pub mod rules;
pub mod snapshot;

pub use gradus_core::{diag, expr, fuel, program, shape, syntax};
pub use gradus_oracle as eval;

pub use crate::claim::{Equality, Simplification, Verdict, check, equal, simplify};
pub use crate::derive::{Derivation, Derivative, Form, Options, Sharing, derive};
pub use crate::diag::{Error, Errors, Kind};

/// Longer texts: how it is built, its output for programs, how it grows.
pub mod docs {
    #[doc = include_str!("docs/architecture.md")]
    pub mod architecture {}
    #[doc = include_str!("docs/contributing.md")]
    pub mod contributing {}
    #[doc = include_str!("docs/json.md")]
    pub mod json {}
    #[doc = include_str!("docs/layouts.md")]
    pub mod layouts {}
    #[doc = include_str!("docs/notes.md")]
    pub mod notes {}
    #[doc = include_str!("docs/rules.md")]
    pub mod rules {}
    #[doc = include_str!("docs/testing.md")]
    pub mod testing {}
    #[doc = include_str!("docs/tutorial.md")]
    pub mod tutorial {}
}
