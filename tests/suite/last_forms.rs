//! A derivation ends where `simplify` would: it shortens no printed result.

use super::forms::{FORMS, PRINTED};
use gradus::internals::claim::simplified;
use gradus::internals::derive::{Derivation, Derivative, Form, Options, Sharing, derive, ranges_of};
use gradus::internals::diag::Span;
use gradus::internals::engine::textbook_size;
use gradus::internals::expr::{Expr, Index, Symbol};
use gradus::internals::program::Definition;
use gradus::internals::render::{Style, present};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Documents with indices: a text, by what, of which order.
const INDEXED: &[(&str, &str, u32)] = &[
    ("L = Σ_i (y_i - w^T x_i)^2 + λ norm2(w)^2", "w", 1),
    ("L = Σ_i (y_i - w^T x_i)^2 + λ norm2(w)^2", "w", 2),
    ("p_i = exp(z_i) / Σ_j exp(z_j)", "z_j", 1),
    ("p_i = exp(z_i) / Σ_j exp(z_j); y: n; L = -Σ_i y_i log(p_i)", "z_j", 1),
    ("L = -T^2 Σ_i p_i log(exp(z_i / T) / Σ_j exp(z_j / T)); T: scalar", "z", 2),
    ("x: n; g: n; a_i = x_i g_i / sqrt(1/n Σ_k x_k^2)", "x", 1),
    ("x: n; g: n; a_i = x_i g_i / sqrt(1/n Σ_k x_k^2)", "g", 1),
    ("D = 1/2 Σ_j (1 + log(s_j^2) - m_j^2 - s_j^2); s: J; m: J", "s", 2),
    ("f = log(det(Σ_i a_i x_i x_i^T)); a: n", "a_i", 1),
    ("f = Σ_{i=1}^{n-1} (100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2); x: n", "x_i", 1),
    ("f = Σ_{i=1}^{n-1} (100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2); x: n", "x", 2),
    ("f = Σ_{i=1}^{n-1} abs(x_{i+1} - x_i); x: n", "x_i", 1),
    ("L = Σ_{i<j} (d_ij - norm2(x_i - x_j))^2", "x_i", 1),
    ("E = -1/2 Σ_ij w_ij s_i s_j - Σ_i b_i s_i; s: n", "s_k", 1),
    ("L = log(Σ_j exp(v^T u_j)) - v^T u_c; v: n; u_c: n", "v", 1),
    ("L = log(Σ_j exp(v^T u_j)) - v^T u_c; v: n; u_c: n", "u_k", 1),
    ("l = Σ_i log(Σ_k π_k exp(-1/2 norm2(x_i - m_k)^2)); π: K", "m_k", 1),
    ("l = Σ_i log(Σ_k π_k exp(-1/2 norm2(x_i - m_k)^2)); π: K", "π_k", 1),
    ("u_j = Σ_k w_jk tanh(x_k); L = Σ_j exp(u_j); x: n", "x_k", 1),
    ("L = Σ_i log(1 + exp(-y_i (w^T x_i + b)))", "w", 1),
];

/// The derivation with a result as its last definition, in the words of its own page, as `simplify` leaves that.
fn simplified_result(d: &Derivation, one: &Derivative) -> Expr {
    let name = Symbol::from("result");
    let mut program = d.program.clone();
    program.definitions.extend(d.extra_definitions());
    program.definitions.push(Definition {
        name: name.clone(),
        value: one.result.clone(),
        written: None,
        span: Span::default(),
    });
    let ranges = one.targets().flat_map(|t| ranges_of(&d.program, &t.parts[0].0));
    let scope: Vec<Index> = ranges.chain(ranges_of(&d.program, &d.label)).collect();
    if !scope.is_empty() {
        program.plates.insert(name, scope);
    }
    let options = Options::default().of("result").sharing(Sharing::Shared).check(false);
    simplified(program, &options).expect("it simplifies").result
}

/// As it is printed.
fn printed_size(d: &Derivation, e: &Expr) -> u64 {
    if d.program.is_indexed() { present(e, &Style::default()).size() as u64 } else { textbook_size(e) }
}

/// What is shortened of the results of a derivation.
fn shortened(d: &Derivation) -> Vec<String> {
    let shorter = |one: &Derivative| {
        let last = simplified_result(d, one);
        let sizes = [&one.result, &last].map(|e| printed_size(d, e));
        (sizes[1] < sizes[0]).then(|| format!("{sizes:?} by {}: {:?} becomes {last:?}", one.wrt.label, one.result))
    };
    d.derivatives.iter().filter_map(shorter).collect()
}

fn examples() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/documents");
    let files = fs::read_dir(folder).expect("it is there").map(|f| f.expect("readable").path());
    let mut files: Vec<PathBuf> = files.filter(|f| f.extension().is_some_and(|e| e == "gradus")).collect();
    files.sort();
    files.iter().map(|f| fs::read_to_string(f).expect("readable")).collect()
}

#[test]
fn simplify_shortens_no_printed_result() {
    let written = FORMS.iter().chain(PRINTED).map(|(text, ..)| (*text).to_owned());
    for text in examples().into_iter().chain(written) {
        let d = derive(&text, &Options::default().form(Form::Both))
            .or_else(|_| derive(&text, &Options::default()))
            .unwrap_or_else(|e| panic!("{text}: {e:?}"));
        assert_eq!(shortened(&d), [""; 0], "{text}");
    }
}

#[test]
fn simplify_shortens_no_result_by_indices() {
    for (text, by, order) in INDEXED {
        let options = Options::default().with_respect_to(&[by]).order(*order);
        let d = derive(text, &options).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        assert!(d.program.is_indexed(), "{text}");
        assert_eq!(shortened(&d), [""; 0], "{text} by {by}");
    }
}

/// The same of every case in the files of a folder, `GRADUS_CASES`: `cargo test --release --test suite -- --ignored case_files`.
#[test]
#[ignore = "it needs the shared cases"]
fn simplify_shortens_no_result_of_the_case_files() {
    let folder = std::env::var("GRADUS_CASES").expect("GRADUS_CASES says where they are");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("readable").map(|f| f.expect("readable").path()).collect();
    files.sort();
    let (mut results, mut shorter) = (0, vec![]);
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "jsonl")) {
        for line in fs::read_to_string(file).expect("readable").lines() {
            let case: Value = serde_json::from_str(line).expect("JSON");
            let Some(text) = case["document"].as_str() else { continue };
            let Ok(d) = derive(text, &asked(&case)) else { continue };
            results += d.derivatives.len();
            shorter.extend(shortened(&d).into_iter().map(|s| format!("{}: {s}", case["id"])));
        }
    }
    println!("{results} results, {} shortened", shorter.len());
    assert_eq!(shorter, [""; 0]);
}

/// What a case is derived by.
fn asked(case: &Value) -> Options {
    let names = match &case["wrt"] {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        name => Vec::from_iter(name.as_str()),
    };
    let order = case["order"].as_u64().unwrap_or(1);
    let options = Options::default().with_respect_to(&names).order(order as u32).check(false);
    match case["form"].as_str() {
        Some("jacobian") if order == 1 => options.form(Form::Jacobian),
        Some(_) | None => options,
    }
}
