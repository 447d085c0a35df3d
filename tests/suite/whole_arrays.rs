//! Documents whose authors have whole arrays and sum over their entries: derived over whole arrays. Text in, derivative
//! and remarks out, the numbers compared by the check.

use gradus::{Derivation, Document, Options};

const SAID: &str = "written with whole arrays (--indices derives by entries)";

fn derived(document: &str, options: &Options) -> Derivation {
    let document: Document = document.parse().unwrap_or_else(|e| panic!("{document}: {e}"));
    let found = document.derive(options).unwrap_or_else(|e| panic!("{e}"));
    assert!(found.error().is_some_and(|e| e < 1e-9), "not compared");
    found
}

fn is_said(found: &Derivation) -> bool {
    found.notes().iter().any(|n| n.message.contains(SAID))
}

#[test]
fn sums_over_the_entries_of_whole_arrays_are_products() {
    let cases = [
        (r"\hat y = \mathrm{softmax}(W h + b), J = -\sum_k y_k \log \hat y_k", "b", "sum(y) y_hat - y"),
        ("z = W x + b; p_k = exp(z_k) / sum_j exp(z_j); L = -sum_k y_k log p_k", "b", "sum(y) p - y"),
        (r"r = A x - b; s = \frac12 \sum_{i=1}^m r_i^2 + \lambda \sum_j |x_j|", "x", "A^T r + λ sign(x)"),
        (r"z = W x; s = \sum_i u_i f(z_i)", "u", "f(z)"),
        (r"v = A x; s = \sum_i \sum_j v_i M_{ij} v_j", "M", "v v^T"),
    ];
    for (document, wrt, expected) in cases {
        let found = derived(document, &Options::default().with_respect_to([wrt]));
        assert_eq!(found.derivatives()[0].ascii(), expected, "{document}");
        assert!(is_said(&found), "{document}");
    }
}

#[test]
fn error_signals_are_shared_where_the_loss_is_a_sum_over_entries() {
    let network = r"h = f(W_1 x + b_1), \hat y = \mathrm{softmax}(W_2 h + b_2), J = -\sum_k y_k \log \hat y_k";
    let found = derived(network, &Options::default());
    let results: Vec<String> = found.derivatives().iter().map(|d| d.ascii()).collect();
    assert_eq!(results, ["δ_1 x^T", "W_1^T δ_1", "δ_1", "δ_2 h^T", "δ_2", "-log(y_hat)"]);
}

#[test]
fn entries_stay_entries_where_they_are_asked_for() {
    let document = r"p = softmax(W x); J = -\sum_k y_k \log p_k";
    let by_member = derived(document, &Options::default().with_respect_to(["y_k"]));
    assert_eq!(by_member.derivatives()[0].ascii(), "-log(p_k)");
    let by_indices = derived(document, &Options::default().indices(true));
    assert!(!is_said(&by_member) && !is_said(&by_indices));
}

#[test]
fn what_has_no_whole_arrays_keeps_its_indices() {
    let cases = [
        r"J = -\sum_k y_k \log p_k",
        r"L = \sum_{i=1}^n (y_i - w^T x_i)^2",
        r"z_i = \sum_j W_{ij} x_j + b_i, s = \sum_i u_i f(z_i)",
        r"v = A x; L = \sum_{i=1}^n (y_i - v^T x_i)^2",
    ];
    for document in cases {
        assert!(!is_said(&derived(document, &Options::default())), "{document}");
    }
}

#[test]
fn the_entries_of_a_whole_array_are_that_array() {
    let found = derived(r"r = A x - b; s = \sum_i r_i^2", &Options::default().indices(true).with_respect_to(["x"]));
    assert_eq!(found.derivatives()[0].ascii(), "2 A^T r");
}

#[test]
fn claims_may_sum_over_entries_of_whole_arrays() {
    let cases = [
        (r"p = softmax(W x); J = -\sum_k y_k \log p_k", "W", r"(p \sum_k y_k - y) x^T", true),
        (r"p = softmax(W x); J = -\sum_k y_k \log p_k", "W", r"(p \sum_k p_k - y) x^T", false),
        ("x: n; s = sum(x)^2", "x", r"2 (\sum_k x_k) ones(n)", true),
        ("x: n; s = sum(x)^2", "x", r"(\sum_k x_k) ones(n)", false),
    ];
    for (document, wrt, claim, right) in cases {
        let document: Document = document.parse().expect("it reads");
        let verdict = document.check(claim, &Options::default().with_respect_to([wrt])).expect("it is judged");
        assert_eq!((verdict.is_right(), verdict.is_decided()), (right, true), "{claim}");
    }
}

#[test]
fn what_has_no_form_over_whole_arrays_is_refused() {
    let document: Document = "x: n; s = sum(x)^2".parse().expect("it reads");
    let claim = r"(\max_k x_k) ones(n)";
    let refused = document.check(claim, &Options::default().with_respect_to(["x"])).expect_err("no form");
    assert!(refused.to_string().contains("has no form over whole arrays"), "{refused}");
}
