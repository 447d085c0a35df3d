//! Algebra that holds whatever the entries are: how a result becomes what an author would print.

use super::{Rule, Topic};

const fn rule(name: &'static str, statement: &'static str, given: &'static str, why: &'static str) -> Rule {
    Rule { name, topic: Topic::Algebra, statement, given, why, source: "Horn & Johnson, Matrix Analysis, ch. 0" }
}

pub const RULES: &[Rule] = &[
    rule("transpose_mul", "(A B)^T = B^T A^T", "A: n x k; B: k x m", "transposing a product turns its order round"),
    rule(
        "transpose_mul_back",
        "B^T A^T = (A B)^T",
        "A: n x k; B: k x m",
        "transposing a product turns its order round",
    ),
    rule("transpose_sum", "(A + …)^T = A^T + …", "A: n x m", "the transpose is linear"),
    rule("transpose_sum_back", "A^T + … = (A + …)^T", "A: n x m", "the transpose is linear"),
    rule(
        "transpose_hadamard",
        "(A .* …)^T = A^T .* …",
        "A: n x m",
        "transposing an elementwise product transposes its factors",
    ),
    rule("transpose_diag", "diag(a)^T = diag(a)", "a: n", "a diagonal matrix is symmetric"),
    rule(
        "transpose_kron",
        "(A ⊗ B)^T = A^T ⊗ B^T",
        "A: n x m; B: k x p",
        "transposing a Kronecker product transposes its factors",
    ),
    rule("transpose_of_symmetric", "A^T = A", "A: n x n symmetric", "A is symmetric"),
    rule("transpose_transpose", "(A^T)^T = A", "A: n x m", "transposing twice changes nothing"),
    rule("mul_identity_left", "eye(n) A = A", "A: n x m", "the identity changes nothing"),
    rule("mul_identity_right", "A eye(m) = A", "A: n x m", "the identity changes nothing"),
    rule("mul_assoc", "A (B C) = (A B) C", "A: n x k; B: k x p; C: p x m", "products may be grouped as one likes"),
    rule("mul_assoc_back", "(A B) C = A (B C)", "A: n x k; B: k x p; C: p x m", "products may be grouped as one likes"),
    rule("scalar_transpose", "a^T b = b^T a", "a: n; b: n", "a scalar is its own transpose"),
    rule(
        "factor_left",
        "L A + … = L (A + …)",
        "L: n x k common; A: k x m",
        "a common factor on the left comes out on the left",
    ),
    rule(
        "factor_right",
        "A R + … = (A + …) R",
        "A: n x k; R: k x m common",
        "a common factor on the right comes out on the right",
    ),
    rule(
        "factor_hadamard",
        "C .* A + … = C .* (A + …)",
        "C: n x m common rest; A: n x m rest",
        "a common elementwise or scalar factor comes out",
    ),
    rule("inverse_mul", "A^-1 A = eye(n)", "A: n x n invertible", "an inverse undoes its matrix"),
    rule("mul_inverse", "A A^-1 = eye(n)", "A: n x n invertible", "an inverse undoes its matrix"),
    rule(
        "inverse_product",
        "(A B)^-1 = B^-1 A^-1",
        "A: n x n invertible; B: n x n invertible",
        "inverting a product turns its order round",
    ),
    rule(
        "inverse_orthogonal",
        "A^-1 = A^T",
        "A: n x n orthogonal",
        "the inverse of an orthogonal matrix is its transpose",
    ),
    rule(
        "orthogonal_left",
        "A^T A = eye(n)",
        "A: n x n orthogonal",
        "the columns of an orthogonal matrix are orthonormal",
    ),
    rule(
        "orthogonal_right",
        "A A^T = eye(n)",
        "A: n x n orthogonal",
        "the rows of an orthogonal matrix are orthonormal",
    ),
    rule("trace_transpose", "tr(A^T) = tr(A)", "A: n x n", "transposing leaves the diagonal in place"),
    rule("diagonal_of_transpose", "diag(A^T) = diag(A)", "A: n x n", "transposing leaves the diagonal in place"),
    rule("sum_eye", "sum(eye(n) .* A) = tr(A)", "A: n x n", "the identity picks the diagonal"),
    rule("sigmoid_of_exp", "exp(A) .* (1 + exp(A)).^-1 = sigmoid(A)", "A: n x m", "σ(t) = eᵗ / (1 + eᵗ)"),
    rule("sigmoid_of_neg_exp", "(1 + exp(-A)).^-1 = sigmoid(A)", "A: n x m", "σ(t) = 1 / (1 + e^{−t})"),
    rule("tanh_of_sinh", "sinh(A) .* cosh(A).^-1 = tanh(A)", "A: n x m", "tanh t = sinh t / cosh t"),
    rule("diag_times", "diag(a) b = a .* b", "a: n; b: n", "a diagonal matrix scales entry by entry"),
    rule("sum_hadamard", "sum(a .* b) = a^T b", "a: n; b: n", "the sum of entrywise products is the dot product"),
    rule(
        "diagonal_of_outer",
        "diag(a b^T) = a .* b",
        "a: n; b: n",
        "the diagonal of an outer product is the entrywise product",
    ),
    rule(
        "kron_mul",
        "(A ⊗ B) (C ⊗ D) = (A C) ⊗ (B D)",
        "A: n x k; C: k x m; B: p x q; D: q x r",
        "Kronecker products multiply factor by factor",
    ),
];
