//! What corrections are made of: the pieces of the right result and the names of the document.

use crate::expr::{Expr, Map, Op, Symbol, variable};
use crate::program::{Definition, Program};
use std::collections::BTreeSet;

/// More pieces of a kind than this are not tried.
const MAX_PIECES: usize = 40;
/// Larger pieces are not tried.
const MAX_NODES: u64 = 60;

/// Pieces of the right result.
pub struct Material {
    /// Factors of its products, elementwise or not.
    pub factors: Vec<Expr>,
    /// Terms of its sums.
    pub terms: Vec<Expr>,
    /// What functions are applied to.
    pub arguments: Vec<Expr>,
    /// Scalars, of the document too.
    pub scalars: Vec<Expr>,
    /// Variables and named intermediates.
    pub names: Vec<Expr>,
}

impl Material {
    pub fn new(right: Option<&Expr>, claim: &Expr, definitions: &[Definition], program: &Program) -> Material {
        let mut pieces = Pieces::default();
        let mut used: BTreeSet<Symbol> = claim.variables();
        if let Some(right) = right {
            pieces.piece(right);
            pieces.terms(right);
            pieces.visit(right);
            used.extend(right.variables());
        }
        for d in definitions.iter().rev() {
            pieces.scalars(&d.value);
            if d.value.is_scalar() && d.name != Symbol::Bare {
                pieces.scalars.insert(0, variable(&d.name, d.value.shape()));
            }
        }
        let inputs = program.inputs.iter().map(|i| variable(&i.name, &i.shape));
        let defined = definitions.iter().filter(|d| d.name != Symbol::Bare);
        let mut names: Vec<Expr> = inputs.chain(defined.map(|d| variable(&d.name, d.value.shape()))).collect();
        names.sort_by_key(|e| e.as_variable().is_none_or(|v| !used.contains(&v.name)));
        Material {
            factors: first(pieces.factors),
            terms: first(pieces.terms),
            arguments: first(pieces.arguments),
            scalars: first(pieces.scalars),
            names: first(names),
        }
    }
}

/// Each once, the first ones.
fn first(pieces: Vec<Expr>) -> Vec<Expr> {
    let mut kept: Vec<Expr> = vec![];
    for e in pieces {
        if kept.len() < MAX_PIECES && e.nodes() <= MAX_NODES && !kept.contains(&e) {
            kept.push(e);
        }
    }
    kept
}

#[derive(Default)]
struct Pieces {
    factors: Vec<Expr>,
    terms: Vec<Expr>,
    arguments: Vec<Expr>,
    scalars: Vec<Expr>,
}

impl Pieces {
    fn piece(&mut self, e: &Expr) {
        if e.is_scalar() {
            self.scalars.push(e.clone());
        }
        self.factors.push(e.clone());
    }

    fn terms(&mut self, e: &Expr) {
        match e.op() {
            Op::Add => self.terms.extend(e.args().iter().cloned()),
            _ => self.terms.push(e.clone()),
        }
    }

    fn visit(&mut self, e: &Expr) {
        match e.op() {
            Op::Had | Op::Mul | Op::Transpose => e.args().iter().for_each(|a| self.piece(a)),
            Op::Add => self.terms.extend(e.args().iter().cloned()),
            Op::Map(Map { .. }) => {
                self.arguments.push(e.args()[0].clone());
                self.factors.push(e.clone());
            }
            Op::Pow => self.piece(e),
            _ => {}
        }
        e.args().iter().for_each(|a| self.visit(a));
    }

    fn scalars(&mut self, e: &Expr) {
        if e.is_scalar() && self.scalars.len() < MAX_PIECES {
            self.scalars.push(e.clone());
        }
        e.args().iter().for_each(|a| self.scalars(a));
    }
}
