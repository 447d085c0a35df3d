//! What a reader of the steps is told: reasons in the terms of the page, the way between the layouts, the signs.

use super::binary::gradus;

const LECTURE: &str = "s = u^T f(W x + b)";

/// Networks, likelihoods and attention, and how many of their targets are no scalars.
const DOCUMENTS: [(&str, usize); 9] = [
    (LECTURE, 4),
    ("z = W x + b; p = softmax(z); y: n onehot; J = -y^T log(p)", 4),
    ("h = relu(W_1 x + b_1); p = softmax(W_2 h + b_2); y: n onehot; J = -y^T log(p)", 6),
    ("v = V x; s = -u^T v + logsumexp(U v)", 4),
    ("x: n; h = x - mean(x); v = mean(h.^2); s = c^T (g .* (h / sqrt(v + eps)) + b)", 4),
    ("X: n x m; A: m x k; B: m x k; S = softmax(X A (X B)^T, rows); s = sum(S X)", 3),
    ("i = sigmoid(W x + b); c: n; g = tanh(W x + c); s = u^T (i .* g)", 5),
    ("X: n x m; J = norm2(X w - y)^2 + lambda norm2(w)^2", 3),
    ("K: n x n spd; L = 1/2 y^T K^-1 y + 1/2 logdet(K)", 2),
];

#[track_caller]
fn printed(document: &str, args: &[&str]) -> String {
    let run = gradus(&[&["derive", document], args].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    run.stdout
}

fn steps(document: &str, form: &str) -> String {
    printed(document, &["--form", form, "--steps", "--width", "200"])
}

#[test]
fn the_way_from_the_jacobian_form_to_the_shape_convention_is_always_there() {
    for (document, targets) in DOCUMENTS {
        let text = steps(document, "both");
        assert_eq!(text.matches(" in the shape of ").count(), targets, "{document}: {text}");
    }
}

#[test]
fn where_rules_lead_from_one_layout_to_the_other_numbers_need_not() {
    let attention = "S = Q K^T; A = softmax(S, rows); O = A V; s = sum(G .* O)";
    let documents = DOCUMENTS.iter().map(|(d, _)| *d).chain([attention]).chain(STACKED);
    documents.chain(WRITTEN_OUT).for_each(|d| assert!(!steps(d, "both").contains("compare_forms"), "{d}"));
}

/// Jacobians of diagonals, of diagonal and of commuted matrices, rows of ones, quotients that cancel only when written out.
const STACKED: [&str; 7] = [
    "A: n x m; B: k x m; x: m; C: n x k; s = sum(C .* (A diag(x) B^T))",
    "X: n x m; A: m x m; u: n; s = u^T diag(X A X^T)",
    "x: n; a: n; s = logdet(diag(x) + a a^T)",
    "A: n x n; B: n x n; x: n; s = tr(diag(x) A diag(x) B)",
    "S: n x n; T: n x n; W: n x m; J = tr(W^T S W) / tr(W^T T W)",
    "A: n x m; W: n x k; H: k x m; B = W H; s = sum(A .* log(A ./ B) - A + B)",
    "W: n x m; x: m; L = -log(unit(n, 2)^T softmax(W x))",
];

/// Where the forms are equal by what the names of the page stand for.
const WRITTEN_OUT: [&str; 3] = [
    "X: n x p; y: n constant; w = (X^T X)^-1 X^T y; s = norm2(y - X w)^2",
    "X: n x p constant; V: n x n spd; y: n constant; P = V^-1 - V^-1 X (X^T V^-1 X)^-1 X^T V^-1; \
     l = -1/2 (logdet(V) + logdet(X^T V^-1 X) + y^T P y)",
    "X: p x m; G: p x m; g: m; C = X - 1/p ones(p) ones(p)^T X; v = diag(C^T C) / p; \
     Y = C diag(g ./ sqrt(v + 0.1)); s = sum(G .* Y)",
];

#[test]
fn a_long_jacobian_is_folded_at_once() {
    let text = steps("X: n x m; A: m x m; u: n; s = u^T diag(X A X^T)", "both");
    let folded = "= diag(u) X (A + Aᵀ)\n        fold: factor by factor from the right";
    assert!(text.contains(folded), "{text}");
}

#[test]
fn the_way_between_the_layouts_speaks_of_the_target() {
    let text = steps(LECTURE, "both");
    assert!(text.contains("the gradient has the shape of W: the row of the Jacobian form is folded back"), "{text}");
    assert!(text.contains("the gradient has the shape of b: the row of the Jacobian form stands up"), "{text}");
}

#[test]
fn the_factor_of_a_known_function_is_its_derivative() {
    let text = steps("t: n; h = exp(t); s = u^T h", "shape");
    assert!(text.contains("exp(t)ᵢ moves with tᵢ alone, by the factor exp(t)ᵢ"), "{text}");
    let text = steps("t: n; h = sin(t); s = u^T h", "shape");
    assert!(text.contains("by the factor cos(t)"), "{text}");
}

#[test]
fn no_rule_is_used_twice_in_a_row_for_one_reason() {
    for (document, _) in DOCUMENTS {
        let text = steps(document, "both");
        let said: Vec<&str> = text.lines().filter(|l| l.starts_with("        ") || l.starts_with("    so ")).collect();
        let again = said.windows(2).find(|pair| pair[0] == pair[1]);
        assert_eq!(again, None, "{document}");
    }
}

#[test]
fn reasons_speak_of_the_terms_of_the_page() {
    let text = steps(LECTURE, "both");
    for said in [
        "d_map: chain rule: f(z)ᵢ moves with zᵢ alone, by the factor f'(z)ᵢ",
        "vec_mul_right: entry Wᵢⱼ feeds entry i alone, with weight xⱼ",
        "pullback_mul_right: entry Wᵢⱼ feeds entry i alone, with weight xⱼ, so x crosses over transposed",
        "pullback_mul_left: entry xⱼ reaches entry i with weight Wᵢⱼ, so W crosses over transposed",
        "b goes in as it is: every entry of z moves with the same entry of b, one for one, and with no other",
        "what stands before dh is ∂s/∂h: of a scalar it is a row",
        "constant factor rule: the derivative of a product with respect to one side is the other side, in its place",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    // a term that would not fit into a sentence is not put into one
    let long = steps("y = tanh(A (B tanh(C x + tanh(D x)) + x) + B x); s = u^T y", "shape");
    assert!(long.lines().all(|l| l.chars().count() <= 200), "{long}");
}

#[test]
fn a_constant_factor_is_no_product_rule() {
    let text = steps("s = -3 sum(tanh(x))", "shape");
    assert!(
        text.contains("d_hadamard: what does not move stays outside as a factor") && !text.contains("product rule")
    );
    assert!(steps("s = x^T A x", "shape").contains("d_mul: product rule: let one factor move at a time"));
}

#[test]
fn signs_are_explained_at_the_foot() {
    let both = steps(LECTURE, "both");
    assert!(both.contains("signs: d is the first-order change;") && both.contains("A ⊗ B is made of the blocks"));
    let shape = steps("s = u^T (A x)", "shape");
    assert!(shape.contains("⟨A, B⟩ = tr(Aᵀ B)") && !shape.contains("Kronecker"), "{shape}");
    assert!(!printed(LECTURE, &["--steps", "--reasons", "short"]).contains("signs:"));
    assert!(!printed(LECTURE, &[]).contains("signs:"));
}

/// A fact is named where it is used, not the arithmetic that follows.
#[test]
fn a_fact_is_a_reason_of_its_own() {
    let text = printed("y: N onehot; z: N; p = softmax(z); J = -y^T log(p)", &["--wrt", "z", "--steps"]);
    assert!(text.contains("sum_of_distribution: the entries of y add up to 1"), "{text}");
    assert!(!text.contains("arithmetic of numbers"), "{text}");
}

#[test]
fn a_cotangent_is_explained_where_the_page_speaks_of_it() {
    let said = "a cotangent is the derivative of the value by what it belongs to";
    let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(steps("s = u^T (A x)", "shape")).contains(said));
    assert!(!words(steps("s = u^T (A x)", "jacobian")).contains(said));
}

/// Sentences are one line each, unless a narrower page is asked for.
#[test]
fn sentences_keep_to_a_narrow_page() {
    let document = "K: n x n spd; y: n; l = -1/2 y^T K^-1 y - 1/2 logdet(K)";
    assert!(
        printed(document, &[])
            .lines()
            .any(|l| l.starts_with("convention: K is declared spd") && l.ends_with("moves it"))
    );
    let narrow = printed(document, &["--width", "60"]);
    assert!(narrow.lines().all(|l| l.chars().count() <= 60), "{narrow}");
}

/// What a line shows and its size are within the page; what goes on in the next line has no number of its own.
/// Where terms do not suffice, products within brackets are broken, and inner products behind their comma.
#[test]
fn products_within_brackets_keep_to_a_narrow_page() {
    let attention = "Q: n x d; K: m x d; V: m x p; G: n x p; A = softmax(Q K^T / sqrt(d), rows); s = sum(G .* (A V))";
    let text = printed(attention, &["--wrt", "Q", "--steps", "--width", "40"]);
    assert!(text.lines().all(|l| l.chars().count() <= 40), "{text}");
    let folded = printed(LECTURE, &["--wrt", "W", "--form", "both", "--steps", "--width", "40"]);
    assert!(folded.contains("unvec((uᵀ diag(f'(z)) (xᵀ ⊗ Iₙ))ᵀ,\n        n, m)"), "{folded}");
    assert!(folded.lines().all(|l| l.chars().count() <= 40), "{folded}");
    assert!(folded.contains("∂s/∂W (Jacobian)\n  = uᵀ diag(f'(z)) (xᵀ ⊗ Iₙ)    1×mn\n"), "{folded}");
}

#[test]
fn lines_with_sizes_keep_to_a_narrow_page() {
    let text = printed("X: n x p; y: n; J = norm2(X w - y)^2 + λ norm2(w)^2", &["--steps", "--width", "40"]);
    assert!(text.lines().all(|l| l.chars().count() <= 40), "{text}");
    let long = "a: n; b: n; s = sum(tanh(a .* b)) + sum(sin(a .* b)) + sum(cos(a .* b)) + sum(a .* b)";
    let text = printed(long, &["--steps", "--width", "40"]);
    let numbered = text.lines().filter(|l| l.starts_with("  (")).count();
    assert_eq!(numbered, text.lines().filter(|l| l.starts_with("  (") && l.contains(" = ")).count(), "{text}");
}

/// The softmax's own Jacobian, no detour by its scalars, and no way that is longer than the shortest proof.
#[test]
fn steps_take_no_detours() {
    let entropy = "y: n onehot; z = W x + b; p = softmax(z); J = cross_entropy(y, p)";
    let text = steps(entropy, "shape");
    assert!(
        text.contains("pullback_softmax: the Jacobian of the softmax, diag(p) − p pᵀ, is its own transpose"),
        "{text}"
    );
    for detour in ["distribute", "pullback_scalar", "⟨-1,"] {
        assert!(!text.contains(detour), "{detour}: {text}");
    }
    let ridge = steps("X: n x m; y: n; L = norm2(y - X β)^2 + λ norm2(β)^2; β: m; λ: scalar", "shape");
    assert!(ridge.contains("sign: a minus sign turns every sign inside"), "{ridge}");
    assert!(!ridge.contains("multiply_out"), "{ridge}");
}

/// σ written out is σ, and the foot says what that is; of scalars nothing is said of entries.
#[test]
fn signs_and_reasons_fit_the_page() {
    let text = steps("s = log(1 + exp(w^T x))", "shape");
    assert!(text.contains("chain rule: exp(z) moves with z alone, by the factor exp(z)"), "{text}");
    assert!(text.contains("σ(t) = 1/(1 + e⁻ᵗ)"), "{text}");
    assert!(!text.contains("entry i"), "{text}");
}

/// Of a cell with four gates, too: each row before ⊗ is one row, whatever it is made of.
#[test]
fn rows_of_a_gated_cell_are_folded_back_by_rules() {
    let gates = "z = sigmoid(W_z x + U_z h); r = sigmoid(W_r x + U_r h); c = tanh(W_h x + U_h (r .* h))";
    let text = steps(&format!("x: n; h: m; {gates}; k = (1 - z) .* h + z .* c; s = g^T k"), "both");
    assert_eq!(text.matches(" in the shape of ").count(), 9, "{text}");
    assert!(!text.contains("compare_forms") && text.contains("= δ₂ hᵀ"), "{text}");
}

/// What crosses over in every term of a sum crosses over at once.
#[test]
fn moves_by_one_rule_at_several_places_are_one() {
    let text = steps("A: n x n symmetric; x: n; ρ = x^T A x / (x^T x)", "shape");
    for rule in ["pullback_dot", "d_transpose", "pullback_collect"] {
        assert_eq!(text.matches(rule).count(), 1, "{rule}: {text}");
    }
    assert_eq!(text.matches("pullback_").count(), 7, "{text}");
    assert!(text.contains("entry xᵢ counts with weight (A x)ᵢ in a scalar, which is its own transpose"), "{text}");
}

/// What reaches a definition along one path is tidied where it is handed on, and said once.
#[test]
fn what_cancels_is_gone_before_it_is_concluded() {
    let text = steps("θ: n; z = θ^T x; J = -log(sigmoid(z))", "shape");
    assert!(text.contains("so ∂J/∂z = σ(z) - 1") && !text.contains("so ∂J/∂z = -σ(z)"), "{text}");
    assert!(text.contains("sign: a minus sign turns every sign inside"), "{text}");
}

/// What a move writes as a number is one for a reason of its own, also where the entries of y move.
#[test]
fn that_a_sum_is_one_is_no_regrouping() {
    let text = steps("y: N onehot; z: N; p = softmax(z); J = -y^T log(p)", "shape");
    assert!(text.contains("sum_of_distribution: the entries of y add up to 1"), "{text}");
    assert!(!text.contains("regroup"), "{text}");
}

/// A proof of the normal form speaks of the document, too.
#[test]
fn reasons_of_proofs_speak_of_the_terms_of_the_page() {
    let text = steps("K: n x n spd; y: n; L = -1/2 y^T K^-1 y - 1/2 logdet(K)", "shape");
    assert!(text.contains("transpose_of_symmetric: K⁻¹ is symmetric") && !text.contains("A is symmetric"), "{text}");
}

#[test]
fn factors_that_gather_are_told() {
    for (document, said) in [
        ("x: n; s = (1/n sum(x.^3))^(1/3)", "powers: the factors s gather in s² below the line"),
        ("x: n; a: n; s = sum(a .* x.^2 ./ x)", "powers: the powers of x gather in x"),
        ("p = softmax(W x + b); y: n onehot; J = -y^T log(p)", "powers: p above and below the line cancels"),
    ] {
        let text = steps(document, "shape");
        assert!(text.contains(said), "{said}\n{text}");
    }
}

/// In an LSTM i is a gate and k a size: indices of entries are called otherwise, and a scalar has no rows.
#[test]
fn indices_in_reasons_are_no_names_of_the_page() {
    let text = steps("U: n x k; i = sigmoid(U h + b)\ns = a^T i", "both");
    assert!(text.contains("only equal indices touch: entry j moves with entry j of"), "{text}");
    assert!(text.contains("entry Uⱼₗ feeds entry j alone, with weight hₗ"), "{text}");
    assert!(text.contains("reaches the scalar with weight aₗ"), "{text}");
    assert!(!text.contains("entry i ") && !text.contains("row i"), "{text}");
}

/// A sign does not multiply out what was a chain of Jacobians.
#[test]
fn chains_of_jacobians_stay_chains_below_a_sign() {
    let text = steps("y: scalar constant; h = tanh(W x + b)\nJ = softplus(-y u^T h)", "both");
    assert!(text.contains("∂J/∂b (Jacobian) = y σ(z₂) uᵀ diag(h.^2 - 1)"), "{text}");
    assert!(!text.contains("multiply_out"), "{text}");
}

/// Physicists' products come back as they were written, not entry by entry.
#[test]
fn derivatives_of_cross_products_are_cross_products() {
    let text = steps("s = a^T (ω × r)", "shape");
    for said in ["∂s/∂ω = r × a", "∂s/∂r = a × ω", "∂s/∂a = ω × r"] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    assert!(steps("a: 3; v = a × (b × c); s = d^T v", "shape").contains("∂s/∂a = (b × c) × d"));
    assert!(steps("q: scalar; E: 3; v: 3; P = (q (E + v × B))^T v", "shape").contains("P does not depend on B"));
    let jacobian = steps("b: 3; v = a × b", "jacobian");
    assert!(jacobian.contains("∂v/∂a = -skew(b)") && jacobian.contains("skew(a) b = a × b"), "{jacobian}");
    let of_columns = steps("c: 3; s = tr(M (a × b) c^T)", "shape");
    assert!(of_columns.contains("∂s/∂a = b × (Mᵀ c)"), "{of_columns}");
}
