//! What parsing remarks on without refusing: names that look like products, functions that look like typos.

use super::scope::ScopeNames;
use super::{Document, Statement, names};
use crate::diag::Note;
use crate::expr::Name;
use std::collections::BTreeSet;

/// Remarks on the names of a document.
pub(super) fn of_names(names: &ScopeNames) -> Vec<Note> {
    names.variables.iter().filter_map(|n| joined_product(n, names)).collect()
}

/// `Wx` is one name; W x was meant when W and x are names of the document.
fn joined_product(name: &Name, names: &ScopeNames) -> Option<Note> {
    let word = name.as_str();
    let undeclared = !names.known.contains(name) && !names.sizes.contains(name);
    let letters: Vec<Name> = word.chars().map(|c| Name::new(&c.to_string())).collect();
    if !undeclared
        || super::functions::is_reserved(word)
        || letters.len() < 2
        || !word.chars().all(super::names::is_letter)
    {
        return None;
    }
    let known = |n: &Name| names.variables.contains(n) || names.known.contains(n);
    let kind = |c: char| (c.is_ascii(), c.is_uppercase());
    let mixed = letters.len() == 2 && word.chars().map(kind).collect::<BTreeSet<_>>().len() == 2;
    let capitals = letters.len() <= 3 && word.chars().all(char::is_uppercase);
    if !mixed && !capitals && !letters.iter().any(known) && !super::glued::is_coefficient(&letters) {
        return None;
    }
    let spaced: Vec<&str> = letters.iter().map(Name::as_str).collect();
    Some(Note::warning(format!("{word} is read as one name; write {} for the product", spaced.join(" "))))
}

/// `i = 1, …, n` beside a formula.
pub(super) fn range() -> Note {
    Note::warning("what an index runs over is left aside: sums say it")
}

/// Words that say nothing to be read.
pub(super) fn left_aside() -> Note {
    Note::warning("the words beside the formula are left aside")
}

/// `W^{(1)}` was read as W_1.
pub(super) fn index(name: &Name, index: &str) -> Note {
    Note::warning(format!("{name}^{{({index})}} is read as the name {name}_{index}, not as a power"))
}

/// `a^{l}` was read as a_l: the head of a definition is marked so.
pub(super) fn raised(name: &Name, mark: &str) -> Note {
    Note::warning(format!("{name}^{{{mark}}} is read as the name {name}_{mark}, not as a power"))
}

/// `E^0` was read as E°.
pub(super) fn standard(name: &Name) -> Note {
    Note::warning(format!("{name}^0 is read as a name, {name} at the standard state, and not as the number 1"))
}

/// `J = J + penalty` after `J = …`: the names of its values in order.
pub(super) fn reassigned(name: &Name, values: &[Name]) -> Note {
    if let [value] = values {
        return Note::warning(format!("{name} gets a new value, called {value}"));
    }
    let listed: Vec<&str> = values.iter().take(MAX_LISTED).map(Name::as_str).collect();
    let more = if values.len() > MAX_LISTED { ", …" } else { "" };
    Note::warning(format!("{name} gets one value after another, called {}{more}", listed.join(", ")))
}

/// More names are not listed.
const MAX_LISTED: usize = 4;

/// `\xi_i^*` was read as a member of its own.
pub(super) fn starred(name: &Name) -> Note {
    Note::warning(format!("{name}^* beside {name} is read as a name of its own, and not as a conjugate"))
}

/// `[a \| b]` was read as [a; b].
pub(super) fn concatenation() -> Note {
    Note::warning("‖ within brackets is read as a concatenation, the one below the other")
}

/// `\nabla f_k` was read as a name.
pub(super) fn gradient(name: &Name, own: &Name, prefix: &str) -> Note {
    let sign = if prefix == "hess" { "∇²" } else { "∇" };
    Note::warning(format!("{sign}{name} is read as a name of its own, {own}: nothing defines {name}"))
}

/// `\mathcal{L}` beside `L`.
pub(super) fn fonts(typed: &str, name: &Name, value: &Name) -> Note {
    Note::warning(format!("{typed} is another name than {name} in another font: the value is called {value}"))
}

/// `\mathcal{D}` beside `D`.
pub(super) fn script(name: &Name, own: &Name) -> Note {
    Note::warning(format!("the script letter {name} is another name than {name}: it is called {own}"))
}

/// Sentences around formulas.
pub(super) fn words(facts: &[&str]) -> Note {
    let facts = match facts {
        [] => String::new(),
        facts => format!(", {} too: declare it, A: n x n {}", facts.join(", "), facts[0]),
    };
    Note::warning(format!("the words around the formulas are left aside{facts}"))
}

/// Facts that sentences tell.
pub(super) fn told(facts: &[String]) -> Note {
    Note::assumption(format!("taken from the words: {}", facts.join("; ")))
}

/// matrixcalculus.org takes undeclared a to g for scalars; here they are vectors.
pub(super) fn of_constants(document: &Document, names: &ScopeNames) -> Option<Note> {
    let declares = document.statements.iter().any(|s| matches!(s, Statement::Declaration(_)));
    let starred = document.text.contains('*') && document.text.contains('\'');
    if declares || document.latex || !starred {
        return None;
    }
    let letters: BTreeSet<&str> = names
        .variables
        .iter()
        .filter(|n| !names.known.contains(*n))
        .map(Name::as_str)
        .filter(|n| matches!(n.as_bytes(), [b'a'..=b'g']))
        .collect();
    let list = letters.into_iter().collect::<Vec<_>>().join(", ");
    (!list.is_empty()).then(|| {
        Note::warning(format!(
            "undeclared lower-case letters are column vectors here, {list} too; matrixcalculus.org takes a to g for scalars: declare {list}: scalar"
        ))
    })
}

/// `a ∝ b` was read as an equality.
pub(super) fn nearly(sign: &str) -> Note {
    Note::warning(format!("{sign} is read as =: what it leaves out is not derived"))
}

/// `a = b = c` was read as a = c.
pub(super) fn chain(last: &str) -> Note {
    Note::warning(format!("of a chain of equalities the last side is read: {}", one_line(last)))
}

/// `\\min_w f` was read as f.
pub(super) fn optimum(what: &str, over: Option<&str>) -> Note {
    let over = over.map_or(String::new(), |over| format!(" over {}", one_line(over)));
    Note::warning(format!("{what}{over} is left aside: the objective is derived"))
}

/// `-\\log p(y|x) = e`: what is derived is e.
pub(super) fn title(head: &str) -> Note {
    Note::warning(format!("{} names the value as a whole", one_line(head)))
}

/// `x(t)` was read as x.
pub(super) fn times(names: &BTreeSet<Name>, time: &str) -> Note {
    let names = names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    Note::assumption(format!("({time}) behind {names} is left out: values at one time"))
}

/// `e'e = (y - X b)'(y - X b)`: what is derived is the right side.
pub(super) fn left_side(head: &str) -> Note {
    Note::warning(format!("{} on the left is left aside: the right side is derived", one_line(head)))
}

/// `\sigma^2 = e` was read as σ = √e.
pub(super) fn square(name: &Name) -> Note {
    Note::warning(format!("{name}^2 = … says what {name} is: the root that is not negative"))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `s.t. A x = b` was left aside.
pub(super) fn constraint(text: &str) -> Note {
    Note::warning(format!("the constraint {text} is left aside"))
}

/// `\nabla_x f = e`, where nothing else says what f is.
pub(super) fn value_of_unknown(name: &Name) -> Note {
    Note::warning(format!("nothing else says what {name} is: the right side is read as {name} and derived"))
}

/// `\nabla_x f = 2 A x` beside f: to be checked.
pub fn claim() -> Note {
    Note::warning("the text says what the derivative is: `gradus check` tells whether it is right")
}

/// Two derivatives are asked for.
pub(super) fn second_request() -> Note {
    Note::warning("the text asks for several derivatives: the first one is derived, --wrt names others")
}

/// `x^TAy` was read as x^T A y.
pub(super) fn parted(rest: &Name) -> Note {
    Note::warning(format!("^T{rest} is read as the transpose and {rest}"))
}

/// `x'` was read as a name.
pub(super) fn primed(name: &Name) -> Note {
    Note::warning(format!("{name}' is read as a name of its own, and no transpose"))
}

/// `ε ∼ N(0, I)` was left aside.
pub(super) fn drawn(names: &[Name]) -> Note {
    let names = names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    Note::assumption(format!("what {names} is drawn from is left aside: its values are given"))
}

/// `\frac{dN}{dt} = …` was read as the definition of Ṅ.
pub(super) fn rate(name: &Name, value: &Name) -> Note {
    Note::assumption(format!("the rate of {name} is a value, called {value}"))
}

/// `x^+` was read as a name.
pub(super) fn positive(name: &Name) -> Note {
    Note::warning(format!("{name}^+ is read as a name of its own, and no positive part"))
}

/// `c'` below a sum is an index.
pub(super) fn primed_index(written: &str, letter: &Name) -> Note {
    Note::assumption(format!("{written} below a sum is an index, written {letter}"))
}

/// `p(x)` under a sum over x is the member of p at x.
pub(super) fn arguments_as_places(function: &Name, letters: &[Name]) -> Note {
    let listed = letters.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
    let at = letters.iter().map(Name::as_str).collect::<String>();
    Note::assumption(format!("{function}({listed}) is the member {function}_{at} of a family"))
}

/// `A_ij` in LaTeX was read with both indices.
pub(super) fn unbraced(name: &Name) -> Note {
    let (base, places) = names::split(name);
    Note::warning(format!("{name} is read as {base}_{{{}}}: write the braces", places.unwrap_or_default()))
}

/// `eigvar` in LaTeX was read as one name.
pub(super) fn word_of_letters(name: &Name) -> Note {
    let word = names::split(name).0;
    Note::warning(format!(r"{word} is read as one name: write \mathrm{{{word}}}, or blanks between the factors"))
}

/// `Xij` beside a sum over i and j was read as X_{ij}.
pub(super) fn run_in(name: &Name) -> Note {
    let (base, places) = names::split(name);
    let places = places.unwrap_or_default();
    Note::warning(format!("{base}{places} is read as {base}_{{{places}}}: write the subscript"))
}

/// `Ax` was read as A x.
pub(super) fn glued(name: &Name, parts: &[Name]) -> Note {
    let product: Vec<&str> = parts.iter().map(Name::as_str).collect();
    Note::warning(format!("{name} is read as the product {}", product.join(" ")))
}
