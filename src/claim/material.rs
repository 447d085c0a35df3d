//! What corrections are made of: the pieces of the right result and the names of the document.

use crate::expr::{
    Expr, Index, Indexed, Map, Op, Shape, Symbol, as_number, build, had, integer, neg, stacked_shape, variable, weight,
};
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
    /// The letters that are free in the claim.
    pub letters: Vec<Index>,
}

impl Material {
    pub fn new(right: Option<&Expr>, claim: &Expr, definitions: &[Definition], program: &Program) -> Material {
        let rights: Vec<&Expr> = right.into_iter().collect();
        Material::made(&rights, claim, definitions, program)
    }

    /// Of the right result in several forms.
    pub fn made(rights: &[&Expr], claim: &Expr, definitions: &[Definition], program: &Program) -> Material {
        let mut pieces = Pieces::default();
        let (mut used, mut members): (BTreeSet<Symbol>, Vec<Expr>) = (claim.variables(), vec![]);
        members_in(claim, &mut members);
        for right in rights {
            pieces.piece(right);
            pieces.terms(right);
            pieces.visit(right);
            used.extend(right.variables());
            members_in(right, &mut members);
        }
        for d in definitions.iter().rev().filter(|d| !program.plates.contains_key(&d.name)) {
            pieces.scalars(&d.value);
            if d.value.is_scalar() && d.name != Symbol::Bare {
                pieces.scalars.insert(0, variable(&d.name, d.value.shape()));
            }
        }
        let inputs = program.inputs.iter().map(|i| (&i.name, &i.shape));
        let defined = definitions.iter().filter(|d| d.name != Symbol::Bare).map(|d| (&d.name, d.value.shape()));
        let mut names: Vec<Expr> =
            inputs.chain(defined).filter_map(|(name, shape)| whole(name, shape, program)).collect();
        names.sort_by_key(|e| e.as_variable().is_none_or(|v| !used.contains(&v.name)));
        // a factor may be missing with its sign
        let signed: Vec<Expr> =
            pieces.factors.iter().filter(|f| f.as_variable().is_some()).map(|f| neg(f.clone())).collect();
        Material {
            factors: [first(pieces.factors), first(signed)].concat(),
            terms: first(pieces.terms),
            arguments: first(pieces.arguments),
            scalars: first(pieces.scalars),
            names: first(members.into_iter().chain(names).collect()),
            letters: vec![],
        }
    }
}

/// A name without an index.
fn whole(name: &Symbol, shape: &Shape, program: &Program) -> Option<Expr> {
    match program.plates.get(name) {
        Some(plate) => stacked_shape(plate, shape).map(|whole| variable(name, &whole)),
        None => Some(variable(name, shape)),
    }
}

/// The members a term speaks of, those in sums too.
fn members_in(e: &Expr, found: &mut Vec<Expr>) {
    match e.as_variable().and_then(|v| v.name.as_indexed()) {
        Some(Indexed::Member { .. }) => found.push(e.clone()),
        Some(indexed) => indexed.inside().into_iter().for_each(|(part, _)| members_in(part, found)),
        None => {}
    }
    e.args().iter().for_each(|a| members_in(a, found));
}

/// δ_ij of δ_ij xₗ.
fn bracket(indexed: &Indexed) -> Option<Expr> {
    let Indexed::Gathered { by, over, when, .. } = indexed else { return None };
    let own = Indexed::Gathered { by: *by, over: vec![], when: when.clone(), body: integer(1) };
    over.is_empty().then(|| variable(own.symbol(), &Shape::scalar()))
}

/// Each once, the first ones.
fn first(pieces: Vec<Expr>) -> Vec<Expr> {
    let mut kept: Vec<Expr> = vec![];
    for e in pieces {
        if kept.len() < MAX_PIECES && weight(&e) <= MAX_NODES && !kept.contains(&e) {
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
            _ => {
                self.terms.push(e.clone());
                self.terms.extend(multiplied_out(e));
            }
        }
    }

    fn visit(&mut self, e: &Expr) {
        match e.op() {
            Op::Had | Op::Mul | Op::Transpose => {
                e.args().iter().for_each(|a| self.piece(a));
                self.factors.extend(numbered(e));
            }
            Op::Add => self.terms.extend(e.args().iter().cloned()),
            Op::Map(Map { .. }) => {
                self.arguments.push(e.args()[0].clone());
                self.factors.push(e.clone());
            }
            Op::Pow => self.piece(e),
            Op::Variable(v) => {
                if let Some((part, _)) = v.name.as_indexed().and_then(Indexed::inside) {
                    self.piece(e);
                    self.factors.extend(v.name.as_indexed().and_then(bracket));
                    self.piece(part);
                    self.visit(part);
                }
            }
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

/// The number in front of a product with each of its other factors: 2 x of 2 x ∘ cos(x²).
fn numbered(product: &Expr) -> Vec<Expr> {
    let number = product.args().iter().find(|a| as_number(a).is_some()).filter(|_| *product.op() == Op::Had);
    let others = || product.args().iter().filter(|a| as_number(a).is_none());
    let with = |n: &Expr| others().map(|a| had(vec![n.clone(), a.clone()])).collect();
    number.filter(|_| others().count() > 1).map_or_else(Vec::new, with)
}

/// Terms of a sum with a constant in front: 2 (a + b) has 2 a and 2 b.
pub(super) fn multiplied_out(e: &Expr) -> Vec<Expr> {
    let sums: Vec<usize> = (0..e.args().len()).filter(|i| as_number(&e.args()[*i]).is_none()).collect();
    match (e.op(), sums.as_slice()) {
        (Op::Had | Op::Mul, [at]) if *e.args()[*at].op() == Op::Add => {
            let with = |term: &Expr| {
                let mut args = e.args().to_vec();
                args[*at] = term.clone();
                build(e.op().clone(), args)
            };
            e.args()[*at].args().iter().map(with).collect()
        }
        _ => vec![],
    }
}
