//! What the core looks like on the page.

use gradus::internals::expr::*;
use gradus::internals::render::{Notation, Printer, Style, ascii, latex, latex_lines, present, unicode, unicode_wide};

fn size(name: &str) -> Size {
    Size::name(name.into())
}

fn matrix(name: &str, rows: &str, cols: &str) -> Expr {
    variable(name, &Shape::new(size(rows), size(cols)))
}

fn vector(name: &str, rows: &str) -> Expr {
    variable(name, &Shape::vector(size(rows)))
}

fn scalar(name: &str) -> Expr {
    variable(name, &Shape::scalar())
}

fn times(factors: &[&Expr]) -> Expr {
    mul(factors.iter().map(|&e| e.clone()).collect())
}

fn scaled(factors: &[&Expr]) -> Expr {
    had(factors.iter().map(|&e| e.clone()).collect())
}

fn plus(terms: &[&Expr]) -> Expr {
    add(terms.iter().map(|&e| e.clone()).collect())
}

fn t(e: &Expr) -> Expr {
    transpose(e.clone())
}

fn power(e: &Expr, p: i64, q: i64) -> Expr {
    pow(e.clone(), number(Rational::new(p, q)))
}

fn half() -> Expr {
    number(Rational::new(1, 2))
}

/// Names rank as listed.
fn style(names: &[&str]) -> Style {
    Style { rank: names.iter().enumerate().map(|(i, n)| (Name::from(*n), i)).collect(), ..Style::default() }
}

#[track_caller]
fn check(names: &[&str], e: &Expr, plain: &str, pretty: &str, tex: &str) {
    let tree = present(e, &style(names));
    assert_eq!((ascii(&tree).as_str(), unicode(&tree).as_str(), latex(&tree).as_str()), (plain, pretty, tex));
}

fn error_signal() -> Expr {
    let (w, x, b, u) = (matrix("W", "n", "m"), vector("x", "m"), vector("b", "n"), vector("u", "n"));
    let slope = map(Function::Abstract("f".into()), 1, plus(&[&times(&[&w, &x]), &b]));
    scaled(&[&u, &slope])
}

#[test]
fn the_lecture_network() {
    let (w, x) = (matrix("W", "n", "m"), vector("x", "m"));
    let names = ["u", "W", "x", "b"];
    check(
        &names,
        &times(&[&error_signal(), &t(&x)]),
        "(u .* f'(W x + b)) x^T",
        "(u ∘ f'(W x + b)) xᵀ",
        r"(u \circ f'(W x + b)) x^\top",
    );
    check(
        &names,
        &times(&[&t(&w), &error_signal()]),
        "W^T (u .* f'(W x + b))",
        "Wᵀ (u ∘ f'(W x + b))",
        r"W^\top (u \circ f'(W x + b))",
    );
}

#[test]
fn quadratic_forms() {
    let (a, x, b) = (matrix("A", "n", "n"), vector("x", "n"), vector("b", "n"));
    let both = plus(&[&a, &t(&a)]);
    let names = ["x", "A", "b"];
    let gradient = times(&[&half(), &both, &x]);
    check(&names, &gradient, "1/2 (A + A^T) x", "1/2 (A + Aᵀ) x", r"\tfrac{1}{2} (A + A^\top) x");
    let decimal = Style { decimals: true, ..style(&names) };
    assert_eq!(ascii(&present(&gradient, &decimal)), "0.5 (A + A^T) x");
    let sum = plus(&[&times(&[&both, &x]), &neg(b)]);
    check(&names, &sum, "(A + A^T) x - b", "(A + Aᵀ) x - b", r"(A + A^\top) x - b");
    let form = times(&[&t(&x), &a, &x]);
    let exponential = scaled(&[&elementwise(Elementwise::Exp, form.clone()), &gradient]);
    check(
        &names,
        &exponential,
        "1/2 exp(x^T A x) (A + A^T) x",
        "1/2 exp(xᵀ A x) (A + Aᵀ) x",
        r"\tfrac{1}{2} \exp(x^\top A x) (A + A^\top) x",
    );
    check(&names, &div(integer(1), form), "1 / (x^T A x)", "1 / (xᵀ A x)", r"\frac{1}{x^\top A x}");
}

#[test]
fn minus_signs() {
    let (a, x, y) = (matrix("A", "n", "m"), vector("x", "m"), vector("y", "n"));
    let r = plus(&[&times(&[&a, &x]), &neg(y.clone())]);
    let names = ["A", "x", "y"];
    check(&names, &neg(times(&[&a, &x])), "-A x", "-A x", "-A x");
    check(&names, &neg(r.clone()), "-(A x - y)", "-(A x - y)", "-(A x - y)");
    check(&names, &scaled(&[&integer(-2), &r]), "-2 (A x - y)", "-2 (A x - y)", "-2 (A x - y)");
    check(&names, &plus(&[&neg(y.clone()), &neg(times(&[&a, &x]))]), "-A x - y", "-A x - y", "-A x - y");
    let mut by_author = style(&names);
    by_author.orders.insert(r.clone(), vec![neg(y.clone()), times(&[&a, &x])]);
    assert_eq!(ascii(&present(&r, &by_author)), "-y + A x");
}

#[test]
fn quotients() {
    let (x, a, s) = (vector("x", "n"), vector("a", "n"), scalar("s"));
    let difference = plus(&[&x, &neg(a.clone())]);
    let squared = builtin(Builtin::NormSquared, difference.clone());
    let names = ["x", "a", "s"];
    check(
        &names,
        &scaled(&[&difference, &power(&squared, -1, 2)]),
        "(x - a) / norm2(x - a)",
        "(x - a) / ‖x - a‖",
        r"\frac{x - a}{\lVert x - a \rVert}",
    );
    check(
        &names,
        &scaled(&[&integer(-1), &difference, &power(&squared, -3, 2)]),
        "-(x - a) / norm2(x - a)^3",
        "-(x - a) / ‖x - a‖³",
        r"-\frac{x - a}{\lVert x - a \rVert^{3}}",
    );
    check(&names, &power(&x, -1, 1), "1 ./ x", "1 ⊘ x", r"1 \oslash x");
    check(&names, &power(&x, -2, 1), "1 ./ x.^2", "1 ⊘ x.^2", r"1 \oslash x^{\circ 2}");
    check(
        &names,
        &scaled(&[&integer(-1), &a, &x, &power(&x, -2, 1)]),
        "-x .* a ./ x.^2",
        "-x ∘ a ⊘ x.^2",
        r"-x \circ a \oslash x^{\circ 2}",
    );
    let inner = times(&[&t(&a), &x]);
    check(
        &names,
        &scaled(&[&half(), &x, &power(&inner, -1, 1), &power(&s, -1, 2)]),
        "x / (2 sqrt(s) a^T x)",
        "x / (2 sqrt(s) aᵀ x)",
        r"\frac{x}{2 \sqrt{s} a^\top x}",
    );
    let n = size_number(&size("n"));
    check(&names, &scaled(&[&integer(2), &x, &power(&n, -1, 1)]), "2/n x", "2/n x", r"\frac{2}{n} x");
    check(&names, &scaled(&[&x, &power(&n, -1, 1)]), "x / n", "x / n", r"\frac{x}{n}");
}

#[test]
fn scalars_and_chains() {
    let (x, a, lambda) = (vector("x", "n"), vector("a", "n"), scalar("λ"));
    let names = ["a", "x", "λ"];
    let inner = times(&[&t(&a), &x]);
    check(&names, &scaled(&[&inner, &a]), "(a^T x) a", "(aᵀ x) a", r"(a^\top x) a");
    check(
        &names,
        &times(&[&integer(2), &inner, &a, &t(&a)]),
        "2 (a^T x) a a^T",
        "2 (aᵀ x) a aᵀ",
        r"2 (a^\top x) a a^\top",
    );
    check(&names, &scaled(&[&integer(2), &lambda, &x]), "2 λ x", "2 λ x", r"2 \lambda x");
    check(&names, &scaled(&[&integer(2), &x, &a]), "2 a .* x", "2 a ∘ x", r"2 a \circ x");
    check(&names, &scaled(&[&lambda, &x, &a]), "λ (a .* x)", "λ (a ∘ x)", r"\lambda (a \circ x)");
    check(&names, &kron(times(&[&x, &t(&x)]), t(&a)), "(x x^T) ⊗ a^T", "(x xᵀ) ⊗ aᵀ", r"(x x^\top) \otimes a^\top");
    let kappa = scalar("κ");
    let exponent = plus(&[&kappa, &integer(-1)]);
    check(
        &names,
        &scaled(&[&kappa, &pow(lambda.clone(), exponent)]),
        "κ λ^(κ - 1)",
        "κ λ^(κ - 1)",
        r"\kappa \lambda^{\kappa - 1}",
    );
}

#[test]
fn broadcast_terms() {
    let (z, s) = (vector("z", "n"), scalar("s"));
    let all = ones(&Shape::vector(size("n")));
    let names = ["z", "s"];
    let tanh = elementwise(Elementwise::Tanh, z.clone());
    let slope = plus(&[&all, &neg(power(&tanh, 2, 1))]);
    check(&names, &slope, "1 - tanh(z).^2", "1 - tanh(z).^2", r"1 - \tanh(z)^{\circ 2}");
    check(&names, &plus(&[&z, &scaled(&[&s, &all])]), "z + s", "z + s", "z + s");
    check(&names, &scaled(&[&s, &all]), "s ones(n)", "s 𝟏ₙ", r"s \mathbf{1}_n");
    check(&names, &plus(&[&all, &scaled(&[&s, &all])]), "s + ones(n)", "s + 𝟏ₙ", r"s + \mathbf{1}_n");
    let (c, eye) = (matrix("C", "n", "n"), eye(&size("n")));
    let ridge = plus(&[&c, &scaled(&[&s, &eye])]);
    check(&["C", "s"], &times(&[&ridge, &z]), "(C + s I) z", "(C + s I) z", "(C + s I) z");
    check(&[], &eye, "eye(n)", "Iₙ", "I_n");
}

#[test]
fn postfix_operators() {
    let (x, y) = (matrix("X", "n", "n"), matrix("Y", "n", "n"));
    let names = ["X", "Y"];
    check(&names, &t(&inverse(x.clone())), "X^-T", "X⁻ᵀ", r"X^{-\top}");
    check(&names, &inverse(times(&[&x, &y])), "(X Y)^-1", "(X Y)⁻¹", "(X Y)^{-1}");
    check(&names, &t(&matrix_power(x.clone(), 2)), "(X^2)^T", "(X²)ᵀ", r"(X^{2})^\top");
    check(&names, &matrix_power(x.clone(), -2), "X^-2", "X⁻²", "X^{-2}");
    check(&names, &matrix_power(x.clone(), 12), "X^12", "X¹²", "X^{12}");
    let squared = builtin(Builtin::NormSquared, x.clone());
    check(&names, &squared, "normF(X)^2", "‖X‖_F²", r"\lVert X \rVert_F^{2}");
    let nested = builtin(Builtin::NormSquared, scaled(&[&power(&squared, 1, 2), &x]));
    check(
        &names,
        &power(&nested, 1, 2),
        "normF(normF(X) X)",
        "‖(‖X‖_F X)‖_F",
        r"\lVert (\lVert X \rVert_F X) \rVert_F",
    );
}

#[test]
fn names_in_each_notation() {
    for (plain, pretty, tex) in [
        ("W_1", "W₁", "W_1"),
        ("W_12", "W₁₂", "W_{12}"),
        ("x_Paris", "x_Paris", r"x_{\mathrm{Paris}}"),
        ("y_hat", "ŷ", r"\hat{y}"),
        ("y_hat_1", "ŷ₁", r"\hat{y}_1"),
        ("μ", "μ", r"\mu"),
        ("σ_tilde", "σ\u{303}", r"\tilde{\sigma}"),
        ("δ_z", "δ_z", r"\delta_z"),
        ("loss", "loss", r"\mathrm{loss}"),
    ] {
        check(&[], &vector(plain, "n"), plain, pretty, tex);
    }
    let partial = variable(Symbol::partial(&"z_1".into(), &"x_2".into()), &Shape::vector(size("n")));
    check(&[], &partial, "∂z_1/∂x_2", "∂z₁/∂x₂", r"\frac{\partial z_1}{\partial x_2}");
}

#[test]
fn functions_and_blocks() {
    let (x, z) = (matrix("X", "n", "m"), vector("z", "n"));
    let names = ["X", "z"];
    let sigma = map(Function::Builtin(Elementwise::Sigmoid), 1, z.clone());
    check(&names, &sigma, "sigmoid'(z)", "σ'(z)", r"\sigma'(z)");
    let rows = builtin(Builtin::Softmax(Axis::Rows), x.clone());
    check(&names, &rows, "softmax(X, rows)", "softmax(X, rows)", r"\operatorname{softmax}(X, \mathrm{rows})");
    let stack = Expr::node(Op::Block { rows: 2, cols: 1 }, vec![z.clone(), z.clone()]);
    check(&names, &stack, "[z; z]", "[z; z]", r"\begin{bmatrix} z \\ z \end{bmatrix}");
    let range = |a: i64, b: &str| Range { first: Size::constant(a), last: size(b) };
    let part = Expr::node(Op::Slice { rows: range(2, "k"), cols: range(1, "m") }, vec![x.clone()]);
    check(&names, &part, "X[2..k, 1..m]", "X[2..k, 1..m]", "X[2..k, 1..m]");
    let diagonal = builtin(Builtin::Diag, z.clone());
    check(&names, &diagonal, "diag(z)", "diag(z)", r"\operatorname{diag}(z)");
}

#[test]
fn steps_show_differentials() {
    let (x, y) = (matrix("X", "n", "n"), matrix("Y", "n", "n"));
    let tree = present(&inner(y.clone(), differential(times(&[&x, &y]))), &style(&[]));
    let steps = |n| Printer::of_steps(n).line(&tree);
    assert_eq!(steps(Notation::Ascii), "ip(Y, d(X Y))");
    assert_eq!(steps(Notation::Unicode), "⟨Y, d(X Y)⟩");
    assert_eq!(steps(Notation::Latex), r"\langle Y, \mathrm{d}(X Y) \rangle");
    let dx = present(&differential(x), &style(&[]));
    assert_eq!(Printer::of_steps(Notation::Unicode).line(&dx), "dX");
    assert_eq!(unicode(&dx), "d(X)");
}

#[test]
fn long_formulas_break_at_sums() {
    let x = vector("x", "n");
    let terms: Vec<Expr> = ["A", "B", "C", "D"].iter().map(|m| times(&[&matrix(m, "n", "n"), &x])).collect();
    let tree = present(&add(terms), &style(&[]));
    assert_eq!(unicode_wide(&tree, 10), "A x + B x\n  + C x\n  + D x");
    assert_eq!(unicode_wide(&tree, 13), "A x + B x\n  + C x + D x");
    assert_eq!(unicode_wide(&tree, 40), "A x + B x + C x + D x");
    assert_eq!(latex_lines(&tree, 10), ["A x + B x", "+ C x + D x"]);
}
