//! The expression tree: immutable, shared, with its shape, its hash and its number of nodes at every node.

use super::{Op, Shape, Symbol, Variable, build, derive_shape};
use crate::fuel;
use rustc_hash::{FxHashSet, FxHasher};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// An expression of the core. Build one with the constructors of this module (`add`, `mul`, …), which keep the normal
/// order of sums and elementwise products.
#[derive(Clone)]
pub struct Expr(Arc<ExprNode>);

struct ExprNode {
    op: Op,
    args: Vec<Expr>,
    shape: Shape,
    hash: u64,
    nodes: u64,
}

impl Expr {
    /// A node as it is, without any rearrangement.
    ///
    /// # Panics
    /// When the shapes do not fit: whoever builds expressions checks shapes first (`shape::elaborate` for documents).
    pub fn node(op: Op, args: Vec<Expr>) -> Expr {
        fuel::burn(1 + args.len() as u64);
        let shapes: Vec<Shape> = args.iter().map(|a| a.shape().clone()).collect();
        let shape = derive_shape(&op, &shapes)
            // what was cut short may not fit, and is thrown away
            .or_else(|| fuel::is_spent().then(Shape::scalar))
            .unwrap_or_else(|| panic!("{op:?} of {shapes:?}: shapes are checked before an expression is built"));
        let mut hasher = FxHasher::default();
        op.hash(&mut hasher);
        args.iter().for_each(|a| a.0.hash.hash(&mut hasher));
        let nodes = args.iter().fold(1u64, |n, a| n.saturating_add(a.0.nodes));
        Expr(Arc::new(ExprNode { op, args, shape, hash: hasher.finish(), nodes }))
    }

    /// The operator at the root.
    pub fn op(&self) -> &Op {
        &self.0.op
    }

    /// Its arguments.
    pub fn args(&self) -> &[Expr] {
        &self.0.args
    }

    /// The factors of an elementwise product; of any other term the term itself.
    pub fn hadamard_factors(&self) -> &[Expr] {
        if *self.op() == Op::Had { self.args() } else { std::slice::from_ref(self) }
    }

    /// The shape of its value.
    pub fn shape(&self) -> &Shape {
        &self.0.shape
    }

    /// The number of nodes of the tree (saturating).
    pub fn nodes(&self) -> u64 {
        self.0.nodes
    }

    /// Whether its value is 1 × 1.
    pub fn is_scalar(&self) -> bool {
        self.shape().is_scalar()
    }

    /// Where the node lives: equal for two handles of one node, so that work on shared subtrees can be kept.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }

    /// True when more than one handle leads to this node.
    pub fn is_shared(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }

    /// The same number for equal expressions, in every run; for different ones almost never.
    pub fn fingerprint(&self) -> u64 {
        self.0.hash
    }

    /// The variable this is, if it is one.
    pub fn as_variable(&self) -> Option<&Variable> {
        match self.op() {
            Op::Variable(v) => Some(v),
            _ => None,
        }
    }

    /// Every variable that occurs.
    pub fn variables(&self) -> BTreeSet<Symbol> {
        let mut names = BTreeSet::new();
        self.has_variable(|name| {
            names.insert(name.clone());
            false
        });
        names
    }

    /// Whether a variable occurs of which this is true; every part is looked at once.
    pub fn has_variable(&self, mut is_so: impl FnMut(&Symbol) -> bool) -> bool {
        let mut seen = FxHashSet::default();
        let mut stack = vec![self];
        while let Some(e) = stack.pop() {
            if e.as_variable().is_some_and(|v| is_so(&v.name)) {
                return true;
            }
            if !e.args().is_empty() && seen.insert(Arc::as_ptr(&e.0)) {
                stack.extend(e.args());
            }
        }
        false
    }

    /// Whether no variable occurs.
    pub fn is_fixed(&self) -> bool {
        !self.has_variable(|_| true)
    }

    /// Whether the variable occurs.
    pub fn mentions(&self, name: &Symbol) -> bool {
        self.as_variable().is_some_and(|v| v.name == *name) || self.args().iter().any(|a| a.mentions(name))
    }

    /// Whether the term is a part of this one, or all of it.
    pub fn contains(&self, part: &Expr) -> bool {
        self == part || (part.nodes() < self.nodes() && self.args().iter().any(|a| a.contains(part)))
    }

    /// Rebuilds bottom-up: `f` sees each node with its new arguments already in place.
    pub fn rewrite(&self, f: &mut dyn FnMut(Expr) -> Expr) -> Expr {
        fuel::burn(1);
        if fuel::is_spent() {
            return self.clone();
        }
        let args: Vec<Expr> = self.args().iter().map(|a| a.rewrite(f)).collect();
        let same = args.iter().zip(self.args()).all(|(a, b)| Arc::ptr_eq(&a.0, &b.0));
        f(if same { self.clone() } else { build(self.op().clone(), args) })
    }

    /// Replaces variables by expressions of the same shape.
    pub fn substitute(&self, map: &dyn Fn(&Symbol) -> Option<Expr>) -> Expr {
        self.rewrite(&mut |e| match e.op() {
            Op::Variable(v) => map(&v.name).unwrap_or(e),
            _ => e,
        })
    }
}

impl PartialEq for Expr {
    fn eq(&self, other: &Expr) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.0.hash == other.0.hash && self.0.op == other.0.op && self.0.args == other.0.args)
    }
}

impl Eq for Expr {}

impl Hash for Expr {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash.hash(state);
    }
}

impl PartialOrd for Expr {
    fn partial_cmp(&self, other: &Expr) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Expr {
    fn cmp(&self, other: &Expr) -> Ordering {
        if self == other {
            return Ordering::Equal;
        }
        self.0.op.cmp(&other.0.op).then_with(|| self.0.args.cmp(&other.0.args))
    }
}

impl std::fmt::Debug for Expr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.op() {
            Op::Variable(v) => write!(f, "{}", v.name),
            Op::Number(n) => write!(f, "{n}"),
            op => {
                write!(f, "({op:?}")?;
                self.args().iter().try_for_each(|a| write!(f, " {a:?}"))?;
                write!(f, ")")
            }
        }
    }
}
