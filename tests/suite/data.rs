//! Facts about data: what adds up to 1, in a column or in every row.

use crate::shape::refused;
use gradus::Options;
use gradus::internals::claim::{Verdict, check};
use gradus::internals::derive::derive;
use gradus::internals::diag::Kind;
use gradus::internals::eval::sample;
use gradus::internals::expr::Symbol;
use gradus::internals::render::{Style, present, unicode};
use gradus::internals::shape::elaborate;
use gradus::internals::syntax::parse_document;

/// The derivative by one name, in the document's variables alone.
#[track_caller]
fn gives(text: &str, wrt: &str, expected: &str) {
    let options = Options::default().with_respect_to(&[wrt]).inlined(true);
    let d = derive(text, &options).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    let one = &d.derivatives[0];
    let shown = unicode(&present(one.inlined.as_ref().unwrap_or(&one.result), &Style::of(&d)));
    assert_eq!(shown, expected, "{text}");
    assert!(d.check.is_some());
}

const ONE: &str = "z: k; L = -y^T log_softmax(z)";
const MANY: &str = "X: n x m; W: m x k; L = -sum(Y .* log_softmax(X W, rows))";

#[test]
fn softmax_regression_is_p_minus_y() {
    for fact in ["onehot", "distribution"] {
        gives(&format!("y: k {fact}; {ONE}"), "z", "softmax(z) - y");
        gives(&format!("y: k {fact}; x: m; W: k x m; L = -y^T log(softmax(W x))"), "W", "(softmax(W x) - y) xᵀ");
    }
    gives("z: k; L = -unit(k, 2)^T log_softmax(z)", "z", "softmax(z) - unit(k, 2)");
    for fact in ["onehot rows", "stochastic rows"] {
        gives(&format!("Y: n x k {fact}; {MANY}"), "W", "Xᵀ (softmax(X W, rows) - Y)");
    }
    // without the fact the sums stay
    gives(&format!("y: k; {ONE}"), "z", "sum(y) softmax(z) - y");
}

#[test]
fn rows_of_transition_probabilities_add_up() {
    gives("P: n x n stochastic rows; x: n; s = x^T P ones(n)", "x", "𝟏ₙ");
    gives("P: 3 x 3 stochastic rows; s = sum(P x)", "x", "sum(P, cols)");
    gives("y: n distribution; t: scalar; s = t sum(y)", "t", "1");
}

#[track_caller]
fn judged(text: &str, wrt: &str, claim: &str) -> Verdict {
    let options = Options::default().with_respect_to(&[wrt]);
    check(text, &options, claim).unwrap_or_else(|e| panic!("{text}: {e:?}"))
}

#[test]
fn a_claim_that_needs_a_sum_of_one_is_told_so() {
    let without = judged(&format!("y: k; {ONE}"), "z", "softmax(z) - y");
    assert!(without.answer.is_no() && format!("{:?}", without.answer).contains("Distribution"), "{:?}", without.answer);
    let rows = judged(&format!("Y: n x k; {MANY}"), "W", "X^T (softmax(X W, rows) - Y)");
    assert!(rows.answer.is_no() && format!("{:?}", rows.answer).contains("StochasticRows"), "{:?}", rows.answer);
    assert!(judged(&format!("y: k onehot; {ONE}"), "z", "softmax(z) - y").answer.is_yes());
    assert!(judged(&format!("Y: n x k onehot rows; {MANY}"), "W", "X^T (softmax(X W, rows) - Y)").answer.is_yes());
    // what is wrong stays wrong
    assert!(judged(&format!("y: k onehot; {ONE}"), "z", "y - softmax(z)").answer.is_no());
}

#[test]
fn values_are_drawn_as_declared() {
    let text =
        "y: 4 onehot; q: 4 distribution; Y: 3 x 4 onehot rows; P: 3 x 3 stochastic rows; s = q^T y + sum(Y) + sum(P)";
    let program = elaborate(&parse_document(text).expect("reads")).expect("fits");
    for seed in 0..20 {
        let values = sample(&program, seed).expect("a point");
        let array = |name: &str| &values.arrays[&Symbol::from(name)];
        let ones = |name: &str| array(name).iter().filter(|x| **x == 1.0).count();
        assert!(ones("y") == 1 && array("y").sum() == 1.0 && ones("Y") == 3 && array("Y").sum() == 3.0);
        assert!(array("q").iter().all(|x| *x >= 0.0) && (array("q").sum() - 1.0).abs() < 1e-12);
        assert!(array("P").rows().into_iter().all(|r| (r.sum() - 1.0).abs() < 1e-12));
    }
}

#[test]
fn facts_about_data_fit_their_shapes() {
    refused("Y: n x k onehot; s = sum(Y)", Kind::Shape, &["only a column", "onehot rows"]);
    refused("P: n x n stochastic; s = sum(P)", Kind::Syntax, &["stochastic rows"]);
}
