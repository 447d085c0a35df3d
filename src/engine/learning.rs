//! How the engine comes to know what it knows of an e-class: of a new node from its arguments, of a class from its members.

use super::analysis::{Class, Context, Graph};
use super::facts;
use super::language::Node;
use crate::expr::{Op, Rational, Shape, derive_shape};
use egg::{Analysis, DidMerge, Id};

impl Analysis<Node> for Context {
    type Data = Class;

    fn make(graph: &mut Graph, node: &Node, _id: Id) -> Class {
        let children: Vec<&Class> = node.args.iter().map(|id| &graph[*id].data).collect();
        let shapes: Vec<Shape> = children.iter().map(|c| c.shape.clone()).collect();
        let shape = derive_shape(&node.op, &shapes)
            .unwrap_or_else(|| panic!("{:?} of {shapes:?}: a rule broke shapes", node.op));
        let number = match &*node.op {
            Op::Number(n) => Some(n.clone()),
            _ => None,
        };
        let zero = number.as_ref().is_some_and(Rational::is_zero) || matches!(&*node.op, Op::Zeros(_));
        let facts = facts::of_node(graph, node, &children);
        let varying = graph.analysis.varies(node, &children);
        Class { shape, number, zero, varying, facts }
    }

    /// Members of a class are equal: it varies only if every member does, and is whatever any member is known to be.
    fn merge(&mut self, a: &mut Class, b: Class) -> DidMerge {
        assert_eq!(a.shape, b.shape, "a rule united terms of different shapes");
        let mut merged = a.clone();
        merged.number = merged.number.or_else(|| b.number.clone());
        merged.zero |= b.zero;
        merged.varying &= b.varying;
        merged.facts = merged.facts.union(b.facts);
        let differs = |c: &Class| !c.same_knowledge(&merged);
        let result = DidMerge(differs(a), differs(&b));
        *a = merged;
        result
    }
}
