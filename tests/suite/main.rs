//! The one integration binary: a module a concern.

mod binary;
mod claims;
mod cli;
mod collisions;
mod cost;
mod degenerate;
mod derivations;
mod determinism;
mod display;
mod documents;
mod ebnf;
mod editor;
mod equalities;
mod eval;
mod fields;
mod finds;
mod grammar;
mod graph;
mod hessian_claims;
mod host;
mod hostile;
mod injections;
mod kinds;
mod layering;
mod masks;
mod mutations;
mod ner;
mod notes;
mod orders;
mod prompt;
mod public;
mod random;
mod readme;
mod refusals;
mod render;
mod round_trip;
mod rules;
mod shape;
mod soundness;
mod structured;
#[cfg(unix)]
mod terminal;
mod test_command;

mod typeset;
mod values;
