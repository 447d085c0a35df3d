//! What random documents and hostile texts found wrong, a test each, named after what was wrong.

use super::binary::gradus as command;
use gradus::Options;
use gradus::internals::derive::{Derivation, derive};
use gradus::internals::diag::Error;

#[track_caller]
fn derived(text: &str) -> Derivation {
    derive(text, &Options::default()).unwrap_or_else(|e| panic!("{text}: {e:?}"))
}

fn refused(text: &str) -> Error {
    let mut errors = derive(text, &Options::default()).expect_err("an error");
    errors.remove(0)
}

#[test]
fn integers_multiply_into_equal_sizes() {
    derived("x: m; c: 2; B: 2 x m; s = vec(B)' * (x ⊗ c)");
    derived("Q: 2 x 2; s = vec(Q)' * (ones(2*2) .* vec(Q))");
    // what is printed holds K(2, 2), and reads back
    derived("V: 2 x 2 invertible; s = V^-T");
}

#[test]
fn clashes_quote_their_own_factor() {
    let error = refused("Y: n x 2; S: m x m; X: m x k; s = sum((Y ⊗ S) vec(X))");
    assert!(error.message.contains("Y ⊗ S") && !error.message.contains(';'), "{}", error.message);
}

#[test]
fn a_slice_may_leave_nothing() {
    let derivation = derived("W: 2 x k; s = sum(W[1..2, 2..2])");
    assert!(derivation.check.is_some(), "also where k is 2, and nothing is left of W");
}

#[test]
fn nothing_left_to_differentiate_is_zero() {
    let derivation = derived("x: n; s = x^T x - x^T x");
    assert!(derivation.notes.iter().any(|n| n.message.contains("zero")), "{:?}", derivation.notes);
}

#[test]
fn saturation_is_no_disagreement() {
    derived("S: k x k; h = ‖S‖_F^2; s = sigmoid(h)");
}

#[test]
fn a_common_power_leaves_every_other_factor() {
    derived("X: m x m; s = sum(X .* X.^2)");
    derived("α: scalar; s = sigmoid'(α)");
    derived("b: n; r = 1 ./ b; s = b' * r.^3");
}

#[test]
fn a_target_is_not_the_term_it_is_defined_as() {
    for text in ["β: scalar; h = 3/2; s = h β.^1.5", "W: n x m; x: m; h = W x; s = sum(h) + ‖W x‖^2"] {
        let options = Options::default().with_respect_to(&["h"]);
        derive(text, &options).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    }
}

#[test]
fn a_layer_norm_of_two_has_no_slope() {
    derived("x_1: m; s = logsumexp(layernorm(x_1))");
    derived("x_1: 2; s = logsumexp(layernorm(x_1))");
}

#[test]
fn a_choice_never_contains_itself() {
    derived("X: n x m; s = logsumexp(sinh(erf(X)) + (X - X))");
}

#[test]
fn zeros_stay_zeros_in_linear_functions() {
    derived("A: n x m; B: k x p; s = sum(A ⊗ B)");
    derived("V: n x n; s = tr(step(V)) + sum(V)");
    derived("A: n x m; B: k x m; y = sum([A; B], cols)");
}

#[test]
fn a_large_product_of_few_factors_is_no_sum() {
    let row = vec!["1"; 100].join(", ");
    derived(&format!("x^T [{}] y", vec![row; 5].join("; ")));
}

#[test]
fn terms_of_a_long_power_add_up() {
    let derivation = derived("X: n x n; s = tr(X^14)");
    assert_eq!(derivation.derivatives[0].result.nodes(), 5, "{:?}", derivation.derivatives[0].result);
}

#[test]
fn a_number_leaves_a_power_and_cancels() {
    let gradients = |text: &str| derived(text).derivatives.into_iter().map(|d| d.result).collect::<Vec<_>>();
    let normal = "y: n; σ: scalar; c: n; s = ";
    assert_eq!(gradients(&format!("{normal} c^T y / (2 σ^2)")), gradients(&format!("{normal} 1/2 c^T y / σ^2")));
    let mean = "X: n x d; w: d; y: n constant; s = ";
    let [half, whole] = ["1 / (2 n) ‖X w - y‖^2", "0.5/n ‖X w - y‖^2"].map(|s| gradients(&format!("{mean} {s}")));
    assert_eq!(half, whole);
}

#[test]
fn a_digit_at_the_end_of_a_misspelt_function() {
    let error = refused("s = nrom2(X w - y)^2");
    assert!(error.help.as_ref().is_some_and(|h| h.contains("did you mean `norm2`")), "{error:?}");
    assert_eq!(derive("s = sum(simoid(W x))", &Options::default()).expect_err("no function").len(), 1, "said once");
}

#[test]
fn who_divides_by_a_letter_means_a_scalar() {
    let derivation = derived("s = 1 / (2 a) b^T b");
    assert!(derivation.program.shape(&"a".into()).is_some_and(gradus::internals::expr::Shape::is_scalar));
}

#[test]
fn rounding_is_no_disagreement() {
    derived("A: 2 x 2 orthogonal; x: n; s = logsumexp(x) · tr(inv(A))");
    derived("S: m x 2; B: n x n; z = tanh'(2 * (vec(B) + ‖S‖_F^2)); s = vec(B)^T z");
}

#[test]
fn a_value_that_is_its_own_transpose_is_symmetric() {
    let gradient = |document: &str| {
        let run = crate::binary::gradus(&["derive", document, "--wrt", "x", "--format", "ascii"]);
        run.stdout.lines().find_map(|l| Some(l.split_once("ds/dx =")?.1.trim().to_owned())).expect("a gradient")
    };
    for symmetric in ["A + A^T", "eye(n) - ones(n) ones(n)^T / n", "A x x^T A^T + B B^T"] {
        // by y alone: H may hold x
        let document = format!("x: n; y: n; A: n x n; H = {symmetric}; s = x^T H x");
        let found = gradient(&document.replace("x x^T", "y y^T"));
        assert!(found.starts_with("2 H x"), "{symmetric}: {found}");
    }
    for other in ["A", "A + A", "A - A^T", "A B + B A"] {
        let found = gradient(&format!("x: n; A: n x n; B: n x n; H = {other}; s = x^T H x"));
        assert!(!found.starts_with("2 H x"), "{other}: {found}");
    }
}

#[test]
fn a_commutation_before_brackets_is_no_call() {
    let latex = r"s = vec(A)^\top (K_{k, n} (\operatorname{vec}(Q) \oslash x))";
    derived(&format!("A: n x k; Q: k x n; x: k n; {latex}"));
    // beside a variable K it is another variable
    derived("K: n x n; s = tr(K K_{n,m} K_{n,m}^T)");
}

#[test]
fn a_step_in_json_is_the_same_in_a_verdict_and_in_a_derivation() {
    let document = "s = u^T f(W x + b)";
    let asked = ["--wrt", "x", "--form", "jacobian", "--steps", "--format", "json"];
    let derived = crate::binary::gradus(&[&["derive", document], &asked[..]].concat()).json();
    let judged = crate::binary::gradus(&[&["check", document, "--claim", "u"], &asked[..]].concat()).json();
    assert_eq!(derived["derivatives"][0]["steps"], judged["steps"]);
    assert!(derived["derivatives"][0]["steps"].as_array().is_some_and(|s| s.len() > 3));
}

#[test]
fn a_scalar_makes_no_matrix_diagonal() {
    derived("W: m x m invertible; α: scalar positive; B: m x m diagonal; s = mse(B + W / α - W, B * B)");
}

/// What is made of rounding errors is another thing at every point beside, and no disagreement.
#[test]
fn erratic_gaps_are_no_disagreement() {
    let of = |text: &str, order: u32, wrt: &[&str]| {
        let options = Options::default().order(order).with_respect_to(wrt);
        derive(text, &options).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    };
    of("Q: m x 2; A: m x m spd; r = sum(sinh(erf(Q)) ⊗ A.^3); s = π - arccos(σ(r))", 2, &["r"]);
    of("X: 2 x 2 symmetric; P: 2 x n; s = ‖layernorm(X P, rows)‖_F^2", 3, &["P"]);
    let product = Options::default().product(gradus::internals::derive::Product::Jvp("V_1".to_owned()));
    let text = "X: k x k orthogonal; α: scalar; s = relu'(logdet(X)) .* α^2";
    derive(text, &product.with_respect_to(&["α"])).unwrap_or_else(|e| panic!("{text}: {e:?}"));
}

/// What agrees at every ordinary point is not explained by what holds there: a transpose of 0, a matrix that is symmetric.
#[test]
fn hidden_differences_are_shown_and_not_explained_away() {
    for (document, wrt, claim) in [
        ("x: scalar; s = relu(x - 1e8)", "x", "0"),
        ("x: scalar; s = exp(-1e6 x^2)", "x", "0"),
        ("x: n; s = sum(exp(-1e6 x.^2))", "x", "zeros(n)"),
        ("x: n; s = max(x^T x, 1e6)", "x", "zeros(n)"),
    ] {
        let run = command(&["check", document, "--wrt", wrt, "--claim", claim]);
        assert!(run.code == 1 && run.stdout.contains("counterexample: at"), "{document}: {run:?}");
        assert!(
            run.stdout.contains("slip: none") && !run.stdout.contains("it would be right if"),
            "{document}: {run:?}"
        );
    }
    let sides = ["tr((A B)^-1) + erf(1e-5 x - 6e3)", "tr(B^-1 A^-1) + -1", "x: scalar; A: n x n; B: n x n"];
    let run = command(&["equal", sides[0], sides[1], sides[2]]);
    assert!(run.code == 1 && !run.stdout.contains("it would be right if"), "{run:?}");
}

#[test]
fn a_number_beside_a_transpose_makes_no_name_of_it() {
    for text in [
        "y: m; s = sum(1 - y')",
        "y: m; V: 1 x m; s = sum(V .* (2 * (1 - y')))",
        "y: m; s = sum(y' + 1)",
        "C: 1 x k; y: k; s = sum(C - y')",
    ] {
        let d = gradus::derive(text).expect(text);
        assert!(d.get("y").is_some() && d.get("y_prime").is_none(), "{text}: {d}");
    }
    assert!(gradus::derive("s = ||x - x'||^2").expect("x and x'").get("x_prime").is_some());
}

#[test]
fn a_wide_space_ends_a_declaration() {
    for (text, by) in [
        (r"A \in \mathbb{R}^{n \times n}, x \in \mathbb{R}^n, \quad x^\top A x", "x"),
        (r"x \in \mathbb{R}^n, \quad \sum_i x_i^2", "x_i"),
    ] {
        assert!(gradus::derive(text).unwrap_or_else(|e| panic!("{text}: {e}")).get(by).is_some(), "{text}");
    }
    // a fact after it belongs to what is declared, or is refused
    let run = command(&[r"f(x) = x^\top A x, \quad x \in \mathbb{R}^n, \quad A \text{ symmetric}"]);
    assert_eq!(run.code, 2, "{run:?}");
    let run = command(&[r"x \in \mathbb{R}^n, \quad \sum_{i,j} x_{ij}"]);
    assert!(run.code == 2 && run.stderr.contains("has 2 indices here"), "{run:?}");
}

#[test]
fn an_error_signal_of_a_numbered_name_is_a_name() {
    for text in [r"s = \delta_{z_1}^\top \delta_{z_1}", r"s = \delta_{h_{t-1}}^\top x", r"s = \delta_{h_{i,j}}^\top x"]
    {
        let run = command(&[text]);
        assert_eq!(run.code, 0, "{text}: {run:?}");
        assert!(!run.stdout.contains('['), "{text}: {run:?}");
    }
    let of_two = command(&[r"L = \sum_n \sum_k \delta_{y_n, k} p_{nk}", "--wrt", "p_nk"]);
    assert_eq!(of_two.code, 0, "{of_two:?}");
}

/// The argument of what has a name was told by the name, where it stood in a product: no product is a part of another one
/// for its argument.
#[test]
fn a_name_stands_for_its_value_and_not_for_the_values_argument() {
    for text in [
        "W: 2 x k; h = var(W, cols); s = sum(h[2..k])",
        "Y: n x n orthogonal; h = prod(Y^-T, rows); s = logsumexp(h)",
        r"S: k x k; x: m; z = var(S \otimes x, rows); s = sum(z.^3)",
    ] {
        let found = gradus::derive(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert!(found.error().is_some_and(|e| e < 1e-9), "{text}");
    }
}
