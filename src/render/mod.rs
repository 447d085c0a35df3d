//! From the core to the page, in storeys: `present` decides the form a careful author would write, a syntax tree; `boxes` sets
//! it, with its brackets and the places where a line may end; `notation` spells the boxes, a file a notation; the pages that
//! are made of such formulas stand here. `boxes` alone names pretty.

mod boxes;
mod display;
mod document;
mod formats;
mod html;
mod indexed;
mod latex;
mod leaves;
mod legend;
mod markdown;
mod matrices;
mod names;
mod notation;
mod omml;
mod page;
mod plain;
mod precedence;
mod present;
mod product;
mod reasons;
mod report;
mod sheet;
mod slip;
mod style;
mod sum;
mod tree;
mod typst;
mod verdict;
mod writer;

pub use display::derivation_page;
pub use document::{document, lagrangian_note, statement};
pub use formats::{derivation_text, results_text, steps_texts};
pub use html::with_tex;
pub use latex::aligned;
pub use notation::{
    Notation, Printer, ascii, formula_width, greek, latex, latex_lines, latex_sign, prose, unicode, unicode_wide,
};
pub use page::{Beside, Page, Part, Relation, Row, TitleRun};
pub use present::present;
pub use reasons::of_rule as reason_of_rule;
pub use report::{Format, Reasons, Report, Typeface};
pub use slip::word;
pub use style::Style;
pub use verdict::{Speaker, equality_text, hint_text, simplification_text, verdict_text};
