//! Texts as their authors typeset them: what is derived of each, and what is refused; with tokens dropped, doubled and
//! swapped they end in an answer or an error.

use crate::binary::gradus;
use gradus::internals::fuel;
use gradus::internals::shape::elaborate;
use gradus::internals::syntax::parse_document;
use gradus::{Document, Options};

/// A text, a target, the derivative.
const READ: &[(&str, &str, &str)] = &[
    ("$x^TAx$", "x", "(A + Aᵀ) x"),
    (r"\begin{equation}\label{e} \mathcal{L}(x) = x^\top A x. \tag{3}\end{equation}", "A", "x xᵀ"),
    (r"\begin{align*} L &= \|y\|^2 \\ &= y^\top y \end{align*}", "y", "2 y"),
    (r"-D_{KL}(q\|p) = x^\top x", "x", "2 x"),
    (r"\min_{w} \|A w - b\|^2 \quad \text{s.t. } \|w\| \le 1", "w", "2 Aᵀ (A w - b)"),
    (r"\ell = y^\top P y, \quad \text{where } P = V^{-1}", "V", "-Pᵀ y (P y)ᵀ"),
    ("s = u^T z; z = W x", "W", "u xᵀ"),
    (r"\log|A|", "A", "A⁻ᵀ"),
    (r"\|x\|_{\Sigma^{-1}}^2", "Σ", "-Σ⁻ᵀ x xᵀ Σ⁻ᵀ"),
    ("a·b", "a", "b"),
    ("sum(a * b)", "a", "b"),
    (r"\langle A, B\rangle_F", "A", "B"),
    ("s = A : B", "B", "A"),
    ("s = b^T (A \\ b)", "A", "-A⁻ᵀ b bᵀ A⁻ᵀ"),
    ("1^T x", "x", "𝟏ₙ"),
    (r"{\rm Tr}(A^{\rm T} B)", "A", "B"),
    (r"\|\boldsymbol{(X - Y)}\|_F^2", "X", "2 (X - Y)"),
    (r"\|(z)_+\|^2", "z", "2 relu(z)"),
    ("s = sum(max(a, b))", "a", "step(a - b)"),
    (r"\lambda/2 \|w\|^2", "w", "λ w"),
    (r"s = c_{t-1}^\top x_t - \log 2\pi", "c_{t-1}", "x_t"),
    ("np.linalg.norm(A @ x - b)**2", "x", "2 Aᵀ (A x - b)"),
    ("np.sum(A * B)", "A", "B"),
    ("Trace(X**2*B)", "X", "(X B + B X)ᵀ"),
    ("x'Ωx", "x", "(Ω + Ωᵀ) x"),
    (r"{ \partial x^TA^{-1}x \over \partial A }", "A", "-A⁻ᵀ x xᵀ A⁻ᵀ"),
    (r"\nabla_W L(W) = \|W x\|^2", "W", "2 W x xᵀ"),
    ("x: n; y: n; s = sum(x.^y)", "y", "h ∘ log(x)"),
    ("x: n; s = sum(2.^x)", "x", "log(2) h"),
    (r"x: scalar; s = \lg x", "x", "1 / (x log(10))"),
    // the sign of an exponent stands before its powers
    ("x: scalar; f = e^-x^2", "x", "-2 x f"),
    ("x: scalar; f = e^-x²", "x", "-2 x f"),
    ("x: scalar; f = e^x²", "x", "2 x f"),
    ("r: scalar; f = r^-3^2", "r", "-9 / r¹⁰"),
    ("x: n; f = np.sum(2.0**-x**2)", "x", "-2 log(2) (x ∘ h)"),
    // letters that run into a number stand below the line with it
    ("E = p²/2m", "p", "p / m"),
    ("y = exp(-x²/2σ²)", "x", "-x y / σ²"),
    ("f(x) = norm(A*x - b)^2 / 2n", "x", "Aᵀ (A x - b) / n"),
    ("E = 1/2m v^2", "v", "m v"),
    // means over samples, under an accent, and over an index
    (r"L = \hat{\mathbb{E}}[(w^\top x - y)^2]", "w", "2 E[(wᵀ x - y) x]"),
    (r"L = \hat{\mathbb{E}}_t[(w^\top x_t)^2]", "w", "2/n Σₜ (wᵀ xₜ) xₜ"),
    ("J = Σᵢ (y⁽ⁱ⁾ − θᵀx⁽ⁱ⁾)²", "θ", "2 Σᵢ (θᵀ xᵢ - yᵢ) xᵢ"),
    (r"J = x_N^2 + \sum_{k=0}^{N-1} x_k u_k", "u", "xₖ"),
    // signs above names, and rates
    (r"L = \max(0, \|a - p^+\|^2 - \|a - p^-\|^2 + m)", "a", "2 step(z) (p_minus - p_plus)"),
    (r"L = -\sum_i \log \sigma(z_i^\top z_{i+})", "z_plus", "σ(zᵢᵀ (z_plus)ᵢ) zᵢ - zᵢ"),
    (r"\delta = r + \gamma w^\top\phi(s') - w^\top\phi(s)", "w", "γ φ(s_prime) - φ(s)"),
    (r"\frac{dN}{dt} = rN\left(1 - \frac{N}{K}\right)", "N", "r - 2 r N / K"),
    (r"L = \sum_i (y^{(i)} - x^{(i)\top} w)^2", "w", "2 Σᵢ (wᵀ xᵢ - yᵢ) xᵢ"),
    (r"z = W^{[2]T} a", "a", "W₂ᵀ"),
    (r"C = (S_T - K)^+; S_T: scalar; K: scalar", "K", "-step(S_T - K)"),
    (r"v = \frac{V_{\max}[S]}{K_m + [S]}", "S", "V_max K_m / (K_m + S)²"),
    (r"y[n] = \sum_{k} b_k x[n-k]", "b", "xₙ₋ₖ"),
    (r"f = u \mathbf 1_{\{u<0\}}", "u", "step(-u)"),
    (r"v = \frac{k_{cat} [E]_0 [S]}{K_m + [S]}", "E_0", "k_cat S / (K_m + S)"),
    ("loss = torch.clamp(margin - d, min=0).pow(2).mean()", "d", "-2/n relu(margin - d)"),
    ("loss = (margin - d).clamp(min=0).pow(2).mean()", "d", "-2/n relu(margin - d)"),
    ("X: n x m; Y: n x m; L = (X * Y).sum(-1).pow(2).sum()", "X", ""),
    // blocks that meet
    (
        r"J = \begin{bmatrix} x \\ u \end{bmatrix}^T \begin{bmatrix} Q & S \\ S^T & R \end{bmatrix} \begin{bmatrix} x \\ u \end{bmatrix}",
        "x",
        "",
    ),
    (r"L = z^\top z, \quad z = \mu + \sigma \odot \epsilon, \quad \epsilon \sim \mathcal{N}(0, I)", "σ", "2 z ∘ ε"),
    (r"\min_Y \sum_i \|y_i\|^2 = \operatorname{tr}(Y^\top Y)", "Y", "2 Y"),
    // concentrations, second families, sums without an index
    (r"\mathrm{pH} = pK_a + \log_{10}\frac{[A^-]}{[HA]}", "pK_a", "1"),
    ("pH = pK_a + log10([A-]/[HA])", "HA", "-1 / (HA log(10))"),
    (r"L = \sum_i (\alpha_i - \alpha_i^*) y_i", "α_star", "-yᵢ"),
    ("R = 1 - Σ(y_i - f_i)²/Σ(y_i - m)²", "f", "2 (yᵢ - fᵢ) / (Σⱼ (yⱼ - m)²)"),
    (r"L = \sum y_i z_i / \sqrt{\sum z_i^2}", "y", ""),
    ("x = (-b + sqrt(b² - 4ac)) / (2a)", "c", ""),
    (r"\text{BPR-OPT} = x^\top x", "x", "2 x"),
    ("y = np.einsum('i,ij,j', x, A, z)", "x", "A z"),
    ("KL = sum p_i log(p_i/q_i)", "q", "-pᵢ / qᵢ"),
    ("softmax: p_i = exp(z_i)/sum_j exp(z_j)", "z", ""),
    ("w(n+1) = w(n) + mu e(n) x(n)", "x_n", ""),
    ("E = Σ_ij (I(i,j) - K(i,j))²", "K", "2 (Kᵢⱼ - Iᵢⱼ)"),
    (r"V(s) = \sum_a \pi(a|s) Q(s,a)", "Q", ""),
    ("f = x(1)^2 + x(2)^2", "x", ""),
    ("tv = sum(abs(diff(x))) + mu/2*norm(x - f)^2", "f", "μ (f - x)"),
    ("Whats the derivative of ||Xw - y||^2 w.r.t. w?", "w", "2 Xᵀ (X w - y)"),
    // an array with one axis, along its last
    ("L = torch.softmax(x, dim=-1) @ v", "x", "softmax(x) ∘ (v - L)"),
    ("X: n x d; L = F.relu((X - 1).pow(2).sum(1)).sum()", "X", "2 diag(step(z)) (X - 1)"),
];

#[test]
fn texts_are_read_as_meant() {
    for (text, target, expected) in READ {
        let document: Document = text.parse().unwrap_or_else(|e| panic!("{text}\n{e}"));
        let options = Options::default().with_respect_to([target]);
        let options = if text.contains('∂') || text.contains("partial") { Options::default() } else { options };
        let derivation = document.derive(&options).unwrap_or_else(|e| panic!("{text}\n{e}"));
        let found = derivation[*target].to_string();
        assert!(expected.is_empty() || found == *expected, "{text}: {found}");
    }
}

/// A letter before a name that is defined, and nothing else, asks for a derivative; one that is a variable does not.
#[test]
fn letters_that_ask_for_a_derivative() {
    let targets = |text: &str| {
        let document: Document = text.parse().unwrap_or_else(|e| panic!("{text}\n{e}"));
        let derivation = document.derive(&Options::default()).unwrap_or_else(|e| panic!("{text}\n{e}"));
        let names: Vec<String> = derivation.derivatives().iter().map(|d| d.target().to_owned()).collect();
        names.join(", ")
    };
    for text in ["f(x) = x^T A x; D_x f", r"$f = x^\top A x$, $\mathrm{D}_x f$", r"$f(x) = x^\top A x$, $Df(x)$"] {
        assert_eq!(targets(text), "x", "{text}");
    }
    assert_eq!(targets(r"$f = x^\top A x$, $\operatorname{grad}_A f$"), "A");
    assert_eq!(targets("D_x: n x n; f = x^T A x; y = D_x f"), "D_x, x, A");
    assert_eq!(targets("f = x^T D x; D f"), "x, D");
    assert_eq!(targets("D_x (x^T A x)"), "x");
    assert_eq!(targets(r"$D_\mathbf{x}\, \mathbf{x}^\top A \mathbf{x}$"), "x");
    // nothing else speaks of x and y
    assert_eq!(targets("s = ‖D_x u‖^2 + ‖D_y u‖^2"), "D_x, u, D_y");
}

/// A text, and what the refusal says.
const REFUSED: &[(&str, &str)] = &[
    (r"x^H A x", "complex"),
    (r"\|X\|_2", "largest singular value"),
    (r"1/2\|w\|^2", "two ways"),
    (r"x^\top x = 1", "must be a name"),
    (r"\frac{\partial f}{\partial x} = 2 A x", "nothing says what `f` is"),
    ("x: scalar; df/dx = 2 x", "nothing says what `f` is"),
    (r"f = \begin{cases} x & x > 0 \end{cases}", "the last says otherwise"),
    ("s = svd(A)", "decompositions"),
    ("x.frobnicate()", "not in the language"),
    (r"\|X\|_*", "nuclear"),
    (r"CE(\text{softmax}(b), x)", "CE"),
    (r"e^{[\theta]_\times}p", "exponential"),
    (r"s = w - \eta \nabla f", "unexpected"),
    (r"s = \operatorname{rank} A", "the function rank"),
    (r"s = \mathrm{rank} A + x^T x", "the function rank"),
    ("s = rank A", "the function rank"),
    (r"s = \operatorname{pen} x", "as a function does"),
    ("s = std x", "write std(…)"),
    ("x: n; s = sum(2 .^ -x.^2)", "two ways"),
    ("x: n; y: n; L = torch.sum(x * y, dim=-1)", "takes all its entries"),
    ("x: n; v: n; L = torch.softmax(x, dim=1) @ v", "second axis of an array that has one"),
    ("L = -0.5 * torch.sum(1 + lv - mu**2 - torch.exp(lv), dim=1).mean()", "only as a matrix"),
    (r"f = h x^+ + b x^-", "positive part of `x`, or a name"),
    (r"f = (A^T A + \lambda I)^+ b", "a positive part, or a pseudo-inverse"),
    (r"\frac{dy}{dx} = 2 x", "nothing says what `y` is"),
    (r"J = \mathbb{E}_{(s,a) \sim D}[Q^2]", "nothing in the expectation is random"),
    ("L = np.clip(x, a_max=1, a_min=0)", "the setting a_max=1"),
    (r"J = \mathbb{E}[x^2], x \sim N(\mu, 1)", "not said below the expectation"),
    ("E = x[n]^2", "a slice, which needs ranges"),
];

/// What is offered for a text is another one to copy, and reads.
#[test]
fn offers_are_whole_documents_that_read() {
    for (text, offered) in [
        (r"f(x) = \sum_i \alpha_i e^{-\|x - x_i\|^2}", r"f(x) = \sum_i \alpha_i e^{-\|x - z_i\|^2}"),
        (
            r"\phi = \sum_i \frac{q_i}{\|\mathbf{r}-\mathbf{r}_i\|}",
            r"\phi = \sum_i \frac{q_i}{\|\mathbf{r}-\mathbf{z}_i\|}",
        ),
        ("dN/dt = rN(1 - N/K)", "dN/dt = r N (1 - N/K)"),
        (
            r"L = \sum_{(u,i)} (r_{ui} - b_u - b_i - q_i^\top p_u)^2",
            r"L = \sum_{(u,i)} (r_{ui} - b_u - c_i - q_i^\top p_u)^2",
        ),
        (
            r"L = \sum_{i,j} (R_{ij} - U_i^\top V_j)^2 + \|U\|_F^2 + \|V\|_F^2",
            r"L = \sum_{i,j} (R_{ij} - U_i^\top V_j)^2 + \sum_i \|U_i\|^2 + \sum_j \|V_j\|^2",
        ),
        (r"L = \log |S + y^\top S^{-1} y", r"L = \log |S| + y^\top S^{-1} y"),
        (r"L = \|X w - y\|^2 + \lambda \| w\|_1 \|", r"L = \|X w - y\|^2 + \lambda \| w\|_1"),
        ("cos(u,v) = u·v/(‖u‖‖v‖)", "cos_1(u,v) = u·v/(‖u‖‖v‖)"),
        ("y'' + 2 y' + y", "y_ddot + 2 y_dot + y"),
        (r"\alphax + \betay", r"\alpha x + \beta y"),
        ("C = S N(d_1) - K e^{-rT} N(d_2)", "C = S N(d_1) - K e^{-rT} N(d_2); N(x) = (1 + erf(x / sqrt(2))) / 2"),
        ("τ = M(q) a + C v + g", "τ = M a + C v + g"),
    ] {
        let out = gradus(&["derive", text]);
        assert!(out.stderr.contains(&format!("did you mean: {offered}\n")), "{text}\n{}", out.stderr);
        let read: Document = offered.parse().unwrap_or_else(|e| panic!("{offered}\n{e}"));
        read.derive(&Options::default()).unwrap_or_else(|e| panic!("{offered}\n{e}"));
    }
}

/// A word that stands alone, or that the document declares, is a name.
#[test]
fn words_that_are_known_elsewhere_as_functions_are_names_where_they_are_used_as_such() {
    for text in [r"s = \operatorname{reg} + x^T x", "rank: scalar; s = rank x^T x", "std = 2 w; s = std x^T x"] {
        let document: Document = text.parse().unwrap_or_else(|e| panic!("{text}\n{e}"));
        document.derive(&Options::default()).unwrap_or_else(|e| panic!("{text}\n{e}"));
    }
}

/// `d/dx` is a sign, and no product.
#[test]
fn the_sign_of_a_derivative_is_no_product() {
    let out = gradus(&["derive", "d/dx x^T A x"]);
    assert!(!out.stdout.contains("product") && out.stdout.contains("∂s/∂x = (A + Aᵀ) x"), "{}", out.stdout);
}

/// What would be another function is not offered.
#[test]
fn no_text_of_another_function_is_offered() {
    for (text, said) in [
        ("s = n! x", "factorials are not in the language"),
        ("L = torch.softmax(x, -1) @ v", "the second argument"),
        ("s = sin^-1(x)", "inverse function, or reciprocal"),
    ] {
        let out = gradus(&["derive", text]);
        assert!(out.stderr.contains(said) && !out.stderr.contains("did you mean"), "{}", out.stderr);
    }
}

/// An identity in bold has a name in its error.
#[test]
fn an_identity_in_bold_is_asked_by_its_letter() {
    let out = gradus(&["derive", r"T = \frac12\boldsymbol\omega^T \mathbf{I}\boldsymbol\omega"]);
    assert!(out.stderr.contains("I stands in a product") && out.stderr.contains("`I: n x n`"), "{}", out.stderr);
}

#[test]
fn doubtful_texts_are_refused_by_name() {
    for (text, words) in REFUSED {
        let error = text.parse::<Document>().err().unwrap_or_else(|| panic!("{text} is read"));
        let said = error.to_string();
        assert!(said.contains(words), "{text}\n{said}");
    }
}

#[test]
fn a_claim_of_the_text_is_checked() {
    for (text, code) in [
        (r"f(x) = x^\top A x; \nabla_x f = (A + A^\top) x", 0),
        (r"$f = x^TAx$, $\nabla_x f = 2Ax$", 1),
        (r"\frac{\partial a^\top X b}{\partial X} = a b^\top", 0),
        ("f = x^T A x; df/dx = 2 A x", 1),
    ] {
        assert_eq!(gradus(&["check", text]).code, code, "{text}");
    }
    assert_eq!(gradus(&["check", "x^T x"]).code, 2, "nothing is claimed");
}

// ---- mutations

/// What the texts are made of: commands, words, numbers, signs.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let joins = |last: &str, c: char| {
        let word = last.chars().last().is_some_and(|l| l.is_alphanumeric() || l == '\\');
        word && c.is_alphanumeric()
    };
    for c in text.chars() {
        match pieces.last_mut() {
            Some(last) if joins(last, c) => last.push(c),
            _ => pieces.push(c.to_string()),
        }
    }
    pieces
}

/// A text with pieces dropped, doubled and swapped.
fn mutated(pieces: &[String], seed: &mut u64) -> String {
    let mut pieces = pieces.to_vec();
    let mut random = |most: usize| {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) as usize % most.max(1)
    };
    for _ in 0..1 + random(4) {
        let (at, other) = (random(pieces.len()), random(pieces.len()));
        match random(3) {
            0 if pieces.len() > 1 => drop(pieces.remove(at)),
            1 => pieces.insert(at, pieces[other].clone()),
            _ => pieces.swap(at, other),
        }
    }
    pieces.concat()
}

#[test]
fn mutated_texts_end_in_an_answer_or_an_error() {
    let mut seed = 14;
    let refused = REFUSED.iter().map(|(text, _)| *text);
    for text in READ.iter().map(|(text, ..)| *text).chain(refused) {
        let pieces = pieces(text);
        for _ in 0..60 {
            let text = mutated(&pieces, &mut seed);
            // neither panics nor runs away: the fuel of one question is enough to read it
            let read = fuel::limited(|| elaborate(&parse_document(&text)?));
            if let Err(errors) = read {
                assert!(!errors.is_empty(), "{text}");
                assert!(errors.iter().all(|e| e.kind.exit_code() < 4), "{text}\n{errors:?}");
            }
        }
    }
}

/// Factors under a bracket are those of a product of matrices: their order counts.
#[test]
fn what_stands_under_a_bracket_is_no_product_entry_by_entry() {
    let out = gradus(&["derive", r"J = \sum_{t=0}^{T-1} \| x_{t+1} - A x_t \|^2", "--wrt", "x_t"]);
    assert!(out.stdout.contains("[t ≤ T - 1] Aᵀ (xₜ₊₁ - A xₜ)"), "{}", out.stdout);
}

/// A time is a number against its letter, which is said.
#[test]
fn a_time_is_said_to_be_a_number() {
    let out = gradus(&["derive", "y = t c^T x"]);
    assert!(out.stdout.contains("read as: t: scalar"), "{}", out.stdout);
}
