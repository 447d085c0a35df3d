//! gradus derives gradients the way a careful author would, and proves them.

pub mod diag;
pub mod eval;
pub mod expr;
pub mod program;
pub mod render;
pub mod shape;
pub mod syntax;
