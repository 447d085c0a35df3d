//! What is printed reads back as what it means: for every operator, the products with directions and the derivatives of
//! orders 1 to 3, with named parts and written out, in every notation that is read.
//!
//! `READ_BACK=10000 cargo test --release --test suite printed_results_read_back -- --nocapture` is the long run.

use super::draw::{document, operators};
use super::node::Document;
use gradus::Options;
use gradus::internals::derive::{Derivation, Product, derive};
use gradus::internals::diag::Kind;
use gradus::internals::eval::{self, Matrix, Values};
use gradus::internals::expr::Expr;
use gradus::internals::render::{Notation, Printer, Style, present};
use std::collections::BTreeMap;

const NOTATIONS: [Notation; 3] = [Notation::Ascii, Notation::Unicode, Notation::Latex];
const SEEDS: std::ops::Range<u64> = 301..307;
/// What is printed is the same tree but for its grouping.
const TOLERANCE: f64 = 1e-9;
/// Of a derivative of more nodes only the values are long.
const LONG: u64 = 3_000;
/// So many documents `cargo test` draws.
const DOCUMENTS: u64 = 40;
/// So many questions are there.
const QUESTIONS: u64 = 6;

/// Question number `turn` about a document.
fn options(document: &Document, turn: u64) -> Options {
    let reached = document.reached();
    let all = document.variables.iter().map(|v| &v.name).filter(|name| reached.contains(*name));
    let own: Vec<&String> = if document.wrt.is_empty() { all.collect() } else { document.wrt.iter().collect() };
    let wrt: Vec<&str> = own.into_iter().map(String::as_str).collect();
    let product = match turn {
        0 => Some(Product::Jvp("V_1".to_owned())),
        1 => Some(Product::Vjp("V_1".to_owned())),
        2 => Some(Product::Hvp("V_1".to_owned())),
        _ => None,
    };
    let one = product.is_some() || turn == 5;
    let targets = if one { &wrt[..wrt.len().min(1)] } else { &wrt[..] };
    let order = if product.is_some() { 1 } else { turn as u32 - 2 };
    Options::default().with_respect_to(targets).order(order).product(product)
}

/// `Err` says what does not read back, or reads back as something else; `Ok(false)` where there was nothing to compare.
fn judge(text: &str, options: &Options) -> Result<bool, String> {
    let d = match derive(text, options) {
        Ok(d) => d,
        Err(errors) if errors[0].kind == Kind::Internal => return Err(errors[0].message.clone()),
        Err(_) => return Ok(false),
    };
    let Some(point) = SEEDS.filter_map(|seed| eval::sample(&d.program, seed).ok()).find_map(|v| whole(&d, v)) else {
        return Ok(false);
    };
    let results = d.derivatives.iter().flat_map(|one| [Some(&one.result), one.inlined.as_ref()]).flatten();
    let extra = d.extra_definitions();
    let all: Vec<&Expr> = results.chain(extra.iter().map(|e| &e.value)).filter(|e| e.nodes() <= LONG).collect();
    all.iter().try_for_each(|e| reads_back(&d, e, &point))?;
    Ok(!all.is_empty())
}

fn whole(d: &Derivation, mut point: Values) -> Option<Values> {
    eval::extend(&mut point, &d.program.definitions).ok()?;
    eval::extend(&mut point, &d.extra_definitions()).ok()?;
    Some(point)
}

fn reads_back(d: &Derivation, e: &Expr, point: &Values) -> Result<(), String> {
    let Ok(wanted) = eval::evaluate(e, point) else { return Ok(()) };
    let style = Style::of(d);
    for notation in NOTATIONS {
        let text = Printer::new(notation).line(&present(e, &style));
        let read = d.read_back(&text, e.shape()).map_err(|e| e.message)?;
        let got = eval::evaluate(&read, point).map_err(|e| format!("`{text}` has no value: {}", e.message))?;
        if !is_same(&got, &wanted, noise(e, point, &wanted)) {
            return Err(format!("`{text}` is {got:?}, not {wanted:?}"));
        }
    }
    Ok(())
}

/// The largest distance that another rounding of each operation moves the value by.
fn noise(e: &Expr, point: &Values, value: &Matrix<f64>) -> f64 {
    let off = (1..=3).filter_map(|seed| eval::evaluate(e, &Values { rounding: Some(seed), ..point.clone() }).ok());
    off.flat_map(|v| (&v - value).into_iter().map(f64::abs).collect::<Vec<_>>()).fold(0.0, f64::max)
}

fn is_same(a: &Matrix<f64>, b: &Matrix<f64>, noise: f64) -> bool {
    let scale = a.iter().chain(b.iter()).fold(1e-12f64, |m, x| m.max(x.abs()));
    let near = |x: &f64, y: &f64| (x - y).abs() <= TOLERANCE * scale + 100.0 * noise;
    a.dim() == b.dim() && a.iter().zip(b.iter()).all(|(x, y)| near(x, y))
}

#[test]
fn printed_results_read_back() {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse().ok());
    let (first, count) = (number("RANDOM_FIRST").unwrap_or(0), number("READ_BACK").unwrap_or(DOCUMENTS));
    let (faults, seen) = super::on_large_stack(move || {
        let (mut faults, mut seen) = (vec![], BTreeMap::<u64, usize>::new());
        for index in first..first + count {
            let document = document(index);
            let all: Vec<u64> = if count == 1 { (0..QUESTIONS).collect() } else { vec![turn(index)] };
            for turn in all {
                let text = document.text();
                let attempt = std::panic::AssertUnwindSafe(|| judge(&text, &options(&document, turn)));
                match std::panic::catch_unwind(attempt).unwrap_or_else(|_| Err("panicked".to_owned())) {
                    Ok(compared) => *seen.entry(turn).or_default() += usize::from(compared),
                    Err(fault) => faults.push(format!("{index} question {turn}: {fault}\n{}", super::indented(&text))),
                }
            }
        }
        (faults, seen)
    });
    println!("compared, by question: {seen:?}");
    assert!(faults.is_empty(), "{} faults\n\n{}", faults.len(), faults.join("\n\n"));
    assert!(seen.values().sum::<usize>() as u64 * 2 >= count, "{seen:?} of {count}");
}

/// Each round over the operators goes on with another question for each of them.
fn turn(index: u64) -> u64 {
    (index + index / operators().count() as u64) % QUESTIONS
}
