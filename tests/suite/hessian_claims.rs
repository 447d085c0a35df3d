//! Claims about Hessians, blocks of them and higher derivatives: what is right, what is wrong and why, what is no question.

use super::binary::gradus;
use gradus::internals::claim::{Answer, Verdict, check};
use gradus::{Options, internals::claim::SlipKind};

const LOGISTIC: &str = "X: m x n constant; y: m constant; p = σ(X w); s = sum(log(1 + exp(X w))) - y^T X w";
const BILINEAR: &str = "a: n; b: n; s = a^T S b";

#[track_caller]
fn judged(document: &str, wrt: &str, order: u32, claim: &str) -> Verdict {
    let options = Options::default().with_respect_to(wrt.split(',')).order(order);
    check(document, &options, claim).unwrap_or_else(|e| panic!("{document}, {claim}: {e:?}"))
}

#[test]
fn what_is_right_is_a_yes() {
    let cases = [
        ("s = x^T A x", "x", 2, "A + A^T"),
        ("A: n x n symmetric; s = x^T A x", "x", 2, "2 A"),
        (LOGISTIC, "w", 2, "X^T diag(p .* (1 - p)) X"),
        (LOGISTIC, "w", 2, "X^T diag(σ(X w)) diag(1 - σ(X w)) X"),
        ("s = ||A x - b||^2", "x", 2, "2 A^T A"),
        (BILINEAR, "a,b", 2, "S"),
        (BILINEAR, "b,a", 2, "S^T"),
        (BILINEAR, "a", 2, "zeros(n, n)"),
        ("X: n x n; s = logdet(X)", "X", 2, "-K(n,n) (X^-T ⊗ X^-1)"),
        ("X: n x n symmetric; s = logdet(X)", "X", 2, "-K(n,n) (X^-1 ⊗ X^-1)"),
        ("x: scalar; s = x^4", "x", 3, "24 x"),
        ("x: scalar; s = exp(2 x)", "x", 8, "256 exp(2 x)"),
        ("y = x .* x", "x", 2, "2 diag(vec(eye(n))) (ones(n) ⊗ eye(n))"),
        ("s = logsumexp(x)", "x", 2, "diag(softmax(x)) - softmax(x) softmax(x)^T"),
    ];
    for (document, wrt, order, claim) in cases {
        let v = judged(document, wrt, order, claim);
        assert!(v.answer.is_yes(), "{document} by {wrt}, {claim}: {:?}", v.answer);
    }
}

#[test]
fn what_is_wrong_is_a_no_with_its_slip() {
    let cases = [
        ("s = x^T A x", "x", 2, "A", Some(SlipKind::TermMissing)),
        ("s = x^T A x", "x", 2, "2 A", None),
        ("s = x^T A x", "x", 2, "2 A x", None),
        ("s = ||A x - b||^2", "x", 2, "A^T A", Some(SlipKind::Factor)),
        (LOGISTIC, "w", 2, "-(X^T diag(p .* (1 - p)) X)", Some(SlipKind::Sign)),
        (LOGISTIC, "w", 2, "X^T diag(p) X", Some(SlipKind::DerivativeMissing)),
        (BILINEAR, "a,b", 2, "S^T", Some(SlipKind::OtherLayout)),
        ("X: n x n; s = logdet(X)", "X", 2, "-(X^-T ⊗ X^-1)", Some(SlipKind::FactorMissing)),
        ("X: n x n symmetric; s = logdet(X)", "X", 2, "-(X^-1 ⊗ X^-1)", Some(SlipKind::FactorMissing)),
        ("x: scalar; s = x^4", "x", 3, "12 x^2", None),
        ("s = logsumexp(x)", "x", 2, "diag(softmax(x) .* (1 - softmax(x)))", Some(SlipKind::DiagonalOnly)),
    ];
    for (document, wrt, order, claim, expected) in cases {
        let v = judged(document, wrt, order, claim);
        let Answer::No { slip, .. } = &v.answer else { panic!("{document} by {wrt}, {claim}: {:?}", v.answer) };
        let found = slip.as_ref().map(|s| s.kind);
        assert!(expected.is_none() || found == expected, "{document} by {wrt}, {claim}: {found:?}");
    }
}

/// The verdict says which derivative it is about.
#[test]
fn the_derivative_that_was_judged_is_named() {
    let run = gradus(&["check", BILINEAR, "--wrt", "a,b", "--order", "2", "--claim", "S^T", "--steps"]);
    assert_eq!(run.code, 1, "{run:?}");
    for text in ["(order 2)", "∂²s/∂a∂bᵀ = Sᵀ", "the whole is transposed: this is ∂²s/∂b∂aᵀ", "∂²s/∂a∂bᵀ = S "]
    {
        assert!(run.stdout.contains(text), "{text}: {}", run.stdout);
    }
    assert!(!run.stdout.contains("∂∂"), "{}", run.stdout);
    let json = gradus(&["check", BILINEAR, "--wrt", "a,b", "--order", "2", "--claim", "S", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!((&json["of"], &json["order"]), (&"s".into(), &2.into()));
    assert_eq!((&json["wrt"], &json["verdict"]), (&serde_json::json!(["a", "b"]), &"yes".into()));
}

/// A wrong shape is told as one.
#[test]
fn the_gradient_is_no_hessian() {
    let run = gradus(&["check", "s = x^T A x", "--wrt", "x", "--order", "2", "--claim", "(A + A^T) x"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("shapes: the claim is n, the derivative n×n"), "{}", run.stdout);
}

#[test]
fn what_is_no_question_is_refused() {
    let check = |more: &[&str]| gradus(&[&["check", BILINEAR, "--claim", "S"], more].concat());
    let cases: &[(&[&str], i32, &str)] = &[
        (&["--order", "2"], 2, "--wrt a, or one for each order: --wrt a,"),
        (&["--order", "3", "--wrt", "a,b"], 2, "--wrt a,b,a"),
        (&["--order", "1", "--wrt", "a,b"], 2, "there are several: by a, b"),
        (&["--order", "0", "--wrt", "a"], 2, "1 or more"),
        (&["--order", "9", "--wrt", "a"], 3, "beyond the limit of 8"),
    ];
    for (more, code, text) in cases {
        let run = check(more);
        assert_eq!(run.code, *code, "{more:?}: {run:?}");
        assert!(run.stderr.contains(text), "{more:?}: {}", run.stderr);
    }
    let options = Options::default().product(gradus::Product::Hvp("v".into()));
    let errors = gradus::internals::claim::check("X: n x n symmetric; s = logdet(X)", &options, "X").expect_err("no");
    assert!(errors[0].message.contains("cannot be checked"), "{errors:?}");
}
