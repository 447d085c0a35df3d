//! `check --structured` and `equal --structured`: claims about derivatives on the structure of their targets, and one layout
//! of higher orders.

use gradus_cli::cli::{Output, run};

fn gradus(words: &[&str]) -> Output {
    run(["gradus"].iter().chain(words).map(Into::into).collect())
}

fn check(document: &str, wrt: &str, claim: &str, more: &[&str]) -> Output {
    gradus(&[&["check", document, "--wrt", wrt, "--claim", claim], more].concat())
}

const QUADRATIC: &str = "X: n x n symmetric; a: n; b: n; s = a^T X b";
const TRACE: &str = "X: n x n diagonal; A: n x n; B: n x n; s = tr(A X B X)";

/// A claim is right by one convention and wrong by the other, and the output says which was asked.
#[test]
fn claims_are_judged_by_the_convention_asked() {
    for (document, wrt, claim, order, on_structure, free) in [
        ("X: n x n spd; s = logdet(X)", "X", "X^-1", "1", 0, 0),
        ("X: n x n symmetric; s = logdet(X)", "X", "2 X^-1 - X^-1 .* eye(n)", "1", 1, 1),
        (QUADRATIC, "X", "1/2 (a b^T + b a^T)", "1", 0, 1),
        (QUADRATIC, "X", "a b^T", "1", 1, 0),
        ("X: n x n spd; s = logdet(X)", "X", "-dup(n)^T kron(X^-1, X^-1) dup(n)", "2", 0, 1),
        ("X: n x n spd; s = logdet(X)", "X", "dup(n)^T kron(X^-1, X^-1) dup(n)", "2", 1, 1),
        ("X: n x n spd; s = logdet(X)", "X", "-K(n, n) kron(X^-1, X^-1)", "2", 1, 0),
        ("X: n x n symmetric; x: n; s = x^T X x", "X,x", "2 dup(n)^T kron(x, eye(n))", "2", 0, 1),
        ("X: n x n symmetric; x: n; s = x^T X x", "x,X", "2 kron(x^T, eye(n)) dup(n)", "2", 0, 1),
        ("X: n x n symmetric; x: n; s = x^T X x", "x,X", "kron(x^T, eye(n)) dup(n)", "2", 1, 1),
        ("X: n x n diagonal; s = logdet(X)", "X", "1 ./ diag(X)", "1", 0, 1),
        ("X: n x n diagonal; s = logdet(X)", "X", "-diag(1 ./ diag(X).^2)", "2", 0, 1),
        (TRACE, "X", "A^T .* B + A .* B^T", "2", 0, 1),
        (TRACE, "X", "A^T .* B^T + A .* B^T", "2", 1, 1),
    ] {
        let own = check(document, wrt, claim, &["--order", order, "--structured"]);
        assert_eq!(own.code, on_structure, "{document}: {claim}\n{}{}", own.stdout, own.stderr);
        assert!(own.stdout.contains("convention: structured: X is declared"), "{}", own.stdout);
        let other = check(document, wrt, claim, &["--order", order]);
        assert_eq!(other.code, free, "{document}: {claim}\n{}{}", other.stdout, other.stderr);
        assert!(!other.stdout.contains("structured:"), "{}", other.stdout);
    }
}

/// The derivation that is shown, JSON, and what is refused.
#[test]
fn structured_claims_are_told() {
    let steps = check(QUADRATIC, "X", "a b^T", &["--structured", "--steps"]);
    for text in ["entry (1, 2) of the claim", "∂s/∂X = 1/2 (a bᵀ + b aᵀ)", "what X hands to Z"] {
        assert!(steps.stdout.contains(text), "{text}: {}", steps.stdout);
    }
    let json = check(TRACE, "X", "A^T .* B + A .* B^T", &["--structured", "--order", "2", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!((&json["verdict"], &json["shape"]), (&"yes".into(), &serde_json::json!(["n", "n"])));
    for (document, wrt, expected) in [
        ("X: n x n; s = logdet(X)", "X", "no target is declared"),
        ("X: n x n orthogonal; s = logdet(X)", "X", "no coordinates"),
    ] {
        let refused = check(document, wrt, "X", &["--structured"]);
        assert!(refused.code == 2 && refused.stderr.contains(expected), "{}", refused.stderr);
    }
}

/// An equality is one on the structure, with or without the word; with it the output says so.
#[test]
fn equalities_on_a_structure() {
    let equal = |declarations: &str, more: &[&str]| gradus(&[&["equal", "X^T", "X", declarations], more].concat());
    let told = equal("X: n x n symmetric", &["--structured"]);
    assert!(told.code == 0 && told.stdout.contains("compared where X symmetric, as declared"), "{}", told.stdout);
    assert_eq!(equal("X: n x n symmetric", &[]).code, 0);
    let refused = equal("X: n x n", &["--structured"]);
    assert!(refused.code == 2 && refused.stderr.contains("no variable is declared"), "{}", refused.stderr);
}

/// Of higher orders there is one layout: another one that is asked for is said not to be, or refused.
#[test]
fn higher_orders_have_one_layout() {
    let document = "z: n; s = sum(exp(z))";
    let claimed = check(document, "z", "diag(exp(z))", &["--order", "2", "--form", "shape"]);
    let derived = gradus(&[document, "--order", "2", "--form", "both"]);
    for (output, form) in [(claimed, "shape"), (derived, "both")] {
        let told = format!("--form {form} is of order 1: of order 2 there is one layout");
        assert!(output.code == 0 && output.stdout.contains(&told), "{}{}", output.stdout, output.stderr);
    }
    let silent = gradus(&[document, "--order", "2", "--form", "jacobian"]);
    assert!(silent.code == 0 && !silent.stdout.contains("one layout"), "{}", silent.stdout);
    let refused = [
        check(document, "z", "diag(exp(z))", &["--order", "2", "--form", "differential"]),
        gradus(&[document, "--order", "2", "--form", "differential"]),
        check("z: n; y = exp(z)", "z", "z", &["--order", "2", "--form", "shape"]),
        gradus(&["z: n; y = exp(z)", "--order", "2", "--form", "shape"]),
        check(document, "z", "diag(exp(z))", &["--order", "2", "--form", "both"]),
    ];
    for output in refused {
        assert_eq!(output.code, 2, "{}", output.stdout);
    }
}

/// A target that is named twice would be counted twice: a disagreement it was, with exit code 4.
#[test]
fn a_target_is_named_once() {
    let document = "z: n; s = sum(exp(z))";
    for wrt in ["z,z", "[z; z]", "z,[z; z]"] {
        for order in ["1", "2"] {
            let output = gradus(&[document, "--wrt", wrt, "--order", order]);
            assert!(output.code == 2 && output.stderr.contains("twice"), "{wrt}: {}", output.stderr);
        }
    }
    let indexed = gradus(&["s = \\sum_i (w^T x_i)^2", "--wrt", "w,w"]);
    assert!(indexed.code == 2 && indexed.stderr.contains("twice"), "{}", indexed.stderr);
    assert_eq!(check(document, "z,z", "diag(exp(z))", &["--order", "2"]).code, 0);
}

/// Of a diagonal target the Hessian is over the entries of the diagonal, without the matrix that picks them.
#[test]
fn hessians_by_the_diagonal() {
    for (value, wanted) in [
        ("logdet(X)", "-(X^-1 .* X^-1)"),
        ("logdet(X + A)", "-((X + A)^-1 .* (X + A)^-T)"),
        ("tr(A X B X)", "A .* B^T + B .* A^T"),
        ("normF(A X B)^2", "2 (A^T A) .* (B B^T)"),
        ("sum(exp(X .* A))", "diag(diag(A).^2 .* diag(exp(X .* A)))"),
        ("tr(X^3)", "6 X"),
        ("sum((X a).^2)", "2 diag(a.^2)"),
    ] {
        let document = format!("X: n x n diagonal; A: n x n; B: n x n; a: n; s = {value}");
        let derived = gradus(&[&document, "--wrt", "X", "--structured", "--order", "2"]);
        let result = derived.stdout.lines().find(|l| l.contains("∂²s/∂diag(X)∂diag(X)ᵀ")).expect("a Hessian");
        assert!(!result.contains('⊗'), "{value}: {result}");
        let judged = check(&document, "X", wanted, &["--structured", "--order", "2"]);
        assert_eq!(judged.code, 0, "{value}: {}{}", judged.stdout, judged.stderr);
    }
}
