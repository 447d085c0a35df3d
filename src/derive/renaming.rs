//! Problems up to renaming.

use super::problem::Local;
use crate::engine::Facts;
use crate::expr::{Atom, Expr, Op, Shape, Size, Symbol, variable};
use std::sync::OnceLock;

/// Variables and sizes numbered in order of appearance, so that equal problems look equal.
pub struct Renaming {
    names: Vec<Symbol>,
    sizes: Vec<(Atom, Size)>,
}

/// Sizes up to this number are made once: every local problem has a few.
const READY_MADE: u32 = 64;

/// The size of a number.
fn numbered_size(i: usize) -> Size {
    static SIZES: OnceLock<Vec<Size>> = OnceLock::new();
    let make = |i: u32| Size::atom(Atom::Slot(i));
    let ready = SIZES.get_or_init(|| (0..READY_MADE).map(make).collect());
    ready.get(i).cloned().unwrap_or_else(|| make(i as u32))
}

impl Renaming {
    pub fn of(e: &Expr) -> Renaming {
        let mut renaming = Renaming { names: vec![], sizes: vec![] };
        renaming.visit(e);
        renaming
    }

    fn visit(&mut self, e: &Expr) {
        if let Op::Variable(v) = e.op()
            && !self.names.contains(&v.name)
        {
            self.names.push(v.name.clone());
        }
        e.op().sizes().into_iter().for_each(|s| self.visit_size(s));
        e.args().iter().for_each(|a| self.visit(a));
    }

    fn visit_size(&mut self, s: &Size) {
        for n in s.atoms() {
            if !self.sizes.iter().any(|(known, _)| known == n) {
                self.sizes.push((n.clone(), Size::atom(n.clone())));
            }
        }
    }

    fn name_forth(&self, name: &Symbol) -> Symbol {
        match self.names.iter().position(|n| n == name) {
            Some(i) => Symbol::Slot(i as u32),
            None => name.clone(),
        }
    }

    fn size_forth(&self, s: &Size) -> Size {
        s.substitute(&|n| self.sizes.iter().position(|(m, _)| m == n).map(numbered_size))
    }

    fn size_back(&self, s: &Size) -> Size {
        s.substitute(&|atom| match atom {
            Atom::Slot(i) => self.sizes.get(*i as usize).map(|(_, size)| size.clone()),
            Atom::Unknown(_) | Atom::Name(_) => None,
        })
    }

    pub fn forth(&self, e: &Expr) -> Expr {
        map_leaves(e, &|n| self.name_forth(n), &|s| self.size_forth(s))
    }

    pub fn back(&self, e: &Expr) -> Expr {
        let known = |s: &Symbol| if let Symbol::Slot(i) = s { self.names.get(*i as usize) } else { None };
        let name = |s: &Symbol| known(s).unwrap_or(s).clone();
        map_leaves(e, &name, &|s| self.size_back(s))
    }

    /// What was found of the term `of`, by its own names.
    pub fn local_back(&self, local: &Local, canonical: &Expr, of: &Expr) -> Local {
        if local.steps.is_empty() && local.result == *canonical {
            return Local { result: of.clone(), steps: vec![] };
        }
        let back = |e: &Expr| self.back(e);
        Local { result: self.back(&local.result), steps: local.steps.iter().map(|s| s.map(&back)).collect() }
    }

    /// What was found of a term, by the numbers of its names.
    pub fn local_forth(&self, local: &Local) -> Local {
        let forth = |e: &Expr| self.forth(e);
        Local { result: self.forth(&local.result), steps: local.steps.iter().map(|s| s.map(&forth)).collect() }
    }

    /// What is known of its variables, where something is.
    pub fn facts(&self, facts: &Facts) -> Facts {
        if facts.is_empty() {
            return Facts::new();
        }
        let numbered = self.names.iter().enumerate();
        numbered.filter_map(|(i, n)| Some((Symbol::Slot(i as u32), facts.get(n)?.clone()))).collect()
    }
}

/// Replaces names and sizes in every leaf and every operator that holds a size.
fn map_leaves(e: &Expr, name: &dyn Fn(&Symbol) -> Symbol, size: &dyn Fn(&Size) -> Size) -> Expr {
    if let Op::Variable(v) = e.op() {
        return variable(name(&v.name), &Shape::new(size(&v.shape.rows), size(&v.shape.cols)));
    }
    let op = e.op().map_sizes(&mut |s| size(s));
    let args = e.args().iter().map(|a| map_leaves(a, name, size)).collect();
    // other names change the order of sums and elementwise products at most
    match op {
        Op::Mul | Op::Transpose | Op::Map(_) | Op::Field(_) => Expr::node(op, args),
        op => crate::expr::build(op, args),
    }
}
