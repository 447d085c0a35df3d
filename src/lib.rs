//! gradus derives gradients the way a careful author would, and proves them.
//!
//! A document goes in, checked derivatives come out:
//!
//! ```
//! let d = gradus::derive("s = u^T f(W x + b)")?;
//! assert_eq!(d["W"].to_string(), "δ xᵀ");
//! println!("{}", d.latex());
//! # Ok::<(), gradus::Error>(())
//! ```
//!
//! A [`Document`] is read once and asked often; [`Options`] say what is derived, by what and in which form:
//!
//! ```
//! use gradus::{Document, Form, Options};
//!
//! let network: Document = "z = W x + b; h = tanh(z); s = u^T h".parse()?;
//! let of_h = Options::default().of("h").with_respect_to(["z"]).form(Form::Jacobian);
//! assert_eq!(network.derive(&of_h)?["z"].to_string(), "diag(1 - tanh(z).^2)");
//! # Ok::<(), gradus::Error>(())
//! ```
//!
//! What cannot be right is refused, with its place and a proposal:
//!
//! ```
//! let error = gradus::derive("A: n x m; x: n; A x").expect_err("the sizes clash");
//! assert!(error.is_shape() && error.to_string().contains("A^T x"));
//! ```
//!
//! [`check`] judges a derivative found by hand, [`equal`] an equality, and [`simplify`] tidies an expression:
//!
//! ```
//! assert!(gradus::check("A: n x n symmetric constant; s = x^T A x", "2 A x")?.is_right());
//! assert!(gradus::equal("(A B)^T", "B^T A^T")?.is_proved());
//! assert_eq!(gradus::simplify("(A^T)^T x + A x")?.to_string(), "2 A x");
//! # Ok::<(), gradus::Error>(())
//! ```
//!
//! [`docs`] holds the map of the code, the JSON schema, and how to add a rule. The features `json` (results as JSON) and
//! `graph` (computation graphs) are on by default. The command `gradus` is the crate gradus-cli.

#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod claim;
mod code;
mod derive;
mod engine;
#[cfg(feature = "graph")]
mod graph;
mod index;
#[cfg(feature = "json")]
mod json;
mod public;
mod render;
mod rules;
mod snapshot;
mod value;

use gradus_core::{diag, expr, fuel, program, shape, stack, syntax};
use gradus_oracle as eval;

pub use crate::code::CodeTarget;
pub use crate::derive::{Form, Options, Product, Sharing};
pub use crate::diag::{Error as Diagnostic, Kind, Label, Note, NoteKind, Span};
pub use crate::fuel::Cancel;
#[cfg(feature = "graph")]
pub use crate::graph::Picture;
pub use crate::public::{
    Bindings, Dense, Derivation, Derivative, Document, Equality, Error, Evaluation, Reading, Simplification, Step,
    Verdict, check, derive, equal, equal_given, simplify, targets,
};
pub use crate::render::{Format, Reasons, Report, Typeface};
pub use crate::snapshot::{Change, Snapshot};

/// What the command line, the tests and the benches of gradus itself are made of. It promises nothing: no release keeps it
/// as it is.
#[doc(hidden)]
#[allow(missing_docs)]
pub mod internals {
    pub use gradus_core::{diag, expr, fuel, program, shape, syntax};
    pub use gradus_oracle as eval;

    pub mod claim {
        pub use crate::claim::*;
    }
    pub mod code {
        pub use crate::code::*;
    }
    pub mod derive {
        pub use crate::derive::*;
    }
    pub mod engine {
        pub use crate::engine::*;
    }
    #[cfg(feature = "graph")]
    pub mod graph {
        pub use crate::graph::*;
    }
    pub mod index {
        pub use crate::index::*;
    }
    #[cfg(feature = "json")]
    pub mod json {
        pub use crate::json::*;
    }
    pub mod render {
        pub use crate::render::*;
    }
    pub mod rules {
        pub use crate::rules::*;
    }
    pub mod snapshot {
        pub use crate::snapshot::*;
    }
}

/// Longer texts: how it is built, its output for programs, how it grows.
pub mod docs {
    #[doc = include_str!("docs/architecture.md")]
    pub mod architecture {}
    #[doc = include_str!("docs/code.md")]
    pub mod code {}
    #[doc = include_str!("docs/contributing.md")]
    pub mod contributing {}
    #[doc = include_str!("docs/editor.md")]
    pub mod editor {}
    #[doc = include_str!("docs/from_0_1_to_0_2.md")]
    pub mod from_0_1_to_0_2 {}
    #[doc = include_str!("docs/indices.md")]
    pub mod indices {}
    #[doc = include_str!("docs/json.md")]
    pub mod json {}
    #[doc = include_str!("docs/layouts.md")]
    pub mod layouts {}
    #[doc = include_str!("docs/notes.md")]
    pub mod notes {}
    #[doc = include_str!("docs/page.md")]
    pub mod page {}
    #[doc = include_str!("docs/reading.md")]
    pub mod reading {}
    #[doc = include_str!("docs/rules.md")]
    pub mod rules {}
    #[doc = include_str!("docs/testing.md")]
    pub mod testing {}
    #[doc = include_str!("docs/tutorial.md")]
    pub mod tutorial {}
}
