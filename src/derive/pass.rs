//! One way to sweep: from definition to definition, what is known at one place is handed on to the next, adds up there, and
//! may get a name. What it is, a cotangent, a Jacobian or a change, only the pass knows.

use super::local::Solver;
use super::problem::Local;
use super::recall::Recall;
use super::steps::Block;
use super::terms::Terms;
use crate::diag::Error;
use crate::expr::{Expr, Shape, Symbol, add, is_zero};
use crate::program::Definition;
use rustc_hash::FxHashMap as HashMap;
use std::collections::{BTreeMap, BTreeSet};

/// What a sweep found.
#[derive(Debug, Default)]
pub struct Swept {
    /// The total derivative of a definition by a target.
    pub totals: BTreeMap<(Symbol, Symbol), Expr>,
    /// Named cotangents, Jacobians or changes, in the order in which results may use them.
    pub deltas: Vec<Definition>,
    pub blocks: Vec<Block>,
}

/// What is handed on that has more nodes gets a name even where it is used once: it must not grow with the depth.
pub const LONG: u64 = 40;

/// Where a definition uses an operand.
pub struct Link<'a> {
    pub of: &'a Definition,
    /// The definition's value, or the term of a wide sum.
    pub term: Expr,
    pub operand: Symbol,
    pub shape: Shape,
}

/// The definitions as a pass walks over them, and what it has found.
pub struct Walk<'a> {
    pub definitions: &'a [Definition],
    pub solver: &'a mut Solver,
    pub steps: bool,
    pub out: Swept,
    pub recall: Recall,
    /// The names in each definition that move.
    operands: HashMap<&'a Symbol, Vec<(Symbol, Shape)>>,
    terms: Terms<'a>,
}

impl<'a> Walk<'a> {
    /// Over definitions in order, through all that moves with the targets.
    pub fn new(
        definitions: &'a [Definition],
        targets: impl Iterator<Item = Symbol>,
        recall: Recall,
        solver: &'a mut Solver,
    ) -> Walk<'a> {
        let active = active(definitions, targets);
        Walk {
            definitions,
            solver,
            steps: false,
            out: Swept::default(),
            recall,
            operands: definitions.iter().map(|d| (&d.name, operands(&d.value, &active))).collect(),
            terms: Terms::new(definitions),
        }
    }

    /// The same walk with every step told.
    pub fn told(self, steps: bool) -> Walk<'a> {
        Walk { steps, ..self }
    }

    /// What moves in a definition, with the shapes.
    pub fn operands(&self, of: &Symbol) -> &[(Symbol, Shape)] {
        self.operands.get(of).map_or(&[], Vec::as_slice)
    }

    /// Every use a definition makes of what moves.
    pub fn links(&self, of: &'a Definition) -> Vec<Link<'a>> {
        self.operands(&of.name).iter().flat_map(|(x, shape)| self.links_to(of, x, shape)).collect()
    }

    /// Every use a definition makes of one operand.
    pub fn links_to(&self, of: &'a Definition, operand: &Symbol, shape: &Shape) -> Vec<Link<'a>> {
        let link = |term| Link { of, term, operand: operand.clone(), shape: shape.clone() };
        self.terms.with(of, operand).into_iter().map(link).collect()
    }

    /// What arrives at a place added up, and in the form an author would print.
    pub fn combined(&mut self, contributions: Vec<Expr>) -> (Expr, Local) {
        let sum = add(contributions);
        let local = self.recall.tidy(&sum, self.solver);
        (sum, local)
    }

    /// A value that is written once and called by its name from now on.
    pub fn define(&mut self, name: &Symbol, value: &Expr, at: &Definition) {
        self.out.deltas.push(Definition { name: name.clone(), value: value.clone(), written: None, span: at.span });
    }

    /// All that was found, told in the names of the definitions.
    pub fn found(self) -> Swept {
        let blocks = self.recall.spoken(self.out.blocks);
        Swept { blocks, ..self.out }
    }
}

/// What is handed on, and how.
pub trait Pass<'a> {
    fn walk(&mut self) -> &mut Walk<'a>;

    /// What a link makes of what is known at the end it is walked from.
    fn step(&mut self, link: &Link, known: &Expr) -> Result<Expr, Error>;

    /// All that arrives at a place, which a definition may be: added up, and named where that is worth it.
    fn arrive(&mut self, at: &Symbol, definition: Option<&Definition>, contributions: Vec<Expr>) -> Expr;
}

/// From a definition back to the targets.
pub fn backwards<'a>(
    pass: &mut impl Pass<'a>,
    (of, seed): (&Symbol, Expr),
    targets: impl Iterator<Item = &'a Symbol>,
) -> Result<(), Error> {
    let mut arrived: HashMap<Symbol, Vec<Expr>> = HashMap::default();
    arrived.insert(of.clone(), vec![seed]);
    for d in pass.walk().definitions.iter().rev() {
        let Some(contributions) = arrived.remove(&d.name) else { continue };
        let known = pass.arrive(&d.name, Some(d), contributions);
        for link in pass.walk().links(d) {
            let handed = pass.step(&link, &known)?;
            arrived.entry(link.operand).or_default().push(handed);
        }
    }
    for target in targets {
        if let Some(contributions) = arrived.remove(target) {
            pass.arrive(target, None, contributions);
        }
    }
    Ok(())
}

/// From what is known of the targets on to a definition: what arrives there, `None` where nothing does.
pub fn forwards<'a>(
    pass: &mut impl Pass<'a>,
    mut known: BTreeMap<Symbol, Expr>,
    of: &Symbol,
) -> Result<Option<Expr>, Error> {
    for d in pass.walk().definitions {
        if known.contains_key(&d.name) {
            continue; // a target moves by itself
        }
        let mut contributions = vec![];
        for link in pass.walk().links(d) {
            if let Some(start) = known.get(&link.operand) {
                contributions.push(pass.step(&link, start)?);
            }
        }
        if !contributions.is_empty() {
            let arrived = pass.arrive(&d.name, Some(d), contributions);
            known.extend((!is_zero(&arrived)).then(|| (d.name.clone(), arrived)));
        }
        if d.name == *of {
            break;
        }
    }
    Ok(known.remove(of))
}

/// Names through which a target is reached.
pub fn active(definitions: &[Definition], targets: impl Iterator<Item = Symbol>) -> BTreeSet<Symbol> {
    let mut active: BTreeSet<Symbol> = targets.collect();
    for d in definitions {
        if d.value.has_variable(|v| active.contains(v)) {
            active.insert(d.name.clone());
        }
    }
    active
}

/// The active names in a value, with their shapes.
fn operands(value: &Expr, active: &BTreeSet<Symbol>) -> Vec<(Symbol, Shape)> {
    let mut found = BTreeMap::new();
    collect(value, active, &mut found);
    found.into_iter().collect()
}

fn collect(e: &Expr, active: &BTreeSet<Symbol>, found: &mut BTreeMap<Symbol, Shape>) {
    if let Some(v) = e.as_variable().filter(|v| active.contains(&v.name)) {
        found.insert(v.name.clone(), v.shape.clone());
    }
    e.args().iter().for_each(|a| collect(a, active, found));
}
