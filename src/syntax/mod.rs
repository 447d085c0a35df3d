//! The language: text to syntax tree. The only module that names nom.

mod ast;

pub use ast::*;
