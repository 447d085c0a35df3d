//! Texts that are long, deep or wide, by what makes them so.

/// How long the texts are. An unoptimised binary gets shorter ones.
const BYTES: usize = if cfg!(debug_assertions) { 6_000 } else { 64 << 10 };

/// As many pieces as fit, numbered from 0.
fn pieces(separator: &str, piece: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for i in 0.. {
        let next = piece(i);
        if text.len() + separator.len() + next.len() > BYTES - 200 {
            break;
        }
        if i > 0 {
            text += separator;
        }
        text += &next;
    }
    text
}

/// How many pieces of this length fit.
fn fit(length: usize) -> usize {
    (BYTES - 200) / length
}

fn nested(open: &str, middle: &str, close: &str) -> String {
    let depth = fit(open.len() + close.len());
    open.repeat(depth) + middle + &close.repeat(depth)
}

/// The same to a depth the language allows.
fn nested_to(depth: usize, open: &str, middle: &str, close: &str) -> String {
    open.repeat(depth) + middle + &close.repeat(depth)
}

fn repeated(piece: &str, separator: &str) -> String {
    vec![piece; fit(piece.len() + separator.len())].join(separator)
}

/// A chain of definitions, with what comes before and after it.
fn chain(before: &str, line: impl Fn(usize) -> String, after: impl Fn(usize) -> String) -> String {
    let lines = pieces("\n", line);
    let count = lines.lines().count();
    format!("{before}\n{lines}\n{}", after(count))
}

pub fn deep() -> Vec<(&'static str, String)> {
    vec![
        ("parentheses", nested("(", "x", ")")),
        ("open parentheses", "(".repeat(BYTES)),
        ("brackets", nested("[", "x", "]")),
        ("stacks in stacks", nested("[", "x", "; y]")),
        ("calls", nested("sin(", "x", ")")),
        ("200 calls", "x: scalar; ".to_owned() + &nested_to(200, "sin(", "x", ")")),
        ("200 calls with products", "x: scalar; ".to_owned() + &nested_to(200, "tanh(1 + x ", "x", ")")),
        ("200 squares", nested_to(200, "(", "α", " + β)^2")),
        ("100 quotients", "x: scalar; ".to_owned() + &nested_to(100, "1/(1 + ", "x", ")")),
        ("100 inverses", format!("tr({})", nested_to(100, "(A + ", "B", ")^-1"))),
        ("200 layers in a term", format!("sum({})", nested_to(200, "tanh(W ", "x", ")"))),
        ("200 softmaxes", format!("sum({})", nested_to(200, "softmax(", "x", ")"))),
        ("60 exponentials", "x: scalar; ".to_owned() + &nested_to(60, "exp(", "x", ")")),
        ("norms", "||".repeat(fit(2)) + "x"),
        ("fractions", nested("\\frac{1}{", "x", "}")),
        ("LaTeX brackets", nested("\\left(", "x", "\\right)")),
        ("hats", nested("\\hat{", "x", "}")),
        ("minus signs", "-".repeat(fit(1)) + "x"),
        ("signs", "+-".repeat(fit(2)) + "x"),
        ("primes of a variable", "x".to_owned() + &"'".repeat(fit(1))),
        ("primes of a function", format!("f{}(x)", "'".repeat(fit(1)))),
        ("primes of tanh", format!("tanh{}(x)", "'".repeat(fit(1)))),
        ("transposes", "x".to_owned() + &"^T".repeat(fit(2))),
        ("inverses", "A".to_owned() + &"^-1".repeat(fit(3))),
        ("powers", "x: scalar; x".to_owned() + &"^2".repeat(fit(2))),
        ("slices", "x".to_owned() + &"[1..5]".repeat(fit(6))),
        ("open environments", "\\begin{bmatrix}".repeat(fit(15))),
        ("open calls", "q(".repeat(fit(2))),
    ]
}

pub fn powers() -> Vec<(&'static str, String)> {
    let digits = "9".repeat(fit(1));
    vec![
        ("x^999999999", "x: scalar; x^999999999".into()),
        ("X^999999999", "X^999999999".into()),
        ("X^1000", "tr(X^1000)".into()),
        ("X^-1000", "tr(X^-1000)".into()),
        ("X^17", "tr(X^17)".into()),
        ("X^17 as a matrix", "X: 3 x 3; X^17".into()),
        ("10^10^10", "x: scalar; x 10^10^10".into()),
        ("9^9^9^9", "x: scalar; x + 9^9^9^9".into()),
        ("2^-1000000000", "x: scalar; x 2^(-1000000000)".into()),
        ("(1/3)^99999", "x: scalar; x (1/3)^99999".into()),
        ("digits", format!("x: scalar; x {digits}")),
        ("digits after the point", format!("x: scalar; x 0.{digits}")),
        ("digits in an exponent", format!("x: scalar; x^{digits}")),
        ("digits in a denominator", format!("x: scalar; x^(1/{digits})")),
        ("1e999999999", "x: scalar; x 1e999999999".into()),
        ("1e-999999999", "x: scalar; x 1e-999999999".into()),
        ("numbers of 900 digits", format!("x: scalar; x {}", repeated(&"9".repeat(900), " * "))),
    ]
}

/// Comments, heads of functions, paths, sizes and second values, as many as half a million bytes hold.
pub fn programs() -> Vec<(&'static str, String)> {
    let many = |piece: &str| piece.repeat((512 << 10) / piece.len());
    vec![
        ("comments", many("# a\n") + "s = x^T x"),
        ("comments of MATLAB", many("% a\n") + "s = x^T x"),
        ("functions of Python", many("def f(x):\n")),
        ("functions of MATLAB", many("function f(x)\n")),
        ("functions of R", many("f <- function(x) { f(1) f(2) }\n")),
        ("one path", "s = ".to_owned() + &many("np.a.b.c.d")),
        ("open sizes", "s = ".to_owned() + &many("x.size( ")),
        ("open second values", "s = ".to_owned() + &many("slogdet(")),
        ("second values", "s = ".to_owned() + &many("slogdet(K)[1] + ") + "x"),
        ("signs above names", "s = ".to_owned() + &many("w^T z^+ + ") + "1"),
        ("concentrations", "v = ".to_owned() + &many("V[S] [E]_0 + ") + "1"),
        ("primed arguments", "d = ".to_owned() + &many("f(s') + f(s) + ") + "1"),
        ("values at one time", "\\dot x(t) = ".to_owned() + &many("x(t) + ") + "1"),
        ("doses", "E = \\frac12 + ".to_owned() + &many("EC_{50} + ") + "1"),
        ("optima", many("\\min_x ") + "x^T x"),
        ("commas", "s = f + g".to_owned() + &many(", 1 a")),
        ("bounds by name", "y = ".to_owned() + &many("np.clip(x, a_min=0, a_max=1) + ") + "1"),
    ]
}

pub fn wide() -> Vec<(&'static str, String)> {
    vec![
        ("x + x + …", repeated("x", " + ")),
        ("a sum of names", pieces(" + ", |i| format!("x_{i}"))),
        ("a sum of squares", pieces(" + ", |i| format!("‖x_{i}‖^2"))),
        ("200 quadratic forms", (0..200).map(|i| format!("x^T A_{i} x")).collect::<Vec<_>>().join(" + ")),
        ("a sum of products", format!("sum({})", pieces(" + ", |i| format!("A_{i} x_{i}")))),
        ("determinants", pieces(" + ", |i| format!("det(A_{i})"))),
        ("scalars", pieces(" ", |i| format!("λ_{i}"))),
        ("one scalar", "x: scalar; ".to_owned() + &repeated("x", " ")),
        ("matrices", format!("tr({})", pieces(" ", |i| format!("A_{i}")))),
        ("one matrix", format!("tr({})", repeated("A", " "))),
        ("500 times one matrix", format!("tr({})", vec!["A"; 500].join(" "))),
        ("Hadamard products", format!("sum({})", pieces(" .* ", |i| format!("x_{i}")))),
        ("quotients", "x: scalar; ".to_owned() + &repeated("x", " / ")),
        ("Kronecker products", format!("tr({})", pieces(" ⊗ ", |i| format!("A_{i}")))),
        ("quadratic forms without a transpose", repeated("x A x - b x", " + ")),
        ("squares without a transpose", repeated("(y - X w)(y - X w)", " + ")),
        ("fields", repeated("\\mathbf E^2", " + ")),
        ("thresholds", repeated("np.where(np.abs(r) <= d, r, d)", " + ")),
        ("20 Kronecker products", format!("tr({})", vec!["A"; 20].join(" ⊗ "))),
        ("sums multiplied", pieces(" ", |i| format!("(α_{i} + β_{i})"))),
        ("equal sums multiplied", "x: scalar; y: scalar; ".to_owned() + &repeated("(x + y)", " ")),
        ("matrix sums multiplied", format!("tr({})", repeated("(A + B)", " "))),
        ("a sum squared", format!("({})^2", pieces(" + ", |i| format!("α_{i}")))),
        ("a literal column", format!("x^T [{}]", repeated("1", "; "))),
        ("a literal matrix", format!("x^T [{}] y", repeated(&vec!["1"; 100].join(", "), "; "))),
        ("a stack of scalars", format!("‖[{}]‖^2", pieces("; ", |i| format!("λ_{i}")))),
        ("a stack of columns", format!("sum([{}])", pieces("; ", |i| format!("x_{i}")))),
        ("a row of columns", format!("sum([{}])", pieces(", ", |i| format!("x_{i}")))),
        ("logsumexp of a stack", format!("logsumexp([{}])", pieces("; ", |i| format!("x_{i}")))),
        (
            "a Jacobian of 300 scalars",
            format!("[{}]", (0..300).map(|i| format!("λ_{i}^2")).collect::<Vec<_>>().join("; ")),
        ),
    ]
}

pub fn definitions() -> Vec<(&'static str, String)> {
    let last = |name: &'static str| move |n: usize| format!("s = sum({name}_{n})");
    vec![
        ("tanh after tanh", chain("h_0 = W x", |i| format!("h_{} = tanh(h_{i})", i + 1), last("h"))),
        ("layers", chain("", |i| format!("h_{} = f(W_{i} h_{i} + b_{i})", i + 1), last("h"))),
        ("residuals", chain("h_0 = x", |i| format!("h_{} = h_{i} + tanh(W h_{i})", i + 1), last("h"))),
        ("squares of squares", chain("a_0: scalar", |i| format!("a_{} = a_{i} a_{i}", i + 1), last("a"))),
        ("sums of squares", chain("a_0: scalar", |i| format!("a_{} = a_{i} + a_{i}^2", i + 1), last("a"))),
        (
            "Fibonacci",
            chain("a_0: scalar; a_1: scalar", |i| format!("a_{} = a_{} a_{i}", i + 2, i + 1), |n| format!("s = a_{n}")),
        ),
        (
            "Fibonacci of columns",
            chain("a_0: n; a_1: n", |i| format!("a_{} = tanh(a_{}) .* a_{i}", i + 2, i + 1), last("a")),
        ),
        ("matrices squared", chain("A_0: n x n", |i| format!("A_{} = A_{i} A_{i}", i + 1), |n| format!("tr(A_{n})"))),
        (
            "functions of functions",
            chain("g_0(t) = t^2", |i| format!("g_{}(t) = g_{i}(g_{i}(t))", i + 1), |n| format!("x: scalar; g_{n}(x)")),
        ),
        (
            "functions in a chain",
            chain("g_0(t) = t^2", |i| format!("g_{}(t) = sin(g_{i}(t))", i + 1), |n| format!("x: scalar; g_{n}(x)")),
        ),
        ("apart", chain("", |i| format!("y_{i} = A_{i} x_{i}"), |_| "s = sum(y_0)".into())),
        ("linked sizes", chain("", |i| format!("y_{i} = x_{i} + x_{}", i + 1), |_| "s = sum(y_0)".into())),
        ("declarations", chain("", |i| format!("x_{i}: n_{i}"), |_| "x_1^T x_1".into())),
        ("clashes", chain("A: n x m; x: n", |i| format!("y_{i} = A x"), |_| "s = sum(y_0)".into())),
        ("half declarations", chain("", |i| format!("x_{i}: n x"), |_| "x_1".into())),
        ("one declaration again and again", repeated("x: n", "\n")),
        ("a cycle", chain("", |i| format!("a_{i} = a_{}", i + 1), |n| format!("a_{n} = a_0"))),
        ("calls of misspelt functions", chain("", |i| format!("y_{i} = sni(x_{i})"), |_| "s = sum(y_0)".into())),
    ]
}

pub fn sizes() -> Vec<(&'static str, String)> {
    let literal = [
        ("100000", "A: 100000 x 100000; tr(A)"),
        ("a million", "x: 1000000; x^T x"),
        ("logdet of 1500", "A: 1500 x 1500; logdet(A)"),
        ("inverse of 1500", "A: 1500 x 1500; tr(A^-1)"),
        ("product of 1500", "A: 1500 x 1500; tr(A A)"),
        ("norm of 1500", "A: 1500 x 1500; x: 1500; ‖A x‖^2"),
        ("norm of 1000", "A: 1000 x 1000; x: 1000; ‖A x‖^2"),
        ("logdet of 300", "A: 300 x 300; logdet(A)"),
        ("det of a singular 100", "x: 100; det(x x^T)"),
        ("log of a negative 250", "A: 250 x 250; log(-tr(A A^T))"),
        ("Jacobian of a 60 x 60 product", "A: 60 x 60; A A"),
        ("Kronecker product of 50", "A: 50 x 50; B: 50 x 50; ‖A ⊗ B‖_F^2"),
        ("5d to the 16th", "x: (5d)^16; x^T x"),
        ("a polynomial to the 16th", "x: ((n + m + k + d + p + q)^16); x^T x"),
        ("eye of 10^9", "tr(eye(1000000000) A)"),
        ("eye of a million", "A: 1000000 x 1000000; tr(eye(1000000) A)"),
        ("ones of a million", "x: scalar; sum(ones(1000000, 1000000)) x"),
        ("ones of 4000", "x: scalar; sum(ones(4000, 4000)) x"),
        ("K of 1000", "x: 1000000; ‖K(1000, 1000) x‖^2"),
        ("K of 100", "x: 10000; ‖K(100, 100) x‖^2"),
        ("vec of 1000", "X: 1000 x 1000; ‖vec(X)‖^2"),
        ("diag of 100000", "x: 100000; tr(diag(x))"),
        ("outer product of 100000", "x: 100000; sum(x x^T)"),
        ("slice to 10^9", "x[1..999999999]^T x[1..999999999]"),
        ("unit of a million", "unit(1000000, 999999)^T x"),
    ];
    let mut cases: Vec<(&str, String)> = literal.into_iter().map(|(name, text)| (name, text.to_owned())).collect();
    cases.push(("a product of one size", format!("x: ({}); x^T x", repeated("n", " "))));
    cases.push(("a product of sizes", format!("x: ({}); x^T x", pieces(" ", |i| format!("n_{i}")))));
    cases.push(("a sum of sizes", format!("x: ({}); x^T x", pieces(" + ", |i| format!("n_{i}")))));
    cases
}

pub fn characters() -> Vec<(&'static str, String)> {
    let mut cases: Vec<(&str, String)> = [
        ";",
        "\n",
        "#",
        "=",
        ":",
        ",",
        "|",
        "\\",
        "&",
        "^",
        "_",
        "'",
        "\"",
        "\0",
        "{",
        "}",
        "]",
        ")",
        "x_",
        "x = ",
        "\\foo",
        "x\0",
        "foo ",
        "\\hat",
        "x²",
        "x₁",
        "f′",
        "é",
        "😀",
        "\u{200b}",
        "\u{202e}x",
        "x\u{302}",
        "\u{feff}",
        "‖",
        "⁻¹",
        "∘",
        "\\frac",
        "\\left",
        "\\begin{",
        "..",
        "1..",
        "1e",
        "0x",
        "[1;",
        "$",
    ]
    .into_iter()
    .map(|piece| (piece, piece.repeat(fit(piece.len()))))
    .collect();
    cases.push(("a long name", "x".repeat(fit(1))));
    cases.push(("a long subscript", format!("x_{{{}}}", "a".repeat(fit(1)))));
    cases.push(("a long size", format!("x: {}; x", "n".repeat(fit(1)))));
    cases
}
