//! Derivations for snapshot tests: text that is the same on every machine, and what a change of it means.
//!
//! ```
//! let snapshot = gradus::derivation!("s = u^T f(W x + b)");
//! assert!(snapshot.to_string().contains("∂s/∂W = δ xᵀ"));
//! ```

mod compare;
mod read;

pub use compare::Change;

use compare::compare;

use crate::derive::{Derivation, Options, derive};
use crate::diag::Errors;
use crate::render::{Report, derivation_text};
use crate::shape::proposed;
use crate::stack::Deep;
use std::fmt;

/// A derivation, or what is wrong with its document, as text that is stable: `Display` depends on nothing but the document
/// and the options, holds no figure that rounding could change, and breaks no line.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// What was derived, or why nothing could be.
    outcome: Deep<Result<Derivation, Errors>>,
    /// How it is printed.
    pub report: Report,
}

impl Snapshot {
    /// Derives a document.
    pub fn new(document: &str, options: &Options) -> Snapshot {
        let derived = derive(document, options).map_err(|errors| proposed(document, errors));
        let report = Report { steps: options.steps, ..Snapshot::report() };
        Snapshot { outcome: Deep::new(derived), report }
    }

    /// The same derivation in the format of a report, with its steps and its update rules.
    pub fn printed(self, report: Report) -> Snapshot {
        let Report { format, steps, update, .. } = report;
        Snapshot { report: Report { format, steps, update, ..Snapshot::report() }, ..self }
    }

    /// What has changed since a snapshot had this text: the form alone, or the meaning too.
    pub fn since(&self, old: &str) -> Change {
        self.outcome.with(|outcome| compare(old, outcome, &self.to_string()))
    }

    /// Why nothing could be derived.
    pub fn refused(&self) -> Option<&Errors> {
        self.outcome.with(|outcome| outcome.as_ref().err())
    }

    /// What makes a report stable.
    fn report() -> Report {
        Report { width: usize::MAX, stacked: true, rounding: false, ..Report::default() }
    }
}

impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.outcome.with(|outcome| match outcome {
            Ok(derivation) => f.write_str(&derivation_text(derivation, &self.report)),
            Err(errors) => errors.iter().try_for_each(|e| match &e.help {
                Some(help) => writeln!(f, "{e}\n  help: {}", help.replace('\n', "\n    ")),
                None => writeln!(f, "{e}"),
            }),
        })
    }
}

/// A derivation for a snapshot test: `derivation!("s = x^T A x")`, or with [`Options`](crate::Options) behind the document.
///
/// ```
/// use gradus::{Options, derivation};
///
/// let of_x = Options::default().with_respect_to(&["x"]);
/// assert_eq!(
///     derivation!("s = x^T A x", of_x).to_string(),
///     "∂s/∂x = (A + Aᵀ) x    n\n\n✓ agrees with automatic differentiation at 3 points\n"
/// );
/// ```
///
/// With the crate insta: `insta::assert_snapshot!(gradus::derivation!("s = x^T A x"))`. What is refused is a snapshot too:
/// the message.
#[macro_export]
macro_rules! derivation {
    ($document:expr $(,)?) => {
        $crate::Snapshot::new($document, &$crate::Options::default())
    };
    ($document:expr, $options:expr $(,)?) => {
        $crate::Snapshot::new($document, &$options)
    };
}
