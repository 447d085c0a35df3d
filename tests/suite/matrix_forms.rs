//! Sums over indices, members and entries: how they are written, and which matrices they become.

use super::binary::gradus;
use gradus::internals::derive::derive_program;
use gradus::internals::diag::Span;
use gradus::internals::expr::*;
use gradus::internals::index::lift;
use gradus::internals::program::{Definition, Input, Program};
use gradus::internals::render::{Notation, Printer, Style, ascii, latex, present, unicode};

fn size(name: &str) -> Size {
    Size::name(name.into())
}

fn vector(name: &str, rows: &str) -> Expr {
    variable(name, &Shape::vector(size(rows)))
}

fn scalar(name: &str) -> Expr {
    variable(name, &Shape::scalar())
}

fn places(at: &str) -> Vec<Place> {
    let place = |p: &str| match p.split_once(['+', '-']) {
        Some((letter, n)) => {
            let offset: i64 = p[letter.len()..].parse().unwrap_or_else(|_| panic!("{n}"));
            Place::at(&letter.into()).shifted(&Size::constant(offset))
        }
        None => Place::at(&p.into()),
    };
    at.split(',').map(place).collect()
}

fn member(family: &str, at: &str, shape: &Shape) -> Expr {
    variable(Indexed::Member { family: Symbol::from(&Name::from(family)), at: places(at) }.symbol(), shape)
}

/// A member that is a scalar.
fn number_of(family: &str, at: &str) -> Expr {
    member(family, at, &Shape::scalar())
}

fn column_of(family: &str, at: &str) -> Expr {
    member(family, at, &Shape::vector(size("d")))
}

fn entry(of: Expr, at: &str) -> Expr {
    variable(Indexed::Entry { of, at: places(at) }.symbol(), &Shape::scalar())
}

/// i = 1, …, n; j likewise where the letters are `i, j`.
fn over(letters: &str, last: &str) -> Vec<Index> {
    letters.split(',').map(|l| Index::to(l.into(), size(last))).collect()
}

fn when(left: &str, relation: Comparator, right: &str) -> PlaceCondition {
    PlaceCondition { left: places(left).remove(0), relation, right: places(right).remove(0) }
}

fn gathered(by: Gathering, over: Vec<Index>, when: Vec<PlaceCondition>, body: Expr) -> Expr {
    let shape = body.shape().clone();
    variable(Indexed::Gathered { by, over, when, body }.symbol(), &shape)
}

fn total(letters: &str, last: &str, body: Expr) -> Expr {
    gathered(Gathering::Sum, over(letters, last), vec![], body)
}

fn times(factors: &[&Expr]) -> Expr {
    mul(factors.iter().map(|&e| e.clone()).collect())
}

fn scaled(factors: &[&Expr]) -> Expr {
    had(factors.iter().map(|&e| e.clone()).collect())
}

fn t(e: &Expr) -> Expr {
    transpose(e.clone())
}

fn squared(e: Expr) -> Expr {
    pow(e, integer(2))
}

/// The families x of columns, u and v too, and y, a, p of scalars; A, K, M of two indices; all over n.
fn program(main: Expr) -> Program {
    let mut program = Program { sizes: vec!["n".into(), "d".into()], ..Program::default() };
    let (one, two) = (over("i", "n"), over("i,j", "n"));
    let column = Shape::vector(size("d"));
    for (name, plate, shape) in [
        ("y", &one, Shape::scalar()),
        ("a", &one, Shape::scalar()),
        ("p", &one, Shape::scalar()),
        ("A", &two, Shape::scalar()),
        ("M", &two, Shape::scalar()),
        ("x", &one, column.clone()),
        ("u", &one, column.clone()),
        ("v", &one, column.clone()),
    ] {
        program.plates.insert(Symbol::from(&Name::from(name)), plate.clone());
        program.inputs.push(input(name, shape));
    }
    program.inputs.push(input("w", column));
    program.inputs.push(input("b", Shape::scalar()));
    let s = Symbol::from(&Name::from("s"));
    program.definitions.push(Definition { name: s.clone(), value: main, written: None, span: Span::default() });
    program.main = Some(s);
    program
}

fn input(name: &str, shape: Shape) -> Input {
    Input { name: Symbol::from(&Name::from(name)), shape, attributes: vec![], declared: true, span: Span::default() }
}

/// y_i − wᵀ x_i
fn residual() -> Expr {
    sub(number_of("y", "i"), times(&[&t(&vector("w", "d")), &column_of("x", "i")]))
}

#[test]
fn sums_members_and_entries_are_written_as_authors_write_them() {
    let style = Style::new(&program(integer(1)));
    let x = |at| column_of("x", at);
    let difference = gathered(
        Gathering::Sum,
        vec![Index { letter: "t".into(), first: Size::constant(2), last: size("n") }],
        vec![],
        squared(sub(number_of("y", "t"), number_of("y", "t-1"))),
    );
    let others = gathered(
        Gathering::Sum,
        over("j", "n"),
        vec![when("i", Comparator::Different, "j")],
        scaled(&[&number_of("A", "i,j"), &x("j")]),
    );
    let pairs =
        gathered(Gathering::Sum, over("i,j", "n"), vec![when("i", Comparator::Less, "j")], number_of("A", "i,j"));
    let delta = gathered(Gathering::Sum, vec![], vec![when("i", Comparator::Equal, "j")], integer(1));
    let inside = gathered(Gathering::Sum, vec![], vec![when("i", Comparator::Less, "j")], number_of("y", "i"));
    let scores = total("j", "n", elementwise(Elementwise::Exp, number_of("y", "j")));
    for (e, plain, sign, tex) in [
        (
            scaled(&[&integer(-2), &total("i", "n", scaled(&[&residual(), &x("i")]))]),
            "-2 sum(i, (y_i - w^T x_i) x_i)",
            "-2 Σᵢ (yᵢ - wᵀ xᵢ) xᵢ",
            r"-2 \sum_i (y_i - w^\top x_i) x_i",
        ),
        (
            total("i", "n", add(vec![number_of("y", "i"), number_of("a", "i")])),
            "sum(i, y_i + a_i)",
            "Σᵢ (yᵢ + aᵢ)",
            r"\sum_i (y_i + a_i)",
        ),
        (
            times(&[&total("i", "n", x("i")), &t(&vector("w", "d"))]),
            "sum(i, x_i) w^T",
            "(Σᵢ xᵢ) wᵀ",
            r"\left(\sum_i x_i\right) w^\top",
        ),
        (add(vec![total("i", "n", x("i")), vector("w", "d")]), "sum(i, x_i) + w", "Σᵢ xᵢ + w", r"\sum_i x_i + w"),
        (difference, "sum(t = 2..n, (y_t - y_{t-1})^2)", "Σ_{t=2}^n (yₜ - yₜ₋₁)²", r"\sum_{t=2}^n (y_t - y_{t-1})^{2}"),
        (others, "sum(j != i, A_ij x_j)", "Σ_{j≠i} Aᵢⱼ xⱼ", r"\sum_{j \ne i} A_{ij} x_j"),
        (pairs, "sum(i < j, A_ij)", "Σ_{i<j} Aᵢⱼ", r"\sum_{i < j} A_{ij}"),
        (delta, "δ_ij", "δᵢⱼ", r"\delta_{ij}"),
        (inside, "[i < j] y_i", "[i < j] yᵢ", r"[i < j] y_i"),
        (
            div(elementwise(Elementwise::Exp, number_of("y", "i")), scores),
            "exp(y_i) / sum(j, exp(y_j))",
            "exp(yᵢ) / (Σⱼ exp(yⱼ))",
            r"\frac{\exp(y_i)}{\sum_j \exp(y_j)}",
        ),
        (
            gathered(Gathering::Expectation, over("i", "n"), vec![], times(&[&x("i"), &t(&x("i"))])),
            "E[x x^T]",
            "E[x xᵀ]",
            r"\mathbb{E}\left[ x x^\top \right]",
        ),
        (
            entry(times(&[&variable("B", &Shape::new(size("n"), size("d"))), &vector("w", "d")]), "i"),
            "(B w)_i",
            "(B w)ᵢ",
            r"(B w)_i",
        ),
        (total("i", "n", scalar("b")), "sum(i = 1..n, b)", "Σ_{i=1}^n b", r"\sum_{i=1}^n b"),
    ] {
        let ast = present(&e, &style);
        assert_eq!([ascii(&ast), unicode(&ast), latex(&ast)], [plain, sign, tex]);
    }
}

#[test]
fn typst_and_mathml_have_indices_below_and_above() {
    let style = Style::new(&program(integer(1)));
    let sum = present(&total("k", "n", scaled(&[&scalar("b"), &entry(vector("w", "d"), "k")])), &style);
    assert_eq!(Printer::new(Notation::Typst).line(&sum), "sum_(k=1)^n w_(k) b");
    let mathml = Printer::new(Notation::MathMl).line(&sum);
    assert!(mathml.contains("<munderover><mo>∑</mo><mrow><mi>k</mi><mo>=</mo><mn>1</mn></mrow>"), "{mathml}");
}

/// The matrix form of a document, and of its derivative by one of its variables.
fn lifted(main: Expr, wrt: &str) -> (String, String) {
    let lifted = lift(&program(main)).expect("a matrix form");
    let value = lifted.program.definitions.last().expect("a definition").value.clone();
    let style = Style::new(&lifted.program);
    let options = gradus::Options::default().with_respect_to([wrt]);
    let d = derive_program(lifted.program, &options).expect("a derivation");
    let result = d.derivatives[0].inlined.clone().unwrap_or_else(|| d.derivatives[0].result.clone());
    assert!(d.check.as_ref().is_some_and(|c| c.max_rel_error < 1e-7));
    (ascii(&present(&value, &style)), ascii(&present(&result, &style)))
}

#[test]
fn indexed_documents_become_matrices() {
    let x = |at| column_of("x", at);
    let score = |at| times(&[&t(&vector("w", "d")), &x(at)]);
    let f = |e: Expr| map(Function::Builtin(Elementwise::Sigmoid), 0, e);
    let pair = times(&[&t(&column_of("u", "i")), &column_of("v", "j")]);
    let masked = scaled(&[&number_of("M", "i,j"), &squared(sub(number_of("A", "i,j"), pair))]);
    let distance = builtin(Builtin::NormSquared, sub(x("i"), x("j")));
    let weighted = scaled(&[&number_of("a", "i"), &number_of("a", "j"), &number_of("A", "i,j")]);
    let centred = sub(x("i"), vector("w", "d"));
    let mut found = String::new();
    for (e, wrt) in [
        (total("i", "n", squared(residual())), "w"),
        (total("i", "n", squared(residual())), "X"),
        (total("i", "n", squared(residual())), "y"),
        (total("i", "n", scaled(&[&number_of("a", "i"), &f(score("i"))])), "w"),
        (gathered(Gathering::Mean, over("i", "n"), vec![], f(add(vec![score("i"), scalar("b")]))), "b"),
        (total("i,j", "n", masked.clone()), "U"),
        (total("i,j", "n", masked), "A"),
        (total("i,j", "n", weighted), "a"),
        (total("i,j", "n", elementwise(Elementwise::Exp, neg(distance))), "X"),
        (total("i", "n", builtin(Builtin::NormSquared, centred)), "w"),
        (
            builtin(
                Builtin::LogDet,
                add(vec![
                    eye(&size("d")),
                    total("i", "n", scaled(&[&number_of("a", "i"), &times(&[&x("i"), &t(&x("i"))])])),
                ]),
            ),
            "a",
        ),
        (
            gathered(
                Gathering::Sum,
                over("i,j", "n"),
                vec![when("i", Comparator::Less, "j")],
                squared(number_of("A", "i,j")),
            ),
            "A",
        ),
        (total("i", "n", number_of("A", "i,i")), "A"),
        (
            gathered(
                Gathering::Sum,
                vec![Index { letter: "t".into(), first: Size::constant(2), last: size("n") }],
                vec![],
                squared(sub(number_of("y", "t"), number_of("y", "t-1"))),
            ),
            "y",
        ),
    ] {
        let (value, result) = lifted(e, wrt);
        found.push_str(&format!("{value}    d/d{wrt}: {result}\n"));
    }
    insta::assert_snapshot!(found);
}

#[test]
fn what_needs_three_sides_has_no_matrix_form() {
    let x = |at| column_of("x", at);
    let tanh = |e: Expr| elementwise(Elementwise::Tanh, e);
    let triple = total("i,j", "n", builtin(Builtin::Sum(Axis::All), tanh(sub(x("i"), x("j")))));
    assert!(lift(&program(triple)).is_none());
    let largest = gathered(Gathering::Maximum, over("i", "n"), vec![], number_of("y", "i"));
    assert!(lift(&program(largest)).is_none());
    let beyond = total("i", "n", number_of("y", "i+1"));
    assert!(lift(&program(beyond)).is_none());
}

/// What a page says below `as matrices`.
fn matrices_of(text: &str, wrt: &str, order: u32) -> String {
    let document: gradus::Document = text.parse().expect("a document");
    let options = gradus::Options::default().with_respect_to(wrt.split(',')).order(order);
    let page = document.derive(&options).expect("a derivation").text(&gradus::Report::default());
    let from = page.find("as matrices").map_or("", |at| &page[at..]);
    // the shapes stand to the right
    let line = |l: &str| l.rsplit_once("    ").map_or(l, |(line, _)| line).trim_end().to_owned() + "\n";
    from.lines().take_while(|l| !l.is_empty()).map(line).collect()
}

#[track_caller]
fn shows(text: &str, wrt: &str, order: u32, expected: &[&str]) {
    assert_eq!(matrices_of(text, wrt, order).lines().map(str::trim_end).collect::<Vec<_>>(), expected, "{text}");
}

#[test]
fn pages_show_matrices_with_their_stackings() {
    shows(
        "s = sum(i = 1..n, (y_i - w^T x_i)^2)",
        "w,x_i",
        1,
        &["as matrices, where X stacks xᵢᵀ as rows:", "∂s/∂w = 2 Xᵀ (X w - y)", "∂s/∂X = 2 (X w - y) wᵀ"],
    );
    shows("s = sum(i, sum(j, A_ij x_i y_j))", "A_ij,x_i", 1, &["as matrices:", "∂s/∂A = x yᵀ", "∂s/∂x = A y"]);
}

#[test]
fn second_derivatives_have_matrices() {
    shows(
        "s = 1/2 sum(i = 1..n, c_i (y_i - w^T x_i)^2)",
        "w",
        2,
        &["as matrices, where X stacks xᵢᵀ as rows:", "∂²s/∂w∂wᵀ = Xᵀ diag(c) X"],
    );
    shows(
        "s = sum(i, sum(j, a_i B_ij d_j))",
        "a_i,d_j",
        2,
        &["as matrices:", "∂²s/∂a∂aᵀ = zeros(n, n)", "∂²s/∂a∂dᵀ = B", "∂²s/∂d∂aᵀ = Bᵀ", "∂²s/∂d∂dᵀ = zeros(m, m)"],
    );
}

#[test]
fn squares_of_all_entries_are_a_norm_in_matrices() {
    shows(
        "E = λ sum(i = 1..n, ‖u_i‖^2); λ: scalar; u_i: m",
        "λ",
        1,
        &["as matrices, where U stacks uᵢᵀ as rows:", "∂E/∂λ = ‖U‖_F²"],
    );
}

#[test]
fn what_is_inverted_has_a_name_in_matrices() {
    shows(
        "f = log(det(sum(i = 1..n, a_i x_i x_i^T)))",
        "a_i",
        1,
        &["as matrices, where X stacks xᵢᵀ as rows:", "M     = Xᵀ diag(a) X", "∂f/∂a = diag(X M⁻¹ Xᵀ)"],
    );
}

#[test]
fn matrices_that_are_far_longer_than_their_sums_are_not_shown() {
    shows("s = sum(i, sum(j, a_i a_j exp(-‖x_i - x_j‖^2)))", "x_i", 1, &[]);
}

/// Changes along a direction have a form over whole arrays as gradients have; the direction of a family is stacked as it is.
#[test]
fn products_and_differentials_in_matrices() {
    const LOGISTIC: &str = "L = sum(i, log(1 + exp(-y_i w^T x_i)))";
    const LAYER: &str = "z_i = sum(j, W_ij x_j) + b_i; s = sum(i, u_i tanh(z_i))";
    for (text, args, expected) in [
        (LOGISTIC, &["--wrt", "w", "--hvp", "v"][..], "(∂²L/∂w²)[v] = Xᵀ ("),
        (LOGISTIC, &["--wrt", "x_i", "--hvp", "v"], "(∂²L/∂X²)[V] ="),
        (LOGISTIC, &["--wrt", "x", "--jvp", "v"], "(∂L/∂X)[V] = -sum(y ∘ σ(-y ∘ (X w)) ∘ (V w))"),
        (LOGISTIC, &["--wrt", "w", "--vjp", "g"], "(∂L/∂w)ᵀ[g] = -g Xᵀ (y ∘ σ(-y ∘ (X w)))"),
        (LOGISTIC, &["--wrt", "x", "--form", "differential"], "dL = -sum(y ∘ σ(-y ∘ (X w)) ∘ (dX w))"),
        (LAYER, &["--of", "z", "--wrt", "W", "--vjp", "g"], "(∂z/∂W)ᵀ[g] = g xᵀ"),
    ] {
        let out = gradus(&[&["derive", text], args].concat());
        assert!(out.stdout.contains(expected), "{text} {args:?}: {}{}", out.stdout, out.stderr);
    }
}

/// Of labels the array of brackets has a name, as authors give it one.
#[test]
fn brackets_of_labels_have_a_name_in_matrices() {
    let text = r"L = -\sum_{i=1}^N \log \frac{\exp(z_{i y_i})}{\sum_k \exp(z_{ik})}";
    let out = gradus(&["derive", text, "--wrt", "z_ik"]);
    assert!(out.stdout.contains("∂L/∂z = softmax(z, rows) - Y "), "{}{}", out.stdout, out.stderr);
    assert!(out.stdout.contains("Y     = iszero("), "{}", out.stdout);
}

/// What has a form over whole arrays has code for every target, products with a direction too.
#[test]
fn products_with_directions_have_code_for_targets_without_plates() {
    let text = "L = sum(i, log(1 + exp(-y_i w^T x_i)))";
    for target in ["c", "rust", "matlab"] {
        for args in [["--wrt", "w", "--hvp", "v"], ["--wrt", "x", "--hvp", "v"], ["--wrt", "w", "--jvp", "v"]] {
            let out = gradus(&[&["code", text, "--target", target], &args[..]].concat());
            assert_eq!(out.code, 0, "{target} {args:?}: {}", out.stderr);
        }
    }
}
