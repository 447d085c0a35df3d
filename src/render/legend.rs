//! What the signs of a page mean, in one line at its foot.

use crate::derive::Block;
use crate::expr::{Builtin, Elementwise, Expr, Function, Map, Op};

/// A sign that not every reader knows.
struct Legend {
    says: &'static str,
    is_used: fn(&Expr) -> bool,
}

const LEGENDS: [Legend; 8] = [
    Legend { says: "d is the first-order change", is_used: |e| *e.op() == Op::Differential },
    Legend {
        says: "∘ multiplies entry by entry (Hadamard product)",
        is_used: |e| *e.op() == Op::Had && e.args().iter().filter(|a| !a.is_scalar()).count() > 1,
    },
    Legend { says: "A ⊗ B is made of the blocks A_ij B (Kronecker product)", is_used: |e| *e.op() == Op::Kron },
    Legend {
        says: "vec(A) stacks the columns of A",
        is_used: |e| matches!(e.op(), Op::Builtin(Builtin::Vec) | Op::Unvec(..) | Op::Commutation(..)),
    },
    Legend { says: "unvec folds them back", is_used: |e| matches!(e.op(), Op::Unvec(..)) },
    Legend { says: "K(n, m) takes vec(A) to vec(Aᵀ)", is_used: |e| matches!(e.op(), Op::Commutation(..)) },
    Legend {
        says: "⟨A, B⟩ = tr(Aᵀ B) adds up the products of the entries (inner product)",
        is_used: |e| *e.op() == Op::Inner,
    },
    Legend {
        says: "σ(t) = 1/(1 + e⁻ᵗ)",
        is_used: |e| matches!(e.op(), Op::Map(Map { function: Function::Builtin(Elementwise::Sigmoid), order: 0 })),
    },
];

/// What the heading of the shape convention speaks of.
const COTANGENT: &str = "a cotangent is the derivative of the value by what it belongs to";

/// The signs of these steps, and their words; `None` where all are known to anybody.
pub fn explained<'a>(blocks: impl Iterator<Item = &'a Block> + Clone, speaks_of_cotangents: bool) -> Option<String> {
    let used = |sign: &&Legend| {
        let mut terms = blocks.clone().flat_map(|b| &b.steps).flat_map(|s| [&s.before, &s.after]);
        terms.any(|e| holds(e, sign.is_used))
    };
    let words = speaks_of_cotangents.then_some(COTANGENT);
    let signs = LEGENDS.iter().filter(used).map(|sign| sign.says);
    let said: Vec<&str> = signs.chain(words).collect();
    (!said.is_empty()).then(|| said.join("; "))
}

fn holds(e: &Expr, is_used: fn(&Expr) -> bool) -> bool {
    is_used(e) || e.args().iter().any(|a| holds(a, is_used))
}
