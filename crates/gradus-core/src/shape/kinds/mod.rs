//! What undeclared names are: scalars, vectors or matrices, by the evidence of the whole document before their letters.
//!
//! Kinds are sizes that are 1 or not, so this is the first half of inference, and one problem: every operator restricts
//! the kinds of its operands (`rule`), subterms and names are the nodes of a network (`network`), and the reading that is
//! taken needs the fewest broadcasts, then goes least against the evidence, then overrules the fewest letters (`search`).
//! The sizes themselves are unified afterwards, with the kinds known.

mod network;
mod reasons;
mod rule;
mod search;
mod sort;

pub use sort::Sort;

use super::names::Names;
use crate::diag::{Error, Kind, Span};
use crate::expr::Name;
use crate::syntax::{AssumedProduct, Document};
use network::{Builder, Network, Open};
use search::{Entangled, Found};
use sort::{Cost, Letter};
use std::collections::BTreeMap;

/// Names whose values are scalars, by custom.
const SCALAR_HEADS: &[&str] = &["L", "J", "ℓ", "E", "F", "f", "s", "l", "loss", "cost", "obj", "objective"];

/// True when a definition's name says that its value is a scalar: `L`, `J_k`, `\mathcal{L}`.
pub(super) fn is_scalar_head(name: &Name) -> bool {
    SCALAR_HEADS.contains(&name.as_str().split('_').next().unwrap_or(""))
}

/// How the undeclared names of a document are read.
#[derive(Clone, Debug, Default)]
pub(super) struct Kinds {
    pub sorts: BTreeMap<Name, Sort>,
    /// Why, for each of them.
    pub reasons: BTreeMap<Name, String>,
    /// Names read against their letters.
    pub overruled: Vec<Name>,
    /// Terms with undeclared names that are broadcast: their texts, and the names in them.
    pub broadcasts: Vec<Span>,
}

impl Kinds {
    /// The sort of an undeclared name.
    pub fn sort(&self, name: &Name) -> Sort {
        self.sorts.get(name).copied().unwrap_or_else(|| Letter::of(name, false, false).sort())
    }
}

/// What is known before: declared names, and values given for undeclared ones.
#[derive(Default)]
pub(super) struct Known {
    pub declared: BTreeMap<Name, Sort>,
    pub given: BTreeMap<Name, Vec<Sort>>,
}

/// The letter of a name as the document types it.
fn letter(name: &Name, span: Span, text: &str) -> Letter {
    let typed = text.get(span.start..span.end).unwrap_or("");
    let has = |commands: &[&str]| commands.iter().any(|c| typed.contains(c));
    let bold_letter =
        |c: char| matches!(u32::from(c), 0x1d400..=0x1d433 | 0x1d468..=0x1d49b | 0x1d6a8..=0x1d6e1 | 0x1d71c..=0x1d755);
    let bold =
        has(&["\\mathbf", "\\boldsymbol", "\\bm", "\\pmb", "\\textbf", "\\symbf"]) || typed.contains(bold_letter);
    Letter::of(name, bold, has(&["\\vec", "\\overrightarrow"]))
}

/// Reads the kinds of the undeclared names.
///
/// # Errors
/// `Shape` where two readings are as good and one of them turns a letter into what it hardly ever is; `Limit` where the
/// names hang together too much.
pub(super) fn read<'a>(
    document: &'a Document,
    names: &'a Names<'a>,
    order: &[usize],
    known: &Known,
) -> Result<Kinds, Error> {
    let network = build(document, names, order, known);
    let by_letter = |i: usize| network.by_letter(i);
    if let Ok(found) = search::run(&network, &by_letter)
        && found.cost == Cost::ZERO
    {
        return Ok(network.kinds(&found, document));
    }
    match search::best(&network, &[]) {
        Ok(Some(found)) => {
            network.refuse_functionals(&found)?;
            network.refuse_guess(&found, document)?;
            Ok(network.kinds(&found, document))
        }
        Ok(None) => Ok(network.letters()),
        Err(Entangled) => Err(Error::new(Kind::Limit, "too many undeclared names hang together to tell what each is")
            .help("declare some of them: `x: n`, `A: n x m`, `t: scalar`")),
    }
}

fn build<'a>(document: &'a Document, names: &'a Names<'a>, order: &[usize], known: &Known) -> Network {
    let mut builder = Builder::new(names, &document.text);
    for (name, span) in &names.inputs {
        match (known.declared.get(name), known.given.get(name)) {
            (Some(sort), _) => builder.declared(name, *span, *sort),
            (None, Some(sorts)) => builder.given(name, *span, letter(name, *span, &document.text), sorts),
            (None, None) => builder.undeclared(name, *span, letter(name, *span, &document.text)),
        }
    }
    let main = names.definitions.len().checked_sub(1);
    for &index in order {
        let definition = &names.definitions[index];
        let spine = Some(index) == main && definition.name.name().is_some_and(is_scalar_head);
        let name = definition.name.name();
        let declared = name.and_then(|n| known.declared.get(n)).copied();
        builder.define(name, definition.value, declared, spine);
    }
    builder.finish()
}

impl Network {
    /// The sort of a leaf where letters decide: constants have one.
    fn by_letter(&self, leaf: usize) -> Sort {
        let costs = &self.nodes[leaf].costs;
        Sort::ALL.into_iter().min_by_key(|s| costs[*s as usize]).unwrap_or(Sort::Scalar)
    }

    fn letters(&self) -> Kinds {
        let sorts = self.open.iter().map(|o| (o.name.clone(), self.by_letter(o.node))).collect();
        Kinds { sorts, ..Kinds::default() }
    }

    fn kinds(&self, found: &Found, document: &Document) -> Kinds {
        let sort = |o: &Open| found.sorts[o.node];
        let overruled = self.open.iter().filter(|o| sort(o) != o.letter.sort() && !o.given);
        Kinds {
            sorts: self.open.iter().map(|o| (o.name.clone(), sort(o))).collect(),
            reasons: self.open.iter().map(|o| (o.name.clone(), self.reason(o, found, document))).collect(),
            overruled: overruled.map(|o| o.name.clone()).collect(),
            broadcasts: self.broadcasts(found),
        }
    }

    /// `f(x) + y^T A x` fits only where f has a scalar value.
    fn refuse_functionals(&self, found: &Found) -> Result<(), Error> {
        let scalar = self.functions.iter().find(|(_, node, _)| found.sorts[*node] == Sort::Scalar);
        scalar.map_or(Ok(()), |(name, _, span)| {
            let message = format!("this fits only where `{name}` is a function of a vector with a scalar value");
            Err(Error::new(Kind::Unsupported, message)
                .at(*span, "such functions are not in the language")
                .help(format!("give its formula in place of `{name}`; one applied entry by entry is declared: `{name}: elementwise`")))
        })
    }

    /// A letter is hardly ever a row, a lower-case one hardly a matrix, a capital a vector: only where the document writes
    /// matrix products with a sign of their own, or where nothing else is as good.
    fn refuse_guess(&self, found: &Found, document: &Document) -> Result<(), Error> {
        let programs = document.text.contains('@');
        for open in self.open.iter().filter(|o| !o.given) {
            let sort = found.sorts[open.node];
            let capital = open.letter == Letter::Capital;
            let rare = sort == Sort::Row || !capital && sort == Sort::Matrix || capital && sort == Sort::Vector;
            if sort == open.letter.sort() || !rare {
                continue;
            }
            if let Ok(Some(other)) = search::best(self, &[(open.node, sort)])
                && other.cost.rank() == found.cost.rank()
            {
                return Err(self.toss_up(open, found, &other));
            }
            if sort == Sort::Matrix && !programs {
                return Err(self.unlikely(open, found, document));
            }
        }
        Ok(())
    }

    /// What was read would make a lower-case letter a matrix.
    fn unlikely(&self, open: &Open, found: &Found, document: &Document) -> Error {
        let reason = self.reason(open, found, document);
        let message = format!("nothing says what `{}` is, and only as a matrix it would fit", open.name);
        Error::new(Kind::Shape, message).at(open.span, reason).help(format!(
            "declare what it is: {} or {}",
            declaration(&open.name, open.letter.sort()),
            declaration(&open.name, Sort::Matrix)
        ))
    }

    fn toss_up(&self, open: &Open, one: &Found, other: &Found) -> Error {
        let differ = self.open.iter().filter(|o| one.sorts[o.node] != other.sorts[o.node]);
        let words = |found: &Found| {
            let all = differ.clone().map(|o| format!("`{}` is {}", o.name, found.sorts[o.node].word()));
            all.collect::<Vec<_>>().join(" and ")
        };
        let message = format!("this can be read in two ways: {}, or {}", words(one), words(other));
        let mut error = Error::new(Kind::Shape, message);
        for o in differ.clone() {
            error = error.at(o.span, format!("nothing says what `{}` is", o.name));
        }
        error.help(format!("declare one of them: {}", declaration(&open.name, one.sorts[open.node])))
    }
}

/// The line that settles a name.
pub(super) fn declaration(name: &Name, sort: Sort) -> String {
    let shape = match sort {
        Sort::Scalar => "scalar",
        Sort::Vector => "n",
        Sort::Row => "1 x n",
        Sort::Matrix => "n x m",
    };
    format!("`{name}: {shape}`")
}

/// What stands before a bracket and was read as a factor.
pub(super) fn product_text(product: &AssumedProduct, document: &Document) -> String {
    document.text.get(product.span.start..product.span.end).unwrap_or(product.name.as_str()).to_owned()
}
