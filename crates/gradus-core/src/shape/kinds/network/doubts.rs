//! What can be meant in two ways however the letters are read.

use super::super::super::names::{is_pi, visit};
use super::super::rule::SortRule;
use super::super::search::Found;
use super::super::sort::{Letter, Sort};
use super::super::{INNER_LETTERS, INNER_MEMBERS, is_word};
use super::{Builder, Network, Open, ReadPart, Subterm, is_product};
use crate::diag::{Error, Kind, Span};
use crate::expr::{Elementwise, Name};
use crate::syntax::{Ast, BinaryOp, Sign, Syntax};

/// What stands below the I of a current, an intensity or an image, and below no identity.
const CURRENTS: &[&str] = &["a", "b", "c", "e", "f", "i", "j", "s", "t", "x", "y"];

/// How the error of a lost transpose ends; the text that is offered is made by it.
pub(in super::super::super) const LOST_TRANSPOSE: &str = "whose transpose is lost, or a number?";

/// How the error of a label that is read as a power ends; the text that is offered is made by it.
pub(in super::super::super) const POWER_OR_LABEL: &str = "a power here, or a label?";

/// Greek letters of physics that begin a product of numbers.
const DENSITIES: &[&str] = &["ρ", "ε", "μ", "η", "ν", "κ", "χ"];

/// Letters that stand behind matrices and are vectors there.
pub(super) const DATA: &[&str] = &["b", "w", "x", "y", "z"];

/// Such a place.
#[derive(Clone, Debug)]
pub(in super::super) enum Doubt {
    /// `I ω`: nobody multiplies by an identity.
    Identity(Span),
    /// `x @ A @ x`: of NumPy's arrays of one axis a scalar.
    Row(String, Span),
    /// `x @ W`, `inputs @ weights`, and the nodes of both: of one array with one axis, or of a row for each of many.
    Batch(Name, [usize; 2], Span),
    /// `w.T @ samples`, `w.T @ X`, and the node of the word or capital: one array, or a column for each of many.
    Columns([Name; 2], usize, Span),
    /// `X @ w + b`, and the nodes of the product and of b: a number for all rows of X, or one for each.
    Intercept(Name, [usize; 2], Span),
    /// `G * m_1 * m_2 / ‖r‖`, and the node of the first letter: numbers, or vectors entry by entry.
    Quantities(Name, usize, Span),
    /// `a * x + b`, `exp(-k * t)`, and the node of the first letter, where that alone is doubtful: numbers of a curve, or vectors
    /// entry by entry. `tanh(b * x)` is where nothing else speaks of arrays.
    Curve(Name, usize, Span, bool),
    /// `m g h`, the node of the last letter: numbers, or numbers before a vector.
    Letters(Name, usize, Span),
    /// `e^{A t}`, `e^{t A}`: the exponential of a matrix, or of a number.
    Exponential(Name, usize, Span),
    /// `π(R p + t)`, and the node of what is in the bracket: a projection, or the number.
    Pi(usize, Span),
    /// `A π`, and the node of A: 3.14… behind an array, or a name.
    PiBehind(usize, Span),
    /// `c * w @ w`: a number before the product, or the weights of its terms.
    Weights(Name, usize, Span),
    /// `L · N`, `F · d` of capitals that are no customary matrices: of vectors, or a product of matrices.
    Dot([Name; 2], usize, Span),
    /// `x · σ(x)`, and the node of x: of a number, or of every entry, or the inner product.
    Own(Name, usize, Span),
    /// `σ(x W)`, the node of x: a row before a matrix, or a number.
    RowBefore(usize, Span),
    /// `A^k` beside arrays, and the node of A: the power of a matrix, or an iterate. A customary matrix with an index that counts
    /// is one wherever it stands.
    Raised(Name, usize, Span, bool),
    /// `W^f x`, the letter above: a label, or a power of a number.
    Labelled(Name),
    /// `X \log X`, `\ln(J) F`, and the node of the capital below the function: of every entry, or of a number or a matrix.
    Function(Name, usize, Span),
    /// `tr(\log(X^T B X))`, and the node below the function: of the matrix, or of every entry.
    Spectral(usize, Span),
    /// `[\cos x; \sin x]`, and the node of x: of a number, or of every entry of a vector.
    Cell(Name, usize, Span),
    /// `m · c · ΔT`, and the nodes of the letters: numbers, or vectors and matrices.
    Points(Vec<Name>, Vec<usize>, Span),
    /// `x A x`, and the node of A: transposes are lost, or numbers.
    Lost(usize, Span),
    /// `x^T A x - b x`, and the node of b.
    LostRow(usize, Span),
    /// `w x + b`, and the nodes of what would be the number and the vector.
    LostWeights([usize; 2], Span),
    /// `y * log_softmax(Z)` of a program, and the nodes of y and the formula: a number before it, or its labels.
    Labels(Name, [usize; 2], Span),
    /// `q @ k.T`, and the letters: of arrays with one axis a number.
    Outer(Vec<(Name, usize)>, Span),
    /// `(x - mu) / s`, and the nodes of mu and s: one mean for all entries, or one for each.
    Scale(Name, [usize; 2], Span),
    /// `abs(r) <= d`, and the node of d: a number for all entries, or one for each.
    Threshold(Name, usize, Span),
    /// `X * w` of NumPy, and the letters: a number for all entries, or a product of matrices.
    Scaled([(Name, usize); 2], Span),
    /// `x*θ` beside `.*`, and the nodes of both: a matrix before a vector, for the product of entries has a sign of its own.
    Starred(Name, [usize; 2], Span),
    /// `β · x`, and the node of β: a number, or weights.
    GreekWeights(Name, usize, Span),
    /// `(x - μ) / σ`, the nodes of μ and of the quotient: of all entries, or of each.
    Standardised(Name, [usize; 2], Span),
}

impl Builder<'_> {
    /// An I with a factor behind it in one product.
    pub(super) fn note_identity(&mut self, first: &Ast, rest: &[(BinaryOp, &Ast)]) {
        let identity = |ast: &Ast| {
            let base = if let Syntax::Power(base, _) = &ast.kind { base } else { ast };
            match &base.kind {
                Syntax::Name(n) => n.as_str() == "I" && !self.known.contains_key(n),
                // `I_s (e^{V/T} - 1)`: a current
                Syntax::Call { function, .. } => {
                    let typed = self.text.get(base.span.start..base.span.end).and_then(|t| t.strip_prefix("I_"));
                    let index = typed.map(|t| t.trim_matches(['{', '}']));
                    function.as_str() == "eye" && index.is_some_and(|i| CURRENTS.contains(&i))
                }
                _ => false,
            }
        };
        let factors: Vec<&Ast> = std::iter::once(first).chain(rest.iter().map(|(_, factor)| *factor)).collect();
        let capital = |ast: &Ast| self.letter(ast).is_some_and(|part| part.capital);
        // `I ω`, `\mu_0 I / 2 \pi r`, `V I`, `L I^2`
        let doubtful = |i: &usize| {
            let behind = rest
                .get(*i)
                .is_some_and(|(op, below)| is_product(*op) || *op == BinaryOp::Div && self.holds_quantity(below));
            let last = *i > 0 && is_product(rest[*i - 1].0) && capital(factors[*i - 1]);
            identity(factors[*i]) && (behind || last)
        };
        if let Some(i) = (0..factors.len()).find(doubtful) {
            let doubt = Doubt::Identity(self.place(factors[i]));
            self.network.doubts.push(doubt);
        }
    }

    /// Letters below a fraction line that are no sizes.
    fn holds_quantity(&self, below: &Ast) -> bool {
        let mut found = false;
        visit(below, &mut |node| {
            let quantity = |n: &Name| !matches!(n.as_str(), "n" | "m" | "d" | "p" | "k" | "N" | "D" | "K");
            let letter = self.letter(node).is_some_and(|part| !self.is_greek(part.node));
            found |= letter && matches!(&node.kind, Syntax::Name(n) if quantity(n));
        });
        found
    }

    /// `C + I + G`: a sum of three capitals and more, one of them no customary matrix.
    pub(super) fn note_sum_with_identity(&mut self, terms: &[(Sign, Ast)]) {
        let identity =
            |ast: &Ast| matches!(&ast.kind, Syntax::Name(n) if n.as_str() == "I" && !self.known.contains_key(n));
        let quantity = |ast: &Ast| {
            let part = self.letter(ast);
            part.and_then(|part| self.network.open.iter().find(|o| o.node == part.node))
                .is_some_and(|o| o.is_quantity())
        };
        let capital = |ast: &Ast| self.letter(ast).is_some_and(|part| part.capital);
        let place = terms.iter().find(|(_, term)| identity(term)).map(|(_, term)| self.place(term));
        let all = terms.len() > 2 && terms.iter().all(|(_, term)| identity(term) || capital(term));
        if let Some(place) = place.filter(|_| all && terms.iter().any(|(_, term)| quantity(term))) {
            self.network.doubts.push(Doubt::Identity(place));
        }
    }

    /// `m g h`: small letters and numbers, three letters at least, as the whole of a formula.
    pub(super) fn note_letters(&mut self, ast: &Ast, first: &Ast, rest: &[(BinaryOp, &Ast)]) {
        if ast.span != self.whole || rest.len() < 2 || !rest.iter().all(|(op, _)| *op == BinaryOp::Mul) {
            return;
        }
        let factors: Vec<&Ast> = std::iter::once(first).chain(rest.iter().map(|(_, factor)| *factor)).collect();
        let latin = |ast: &&&Ast| self.letter(ast).is_some_and(|part| !part.capital && !self.is_greek(part.node));
        let number =
            |ast: &Ast| self.letter(ast).is_some_and(|part| self.is_greek(part.node)) || is_number_written(ast);
        let letters = factors.iter().filter(latin).count();
        let all = factors.iter().all(|f| latin(&f) || number(f));
        // `ρ A v`
        let plain = factors.iter().all(|f| self.letter(f).is_some() || is_number_written(f));
        let capitals = factors.iter().filter_map(|f| self.letter(f)).filter(|part| part.capital).count();
        let density = factors.iter().any(|f| matches!(&f.kind, Syntax::Name(n) if DENSITIES.contains(&n.as_str())));
        let data = factors.iter().any(|f| matches!(&f.kind, Syntax::Name(n) if DATA.contains(&n.as_str())));
        if plain && density && !data && capitals > 0 && letters > 0 {
            let found = factors.iter().filter_map(|f| self.open_letter(f)).filter(|o| o.letter != Letter::Greek);
            let found: Vec<(Name, usize)> = found.map(|o| (o.name.clone(), o.node)).collect();
            self.note_numbers(found, ast.span);
            return;
        }
        let last = factors.last().filter(|_| all && letters > 1);
        if let Some((Syntax::Name(name), Some(part))) = last.map(|f| (f.kind.clone(), self.letter(f))) {
            let doubt = Doubt::Letters(name, part.node, ast.span);
            self.network.doubts.push(doubt);
        }
    }

    /// Small letters, or sums of them, at both ends of a product with signs of its own: `x @ A @ x`, `(x - m) @ A @ (x - m)`.
    pub(super) fn note_row(&mut self, first: &Ast, rest: &[(BinaryOp, &Ast)]) {
        let factors: Vec<&Ast> = std::iter::once(first).chain(rest.iter().map(|(_, factor)| *factor)).collect();
        let signed = |i: &usize| {
            let between = self.text.get(factors[*i].span.end..factors[i + 1].span.start).unwrap_or("");
            between.contains('@') || between.contains(".dot")
        };
        let Some(start) = (0..rest.len()).find(signed) else { return };
        let end = (start..rest.len()).find(|i| !signed(i)).unwrap_or(rest.len());
        // `x @ A @ x` is a quadratic form: nobody multiplies a matrix by another one and itself
        if let [row, between @ .., last] = &factors[start..=end]
            && !between.is_empty()
            && self.is_small_sum(row)
            && self.is_small_sum(last)
            && self.typed(row) != self.typed(last)
            && !between.iter().any(|factor| self.is_small_sum(factor))
        {
            let written = self.text.get(row.span.start..row.span.end).unwrap_or("").to_owned();
            let doubt = Doubt::Row(written, self.place(row));
            self.network.doubts.push(doubt);
        }
    }

    /// A small letter before a capital, or two words, as the whole of a product with `@`.
    pub(super) fn note_batch(&mut self, left: ReadPart, right: ReadPart, [at, count]: [usize; 2], span: Span) {
        if !left.is_small() || !right.lone || at > 0 || count > 1 {
            return;
        }
        let name = |part: ReadPart| self.network.open.iter().find(|o| o.node == part.node).map(|o| o.name.clone());
        let (Some(small), Some(other)) = (name(left), name(right)) else { return };
        if right.capital || is_word(&small) && is_word(&other) {
            self.network.doubts.push(Doubt::Batch(small, [left.node, right.node], span));
        }
    }

    /// `np.dot(F, d)` and nothing else, of a capital that is no customary matrix.
    pub(super) fn note_dot_call(&mut self, [left, right]: [ReadPart; 2], whole: Span) {
        let open = |part: ReadPart| self.network.open.iter().find(|o| o.node == part.node && part.lone);
        let call = self.text.get(whole.start..whole.end).is_some_and(|text| text.contains("dot("));
        if let (Some(capital), Some(other), true) =
            (open(left).filter(|o| o.is_quantity()), open(right), call && right.is_small())
        {
            let doubt = Doubt::Dot([capital.name.clone(), other.name.clone()], capital.node, whole);
            self.network.doubts.push(doubt);
        }
    }

    /// `np.abs(r) <= d`: a small letter beside a formula in a condition.
    pub(super) fn note_threshold(&mut self, condition: &Ast) {
        let Syntax::Sum(terms) = &condition.kind else { return };
        let [(_, one), (_, other)] = &terms[..] else { return };
        for (letter, formula) in [(one, other), (other, one)] {
            let (Syntax::Name(name), Some(part)) = (&letter.kind, self.letter(letter)) else { continue };
            let mut holds = false;
            visit(formula, &mut |node| holds |= self.letter(node).is_some_and(|other| other.node != part.node));
            if part.is_small() && !self.is_greek(part.node) && holds && self.letter(formula).is_none() {
                let doubt = Doubt::Threshold(name.clone(), part.node, condition.span);
                self.network.doubts.push(doubt);
            }
        }
    }

    /// `X * w`: data and weights with NumPy's sign of entries.
    pub(super) fn note_scaled(&mut self, letters: [ReadPart; 2], span: Span) {
        let open = |part: ReadPart| self.network.open.iter().find(|o| o.node == part.node && part.lone);
        let [Some(left), Some(right)] = letters.map(open) else { return };
        let data = |o: &Open| o.letter == Letter::Capital && o.is_data();
        let small = |o: &Open| o.letter == Letter::Latin && DATA.contains(&o.name.as_str());
        if data(left) && small(right) || small(left) && data(right) {
            let doubt = Doubt::Scaled([left, right].map(|o| (o.name.clone(), o.node)), span);
            self.network.doubts.push(doubt);
        }
    }

    /// The transpose of a small letter before an undeclared word or capital, as the whole of a product with `@`.
    pub(super) fn note_columns(&mut self, first: &Ast, right: ReadPart, [at, count]: [usize; 2], span: Span) {
        let Syntax::Transpose(weights) = &first.kind else { return };
        let Syntax::Name(weights) = &weights.kind else { return };
        let small = self.known.get(weights).is_some_and(|part| part.lone && !part.capital);
        let word = self.network.open.iter().find(|o| o.node == right.node && right.lone);
        if let Some(open) = word.filter(|o| small && at == 0 && count == 1 && (right.capital || is_word(&o.name))) {
            self.network.doubts.push(Doubt::Columns([weights.clone(), open.name.clone()], open.node, span));
        }
    }

    /// `X @ w + b`: the product of data with weights, and the letter of an intercept beside it.
    pub(super) fn note_intercept(&mut self, parts: [ReadPart; 2], terms: &[(Sign, Ast)]) {
        let [product, (Sign::Plus, letter), ..] = terms else { return };
        // of `np.dot(X, w)` the part is what stands in the bracket
        if parts[0].span.start < product.1.span.start || parts[0].span.end > product.1.span.end {
            return;
        }
        self.note_curve(&product.1, true);
        let Syntax::Name(name) = &letter.kind else { return };
        let word = name.as_str().split('_').next().unwrap_or("");
        let intercept = matches!(word, "b" | "bias" | "intercept") && parts[1].is_small();
        let (first, rest) = product.1.chain();
        let data = matches!(&first.kind, Syntax::Name(n) if n.as_str().starts_with('X'));
        if intercept && data && rest.len() == 1 && !self.text.contains('\\') && self.letter(first).is_some() {
            let doubt = Doubt::Intercept(name.clone(), [parts[0].node, parts[1].node], letter.span);
            self.network.doubts.push(doubt);
        }
    }

    /// `G*m1*m2/d`: letters with `*` between them above a quotient.
    pub(super) fn note_quantities(&mut self, first: &Ast, rest: &[(BinaryOp, &Ast)]) {
        let first = if let Syntax::Neg(inner) = &first.kind { inner } else { first };
        let count = rest.iter().take_while(|(op, _)| *op == BinaryOp::Star).count();
        let divided = rest.get(count).is_some_and(|(op, _)| *op == BinaryOp::Div);
        let factors: Vec<&Ast> = std::iter::once(first).chain(rest[..count].iter().map(|(_, f)| *f)).collect();
        let number = |ast: &Ast| matches!(ast.kind, Syntax::Number(_));
        let all = factors.iter().all(|f| self.letter(f).is_some() || number(f));
        let small = |f: &&&Ast| self.letter(f).is_some_and(|part| !part.capital);
        let mut letters = factors.iter().filter(small);
        if let (true, true, Some(letter), Some(last)) = (divided, all, letters.next(), letters.next_back())
            && let (Syntax::Name(name), Some(part)) = (&letter.kind, self.letter(letter))
        {
            let doubt = Doubt::Quantities(name.clone(), part.node, letter.span.to(last.span));
            self.network.doubts.push(doubt);
        }
    }

    /// Small Latin letters with the sign `*` of programs between them, and numbers.
    pub(super) fn note_curve(&mut self, product: &Ast, certain: bool) {
        let product = unsigned(product);
        let (first, rest) = product.chain();
        let first = unsigned(first);
        if rest.is_empty() || rest.iter().any(|(op, _)| *op != BinaryOp::Had) {
            return;
        }
        let factors: Vec<&Ast> = std::iter::once(first).chain(rest.iter().map(|(_, factor)| *factor)).collect();
        let signs = factors.windows(2).all(|pair| {
            let between = self.text.get(pair[0].span.end..pair[1].span.start).unwrap_or("");
            between.trim() == "*"
        });
        let latin = |ast: &&Ast| self.letter(ast).is_some_and(|part| !part.capital && !self.is_greek(part.node));
        let letter = |ast: &&Ast| matches!(&ast.kind, Syntax::Name(n) if n.as_str().split('_').next().is_some_and(|base| base.len() == 1));
        let letters: Vec<&Ast> = factors.iter().filter(|f| !is_number_written(f)).copied().collect();
        if !signs || letters.len() < 2 || !letters.iter().all(|f| latin(f) && letter(f)) {
            return;
        }
        if let (Syntax::Name(name), Some(part)) = (&letters[0].kind, self.letter(letters[0])) {
            let doubt = Doubt::Curve(name.clone(), part.node, product.span, certain);
            self.network.doubts.push(doubt);
        }
    }

    /// `k * t`, in an exponent or an oscillation.
    fn note_times(&mut self, argument: &Ast) {
        let time = |ast: &Ast| matches!(&ast.kind, Syntax::Name(n) if n.as_str() == "t");
        let product = |node: &Ast| match &node.kind {
            Syntax::Binary(BinaryOp::Had, a, b) => time(b) || time(a),
            _ => false,
        };
        visit(argument, &mut |node| {
            if product(node) {
                self.note_curve(node, true);
            }
        });
    }

    /// Undeclared small letters and nothing else.
    fn is_small_sum(&self, ast: &Ast) -> bool {
        let small = |ast: &Ast| self.letter(ast).is_some_and(|part| !part.capital);
        match &ast.kind {
            Syntax::Sum(terms) => terms.iter().all(|(_, term)| small(term)),
            Syntax::Neg(inner) => small(inner),
            _ => small(ast),
        }
    }

    /// `x - μ`: small letters, at least one of them Latin.
    pub(super) fn is_difference(&self, ast: &Ast) -> bool {
        let Syntax::Sum(terms) = &ast.kind else { return false };
        // members of families are scalars rather, unless something speaks of them
        let latin = |part: ReadPart| {
            let open = |o: &&super::Open| o.node == part.node;
            self.network.open.iter().find(open).is_some_and(|o| Letter::of(&o.name, false, false) == Letter::Latin)
        };
        self.is_small_sum(ast) && terms.iter().any(|(_, term)| self.letter(term).is_some_and(latin))
    }

    /// Small letters before a product of two others, all entry by entry up to the sign of the product.
    pub(super) fn note_weights(&mut self, first: &Ast, rest: &[(BinaryOp, &Ast)]) {
        let small = |ast: &Ast| self.letter(ast).is_some_and(|part| !part.capital);
        let number = |ast: &Ast| matches!(ast.kind, Syntax::Number(_));
        let entrywise = rest.iter().take_while(|(op, _)| *op == BinaryOp::Had).count();
        let Some((BinaryOp::At | BinaryOp::Dot, last)) = rest.get(entrywise) else { return };
        let factors: Vec<&Ast> = std::iter::once(first).chain(rest[..entrywise].iter().map(|(_, f)| *f)).collect();
        if entrywise == 0 || !small(last) || !factors.iter().all(|f| small(f) || number(f)) {
            return;
        }
        let letter = |f: &&Ast| match &f.kind {
            Syntax::Name(name) => self.letter(f).map(|part| (name.clone(), part.node)),
            _ => None,
        };
        if let Some((name, node)) = factors[..entrywise].iter().find_map(letter) {
            let doubt = Doubt::Weights(name, node, self.place(first).to(self.place(last)));
            self.network.doubts.push(doubt);
        }
    }

    /// `\ln(J) F`: the logarithm or root of an undeclared capital as a factor of a matrix product.
    pub(super) fn note_functions(&mut self, first: &Ast, rest: &[(BinaryOp, &Ast)]) {
        if !rest.iter().any(|(op, _)| is_product(*op)) || self.place.is_some() {
            return;
        }
        for factor in std::iter::once(first).chain(rest.iter().map(|(_, factor)| *factor)) {
            let Syntax::Call { function, args, .. } = &factor.kind else { continue };
            let function = Elementwise::from_spelling(function.as_str());
            let Some(part) = args.first().and_then(|a| self.letter(a)).filter(|part| part.capital) else { continue };
            let open = self.network.open.iter().find(|o| o.node == part.node && o.letter == Letter::Capital);
            if let (Some(Elementwise::Log | Elementwise::Sqrt), Some(open)) = (function, open) {
                let doubt = Doubt::Function(open.name.clone(), open.node, factor.span);
                self.network.doubts.push(doubt);
            }
        }
    }

    /// `A^k` of a capital.
    pub(super) fn note_raised(&mut self, base: ReadPart, exponent: &Ast, span: Span) {
        let capital = self.network.open.iter().find(|o| o.node == base.node).filter(|_| base.lone && base.capital);
        let counts = matches!(&exponent.kind, Syntax::Name(n) if matches!(n.as_str(), "k" | "t"));
        if let Some(open) = capital {
            let doubt = Doubt::Raised(open.name.clone(), open.node, span, counts && !open.is_uncustomary());
            self.network.doubts.push(doubt);
        }
    }

    /// `W^f x`, `U^{\tilde h}_{hh} h`: weights with a letter above before a small letter.
    pub(super) fn note_labelled(&mut self, before: &Ast, factor: &Ast) {
        let Syntax::Power(base, exponent) = &before.kind else { return };
        let weights = |o: &Open| o.is_data() && !o.name.as_str().starts_with('K') || o.name.as_str().starts_with('U');
        let latin =
            |ast: &Ast| self.open_letter(ast).is_some_and(|o| Letter::of(&o.name, false, false) == Letter::Latin);
        let capital = self.open_letter(base).is_some_and(|o| o.letter == Letter::Capital && weights(o));
        if let Syntax::Name(name) = &exponent.kind
            && capital
            && self.place.is_none()
            && latin(exponent)
            && latin(factor)
        {
            self.network.doubts.push(Doubt::Labelled(name.clone()));
        }
    }

    /// `L \cdot N`, `\mathbf F \cdot \mathbf d`.
    pub(super) fn note_dot(&mut self, factors: [ReadPart; 2], span: Span, alone: bool) {
        let letter = |part: &ReadPart| self.network.open.iter().find(|o| o.node == part.node && part.lone);
        let [Some(left), Some(right)] = [letter(&factors[0]), letter(&factors[1])] else { return };
        let bold = [left, right].iter().all(|o| o.letter == Letter::BoldMatrix && !o.is_data());
        let capital = factors[0].capital || factors[1].capital && left.letter != Letter::BoldVector;
        let change = [left, right].iter().any(|o| o.name.as_str().starts_with('Δ'));
        if bold || alone && !change && capital && (left.is_uncustomary() || right.is_uncustomary()) {
            let node = if factors[0].capital { left.node } else { right.node };
            let doubt = Doubt::Dot([left.name.clone(), right.name.clone()], node, span);
            self.network.doubts.push(doubt);
        }
    }

    /// `x · σ(β x)`: a small letter before what a function makes of it entry by entry, and nothing else.
    pub(super) fn note_own_function(&mut self, first: &Ast, factor: &Ast, span: Span) {
        let (Syntax::Name(name), Some(part)) = (&first.kind, self.letter(first)) else { return };
        let Syntax::Call { function, .. } = &factor.kind else { return };
        let entrywise = Elementwise::from_spelling(function.as_str()).is_some();
        let mut others = false;
        visit(factor, &mut |node| {
            let other = |n: &Name| n != name && self.known.get(n).is_some_and(|p| !self.is_greek(p.node));
            others |= matches!(&node.kind, Syntax::Name(n) if other(n));
        });
        let mut own = false;
        visit(factor, &mut |node| own |= matches!(&node.kind, Syntax::Name(n) if n == name));
        if entrywise && own && !others && part.is_small() {
            self.network.doubts.push(Doubt::Own(name.clone(), part.node, span));
        }
    }

    fn is_greek(&self, node: usize) -> bool {
        self.network.open.iter().any(|o| o.node == node && o.letter == Letter::Greek)
    }

    /// A small Latin letter before a capital and nothing else, where arrays are asked for.
    pub(super) fn note_row_before(&mut self, argument: &Ast) {
        let Syntax::Binary(BinaryOp::Mul, left, right) = &argument.kind else { return };
        let (Some(small), Some(capital)) = (self.letter(left), self.letter(right)) else { return };
        let open = |part: ReadPart| self.network.open.iter().find(|o| o.node == part.node);
        let latin = open(small).filter(|o| o.letter == Letter::Latin);
        if let Some(latin) = latin.filter(|_| capital.capital && open(capital).is_some()) {
            let doubt = Doubt::RowBefore(latin.node, self.place(argument));
            self.network.doubts.push(doubt);
        }
    }

    /// A letter less a Greek one over a Greek one.
    pub(super) fn note_standardised(&mut self, above: &Ast, below: ReadPart, quotient: usize, span: Span) {
        let Syntax::Sum(terms) = &above.kind else { return };
        let [_, (Sign::Minus, mean)] = &terms[..] else { return };
        let Some(mean) = self.letter(mean) else { return };
        let greek = |o: &&super::Open| o.node == mean.node && o.letter == Letter::Greek;
        if let Some(open) = self.network.open.iter().find(greek).filter(|_| below.open) {
            let doubt = Doubt::Standardised(open.name.clone(), [open.node, quotient], span);
            self.network.doubts.push(doubt);
        }
    }

    /// `(x - mu) / s`, `(x - mu)**2 / (2 * s**2)` of programs.
    pub(super) fn note_scale(&mut self, above: &Ast, below: &Ast, span: Span) {
        let base = |ast: &'_ Ast| match &ast.kind {
            Syntax::ElementPower(base, _) | Syntax::Power(base, _) => (**base).clone(),
            _ => ast.clone(),
        };
        let below = match &below.kind {
            Syntax::Binary(BinaryOp::Had, number, letter) if is_number_written(number) => base(letter),
            _ => base(below),
        };
        let above = base(above);
        let Syntax::Sum(terms) = &above.kind else { return };
        let [_, (Sign::Minus, mean)] = &terms[..] else { return };
        let (Some(mean), Some(scale)) = (self.letter(mean), self.letter(&below)) else { return };
        let greek = |o: &&super::Open| o.node == mean.node && o.letter == Letter::Greek;
        if let Some(open) = self.network.open.iter().find(greek) {
            let doubt = Doubt::Scale(open.name.clone(), [open.node, scale.node], span);
            self.network.doubts.push(doubt);
        }
    }

    /// π before a bracket, and no number before π.
    pub(super) fn note_pi(&mut self, first: &Ast, bracket: &Ast, part: ReadPart) {
        let pi = matches!(&first.kind, Syntax::Name(n) if n.as_str() == "π" && !self.known.contains_key(n));
        let typed = self.text.get(first.span.start..bracket.span.end).unwrap_or("");
        let inner = self.text.get(bracket.span.start..bracket.span.end).unwrap_or("");
        if pi
            && self.place.is_none()
            && inner.trim_start_matches("\\left").starts_with('(')
            && !typed.contains(['*', '·'])
        {
            let doubt = Doubt::Pi(part.node, first.span.to(bracket.span));
            self.network.doubts.push(doubt);
        }
    }

    /// π as the last factor.
    pub(super) fn note_pi_behind(&mut self, before: ReadPart, last: &Ast) {
        if is_pi(last) && self.place.is_none() && !self.known.contains_key(&Name::new("π")) {
            self.network.doubts.push(Doubt::PiBehind(before.node, last.span));
        }
    }

    /// `exp(-k t)`: a product of letters.
    pub(super) fn note_decay(&mut self, exponent: &Ast) {
        let exponent = unsigned(exponent);
        if let Syntax::Sum(terms) = &exponent.kind {
            self.network.decays |=
                terms.iter().any(|(_, term)| self.is_plain_product(term) && self.multiplies_letters(term));
        }
        self.note_times(exponent);
        self.note_points_within(exponent);
        if self.is_plain_product(exponent) {
            self.network.decays |= self.multiplies_letters(exponent);
        }
    }

    /// A product in the exponent of e.
    pub(super) fn note_exponent(&mut self, exponent: &Ast) {
        self.note_decay(exponent);
        let exponent = unsigned(exponent);
        let Syntax::Binary(BinaryOp::Mul, a, b) = &exponent.kind else { return };
        let (Some(left), Some(right)) = (self.letter(a), self.letter(b)) else { return };
        let (capital, part) = if left.capital { (a, left) } else { (b, right) };
        if let Syntax::Name(name) = &capital.kind
            && left.capital != right.capital
        {
            let doubt = Doubt::Exponential(name.clone(), part.node, self.place(exponent));
            self.network.doubts.push(doubt);
        }
    }

    /// `cos(ω t + φ)`.
    pub(super) fn note_oscillation(&mut self, argument: &Ast) {
        self.note_times(argument);
        self.note_points_within(argument);
        let product = |term: &Ast| self.is_plain_product(term) && self.multiplies_letters(term);
        self.network.decays |= match &argument.kind {
            Syntax::Sum(terms) => terms.iter().any(|(_, term)| product(term)),
            _ => product(argument),
        };
    }

    /// `\max(S - K, 0)`: capitals beside a number.
    pub(super) fn note_largest(&mut self, args: &[Ast], span: Span) {
        let number = |ast: &Ast| matches!(ast.kind, Syntax::Number(_));
        let terms = |ast: &Ast| match &ast.kind {
            Syntax::Sum(terms) => terms.iter().map(|(_, t)| t.clone()).collect(),
            _ => vec![ast.clone()],
        };
        let letters: Vec<Ast> = args.iter().filter(|a| !number(a)).flat_map(terms).collect();
        let capital = |ast: &Ast| self.letter(ast).is_some_and(|part| part.capital);
        let first = letters.first().filter(|_| args.iter().any(number) && letters.iter().all(capital));
        if let Some((Syntax::Name(name), part)) = first.and_then(|ast| Some((ast.kind.clone(), self.letter(ast)?))) {
            self.network.doubts.push(Doubt::Function(name, part.node, span));
        }
    }

    /// A product, of numbers or of entries: other signs of it speak of arrays by themselves.
    fn is_plain_product(&self, ast: &Ast) -> bool {
        match &ast.kind {
            Syntax::Binary(BinaryOp::Mul | BinaryOp::Had | BinaryOp::Star, ..) => true,
            Syntax::Binary(BinaryOp::Dot, ..) => {
                let (first, rest) = ast.chain();
                !self.is_inner(first, &rest)
            }
            _ => false,
        }
    }

    fn multiplies_letters(&self, product: &Ast) -> bool {
        let mut letters = 0u32;
        visit(product, &mut |node| letters += u32::from(self.letter(node).is_some()));
        letters > 1
    }

    /// `y w^T`: a small letter, and the transpose of another.
    pub(super) fn letter_and_row(&self, first: &Ast, second: &Ast) -> bool {
        let small = |ast: &Ast| self.letter(ast).is_some_and(|part| !part.capital);
        let row = matches!(&second.kind, Syntax::Transpose(a) if small(a));
        let first = if let Syntax::Neg(inner) = &first.kind { inner } else { first };
        row && small(first)
    }

    /// `n (x - m)^T A (x - m)`: a small letter before a quadratic form is a number.
    pub(super) fn begins_square(&self, first: &Ast, rest: &[(BinaryOp, &Ast)]) -> bool {
        let small = self.letter(first).is_some_and(|part| !part.capital);
        match rest {
            [(BinaryOp::Mul, row), .., (BinaryOp::Mul, last)] if small => {
                matches!(&row.kind, Syntax::Transpose(inner) if self.typed(inner) == self.typed(last))
            }
            _ => false,
        }
    }

    /// What was typed, but for blank space.
    pub(super) fn typed(&self, ast: &Ast) -> String {
        self.text.get(ast.span.start..ast.span.end).unwrap_or("").split_whitespace().collect()
    }

    pub(super) fn letter(&self, ast: &Ast) -> Option<ReadPart> {
        match &ast.kind {
            Syntax::Name(name) => self.known.get(self.names.actual(name)).copied().filter(|part| part.lone),
            _ => None,
        }
    }
}

/// A letter of vectors before a dot, or of their members.
fn is_inner_letter(name: &Name) -> bool {
    let base = name.as_str().split('_').next().unwrap_or("");
    INNER_LETTERS.contains(&base) || INNER_MEMBERS.contains(&base)
}

/// What is asked of an I beside factors.
const IN_PRODUCT: &str = "stands in a product: is it the identity, or a name of the document?";

fn is_number_written(ast: &Ast) -> bool {
    matches!(&ast.kind, Syntax::Number(_)) || is_pi(ast)
}

pub(super) fn unsigned(ast: &Ast) -> &Ast {
    if let Syntax::Neg(inner) = &ast.kind { inner } else { ast }
}

impl Network {
    /// `q / (ε ‖r - s‖)`: a letter that stands alone above a norm, and nowhere else.
    ///
    /// # Errors
    /// `Shape`, for it may be a number or a vector.
    pub(in super::super) fn refuse_lone_numerator(&self, found: &Found) -> Result<(), Error> {
        let uses = |leaf: usize| self.nodes.iter().flat_map(|n| &n.args).filter(|a| **a == leaf).count();
        let mut norms = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            norms.push(matches!(node.rule, SortRule::Norm { .. }) || node.args.iter().any(|a| norms[*a]));
        }
        let quotients = self.nodes.iter().filter(|n| matches!(n.rule, SortRule::Div { .. }) && norms[n.args[1]]);
        let mut letters = quotients.filter_map(|n| self.open.iter().find(|o| o.node == n.args[0]));
        let doubtful =
            letters.find(|o| o.letter == Letter::Latin && found.sorts[o.node] == Sort::Vector && uses(o.node) == 1);
        doubtful.map_or(Ok(()), |o| {
            Err(Error::new(Kind::Shape, format!("`{}` can be a number or a vector", o.name))
                .at(o.span, "stands here alone, over a norm")
                .help(format!("declare what it is: `{0}: scalar` or `{0}: n`", o.name)))
        })
    }

    /// Whether the power of a scalar is added to an array.
    fn is_beside_arrays(&self, base: usize, found: &Found) -> bool {
        let power = |i: &usize| matches!(self.nodes[*i].rule, SortRule::Power { .. }) && self.nodes[*i].args[0] == base;
        self.nodes.iter().enumerate().any(|(i, node)| {
            let added = matches!(node.rule, SortRule::Add(_)) && node.args.iter().any(power);
            added && found.sorts[i] != Sort::Scalar
        })
    }

    /// Whether a node is a part of something whose norm is taken.
    fn is_within_norm(&self, node: usize) -> bool {
        let mut within = vec![false; self.nodes.len()];
        within[node] = true;
        for i in node..self.nodes.len() {
            if self.nodes[i].args.iter().any(|a| within[*a]) {
                within[i] = true;
                if matches!(self.nodes[i].rule, SortRule::Norm { .. } | SortRule::Transpose { .. } | SortRule::Pair) {
                    return true;
                }
            }
        }
        false
    }

    /// `x A x - b x`: every place before which a transpose may be lost.
    fn lost(&self, mut places: Vec<Span>, text: &str) -> Error {
        places.sort_by_key(|span| span.start);
        let typed = places.first().and_then(|span| text.get(span.start..span.end)).unwrap_or("").trim();
        let error = Error::new(Kind::Shape, format!("is `{typed}` a row here, {LOST_TRANSPOSE}"));
        let error = places.iter().fold(error, |error, span| error.at(*span, "where a row would stand"));
        error.help(format!("write the transpose, `{typed}^T`, or declare what are numbers, each a scalar"))
    }

    /// `W^f x + U^f h + b^f`: every place where the letter stands above another.
    fn labelled(&self, name: &Name, text: &str) -> Error {
        let places = self.exponents.iter().filter(|(other, _)| other == name).map(|(_, span)| *span);
        let error = Error::new(Kind::Shape, format!("is `{name}` {POWER_OR_LABEL}"));
        let error = places.clone().fold(error, |error, span| error.at(span, "above a letter"));
        let typed = places.map(|span| text.get(span.start..span.end).unwrap_or("")).next().unwrap_or("").trim();
        error.help(format!("write a label in brackets, `^{{({typed})}}`, or declare the numbers, each a scalar"))
    }

    /// `q @ k.T` of small letters, and what else stands behind a formula.
    fn outer(&self, letters: &[(Name, usize)], span: Span, found: &Found) -> Error {
        let mut names: Vec<&Name> = Vec::new();
        let added = |o: &&Open| {
            let sum = |n: &Subterm| matches!(n.rule, SortRule::Add(_)) && n.args.contains(&o.node);
            o.letter == Letter::Latin && !o.given && self.nodes.iter().any(sum)
        };
        let added = self.open.iter().filter(added).map(|o| (&o.name, o.node));
        let behind = letters.iter().chain(&self.behind_formulas).map(|(name, node)| (name, *node));
        for (name, node) in behind.chain(added) {
            if found.sorts[node] == Sort::Vector && !names.contains(&name) {
                names.push(name);
            }
        }
        let lines: Vec<String> = names.iter().map(|name| format!("{name}: matrix")).collect();
        Error::new(Kind::Shape, format!("is {} an array with one axis here, or a matrix?", names[0]))
            .at(span, "NumPy transposes no array with one axis, and this is a number then")
            .help(format!(
                "declare what they are: `{}`; columns are `{}: n x 1`, numbers dot(a, b)",
                lines.join("; "),
                names[0]
            ))
    }

    /// What is asked of an I.
    fn identity(span: Span, message: &str, numbers: bool, text: &str) -> Error {
        let index = |c: char| c.is_alphanumeric() || matches!(c, '_' | '{' | '}');
        let typed = text.get(span.start..span.end).unwrap_or("").split(|c| !index(c)).next();
        // `\mathbf{I}` begins with a sign
        let typed = typed.filter(|t| !t.is_empty()).unwrap_or("I");
        let mut kinds = [format!("`{typed}: n x n`"), format!("`{typed}: scalar`")];
        if numbers {
            kinds.reverse(); // a current, the infected: the first is offered
        }
        Error::new(Kind::Name, format!("{typed} {message}"))
            .at(span, "as the identity it changes nothing")
            .help(format!("leave the identity out, or declare {}", kinds.join(" or ")))
    }

    /// `F L / (3 E I)`: nothing fits, and an I stands in a product.
    ///
    /// # Errors
    /// `Name`, for it is no identity.
    pub(in super::super) fn refuse_identity(&self, text: &str) -> Result<(), Error> {
        self.doubts.iter().try_for_each(|doubt| match doubt {
            Doubt::Identity(span) => Err(Network::identity(*span, IN_PRODUCT, true, text)),
            _ => Ok(()),
        })
    }

    /// `-I + C / (1 + r)`: an I is the one sign of arrays in a formula of numbers.
    ///
    /// # Errors
    /// `Name`, for it is as well a name.
    pub(in super::super) fn refuse_lone_identity(&self, found: &Found, text: &str) -> Result<(), Error> {
        let open = |i: usize| self.open.iter().any(|o| o.node == i);
        let array = |i: usize| self.nodes[i].args.is_empty() && !open(i) && self.by_letter(i) != Sort::Scalar;
        let mut constants = (0..self.nodes.len()).filter(|i| array(*i)).map(|i| self.nodes[i].span);
        let identity = |span: &Span| text.get(span.start..span.end).is_some_and(|typed| typed.trim() == "I");
        match constants.next() {
            Some(span)
                if identity(&span)
                    && constants.all(|other| identity(&other))
                    && !self.arrays
                    && !self.operates_on_arrays(found)
                    && self.shows_scalars(found) =>
            {
                Err(Network::identity(
                    span,
                    "stands in a formula of numbers: is it the identity, or a name?",
                    true,
                    text,
                ))
            }
            _ => Ok(()),
        }
    }

    /// # Errors
    /// `Name` for the first doubtful place.
    pub(in super::super) fn refuse_doubtful(&self, found: &Found, text: &str) -> Result<(), Error> {
        let counts = |doubt: &&Doubt| match doubt {
            Doubt::Exponential(_, node, _) => found.sorts[*node] == Sort::Scalar,
            Doubt::Pi(node, _) | Doubt::PiBehind(node, _) => found.sorts[*node] != Sort::Scalar,
            Doubt::Letters(_, node, _) => {
                found.sorts[*node] == Sort::Vector && !self.arrays && !self.shows_arrays(found)
            }
            Doubt::Weights(_, node, _) | Doubt::Quantities(_, node, _) => found.sorts[*node] == Sort::Vector,
            Doubt::Curve(_, node, _, certain) => {
                found.sorts[*node] == Sort::Vector
                    && (*certain || !self.shows_arrays(found))
                    && self.as_scalars(found, &std::collections::BTreeSet::new()).is_none()
            }
            Doubt::Batch(_, nodes, _) => nodes.iter().all(|node| found.sorts[*node] != Sort::Scalar),
            Doubt::Columns(_, node, _) => found.sorts[*node] == Sort::Vector,
            Doubt::Intercept(_, nodes, _) => nodes.iter().all(|node| found.sorts[*node] == Sort::Vector),
            Doubt::Dot(_, node, _) => found.sorts[*node] == Sort::Matrix,
            Doubt::Own(_, node, _) => found.sorts[*node] == Sort::Vector,
            Doubt::RowBefore(node, _) => found.sorts[*node] == Sort::Scalar,
            Doubt::Spectral(node, _) => found.sorts[*node] == Sort::Matrix,
            Doubt::Cell(_, node, _) => found.sorts[*node] == Sort::Vector,
            Doubt::Function(_, node, _) => {
                found.sorts[*node] == Sort::Matrix
                    && self.as_scalars(found, &std::collections::BTreeSet::new()).is_none()
            }
            Doubt::Raised(_, node, _, counts) => {
                found.sorts[*node] == Sort::Scalar && (*counts || self.is_beside_arrays(*node, found))
            }
            Doubt::Standardised(_, [mean, quotient], _) => {
                found.sorts[*mean] == Sort::Vector && !self.is_within_norm(*quotient)
            }
            Doubt::Points(_, nodes, _) => {
                nodes.iter().any(|node| found.sorts[*node] != Sort::Scalar)
                    && self.as_scalars(found, &std::collections::BTreeSet::new()).is_none()
            }
            Doubt::Scaled(letters, _) => {
                letters.iter().filter(|(_, node)| found.sorts[*node] == Sort::Scalar).count() == 1
            }
            Doubt::Starred(_, nodes, _) => nodes.iter().all(|node| found.sorts[*node] == Sort::Vector),
            Doubt::GreekWeights(_, node, _) => found.sorts[*node] == Sort::Scalar,
            Doubt::Lost(node, _) => found.sorts[*node] != Sort::Matrix,
            Doubt::LostRow(number, _) => found.sorts[*number] == Sort::Scalar,
            Doubt::Labels(_, [letter, formula], _) => {
                found.sorts[*letter] == Sort::Scalar && found.sorts[*formula] == Sort::Matrix
            }
            Doubt::LostWeights([number, vector], _) => {
                found.sorts[*number] == Sort::Scalar
                    && found.sorts[*vector] == Sort::Vector
                    && self.as_scalars(found, &std::collections::BTreeSet::new()).is_none()
            }
            Doubt::Outer(letters, _) => letters.iter().all(|(_, node)| found.sorts[*node] == Sort::Vector),
            Doubt::Scale(_, [mean, scale], _) => {
                found.sorts[*mean] == Sort::Vector && found.sorts[*scale] == Sort::Scalar
            }
            Doubt::Threshold(_, node, _) => found.sorts[*node] == Sort::Vector,
            Doubt::Identity(_) | Doubt::Row(..) | Doubt::Labelled(..) => true,
        };
        match self.doubts.iter().find(counts) {
            None => Ok(()),
            Some(Doubt::Identity(span)) => {
                Err(Network::identity(*span, IN_PRODUCT, !self.arrays && !self.operates_on_arrays(found), text))
            }
            Some(Doubt::Row(name, span)) => {
                Err(Error::new(Kind::Name, format!("is {name} an array with one axis here, or a matrix?"))
                    .at(*span, "NumPy makes a row of the first factor where it has one axis")
                    .help(format!("write {name}.T in front for vectors, or declare its letters: n x n")))
            }
            Some(Doubt::Batch(name, _, span)) => Err(Error::new(
                Kind::Shape,
                format!("is {name} one array with one axis here, or a matrix with a row for each of many?"),
            )
            .at(*span, "NumPy multiplies either")
            .help(format!("declare what it is: `{name}: n` or `{name}: n x m`"))),
            Some(Doubt::Columns([weights, name], _, span)) => {
                let (array, matrix) = (format!("`{name}: n`"), format!("`{name}: n x m; {weights}: n`"));
                // a capital is data
                let capital = name.as_str().starts_with(char::is_uppercase);
                let lines = if capital { [matrix, array] } else { [array, matrix] };
                Err(Error::new(
                    Kind::Shape,
                    format!("is {name} one array here, or a matrix with a column for each of many?"),
                )
                .at(*span, "NumPy multiplies either")
                .help(format!("declare what it is: {}", lines.join(" or "))))
            }
            Some(Doubt::Intercept(name, _, span)) => {
                Err(Error::new(Kind::Shape, format!("is {name} a number here, added to every entry, or a vector?"))
                    .at(*span, "an intercept, or one entry for each row")
                    .help(format!("declare what it is: `{name}: scalar` or `{name}: n`")))
            }
            Some(Doubt::Quantities(name, _, span) | Doubt::Curve(name, _, span, _)) => Err(Error::new(
                Kind::Shape,
                format!("is {name} a number here, or a vector, multiplied entry by entry?"),
            )
            .at(*span, "letters with * between them")
            .help(format!("declare what it is: `{name}: scalar` or `{name}: n`"))),
            Some(Doubt::Letters(name, _, span)) => {
                Err(Error::new(Kind::Shape, format!("is {name} a number here, or a vector?"))
                    .at(*span, "a product of letters, and nothing that speaks of arrays")
                    .help(format!("declare what it is: `{name}: scalar` or `{name}: n`")))
            }
            Some(Doubt::Pi(_, span)) => {
                Err(Error::new(Kind::Shape, "π stands before an array in brackets: is it the number, or a function?")
                    .at(*span, "3.14… times this, or a projection of it?")
                    .help("write `π * (…)` for the number, or declare the function, `π: R^3 -> R^2`"))
            }
            Some(Doubt::PiBehind(_, span)) => {
                Err(Error::new(Kind::Shape, "π stands behind an array: is it the number, or a name of the document?")
                    .at(*span, "nobody writes 3.14… last")
                    .help("write the number in front, or declare the name, `π: n`"))
            }
            Some(Doubt::Weights(name, _, span)) => {
                Err(Error::new(Kind::Shape, format!("is {name} a number here, or a vector of weights?"))
                    .at(*span, "in front of a product of two vectors")
                    .help(format!("declare what it is: `{name}: scalar` or `{name}: n`")))
            }
            Some(Doubt::Dot([left, right], _, span)) => {
                Err(Error::new(Kind::Shape, "is this the inner product of two vectors, or a product of matrices?")
                    .at(*span, "letters with a point between them")
                    .help(format!(
                        "declare what they are: `{left}: vector; {right}: vector`, or `{left}: n x m` for the matrix"
                    )))
            }
            Some(Doubt::Points(names, _, span)) => {
                let array = |o: &&Open| found.sorts[o.node] != Sort::Scalar && !o.given && !names.contains(&o.name);
                let others = self.open.iter().filter(array).filter(|_| !self.speaks_of_arrays(found, true));
                let names: Vec<&Name> = names.iter().chain(others.map(|o| &o.name)).collect();
                let listed: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                let lines =
                    |kind: &str| names.iter().map(|name| format!("{name}: {kind}")).collect::<Vec<_>>().join("; ");
                // `q \cdot k_+`
                let inner = names.iter().all(|name| is_inner_letter(name));
                let help = match inner {
                    true => format!("`{}` for the inner product, or `{}`", lines("vector"), lines("scalar")),
                    false => format!("`{}`, or the shapes of arrays", lines("scalar")),
                };
                Err(Error::new(Kind::Shape, format!("{} can be numbers here, or arrays", listed.join(", ")))
                    .at(*span, "nothing but their letters says what they are")
                    .help(format!("declare what they are: {help}")))
            }
            Some(Doubt::Lost(..) | Doubt::LostRow(..) | Doubt::LostWeights(..)) => {
                let lost = |doubt: &Doubt| match doubt {
                    Doubt::Lost(_, span) | Doubt::LostRow(_, span) | Doubt::LostWeights(_, span) if counts(&doubt) => {
                        Some(*span)
                    }
                    _ => None,
                };
                Err(self.lost(self.doubts.iter().filter_map(lost).collect(), text))
            }
            Some(Doubt::Labelled(name)) => Err(self.labelled(name, text)),
            Some(Doubt::Labels(name, _, span)) => Err(Error::new(
                Kind::Shape,
                format!("is {name} a number here, or a matrix, multiplied entry by entry?"),
            )
            .at(*span, "a letter before a matrix, with * between them")
            .help(format!("declare what it is: `{name}: matrix` or `{name}: scalar`"))),
            Some(Doubt::Outer(letters, span)) => Err(self.outer(letters, *span, found)),
            Some(Doubt::Threshold(name, _, span)) => {
                Err(Error::new(Kind::Shape, format!("is {name} a number for all entries here, or a vector?"))
                    .at(*span, "what every entry is compared with, or one value for each")
                    .help(format!("declare what it is: `{name}: scalar` or `{name}: n`")))
            }
            Some(Doubt::Scaled([left, right], span)) => {
                let number = if found.sorts[left.1] == Sort::Scalar { &left.0 } else { &right.0 };
                Err(Error::new(
                    Kind::Shape,
                    format!("is {number} a number here, or a factor of a product of matrices?"),
                )
                .at(*span, "NumPy multiplies entry by entry")
                .help(format!("declare it: `{number}: scalar`; the product is written `{} @ {}`", left.0, right.0)))
            }
            Some(Doubt::Starred(name, _, span)) => {
                Err(Error::new(Kind::Shape, format!("is {name} a matrix here? Two vectors have no product `*`"))
                    .at(*span, "the product entry by entry is `.*`")
                    .help(format!("declare what it is: `{name}: matrix`, or write `.*`")))
            }
            Some(Doubt::GreekWeights(name, _, span)) => {
                Err(Error::new(Kind::Shape, format!("is {name} a number here, or a vector?"))
                    .at(*span, "a number before an array, or the inner product of two vectors")
                    .help(format!("declare what it is: `{name}: n` or `{name}: scalar`")))
            }
            Some(Doubt::Own(name, _, span)) => {
                Err(Error::new(Kind::Shape, format!("is {name} a number here, or a vector?"))
                    .at(*span, "a product of numbers, or the inner product of two vectors")
                    .help(format!("declare what it is: `{name}: scalar` or `{name}: n`; entry by entry the sign is ∘")))
            }
            Some(Doubt::RowBefore(node, span)) => Err(self.row_times_matrix(*node, *span, text)),
            Some(Doubt::Function(name, _, span)) => {
                Err(Error::new(Kind::Shape, format!("is {name} a number in this factor, or a matrix?"))
                    .at(*span, "functions of matrices have no rule; entry by entry is another thing")
                    .help(format!("declare what it is: `{name}: scalar`, or `{name}: n x m` for every entry")))
            }
            Some(Doubt::Spectral(_, span)) => {
                Err(Error::new(Kind::Unsupported, "below a trace this is a function of a matrix, which has no rule")
                    .at(*span, "entry by entry it is another function")
                    .help(
                        "where the entries are meant, give the argument a name of its own and declare that, `S: n x n`",
                    ))
            }
            Some(Doubt::Cell(name, _, span)) => {
                Err(Error::new(Kind::Shape, format!("is {name} a number in this column, or a vector?"))
                    .at(*span, "its sines and cosines, or those of every entry, stand below each other")
                    .help(format!("declare what it is: `{name}: scalar` or `{name}: n`")))
            }
            Some(Doubt::Raised(name, _, span, _)) => {
                Err(Error::new(Kind::Shape, format!("is {name} a number here, or a matrix?"))
                    .at(*span, "a power with an exponent nobody knows has no rule for matrices")
                    .help(format!("declare `{name}: scalar` if it is a number; an iterate is written {name}_k")))
            }
            Some(Doubt::Standardised(name, _, span) | Doubt::Scale(name, _, span)) => {
                Err(Error::new(Kind::Shape, format!("is {name} a number for all entries here, or a vector?"))
                    .at(*span, "the mean of the entries, or of each of them")
                    .help(format!("declare what it is: `{name}: scalar` or `{name}: vector`")))
            }
            Some(Doubt::Exponential(name, _, span)) => {
                Err(Error::new(Kind::Name, format!("is {name} a matrix or a number in this exponent?"))
                    .at(*span, "the matrix exponential has no rule")
                    .help(format!("declare `{name}: scalar` if it is a number")))
            }
        }
    }
}
