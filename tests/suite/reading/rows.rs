//! The first rules of the page, section by section, each with a text that it reads and one that it must not.

use super::Rule;

pub(super) const ROWS: &[Rule] = &[
    Rule {
        page: "A declaration settles every case",
        reads: ("x: n; λ: n; x + λ", "x", "Iₙ"),
        refuses: ("x: ; x + λ", "expected"),
    },
    Rule {
        page: "and says so in a line that begins with `warning`",
        reads: (r"s = (y - m)^2/2\sigma^2", "y", "(y - m) / σ²"),
        refuses: ("s = 1/2m Σ_i x_i", "can be read in two ways"),
    },
    Rule {
        page: "a declaration, or a value in `--at`",
        reads: ("x: scalar; y = 2 x", "x", "2"),
        refuses: ("x: 2 y; y = 2 x", "`x` is a variable, and stands here as a size"),
    },
    Rule {
        page: "says why each name is what it is",
        reads: ("s = ‖y - X β‖^2 + λ ‖β‖^2", "β", "2 (λ β - Xᵀ (y - X β))"),
        refuses: ("X: n x m; β: k; s = ‖y - X β‖^2", "m = k"),
    },
    Rule {
        page: "`w^T x + b` | b a scalar",
        reads: ("y = w^T x + b", "b", "1"),
        refuses: ("b: n; A: n x n; y = w^T A + b", "cannot add `w^T A`"),
    },
    Rule {
        page: "`A x + b` | b a vector",
        reads: ("A x + b", "b", "Iₙ"),
        refuses: ("A: n x m; b: m; A x + b", "cannot add `A x`"),
    },
    Rule {
        page: "`a x + b` | a a scalar",
        reads: ("a x + b", "x", "a Iₙ"),
        refuses: ("a: n; x: n; a x + b", "their product needs 1 = n"),
    },
    Rule {
        page: "`x + λ` | both scalars",
        reads: ("x + λ", "x", "1"),
        refuses: ("x: n; λ: m; x + λ", "cannot add `x`"),
    },
    Rule {
        page: "`L = t c^T x` | t a scalar",
        reads: ("L = t c^T x", "x", "t c"),
        refuses: ("t: n; c: n; x: n; L = t c^T x x", "their product needs 1 = n"),
    },
    Rule {
        page: "`X W + b` | refused",
        reads: ("X: n x m; W: m x k; b: k; X W + ones(n) b^T", "b", "Iₖ ⊗ 𝟏ₙ"),
        refuses: ("X W + b", "b"),
    },
    Rule {
        page: "`x^T (A + λ) x` | refused",
        reads: ("x^T (A + λ I) x", "λ", "xᵀ x"),
        refuses: ("x^T (A + λ) x", "this can be read in two ways"),
    },
    Rule {
        page: r"`\Phi = -GM/r`, `k = A e^{-E_a/(RT)}`",
        reads: ("k = A e^{-E_a/(RT)}", "T", "E_a k / (R T²)"),
        refuses: ("k = A e^{-E_a/(RT)", "never closed"),
    },
    Rule {
        page: "Declare `G: n x n` otherwise",
        reads: ("G: n x n; v = G m / r", "m", "G / r"),
        refuses: ("G: n x n; r: n; v = G m / r", "divides by a scalar"),
    },
    Rule {
        page: "`A (T^4 - S^4)`: a power",
        reads: ("A: scalar; T: scalar; S: scalar; P = A (T^4 - S^4)", "T", "4 A T³"),
        refuses: ("P = A (T^4 - S^4)", "a matrix or a number"),
    },
    Rule {
        page: "`c * w @ w` in a program",
        reads: ("c: scalar; L = c * w @ w + np.abs(1)", "w", "2 c w"),
        refuses: ("L = c * w @ w + np.abs(1)", "is c a number here, or a vector of weights"),
    },
    Rule {
        page: "`A^k - B` | A as a number",
        reads: ("A_k x - b", "x", "A_k"),
        refuses: ("y = A^k - B", "is A a number here, or a matrix?"),
    },
    Rule {
        page: r"((R p_i + t) \cdot n_i)^2` | R as a number",
        reads: (r"R: 3 x 3; E = \sum_i \|R p_i + t\|^2", "t", ""),
        refuses: (r"E = \sum_i ((R p_i + t) \cdot n_i)^2", "a matrix or a number"),
    },
    Rule {
        page: r"`\max(S - K, 0)` of capitals alone",
        reads: (r"S: scalar; K: scalar; V = \max(S - K, 0)", "S", "step(S - K)"),
        refuses: (r"V = \max(S - K, 0)", "a number"),
    },
    Rule {
        page: "where E names nothing | the mean",
        reads: ("x - mean(x)", "x", "I - 𝟏ₙ 𝟏ₙᵀ / n"),
        refuses: ("x - E[x]", "mean(x)"),
    },
    Rule {
        page: "Declared scalars and numbers are added to every entry",
        reads: ("1 + exp(z)", "z", "diag(exp(z))"),
        refuses: ("A: n x m; z: k; A + exp(z)", "arrays are not broadcast"),
    },
    Rule {
        page: "`sim(u, v) = …` defines it",
        reads: (r"L = \mathrm{sim}(a, b)/\tau; \mathrm{sim}(u, v) = u^\top v", "a", "b / τ"),
        refuses: (r"L = \mathrm{sim}(a, b)/\tau", "define `"),
    },
    Rule {
        page: "A word of two letters or more that nobody declares",
        reads: ("foo: elementwise; sum(foo(x))", "x", "foo'(x)"),
        refuses: ("sum(foo(x))", "foo"),
    },
    Rule {
        page: r"`\mathbf F(\mathbf x)`, bold and with a lone name",
        reads: (r"F: R^n -> R^m; \mathbf w^\top \mathbf F(\mathbf x)", "x", "J_F(x)ᵀ w"),
        refuses: (r"\mathbf w^\top \mathbf F(\mathbf x)", "F"),
    },
    Rule {
        page: "Declare it, `F: R^n -> R^m`, or write `F x`",
        reads: (r"\mathbf w^\top \mathbf F \mathbf x", "x", "Fᵀ w"),
        refuses: (r"\mathbf w^\top \mathbf F(\mathbf x)", "F: R^n -> R^m"),
    },
    Rule {
        page: "`softmax(Q K^T) V` weights the rows of V",
        reads: ("softmax(Q K^T) V", "V", "Iₚ ⊗ P"),
        refuses: ("softmax(Q K^T) + V", "rows"),
    },
    Rule {
        page: "A softmax of a matrix that stands alone",
        reads: ("sum(softmax(A, rows) .* B)", "B", "softmax(A, rows)"),
        refuses: ("sum(softmax(A) .* B)", "softmax(A, rows)"),
    },
    Rule {
        page: "what stands between them; within them a line's end is a space",
        reads: ("\\begin{equation}\ns = x^\\top\nA x\n\\end{equation}", "A", "x xᵀ"),
        refuses: ("\\begin{equation}\ns = (x^\\top A x\n\\end{equation}", "never closed"),
    },
    Rule {
        page: r"`\label{…}`, `\tag{3}`",
        reads: (r"s = x^\top x \tag{3} \label{eq:a}.", "x", "2 x"),
        refuses: (r"s = x^\top \tag{3", "closed"),
    },
    Rule {
        page: "within brackets none does",
        reads: (r"s = x^\top P x, \quad P = A^\top A", "A", "2 A x xᵀ"),
        refuses: (r"s = (x; y)^\top x", "a stack is written in brackets"),
    },
    Rule {
        page: "what follows are constraints: they are left aside",
        reads: (r"x^\top x \text{ s.t. } A x = b", "x", "2 x"),
        refuses: (r"x^\top x + \text{ s.t. } A x = b", "expected an operand after '+'"),
    },
    Rule {
        page: "Macros are replaced before a text is read",
        reads: (r"\newcommand{\R}{\mathbf{r}} s = \R^\top \R", "r", "2 r"),
        refuses: (r"\newcommand{\R}{\mathbf{r} s = \R^\top \R", "unknown command"),
    },
    Rule {
        page: r"`\left\{\begin{array}{ll} … \end{array}\right.` is cases",
        reads: (
            r"f = \left\{\begin{array}{ll} x^2 & x > 0 \\ 0 & \text{otherwise} \end{array}\right.",
            "x",
            "2 relu(x)",
        ),
        refuses: (r"f = \left\{\begin{array}{ll} x^2 & x > 0 \\ 0 & \text{otherwise} \end{array}", "never closed"),
    },
    Rule {
        page: "and is refused within one",
        reads: (r"s = \lambda x^\top x \text{ where } \lambda \text{ is the step size}", "x", "2 λ x"),
        refuses: (r"s = x^\top \text{step size of it} x", "these words stand within a formula"),
    },
    Rule {
        page: r"`i = 1, \dots, n` beside a formula",
        reads: (r"y_i = w^\top x_i, \quad i = 1, \dots, n", "w", "x_i"),
        refuses: (r"y_i = w^\top x_i + \dots", "write every term"),
    },
    Rule {
        page: "A definition that stands beside another one",
        reads: (r"s = r^\top r, \text{ where } r = A x - b", "x", "2 Aᵀ r"),
        refuses: (r"s = r^\top r, \text{ where } r = s x", "are cyclic"),
    },
    Rule {
        page: "What is derived is the last definition that no other one uses",
        reads: ("r = A x - b; s = r^T r", "b", "-2 r"),
        refuses: ("r = A x - b; s = r^T r; s = 2 r", "is defined twice"),
    },
    Rule {
        page: "After `∝` and `≈` the value is read",
        reads: (r"p \propto e^{-x^2}", "x", "-2 x p"),
        refuses: (r"p \propto", "expected an operand, found the end"),
    },
    Rule {
        page: "An equation such as `x^T x = 1` defines nothing",
        reads: (r"-\log p(y) = x^\top x", "x", "2 x"),
        refuses: ("x^T x = 1", "the left side of = must be a name"),
    },
    Rule {
        page: "Of `a = b = c` the last side is read",
        reads: (r"s = \|x\|^2 = x^\top x", "x", "2 x"),
        refuses: ("s = = x^T x", "equals signs"),
    },
    Rule {
        page: "A letter that stands elsewhere too, `x^n = n x`",
        reads: ("n: scalar; x: scalar; s = x^n + n x", "x", "n + n x^(n - 1)"),
        refuses: ("x^n = n x", "the left side of = must be a name"),
    },
    Rule {
        page: "An index may follow an exponent",
        reads: (r"\sum_j (w^T_j x)^2", "x", ""),
        refuses: (r"\sum_j (w^{T_j x)^2", "closed"),
    },
    Rule {
        page: "are a mark and no power; said",
        reads: (r"\|\theta - \theta^{old}\|^2", "θ", "2 (θ - θ_old)"),
        refuses: (r"\theta: n; \|\theta^{new old}\|^2", "their product needs 1 = k"),
    },
    Rule {
        page: r"`\nabla f_k` and `\nabla^2 f_k` without an argument",
        reads: (r"m = f_k + \nabla f_k^\top p", "p", ""),
        refuses: (r"f = x^\top x; m = p^\top p + \nabla f^\top p", "a derivative stands before a whole statement"),
    },
    Rule {
        page: "With a right side the text holds a claim",
        reads: (r"f = x^\top x; \nabla_x f = 2 x", "x", "2 x"),
        refuses: (r"\nabla_x f = 2 x; \nabla_x f = 3 x", "f is defined twice"),
    },
    Rule {
        page: "is read as L if it is a scalar",
        reads: (r"\nabla_W L(W) = \|A W - B\|_F^2", "W", "2 Aᵀ (A W - B)"),
        refuses: (r"\nabla_x L(x) = A x", "nothing says what `L` is"),
    },
    Rule {
        page: "of a scalar or vector | the absolute value of every entry",
        reads: (r"\sum_i |x_i|", "x", ""),
        refuses: ("x: n; s = |x", "bar"),
    },
    Rule {
        page: "| a product of two |",
        reads: ("A: n x n; B: n x n; s = |A||B|", "A", "s A⁻ᵀ"),
        refuses: ("s = |A||B", "expected the closing bar"),
    },
    Rule {
        page: "`‖X‖_{1,1}`, `‖x‖_p` | the norms",
        reads: ("‖x‖_2² + ‖X‖_F^2", "X", "2 X"),
        refuses: ("‖X‖_0", "norm"),
    },
    Rule {
        page: "`‖X‖_2` of a matrix | refused",
        reads: ("‖X‖_F^2", "X", "2 X"),
        refuses: ("X: n x m; ‖X‖_2", "singular"),
    },
    Rule {
        page: "`‖X‖_{2,1}` | refused", reads: ("‖X‖_{1,1}", "X", "sign(X)"), refuses: ("‖X‖_{2,1}", "norm")
    },
    Rule {
        page: "`a · b` of two columns",
        reads: (r"a: n; b: n; a \cdot b", "a", "b"),
        refuses: (r"a: n; b: m; A: k x k; a \cdot A b", "their product needs 1 = k"),
    },
    Rule {
        page: "`a * b` of two columns",
        reads: ("sum(a * b)", "a", "b"),
        refuses: ("a: n; b: m; a * b", "cannot multiply entry by entry"),
    },
    Rule {
        page: "`⟨A, B⟩`, `⟨A, B⟩_F`",
        reads: (r"\langle A, B\rangle_F", "A", "B"),
        refuses: (r"\langle A, B", "'⟨' is never closed"),
    },
    Rule {
        page: r"`A \ b` | A⁻¹ b",
        reads: (r"A \ b", "b", "A⁻¹"),
        refuses: (r"A: n x m; b: k; A \ b", "the inverse needs a square matrix"),
    },
    Rule {
        page: r"`1^T x`, `\mathbf 1`",
        reads: (r"\mathbf 1^\top x", "x", "𝟏ₙ"),
        refuses: (r"x: n; A: m x n; \mathbf 1^\top x + A x + \mathbf 1^\top A", "cannot add"),
    },
    Rule {
        page: "all that is joined to the `/` is the denominator",
        reads: (r"u^\top v/\|u\|\|v\|", "v", "(u - (uᵀ v) v / ‖v‖²) / (‖u‖ ‖v‖)"),
        refuses: (r"u^\top v/\|u\|\|v", "expected the closing bar"),
    },
    Rule {
        page: "a number with a space after it ends the denominator",
        reads: (r"1/2 x^\top x", "x", "x"),
        refuses: (r"1/2\|x\|^2", "can be read in two ways"),
    },
    Rule {
        page: r"LaTeX: `1/2\|w\|^2` | refused",
        reads: (r"\frac{1}{2} \|w\|^2", "w", "w"),
        refuses: (r"1/2\|w\|^2", "can be read in two ways"),
    },
    Rule {
        page: "plain text: `a / b c` | (a / b) c",
        reads: ("a: scalar; b: scalar; c: scalar; a / b c", "c", "a / b"),
        refuses: ("a / ‖b‖ ‖c‖", "can be read in two ways"),
    },
    Rule {
        page: "`1/2n ‖x‖²` | refused",
        reads: ("1/(2n) ‖x‖²", "x", "x / n"),
        refuses: ("1/2n ‖x‖²", "can be read in two ways"),
    },
    Rule {
        page: "it does not say how far the root reaches",
        reads: ("√(x^T x)", "x", "x / sqrt(xᵀ x)"),
        refuses: ("√2π", "root"),
    },
    Rule {
        page: "plain text: `a / ‖u‖ ‖v‖` | refused",
        reads: ("a: scalar; a / (‖u‖ ‖v‖)", "a", "1 / (‖u‖ ‖v‖)"),
        refuses: ("a / ‖u‖ ‖v‖", "can be read in two ways"),
    },
    Rule {
        page: r"`\mathbf{q'}` is the transpose of q",
        reads: (r"\mathbf{q'} A \mathbf q", "A", "q qᵀ"),
        refuses: (r"\mathbf{q'", "needs an argument in short braces"),
    },
    Rule {
        page: r"`\mathbf{Ax}` is a product",
        reads: (r"\|\mathbf{Ax} - \mathbf b\|^2", "x", "2 Aᵀ (A x - b)"),
        refuses: (r"\|\mathbf{Ax - \mathbf b\|^2", "closed"),
    },
    Rule {
        page: "where sums bind both it is `x_{ij}`",
        reads: (r"\sum_i \sum_j x_j^{(i)} a_i b_j", "a", ""),
        refuses: (r"\sum_i \sum_j x_j^{(i)} + \sum_i x_i", "2 indices in one place"),
    },
    Rule {
        page: r"Other relations beside a formula, `x \ge 0`",
        reads: (r"\min_x x^\top x, \quad x \ge 0", "x", "2 x"),
        refuses: (r"x \ge 0", "relations are not in the language"),
    },
    Rule {
        page: "are built from relu and step",
        reads: (r"s = \sum_i \max(0, x_i)", "x", ""),
        refuses: ("max(a, b, c)", "max takes 2 arguments"),
    },
    Rule {
        page: "the names of modules are left out, methods are calls",
        reads: ("np.linalg.norm(A @ x - b)**2", "x", "2 Aᵀ (A x - b)"),
        refuses: ("np.linalg.eigvals(A)", "eigvals"),
    },
    Rule {
        page: "`axis=1` is `rows`, `axis=0` is `cols`",
        reads: ("np.sum(np.sum(X, axis=1) * y)", "y", "X 𝟏ₘ"),
        refuses: ("np.sum(X, axis=2)", "axis"),
    },
    Rule {
        page: "A column before a matrix is an array of one axis",
        reads: ("x: n; W: n x m; y = x @ W", "x", "Wᵀ"),
        refuses: ("x: n; W: m x m; y = x @ W", "their product needs m = n"),
    },
    Rule {
        page: "Of a function of several lines the body is read",
        reads: ("def f(x):\n    r = A @ x - b\n    return r.T @ r", "x", "2 Aᵀ r"),
        refuses: ("def f(x):\n    return x\ndef g(x):\n    return x", "expected an operand after ':'"),
    },
    Rule {
        page: "are sizes as numbers",
        reads: ("np.sum(x**2) / len(x)", "x", "2/n x"),
        refuses: ("x: n; len(x, 2)", "nrow takes 1 argument"),
    },
    Rule {
        page: "A claim about a program is read in its spelling first",
        reads: ("np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))", "p", "(y - p) ⊘ (p ∘ (1 - p))"),
        refuses: ("np.sum(y * np.log(p)", "closed"),
    },
    Rule {
        page: "are 1 where that holds; between values it is written by sign",
        reads: (r"\sum_n \sum_k [n = k] a_n b_k", "a", "[n ≤ m] bₙ"),
        refuses: (r"\sum_n [n = ] a_n", "expected an operand"),
    },
    Rule {
        page: "A name with a bound index is a member of a family",
        reads: (r"\sum_i (y_i - w^\top x_i)^2", "w", ""),
        refuses: (r"\sum_i x_{i^2}", "this subscript cannot be read"),
    },
    Rule {
        page: "outside of the expectation neither has a value",
        reads: ("z = μ + σ ∘ ε; L = E_ε[g(z)]; μ: n; σ: n; g: R^n -> R", "μ", "E[∇g(z)]"),
        refuses: ("z = μ + ε; L = E_ε[‖z‖²] + ‖z‖²", "z"),
    },
    Rule {
        page: "say its density, for `--score`",
        reads: (r"L = \mathbb{E}_{x \sim p}[x^\top w]", "w", "E[x]"),
        refuses: (r"L = \mathbb{E}_{x \sim p}[x^\top w", "closed"),
    },
    Rule {
        page: "`z_y` beside a sum over the `z_k`",
        reads: (r"L = -z_y + \log \sum_k e^{z_k}", "z", ""),
        refuses: (r"L = -z_j + \log \sum_k e^{z_k}", "z_j"),
    },
    Rule {
        page: "`x_1` beside `x_i` is the member 1",
        reads: (r"x_1 \sum_i x_i^2", "x", ""),
        refuses: (r"x_1 + \sum_i x_{ij}", "nothing binds the index `j`"),
    },
    Rule {
        page: "`B_ii` under two sums over i is refused",
        reads: (r"\sum_i B_{ii}", "B", ""),
        refuses: (r"\sum_i \sum_i a_i B_{ii}", "B_ii"),
    },
    Rule {
        page: "In a claim the free letters are those of the target",
        reads: (r"\sum_i (y_i - w^\top x_i)^2", "x_i", ""),
        refuses: (r"\sum_i (y_i - w^\top x_i)^2; z = 1 + z_i", "nothing binds the index `i`"),
    },
    Rule {
        page: "Entries of arrays are read there too",
        reads: (r"\sum_i (A x)_i y_i", "y", "(A x)ᵢ"),
        refuses: (r"\sum_i (A x)_{ij}", "j"),
    },
    Rule {
        page: "there need be no x_0",
        reads: (r"\sum_{t=1}^T [t > 1] (x_t - x_{t-1})^2", "x", ""),
        refuses: (r"\sum_{t=1}^T [t > ] (x_t - x_{t-1})^2", "expected an operand after '>'"),
    },
    Rule {
        page: "`stack(i, e)` as the array",
        reads: ("z_i = x_i^2; s = sum(z)", "x", ""),
        refuses: ("sum(stack(i, x_i^2))", "the function stack is not in the language"),
    },
    Rule {
        page: "Constraints after `s.t.` are left aside",
        reads: (r"\min_x x^\top x \text{ s.t. } A x = b", "x", "2 x"),
        refuses: (r"\min_x A x \text{ s.t. } A x = b", "scalar"),
    },
    Rule {
        page: "With `--lagrangian` they are taken into the value",
        reads: (r"\min_x c^\top x \text{ s.t. } A x = b, x \ge 0", "x", "c"),
        refuses: (r"\min_x \text{ s.t. } A x = b", "expected an operand, found the end"),
    },
    Rule {
        page: "The sides of `gradus check` and `gradus equal` are read",
        reads: (r"f = x^\top A x; \nabla_x f = 2 A x", "x", "(A + Aᵀ) x"),
        refuses: (r"f = x^\top A x; \nabla_x f = 2 A x; f = x", "defined twice"),
    },
    Rule {
        page: "`f: R^(n x k) -> R` takes a matrix",
        reads: ("f: R^(n x k) -> R; f(X)", "X", "∇f(X)"),
        refuses: ("f: R^(n x ) -> R; f(X)", "expected a size"),
    },
    Rule {
        page: "In ASCII these are `grad_f(x)`",
        reads: ("f: R^n -> R; p^T grad_f(x)", "x", "∇²f(x) p"),
        refuses: ("f: R^n -> R; p: m; x: n; p^T grad_f(x)", "their product needs m = n"),
    },
    Rule {
        page: "`--at` gives values to derivatives that hold no such function",
        reads: ("f: R^n -> R; f(x) + c^T x", "c", "x"),
        refuses: ("f: R^n -> R; f(x, y)", "f takes 1 argument, 2 given"),
    },
    Rule {
        page: "and only a function of a vector makes it one",
        reads: ("L = f(x) + y^T (A x - b)", "y", "A x - b"),
        refuses: ("L = f(x, y) + y^T A x", "f"),
    },
    Rule {
        page: "`f: elementwise` settles it",
        reads: ("f: elementwise; sum(f(x))", "x", "f'(x)"),
        refuses: ("f: elementwise; f(x, y)", "f takes 1 argument, 2 given"),
    },
    Rule {
        page: "Along a line, `φ(α) = f(x + α p)`",
        reads: ("φ(α) = f(x + α p)", "α", "pᵀ ∇f(x + α p)"),
        refuses: ("φ(α) = f(x + α p", "closed"),
    },
    Rule {
        page: "`‖f(A) - f(P)‖` without an index is a distance",
        reads: ("‖f(A) - f(P)‖", "A", "(f'(A) ∘ (f(A) - f(P))) / ‖f(A) - f(P)‖"),
        refuses: ("‖f(A) - f(P)", "bar"),
    },
    Rule {
        page: "`y: k onehot` has one entry 1",
        reads: ("y: k onehot; z: k; L = -y^T log_softmax(z)", "z", "softmax(z) - y"),
        refuses: ("y: k onehots; L = y^T x", "onehots"),
    },
    Rule {
        page: "`S: n mask` is a set",
        reads: (r"S: n mask; m = \max_{j \in S} x_j", "x", ""),
        refuses: (r"S: n masks; m = \max_{j \in S} x_j", "unknown size"),
    },
    Rule {
        page: "and `--at` values are held to the declaration",
        reads: ("y: k distribution; y^T log(p)", "p", "y ⊘ p"),
        refuses: ("y: k distributed; y^T log(p)", "distributed is no attribute"),
    },
    Rule {
        page: r"Elsewhere `w^\top x^+`",
        reads: (r"L = w^\top x^+ - w^\top x^-", "w", "x_plus - x_minus"),
        refuses: ("f = h x^+ + b x^-", "positive part of `x`, or a name"),
    },
    Rule {
        page: r"`\phi(s')` beside `\phi(s)`",
        reads: (r"d = w^\top\phi(s') - w^\top\phi(s)", "w", "φ(s_prime) - φ(s)"),
        refuses: (r"d = w^\top\phi(s') - w^\top\phi(t)", "φ"),
    },
    Rule {
        page: r"`\frac{dN}{dt} = r N (1 - N/K)` defines",
        reads: (r"\frac{dN}{dt} = r N (1 - N/K)", "N", "r - 2 r N / K"),
        refuses: (r"\frac{dy}{dx} = 2 x", "nothing says what `y` is"),
    },
    Rule {
        page: "`[S]`, a capital that stands in brackets",
        reads: ("v = V[S] / (K + [S])", "V", "S / (K + S)"),
        refuses: ("v = x[n]^2", "a slice, which needs ranges"),
    },
    Rule {
        page: r"`\mathrm{softmax}(z)_y`",
        reads: (r"L = -\log \mathrm{softmax}(z)_y", "z", "softmax(z) - stack(k, [y = k])"),
        refuses: (r"L = -\log \mathrm{softmax}(z)_a", "nothing binds the index `a`"),
    },
    Rule {
        page: r"In `\sum_{j \ne y}` y is a class",
        reads: (r"L = \sum_{i: y_i = c} \|x_i - \mu\|^2", "x_i", "2 · [yᵢ = c] (xᵢ - μ)"),
        refuses: (r"L = \sum_{y_i = c} \|x_i - \mu\|^2", "nothing below this sign is an index"),
    },
    Rule {
        page: "`[x; u]^T [Q, S; R, P] [x; u]`: blocks",
        reads: ("J = [x; u]^T [Q, S; R, P] [x; u]", "u", ""),
        refuses: ("x: 2; u: 3; Q: 3 x 3; J = [x; u]^T [Q, S; R, P] [x; u]; P: 3 x 3", "their product needs 5 = 6"),
    },
    Rule {
        page: "`clamp(x, min=0)` and `x.clip(0, max=1)`",
        reads: ("x: scalar; y = np.clip(x, a_min=0, a_max=2)", "x", ""),
        refuses: ("y = torch.clamp(x, low=0)", "the setting low=0"),
    },
    Rule {
        page: r"`U_i^\top V_j` beside `\|U\|_F^2`",
        reads: (r"L = \sum_{i,j} (R_{ij} - U_i^\top V_j)^2 + \lambda \sum_i \|U_i\|^2", "V_j", ""),
        refuses: (r"L = \sum_{i,j} (R_{ij} - U_i^\top V_j)^2 + \lambda \|U\|_F^2", "is transposed"),
    },
    Rule {
        page: r"`1/(1 + e^{-θ \cdot x})`",
        reads: (r"\theta: n; p = 1/(1 + e^{-\theta \cdot x})", "θ", "p (1 - p) x"),
        refuses: (r"p = 1/(1 + e^{-\theta \cdot x})", "is θ a number here, or a vector?"),
    },
    Rule {
        page: r"`w x + b` of undeclared small letters",
        reads: ("L = (y - (w x + b))^2", "b", "2 (w x + b - y)"),
        refuses: (r"p = \sigma(w x + b)", "whose transpose is lost, or a number?"),
    },
    Rule {
        page: r"`y = A \sin x`: a capital that is no data",
        reads: (r"y = W \sin(x) + b", "x", "W diag(cos(x))"),
        refuses: (r"y = A \sin x", "can be numbers here, or arrays"),
    },
    Rule {
        page: "`(w^T δ) ⊙ σ'(z)`: a formula of small letters",
        reads: ("y = ‖x‖ ⊙ x", "x", "x xᵀ / ‖x‖ + ‖x‖ I"),
        refuses: ("y = (w^T δ) ⊙ σ'(z)", "only as a matrix it would fit"),
    },
    Rule {
        page: r"`K(\frac{x - z}{h})`, `K_h(x - z)`",
        reads: (r"K: elementwise; f = K(\frac{x - z}{h})", "x", "diag(K'((x - z) / h)) / h"),
        refuses: (r"f = K(\frac{x - z}{h})", "is it a function, or a factor?"),
    },
    Rule {
        page: "So are `X_i` and `X_j` beside each other in one",
        reads: (r"K_{ij} = \exp(-\|X_i - X_j\|^2)", "X_i", "2 K_ij (X_j - X_i)"),
        refuses: (r"X_i: n; X_j: m; K_{ij} = \exp(-\|X_i - X_j\|^2)", "the shapes differ"),
    },
    Rule {
        page: "A capital before a sine, an exponential, a logarithm or a root of numbers",
        reads: (r"v = R \dot\theta \cos\theta", "θ", "-R θ̇ sin(θ)"),
        refuses: (r"h = R(1-\cos\theta)", "`R` can be a matrix or a number here"),
    },
    Rule {
        page: "So is the root of one that counts, d, k, m, n or p",
        reads: ("a = K @ q / np.sqrt(d)", "q", "K / sqrt(d)"),
        refuses: ("K: 2 x 2; d: 3; a = K @ q / np.sqrt(d)", "shapes differ"),
    },
    Rule {
        page: "So is that of two families at two indices",
        reads: (r"L = \sum_{i,j} \log \sigma(u_i \cdot v_j)", "u_i", "Σⱼ (1 - σ(uᵢᵀ vⱼ)) vⱼ"),
        refuses: (r"L = \sum_{i,j} \log \sigma(u_i \cdot v_k)", "nothing says what the index `j` runs over"),
    },
    Rule {
        page: "A capital beside `@` makes no outer product",
        reads: ("loss = -F.log_softmax(x @ W.T + b, dim=-1).sum(dim=-1).mean()", "b", ""),
        refuses: ("s = np.sum(x @ W)", "one array with one axis here, or a matrix"),
    },
    Rule {
        page: "`y * log_softmax(Z)` of a program",
        reads: ("y: matrix; loss = -(y * F.log_softmax(X @ W.T, dim=-1)).sum(dim=-1).mean()", "W", ""),
        refuses: ("loss = -(y * F.log_softmax(X @ W.T, dim=-1)).sum(dim=-1).mean()", "is y a number here, or a matrix"),
    },
    Rule {
        page: r"`\dot x = σ (y - x)`: σ before a sum of lone letters",
        reads: (r"\sigma: scalar; y: scalar; \dot x = \sigma (y - x)", "x", "-σ"),
        refuses: (r"\dot x = \sigma (y - x)", "is it a function, or a factor?"),
    },
    Rule {
        page: "A letter of functions before a difference of lone letters",
        reads: (r"s: scalar; t: scalar; L = \log \sigma(s - t)", "s", "1 - σ(s - t)"),
        refuses: (r"E = h(\nu - \nu_0)", "is it a function, or a factor?"),
    },
    Rule {
        page: "In such a text without the sign `*` the short runs are products",
        reads: ("P = nRT/V", "T", "n R / V"),
        refuses: ("PV = nRT", "`R` can be a matrix or a number here"),
    },
    Rule {
        page: "A capital to the power 0, `E^0`, is E_circ as well",
        reads: (r"E = E^0 - \ln Q_r", "E_circ", "1"),
        refuses: (r"E = E - \ln Q_r", "defined by itself"),
    },
    Rule {
        page: "`EC_{50}`, capitals that run into one with a number of two digits, is one name",
        reads: (r"E = \frac{C}{EC_{50} + C}", "C", "EC₅₀ / (EC₅₀ + C)²"),
        refuses: (r"E = \frac{C}{EC_{5} + C}", "defined by itself"),
    },
    Rule {
        page: "I is a name where it moves",
        reads: (r"\frac{dI}{dt} = \frac{\beta S I}{N} - \gamma I", "I", "β S / N - γ"),
        refuses: (r"y = \beta S I - \gamma I", "is it the identity, or a name"),
    },
    Rule {
        page: "Around one formula without such signs",
        reads: ("the gradient of ||Ax - b||^2 with respect to x", "x", "2 Aᵀ (A x - b)"),
        refuses: ("the gradient ||Ax - b||^2", "not part of an expression"),
    },
    Rule {
        page: "`⇒` and `\\Rightarrow` begin another statement",
        reads: ("PV = nRT ⇒ P = nRT/V", "T", "n R / V"),
        refuses: (r"f = m a \Rightarrow a = \frac{f}{m}", "cyclic"),
    },
    Rule {
        page: "Where a 0 stands in such brackets",
        reads: ("f = x[0]^2 + x[1]", "x", "[2 x[1..1]; 1; zeros(n - 2)]"),
        refuses: ("f = x[1] + x[2]", "needs ranges"),
    },
    Rule {
        page: "`1.` and `.5` are numbers of programs",
        reads: ("f = .5 * (1. - w)**2", "w", "w - 1"),
        refuses: ("f = w.5", "no digit before its point"),
    },
    Rule {
        page: "A point with blanks on both sides multiplies",
        reads: (r"y = γ . λ^α", "γ", "λ^α"),
        refuses: ("f = x. y", "unexpected '.'"),
    },
    Rule {
        page: "Columns of R's data",
        reads: ("s <- sum((y - x * b).^2); x: n; y: n; b: scalar", "b", ""),
        refuses: ("s <- sum((d$y - d$x * b)^2)", "a column of R's data"),
    },
    Rule {
        page: "has its latest value wherever it stands on a right side",
        reads: ("J = ‖X w - y‖^2; J += λ w^T w; J = J / 2", "w", "Xᵀ (X w - y) + λ w"),
        refuses: ("J += w^T w", "`J +=`, an assignment that changes a name,"),
    },
    Rule {
        page: "this is read in texts of NumPy and R and in bodies of functions",
        reads: ("x = np.tanh(x)\ns = np.sum(x**2)", "x", "2 (x₁ - x₁.^3)"),
        refuses: ("x = tanh(x); s = x^T x", "the definition is cyclic"),
    },
    Rule {
        page: "as is a name that begins anew",
        reads: ("def f(w, x):\n    s = w.sum()\n    t = s**2\n    s = x @ w\n    return s * t", "x", "t w"),
        refuses: ("s = w^T w; t = s^2; s = x^T w; r = s t", "s is defined twice"),
    },
    Rule {
        page: "The number behind a displayed equation",
        reads: ("$$L = \\|y - X w\\|^2$$ (2.3)", "w", "2 Xᵀ (X w - y)"),
        refuses: (r"$L = \|y - X w\|^2$ (2.3.1)", "is not a number"),
    },
    Rule {
        page: "as are a sign and a function that words speak of",
        reads: (
            "Look at $$f(x) = c(x) + a^T x$$ where $c(x)$ is the quotient $$c(x) = \\frac{b^T x}{d^T x}$$",
            "a",
            "x",
        ),
        refuses: (r"c \otimes", "expected an operand"),
    },
    Rule {
        page: "says nothing that the formula does not",
        reads: (r"f(x) = a^\top x, f: \mathbb{R}^n \to \mathbb{R}", "x", "a"),
        refuses: (r"g: R^n -> R; g: R^m -> R; s = g(x)", "declared twice"),
    },
    Rule {
        page: "A conditional is called as it is defined",
        reads: (r"L = \log p(y \mid x); p(y \mid x) = e^{w^\top x}", "w", "x"),
        refuses: (r"L = \log p(y \mid x); q(y \mid x) = e^{w^\top x}", "log needs parentheses"),
    },
    Rule {
        page: "An equation whose left side is no name is no function",
        reads: (r"y = x^\top x = \|x\|^2", "x", "2 x"),
        refuses: (r"\|x\|^2 = x^\top A x", r"did you mean: x^\top A x"),
    },
    Rule {
        page: "asks for the derivative by X",
        reads: (r"\frac{\delta}{\delta X} \operatorname{tr}(X A)", "X", "Aᵀ"),
        refuses: (r"\frac{\delta}{\partial X} \operatorname{tr}(X A)", r"found '\partial'"),
    },
    Rule {
        page: "`~` is a blank, but before a distribution",
        reads: (r"\frac{\partial ~ \mathrm{tr}(A X^\top)}{\partial X}", "X", "A"),
        refuses: (r"\alpha ~ N(0, 1)", "'~'"),
    },
    Rule {
        page: "`w^T1` is wᵀ 𝟏",
        reads: (r"L = \frac{1}{2} w^T \Sigma w + \lambda (1 - w^T1)", "λ", "1 - sum(w)"),
        refuses: (r"w \in \mathbb{R}^n; L = w^T2 + 1", "w"),
    },
    Rule {
        page: "Slices are read where the text tells how their places are counted",
        reads: ("f = np.sum(w[1:]**2)", "w", "[0; 2 w[2..n]]"),
        refuses: ("f = sum(x[1:3])", "a slice with `:`"),
    },
    Rule {
        page: "where `^` is written and no 0",
        reads: ("f = x[2] x[1]^2", "x", "[2 x[1..1] x[2..2]; x[1..1]²; zeros(n - 2)]"),
        refuses: ("f = x[1]^2 + x[2]**2", "needs ranges"),
    },
    Rule {
        page: "Words and a colon before a formula are a caption",
        reads: ("Ridge regression: ||y - X b||^2", "b", "2 Xᵀ (X b - y)"),
        refuses: ("min: ||y - X b||^2", "built-in function"),
    },
    Rule {
        page: "What goes entry by entry throughout has the derivative of numbers",
        reads: ("y = a * x + b", "x", "a"),
        refuses: ("a: n; x: m; y = a * x + b", "cannot multiply entry by entry"),
    },
    Rule {
        page: "or beside a number that is added to a letter: `a * x + b`, `\\ln c + ψ \\ln(1 - l)`",
        reads: (r"u = \ln c + ψ \ln(1 - l)", "c", "1/c"),
        refuses: (r"l: n; c: m; u = \ln c + ψ \ln(1 - l)", "cannot add"),
    },
    Rule {
        page: "One sign means one thing",
        reads: ("y = a · e^(-b · x) + c", "b", "-a x exp(-b x)"),
        refuses: ("y = exp(-b · x) + c", "can be numbers here, or arrays"),
    },
    Rule {
        page: "Customary weights (h, q, u to x, z) stay vectors",
        reads: ("r = d - 2 (d · n) n", "d", "I - 2 n nᵀ"),
        refuses: ("d: n; e: m; r = d - 2 (d · e) e", "cannot take the inner product"),
    },
    Rule {
        page: r"What a range compares is a number, `\sum_{j: Y_j \ge Y_i}`",
        reads: (r"s = \sum_{i: C_i = 1} \log \sum_{j: Y_j \ge Y_i} θ_j", "θ", ""),
        refuses: (r"s = \sum_{i: C_i = 1} \log \sum_{j: Y_j \ge } θ_j", "expected"),
    },
    Rule {
        page: "`(f(X_i) - f(X_j))^2`",
        reads: (r"s = \sum_{i,j} w_{ij} (f(X_i) - f(X_j))^2", "w", ""),
        refuses: (r"f: elementwise; X_i: n x m; s = (f(X_i))^2", "square"),
    },
    Rule {
        page: "`T - Ta`, `V / (n*VT)`",
        reads: ("Ta: scalar; q = k (T - Ta)", "T", "k"),
        refuses: ("q = k (T - Ta)", "is `Ta` one name here, or a product of numbers?"),
    },
    Rule {
        page: "`A = P(1 + r/n)^(nt)`: a run of two",
        reads: ("A = P(1 + r/n)^(n t)", "t", "n A log(1 + r / n)"),
        refuses: ("A = P(1 + r/n)^(nt)", "is `nt` one name here, or a product of numbers?"),
    },
    Rule {
        page: r"`W = F d \cos θ`: a wave behind",
        reads: (r"F: scalar; d: scalar; W = F d \cos θ", "d", "F cos(θ)"),
        refuses: (r"W = F d \cos θ", "`F` can be a matrix or a number here"),
    },
    Rule {
        page: "`U A ΔT`: a change of what is no data",
        reads: ("U: scalar; A: scalar; ΔT: scalar; Q = U A ΔT", "U", "A ΔT"),
        refuses: ("Q = U A ΔT", "`U` can be a matrix or a number here"),
    },
    Rule {
        page: "`-I + C / (1 + r)`",
        reads: ("I: scalar; N = -I + C / (1 + r)", "C", "1 / (1 + r)"),
        refuses: ("N = -I + C / (1 + r)", "I stands in a formula of numbers: is it the identity, or a name?"),
    },
    Rule {
        page: "Letters that a number runs into, `4ac`",
        reads: ("s = b^2 - 4ac", "a", "-4 c"),
        refuses: ("s = 4 4ac", "stand side by side"),
    },
    Rule {
        page: "A value may have the name of a function that the text does not call",
        reads: ("hinge = max(0, 1 - y w^T x)", "w", "-y step(z) x"),
        refuses: ("mse = mse(a, b)", "mse is a built-in function"),
    },
    Rule {
        page: "What stands behind a wide space or `and` on one line",
        reads: ("z = W x + b   a = z^T z", "b", "2 z"),
        refuses: ("z = W x + b a = z^T z", "cyclic"),
    },
    Rule {
        page: "Beside one with a charge, `[K^+]_o`",
        reads: (r"E = \frac{RT}{F} \ln\frac{[K^+]_o}{[K^+]_i}", "K_plus_out", "R T / (F K_plus_out)"),
        refuses: (r"f = (A^T A)^+ b", "a positive part, or a pseudo-inverse"),
    },
    Rule {
        page: "`T∞` and `E°` are names with a mark",
        reads: ("T = T∞ + (T_0 - T∞) exp(-k t)", "T_0", "exp(-k t)"),
        refuses: (r"L = z z^*", "conjugate"),
    },
    Rule {
        page: "`y''` is no transpose",
        reads: ("y_ddot: scalar; f = y_ddot^2", "y_ddot", "2 y_ddot"),
        refuses: ("y'' + 2 y' + y", "second derivative"),
    },
    Rule {
        page: "It ends where the next such sum begins",
        reads: ("s = Σ x_i / Σ y_i", "x", "1 / (Σⱼ yⱼ)"),
        refuses: ("r = Σ(x - a)(y - b)", "nothing says over what"),
    },
    Rule {
        page: "`einsum('ij,jk->ik', A, B)` is read",
        reads: ("y = np.einsum('ij,kj->ki', A, B).sum()", "A", ""),
        refuses: ("y = np.einsum('ijk,k->ij', A, x)", "the sum 'ijk,k->ij'"),
    },
    Rule {
        page: "`nn.MSELoss()(a, b)` and `criterion = nn.MSELoss()`",
        reads: ("criterion = nn.MSELoss(reduction='sum')\nloss = criterion(X @ w, y)", "w", "2 Xᵀ (X w - y)"),
        refuses: ("loss = nn.CrossEntropyLoss()(z, y)", "before softmax"),
    },
    Rule {
        page: "`gelu(x, approximate=False)` is the exact one",
        reads: ("y = F.gelu(W @ x, approximate=False).sum()", "x", ""),
        refuses: ("y = F.gelu(x, approximate='tanh')", "approximates it by tanh"),
    },
    Rule {
        page: "`np.eye(A.shape[1])` has the size of an array",
        reads: ("L = np.trace(A @ np.eye(A.shape[1]))", "A", "Iₙ"),
        refuses: ("A = np.eye(2.5)", "a size is a whole number"),
    },
    Rule {
        page: "So are several letters that are no functions",
        reads: ("e(n) = d(n) - w^T(n) x(n)", "w", "-x"),
        refuses: ("e = d(n) + u", "is it a function, or a factor?"),
    },
    Rule {
        page: "`cosθ` and `lnx` are calls",
        reads: ("x = r cosθ, y = r sinθ", "θ", "-r sin(θ)"),
        refuses: ("x = r sin^-1(θ)", "inverse function, or reciprocal"),
    },
    Rule {
        page: "`Q(s, a) <- e` defines Q",
        reads: ("Q(s,a) <- r + γ w^T φ", "w", "γ φ"),
        refuses: ("Q(s,a) + r", "a function of 2 arguments"),
    },
    Rule {
        page: "Whole numbers in brackets behind a letter that",
        reads: ("f = @(x) 100*(x(2) - x(1)^2)^2", "x", ""),
        refuses: ("f = x[1] + x[2]", "needs ranges"),
    },
    Rule {
        page: "of papers; each may lack its name",
        reads: ("x ↦ x^T A x", "x", "(A + Aᵀ) x"),
        refuses: ("x ↦ c^T z", "unexpected"),
    },
    Rule {
        page: "`model.fc.bias` is bias, or fc_bias where another one ends alike",
        reads: ("s = c.T @ (enc.gain * x)", "x", "c ∘ gain"),
        refuses: ("s = rows_of.X @ x", "unexpected '.'"),
    },
    Rule {
        page: "`sum(v**2 for v in x)` and `sum(map(z -> z^2, x))` go over the entries of x",
        reads: ("L = sum((v - m)**2 for v in x)", "m", "2 Σᵢ (m - xᵢ)"),
        refuses: ("sum((w @ v)**2 for v in X)", "this loop, a comprehension"),
    },
    Rule {
        page: "`sum((x - m)^2)` of columns goes entry by entry, and that is said",
        reads: ("s = sum((A x - b)^2)", "x", "2 Aᵀ (A x - b)"),
        refuses: ("s = sum (A x - b)^2", "nothing says over what"),
    },
    Rule {
        page: "`x.ravel()` and `flatten` go row after row",
        reads: ("s = np.sum((A @ x).ravel()**2)", "x", "2 Aᵀ A x"),
        refuses: ("s = np.sum(X.reshape(2, 3))", "not in the language"),
    },
    Rule {
        page: "`Xij` beside `X_{ij}` is one in braces",
        reads: (r"\sum_{ij} (X_{ij} - Yij)^2", "Y_ij", "2 (Yᵢⱼ - Xᵢⱼ)"),
        refuses: (r"\sum_{ij} xy", "nothing says what the index"),
    },
    Rule {
        page: "`<a, b>` is an inner product",
        reads: ("s = <x, A x>", "x", "(A + Aᵀ) x"),
        refuses: ("s = <x>", "expected an operand"),
    },
    Rule {
        page: "letters that run into a word and stand nowhere",
        reads: (r"s = \sum_i eigval_i x_i", "x_i", "eigvalᵢ"),
        refuses: (r"s = \sum_i eigval_i e", "nothing says"),
    },
    Rule {
        page: r"`\mathrm{Log}(z)`, `\text{np.exp}(z)` are the functions",
        reads: (r"s = \text{np.exp}(a^\top x)", "x", "s a"),
        refuses: (r"s = \text{np.fold}(x)", "not in the language"),
    },
    Rule {
        page: "So is the letter of a head above weights and another",
        reads: (r"z = \sigma(U^z x + W^z s + b^z)", "b_z", "diag(σ(a) ∘ (1 - σ(a)))"),
        refuses: (r"z = \sigma(U^z x)", "cyclic"),
    },
];
