//! Why a name is read as it is: what would stand against its letter.

use super::network::{Network, Open, Subterm};
use super::rule::SortRule;
use super::search::Found;
use super::sort::{Cost, Letter, Sort};
use crate::diag::Span;
use crate::syntax::Document;

impl Network {
    /// In a phrase.
    pub(super) fn reason(&self, open: &Open, found: &Found, document: &Document) -> String {
        let sort = found.sorts[open.node];
        if open.given {
            return "by its value".to_owned();
        }
        if sort == open.letter.sort() {
            return open.number.unwrap_or(letter_words(open.letter)).to_owned();
        }
        let own = |i: usize| if i == open.node { open.letter.sort() } else { found.sorts[i] };
        match self.objection(&own, found) {
            Some(node) => format!("{}; {}", evidence(node, open, sort, document), word_of_letter(open)),
            None => format!("so that everything fits; {}", word_of_letter(open)),
        }
    }

    /// The first node where other sorts of the leaves do not fit, or cost more than those found.
    fn objection(&self, leaf: &dyn Fn(usize) -> Sort, found: &Found) -> Option<&Subterm> {
        let mut sorts: Vec<Sort> = Vec::new();
        for (i, node) in self.nodes.iter().enumerate() {
            if node.args.is_empty() {
                sorts.push(leaf(i));
                continue;
            }
            let args = |sorts: &[Sort]| node.args.iter().map(|a| sorts[*a]).collect::<Vec<Sort>>();
            let now = node.rule.apply(&args(&sorts));
            let then = node.rule.apply(&args(&found.sorts)).map_or(Cost::NEVER, |(_, cost)| cost);
            match now {
                Some((sort, cost)) if cost <= then => sorts.push(sort),
                Some(_) | None => return Some(node),
            }
        }
        None
    }

    /// The scalar operands with undeclared names that are broadcast.
    pub(super) fn broadcasts(&self, found: &Found) -> Vec<Span> {
        let mut spans = Vec::new();
        for node in &self.nodes {
            let SortRule::Add(terms) = node.rule else { continue };
            let sorts = [found.sorts[node.args[0]], found.sorts[node.args[1]]];
            if sorts[0] == sorts[1] {
                continue;
            }
            let scalar = usize::from(sorts[0] != Sort::Scalar);
            if terms.charges[scalar] > 0 {
                spans.push(node.parts[scalar]);
            }
        }
        spans
    }
}

fn letter_words(letter: Letter) -> &'static str {
    match letter {
        Letter::Greek => "a lower-case Greek letter",
        Letter::Latin => "a lower-case letter",
        Letter::Capital => "an upper-case letter",
        Letter::BoldVector => "in bold, or under an arrow",
        Letter::BoldMatrix => "an upper-case letter in bold",
    }
}

fn word_of_letter(open: &Open) -> String {
    if let Some(why) = open.number {
        return format!("as {why} it would be a scalar");
    }
    format!("by its letter it would be {}", open.letter.sort().word())
}

/// What the place says of the name.
fn evidence(node: &Subterm, open: &Open, sort: Sort, document: &Document) -> String {
    let text = document.text.get(node.span.start..node.span.end).unwrap_or("").trim();
    let what = match node.rule {
        SortRule::Add(_) => "is added to what is of another kind",
        SortRule::Div { .. } | SortRule::Quotient { .. } => "would leave a quotient by an array",
        SortRule::Power { .. } => "is raised to a power, or stands in an exponent",
        SortRule::Transpose { .. } => "is transposed",
        SortRule::Along { .. } => "stands in a function of whole arrays",
        SortRule::Norm { .. } | SortRule::Distance { .. } | SortRule::Pair => "stands in a norm or an inner product",
        SortRule::Entrywise { .. } => "stands in a product entry by entry",
        SortRule::Mul(factors) if factors.last && sort == Sort::Vector => "is the last factor after an array",
        SortRule::Mul(_) => "is a factor that fits no other way",
        SortRule::BoldHead => "would make no vector of a value in bold",
        SortRule::Coordinate => "is a letter in a block of coordinates",
        SortRule::Leaf
        | SortRule::Same
        | SortRule::Applied(_)
        | SortRule::Slope(_)
        | SortRule::Always(_)
        | SortRule::OfSquare { .. }
        | SortRule::Square { .. }
        | SortRule::Diag
        | SortRule::Axes
        | SortRule::Bars
        | SortRule::Kron
        | SortRule::ElementPower { .. }
        | SortRule::Declared
        | SortRule::Head { .. }
        | SortRule::Exponent
        | SortRule::Parameter
        | SortRule::Beside
        | SortRule::Below
        | SortRule::Slice { .. } => "would not fit",
    };
    format!("`{}` {what}, in `{text}`", open.name)
}
