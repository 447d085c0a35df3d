//! Objectives with constraints: `--lagrangian`, and what is no objective.

use super::binary::gradus;

/// The lines of derivatives, and the whole output.
#[track_caller]
fn lagrangian(document: &str, more: &[&str]) -> (Vec<String>, String) {
    let run = gradus(&[&["derive", document, "--lagrangian"], more].concat());
    assert_eq!(run.code, 0, "{document}: {}", run.stderr);
    let line = |l: &str| l.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines = run.stdout.lines().filter(|l| l.starts_with('∂')).map(line).collect();
    (lines, run.stdout)
}

#[track_caller]
fn gives(document: &str, expected: &[&str], said: &str) {
    let (lines, whole) = lagrangian(document, &[]);
    assert_eq!(lines, expected, "{document}");
    assert!(whole.contains(said), "{document}\n{whole}");
}

#[track_caller]
fn refused(args: &[&str], words: &[&str]) {
    let run = gradus(args);
    assert_eq!(run.code, 2, "{args:?}: {}", run.stdout);
    assert!(words.iter().all(|w| run.stderr.contains(w)), "{args:?}: {}", run.stderr);
}

#[test]
fn equations_have_a_multiplier_each() {
    gives(
        r"\min_x \frac12 x^T P x + q^T x \text{ s.t. } A x = b",
        &["∂L/∂x = 1/2 (P + Pᵀ) x + q + Aᵀ λ n", "∂L/∂λ = A x - b m"],
        "L = 1/2 xᵀ P x + qᵀ x + λᵀ (A x - b)",
    );
    gives(
        r"\min_x x^T x \text{ s.t. } A x = b, c^T x = 1",
        &["∂L/∂x = 2 x + Aᵀ λ₁ + λ₂ c m", "∂L/∂λ₁ = A x - b n", "∂L/∂λ₂ = cᵀ x - 1 scalar"],
        "stationary",
    );
    gives(
        r"\min_X \|X - Y\|_F^2 \text{ s.t. } A X = B",
        &["∂L/∂X = 2 (X - Y) + Aᵀ Λ n×m", "∂L/∂Λ = A X - B k×m"],
        "tr(Λᵀ (A X - B))",
    );
}

#[test]
fn inequalities_have_multipliers_that_are_not_negative() {
    gives(
        r"\min_x x^T x \text{ s.t. } A x \le b, x \ge 0",
        &["∂L/∂x = 2 x + Aᵀ μ₁ - μ₂ m", "∂L/∂μ₁ = A x - b n", "∂L/∂μ₂ = -x m"],
        "μ_1 ≥ 0 for A x",
    );
    // at a maximum the multiplier of g ≤ 0 takes g away
    gives(
        r"\max_x c^T x \text{ s.t. } A x \le b",
        &["∂L/∂x = c - Aᵀ μ m", "∂L/∂μ = b - A x n"],
        "L = cᵀ x + μᵀ (b - A x)",
    );
}

#[test]
fn multipliers_keep_off_the_names_of_the_document() {
    let (lines, _) = lagrangian("L = q^T x; minimize L + λ x^T x s.t. A x = b", &["--wrt", "x"]);
    assert_eq!(lines, ["∂L₁/∂x = q + 2 λ x + Aᵀ λ₁ m"]);
}

#[test]
fn functions_of_vectors_may_be_constrained() {
    gives(
        r"f: R^n -> R; c: R^n -> R^m; \min_x f(x) \text{ s.t. } c(x) = 0",
        &["∂L/∂x = ∇f(x) + J_c(x)ᵀ λ n", "∂L/∂λ = c(x) m"],
        "L = f(x) + λᵀ c(x)",
    );
}

#[test]
fn what_is_no_lagrangian_is_refused() {
    let with = |document: &str, words: &[&str]| refused(&["derive", document, "--lagrangian"], words);
    with("s = x^T x", &["no constraints"]);
    with("s = x^T x s.t. a <= x <= b", &["neither one equation nor one inequality"]);
    with("s = x^T x s.t. A x ≠ b", &["≠"]);
    with("y = A x s.t. x >= 0; y: n", &["scalar"]);
}

#[test]
fn an_objective_is_a_scalar() {
    for text in ["x: n; argmax x", r"\argmin_x A x"] {
        refused(&["derive", text], &["optimum of a scalar"]);
    }
    for (text, what) in [(r"x: n; \max(x)", "the largest entry"), ("y = argmin(x)", "the place of the smallest entry")]
    {
        refused(&["derive", text], &[what]);
    }
    assert_eq!(gradus(&["derive", r"\max_x c^T x", "--wrt", "x"]).code, 0);
    assert_eq!(gradus(&["derive", "s = max(a, b)^T c", "--wrt", "a"]).code, 0);
}
