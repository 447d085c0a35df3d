//! Random documents over every operator of the language: derived, and compared with two other ways to differentiate.
//!
//! `RANDOM_DOCUMENTS=10000 cargo test --release --test suite random_documents -- --nocapture` is the long run, with a
//! table of what was drawn and what became of it.

mod array;
mod claims;
mod draw;
mod elementwise;
mod judge;
mod matrices;
mod node;
mod operator;
mod read_back;
mod shape;
mod shrink;
mod structure;

pub use draw::{document, operators};
use judge::{Verdict, judge};
use std::collections::{BTreeMap, BTreeSet};

/// How many documents `cargo test` draws.
const DOCUMENTS: u64 = 150;
/// At most this share may be refused: points outside the domain, in the main.
const REFUSED: f64 = 0.05;
/// As the binary: deep formulas are walked recursively.
const STACK_BYTES: usize = 256 << 20;

/// What became of the documents an operator was drawn in.
#[derive(Default)]
struct Row {
    drawn: usize,
    refused: usize,
}

#[derive(Default)]
struct Tally {
    documents: usize,
    verdicts: BTreeMap<&'static str, usize>,
    rows: BTreeMap<&'static str, Row>,
    /// Refusals by message, with the first document of each.
    refusals: BTreeMap<String, (usize, String)>,
    faults: Vec<String>,
}

impl Tally {
    fn add(&mut self, index: u64) {
        let drawn = document(index);
        let verdict = judge(&drawn);
        self.documents += 1;
        *self.verdicts.entry(verdict.word()).or_default() += 1;
        let refused = matches!(verdict, Verdict::Refused(_));
        for name in drawn.operators().iter().map(|o| o.name).collect::<BTreeSet<_>>() {
            let row = self.rows.entry(name).or_default();
            row.drawn += 1;
            row.refused += usize::from(refused);
        }
        match &verdict {
            Verdict::Right => {}
            Verdict::Refused(message) => {
                let small = || (0, shrink::shrunk(&drawn, &verdict).text());
                self.refusals.entry(message.clone()).or_insert_with(small).0 += 1;
            }
            _ => {
                let small = shrink::shrunk(&drawn, &verdict);
                let now = judge(&small);
                let texts = (indented(&small.text()), indented(&drawn.text()));
                self.faults.push(format!(
                    "{index} {}: {}\n{}\n  from\n{}\n",
                    now.word(),
                    now.details(),
                    texts.0,
                    texts.1
                ));
            }
        }
    }

    fn report(&self) -> String {
        let mut out = format!("{} documents: {:?}\n\n", self.documents, self.verdicts);
        for operator in operators() {
            let none = Row::default();
            let row = self.rows.get(operator.name).unwrap_or(&none);
            out += &format!("{:<36}{:>6} drawn{:>6} refused\n", operator.name, row.drawn, row.refused);
        }
        let mut refusals: Vec<_> = self.refusals.iter().collect();
        refusals.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        for (message, (count, text)) in refusals {
            out += &format!("\n{count} refused: {message}, as in\n{}\n", indented(text));
        }
        out
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|l| format!("    {l}")).collect::<Vec<_>>().join("\n")
}

fn run() -> Tally {
    let wanted = std::env::var("RANDOM_DOCUMENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(DOCUMENTS);
    let first = std::env::var("RANDOM_FIRST").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut tally = Tally::default();
    (first..first + wanted).for_each(|index| tally.add(index));
    tally
}

/// Runs with a stack like the binary's.
pub fn on_large_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).expect("a thread");
    worker.join().expect("panics are caught")
}

#[test]
fn random_documents() {
    let tally = on_large_stack(run);
    println!("{}", tally.report());
    assert!(tally.faults.is_empty(), "{} faults\n\n{}", tally.faults.len(), tally.faults.join("\n"));
    let refused = tally.verdicts.get("refused").copied().unwrap_or(0);
    assert!(refused as f64 <= REFUSED * tally.documents as f64, "{refused} of {} refused", tally.documents);
    let least = tally.documents / operators().count() / 2;
    let rare = operators().find(|o| tally.rows.get(o.name).is_none_or(|r| r.drawn < least));
    assert!(rare.is_none(), "{} is drawn too rarely", rare.map_or("", |o| o.name));
}
