//! Makes a document on which something goes wrong as small as it goes wrong on.

use super::judge::{Verdict, judge};
use super::node::{Document, Node};
use super::shape::Shape;

/// Attempts before the smallest document so far is taken.
const ATTEMPTS: usize = 400;

/// A document of the same verdict from which nothing more can be taken.
pub fn shrunk(document: &Document, verdict: &Verdict) -> Document {
    let mut smallest = document.clone();
    let mut attempts = 0;
    'smaller: loop {
        for candidate in candidates(&smallest) {
            attempts += 1;
            if attempts > ATTEMPTS {
                return smallest;
            }
            let now = judge(&candidate);
            let same = match verdict {
                Verdict::Refused(_) => now == *verdict,
                _ => now.cause() == verdict.cause(),
            };
            if same {
                smallest = candidate;
                continue 'smaller;
            }
        }
        return smallest;
    }
}

/// Documents with one thing taken away.
fn candidates(document: &Document) -> Vec<Document> {
    let mut out = vec![];
    for at in 0..document.definitions.len() {
        let (name, value) = &document.definitions[at];
        if at + 1 < document.definitions.len() && !document.mentions(name) {
            let mut without = document.clone();
            without.definitions.remove(at);
            out.push(without);
        }
        for smaller in smaller(value, document) {
            let mut with = document.clone();
            with.definitions[at].1 = smaller;
            out.push(with);
        }
    }
    for smaller in document.body.iter().flat_map(|b| smaller(b, document)).filter(|b| b.mentions("t")) {
        out.push(Document { body: Some(smaller), ..document.clone() });
    }
    out
}

/// The expression with one node replaced by one below it, or by a variable, of the same shape.
fn smaller(node: &Node, document: &Document) -> Vec<Node> {
    let own = node.shape();
    let below = node.nodes().into_iter().skip(1).filter(|n| n.shape() == own).cloned();
    let mut out: Vec<Node> = below.collect();
    if !node.args().is_empty() {
        out.extend(variables(own, document));
    }
    if let Node::Apply { operator, spelling, args, shape } = node {
        for (i, arg) in args.iter().enumerate() {
            for smaller in smaller(arg, document) {
                let mut args = args.clone();
                args[i] = smaller;
                out.push(Node::Apply { operator, spelling, args, shape: shape.clone() });
            }
        }
    }
    out
}

fn variables(shape: &Shape, document: &Document) -> Vec<Node> {
    let fits = document.variables.iter().filter(|v| v.shape == *shape);
    fits.map(|v| Node::Name(v.name.clone(), shape.clone())).take(2).collect()
}
