//! `--structured` with indices: by the coordinates of whole matrices, of the members of families, and of arrays known by their
//! entries.

use super::binary::gradus;
use gradus::{Bindings, Document, Options};

fn derived(text: &str, args: &[&str]) -> String {
    let out = gradus(&[&["derive", text, "--structured"], args].concat());
    assert_eq!(out.code, 0, "{text}: {}{}", out.stdout, out.stderr);
    out.stdout
}

const ENTRIES: &str = "S: n x n symmetric; L = sum(i, sum(j, S_ij^2 x_i y_j))";
const LINEAR: &str = "S: n x n symmetric; L = sum(i, sum(j, S_ij x_i y_j))";
const GAUSS: &str = r"S: n x n spd; L = \sum_{i=1}^m (x_i-\mu)^T S^{-1} (x_i - \mu) + m \log\det S";
const MIXTURE: &str = r"S_k: n x n spd; L = \sum_{i,k} r_{ik} (x_i-\mu_k)^T S_k^{-1} (x_i - \mu_k)";

#[test]
fn by_the_structure_of_matrices_families_and_entries() {
    for (text, args, expected) in [
        ("S: n x n symmetric; L = sum(i, a^T S x_i)", &["--wrt", "S"][..], "∂L/∂S = 1/2 Σᵢ (a xᵢᵀ + xᵢ aᵀ)"),
        ("S: n x n symmetric; L = sum(i, x_i^T S x_i)", &[], "∂L/∂xᵢ = 2 S xᵢ"),
        ("S: n x n symmetric; L = sum(i, x_i^T S x_i)", &["--form", "jacobian", "--wrt", "S"], "dup(n)"),
        (GAUSS, &[], "∂L/∂S  = m S⁻¹ - S⁻¹ (Σᵢ (xᵢ - μ) (xᵢ - μ)ᵀ) S⁻¹"),
        (MIXTURE, &["--wrt", "S_k"], "∂L/∂Sₖ = -Sₖ⁻¹ (Σᵢ rᵢₖ (xᵢ - μₖ) (xᵢ - μₖ)ᵀ) Sₖ⁻¹"),
        (MIXTURE, &["--wrt", "S", "--form", "jacobian"], "∂L/∂vech(S)ₖ"),
        (LINEAR, &["--wrt", "S"], "∂L/∂Sᵢⱼ = 1/2 (xᵢ yⱼ + xⱼ yᵢ)"),
        (LINEAR, &["--wrt", "S"], "∂L/∂S = 1/2 (x yᵀ + y xᵀ)"),
        (LINEAR, &["--wrt", "S_12"], "= 1/2 (x₁ y₂ + x₂ y₁)"),
        (ENTRIES, &["--wrt", "S", "--steps"], "the same, tidied"),
        (ENTRIES, &["--wrt", "S", "--order", "2"], "∂²L/∂Sᵢⱼ∂Sₖₗ = 1/2 (xₖ yₗ + xₗ yₖ) (δᵢₖ δⱼₗ"),
        (ENTRIES, &["--wrt", "S", "--hvp", "v"], "(∂²L/∂Sᵢⱼ²)[v]"),
        ("S: n x n symmetric; z_i = sum(j, S_ij x_j)", &["--wrt", "S", "--jvp", "v"], "Σⱼ xⱼ vᵢⱼ"),
        ("S: n x n symmetric; z_i = sum(j, S_ij x_j)", &["--wrt", "S", "--vjp", "g"], "1/2 (xₖ gⱼ + xⱼ gₖ)"),
        ("D: n x n diagonal; L = sum(i, w_i x_i^T D x_i)", &["--wrt", "D"], "∂L/∂diag(D) = diag(Σᵢ wᵢ xᵢ xᵢᵀ)"),
        ("D: n x n diagonal; L = sum(i, sum(j, D_ij^2 x_i x_j))", &["--wrt", "D"], "∂L/∂diag(D)ᵢ = 2 Dᵢᵢ xᵢ²"),
        ("D: n x n diagonal; L = sum(i, sum(j, D_ij x_i x_j))", &["--wrt", "D_11"], "∂L/∂diag(D)₁ = x₁²"),
        ("S: n x n symmetric; s = x^T S y", &["--wrt", "S", "--indices"], "∂s/∂Sᵢⱼ = 1/2 (xᵢ yⱼ + xⱼ yᵢ)"),
    ] {
        let found = derived(text, args);
        assert!(found.contains(expected), "{text} {args:?}: {found}");
        assert!(found.contains("convention: structured: ") && found.contains("✓ agrees"), "{text} {args:?}: {found}");
    }
}

/// dL = ⟨∂L/∂S, dS⟩ for symmetric dS, by differences of a loop's own sums.
#[test]
fn the_symmetric_gradient_of_entries_is_right_by_differences() {
    let (x, y) = ([0.7, -1.3, 0.4], [1.1, 0.2, -0.9]);
    let s = [[0.5, -0.2, 0.8], [-0.2, 1.4, 0.3], [0.8, 0.3, -0.6]];
    let value = |s: &[[f64; 3]; 3]| -> f64 {
        let pairs = (0..3).flat_map(|i| (0..3).map(move |j| (i, j)));
        pairs.map(|(i, j)| s[i][j].powi(2) * x[i] * y[j]).sum()
    };
    let document: Document = ENTRIES.parse().expect("a document");
    let found = document.derive(&Options::default().with_respect_to(["S"]).structured(true)).expect("a derivation");
    let entries = s.concat();
    let point = Bindings::default().array("S", &[3, 3], &entries).array("x", &[3], &x).array("y", &[3], &y);
    let got = found.evaluate(&point).expect("values").derivatives()[0].clone().expect("a value");
    let got = |i: usize, j: usize| got.entries()[3 * i + j];
    for (i, j) in [(0, 0), (0, 1), (1, 2), (2, 2)] {
        let moved = |by: f64| {
            let mut s = s;
            s[i][j] += by;
            s[j][i] = s[i][j];
            value(&s)
        };
        let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        let both = if i == j { got(i, i) } else { got(i, j) + got(j, i) };
        assert!((slope - both).abs() < 1e-8, "{i} {j}: {slope} {both}");
        assert!((got(i, j) - got(j, i)).abs() < 1e-12);
    }
}

#[test]
fn claims_on_the_structure_with_indices() {
    for (text, claim, code) in [
        (LINEAR, "1/2 (x_i y_j + x_j y_i)", 0),
        (LINEAR, "1/2 (x y^T + y x^T)", 0),
        (LINEAR, "x_i y_j", 1),
        (GAUSS, "m S^-1 - S^-1 (sum(i, (x_i - μ) (x_i-μ)^T)) S^-1", 0),
        (GAUSS, "S^-1 - S^-1 (sum(i, (x_i - μ) (x_i-μ)^T)) S^-1", 1),
        ("D: n x n diagonal; L = sum(i, sum(j, D_ij x_i x_j))", "x_i^2", 0),
    ] {
        let wrt = if text.starts_with('D') { "D" } else { "S" };
        let out = gradus(&["check", text, "--structured", "--wrt", wrt, "--claim", claim]);
        assert_eq!(out.code, code, "{text}: {claim}: {}{}", out.stdout, out.stderr);
        // a point is one of the variable's
        assert!(code == 0 || text != GAUSS || out.stdout.contains("S = ["), "{}", out.stdout);
    }
}

#[test]
fn what_has_no_coordinates_is_refused_with_indices_too() {
    for (text, args, words) in [
        ("L = sum(i, (y_i - w^T x_i)^2)", &["--wrt", "w"][..], "no target is declared symmetric"),
        ("Q: n x n orthogonal; L = sum(i, x_i^T Q y_i)", &["--wrt", "Q"], "no coordinates for that"),
        (LINEAR, &["--wrt", "S", "--form", "differential"], "each form has coordinates of its own"),
        ("D: n x n diagonal; L = sum(i, sum(j, D_ij x_i x_j))", &["--wrt", "D_12"], "D_12 is 0 by what is declared"),
    ] {
        let out = gradus(&[&["derive", text, "--structured"], args].concat());
        assert!(out.code == 2 && out.stderr.contains(words), "{text} {args:?}: {}{}", out.stdout, out.stderr);
    }
}

/// A definition with indices may be what is derived by: it is not written out (it was exit code 4).
#[test]
fn by_a_definition_with_indices() {
    for (order, expected) in [("1", "∂L/∂aᵢ = 2 aᵢ"), ("2", "∂²L/∂aᵢ∂aⱼ = 2 δᵢⱼ")] {
        let out = gradus(&["derive", "a_i = w x_i + 2; L = sum(i, a_i^2)", "--wrt", "a", "--order", order]);
        assert!(out.stdout.contains(expected), "{}{}", out.stdout, out.stderr);
    }
}
