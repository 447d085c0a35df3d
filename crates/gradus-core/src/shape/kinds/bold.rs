//! Capitals in bold: matrices by custom, and vectors where physics writes its fields.

use super::network::{Network, Open, Subterm};
use super::rule::SortRule;
use super::search::Found;
use super::sort::{Letter, Sort};
use crate::diag::{Error, Kind, Span};

/// How an error on squared fields ends; the text that is offered is made by it.
pub(in super::super) const SQUARED_LENGTH: &str = "or a vector whose squared length is meant?";

impl Network {
    /// `\mathbf E^2`, `|\mathbf E|^2`: nothing but scales and sums around it.
    ///
    /// # Errors
    /// `Shape`, for it is as well the length of a vector as a product of matrices or a determinant.
    pub(super) fn refuse_squared_fields(&self, found: &Found) -> Result<(), Error> {
        let mut places: Vec<(&Open, Span)> = Vec::new();
        let scaled = self.scaled_uses(found);
        for node in &self.nodes {
            let span = match node.rule {
                SortRule::Power { constant: true } => node.parts.first().copied(),
                SortRule::Bars => Some(node.span),
                _ => None,
            };
            let field = node.args.first().and_then(|leaf| self.field(*leaf, found));
            if let (Some(span), Some(open)) = (span, field)
                && scaled[open.node]
            {
                places.push((open, span));
            }
        }
        let Some((first, _)) = places.first() else { return Ok(()) };
        let mut error = Error::new(Kind::Shape, format!("is `{}` a matrix here, {SQUARED_LENGTH}", first.name));
        let mut lines: Vec<String> = Vec::new();
        for (open, span) in &places {
            error = error.at(*span, "in bold, and in no product");
            let line = format!("{}: vector", open.name);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        Err(error.help(format!(
            "declare what it is, `{}`, and write double bars; or `{}: n x n`",
            lines.join("; "),
            first.name
        )))
    }

    /// `\mathbf J = \sigma \mathbf E`, `\epsilon_0 \mathbf E + \mathbf P`: capitals in bold that numbers scale and sums join.
    ///
    /// # Errors
    /// `Shape` where one of them is no customary matrix.
    pub(super) fn refuse_plain_fields(&self, found: &Found) -> Result<(), Error> {
        let arrays: Vec<&Open> = self.open.iter().filter(|o| found.sorts[o.node] != Sort::Scalar).collect();
        let fields = arrays.iter().all(|o| self.field(o.node, found).is_some());
        let customary = !arrays.iter().any(|o| o.is_uncustomary());
        let plain = |(i, node): (usize, &Subterm)| {
            found.sorts[i] == Sort::Scalar || node.args.is_empty() || self.scales(node, found)
        };
        let joined = self.nodes.iter().enumerate().any(|(i, n)| !n.args.is_empty() && found.sorts[i] != Sort::Scalar);
        if arrays.is_empty() || !fields || customary || !joined || !self.nodes.iter().enumerate().all(plain) {
            return Ok(());
        }
        let lines: Vec<String> = arrays.iter().map(|o| format!("{}: vector", o.name)).collect();
        let mut error = Error::new(Kind::Shape, format!("is `{}` a vector here, or a matrix?", arrays[0].name));
        for open in &arrays {
            error = error.at(open.span, "a capital in bold, and nothing that speaks of matrices");
        }
        Err(error.help(format!(
            "declare what they are: `{}`, or `{}: n x m` for matrices",
            lines.join("; "),
            arrays[0].name
        )))
    }

    /// A capital in bold that is read as a matrix, and is no data.
    fn field(&self, leaf: usize, found: &Found) -> Option<&Open> {
        let bold = |o: &&Open| o.node == leaf && o.letter == Letter::BoldMatrix && !o.given && !o.is_data();
        self.open.iter().find(bold).filter(|_| found.sorts[leaf] == Sort::Matrix)
    }

    /// A sum, a product with a number, a quotient by one.
    fn scales(&self, node: &Subterm, found: &Found) -> bool {
        let scalar = |i: &usize| found.sorts[*i] == Sort::Scalar;
        match node.rule {
            SortRule::Add(_) | SortRule::Head { .. } => true,
            SortRule::Mul(_) => node.args.iter().any(scalar),
            SortRule::Div { .. } => true,
            _ => false,
        }
    }

    /// Of every node, whether nothing but scales, sums and powers is made of whatever it is an operand of. Operands stand
    /// before what they are part of.
    fn scaled_uses(&self, found: &Found) -> Vec<bool> {
        let mut made = vec![true; self.nodes.len()];
        let mut uses = made.clone();
        for (i, node) in self.nodes.iter().enumerate().rev() {
            let fits = self.scales(node, found) || matches!(node.rule, SortRule::Power { constant: true });
            for operand in &node.args {
                made[*operand] &= made[i] && fits;
                uses[*operand] &= made[i];
            }
        }
        uses
    }
}
