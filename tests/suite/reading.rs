//! The rules of `src/docs/reading.md`, each with a text that it reads and one that it must not; and formulas as papers,
//! textbooks and questions typeset them, with the kinds their names have.

mod page;
mod rows;

use crate::binary::gradus;
use crate::shape::read;
use gradus::internals::diag::Errors;
use gradus::internals::fuel;
use gradus::internals::syntax::{parse_document, parse_document_for};
use gradus::internals::{program::Program, shape::elaborate};
use gradus::{Document, Options};
use rows::ROWS;

/// A rule of the page.
struct Rule {
    /// Words of the page, as they stand there.
    page: &'static str,
    /// A text, a target, its derivative.
    reads: (&'static str, &'static str, &'static str),
    /// A text that looks like it and is refused, and what the refusal says.
    refuses: (&'static str, &'static str),
}

const RULES: &[Rule] = &[
    Rule {
        page: r"and `[z_n]_k` is the entry",
        reads: (r"L = \sum_n \sum_k y_{nk} [z_n]_k + \sum_n \|z_n\|^2", "z_n", ""),
        refuses: (r"L = \sum_n \sum_k z_{nk} y_k + \sum_n \|z_n\|^2", "an entry of a member is `[x_n]_k`"),
    },
    Rule {
        page: r"`\operatorname{tr}(\rho \ln \rho)` is refused as a function of a matrix",
        reads: (r"f = \operatorname{tr}(A e^{\lambda})", "λ", "tr(A) exp(λ)"),
        refuses: (r"S = -\operatorname{Tr}(\rho\ln\rho)", "this function of the matrix ρ has no rule"),
    },
    Rule {
        page: r"(`K(\frac{x - z_i}{h})`, `K_h(x - z_i)` are asked back)",
        reads: (r"K: elementwise; f = \sum_i K(\frac{x - z_i}{h})", "z_i", ""),
        refuses: (r"f = \sum_i K_h(x - z_i) y_i", "before a bracket as a kernel does"),
    },
    Rule {
        page: r"`(\mathbf p - q \mathbf A)^2` of bold vectors",
        reads: (r"H = \|\mathbf p - q \mathbf a\|^2", "a", ""),
        refuses: (r"H = (\mathbf p - q \mathbf a)^2", "a vector: `^2` is of scalars"),
    },
    Rule {
        page: "one product or quotient with a function, a rate or a name twice",
        reads: (r"\log\frac{p(y=1|x)}{1-p(y=1|x)} = w^\top x + b", "w", "x"),
        refuses: ("x^T x = r^2", "the left side of = must be a name"),
    },
    Rule {
        page: "shares no name with the\nright",
        reads: ("e'e = (y - X b)'(y - X b)", "b", ""),
        refuses: ("X'X b = X'y + X'e", "the left side of = must be a name"),
    },
    Rule {
        page: r"`m \ddot x = -k x`",
        reads: (r"m\ddot x = -k x - c \dot x", "k", "-x"),
        refuses: (r"m x = -k y", "the left side of = must be a name"),
    },
    Rule {
        page: r"where t stands in such brackets alone, x and u are values at one time",
        reads: (r"\dot x(t) = A x(t) + B u(t)", "u", "B"),
        refuses: (r"\dot x(t) = A x(t) + t u(t)", "a function, or a factor?"),
    },
    Rule {
        page: r"A script letter beside the same letter in another font",
        reads: (r"L = \mathbb{E}_{x\sim\mathcal{D}}[\|x - D x\|^2]", "D", ""),
        refuses: (r"L = \sum_{x \in \mathcal D} \|x - D\|^2", "can be read in two ways"),
    },
    Rule {
        page: "`z_{nk}` beside a definition of `z_n`",
        reads: (r"z_n = W x_n + b, L = \sum_n \sum_k y_{nk} z_{nk}", "b", ""),
        refuses: (r"L = \sum_n \sum_k y_{nk} z_{nk} + \sum_n \|z_n\|^2", "2 indices in one place"),
    },
    Rule {
        page: r"`r_{ij} = \|\mathbf r_i - \mathbf r_j\|` defines a family beside that",
        reads: (r"E = \sum_{i<j} r_{ij}^2, r_{ij} = \|\mathbf r_i - \mathbf r_j\|", "r_i", ""),
        refuses: (r"E = \sum_{i<j} r_{ij}^2 + \sum_i \|\mathbf r_i\|^2", "2 indices in one place"),
    },
    Rule {
        page: "`p_i log₂ p_i`",
        reads: ("H = -Σᵢ pᵢ log₂ pᵢ", "p_i", "-(1 + log(pᵢ)) / log(2)"),
        refuses: ("H = -Σᵢ pᵢ log₃ pᵢ qᵢ", "log_3"),
    },
    Rule {
        page: r"`x A x`, `(y - X w)(y - X w)`, `x^T A x - b x`",
        reads: ("A: symmetric; f = x^T A x - b^T x", "x", "2 A x - b"),
        refuses: ("f = x A x - b x", "whose transpose is lost, or a number?"),
    },
    Rule {
        page: "`q @ k.T` of small letters",
        reads: ("q: matrix; k: matrix; s = np.sum(q @ k.T)", "q", ""),
        refuses: ("s = np.sum(q @ k.T)", "an array with one axis here, or a matrix?"),
    },
    Rule {
        page: "`(x - mu) / s` of a program",
        reads: ("mu: scalar; np.sum(((x - mu) / s)**2)", "mu", ""),
        refuses: ("np.sum(w * np.exp(-0.5 * ((x - mu) / s)**2) / s)", "is μ a number for all entries here"),
    },
    Rule {
        page: "`ρ A v`, `R - C`: letters of physics",
        reads: (r"A: scalar; v: scalar; \dot m = \rho A v", "v", "ρ A"),
        refuses: (r"\dot m = \rho A v", "can be numbers here, or arrays"),
    },
    Rule {
        page: r"`\mathbf E^2`, `\|\mathbf E\|^2` of a capital in bold",
        reads: (r"u = \operatorname{tr}(\mathbf E^2)", "E", "2 Eᵀ"),
        refuses: (r"u = \epsilon_0 |\mathbf E|^2 + \mathbf B^2", "a vector whose squared length is meant?"),
    },
    Rule {
        page: r"`\mathbf J = σ \mathbf E`, `ε \mathbf E + \mathbf P`",
        reads: (r"\mathbf E: vector; \mathbf J = \sigma \mathbf E", "σ", "E"),
        refuses: (r"\mathbf J = \sigma \mathbf E", "a vector here, or a matrix?"),
    },
    Rule {
        page: r"Capitals that are members of a family are rows, vectors",
        reads: (r"\sum_i \|F_i - Y_i\|^2", "F_i", "2 (Fᵢ - Yᵢ)"),
        refuses: (r"Z: n x m; w: n; \sum_i \|F_i - Z w\|^2", "their product needs m = n"),
    },
    Rule {
        page: r"where it is the only one: `\sum_j w_j v_k`",
        reads: (r"\sum_j w_j v_k", "v_k", ""),
        refuses: (r"-\sum_{i,j} w_{ij} s_i s_k", "nothing binds the index `k`"),
    },
    Rule {
        page: "`k = A · exp(-E/(R · T))`, and `w · x + b` is an inner product",
        reads: ("k = A · exp(-E/(R · T))", "T", "E k / (R T²)"),
        refuses: ("k = A · h · ΔT", "can be numbers here, or arrays"),
    },
    Rule {
        page: "`q = m · c · ΔT`, `p = m · v`, `c · \\exp(x)`, `a · x + b`: points",
        reads: ("m: scalar; v: scalar; p = m · v", "v", "m"),
        refuses: ("p = m · v", "can be numbers here, or arrays"),
    },
    Rule {
        page: r"`A \cos(k \cdot x - ω t)`: a point in a wave",
        reads: (r"y = \cos(w \cdot x + b)", "b", "-sin(z)"),
        refuses: (r"y = A \cos(k \cdot x - \omega t)", "can be numbers here, or arrays"),
    },
    Rule {
        page: r"`\hat y = \sigma(β \cdot x)`",
        reads: (r"\beta: n; \hat y = \sigma(\beta \cdot x)", "β", "ŷ (1 - ŷ) x"),
        refuses: (r"\hat y = \sigma(\beta \cdot x)", "is β a number here, or a vector?"),
    },
    Rule {
        page: "`w.T @ X`, X a vector by what stands beside it",
        reads: ("X: n x m; w: n; A = sigmoid(np.dot(w.T, X) + b)\nJ = np.sum(Y * np.log(A))", "Y", "log(A)"),
        refuses: ("A = sigmoid(np.dot(w.T, X) + b)\nJ = np.sum(Y * np.log(A))", "is X one array here, or a matrix"),
    },
    Rule {
        page: "`np.where(np.abs(r) <= d, …)`",
        reads: ("np.sum(np.where(np.abs(r) <= δ, r**2, δ * np.abs(r)))", "δ", ""),
        refuses: ("np.sum(np.where(np.abs(r) <= d, r**2, d * np.abs(r)))", "is d a number for all entries here"),
    },
    Rule {
        page: "`Kp*e + Ki*s`: words that begin with a capital",
        reads: ("u = Wx*x + Wh*h", "x", "Wx"),
        refuses: ("u = Kp*e + Ki*s", "can be numbers here, or arrays"),
    },
    Rule {
        page: "`X * w` of NumPy, between data and weights",
        reads: ("w: scalar; s = np.sum((X * w - Y)**2)", "Y", "2 (Y - w X)"),
        refuses: ("s = np.sum((X * w - Y)**2)", "did you mean: w: scalar;"),
    },
    Rule {
        page: "`U_{hh}^{\\tilde r} h`: a small letter above weights",
        reads: ("z = W^{(f)} x + U^{(f)} h + b^{(f)}", "x", "W_f"),
        refuses: (r"z = U_{hh}^{\tilde r} h", "a power here, or a label?"),
    },
    Rule {
        page: "`Y = A x K^a x L^b`, `v x B`: an x between factors",
        reads: ("f = 3 x y + 2 x z", "x", "3 y + 2 z"),
        refuses: ("a = q (E + v x B)", "did you mean: a = q (E + v × B)"),
    },
    Rule {
        page: "`yhat`, `loss` in LaTeX: four small letters and more",
        reads: (r"E = mgh + \frac12 mv^2", "h", "m g"),
        refuses: (r"L = loss + \lambda \|w\|^2", r"did you mean: L = \mathrm{loss} + \lambda"),
    },
    Rule {
        page: "`lgo det(A)`, `xtAx`, `\\sum_{i=1^n}`: slips of the hand",
        reads: (r"L = \sum_{i=1}^n (y_i - w^T x_i)^2", "w", "2 Σᵢ (wᵀ xᵢ - yᵢ) xᵢ"),
        refuses: (r"L = \sum_{i=1^n} (y_i - w^T x_i)^2", r"did you mean: L = \sum_{i=1}^n (y_i - w^T x_i)^2"),
    },
    Rule {
        page: "`(x - m)' / S * (x - m)`: a row over a capital",
        reads: ("d = (x - m)' * inv(S) * (x - m)", "S", ""),
        refuses: ("d = (x - m)' / S * (x - m)", "`S` can be a matrix or a number here"),
    },
    Rule {
        page: r"`(a · b) / (\|a\|\|b\|)` with single bars",
        reads: ("c = (a·b)/(‖a‖ ‖b‖)", "a", ""),
        refuses: ("c = (a·b)/(|a||b|)", "a number here, or a vector?"),
    },
    Rule {
        page: "the n of `X.T @ (X @ w - y) / n`",
        reads: ("grad = X.T @ (X @ w - y) / n", "n", "Xᵀ (y - X w) / n²"),
        refuses: ("X: m x k; n: m; grad = X.T @ (X @ w - y) / n", "the shapes differ"),
    },
    Rule {
        page: "`np.sqrt(2 * g * h)` and no sign of arrays; `np.cross(r, m * v)`",
        reads: ("m: scalar; L = np.cross(r, m * v)", "m", ""),
        refuses: ("v = np.sqrt(2 * g * h)", "is g a number here, or a vector, multiplied entry by entry?"),
    },
    Rule {
        page: "Beside products with the sign `*`",
        reads: ("K: scalar; y: scalar; Ki: scalar; u = K*(r - y) + Ki*e", "e", "Ki"),
        refuses: ("K: 2 x 2; u = K*(r - y) + Ki*e; Ki: 3 x 3", "the shapes differ"),
    },
    Rule {
        page: "or as a factor, `v_0 + a t`",
        reads: ("v = v_0 + a t", "a", "t"),
        refuses: (r"P = V I t", "is it the identity, or a name of the document?"),
    },
    Rule {
        page: r"`V I`, `L I^2`, `\mu_0 I / 2\pi r`, `C + I + G`",
        reads: (r"\Sigma = \alpha I + \beta J", "α", "vec(Iₙ)"),
        refuses: (r"B = \frac{\mu_0 I}{2\pi r}", "is it the identity, or a name of the document?"),
    },
    Rule {
        page: "`m g h`: three letters and more",
        reads: ("y = m x + b", "b", "Iₙ"),
        refuses: (r"p = \rho g h", "is h a number here, or a vector?"),
    },
    Rule {
        page: r"The dot of `w \cdot x_i` and `z_i \cdot z_j` is that of vectors",
        reads: (r"L = \sum_i (y_i - w \cdot x_i)^2", "w", ""),
        refuses: (r"L = \sum_i (y_i - w \cdot )^2", "expected an operand"),
    },
    Rule {
        page: "a product over a number made of arrays",
        reads: ("v = A b / ‖c‖", "b", "A / ‖c‖"),
        refuses: (
            "GM = G * M; U = -GM * m / np.linalg.norm(r)",
            "did you mean: G: scalar; M: scalar; m: scalar; GM = G * M; U = -GM * m / np.linalg.norm(r)",
        ),
    },
    Rule {
        page: "a capital in bold that fits as a number alone",
        reads: (r"V: vector; y = (\mathbf r \cdot \mathbf V)^\alpha", "r", ""),
        refuses: (
            r"y = \mathbf x^\top \mathbf x + (\mathbf S)^\alpha",
            "`S` is in bold, but only as a number it would fit",
        ),
    },
    Rule {
        page: r"`\mathbf a = \mathbf F / m` | a vector",
        reads: (r"\mathbf a = \mathbf F/m", "F", "Iₙ / m"),
        refuses: (r"F: n x n; m: n; \mathbf a = \mathbf F/m", "divides by a scalar"),
    },
    Rule {
        page: r"`F \cdot d`; `\mathbf A \cdot \mathbf B` of two in bold",
        reads: (r"\mathbf y = \mathbf W \cdot \mathbf x", "x", "W"),
        refuses: (
            r"W = \mathbf F \cdot \mathbf d",
            r"did you mean: F: vector; d: vector; W = \mathbf F \cdot \mathbf d",
        ),
    },
    Rule {
        page: "`d^2(x, y) =`, `d(x, y)^2 =`",
        reads: (r"d_M^2(x, y) = (x - y)^\top M (x - y); M: symmetric", "x", "2 M r"),
        refuses: (r"x^2 + y^2 = r^\top r", "the left side of = must be a name"),
    },
    Rule {
        page: r"`\nabla^2_{xx}`",
        reads: (r"\nabla^2_{xx} (x^\top A x)", "x", "A + Aᵀ"),
        refuses: (r"\nabla^3_{xxx} (x^\top A x)", "expected an operand, found '^'"),
    },
    Rule {
        page: r"`[a \oplus b]`, `a ⊕ b` | refused",
        reads: (r"y = w^\top [h; c]", "w", "[h; c]"),
        refuses: (r"y = w^\top [h \oplus c]", r"did you mean: y = w^\top [h ; c]"),
    },
    Rule {
        page: "`sI`, `λI`, `πσ`",
        reads: ("L = log(2πσ²)", "σ", "2/σ"),
        refuses: ("L = log(2πσ²) + σI", "nothing says what `σ` is"),
    },
    Rule {
        page: "for there it is repeated along rows",
        reads: ("np.sum(np.sum(X**2, axis=1))", "X", "2 X"),
        refuses: ("Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))", "keepdims=True is not in the language"),
    },
    Rule {
        page: "with NumPy's signs the latter does nothing",
        reads: ("torch.sum(K.transpose(-2, -1) @ x)", "x", "K 𝟏ₘ"),
        refuses: ("np.sum(K.transpose(-2, -1) @ x)", "transpose takes 1 argument"),
    },
    Rule {
        page: "`p_c` beside a `p = …` that nothing uses is asked back",
        reads: (r"L = -\log(c^T p); p = \mathrm{softmax}(z); c: n onehot", "z", ""),
        refuses: (r"L = -\log p_c, \quad p = \mathrm{softmax}(z)", "nothing uses `p`"),
    },
    Rule {
        page: "the cosine, `d(x, y)` the distance",
        reads: (r"L = d(a, b)^2; d(u, v) = ‖u - v‖", "a", "2 (a - b)"),
        refuses: (
            r"L = \mathrm{sim}(a, b)/\tau",
            r"did you mean: L = \mathrm{sim}(a, b)/\tau; \mathrm{sim}(u, v) = u^T v / (‖u‖ ‖v‖)",
        ),
    },
    Rule {
        page: "for `A: positive definite`",
        reads: ("A: spd; x^T A x", "x", "2 A x"),
        refuses: ("A: positive definite; x^T A x", "did you mean: A: spd; x^T A x"),
    },
    Rule {
        page: "are signs of\nnumbers too",
        reads: ("A * np.exp(-k * t) * np.cos(w * t + phi)", "k", "-A t exp(-k t) cos(w t + φ)"),
        refuses: ("np.sum((y - A * np.exp(-k * t))**2)", "is k a number here, or a vector"),
    },
    Rule {
        page: "so are bars around one",
        reads: ("U = ½ k (|x| − l)²", "l", "k (l - abs(x))"),
        refuses: ("U = ½ k (|A x − l)²", "expected the closing bar"),
    },
    Rule {
        page: "A capital that fits as a number alone",
        reads: ("1/f = (n − 1)(1/R₁ − 1/R₂)", "n", "1/R₁ - 1/R₂"),
        refuses: (r"P = \epsilon \sigma A (T^4 - S^4)", "can be a matrix or a number here"),
    },
    Rule {
        page: "so do members of families",
        reads: (r"P(y) = \sum_{t=1}^T c/(1+y)^t + F/(1+y)^T", "F", "1 / (1 + y)^(T)"),
        refuses: (r"c: n; F: n x n; P(y) = \sum_{t=1}^T c/(1+y)^t + F/(1+y)^T", "is of scalars"),
    },
    Rule {
        page: "numbers of a curve",
        reads: ("a: scalar; b: scalar; L = np.mean((a * x + b - y)**2)", "b", "2 mean(a x + b - y)"),
        refuses: ("L = np.mean((a * x + b - y)**2)", "is a a number here, or a vector"),
    },
    Rule {
        page: "the next value of a name",
        reads: ("N(t+1) = N exp(r (1 − N/K))", "r", "N exp(r (1 - N / K)) (1 - N / K)"),
        refuses: ("x(k+1) = f(x(k), u)", "a function of 2 arguments"),
    },
    Rule {
        page: "a standard state, is E_circ",
        reads: (r"E = E^\circ - \frac{RT}{nF} \ln Q", "Q", "-R T / (Q n F)"),
        refuses: (r"E = E^\circ - ^\circ", "expected an operand"),
    },
    Rule {
        page: "`minimize … over x`",
        reads: ("minimize ‖A x - b‖² over x", "x", "2 Aᵀ (A x - b)"),
        refuses: ("minimize A x over x", "what is sought here is the optimum of a scalar"),
    },
    Rule {
        page: "a prime on an argument is part of a name too",
        reads: (r"L = d(h' + r, t'), \text{ where } d(a, b) = \|a - b\|^2", "r", "2 (h_prime + r - t_prime)"),
        refuses: (r"L = d(r, t'), \text{ where } d(a, b) = \|a - b\|^2", ""),
    },
    Rule {
        page: "letters of two scripts",
        reads: ("s = εσA x", "x", "ε σ A"),
        refuses: ("P = εσA(T⁴ − T₀⁴)", "can be a matrix or a number here"),
    },
    Rule {
        page: "are means over all\nentries",
        reads: ("F.l1_loss(W @ x, y, reduction='sum')", "y", "-sign(z)"),
        refuses: ("F.l1_loss(a, b, w)", "takes two arguments here"),
    },
    Rule {
        page: "of each pair of columns",
        reads: ("1 - F.cosine_similarity(u, v, dim=0)", "u", ""),
        refuses: ("F.cosine_similarity(u, v, dim=1)", ""),
    },
    Rule {
        page: "is the array in one column",
        reads: ("as.numeric(t(b) %*% b)", "b", "2 b"),
        refuses: ("as.logical(b)", "the function as.logical is not in the language"),
    },
    Rule {
        page: "calls functions in square brackets",
        reads: ("Total[(X.w - y)^2]/2", "w", "Xᵀ (X w - y)"),
        refuses: ("Sort[x]", "the function Sort is not in the language"),
    },
    Rule {
        page: "its length, beside a vector",
        reads: (r"U = k r^2, \quad r = |\mathbf r|", "r", "2 k r"),
        refuses: (r"f = x^\top x, \text{ where positive definite}", "no fact that can be declared"),
    },
    Rule {
        page: "Texts tell facts in their own way",
        reads: (r"f = \frac12 x^\top Q x, \text{ where } Q \text{ is symmetric and positive definite}", "x", "Q x"),
        refuses: (r"f = x^\top x \text{ and definite}", "no fact that can be declared"),
    },
    Rule {
        page: "log Γ(α) is\n`lgamma(α)`",
        reads: (r"\alpha: \mathbb{R}; s = \mathrm{lgamma}(\alpha + 1)", "α", "digamma(α + 1)"),
        refuses: (r"s = \log\Gamma(\alpha + 1)", "lgamma"),
    },
    Rule {
        page: "as a stack, the one below the other",
        reads: (r"h = \tanh(W [x, u] + b)", "W", "[x; u]ᵀ ⊗ diag(1 - tanh(z).^2)"),
        refuses: ("A [x, y]", "columns side by side, or the one below the other"),
    },
    Rule {
        page: "is a concatenation",
        reads: (r"s = a^\top [W h \,\|\, W x]", "a", "[W h; W x]"),
        refuses: (r"s = [a \| b", "closed"),
    },
    Rule {
        page: "`\\nabla f_k` and `\\nabla^2 f_k` without an argument",
        reads: (r"m(p) = f_k + \nabla f_k^\top p + \frac12 p^\top \nabla^2 f_k p", "p", ""),
        refuses: (r"f = x^\top x; m = p^\top p + \nabla f^\top p", "a derivative stands before a whole statement"),
    },
    Rule {
        page: "beside a vector `\\mathbf r`",
        reads: (r"U = k r^2, \quad r = \|\mathbf r\|", "r", "2 k r"),
        refuses: (r"U = k r^2, \quad r = \|r\|", "the definition is cyclic"),
    },
    Rule {
        page: "lists several small letters",
        reads: (r"u(x, y) = \alpha \ln x + (1 - \alpha) \ln y", "x", "α / x"),
        refuses: (r"x: n; y: m; u(x, y) = \ln x + \ln y", "cannot add"),
    },
    Rule {
        page: "`(A \\text{ symmetric})`",
        reads: (r"f(x) = x^\top A x \quad (A \text{ symmetric})", "x", "2 A x"),
        refuses: (r"L = \|y\|^2 \text{ times } c", "these words stand within a formula"),
    },
    Rule {
        page: "`A \\in \\mathbb{S}^n_{++}`",
        reads: (r"f(x) = x^\top A x, \quad A \in \mathbb{S}^n_{++}", "x", "2 A x"),
        refuses: (r"f(x) = x^\top A x, \quad A \in \mathbb{S}^{n + 1}", ""),
    },
    Rule {
        page: "`\\text{with } P = P^\\top \\succ 0`",
        reads: (r"V = \frac12 e^\top P e, \quad \text{with } P = P^\top \succ 0", "e", "P e"),
        refuses: (r"V = \frac12 e^\top P e, \quad \text{with } P = Q^\top \succ 0", "unexpected"),
    },
    Rule {
        page: "`where $A$ is symmetric`",
        reads: ("$f(x) = x^T A x$ where $A$ is symmetric", "x", "2 A x"),
        refuses: ("$f(x) = x^T A x +$ where $A$ is symmetric", "expected an operand"),
    },
    Rule {
        page: "the bracket holds nothing else",
        reads: ("J = (1/2m) Σ_i (w^T x_i - y_i)^2", "y_i", "(yᵢ - wᵀ xᵢ) / m"),
        refuses: ("J = 1/2m Σ_i (w^T x_i - y_i)^2", "before a sum can be read in two ways"),
    },
    Rule {
        page: "the root of what is in the brackets, of the letter",
        reads: ("√(x^T x + ε)", "x", "x / sqrt(xᵀ x + ε)"),
        refuses: ("√2π x^T x", "does not say how far the root reaches"),
    },
    Rule {
        page: "a where the\ncomparison holds and b elsewhere",
        reads: ("s = np.sum(np.where(x > 0, x, 0.1 * x))", "x", "0.1 + 0.9 step(x)"),
        refuses: ("m: n; s = np.sum(np.where(m, x, 0 * x))", "is a comparison of two values"),
    },
    Rule {
        page: "the norm of each row, are read",
        reads: ("s = np.linalg.norm(X, ord=2, axis=1).sum() + torch.norm(x, p=1)", "x", "sign(x)"),
        refuses: ("s = np.sum(X, axis=2)", "the setting axis=2 is not in the language"),
    },
    Rule {
        page: "goes along\nrows as in MATLAB",
        reads: ("s = sum(sqrt(sum(X.^2, 2)))", "X", ""),
        refuses: ("sum(X, 3)", "arrays with an axis 3 are not in the language"),
    },
    Rule {
        page: "holds Mathematica's products",
        reads: ("(1/2) x.Q.x - c.x", "c", "-x"),
        refuses: ("Table[x[[i]]^2, {i, n}]", "the function Table is not in the language"),
    },
    Rule {
        page: "a column is added to every row of a matrix",
        reads: ("s = np.sum(np.tanh(X @ W + b))", "b", "(1 - h.^2)ᵀ 𝟏ₙ"),
        refuses: ("X W + b", "`b`"),
    },
    Rule {
        page: "the formula that says the same is offered",
        reads: ("s = sum(w[i] * x[i] for i in range(n))", "w_i", "xᵢ"),
        refuses: (
            "s = 0\nfor i in range(n):\n    s += w[i] * x[i]",
            "did you mean: s = sum(w[i] * x[i] for i in range(n))",
        ),
    },
    Rule {
        page: "a lone letter as the exponent of a formula",
        reads: ("np.sum(np.abs(x)**p)", "p", ""),
        refuses: ("x: n; p: m; np.sum(np.abs(x)**p)", "the shapes differ"),
    },
    Rule {
        page: "is no size but a slip",
        reads: ("y: k one-hot; z: k; -y^T log(softmax(z))", "z", "softmax(z) - y"),
        refuses: ("A: symetric; x^T A x", "did you mean: A: symmetric; x^T A x"),
    },
    Rule {
        page: "Letters raised above the name of a head",
        reads: (r"a^l = f(W^l a^{l-1} + b^l)", "b_l", "diag(f'(z))"),
        refuses: (r"x^{n} = n x", "the left side of = must be a name"),
    },
    Rule {
        page: "in another, `\\mathcal{L}",
        reads: (r"\mathcal{L} = \operatorname{tr}(F^\top L F)", "F", "(L + Lᵀ) F"),
        refuses: ("L = tr(F^T L F)", "the definition is cyclic"),
    },
    Rule {
        page: "the places in brackets are indices",
        reads: (r"e[n] = d[n] - w^\top x[n]", "w", "-x_n"),
        refuses: ("s = x[n]", "a slice, which needs ranges"),
    },
    Rule {
        page: "small Latin letters that are not are rather numbers",
        reads: (r"k_a i_a + k_d (\mathbf{n} \cdot \mathbf{l}) i_d", "i_d", "k_d nᵀ l"),
        refuses: (r"x: k; \mathbf{n}: m; \mathbf{n} + x", "the shapes differ"),
    },
    Rule {
        page: "plain capitals that meet no vector",
        reads: (r"U = -\frac{G M m}{\|\mathbf r\|}", "M", "-G m / ‖r‖"),
        refuses: (r"A: n x m; A \mathbf{x} + A", "cannot add"),
    },
    Rule {
        page: "single bars around a vector",
        reads: (r"-\frac{1}{\|\mathbf r\|}", "r", "r / ‖r‖³"),
        refuses: (r"-\frac{1}{|\mathbf r|}", "`/` divides by a scalar"),
    },
    Rule {
        page: "the inner product of x and σ(β x)",
        reads: (r"x: scalar; x \cdot \sigma(\beta x)", "β", "x σ(β x) (x - x σ(β x))"),
        refuses: (r"f(x) = x \cdot \sigma(\beta x)", "is x a number here, or a vector?"),
    },
    Rule {
        page: "two of A, B, W to Z side by side",
        reads: (r"B: n x m; W' = W + \frac{\alpha}{r} B A", "W", ""),
        refuses: (r"W' = W + \frac{\alpha}{r} B A", "can be a matrix or a number here"),
    },
    Rule {
        page: "a Greek capital before a number in a bracket",
        reads: (r"Φ: elementwise; \ln(\Phi(x^\top β))", "β", "Φ'(z) x / Φ(z)"),
        refuses: (r"\ln(\Phi(x^\top β))", "is it a function, or a factor?"),
    },
    Rule {
        page: "in Unicode `∑ᵢ₌₁ⁿ`",
        reads: ("L = ∑ᵢ₌₁ⁿ (yᵢ - wᵀxᵢ)²", "w", "2 Σᵢ (wᵀ xᵢ - yᵢ) xᵢ"),
        refuses: ("L = ∑ᵢ₌ⁿ xᵢ", ""),
    },
    Rule {
        page: "goes over all pairs",
        reads: (r"L = \sum_{(u,i)} (r_{ui} - p_u^\top q_i)^2", "p_u", "2 Σᵢ (pᵤᵀ qᵢ - rᵤᵢ) qᵢ"),
        refuses: (r"\sum_{\langle i,j\rangle} s_i s_j", "pairs of neighbours"),
    },
    Rule {
        page: "`E_{x ~ p}[…]` too",
        reads: ("J = E_{x ~ p}[x^T w]", "w", "E[x]"),
        refuses: ("y ~ x", "unexpected '~'"),
    },
    Rule {
        page: "is refused as the density it is",
        reads: ("N (x - y)", "x", "N"),
        refuses: (r"\log\mathcal{N}(x \mid \mu, \Sigma)", "the normal density has no name"),
    },
    Rule {
        page: "In a column of coordinates",
        reads: (r"p = \begin{bmatrix} l \cos q \\ l \sin q \end{bmatrix}", "q", "[-l sin(q); l cos(q)]"),
        refuses: ("y = [cos(x); sin(x)]", "is x a number in this column"),
    },
    Rule {
        page: "π is a name of the document",
        reads: (r"\pi^\top r", "r", "π"),
        refuses: (r"x^\top W \pi", "π stands behind an array"),
    },
    Rule {
        page: "a lone name in its brackets",
        reads: (r"J^\top(q - p)", "q", "Jᵀ"),
        refuses: (r"\tau = J^\top(q) F", "is it a function, or a factor?"),
    },
    Rule {
        page: "a time is a number",
        reads: (r"h = h_0(t) \exp(x^\top \beta)", "x", "h β"),
        refuses: ("y = x(t) + u", "is it a function, or a factor?"),
    },
    Rule {
        page: "the inverse of a capital",
        reads: (r"s = \Sigma^{-1} (x - \mu)", "x", "Σ⁻¹"),
        refuses: ("Σ: n x m; Σ^-1 (x - μ)", "the inverse needs a square matrix"),
    },
    Rule {
        page: "begins and ends alike",
        reads: ("s = x^T GQG^T x; Q: symmetric", "x", "2 G Q Gᵀ x"),
        refuses: ("s = GQG(x)", "unknown function `GQG`"),
    },
    Rule {
        page: "under a transpose, in a norm",
        reads: ("‖y - X β‖^2 + λ ‖β‖^2", "λ", "‖β‖²"),
        refuses: ("x^T (A + λ) x", "λ"),
    },
    Rule {
        page: "behind 𝟏ᵀ",
        reads: (r"y^\top (z - \log(\mathbf{1}^\top e^z))", "y", "z - log(a)"),
        refuses: (r"z: n; w: m; \mathbf{1}^\top (z + w)", "the shapes differ"),
    },
    Rule {
        page: "whose norm is taken: `‖f(A) - f(P)‖`",
        reads: ("f: elementwise; ‖f(A) - f(P)‖^2", "A", "2 f'(A) ∘ (f(A) - f(P))"),
        refuses: ("‖f(A, P)‖^2", "nothing says what `f` is"),
    },
    Rule {
        page: "is rather a scalar, as that letter is",
        reads: ("np.mean((X @ w - y)**2) + lam * w @ w", "lam", "wᵀ w"),
        refuses: ("np.mean((X @ w - y)**2) + c * w @ w", "is c a number here"),
    },
    Rule {
        page: "added below a root, in a logarithm or in a denominator",
        reads: ("sum(sqrt(x.^2 + eps))", "x", "x ⊘ sqrt(x.^2 + eps)"),
        refuses: ("x^T (A + ε) x", "declare"),
    },
    Rule {
        page: "no vector has a power",
        reads: (r"\|x^k - y\|^2", "y", "2 (y - x_k)"),
        refuses: (r"\|A^k - B\|^2", "is A a number here, or a matrix"),
    },
    Rule {
        page: "the mean of all entries, a number, or of each",
        reads: (r"\|y - \frac{x-\mu}{\sigma}\|^2", "y", "2 (y + (μ - x) / σ)"),
        refuses: (r"\gamma\odot\frac{x-\mu}{\sigma} + \beta", "is μ a number for all entries here"),
    },
    Rule {
        page: "or the inner product of two vectors |",
        reads: (r"\operatorname{tr}(A \cdot B)", "A", "Bᵀ"),
        refuses: (r"I = k_a i_a + k_d(L\cdot N)i_d", "the inner product of two vectors"),
    },
    Rule {
        page: "x as a row before a matrix",
        reads: (r"\mathbf{1}^\top \tanh(W x)", "x", "Wᵀ (1 - h.^2)"),
        refuses: (r"(xW_1 \odot \tanh(xW_2))W_3", "can be a row times a matrix"),
    },
    Rule {
        page: "a current, or the identity of size s",
        reads: (r"(a\otimes I_n)Xb", "b", ""),
        refuses: (r"I = I_s (e^{V/T} - 1)", "declare `I_s: n x n` or `I_s: scalar`"),
    },
    Rule {
        page: "a capital alone in a sum with small letters",
        reads: (r"2k - 2\ln a", "a", "diag(-2 ⊘ a)"),
        refuses: (r"AIC = 2k - 2\ln L", "`L` can be a vector or a number here"),
    },
    Rule {
        page: "PyTorch's `cross_entropy` is of values before softmax",
        reads: ("y: k onehot; cross_entropy(y, softmax(z))", "z", "softmax(z) - y"),
        refuses: ("F.cross_entropy(W @ x + b, y)", "takes values before softmax"),
    },
    Rule {
        page: "`K_kH_k`, letters with one index",
        reads: ("tr(K_kH_k)", "K_k", "H_kᵀ"),
        refuses: ("x: n; K_kH_k: n x m; K_kH_k x", "product needs"),
    },
    Rule {
        page: "a sum of capitals alone that are no customary matrices",
        reads: ("tr(Q R + S)", "S", "Iₙ"),
        refuses: ("G = H - TS", "`H` can be a matrix or a number here"),
    },
    Rule {
        page: "which of them is derived: `--of V`",
        reads: (r"\dot V = x^T(A^TP + PA)x", "A", "(P + Pᵀ) x xᵀ"),
        refuses: (r"V = x^TPx, \dot V = x^T(A^TP + PA", "never closed"),
    },
    Rule {
        page: "for nothing is divided by a row",
        reads: ("x^T A x / x^T x", "A", "x xᵀ / (xᵀ x)"),
        refuses: ("u^T v / ‖u‖ ‖v‖", "can be read in two ways"),
    },
    Rule {
        page: "where what follows the colon can be no size",
        reads: ("loss: ‖X w - y‖^2", "w", "2 Xᵀ (X w - y)"),
        refuses: ("w: n; loss: n k; loss w", "product needs"),
    },
    Rule {
        page: "`softmax(x)_i =` defines every entry",
        reads: (r"\text{softmax}(z)_i = \frac{e^{z_i}}{\sum_j e^{z_j}}", "z", ""),
        refuses: ("softmax(z) = z^T z", "softmax"),
    },
    Rule {
        page: "`A: symmetric`, `Q: spd`, `x: vector`, `x: row` declare without sizes",
        reads: ("A: symmetric; x^T A x", "x", "2 A x"),
        refuses: ("x: vector; x: symmetric; x^T x", "declared twice"),
    },
    Rule {
        page: "`A is m x n`, `A is a symmetric matrix`, `A = A^T`",
        reads: (r"f(x) = x^TAx, \quad A = A^T", "x", "2 A x"),
        refuses: ("A is nice; x^T A x", "'is' is not part of an expression"),
    },
    Rule {
        page: r"`y \in \{-1, 1\}` (a number)",
        reads: (r"\ell = y w^Tx, \quad y \in \{-1, 1\}", "y", "wᵀ x"),
        refuses: (r"\ell = y w^Tx, y \in \{x\}", "y"),
    },
    Rule {
        page: "are calls; the points are products then",
        reads: ("Tr[A.X.B]", "X", "Aᵀ Bᵀ"),
        refuses: ("rows_of.X.B", "'.'"),
    },
    Rule {
        page: "the sum goes over the index its terms have",
        reads: (r"\sum (y_i - w^T x_i)^2", "y", "2 (yᵢ - wᵀ xᵢ)"),
        refuses: (r"\sum (y_i - x_j)^2", "several indices"),
    },
    Rule {
        page: "small letters before the power of one",
        reads: ("U = 1/2 k x^2", "x", "k x"),
        refuses: ("k: n; x: n; U = 1/2 k x^2", "x"),
    },
    Rule {
        page: "letters over letters",
        reads: (r"F = \frac{G m_1 m_2}{r^2}", "G", "m₁ m₂ / r²"),
        refuses: ("A: n x n; r: n; A / r", "divides by a scalar"),
    },
    Rule {
        page: "a row times a matrix, or scalars",
        reads: ("x: row; s = sum(x W + b)", "W", "xᵀ 𝟏ₘᵀ"),
        refuses: (r"\max(0, xW_1 + b_1)W_2 + b_2", "a row times a matrix"),
    },
    Rule {
        page: "so is what `min` stands before",
        reads: (r"\min_w \frac12\|w\|^2 + C \mathbf{1}^\top \xi", "C", "sum(ξ)"),
        refuses: (r"\min_w \|X\|_2", "largest singular value"),
    },
    Rule {
        page: "Every other letter before a bracket is a factor",
        reads: ("y^T A (x + y)", "x", "Aᵀ y"),
        refuses: ("k(x, y)", "k"),
    },
    Rule {
        page: "whose index stands in the bracket too, are products",
        reads: (r"y = e^{-\sigma (x - m)^2}", "x", "2 σ y (m - x)"),
        refuses: (r"E = h(\nu - \nu_0)", "is it a function, or a factor?"),
    },
    Rule {
        page: "of a time, is a call",
        reads: (r"y = h(t - \tau)", "t", "h'(t - τ)"),
        refuses: (r"y = h(x - \mu)", "stands before a sum in brackets"),
    },
    Rule {
        page: "a function or a factor?",
        reads: ("N: elementwise; N(d_1) - N(d_2); d_1: scalar; d_2: scalar", "d_1", "N'(d₁)"),
        refuses: ("K N(d_1) - S N(d_2)", "is it a function, or a factor?"),
    },
    Rule {
        page: "LaTeX, although there is no backslash",
        reads: ("$x^TAx$", "x", "(A + Aᵀ) x"),
        refuses: ("x^t A x", "^t is not the transpose"),
    },
    Rule {
        page: "The left side is the name of the value",
        reads: (r"\mathcal L_A(x, λ; μ) = x^\top x + λ μ", "x", "2 x"),
        refuses: (r"x^\top x = 1", "must be a name"),
    },
    Rule {
        page: "before a\nwhole statement say what is derived",
        reads: (r"\nabla_W L(W) = \|W x\|^2", "W", "2 W x xᵀ"),
        refuses: (r"x - \alpha \nabla f", r"unexpected '\nabla'"),
    },
    Rule { page: "its determinant; said where", reads: (r"\log|A|", "A", "A⁻ᵀ"), refuses: ("|A", "closing bar") },
    Rule {
        page: "xᵀ Σ x, and its root",
        reads: (r"\|x\|_{\Sigma^{-1}}^2", "Σ", "-Σ⁻ᵀ x xᵀ Σ⁻ᵀ"),
        refuses: (r"\|X\|_{2,1}", "norm"),
    },
    Rule {
        page: "a row takes the product it begins",
        reads: (r"\log\mathbf{1}^\top \exp(x)", "x", "softmax(x)"),
        refuses: (r"\log x y", "needs parentheses"),
    },
    Rule {
        page: "the cross product; both have three entries",
        reads: (r"a^\top (b × c)", "a", "b × c"),
        refuses: ("a: 2; b: 2; a × b", "two columns of three entries"),
    },
    Rule {
        page: "refused: A B⁻¹, or entry by entry",
        reads: ("s = tr(A ./ B)", "A", "I ⊘ B"),
        refuses: ("A: n x n; B: n x n; A / B", "entry by entry it is `A ./ B`; with the inverse, `A B^-1`"),
    },
    Rule {
        page: "is a name of its own where a head lists it",
        reads: (r"k(\mathbf x, \mathbf x') = \exp(-\|\mathbf x - \mathbf x'\|^2)", "x_prime", ""),
        refuses: ("x: n; A: n x n; s = x' A - x", "the shapes differ"),
    },
    Rule {
        page: "an indicator, where it need not be square",
        reads: (r"\|\mathbf{I} \odot (R - U^\top V)\|_F^2", "R", "2 I.^2 ∘ (R - Uᵀ V)"),
        refuses: ("I: n x m; n = 2; m = 3; tr(I ∘ A)", "square"),
    },
    Rule {
        page: "where e stands nowhere else",
        reads: (r"\frac12 e^\top x", "x", "1/2 e"),
        refuses: (r"e: n; x: m; e^\top x", "n"),
    },
    Rule {
        page: "The T of `v^TWh` does not run into what follows",
        reads: ("E = -v^TWh - b^Th", "b", "-h"),
        refuses: ("x^t A x", "^t is not the transpose"),
    },
    Rule {
        page: "may be asked for in its plain spelling too",
        reads: (r"s = c_{t-1}^\top x_t", "c_t-1", "x_t"),
        refuses: ("s = x_{t+}^)", "')'"),
    },
    Rule {
        page: "or `@` stands beside `**`",
        reads: ("sum((y - X @ w)**2)", "w", "2 Xᵀ (X w - y)"),
        refuses: ("X @ W ** 0.5 @", "operand"),
    },
    Rule {
        page: "The last case says `otherwise`",
        reads: (r"\|(z)_+\|^2", "z", "2 relu(z)"),
        refuses: (r"f = \begin{cases} x & x > 0 \end{cases}", "the last says otherwise"),
    },
    Rule {
        page: "is a formula of scalars",
        reads: (r"\Phi = -GM/r", "r", "-Φ / r"),
        refuses: (r"G: n x n; M: n; r: n; \Phi = -GM/r", "scalar"),
    },
    Rule {
        page: "capitals as matrices, or numbers",
        reads: ("L: scalar; K: scalar; C = w L + r K", "L", "w"),
        refuses: ("C = w L + r K", "can be a matrix or a number"),
    },
    Rule {
        page: "a number or a vector above the norm",
        reads: ("q: scalar; u = q / ‖r - s‖", "q", "1 / ‖r - s‖"),
        refuses: ("u = q / ‖r - s‖", "`q` can be a number or a vector"),
    },
    Rule {
        page: "the identity, which does nothing",
        reads: ("I: n x n; E = 1/2 ω^T I ω", "I", "1/2 ω ωᵀ"),
        refuses: ("E = 1/2 ω^T I ω", "I stands in a product"),
    },
    Rule {
        page: "the matrix exponential, which has no rule",
        reads: ("A: n x n; s = tr(exp(A))", "A", "diag(diag(exp(A)))"),
        refuses: (r"\frac{d}{dt} e^{tA}", "is A a matrix or a number"),
    },
    Rule {
        page: "NumPy's x with one axis",
        reads: ("x @ A @ x", "x", "(A + Aᵀ) x"),
        refuses: ("x @ A @ y", "an array with one axis"),
    },
    Rule {
        page: "a row for each of many",
        reads: ("x: n; s = (x @ W).sum()", "x", "W 𝟏ₘ"),
        refuses: ("z = x @ W + b; s = z.sum()", "a matrix with a row for each of many"),
    },
    Rule {
        page: "the intercept of all rows",
        reads: ("b: scalar; s = ((X @ w + b)**2).sum()", "b", "2 sum(X w + b)"),
        refuses: ("s = ((X @ w + b)**2).sum()", "is b a number here"),
    },
    Rule {
        page: "numbers of physics with `*` between them",
        reads: ("m_1: scalar; m_2: scalar; G: scalar; -G*m_1*m_2/norm(r)", "r", "G m₁ m₂ r / ‖r‖³"),
        refuses: ("-G*m1*m2/norm(r)", "is m_1 a number here"),
    },
    Rule {
        page: "a function of θ, `f: R^d -> R^m`",
        reads: ("f: R^d -> R^m; ‖f(θ) - y‖^2", "θ", "2 J_f(θ)ᵀ (f(θ) - y)"),
        refuses: (r"\|f_\theta(x) - y\|^2", r"did you mean: f: R^d -> R^m; \|f(\theta) - y\|^2"),
    },
    Rule {
        page: "g of the whole vector θ",
        reads: ("g: R^n -> R^m; g(θ)^T W g(θ)", "θ", "J_g(θ)ᵀ (W + Wᵀ) g(θ)"),
        refuses: ("g(θ)^T W g(θ)", "did you mean: g: R^n -> R^m; g(θ)^T W g(θ)"),
    },
    Rule {
        page: "an array for the sake of the capitals",
        reads: (r"R: scalar; T: scalar; a: scalar; \mu_0 + RT \ln a", "a", "R T / a"),
        refuses: (r"\mu = \mu_0 + RT\ln a", "can be a matrix or a number"),
    },
    Rule {
        page: "or a projection, `π: R^3 -> R^2`",
        reads: (r"2\pi(x + y)", "x", "2 π Iₙ"),
        refuses: (r"\pi(Rp + t)", "is it the number, or a function?"),
    },
    Rule {
        page: "and `TS` in a text without words",
        reads: ("tr((A + λI)^-1 B)", "λ", "-tr((A + λ I)⁻² B)"),
        refuses: ("A: n x n; x: n; λI: m; x^T A λI", "their product needs n = m"),
    },
    Rule {
        page: "that is read entry by entry is in the last line",
        reads: ("‖f(x) - y‖^2", "x", "2 f'(x) ∘ (f(x) - y)"),
        refuses: ("‖f(θ) - y‖^2", "`f` can be a function of the whole vector"),
    },
    Rule {
        page: "`z_k` beside a sum over the",
        reads: (r"L_k = -z_k + \log \sum_j e^{z_j}", "z", ""),
        refuses: (r"L = -z_k + \log \sum_j e^{z_j}", r"did you mean: L_k = -z_k + \log \sum_j e^{z_j}"),
    },
    Rule {
        page: "is the last member",
        reads: (r"\sum_{i=1}^n x_i^2 + x_n", "x", ""),
        refuses: (r"\sum_{i=1}^n x_i^2 + x_k", "nothing binds the index `k`"),
    },
    Rule {
        page: "Equations of differentials",
        reads: ("dW = dZ X^T", "dZ", ""),
        refuses: ("dS = μ S dt + σ S dW", "equations of differentials are not in the language"),
    },
    Rule {
        page: "is the name P_minus",
        reads: (r"K = P^-H^\top y", "y", "P_minus Hᵀ"),
        refuses: ("s = tr(P^-", "')'"),
    },
    Rule {
        page: r"so it is with `\sigma_p^2 =`",
        reads: (r"\sigma_p^2 = w^\top \Sigma w", "w", "(Σ + Σᵀ) w"),
        refuses: (r"x^2 = 2 x + 1", "must be a name"),
    },
    Rule {
        page: "or where it is transposed",
        reads: (r"\mathbf{x}'^\top \mathbf{F} \mathbf{x}", "F", "x_prime xᵀ"),
        refuses: ("x: n; A: n x n; s = x' A - x", "the shapes differ"),
    },
    Rule {
        page: "`x @ y` of two columns is their inner product",
        reads: ("s = w @ x + b", "w", "x"),
        refuses: ("x: n; W: n x m; W @ x", "W"),
    },
    Rule {
        page: "`crossprod(X)` is XᵀX",
        reads: ("crossprod(y - X %*% b)", "b", "-2 Xᵀ r"),
        refuses: ("det.(x)", "of several arrays"),
    },
    Rule {
        page: "`sum(abs2, x)`, `dot(x, A, y)` are read",
        reads: ("sum(abs2, A*x .- b)", "x", "2 Aᵀ (A x - b)"),
        refuses: ("sum(x[i] for i in items(x))", "goes over something else"),
    },
    Rule {
        page: "and `norm(x, 2)`, `norm(A, 'fro')`",
        reads: ("0.5*norm(A*x - b, 2)^2", "x", "Aᵀ (A x - b)"),
        refuses: ("norm(A B, 2)", "singular value"),
    },
    Rule {
        page: "`e^{i ω t}` where nothing binds i",
        reads: (r"\sum_{i=1}^n e^{i x} y_i", "x", ""),
        refuses: (r"\psi(x) = A e^{ikx}", "the imaginary unit"),
    },
    Rule {
        page: "places that are computed",
        reads: (r"\sum_{t=2}^{T} (x_t - x_{t-1})^2", "x", ""),
        refuses: (r"\sum_{i=1}^n x_{i^2}", "this subscript cannot be read"),
    },
    Rule {
        page: "in front of what is a scalar anyway",
        reads: ("y = k ‖x‖^2", "x", "2 k x"),
        refuses: ("k: n; x: m; y = k + ‖x‖^2 x", "the shapes differ"),
    },
    Rule {
        page: "`C_t`, where nothing else is an array",
        reads: (r"PV = \sum_{t=1}^{T} \frac{C_t}{(1+r)^t}", "C", ""),
        refuses: (r"C_t: n; s = \sum_t C_t^2", "power"),
    },
    Rule {
        page: "are the\nentries of its value",
        reads: (r"p = \mathrm{softmax}(z); L = -\sum_k y_k \log p_k", "z", ""),
        refuses: (r"p = \mathrm{softmax}(z); L = -\sum_k y_k \log p_j", "nothing binds the index `j`"),
    },
    Rule {
        page: r"`\Delta x` is one name",
        reads: (r"\Delta L = g^T \Delta w", "Δw", "g"),
        refuses: (r"\Delta: n x n; x: m; \Delta x", "their product needs n = m"),
    },
    Rule {
        page: "A derivative within a formula",
        reads: (r"D: scalar; P: scalar; s = -\frac{1}{P} D", "P", "-s / P"),
        refuses: (r"s = -\frac{1}{P}\frac{dP}{dy}", "the sign of a derivative is not in the language"),
    },
    Rule {
        page: r"`\Phi^{-1}(\alpha)`",
        reads: (r"q: scalar; \mu + \sigma q", "σ", "q"),
        refuses: (r"\mu + \sigma \Phi^{-1}(\alpha)", "the inverse function, or a factor"),
    },
    Rule {
        page: "nobody writes ∘ between numbers",
        reads: (r"z = \mu + \sigma\odot\epsilon", "σ", "diag(ε)"),
        refuses: ("σ: scalar; z: n; A: n x n; z + σ ∘ A", "the shapes differ"),
    },
    Rule {
        page: "the names P_plus, x_prime",
        reads: ("x^+ = A x + B u", "u", "B"),
        refuses: ("s = X^+ y", "^+ is not in the language"),
    },
    Rule {
        page: "the number before `(3) f(x) =` is left out",
        reads: (r"(2.14) L = \|x\|^2", "x", "2 x"),
        refuses: (r"(x) L = \|x\|^2", "must be a name"),
    },
    Rule {
        page: "of one array have no rule",
        reads: (r"s = \max(a, b)^\top c", "c", "b + relu(a - b)"),
        refuses: ("y = argmax(x)", "the place of the largest entry of an array has no rule"),
    },
    Rule {
        page: "`f <- function(x) …` are",
        reads: ("f <- function(x) sum((A %*% x - b)^2)", "x", "2 Aᵀ (A x - b)"),
        refuses: ("%*% x", "expected an operand"),
    },
    Rule {
        page: "a function takes one operand without brackets",
        reads: ("f(X) = log det X", "X", "X⁻ᵀ"),
        refuses: ("s = tr A X", "did you mean: s = tr(A) X"),
    },
    Rule {
        page: "Of sentences around `$…$` the formulas are read",
        reads: (r"I want the derivative of $\|Ax - b\|^2$ with respect to $x$.", "x", "2 Aᵀ (A x - b)"),
        refuses: ("Let $f(x) = x^TAx$ and $g(x) = b^Tx$ and $x^Tx$ and $y^Ty$.", "two expressions without a name"),
    },
    Rule {
        page: "Complex variables (`x^H`, `z^*`",
        reads: ("H: n x n; x^T H x", "H", "x xᵀ"),
        refuses: (r"x^H A x", "complex"),
    },
];

#[test]
fn every_rule_of_the_page_has_a_text_that_reads_and_one_that_must_not() {
    let quoted: Vec<String> = RULES.iter().chain(ROWS).map(|rule| page::on_one_line(rule.page)).collect();
    let rules = page::rules();
    let shown = |rule: &&String| quoted.iter().any(|words| rule.contains(words.as_str()));
    let bare: Vec<&String> = rules.iter().filter(|rule| !shown(rule)).collect();
    assert!(rules.len() > 200 && bare.is_empty(), "no text for {} rules:\n{bare:#?}", bare.len());
}

#[test]
fn every_rule_of_the_page_reads_and_refuses() {
    let mut faults = Vec::new();
    let text = page::on_one_line(page::page());
    for rule in RULES.iter().chain(ROWS) {
        if !text.contains(&page::on_one_line(rule.page)) {
            faults.push(format!("the page does not say: {}", rule.page));
        }
        let (text, target, expected) = rule.reads;
        let options =
            if text.contains(r"\nabla") { Options::default() } else { Options::default().with_respect_to([target]) };
        let derived = text.parse::<Document>().and_then(|d| d.derive(&options));
        match derived {
            Ok(found) if expected.is_empty() || found[target].to_string() == expected => {}
            Ok(found) => faults.push(format!("{text}\n  by {target}: {}, not {expected}", found[target])),
            Err(e) => faults.push(format!("{text}\n{e}")),
        }
        let (text, words) = rule.refuses;
        match text.parse::<Document>() {
            Ok(_) => faults.push(format!("{text}\n  is read")),
            Err(e) if e.to_string().contains(words) => {}
            Err(e) => faults.push(format!("{text}\n  does not say {words}:\n{e}")),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

// ---- formulas

/// A formula as it was typeset, and the kinds of its names: s, v, m.
const FORMULAS: &[(&str, &str)] = &include!("recorded/formulas.in");

fn kinds(program: &Program) -> String {
    let letter = |(rows, cols): (bool, bool)| match (rows, cols) {
        (true, true) => 's',
        (false, true) => 'v',
        (_, false) => 'm',
    };
    let kind = |i: &gradus::internals::program::Input| letter((i.shape.rows.is_one(), i.shape.cols.is_one()));
    program.inputs.iter().map(|i| format!("{}:{}", i.name, kind(i))).collect::<Vec<_>>().join(" ")
}

#[test]
fn formulas_have_the_kinds_their_authors_meant() {
    let mut faults = Vec::new();
    for (text, expected) in FORMULAS {
        match read(text) {
            Ok(program) if kinds(&program) == *expected => {}
            Ok(program) => faults.push(format!("{text}\n  {}\n  not {expected}", kinds(&program))),
            Err(errors) => faults.push(format!("{text}\n  {errors:?}")),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_capital_before_a_functions_square_is_a_matrix_though_the_head_is_f() {
    let kinds = read("f(x) = M(g(x) ∘ g(x))").map(|p| kinds(&p));
    assert_eq!(kinds, Ok("M:m x:v".to_owned()));
}

/// A run that holds a target is a product.
#[test]
fn a_run_is_split_where_a_target_is_one_of_its_letters() {
    let read = |target: &str| -> Result<Program, Errors> {
        elaborate(&parse_document_for("‖XW - Y‖^2", &[target.to_owned()])?)
    };
    assert_eq!(read("W").map(|p| kinds(&p)), Ok("X:m W:m Y:m".to_owned()));
    // two capitals among letters are a product whoever asks
    assert_eq!(read("Y").map(|p| kinds(&p)), Ok("X:m W:m Y:m".to_owned()));
}

/// Which of a value and its change in time is derived has to be said.
#[test]
fn a_value_beside_its_change_in_time_is_asked_back() {
    let document: Document = r"V = x^TPx, \dot V = x^T(A^TP + PA)x".parse().expect("a document");
    let said = document.derive(&Options::default().with_respect_to(["x"])).expect_err("two values").to_string();
    assert!(said.contains("V_dot, its change in time"), "{said}");
    let asked = document.derive(&Options::default().with_respect_to(["x"]).of("V_dot")).expect("a derivative");
    assert_eq!(asked["x"].to_string(), "((P + Pᵀ) A + Aᵀ (P + Pᵀ)) x");
}

/// Nobody multiplies by the d of `d/dX`.
#[test]
fn a_derivative_asked_for_is_no_quotient_of_letters() {
    for (text, expected) in [("d/dX tr(X^T A X B)", "A X B + Aᵀ X Bᵀ"), ("df/dX; f = tr(A X)", "Aᵀ")] {
        let derived = text.parse::<Document>().and_then(|d| d.derive(&Options::default()));
        assert_eq!(derived.map(|d| d["X"].to_string()).map_err(|e| e.to_string()), Ok(expected.to_owned()), "{text}");
    }
}

#[test]
fn a_product_beside_one_that_is_split_is_split_too() {
    let read = parse_document_for("y_k = Cx_k + Du_k", &["x_k".to_owned()]).and_then(|d| elaborate(&d));
    assert_eq!(read.map(|p| kinds(&p)), Ok("C:m x_k:v D:m u_k:v".to_owned()));
}

/// What can be numbers or arrays, and nothing says which.
#[test]
fn numbers_in_capitals_are_asked_back() {
    for text in
        [r"U = -\frac{GMm}{r}", r"\Delta G = \Delta H - T\Delta S", r"W = \frac{\mu}{2}(I_1 - 3) + \kappa (J-1)^2"]
    {
        let said = read(text).map(|p| kinds(&p)).map_err(|errors| errors[0].message.clone());
        assert!(said.as_ref().is_err_and(|m| m.contains("can be a matrix or a number")), "{text}\n{said:?}");
    }
}

#[test]
fn an_index_that_nothing_binds_is_told() {
    let program = elaborate(&parse_document(r"\sum_i (y_j - w^\top x_i)^2").expect("a document")).expect("a program");
    let first = program.reading.head.as_deref().unwrap_or("");
    assert!(first.contains("nothing binds the index j of y_j"), "{first}");
}

// ---- what cannot be read

/// A text, and what is offered instead.
const MENDED: &[(&str, &str)] = &[
    (r"r = A \exp(-E/(R T)) [\mathrm A]^n", r"r = A \exp(-E/(R T)) c_A^n"),
    (r"s = \sum_i \log(1 - \rho speed_i)", r"s = \sum_i \log(1 - \rho \mathrm{speed}_i)"),
    (r"a^T X_{-T} X^{-1} a", r"a^T X^{-T} X^{-1} a"),
    (r"\| U^{\tilde r}_{hh} h - y \|^2", r"\| U^{(\tilde r)}_{hh} h - y \|^2"),
    ("h = tanh(x U + q W + b)", "x: row; q: row; b: row; h = tanh(x U + q W + b)"),
    (r"\ell = 1/2 lgo det(A) + x^T A x", r"\ell = 1/2 \log det(A) + x^T A x"),
    (r"f = \sum_i sni(x_i)", r"f = \sum_i \sin(x_i)"),
    ("r(x) = (xtAx)/(xtx)", "r(x) = (x^T A x)/(x^T x)"),
    (r"r = \frac{xTAx}{xTx}", r"r = \frac{x^T A x}{x^T x}"),
    (r"\frac12 \| yhat - y \|^2", r"\frac12 \| \hat{y} - y \|^2"),
    ("Y = A x K^alpha x L^(1-alpha)", "Y = A * K^alpha * L^(1-alpha)"),
    ("m = r x p", "m = r × p"),
    (r"L = \sum_n \sum_k z_{nk} y_k + \sum_n \|z_n\|^2", r"L = \sum_n \sum_k [z_n]_k y_k + \sum_n \|z_n\|^2"),
    (r"H = \frac{(\mathbf p - q\mathbf A)^2}{2m}", r"H = \frac{\|\mathbf p - q\mathbf A\|^2}{2m}"),
    (r"E = \left(\mathbf x - \mathbf y\right)^2", r"E = \|\mathbf x - \mathbf y\|^2"),
    ("p = K [R | t] X", "p = K [R, t] X"),
    (r"\mathbf x = \mathbf K[\mathbf R|\mathbf t]\mathbf X", r"\mathbf x = \mathbf K [\mathbf R,\mathbf t]\mathbf X"),
    (r"J(w) = \sum_i \ell(y_i, w^\top x_i)", r"J(w) = \sum_i \ell(y_i, w^\top x_i); \ell(u, v) = 1/2 (u - v)^2"),
    (r"f(x) = \sum_i K\left(\frac{x-x_i}{h}\right)", r"K: elementwise; f(x) = \sum_i K\left(\frac{x-z_i}{h}\right)"),
    ("||y - X β|^2", "||y - X β||^2"),
    (r"\|y - X\beta|^2", r"\|y - X\beta\|^2"),
    ("(x + y^T z", "(x + y^T z)"),
    ("x^t A x", "x^T A x"),
    ("sigmod(x)", "sigmoid(x)"),
    ("f = x A x - b x", "f = x^T A x - b^T x"),
    (r"L = \frac12 (y - X w)(y - X w)", r"L = \frac12 (y - X w)^T(y - X w)"),
    (r"u = |\mathbf E|^2 + \mathbf B^2", r"E: vector; B: vector; u = \|\mathbf E\|^2 + \|\mathbf B\|^2"),
    (r"\mathbf r: n; U = -k/|\mathbf r|^2", r"\mathbf r: n; U = -k/\|\mathbf r\|^2"),
    ("x^T A x)", "x^T A x"),
    (r"x^T \lamda x", r"x^T \lambda x"),
    ("trr(A X)", "tr(A X)"),
    ("tahn(A x)", "tanh(A x)"),
    ("x: vectro; x^T x", "x: vector; x^T x"),
    ("A: n x n postive; tr(A X)", "A: n x n positive; tr(A X)"),
    ("X: n x d; w: d; y: n; ‖w X - y‖^2", "X: n x d; w: d; y: n; ‖X w - y‖^2"),
    ("A: n x n; x: n; x A x", "A: n x n; x: n; x^T A x"),
    ("‖A x - b‖^2 + λ ‖x^2", "‖A x - b‖^2 + λ ‖x‖^2"),
    (r"\frac{1}{2 \|Ax - b\|^2", r"\frac{1}{2} \|Ax - b\|^2"),
    ("f(x) = 1/2 x^tAx + b^tx", "f(x) = 1/2 x^T Ax + b^T x"),
    (r"s = \frac{w^\top S w}{w^top w}", r"s = \frac{w^\top S w}{w^T w}"),
    ("s = x^T x if t > 0 else 0", "s = where(t > 0, x^T x, 0)"),
    ("loss += w^T w", "loss_new = loss + (w^T w)"),
    ("(x + (y^T z", "(x + (y^T z))"),
    (r"L = \|y - (X w\|^2", r"L = \|y - (X w)\|^2"),
    (r"L = \|Y - X (W + \frac{a}{r} B A\|_F^2", r"L = \|Y - X (W + \frac{a}{r} B A)\|_F^2"),
];

#[test]
fn the_nearest_text_that_can_be_read_is_offered() {
    for (text, offered) in MENDED {
        let said = text.parse::<Document>().expect_err(text).to_string();
        assert!(said.contains(&format!("did you mean: {offered}")), "{text}\n{said}");
        assert!(offered.parse::<Document>().is_ok(), "{offered}");
    }
    let hopeless = ")(*&^".parse::<Document>().expect_err("no text").to_string();
    assert!(!hopeless.contains("did you mean:"), "{hopeless}");
}

/// What programs have and formulas lack is told by its name.
#[test]
fn constructs_of_programs_are_refused_by_name() {
    for (text, said) in [
        ("for i in range(n): s += x[i]**2", "a loop, `for`,"),
        ("while e > 1: x = x - e", "a loop, `while`,"),
        ("if x > 0: y = x", "a condition of a program, `if`,"),
        ("theta(2:2:end)' * theta(2:2:end)", "a slice with `:`"),
        ("X[0, :] @ w", "a slice with `:`"),
        ("A(:)' * b", "MATLAB's column of all entries"),
        ("a, b = f(x)", "an assignment to several names"),
        ("a, b = np.split(x, 2)", "the function split"),
        ("np.linalg.norm(X, ord=\"nuc\")", "the nuclear norm"),
        ("np.einsum(\"ijk,k->ij\", A, x)", "the sum 'ijk,k->ij'"),
        ("sum([w[i] for i in range(n) if i > 2])", "a comprehension with a condition"),
        ("x.T @ A @ x if sym else 0", "a choice, `if … else`,"),
        ("scipy.special.shichi(x)", "the function scipy.special.shichi"),
        ("np.arctan2(y, x)", "the function arctan2"),
        ("grad f_k(x)", "the sign of a derivative"),
    ] {
        let refused = text.parse::<Document>().map(|d| d.to_string()).map_err(|e| e.to_string());
        assert!(refused.as_ref().is_err_and(|e| e.contains(said)), "{text}\n{refused:?}");
    }
}

/// What programs write around names, and letters that run into accented ones.
#[test]
fn letters_and_fields_of_programs_are_read() {
    for (text, by, expected) in [
        ("self.W @ x + self.b", "b", "Iₙ"),
        ("a^T X.I b", "b", "X⁻ᵀ a"),
        (r"c \[Lambda]", "c", "λ"),
        ("L = ½ ẋᵀMẋ - ½ xᵀKx", "M", "1/2 ẋ ẋᵀ"),
        ("V(r) = 4ε[(σ/r)^12 - (σ/r)^6]", "ε", "4 (c¹² - c⁶)"),
        ("J = norm(w)_2^2", "w", "2 w"),
        ("s = X.mean(axis=1) @ v", "v", "X 𝟏ₘ / m"),
        ("sum(sum(X, dims=1).^2)", "X", "2 𝟏ₙ 𝟏ₙᵀ X"),
    ] {
        let derived = text.parse::<Document>().and_then(|d| d.derive(&Options::default().with_respect_to([by])));
        let said = derived.map(|d| d[by].to_string()).map_err(|e| e.to_string());
        assert_eq!(said, Ok(expected.to_owned()), "{text}");
    }
}

// ---- mutations

/// Sums, families, entries, expectations, sentences: for garbling alone.
const INDEXED: &[&str] = &[
    r"L(\mathbf w) = \sum_{i=1}^{n} \left( y_i - \mathbf w^\top \mathbf x_i \right)^2",
    r"\ell(\theta) = \frac1n\sum_{i=1}^n \log(1 + \exp(-y_i \theta^T x_i)) + \frac\lambda2\|\theta\|^2",
    r"s = \sum_{i<j} (x_i - x_j)^2",
    r"E = -\sum_{i,j} W_{ij} v_i h_j - \sum_i b_i v_i",
    "z_i = Σ_j W_ij x_j + b_i",
    "L = sum(i = 1..n, (y_i - a x_i - b)^2)",
    r"J = \sum_{t=0}^{T-1} \gamma^t \|x_{t+1} - A x_t\|^2",
    r"p = \prod_{i} \theta^{x_i} (1-\theta)^{1-x_i}",
    r"J(\theta) = \mathbb{E}_{x}[(y - \theta^\top x)^2]",
    r"s = \sum_{j \in N(i)} \delta_{ij} A_{ij} x_j",
    r"Let $f(x) = x^TAx$. Find $\nabla f(x)$ with respect to $x$.",
    r"\min_x \|Ax - b\|^2 \text{ s.t. } x \ge 0",
];

/// A text with pieces dropped, doubled and swapped.
fn garbled(pieces: &[&str], random: &mut crate::ebnf::Random) -> String {
    let mut pieces = pieces.to_vec();
    for _ in 0..1 + random.below(3) {
        let (at, other) = (random.below(pieces.len()), random.below(pieces.len()));
        match random.below(3) {
            0 if pieces.len() > 1 => drop(pieces.remove(at)),
            1 => pieces.insert(at, pieces[other]),
            _ => pieces.swap(at, other),
        }
    }
    pieces.concat()
}

/// Commands, words, numbers, signs.
fn pieces(text: &str) -> Vec<&str> {
    let word = |a: char, b: char| (a.is_alphanumeric() || a == '\\') && b.is_alphanumeric();
    let mut cuts = vec![0];
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if at > 0 && !word(before, c) {
            cuts.push(at);
        }
        before = c;
    }
    cuts.push(text.len());
    cuts.windows(2).map(|w| &text[w[0]..w[1]]).collect()
}

/// Neither panics nor runs away; `GRADUS_GARBLED=100` tries a hundred variants of each formula.
#[test]
fn garbled_formulas_end_in_an_answer_or_an_error() {
    let variants = std::env::var("GRADUS_GARBLED").ok().and_then(|n| n.parse().ok()).unwrap_or(4);
    let mut random = crate::ebnf::Random::new(14);
    let rules = RULES.iter().chain(ROWS).flat_map(|r| [r.reads.0, r.refuses.0]);
    for text in FORMULAS.iter().map(|(text, _)| *text).chain(rules).chain(INDEXED.iter().copied()) {
        let pieces = pieces(text);
        for _ in 0..variants {
            let text = garbled(&pieces, &mut random);
            if let Err(errors) = fuel::limited(|| read(&text)) {
                assert!(errors.iter().all(|e| e.kind.exit_code() < 4) && !errors.is_empty(), "{text}\n{errors:?}");
                let errors =
                    fuel::limited(|| Ok(gradus::internals::shape::proposed(&text, errors))).unwrap_or_default();
                let help = errors.first().and_then(|e| e.help.as_deref()).unwrap_or("");
                if let Some((_, offered)) = help.split_once("did you mean: ") {
                    assert!(read(offered).is_ok(), "{text}\n{offered}");
                }
            }
        }
    }
}

/// Heads, imports, comments and ends of functions are left out; what they return is the value.
#[test]
fn functions_of_several_lines_are_read() {
    let texts = [
        (
            "import numpy as np\n\ndef loss(w, X, y):\n    \"\"\"Least squares.\"\"\"\n    r = X @ w - y  # residual\n    return r @ r",
            "2 Xᵀ r",
        ),
        ("function J = cost(X, y, w)\n% the cost\nr = X*w - y;\nJ = r'*r;\nend", "2 Xᵀ r"),
        ("function loss(w)\n    r = X*w - y\n    return dot(r, r)\nend", "2 Xᵀ r"),
        ("loss <- function(w, X, y) {\n  r <- X %*% w - y\n  return(sum(r^2))\n}", "2 Xᵀ r"),
    ];
    for (text, expected) in texts {
        let derived = text.parse::<Document>().and_then(|d| d.derive(&Options::default().with_respect_to(["w"])));
        assert_eq!(derived.map(|d| d["w"].to_string()).map_err(|e| e.to_string()), Ok(expected.to_owned()), "{text}");
    }
    let two = "def f(x):\n    y = A @ x\n    return y, x".parse::<Document>().expect_err("two values").to_string();
    assert!(two.contains("several values"), "{two}");
}

/// `len(y)`, `X.shape[0]` and what other languages call the sizes of arrays.
#[test]
fn sizes_of_arrays_are_numbers() {
    for text in [
        "X: n x m; y: n; s = ((X @ w - y)**2).sum() / len(y)",
        "X: n x m; y: n; s = ((X @ w - y)**2).sum() / X.shape[0]",
        "X: n x m; y: n; s = sum((X*w - y).^2)/size(X, 1)",
        "X: n x m; y: n; s = sum((X*w - y).^2)/length(y)",
    ] {
        let derived = text.parse::<Document>().and_then(|d| d.derive(&Options::default().with_respect_to(["w"])));
        let derived = derived.map(|d| d["w"].to_string()).map_err(|e| e.to_string());
        assert_eq!(derived, Ok("2/n Xᵀ (X w - y)".to_owned()), "{text}");
    }
    let matrix = read("X: n x m; s = length(X)").map(|p| kinds(&p)).map_err(|e| e[0].message.clone());
    assert!(matrix.as_ref().is_err_and(|m| m.contains("the length of a matrix")), "{matrix:?}");
}

/// bug: `p = softmax(z), L = -log p_c` was the Jacobian of p, and `; L` the derivative by a number p_c that no p had to do with.
#[test]
fn an_entry_at_a_label_is_asked_back() {
    for text in [r"\hat p = \mathrm{softmax}(z),\quad L = -\log \hat p_c", "p = softmax(z); L = -log(p_c)"] {
        let run = gradus(&[text]);
        assert!(run.code == 2 && run.stderr.contains("unit(n, c)^T p"), "{run:?}");
    }
    let run = gradus(&["p = softmax(z); L = -log(unit(n, c)^T p)"]);
    assert!(run.stdout.contains("∂L/∂z = p - unit(n, c)"), "{run:?}");
}

/// bug: `x⁽ⁱ⁾` was no part of the language, and `x^(i)` under a sum over i the power of an array.
#[test]
fn an_index_in_brackets_above_is_one_without_braces_too() {
    for text in ["J = 1/(2m) Σ_{i=1}^m (θᵀx⁽ⁱ⁾ - y⁽ⁱ⁾)²", "J = 1/(2m) Σ_{i=1}^m (θᵀx^(i) - y^(i))²"]
    {
        let run = gradus(&[text, "--wrt", "θ"]);
        assert!(run.stdout.contains("∂J/∂θ = (Σᵢ (θᵀ xᵢ - yᵢ) xᵢ) / m"), "{run:?}");
    }
    let run = gradus(&["f = x^(n)"]);
    assert!(run.stdout.contains("∂f/∂n = f log(x)"), "{run:?}");
}

/// What stands behind a comma explains a name of what stands before it, or is the loss itself.
#[test]
fn a_loss_behind_a_comma_is_what_is_derived() {
    let run = gradus(&[r"p = \mathrm{softmax}(W x),\quad L = \|y - q\|^2"]);
    assert!(run.stdout.contains("∂L/∂q") && !run.stdout.contains("∂p/"), "{run:?}");
    let run = gradus(&[r"J = \|y - h\|^2,\quad h = W x"]);
    assert!(run.stdout.contains("∂J/∂W"), "{run:?}");
}
