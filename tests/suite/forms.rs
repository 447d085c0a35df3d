//! The form a derivation ends with: what an author would write, and nothing `simplify` would shorten.

use gradus::internals::derive::{Derivation, Options, derive};
use gradus::internals::engine::textbook_size;
use gradus::internals::expr::Symbol;

/// A document, what it is derived by, and the result written out.
pub const FORMS: &[(&str, &str, &str)] = &[
    // above and below the line
    ("X: n x n; c: scalar; s = 1 / (c det(X))", "X", "-X^-T / (c det(X))"),
    ("x: n; y: n; s = sum(x .* log(x ./ y))", "x", "1 + log(x ./ y)"),
    ("x: scalar; a: scalar; s = sin(x) / (a x)", "x", "(cos(x) - sin(x) / x) / (a x)"),
    ("X: n x m; c: scalar; s = norm2(X) / (c norm2(X)^2)", "X", "-X / (c normF(X)^3)"),
    ("μ: n; Σ: n x n symmetric; w: n; s = w^T μ / sqrt(w^T Σ w)", "w", "(μ - (w^T μ) Σ w / (w^T Σ w)) / sqrt(w^T Σ w)"),
    ("r: scalar; s = 1/2 log((1 + r) / (1 - r))", "r", "1 / (1 - r^2)"),
    ("a: n; b: n; c: n; q: scalar; s = c^T (b / (q norm2(b)) - a / q^2)", "c", "(b / norm2(b) - a / q) / q"),
    ("a: n; b: n; c: n; s = c^T (b / norm2(a) - a / sum(a.^2))", "c", "(b - a / norm2(a)) / norm2(a)"),
    // what adds up to 1
    (
        "z: k; p = softmax(z); H = -sum(p .* log(p))",
        "z",
        "softmax(z) .* (sum(softmax(z) .* log(softmax(z))) - log(softmax(z)))",
    ),
    (
        "X: n x d; W: d x k; C: n x k; P = softmax(X W, rows); s = sum(C .* P)",
        "X",
        "(softmax(X W, rows) .* (C - sum(C .* softmax(X W, rows), rows) ones(k)^T)) W^T",
    ),
    ("a: n; x: n; s = a^T x / (ones(n)^T x)", "a", "x / sum(x)"),
    // functions that undo each other
    ("x: n; s = sum(log(abs(x)))", "x", "1 ./ x"),
    ("x: n; s = sum(exp(2 log(x)))", "x", "2 x"),
    ("V: n x d; u: d; s = -sum(log(sigmoid(-V u)))", "u", "V^T sigmoid(V u)"),
    ("W: m x n; x: n; s = norm2(relu(W x))^2", "x", "2 W^T relu(W x)"),
    ("z: n; a: n; p = exp(z) / sum(exp(z)); s = a^T p", "z", "softmax(z) .* (a - a^T softmax(z))"),
    // what is common to the contributions
    (
        "Z: n x d; G: n x d; r = sum(Z.^2, rows); s = sum(G .* (diag(1 ./ sqrt(r)) Z))",
        "Z",
        "diag(1 ./ sqrt(sum(Z.^2, rows))) (G - diag(diag(G Z^T) ./ sum(Z.^2, rows)) Z)",
    ),
    ("X: n x p; b: p; y: n; s = y^T X b - sum(cosh(X b))", "b", "X^T (y - sinh(X b))"),
    // centring
    ("x: n; s = norm2(x - mean(x))^2", "x", "2 (x - mean(x))"),
    ("x: n; s = norm2(x - mean(x))", "x", "(x - mean(x)) / norm2(x - mean(x))"),
    // rows and columns that are scaled
    ("A: n x m; w: n; s = sum((A .* (w ones(m)^T)).^2)", "A", "2 diag(w.^2) A"),
    ("A: n x m; B: n x m; w: m; s = sum(A .* B .* (ones(n) w^T))", "A", "B diag(w)"),
    // nothing of Kronecker products is left
    ("A: n x n; B: m x m; s = logdet(A ⊗ B)", "A", "m A^-T"),
    ("A: n x n; B: m x m; s = tr(A ⊗ eye(m) + eye(n) ⊗ B)", "B", "n eye(m)"),
    ("E: m x n; S: n x n spd; s = vec(E)^T (S^-1 ⊗ eye(m)) vec(E)", "S", "-S^-1 E^T E S^-1"),
];

fn written_out(text: &str, by: &str) -> Derivation {
    derive(text, &Options::default().with_respect_to(&[by])).unwrap_or_else(|e| panic!("{text}: {e:?}"))
}

#[test]
fn authors_forms() {
    for (text, by, expected) in FORMS {
        let d = written_out(text, by);
        let one = &d.derivatives[0];
        let expected = d.read_back(expected, &one.shape).unwrap_or_else(|e| panic!("{expected}: {e:?}"));
        let got = one.inlined.as_ref().expect("it is small");
        assert!(textbook_size(got) <= textbook_size(&expected), "{text} by {by}: {got:?}, not {expected:?}");
    }
}

#[test]
fn constants_are_no_error_signals() {
    for text in ["X: n x p; b: p; s = -sum(sinh(X b))", "x: n; y: n; h = exp(x .* y); s = sum(h) / n"] {
        let d = derive(text, &Options::default()).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        assert!(d.deltas.iter().all(|d| !d.value.variables().is_empty()), "{text}: {:?}", d.deltas);
    }
}

/// As they are printed, with the names of the document.
pub const PRINTED: &[(&str, &str, &str)] = &[
    // what is known entry by entry is told so
    ("x: 3; f = x[1..1] exp(x[3..3])", "x", "[h; 0; f]"),
    ("x: n; f = x[1..1]^3 + x[1..1] x[2..2]", "x", "[x[2..2] + 3 x[1..1]²; x[1..1]; zeros(n - 2)]"),
    ("X: 2 x 2; f = X[1..1, 2..2] + X[2..2, 2..2] X[1..1, 1..1]", "X", "[X[2..2, 2..2], 1; 0, X[1..1, 1..1]]"),
    ("x: n; A: n x n; f = x^T A x + x[2..2]", "x", "(A + Aᵀ) x + unit(n, 2)"),
    // a family of products is transposed as a whole, and no factor is taken out of some of it
    ("X: n x n; A: n x n; f = tr(X A X X)", "X", "(X² A + X A X + A X²)ᵀ"),
    ("X: n x n; A: n x n; B: n x n; f = tr(X A X^T B X)", "X", "Xᵀ Bᵀ X Aᵀ + B X² A + Bᵀ X Aᵀ Xᵀ"),
    ("U: n x n; B: n x n; C: n x n; f = tr(C U B U)", "B", "Uᵀ Cᵀ Uᵀ"),
    // both sides of a diagonal are one sum, and sums over the same places
    ("L = Σ_{i<j} q_i q_j / norm2(x_i - x_j); x_i: 3", "x_i", "qᵢ Σ_{j≠i} (qⱼ (xⱼ - xᵢ) / ‖xᵢ - xⱼ‖³)"),
    ("L = Σ_{i<j} log(abs(x_i - x_j)); x: n", "x_i", "Σ_{j≠i} (1 / (xᵢ - xⱼ))"),
    ("L = Σ_{i<j} w_ij x_i x_j; x: n", "x_i", "Σ_{j>i} wᵢⱼ xⱼ + Σ_{j<i} wⱼᵢ xⱼ"),
    ("E = -1/2 Σ_ij w_ij s_i s_j - Σ_i b_i s_i; s: n", "s_k", "-1/2 Σᵢ sᵢ (wᵢₖ + wₖᵢ) - bₖ"),
    ("x: n; A: 3 x 3; f = x[1..3]^T A x[1..3]", "x", "[(A + Aᵀ) x[1..3]; zeros(n - 3)]"),
    // what the page multiplies is multiplied in results alike, but not before a vector, and what is symmetric looks so
    ("A: n x n; X: n x m; B: m x k; C: n x k; f = norm2(A X B - C)^2", "B", "2 (A X)ᵀ (A X B - C)"),
    ("A: n x n; X: n x m; B: m x k; C: n x k; f = norm2(A X B - C)^2", "A", "2 (A X B - C) (X B)ᵀ"),
    ("A: n x n; X: n x m; b: m; c: n; f = norm2(A X b - c)^2", "b", "2 Xᵀ Aᵀ (A X b - c)"),
    ("A: n x m; X: m x p; B: p x n; f = tr(A X B)", "X", "Aᵀ Bᵀ"),
    // a sum of entrywise products of columns is a product, but where the page says so itself
    ("x: n; y: n; f = norm2(x .* y)^2 / sum(x .* y)", "x", "(y ∘ (2 x ∘ y - f)) / sum(x ∘ y)"),
    // what is symmetric looks so
    ("S: n x n spd; r: n; s = 1/2 r^T S^-1 r + 1/2 logdet(S)", "S", "1/2 (S⁻¹ - S⁻¹ r rᵀ S⁻¹)"),
    ("A: n x n; X: n x n; s = norm2(A X - I)^2", "X", "2 Aᵀ (A X - I)"),
    (
        "m: d; S: d x d spd; x_i: d; L = Σ_i (x_i - m)^T S^-1 (x_i - m) + N logdet(S)",
        "S",
        "N S⁻¹ - S⁻¹ (Σᵢ (xᵢ - m) (xᵢ - m)ᵀ) S⁻¹",
    ),
    // a term of a named sum is the name and the other terms
    ("X: n x m; y: n; P = I - X (X^T X)^-1 X^T; s = y^T P y", "X", "-2 P y yᵀ X (Xᵀ X)⁻¹"),
    // the factors of a base beside a power of it
    ("x: n; k: scalar; λ: scalar; s = sum((x / λ).^k)", "λ", "-k s / λ"),
    // a sign that all terms share stands before the sum
    ("S: n x n spd; T: n x n spd; r: n; s = tr(T^-1 S) + r^T T^-1 r", "T", "-T⁻¹ (S + r rᵀ) T⁻¹"),
    // a factor, or one over it, has a name; the value itself is one
    ("A: n x n symmetric; x: n; ρ = x^T A x / (x^T x)", "x", "2 (A x - ρ x) / (xᵀ x)"),
    ("a: n; b: n; d = norm2(a - b); s = (m - d)^2", "a", "2 (d - m) (a - b) / d"),
    // written out more cancels, and what reappears is called by its name
    ("X: n x p; y: n; w = (X^T X)^-1 X^T y; s = norm2(y - X w)^2", "X", "2 (X w - y) wᵀ"),
    (
        "V: n x n spd; X: n x p; y: n; P = V^-1 - V^-1 X (X^T V^-1 X)^-1 X^T V^-1; l = -1/2 (logdet(V) + logdet(X^T V^-1 X) + y^T P y)",
        "V",
        "1/2 (P y yᵀ P - P)",
    ),
    // short results, too, speak of what reappears in them
    ("a: n; b: n; c = a^T b / (norm2(a) norm2(b))", "a", "(b / ‖b‖ - c a / ‖a‖) / ‖a‖"),
    ("z = w^T x; p = sigmoid(z)", "w", "p (1 - p) x"),
    ("z: n; g: n; p = softmax(z); s = g^T p", "z", "p ∘ (g - s)"),
    ("w: n; Σ: n x n symmetric; σ = sqrt(w^T Σ w)", "w", "Σ w / σ"),
    ("A: m x n; x: n; b: m; r = A x - b; s = norm2(r)", "x", "Aᵀ r / s"),
    ("a: scalar; b: scalar; x: scalar; y = a x / (b + x)", "b", "-y / (b + x)"),
    ("k: scalar; t: scalar; A: scalar; y = A exp(-k t)", "k", "-t y"),
    ("K: scalar positive; L: scalar positive; Y = A K^α L^(1 - α); A: scalar", "K", "α Y / K"),
    ("K: scalar positive; L: scalar positive; Y = A K^α L^(1 - α); A: scalar", "L", "Y (1 - α) / L"),
    ("q: n; a: n; r = norm2(q - a); V = 1/r", "q", "V³ (a - q)"),
    // nothing that gradus named itself where the author's names are as short
    ("A: m x n; x: n; b: m; y = A x - b; F = log(sum(exp(y)))", "x", "Aᵀ softmax(y)"),
    ("C: scalar positive; γ: scalar; u = (C^(1 - γ) - 1)/(1 - γ)", "C", "C^(-γ)"),
    ("W: n x n; x: n; s = log(abs(det(W))) - 1/2 norm2(W x)^2", "W", "W⁻ᵀ - W x xᵀ"),
    // no product of matrices is made to be transposed before a vector
    ("A: m x n; B: n x k; u: m; v: k; s = u^T A B v", "v", "Bᵀ Aᵀ u"),
    // what is below the line in one factor of a dot product cancels what is above in the other
    (
        "θ: n; p = σ(a (θ - b)); y: n; a: scalar; b: scalar; l = sum(y .* log(p) + (1 - y) .* log(1 - p))",
        "b",
        "a sum(p - y)",
    ),
    // sums stand in the sign in which the page writes them
    ("p: n; y: n; s = -sum(y .* log(p) + (1 - y) .* log(1 - p))", "p", "(p - y) ⊘ (p ∘ (1 - p))"),
    // what is below in two ways, by exponentials or by signs
    ("a: n; f: n; s = sum(abs(a - f) ./ (a + f))", "f", "-2 a ∘ sign(a - f) ⊘ (a + f).^2"),
    // the product of all others is the product of all over the entry
    ("x: n; f = prod(x)^(1/n)", "x", "(f ⊘ x) / n"),
    ("x: n; s = log(prod(x))", "x", "1 ⊘ x"),
    ("x: n; w: n; f = prod(x.^w)", "w", "f log(x)"),
    // what is centred
    ("x: n; g: n; r = x - mean(x); s = g^T r / norm2(r)", "x", "(g - mean(g) - s r / ‖r‖) / ‖r‖"),
    // an exponential of a sum is a product, and of its argument a sign may be turned
    ("t: scalar; K: scalar positive; b: scalar; c: scalar; N = K exp(-b exp(-c t))", "t", "b c N exp(-c t)"),
    ("r: scalar; a: scalar; b: scalar; e = exp(-a (r - b)); V = 1 - e", "r", "a e"),
    // but a quotient that was none is no name
    ("a: scalar; b: scalar; x: scalar; y = a x / (b + x)", "a", "x / (b + x)"),
];

#[test]
fn results_are_told_as_authors_would() {
    for (text, by, expected) in PRINTED {
        let document: gradus::Document = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        let d = document.derive(&gradus::Options::default().with_respect_to([*by]));
        let printed = d.unwrap_or_else(|e| panic!("{text}: {e}"))[*by].to_string();
        assert_eq!(printed, *expected, "{text}");
    }
}

/// By what, and the result.
type ToldResults = &'static [(&'static str, &'static str)];

/// Documents derived by all they hold: a document, of which order, and some of its results.
const PAGES: &[(&str, u32, ToldResults)] = &[
    // a residual of many factors has a name, and all targets together are not too many
    (
        "A: n x n; P: n x n; Q: n x n; B: n x m; R: m x m; f = 1/2 norm2(A^T P + P A - P B R^-1 B^T P + Q)^2",
        1,
        &[("A", "P rᵀ + Pᵀ r"), ("Q", "r"), ("R", "R⁻ᵀ (P B)ᵀ r Pᵀ B R⁻ᵀ")],
    ),
    // what a density hands to its exponent is the density
    (
        "x: n; μ: n; S: n x n; k: scalar; p = exp(-1/2 (x - μ)^T S^-1 (x - μ)) / ((2 π)^(k/2) sqrt(det(S)))",
        1,
        &[("S", "(p / 2) S⁻ᵀ (r rᵀ S⁻ᵀ - I)"), ("x", "δ"), ("k", "-1/2 p log(2 π)")],
    ),
    // nothing of the factors of a density is left but itself
    (
        "x: scalar; μ: scalar; σ: scalar; f = exp(-(x - μ)^2 / (2 σ^2)) / (σ sqrt(2 π))",
        1,
        &[("σ", "f ((x - μ)² - σ²) / σ³"), ("μ", "f (x - μ) / σ²")],
    ),
    (
        "x: scalar; μ: scalar; σ: scalar; f = exp(-(x - μ)^2 / (2 σ^2)) / sqrt(2 π σ^2)",
        1,
        &[("σ", "f ((x - μ)² / σ² - 1) / σ"), ("μ", "f (x - μ) / σ²")],
    ),
    // second derivatives speak of the names of the page
    ("X: n x p; b: p; y: n; q = X b; s = sum(y ./ q - log(y ./ q) - 1)", 2, &[("b", "Xᵀ diag((2 z - 1) ⊘ q.^2) X")]),
];

#[test]
fn results_of_a_page_are_told_as_authors_would() {
    for (text, order, expected) in PAGES {
        let document: gradus::Document = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        let wrt = expected.iter().map(|(by, _)| *by);
        let options = gradus::Options::default().order(*order);
        let options = if *order > 1 { options.with_respect_to(wrt) } else { options };
        let d = document.derive(&options).unwrap_or_else(|e| panic!("{text}: {e}"));
        for (by, result) in *expected {
            assert_eq!(d[*by].to_string(), *result, "{text} by {by}");
        }
    }
}

/// What stands beside the results says what its own names are.
#[test]
fn every_name_beside_the_results_is_told() {
    let text = "X: n x p; y: n; m = exp(X b); l = y^T log(α m ./ (1 + α m)) - 1/α sum(log(1 + α m))";
    let d = derive(text, &Options::default().with_respect_to(&["b"])).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    let shown = d.shown();
    let told = |name: &Symbol| d.program.input(name).is_some() || shown.iter().any(|d| d.name == *name);
    for definition in &shown {
        definition.value.variables().iter().for_each(|name| assert!(told(name), "{name} is not told"));
    }
    let result = d.read_back("X^T ((y - m) ./ (1 + α m))", &d.derivatives[0].shape).expect("it reads");
    assert!(textbook_size(&d.derivatives[0].result) <= textbook_size(&result), "{:?}", d.derivatives[0].result);
}
