//! The e-graph's language: the core's operators over e-class ids, products binary.

use crate::expr::{Expr, Op, build};
use egg::{FlatTerm, Id, Language, RecExpr};
use std::mem::{Discriminant, discriminant};
use std::sync::Arc;

/// An e-node. Sums and elementwise products are n-ary as in trees; a product chain is nested to the right.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node {
    pub op: Arc<Op>,
    pub args: Vec<Id>,
}

impl Language for Node {
    type Discriminant = Discriminant<Op>;

    fn discriminant(&self) -> Self::Discriminant {
        discriminant(&*self.op)
    }

    fn matches(&self, other: &Self) -> bool {
        self.args.len() == other.args.len() && self.op == other.op
    }

    fn children(&self) -> &[Id] {
        &self.args
    }

    fn children_mut(&mut self) -> &mut [Id] {
        &mut self.args
    }
}

/// The tree as the engine sees it: every chain of products binary, nested to the right.
pub fn binary_products(op: Op, mut args: Vec<Expr>) -> Expr {
    if op == Op::Mul && args.len() > 2 {
        let rest = args.split_off(1);
        args.push(binary_products(Op::Mul, rest));
    }
    Expr::node(op, args)
}

/// Writes a tree into an egg expression. `leaf` may take over a subtree (the engine's references to e-classes).
pub fn flatten<L>(e: &Expr, nodes: &mut RecExpr<L>, make: &dyn Fn(Node) -> L, leaf: &dyn Fn(&Expr) -> Option<L>) -> Id
where
    L: Language,
{
    if let Some(l) = leaf(e) {
        return nodes.add(l);
    }
    if *e.op() == Op::Mul && e.args().len() > 2 {
        return flatten(&binary_products(Op::Mul, e.args().to_vec()), nodes, make, leaf);
    }
    let args = e.args().iter().map(|a| flatten(a, nodes, make, leaf)).collect();
    nodes.add(make(Node { op: Arc::new(e.op().clone()), args }))
}

/// A tree as an egg expression.
pub fn to_rec(e: &Expr) -> RecExpr<Node> {
    let mut nodes = RecExpr::default();
    flatten(e, &mut nodes, &|n| n, &|_| None);
    nodes
}

/// An egg expression as a tree, through the constructors: what only regroups factors or terms reads the same afterwards.
pub fn from_rec(nodes: &RecExpr<Node>) -> Expr {
    let mut built: Vec<Expr> = Vec::with_capacity(nodes.as_ref().len());
    for node in nodes.as_ref() {
        let args = node.args.iter().map(|id| built[usize::from(*id)].clone()).collect();
        built.push(build((*node.op).clone(), args));
    }
    built.pop().expect("an egg expression has a root")
}

/// A term of a proof as a tree.
pub fn from_flat(term: &FlatTerm<Node>) -> Expr {
    build((*term.node.op).clone(), term.children.iter().map(from_flat).collect())
}
