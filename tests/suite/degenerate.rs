//! Sizes 1 and 2: what is left of softmax, layer norm, norms and vec where there is next to nothing, at orders 1 and 2.

use gradus::Options;
use gradus::internals::claim::check;
use gradus::internals::derive::derive;
use gradus::internals::diag::Kind;
use gradus::internals::eval::read_values;
use gradus::internals::json::values;
use serde_json::{Value, json};

const DOCUMENTS: [&str; 14] = [
    "u: n; x: n; s = u^T softmax(x)",
    "u: n; x: n; s = u^T log_softmax(x)",
    "x: n; s = logsumexp(x)",
    "u: n; x: n; v: n; s = u^T softmax(x x^T, rows) v",
    "u: n; x: n; s = u^T layernorm(x)",
    "u: n; X: n x n; v: n; s = u^T layernorm(X, rows) v",
    "x: n; s = mean(x .* x)",
    "X: n x n; s = mean(X) tr(X)",
    "x: n; s = norm2(x)",
    "x: n; s = norm1(x)",
    "X: n x n; s = logdet(X)",
    "X: n x n; v: n; s = v^T X^-1 v",
    "X: n x n; s = norm2(vec(X))",
    "x: n; s = sum(cumsum(x).^2)",
];

fn entry(i: usize, j: usize) -> f64 {
    [0.7, -1.3, 1.9, 0.4, 2.2][(3 * i + j) % 5] + f64::from(i == j)
}

/// The inputs of a document at a size.
fn point(document: &str, n: usize) -> Value {
    let declared = document.split(';').filter_map(|d| d.split_once(':'));
    let value = |shape: &str| match shape.contains(" x ") {
        true => json!((0..n).map(|i| (0..n).map(|j| entry(i, j)).collect::<Vec<_>>()).collect::<Vec<_>>()),
        false => json!((0..n).map(|i| entry(i, 0)).collect::<Vec<_>>()),
    };
    declared.map(|(name, shape)| (name.trim().to_owned(), value(shape))).collect::<serde_json::Map<_, _>>().into()
}

fn is_finite(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(is_finite),
        other => other.as_f64().is_some_and(f64::is_finite),
    }
}

/// Everything has a value, but for a layer norm of one number.
#[test]
fn degenerate_sizes_have_values() {
    for document in DOCUMENTS {
        let wrt = if document.contains("X:") { "X" } else { "x" };
        for order in [1, 2] {
            let options = Options::default().with_respect_to([wrt]).order(order);
            let d = derive(document, &options).unwrap_or_else(|e| panic!("{document}: {e:?}"));
            for n in [1, 2] {
                let mut environment = read_values(&point(document, n), &d.program).expect(document);
                let found = values(&d, &mut environment);
                match found {
                    Ok(v) => assert!(v.derivatives.iter().all(is_finite), "{document}, n = {n}: {:?}", v.derivatives),
                    Err(e) => {
                        let constant = document.contains("layernorm") && n == 1;
                        assert!(constant && e.kind == Kind::Domain, "{document}, order {order}, n = {n}: {e:?}");
                    }
                }
            }
        }
    }
}

/// Layer norms of two entries are ±1, and their derivatives 0 but for roundings: noise beside noise is no disagreement (it
/// was exit code 4), and what is no noise is.
#[test]
fn layer_norms_of_two_entries() {
    for document in [
        "W: 2 x 2 diagonal; s = logsumexp(layernorm(diag(W)))",
        "W: 2 x 1; α: scalar; s = sum(tanh(layernorm(α + vec(W))))",
        "x: 2; s = tanh(layernorm(x))^T layernorm(x)",
        "x: 2; A: 2 x 2; s = sum(tanh(A layernorm(A x)))",
    ] {
        for order in [1, 2] {
            let derived = derive(document, &Options::default().order(order));
            assert!(derived.is_ok(), "{document}: {derived:?}");
        }
    }
    for claim in ["1e-6 x", "layernorm(x)", "x - x + 1e-3"] {
        let of_two = "x: 2; s = tanh(layernorm(x))^T layernorm(x)";
        let verdict = check(of_two, &Options::default(), claim).expect("a verdict");
        assert!(!verdict.answer.is_yes(), "{claim}: {:?}", verdict.answer);
    }
}
