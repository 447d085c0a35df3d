//! Results in terms of the document's variables alone.

use super::Definition;
use crate::expr::{Expr, Symbol};
use rustc_hash::FxHashMap as HashMap;

/// Beyond this many nodes the inlined form is left out, as the contract says; a stack of WebAssembly holds no more.
const INLINE_NODES: u64 = if cfg!(target_family = "wasm") { 250 } else { 10_000 };

/// Definitions written out into one another, as far as they stay below the bound.
pub struct Inliner {
    values: HashMap<Symbol, Option<Expr>>,
}

impl Inliner {
    /// `definitions` in dependency order.
    pub fn new<'a>(definitions: impl Iterator<Item = &'a Definition>) -> Inliner {
        let mut inliner = Inliner { values: HashMap::default() };
        for d in definitions {
            let value = inliner.inline(&d.value);
            inliner.values.insert(d.name.clone(), value);
        }
        inliner
    }

    /// The expression without any defined name; `None` when it would be too large.
    pub fn inline(&self, e: &Expr) -> Option<Expr> {
        if self.size(e)? > INLINE_NODES {
            return None;
        }
        let inlined = e.substitute(&|n| self.values.get(n).cloned().flatten());
        (inlined.nodes() <= INLINE_NODES).then_some(inlined)
    }

    /// How many nodes it would have, before the constructors make less of them.
    fn size(&self, e: &Expr) -> Option<u64> {
        if e.nodes() > INLINE_NODES {
            return Some(e.nodes());
        }
        match e.as_variable().and_then(|v| self.values.get(&v.name)) {
            Some(value) => value.as_ref().map(Expr::nodes),
            None => e.args().iter().try_fold(1u64, |sum, a| Some(sum.saturating_add(self.size(a)?))),
        }
    }
}
