//! Random equalities: true by construction, and false by one change of a term that is not zero, at scales where that is
//! hard to see. What is true must not be a no, what is false must not be a yes.
//!
//! `EQUALITIES=100000 cargo test --release --test suite random_equalities -- --nocapture` is the long run;
//! `EQUALITIES_FIRST` is the first seed.

use gradus::internals::claim::{Answer, equal};
use gradus::internals::diag::Kind;
use gradus::internals::eval::Random;

/// How many pairs of equalities `cargo test` draws.
const EQUALITIES: u64 = 30;
/// As the binary: deep formulas are walked recursively.
const STACK_BYTES: usize = 256 << 20;
const DECLARATIONS: &str =
    "x: scalar; y: scalar; v: n; w: n; A: n x n; B: n x n; C: n x m; D: m x n; P: n x n spd; k: n positive";

/// Both sides of what is true of scalars, over x and y.
const SCALARS: &[(&str, &str)] = &[
    ("(x + y) (x - y)", "x^2 - y^2"),
    ("(x + y)^3", "x^3 + 3 x^2 y + 3 x y^2 + y^3"),
    ("sin(x)^2 + cos(x)^2", "1"),
    ("tanh(x)", "2 sigmoid(2 x) - 1"),
    ("exp(x + y)", "exp(x) exp(y)"),
    ("relu(x) - relu(-x)", "x"),
    ("relu(x) + relu(-x)", "abs(x)"),
    ("log(exp(x))", "x"),
    ("sqrt(x^2)", "abs(x)"),
    ("cosh(x)^2 - sinh(x)^2", "1"),
    ("sigmoid(x) + sigmoid(-x)", "1"),
    ("softplus(x) - softplus(-x)", "x"),
    ("x / (1 + y^2) - y / (1 + x^2)", "(x (1 + x^2) - y (1 + y^2)) / ((1 + x^2) (1 + y^2))"),
    ("v^T w", "w^T v"),
    ("norm2(v - w)^2", "v^T v - 2 v^T w + w^T w"),
    ("v^T A w", "w^T A^T v"),
    ("tr(A B)", "tr(B A)"),
    ("tr(C D)", "tr(D C)"),
    ("tr(A^T B)", "sum(A .* B)"),
    ("det(A B)", "det(A) det(B)"),
    ("det(A^T)", "det(A)"),
    ("sum(softmax(v))", "1"),
    ("logsumexp(v + x ones(n))", "x + logsumexp(v)"),
    ("v^T P^-1 w", "w^T P^-1 v"),
    ("logdet(P^-1)", "-logdet(P)"),
    ("sum(log(k))", "-sum(log(1 ./ k))"),
    ("tr((A B)^-1)", "tr(B^-1 A^-1)"),
    ("sum(A ⊗ B)", "sum(A) sum(B)"),
];

/// A term that is not 0, with what it is not, at a scale.
struct Term {
    is: String,
    is_not: Vec<String>,
}

fn term(random: &mut Random) -> Term {
    let scale = |random: &mut Random, most: usize| {
        let exponent = random.below(2 * most + 1) as i64 - most as i64;
        let digit = 1 + random.below(9);
        format!("{digit}e{exponent}")
    };
    let (c, d, small) = (scale(random, 5), scale(random, 3), format!("1e-{}", 1 + random.below(11)));
    let whole = 2 + random.below(7);
    let (is, other): (String, String) = match random.below(22) {
        0 => (format!("tanh({c} x)"), "sign(x)".into()),
        1 => (format!("sigmoid({c} (x - {d}))"), format!("step(x - {d})")),
        2 => (format!("relu(x - {d})"), "0".into()),
        3 => (format!("relu({c} x + {d})"), format!("{c} x + {d}")),
        4 => (format!("abs(x - {d})"), format!("{d} - x")),
        5 => (format!("sin({c} x)"), format!("{c} x")),
        6 => (format!("log(1 + {c} x^2)"), format!("{c} x^2")),
        7 => (format!("log(1 + exp({c} x))"), format!("{c} relu(x)")),
        8 => (format!("exp(-{c} x^2)"), "0".into()),
        9 => (format!("erf({c} x - {d})"), "-1".into()),
        10 => (format!("sqrt({c} + x^2)"), "abs(x)".into()),
        11 => (format!("x^{}", 10 * whole), "0".into()),
        12 => (format!("{c} x^{whole} y"), "0".into()),
        13 => (c.clone(), "0".into()),
        14 => (format!("{c} tr(A)"), "0".into()),
        15 => (format!("{c} v^T A w"), format!("{c} w^T A v")),
        16 => (format!("{c} det(A) y"), "0".into()),
        17 => (format!("{c} sum(tanh(v))"), format!("{c} sum(v)")),
        18 => (format!("{c} tr(A B A)"), format!("{c} tr(A B B)")),
        19 => (format!("cos({c} x)"), "1".into()),
        20 => (format!("softplus({c} (x - {d}))"), "0".into()),
        _ => (format!("x / (x^2 + {c})"), "1 / x".into()),
    };
    let is_not = vec![other, format!("(1 + {small}) ({is})"), format!("-({is})"), format!("({is}) + {small}")];
    Term { is, is_not }
}

#[derive(Default, Debug)]
struct Tally {
    right_yes: usize,
    exact: usize,
    proved: usize,
    right_no: usize,
    undecided_of_true: usize,
    undecided_of_false: usize,
    refused: usize,
    false_yes: Vec<String>,
    false_no: Vec<String>,
    other: Vec<String>,
    undecided: Vec<String>,
}

impl Tally {
    fn judge(&mut self, left: &str, right: &str, truth: bool) {
        let text = || format!("'{left}' '{right}'");
        match (equal(left, right, DECLARATIONS), truth) {
            (Ok(e), truth) => match (e.answer, truth) {
                (Answer::Yes { proof, exact, .. }, true) => {
                    self.right_yes += 1;
                    self.exact += usize::from(exact);
                    self.proved += usize::from(proof.is_some());
                }
                (Answer::No { .. }, false) => self.right_no += 1,
                (Answer::Undecided { .. }, true) => {
                    self.undecided_of_true += 1;
                    self.undecided.push(text());
                }
                (Answer::Undecided { .. }, false) => self.undecided_of_false += 1,
                (Answer::Yes { .. }, false) => self.false_yes.push(text()),
                (Answer::No { .. }, true) => self.false_no.push(text()),
            },
            (Err(e), _) if e.iter().all(|e| matches!(e.kind, Kind::Limit | Kind::Domain)) => self.refused += 1,
            (Err(e), _) => self.other.push(format!("{}: {e:?}", text())),
        }
    }
}

fn run() -> Tally {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse().ok());
    let (first, count) = (number("EQUALITIES_FIRST").unwrap_or(0), number("EQUALITIES").unwrap_or(EQUALITIES));
    let mut tally = Tally::default();
    for seed in first..first + count {
        let mut random = Random::new(seed);
        let (left, right) = SCALARS[random.below(SCALARS.len())];
        let term = term(&mut random);
        let wrong = &term.is_not[random.below(term.is_not.len())];
        tally.judge(&format!("{left} + {}", term.is), &format!("{} + {right}", term.is), true);
        tally.judge(&format!("{left} + {}", term.is), &format!("{right} + {wrong}"), false);
    }
    tally
}

#[test]
fn random_equalities() {
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).expect("a thread");
    let tally = worker.join().expect("no panic");
    println!("{tally:#?}");
    let faults = [tally.false_yes, tally.false_no, tally.other].concat();
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    assert!(tally.right_yes > 0 && tally.right_no > 0);
}

#[test]
fn verdicts_where_numbers_see_little() {
    for (left, right, declarations, code) in [
        // underflow, small terms, small shares
        ("x^100000", "2 x^100000", "x: scalar", 1),
        ("x + 10^-9", "x", "x: scalar", 1),
        ("(1 + 1e-30) x", "x", "", 1),
        ("tanh(x) + 1e-9", "tanh(x)", "", 1),
        ("(2 + 1e-14) tanh(x)", "2 tanh(x)", "", 1),
        ("(2 + 1e-18) tanh(x)", "2 tanh(x)", "", 3),
        // kinks, saturation, the linear part of a function
        ("relu(x - 1000)", "zeros(n)", "x: n", 1),
        ("log(1 + exp(1000 x))", "1000 relu(x)", "x: scalar", 1),
        ("erf(x - 50)", "-1", "x: scalar", 1),
        ("sin(1e-7 x)", "1e-7 x", "", 1),
        ("tanh(1e-9 sigmoid(x))", "1e-9 sigmoid(x)", "", 3),
        ("relu(x - 1000) .* tanh(100 x)", "relu(x - 1000)", "x: n", 3),
        // true, and seen to be
        ("abs(x)^2", "x^2", "x: scalar", 0),
        ("softmax(x + 1)", "softmax(x)", "", 0),
        // on each side of every kink they are polynomials
        ("relu(x) relu(-x)", "0", "x: scalar", 0),
        ("relu(x) relu(-2 x)", "0", "x: scalar", 0),
        ("relu(v) .* relu(-v)", "zeros(n)", "v: n", 0),
        ("max(x, y) min(x, y)", "x y", "x: scalar; y: scalar", 0),
        ("relu(x)^2 + relu(-x)^2", "x^2", "x: scalar", 0),
        ("relu(x)^2 - relu(-x)^2", "x^2", "x: scalar", 1),
        ("relu(x) relu(-x) + 1e-9 x", "0", "x: scalar", 1),
        ("relu(x) relu(x - 1)", "relu(x)", "x: scalar", 1),
        // what has no inverse at some sizes; domains
        ("X (X^T X)^-1 X^T X", "X", "X: n x m", 0),
        ("sqrt(x)^2", "x", "x: scalar", 1),
        ("exp(log(x))", "x", "x: scalar", 1),
        // what both sides have hides nothing: what is left of them is looked at
        ("softplus(x) - softplus(-x) + tanh(3e-5 x)", "tanh(3e-5 x) + x", "x: scalar", 0),
        ("relu(x) - relu(-x) + 6e-4 tanh(y)", "x + (1 + 1e-11) (6e-4 tanh(y))", "x: scalar; y: scalar", 1),
        ("det(A B) + abs(x - 8e1)", "det(A) det(B) + 8e1 - x", "A: n x n; B: n x n; x: scalar", 1),
        ("exp(x + y) + 4e5", "exp(x) exp(y) + 4e5 + 1e-9", "x: scalar; y: scalar", 1),
        // a change that looking for a difference would not have found is not seen
        ("cosh(x)^2 - sinh(x)^2 + relu(8e2 x + 2e2)", "1 + relu(8e2 x + 2e2) + 1e-11", "x: scalar", 1),
        ("tanh(x) + 2e-5", "2 sigmoid(2 x) - 1 + (1 + 1e-10) 2e-5", "x: scalar", 3),
        ("tanh(x) - 1e-14 tr(A)", "2 sigmoid(2 x) - 1", "A: n x n; x: scalar", 1),
        // nor are the last digits of a number
        ("atan(x) + atan(1 / x)", "3.14159265358979 / 2", "x: scalar positive", 3),
        ("atan(x) + atan(1 / x)", "3.14159 / 2", "x: scalar positive", 1),
        ("atan(x) + atan(1 / x)", "pi / 2", "x: scalar positive", 0),
        // digits that are lost, and enlarged afterwards, are no difference
        ("(cosh(x) - sinh(x)) exp(x)", "1", "x: scalar", 0),
        ("(1 - tanh(x)^2) cosh(x)^2", "1", "x: scalar", 0),
        ("log(1 + exp(-x)) / exp(-x)", "softplus(-x) exp(x)", "x: scalar", 0),
        ("exp(-800 - x^2) exp(700)", "exp(-100 - x^2)", "x: scalar", 0),
        // a function that is saturated at every ordinary point
        ("tr((A B)^-1) + erf(1e-5 x - 6e3)", "tr(B^-1 A^-1) + -1", DECLARATIONS, 1),
        ("1e20 y + erf(1e-5 x - 6e3)", "1e20 y - 1", "x: scalar; y: scalar", 1),
        ("softmax(v + erf(1e-5 y - 6e3) ones(n))", "softmax(v)", "v: n; y: scalar", 3),
        // what the other side cannot show beside what cancels in it does matter
        ("(x + y)^3 + relu(x - 2e3)", "x^3 + 3 x^2 y + 3 x y^2 + y^3 + (1 + 1e-8) (relu(x - 2e3))", DECLARATIONS, 3),
        (
            "(x + y)^3 + sigmoid(2e-2 (x - 6e3))",
            "x^3 + 3 x^2 y + 3 x y^2 + y^3 + (1 + 1e-6) (sigmoid(2e-2 (x - 6e3)))",
            DECLARATIONS,
            3,
        ),
        ("softmax(v + y ones(n))", "softmax(v)", "v: n; y: scalar", 0),
        ("x + 1e-12 tanh(y)", "x", "x: scalar; y: scalar", 1),
        // every scalar is a diagonal matrix, and makes no other matrix one
        ("B (x A - A)", "(x A - A) B", "A: n x n; B: n x n diagonal; x: scalar", 1),
        // functions among the declarations
        ("g(x)", "x.^2", "g(t) = t^2", 0),
    ] {
        is_decided(left, right, declarations, code);
    }
}

#[test]
fn piecewise_expressions_are_decided_branch_by_branch() {
    for (left, right, declarations, code) in [
        ("abs(x y)", "abs(x) abs(y)", "x: scalar; y: scalar", 0),
        ("abs(x .* y)", "abs(x) .* abs(y)", "x: n; y: n", 0),
        ("sqrt(x^2)", "abs(x)", "x: scalar", 0),
        ("sqrt(x^2 y^2)", "abs(x y)", "x: scalar; y: scalar", 0),
        ("sqrt(x.^2)", "abs(x)", "x: n", 0),
        ("relu(a x)", "a relu(x)", "a: scalar positive; x: n", 0),
        ("relu(a x)", "a relu(x)", "a: scalar; x: n", 1),
        ("relu(-a x)", "a relu(-x)", "a: scalar positive; x: n", 0),
        ("relu(a x)", "a relu(-x)", "a: scalar negative; x: n", 1),
        ("relu(a x)", "-a relu(-x)", "a: scalar negative; x: n", 0),
        ("sign(x y)", "sign(x) sign(y)", "x: scalar; y: scalar", 0),
        ("sign(x^3)", "sign(x)", "x: scalar", 0),
        ("abs(x)^3", "abs(x^3)", "x: scalar", 0),
        ("abs(x)^3", "x^3", "x: scalar", 1),
        ("max(x, y) + min(x, y)", "x + y", "x: scalar; y: scalar", 0),
        ("max(x, y) - min(x, y)", "abs(x - y)", "x: scalar; y: scalar", 0),
        ("max(2 x, 2 y)", "2 max(x, y)", "x: scalar; y: scalar", 0),
        ("abs(tanh(x))", "tanh(abs(x))", "x: scalar", 0),
        ("relu(exp(x))", "exp(x)", "x: scalar", 0),
        ("abs(x^2 + y^2)", "x^2 + y^2", "x: scalar; y: scalar", 0),
        ("abs(x^2 - y^2)", "x^2 - y^2", "x: scalar; y: scalar", 1),
        ("x abs(x)", "sign(x) x^2", "x: scalar", 0),
        ("relu(x) step(x)", "relu(x)", "x: scalar", 0),
        ("relu(relu(x))", "relu(x)", "x: scalar", 0),
        ("relu(relu(x) + 1)", "relu(x) + 1", "x: scalar", 0),
        ("relu(relu(x) - 1)", "relu(x - 1)", "x: scalar", 3),
        ("norm1(2 x)", "2 norm1(x)", "x: n", 0),
        ("norm1(a x)", "abs(a) norm1(x)", "x: n; a: scalar", 0),
        ("norm1(a x)", "a norm1(x)", "x: n; a: scalar", 1),
        ("abs(det(A))", "sqrt(det(A)^2)", "A: n x n", 0),
        ("abs(x)/x", "sign(x)", "x: scalar", 0),
        ("max(x, max(y, z))", "max(max(x, y), z)", "x: scalar; y: scalar; z: scalar", 0),
        ("clip(x, 0, 1)", "relu(x) - relu(x - 1)", "x: scalar", 0),
        ("relu(x y)", "relu(x) relu(y) + relu(-x) relu(-y)", "x: scalar; y: scalar", 0),
        ("relu(x y)", "relu(x) relu(y)", "x: scalar; y: scalar", 1),
        ("sqrt(abs(x))^2", "abs(x)", "x: scalar", 0),
        ("(x^2)^(3/2)", "abs(x)^3", "x: scalar", 0),
        ("(x^2)^(3/2)", "x^3", "x: scalar", 1),
        ("sqrt(x^2)", "x", "x: scalar positive", 0),
        ("sqrt(x^2)", "x", "x: scalar", 1),
        ("abs(x + y)", "abs(x) + abs(y)", "x: scalar; y: scalar", 1),
        ("norm2(x)", "norm1(x)", "x: 1", 0),
        ("abs(x)^2 + 1e-13", "x^2", "x: scalar", 1),
    ] {
        is_decided(left, right, declarations, code);
    }
}

/// 0 yes, 1 no, 3 not decided.
#[track_caller]
fn is_decided(left: &str, right: &str, declarations: &str, code: i32) {
    let found = equal(left, right, declarations).unwrap_or_else(|e| panic!("{left} = {right}: {e:?}"));
    assert_eq!(found.answer.exit_code(), code, "{left} = {right}: {:?}", found.answer);
}
