//! The differential of every operator (Magnus & Neudecker's method): d is pushed inwards until it stands at variables only.

use super::{Rule, Topic};

const MN: &str = "Magnus & Neudecker, Matrix Differential Calculus, ch. 8";

const fn rule(name: &'static str, statement: &'static str, given: &'static str, why: &'static str) -> Rule {
    Rule { name, topic: Topic::Differential, statement, given, why, source: MN, ..Rule::UNPLACED }
}

pub const RULES: &[Rule] = &[
    rule(
        "d_constant",
        "d(C) = zeros(n, m)",
        "C: n x m constant",
        "{C} does not depend on what moves, so its differential is zero",
    ),
    rule(
        "d_sum",
        "d(A + …) = d(A) + …",
        "A: n x m",
        "the differential is linear: take it term by term (terms that do not move drop out)",
    )
    .alone("the differential is linear, and a term that does not move drops out"),
    rule(
        "d_mul",
        "d(A B) = d(A) B + A d(B)",
        "A: n x k; B: k x m",
        "product rule: let one factor move at a time, and keep the order",
    )
    .alone(
        "constant factor rule: the derivative of a product with respect to one side is the other side, in its place",
    ),
    rule("d_hadamard", "d(A .* …) = d(A) .* … + …", "A: n x m", "product rule: let one factor move at a time")
        .alone("what does not move stays outside as a factor"),
    rule("d_kron", "d(A ⊗ B) = d(A) ⊗ B + A ⊗ d(B)", "A: n x m; B: k x p", "product rule for the Kronecker product")
        .alone("one factor alone moves: the other stays in its place"),
    rule("d_transpose", "d(A^T) = d(A)^T", "A: n x m", "transposing only moves entries about: d and ᵀ commute"),
    rule(
        "d_inverse",
        "d(A^-1) = -A^-1 d(A) A^-1",
        "A: n x n invertible",
        "{A} times its inverse is I, which does not move: {d(A) A^-1} cancels {A} times the differential of the inverse",
    ),
    rule(
        "d_power",
        "d(A.^p) = p A.^(p - 1) .* d(A)",
        "A: n x m in-domain; p: scalar constant",
        "power rule: {A.^p_ij} moves with {A_ij} alone",
    ),
    rule(
        "d_exponent",
        "d(A.^p) = A.^p .* log(A) d(p)",
        "A: n x m in-domain constant; p: scalar varying",
        "aᵖ = exp(p log a): the exponent moves, the base does not",
    ),
    rule(
        "d_power_both",
        "d(A.^p) = p A.^(p - 1) .* d(A) + A.^p .* log(A) d(p)",
        "A: n x m in-domain varying; p: scalar varying",
        "aᵖ = exp(p log a): base and exponent both move",
    ),
    rule(
        "d_map",
        "d(f(A)) = f'(A) .* d(A)",
        "f: elementwise; A: n x m",
        "chain rule: {f(A)_ij} moves with {A_ij} alone, by the factor {f'(A)_ij}",
    ),
    rule("d_sum_entries", "d(sum(A)) = sum(d(A))", "A: n x m", "the sum of the entries is linear"),
    rule("d_sum_rows", "d(sum(A, rows)) = sum(d(A), rows)", "A: n x m", "row sums are linear"),
    rule("d_sum_cols", "d(sum(A, cols)) = sum(d(A), cols)", "A: n x m", "column sums are linear"),
    rule(
        "d_prod",
        "d(prod(A)) = ip(prod_others(A), d(A))",
        "A: n x m",
        "product rule: let one entry move at a time, the product of all others is its factor",
    ),
    rule(
        "d_prod_rows",
        "d(prod(A, rows)) = sum(prod_others(A, rows) .* d(A), rows)",
        "A: n x m",
        "row by row: each entry moves with the product of the others of its row",
    ),
    rule(
        "d_prod_cols",
        "d(prod(A, cols)) = sum(prod_others(A, cols) .* d(A), cols)",
        "A: n x m",
        "column by column: each entry moves with the product of the others of its column",
    ),
    rule(
        "d_prod_others",
        "d(prod_others(a)) = prod_others(a ones(n)^T - diag(a) + eye(n), cols) d(a) - prod_others(a) .* d(a)",
        "a: n",
        "the product of all entries but i moves with entry k by that of all but i and k: column i is a with 1 at place i",
    ),
    rule("d_mean", "d(mean(A)) = mean(d(A))", "A: n x m", "the mean is linear"),
    rule(
        "d_scalar_field",
        "d(f(A)) = ip(∇f(A), d(A))",
        "f: field; A: n x m",
        "the gradient is what the change of the argument is paired with: df = ⟨∇f, dA⟩",
    ),
    rule(
        "d_vector_field",
        "d(c(A)) = J_c(A) vec(d(A))",
        "c: field k; A: n x m",
        "the Jacobian is the linear part of c: dc = J_c vec(dA)",
    ),
    rule(
        "d_gradient",
        "d(∇f(A)) = unvec(∇²f(A) vec(d(A)), n, m)",
        "f: field; A: n x m",
        "the Hessian is the Jacobian of the gradient",
    ),
    rule(
        "d_jacobian_column",
        "d(J_c(A)^T b) = ∇²(b^T c)(A) vec(d(A)) + J_c(A)^T d(b)",
        "c: field k; A: n x m; b: k",
        "J_cᵀ b is the gradient of bᵀ c for weights that are held; then the weights move",
    ),
    rule(
        "d_jacobian_row",
        "d(r J_c(A)) = (∇²(r c)(A) vec(d(A)))^T + d(r) J_c(A)",
        "c: field k; A: n x m; r: 1 x k",
        "r J_c is the transposed gradient of r c for weights that are held; then the weights move",
    ),
    rule(
        "d_jacobian_between",
        "d(r (J_c(A) B)) = (∇²(r c)(A) vec(d(A)))^T B + d(r) J_c(A) B + r J_c(A) d(B)",
        "c: field k; A: n x m; r: 1 x k; B: n m x p",
        "r J_c is the transposed gradient of r c for weights that are held; then the factors beside it move",
    ),
    rule(
        "d_var",
        "d(var(A)) = 2 / (n m) ip(A - mean(A), d(A))",
        "A: n x m",
        "the mean of the squares moves with 2 (a − mean) (da − d mean), and the distances from the mean add up to 0",
    ),
    rule(
        "d_var_rows",
        "d(var(A, rows)) = 2 / m sum((A - 1 / m sum(A, rows) ones(m)^T) .* d(A), rows)",
        "A: n x m",
        "row by row, as for a whole array",
    ),
    rule(
        "d_var_cols",
        "d(var(A, cols)) = 2 / n sum((A - 1 / n ones(n) sum(A, cols)^T) .* d(A), cols)",
        "A: n x m",
        "column by column, as for a whole array",
    ),
    rule("d_trace", "d(tr(A)) = tr(d(A))", "A: n x n", "the trace is linear"),
    rule(
        "d_trace_kron",
        "d(tr(A ⊗ B)) = tr(B) tr(d(A)) + tr(A) tr(d(B))",
        "A: n x n; B: k x k",
        "tr(A ⊗ B) = tr A tr B, then the product rule",
    ),
    rule(
        "d_sum_kron",
        "d(sum(A ⊗ B)) = sum(B) sum(d(A)) + sum(A) sum(d(B))",
        "A: n x m; B: k x p",
        "the entries of A ⊗ B add up to sum(A) sum(B), then the product rule",
    ),
    rule(
        "d_norm_kron",
        "d(norm_squared(A ⊗ B)) = 2 norm_squared(B) ip(A, d(A)) + 2 norm_squared(A) ip(B, d(B))",
        "A: n x m; B: k x p",
        "‖A ⊗ B‖² = ‖A‖² ‖B‖², then the product rule",
    ),
    rule(
        "d_logdet_kron",
        "d(logdet(A ⊗ B)) = k tr(A^-1 d(A)) + n tr(B^-1 d(B))",
        "A: n x n invertible; B: k x k invertible",
        "det(A ⊗ B) = det(A)ᵏ det(B)ⁿ, then Jacobi's formula divided by it",
    ),
    rule(
        "d_det_kron",
        "d(det(A ⊗ B)) = det(A)^k det(B)^n (k tr(A^-1 d(A)) + n tr(B^-1 d(B)))",
        "A: n x n invertible; B: k x k invertible",
        "det(A ⊗ B) = det(A)ᵏ det(B)ⁿ, then Jacobi's formula",
    ),
    rule("trace_of_moving_sum", "tr(A + …) = tr(A) + …", "A: n x n", "the trace is linear"),
    rule("trace_of_moving_kron", "tr(A ⊗ B) = tr(A) tr(B)", "A: n x n; B: k x k", "the diagonal blocks are A_ii B"),
    rule(
        "kron_as_product",
        "(B ⊗ A) vec(X) = vec(A (X B^T))",
        "A: n x k; X: k x m; B: p x m",
        "vec(A X Bᵀ) = (B ⊗ A) vec X",
    ),
    rule("diagonal_of_moving_diag", "diag(diag(a)) = a", "a: n", "the diagonal of a diagonal matrix"),
    rule("d_diag", "d(diag(a)) = diag(d(a))", "a: n", "placing a vector on the diagonal is linear"),
    rule("d_diagonal_of", "d(diag(A)) = diag(d(A))", "A: n x n", "reading off the diagonal is linear"),
    rule("d_vec", "d(vec(A)) = vec(d(A))", "A: n x m", "stacking columns is linear"),
    rule("d_skew", "d(skew(a)) = skew(d(a))", "a: 3", "a cross product is linear in each factor"),
    rule("d_cumsum", "d(cumsum(a)) = cumsum(d(a))", "a: n", "running sums are linear"),
    rule(
        "d_norm_squared",
        "d(norm_squared(A)) = 2 ip(A, d(A))",
        "A: n x m",
        "{norm_squared(A)} is the inner product of {A} with itself: both factors move alike",
    ),
    rule(
        "d_norm1",
        "d(norm1(A)) = ip(sign(A), d(A))",
        "A: n x m",
        "|a| moves with the sign of a (0 at the kink, by convention)",
    ),
    rule("d_det", "d(det(A)) = det(A) tr(A^-1 d(A))", "A: n x n invertible", "Jacobi's formula"),
    rule("d_logdet", "d(logdet(A)) = tr(A^-1 d(A))", "A: n x n invertible", "Jacobi's formula divided by {det(A)}"),
    rule(
        "d_logsumexp",
        "d(logsumexp(a)) = softmax(a)^T d(a)",
        "a: n",
        "d log Σ exp(aᵢ) = Σ exp(aᵢ) daᵢ / Σ exp(aᵢ): the weights are the softmax",
    ),
    rule(
        "d_logsumexp_matrix",
        "d(logsumexp(A)) = ip(exp(A - logsumexp(A)), d(A))",
        "A: n x m",
        "d log Σ exp(Aᵢⱼ) = Σ exp(Aᵢⱼ) dAᵢⱼ / Σ exp(Aᵢⱼ): each entry counts with its share of the sum",
    ),
    rule(
        "d_softmax",
        "d(softmax(a)) = softmax(a) .* d(a) - softmax(a)^T d(a) softmax(a)",
        "a: n",
        "with p = softmax(a): dpᵢ = pᵢ (daᵢ − Σⱼ pⱼ daⱼ)",
    ),
    rule(
        "d_softmax_rows",
        "d(softmax(A, rows)) = softmax(A, rows) .* d(A) - softmax(A, rows) .* (sum(softmax(A, rows) .* d(A), rows) ones(m)^T)",
        "A: n x m",
        "row by row, with p = softmax(a): dpᵢ = pᵢ (daᵢ − Σⱼ pⱼ daⱼ)",
    ),
    rule(
        "d_softmax_cols",
        "d(softmax(A, cols)) = softmax(A, cols) .* d(A) - softmax(A, cols) .* (ones(n) sum(softmax(A, cols) .* d(A), cols)^T)",
        "A: n x m",
        "column by column, with p = softmax(a): dpᵢ = pᵢ (daᵢ − Σⱼ pⱼ daⱼ)",
    ),
    rule(
        "d_log_softmax_rows",
        "d(log_softmax(A, rows)) = d(A) - sum(softmax(A, rows) .* d(A), rows) ones(m)^T",
        "A: n x m",
        "row by row: log softmax(a) = a − logsumexp(a)",
    ),
    rule(
        "d_log_softmax_cols",
        "d(log_softmax(A, cols)) = d(A) - ones(n) sum(softmax(A, cols) .* d(A), cols)^T",
        "A: n x m",
        "column by column: log softmax(a) = a − logsumexp(a)",
    ),
    rule(
        "d_layernorm",
        "d(layernorm(a)) = (d(a) - mean(d(a)) ones(n) - 1 / n layernorm(a)^T d(a) layernorm(a)) / sqrt(mean((a - mean(a)).^2))",
        "a: n",
        "with y = (a − mean a)/σ: dy = (da − mean da − y mean(y ∘ da))/σ, since σ dσ = mean((a − mean a) ∘ da)",
    ),
    rule(
        "d_layernorm_rows",
        "d(layernorm(A, rows)) = diag(sqrt(1 / m sum((A - 1 / m sum(A, rows) ones(m)^T).^2, rows)))^-1 (d(A) - 1 / m sum(d(A), rows) ones(m)^T - 1 / m layernorm(A, rows) .* (sum(layernorm(A, rows) .* d(A), rows) ones(m)^T))",
        "A: n x m",
        "row by row, as for a vector",
    ),
    rule(
        "d_layernorm_cols",
        "d(layernorm(A, cols)) = (d(A) - 1 / n ones(n) sum(d(A), cols)^T - 1 / n layernorm(A, cols) .* (ones(n) sum(layernorm(A, cols) .* d(A), cols)^T)) diag(sqrt(1 / n sum((A - 1 / n ones(n) sum(A, cols)^T).^2, cols)))^-1",
        "A: n x m",
        "column by column, as for a vector",
    ),
    rule(
        "d_log_softmax",
        "d(log_softmax(a)) = d(a) - softmax(a)^T d(a) ones(n)",
        "a: n",
        "log softmax(a) = a − logsumexp(a)",
    ),
];
