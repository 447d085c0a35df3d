//! The language: text to syntax tree. The only module that names nom.
//!
//! Text becomes tokens (`lexer`, with LaTeX commands in `latex`), tokens become statements (`layout`), a pass over all
//! statements decides what every name is (`scope`), and a recursive descent over the tokens makes the trees
//! (`expression`, `postfix`, `operand`, `declaration`). `grammar/gradus.ebnf` is the grammar of all that.

mod ast;
mod bars;
mod calls;
mod captions;
mod cases;
mod commands;
mod constructs;
mod declaration;
mod density;
mod distributions;
mod document;
mod errors;
mod expression;
mod factors;
mod facts;
mod frames;
mod functions;
mod gathered;
mod glued;
mod heads;
mod lambdas;
mod latex;
mod layout;
mod lexer;
mod limits;
mod losses;
mod macros;
mod marks;
mod missing;
mod moments;
mod names;
mod operand;
mod places;
mod postfix;
pub mod prelude;
mod primes;
mod program_calls;
mod program_text;
mod prose;
mod raised;
mod remarks;
mod request;
mod running;
mod scan;
mod scope;
mod scripts;
mod single;
mod slices;
mod slopes;
mod subscript;
mod symbols;
mod times;
mod token;
mod unbraced;
mod unreadable;
mod unsaid_index;
mod walk;
mod words;

pub use ast::*;
pub use calls::SIZE_LETTERS;
pub(crate) use cases::indicator_of;
pub use declaration::is_word_of_declarations;
pub use document::{parse_declarations, parse_document, parse_document_for};
pub use functions::is_callable;
pub use macros::Expansion;
pub use names::{ACCENTS, GREEK, SUBSCRIPTS, subscript as lowered_character, superscript as raised_character};
pub(crate) use places::places;
pub use program_text::ProductSigns;
pub use remarks::claim as claim_remark;
pub use single::{glued_runs, parse_expression, parse_name};
pub use subscript::{WrittenPlace, index_letters, split_index, written_places};
