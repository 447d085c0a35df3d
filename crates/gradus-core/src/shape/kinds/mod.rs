//! What undeclared names are: scalars, vectors or matrices, by the evidence of the whole document before their letters.
//!
//! Kinds are sizes that are 1 or not, so this is the first half of inference, and one problem: every operator restricts
//! the kinds of its operands (`rule`), subterms and names are the nodes of a network (`network`), and the reading that is
//! taken needs the fewest broadcasts, then goes least against the evidence, then overrules the fewest letters (`search`).
//! The sizes themselves are unified afterwards, with the kinds known.

mod bold;
mod network;
mod quantities;
mod reasons;
mod rows;
mod rule;
mod scalars;
mod search;
mod sort;

pub(super) use bold::SQUARED_LENGTH;
pub(super) use network::{LOST_TRANSPOSE, POWER_OR_LABEL};
pub use sort::Sort;

use super::indices::Indices;
use super::names::{Defined, Names};
use crate::diag::{Error, Kind, Span};
use crate::expr::{Name, Symbol};
use crate::syntax::{AssumedProduct, Ast, BinaryOp, Document, Syntax, parse_name};
use network::{Builder, LeftSide, Network, Open, Subterm};
use rule::SortRule;
use search::{Entangled, Found};
use sort::{Cost, Letter};
use std::collections::{BTreeMap, BTreeSet};

/// Names whose values are scalars, by custom.
const SCALAR_HEADS: &[&str] = &["L", "J", "ℓ", "E", "F", "f", "s", "l", "loss", "cost", "obj", "objective"];

/// Names of energies, costs and risks, where their values are sums over indices.
const HEADS_OF_SUMS: &[&str] = &["U", "V", "H", "C", "Q", "R", "W"];

/// True when a definition's name says that its value is a scalar: `L`, `J_k`, `\mathcal{L}`.
pub(super) fn is_loss(definition: &Defined, document: &Document) -> bool {
    let head = document.text.get(definition.span.start..definition.value.span.start).unwrap_or("");
    let plain = !["\\mathbf", "\\boldsymbol", "\\bm", "\\vec"].iter().any(|command| head.contains(command));
    let letter = |name: &Name| SCALAR_HEADS.contains(&name.as_str().split('_').next().unwrap_or(""));
    plain && definition.name.name().is_some_and(letter)
}

/// `U = Σ …`: rather an energy, a cost or a risk; what is no scalar may be called so all the same.
fn is_rather_loss(definition: &Defined) -> bool {
    let named = |n: &Name| HEADS_OF_SUMS.contains(&n.as_str());
    let mut of_sums = false;
    super::names::visit(definition.value, &mut |node| {
        of_sums |= matches!(&node.kind, Syntax::Name(n) if n.as_str().starts_with("sum⟨"));
    });
    of_sums && definition.name.name().is_some_and(named)
}

/// A name of three signs or more, but for its index.
fn is_word(name: &Name) -> bool {
    name.as_str().split('_').next().is_some_and(|base| base.chars().nth(2).is_some())
}

/// `φ(α) = f(x + α p)`, `g(t) = f(x + t v)`: what a function of points is along a line, a scalar for each place on it.
fn is_along_a_line(definition: &Defined, names: &Names<'_>, document: &Document) -> bool {
    let head = document.text.get(definition.span.start..definition.value.span.start).unwrap_or("");
    let place = head.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inside, _)| inside);
    let Some(place) = place.and_then(|p| parse_name(p.trim().trim_end_matches("\\right")).ok()) else { return false };
    let Syntax::Call { function, args, .. } = &definition.value.kind else { return false };
    let unknown = names.functions.iter().any(|(f, _)| f == function) && !names.declarations.contains_key(function);
    let [Ast { kind: Syntax::Sum(terms), .. }] = &args[..] else { return false };
    let moves = |term: &Ast| {
        matches!(&term.kind, Syntax::Binary(BinaryOp::Mul | BinaryOp::Dot, factor, _)
        if matches!(&factor.kind, Syntax::Name(n) if *n == place))
    };
    let point = |term: &Ast| matches!(&term.kind, Syntax::Name(n) if *n != place);
    unknown && terms.len() == 2 && terms.iter().any(|(_, t)| moves(t)) && terms.iter().any(|(_, t)| point(t))
}

/// How the undeclared names of a document are read.
#[derive(Clone, Debug, Default)]
pub(super) struct Kinds {
    pub sorts: BTreeMap<Name, Sort>,
    /// Undeclared functions of arrays: the sorts of their values and of their arguments.
    pub functions: BTreeMap<Name, (Sort, Sort)>,
    /// Undeclared functions of lone vectors that work entry by entry.
    pub entrywise: Vec<Name>,
    /// Why, for each of them.
    pub reasons: BTreeMap<Name, String>,
    /// Names read against their letters.
    pub overruled: Vec<Name>,
    /// Addends with undeclared names that are broadcast: their texts, and the names in them.
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

/// Where the name of a definition stands, without its index and arguments.
fn head(definition: &Defined, text: &str) -> Span {
    let start = definition.span.start;
    let typed = text.get(start..definition.value.span.start).unwrap_or("");
    Span { start, end: start + typed.find(['(', '_', '^', '=']).unwrap_or(typed.len()) }
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
    refuse_functions_of_matrices(document, known)?;
    let network = build(document, names, order, known);
    let found = match network.by_letters() {
        Some(found) => Ok(Some(found)),
        None => search::best(&network, &[]),
    };
    let (network, found) = match found {
        Ok(Some(found)) if network.asks_for_functions_of_arrays(&found) => generalised(network, found),
        found => (network, found),
    };
    match found {
        Ok(Some(found)) => {
            let found = network.without_small_matrices(found, document);
            let found = network.as_plain_capitals(&found).unwrap_or(found);
            network.refuse_doubtful(&found, &document.text)?;
            network.refuse_bold_numbers(&found)?;
            network.refuse_squared_fields(&found)?;
            network.refuse_row_over_capital(&found)?;
            network.refuse_barred_factors(&found)?;
            network.refuse_lone_numerator(&found)?;
            network.refuse_squares(&found)?;
            network.refuse_parameters(&found)?;
            network.refuse_capital_calls(&found, document)?;
            if let Some(indices) = names.indices {
                network.refuse_capital_before_member(&found, &|name| indices.families.contains_key(name))?;
            }
            let scalars = match names.indices {
                None => network.as_scalars(&found, &document.listed),
                Some(indices) => network.as_scalar_members(&found, &|name| indices.families.contains_key(name)),
            };
            if let Some(found) = scalars {
                network.refuse_product_of_matrices()?;
                network.refuse_doubtful(&found, &document.text)?;
                network.refuse_glued(&found, &document.text)?;
                return Ok(network.kinds(&found, document));
            }
            network.refuse_rows(&found, &document.text)?;
            if names.indices.is_none() {
                network.refuse_glued(&found, &document.text)?;
                network.refuse_lone_identity(&found, &document.text)?;
                network.refuse_products_over_norms(&found)?;
                network.refuse_plain_fields(&found)?;
                network.refuse_lone_capitals(&found)?;
                network.refuse_quantities(&found)?;
                network.refuse_quantity_words(&found)?;
                network.refuse_lone_quotient(&found)?;
            }
            if found.cost != Cost::ZERO {
                network.refuse_guess(&found, document)?;
            }
            Ok(network.kinds(&found, document))
        }
        Ok(None) => {
            network.refuse_identity(&document.text)?;
            Ok(network.letters())
        }
        Err(Entangled) => Err(Error::new(Kind::Limit, "too many undeclared names hang together to tell what each is")
            .help("declare some of them: `x: n`, `A: n x m`, `t: scalar`")),
    }
}

/// The reading in which undeclared functions are functions of arrays, where there is one that makes more of them so and
/// a scalar of what should be one.
fn generalised(network: Network, found: Found) -> (Network, Result<Option<Found>, Entangled>) {
    let general = network.clone().generalised();
    match search::best(&general, &[]) {
        Ok(Some(better)) if general.head.is_none_or(|head| better.sorts[head] == Sort::Scalar) => {
            (general, Ok(Some(better)))
        }
        Ok(_) | Err(Entangled) => (network, Ok(Some(found))),
    }
}

/// `\operatorname{Tr}(ρ \ln ρ)`: as a number ρ would have no trace, and entry by entry it is another function.
fn refuse_functions_of_matrices(document: &Document, known: &Known) -> Result<(), Error> {
    let mut found: Option<(Name, Span)> = None;
    let open = |name: &Name| !known.declared.contains_key(name) && !known.given.contains_key(name);
    for ast in super::indices::expressions(document) {
        super::names::visit(ast, &mut |node| {
            let Syntax::Call { function, args, .. } = &node.kind else { return };
            if found.is_some() || !matches!(function.as_str(), "tr" | "det") || args.len() != 1 {
                return;
            }
            let (mut factors, mut functions) = (BTreeSet::new(), vec![]);
            super::names::visit(&args[0], &mut |part| match &part.kind {
                Syntax::Binary(BinaryOp::Mul | BinaryOp::At | BinaryOp::Dot, a, b) => {
                    factors.extend([a, b].into_iter().filter_map(|side| super::indices::name_of(side)));
                }
                Syntax::Call { function, args, .. } if matches!(function.as_str(), "log" | "exp" | "sqrt") => {
                    functions.extend(args.first().and_then(super::indices::name_of).map(|name| (name, part.span)));
                }
                _ => {}
            });
            let both = functions.into_iter().find(|(name, _)| factors.contains(name) && open(name));
            found = both.map(|(name, span)| (name.clone(), span));
        });
    }
    let Some((name, span)) = found else { return Ok(()) };
    Err(Error::new(Kind::Unsupported, format!("this function of the matrix {name} has no rule"))
        .at(span, "functions of matrices have no rule")
        .help(format!("entry by entry it is another function: declare `{name}: n x n` where that is meant")))
}

/// Why t is a number: what it is read as is said, since its letter is a vector's.
const TIME: &str = "a time";

/// Letters that are vectors before a dot and a member of a family.
const INNER_LETTERS: &[&str] = &["w", "u", "v", "q", "x", "z", "h"];

/// Letters of members that are vectors where a dot joins them with members of another family, at another index.
const INNER_MEMBERS: &[&str] = &["p", "k", "e", "r", "s", "c"];

/// Families with `z_i · z_j`, `w · x_i`, `u_i · v_j`: between two members of one family, weights and a member, members of two
/// families at two indices, the dot is that of an inner product.
fn inner_products(names: &Names<'_>, indices: &Indices) -> BTreeSet<Name> {
    let mut found = BTreeSet::new();
    let is_inner = |family: &Name| {
        let base = indices.families.get(family).map(|f| f.base.as_str());
        base.is_some_and(|base| INNER_LETTERS.contains(&base) || INNER_MEMBERS.contains(&base))
    };
    for definition in &names.definitions {
        super::names::visit(definition.value, &mut |node| {
            let Syntax::Binary(BinaryOp::Dot, a, b) = &node.kind else { return };
            // `J_{ij} s_i · s_j`
            let a = if let Syntax::Binary(BinaryOp::Mul, _, last) = &a.kind { last } else { a };
            let (Syntax::Name(a), Syntax::Name(b)) = (&a.kind, &b.kind) else { return };
            let [first, second] = [a, b].map(|name| indices.actual(name));
            if a != b && a != first && first == second {
                found.insert(first.clone());
            }
            let places = indices.place_of(a).zip(indices.place_of(b));
            if first != second && is_inner(first) && is_inner(second) && places.is_some_and(|(a, b)| a != b) {
                found.extend([first.clone(), second.clone()]);
            }
            // `w \cdot x_i`
            let weights = |name: &Name, base: &Name| name == base && INNER_LETTERS.contains(&name.as_str());
            for (name, base, member, family) in [(a, first, b, second), (b, second, a, first)] {
                if weights(name, base) && member != family {
                    found.insert(family.clone());
                }
            }
        });
    }
    found
}

fn build<'a>(document: &'a Document, names: &'a Names<'a>, order: &[usize], known: &Known) -> Network {
    let mut builder = Builder::new(names, &document.text);
    let is_bold = |(name, span): &(Name, Span)| {
        letter(name, *span, &document.text) == Letter::BoldVector && name.as_str().starts_with(|c: char| c.is_ascii())
    };
    let bold = names.inputs.iter().any(is_bold);
    let dotted = names.indices.map(|i| inner_products(names, i)).unwrap_or_default();
    for (name, span) in &names.inputs {
        let letter = letter(name, *span, &document.text);
        match (known.declared.get(name), known.given.get(name)) {
            (Some(sort), _) => builder.declared(name, *span, *sort),
            (None, Some(sorts)) => builder.given(name, *span, letter, sorts),
            (None, None) => {
                let member = names.indices.is_some_and(|i| i.is_rather_scalar(name) && !dotted.contains(name));
                match () {
                    () if member => builder.rather_number(name, *span, letter, "a member of a family"),
                    () if names.is_time(name) => builder.rather_number(name, *span, letter, TIME),
                    () if bold && letter == Letter::Latin => {
                        builder.rather_number(name, *span, letter, "a small letter that is not in bold, as others are");
                    }
                    () => builder.undeclared(name, *span, letter),
                }
            }
        }
    }
    for name in names.indices.iter().flat_map(|i| i.scalars()) {
        builder.declared(name, Span::default(), Sort::Scalar);
    }
    for (name, _, family) in names.indices.iter().flat_map(|i| i.wholes()) {
        let sort = if family.arity == 1 { Sort::Vector } else { Sort::Matrix };
        builder.declared(name, family.span, sort);
    }
    let main = names.main(document);
    let is_scalar = |i: usize| {
        let definition = &names.definitions[i];
        document.optimum.is_some() && (definition.name == Symbol::Bare || Some(i) == main)
            || is_loss(definition, document)
            || is_rather_loss(definition)
            || is_along_a_line(definition, names, document)
    };
    for &index in order {
        let definition = &names.definitions[index];
        let term = names.indices.is_some_and(|i| definition.name.name().is_some_and(|n| i.spine.contains(n)));
        let spine = term && main.is_some_and(is_scalar) || Some(index) == main && is_scalar(index);
        let name = definition.name.name();
        let declared = name.and_then(|n| known.declared.get(n)).copied();
        let sure = document.optimum.is_some() && definition.name == Symbol::Bare;
        let bold =
            name.is_some_and(|n| letter(n, head(definition, &document.text), &document.text) == Letter::BoldVector);
        builder.define(name, definition.value, declared, LeftSide { spine, sure, bold });
    }
    builder.finish()
}

impl Network {
    /// The reading by letters alone, where nothing speaks against it.
    fn by_letters(&self) -> Option<Found> {
        search::run(self, &|i| self.by_letter(i)).ok().filter(|found| found.cost == Cost::ZERO)
    }

    /// An undeclared function of a vector stands beside others that would work entry by entry, or only functions of
    /// vectors make a scalar of the value, or of what is squared.
    fn asks_for_functions_of_arrays(&self, found: &Found) -> bool {
        let no_scalar = self.head.is_some_and(|head| found.sorts[head] != Sort::Scalar);
        let is_field = |(_, node): &(Name, usize)| found.sorts[*node] != Sort::Matrix;
        let other = no_scalar || self.squares_of_calls(found) || self.functions.iter().any(is_field);
        self.is_entrywise_on_arrays(&found.sorts) && other
    }

    /// The sort of a leaf where letters decide: constants have one.
    fn by_letter(&self, leaf: usize) -> Sort {
        let costs = &self.nodes[leaf].costs;
        Sort::ALL.into_iter().min_by_key(|s| costs[*s as usize]).unwrap_or(Sort::Scalar)
    }

    /// The undeclared functions of arrays: the sorts of their values and arguments.
    fn fields(&self, found: &Found) -> BTreeMap<Name, (Sort, Sort)> {
        let of = |(name, node): &(Name, usize)| {
            let values = found.sorts[*node];
            (values != Sort::Matrix).then(|| (name.clone(), (values, self.argument_sort(*node, &found.sorts))))
        };
        self.functions.iter().filter_map(of).collect()
    }

    fn letters(&self) -> Kinds {
        let sorts = self.open.iter().map(|o| (o.name.clone(), self.by_letter(o.node))).collect();
        Kinds { sorts, ..Kinds::default() }
    }

    fn kinds(&self, found: &Found, document: &Document) -> Kinds {
        let sort = |o: &Open| found.sorts[o.node];
        let time = |o: &&Open| o.number == Some(TIME) && sort(o) == Sort::Scalar;
        let overruled = self.open.iter().filter(|o| (sort(o) != o.letter.sort() || time(o)) && !o.given);
        Kinds {
            sorts: self.open.iter().map(|o| (o.name.clone(), sort(o))).collect(),
            functions: self.fields(found),
            entrywise: self.entrywise_on_vectors(found).map(|(name, _)| name.clone()).collect(),
            reasons: self.open.iter().map(|o| (o.name.clone(), self.reason(o, found, document))).collect(),
            overruled: overruled.map(|o| o.name.clone()).collect(),
            broadcasts: self.broadcasts(found),
        }
    }

    /// Where a small letter would be a matrix, and not being one goes against hints alone, it is none.
    fn without_small_matrices(&self, found: Found, document: &Document) -> Found {
        let small = |o: &&Open| !o.given && matches!(o.letter, Letter::Latin | Letter::Greek);
        let matrix = |o: &Open| (o.node, Sort::Matrix);
        if document.text.contains('@') || !self.open.iter().filter(small).any(|o| found.sorts[o.node] == Sort::Matrix) {
            return found;
        }
        // `X W + b`: no capital gives way
        let capital = |o: &&Open| o.letter == Letter::Capital && found.sorts[o.node] == Sort::Matrix;
        let lost = |other: &Found| self.open.iter().filter(capital).any(|o| other.sorts[o.node] != Sort::Matrix);
        let barred: Vec<(usize, Sort)> = self.open.iter().filter(small).map(matrix).collect();
        match search::best(self, &barred) {
            Ok(Some(other)) if other.cost < Cost::BROADCAST && !lost(&other) => other,
            Ok(_) | Err(Entangled) => found,
        }
    }

    /// A letter is hardly ever a row, a lower-case one hardly a matrix, a capital a vector: only where the document writes
    /// matrix products with a sign of their own, or where nothing else is as good.
    fn refuse_guess(&self, found: &Found, document: &Document) -> Result<(), Error> {
        let programs = document.text.contains('@') || document.text.contains("%*%");
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
            // words of programs may be anything, their small letters are hardly matrices
            let word = is_word(&open.name);
            let barred = || search::best(self, &[(open.node, sort)]);
            let letters_alone = || matches!(barred(), Ok(Some(other)) if other.cost < Cost::BROADCAST);
            if sort == Sort::Matrix && (!programs || !word && letters_alone()) {
                let certain = matches!(barred(), Ok(Some(other)) if other.cost >= Cost::EVIDENCE);
                return Err(self.unlikely(open, found, document, certain));
            }
        }
        Ok(())
    }

    /// What was read would make a lower-case letter a matrix; `certain` where evidence speaks against all else.
    fn unlikely(&self, open: &Open, found: &Found, document: &Document, certain: bool) -> Error {
        let reason = self.reason(open, found, document);
        let message = format!("nothing says what `{}` is, and only as a matrix it would fit", open.name);
        let mut lines = [open.letter.sort(), Sort::Matrix].map(|sort| declaration(&open.name, sort));
        if certain {
            lines.reverse();
        }
        Error::new(Kind::Shape, message)
            .at(open.span, reason)
            .help(format!("declare what it is: {}", lines.join(" or ")))
    }

    /// `\Phi(x^\top β)`: a Greek capital before a number in a bracket is a function, `Φ` of a normal distribution, `Γ`.
    fn refuse_capital_calls(&self, found: &Found, document: &Document) -> Result<(), Error> {
        let greek = |name: &Name| matches!(name.as_str().chars().next(), Some('Γ' | 'Φ' | 'Ψ' | 'Λ' | 'Θ' | 'Ξ' | 'Π'));
        let undeclared = |name: &Name| self.open.iter().any(|o| o.name == *name && !o.given);
        let text = |span: &Span| document.text.get(span.start..span.end).unwrap_or("").trim();
        // with its brackets or without them
        let is_bracket = |p: &AssumedProduct, part: &Span| {
            let inner = text(&p.span).split_once('(').map_or("", |(_, inner)| inner).trim_end_matches([')', ' ']);
            let within = part.start > p.span.start && part.end <= p.span.end;
            let typed = text(part).trim_start_matches(['(', ' ']).trim_end_matches([')', ' ']);
            within
                && typed
                    == inner.trim_end_matches("\\right").trim_end_matches([')', ' ']).trim_start_matches(['(', ' '])
        };
        let number = |p: &&AssumedProduct| {
            let parts = self.nodes.iter().flat_map(|node| node.parts.iter().zip(&node.args));
            let scalar = |(part, arg): (&Span, &usize)| is_bracket(p, part) && found.sorts[*arg] == Sort::Scalar;
            undeclared(&p.name) && parts.into_iter().any(scalar)
        };
        // `K((x - x_i) / h)`, `K_h(…)`: a kernel
        let kernel = |p: &&AssumedProduct| {
            let sum = |i: usize| matches!(self.nodes[i].rule, SortRule::Add(_));
            let scaled = |i: usize| match (self.nodes[i].rule, &self.nodes[i].args[..]) {
                (SortRule::Div { .. } | SortRule::Quotient { .. }, [above, _]) => sum(*above),
                _ => p.name.as_str() == "K_h" && sum(i),
            };
            let within = |span: &Span| span.start > p.span.start && span.end <= p.span.end;
            let called = |node: &Subterm| match (&node.args[..], &node.parts[..]) {
                ([_, bracket], [_, part]) => within(part) && scaled(*bracket),
                _ => false,
            };
            let base = p.name.as_str().split('_').next() == Some("K");
            base && undeclared(&p.name) && self.nodes.iter().any(called)
        };
        // `1 - F(x)`: what a distribution leaves
        let complement = |p: &&AssumedProduct| {
            let Some(open) = self.open.iter().find(|o| o.name == p.name && !o.given) else { return false };
            let called =
                |i: usize| matches!(self.nodes[i].rule, SortRule::Mul(_)) && self.nodes[i].args[0] == open.node;
            let left = |node: &Subterm| match (node.rule, &node.args[..]) {
                (SortRule::Add(terms), [a, b]) => terms.numbers[0] && called(*b) || terms.numbers[1] && called(*a),
                _ => false,
            };
            matches!(p.name.as_str(), "F" | "G") && self.nodes.iter().any(left)
        };
        let is_call = |p: &&AssumedProduct| greek(&p.name) && number(p) || kernel(p) || complement(p);
        match document.products.iter().find(is_call) {
            None => Ok(()),
            Some(product) => {
                let name = &product.name;
                let message = format!("{name} stands before a bracket: is it a function, or a factor?");
                Err(Error::new(Kind::Name, message).at(product.span, "a call, or a product?").help(format!(
                    "declare `{name}: elementwise` for a function, or give its formula; `{name}: scalar` for a factor"
                )))
            }
        }
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

/// What LaTeX writes before a bracket.
const SIZES_OF_BRACKETS: &[&str] = &["\\left", "\\big", "\\bigl", "\\Big", "\\Bigl", "\\bigg", "\\biggl"];

/// A longer bracket is left out.
const SHOWN_BRACKET: usize = 24;

/// What stands before a bracket and was read as a factor: `A (x + y)`, `A (…)`.
pub(super) fn product_text(product: &AssumedProduct, document: &Document) -> String {
    let text = document.text.get(product.span.start..product.span.end).unwrap_or(product.name.as_str());
    match text.split_once('(') {
        Some((before, bracket)) if bracket.chars().count() > SHOWN_BRACKET => {
            // `\left(`, `\bigl(`
            let name = before.rfind('\\').filter(|at| SIZES_OF_BRACKETS.contains(&before[*at..].trim_end()));
            format!("{}(…)", name.map_or(before, |at| &before[..at]))
        }
        Some(_) | None => text.to_owned(),
    }
}
