//! The one integration binary: a module a concern.

mod eval;
mod render;
mod shape;
mod values;
