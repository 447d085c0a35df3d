//! From the core to the page: `present` decides the form a careful author would write, the printers write it.
//! The only module that names pretty.

mod breaks;
mod document;
mod gathered;
mod html;
mod indexed;
mod latex;
mod leaves;
mod markdown;
mod markup;
mod mathml;
mod mathml_lines;
mod names;
mod notation;
mod omml;
mod page;
mod plain;
mod precedence;
mod present;
mod product;
mod reading;
mod report;
mod sheet;
mod slip;
mod style;
mod sum;
mod symbols;
mod tree;
mod typeset;
mod typst;
mod verdict;

pub use document::{document, statement};
pub use html::with_tex;
pub use latex::{aligned, sign as latex_sign};
pub use notation::{Notation, Printer, ascii, formula_width, latex, latex_lines, unicode, unicode_wide};
pub use page::{Beside, Page, Part, Relation, Row, TitleRun};
pub use present::present;
pub use report::{Format, Report, Typeface, derivation_page, derivation_text, results_text};
pub use slip::word;
pub use style::Style;
pub use symbols::prose;
pub use tree::names;
pub use verdict::{Speaker, equality_text, simplification_text, verdict_text};
