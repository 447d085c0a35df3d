//! Indexed documents in the ways authors write them: each was misread or refused once. Text in, gradient out, compared with
//! the document written out.

use gradus::{Document, Options};
use gradus_cli::cli::run;

/// The derivative by a target; no result is shown that the check does not agree with.
fn derivative(document: &str, wrt: &str) -> String {
    let document: Document = document.parse().unwrap_or_else(|e| panic!("{document}: {e}"));
    let found = document.derive(&Options::default().with_respect_to([wrt])).unwrap_or_else(|e| panic!("{wrt}: {e}"));
    assert!(found.error().is_some_and(|e| e < 1e-9), "{wrt}: not compared");
    found.derivatives()[0].ascii()
}

#[track_caller]
fn check(cases: &[(&str, &str, &str)]) {
    for (document, wrt, expected) in cases {
        assert_eq!(derivative(document, wrt), *expected, "{document} by {wrt}");
    }
}

#[track_caller]
fn refused(document: &str, words: &str) {
    let said = match document.parse::<Document>() {
        Ok(d) => d.derive(&Options::default()).expect_err(document).to_string(),
        Err(e) => e.to_string(),
    };
    assert!(said.contains(words), "{document}: {said}");
}

#[test]
fn a_set_at_an_index_moves_with_it() {
    let expected = "2 sum(i, h_i sum(j, N_ij x_j^T))";
    check(&[
        (r"h_i = \sum_{j \in \mathcal{N}(i)} W x_j, L = \sum_i \|h_i\|^2", "W", expected),
        (r"h_i = \sum_{j \in N_i} W x_j, L = \sum_i \|h_i\|^2", "W", expected),
        (r"\sum_{k=1}^K \sum_{i \in C_k} \|x_i - \mu_k\|^2", "μ_k", "2 sum(i, C_ki (μ_k - x_i))"),
        (r"\sum_{i \in S_1} (y_i - w^T x_i)^2", "w", "2 sum(i, (S_1)_i (w^T x_i - y_i) x_i)"),
        (
            r"h_i = \frac{1}{|\mathcal{N}(i)|} \sum_{j \in \mathcal{N}(i)} x_j, L = \sum_i c_i h_i",
            "x_j",
            "sum(i, N_ij c_i / sum(k, N_ik))",
        ),
    ]);
}

#[test]
fn a_condition_on_data_stands_after_a_colon() {
    check(&[
        (r"\sum_{i : y_i = 1} w^T x_i", "w", "sum(i, [y_i = 1] x_i)"),
        (
            r"\ell = \sum_i d_i \log \sum_{j : t_j \ge t_i} e^{\theta_j}",
            "d_i",
            "log(sum(j, (1 - step(t_i - t_j)) exp(θ_j)))",
        ),
    ]);
}

#[test]
fn a_function_at_an_index_is_another_one_at_each() {
    check(&[
        (r"f_i(w) = (y_i - w^T x_i)^2, F(w) = \frac1n\sum_{i=1}^n f_i(w)", "w", "2/n sum(i, (w^T x_i - y_i) x_i)"),
        (
            r"\phi_k(x) = \exp(-\gamma_k x^2), f = \sum_{i=1}^n \sum_{k=1}^K a_k \phi_k(x_i)",
            "a_k",
            "sum(i, exp(-γ_k x_i^2))",
        ),
    ]);
    refused(r"f = \sum_{i=1}^n f_i(x)", "another function for each index");
}

#[test]
fn a_family_of_two_indices_before_a_difference_is_a_factor() {
    check(&[(r"J = \sum_{i,j} f_{ij} (u_i - v_j)^2", "u_i", "2 sum(j, f_ij (u_i - v_j))")]);
}

#[test]
fn a_square_that_is_defined_is_of_its_root() {
    check(&[
        (r"\sigma^2 = \frac1m\sum_{i=1}^m x_i^2, L = \frac{c}{\sigma^2 + \epsilon}", "c", "1 / (σ^2 + ε)"),
        (r"\chi^2 = \sum_i (y_i - a x_i)^2", "a", "2 sum(i, x_i (a x_i - y_i))"),
    ]);
}

#[test]
fn a_place_may_be_told_by_data() {
    check(&[
        (r"L = \sum_i (\sum_c \theta_c^T x_i - \theta_{y_i}^T x_i)", "θ_c", "sum(i, x_i) - sum(i, [y_i = c] x_i)"),
        (r"\sum_{t=2}^T A_{s_{t-1} s_t} + \sum_{i,j} A_{ij}^2", "s_t", "0"),
    ]);
}

#[test]
fn a_family_and_the_value_made_of_it_may_share_a_letter() {
    check(&[
        (r"L_i = (y_i - w^T x_i)^2, L = \frac1n\sum_{i=1}^n L_i", "w", "2/n sum(i, (w^T x_i - y_i) x_i)"),
        (r"E = \sum_{(i,j) \in \mathcal{E}} w_{ij} x_i x_j", "w_ij", "E_ij x_i x_j"),
        (r"x = A y, s = \sum_i x_i^2", "y", "2 A^T x"),
    ]);
}

#[test]
fn a_definition_may_have_three_indices() {
    check(&[(r"z_{ijk} = a_i b_j c_k, s = \sum_{i,j,k} z_{ijk}^2", "a_i", "2 sum(j, k, z_ijk b_j c_k)")]);
}

#[test]
fn a_function_of_a_member_that_data_tell_is_taken_at_each() {
    check(&[(r"p_k = \frac{\exp(f_k)}{\sum_j \exp(f_j)}, L_i = -\log(p_{y_i})", "f_k", "p_k - [y_i = k]")]);
}

#[test]
fn edges_whose_length_has_no_derivative_at_0_are_no_loops() {
    check(&[
        (
            r"V = \sum_{(i,j) \in E} \frac{q_i q_j}{\|x_i - x_j\|}",
            "q_i",
            "sum(j != i, q_j (E_ij + E_ji) / norm2(x_i - x_j))",
        ),
        (r"V = \sum_{(i,j) \in E} (x_i - x_j)^2", "x_i", "2 sum(j, (E_ij + E_ji) (x_i - x_j))"),
    ]);
}

#[test]
fn the_logarithm_of_a_mean_needs_no_bracket() {
    check(&[(r"L = \log \frac1n \sum_{i=1}^n e^{x_i}", "x_i", "exp(x_i) / sum(j, exp(x_j))")]);
}

#[test]
fn a_range_may_end_at_the_letter_of_the_identity() {
    check(&[(r"\sum_{u=1}^{U}\sum_{i=1}^{I} w_{ui} q_i", "q_i", "sum(u, w_ui)")]);
}

#[test]
fn a_vector_beside_a_family_of_its_letter_is_refused() {
    let words = "stands whole here";
    refused(r"f(x) = \sum_{i=1}^n \alpha_i k(x, x_i) + b, k(u,v) = \exp(-\|u-v\|^2)", words);
    refused(r"f(x) = \sum_{i=1}^n \alpha_i y_i x_i^T x + b", words);
    check(&[(r"x^T A x + \sum_i x_i^4", "x", "4 x_i^3 + ((A + A^T) x)_i")]);
}

#[test]
fn indices_without_braces_are_indices() {
    check(&[
        (r"s = \sum_{ij} A_ij x_i x_j", "A_ij", "x_i x_j"),
        (r"z_i = \sum_j W_ij x_j + b_i, s = \sum_i u_i f(z_i)", "W_ij", "x_j u_i f'(z_i)"),
        (r"s = \sum_i \sum_j \sum_k T_ijk a_ib_jc_k", "T_ijk", "a_i b_j c_k"),
        // j stands at nothing here: it is a number
        (r"s = \sum_i a_ib_i + \sum_{j=1}^n x_j j", "x_j", "j"),
        (r"s = \sum_{j=1}^n \sum_{i=1}^m x_{i}j", "x_i", "sum(j = 1..n, j)"),
    ]);
}

#[test]
fn values_are_called_by_the_names_of_the_document() {
    check(&[
        (r"o_k = \sigma(\sum_j w_{jk} x_j), E = \frac12 \sum_k (t_k - o_k)^2", "w_jk", "o_k x_j (1 - o_k) (o_k - t_k)"),
        ("p_i = exp(z_i) / sum_j exp(z_j); L = -sum_k y_k log p_k", "z_i", "p_i sum(j, y_j) - y_i"),
        ("h_i = tanh(sum_j W_ij x_j); s = sum_i u_i h_i", "W_ij", "x_j u_i (1 - h_i^2)"),
        // the value is not what is differentiated
        ("h_i = tanh(x_i); s = sum_i u_i h_i", "x_i", "u_i (1 - h_i^2)"),
    ]);
}

/// Convolutions, moving averages, autocovariances: places told by two indices, by a lag, or from the end.
#[test]
fn places_may_be_told_by_two_indices() {
    check(&[
        (
            r"\sum_{i=1}^{n} (y_i - \sum_{k=1}^{K} w_k x_{i+k})^2",
            "w_k",
            "2 sum(i, x_{i+k} (sum(j, w_j x_{i+j}) - y_i))",
        ),
        (
            r"\sum_{i=1}^{n} (y_i - \sum_{k=1}^{K} w_k x_{i+k})^2",
            "x_i",
            "2 sum(j, i - j >= 1, i - j <= K, w_{i-j} (sum(k, w_k x_{j+k}) - y_j))",
        ),
        (r"y_t = \sum_{k=1}^{p} a_k x_{t-k}, L = \sum_{t=1}^{T} (y_t - z_t)^2", "a_k", "2 sum(t, x_{t-k} (y_t - z_t))"),
        (
            r"c_k = \frac1n \sum_{t=1}^{n-k} x_t x_{t+k}, L = \sum_{k=1}^{K} c_k^2",
            "x_t",
            "2/n * (sum(k, t - k >= 1, c_k x_{t-k}) + sum(k, n - k >= t, c_k x_{t+k}))",
        ),
        (r"\frac{1}{n} \sum_{t=1}^{n-h} (x_t - m)(x_{t+h} - m)", "m", "sum(t = 1..n - h, 2 m - x_t - x_{t+h}) / n"),
        (r"\sum_{i=1}^{n} x_i x_{n+1-i}", "x_i", "2 x_{n+1-i}"),
        (
            r"\sum_{i,j} (y_{ij} - \sum_{a=1}^{A} \sum_{b=1}^{A} w_{ab} x_{i+a,j+b})^2",
            "w_ab",
            "2 sum(i, j, x_{i+a,j+b} (sum(k, l, w_kl x_{i+k,j+l}) - y_ij))",
        ),
        (
            r"\sum_{t=1}^{T}\sum_{c=1}^{C} \log \sigma(v_{t+c}^\top u_t)",
            "v_t",
            "sum(i, t - i >= 1, t - i <= C, (1 - sigmoid(u_i^T v_t)) u_i)",
        ),
    ]);
}

/// `^T` is no transpose of what stands to the power t elsewhere, where T ends a range.
#[test]
fn a_discount_to_the_last_power_is_a_power() {
    check(&[
        (r"G = \sum_{t=0}^{T-1} \gamma^t r_t + \gamma^T V", "V", "γ^(T)"),
        (r"L = \sum_{t=1}^{T} \gamma^t (w^T x_t - y_t)", "w", "sum(t, γ^t x_t)"),
    ]);
    assert!(derivative(r"P = \sum_{t=1}^{T} \frac{c_t}{(1+r)^t} + \frac{F}{(1+r)^T}", "F").contains('T'));
}

/// What is printed of places told by two indices is read back, and a slip in one is seen.
#[test]
fn results_with_places_of_two_indices_read_back() {
    let text = r"\sum_{i=1}^{n} (y_i - \sum_{k=1}^{K} w_k x_{i+k})^2";
    let claim = |claimed: &str| {
        run(["gradus", "check", text, "--wrt", "x_i", "--claim", claimed].map(Into::into).to_vec()).code == 0
    };
    assert!(claim("2 sum(j, i - j >= 1, i - j <= K, w_{i-j} (sum(k, w_k x_{j+k}) - y_j))"));
    assert!(claim("2 sum(k, [i - k >= 1] [i - k <= n] w_k (sum(j, w_j x_{i-k+j}) - y_{i-k}))"));
    assert!(!claim("2 sum(j, i - j >= 1, i - j <= K, w_{i-j} (sum(k, w_k x_{i+k}) - y_j))"));
}

#[test]
fn what_multiplies_an_array_of_its_own_entries_goes_among_them() {
    check(&[
        (r"J = -\sum_k y_k \log \mathrm{softmax}(W x)_k", "W", "(sum(k, y_k) softmax(W x) - y) x^T"),
        ("s = sum_i softmax(W x)_i u_i", "x", "W^T (softmax(W x) .* (u - sum(u .* softmax(W x))))"),
        (
            r"L = -\sum_n \sum_k y_{nk} \log \mathrm{softmax}(W x_n)_k",
            "W",
            "sum(n, (sum(k, y_nk) softmax(W x_n) - stack(k, y_nk)) x_n^T)",
        ),
    ]);
}

#[test]
fn an_accent_over_an_index_is_one_over_its_letter() {
    check(&[
        (r"J = -\sum_k y_k \log \hat{y_k}", "y_hat_k", "-y_k / y_hat_k"),
        (r"J = -\sum_k y_k \log \hat y_k", "y_hat_k", "-y_k / y_hat_k"),
        (r"s = \|\bar{x_1} - \hat{\mathbf{x}_2}\|^2", "x_bar_1", "2 (x_bar_1 - x_hat_2)"),
    ]);
}

#[test]
fn samples_are_no_targets_unless_they_are_named() {
    let targets = |text: &str| {
        let document: Document = text.parse().expect(text);
        let found = document.derive(&Options::default()).expect(text);
        found.derivatives().iter().map(|d| d.target().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(targets(r"J = \mathbb{E}_x[\|\sigma(W x) - y\|^2]"), ["W", "y"]);
    assert_eq!(targets("J = E[(y - w^T x)^2]"), ["w"]);
    assert_eq!(targets(r"s = \mathbb{E}_x[x^T A x]"), ["A"]);
}

#[test]
fn one_letter_for_two_families_is_asked_back() {
    refused(r"R = \sum_u \sum_i (r_{ui} - \mu - b_u - b_i - p_u^T q_i)^2", "is b one family");
    check(&[
        (r"R = \sum_{u,i} (r_{ui} - b_u - c_i)^2", "b_u", "2 sum(i, b_u + c_i - r_ui)"),
        // one family where its author says so, and where the letters are customary for one range
        (r"R = \sum_{u=1}^n \sum_{i=1}^n (b_u + b_i)^2", "b_u", "4 sum(i, b_u + b_i)"),
        (r"s = \sum_{i,j} (x_i + x_j)^2", "x_i", "4 sum(j, x_i + x_j)"),
        (r"s = \sum_{u,i} A_{ui} (x_u - x_i)^2", "A_ui", "(x_u - x_i)^2"),
    ]);
}

#[test]
fn a_quotient_of_members_that_data_tell_has_a_value_for_all_data() {
    check(&[(
        r"L = -\sum_{i=1}^{N} \log \frac{\exp(z_{i y_i})}{\sum_{k=1}^{K} \exp(z_{ik})}",
        "z_ik",
        "exp(z_ik) / sum(j, exp(z_ij)) - [y_i = k]",
    )]);
}

#[test]
fn scripts_stand_in_either_order() {
    check(&[
        (r"J = \sum_j w^T_j x", "x", "sum(j, w_j)"),
        (r"J = \sum_j \mathbf{w}^{\top}_j x", "x", "sum(j, w_j)"),
        (r"J = \sum_i x^2_i", "x_i", "2 x_i"),
        (r"J = \sum_i (y_i - {\bf w}^T{\bf x}_i)^2", "w", "2 sum(i, (w^T x_i - y_i) x_i)"),
        (r"J = \sum_k \log|\Sigma_k| + (x-\mu_k)^T \Sigma^{-1}_k a", "a", "sum(k, Σ_k^-T (x - μ_k))"),
    ]);
}

#[test]
fn macros_are_what_they_stand_for() {
    check(&[
        (r"\newcommand{\x}{\mathbf{x}} f(\x) = \x^\top \mathbf{A} \x", "x", "(A + A^T) x"),
        (r"\def\sq#1{\|#1\|^2} f = \sq{A x - b}", "x", "2 A^T (A x - b)"),
        (r"f = \norm{A x - b}^2 + \inner{c}{x}", "x", "2 A^T (A x - b) + c"),
        (r"f = \bx^T \bA \bx", "x", "(A + A^T) x"),
        (r"\boxed{f = \underbrace{x^\top x}_{\text{data}} + \color{red}{\lambda}}", "x", "2 x"),
        (
            r"L = \left\{\begin{array}{ll} \frac12 r^2 & \text{if } r \ge 0 \\ 0 & \text{otherwise}\end{array}\right.",
            "r",
            "relu(r)",
        ),
        (r"\begin{array}{rl} \min_x & x^\top x \\ \text{s.t.} & A x = \mathbf{0}\end{array}", "x", "2 x"),
        (r"f = \left\vert\left\vert Y - X B\right\vert\right\vert_F^2", "B", "2 X^T (X B - Y)"),
    ]);
    // what is wrong within one is told of the macro as typed
    refused(r"f = \norm{A x - b + \foo}", r"unknown command \foo");
}

#[test]
fn a_word_above_a_name_is_no_power() {
    check(&[
        (r"L = \log \pi_w^{\text{ref}} + \beta \log \pi_w^{\text{ref}}", "β", "log(π_w_ref)"),
        (r"f = \|\theta - \theta^{old}\|^2", "θ", "2 (θ - θ_old)"),
        // letters of the text are factors
        (r"f = x^{abc} + a + b + c", "x", "a b c x^(a b c - 1)"),
    ]);
}

#[test]
fn what_can_be_two_things_is_asked_back() {
    refused(r"E = \sum_i ((R p_i + t - q_i) \cdot n_i)^2", "`R` can be a matrix or a number here");
    refused(r"V(S, t) = \max(S - K, 0)", "is S a number in this factor, or a matrix?");
    refused(r"y = \frac{x - E[x]}{\sqrt{\mathrm{Var}[x] + \epsilon}}", "x stands in an expectation");
    let constant = derivative(r"U = \sum_{i<j} \frac{G m_i m_j}{\|\mathbf r_i - \mathbf r_j\|}", "G");
    assert!(constant.contains("m_i m_j"), "{constant}");
    check(&[(r"f = E[(y - w^\top x)^2] + \lambda w^\top w", "λ", "w^T w")]);
}

#[test]
fn a_function_along_a_line_is_a_number_at_each_place() {
    check(&[
        (r"\varphi(\alpha) = f(x + \alpha p)", "α", "p^T grad_f(x + α p)"),
        (r"g(t) = f(x + t v)", "t", "v^T grad_f(x + t v)"),
    ]);
}

#[test]
fn a_label_below_a_member_chooses_it() {
    let gradient = derivative(r"\ell = -z_y + \log \sum_k e^{z_k}", "z_k");
    assert!(gradient.contains("[y = k]"), "{gradient}");
}

#[test]
fn heads_and_brackets_as_they_are_typeset() {
    check(&[
        (r"\min_{\Theta \succ 0} f(\Theta) := \operatorname{tr}(S\Theta)", "Θ", "S^T"),
        (
            r"\text{minimize} \quad f(x) = \frac12 x^\top P x \quad \text{subject to} \quad G x \preceq h",
            "P",
            "1/2 x x^T",
        ),
        (r"\langle H \rangle = \langle \psi | H | \psi \rangle", "H", "ψ ψ^T"),
        (r"D(f, g) = \sum_i f_i a_i + \sum_j g_j b_j", "f_i", "a_i"),
        (r"\mathcal{E}[\mathbf{u}] = \frac{\lambda}{2} (\operatorname{tr} \mathbf{S})^2", "λ", "1/2 tr(S)^2"),
        (r"r(x)^\top r(x), \quad r(x) = \mathbf{A} x - b", "b", "-2 c"),
        (r"r_i(a) = y_i - \frac{a x_i}{c + x_i}, \quad S = \sum_{i=1}^m r_i^2", "a", "-2 sum(i, r_i x_i / (c + x_i))"),
        (r"f = (r + \gamma\,\mathbf w^{\top}\phi' - \mathbf w^{\top}\phi)^2", "r", "2 (r + γ w^T φ_prime - w^T φ)"),
        (r"f = \|x - x_0\|^2_{\mathbf{P}^{-1}}", "x", "(P^-1 + P^-T) r"),
        (r"\text{Score}(Q, K) = \operatorname{tr}(Q K^\top)", "Q", "K"),
    ]);
}

#[test]
fn members_of_a_set_are_data_and_no_numbers() {
    check(&[
        (r"\sum_k\sum_{x\in C_k}\|x-\mu_k\|^2", "μ_k", "2 sum(i, C_ki (μ_k - x_i))"),
        (r"\sum_k\sum_{x_i\in C_k}\|x_i-\mu_k\|^2", "μ_k", "2 sum(i, C_ki (μ_k - x_i))"),
        (r"\sum_{(x,y)\in S}(y - \mathbf w^\top x)^2", "w", "2 sum(i, S_i (w^T x_i - y_i) x_i)"),
        (r"\sum_{(x_i,y_i)\in S}(y_i - \mathbf w^\top x_i)^2", "w", "2 sum(i, S_i (w^T x_i - y_i) x_i)"),
        (r"\sum_{p\in P}\|R p + t - q_p\|^2", "t", "2 sum(i, P_i (R p_i + t - q_i))"),
        (r"\sum_n p_n\langle n|A|n\rangle", "A", "sum(i, p_i n_i n_i^T)"),
        (r"\sum_{x \in C}(x - m)^2", "m", "2 sum(i, C_i (m - x_i))"),
    ]);
    // indices and times are numbers, and so is what has a range
    check(&[
        (r"\sum_{t \in T} \gamma^t r_t", "r_t", "T_t γ^t"),
        (r"\sum_n n\|x_n\|^2", "x_n", "2 n x_n"),
        (r"\sum_{x=1}^N (x - m)^2", "m", "2 sum(x = 1..N, m - x)"),
    ]);
}

#[test]
fn a_kernel_is_no_commutation_matrix() {
    refused(
        r"\hat f(z) = \sum_i \alpha_i K(z, x_i)",
        "did you mean: \\hat f(z) = \\sum_i \\alpha_i K(z, x_i); K(u, v) =",
    );
    refused(r"a = \alpha K(s,t)", "nothing says what `K` is");
    refused(r"\frac{\sum_i K(\|z - x_i\|^2) y_i}{\sum_i K(\|z - x_i\|^2)}", "is it a function, or a factor?");
    check(&[
        ("X: n x m; s = ‖K(n, m) vec(X)‖^2", "X", "2 X"),
        (r"s = K (\|x\|^2 + 1)", "x", "2 K x"),
        (r"s = c (\|x\|)^2", "x", "2 c x"),
    ]);
}

#[test]
fn the_imaginary_unit_is_seen_in_any_place() {
    refused(r"X_k = \sum_{n=0}^{N-1}x_ne^{-i2\pi kn/N}", "imaginary unit");
    refused(r"X_k = \sum_{n=0}^{N-1}x_ne^{-2\pi i kn/N}", "imaginary unit");
    refused(r"y = e^{\sigma + a i t}", "imaginary unit");
    check(&[(r"\sum_{i=1}^n x_i e^{-2 \pi i / n}", "x_i", "exp(-2/n π i)")]);
}

#[test]
fn the_logarithm_is_of_a_call() {
    refused(r"L = \log\Gamma(\alpha) + \alpha", r"did you mean: L = \operatorname{lgamma}(\alpha) + \alpha");
    refused(r"L = \mathbb{E}_{x\sim p}[\log D(x)]", "D stands before a lone name in brackets");
    check(&[(r"\Phi: elementwise; L = \sum_i \log\Phi(x_i^\top\beta)", "x_i", "Φ'(β^T x_i) β / Φ(β^T x_i)")]);
    refused(r"\log x(1 - y)", "needs parentheses");
}

#[test]
fn letters_of_functions_are_factors_where_the_text_says_so() {
    check(&[
        (r"C = \sum_{(i,j)\in P}\log(1+e^{-\sigma(s_i-s_j)})", "P_ij", "log(1 + exp(σ (s_j - s_i)))"),
        (r"y = e^{-\sigma (x - m)^2}", "x", "2 σ y (m - x)"),
        (r"V: scalar; E_L: scalar; I = g_L(V-E_L)", "V", "g_L"),
        (r"h: scalar; E = h(\nu - \nu_0)", "ν", "h"),
        // functions of networks, of times and of arrays
        (r"u = f(x - c t) + g(x + c t)", "x", "f'(x - c t) + g'(x + c t)"),
        (r"y = h(t - \tau)", "τ", "-h'(t - τ)"),
    ]);
    refused(r"E = h(\nu - \nu_0)", r"did you mean: h: scalar; E = h(\nu - \nu_0)");
    refused(r"T = mg(1+\sin\theta)", "g stands before a sum in brackets");
    refused(r"p = p_0 + \rho g(h-z)", "g stands before a sum in brackets");
}

#[test]
fn runs_of_letters_are_products_in_a_formula_without_words() {
    check(&[
        ("P = nRT/V", "T", "n R / V"),
        ("E = mc²/√(1 − v²/c²)", "m", "c^2 / sqrt(1 - v^2 / c^2)"),
        ("F = qE + qvB", "B", "q v"),
        ("U = mgh + 1/2 kx^2", "h", "m g"),
        ("y = ax^2 + bx + c", "b", "x"),
        // components, rates of learning and changes are names
        ("v = sqrt(vx^2 + vy^2)", "vx", "vx / v"),
        ("loss = lr * (y - x)", "lr", "y - x"),
        ("pH = pKa + ln(A/B)", "pKa", "1"),
        ("h = x - mean(x); s = c^T (h / sqrt(mean(h.^2) + eps))", "c", "h / sqrt(mean(h.^2) + eps)"),
        ("ΔH: scalar; T: scalar; ΔS: scalar; ΔG = ΔH − TΔS", "ΔS", "-T"),
    ]);
}

#[test]
fn doses_standard_values_and_infected_are_names() {
    let dose = r"E = \frac{E_{max} C^{\gamma}}{EC_{50}^{\gamma} + C^{\gamma}}";
    check(&[
        (dose, "E_max", "C^γ / (EC_50^γ + C^γ)"),
        (r"E = E^0 - \frac{RT}{nF} \ln Q_r", "E_circ", "1"),
        (r"\frac{dI}{dt} = \frac{\beta S I}{N} - \gamma I", "I", "β S / N - γ"),
        (r"v = \frac{V_{m} [S]}{K_m (1 + \frac{[I]}{K_i}) + [S]}", "V_m", "S / (K_m (1 + I / K_i) + S)"),
    ]);
    refused("V = I R", "did you mean: I: scalar; V = I R");
    refused(r"\mathbf{y} = \mathbf{A} I \mathbf{b}", "did you mean: I: n x n");
}

#[test]
fn what_others_use_is_not_what_is_derived() {
    check(&[(r"y(x) = \frac{x - \mu}{\sigma}, \sigma = 2", "x", "1/σ"), ("f(t) = a t^2; s = 3 b", "b", "3")]);
}

#[test]
fn words_around_one_formula_say_what_is_asked() {
    check(&[
        ("the gradient of ||Ax - b||^2 with respect to x", "x", "2 A^T (A x - b)"),
        ("Whats the derivative of ||Ax - b||^2 w.r.t. x?", "x", "2 A^T (A x - b)"),
        ("How do I compute the gradient of the function f(x) = x^T x?", "x", "2 x"),
        ("MSE loss: L = ||y - X w||^2", "w", "2 X^T (X w - y)"),
        ("Model: z = W x + b\nLoss: L = ||z - y||^2", "b", "2 (z - y)"),
        ("softmax cross entropy: L = -y^T log(softmax(z)); y: k onehot", "z", "softmax(z) - y"),
        ("||Ax − b||² + ||Lx||²  w.r.t. x", "x", "2 (A^T (A x - b) + L^T L x)"),
        (r"$\|Ax-b\|^2$ with respect to $x$", "x", "2 A^T (A x - b)"),
        ("PV = nRT ⇒ P = nRT/V", "T", "n R / V"),
        (r"\min_w \max_\lambda \|X w - y\|^2 + \lambda (w^T w - 1)", "w", "2 (X^T (X w - y) + λ w)"),
    ]);
    refused(r"f = m a \Rightarrow a = \frac{f}{m}", "cyclic");
}

#[test]
fn a_letter_before_a_lone_member_is_asked_back() {
    let gan = r"\min_G \max_D \frac{1}{m}\sum_{i=1}^m [\log D(x^{(i)}) + \log(1 - D(G(z^{(i)})))]";
    refused(gan, "is it a function, or a factor?");
}

#[test]
fn slices_of_programs_are_counted_as_they_count() {
    check(&[
        ("f = sum(x[1:] * x[:-1])", "x", "[x[2..n]; 0] + [0; x[1..n - 1]]"),
        ("J = sum(theta(2:end).^2)", "theta", "[0; 2 θ[2..n]]"),
        ("J = sum(w[2:length(w)].^2)", "w", "[0; 2 w[2..n]]"),
        ("f = np.sum(x[1:3]**2)", "x", "[0; 2 x[2..3]; zeros(n - 3)]"),
        ("f = np.sum(X[:, 0]**2)", "X", "2 X[1..n, 1..1] unit(m, 1)^T"),
        ("f = sum(X(:, 1))", "X", "ones(n) unit(m, 1)^T"),
        ("f = np.sum(x[-2:])", "x", "[zeros(n - 2); ones(2)]"),
        ("f = np.exp(x[-1])", "x", "f unit(n, n)"),
    ]);
    for text in ["f = x[::2]", "f = np.sum(X[0, :])", "f = sum(x[1:3])"] {
        refused(text, "a slice with `:`");
    }
}

#[test]
fn a_sum_that_binds_its_own_index_ends_the_one_before_it() {
    check(&[
        (r"f = \sum^{n}_{i=1} \exp(-y_i) + \frac{1}{b}\sum^{n}_{i=1} y_i^4", "b", "-sum(i, y_i^4) / b^2"),
        ("S = sum u_i log(u_i/v_i)", "v", "-u_i / v_i"),
        ("S = sum (u_i - c)^2", "c", "2 sum(i, c - u_i)"),
    ]);
}

#[test]
fn points_are_read_as_programs_and_texts_write_them() {
    check(&[
        ("s = sum(y * log(p) + (1. - y) * log(1.-p)); y: n; p: n", "y", "log(p) - log(1 - p)"),
        (r".5\|A x - b\|^2", "x", "A^T (A x - b)"),
        (r"$\triangledown_{b} (y^T y - y^T X b)$", "b", "-X^T y"),
    ]);
    refused("f = 2 .5", "no digit before its point");
    refused("f = x. y", "unexpected '.'");
}

#[test]
fn a_function_and_a_letter_are_no_product_of_letters() {
    refused(r"maxu(u' \mu - \lambda u' \Sigma u)", "unknown function `maxu`");
}

#[test]
fn words_that_are_used_are_no_caption() {
    check(&[
        ("alpha, beta: n; f = alpha^T beta", "alpha", "β"),
        ("loss: float = (y - w^T x)**2", "w", "2 (w^T x - y) x"),
        ("Loss: n; f = Loss^T Loss", "Loss", "2 Loss"),
    ]);
}

#[test]
fn the_signs_of_a_program_say_from_which_place_it_counts() {
    check(&[
        ("f = x[1]**2 + x[2]", "x", "[0; 2 x[2..2]; 1; zeros(n - 3)]"),
        ("f = @(x) 3*x(2);", "x", "3 unit(n, 2)"),
        ("f = x[0]^2 + x[1]", "x", "[2 x[1..1]; 1; zeros(n - 2)]"),
        ("f = X[0, 1]**2", "X", "2 X[1..1, 2..2] unit(n, 1) unit(m, 2)^T"),
    ]);
    refused("f = x[1] + x[2]", "needs ranges");
    refused("f = x[1]^2 + x[2]**2", "needs ranges");
}

#[test]
fn a_lost_transpose_is_seen_around_a_matrix_too() {
    refused(
        r"J = \frac12 (y - X\beta) \Omega^{-1} (y - X\beta)",
        r"did you mean: J = \frac12 (y - X\beta)^T \Omega^{-1} (y - X\beta)",
    );
    refused("s = (y - X w) A (y - X w)", "did you mean: s = (y - X w)^T A (y - X w)");
    check(&[("R: scalar; a: scalar; b: scalar; s = (R - a b) c (R - a b)", "c", "r^2")]);
}

#[test]
fn a_command_that_runs_into_a_letter_is_parted_from_it() {
    refused(r"s = \operatorname{tr}(K^\topR K)", r"did you mean: s = \operatorname{tr}(K^\top R K)");
}

#[test]
fn heads_with_an_arrow_list_what_the_value_depends_on() {
    check(&[
        (r"f: X \mapsto \tr(A X)", "X", "A^T"),
        ("g: x ↦ x^T A x", "x", "(A + A^T) x"),
        ("x -> sum(abs2, A*x - b)", "x", "2 A^T (A x - b)"),
        (r"f : \mathbb{R} \to \mathbb{R}, x \mapsto x^2 + 3x", "x", "3 + 2 x"),
        ("f: R^n -> R\nx ↦ c^T x", "x", "c"),
        (r"(x, y) \mapsto x^\top A y", "y", "A^T x"),
    ]);
    refused(r"A \mapsto c^\top x", "unexpected");
}

#[test]
fn less_and_greater_around_two_terms_are_an_inner_product() {
    check(&[
        ("s = <a, b>", "a", "b"),
        ("L = log(1 + exp(-y <w, x>))", "w", "-y sigmoid(z) x"),
        (r"L = \sum_i (y_i - < x_i, w >)^2", "y_i", "2 (y_i - w^T x_i)"),
        ("s = 2<x, A x>", "x", "2 (A + A^T) x"),
        (r"\sum_{i<j, k>1} a_i b_j c_k", "c_k", "sum(i < j, 1 < k, a_i b_j)"),
    ]);
    refused("s = <a>", "expected an operand");
    refused("a < b, c > d", "<");
}

#[test]
fn words_in_an_upright_font_may_hold_formulas() {
    check(&[
        (r"L = \|Ax - b\|^2 \text{ where $A$ is symmetric}", "x", "2 A (A x - b)"),
        (r"s = x^\top A x \text{ for all $x \in \mathbb{R}^n$}", "x", "(A + A^T) x"),
        (r"\mathbf{s = x^\top A x}", "x", "(A + A^T) x"),
        (r"L = \text{Math.exp}(a^\top x)", "x", "L a"),
        (r"L = \text{np.sum}(x \odot y)", "x", "y"),
        (r"f = \mathrm{Log}(1 + \mathrm{EXP}(w^\top x))", "w", "sigmoid(z) x"),
        ("f = Exp(w^T x)", "w", "f x"),
    ]);
    refused(r"L = x^\top \text{ times $y$ } y", "these words stand within a formula");
}

#[test]
fn names_of_programs_say_whose_they_are() {
    check(&[
        ("loss = ((layer.weight @ x - y)**2).sum(); weight: n x m", "weight", "2 (weight x - y) x^T"),
        ("s = c.T @ (enc.fc.gain * x) + d.T @ (dec.fc.gain * x)", "x", "c .* enc_fc_gain + d .* dec_fc_gain"),
        ("s = np.sum((X @ w - y.flatten())**2)", "w", "2 X^T (X w - y)"),
        ("s = np.sum((A @ x).ravel()**2)", "x", "2 A^T A x"),
    ]);
    refused("rows_of.X.B", ".");
}

#[test]
fn indices_that_run_into_a_name_are_read_where_nothing_else_has_them() {
    check(&[
        (r"L = \sum_{ij} (X_{ij} - Yij)^2", "Y_ij", "2 (Y_ij - X_ij)"),
        ("L = sum_ij Aij xi xj", "x_i", "sum(j, x_j (A_ij + A_ji))"),
        (r"\sum_{i} xi yi", "x_i", "y_i"),
        // numbers
        (r"\sum_{k=1}^n c_k \sin(ak)", "a", "sum(k, c_k k cos(a k))"),
        (r"\sum_i w_i i", "w_i", "i"),
    ]);
}

#[test]
fn entries_of_arrays_are_summed_as_programs_sum_them() {
    check(&[
        ("sum(v**2 for v in x)", "x_i", "2 x_i"),
        ("sum([(a - b)**2 for a, b in zip(x, y)])", "y_i", "2 (y_i - x_i)"),
        ("sum(map(z -> log(1 + exp(z)), A*x))", "x", "A^T stack(i, sigmoid((A x)_i))"),
        ("sum((x - m)^2)", "x", "2 (x - m)"),
        (r"s = \sum (A x - b)^2", "x", "2 A^T (A x - b)"),
        ("sum(X^2)", "X", "X^T ones(n, n) + ones(n, n) X^T"),
    ]);
    refused("sum((w @ v - t)**2 for v, t in zip(X, y))", "this loop, a comprehension");
    refused("sum (x - m)^2", "nothing says over what");
}

#[test]
fn words_whose_signs_are_lost_in_latex_are_no_products_of_letters() {
    check(&[
        (r"L = \sum_i \log(1 - \rho*eigval_i)", "ρ", "-sum(i, eigval_i / (1 - ρ eigval_i))"),
        (r"L = \sum_i mask_i w_i", "w_i", "mask_i"),
        (r"L = \|X w - y\|^2 + lambda \|w\|^2", "λ", "norm2(w)^2"),
        (r"s = x^\top x - \frac{n}{2} log2\pi", "n", "-1/2 log(2 π)"),
        (r"D = \sum^{i=N}_{i=1} \|x_i - t\|^2", "t", "2 sum(i, t - x_i)"),
        (r"s = exp[-a^\top x]", "x", "-s a"),
        (r"\sqrt{Tr[A^T A]}", "A", "A / sqrt(tr(A^T A))"),
        ("∇w(‖y - Xw‖^2) = 0", "w", "2 X^T (X w - y)"),
    ]);
}

#[test]
fn programs_are_read_in_their_own_spellings() {
    check(&[
        ("s = K.mean(K.square(a - b)) + K.log(c)", "a", "2/n * (a - b)"),
        ("s = x.T @ K.dot(x)", "x", "(K + K^T) x"),
        ("s = torch.sum(torch.maximum(torch.zeros_like(z), 1 - z))", "z", "step(z - 1) - 1"),
        ("s = np.asscalar(q.T @ x) + np.real(c.T @ x) + np.e", "x", "q + c"),
        ("s = 1/2*sum_square(A*x - b)", "x", "A^T (A x - b)"),
        ("@(x) norm(A*x - b)^2 % the squared residual", "x", "2 A^T (A x - b)"),
        ("lambda x, y: x.T @ A @ y", "y", "A^T x"),
        ("g(x::Vector{Float64}) = sum(abs2, A*x .- b)", "x", "2 A^T (A x - b)"),
        ("s = np.sum(\n    x**2,\n    axis = 0)", "x", "2 x"),
        ("s = a' * x + ...\n  norm(x)^2;", "x", "a + 2 x"),
        ("l = nb.n*log(pb.n) + ng.n*log(1 - pb.n)\nreturn(-l)", "nb_n", "-log(pb_n)"),
        ("r2 <- function(p, y) 1 - sum((p - y)^2) / sum(y^2)", "p", "2 (y - p) / sum(y.^2)"),
        ("s = torch.sum(mean**2) + torch.sum(torch.exp(v))", "mean", "2 mean"),
        ("t = x[1] .* a .+ x[2]", "a", "x[1..1]"),
    ]);
    refused("s = x[1] * a", "slice");
}
