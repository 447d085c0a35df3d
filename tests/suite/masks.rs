//! `"-inf"` among the values: what a softmax leaves out.

use super::binary::{Directory, gradus};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

static RUNS: AtomicUsize = AtomicUsize::new(0);

fn at(document: &str, wrt: &str, values: &str) -> Result<Value, String> {
    let directory = Directory::new(&format!("masks-{}", RUNS.fetch_add(1, Ordering::Relaxed)));
    let path = directory.file("values.json", values);
    let run = gradus(&[document, "--wrt", wrt, "--at", &path, "--format", "json"]);
    let json: Value = serde_json::from_str(&run.stdout).expect("JSON");
    if run.code == 0 { Ok(json) } else { Err(json["error"].to_string()) }
}

#[track_caller]
fn near(found: &Value, expected: Value) {
    match (found, &expected) {
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).for_each(|(a, b)| near(a, b.clone()))
        }
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().expect("a float"), b.as_f64().expect("a float"));
            assert!((a - b).abs() < 1e-9, "{a}, expected {b}");
        }
        _ => panic!("{found}, expected {expected}"),
    }
}

/// The first of two queries sees the first key alone: its weights are (1, 0), and nothing of it moves with the keys.
#[test]
fn an_attention_mask_is_minus_infinity() {
    let document =
        "Q: n x d; K: n x d; M: n x n constant; V: n x 1; u: n; s = u^T softmax((Q K^T + M) / sqrt(d), rows) V";
    let values = r#"{"Q": [[1], [2]], "K": [[3], [4]], "M": [[0, "-inf"], [0, 0]], "V": [[5], [7]], "u": [1, 1]}"#;
    // the second row: scores 6 and 8, weights σ(-2) and σ(2)
    let p = 1.0 / (1.0 + (-2.0_f64).exp());
    let found = at(document, "V", values).expect("values");
    near(&found["value"], json!(5.0 + 5.0 * (1.0 - p) + 7.0 * p));
    near(&found["derivatives"][0]["value"], json!([1.0 + (1.0 - p), p]));
    let found = at(document, "Q", values).expect("values");
    near(&found["derivatives"][0]["value"], json!([[0.0], [2.0 * p * (1.0 - p)]]));
    let found = at(document, "K", values).expect("values");
    let change = 2.0 * 2.0 * p * (1.0 - p);
    near(&found["derivatives"][0]["value"], json!([[-change], [change]]));
}

#[test]
fn log_softmax_and_logsumexp_take_it() {
    let found =
        at("m: n constant; s = logsumexp(x + m)", "x", r#"{"x": [1, 2, 3], "m": [0, "-inf", 0]}"#).expect("values");
    let total = 1f64.exp() + 3f64.exp();
    near(&found["value"], json!(total.ln()));
    near(&found["derivatives"][0]["value"], json!([1f64.exp() / total, 0.0, 3f64.exp() / total]));
    let cross_entropy = "y: n constant; m: n constant; s = -y^T log_softmax(x + m)";
    let found = at(cross_entropy, "x", r#"{"x": [1, 2, 3], "m": [0, "-inf", 0], "y": [1, 0, 0]}"#).expect("values");
    near(&found["value"], json!(total.ln() - 1.0));
    near(&found["derivatives"][0]["value"], json!([1f64.exp() / total - 1.0, 0.0, 3f64.exp() / total]));
}

/// Whatever could see that it is no number refuses it by its key.
#[test]
fn elsewhere_minus_infinity_is_refused_by_its_key() {
    let cases = [
        ("s = sum(m)", r#"{"m": [1, "-inf"]}"#),
        ("s = sum(exp(m))", r#"{"m": [1, "-inf"]}"#),
        ("s = m^T m", r#"{"m": [1, "-inf"]}"#),
        ("x: n; m: n; s = sum(softmax(x - m))", r#"{"x": [1, 2], "m": [1, "-inf"]}"#),
        ("x: n; m: n; s = sum(softmax(x .* m))", r#"{"x": [1, 2], "m": [1, "-inf"]}"#),
        ("y: n; m: n; s = y^T log_softmax(m)", r#"{"y": [1, 2], "m": [1, "-inf"]}"#),
        ("m: scalar; s = m^2", r#"{"m": "-inf"}"#),
    ];
    for (document, values) in cases {
        let error = at(document, "m", values).expect_err(document);
        assert!(error.contains("m has the entry") && error.contains("domain"), "{document}: {error}");
    }
    let error =
        at("u: n; m: n; s = u^T softmax(m)", "m", r#"{"u": [1, 2], "m": ["-inf", "-inf"]}"#).expect_err("all masked");
    assert!(error.contains("every entry is -inf"), "{error}");
}

#[test]
fn other_spellings_propose_the_one_there_is() {
    for entry in ["-Infinity", "\"-Infinity\"", "-inf", "\"-∞\""] {
        let error = at("u: n; m: n; s = u^T softmax(m)", "m", &format!("{{\"u\": [1, 2], \"m\": [0, {entry}]}}"))
            .expect_err(entry);
        assert!(error.contains("\\\"-inf\\\""), "{entry}: {error}");
    }
}

/// A claim is judged at a point with a mask, too.
#[test]
fn a_claim_is_judged_beside_a_mask() {
    let directory = Directory::new("masks-claim");
    let path = directory.file("values.json", r#"{"x": [1, 2], "m": [0, "-inf"]}"#);
    let document = "m: n constant; s = logsumexp(x + m)";
    for (claim, code) in [("softmax(x + m)", 0), ("2 softmax(x + m)", 1)] {
        let run = gradus(&["check", document, "--wrt", "x", "--claim", claim, "--at", &path]);
        assert_eq!(run.code, code, "{run:?}");
    }
}
