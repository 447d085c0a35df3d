//! Functions of arrays nobody defines, f: ℝⁿ → ℝ and c: ℝⁿ → ℝᵐ: read, derived, checked, printed, read back, judged.

use crate::shape::{check, read, refused};
use gradus::Options;
use gradus::internals::claim::check as judge;
use gradus::internals::derive::{Derivation, derive};
use gradus::internals::diag::Kind;
use gradus::internals::render::{Notation, Printer, Style, present};

#[track_caller]
fn derived(text: &str, options: &Options) -> Derivation {
    let derivation = derive(text, options).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    assert!(derivation.check.is_some(), "{text}");
    derivation
}

fn printed(derivation: &Derivation, notation: Notation) -> Vec<String> {
    let style = Style::of(derivation);
    let inlined = |d: &gradus::internals::derive::Derivative| d.inlined.clone().unwrap_or_else(|| d.result.clone());
    derivation.derivatives.iter().map(|d| Printer::new(notation).line(&present(&inlined(d), &style))).collect()
}

/// The derivatives with respect to these names, of this order, in Unicode; each reads back from every notation.
#[track_caller]
fn gives(text: &str, wrt: &[&str], order: u32, expected: &[&str]) {
    let derivation = derived(text, &Options::default().with_respect_to(wrt).order(order).inlined(true));
    assert_eq!(printed(&derivation, Notation::Unicode), expected, "{text}");
    for notation in [Notation::Ascii, Notation::Unicode, Notation::Latex] {
        for (text, one) in printed(&derivation, notation).iter().zip(&derivation.derivatives) {
            let again = derivation.read_back(text, &one.shape).unwrap_or_else(|e| panic!("{text}: {e:?}"));
            let shown = Printer::new(notation).line(&present(&again, &Style::of(&derivation)));
            assert_eq!(shown, *text);
        }
    }
}

#[track_caller]
fn no_rule(text: &str, options: &Options, word: &str) {
    let errors = derive(text, options).expect_err(text);
    assert_eq!(errors[0].kind, Kind::Unsupported, "{text}: {errors:?}");
    assert!(errors[0].message.contains(word), "{text}: {errors:?}");
}

const LAGRANGIAN: &str = "f: R^n -> R; c: R^n -> R^m; λ: m; μ: scalar; L = f(x) + λ^T c(x) + μ/2 ‖c(x)‖^2";

#[test]
fn gradients_and_jacobians_go_through_the_chain_rule() {
    gives("f: R^n -> R; s = f(x)", &["x"], 1, &["∇f(x)"]);
    gives("f: R^n -> R; s = f(A x + b)", &["x", "A", "b"], 1, &["Aᵀ ∇f(A x + b)", "∇f(A x + b) xᵀ", "∇f(A x + b)"]);
    gives("c: R^n -> R^m; y = c(A x)", &["x"], 1, &["J_c(A x) A"]);
    gives("c: R^k -> R^m; f: R^m -> R; s = f(c(x))", &["x"], 1, &["J_c(x)ᵀ ∇f(c(x))"]);
    gives("f: R^(n x k) -> R; s = f(X W)", &["X", "W"], 1, &["∇f(X W) Wᵀ", "Xᵀ ∇f(X W)"]);
    gives("γ: R -> R^m; t: scalar; s = γ(t)^T γ(t)", &["t"], 1, &["2 γ(t)ᵀ J_γ(t)"]);
}

#[test]
fn gradients_and_jacobians_go_through_the_product_rule() {
    gives(LAGRANGIAN, &["x", "λ", "μ"], 1, &["∇f(x) + J_c(x)ᵀ (λ + μ c(x))", "c(x)", "1/2 ‖c(x)‖²"]);
    gives("p: R^d -> R; a: scalar; J = a log(p(θ)); θ: d", &["θ"], 1, &["a ∇p(θ) / p(θ)"]);
    let moments = "g: R^k -> R^m; θ: k; W: m x m symmetric; Q = g(θ)^T W g(θ)";
    gives(moments, &["θ"], 1, &["2 J_g(θ)ᵀ W g(θ)"]);
}

#[test]
fn second_derivatives_weigh_those_of_the_components() {
    gives(LAGRANGIAN, &["x"], 2, &["∇²f(x) + ∇²((λ + μ c(x))ᵀ c)(x) + μ J_c(x)ᵀ J_c(x)"]);
    gives("f: R^n -> R; s = f(A x)", &["x"], 2, &["Aᵀ ∇²f(A x) A"]);
    gives("c: R^k -> R^m; f: R^m -> R; s = f(c(x))", &["x"], 2, &["∇²(∇f(c(x))ᵀ c)(x) + J_c(x)ᵀ ∇²f(c(x)) J_c(x)"]);
    gives("f: R^(n x k) -> R; s = f(X)", &["X"], 2, &["∇²f(X)"]);
    let derivation = derived(LAGRANGIAN, &Options::default().with_respect_to(&["x"]).order(2));
    assert!(derivation.notes.iter().any(|n| n.message.contains("Σᵢ wᵢ ∇²cᵢ(x)")), "{:?}", derivation.notes);
}

#[test]
fn derivatives_of_functions_are_part_of_formulas() {
    gives("f: R^n -> R; y = x - t ∇f(x); t: scalar", &["x", "t"], 1, &["I - t ∇²f(x)", "-∇f(x)"]);
    gives(r"f: \mathbb{R}^n \to \mathbb{R}; s = \nabla f(x)^\top d", &["x", "d"], 1, &["∇²f(x) d", "∇f(x)"]);
    gives("c: R^n -> R^m; s = y^T J_c(x) v", &["x", "y", "v"], 1, &["∇²(yᵀ c)(x) v", "J_c(x) v", "J_c(x)ᵀ y"]);
    gives("s = ‖∇f(x)‖^2", &["x"], 1, &["2 ∇²f(x) ∇f(x)"]);
    gives("f: R^n -> R; s = J_f(x) d", &["d"], 1, &["∇f(x)"]);
    gives(r"f: ℝⁿ → ℝ; s = \nabla_x f(x)^T d", &["d"], 1, &["∇f(x)"]);
}

#[test]
fn third_derivatives_and_tensors_are_refused_by_name() {
    let x = Options::default().with_respect_to(&["x"]);
    no_rule("f: R^n -> R; s = ‖∇²f(x)‖^2", &x, "∇²f");
    no_rule("c: R^n -> R^m; s = ‖J_c(x)‖^2", &x, "J_c");
    no_rule("f: R^n -> R; s = d^T ∇²f(x) d", &x, "∇²f");
    refused("f: R^n -> R; y = ∇^3 f(x)", Kind::Unsupported, &["∇²f(x)"]);
    refused("f: R^n -> R^(m x k); y = f(x)", Kind::Unsupported, &["matrices for values"]);
}

#[test]
fn what_is_no_derivative_of_the_function_is_refused() {
    refused("f: R^n -> R^m; y = ∇f(x)", Kind::Shape, &["a vector", "J_f(x)"]);
    refused("f: R^n -> R; y = f'(x)", Kind::Syntax, &["∇f(x)"]);
    refused("f: elementwise; y = ∇f(x)^T x", Kind::Name, &["entry by entry", "f'(x)"]);
    refused("f(t) = t^T t; y = f(x) + ∇f(x)^T d", Kind::Name, &["formula", "--of f"]);
    refused("f: R^n -> R; A: m x k; y = f(A)", Kind::Shape, &["n×1", "m×k"]);
    refused("f: R^n -> R; s = ∇_A f(A x)", Kind::Unsupported, &["own argument"]);
    refused("f: R^n -> R; J_f: n; s = J_f^T x + f(x)", Kind::Name, &["J_f"]);
}

/// The undeclared functions of arrays.
fn fields(text: &str) -> String {
    let program = read(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    let of = |name| format!("{name}: {}", program.fields[name]);
    program.reading.fields.iter().map(of).collect::<Vec<_>>().join(", ")
}

#[test]
fn shapes_and_heads_ask_for_functions_of_vectors() {
    let admm = r"L_\rho(x,z,y) = f(x) + g(z) + y^T(Ax + Bz - c) + (\rho/2)\|Ax + Bz - c\|_2^2";
    assert_eq!(fields(admm), "f: R^m -> R, g: R^k -> R");
    assert_eq!(fields("L = f(W x + b)"), "f: R^n -> R");
    // beside one such function the others are no elementwise ones
    assert_eq!(fields("L = f(x) + λ^T g(x)"), "f: R^n -> R, g: R^n -> R^m");
    assert_eq!(fields("L = f(x) + ‖h(x)‖^2"), "f: R^n -> R, h: R^n -> R^m");
    check("L = f(x) + λ^T g(x)", "x: n, λ: m, L: scalar");
    // where entries fit, functions go entry by entry
    assert_eq!(fields("s = u^T f(W x + b)"), "");
    assert_eq!(fields("y = f(W x + b)"), "");
    assert_eq!(fields("f: elementwise; L = f(x)"), "");
}

#[test]
fn a_distance_of_images_is_one_of_points() {
    check("L = ‖f(A) - f(P)‖^2 - ‖f(A) - f(N)‖^2", "A: n, P: n, N: n, L: scalar");
    check("L = ‖f(X W) - Y‖_F^2", "X: n×m, W: m×k, Y: n×k, L: scalar");
    check("L = ‖f(X W) - Y‖^2", "X: n×m, W: m×k, Y: n×k, L: scalar");
}

/// Whether the claim of ∂s/∂x is right.
fn is_right(text: &str, claim: &str) -> bool {
    let options = Options::default().with_respect_to(&["x"]);
    let answer = judge(text, &options, claim).unwrap_or_else(|e| panic!("{text}: {e:?}")).answer;
    assert!(answer.is_yes() || answer.is_no(), "{text}: {claim} is not decided");
    answer.is_yes()
}

#[test]
fn claims_about_functions_of_arrays_are_judged() {
    let text = "f: R^n -> R; A: n x m; s = f(A x)";
    assert!(is_right(text, "A^T ∇f(A x)"));
    assert!(is_right(text, "A^T grad_f(A x)"));
    assert!(!is_right(text, "2 A^T ∇f(A x)"));
    assert!(is_right("c: R^n -> R^m; w: m; s = w^T c(x)", "J_c(x)^T w"));
    assert!(!is_right("c: R^n -> R^n; w: n; s = w^T c(x)", "J_c(x) w"));
    assert!(is_right("f: R^n -> R; s = ∇f(x)^T d", "∇²f(x)^T d"));
}
