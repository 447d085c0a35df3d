//! Documents over whole arrays by their entries: what is derived by sums is what is derived by the rules for arrays.

use gradus::{Document, Options};

fn by_entries(text: &str, of: Option<&str>, wrt: &str, order: u32) -> Vec<String> {
    let document: Document = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
    let options = Options::default().of(of).with_respect_to(wrt.split_terminator(',')).order(order).indices(true);
    let derived = document.derive(&options).unwrap_or_else(|e| panic!("{text}: {e}"));
    derived.derivatives().iter().map(gradus::Derivative::to_string).collect()
}

/// δ is a factor of a product like any other, and stands in front.
#[test]
fn a_factor_of_a_bracket_comes_out() {
    let rms = "x: n; g: n; a_i = x_i g_i / sqrt(1/n Σ_k x_k^2)";
    let expected = "gᵢ (δᵢⱼ - xᵢ xⱼ / (Σₖ xₖ²)) / sqrt((Σₖ xₖ²) / n)";
    assert_eq!(by_entries(rms, Some("a_i"), "x_j", 1), [expected]);
    assert_eq!(by_entries(rms, Some("a_i"), "g_j", 1), ["δᵢⱼ xᵢ / sqrt((Σₖ xₖ²) / n)"]);
}

#[test]
fn every_product_is_a_sum() {
    let cases = [
        ("z = W x + b", Some("z_i"), "W_ij", "xⱼ"),
        ("z = W x + b", Some("z_i"), "W_kl", "δᵢₖ xₗ"),
        ("z = W x + b", Some("z_i"), "x_j", "Wᵢⱼ"),
        ("z = W x + b", Some("z_2"), "W_23", "x₃"),
        ("s = u^T f(W x + b)", None, "W", "uᵢ xⱼ f'(Σₖ Wᵢₖ xₖ + bᵢ)"),
        ("s = x^T A x", None, "x", "Σⱼ xⱼ (Aᵢⱼ + Aⱼᵢ)"),
        ("s = x^T A x", None, "A", "xᵢ xⱼ"),
        ("s = tr(A X)", None, "X", "Aⱼᵢ"),
        ("A: n x n; s = tr(A) + sum(diag(x) y)", None, "A", "δᵢⱼ"),
        ("s = ‖A x - b‖^2", None, "x", "2 Σⱼ Aⱼᵢ (Σₖ Aⱼₖ xₖ - bⱼ)"),
        ("s = logsumexp(x)", None, "x", "exp(xᵢ) / (Σⱼ exp(xⱼ))"),
        ("X: n x m; s = sum(X, rows)^T u", None, "X", "uᵢ"),
        ("X: n x m; s = sum(X, cols)^T v", None, "X", "vⱼ"),
        ("x: 5; s = x[2..3]^T x[4..5]", None, "x_4", "x₂"),
        // what has no formula by entries stays whole
        ("s = log(det(X))", None, "X", "(X⁻¹)ⱼᵢ"),
        ("s = a^T X^-1 b", None, "X_ij", "-(X⁻ᵀ a bᵀ X⁻ᵀ)ᵢⱼ"),
    ];
    for (text, of, wrt, expected) in cases {
        assert_eq!(by_entries(text, of, wrt, 1), [expected], "{text} by {wrt}");
    }
}

#[test]
fn second_derivatives_are_by_entries_too() {
    assert_eq!(by_entries("s = x^T A x", None, "x", 2), ["Aᵢⱼ + Aⱼᵢ"]);
    assert_eq!(by_entries("s = 1/2 ‖w‖^2", None, "w", 2), ["δᵢⱼ"]);
}

/// A claim by entries about a document over arrays; the letters are those of the target.
#[test]
fn claims_by_entries_are_judged() {
    let cases = [
        ("s = u^T tanh(W x + b)", None, "W_ij", "u_i (1 - tanh(sum(k, W_ik x_k) + b_i)^2) x_j", "yes"),
        ("s = u^T tanh(W x + b)", None, "W_ij", "u_i (1 - tanh(sum(k, W_ik x_k) + b_i)^2) x_i", "no"),
        ("s = u^T tanh(W x + b)", None, "W_ij", "(u .* (1 - tanh(W x + b).^2)) x^T", "yes"),
        ("z = W x + b", Some("z_i"), "W_kl", "δ_ik x_l", "yes"),
        ("z = W x + b", Some("z_i"), "W_kl", "x_l", "no"),
        ("A: n x n symmetric; s = x^T A x", None, "x_i", "2 sum(j, A_ij x_j)", "yes"),
        ("A: n x n; s = x^T A x", None, "x_i", "2 sum(j, A_ij x_j)", "no"),
        ("s = log(det(X))", None, "X_ij", "(X^-1)_ji", "yes"),
    ];
    for (text, of, wrt, claim, expected) in cases {
        let document: Document = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        let options = Options::default().of(of).with_respect_to([wrt]);
        let verdict = document.check(claim, &options).unwrap_or_else(|e| panic!("{text}: {claim}: {e}"));
        let word = if verdict.is_right() { "yes" } else { "no" };
        assert_eq!(word, expected, "{text} by {wrt}: {claim}\n{verdict}");
        assert!(verdict.is_decided(), "{verdict}");
    }
}

/// The lecture's own argument, for a layer as one writes it.
#[test]
fn the_argument_of_the_lecture() {
    let layer: Document = "z = W x + b".parse().expect("a layer");
    let options = Options::default().of(Some("z_i")).with_respect_to(["W_ij"]).steps(true);
    let text = layer.derive(&options).expect("it is derived").to_string();
    let steps = [
        "∂/∂Wᵢⱼ [Σₖ Wᵢₖ xₖ + bᵢ]",
        "a sum is derived term by term, and what does not move falls away",
        "= Σₖ ∂/∂Wᵢⱼ [Wᵢₖ xₖ]",
        "= Σₖ δₖⱼ xₖ",
        "only the term k = j remains",
        "so ∂zᵢ/∂Wᵢⱼ = xⱼ",
    ];
    let mut from = 0;
    for step in steps {
        let at = text[from..].find(step).unwrap_or_else(|| panic!("{step} is missing after {from}:\n{text}"));
        from += at + step.len();
    }
}

/// What is declared of an array says nothing of an entry: |A_ij| is not A_ij.
#[test]
fn an_entry_of_a_definite_matrix_may_be_negative() {
    assert_eq!(by_entries("A: n x n spd; s = sum(abs(A))", None, "A", 1), ["sign(Aᵢⱼ)"]);
}

/// Whether a page shows these lines in this order.
fn shows(text: &str, options: &Options, lines: &[&str]) {
    let document: Document = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
    let page = document.derive(&options.clone().steps(true)).unwrap_or_else(|e| panic!("{text}: {e}")).to_string();
    let mut from = 0;
    for line in lines {
        let at = page[from..].find(line).unwrap_or_else(|| panic!("{line} is missing after {from}:\n{page}"));
        from += at + line.len();
    }
    assert!(!page.contains("no steps"), "{page}");
}

/// Second derivatives, Jacobians of members and products with a direction have their steps, each of which is checked.
#[test]
fn steps_beyond_gradients() {
    let squares = r"L = \sum_{i=1}^n (y_i - w^T x_i)^2";
    let by = |wrt: &str| Options::default().with_respect_to([wrt]);
    let twice = ["∂L/∂yᵢ = 2 (yᵢ - wᵀ xᵢ)", "the first derivative", "so ∂²L/∂yᵢ∂yⱼ = 2 δᵢⱼ"];
    shows(squares, &by("y_i").order(2), &twice);
    let blocks = ["so ∂L/∂xᵢ = 2 (wᵀ xᵢ - yᵢ) w", "= ∂/∂xⱼ [2 (wᵀ xᵢ - yᵢ) w]", "∂²L/∂xᵢ∂xⱼ = 2 δᵢⱼ w wᵀ"];
    shows(squares, &by("x_i").order(2), &blocks);
    let logistic = r"L = \sum_i \log(1 + e^{-y_i w^T x_i})";
    let curvature = ["= -∂/∂w [Σᵢ yᵢ σ(-yᵢ wᵀ xᵢ) xᵢ]", "= -Σᵢ ∂/∂w [yᵢ σ(-yᵢ wᵀ xᵢ) xᵢ]"];
    shows(logistic, &by("w").order(2), &curvature);
    let family = "x_i: n; z_i = A x_i + b; s = sum(i = 1..m, ‖z_i‖^2)";
    let member = ["= ∂/∂xⱼ [A xᵢ + b]", "xᵢ is xⱼ where their indices agree", "so ∂zᵢ/∂xⱼ = δᵢⱼ A"];
    shows(family, &by("x_j").of(Some("z_i")), &member);
    let along = gradus::Product::Hvp("v".to_owned());
    let product = ["what the whole hands to the sum goes to each of its terms", "(∂²L/∂w²)[v] = 2 Σᵢ (vᵀ xᵢ) xᵢ"];
    shows(squares, &by("w").product(Some(along)), &product);
}
