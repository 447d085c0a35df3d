//! Results in terms of the document's variables alone.

use crate::expr::{Expr, Name};
use crate::program::Definition;
use std::collections::HashMap;

/// Beyond this many nodes the inlined form is left out, as the contract says.
pub const INLINE_NODES: u64 = 10_000;

/// Definitions written out into one another, as far as they stay below the bound.
pub struct Inliner {
    values: HashMap<Name, Option<Expr>>,
}

impl Inliner {
    /// `definitions` in dependency order.
    pub fn new<'a>(definitions: impl Iterator<Item = &'a Definition>) -> Inliner {
        let mut inliner = Inliner { values: HashMap::new() };
        for d in definitions {
            let value = inliner.inline(&d.value);
            inliner.values.insert(d.name.clone(), value);
        }
        inliner
    }

    /// The expression without any defined name; `None` when it would be too large.
    pub fn inline(&self, e: &Expr) -> Option<Expr> {
        let names = e.variables();
        let mut size = e.nodes();
        for name in &names {
            match self.values.get(name) {
                Some(None) => return None,
                Some(Some(value)) => size = size.saturating_add(value.nodes()),
                None => {}
            }
        }
        if size > INLINE_NODES {
            return None;
        }
        let inlined = e.substitute(&|n| self.values.get(n).cloned().flatten());
        (inlined.nodes() <= INLINE_NODES).then_some(inlined)
    }
}
