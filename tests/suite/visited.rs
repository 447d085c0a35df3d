//! What a derivation's own check has seen: branches are visited, or said not to be.

use gradus::internals::derive::derive;
use gradus::internals::render::derivation_text;
use gradus::{Format, Options, Report};

/// How the sentence of the check ends.
fn not_visited(text: &str) -> Option<String> {
    let derivation = derive(text, &Options::default()).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    let text = derivation_text(&derivation, &Report::new(Format::Ascii));
    text.split_once("; not visited: ").map(|(_, places)| places.trim_end().to_owned())
}

#[test]
fn branches_are_visited() {
    for text in [
        "s = u^T relu(W x + b)",
        "x: n; s = sum(relu(x - 1000))",
        "x: n; s = sum(relu(x - 1000) .* tanh(x))",
        "x: n; s = sum(sigmoid(1000 x))",
        "x: n; s = sum(abs(1e-6 x))",
        "x: n; s = sum(softmax(500 x) .* x)",
        "A: n x m; x: m; b: n; s = norm1(A x - b)",
        // nothing is left of 0
        "x: n; s = sum(relu(x.^2))",
    ] {
        assert_eq!(not_visited(text), None, "{text}");
    }
}

#[test]
fn branches_no_point_visits_are_named() {
    for (text, places) in [
        ("x: n; s = sum(relu(-exp(x)))", "relu(-exp(x)) right of its kink"),
        ("x: n; s = sum(tanh(x.^2 + 50))", "tanh(x.^2 + 50) where it is not saturated"),
        ("x: n; s = sum(step(sigmoid(x) - 2) .* x)", "step(sigmoid(x) - 2) right of its kink"),
    ] {
        assert_eq!(not_visited(text).as_deref(), Some(places), "{text}");
    }
}

#[test]
fn json_names_them_too() {
    let derivation = derive("x: n; s = sum(relu(-exp(x)))", &Options::default()).expect("it is derived");
    let check = derivation.check.expect("it is checked");
    let branch = &check.not_visited[0];
    assert_eq!((check.not_visited.len(), branch.section.words()), (1, "right of its kink"));
}
