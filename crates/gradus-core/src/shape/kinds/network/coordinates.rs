//! Columns of coordinates: `[l \cos q; l \sin q]` is a point, and its letters are numbers.

use super::super::super::names::visit;
use super::super::rule::SortRule;
use super::super::sort::Sort;
use super::{Builder, Doubt, is_number};
use crate::expr::Name;
use crate::syntax::{Ast, BinaryOp, Syntax};
use std::collections::BTreeSet;

impl Builder<'_> {
    /// The small letters of a block in which the sine or cosine of an angle is a factor, a term, or a cell beside another.
    /// A column of nothing but sines and cosines may as well be of every entry.
    pub(super) fn note_coordinates(&mut self, rows: &[Vec<Ast>]) {
        let cells: Vec<&Ast> = rows.iter().flatten().collect();
        let angles: BTreeSet<&Name> = cells.iter().flat_map(|cell| self.angles(cell)).collect();
        if rows.len() < 2 || angles.is_empty() || cells.iter().any(|cell| self.holds_arrays(cell)) {
            return;
        }
        if rows[0].len() == 1 && cells.iter().all(|cell| is_wave(cell)) {
            let open = self.network.open.iter().find(|o| angles.contains(&o.name));
            self.network.doubts.extend(open.map(|o| Doubt::Cell(o.name.clone(), o.node, o.span)));
            return;
        }
        let mut letters = BTreeSet::new();
        for cell in cells {
            visit(cell, &mut |node| letters.extend(self.letter(node).map(|part| (part.node, part.span))));
        }
        for (node, span) in letters {
            let number = self.constant(Sort::Scalar, span);
            let part = super::ReadPart::new(node, span);
            self.node(SortRule::Coordinate, &[part, number], span);
        }
    }

    /// The small letters below the sines and cosines of a cell, where these are its factors or terms.
    fn angles<'b>(&self, cell: &'b Ast) -> Vec<&'b Name> {
        let mut found = Vec::new();
        visit(cell, &mut |node| {
            if let Some(argument) = wave(node)
                && self.is_angle(argument)
            {
                visit(argument, &mut |inner| {
                    if let (Syntax::Name(name), Some(_)) = (&inner.kind, self.letter(inner)) {
                        found.push(name);
                    }
                });
            }
        });
        found
    }

    /// Sums of letters, and of numbers times letters.
    fn is_angle(&self, ast: &Ast) -> bool {
        match &ast.kind {
            Syntax::Sum(terms) => terms.iter().all(|(_, term)| self.is_angle(term)),
            Syntax::Neg(inner) => self.is_angle(inner),
            Syntax::Binary(BinaryOp::Mul | BinaryOp::Div, a, b) => {
                is_number(a) && self.is_angle(b) || is_number(b) && self.is_angle(a)
            }
            Syntax::Name(_) => true,
            _ => is_number(ast),
        }
    }

    /// Capitals, transposes, norms and calls of functions of arrays.
    fn holds_arrays(&self, cell: &Ast) -> bool {
        let mut found = false;
        visit(cell, &mut |node| {
            found |= match &node.kind {
                Syntax::Name(_) => self.letter(node).is_some_and(|part| part.capital),
                Syntax::Transpose(_) | Syntax::Norm(..) | Syntax::Matrix(_) => true,
                _ => false,
            };
        });
        found
    }
}

/// What is below a sine or a cosine.
fn wave(ast: &Ast) -> Option<&Ast> {
    match &ast.kind {
        Syntax::Call { function, args, .. } if matches!(function.as_str(), "sin" | "cos") => args.first(),
        _ => None,
    }
}

/// A sine or cosine, perhaps with a sign or a number before it.
fn is_wave(cell: &Ast) -> bool {
    match &cell.kind {
        Syntax::Neg(inner) => is_wave(inner),
        Syntax::Binary(BinaryOp::Mul, a, b) => is_number(a) && is_wave(b),
        _ => wave(cell).is_some(),
    }
}
