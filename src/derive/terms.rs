//! What is differentiated one by one: definitions, and of wide sums the terms.

use crate::expr::{Expr, Op, Symbol};
use crate::program::Definition;
use rustc_hash::FxHashMap as HashMap;

/// A sum of more terms is differentiated term by term.
const WIDE: usize = 12;

/// The terms of wide sums, by the names in them.
pub struct Terms<'a> {
    wide: HashMap<&'a Symbol, HashMap<Symbol, Vec<&'a Expr>>>,
}

impl<'a> Terms<'a> {
    pub fn new(definitions: &'a [Definition]) -> Terms<'a> {
        let is_wide = |d: &&Definition| *d.value.op() == Op::Add && d.value.args().len() > WIDE;
        Terms { wide: definitions.iter().filter(is_wide).map(|d| (&d.name, by_name(&d.value))).collect() }
    }

    /// The parts of a definition with `x` in them.
    pub fn with(&self, d: &Definition, x: &Symbol) -> Vec<Expr> {
        match self.wide.get(&d.name) {
            Some(terms) => terms.get(x).into_iter().flatten().copied().cloned().collect(),
            None => vec![d.value.clone()],
        }
    }
}

fn by_name(sum: &Expr) -> HashMap<Symbol, Vec<&Expr>> {
    let mut terms: HashMap<Symbol, Vec<&Expr>> = HashMap::default();
    for term in sum.args() {
        term.variables().into_iter().for_each(|name| terms.entry(name).or_default().push(term));
    }
    terms
}
