//! What `--cost` says: as written, evaluated well, and of the cheapest equal form.

use gradus::Options;
use gradus::internals::derive::derive;

/// Costs of the derivative by one target, and the cheaper form when there is one.
fn costs(text: &str, wrt: &str, order: u32) -> [Option<String>; 4] {
    let options = Options::default().with_respect_to([wrt]).order(order);
    let derivation = derive(text, &options).expect("derives");
    let cost = derivation.costs().expect("costs").remove(0);
    let cheapest = cost.cheapest.as_ref();
    let style = gradus::internals::render::Style::of(&derivation);
    let text = |e| gradus::internals::render::ascii(&gradus::internals::render::present(e, &style));
    [
        Some(cost.written.to_string()),
        Some(cost.evaluated.to_string()),
        cheapest.map(|(e, _)| text(e)),
        cheapest.map(|(_, n)| n.to_string()),
    ]
}

#[track_caller]
fn assert_costs(text: &str, wrt: &str, order: u32, expected: [&str; 4]) {
    let expected = expected.map(|s| (!s.is_empty()).then(|| s.to_owned()));
    assert_eq!(costs(text, wrt, order), expected, "{text}");
}

#[test]
fn vectors_first() {
    assert_costs("x: n; y: m; z: m; Y = (x y^T) z", "x", 1, ["n n + 2m", "2m + 1", "", ""]);
    assert_costs("A: n x m; B: m x k; s = u^T A B x", "x", 1, ["2k n + 2k m n", "2m n + 2k m", "", ""]);
}

#[test]
fn structure_is_held() {
    let factorisation = "T: n x m; U: n x k; V: m x k; s = ||T - U V^T||^2";
    assert_costs(factorisation, "U", 2, ["2k k n n + 2k k m", "2k k m + 1", "", ""]);
    let logistic = "X: n x d; y: n; w: d; s = sum(softplus(X w)) - y^T X w";
    assert_costs(logistic, "w", 2, ["5n + 2d n n + 2d n + 2d d n", "4n + 3d n + 2d d n", "", ""]);
}

#[test]
fn cheaper_forms_are_found_and_checked() {
    let inverses = "A: n x n invertible; B: n x n invertible; s = u^T inv(A) inv(B) x";
    assert_costs(inverses, "x", 1, ["6n n n + 2n n", "4n n n + 4n n", "", ""]);
    assert_costs("A: n x m; B: n x m; s = u^T A x + u^T B x", "x", 1, ["3m n", "3m n", "", ""]);
}
