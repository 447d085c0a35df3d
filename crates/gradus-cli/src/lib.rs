//! The command line of gradus: arguments in, text out.

#![forbid(unsafe_code)]

pub mod cli;
pub mod notes;

use gradus::internals::{
    claim, code, derive, diag, eval, expr, fuel, graph, json, program, render, rules, shape, snapshot, syntax,
};
