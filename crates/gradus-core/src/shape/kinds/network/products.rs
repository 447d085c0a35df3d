//! Products and quotients in the network: which signs stand between which letters.

use super::super::super::names::visit;
use super::super::rule::{Factors, SortRule};
use super::super::sort::{Letter, Sort};
use super::doubts::{DATA, unsigned};
use super::{Builder, Doubt, QuadraticForm, ReadPart, is_product};
use crate::diag::Span;
use crate::expr::Name;
use crate::syntax::{Ast, BinaryOp, Syntax};

/// Letters of sizes, whose roots products are divided by.
const SIZES: &[&str] = &["d", "k", "m", "n", "p"];

impl<'a> Builder<'a> {
    pub(super) fn product(&mut self, ast: &'a Ast, spine: bool) -> ReadPart {
        let (first, rest) = ast.chain();
        self.note_identity(first, &rest);
        self.note_letters(ast, first, &rest);
        self.note_row(first, &rest);
        self.note_weights(first, &rest);
        self.note_functions(first, &rest);
        self.note_curve(ast, false);
        self.note_quantities(first, &rest);
        self.note_points(first, &rest);
        self.note_amplitude(first, &rest);
        self.note_lost_transpose(first, &rest);
        let inner = self.is_inner(first, &rest);
        let bracketed = self.bracketed == Some(self.place(ast));
        let mut product = self.factor(first, rest[0].0);
        let mut letters = product.is_small();
        let mut smalls = product.is_small() || product.number;
        let mut front = spine && (product.is_small() || product.number);
        let mut end = first.span.end;
        for (i, (op, factor)) in rest.iter().enumerate() {
            let next = rest.get(i + 1).map(|(op, _)| *op);
            let before = if i == 0 { first } else { rest[i - 1].1 };
            if matches!(op, BinaryOp::Div | BinaryOp::HadDiv) {
                self.guard(factor);
            }
            // `2 (d · n) n`: nobody puts brackets around a product of numbers in another one
            if is_product(*op) && matches!(factor.kind, Syntax::Binary(BinaryOp::Dot, ..)) {
                self.bracketed = Some(self.place(factor));
            }
            let right = self.factor(factor, *op);
            let left = product;
            let between = self.text.get(end..factor.span.start).unwrap_or("");
            end = factor.span.end;
            if i == 0 && *op == BinaryOp::Mul {
                self.note_pi(first, factor, right);
            }
            let span = product.span.to(right.span);
            if *op == BinaryOp::Cross {
                self.note_curve(if i == 0 { first } else { factor }, true);
                self.note_curve(factor, true);
            }
            if *op == BinaryOp::Dot {
                self.note_dot([product, right], span, rest.len() == 1);
                self.note_own_function(first, factor, span);
                self.note_greek_weights(before, factor, span);
            }
            if *op == BinaryOp::Mul {
                self.note_labelled(before, factor);
            }
            if *op == BinaryOp::Mul && next.is_none() {
                self.note_pi_behind(product, factor);
            }
            let programs = *op == BinaryOp::At || between.contains('%');
            if *op == BinaryOp::At {
                self.note_batch(product, right, [i, rest.len()], span);
                self.note_outer(product, factor, span);
                self.note_behind_formula(product, right);
                self.note_columns(first, right, [i, rest.len()], span);
                if rest.len() == 1 && ast.span == self.whole {
                    self.note_dot_call([product, right], ast.span);
                }
            }
            let divided = *op == BinaryOp::HadDiv && between.contains('/') && !between.contains("./");
            let lone = bracketed || next.is_some_and(is_product) && self.stands_in_brackets(first, factor);
            let lone = lone && *op == BinaryOp::Dot && i == 0;
            let factors = product.is_factors() && right.is_factors() && (product.letters || right.letters);
            let rule = match op {
                BinaryOp::Mul | BinaryOp::At | BinaryOp::Dot | BinaryOp::Star | BinaryOp::Cross => {
                    SortRule::Mul(Factors {
                        signed: match op {
                            // NumPy's sign before a capital is a matrix product
                            BinaryOp::At if product.capital || right.capital => None,
                            BinaryOp::At | BinaryOp::Dot => Some(Sort::Scalar),
                            BinaryOp::Star | BinaryOp::Cross => Some(Sort::Vector),
                            _ => None,
                        },
                        inner: *op == BinaryOp::Dot && inner || lone,
                        weights: *op == BinaryOp::Dot && inner && self.are_weights(before, factor) || lone,
                        axes: *op == BinaryOp::At,
                        cross: *op == BinaryOp::Cross,
                        across: *op == BinaryOp::Cross
                            && product.lone
                            && right.lone
                            && !(product.capital && right.capital),
                        last: !(*op == BinaryOp::Dot && self.is_time(right.node))
                            && (right.lone
                                || self.is_difference(factor)
                                || right.open && i == 0 && self.is_row_of_ones(first))
                            && !next.is_some_and(is_product),
                        front: front && letters || i == 0 && self.begins_square(first, &rest),
                        formula: !right.lone && !right.number,
                        begins: i == 0 && product.is_small(),
                        before_row: i == 1 && ast.span != self.whole && self.letter_and_row(first, rest[0].1),
                        capitals: [product.capital, right.capital && !(self.rows && self.is_member(factor))],
                        matrices: programs,
                        no_outer: *op == BinaryOp::At && [before, factor].iter().any(|f| self.is_capital(f)),
                        scalars: smalls && letters && (right.power || right.is_small()),
                    })
                }
                BinaryOp::Div => SortRule::Div { letters: product.letters && right.letters },
                // MATLAB's and NumPy's signs are written before scalars too
                BinaryOp::Had if between.contains('*') => SortRule::Entrywise {
                    open: [false; 2],
                    sign: false,
                    scaling: smalls && letters && !right.lone && !right.number,
                    plain: !between.contains(".*"),
                    capital: [product.capital, right.capital],
                },
                BinaryOp::Had => {
                    // the conditions of cases are multiplied without a sign
                    let typed = ["∘", "⊙", "\\odot", "\\circ"].iter().any(|sign| between.contains(sign));
                    let sign = product.lone && right.lone || typed && product.open && right.open;
                    // of a formula of letters an array is asked as well
                    let open = [product, right].map(|part| part.lone || typed && part.open);
                    SortRule::Entrywise { open, sign, scaling: false, plain: false, capital: [false; 2] }
                }
                BinaryOp::HadDiv if divided && !product.number => {
                    let letter = right.is_small() || self.is_root_of_size(factor);
                    SortRule::Quotient { letter: letter && !product.lone }
                }
                BinaryOp::HadDiv => SortRule::Entrywise {
                    open: [false; 2],
                    sign: false,
                    scaling: false,
                    plain: divided,
                    capital: [false; 2],
                },
                BinaryOp::Kron => SortRule::Kron,
            };
            let open = if *op == BinaryOp::Div { product.open } else { product.open || right.open };
            front &= right.is_small() || right.number;
            smalls &= right.is_small() || right.number;
            letters |= right.is_small();
            let written = !matches!(op, BinaryOp::Had | BinaryOp::HadDiv | BinaryOp::Kron);
            let below = right;
            product = ReadPart { open, letters: factors && written, ..self.of(rule, &[product, right], span) };
            if *op == BinaryOp::Had && between.trim() == "*" {
                self.note_scaled([left, right], span);
            }
            if *op == BinaryOp::Had && between.trim_start().starts_with('*') {
                self.note_labels(before, [left, right], span);
            }
            if i == 0 && *op == BinaryOp::Div {
                self.note_standardised(first, below, product.node, span);
            }
            if divided {
                self.note_scale(before, factor, span);
            }
            if *op == BinaryOp::Star && self.dotted {
                self.note_starred([before, factor], span);
            }
        }
        self.note_square(first, &rest, product);
        product
    }

    /// `Y^T K^{-1} Y`: the transpose of capitals and what it is of, the ends of a product but for numbers in front.
    fn note_square(&mut self, first: &Ast, rest: &[(BinaryOp, &Ast)], product: ReadPart) {
        let factors: Vec<&Ast> = std::iter::once(first).chain(rest.iter().map(|(_, factor)| *factor)).collect();
        let transposed = |f: &&Ast| matches!(f.kind, Syntax::Transpose(_));
        let (Some(at), Some(last)) = (factors.iter().position(transposed), factors.last()) else { return };
        let joined = rest[at..].iter().all(|(op, _)| is_product(*op));
        let Syntax::Transpose(row) = &factors[at].kind else { return };
        if !joined || factors.len() < at + 3 {
            return;
        }
        let mut letters: Vec<Name> = Vec::new();
        visit(row, &mut |node| {
            let capital = self.open_letter(node).filter(|o| o.letter == Letter::Capital && !letters.contains(&o.name));
            letters.extend(capital.map(|o| o.name.clone()));
        });
        if !letters.is_empty() && self.typed(row).trim_matches(['(', ')']) == self.typed(last).trim_matches(['(', ')'])
        {
            self.network.squares.push(QuadraticForm { letters, node: product.node, span: product.span });
        }
    }

    /// `x*θ` beside `.*`: no product of two columns.
    fn note_starred(&mut self, letters: [&Ast; 2], span: Span) {
        if let [Some(left), Some(right)] = letters.map(|ast| self.open_letter(unsigned(ast))) {
            let doubt = Doubt::Starred(left.name.clone(), [left.node, right.node], span);
            self.network.doubts.push(doubt);
        }
    }

    /// `y * log_softmax(Z)`: a letter of data before a formula.
    fn note_labels(&mut self, letter: &Ast, [left, right]: [ReadPart; 2], span: Span) {
        let open = self.open_letter(letter).filter(|o| DATA.contains(&o.name.as_str()) || o.name.as_str() == "t");
        if let Some(open) = open.filter(|_| left.is_small() && !right.lone && !right.number) {
            let doubt = Doubt::Labels(open.name.clone(), [left.node, right.node], span);
            self.network.doubts.push(doubt);
        }
    }

    /// `(n · v)`.
    fn stands_in_brackets(&self, first: &Ast, last: &Ast) -> bool {
        let (before, behind) = (self.text.get(..first.span.start), self.text.get(last.span.end..));
        before.is_some_and(|t| t.trim_end().ends_with('(')) && behind.is_some_and(|t| t.trim_start().starts_with(')'))
    }

    /// `W`, `W.T`.
    fn is_capital(&self, ast: &Ast) -> bool {
        let ast = if let Syntax::Transpose(inner) = &ast.kind { inner } else { ast };
        self.open_letter(ast).is_some_and(|o| o.letter == Letter::Capital)
    }

    /// `np.sqrt(d)`, `d**0.5` of a letter that counts.
    fn is_root_of_size(&self, ast: &Ast) -> bool {
        let radicand = match &ast.kind {
            Syntax::Call { function, args, .. } if function.as_str() == "sqrt" => args.first(),
            Syntax::ElementPower(base, half) if matches!(&half.kind, Syntax::Number(n) if n == "0.5") => Some(&**base),
            _ => None,
        };
        let open = radicand.and_then(|ast| self.open_letter(ast));
        open.is_some_and(|o| SIZES.contains(&o.name.as_str().split('_').next().unwrap_or("")))
    }

    fn factor(&mut self, ast: &'a Ast, op: BinaryOp) -> ReadPart {
        let entrywise = matches!(op, BinaryOp::Had | BinaryOp::HadDiv);
        if op == BinaryOp::Had {
            self.note_row_before(ast);
        }
        if entrywise && self.is_bare(ast) {
            self.constant(Sort::Scalar, self.place(ast))
        } else {
            self.expression(ast, false)
        }
    }
}
