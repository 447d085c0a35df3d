//! Long formulas of MathML in lines: taken apart where they may be broken. Brackets stand open on one line and closed on
//! another, so they cannot grow.

use super::breaks::{Piece, as_factor, as_term, composed};
use super::mathml::{MathMl, applied, before_term, is_constructor, width};
use super::notation::Printer;
use super::precedence::{Level, level};
use super::reading::is_negated;
use crate::syntax::{Ast, BinaryOp, Sign, Syntax};

/// A formula in lines at most about so many letters wide where that can be.
pub fn lines(ast: &Ast, printer: Printer, at_most: usize) -> Vec<String> {
    let writer = MathMl::new(printer);
    let whole = writer.of(ast);
    if width(&whole) <= at_most {
        return vec![whole];
    }
    let line =
        |(depth, texts): (usize, Vec<String>)| format!("<mrow>{}{}</mrow>", INDENT.repeat(depth), texts.concat());
    composed(PieceWriter { writer }.of(ast, 0), at_most).into_iter().map(line).collect()
}

/// What a line that goes on within brackets begins with, for each of them.
const INDENT: &str = "<mspace width=\"1em\"></mspace>";

fn bracket(sign: &str) -> String {
    format!("<mo stretchy=\"false\">{sign}</mo>")
}

struct PieceWriter<'a> {
    writer: MathMl<'a>,
}

impl PieceWriter<'_> {
    /// The first piece is bound by whoever puts something before it.
    fn of(&self, ast: &Ast, depth: usize) -> Vec<Piece> {
        match &ast.kind {
            Syntax::Sum(terms) => {
                let term = |(i, (sign, term)): (usize, &(Sign, Ast))| {
                    let needed = level(&term.kind) == Level::Sum || (i > 0 && is_negated(term));
                    let pieces = before(before_term(i == 0, *sign), self.held(needed, term, depth));
                    if i == 0 { pieces } else { bound(as_term(depth), pieces) }
                };
                terms.iter().enumerate().flat_map(term).collect()
            }
            Syntax::Neg(a) => {
                let least = if self.writer.reading.is_open(a) && !a.grouped { Level::Negation } else { Level::Postfix };
                before("<mo form=\"prefix\">−</mo>", self.at_least(least, a, depth))
            }
            Syntax::Binary(BinaryOp::Div, ..) => self.whole(ast),
            Syntax::Binary(op, a, b) => {
                let reading = self.writer.reading;
                let left = self.held(reading.left_needs_parens(*op, a), &reading.closed(a), depth);
                let bare = *op == BinaryOp::Mul && reading.is_open(b) && !b.grouped;
                let least = if bare { Level::Negation } else { Level::Postfix };
                let right = before(&self.writer.sign(*op, a, b), self.at_least(least, b, depth));
                left.into_iter().chain(bound(as_factor(depth), right)).collect()
            }
            Syntax::Call { function, primes, args, .. } => self.call(function.as_str(), *primes, args, ast, depth),
            Syntax::Transpose(a) => self.raised(a, "<mi>⊤</mi>", ast, depth),
            Syntax::Number(_)
            | Syntax::Name(_)
            | Syntax::Partial(_)
            | Syntax::Slope { .. }
            | Syntax::Inverse(_)
            | Syntax::Power(..)
            | Syntax::ElementPower(..)
            | Syntax::Norm(..)
            | Syntax::Bars(_)
            | Syntax::Matrix(_)
            | Syntax::Slice { .. }
            | Syntax::Entry { .. }
            | Syntax::Gathered { .. }
            | Syntax::Iverson(_) => self.whole(ast),
        }
    }

    fn whole(&self, ast: &Ast) -> Vec<Piece> {
        let text = self.writer.of(ast);
        vec![Piece { width: width(&text), text, bound: 0 }]
    }

    fn held(&self, needed: bool, ast: &Ast, depth: usize) -> Vec<Piece> {
        if needed { self.between("(", &[ast], ")", depth) } else { self.of(ast, depth) }
    }

    fn at_least(&self, least: Level, ast: &Ast, depth: usize) -> Vec<Piece> {
        self.held(self.writer.reading.level(ast) < least, ast, depth)
    }

    /// A list between brackets.
    fn between(&self, open: &str, list: &[&Ast], close: &str, depth: usize) -> Vec<Piece> {
        let item = |(i, ast): (usize, &&Ast)| {
            let pieces = self.of(ast, depth + 1);
            let pieces = if i + 1 == list.len() { pieces } else { behind(pieces, "<mo>,</mo>") };
            if i == 0 { pieces } else { bound(as_term(depth + 1), pieces) }
        };
        let pieces = list.iter().enumerate().flat_map(item).collect();
        behind(before(&bracket(open), pieces), &bracket(close))
    }

    fn call(&self, function: &str, primes: u32, args: &[Ast], ast: &Ast, depth: usize) -> Vec<Piece> {
        let list: Vec<&Ast> = args.iter().collect();
        match (function, args) {
            ("sqrt", [_]) if primes == 0 => self.whole(ast),
            ("d", [a]) if self.writer.printer.calculus => match a.kind {
                Syntax::Name(_) | Syntax::Partial(_) => self.whole(ast),
                _ => before("<mi mathvariant=\"normal\">d</mi>", self.between("(", &list, ")", depth)),
            },
            ("ip", [_, _]) if self.writer.printer.calculus => self.between("⟨", &list, "⟩", depth),
            _ if is_constructor(function) => self.whole(ast),
            _ => before(&applied(function, primes), self.between("(", &list, ")", depth)),
        }
    }

    /// An exponent at brackets that are open on an earlier line.
    fn raised(&self, base: &Ast, exponent: &str, ast: &Ast, depth: usize) -> Vec<Piece> {
        if self.writer.reading.level(base) >= Level::Atom {
            return self.whole(ast);
        }
        let inner = before(&bracket("("), self.of(base, depth + 1));
        behind(inner, &format!("<msup>{}<mrow>{exponent}</mrow></msup>", bracket(")")))
    }
}

fn before(sign: &str, mut pieces: Vec<Piece>) -> Vec<Piece> {
    if let Some(first) = pieces.first_mut() {
        first.text.insert_str(0, sign);
        first.width += width(sign);
    }
    pieces
}

fn behind(mut pieces: Vec<Piece>, sign: &str) -> Vec<Piece> {
    if let Some(last) = pieces.last_mut() {
        last.text.push_str(sign);
        last.width += width(sign);
    }
    pieces
}

fn bound(how: usize, mut pieces: Vec<Piece>) -> Vec<Piece> {
    if let Some(first) = pieces.first_mut() {
        first.bound = how;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Notation;
    use crate::syntax::{Scope, parse_expression};

    #[track_caller]
    fn broken(text: &str, at_most: usize) -> Vec<String> {
        let ast = parse_expression(text, &Scope::default()).expect("it reads");
        let printer = Printer::new(Notation::MathMl);
        let tags = |line: &String| {
            let letters: String = line.split('<').map(|p| p.split_once('>').map_or(p, |(_, text)| text)).collect();
            letters.replace(['\u{2061}', '\u{2062}'], "")
        };
        let lines = lines(&ast, printer, at_most);
        for line in &lines {
            assert_eq!(line.matches("<m").count(), line.matches("</m").count(), "{line}");
        }
        lines.iter().map(tags).collect()
    }

    #[test]
    fn lines_break_within_brackets_too() {
        assert_eq!(broken("a + b", 40), ["a+b"]);
        assert_eq!(broken("alpha + beta + gamma + delta", 3), ["α+β", "+γ", "+δ"]);
        assert_eq!(broken("f(x1 + x2 + x3)", 8), ["f(x1+x2", "+x3)"]);
        assert_eq!(broken("f(x1 + x2 + x3) .* g(y1 + y2)", 11), ["f(x1+x2+x3)", "∘g(y1+y2)"]);
        assert_eq!(broken("(a b + c d)^T e", 8), ["(ab+cd)⊤", "e"]);
    }
}
