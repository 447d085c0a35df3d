//! What the names of a document are: collected from all its statements before any is parsed.

use super::super::factors;
use super::super::heads::Draft;
use super::super::token::{Tok, Token};
use super::super::{Ast, Declaration, DeclaredShape, Syntax};
use super::DocumentBuilder;
use crate::diag::{Error, Kind, Span};
use crate::expr::Name;
use std::collections::{BTreeMap, BTreeSet};

impl DocumentBuilder<'_> {
    pub(super) fn declare_all(&mut self, drafts: &[Draft]) {
        for draft in drafts {
            if let Draft::Declarations(list) = draft {
                list.iter().for_each(|d| self.declare(d));
            }
        }
    }

    pub(super) fn collect(&mut self, drafts: &[Draft]) {
        let is_kernel = drafts.iter().flat_map(Draft::values).any(|tokens| self.names.calls_kernel(tokens));
        self.names.is_kernel = is_kernel;
        self.names.factors = factors::factors(drafts.iter().flat_map(Draft::values));
        for draft in drafts {
            match draft {
                Draft::Declarations(_) => {}
                Draft::Function { name, parameters, body } => {
                    self.names.functions.extend(name.tok.name().cloned());
                    self.names.known.extend(name.tok.name().cloned());
                    let several = name.tok.name().filter(|_| parameters.len() > 1);
                    self.names.parameters.extend(several.map(|n| (n.clone(), parameters.clone())));
                    self.names.collect(body, parameters);
                }
                Draft::Definition { name, value } => {
                    self.define(name);
                    self.names.collect(value, &[]);
                }
                Draft::Equation { left, right } => {
                    self.names.collect(left, &[]);
                    self.names.collect(right, &[]);
                }
                Draft::Expression(tokens) => self.names.collect(tokens, &[]),
            }
        }
        self.doubt_factors(drafts);
    }

    /// `h (ν - ν_0)`, where nothing in the text says what h is.
    fn doubt_factors(&mut self, drafts: &[Draft]) {
        if drafts.iter().any(|d| matches!(d, Draft::Declarations(_)))
            || [r"\mathbf", r"\boldsymbol", r"\vec"].iter().any(|c| self.text.contains(c))
        {
            return;
        }
        let names = &self.names;
        let open = |name: &Name| {
            let known = names.functions.contains(name) || names.variables.contains(name);
            !known && !names.factors.contains(name) && !names.differentiated.contains(name)
        };
        let changes = ["\\dot", "\u{307}"].iter().any(|dot| self.text.contains(dot));
        let doubtful = factors::doubtful(drafts.iter().flat_map(Draft::values), changes);
        let calls = factors::calls(drafts.iter().flat_map(Draft::values));
        self.document.doubtful = doubtful.into_iter().filter(|(name, _)| open(name)).collect();
        self.document.calls = calls.into_iter().filter(|(name, _)| open(name)).collect();
    }

    fn declare(&mut self, declaration: &Declaration) {
        let name = declaration.name.clone();
        self.names.known.insert(name.clone());
        match &declaration.shape {
            DeclaredShape::Elementwise => drop(self.names.functions.insert(name)),
            DeclaredShape::Field { domain, codomain } => {
                self.names.functions.insert(name);
                domain.iter().chain(codomain).for_each(|s| collect_sizes(s, &mut self.names.sizes));
            }
            DeclaredShape::Scalar | DeclaredShape::Unsaid(_) => drop(self.names.variables.insert(name)),
            DeclaredShape::Sizes(sizes) => {
                self.names.variables.insert(name);
                sizes.iter().for_each(|s| collect_sizes(s, &mut self.names.sizes));
            }
        }
    }

    fn define(&mut self, name: &Token) {
        if let Some(name) = name.tok.name() {
            // n = 3 is a condition on a size unless n is also a variable
            if !self.names.sizes.contains(name) {
                self.names.variables.insert(name.clone());
                self.names.known.insert(name.clone());
            }
        }
    }

    /// `f(x) = x^T A x` that nobody calls is what people write for a definition of f.
    pub(super) fn functions_as_definitions(&mut self, drafts: &mut [Draft]) {
        let bare: BTreeSet<Name> = drafts.iter().flat_map(values_named).collect();
        // `f(x) = (x - μ)/σ, σ = 2`: what others use is not what is derived
        let derivable = |d: &Draft| match d {
            Draft::Definition { name, .. } => name.tok.name().is_none_or(|name| !bare.contains(name)),
            Draft::Expression(_) => true,
            Draft::Declarations(_) | Draft::Function { .. } | Draft::Equation { .. } => false,
        };
        let alone = !self.declarations && !drafts.iter().any(derivable);
        for draft in drafts.iter_mut() {
            let Draft::Function { name, parameters, body } = draft else { continue };
            let Some(function) = name.tok.name().cloned() else { continue };
            let called = self.names.called.contains(&function);
            let scalar = parameters.len() == 1 && !self.names.variables.contains(&parameters[0]);
            // `r_i(β) = …, S = Σ r_i^2`: the head lists what the value depends on
            let value = bare.contains(&function);
            if called || (scalar && !alone && !value && !mentions_array(body, &parameters[0])) {
                continue;
            }
            self.document.listed.extend(parameters.iter().cloned());
            self.document.heads.insert(function.clone(), parameters.clone());
            self.names.functions.remove(&function);
            self.names.parameters.remove(&function);
            self.names.variables.extend(std::iter::once(function).chain(parameters.iter().cloned()));
            *draft = Draft::Definition { name: name.clone(), value: std::mem::take(body) };
        }
    }

    pub(super) fn check_duplicates(&mut self, drafts: &[Draft]) {
        let mut declared: BTreeMap<&Name, &Declaration> = BTreeMap::new();
        let mut defined: BTreeMap<&Name, Span> = BTreeMap::new();
        for draft in drafts {
            match draft {
                Draft::Declarations(list) => {
                    for d in list {
                        let again = declared.insert(&d.name, d).filter(|old| old.shape != d.shape);
                        self.errors.extend(again.map(|old| duplicate("declared", &d.name, d.name_span, old.name_span)));
                    }
                }
                Draft::Function { name, .. } | Draft::Definition { name, .. } => {
                    let Some(text) = name.tok.name() else { continue };
                    let condition = self.is_size(text);
                    let again = defined.insert(text, name.span).filter(|_| !condition);
                    self.errors.extend(again.map(|old| duplicate("defined", text, name.span, old)));
                }
                Draft::Equation { .. } | Draft::Expression(_) => {}
            }
        }
    }

    /// A name that only occurs as a size of declarations: an equation with it is a condition.
    pub(super) fn is_size(&self, name: &Name) -> bool {
        self.names.sizes.contains(name) && !self.names.known.contains(name)
    }
}

/// The names that stand in a statement without a bracket behind them.
fn values_named(draft: &Draft) -> Vec<Name> {
    let tokens = match draft {
        Draft::Function { body, .. } => body,
        Draft::Definition { value, .. } => value,
        Draft::Expression(tokens) => tokens,
        Draft::Declarations(_) | Draft::Equation { .. } => return Vec::new(),
    };
    let called = |t: &Token| matches!(t.tok, Tok::Open(_) | Tok::Prime);
    let pairs = tokens.windows(2).filter(|pair| !called(&pair[1]));
    pairs.filter_map(|pair| pair[0].tok.name().cloned()).collect()
}

fn duplicate(what: &str, name: &Name, here: Span, first: Span) -> Error {
    Error::new(Kind::Name, format!("{name} is {what} twice"))
        .at(here, format!("{what} again here"))
        .at(first, format!("first {what} here"))
        .help("keep one of them, or give one another name")
}

fn collect_sizes(size: &Ast, sizes: &mut BTreeSet<Name>) {
    match &size.kind {
        Syntax::Name(name) => drop(sizes.insert(name.clone())),
        Syntax::Sum(terms) => terms.iter().for_each(|(_, t)| collect_sizes(t, sizes)),
        Syntax::Binary(_, a, b) => [a, b].into_iter().for_each(|s| collect_sizes(s, sizes)),
        Syntax::Number(_)
        | Syntax::Partial(_)
        | Syntax::Keyword(..)
        | Syntax::Call { .. }
        | Syntax::Slope { .. }
        | Syntax::Neg(_)
        | Syntax::Transpose(_)
        | Syntax::Inverse(_)
        | Syntax::Power(..)
        | Syntax::ElementPower(..)
        | Syntax::Norm(..)
        | Syntax::Bars(_)
        | Syntax::Matrix(_)
        | Syntax::Slice { .. }
        | Syntax::Entry { .. }
        | Syntax::Gathered { .. }
        | Syntax::Iverson(_) => {}
    }
}

/// True when a body takes its parameter for an array: it transposes it or multiplies it by a matrix.
fn mentions_array(body: &[Token], parameter: &Name) -> bool {
    let array = |t: &Token| match &t.tok {
        Tok::Bar(_) => true,
        Tok::Name(name) => name.as_str().starts_with(|c: char| c.is_ascii_uppercase()),
        _ => false,
    };
    let transposed = body.windows(3).any(|w| {
        w[0].tok.name() == Some(parameter)
            && (w[1].tok == Tok::Prime
                || (w[1].tok == Tok::Caret && w[2].tok.is_transpose())
                || matches!(&w[1].tok, Tok::Superscript(s) if s.contains('T')))
    });
    transposed || body.iter().any(array)
}
