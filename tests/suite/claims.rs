//! Is it right? What `check`, `equal` and `simplify` print, as snapshots; exit codes; what must never be a yes.
//! `INSTA_UPDATE=always` writes the snapshots anew.

use super::binary::{Directory, gradus, without_rounding};
use gradus::internals::claim::check;
use gradus::internals::claim::{Answer, SlipKind};
use gradus::{Form, Options};
use serde_json::{Value, json};

const NETWORK: &str = "z = W x + b; h = f(z); s = u^T h";
const SQUARE: &str = "W: n x n; x: n; b: n; u: n; s = u^T f(W x + b)";
const TWO_LAYERS: &str = "W_1: n x m; W_2: k x n; z_1 = W_1 x; h_1 = f(z_1); z_2 = W_2 h_1; s = u^T f(z_2)";
const LEAST_SQUARES: &str = "s = ||A x - b||^2";

/// A document, a target, a claim.
struct Case {
    name: &'static str,
    document: &'static str,
    wrt: &'static str,
    claim: &'static str,
    jacobian: bool,
}

const fn case(name: &'static str, document: &'static str, wrt: &'static str, claim: &'static str) -> Case {
    Case { name, document, wrt, claim, jacobian: false }
}

const fn jacobian(name: &'static str, document: &'static str, wrt: &'static str, claim: &'static str) -> Case {
    Case { name, document, wrt, claim, jacobian: true }
}

fn args<'a>(c: &'a Case, more: &[&'a str]) -> Vec<&'a str> {
    let form = if c.jacobian { "jacobian" } else { "shape" };
    [&["check", c.document, "--wrt", c.wrt, "--claim", c.claim, "--form", form], more].concat()
}

/// The slips, each by the claim a student might make.
const SLIPS: &[(SlipKind, Case)] = &[
    (SlipKind::Transposed, case("transposed", "X: n x n; s = logdet(X)", "X", "X^-1")),
    (SlipKind::OuterProduct, case("outer_product", NETWORK, "W", "x (u .* f'(z))^T")),
    (SlipKind::Sign, case("sign", LEAST_SQUARES, "x", "2 A^T (b - A x)")),
    (SlipKind::Factor, case("factor", LEAST_SQUARES, "x", "A^T (A x - b)")),
    (SlipKind::OtherForm, case("row_for_column", NETWORK, "x", "(u .* f'(z))^T W")),
    (SlipKind::OtherForm, jacobian("column_for_row", LEAST_SQUARES, "x", "2 A^T (A x - b)")),
    (SlipKind::OtherForm, jacobian("shape_for_jacobian", NETWORK, "W", "(u .* f'(z)) x^T")),
    (SlipKind::OtherLayout, jacobian("transposed_jacobian", "A: n x m; y = A x", "x", "A^T")),
    (SlipKind::FunctionForDerivative, case("function_for_derivative", NETWORK, "W", "(u .* f(z)) x^T")),
    (SlipKind::Argument, case("argument", SQUARE, "W", "(u .* f'(x)) x^T")),
    (SlipKind::FactorTransposed, case("factor_transposed", SQUARE, "x", "W (u .* f'(W x + b))")),
    (SlipKind::FactorOrder, case("factor_order", "A: n x n; X: n x n; s = tr(A X X)", "X", "A^T X^T + A^T X^T")),
    (SlipKind::KroneckerOrder, jacobian("kronecker_order", "X: n x m; B: m x k; Y = A X B", "X", "A ⊗ B^T")),
    (SlipKind::Place, case("place", SQUARE, "x", "(W^T u) .* f'(W x + b)")),
    (SlipKind::TermSign, case("term_sign", "s = σ(w^T x)", "w", "σ(w^T x) (1 + σ(w^T x)) x")),
    (SlipKind::TermFactor, case("term_factor", LEAST_SQUARES, "x", "2 A^T A x - A^T b")),
    (SlipKind::DerivativeMissing, case("derivative_missing", TWO_LAYERS, "W_1", "(W_2^T (u .* f'(z_2))) x^T")),
    (SlipKind::Occurrences, case("occurrences", "s = x^T A x", "x", "A x")),
    (SlipKind::WrongName, case("wrong_name", TWO_LAYERS, "W_2", "(u .* f'(z_2)) x^T")),
    (SlipKind::Exponent, case("exponent", "s = u^T tanh(W x)", "x", "W^T (u .* (1 - tanh(W x)))")),
    (SlipKind::FactorMissing, case("factor_missing", LEAST_SQUARES, "A", "2 (A x - b)")),
    (SlipKind::FactorExtra, case("factor_extra", NETWORK, "b", "z .* u .* f'(z)")),
    (SlipKind::TermMissing, case("term_missing", "λ: scalar; s = 1/2 ||A x - b||^2 + λ ||x||^2", "x", "A^T (A x - b)")),
    (SlipKind::TermExtra, case("term_extra", LEAST_SQUARES, "x", "2 A^T (A x - b) + x")),
    (SlipKind::DiagonalOnly, jacobian("diagonal_only", "y = softmax(x)", "x", "diag(softmax(x) .* (1 - softmax(x)))")),
    (SlipKind::ScalarFactor, case("scalar_factor", "s = norm2(x - a)", "x", "2 (x - a)")),
];

#[track_caller]
fn snapshot(name: &str, text: &str) {
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "snapshots/claims"}, {
        insta::assert_snapshot!(name.to_owned(), without_rounding(text));
    });
}

#[track_caller]
fn printed(args: &[&str], code: i32) -> String {
    let run = gradus(args);
    assert_eq!((run.code, run.stderr.as_str()), (code, ""), "{args:?}: {run:?}");
    run.stdout
}

#[test]
fn slips_are_named() {
    let mut page = String::new();
    for (kind, c) in SLIPS {
        let form = if c.jacobian { Form::Jacobian } else { Form::Shape };
        let options = Options::default().with_respect_to(&[c.wrt]).form(form);
        let verdict = check(c.document, &options, c.claim).unwrap_or_else(|e| panic!("{}: {e:?}", c.name));
        let Answer::No { slip, .. } = &verdict.answer else { panic!("{}: a yes", c.name) };
        assert_eq!(slip.as_ref().map(|s| s.kind), Some(*kind), "{}", c.name);
        page += &format!("$ {}  [{}]\n{}\n", c.document, c.name, printed(&args(c, &[]), 1));
    }
    snapshot("slips", &page);
}

/// Claims that are right about something else, and what is said of them.
#[test]
fn what_a_wrong_claim_is_right_about_is_named() {
    const TANH: &str = "z = W x + b; h = tanh(z); s = u^T h";
    const BATCH: &str = "X: m x n; W: n x k; b: k; Y: m x k; Z = X W + ones(m) b^T; H = tanh(Z); s = 1/2 ‖H - Y‖_F^2";
    const ENTROPY: &str = "y: k onehot; p = softmax(z); s = -y^T log(p)";
    let claims = [
        (TANH, "b", "u .* h .* (1 - h)", "h ∘ (1 - h) is not the derivative of h"),
        ("s = sum(tanh(x))", "x", "sigmoid(x) .* (1 - sigmoid(x))", "σ'(x) is not the derivative of tanh(x)"),
        ("s = sum(sin(x.^2))", "x", "cos(x.^2)", "the factor 2 x is missing"),
        ("h = sigmoid(W x); s = u^T h", "x", "W^T (u .* (1 - h.^2))", "1 - h.^2 is not the derivative of h"),
        ("h = relu(W x); s = u^T h", "W", "(u .* h) x^T", "h itself stands where its derivative belongs"),
        ("h = exp(W x); s = sum(sin(h))", "x", "W^T cos(h)", "the factor h is missing"),
        (TANH, "x", "u .* (1 - h.^2)", "this is the derivative by z, not by x"),
        ("A: m x n; b: m; s = norm2(A x - b)^2", "x", "2 A^T A x", "is missing"),
        (
            "X: n x d; y: n; p = σ(X w); L = -sum(y .* log(p) + (1 - y) .* log(1 - p))",
            "w",
            "X^T ((p - y) .* p .* (1 - p))",
            "too many",
        ),
        (ENTROPY, "z", "-y ./ p", "this is the derivative by p, not by z"),
        (ENTROPY, "z", "p .* (1 - p) .* (-y ./ p)", "p ∘ (1 - p) is not the derivative of p"),
        (BATCH, "b", "(H - Y) .* (1 - H.^2)", "the sum is missing: sum("),
        (BATCH, "W", "X^T (H - Y)", "the factor 1 - H.^2 is missing"),
        ("X: n x n symmetric; s = tr(X^2)", "X", "4 X - 2 X .* eye(n)", "the derivative by one triangle"),
        ("x: n; a: n; s = log(1 + exp(a^T x))", "x", "sigmoid(a^T x)", "the factor a is missing"),
        ("x: n; s = exp(-x^T x)", "x", "-2 exp(-x^T x)", "the factor x is missing"),
        ("x: n; a: n; s = log(1 + exp(a^T x))", "x", "exp(a^T x) a", "the derivative of s is missing"),
        (
            "X: m x n; y: m; w: n; s = sum(log(1 + exp(-y .* (X w))))",
            "w",
            "X^T sigmoid(-y .* (X w))",
            "the factor -y is missing",
        ),
        ("x: n; s = sum((x - mean(x)).^2)", "x", "2 x", "the term -2 mean(x) 𝟏ₙ is missing"),
        ("z: n; s = logsumexp(z)", "z", "exp(z)", "only a scalar factor is wrong or missing"),
        ("x: n; y: n; s = x^T y / (‖x‖ ‖y‖)", "x", "y / (‖x‖ ‖y‖)", "x occurs in 2 places"),
        (
            "X: n x p; w: p; b: scalar; y: n; s = 1/2 sum((X w + b - y).^2)",
            "b",
            "mean(X w + b - y)",
            "a mean is the sum over the number of entries",
        ),
        // and what is none of them
        ("x: n; A: n x n; s = x^T A x", "x", "sin(A x)", "none of the usual ones explains it"),
        (TANH, "b", "cosh(h) .* u", "none of the usual ones explains it"),
    ];
    for (document, wrt, claim, said) in claims {
        let text = printed(&["check", document, "--wrt", wrt, "--claim", claim], 1);
        let slip = text.lines().find(|l| l.starts_with("slip: ")).unwrap_or_default();
        assert!(slip.contains(said), "{document}, {claim}: {slip}");
    }
}

#[test]
fn a_yes_is_proved_or_says_that_it_is_not() {
    snapshot("proved", &printed(&args(&case("", LEAST_SQUARES, "x", "2 A^T A x - 2 A^T b"), &[]), 0));
    snapshot("proved_by_definition", &printed(&args(&case("", NETWORK, "W", "diag(f'(W x + b)) u x^T"), &[]), 0));
    snapshot("the_same", &printed(&args(&case("", NETWORK, "W", "(u .* f'(z)) x^T"), &[]), 0));
    snapshot("unproved", &printed(&args(&case("", "s = sum(relu(x))", "x", "1/2 (1 + sign(x))"), &[]), 0));
    snapshot(
        "proved_latex",
        &printed(&args(&case("", LEAST_SQUARES, "x", "2 A^T A x - 2 A^T b"), &["--format", "latex"]), 0),
    );
    snapshot(
        "proved_markdown",
        &printed(&args(&case("", LEAST_SQUARES, "x", "2 A^T A x - 2 A^T b"), &["--format", "markdown"]), 0),
    );
    snapshot(
        "proved_ascii",
        &printed(&args(&case("", LEAST_SQUARES, "x", "2 A^T A x - 2 A^T b"), &["--format", "ascii", "--steps"]), 0),
    );
}

#[test]
fn a_fact_nobody_declared_is_named() {
    let symmetric = case("", "s = x^T A x", "x", "2 A x");
    snapshot("holds_if_symmetric", &printed(&args(&symmetric, &[]), 1));
    let declared = case("", "A: n x n symmetric; s = x^T A x", "x", "2 A x");
    assert!(printed(&args(&declared, &[]), 0).contains("✓ yes"));
    snapshot("holds_if_equal", &printed(&args(&case("", "s = b^T X^T X c", "X", "2 X b c^T"), &[]), 1));
}

fn answer(args: &[&str], code: i32) -> Value {
    let run = gradus(&[args, &["--format", "json"]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (code, ""), "{args:?}: {run:?}");
    run.json()
}

#[test]
fn json_of_a_yes() {
    let yes = answer(&args(&case("", LEAST_SQUARES, "x", "2 A^T A x - 2 A^T b"), &[]), 0);
    assert_eq!((&yes["schema"], &yes["verdict"], &yes["shape"]), (&json!(1), &json!("yes"), &json!(["m"])));
    assert_eq!(yes["result"]["ascii"], "2 A^T (A x - b)");
    for step in yes["proof"].as_array().expect("a proof") {
        assert!(["rule", "before", "after", "why"].iter().all(|f| step[f].as_str().is_some_and(|t| !t.is_empty())));
    }
    let unproved = answer(&args(&case("", "s = sum(relu(x))", "x", "1/2 (1 + sign(x))"), &[]), 0);
    assert_eq!((&unproved["verdict"], &unproved["proof"]), (&json!("yes"), &Value::Null));
    assert!(unproved.as_object().is_some_and(|o| o.contains_key("proof")));
}

#[test]
fn json_of_a_no() {
    let no = answer(&args(&case("", "s = x^T A x", "x", "2 A x"), &[]), 1);
    assert_eq!((&no["verdict"], &no["slip"]), (&json!("no"), &Value::Null));
    assert_eq!(no["holds_if"], json!([[{"name": "A", "fact": "symmetric"}]]));
    let difference = &no["difference"];
    assert!(difference["claim"].is_number() && difference["derivative"].is_number(), "{no:#}");
    // the point can be given back
    let directory = Directory::new("counterexample");
    let at = directory.file("at.json", difference["at"].to_string());
    let again = answer(&args(&case("", "s = x^T A x", "x", "2 A x"), &["--at", &at]), 1);
    assert_eq!(&again["difference"], difference);
    let transposed = answer(&args(&case("", NETWORK, "W", "x u^T"), &[]), 1);
    assert_eq!(transposed["difference"], json!({"shapes": {"claim": ["m", "n"], "derivative": ["n", "m"]}}));
}

#[test]
fn a_claim_is_judged_at_given_values_too() {
    let directory = Directory::new("claim-values");
    let at = directory.file("at.json", r#"{"x": [1, 2], "A": [[1, 2], [3, 4]]}"#);
    let yes = answer(&args(&case("", "s = x^T A x", "x", "A x + A^T x"), &["--at", &at]), 0);
    assert_eq!(yes["values"], json!({"claim": [12.0, 21.0], "derivative": [12.0, 21.0]}));
    // right at this point, wrong elsewhere
    let symmetric = directory.file("symmetric.json", r#"{"x": [1, 2], "A": [[1, 2], [2, 4]]}"#);
    assert_eq!(answer(&args(&case("", "s = x^T A x", "x", "2 A x"), &["--at", &symmetric]), 1)["verdict"], "no");
}

#[test]
fn a_claim_about_members_is_evaluated_at_values_of_all() {
    let directory = Directory::new("claims-of-members");
    let at = directory.file("at.json", r#"{"w": [1, 2], "x": [[1, 0], [0, 1], [1, 1]], "y": [1, 3, 1]}"#);
    let text = r"s = \sum_{i=1}^n (y_i - w^T x_i)^2";
    let asked = |wrt: &'static str, claim: &'static str, code: i32| {
        answer(&args(&case("", text, wrt, claim), &["--at", &at]), code)["values"].clone()
    };
    let both = |claim: Value, derivative: Value| json!({"claim": claim, "derivative": derivative});
    let gradient = json!([4.0, 2.0]);
    assert_eq!(asked("w", "-2 sum(i, (y_i - w^T x_i) x_i)", 0), both(gradient.clone(), gradient.clone()));
    assert_eq!(asked("w", "2 X^T (y - X w)", 1), both(json!([-4.0, -2.0]), gradient));
    let residuals = json!([0.0, 2.0, -4.0]);
    assert_eq!(asked("y_i", "2 (y_i - w^T x_i)", 0), both(residuals.clone(), residuals));
    let rows = json!([[0.0, 0.0], [-2.0, -4.0], [4.0, 8.0]]);
    assert_eq!(asked("x_i", "-2 (y_i - w^T x_i) w", 0), both(rows.clone(), rows));
}

#[test]
fn names_that_gradus_gives_can_be_claimed() {
    let text = printed(&args(&case("", "s = u^T f(W x + b)", "W", "δ x^T"), &[]), 0);
    assert!(text.contains("δ = u ∘ f'(z)") && text.contains("z = W x + b"), "{text}");
}

#[test]
fn latex_claims_and_plain_ones_may_be_mixed() {
    let plain = case("", LEAST_SQUARES, "x", r"2 A^\top (A x - b)");
    let latex = case("", r"\| A x - b \|^2", "x", "2 A^T (A x - b)");
    for c in [plain, latex] {
        assert!(printed(&args(&c, &[]), 0).contains("✓ yes"));
    }
}

#[test]
fn an_operator_without_a_rule_is_judged_by_numbers() {
    let none = case("", "X: n x m; s = max(X)", "X", "X");
    let run = gradus(&args(&none, &[]));
    assert_eq!(run.code, 2, "{run:?}");
}

#[test]
fn bad_claims_are_bad_input_shown_in_their_own_text() {
    let refused = |c: &Case, mentions: &[&str]| {
        let run = gradus(&args(c, &[]));
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        mentions.iter().for_each(|m| assert!(run.stderr.contains(m), "`{m}` is not in {}", run.stderr));
    };
    refused(&case("", LEAST_SQUARES, "x", "2 A^T (A x - b"), &["claim:1:7", "never closed"]);
    refused(&case("", LEAST_SQUARES, "x", "2 A^T (A x - c)"), &["claim:1:14", "`c`", "the document has A, b"]);
    refused(&case("", LEAST_SQUARES, "x", "A A x"), &["claim:1:", "(shape)"]);
    refused(&case("", LEAST_SQUARES, "y", "x"), &["there is no variable `y`"]);
    let run = gradus(&["check", LEAST_SQUARES, "--claim", "x"]);
    assert!(run.code == 2 && run.stderr.contains("--wrt"), "{run:?}");
    let both = gradus(&["check", LEAST_SQUARES, "--wrt", "x", "--form", "both", "--claim", "x"]);
    assert!(both.code == 2 && both.stderr.contains("one layout"), "{both:?}");
}

// ---- equal

#[test]
fn equalities_are_proved_or_refuted() {
    let mut page = String::new();
    for (left, right, declarations, code) in [
        ("(A B)^T", "B^T A^T", "", 0),
        ("tr(A B)", "tr(B A)", "A: n x m; B: m x n", 0),
        ("(A + B) (A - B)", "A^2 - B^2", "", 1),
        ("(A B)^-1", "A^-1 B^-1", "", 1),
        ("sqrt(x^2)", "x", "x: scalar", 1),
        ("logdet(X)", "log(det(X))", "", 1),
        ("X X^-1", "I", "", 0),
        ("u^T v", "v u^T", "", 1),
        ("relu(x) - relu(-x)", "x", "", 0),
    ] {
        page +=
            &format!("$ {left} = {right}  {declarations}\n{}\n", printed(&["equal", left, right, declarations], code));
    }
    snapshot("equalities", &page);
}

/// What must never be a yes, however it is asked.
#[test]
fn false_equalities_are_refuted() {
    for (left, right, declarations) in [
        ("A B", "B A", ""),
        ("(A B)^-1", "A^-1 B^-1", ""),
        ("(A B)^T", "A^T B^T", ""),
        ("A^T", "A", "A: n x n"),
        ("A^-1", "A^T", ""),
        ("sqrt(x^2)", "x", "x: scalar"),
        ("abs(x)", "x", ""),
        ("logdet(X)", "log(det(X))", ""),
        ("logdet(X)", "log(det(X))", "X: n x n symmetric"),
        ("det(Q)", "1", "Q: n x n orthogonal"),
        ("log(x y)", "log(x) + log(y)", "x: scalar; y: scalar"),
        ("inv(u v^T) (u v^T)", "eye(n)", "u: n; v: n"),
        ("A A^-1 + B", "eye(n)", "A: n x n; B: n x n"),
        ("A^0", "A", "A: n x n"),
        ("x ./ x", "x - x + 2", ""),
        ("det(A + B)", "det(A) + det(B)", "A: n x n; B: n x n"),
        ("tr(A B)", "tr(A) tr(B)", ""),
        ("tr(A B C)", "tr(A C B)", "A: n x n; B: n x n; C: n x n"),
        ("norm2(x + y)", "norm2(x) + norm2(y)", ""),
        ("(A + B)^2", "A^2 + 2 A B + B^2", ""),
        ("exp(x) .* exp(y)", "exp(x .* y)", ""),
        ("f(x + y)", "f(x) + f(y)", ""),
        ("f(2 x)", "2 f(x)", ""),
        ("f'(x)", "f(x)", ""),
        ("diag(x) A", "A diag(x)", ""),
        ("A ⊗ B", "B ⊗ A", ""),
        ("vec(A X B)", "(A ⊗ B) vec(X)", "A: n x n; X: n x n; B: n x n"),
        ("relu(x - 2)", "0", "x: scalar"),
        ("relu(x - 10)", "0", "x: scalar"),
        ("sigmoid(x)", "1", "x: scalar"),
        ("softmax(x)", "exp(x)", ""),
        ("(x^T y)^2", "x^T x y^T y", ""),
        ("x x^T", "x^T x", ""),
    ] {
        let run = gradus(&["equal", left, right, declarations]);
        assert_eq!((run.code, run.stderr.as_str()), (1, ""), "{left} = {right}: {run:?}");
        assert!(!run.stdout.contains("would be right if A were invertible"), "{left} = {right}");
    }
    let zero = gradus(&["equal", "0/0", "1"]);
    assert_eq!(zero.code, 2, "{zero:?}");
}

#[test]
fn bad_sides_are_shown_in_their_place() {
    let run = gradus(&["equal", "A x +", "x", "A: n x n"]);
    assert!(run.code == 2 && run.stderr.contains("equality:2:"), "{run:?}");
    let run = gradus(&["equal", "A x", "y = 2"]);
    assert!(run.code == 2 && run.stderr.contains("an expression is expected"), "{run:?}");
    let run = gradus(&["equal", "A x", r"A^\top \frac{x}", ""]);
    assert!(run.code == 2 && run.stderr.contains("equality:2:"), "{run:?}");
}

#[test]
fn equal_in_json() {
    let no = answer(&["equal", "A B", "B A"], 1);
    assert_eq!(no["holds_if"], json!([[{"name": "A", "fact": "diagonal"}, {"name": "B", "fact": "diagonal"}]]));
    assert!(no["difference"]["left"].is_number() && no["difference"]["right"].is_number());
    let yes = answer(&["equal", "x^T A y", "y^T A^T x"], 0);
    assert_eq!((&yes["verdict"], yes["proof"].is_array()), (&json!("yes"), true));
}

// ---- simplify

#[test]
fn expressions_are_tidied() {
    let result = |document: &str| answer(&["simplify", document], 0)["result"]["ascii"].as_str().map(str::to_owned);
    for (document, tidy) in [
        ("(A^T)^T x + A x", "2 A x"),
        ("A (x + y) - A x", "A y"),
        ("X X^-1 y", "y"),
        ("Q: n x n orthogonal; Q^T Q x", "x"),
        ("z = A x; s = z^T z + z^T z", "2 z^T z"),
        ("exp(x) ./ (1 + exp(x))", "sigmoid(x)"),
    ] {
        assert_eq!(result(document).as_deref(), Some(tidy), "{document}");
    }
}

#[test]
fn simplifications_in_every_format() {
    let document = "s = x^T A x + x^T A^T x";
    let mut page = String::new();
    for format in ["unicode", "ascii", "latex", "markdown", "json"] {
        page += &format!("{}\n", printed(&["simplify", document, "--steps", "--format", format], 0));
    }
    snapshot("simplifications", &page);
    let inline = printed(&["simplify", "z = A x; s = z^T z + z^T z", "--inline"], 0);
    assert!(inline.starts_with("s = 2 (A x)ᵀ A x"), "{inline}");
    assert!(printed(&["simplify", "z = A x + A x; s = z^T z", "--of", "z"], 0).starts_with("z = 2 A x"));
}

#[test]
fn long_lines_of_verdicts_are_broken_in_every_format() {
    let document = "X: n x d; y: n; J = 1/2 ||X w - y||^2 + sum(log(1 + exp(X w)))";
    let claim = "X^T X w - X^T y + X^T (exp(X w) ./ (1 + exp(X w))) + (X^T X - X^T X) w + X^T (X w - X w)";
    let equal = ["equal", "tr(A B C D) + tr(B C D A) + tr(C D A B) + tr(D A B C)", "4 tr(A B C D) + tr(A A) - tr(A A)"];
    for (format, most) in [("unicode", 60), ("ascii", 60), ("latex", 170), ("markdown", 170), ("typst", 170)] {
        let more = ["--format", format, "--width", "60"];
        let check = gradus(&[&["check", document, "--wrt", "w", "--claim", claim], &more[..]].concat());
        let sizes = "A: n x n; B: n x n; C: n x n; D: n x n";
        let equal = gradus(&[&equal[..], &[sizes], &more[..]].concat());
        for run in [check, equal] {
            assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
            // sentences are not broken
            let formulas = run.stdout.lines().filter(|l| l.contains('=') && !l.contains("error"));
            formulas.for_each(|l| assert!(l.chars().count() <= most, "{format}: {l}"));
        }
    }
}
