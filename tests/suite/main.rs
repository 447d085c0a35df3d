//! The one integration binary: a module a concern.
mod render;
