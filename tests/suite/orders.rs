//! Derivatives of higher order, differentials, and products with a direction: as they are printed, and in numbers.

use gradus::internals::derive::{Derivation, Options, Product, derive};
use gradus::internals::eval::{self, Matrix, Values};
use gradus::internals::expr::Symbol;

/// A document and what is asked of it.
const PRINTED: &[(&str, &[&str])] = &[
    ("s = u^T f(W x + b)", &["--order", "2"]),
    ("s = norm2(A x - b)^2", &["--order", "2", "--wrt", "x,b"]),
    ("X: n x m; y: n; w: m; L = sum(softplus(X w)) - y^T X w", &["--order", "2", "--wrt", "w"]),
    ("x: n; s = logsumexp(x)", &["--order", "2"]),
    ("X: n x n; s = logdet(X)", &["--order", "2"]),
    ("X: n x n; s = det(X)", &["--order", "2"]),
    ("U: n x k; V: m x k; T: n x m; s = normF(T - U V^T)^2", &["--order", "2", "--wrt", "U,V"]),
    ("X: n x k; A: n x n; B: k x k; s = tr(X^T A X B)", &["--order", "2", "--wrt", "X"]),
    ("x: scalar; y: scalar; s = x^2 y", &["--order", "2", "--wrt", "[x; y]"]),
    ("X: n x m; w: m; b: scalar; s = norm2(X w + b - y)^2", &["--order", "2", "--wrt", "[w; b]"]),
    ("A: n x m; u: n; v: m; s = norm2(A - u v^T)^2", &["--order", "2", "--wrt", "[u; v],A"]),
    ("x: n; s = sum(x.^4)", &["--order", "3"]),
    ("x: n; y = x ./ sum(x)", &["--order", "2"]),
    (
        "z_1 = W_1 x + b_1; z_2 = W_2 f(z_1) + b_2; z_3 = W_3 f(z_2); s = u^T f(z_3)",
        &["--order", "2", "--wrt", "W_1,b_1,W_2,x"],
    ),
    ("h_1 = f(W x); s = u^T f(W h_1)", &["--order", "2", "--wrt", "W"]),
    ("X: n x k; Y = X^T X", &["--form", "differential"]),
    ("X: n x n; Y = X^-1", &["--form", "differential"]),
    ("s = u^T f(W x + b)", &["--form", "differential", "--wrt", "W,x"]),
    ("y = f(W x + b)", &["--jvp", "v", "--wrt", "x"]),
    ("y = f(W x + b)", &["--vjp", "g", "--wrt", "W,x"]),
    ("s = u^T f(W x + b)", &["--hvp", "v", "--wrt", "x"]),
    ("X: n x n; s = logdet(X)", &["--hvp", "V", "--wrt", "X"]),
];

#[test]
fn as_printed() {
    let mut page = String::new();
    for (document, args) in PRINTED {
        let words = ["gradus", *document].into_iter().chain(args.iter().copied());
        let output = gradus_cli::cli::run(words.map(Into::into).collect());
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{document}");
        page.push_str(&format!("$ gradus '{document}' {}\n{}\n", args.join(" "), output.stdout));
    }
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("orders", super::binary::without_rounding(&page));
    });
}

#[test]
fn steps_of_a_hessian() {
    let args = ["gradus", "A: n x m; s = norm2(A x - b)^2", "--order", "2", "--wrt", "x", "--steps"];
    let output = gradus_cli::cli::run(args.map(Into::into).to_vec());
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("hessian_steps", super::binary::without_rounding(&output.stdout));
    });
}

/// ∂δ₂/∂z₁ along one path is not all of it, and the symbol stood for both.
#[test]
fn steps_of_the_third_order_with_tied_weights_hold() {
    let text = "h_1 = f(W x); h_2 = f(W h_1); h_3 = f(W h_2); s = u^T h_3";
    let options = Options::default().order(3).steps(true).with_respect_to(["W"]);
    assert!(derive(text, &options).expect("every step is checked").check.is_some());
}

/// What is handed on stays small: no block grows with the depth of the network.
#[test]
fn hessian_blocks_of_deep_networks_stay_small() {
    let layer = |l: usize| format!("z_{l} = W_{l} h_{} + b_{l}; h_{l} = f(z_{l}); ", l - 1);
    let text = (1..=10).map(layer).collect::<String>() + "s = u^T h_10";
    let biases: Vec<String> = (1..=10).map(|l| format!("b_{l}")).collect();
    let names: Vec<&str> = biases.iter().map(String::as_str).collect();
    let options = Options::default().order(2).inlined(false).with_respect_to(&names);
    let d = derive(&text, &options).expect("its Hessian");
    let blocks = d.derivatives.iter().map(|one| one.result.nodes());
    let largest = blocks.chain(d.deltas.iter().map(|x| x.value.nodes())).max();
    assert!(largest <= Some(50), "{largest:?}");
}

// ---- what the numbers say

const STEP: f64 = 1e-4;
const TOLERANCE: f64 = 2e-6;

fn point(d: &Derivation) -> Values {
    eval::sample(&d.program, 1).expect("a point of the domain")
}

fn result(d: &Derivation, index: usize, point: &Values) -> Matrix<f64> {
    let mut whole = point.clone();
    eval::extend(&mut whole, &d.program.definitions).expect("it is defined there");
    eval::extend(&mut whole, &d.extra_definitions()).expect("it is defined there");
    eval::evaluate(&d.derivatives[index].result, &whole).expect("it is defined there")
}

/// The scalar with two entries moved.
fn moved(d: &Derivation, of: &Symbol, point: &Values, moves: [(&Symbol, usize, f64); 2]) -> f64 {
    let mut shifted = point.clone();
    for (name, entry, by) in moves {
        let array = shifted.arrays.get_mut(name).expect("an input");
        let rows = array.nrows();
        array[(entry % rows, entry / rows)] += by;
    }
    eval::extend(&mut shifted, &d.program.definitions).expect("it is defined there");
    shifted.arrays[of][(0, 0)]
}

#[track_caller]
fn assert_close(got: f64, expected: f64, what: &str) {
    assert!((got - expected).abs() <= TOLERANCE * expected.abs().max(1.0), "{what}: {got} is not {expected}");
}

#[test]
fn hessians_agree_with_second_differences() {
    let documents = [
        "s = u^T f(W x + b)",
        "A: n x m; s = norm2(A x - b)^2",
        "X: n x m; y: n; w: m; s = sum(softplus(X w)) - y^T X w",
        "X: n x n; a: n; b: n; s = a^T X^-1 b",
        "U: n x k; V: m x k; T: n x m; s = normF(T - U V^T)^2",
        "X: n x n; s = det(X)",
        "x: n; s = 1 / (1 + x^T x)",
        "x: n; A: n x n; s = sum((A x).^2 ./ exp(x))",
        "Z: n x m; s = sum(softmax(Z, rows).^2)",
        "Y: n x m; a: scalar; s = exp(a Y[1..1, 1..1])",
        "Y: 2 x 2; a: scalar; s = sum(tanh(Y) .* [a, 2; 3, 4])",
    ];
    for text in documents {
        let d = derive(text, &Options::default().order(2).inlined(false)).expect(text);
        let at = point(&d);
        for (index, one) in d.derivatives.iter().enumerate() {
            let hessian = result(&d, index, &at);
            let (x, y) = (&one.outer[0].parts[0].0, &one.wrt.parts[0].0);
            for ((i, j), got) in hessian.indexed_iter() {
                let value = |a: f64, b: f64| moved(&d, &d.of, &at, [(x, i, a * STEP), (y, j, b * STEP)]);
                let second = value(1.0, 1.0) - value(1.0, -1.0) - value(-1.0, 1.0) + value(-1.0, -1.0);
                assert_close(*got, second / (4.0 * STEP * STEP), &format!("{text}: ∂²/∂{x}∂{y} at ({i}, {j})"));
            }
        }
    }
}

#[test]
fn products_are_the_derivative_times_the_direction() {
    let cases = [
        ("y = f(W x + b)", "x", Product::Jvp("v".into())),
        ("X: n x n; A: n x n; Y = X^T A X", "X", Product::Jvp("V".into())),
        ("s = u^T f(W x + b)", "W", Product::Hvp("V".into())),
        ("X: n x n; s = logdet(X)", "X", Product::Hvp("V".into())),
        ("X: n x n; A: n x n; Y = X^T A X", "X", Product::Vjp("G".into())),
    ];
    for (text, wrt, product) in cases {
        let order = if matches!(product, Product::Hvp(_)) { 2 } else { 1 };
        let matrix = derive(text, &Options::default().order(order).with_respect_to([wrt])).expect(text);
        let along = Options::default().product(product.clone()).with_respect_to([wrt]);
        let along = derive(text, &along).expect(text);
        let at = point(&along);
        let direction: Vec<f64> = at.arrays[&Symbol::from(product.direction())].t().iter().copied().collect();
        let direction = ndarray::Array2::from_shape_vec((direction.len(), 1), direction).expect("a column");
        let j = result(&matrix, 0, &at);
        let expected = if matches!(product, Product::Vjp(_)) { j.t().dot(&direction) } else { j.dot(&direction) };
        let got = result(&along, 0, &at);
        assert_eq!(got.len(), expected.len(), "{text}");
        for (g, e) in got.t().iter().zip(&expected) {
            assert_close(*g, *e, text);
        }
    }
}

#[test]
fn a_direction_must_fit() {
    let refused = |document: &str, args: &[&str]| {
        let words = ["gradus", document].into_iter().chain(args.iter().copied());
        let output = gradus_cli::cli::run(words.map(Into::into).collect());
        assert_eq!(output.code, 2, "{document} {args:?}");
        output.stderr
    };
    assert!(
        refused("v: k; s = u^T f(W x + b)", &["--jvp", "v", "--wrt", "x"]).contains("the direction `v` has shape k")
    );
    assert!(refused("s = u^T f(W x + b)", &["--jvp", "v"]).contains("one target"));
    assert!(refused("y = W x", &["--hvp", "v", "--wrt", "x"]).contains("for scalars"));
    assert!(refused("y = W x", &["--order", "0"]).contains("1 or more"));
}
