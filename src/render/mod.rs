//! From the core to the page: `present` decides the form a careful author would write, the printers write it.
//! The only module that names pretty.

mod document;

mod leaves;
mod names;
mod notation;
mod precedence;
mod present;
mod product;
mod report;
mod style;
mod sum;
mod tree;
mod typeset;

pub use document::{document, statement};
pub use names::prose;
pub use notation::{Notation, Printer, ascii, latex, latex_lines, unicode, unicode_wide};
pub use present::present;
pub use report::{Report, derivation_text};
pub use style::Style;
