//! The same input gives the same bytes, whatever the process, its hash seeds and its addresses.

use super::binary::gradus;

const DOCUMENTS: &[&str] = &[
    "s = u^T f(W x + b)",
    "s = u^T f(W_2 f(W_1 x + b_1) + b_2) + λ ||W_1||^2",
    "x: scalar; y: scalar; F = [x^2 y; 5 x + sin(y)]",
    "J = 1/2 ||A x - b||^2 + sum(log(1 + exp(-C x)))",
    "s = tr(A X B X^T) + a^T X b + b^T X^T a",
    "A: n x m; x: n; A x",
];

const RUNS: usize = 10;

#[track_caller]
fn assert_same_bytes(args: &[&str]) {
    let first = gradus(args);
    for _ in 1..RUNS {
        assert_eq!(gradus(args), first, "{args:?}");
    }
}

#[test]
fn text_is_deterministic() {
    DOCUMENTS.iter().for_each(|d| assert_same_bytes(&["derive", d, "--steps"]));
}

#[test]
fn json_is_deterministic() {
    DOCUMENTS.iter().for_each(|d| assert_same_bytes(&["derive", d, "--steps", "--format", "json"]));
}

#[test]
fn both_forms_in_latex_are_deterministic() {
    assert_same_bytes(&["derive", DOCUMENTS[0], "--form", "both", "--steps", "--format", "latex"]);
}

#[test]
fn the_rule_book_is_deterministic() {
    assert_same_bytes(&["rules"]);
}
