//! The matrix of every linear operator: vec of a differential becomes J vec(dX), columns stacked (numerator layout).

use super::{Rule, Topic};

const fn rule(name: &'static str, statement: &'static str, given: &'static str, why: &'static str) -> Rule {
    Rule {
        name,
        topic: Topic::Jacobian,
        statement,
        given,
        why,
        source: "Magnus & Neudecker ch. 2 and 9: vec(A X B) = (Bᵀ ⊗ A) vec X",
        ..Rule::UNPLACED
    }
}

pub const RULES: &[Rule] = &[
    rule("vec_vector", "vec(a) = a", "a: n", "a column is its own vec"),
    rule("vec_row", "vec(a^T) = a", "a: n", "a row has the entries of its column"),
    rule("jacobian_row", "a^T = vec(a)", "a: 1 x n varying", "a row stood up is its vec"),
    rule(
        "vec_row_product",
        "vec(a^T B) = B^T a",
        "a: n varying; B: n x m constant",
        "a row times a matrix, written as a column",
    ),
    rule(
        "jacobian_transpose",
        "a^T b = b^T a",
        "a: n varying; b: n constant",
        "a scalar is its own transpose: what moves goes to the right",
    ),
    rule("vec_sum", "vec(A + …) = vec(A) + …", "A: n x m", "vec is linear"),
    rule(
        "vec_mul_left",
        "vec(L A) = (eye(m) ⊗ L) vec(A)",
        "L: n x k constant; A: k x m varying",
        "{L} multiplies every column of {A} on its own: a block {L} for each",
    ),
    rule(
        "vec_mul_right",
        "vec(A R) = (R^T ⊗ eye(n)) vec(A)",
        "A: n x k varying; R: k x m constant",
        "entry {A_ij} feeds {A R@i} alone, with weight {R_jk}",
    ),
    rule(
        "jacobian_mul_vector",
        "A r = (r^T ⊗ eye(n)) vec(A)",
        "A: n x k varying; r: k constant",
        "entry {A_ij} feeds {A r@i} alone, with weight {r_j}",
    ),
    rule(
        "vec_transpose",
        "vec(A^T) = K(n, m) vec(A)",
        "A: n x m varying",
        "the commutation matrix K(n, m) reorders {vec(A)} into {vec(A^T)}",
    ),
    rule(
        "vec_kron_left",
        "vec(A ⊗ B) = (eye(m) ⊗ (K(p, n) ⊗ eye(k))) ((eye(n m) ⊗ vec(B)) vec(A))",
        "A: n x m varying; B: k x p constant",
        "every entry of {A} meets the whole of {B}: vec(A ⊗ B) = (I ⊗ K ⊗ I)(vec A ⊗ vec B)",
    ),
    rule(
        "vec_kron_right",
        "vec(A ⊗ B) = (eye(m) ⊗ (K(p, n) ⊗ eye(k))) ((vec(A) ⊗ eye(k p)) vec(B))",
        "A: n x m constant; B: k x p varying",
        "{B} is repeated, scaled by every entry of {A}: vec(A ⊗ B) = (I ⊗ K ⊗ I)(vec A ⊗ vec B)",
    ),
    rule(
        "kron_vector_left",
        "a ⊗ b = (eye(n) ⊗ b) a",
        "a: n varying; b: k constant",
        "every entry of {a} meets the whole of {b}",
    ),
    rule(
        "kron_vector_right",
        "a ⊗ b = (a ⊗ eye(k)) b",
        "a: n constant; b: k varying",
        "{b} is repeated, scaled by every entry of {a}",
    ),
    rule(
        "vec_diag",
        "vec(diag(a)) = ((eye(n) ⊗ ones(n)) .* (ones(n) ⊗ eye(n))) a",
        "a: n varying",
        "entry {a_i} stands at place ({i}, {i}) alone: the column for it is the unit vector {i}, ⊗ itself",
    ),
    rule(
        "jacobian_diag",
        "diag(a) b = diag(b) a",
        "a: n varying; b: n constant",
        "both are {a} ∘ {b}: what moves goes to the right",
    ),
    rule(
        "jacobian_cross",
        "skew(a) b = -(skew(b) a)",
        "a: 3 varying; b: 3 constant",
        "a cross product turns its sign when its factors change places",
    ),
    rule(
        "vec_skew",
        "vec(skew(a)) = -([skew(unit(3, 1)); skew(unit(3, 2)); skew(unit(3, 3))] a)",
        "a: 3 varying",
        "column {j} is {a} × the unit vector {j}",
    ),
    rule(
        "jacobian_diagonal_of",
        "diag(A) = ((eye(n) ⊗ ones(n)) .* (ones(n) ⊗ eye(n)))^T vec(A)",
        "A: n x n varying",
        "row {i} picks the entry at place ({i}, {i}): it is the transposed unit vector {i}, ⊗ itself",
    ),
    rule(
        "vec_hadamard",
        "vec(A .* R) = diag(vec(R)) vec(A)",
        "A: n x m varying array; R: n x m rest constant array",
        "only equal indices touch: entry {i} moves with entry {i} of {A} alone, all other partial derivatives are 0, so the Jacobian is diagonal",
    ),
    rule(
        "vec_scale",
        "vec(A k) = k vec(A)",
        "A: n x m varying array; k: scalar rest constant",
        "a constant factor stays outside",
    ),
    rule(
        "vec_scalar",
        "vec(a R) = vec(R) a",
        "a: scalar varying; R: n x m rest constant array",
        "the scalar {a} scales one fixed direction",
    ),
    rule(
        "jacobian_outer",
        "(A x) R = (R A) x",
        "A: 1 x k constant; x: k varying; R: n rest constant",
        "(aᵀ x) r = (r aᵀ) x: a row times a column is a scalar",
    ),
    rule(
        "jacobian_inner",
        "ip(B, A) = vec(B)^T vec(A)",
        "B: n x m constant; A: n x m varying",
        "the inner product is the dot product of the vecs",
    ),
    rule("jacobian_trace", "tr(A) = vec(eye(n))^T vec(A)", "A: n x n varying", "tr A = ⟨I, A⟩"),
    rule("jacobian_sum", "sum(A) = ones(n m)^T vec(A)", "A: n x m varying", "a row of ones adds up the entries"),
    rule(
        "jacobian_sum_rows",
        "sum(A, rows) = (ones(m)^T ⊗ eye(n)) vec(A)",
        "A: n x m varying",
        "{A} times a column of ones",
    ),
    rule(
        "jacobian_sum_cols",
        "sum(A, cols) = (eye(m) ⊗ ones(n)^T) vec(A)",
        "A: n x m varying",
        "a row of ones times each column of {A}",
    ),
    rule("jacobian_unvec", "vec(unvec(g, n, m)) = g", "g: n m varying", "folding and unfolding"),
    rule(
        "jacobian_mean",
        "mean(A) = 1 / (n m) ones(n m)^T vec(A)",
        "A: n x m varying",
        "a row of ones adds up the entries, their number divides",
    ),
    rule(
        "jacobian_cumsum",
        "cumsum(a) = tril(n) a",
        "a: n varying",
        "cumsum is the product with the lower triangle of ones",
    ),
    rule(
        "jacobian_diagonal_product",
        "A .* R = diag(R) A",
        "A: n varying array; R: n rest constant array",
        "only equal indices touch: entry {i} moves with entry {i} of {A} alone, all other partial derivatives are 0, so the Jacobian is diagonal",
    ),
    rule("unvec_sum", "unvec(a + …, n, m) = unvec(a, n, m) + …", "a: n m", "folding is linear").normal(885),
    rule(
        "unvec_kron",
        "unvec(x ⊗ a, n, m) = a x^T",
        "x: m; a: n",
        "vec(a xᵀ) = x ⊗ a: stacked columns go back into a matrix, an outer product",
    )
    .normal(435),
    rule(
        "unvec_outer",
        "unvec((x ⊗ eye(n)) a, n, m) = a x^T",
        "x: m; a: n",
        "vec(a xᵀ) = x ⊗ a: stacked columns go back into a matrix, an outer product",
    ),
];
