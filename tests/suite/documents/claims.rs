//! Claims about random documents: what gradus derives, claimed, is never a no, and what was spoilt is never a yes.
//!
//! `RANDOM_CLAIMS=1000 cargo test --test suite random_claims -- --nocapture` is the long run.

use super::draw::document;
use gradus::internals::claim::{Answer, Question};
use gradus::internals::derive::{Derivation, Derivative, derive};
use gradus::internals::diag::Kind;
use gradus::internals::eval::{agree, automatic_derivative, evaluate, extend, sample};
use gradus::internals::expr::{Expr, transpose};
use gradus::internals::render::{Style, ascii, present};
use gradus::{Form, Options};

/// How many documents `cargo test` draws.
const DOCUMENTS: u64 = 6;
/// As the binary: deep formulas are walked recursively.
const STACK_BYTES: usize = 256 << 20;

#[derive(Default, Debug)]
struct Tally {
    right: usize,
    proved: usize,
    spoilt: usize,
    explained: usize,
    undecided: usize,
    refused: usize,
    faults: Vec<String>,
}

#[test]
fn random_claims() {
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).expect("a thread");
    let tally = worker.join().expect("no panic");
    println!("{tally:#?}");
    assert!(tally.faults.is_empty(), "{} faults\n{}", tally.faults.len(), tally.faults.join("\n"));
    assert!(tally.right > 0 && tally.spoilt > 0);
}

fn run() -> Tally {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse().ok());
    let (first, count) = (number("RANDOM_FIRST").unwrap_or(0), number("RANDOM_CLAIMS").unwrap_or(DOCUMENTS));
    let mut tally = Tally::default();
    for index in first..first + count {
        let text = document(index).text();
        let Ok(d) = derive(&text, &Options::default()) else {
            tally.refused += 1;
            continue;
        };
        d.derivatives.iter().for_each(|one| tally.judge(&text, &d, one));
    }
    tally
}

impl Tally {
    fn judge(&mut self, text: &str, d: &Derivation, one: &Derivative) {
        let style = Style::of(d);
        let printed = |e: &Expr| ascii(&present(e, &style));
        let Some(inlined) = &one.inlined else { return };
        self.claim(text, one, &printed(inlined), true);
        for (spoilt, claim) in [
            (negated(inlined), format!("-({})", printed(inlined))),
            (doubled(inlined), format!("2 ({})", printed(inlined))),
            (transpose(inlined.clone()), format!("({})^T", printed(inlined))),
        ] {
            if spoilt.shape() == inlined.shape() && differs(d, one, &spoilt) == Some(true) {
                self.claim(text, one, &claim, false);
            }
        }
    }

    fn claim(&mut self, text: &str, one: &Derivative, claim: &str, right: bool) {
        let form = if one.form == Form::Jacobian { Form::Jacobian } else { Form::Shape };
        let options = Options::default().with_respect_to(&[&one.wrt.label]).form(form);
        let question = match Question::read(text, &options) {
            Ok(question) => question,
            Err(e) => return self.fault(text, one, claim, &format!("{e:?}")),
        };
        let read = match question.claim(claim) {
            Ok(read) => read,
            Err(e) => return self.fault(text, one, claim, &format!("{e:?}")),
        };
        match question.verdict(read, None) {
            Ok(v) => match (right, &v.answer) {
                (true, Answer::Yes { proof, .. }) => {
                    self.right += 1;
                    self.proved += usize::from(proof.is_some());
                }
                (false, Answer::No { slip, .. }) => {
                    self.spoilt += 1;
                    self.explained += usize::from(slip.is_some());
                }
                (true, Answer::No { wrong, .. }) => self.fault(text, one, claim, &format!("a no: {wrong:?}")),
                (false, Answer::Yes { .. }) => self.fault(text, one, claim, "a yes"),
                (true | false, Answer::Undecided { .. }) => self.undecided += 1,
            },
            Err(e) if matches!(e.kind, Kind::Domain | Kind::Limit) => self.refused += 1,
            Err(e) => self.fault(text, one, claim, &format!("{e:?}")),
        }
    }

    fn fault(&mut self, text: &str, one: &Derivative, claim: &str, what: &str) {
        self.faults.push(format!("{what}\n  {}\n  by {}: {claim}", text.replace('\n', "\n  "), one.wrt.label));
    }
}

fn negated(e: &Expr) -> Expr {
    gradus::internals::expr::neg(e.clone())
}

fn doubled(e: &Expr) -> Expr {
    gradus::internals::expr::had(vec![gradus::internals::expr::integer(2), e.clone()])
}

/// Whether an expression is far from the derivative at a point; `None` where that cannot be told.
fn differs(d: &Derivation, one: &Derivative, spoilt: &Expr) -> Option<bool> {
    let values = sample(&d.program, 77).ok()?;
    let mut environment = values.clone();
    extend(&mut environment, &d.program.definitions).ok()?;
    let names: Vec<_> = one.wrt.parts.iter().map(|(n, _)| n.clone()).collect();
    let form = if one.form == Form::Jacobian {
        gradus::internals::eval::ClaimedForm::Jacobian
    } else {
        gradus::internals::eval::ClaimedForm::Shape
    };
    let truth = automatic_derivative(&d.program, &d.of, &names, form, &values).ok()?;
    let value = evaluate(spoilt, &environment).ok()?;
    let large = truth.iter().any(|x| x.abs() > 1e-3);
    Some(large && !agree(&value, &truth))
}
