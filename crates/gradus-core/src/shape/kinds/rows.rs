//! Rows of data before their weights: `\tanh(x W + h U + b)`.

use super::network::{Network, Open, Subterm};
use super::rule::SortRule;
use super::search::{self, Found};
use super::sort::{Cost, Letter, Sort};
use crate::diag::{Error, Kind, Span};

/// Letters of data and states, which stand before a capital as rows.
const ROWS: &[&str] = &["h", "q", "u", "v", "w", "x", "y", "z"];

/// A small letter before a capital, without a sign between them.
struct RowProduct<'a> {
    small: &'a Open,
    capital: &'a Open,
    /// A small letter is added to it.
    added: bool,
    span: Span,
}

impl RowProduct<'_> {
    fn is_customary(&self) -> bool {
        let weights = self.capital.name.as_str().starts_with(['A', 'B', 'U', 'W', 'X', 'Y', 'Z']);
        weights && ROWS.contains(&self.small.name.as_str().split('_').next().unwrap_or(""))
    }
}

impl Network {
    fn row_products(&self) -> Vec<RowProduct<'_>> {
        let mut letters: Vec<Option<&Open>> = vec![None; self.nodes.len()];
        self.open.iter().filter(|o| !o.given).for_each(|o| letters[o.node] = Some(o));
        let mut added = vec![false; self.nodes.len()];
        for node in self.nodes.iter().filter(|n| matches!(n.rule, SortRule::Add(_))) {
            let small = |i: &usize| letters[*i].is_some_and(|o| o.letter.sort() != Sort::Matrix);
            if node.args.iter().any(small) {
                node.args.iter().for_each(|i| added[*i] = true);
            }
        }
        // of `α x W` the factor before the capital
        let last = |i: usize| match (self.nodes[i].rule, &self.nodes[i].args[..], &self.nodes[i].parts[..]) {
            (SortRule::Mul(_), [_, right], [_, part]) => Some((*right, *part)),
            _ => None,
        };
        let product = |(i, node): (usize, &Subterm)| match (node.rule, &node.args[..], &node.parts[..]) {
            (SortRule::Mul(factors), [left, right], [one, other]) if factors.signed.is_none() && !factors.axes => {
                let (before, start) = last(*left).unwrap_or((*left, *one));
                let small = letters[before].filter(|o| o.letter == Letter::Latin && o.number.is_none())?;
                let capital = letters[*right].filter(|o| o.letter == Letter::Capital)?;
                Some(RowProduct { small, capital, added: added[i], span: start.to(*other) })
            }
            _ => None,
        };
        self.nodes.iter().enumerate().filter_map(product).collect()
    }

    /// `x W + b`, `\tanh(x W + h U)`: a number before an array, against the letters of both.
    ///
    /// # Errors
    /// `Shape`, for it is as well a row before a matrix.
    pub(super) fn refuse_rows(&self, found: &Found, text: &str) -> Result<(), Error> {
        let overruled = |p: &&RowProduct| {
            let number = found.sorts[p.small.node] == Sort::Scalar;
            number
                && match found.sorts[p.capital.node] {
                    Sort::Vector => true,
                    Sort::Matrix => p.is_customary(),
                    Sort::Scalar => p.added,
                    Sort::Row => false,
                }
        };
        match self.row_products().iter().find(overruled) {
            Some(product) => Err(self.row_times_matrix(product.small.node, product.span, text)),
            None => Ok(()),
        }
    }

    /// `x W + b`: of a row x and a matrix W, or of numbers?
    pub(super) fn row_times_matrix(&self, small: usize, span: Span, text: &str) -> Error {
        let product = text.get(span.start..span.end).unwrap_or("");
        let products = self.row_products();
        let numbers = products.iter().find(|p| p.small.node == small);
        let number = numbers.map_or(String::new(), |p| format!("{}: scalar", p.small.name));
        let mut lines = [self.rows(&products), number];
        if numbers.is_some_and(|p| !p.is_customary()) {
            lines.reverse();
        }
        let lines: Vec<String> = lines.iter().filter(|line| !line.is_empty()).map(|line| format!("`{line}`")).collect();
        Error::new(Kind::Shape, format!("`{product}` can be a row times a matrix, or a product with a number"))
            .at(span, "undeclared small letters are columns")
            .help(format!("declare what they are: {}", lines.join(" or ")))
    }

    /// The lines that make rows of what stands before capitals, and of what is added to them.
    fn rows(&self, products: &[RowProduct]) -> String {
        let mut network = self.clone();
        let small = |o: &&Open| o.letter == Letter::Latin && !o.given;
        for open in self.open.iter().filter(small) {
            network.nodes[open.node].costs[Sort::Row as usize] = Cost::OVERRULED.times(3);
        }
        let mut barred: Vec<(usize, Sort)> = Vec::new();
        for product in products.iter().filter(|p| p.is_customary()) {
            let others =
                |node: usize, sort: Sort| Sort::ALL.into_iter().filter(move |s| *s != sort).map(move |s| (node, s));
            barred.extend(others(product.small.node, Sort::Row).chain(others(product.capital.node, Sort::Matrix)));
        }
        let found = search::best(&network, &barred).ok().flatten();
        let row = |o: &&Open| match &found {
            Some(found) => found.sorts[o.node] == Sort::Row,
            None => products.iter().any(|p| p.small.node == o.node),
        };
        let lines: Vec<String> = self.open.iter().filter(row).map(|o| format!("{}: row", o.name)).collect();
        lines.join("; ")
    }
}
