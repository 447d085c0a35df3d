//! Algebra that holds whatever the entries are: how a result becomes what an author would print.

use super::{Rule, Topic};

const fn rule(name: &'static str, statement: &'static str, given: &'static str, why: &'static str) -> Rule {
    Rule {
        name,
        topic: Topic::Algebra,
        statement,
        given,
        why,
        source: "Horn & Johnson, Matrix Analysis, ch. 0",
        ..Rule::UNPLACED
    }
}

pub const RULES: &[Rule] = &[
    rule("transpose_mul", "(A B)^T = B^T A^T", "A: n x k; B: k x m", "transposing a product turns its order round")
        .normal(10),
    rule(
        "transpose_mul_back",
        "B^T A^T = (A B)^T",
        "A: n x k; B: k x m",
        "transposing a product turns its order round",
    ),
    rule("transpose_sum", "(A + …)^T = A^T + …", "A: n x m", "the transpose is linear").normal(20),
    rule("transpose_sum_back", "A^T + … = (A + …)^T", "A: n x m", "the transpose is linear"),
    rule(
        "transpose_hadamard",
        "(A .* …)^T = A^T .* …",
        "A: n x m",
        "transposing an elementwise product transposes its factors",
    ),
    rule(
        "transpose_hadamard_back",
        "A^T .* … = (A .* …)^T",
        "A: n x m",
        "transposing an elementwise product transposes its factors",
    ),
    rule("transpose_diag", "diag(a)^T = diag(a)", "a: n", "a diagonal matrix is symmetric"),
    rule(
        "transpose_kron",
        "(A ⊗ B)^T = A^T ⊗ B^T",
        "A: n x m; B: k x p",
        "transposing a Kronecker product transposes its factors",
    )
    .normal(40),
    rule("transpose_of_symmetric", "A^T = A", "A: n x n symmetric", "A is symmetric").normal(50),
    rule("transpose_transpose", "(A^T)^T = A", "A: n x m", "transposing twice changes nothing"),
    rule("mul_identity_left", "eye(n) A = A", "A: n x m", "the identity changes nothing"),
    rule("mul_identity_right", "A eye(m) = A", "A: n x m", "the identity changes nothing"),
    rule("mul_assoc", "A (B C) = (A B) C", "A: n x k; B: k x p; C: p x m", "products may be grouped as one likes"),
    rule("mul_assoc_back", "(A B) C = A (B C)", "A: n x k; B: k x p; C: p x m", "products may be grouped as one likes"),
    rule("sum_of_distribution", "sum(y) = 1", "y: n distribution", "the entries of y add up to 1"),
    rule("sum_of_stochastic_row", "P ones(m) = ones(n)", "P: n x m stochastic", "every row of P adds up to 1"),
    rule("sums_of_stochastic_rows", "sum(P, rows) = ones(n)", "P: n x m stochastic", "every row of P adds up to 1"),
    rule("sum_of_stochastic_rows", "sum(P) = n", "P: n x m stochastic", "n rows that add up to 1 each"),
    rule(
        "hadamard_with_ones",
        "(ones(n) ones(1, m)) .* R = R",
        "R: n x m rest array",
        "𝟏ₙ 𝟏ₘᵀ has ones everywhere, which change nothing",
    ),
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
    rule("inverse_mul", "A^-1 A = eye(n)", "A: n x n invertible", "an inverse undoes its matrix").normal(260),
    rule("mul_inverse", "A A^-1 = eye(n)", "A: n x n invertible", "an inverse undoes its matrix").normal(270),
    rule(
        "inverse_product",
        "(A B)^-1 = B^-1 A^-1",
        "A: n x n invertible; B: n x n invertible",
        "inverting a product turns its order round",
    )
    .normal(120),
    rule(
        "inverse_orthogonal",
        "A^-1 = A^T",
        "A: n x n orthogonal",
        "the inverse of an orthogonal matrix is its transpose",
    )
    .normal(130),
    rule(
        "orthogonal_left",
        "A^T A = eye(n)",
        "A: n x n orthogonal",
        "the columns of an orthogonal matrix are orthonormal",
    )
    .normal(300),
    rule(
        "orthogonal_right",
        "A A^T = eye(n)",
        "A: n x n orthogonal",
        "the rows of an orthogonal matrix are orthonormal",
    )
    .normal(310),
    rule(
        "diagonal_commute",
        "A B = B A",
        "A: n x n diagonal; B: n x n diagonal",
        "diagonal matrices multiply entry by entry, in either order",
    ),
    rule("absolute_of_positive", "abs(A) = A", "A: n x m positive", "A is positive").normal(710),
    rule("sign_of_positive", "sign(A) = ones(n, m)", "A: n x m positive", "A is positive").normal(720),
    rule("step_of_positive", "step(A) = ones(n, m)", "A: n x m positive", "A is positive").normal(730),
    rule("relu_of_positive", "relu(A) = A", "A: n x m positive", "A is positive").normal(740),
    rule("root_of_square", "sqrt(A.^2) = abs(A)", "A: n x m", "√t² = |t|").normal(750),
    rule("diagonal_of_diag", "diag(diag(a)) = a", "a: n", "the diagonal of a diagonal matrix").normal(370),
    rule("trace_diag", "tr(diag(a)) = sum(a)", "a: n", "the trace adds up the diagonal").normal(380),
    rule("diag_product", "diag(a) diag(b) = diag(a .* b)", "a: n; b: n", "diagonal matrices multiply entry by entry")
        .normal(360),
    rule("diag_sum", "diag(a) + … = diag(a + …)", "a: n", "diagonal matrices add entry by entry"),
    rule("diag_ones", "diag(ones(n)) = eye(n)", "a: n", "ones on the diagonal make the identity").normal(330),
    rule("diagonal_of_identity", "diag(eye(n)) = ones(n)", "a: n", "the identity has ones on its diagonal").normal(590),
    rule("trace_of_identity", "tr(eye(n)) = n", "a: n", "the identity has n ones on its diagonal").normal(600),
    rule("sum_of_ones", "sum(ones(n, m)) = n m", "A: n x m", "so many ones add up to their number").normal(610),
    rule("mean_of_ones", "mean(ones(n, m)) = 1", "A: n x m", "the mean of ones is 1"),
    rule("row_sums_of_ones", "sum(ones(n, m), rows) = m ones(n)", "A: n x m", "a row of m ones adds up to m"),
    rule("column_sums_of_ones", "sum(ones(n, m), cols) = n ones(m)", "A: n x m", "a column of n ones adds up to n"),
    rule(
        "product_of_ones",
        "ones(n, k) ones(k, m) = k ones(n) ones(m)^T",
        "A: n x k; B: k x m",
        "every entry is a sum of k ones",
    ),
    rule(
        "diagonal_of_sandwich",
        "diag(A (diag(x) B)) = (A .* B^T) x",
        "A: n x m; x: m; B: m x n",
        "entry i is Σₖ A_ik xₖ B_ki",
    ),
    rule("diagonal_of_sum", "diag(A + …) = diag(A) + …", "A: n x n", "reading off the diagonal is linear").normal(900),
    rule("trace_transpose", "tr(A^T) = tr(A)", "A: n x n", "transposing leaves the diagonal in place").normal(940),
    rule("diagonal_of_transpose", "diag(A^T) = diag(A)", "A: n x n", "transposing leaves the diagonal in place")
        .normal(400),
    rule("sum_eye", "sum(eye(n) .* A) = tr(A)", "A: n x n", "the identity picks the diagonal"),
    rule("sigmoid_of_exp", "exp(A) .* (1 + exp(A)).^-1 = sigmoid(A)", "A: n x m", "σ(t) = eᵗ / (1 + eᵗ)"),
    rule("sigmoid_of_neg_exp", "(1 + exp(-A)).^-1 = sigmoid(A)", "A: n x m", "σ(t) = 1 / (1 + e^{−t})"),
    rule("tanh_of_sinh", "sinh(A) .* cosh(A).^-1 = tanh(A)", "A: n x m", "tanh t = sinh t / cosh t"),
    rule("diag_times", "diag(a) b = a .* b", "a: n; b: n", "a diagonal matrix scales entry by entry").normal(340),
    rule(
        "khatri_rao",
        "(B ⊗ A) ((eye(n) ⊗ ones(n)) .* (ones(n) ⊗ eye(n))) = (B ⊗ ones(m)) .* (ones(p) ⊗ A)",
        "A: m x n; B: p x n",
        "column k is column k of B ⊗ column k of A",
    ),
    rule(
        "khatri_rao_gram",
        "((A ⊗ ones(k)) .* (ones(n) ⊗ B))^T ((C ⊗ ones(k)) .* (ones(n) ⊗ D)) = (A^T C) .* (B^T D)",
        "A: n x m; B: k x m; C: n x p; D: k x p",
        "columns a ⊗ b and c ⊗ d have the inner product (aᵀ c)(bᵀ d)",
    ),
    rule(
        "select_kron",
        "((eye(n) ⊗ ones(n)) .* (ones(n) ⊗ eye(n)))^T (A ⊗ B) = (A ⊗ ones(1, k)) .* (ones(1, p) ⊗ B)",
        "A: n x p; B: n x k",
        "row i is row i of A ⊗ row i of B",
    ),
    rule(
        "face_splitting_khatri_rao",
        "((A ⊗ ones(1, k)) .* (ones(1, n) ⊗ B)) ((C ⊗ ones(k)) .* (ones(n) ⊗ D)) = (A C) .* (B D)",
        "A: m x n; B: m x k; C: n x p; D: k x p",
        "rows a ⊗ b and columns c ⊗ d have the products (a c)(b d)",
    ),
    rule(
        "khatri_rao_sum",
        "((C ⊗ ones(k)) .* (ones(n) ⊗ D))^T (A + …) = ((C ⊗ ones(k)) .* (ones(n) ⊗ D))^T A + …",
        "C: n x p; D: k x p; A: n k x q",
        "a product with a sum is the sum of the products",
    ),
    rule(
        "sum_khatri_rao",
        "(A + …) ((C ⊗ ones(k)) .* (ones(n) ⊗ D)) = A ((C ⊗ ones(k)) .* (ones(n) ⊗ D)) + …",
        "A: q x n k; C: n x p; D: k x p",
        "a product with a sum is the sum of the products",
    ),
    rule(
        "select_commutation",
        "((eye(n) ⊗ ones(n)) .* (ones(n) ⊗ eye(n)))^T K(n, n) = ((eye(n) ⊗ ones(n)) .* (ones(n) ⊗ eye(n)))^T",
        "a: n",
        "the commutation matrix leaves the places (i, i) where they are",
    ),
    rule(
        "commutation_khatri_rao",
        "K(n, p) ((B ⊗ ones(n)) .* (ones(p) ⊗ A)) = (A ⊗ ones(p)) .* (ones(n) ⊗ B)",
        "A: n x m; B: p x m",
        "the commutation matrix turns b ⊗ a into a ⊗ b",
    ),
    rule(
        "select_diagonal",
        "((eye(n) ⊗ ones(n)) .* (ones(n) ⊗ eye(n)))^T (diag(a) ((eye(n) ⊗ ones(n)) .* (ones(n) ⊗ eye(n)))) = diag(((eye(n) ⊗ ones(n)) .* (ones(n) ⊗ eye(n)))^T a)",
        "a: n n",
        "entry i of the diagonal is the one at place (i, i)",
    ),
    rule(
        "diagonal_select",
        "diag(vec(A)) ((eye(n) ⊗ ones(n)) .* (ones(n) ⊗ eye(n))) = ((eye(n) ⊗ ones(n)) .* (ones(n) ⊗ eye(n))) diag(diag(A))",
        "A: n x n",
        "column i is the one at place (i, i), scaled by the entry there",
    ),
    rule(
        "select_vec",
        "((eye(n) ⊗ ones(n)) .* (ones(n) ⊗ eye(n)))^T vec(A) = diag(A)",
        "A: n x n",
        "places (i, i) are the diagonal",
    ),
    rule(
        "select_vecs",
        "((eye(n) ⊗ ones(n)) .* (ones(n) ⊗ eye(n)))^T (vec(A) .* …) = diag(A) .* …",
        "A: n x n",
        "places (i, i) are the diagonal",
    ),
    rule("row_diag", "a^T diag(b) = (a .* b)^T", "a: n; b: n", "a diagonal matrix scales entry by entry"),
    rule("ones_diag", "ones(1, n) diag(a) = a^T", "a: n", "every column of a diagonal matrix has one entry"),
    rule("kron_column_product", "(b ⊗ A) c = vec((A c) b^T)", "b: p; A: m x k; c: k", "vec(A c bᵀ) = (b ⊗ A) c"),
    rule("sum_hadamard", "sum(a .* b) = a^T b", "a: n; b: n", "the sum of entrywise products is the dot product"),
    rule(
        "diagonal_of_outer",
        "diag(a b^T) = a .* b",
        "a: n; b: n",
        "the diagonal of an outer product is the entrywise product",
    )
    .normal(390),
    rule("vec_outer", "vec(a b^T) = b ⊗ a", "a: n; b: m", "column j of a bᵀ is bⱼ a").normal(440),
    rule("vec_unvec", "vec(unvec(g, n, m)) = g", "g: n m", "folding and unfolding").normal(420),
    rule("unvec_vec", "unvec(vec(A), n, m) = A", "A: n x m", "folding and unfolding").normal(430),
    rule("kron_vec", "(B ⊗ A) vec(X) = vec(A (X B^T))", "A: n x k; X: k x m; B: p x m", "vec(A X Bᵀ) = (B ⊗ A) vec X")
        .normal(500),
    rule(
        "vec_kron",
        "vec(X)^T (B ⊗ A) = vec(A^T (X B))^T",
        "A: k x n; X: k x m; B: m x p",
        "vec(Aᵀ X B) = (B ⊗ A)ᵀ vec X, transposed",
    )
    .normal(510),
    rule("commutation_vec", "K(n, m) vec(X) = vec(X^T)", "X: n x m", "the commutation matrix transposes").normal(560),
    rule("vec_commutation", "vec(X)^T K(n, m) = vec(X^T)^T", "X: m x n", "the commutation matrix transposes")
        .normal(570),
    rule("commutation_transpose", "K(n, m)^T = K(m, n)", "a: n; b: m", "K is a permutation: Kᵀ = K⁻¹ transposes back")
        .normal(60),
    rule("commutation_twice", "K(m, n) K(n, m) = eye(n m)", "a: n; b: m", "transposing twice changes nothing")
        .normal(320),
    rule(
        "commutation_duplication",
        "K(n, n) dup(n) = dup(n)",
        "a: n",
        "K dup(n) vech X = vec Xᵀ = vec X for symmetric X",
    ),
    rule(
        "duplication_commutation",
        "dup(n)^T K(n, n) = dup(n)^T",
        "a: n",
        "K dup(n) vech X = vec Xᵀ = vec X for symmetric X",
    ),
    rule("duplication_vec", "dup(n)^T vec(A^T) = dup(n)^T vec(A)", "A: n x n", "both add up A_ij and A_ji"),
    rule(
        "commutation_kron",
        "(A ⊗ B) K(m, q) = K(n, p) (B ⊗ A)",
        "A: n x m; B: p x q",
        "exchanging the factors of ⊗ is exchanging rows and columns on both sides",
    )
    .normal(580),
    rule(
        "commutation_kron_back",
        "K(n, p) (B ⊗ A) = (A ⊗ B) K(m, q)",
        "A: n x m; B: p x q",
        "exchanging the factors of ⊗ is exchanging rows and columns on both sides",
    ),
    rule("kron_assoc", "A ⊗ (B ⊗ C) = (A ⊗ B) ⊗ C", "A: n x m; B: k x p; C: q x r", "⊗ is associative"),
    rule("kron_assoc_back", "(A ⊗ B) ⊗ C = A ⊗ (B ⊗ C)", "A: n x m; B: k x p; C: q x r", "⊗ is associative"),
    rule("kron_outer", "a ⊗ b^T = a b^T", "a: n; b: m", "every entry of a scales the row").normal(450),
    rule("outer_kron", "b^T ⊗ a = a b^T", "a: n; b: m", "every entry of b scales the column").normal(460),
    rule("column_kron", "(a ⊗ A) B = a ⊗ (A B)", "a: n; A: l x k; B: k x m", "the blocks of a ⊗ A, each times B"),
    rule("kron_column", "(eye(k) ⊗ a) B = B ⊗ a", "a: n; B: k x m", "every entry of B meets the whole of a"),
    rule("row_kron", "A (b^T ⊗ B) = b^T ⊗ (A B)", "A: n x m; b: k; B: m x l", "A times each block of bᵀ ⊗ B"),
    rule("kron_row", "A (eye(m) ⊗ b^T) = A ⊗ b^T", "A: n x m; b: k", "every entry of A meets the whole of bᵀ"),
    rule(
        "distribute_kron",
        "(A ⊗ B) (C + …) = (A ⊗ B) C + …",
        "A: n x m; B: k x p; C: m p x q",
        "a product with a sum is the sum of the products",
    ),
    rule("kron_sum_left", "A ⊗ B + … = (A + …) ⊗ B", "A: n x m; B: k x p common", "⊗ is linear in each factor"),
    rule("kron_sum_right", "A ⊗ B + … = A ⊗ (B + …)", "A: n x m common; B: k x p", "⊗ is linear in each factor"),
    rule("kron_inverse", "(A ⊗ B)^-1 = A^-1 ⊗ B^-1", "A: n x n invertible; B: k x k invertible", "factor by factor")
        .normal(150),
    rule("trace_kron", "tr(A ⊗ B) = tr(A) tr(B)", "A: n x n; B: k x k", "the diagonal blocks are A_ii B").normal(470),
    rule("sum_kron", "sum(A ⊗ B) = sum(A) sum(B)", "A: n x m; B: k x p", "every entry of A meets every entry of B")
        .normal(480),
    rule(
        "norm_kron",
        "norm_squared(A ⊗ B) = norm_squared(A) norm_squared(B)",
        "A: n x m; B: k x p",
        "every entry of A meets every entry of B",
    ),
    rule(
        "kron_mul",
        "(A ⊗ B) (C ⊗ D) = (A C) ⊗ (B D)",
        "A: n x k; C: k x m; B: p x q; D: q x r",
        "Kronecker products multiply factor by factor",
    )
    .normal(490),
];
