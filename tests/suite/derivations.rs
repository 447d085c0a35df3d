//! Whole derivations with every step, in each notation, as snapshots; and each of their derivatives against central
//! differences, so that no snapshot can freeze a wrong result. `INSTA_UPDATE=always` writes the snapshots anew.

use super::binary::gradus as run;
use gradus::internals::derive::{Derivation, Derivative, Form, Options, derive};
use gradus::internals::eval::{self, Matrix, Values};
use gradus::internals::expr::Symbol;

/// A document, what it is derived by (all variables when empty), and in which form.
struct Document {
    name: &'static str,
    text: &'static str,
    wrt: &'static [&'static str],
    both: bool,
}

const fn document(name: &'static str, text: &'static str) -> Document {
    Document { name, text, wrt: &[], both: false }
}

const DOCUMENTS: &[Document] = &[
    Document { both: true, ..document("lecture", "s = u^T f(W x + b)") },
    document("least_squares", "s = 1/2 ||A x - b||^2"),
    document("two_layers", "s = u^T f(W_2 f(W_1 x + b_1) + b_2)"),
    document("three_layers", "h_1 = f(W_1 x + b_1); h_2 = f(W_2 h_1 + b_2); h_3 = f(W_3 h_2 + b_3); s = u^T h_3"),
    document("probability", "σ(u^T tanh(W x + b))"),
    document("logistic_loss", "y: scalar; s = u^T f(W x + b); J = log(1 + exp(-y s))"),
    Document { wrt: &["[x; y]"], ..document("jacobian", "x: scalar; y: scalar; F = [x^2 y; 5 x + sin(y)]") },
    Document {
        wrt: &["W", "x_{Paris}", "[x_{in}; x_{Paris}]"],
        ..document("window", "x = [x_{museums}; x_{in}; x_{Paris}; x_{are}; x_{amazing}]; s = u^T f(W x + b)")
    },
];

fn args(d: &Document, format: &str) -> Vec<std::ffi::OsString> {
    let wrt = if d.wrt.is_empty() { vec![] } else { vec!["--wrt".to_owned(), d.wrt.join(",")] };
    let form: &[&str] = if d.both { &["--form", "both"] } else { &[] };
    let fixed = ["gradus", "derive", d.text, "--steps", "--format", format].into_iter().chain(form.iter().copied());
    fixed.map(str::to_owned).chain(wrt).map(Into::into).collect()
}

fn snapshots(format: &str) {
    for d in DOCUMENTS {
        let output = gradus_cli::cli::run(args(d, format));
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{}", d.name);
        insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true, description => d.text}, {
            insta::assert_snapshot!(format!("{}.{format}", d.name), super::binary::without_rounding(&output.stdout));
        });
    }
}

#[test]
fn in_unicode() {
    snapshots("unicode");
}

#[test]
fn in_latex() {
    snapshots("latex");
}

#[test]
fn in_typst() {
    snapshots("typst");
}

#[test]
fn in_json() {
    snapshots("json");
}

// ---- what the numbers say

/// The step of the differences, and how far they may be off.
const STEP: f64 = 1e-5;
const TOLERANCE: f64 = 1e-7;

/// ∂vec(of)/∂vec(input)ᵀ by central differences: exact for no function, wrong for none.
fn jacobian_by_differences(d: &Derivation, input: &Symbol, point: &Values) -> Matrix<f64> {
    if d.of_shape.is_scalar() {
        let gradient = eval::central_differences(&d.program, &d.of, input, point, STEP).expect("it is defined there");
        return vec_of(&gradient).t().to_owned().into_shared();
    }
    let value = |by: f64, entry: usize| {
        let mut shifted = point.clone();
        let array = shifted.arrays.get_mut(input).expect("an input");
        let rows = array.nrows();
        array[(entry % rows, entry / rows)] += by;
        eval::extend(&mut shifted, &d.program.definitions).expect("it is defined there");
        vec_of(&shifted.arrays[&d.of])
    };
    let columns: Vec<Matrix<f64>> = (0..point.arrays[input].len())
        .map(|entry| ((value(STEP, entry) - value(-STEP, entry)) / (2.0 * STEP)).into_shared())
        .collect();
    side_by_side(&columns)
}

/// Columns stacked.
fn vec_of(a: &Matrix<f64>) -> Matrix<f64> {
    let entries: Vec<f64> = a.t().iter().copied().collect();
    Matrix::from_shape_vec((entries.len(), 1), entries).expect("one column")
}

fn side_by_side(parts: &[Matrix<f64>]) -> Matrix<f64> {
    let width = parts.iter().map(|p| p.ncols()).sum();
    let mut whole = Matrix::zeros((parts[0].nrows(), width));
    let mut first = 0;
    for part in parts {
        for ((i, j), x) in part.indexed_iter() {
            whole[(i, first + j)] = *x;
        }
        first += part.ncols();
    }
    whole
}

#[track_caller]
fn assert_agrees(name: &str, d: &Derivation, one: &Derivative, point: &Values) {
    let mut whole = point.clone();
    eval::extend(&mut whole, &d.program.definitions).expect("it is defined there");
    eval::extend(&mut whole, &d.extra_definitions()).expect("it is defined there");
    let parts: Vec<Matrix<f64>> =
        one.wrt.parts.iter().map(|(input, _)| jacobian_by_differences(d, input, point)).collect();
    let expected = side_by_side(&parts);
    for result in std::iter::once(&one.result).chain(&one.inlined) {
        let value = eval::evaluate(result, &whole).expect("it is defined there").to_owned().into_shared();
        let got = match one.form {
            Form::Jacobian => value,
            _ => vec_of(&value).t().to_owned().into_shared(),
        };
        assert_eq!(got.dim(), expected.dim(), "{name}: {}", one.wrt.label);
        for (g, e) in got.iter().zip(&expected) {
            assert!((g - e).abs() <= TOLERANCE * e.abs().max(1.0), "{name}: {}: {g} is not {e}", one.wrt.label);
        }
    }
}

#[test]
fn agree_with_central_differences() {
    for d in DOCUMENTS {
        let options = Options::default().form(d.both.then_some(Form::Both)).with_respect_to(d.wrt);
        let derivation = derive(d.text, &options).expect("it derives");
        for seed in 1..=3 {
            let point = eval::sample(&derivation.program, seed).expect("a point of the domain");
            derivation.derivatives.iter().for_each(|one| assert_agrees(d.name, &derivation, one, &point));
        }
    }
}

#[test]
fn equal_layers_are_solved_once() {
    let problems = |layers: usize| {
        let layer = |l: usize| format!("z_{l} = W_{l} h_{} + b_{l}; h_{l} = f(z_{l}); ", l - 1);
        let text = (1..=layers).map(layer).collect::<String>() + &format!("s = u^T h_{layers}");
        derive(&text, &Options::default().inlined(false)).expect("it derives").problems
    };
    assert_eq!(problems(4), problems(12));
}

#[test]
fn a_softmax_and_its_scores_have_names() {
    let document = "Q: n x d; G: n x p constant; s = tr(G^T softmax(Q K^T / sqrt(d), rows) V)";
    let attention = run(&[document, "--wrt", "Q,K,V"]).stdout;
    for line in
        ["S   = Q Kᵀ / sqrt(d)", "P   = softmax(S, rows)", "δ_P = G Vᵀ", "∂s/∂Q = δ_S K / sqrt(d)", "∂s/∂V = Pᵀ G"]
    {
        assert!(attention.contains(line), "{line} is not in\n{attention}");
    }
    // and steps call them so, but d(softmax(S)) is how the softmax moves
    let steps = run(&[document, "--wrt", "Q,K", "--steps"]).stdout;
    assert!(steps.contains("d(softmax(S, rows))\n    = P ∘ dS - P ∘ (sum(P ∘ dS, rows) 𝟏ₘᵀ)"), "{steps}");
    // the value of a softmax is named in its own derivative
    let jacobian = run(&["y = softmax(W x)", "--wrt", "x"]).stdout;
    assert!(jacobian.contains("∂y/∂x = (diag(y) - y yᵀ) W"), "{jacobian}");
}

#[test]
fn direct_and_total_derivatives_have_symbols_of_their_own() {
    let document = "x: n; z = W x; y = x .* f(z)";
    let steps = run(&[document, "--wrt", "x", "--steps"]).stdout;
    for line in ["so ∂⁺y/∂x = diag(f(z))", "= ∂⁺y/∂x + ∂y/∂z ∂z/∂x", "= diag(x ∘ f'(z)) W + diag(f(z))"]
    {
        assert!(steps.contains(line), "{line} is not in\n{steps}");
    }
    assert_eq!(steps.matches("so ∂y/∂x = ").count(), 1, "{steps}");
    let latex = run(&[document, "--wrt", "x", "--steps", "--format", "latex"]).stdout;
    assert!(latex.contains(r"\frac{\partial^+ y}{\partial x}"), "{latex}");
    let shape = run(&["x: n; z = W x; s = x^T f(z)", "--wrt", "x", "--steps"]).stdout;
    assert!(shape.contains("so ∂s/∂x += f(z)") && shape.contains("so ∂s/∂x = Wᵀ (x ∘ f'(z)) + f(z)"), "{shape}");
    let second = run(&["s = u^T f(W x + b)", "--order", "2", "--wrt", "W,x", "--steps"]).stdout;
    assert!(second.contains("= ∂²⁺s/∂W∂x + ∂²s/∂W∂z ∂z/∂x"), "{second}");
}
