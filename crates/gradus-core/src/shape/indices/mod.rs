//! Documents with indices, read as documents without: every family is one name to the inference of kinds and shapes, what
//! stands below a Σ is a definition of its own, and both are put back in their places when all shapes are known.
//!
//! `read` tells which names are members of which family and makes the skeleton, `heads` which definitions have free
//! indices, `ranges` what indices run over, and `fill` makes the symbols of the core out of the skeleton's names. Those
//! hold `⟨` and `⟩` around a number, which no author can write in a name.

mod apart;
mod data;
mod fill;
mod heads;
mod inline;
mod loops;
mod members;
mod powers;
mod random;
mod ranges;
mod read;
mod rebuild;
mod refused;
mod single;
mod sums;
mod survey;
mod twofold;

use crate::diag::{Error, Errors, Note, Span};
use crate::expr::{Comparator, Gathering, Name, Size, Symbol};
use crate::syntax::{Ast, Document, Statement, Syntax, index_letters, split_index};
use std::collections::{BTreeMap, BTreeSet};

/// The index over samples: it is not written.
pub(super) const SAMPLE: &str = "ω";

pub(super) use fill::filled;
pub(super) use ranges::Ranges;
pub(super) use rebuild::children as with_children;
pub(super) use refused::ENTRY_OF_MEMBER;
pub(super) use single::{ReadExpression, expression};
pub(super) use survey::bound_in;

/// An index that something binds: a sum, or the left side of a definition.
#[derive(Debug)]
pub(super) struct IndexBinding {
    pub letter: Name,
    pub range: Option<(Ast, Ast)>,
    /// Ends of the range that other indices say: the `n - k` of Σ_{t=1}^{n-k}. The range goes as far as they ever do.
    pub ends: [Option<PlaceUse>; 2],
    /// The other end as written, where the range of those indices is not known when it is read.
    pub written: [Option<Ast>; 2],
    pub span: Span,
}

/// Where a member stands: at a bound index, moved by a number, sizes or other indices, or at a number or a size.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PlaceUse {
    pub binding: Option<usize>,
    /// Indices beside that one, added (1) or taken away (-1).
    pub others: Vec<(i64, usize)>,
    /// Sizes, likewise: the last place, `n`.
    pub sizes: Vec<(i64, Name)>,
    pub offset: i64,
}

impl PlaceUse {
    /// Where an index is.
    pub fn at(binding: usize) -> PlaceUse {
        PlaceUse { binding: Some(binding), ..PlaceUse::fixed(0) }
    }

    /// A number.
    pub fn fixed(place: i64) -> PlaceUse {
        PlaceUse { binding: None, others: vec![], sizes: vec![], offset: place }
    }

    /// All indices, each with how often it counts.
    pub fn indices(&self) -> impl Iterator<Item = (i64, usize)> {
        self.binding.map(|id| (1, id)).into_iter().chain(self.others.iter().copied())
    }

    /// What is added to the indices.
    pub fn shift(&self) -> Size {
        let sizes = self.sizes.iter().map(|(times, name)| Size::name(name.clone()).times(&Size::constant(*times)));
        sizes.fold(Size::constant(self.offset), |sum, size| sum.plus(&size))
    }

    /// The index that is here, neither moved nor fixed.
    pub fn at_rest(&self) -> Option<usize> {
        self.binding.filter(|_| self.offset == 0 && self.others.is_empty() && self.sizes.is_empty())
    }
}

/// What a name of the skeleton stands for.
#[derive(Debug)]
pub(super) enum Leaf {
    /// A member of the family of this name in the skeleton.
    Member { family: Name, at: Vec<PlaceUse> },
    /// An entry of the array this definition of the skeleton gives.
    Entry { array: Name, at: Vec<PlaceUse>, span: Span },
    /// An index as a number.
    Number(PlaceUse),
    /// 1 where it holds, else 0.
    Iverson(ConditionUse),
}

/// A statement about places.
#[derive(Clone, Debug)]
pub(super) struct ConditionUse {
    pub left: PlaceUse,
    pub relation: Comparator,
    pub right: PlaceUse,
}

/// A sum, whose body is a definition of the skeleton.
#[derive(Debug)]
pub(super) struct Hoisted {
    pub by: Gathering,
    pub over: Vec<usize>,
    pub when: Vec<ConditionUse>,
}

/// A name with indices.
#[derive(Debug)]
pub(super) struct Family {
    /// What the author calls it.
    pub base: Name,
    pub arity: usize,
    pub span: Span,
    /// Every way in which it is indexed.
    pub accesses: Vec<(Vec<PlaceUse>, Span)>,
    /// Its name stands without an index too, or is declared so: its members are entries.
    pub whole: bool,
    /// The indices of its definition.
    pub free: Option<Vec<usize>>,
}

/// What the names of a skeleton stand for.
#[derive(Debug, Default)]
pub(super) struct Indices {
    /// A member's name, and that of its family in the skeleton.
    pub aliases: BTreeMap<Name, Name>,
    pub leaves: BTreeMap<Name, Leaf>,
    pub bindings: Vec<IndexBinding>,
    pub families: BTreeMap<Name, Family>,
    pub hoisted: BTreeMap<Name, Hoisted>,
    /// Arrays of what a body gives at their indices.
    pub stacks: BTreeMap<Name, Vec<usize>>,
    /// Sums that are terms of the value.
    pub spine: BTreeSet<Name>,
    /// Definitions as written.
    pub written: BTreeMap<Symbol, Ast>,
    /// Members that stand with a number, `x_1`.
    pub numbered: BTreeSet<Name>,
    /// Names with an index that nothing binds, `y_j` beside `x_i`, and the index.
    pub unbound: BTreeMap<Name, Name>,
    /// What is random under an E that does not say so.
    pub guessed: BTreeSet<Name>,
    /// Families that say what is in a set of which the largest or the smallest is taken.
    pub masks: BTreeSet<Name>,
    /// Names and families that say at which place an entry stands: the y of `z_y`.
    pub labels: BTreeSet<Name>,
    /// Those of arrays, whose places count from 1.
    pub places_of_arrays: BTreeSet<Name>,
    /// Sets that hold no pair of one thing twice.
    pub loopless: BTreeSet<Name>,
    /// What is random, and what the distribution it is drawn from speaks of.
    pub drawn: BTreeMap<Name, BTreeSet<Name>>,
    /// The definitions that are logarithms of densities, and of which distributions.
    pub densities: BTreeMap<Name, Name>,
}

impl Indices {
    /// The name whose kind and shape a name has.
    pub fn actual<'n>(&'n self, name: &'n Name) -> &'n Name {
        self.aliases.get(name).unwrap_or(name)
    }

    /// The family of the skeleton a member is of.
    pub fn family_of(&self, member: &Name) -> Option<&Name> {
        match self.leaves.get(member)? {
            Leaf::Member { family, .. } => Some(family),
            Leaf::Entry { .. } | Leaf::Number(_) | Leaf::Iverson(_) => None,
        }
    }

    /// The one index of a member, where it has no other.
    pub fn place_of(&self, member: &Name) -> Option<usize> {
        match self.leaves.get(member)? {
            Leaf::Member { at, .. } if at.len() == 1 => at[0].at_rest(),
            Leaf::Member { .. } | Leaf::Entry { .. } | Leaf::Number(_) | Leaf::Iverson(_) => None,
        }
    }

    /// Leaves that are scalars whatever else is.
    pub fn scalars(&self) -> impl Iterator<Item = &Name> {
        let scalar = |leaf: &Leaf| !matches!(leaf, Leaf::Member { .. });
        self.leaves.iter().filter(move |(_, leaf)| scalar(leaf)).map(|(name, _)| name)
    }

    /// Families that are defined and used whole too: the name of the whole, and its family.
    pub fn wholes(&self) -> impl Iterator<Item = (&Name, &Name, &Family)> {
        self.families.iter().filter(|(_, f)| f.whole && f.free.is_some()).map(|(rep, f)| (&f.base, rep, f))
    }

    /// The definition that a name needs first.
    pub fn needs<'n>(&'n self, name: &'n Name) -> &'n Name {
        match self.leaves.get(name) {
            Some(Leaf::Entry { array, .. }) => array,
            Some(Leaf::Member { .. } | Leaf::Number(_) | Leaf::Iverson(_)) | None => {
                let whole = self.wholes().find(|(base, ..)| *base == name);
                whole.map_or_else(|| self.actual(name), |(_, rep, _)| rep)
            }
        }
    }

    /// Whether the skeleton has this name, and no input is called so.
    pub fn is_own(&self, name: &Name) -> bool {
        self.leaves.contains_key(name) && !self.aliases.contains_key(name)
            || self.wholes().any(|(base, ..)| base == name)
    }

    /// Whether a family of the skeleton is by custom one of scalars: `y_i`, `A_ij`, but not `A_k`, nor a sample.
    pub fn is_rather_scalar(&self, name: &Name) -> bool {
        self.families.get(name).is_some_and(|f| {
            let capital = f.base.as_str().starts_with(char::is_uppercase);
            let index = |(at, _): &(Vec<PlaceUse>, Span)| at.iter().any(|p| !self.is_sample(p));
            f.accesses.iter().any(index) && (f.arity > 1 || !capital)
        })
    }

    fn is_sample(&self, place: &PlaceUse) -> bool {
        place.binding.is_some_and(|id| self.bindings[id].letter.as_str() == SAMPLE)
    }

    /// The sizes that places are counted from, and that end ranges beside other indices.
    pub fn sizes_of_places(&self) -> impl Iterator<Item = &Name> {
        let ends = self.bindings.iter().flat_map(|b| b.ends.iter().flatten());
        let places = self.families.values().flat_map(|f| &f.accesses).flat_map(|(at, _)| at);
        ends.chain(places).flat_map(|p| p.sizes.iter().map(|(_, name)| name))
    }

    /// Whether a member or an entry stands where an index is.
    pub fn is_placed(&self, id: usize) -> bool {
        let at_rest = |at: &PlaceUse| at.at_rest() == Some(id);
        let member = self.families.values().any(|f| f.accesses.iter().any(|(at, _)| at.iter().any(at_rest)));
        member || self.entries().any(|(_, at, _)| at.iter().any(at_rest))
    }

    /// Whether a condition speaks of an index.
    pub fn chooses(&self, id: usize) -> bool {
        let speaks = |c: &ConditionUse| c.left.indices().chain(c.right.indices()).any(|(_, own)| own == id);
        let bracket = |l: &Leaf| matches!(l, Leaf::Iverson(c) if speaks(c));
        self.hoisted.values().any(|h| h.when.iter().any(speaks)) || self.leaves.values().any(bracket)
    }

    /// Arrays of which there are entries, with their places.
    pub fn entries(&self) -> impl Iterator<Item = (&Name, &[PlaceUse], Span)> {
        self.leaves.values().filter_map(|leaf| match leaf {
            Leaf::Entry { array, at, span } => Some((array, at.as_slice(), *span)),
            Leaf::Member { .. } | Leaf::Number(_) | Leaf::Iverson(_) => None,
        })
    }

    /// Families without a definition whose members are scalars whatever else is: entries of arrays, and masks.
    pub fn entry_families(&self) -> impl Iterator<Item = (&Name, &Family)> {
        self.families.iter().filter(|(_, f)| f.whole && f.free.is_none())
    }
}

/// A document without indices, and what its names stand for.
pub(super) struct Skeleton {
    pub document: Document,
    pub indices: Indices,
}

/// The skeleton of a document that has indices.
///
/// # Errors
/// Indices that nothing binds, names with one and with two indices, definitions by themselves.
pub(super) fn skeleton(document: &Document) -> Result<Option<Skeleton>, Errors> {
    if !heads::has_indices(document) {
        return Ok(None);
    }
    let inlined = powers::told(apart::families_apart(apart::apart(inline::inlined(&members::placed(document)))));
    twofold::refuse(&inlined)?;
    read::Reader::new(&inlined).skeleton(&inlined).map(Some)
}

/// Messages about the skeleton speak of what the author wrote.
pub(super) fn spoken(error: Error) -> Error {
    Error {
        message: plain(&error.message),
        labels: error.labels.into_iter().map(|l| crate::diag::Label { text: plain(&l.text), ..l }).collect(),
        help: error.help.map(|h| plain(&h)),
        ..error
    }
}

fn remark_of_label(name: &Name) -> Note {
    Note::assumption(format!("{name} says a place: a whole number, one of those the index runs over"))
}

/// `y_j` was read as a name.
pub(super) fn said_of_unbound(name: &Name, letter: &Name) -> String {
    format!("nothing binds the index {letter} of {name}: it is read as a name of its own, and no member")
}

/// A text without the marks of the skeleton's names.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('⟨') {
        let inner = &rest[at + '⟨'.len_utf8()..];
        let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
        match inner[digits..].strip_prefix('⟩') {
            Some(after) => {
                out.push_str(&rest[..at]);
                rest = after;
            }
            None => {
                out.push_str(&rest[..at + '⟨'.len_utf8()]);
                rest = inner;
            }
        }
    }
    out + rest
}

/// Every expression of a document.
pub(in crate::shape) fn expressions(document: &Document) -> impl Iterator<Item = &Ast> {
    heads_and_values(document).map(|(_, value)| value)
}

/// The same, with the names of those that are definitions.
fn heads_and_values(document: &Document) -> impl Iterator<Item = (Option<&Name>, &Ast)> {
    document.statements.iter().filter_map(|s| {
        let name = if let Statement::Definition { name, .. } = s { Some(name) } else { None };
        s.value().map(|value| (name, value))
    })
}

/// The letters an expression stands at and does not bind.
pub fn free_letters(ast: &Ast) -> BTreeSet<Name> {
    let (mut used, mut bound) = (BTreeSet::new(), BTreeSet::new());
    super::names::visit(ast, &mut |node| match &node.kind {
        Syntax::Name(name) => {
            let places = split_index(name).map(|(_, places)| places).unwrap_or_default();
            used.extend(index_letters(&places).cloned());
        }
        Syntax::Entry { at, .. } => used.extend(at.iter().filter_map(name_of).cloned()),
        Syntax::Gathered { over, .. } => bound.extend(over.iter().map(|b| b.letter.clone())),
        _ => {}
    });
    used.difference(&bound).cloned().collect()
}

/// The name a tree is.
pub(super) fn name_of(ast: &Ast) -> Option<&Name> {
    match &ast.kind {
        Syntax::Name(name) => Some(name),
        _ => None,
    }
}
