//! The adjoint of every linear operator: in ⟨G, d s⟩ factors move from the differential to the cotangent G until ⟨gradient, dX⟩ is left.
//! This is where the shape convention lives: G always has the shape of what it is paired with.

use super::{Rule, Topic};

const fn rule(name: &'static str, statement: &'static str, given: &'static str, why: &'static str) -> Rule {
    Rule {
        name,
        topic: Topic::Pullback,
        statement,
        given,
        why,
        source: "adjoints under ⟨A, B⟩ = tr(Aᵀ B); Magnus & Neudecker ch. 9",
        ..Rule::UNPLACED
    }
}

pub const RULES: &[Rule] = &[
    rule("pullback_sum", "ip(G, A + …) = ip(G, A) + …", "G: n x m; A: n x m", "the inner product is linear"),
    rule(
        "pullback_softmax",
        "ip(G, p .* A - (p^T A) p) = ip(p .* G - sum(p .* G) p, A)",
        "G: n; p: n constant; A: n varying",
        "the Jacobian of the softmax, diag({p}) − {p p^T}, is its own transpose",
    ),
    rule(
        "pullback_dot",
        "ip(g, a^T b) = ip(g b, a)",
        "g: scalar; a: n varying; b: n constant",
        "entry {a_i} counts with weight {b_i} in a scalar, which is its own transpose",
    ),
    rule(
        "pullback_mul_left",
        "ip(G, L A) = ip(L^T G, A)",
        "G: n x m; L: n x k constant; A: k x m varying",
        "entry {A_jk} reaches {G@ik} with weight {L_ij}, so {L} crosses over transposed and stays on the left",
    ),
    rule(
        "pullback_mul_right",
        "ip(G, A R) = ip(G R^T, A)",
        "G: n x m; A: n x k varying; R: k x m constant",
        "entry {A_ij} feeds {G@i} alone, with weight {R_jk}, so {R} crosses over transposed and stays on the right",
    ),
    rule(
        "pullback_kron_left",
        "ip(G, A ⊗ B) = ip(unvec((eye(n m) ⊗ vec(B)^T) (eye(m) ⊗ (K(n, p) ⊗ eye(k))) vec(G), n, m), A)",
        "G: n k x m p; A: n x m varying; B: k x p constant",
        "entry {A_ij} scales block ({i}, {j}), so it collects what of that block is paired with {B}; vec(A ⊗ B) = (I ⊗ K ⊗ I)(vec A ⊗ vec B) puts the blocks in order",
    ),
    rule(
        "pullback_kron_right",
        "ip(G, A ⊗ B) = ip(unvec((vec(A)^T ⊗ eye(k p)) (eye(m) ⊗ (K(n, p) ⊗ eye(k))) vec(G), k, p), B)",
        "G: n k x m p; A: n x m constant; B: k x p varying",
        "{B} stands in block ({i}, {j}) with weight {A_ij}, so it collects the blocks with these weights; vec(A ⊗ B) = (I ⊗ K ⊗ I)(vec A ⊗ vec B) puts the blocks in order",
    ),
    rule(
        "pullback_transpose",
        "ip(G, A^T) = ip(G^T, A)",
        "G: n x m; A: m x n varying",
        "an inner product pairs entry with entry: transpose both, {G} and what moves",
    ),
    rule(
        "pullback_hadamard",
        "ip(G, A .* R) = ip(G .* R, A)",
        "G: n x m; A: n x m varying; R: n x m rest constant",
        "an elementwise factor crosses over as it is",
    ),
    rule(
        "pullback_scalar",
        "ip(G, a R) = ip(sum(G .* R), a)",
        "G: n x m; a: scalar varying; R: n x m rest constant",
        "the scalar {a} reaches every entry, so it collects what all of them feel of it",
    ),
    rule(
        "pullback_sum_entries",
        "ip(g, sum(A)) = ip(g ones(n, m), A)",
        "g: scalar; A: n x m varying",
        "every entry of {A} counts once in the sum",
    ),
    rule(
        "pullback_sum_rows",
        "ip(g, sum(A, rows)) = ip(g ones(m)^T, A)",
        "g: n; A: n x m varying",
        "every entry of row {i} counts once in sum {i}",
    ),
    rule(
        "pullback_sum_cols",
        "ip(g, sum(A, cols)) = ip(ones(n) g^T, A)",
        "g: m; A: n x m varying",
        "every entry of column {j} counts once in sum {j}",
    ),
    rule(
        "pullback_mean",
        "ip(g, mean(A)) = ip(g / (n m) ones(n, m), A)",
        "g: scalar; A: n x m varying",
        "every entry counts with one over their number",
    ),
    rule(
        "pullback_trace",
        "ip(g, tr(A)) = ip(g eye(n), A)",
        "g: scalar; A: n x n varying",
        "the trace reads the diagonal: tr A = ⟨I, A⟩",
    ),
    rule(
        "pullback_diag",
        "ip(G, diag(a)) = ip(diag(G), a)",
        "G: n x n; a: n varying",
        "only the diagonal of {G} meets {diag(a)}",
    ),
    rule(
        "pullback_cross",
        "ip(G, skew(a) b) = ip(skew(b) G, a)",
        "G: 3; a: 3 varying; b: 3 constant",
        "the three factors of a triple product may change places in a circle",
    ),
    rule(
        "pullback_skew",
        "ip(G, skew(a)) = ip([skew(unit(3, 1)), skew(unit(3, 2)), skew(unit(3, 3))] vec(G), a)",
        "G: 3 x 3; a: 3 varying",
        "column {j} is {a} × the unit vector {j}, and what is paired with it is the unit vector × that column of {G}",
    ),
    rule(
        "pullback_diagonal_of",
        "ip(g, diag(A)) = ip(diag(g), A)",
        "g: n; A: n x n varying",
        "only the diagonal of {A} is read",
    ),
    rule(
        "pullback_inner",
        "ip(g, ip(B, A)) = ip(g B, A)",
        "g: scalar; B: n x m constant; A: n x m varying",
        "{ip(B, A)} is linear, and {B} is what {A} is paired with",
    ),
    rule(
        "pullback_vec",
        "ip(g, vec(A)) = ip(unvec(g, n, m), A)",
        "g: n m; A: n x m varying",
        "vec only rearranges entries: rearrange back",
    ),
    rule(
        "pullback_cumsum",
        "ip(g, cumsum(a)) = ip(tril(n)^T g, a)",
        "g: n; a: n varying",
        "cumsum is the product with the lower triangle of ones",
    ),
    rule(
        "pullback_collect",
        "ip(A, D) + … = ip(A + …, D)",
        "A: n x m constant; D: n x m common",
        "what arrives along several paths adds up",
    ),
];
