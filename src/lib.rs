//! gradus derives gradients the way a careful author would, and proves them.

pub mod cli;
pub mod derive;
pub mod diag;
pub mod engine;
pub mod eval;
pub mod expr;
pub mod program;
pub mod render;
pub mod rules;
pub mod shape;
pub mod syntax;
