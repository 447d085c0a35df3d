//! Towards a normal form, in which equal terms look equal: products multiplied out, transposes at the letters, diagonal
//! matrices as elementwise factors. Proofs use these rules from left to right; results are never printed in this form.

use super::{Rule, Topic};

const fn rule(name: &'static str, statement: &'static str, given: &'static str, why: &'static str) -> Rule {
    Rule { name, topic: Topic::Expansion, statement, given, why, source: "Magnus & Neudecker ch. 1 to 3" }
}

pub const RULES: &[Rule] = &[
    rule(
        "inverse_mul_transposed",
        "(A^-1)^T A^T = eye(n)",
        "A: n x n invertible",
        "the inverse of the transpose undoes the transpose",
    ),
    rule(
        "mul_inverse_transposed",
        "A^T (A^-1)^T = eye(n)",
        "A: n x n invertible",
        "the inverse of the transpose undoes the transpose",
    ),
    rule("inverse_diag", "diag(a)^-1 = diag(1 ./ a)", "a: n", "a diagonal matrix is inverted entry by entry"),
    rule("det_transpose", "det(A^T) = det(A)", "A: n x n", "transposing leaves the determinant"),
    rule("det_mul", "det(A B) = det(A) det(B)", "A: n x n; B: n x n", "determinants multiply"),
    rule("det_inverse", "det(A^-1) = 1 / det(A)", "A: n x n invertible", "det A det A⁻¹ = det I = 1"),
    rule("logdet_transpose", "logdet(A^T) = logdet(A)", "A: n x n invertible", "transposing leaves the determinant"),
    rule(
        "logdet_mul",
        "logdet(A B) = logdet(A) + logdet(B)",
        "A: n x n invertible; B: n x n invertible",
        "determinants multiply, their logarithms add up",
    ),
    rule("logdet_inverse", "logdet(A^-1) = -logdet(A)", "A: n x n invertible", "det A det A⁻¹ = det I = 1"),
    rule("norm_squared", "norm2(A)^2 = sum(A.^2)", "A: n x m", "the squared norm is the sum of the squared entries"),
    rule("norm_as_dot_product", "norm2(a)^2 = a^T a", "a: n", "the squared norm is the dot product with itself"),
    rule("sigmoid_complement", "1 - sigmoid(A) = sigmoid(-A)", "A: n x m", "1 − 1/(1 + e^{−t}) = 1/(1 + eᵗ)"),
    rule("sigmoid_as_fraction", "sigmoid(A) = 1 ./ (1 + exp(-A))", "A: n x m", "by the definition of σ"),
    rule("mean_as_sum", "mean(A) = 1 / (n m) sum(A)", "A: n x m", "the mean is the sum over the number of entries"),
    rule("row_sums", "sum(A, rows) = A ones(m)", "A: n x m", "a product with ones adds up each row"),
    rule("column_sums", "sum(A, cols) = A^T ones(n)", "A: n x m", "a product with ones adds up each column"),
    rule(
        "multiply_out_left",
        "L (A + …) = L A + …",
        "L: n x k; A: k x m",
        "a product with a sum is the sum of the products",
    ),
    rule(
        "multiply_out_right",
        "(A + …) R = A R + …",
        "A: n x k; R: k x m",
        "a product with a sum is the sum of the products",
    ),
    rule(
        "multiply_out",
        "C .* (A + …) = C .* A + …",
        "C: n x m rest; A: n x m rest",
        "a factor of a sum multiplies each term",
    ),
    rule("multiply_out_kron_left", "(A + …) ⊗ B = A ⊗ B + …", "A: n x m; B: p x q", "⊗ is linear in each factor"),
    rule("multiply_out_kron_right", "B ⊗ (A + …) = B ⊗ A + …", "A: n x m; B: p x q", "⊗ is linear in each factor"),
    rule("sum_of_terms", "sum(A + …) = sum(A) + …", "A: n x m", "sum is linear"),
    rule("trace_of_terms", "tr(A + …) = tr(A) + …", "A: n x n", "the trace is linear"),
    rule("vec_of_terms", "vec(A + …) = vec(A) + …", "A: n x m", "vec is linear"),
    rule("diag_of_terms", "diag(a + …) = diag(a) + …", "a: n", "diag is linear"),
    rule(
        "row_times_diag",
        "a^T diag(b) = (a .* b)^T",
        "a: n; b: n",
        "a diagonal matrix scales entry by entry, from the right too",
    ),
    rule(
        "hadamard_of_outer_products",
        "(a b^T) .* (c d^T) = (a .* c) (b .* d)^T",
        "a: n; b: m; c: n; d: m",
        "entry (i, j) is aᵢ bⱼ cᵢ dⱼ on both sides",
    ),
    rule(
        "hadamard_with_outer_product",
        "(a b^T) .* C = diag(a) C diag(b)",
        "a: n; b: m; C: n x m array",
        "entry (i, j) is aᵢ Cᵢⱼ bⱼ on both sides",
    ),
    rule(
        "hadamard_with_diag",
        "diag(a) .* B = diag(a .* diag(B))",
        "a: n; B: n x n array",
        "only the diagonal of B meets diag(a)",
    ),
    rule("hadamard_with_identity", "eye(n) .* B = diag(diag(B))", "B: n x n array", "the identity picks the diagonal"),
    rule("sum_transpose", "sum(A^T) = sum(A)", "A: n x m", "transposing only moves entries"),
    rule(
        "sum_of_product",
        "sum(A B) = (A^T ones(n))^T (B ones(m))",
        "A: n x k; B: k x m",
        "ones add up the rows on the left, the columns on the right",
    ),
    rule(
        "times_kron_of_row",
        "R (a^T ⊗ B) = a^T ⊗ (R B)",
        "R: p x n; a: m; B: n x k",
        "a row beside ⊗ only repeats its partner",
    ),
    rule(
        "times_kron_with_row",
        "R (B ⊗ a^T) = (R B) ⊗ a^T",
        "R: p x n; a: m; B: n x k",
        "a row beside ⊗ only repeats its partner",
    ),
    rule(
        "kron_of_column_times",
        "(a ⊗ A) R = a ⊗ (A R)",
        "R: k x p; a: m; A: n x k",
        "a column beside ⊗ only repeats its partner",
    ),
    rule(
        "kron_with_column_times",
        "(A ⊗ a) R = (A R) ⊗ a",
        "R: k x p; a: m; A: n x k",
        "a column beside ⊗ only repeats its partner",
    ),
    rule("exp_of_sum", "exp(A) .* exp(B) = exp(A + B)", "A: n x m; B: n x m", "exponents add"),
    rule("power_of_exp", "exp(A).^p = exp(p A)", "A: n x m; p: scalar", "exponents multiply"),
    rule("log_of_exp", "log(exp(A)) = A", "A: n x m", "the logarithm undoes exp"),
    rule("exp_of_log", "exp(log(A)) = A", "A: n x m in-domain", "exp undoes the logarithm"),
];
