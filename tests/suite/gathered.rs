//! Sums, products, largest ones and means over indices, sets and conditions: text in, gradient out, each compared with loops.

use super::binary::gradus;
use gradus::{Bindings, Document, Options};

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
        let found = derivative(document, wrt);
        assert!(expected.is_empty() || found == *expected, "{document} by {wrt}: {found}");
    }
}

#[track_caller]
fn refused(cases: &[(&str, &str)]) {
    for (document, words) in cases {
        let said = match document.parse::<Document>() {
            Ok(d) => d.derive(&Options::default()).expect_err(document).to_string(),
            Err(e) => e.to_string(),
        };
        assert!(said.contains(words), "{document}: {said}");
    }
}

#[test]
fn products_go_over_sets_pairs_and_several_indices() {
    check(&[
        (r"f = \prod_{i \in S} x_i", "x_i", "S_i x_i^(S_i - 1) prod(j != i, x_j^(S_j))"),
        (
            r"f = \prod_{i=1}^n \prod_{j=1}^m a_{ij} + \prod_{i,j} a_{ij}",
            "a_ij",
            "prod(k != j, a_ik) (prod(l, k != i, a_kl) + prod(k != i, prod(l, a_kl)))",
        ),
    ]);
    check(&[(r"f = \max_{i \in S} x_i", "x_i", "S_i prod(j != i, step(x_i - x_j)^(S_j))")]);
}

#[test]
fn the_largest_of_several_indices_is_where_all_others_are_smaller() {
    check(&[(r"f = \max_{i,j} a_{ij}", "a_ij", "prod(k != j, step(a_ij - a_ik)) prod(l, k != i, step(a_ij - a_kl))")]);
}

#[test]
fn a_mean_over_a_set_counts_what_is_in_it() {
    check(&[
        (r"f = \operatorname{mean}_{i \in S} x_i^2", "x_i", "2 S_i x_i / sum(j, S_j)"),
        (r"f = \frac{1}{|\Omega|} \sum_{(i,j) \in \Omega} a_{ij}^2", "a_ij", "2 Ω_ij a_ij / sum(k, l, Ω_kl)"),
    ]);
}

#[test]
fn a_range_may_end_at_another_index() {
    check(&[
        (r"f = \sum_{i=1}^n \sum_{j=i+1}^n a_i a_j", "a_i", "sum(j != i, a_j)"),
        (r"f = \sum_{t=1}^T \sum_{s=1}^{t} a_s b_t", "a_s", "sum(t >= s, b_t)"),
        (r"f = \sum_{t=1}^T \sum_{s=1}^{t-1} a_s b_t", "b_t", "sum(s < t, a_s)"),
    ]);
}

#[test]
fn an_index_is_an_exponent() {
    check(&[
        (r"G = \sum_{t=0}^{T} \gamma^t r_t", "r_t", "γ^t"),
        (r"G = \sum_{t=0}^{T} \gamma^t r_t", "γ", "sum(t, r_t t γ^(t - 1))"),
    ]);
}

#[test]
fn indicators_of_data_are_spelled_in_many_ways() {
    let spellings = [
        r"\mathbb{1}\{y_n = k\}",
        r"\mathbf{1}[y_n = k]",
        r"\mathbb{I}(y_n = k)",
        r"1\{y_n = k\}",
        r"1_{y_n = k}",
        r"\delta_{y_n, k}",
        r"\mathbb{1}_{y_n = k}",
        r"\mathbb{1}_{\{y_n = k\}}",
        r"[y_n = k]",
    ];
    for indicator in spellings {
        let document = format!(r"L = -\sum_{{n=1}}^N \sum_{{k=1}}^K {indicator} \log p_{{nk}}");
        assert_eq!(derivative(&document, "p_nk"), "-[y_n = k] / p_nk", "{document}");
    }
    check(&[
        (r"L = \sum_{i,j} \mathbb{1}[y_i \ne y_j] a_{ij}", "a_ij", "1 - [y_i = y_j]"),
        (r"f = \sum_{i,j} \mathbb{1}_{[i \neq j]} a_{ij}", "a_ij", "[i != j]"),
        (r"f = \sum_i \mathbb{1}[x_i > c] x_i^2", "x_i", "2 x_i step(x_i - c)"),
    ]);
}

#[test]
fn a_member_that_no_sum_reaches_need_have_no_value() {
    check(&[(
        r"r_{ij} = \|x_i - x_j\|, \quad U = \sum_{i<j} \frac{1}{r_{ij}}",
        "x_i",
        "sum(j != i, (x_j - x_i) / norm2(x_i - x_j)^3)",
    )]);
}

/// The matrix form of the derivative by a target, as JSON has it.
fn matrix(document: &str, wrt: &str) -> String {
    let document: Document = document.parse().unwrap_or_else(|e| panic!("{document}: {e}"));
    let found = document.derive(&Options::default().with_respect_to([wrt])).unwrap_or_else(|e| panic!("{wrt}: {e}"));
    let json: serde_json::Value = serde_json::from_str(&found.json()).expect("JSON");
    json["derivatives"][0]["matrix"]["ascii"].as_str().unwrap_or("none").to_owned()
}

#[test]
fn a_product_under_a_logarithm_is_a_sum_of_logarithms() {
    check(&[
        (r"l = \log \prod_{i=1}^n p^{x_i} (1-p)^{1-x_i}", "p", "sum(i, p - x_i) / (p * (p - 1))"),
        (r"l = \log \prod_{n=1}^N \prod_{k=1}^K \pi_k^{z_{nk}}", "π_k", "sum(n, z_nk) / π_k"),
        (r"f = \left(\prod_{i=1}^n x_i\right)^{1/n}", "x_i", "prod(j, x_j)^(1/n) / (n x_i)"),
        (r"f = \log \prod_{i \in S} p_i", "p_i", "S_i / p_i"),
        // Π may be 0 below a whole power: the factor is not divided by
        (r"f = \left(\prod_{i=1}^n x_i\right)^2", "x_i", "2 prod(j, x_j) prod(j != i, x_j)"),
    ]);
}

#[test]
fn equal_bases_of_a_product_are_one_power() {
    check(&[
        (
            r"l = -\frac{n}{2} \log(2 \pi \sigma^2) - \frac{1}{2\sigma^2} \sum_{i=1}^n x_i^2",
            "σ",
            "sum(i, x_i^2) / σ^3 - n / σ",
        ),
        (
            r"L = -\sum_{i=1}^n y_i \log \frac{e^{s_i}}{\sum_{j=1}^n e^{s_j}}",
            "s_i",
            "exp(s_i) sum(j, y_j) / sum(j, exp(s_j)) - y_i",
        ),
    ]);
}

#[test]
fn softmax_and_log_sum_exp_by_entries_are_known_in_matrices() {
    let cases = [
        (r"L = -\sum_{i=1}^n y_i \log \frac{e^{s_i}}{\sum_{j=1}^n e^{s_j}}", "s_i", "sum(y) softmax(s) - y"),
        (r"f = \log \sum_{i=1}^m \exp(a_i^\top w + b_i)", "w", "A^T softmax(A w + b)"),
        (
            r"L = -\sum_{i,k} y_{ik} \log \frac{\exp(w_k^\top x_i)}{\sum_{l} \exp(w_l^\top x_i)}",
            "w_k",
            "(diag(sum(y, rows)) softmax(X W^T, rows) - y)^T X",
        ),
        (
            r"L = -\sum_{i=1}^N \log \frac{\exp(u_i^\top v_i / \tau)}{\sum_{j=1}^N \exp(u_i^\top v_j / \tau)}",
            "v_j",
            "(softmax(U V^T / τ, rows)^T U - U) / τ",
        ),
    ];
    for (document, wrt, expected) in cases {
        assert_eq!(matrix(document, wrt), expected, "{document} by {wrt}");
    }
}

#[test]
fn weighted_squared_distances_are_a_laplacian_in_matrices() {
    let cases = [
        (r"E = \frac12 \sum_{i,j} w_{ij} \|x_i - x_j\|^2", "x_i", "(diag(sum(w + w^T, rows)) - w - w^T) X"),
        (r"J = \sum_{n=1}^N \sum_{k=1}^K r_{nk} \|x_n - m_k\|^2", "m_k", "2 (diag(sum(r, cols)) M - r^T X)"),
    ];
    for (document, wrt, expected) in cases {
        assert_eq!(matrix(document, wrt), expected, "{document} by {wrt}");
    }
}

#[test]
fn products_have_matrix_forms() {
    assert_eq!(matrix(r"f = \left(\prod_{i=1}^n x_i\right)^{1/n}", "x_i"), "(f ./ x) / n");
    assert_eq!(matrix(r"f = \prod_{i=1}^n (1 + x_i)", "x_i"), "prod_others(1 + x)");
}

#[test]
fn variances_and_covariances_are_expectations() {
    let variance = "2 E[(w^T x - E[w^T x]) x]";
    for text in [
        r"V = \operatorname{Var}(w^\top x)",
        r"V = \mathrm{Var}_x[w^\top x]",
        "V = Var(w^T x)",
        r"V = \mathbb{E}_{x \sim D}[(w^\top x - \mathbb{E}_x[w^\top x])^2]",
    ] {
        assert_eq!(derivative(text, "w"), variance, "{text}");
    }
    check(&[(r"L(w) = \mathbb{E}_{(x,y) \sim D}[(y - w^\top x)^2]", "w", "2 E[(w^T x - y) x]")]);
    refused(&[("V = Var(w^T x, x)", "the variance is of one value")]);
}

#[test]
fn a_distribution_that_depends_on_the_target_is_refused_with_two_ways_out() {
    let by = |text: &str, wrt: &str| {
        let document: Document = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        document.derive(&Options::default().with_respect_to([wrt])).map(|d| d.derivatives()[0].ascii())
    };
    for (text, wrt) in [
        (r"L = \mathbb{E}_{x \sim p_\theta}[\|x - a\|^2]", "θ"),
        (r"L = \mathbb{E}_{x \sim p_\theta}[\|x - \theta\|^2]", "θ"),
        (r"L = \mathbb{E}_{z \sim \mathcal{N}(\mu, \Sigma)}[\|z - a\|^2]", "μ"),
    ] {
        let said = by(text, wrt).expect_err(text).to_string();
        assert!(said.contains("depends on") && said.contains("reparametrise") && said.contains("score"), "{said}");
    }
    let fixed = by(r"L = \mathbb{E}_{\epsilon \sim \mathcal{N}(0, I)}[\|\mu + \sigma \circ \epsilon - a\|^2]", "μ");
    assert_eq!(fixed.expect("a fixed distribution"), "2 (μ + σ .* E[ε] - a)");
}

#[test]
fn what_is_made_of_what_is_drawn_is_random() {
    check(&[
        (
            r"z = \mu + \sigma \odot \epsilon, \qquad L = \mathbb{E}_{\epsilon \sim \mathcal{N}(0,I)}[\|x - W z\|^2]",
            "W",
            "-2 E[(x - W z) z^T]",
        ),
        (
            r"L = \mathbb{E}_{\epsilon}[a^\top h] + \|\mu\|^2 \text{ where } h = \tanh(W z), z = \mu + \sigma \odot \epsilon; W: m x n",
            "μ",
            "2 μ + W^T (a .* (1 - E[h.^2]))",
        ),
        ("z_i = μ_i + σ_i ε_i; L = E_ε[sum(i, z_i^2)]", "σ_i", "2 E[z_i ε_i]"),
        (r"z: n; z = μ + σ .* ε; L = \mathbb{E}_ε[\sum_{i=1}^n c_i \exp(z_i)]", "σ", "E[ε stack(i, c_i exp(z_i))]"),
        // nobody says what is drawn
        ("z = μ + σ ε; L = E[z^2]", "σ", "2 E[ε z]"),
    ]);
    refused(&[
        (r"z = μ + σ .* ε; L = \mathbb{E}_ε[\|z\|^2]; s = L + a^T z", "`z` is random, made of ε, and stands outside"),
        (r"z = μ + σ .* ε; L = \mathbb{E}_ε[\|z\|^2]; s = L + a^T ε", "`ε` is random, and stands outside"),
        (r"z = μ + σ .* ε; L = \mathbb{E}_z[\|z\|^2]", "`z` is defined, and this expectation is over its values"),
        (r"L = \mathbb{E}_x[x^T w] + x^T b", "`x` is random, and stands outside"),
        (r"L = \mathbb{E}_x[\mathbb{E}_y[(x^T y - w)^2]]", "`x` is random, and stands outside"),
    ]);
}

/// By the score function.
fn scored(text: &str, wrt: &str) -> Result<String, String> {
    let document: Document = text.parse().map_err(|e: gradus::Error| e.to_string())?;
    let options = Options::default().with_respect_to([wrt]).score(true).steps(true);
    let found = document.derive(&options).map_err(|e| e.to_string())?;
    assert!(found.error().is_some_and(|e| e < 1e-9), "{text}: not compared");
    Ok(found.derivatives()[0].ascii())
}

#[test]
fn a_distribution_that_moves_is_derived_by_the_score_function() {
    for (text, wrt, expected) in [
        (
            r"J = \mathbb{E}_{x \sim p_\theta}[f(x)]; f: R^n -> R; \log p_\theta(x) = -\|x - \theta\|^2/2",
            "θ",
            "E[f(x) (x - θ)]",
        ),
        (
            r"J = \mathbb{E}_{x \sim p_\theta}[a^T x]; p_\theta(y) = \exp(-\|y - \theta\|^2/2)",
            "θ",
            "E[(a^T x) (x - θ)]",
        ),
        // the mean is a definition that comes later
        (r"J = \mathbb{E}_{x \sim p}[a^T x]; \log p(x) = -\|x - m\|^2/2; m = A u", "u", "A^T E[(a^T x) (x - m)]"),
        // what stands in E moves too
        (
            r"J = \mathbb{E}_{x \sim p_\theta}[x^T \theta]; \log p_\theta(x) = -\|x - \theta\|^2/2",
            "θ",
            "E[x + (x^T θ) (x - θ)]",
        ),
        // only what stands in E moves
        (r"J = \mathbb{E}_{x \sim p_\theta}[w^T x]; \log p_\theta(x) = -\|x - \theta\|^2/2", "w", "E[x]"),
        (
            r"J = \log \mathbb{E}_{x \sim p_\theta}[\exp(a^T x)]; \log p_\theta(x) = \theta^T x",
            "θ",
            "E[exp(a^T x) x] / E[exp(a^T x)]",
        ),
    ] {
        assert_eq!(scored(text, wrt).as_deref(), Ok(expected), "{text}");
    }
    let unsaid = scored(r"J = \mathbb{E}_{x \sim p_\theta}[a^T x]", "θ").expect_err("no density");
    assert!(unsaid.contains("nothing says what the density p_θ of x is"), "{unsaid}");
    // a density that speaks of the target moves whatever it is called
    refused_by(r"J = \mathbb{E}_{x \sim p}[a^T x]; \log p(x) = -\|x - m\|^2/2", "m", "depends on m");
}

/// Several targets, or none named, move one distribution once; what is drawn is no target.
#[test]
fn a_distribution_that_several_targets_move_counts_once() {
    for (text, expected) in [
        (
            r"J = \mathbb{E}_{x \sim p}[\|x - \theta\|^2]; \log p(x) = -\|x - \theta\|^2/2",
            &[("θ", "E[(norm2(x - θ)^2 - 2) (x - θ)]")][..],
        ),
        (
            r"J = \mathbb{E}_{x \sim p}[x^2]; x, m: scalar; λ: scalar; \log p(x) = \log(λ)/2 - λ (x - m)^2/2",
            &[("λ", "1/2 E[x^2 (1/λ - (x - m)^2)]"), ("m", "λ E[x^2 (x - m)]")],
        ),
    ] {
        let document: Document = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        let found = document.derive(&Options::default().score(true)).unwrap_or_else(|e| panic!("{text}: {e}"));
        let shown: Vec<(String, String)> =
            found.derivatives().iter().map(|d| (d.targets().join(","), d.ascii())).collect();
        let expected: Vec<(String, String)> = expected.iter().map(|(x, d)| (x.to_string(), d.to_string())).collect();
        assert_eq!(shown, expected, "{text}");
        let said = document.derive(&Options::default()).expect_err(text).to_string();
        assert!(said.contains("depends on") && !said.contains("depends on x"), "{said}");
    }
}

#[track_caller]
fn refused_by(text: &str, wrt: &str, words: &str) {
    let document: Document = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
    let said = document.derive(&Options::default().with_respect_to([wrt])).expect_err(text).to_string();
    assert!(said.contains(words), "{said}");
}

#[test]
fn two_distributions_are_not_one_list_of_samples() {
    refused(&[(
        r"L = \mathbb{E}_{x \sim p}[w^\top x] - \mathbb{E}_{x \sim q}[w^\top x]",
        "`x` is drawn from one distribution here and from another one elsewhere",
    )]);
    check(&[(r"L = \mathbb{E}_{x \sim p}[w^\top x] - \mathbb{E}_{y \sim q}[w^\top y]", "w", "E[x] - E[y]")]);
}

#[test]
fn a_range_may_end_at_the_index_of_a_definition() {
    check(&[(
        r"A_t = \sum_{l=0}^{T-t} \gamma^l \delta_{t+l}, \quad L = \sum_{t=1}^{T} c_t A_t",
        "δ_t",
        "sum(i, t - i >= 0, c_i γ^(t - i))",
    )]);
}

#[test]
fn a_delta_below_what_says_that_its_places_differ_is_data() {
    check(&[(r"\sum_{i<j} w_{ij} (\delta_{ij} - x_i x_j)^2", "δ_ij", "2 * [i < j] w_ij (δ_ij - x_i x_j)")]);
}

#[test]
fn an_entry_of_what_stands_whole_is_a_target() {
    // it is compared with automatic differentiation
    let found = derivative(r"L = \sum_{ij} (V_{ij} - (W H)_{ij})^2", "H_kj");
    assert_eq!(found.trim(), "2 sum(i, W_ik ((W H)_ij - V_ij))");
}

#[test]
fn what_names_its_arguments_is_no_derivative_of_them() {
    check(&[(r"D(f,g) = \sum_i a_i f_i - \sum_{i,j} \exp(f_i + g_j)", "f_i", "a_i - sum(j, exp(f_i + g_j))")]);
}

#[test]
fn a_bar_parts_indices() {
    check(&[(r"q_{j|i} = x_i^\top x_j; C = \sum_{i,j} q_{j|i}^2", "x_i", "4 sum(j, q_ij x_j)")]);
}

#[test]
fn what_is_defined_with_a_prime_is_no_transpose() {
    check(&[
        ("h_i' = 2 g_i; L = sum(i, (h_i' - g_i)^2)", "g_i", "(h_prime)_i"),
        (r"h' = W x; L = \|h'\|^2", "W", "2 h_prime x^T"),
    ]);
}

#[test]
fn a_range_of_comparisons_below_a_maximum_is_one() {
    check(&[(r"s = \max_{1 \le k \le K} a_k b", "b", "sum(k, a_k prod(i != k, step(b * (a_k - a_i))))")]);
}

#[test]
fn a_subscript_that_an_index_moves_is_never_part_of_a_name() {
    refused(&[
        (r"L = \sum_{i=1}^n x_{i+k} y_i", "nothing binds the index `k`"),
        (r"L = \sum_{i=1}^n x_{2i+1} y_i", "is no place"),
    ]);
}

#[test]
fn an_index_that_is_always_a_number_has_a_range_of_its_own() {
    check(&[(r"Q = \sum_{k=1}^K g_{1k} \log p_k", "p_k", "g_{1,k} / p_k")]);
}

#[test]
fn the_member_at_the_end_of_a_range_is_no_name_of_its_own() {
    let control = r"J = \sum_{t=0}^{T-1} (x_t^\top Q x_t + u_t^\top R u_t) + x_T^\top P x_T";
    check(&[
        (control, "x_t", "[t <= T - 1] (Q + Q^T) x_t + [T = t] (P + P^T) x_T"),
        (control, "P", "x_T x_T^T"),
        (r"s = \sum_{i=1}^n a_i^2 + 3 a_n", "a_i", "3 * [n = i] + 2 a_i"),
    ]);
}

#[test]
fn a_bracket_of_values_is_a_bracket_in_results_and_is_read_again() {
    assert_eq!(derivative("s = 1[y = k] x^2", "x"), "2 * [y = k] x");
    assert_eq!(derivative("s = [y = k] x^2 + [y != 0] x", "x"), "1 + 2 * [y = k] x - [y = 0]");
}

#[test]
fn what_is_declared_symmetric_joins_sums() {
    let document = "A: n x n symmetric; f = sum(i, sum(j, A_ij x_i x_j))";
    assert_eq!(derivative(document, "x_i"), "2 sum(j, A_ij x_j)");
    // its own entries move each by itself
    assert_eq!(derivative("A: n x n symmetric; f = sum(i, sum(j, A_ij x_i y_j))", "A_ij"), "x_i y_j");
}

#[test]
fn a_softmax_by_entries_is_told_by_its_name() {
    let options = Options::default().of("p_i").with_respect_to(["z_j"]);
    let document: Document = "p_i = exp(z_i) / sum(j, exp(z_j))".parse().expect("a document");
    let found = document.derive(&options).expect("a derivation");
    let text = found.to_string();
    assert!(text.contains("δᵢⱼ pᵢ - pᵢ pⱼ") || text.contains("pᵢ (δᵢⱼ - pⱼ)"), "{text}");
}

#[test]
fn a_normal_density_by_its_name_is_refused_with_what_to_write() {
    let said = scored("J = E_{x ~ N(μ, Σ)}[f(x)]; f: R^n -> R", "μ").expect_err("no density is said");
    assert!(said.contains("normal density of x has no name"), "{said}");
    let formula = "log p(x) = -(x-μ)^T Σ^-1 (x-μ)/2 - logdet(Σ)/2";
    assert!(said.contains(formula), "{said}");
    let written = format!("J = E_{{x ~ p}}[f(x)]; f: R^n -> R; Σ: n x n spd; {formula}");
    assert!(scored(&written, "μ").expect("a derivation").contains("Σ^-1 E[f(x) (x - μ)]"));
}

#[test]
fn a_dot_between_two_members_of_one_family_is_an_inner_product() {
    let document: Document = "s = sum(i, sum(j, a_ij exp(z_i · z_j)))".parse().expect("a document");
    let found = document.derive(&Options::default().with_respect_to(["z_i"])).expect("a derivation").to_string();
    assert!(found.contains("zᵢᵀ zⱼ"), "{found}");
}

/// What is the same at (i, j) and at (j, i) is met once: both were the largest, so that neither counted, and 0 came out.
#[test]
fn the_largest_of_what_is_symmetric_meets_each_pair_once() {
    for (text, wrt, order) in [
        (r"L = \max_{i \neq j} (x_i - x_j)^2", "x_i", "i < j"),
        (r"L = \max_{i,j} (x_i - x_j)^2", "x_i", "i ≤ j"),
        (r"L = \min_{i \ne j} \|x_i - x_j\|", "x_i", "i < j"),
        ("A: n x n symmetric; L = max(i, j, A_ij x_i x_j)", "x_i", "i ≤ j"),
    ] {
        let out = gradus(&["derive", text, "--wrt", wrt]);
        assert!(out.code == 0 && out.stdout.contains("✓ agrees"), "{text}: {}{}", out.stdout, out.stderr);
        assert!(out.stdout.contains(&format!("each pair is met once, {order}")), "{text}: {}", out.stdout);
        assert!(!out.stdout.contains("= 0 "), "{text}: {}", out.stdout);
    }
    let apart = gradus(&["derive", r"L = \max_{i \ne j} (x_i - 2 x_j)", "--wrt", "x_i"]);
    assert!(apart.code == 0 && !apart.stdout.contains("each pair"), "{}{}", apart.stdout, apart.stderr);
    let claim = gradus(&["check", r"L = \max_{i \ne j} (x_i - x_j)^2", "--wrt", "x_i", "--claim", "0"]);
    assert_eq!(claim.code, 1, "{}{}", claim.stdout, claim.stderr);
}

/// The largest of differences at one place of three, by the spread's own ends.
#[test]
fn the_spread_moves_with_its_ends() {
    let spread: Document = r"L = \max_{i,j} (x_i - x_j)^2".parse().expect("a document");
    let found = spread.derive(&Options::default().with_respect_to(["x_i"])).expect("a derivation");
    let at = found.evaluate(&Bindings::default().array("x", &[3], &[0.0, 1.0, 3.0])).expect("values");
    let got = at.derivatives()[0].as_ref().expect("a value");
    assert_eq!(got.entries(), [-6.0, 0.0, 6.0]);
}

/// The class of a sample is data: a whole number, by which nothing is derived; the check draws such numbers.
#[test]
fn classes_are_places_of_entries() {
    check(&[
        (r"L = -\log \mathrm{softmax}(z)_y", "z", "softmax(z) - stack(k, [y = k])"),
        ("p = softmax(W x + b); L = -log p[y]", "b", ""),
        (r"L = -\sum_i \log \mathrm{softmax}(W x_i)_{y_i}", "x_i", "W^T (softmax(W x_i) - stack(k, [y_i = k]))"),
        (r"L = -\log \frac{e^{z_y}}{\sum_j e^{z_j}}", "z_k", "exp(z_k) / sum(j, exp(z_j)) - [y = k]"),
        (r"L = -\sum_k \mathbb{1}[y = k] \log p_k", "p_k", "-[y = k] / p_k"),
        (r"L = \sum_{i: y_i = c} \|x_i - \mu\|^2", "x_i", "2 * [y_i = c] (x_i - μ)"),
        (r"L = \sum_{j \ne y} \max(0, s_j - s_y + 1)", "s_j", ""),
        ("loss = -torch.log_softmax(z, dim=0)[target]", "z", ""),
    ]);
    refused(&[
        (r"L = (A x)_y + y^2", "nothing binds the index `y`"),
        (r"L = -\log \mathrm{softmax}(z)_a", "nothing binds the index `a`"),
    ]);
}

/// Where no class were drawn, both sides would be 0.
#[test]
fn a_wrong_derivative_by_what_a_class_chooses_is_found_out() {
    for (claim, verdict) in [("softmax(z)", false), ("p - softmax(z)", false)] {
        let out = gradus(&[
            "check",
            r"L = -\log \mathrm{softmax}(z)_y; p = 2 z",
            "--of",
            "L",
            "--wrt",
            "z",
            "--claim",
            claim,
        ]);
        assert_eq!(out.stdout.starts_with("yes"), verdict, "{claim}\n{}{}", out.stdout, out.stderr);
    }
    // classes of programs often count from 0
    for class in ["2.5", "0"] {
        let directory = crate::binary::Directory::new("classes");
        let values = directory.file("values.json", format!(r#"{{"z": [1, 2, 3], "y": {class}}}"#));
        let out = gradus(&["derive", r"L = -\log \mathrm{softmax}(z)_y", "--at", &values]);
        assert!(out.stderr.contains("places of an array from 1 on"), "{}{}", out.stdout, out.stderr);
    }
}
