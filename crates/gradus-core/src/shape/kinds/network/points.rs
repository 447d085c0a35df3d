//! The point between factors, `a · b`: the inner product of two vectors, and as often the product of numbers.

use super::super::super::names::{is_euler, is_pi, visit};
use super::super::sort::Letter;
use super::super::{INNER_LETTERS, TIME};
use super::doubts::unsigned;
use super::{Builder, Doubt, Open};
use crate::diag::Span;
use crate::expr::{Elementwise, Name};
use crate::syntax::{Ast, BinaryOp, Syntax};

/// Masses, speeds of light, lengths and stiffnesses: numbers before another letter.
const NUMBERS: &[&str] = &["m", "g", "c", "l", "k"];

/// Slopes, before what is no slope.
const SLOPES: &[&str] = &["a", "b"];

/// Greek letters that are as often weights.
const WEIGHTS: &[&str] = &["β", "θ"];

impl Builder<'_> {
    /// The factors that points join, of those that begin at a place of a product; a sign before the first is left out.
    fn run<'c>(first: &'c Ast, rest: &[(BinaryOp, &'c Ast)], from: usize) -> Vec<&'c Ast> {
        let start = if from == 0 { unsigned(first) } else { rest[from - 1].1 };
        let joined = rest[from..].iter().take_while(|(op, _)| *op == BinaryOp::Dot).map(|(_, factor)| *factor);
        std::iter::once(start).chain(joined).collect()
    }

    /// Whether the points of a product can be those of an inner product: two of its factors can be vectors, and no more.
    pub(super) fn is_inner(&self, first: &Ast, rest: &[(BinaryOp, &Ast)]) -> bool {
        let Some(from) = rest.iter().position(|(op, _)| *op == BinaryOp::Dot) else { return false };
        let run = Builder::run(first, rest, from);
        let arrays: Vec<&&Ast> = run.iter().filter(|f| !self.is_number_factor(f)).collect();
        match &arrays[..] {
            [left, right] => self.can_be_vector(left) && self.can_be_vector(right),
            _ => arrays.iter().any(|factor| !self.is_plain_factor(factor)),
        }
    }

    /// Numbers, π, a time and Greek letters.
    fn is_number_factor(&self, factor: &Ast) -> bool {
        let number = |o: &Open| o.letter == Letter::Greek || o.number == Some(TIME);
        matches!(factor.kind, Syntax::Number(_)) || is_pi(factor) || self.open_letter(factor).is_some_and(number)
    }

    fn can_be_vector(&self, factor: &Ast) -> bool {
        match &factor.kind {
            Syntax::Name(_) => self.open_letter(factor).is_none_or(|o| o.letter != Letter::Capital || o.given),
            Syntax::Call { function, .. } => Elementwise::from_spelling(function.as_str()).is_none(),
            Syntax::Power(..) => false,
            _ => true,
        }
    }

    /// A letter, a power, what a function makes of something, a quotient.
    fn is_plain_factor(&self, factor: &Ast) -> bool {
        match &factor.kind {
            Syntax::Name(_) => self.open_letter(factor).is_some_and(|o| is_plain(o.letter)),
            Syntax::Power(base, _) => !matches!(base.kind, Syntax::Name(_)) || self.is_plain_factor(base),
            Syntax::Call { function, .. } => Elementwise::from_spelling(function.as_str()).is_some(),
            Syntax::Binary(BinaryOp::Div, ..) | Syntax::Number(_) => true,
            // `m·c·(T_2 - T_1)`
            Syntax::Sum(terms) => terms.iter().all(|(_, term)| self.is_plain_factor(term)),
            Syntax::Binary(BinaryOp::Dot, a, b) => self.is_plain_factor(a) && self.is_plain_factor(b),
            Syntax::Neg(inner) => self.is_plain_factor(inner),
            _ => false,
        }
    }

    pub(super) fn open_letter(&self, ast: &Ast) -> Option<&Open> {
        let part = self.letter(ast)?;
        self.network.open.iter().find(|o| o.node == part.node)
    }

    /// `m · c · ΔT`, `m · v`, `r · sin(θ)`: points between three factors and more, behind a letter of numbers, or before a wave.
    pub(super) fn note_points(&mut self, first: &Ast, rest: &[(BinaryOp, &Ast)]) {
        let Some(from) = rest.iter().position(|(op, _)| *op == BinaryOp::Dot) else { return };
        let run = Builder::run(first, rest, from);
        let factors: Vec<&Ast> = run.iter().filter(|f| !self.is_number_factor(f)).copied().collect();
        if !factors.iter().all(|f| self.is_plain_factor(f)) {
            return;
        }
        let letters = self.plain_letters(&run);
        let wave = matches!(factors[..], [_, right] if is_wave(right));
        let customary = letters.iter().all(|open| open.letter == Letter::Capital && !open.is_uncustomary());
        // `x · A · x`
        let repeated = factors.iter().filter(|f| matches!(f.kind, Syntax::Name(_))).count() > letters.len();
        let form = repeated && letters.iter().any(|o| o.letter == Letter::Capital);
        if letters.is_empty() || form || customary && letters.len() > 1 {
            return;
        }
        let is = |ast: &Ast, list: &[&str]| matches!(&ast.kind, Syntax::Name(n) if list.contains(&base(n)));
        let capital = |ast: &Ast| self.open_letter(ast).is_some_and(|o| o.letter == Letter::Capital);
        let doubtful = match factors[..] {
            [left, _] if wave => !capital(left),
            [left, right] if letters.len() == 2 => {
                let change = letters.iter().any(|open| open.name.as_str().starts_with('Δ'));
                let slope = is(left, SLOPES) && !is(right, SLOPES);
                is(left, NUMBERS) || slope || capital(right) && (change || run.len() > 2 || rest.len() >= run.len())
            }
            _ => letters.len() > 1 && factors.len() > 2,
        };
        if doubtful {
            let letters = self.letters_within(&run).into_iter().map(|open| (open.name.clone(), open.node)).collect();
            self.note_numbers(letters, first.span.to(run[run.len() - 1].span));
        }
    }

    /// `A \sin x`: a capital that is no data before a wave of a lone letter without brackets.
    pub(super) fn note_amplitude(&mut self, first: &Ast, rest: &[(BinaryOp, &Ast)]) {
        let Some((BinaryOp::Mul, last)) = rest.last() else { return };
        let before = rest.iter().rev().nth(1).map_or(unsigned(first), |(_, factor)| *factor);
        let Some(capital) = self.open_letter(before).filter(|o| o.letter == Letter::Capital && !o.is_data()) else {
            return;
        };
        let Syntax::Call { function, args, function_span, .. } = &last.kind else { return };
        let wave = matches!(function.as_str(), "sin" | "cos" | "tan");
        let Some(argument) = args.first().filter(|_| wave && args.len() == 1) else { return };
        let bare = self.text.get(function_span.end..argument.span.start).is_some_and(|t| t.trim().is_empty());
        let letter = self.open_letter(argument).filter(|o| o.letter == Letter::Latin && bare);
        if let Some(letter) = letter.map(|o| (o.name.clone(), o.node)) {
            self.note_numbers(vec![(capital.name.clone(), capital.node), letter], before.span.to(last.span));
        }
    }

    /// The plain Latin letters and capitals of a run, those below powers too.
    fn plain_letters<'b>(&'b self, run: &[&Ast]) -> Vec<&'b Open> {
        let base = |f: &&Ast| match &f.kind {
            Syntax::Power(base, _) => self.open_letter(base),
            _ => self.open_letter(f),
        };
        let mut letters: Vec<&Open> = Vec::new();
        for factor in run {
            let plain = base(factor).filter(|o| is_plain(o.letter) && o.letter != Letter::Greek);
            if let Some(open) = plain.filter(|o| letters.iter().all(|other| other.node != o.node)) {
                letters.push(open);
            }
        }
        letters
    }

    /// The Latin letters and capitals somewhere below.
    fn letters_within(&self, run: &[&Ast]) -> Vec<&Open> {
        let mut leaves = Vec::new();
        for factor in run {
            visit(factor, &mut |node| leaves.extend(matches!(node.kind, Syntax::Name(_)).then_some(node)));
        }
        self.plain_letters(&leaves)
    }

    /// `exp(-k · x)`, `sin(2π · f · x)`: letters that are no customary weights.
    pub(super) fn note_points_within(&mut self, argument: &Ast) {
        let mut found: Vec<(Vec<(Name, usize)>, Span)> = Vec::new();
        visit(argument, &mut |node| {
            let (Syntax::Binary(BinaryOp::Dot, left, right), (first, rest)) = (&node.kind, node.chain()) else {
                return;
            };
            let last = if let Syntax::Binary(_, _, last) = &left.kind { last } else { left };
            let letters = self.plain_letters(&[last, right]);
            let weights = letters.iter().all(|open| INNER_LETTERS.contains(&base(&open.name)));
            // the members of a family have a rule of their own
            let member =
                letters.iter().any(|open| self.names.indices.is_some_and(|i| i.families.contains_key(&open.name)));
            if self.is_inner(first, &rest) && letters.len() == 2 && !weights && !member {
                found.push((letters.into_iter().map(|o| (o.name.clone(), o.node)).collect(), node.span));
            }
        });
        for (letters, span) in found {
            self.note_numbers(letters, span);
        }
    }

    pub(super) fn note_numbers(&mut self, letters: Vec<(Name, usize)>, span: Span) {
        let (names, nodes) = letters.into_iter().unzip();
        self.network.doubts.push(Doubt::Points(names, nodes, span));
    }

    /// `w · x`: letters that are customary weights and data on both sides of a point.
    pub(super) fn are_weights(&self, before: &Ast, behind: &Ast) -> bool {
        [before, behind]
            .iter()
            .all(|ast| self.open_letter(unsigned(ast)).is_some_and(|o| INNER_LETTERS.contains(&base(&o.name))))
    }

    /// `β · x`: weights by custom, whatever the letter says.
    pub(super) fn note_greek_weights(&mut self, first: &Ast, factor: &Ast, span: Span) {
        let (first, factor) = (self.open_letter(unsigned(first)), self.open_letter(factor));
        let weights = |o: &&Open| WEIGHTS.contains(&base(&o.name)) && o.letter == Letter::Greek;
        let array = |o: &Open| Letter::of(&o.name, false, false) != Letter::Greek && o.number != Some(TIME);
        let doubts: Vec<Doubt> = [(first, factor), (factor, first)]
            .into_iter()
            .filter_map(|(one, other)| Some(one.filter(weights)?).filter(|_| other.is_some_and(array)))
            .map(|open| Doubt::GreekWeights(open.name.clone(), open.node, span))
            .collect();
        self.network.doubts.extend(doubts);
    }
}

/// What grows or oscillates.
fn is_wave(ast: &Ast) -> bool {
    match &ast.kind {
        Syntax::Call { function, .. } => {
            matches!(function.as_str(), "exp" | "log" | "sin" | "cos" | "tan" | "sqrt")
        }
        Syntax::Power(base, _) => is_euler(base),
        _ => false,
    }
}

fn is_plain(letter: Letter) -> bool {
    !matches!(letter, Letter::BoldVector | Letter::BoldMatrix)
}

/// Without its index.
fn base(name: &Name) -> &str {
    name.as_str().split('_').next().unwrap_or("")
}
