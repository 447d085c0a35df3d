//! Towards a normal form, in which equal terms look equal: products multiplied out, transposes at the letters, diagonal
//! matrices as elementwise factors. Proofs use these rules from left to right; results are never printed in this form.

use super::{Rule, Topic};

const fn rule(name: &'static str, statement: &'static str, given: &'static str, why: &'static str) -> Rule {
    Rule {
        name,
        topic: Topic::Expansion,
        statement,
        given,
        why,
        source: "Magnus & Neudecker ch. 1 to 3",
        ..Rule::UNPLACED
    }
}

pub const RULES: &[Rule] = &[
    rule(
        "inverse_mul_transposed",
        "(A^-1)^T A^T = eye(n)",
        "A: n x n invertible",
        "the inverse of the transpose undoes the transpose",
    )
    .normal(280),
    rule(
        "mul_inverse_transposed",
        "A^T (A^-1)^T = eye(n)",
        "A: n x n invertible",
        "the inverse of the transpose undoes the transpose",
    )
    .normal(290),
    rule("inverse_diag", "diag(a)^-1 = diag(1 ./ a)", "a: n", "a diagonal matrix is inverted entry by entry")
        .normal(140),
    rule("det_transpose", "det(A^T) = det(A)", "A: n x n", "transposing leaves the determinant").normal(180),
    rule("det_mul", "det(A B) = det(A) det(B)", "A: n x n; B: n x n", "determinants multiply").normal(190),
    rule("det_inverse", "det(A^-1) = 1 / det(A)", "A: n x n invertible", "det A det A⁻¹ = det I = 1").normal(200),
    rule("logdet_transpose", "logdet(A^T) = logdet(A)", "A: n x n invertible", "transposing leaves the determinant")
        .normal(210),
    rule(
        "logdet_mul",
        "logdet(A B) = logdet(A) + logdet(B)",
        "A: n x n invertible; B: n x n invertible",
        "determinants multiply, their logarithms add up",
    )
    .normal(220),
    rule("logdet_inverse", "logdet(A^-1) = -logdet(A)", "A: n x n invertible", "det A det A⁻¹ = det I = 1").normal(230),
    rule("norm_squared", "norm2(A)^2 = sum(A.^2)", "A: n x m", "the squared norm is the sum of the squared entries")
        .normal(100),
    rule("norm_as_dot_product", "norm2(a)^2 = a^T a", "a: n", "the squared norm is the dot product with itself"),
    rule("sigmoid_complement", "1 - sigmoid(A) = sigmoid(-A)", "A: n x m", "1 − 1/(1 + exp(−t)) = 1/(1 + eᵗ)")
        .definition(110),
    rule("sigmoid_of_negative", "sigmoid(-A) = 1 - sigmoid(A)", "A: n x m", "1/(1 + eᵗ) = 1 − 1/(1 + exp(−t))")
        .normal(780),
    rule("sigmoid_as_fraction", "sigmoid(A) = 1 ./ (1 + exp(-A))", "A: n x m", "by the definition of σ")
        .definition(120),
    rule("tanh_as_sigmoid", "tanh(A) = 2 sigmoid(2 A) - 1", "A: n x m", "tanh is σ, stretched and shifted")
        .definition(100),
    rule("softplus_as_log", "softplus(A) = log(1 + exp(A))", "A: n x m", "by the definition of softplus")
        .definition(50),
    rule("silu_as_product", "silu(A) = A .* sigmoid(A)", "A: n x m", "by the definition of silu").definition(60),
    rule("softmax_as_quotient", "softmax(a) = exp(a) / sum(exp(a))", "a: n", "by the definition of softmax")
        .definition(20),
    rule(
        "log_softmax_as_sum",
        "log_softmax(a) = a - logsumexp(a)",
        "a: n",
        "log(exp(a) / Σ exp(a)) = a − log Σ exp(a)",
    )
    .definition(30),
    rule("log_of_softmax", "log(softmax(a)) = log_softmax(a)", "a: n", "by the definition of log_softmax")
        .definition(10),
    rule("logsumexp_as_log", "logsumexp(A) = log(sum(exp(A)))", "A: n x m", "by the definition of logsumexp")
        .definition(40),
    rule("relu_as_step", "relu(A) = A .* step(A)", "A: n x m", "relu keeps what is positive").definition(70),
    rule("abs_as_step", "abs(A) = 2 A .* step(A) - A", "A: n x m", "|t| is t where t > 0 and −t elsewhere")
        .definition(80),
    rule("sign_times", "A .* sign(A) = 2 A .* step(A) - A", "A: n x m", "t sign t = |t|").normal(760),
    rule("step_of_negative", "A .* step(-A) = A - A .* step(A)", "A: n x m", "what is not positive is negative or 0")
        .normal(770),
    rule("sin_squared", "sin(A).^2 = 1 - cos(A).^2", "A: n x m", "sin² t + cos² t = 1").normal(920),
    rule("tan_as_quotient", "tan(A) = sin(A) ./ cos(A)", "A: n x m", "by the definition of tan").definition(90),
    rule("cumsum_as_product", "cumsum(a) = tril(n) a", "a: n", "the lower triangle of ones adds up what came before")
        .normal(90),
    rule(
        "diagonal_of_product",
        "diag(A B) = (A .* B^T) ones(m)",
        "A: n x m; B: m x n",
        "entry {i} is the sum over {k} of {A_ik} {B_ki}",
    )
    .normal(410),
    rule(
        "push_through",
        "A (t eye(m) + B A)^-1 = (t eye(n) + A B)^-1 A",
        "A: n x m; B: m x n; t: scalar",
        "(t I + A B) A = A (t I + B A)",
    ),
    rule(
        "push_through_identity",
        "A (eye(m) + B A)^-1 = (eye(n) + A B)^-1 A",
        "A: n x m; B: m x n",
        "(I + A B) A = A (I + B A)",
    ),
    rule("mean_as_sum", "mean(A) = 1 / (n m) sum(A)", "A: n x m", "the mean is the sum over the number of entries")
        .normal(110),
    rule("row_sums", "sum(A, rows) = A ones(m)", "A: n x m", "a product with ones adds up each row").normal(240),
    rule("column_sums", "sum(A, cols) = A^T ones(n)", "A: n x m", "a product with ones adds up each column")
        .normal(250),
    rule(
        "multiply_out_left",
        "L (A + …) = L A + …",
        "L: n x k; A: k x m",
        "a product with a sum is the sum of the products",
    )
    .normal(810),
    rule(
        "multiply_out_right",
        "(A + …) R = A R + …",
        "A: n x k; R: k x m",
        "a product with a sum is the sum of the products",
    )
    .normal(820),
    rule(
        "multiply_out",
        "C .* (A + …) = C .* A + …",
        "C: n x m rest; A: n x m rest",
        "distributive law: a factor of a sum is a factor of each of its terms",
    )
    .normal(830),
    rule("multiply_out_kron_left", "(A + …) ⊗ B = A ⊗ B + …", "A: n x m; B: p x q", "⊗ is linear in each factor")
        .normal(840),
    rule("multiply_out_kron_right", "B ⊗ (A + …) = B ⊗ A + …", "A: n x m; B: p x q", "⊗ is linear in each factor")
        .normal(850),
    rule("sum_of_terms", "sum(A + …) = sum(A) + …", "A: n x m", "sum is linear").normal(860),
    rule("trace_of_terms", "tr(A + …) = tr(A) + …", "A: n x n", "the trace is linear").normal(870),
    rule("vec_of_terms", "vec(A + …) = vec(A) + …", "A: n x m", "vec is linear").normal(880),
    rule("diag_of_terms", "diag(a + …) = diag(a) + …", "a: n", "diag is linear").normal(890),
    rule(
        "row_times_diag",
        "a^T diag(b) = (a .* b)^T",
        "a: n; b: n",
        "a diagonal matrix scales entry by entry, from the right too",
    )
    .normal(350),
    rule(
        "hadamard_of_outer_products",
        "(a b^T) .* (c d^T) = (a .* c) (b .* d)^T",
        "a: n; b: m; c: n; d: m",
        "entry (i, j) is aᵢ bⱼ cᵢ dⱼ on both sides",
    )
    .normal(630),
    rule(
        "hadamard_with_outer_product",
        "(a b^T) .* C = diag(a) C diag(b)",
        "a: n; b: m; C: n x m array",
        "entry (i, j) is aᵢ Cᵢⱼ bⱼ on both sides",
    )
    .normal(660),
    rule(
        "hadamard_scaled_rows",
        "(diag(a) A) .* B = diag(a) (A .* B)",
        "a: n; A: n x m; B: n x m array",
        "{a_i} scales row {i} on both sides",
    )
    .normal(653),
    rule(
        "hadamard_scaled_columns",
        "(A diag(a)) .* B = (A .* B) diag(a)",
        "a: m; A: n x m; B: n x m array",
        "{a_j} scales column {j} on both sides",
    )
    .normal(656),
    rule(
        "hadamard_with_diag",
        "diag(a) .* B = diag(a .* diag(B))",
        "a: n; B: n x n array",
        "only the diagonal of B meets diag(a)",
    )
    .normal(650),
    rule("hadamard_with_identity", "eye(n) .* B = diag(diag(B))", "B: n x n array", "the identity picks the diagonal")
        .normal(640),
    rule(
        "hadamard_of_columns",
        "(a ⊗ b) .* vec(A) = vec((b a^T) .* A)",
        "a: m; b: n; A: n x m",
        "a ⊗ b = vec(b aᵀ), and vec only moves entries about",
    )
    .normal(437),
    rule(
        "sum_of_product",
        "sum(A B) = (A^T ones(n))^T (B ones(m))",
        "A: n x k; B: k x m",
        "ones add up the rows on the left, the columns on the right",
    )
    .normal(960),
    rule(
        "times_kron_of_row",
        "R (a^T ⊗ B) = a^T ⊗ (R B)",
        "R: p x n; a: m; B: n x k",
        "a row beside ⊗ only repeats its partner",
    )
    .normal(520),
    rule(
        "times_kron_with_row",
        "R (B ⊗ a^T) = (R B) ⊗ a^T",
        "R: p x n; a: m; B: n x k",
        "a row beside ⊗ only repeats its partner",
    )
    .normal(530),
    rule(
        "kron_of_column_times",
        "(a ⊗ A) R = a ⊗ (A R)",
        "R: k x p; a: m; A: n x k",
        "a column beside ⊗ only repeats its partner",
    )
    .normal(540),
    rule(
        "kron_with_column_times",
        "(A ⊗ a) R = (A R) ⊗ a",
        "R: k x p; a: m; A: n x k",
        "a column beside ⊗ only repeats its partner",
    )
    .normal(550),
    rule(
        "kron_of_columns",
        "(B ⊗ A) c = vec(A (unvec(c, k, m) B^T))",
        "A: n x k; B: p x m; c: k m",
        "vec(A X Bᵀ) = (B ⊗ A) vec X, for the X whose columns {c} stacks",
    )
    .normal(572),
    rule(
        "commutation_of_columns",
        "K(n, m) c = vec(unvec(c, n, m)^T)",
        "c: n m",
        "the commutation matrix transposes what {c} stacks",
    )
    .normal(574),
    rule(
        "khatri_rao_of_columns",
        "((B ⊗ ones(1, n)) .* (ones(1, m) ⊗ A)) c = diag(A (unvec(c, n, m) B^T))",
        "A: k x n; B: k x m; c: n m",
        "row {i} pairs row {i} of {A} with row {i} of {B}: a diagonal of {A} X {B}ᵀ, for the X whose columns {c} stacks",
    )
    .normal(576),
    rule(
        "khatri_rao_column",
        "((B ⊗ ones(n)) .* (ones(m) ⊗ A)) a = vec(A (diag(a) B^T))",
        "A: n x k; B: m x k; a: k",
        "column {j} is column {j} of {B} ⊗ column {j} of {A}, stacked from their outer product",
    )
    .normal(578),
    rule("exp_of_sum", "exp(A) .* exp(B) = exp(A + B)", "A: n x m; B: n x m", "exponents add").normal(690),
    rule("power_of_exp", "exp(A).^p = exp(p A)", "A: n x m; p: scalar", "exponents multiply").normal(700),
    rule("log_of_exp", "log(exp(A)) = A", "A: n x m", "the logarithm undoes exp").normal(670),
    rule("exp_of_log", "exp(log(A)) = A", "A: n x m in-domain", "exp undoes the logarithm").normal(680),
];
