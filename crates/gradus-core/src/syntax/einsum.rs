//! Einstein's sums as programs write them: `einsum('ij,jk->ik', A, B)` is A B. What stands for products, traces, transposes and sums of
//! arrays with two axes at most is read so, one array after the other; anything else is refused by its pattern.

use super::expression::{Parsed, Parser};
use super::token::{Bracket, Tok};
use super::{Ast, BinaryOp, Syntax, functions};
use crate::diag::{Error, Kind, Span};
use crate::expr::Name;

impl Parser<'_> {
    /// `einsum('ij,j->i', A, x)`.
    pub fn einsum(&mut self, name: &Name, start: usize) -> Parsed {
        let function = self.token().span;
        let Tok::Subscript(pattern) = self.ahead(2).clone() else {
            return Err(Box::new(functions::unavailable(name, function)));
        };
        let place = self.tokens[self.at + 2].span;
        self.at += 3;
        let (args, below) = if self.eat(&Tok::Comma) { self.bracketed(Self::list)? } else { (vec![], 0) };
        self.close(Bracket::Paren)?;
        let height = below + 4 * args.len();
        match contracted(&pattern, args, self.since(start)) {
            Some(tree) => self.node(tree.kind, start, height),
            None => Err(Box::new(
                Error::new(Kind::Unsupported, format!("the sum '{pattern}' is not in the language"))
                    .at(place, "no product, trace or sum of arrays with one or two axes")
                    .help("write the sum over its indices: c_ij = Σ_k a_ik b_kj"),
            )),
        }
    }
}

/// An array and the letters of its axes.
struct Labelled {
    tree: Ast,
    letters: Vec<char>,
}

fn contracted(pattern: &str, args: Vec<Ast>, span: Span) -> Option<Ast> {
    let (inputs, output) = axes(pattern)?;
    if inputs.len() != args.len() {
        return None;
    }
    let later =
        |from: usize| inputs[from.min(inputs.len())..].iter().flatten().chain(&output).copied().collect::<Vec<char>>();
    let arrays = args.into_iter().zip(&inputs).map(|(tree, letters)| Labelled { tree, letters: letters.clone() });
    let mut result: Option<Labelled> = None;
    for (i, array) in arrays.enumerate() {
        result = Some(match result {
            Some(before) => before.joined(array, &later(i + 1), span)?,
            None => array,
        });
    }
    let result = result?.summed(&output, span);
    let turned: Vec<char> = result.letters.iter().rev().copied().collect();
    match output {
        _ if output == result.letters => Some(result.tree),
        _ if output == turned => Some(result.turned(span).tree),
        _ => None,
    }
}

/// The letters of the arrays and of the result; where nothing says the latter, it has those that stand once.
fn axes(pattern: &str) -> Option<(Vec<Vec<char>>, Vec<char>)> {
    let pattern = pattern.replace(' ', "");
    let (left, right) = pattern.split_once("->").map_or((pattern.as_str(), None), |(l, r)| (l, Some(r)));
    let inputs: Vec<Vec<char>> = left.split(',').map(|letters| letters.chars().collect()).collect();
    let count = |letter: char| left.matches(letter).count();
    let output: Vec<char> = match right {
        Some(right) => right.chars().collect(),
        None => ('A'..='z').filter(|c| c.is_ascii_alphabetic() && count(*c) == 1).collect(),
    };
    let plain = |letters: &Vec<char>| letters.len() <= 2 && letters.iter().all(char::is_ascii_alphabetic);
    let known = output.iter().all(|letter| count(*letter) > 0);
    let single = !matches!(output[..], [a, b] if a == b);
    (inputs.iter().all(plain) && plain(&output) && known && single).then_some((inputs, output))
}

fn call(name: &str, args: Vec<Ast>, span: Span) -> Ast {
    Ast::new(Syntax::Call { function: Name::new(name), function_span: span, primes: 0, args }, span)
}

fn product(op: BinaryOp, a: Ast, b: Ast, span: Span) -> Ast {
    Ast::new(Syntax::Binary(op, Box::new(a), Box::new(b)), span)
}

impl Labelled {
    fn new(tree: Ast, letters: &[char]) -> Labelled {
        Labelled { tree, letters: letters.to_vec() }
    }

    /// With its axes in the other order.
    fn turned(self, span: Span) -> Labelled {
        let letters: Vec<char> = self.letters.iter().rev().copied().collect();
        Labelled { tree: Ast::new(Syntax::Transpose(Box::new(self.tree)), span), letters }
    }

    /// Summed over the axes that nothing else has.
    fn summed(self, kept: &[char], span: Span) -> Labelled {
        let has = |letter: &char| kept.contains(letter);
        let along = |tree, axis: &str| call("sum", vec![tree, Ast::new(Syntax::Name(Name::new(axis)), span)], span);
        match self.letters[..] {
            [i, j] if i == j && has(&i) => Labelled::new(call("diag", vec![self.tree], span), &[i]),
            [i, j] if i == j => Labelled::new(call("tr", vec![self.tree], span), &[]),
            [i, j] if has(&i) && !has(&j) => Labelled::new(along(self.tree, "rows"), &[i]),
            [i, j] if has(&j) && !has(&i) => Labelled::new(along(self.tree, "cols"), &[j]),
            [] => self,
            _ if !self.letters.iter().any(has) => Labelled::new(call("sum", vec![self.tree], span), &[]),
            _ => self,
        }
    }

    /// The product with another array, summed over the axes they share and nothing else has.
    fn joined(self, other: Labelled, kept: &[char], span: Span) -> Option<Labelled> {
        let with = |letters: &[char]| kept.iter().chain(letters).copied().collect::<Vec<char>>();
        let (of_a, of_b) = (with(&other.letters), with(&self.letters));
        let (a, b) = (self.summed(&of_a, span), other.summed(&of_b, span));
        let has = |letter: char| kept.contains(&letter);
        let times = |a, b| product(BinaryOp::Mul, a, b, span);
        let entrywise = |a, b| product(BinaryOp::Had, a, b, span);
        let transposed = |tree| Ast::new(Syntax::Transpose(Box::new(tree)), span);
        let diagonal = |tree| call("diag", vec![tree], span);
        let (letters, others) = (a.letters.clone(), b.letters.clone());
        Some(match (&letters[..], &others[..]) {
            ([], _) | (_, []) => {
                Labelled::new(times(a.tree, b.tree), if letters.is_empty() { &others } else { &letters })
            }
            ([i], [j]) if i != j => Labelled::new(times(a.tree, transposed(b.tree)), &[*i, *j]),
            ([i], [_]) if has(*i) => Labelled::new(entrywise(a.tree, b.tree), &[*i]),
            ([_], [_]) => Labelled::new(call("dot", vec![a.tree, b.tree], span), &[]),
            ([i, j], [k]) if k == j && has(*k) => Labelled::new(times(a.tree, diagonal(b.tree)), &[*i, *j]),
            ([i, j], [k]) if k == i && has(*k) => Labelled::new(times(diagonal(b.tree), a.tree), &[*i, *j]),
            ([i, j], [k]) if k == j => Labelled::new(times(a.tree, b.tree), &[*i]),
            ([i, j], [k]) if k == i => Labelled::new(times(transposed(a.tree), b.tree), &[*j]),
            ([_], [_, _]) => return b.joined(a, kept, span),
            ([i, j], [k, l]) if (i, j) == (l, k) || (i, j) == (k, l) => {
                let b = if i == k { b } else { b.turned(span) };
                match (has(*i), has(*j)) {
                    (false, false) => Labelled::new(call("dot", vec![a.tree, b.tree], span), &[]),
                    _ => Labelled::new(entrywise(a.tree, b.tree), &[*i, *j]).summed(kept, span),
                }
            }
            ([i, j], [k, l]) => {
                let shared = [*i, *j].into_iter().find(|s| (s == k || s == l) && !has(*s))?;
                let a = if *j == shared { a } else { a.turned(span) };
                let b = if *k == shared { b } else { b.turned(span) };
                let letters = [a.letters[0], b.letters[1]];
                Labelled::new(times(a.tree, b.tree), &letters)
            }
            _ => return None,
        })
    }
}
