//! The language of gradus and its typed core: what a document says, before anything is derived from it.
//!
//! A part of [gradus](https://docs.rs/gradus), which promises nothing of its own.

#![forbid(unsafe_code)]

pub mod diag;
pub mod expr;
pub mod fuel;
pub mod program;
pub mod shape;
pub mod stack;
pub mod syntax;
