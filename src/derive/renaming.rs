//! Problems up to renaming.

use super::problem::Local;
use crate::engine::Facts;
use crate::expr::{Atom, Expr, Op, Shape, Size, Symbol, variable};
use std::sync::OnceLock;

/// Variables and sizes numbered in order of appearance, so that equal problems look equal.
pub struct Renaming {
    names: Vec<(Symbol, Shape)>,
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
            && !self.names.iter().any(|(n, _)| *n == v.name)
        {
            self.names.push((v.name.clone(), v.shape.clone()));
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
        match self.names.iter().position(|(n, _)| n == name) {
            Some(i) => Symbol::Slot(i as u32),
            None => name.clone(),
        }
    }

    fn shape_forth(&self, s: &Shape) -> Shape {
        s.substitute(&|n| self.sizes.iter().position(|(m, _)| m == n).map(numbered_size))
    }

    fn shape_back(&self, s: &Shape) -> Shape {
        s.substitute(&|atom| match atom {
            Atom::Slot(i) => self.sizes.get(*i as usize).map(|(_, size)| size.clone()),
            Atom::Unknown(_) | Atom::Name(_) => None,
        })
    }

    pub fn forth(&self, e: &Expr) -> Expr {
        map_leaves(e, &|n| self.name_forth(n), &|s| self.shape_forth(s))
    }

    pub fn back(&self, e: &Expr) -> Expr {
        let known = |s: &Symbol| if let Symbol::Slot(i) = s { self.names.get(*i as usize) } else { None };
        let name = |s: &Symbol| known(s).map_or_else(|| s.clone(), |(own, _)| own.clone());
        map_leaves(e, &name, &|s| self.shape_back(s))
    }

    pub fn local_back(&self, local: &Local) -> Local {
        let back = |e: &Expr| self.back(e);
        Local { result: self.back(&local.result), steps: local.steps.iter().map(|s| s.map(&back)).collect() }
    }

    pub fn facts(&self, facts: &Facts) -> Facts {
        self.names.iter().filter_map(|(n, _)| Some((self.name_forth(n), facts.get(n)?.clone()))).collect()
    }
}

/// Replaces names and shapes in every leaf and every operator that holds a size.
fn map_leaves(e: &Expr, name: &dyn Fn(&Symbol) -> Symbol, shape: &dyn Fn(&Shape) -> Shape) -> Expr {
    if let Op::Variable(v) = e.op() {
        return variable(name(&v.name), &shape(&v.shape));
    }
    let op = e.op().map_sizes(&mut |s| shape(&Shape::vector(s.clone())).rows);
    let args = e.args().iter().map(|a| map_leaves(a, name, shape)).collect();
    // other names change the order of sums and elementwise products at most
    match op {
        Op::Mul | Op::Transpose | Op::Map(_) | Op::Field(_) => Expr::node(op, args),
        op => crate::expr::build(op, args),
    }
}
