//! Documents with indices, built by hand: what is derived of them, in form and (by the check) in meaning.

use super::binary::gradus;
use gradus::Options;
use gradus::internals::derive::{Derivation, derive_program};
use gradus::internals::diag::Span;
use gradus::internals::expr::{
    Comparator, Expr, Gathering, Index, Indexed, Name, Place, PlaceCondition, Shape, Size, Symbol, variable,
};
use gradus::internals::program::{Definition, Input, Program};
use gradus::internals::shape::elaborate;
use gradus::internals::syntax::parse_document;
use std::collections::BTreeMap;

fn size(name: &str) -> Size {
    name.parse::<i64>().map_or_else(|_| Size::name(Name::new(name)), Size::constant)
}

fn index(letter: &str, last: &str) -> Index {
    Index::to(Name::new(letter), size(last))
}

fn shape(text: &str) -> Shape {
    match text.split_once('x') {
        Some((n, m)) => Shape::new(size(n), size(m)),
        None if text == "1" => Shape::scalar(),
        None => Shape::vector(size(text)),
    }
}

/// `x_i`, `x_t+1`, `A_i,j`.
fn place(text: &str) -> Place {
    match text.split_at(1) {
        (letter, "") => Place::at(&Name::new(letter)),
        (letter, offset) => {
            let by = Size::constant(offset.replace('+', "").parse().expect("an offset"));
            Place::at(&Name::new(letter)).shifted(&by)
        }
    }
}

fn member(text: &str, shape: &Shape) -> Expr {
    let (family, at) = text.split_once('_').expect("a subscript");
    let at = at.split(',').map(place).collect();
    variable(Indexed::Member { family: family.into(), at }.symbol(), shape)
}

/// A document under construction.
struct Draft {
    program: Program,
    /// What the letters a, b, c, … of bodies stand for.
    known: BTreeMap<Symbol, Expr>,
}

impl Draft {
    fn new() -> Draft {
        Draft { program: Program::default(), known: BTreeMap::new() }
    }

    fn input(mut self, name: &str, text: &str, plate: &[Index]) -> Draft {
        let name: Symbol = name.into();
        let input =
            Input { name: name.clone(), shape: shape(text), attributes: vec![], declared: true, span: Span::default() };
        self.program.inputs.push(input);
        if !plate.is_empty() {
            self.program.plates.insert(name, plate.to_vec());
        }
        self
    }

    /// A word of bodies that stands for a member.
    fn word(mut self, word: &str, stands_for: &str) -> Draft {
        let family: Symbol = stands_for.split_once('_').expect("a subscript").0.into();
        let own = self.program.shape(&family).expect("an input").clone();
        self.known.insert(word.into(), member(stands_for, &own));
        self
    }

    fn meant(&mut self, word: &str, e: Expr) {
        self.known.insert(word.into(), e);
    }

    /// The value of a formula in words and names.
    fn formula(&self, text: &str) -> Expr {
        let spelled = |s: &Shape| match (s.rows.to_string().as_str(), s.cols.to_string().as_str()) {
            ("1", "1") => "scalar".to_owned(),
            (n, "1") => n.to_owned(),
            (n, m) => format!("{n} x {m}"),
        };
        let words = self.known.iter().map(|(s, e)| format!("{s}: {}; ", spelled(e.shape())));
        let plain = self.program.shapes().filter(|(s, _)| !self.program.plates.contains_key(*s));
        let names = plain.map(|(s, shape)| format!("{s}: {}; ", spelled(shape)));
        let text: String = words.chain(names).chain([format!("result = {text}")]).collect();
        let document = parse_document(&text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        let program = elaborate(&document).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        let value = &program.definitions.last().expect("a definition").value;
        value.substitute(&|n| self.known.get(n).cloned())
    }

    /// Σ, Π, … of a formula, as a word.
    fn gather(
        mut self,
        word: &str,
        by: Gathering,
        over: &[Index],
        when: &[(&str, Comparator, &str)],
        text: &str,
    ) -> Draft {
        let body = self.formula(text);
        let own = body.shape().clone();
        let when =
            when.iter().map(|(l, relation, r)| PlaceCondition { left: place(l), relation: *relation, right: place(r) });
        let symbol = Indexed::Gathered { by, over: over.to_vec(), when: when.collect(), body }.symbol();
        self.meant(word, variable(symbol, &own));
        self
    }

    fn sum(self, word: &str, over: &[Index], text: &str) -> Draft {
        self.gather(word, Gathering::Sum, over, &[], text)
    }

    fn define(mut self, name: &str, plate: &[Index], text: &str) -> Draft {
        let value = self.formula(text);
        let name: Symbol = name.into();
        self.program.definitions.push(Definition { name: name.clone(), value, written: None, span: Span::default() });
        if !plate.is_empty() {
            self.program.plates.insert(name.clone(), plate.to_vec());
        }
        self.program.main = Some(name);
        self
    }

    fn derive(&self, options: Options) -> Derivation {
        derive_program(self.program.clone(), &options).unwrap_or_else(|e| panic!("{e:?}"))
    }

    fn by(&self, wrt: &str) -> String {
        shown(&self.derive(Options::default().with_respect_to([wrt])))
    }

    fn twice(&self, wrt: &[&str]) -> String {
        shown(&self.derive(Options::default().with_respect_to(wrt).order(2)))
    }
}

/// Every result, one a line, in the notation of the core.
fn shown(d: &Derivation) -> String {
    assert!(d.check.as_ref().is_some_and(|c| c.points > 0), "it is checked");
    d.derivatives.iter().map(|d| format!("{}: {:?}\n", d.wrt.label, d.result)).collect()
}

fn least_squares() -> Draft {
    let i = || [index("i", "n")];
    let draft = Draft::new().input("w", "d", &[]).input("x", "d", &i()).input("y", "1", &i());
    draft.word("xx", "x_i").word("yy", "y_i").sum("s", &i(), "(yy - w^T xx)^2").define("L", &[], "s")
}

#[test]
fn a_sum_of_squares() {
    assert!(least_squares().by("w").contains("Sum_{i} (Had x_{i}"), "a sum over the members");
    for one in ["x_i", "y_i"] {
        assert!(!least_squares().by(one).contains("Sum"), "only the term of {one} remains");
    }
    assert!(least_squares().twice(&["w"]).contains("Sum_{i} (Mul x_{i} (Transpose x_{i}))"), "the Hessian");
}

/// A place that is out of reach multiplies a sum of terms of which none has a place there (seed 1464 of `loops`).
#[test]
fn factors_of_sums_over_no_place_need_no_meaning() {
    let text = "a: n\ns = prod(i = 1..n-1, a_i^2 prod(j = 1..n, a_{i+1}) α / (2 + a_i^2))";
    let document: gradus::Document = text.parse().expect("it is read");
    let options = gradus::Options::default().with_respect_to(["α", "a"]).order(2);
    let derived = document.derive(&options).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(derived.derivatives().len(), 4);
}

#[test]
fn facts_of_targets_tell_results() {
    let text = "mu: d; S: d x d spd; x_i: d; L = Σ_i (x_i - mu)^T S^-1 (x_i - mu)";
    let run = gradus(&["derive", text, "--wrt", "S,mu"]);
    assert!(run.stdout.contains("∂L/∂μ = -2 S⁻¹ Σᵢ (xᵢ - μ)") && !run.stdout.contains("S⁻ᵀ"), "{run:?}");
    assert!(run.stdout.contains("convention: S is declared spd"), "{run:?}");
    // of what is derived again the structure is not used
    let second =
        gradus(&["derive", "A: d x d symmetric; x_i: d; L = Σ_i x_i^T A x_i", "--wrt", "x_i,A", "--order", "2"]);
    assert!(second.stdout.contains("∂²L/∂xᵢ∂vec(A)ᵀ     = xᵢᵀ ⊗ I_d + I_d ⊗ xᵢᵀ"), "{second:?}");
}

#[test]
fn differentials_are_along_the_changes_of_all_members() {
    let text = "z_i = Σ_j W_ij x_j + b_i; f = Σ_i (y_i - tanh(z_i))²";
    for wrt in ["x_j", "W_ij", "b_i"] {
        let out = gradus(&["derive", text, "--wrt", wrt, "--form", "differential"]);
        assert!(out.stdout.starts_with("df = ") && out.stdout.contains('✓'), "{}{}", out.stdout, out.stderr);
    }
    let text = "f = Σ_i (y_i - w^T x_i)²";
    let shown = |args: &[&str]| gradus(&[&["derive", text, "--form", "differential"], args].concat()).stdout;
    insta::assert_snapshot!([shown(&[]), shown(&["--wrt", "x_i", "--format", "latex"])].concat());
    insta::assert_snapshot!(gradus(&["derive", "z_i = Σ_j W_ij x_j", "--wrt", "x_j", "--form", "differential"]).stdout);
}

#[test]
fn orders_above_two_are_derived_by_indices() {
    let shown = |text: &str, wrt: &str, order: &str| {
        let out = gradus(&["derive", text, "--wrt", wrt, "--order", order]);
        assert!(out.stdout.contains('✓'), "{}{}", out.stdout, out.stderr);
        out.stdout
    };
    insta::assert_snapshot!(
        [
            shown("f = Σ_i a_i exp(x_i)", "x_i", "3"),
            shown("f = Σ_i exp(t x_i)", "t", "4"),
            shown("f = Σ_i exp(t x_i)", "t,x_i", "3"),
            shown("f = Σ_i a_i exp(w^T x_i)", "w", "3"),
            shown("f = Σ_{i<j} x_i x_j² + Σ_i sin(x_i)", "x_i", "3"),
        ]
        .concat()
    );
    let claimed = gradus(&["check", "f = Σ_i x_i^3", "--wrt", "x_i", "--order", "3", "--claim", "6 δ_ij δ_jk"]);
    assert_eq!(claimed.code, 0, "{}{}", claimed.stdout, claimed.stderr);
    let wrong = gradus(&["check", "f = Σ_i x_i^3", "--wrt", "x_i", "--order", "3", "--claim", "6 δ_ij"]);
    assert_ne!(wrong.code, 0, "{}{}", wrong.stdout, wrong.stderr);
}

#[test]
fn a_sum_over_all_entries_of_a_product_hands_back_an_array() {
    let shown = |text: &str, wrt: &str| gradus(&["derive", text, "--wrt", wrt]).stdout;
    insta::assert_snapshot!(
        [
            shown("f = Σ_ij (V_ij - (W H)_ij)²", "H_kj"),
            shown("f = Σ_ij (V_ij - (W H)_ij)²", "W_ik"),
            shown("f = Σ_ij M_ij (V_ij - (W H)_ij)²", "W"),
            shown("D = Σ_{ij} (V_ij log(V_ij / (WH)_ij) - V_ij + (WH)_ij)", "H_kj"),
            shown("f = Σ_{i<j} (A B)_ij", "A"),
            shown("f = Σ_i y_i log((A x)_i)", "x"),
        ]
        .concat()
    );
}

#[test]
fn a_place_of_a_largest_member_is_refused_in_plain_text_too() {
    let out = gradus(&["derive", "L = Σ_i c_{k_i}; k_i = argmax_k s_ik", "--wrt", "s_ik"]);
    assert!(out.code != 0 && out.stderr.contains("argmax over an index is a place"), "{}{}", out.stdout, out.stderr);
    let out = gradus(&["derive", "m_i = max_k s_ik; L = Σ_i m_i", "--wrt", "s_ik"]);
    assert_eq!(out.code, 0, "{}{}", out.stdout, out.stderr);
}

#[test]
fn the_largest_and_the_smallest_of_a_set_are_derived() {
    let shown = |text: &str, args: &[&str]| {
        let out = gradus(&[&["derive", text], args].concat());
        assert!(out.stdout.contains("agrees with"), "{}{}", out.stdout, out.stderr);
        out.stdout.lines().filter(|l| !l.contains("agrees with")).map(|l| format!("{l}\n")).collect::<String>()
    };
    insta::assert_snapshot!(
        [
            shown("f_i = max_{j ∈ N(i)} a^T x_j; L = Σ_i c_i f_i", &["--wrt", "a"]),
            shown("L = min_{j∈S} x_j", &["--wrt", "x_j"]),
            shown("L = Σ_i max_{k ≠ y_i} (s_ik - s_{i,y_i})", &["--wrt", "s_ik"]),
            shown("m = max_{j∈S} x_j; L = m²", &["--wrt", "x_j", "--order", "2"]),
            shown("m = max_{j∈S} x_j; L = m²", &["--wrt", "x_j", "--steps"]),
            shown("f_i = max_{j ∈ N(i)} a^T x_j; L = Σ_i c_i f_i", &["--wrt", "a", "--steps", "--format", "latex"]),
        ]
        .concat()
    );
    let out = gradus(&["derive", "L = min_{j∈S} x_j", "--wrt", "S"]);
    assert!(out.code != 0 && out.stderr.contains("says what is in a set"), "{}{}", out.stdout, out.stderr);
}

#[test]
fn what_is_not_in_a_set_is_not_its_largest() {
    let values = std::env::temp_dir().join("gradus-largest-of-a-set.json");
    std::fs::write(&values, r#"{"S": [1, 0, 1], "x": [1, 7, 3]}"#).expect("written");
    let at = values.to_str().expect("a path");
    for (text, value) in [("L = max_{j∈S} x_j²", "[0,0,6]"), ("L = min_{j∈S} x_j²", "[2,0,0]")] {
        let out = gradus(&["derive", text, "--wrt", "x_j", "--at", at]);
        let found = out.stdout.replace(".0", "").replace(' ', "");
        assert!(found.contains(value), "{}{}", out.stdout, out.stderr);
    }
    std::fs::write(&values, r#"{"S": [0, 0, 0], "x": [1, 7, 3]}"#).expect("written");
    let claim = ["check", "L = max_{j∈S} x_j", "--wrt", "x_j", "--claim", "1 - S_j"];
    let out = gradus(&claim);
    assert_ne!(out.code, 0, "{}{}", out.stdout, out.stderr);
}

#[test]
fn the_steps_of_a_largest_member_within_a_function_hold() {
    let out = gradus(&["derive", "m = max_j x_j; L = m²", "--wrt", "x_j", "--steps"]);
    assert!(out.code == 0 && out.stdout.contains("the_one_reached"), "{}{}", out.stdout, out.stderr);
}

/// bug: `--wrt '\beta_k'` was no variable of the document, where `--wrt '\beta'` of an array was one.
#[test]
fn a_member_is_a_target_in_the_spelling_of_its_document() {
    let text = r"s = \sum_k \|y - \beta_k\|^2";
    let plain = gradus(&[text, "--wrt", "β_k"]);
    assert_eq!(plain.code, 0, "{plain:?}");
    for target in [r"\beta_k", "beta_k"] {
        assert_eq!(gradus(&[text, "--wrt", target]).stdout, plain.stdout, "{target}");
    }
}
