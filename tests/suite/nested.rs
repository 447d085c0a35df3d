//! Every construct of the language within itself, as deep as one likes: what no host may fall over.

/// What the construct is called, and a document.
pub type Nested = (&'static str, String);

/// Constructs that open and close.
fn bracketed(depth: usize) -> Vec<Nested> {
    let around = |before: &str, inner: &str, after: &str| {
        let inner = if inner.is_empty() { "x" } else { inner };
        format!("{}{inner}{}", before.repeat(depth), after.repeat(depth))
    };
    let of_vector = |before: &str, after: &str| format!("x: n; s = sum({})", around(before, "", after));
    let of_scalar = |before: &str, after: &str| format!("x: scalar; s = {}", around(before, "", after));
    vec![
        ("brackets", around("(", "", ")")),
        ("braces", around("{", "", "}")),
        ("left and right", around("\\left(", "", "\\right)")),
        ("mathematics", around("$", "", "$")),
        ("sums", of_vector("1 + (", ")")),
        ("calls", of_vector("f(", ")")),
        ("derivatives", of_vector("f'(", ")")),
        ("functions", of_vector("tanh(", ")")),
        ("softmaxes", of_vector("softmax(", ")")),
        ("maxima", of_vector("max(0, ", ")")),
        ("functions of LaTeX", of_scalar("\\exp{", "}")),
        ("words of LaTeX", around("\\mathrm{", "", "}")),
        ("inverses", format!("X: n x n; s = tr({})", around("inv(X + ", "X", ")"))),
        ("determinants", format!("X: n x n; s = {}", around("det(X + ", "1", " I)"))),
        ("towers", of_scalar("x^(", ")")),
        ("exponents of LaTeX", around("x^{", "", "}")),
        ("subscripts", around("x_{", "", "}")),
        ("accents", around("\\hat{", "", "}")),
        ("quotients", of_scalar("1/(", ")")),
        ("fractions", of_scalar("\\frac{1}{", "}")),
        ("numerators", of_scalar("\\frac{", "}{2}")),
        ("roots", of_scalar("\\sqrt{", "}")),
        ("norms", format!("x: n; s = {}", around("||x ", "x", "||"))),
        ("norms of LaTeX", format!("x: n; s = {}", around("\\lVert x ", "x", "\\rVert"))),
        ("bars", of_scalar("|", "|")),
        ("inner products", format!("x: n; s = {}", around("\\langle x, ", "x", "\\rangle"))),
        ("lists", around("[", "", "]")),
        ("stacks", format!("x: n; s = sum({})", around("[x; ", "x", "]"))),
        ("slices", around("x[1..", "n", "]")),
        ("matrices", around("\\begin{bmatrix}", "", "\\end{bmatrix}")),
        ("cases", of_scalar("\\begin{cases}", " & x > 0 \\\\ 0 & x < 0\\end{cases}")),
        ("sums over an index", around("\\sum_{i=1}^{n} (", "x_i", ")")),
        ("sizes", format!("x: {}; s = sum(x)", around("(", "n", ")"))),
    ]
}

/// Constructs that go on.
fn repeated(depth: usize) -> Vec<Nested> {
    let over = |sign: &str| format!("x: n; s = sum({}x)", format!("x {sign} ").repeat(depth));
    vec![
        ("minus", format!("{}x", "-".repeat(depth))),
        ("transposes", format!("x{}", "'".repeat(depth))),
        ("transposes of LaTeX", format!("x{}", "^\\top".repeat(depth))),
        ("powers", format!("x: scalar; x{}", "^2".repeat(depth))),
        ("powers of matrices", format!("X: n x n; s = tr(X{})", "^-1".repeat(depth))),
        ("primes", format!("x: n; s = sum(f{}(x))", "'".repeat(depth))),
        ("commands", "\\mathbf".repeat(depth) + " x"),
        ("terms", over("+")),
        ("differences", over("-")),
        ("elementwise factors", over(".*")),
        ("elementwise quotients", over("./")),
        ("factors", format!("X: n x n; s = tr({}X)", "X ".repeat(depth))),
        ("Kronecker factors", format!("x: scalar; s = {}x", "x ⊗ ".repeat(depth))),
        ("divisions", format!("x: scalar; s = {}x", "x / ".repeat(depth))),
        ("comparisons", format!("x = {}x", "x = ".repeat(depth))),
        ("digits", format!("x: scalar; s = {} x", "7".repeat(depth))),
        ("decimals", format!("x: scalar; s = 0.{} x", "7".repeat(depth))),
        ("letters", "x".repeat(depth)),
        ("entries", format!("[{}1]", "1, ".repeat(depth))),
        ("rows", format!("[{}1]", "1; ".repeat(depth))),
        ("terms of a size", format!("x: {}n; s = sum(x)", "n + ".repeat(depth))),
        ("factors of a size", format!("x: {}n; s = sum(x)", "n*".repeat(depth))),
        ("attributes", format!("X: n x n{}; s = tr(X)", " symmetric".repeat(depth))),
        ("arguments", format!("s = Φ({}x)", "x, ".repeat(depth))),
    ]
}

/// Statements that refer to those before them.
fn chained(depth: usize) -> Vec<Nested> {
    let chain = |one: &dyn Fn(usize) -> String| (1..depth).map(one).collect::<String>();
    let layers = chain(&|i| format!("z_{i} = f(z_{}); ", i - 1));
    let functions = chain(&|i| format!("g_{i}(t) = g_{}(t) + t; ", i - 1));
    let declared = chain(&|i| format!("x_{i}: n; "));
    vec![
        ("definitions", format!("z_0 = W x; {layers}s = u^T z_{}", depth - 1)),
        ("definitions of functions", format!("g_0(t) = t^2; {functions}x: scalar; s = g_{}(x)", depth - 1)),
        ("declarations", format!("x_0: n; {declared}s = sum(x_{})", depth - 1)),
        ("statements", format!("{}s = x^T x", "a = b; ".repeat(depth))),
    ]
}

/// Every construct that nests, so and so deep.
pub fn nested(depth: usize) -> Vec<Nested> {
    [bracketed(depth), repeated(depth), chained(depth)].concat()
}
