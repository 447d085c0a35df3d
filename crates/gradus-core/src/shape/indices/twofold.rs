//! One letter for two things. `f(x) = Σ_i α_i k(x, x_i)`: where x stands whole x_i is its entry, so what cannot be one is
//! refused. `b_u + b_i` of users and items: one family would make them one range, so it is asked back.

use super::super::names::visit;
use super::random::DATA;
use super::{expressions, name_of, survey};
use crate::diag::{Error, Errors, Kind, Span};
use crate::expr::{Gathering, Name};
use crate::syntax::{Ast, BinaryOp, Document, Syntax, index_letters, split_index};
use std::collections::BTreeSet;

/// Letters of indices that customarily run over one range: `x_i - x_j`, `y_s + y_t`.
const CUSTOMARY: [&str; 6] = ["ijklmn", "stτ", "pqr", "abcd", "uvw", "αβμν"];

/// # Errors
/// `x - x_i`, `x_i^T x`, `k(x, x_i)`, where x stands whole and i is bound; `b_u + b_i`, where no range is given.
pub(super) fn refuse(document: &Document) -> Result<(), Errors> {
    let whole = survey::whole_names(document);
    let own = survey::own_names(document);
    let mut errors = vec![];
    for ast in expressions(document) {
        let bound = survey::bound_in(ast);
        let open = open_in(ast);
        visit(ast, &mut |node| {
            errors.extend(two_families(node, &open));
            if let Syntax::Transpose(inner) = &node.kind
                && let Some((name, base, span)) =
                    member(inner, &bound).filter(|(_, base, _)| whole.contains(base) && !own.contains(base))
            {
                errors.push(transposed(&name, &base, span));
            }
            if let Some((name, base, span)) = no_entry(node, &bound).filter(|(_, base, _)| whole.contains(base)) {
                errors.push(twofold(&name, &base, span));
            }
        });
    }
    errors.extend(random_outside(document));
    errors.truncate(1);
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// `x - E[x]`, where nothing says over what the mean is taken: of the entries of x, or of samples of it.
fn random_outside(document: &Document) -> Option<Error> {
    let mut inside = vec![];
    let mut all = vec![];
    for ast in expressions(document) {
        visit(ast, &mut |node| match &node.kind {
            Syntax::Gathered { by: Gathering::Expectation, over, body, .. } if over.is_empty() => {
                visit(body, &mut |part| inside.extend(name_of(part).map(|n| (n.clone(), part.span))));
            }
            _ => all.extend(name_of(node).map(|n| (n.clone(), node.span))),
        });
    }
    let random = |name: &Name| DATA.contains(&name.as_str());
    let outside = |(name, span): &&(Name, Span)| {
        random(name) && !inside.iter().any(|(_, s)| s == span) && inside.iter().any(|(n, _)| n == name)
    };
    let (name, span) = all.iter().find(outside)?;
    let message = format!("{name} stands in an expectation that does not say what is random, and outside of it");
    Some(Error::new(Kind::Name, message).at(*span, "is it random, or a value?").help(format!(
        r"the mean of its entries is mean({name}); \mathbb{{E}}_{{{name}}}[…] says that {name} is random there, and then the value outside needs another name"
    )))
}

/// A member that stands where no entry of the whole can: beside the whole in a sum, a scalar product, a kernel.
fn no_entry(node: &Ast, bound: &BTreeSet<Name>) -> Option<(Name, Name, Span)> {
    let beside = |a: &Ast, b: &Ast| member(a, bound).filter(|(_, base, _)| name_of(b) == Some(base));
    let either = |a: &Ast, b: &Ast| beside(a, b).or_else(|| beside(b, a));
    match &node.kind {
        Syntax::Sum(terms) => beside_any(terms.iter().map(|(_, term)| term), bound),
        Syntax::Call { args, .. } => beside_any(args.iter(), bound),
        Syntax::Binary(BinaryOp::At | BinaryOp::Dot, a, b) => either(a, b),
        Syntax::Binary(BinaryOp::Mul, a, b) => match &a.last_factor().kind {
            Syntax::Transpose(a) => either(a, b),
            _ => None,
        },
        _ => None,
    }
}

/// The first of them that is a member of another one.
fn beside_any<'a>(all: impl Iterator<Item = &'a Ast> + Clone, bound: &BTreeSet<Name>) -> Option<(Name, Name, Span)> {
    // looked up, not compared in pairs: sums may be long
    let wholes: BTreeSet<&Name> = all.clone().filter_map(name_of).collect();
    all.filter_map(|a| member(a, bound)).find(|(_, base, _)| wholes.contains(base))
}

/// A member with one index that is bound: its name, that of the family, and where it stands.
fn member(ast: &Ast, bound: &BTreeSet<Name>) -> Option<(Name, Name, Span)> {
    let name = name_of(ast)?;
    let (base, places) = split_index(name)?;
    let moves = places.len() == 1 && index_letters(&places).any(|l| bound.contains(l));
    moves.then(|| (name.clone(), base, ast.span))
}

/// The letters a sum binds without saying where they run.
fn open_in(ast: &Ast) -> BTreeSet<Name> {
    let mut open = BTreeSet::new();
    visit(ast, &mut |node| {
        if let Syntax::Gathered { over, .. } = &node.kind {
            open.extend(over.iter().filter(|b| b.range.is_none()).map(|b| b.letter.clone()));
        }
    });
    open
}

/// `b_u + b_i`, or `- b_u - b_i`: letters that nobody uses for one range.
fn two_families(node: &Ast, open: &BTreeSet<Name>) -> Option<Error> {
    let Syntax::Sum(terms) = &node.kind else { return None };
    let members: Vec<_> =
        terms.iter().filter_map(|(sign, term)| Some((*sign, open_member(term, open)?, term.span))).collect();
    let clash = |(i, (sign, (base, letter), _)): (usize, &(_, (Name, Name), _))| {
        let other = members[..i].iter().find(|(s, (b, l), _)| s == sign && b == base && !is_customary(l, letter))?;
        Some((other.1.1.clone(), base.clone(), letter.clone(), members[i].2))
    };
    let (first, base, second, span) = members.iter().enumerate().find_map(clash)?;
    let message =
        format!("is {base} one family, so that `{first}` and `{second}` run over one range, or two families?");
    let help = format!(
        "two: give the second a letter of its own, c_{second}; one: write the range of both, \\sum_{{{second}=1}}^n"
    );
    Some(Error::new(Kind::Name, message).at(span, format!("beside {base} at {first}")).help(help))
}

/// A member at one letter that a sum without a range binds: its family and the letter.
fn open_member(term: &Ast, open: &BTreeSet<Name>) -> Option<(Name, Name)> {
    let (base, places) = split_index(name_of(term)?)?;
    let [place] = places.as_slice() else { return None };
    let letter = index_letters(&places)
        .next()
        .filter(|l| open.contains(*l) && place.offset == 0 && place.others.is_empty())?
        .clone();
    Some((base, letter))
}

fn is_customary(a: &Name, b: &Name) -> bool {
    a == b || CUSTOMARY.iter().any(|group| group.contains(a.as_str()) && group.contains(b.as_str()))
}

fn twofold(name: &Name, base: &Name, span: Span) -> Error {
    Error::new(
        Kind::Name,
        format!("`{base}` stands whole here, so `{name}` is one of its entries, and cannot stand so"),
    )
    .at(span, format!("beside `{base}` itself"))
    .help(format!("a family of vectors beside a vector {base} needs a letter of its own: z_i for {name}"))
}

/// `U_i^\top V_j` beside `\|U\|_F^2`: no entry of U is transposed.
fn transposed(name: &Name, base: &Name, span: Span) -> Error {
    Error::new(Kind::Name, format!("`{base}` stands whole here, so `{name}` is one of its entries, and is transposed"))
        .at(span, "a row, or an entry?")
        .help(format!("say what is whole by its rows: Σ_i ‖{base}_i‖^2 for ‖{base}‖_F^2"))
}
