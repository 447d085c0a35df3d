//! What a name is: decided over the whole document before any expression is read.

use super::token::{Bracket, Tok, Token};
use super::{functions, names};
use crate::expr::Name;
use std::collections::BTreeSet;

/// The names of a document or of the scope an expression is read in.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// Declared, defined, or used uncalled.
    pub variables: BTreeSet<Name>,
    /// Declared `elementwise`, or defined as g(t) = ….
    pub functions: BTreeSet<Name>,
    /// Declared or defined: their reader knows them, so `x^t` is a power when t is among them.
    pub known: BTreeSet<Name>,
    /// Called names that are neither variables nor built in.
    pub called: BTreeSet<Name>,
    /// Names that occur as sizes.
    pub sizes: BTreeSet<Name>,
    /// The parameter of the function whose body is being read.
    pub parameter: Option<Name>,
    /// The notation of rules is read too.
    pub rules: bool,
}

/// What a name means where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Variable,
    /// Declared or defined as a function.
    Function,
    BuiltIn(functions::Signature),
    /// Of rules: `d(A)` and `ip(G, A)`.
    Calculus,
    /// Abstract elementwise, if it is called; a variable otherwise.
    Unknown,
}

impl Names {
    /// What a name is here.
    pub fn role(&self, name: &Name) -> Role {
        if self.parameter.as_ref() == Some(name) {
            return Role::Variable;
        }
        if self.functions.contains(name) {
            return Role::Function;
        }
        if self.rules && matches!(name.as_str(), "d" | "ip") {
            return Role::Calculus;
        }
        match functions::signature(name.as_str()) {
            Some(signature) if functions::is_reserved(name.as_str()) => Role::BuiltIn(signature),
            Some(_) | None if self.variables.contains(name) => Role::Variable,
            Some(signature) => Role::BuiltIn(signature),
            None if matches!(names::split(name).0, "I" | "𝟏" | "π") || self.is_commutation(name) => Role::Variable,
            None => Role::Unknown,
        }
    }

    /// `K_{n,m}`; beside a variable K these are its parts.
    pub fn is_commutation(&self, name: &Name) -> bool {
        let (base, sizes) = names::split(name);
        base == "K" && sizes.is_some_and(|s| s.contains(',')) && !self.variables.contains(&Name::new("K"))
    }

    /// Notes which names these tokens use as variables and which they call. `parameter` is bound within them.
    pub fn collect(&mut self, tokens: &[Token], parameter: Option<&Name>) {
        for (i, token) in tokens.iter().enumerate() {
            let Some(name) = token.tok.name().filter(|n| Some(*n) != parameter) else { continue };
            if is_transpose_sign(tokens, i) {
                continue;
            }
            if is_called(tokens, i) {
                self.called.insert(name.clone());
            } else if !matches!(name.as_str(), "rows" | "cols") {
                self.variables.insert(name.clone());
            }
        }
    }
}

/// `f(`, `f'(`.
pub(super) fn is_called(tokens: &[Token], i: usize) -> bool {
    let primes = tokens[i + 1..].iter().take_while(|t| t.tok == Tok::Prime).count();
    tokens.get(i + 1 + primes).is_some_and(|t| t.tok == Tok::Open(Bracket::Paren))
}

/// The T of `^T` and `^{-T}`.
fn is_transpose_sign(tokens: &[Token], i: usize) -> bool {
    let before = tokens[..i].iter().rev().map(|t| &t.tok);
    let mut before = before.skip_while(|t| matches!(t, Tok::Minus | Tok::Open(Bracket::Brace | Bracket::Paren)));
    tokens[i].tok.is_name("T") && before.next() == Some(&Tok::Caret)
}
