//! Names written together in plain text: `Ax` is A x where its letters are names of the document.

use super::declaration;
use super::layout::StatementTokens;
use super::token::{Bracket, Tok, Token};
use super::{functions, heads, names, remarks, request};
use crate::diag::{Note, Span};
use crate::expr::Name;
use std::collections::{BTreeMap, BTreeSet};

/// Longer runs are words.
const MAX_LETTERS: usize = 4;

/// Names that look like products.
const WORDS: &[&str] = &["pH", "pOH", "pK", "pKa", "pKb", "kB", "eV", "lr", "wd", "sd", "std", "tmp"];

/// Splits the runs of a document's statements that are products; `asked` are names it is to be derived by, those a head lists are sought
/// too, `whole` are names for sure.
pub(super) fn split(
    statements: &mut [StatementTokens],
    asked: &BTreeSet<Name>,
    whole: &BTreeSet<Name>,
    notes: &mut Vec<Note>,
) -> Vec<(Name, Vec<Name>)> {
    let given: BTreeSet<Name> = statements.iter().flat_map(|s| given(&s.tokens)).chain(whole.iter().cloned()).collect();
    for statement in statements.iter_mut() {
        notes.extend(part_transposes(&mut statement.tokens, &given));
    }
    refuse_small_transposes(statements, &given);
    let runs = Runs::of(statements, &given, asked);
    if runs.found.is_empty() {
        return Vec::new();
    }
    let mut done = Vec::new();
    for statement in statements.iter_mut().filter(|s| !declaration::is_declaration(&s.tokens)) {
        // `d/dx` is a sign
        let sign = request::length(&statement.tokens);
        let mut formula = statement.tokens.split_off(sign);
        // what stands right of a sign of derivatives is no head
        let head = if sign > 0 { 0 } else { head(&formula) };
        let products = split_by(&mut formula, head, |name| runs.product(name).map(<[Name]>::to_vec));
        statement.tokens.append(&mut formula);
        notes.extend(products.iter().map(|(name, parts)| remarks::glued(name, parts)));
        done.extend(products);
    }
    done
}

/// The runs of a document, and what its other names say of them.
struct Runs<'a> {
    asked: &'a BTreeSet<Name>,
    /// Names that nothing declares or defines and that may be products, with their letters.
    found: BTreeMap<Name, Vec<Name>>,
    /// The letters that are names of the document.
    letters: BTreeSet<Name>,
    /// What it is derived by, and what heads list.
    sought: BTreeSet<Name>,
    /// In how many runs a letter stands.
    uses: BTreeMap<Name, usize>,
    /// In how many runs that end in a coordinate a letter comes first: components, `vx` beside `vy`.
    components: BTreeMap<Name, usize>,
    /// `K*(r - y) + Ki*e`: where products have a sign of their own, a run is a name.
    signed: bool,
    /// Runs that a number runs into, `4ac`: no name begins with one.
    numbered: BTreeSet<Name>,
    /// There are letters, and runs of capitals.
    letters_alone: bool,
    /// There are no words, and one of the runs is a product for sure.
    plain: bool,
    /// `Cx` is a product.
    pairs: bool,
    /// The forms of runs that are products.
    forms: BTreeSet<Name>,
}

impl<'a> Runs<'a> {
    fn of(statements: &[StatementTokens], given: &BTreeSet<Name>, asked: &'a BTreeSet<Name>) -> Runs<'a> {
        let names = || statements.iter().flat_map(|s| &s.tokens).filter_map(|t| t.tok.name());
        let open = names().filter(|n| !given.contains(*n));
        let found: BTreeMap<Name, Vec<Name>> = open.filter_map(|n| Some((n.clone(), parts(n)?))).collect();
        // `H_kj` asks for entries of H
        let entries: BTreeSet<Name> = asked.iter().map(|n| Name::new(names::split(n).0)).filter(is_capital).collect();
        let listed = statements.iter().filter_map(|s| heads::parameters(&s.tokens)).flatten();
        let alone = names().filter(|n| is_letter(n)).cloned();
        let mut runs = Runs {
            asked,
            letters: given.iter().chain(asked).chain(&entries).cloned().chain(alone).collect(),
            sought: listed.chain(asked.iter().cloned()).chain(entries).collect(),
            uses: counted(found.values().flat_map(|run| run.iter().cloned().collect::<BTreeSet<_>>()).collect()),
            components: counted(
                found.values().filter(|run| ends_in_coordinate(run)).map(|run| run[0].clone()).collect(),
            ),
            signed: statements.iter().any(|s| has_signed_products(&s.tokens)),
            numbered: statements.iter().flat_map(|s| numbered(&s.tokens)).cloned().collect(),
            letters_alone: statements.iter().all(|s| is_of_letters(&s.tokens, &is_of_capitals)),
            plain: false,
            pairs: false,
            forms: BTreeSet::new(),
            found,
        };
        runs.learn_pairs();
        runs.plain = !runs.signed && runs.are_plain(statements);
        let products = runs.found.iter().filter(|(name, parts)| runs.is_split(name, parts));
        let pairs = products.clone().any(|(_, parts)| is_matrix_and_vector(parts));
        let forms = products.filter(|(name, _)| !asked.contains(*name)).map(|(_, parts)| form(parts)).collect();
        Runs { pairs, forms, ..runs }
    }

    /// The letters of a product of a matrix and a vector are names, too: `Axx^T` may hold them.
    fn learn_pairs(&mut self) {
        let known = |run: &[Name]| is_matrix_and_vector(run) && run.iter().any(|p| self.letters.contains(p));
        let pairs = self.found.values().filter(|run| !self.signed && known(run));
        let letters: Vec<Name> = pairs.flatten().cloned().collect();
        self.letters.extend(letters);
    }

    /// `nRT/V`, `mc²` beside c, `a e^(-bx)`: no words anywhere, and one of the runs is a product for sure.
    fn are_plain(&self, statements: &[StatementTokens]) -> bool {
        let is_short = |parts: &[Name]| parts.len() < MAX_LETTERS;
        let no_words =
            |s: &StatementTokens| !declaration::is_declaration(&s.tokens) && is_of_letters(&s.tokens, &is_short);
        let sure = |parts: &Vec<Name>| {
            let known = ends_in_one_of(parts, &self.letters) || is_small_to_capital(parts) || is_coefficient(parts);
            known && !self.is_name(parts)
        };
        statements.iter().all(no_words) && self.found.values().any(sure)
    }

    /// A word, or a component.
    fn is_name(&self, parts: &[Name]) -> bool {
        let component = parts.len() == 2 && ends_in_coordinate(parts) && is_in_several(&self.components, &parts[0]);
        is_word(parts) || component
    }

    /// The letters of a run that is a product.
    fn product(&self, name: &Name) -> Option<&[Name]> {
        let parts = self.found.get(name).filter(|_| !self.asked.contains(name))?;
        let split = self.is_split(name, parts)
            // where `Cx` is a product, `Du` beside it is one too
            || self.pairs && is_matrix_and_vector(parts)
            // and where `rT` is one, `qT`
            || self.forms.contains(&form(parts))
            || members(name).is_some()
            || is_of_scripts(parts)
            || (self.plain || self.numbered.contains(name)) && !self.is_name(parts);
        let shared = |p: &Name| self.letters.contains(p) || is_in_several(&self.uses, p);
        let capitals = is_of_capitals(parts) && (parts.len() == 2 || parts.iter().all(shared));
        (split || self.letters_alone && capitals).then_some(parts)
    }

    /// Whether a run is a product whatever the other runs are.
    fn is_split(&self, name: &Name, parts: &[Name]) -> bool {
        let all = parts.iter().all(|p| self.letters.contains(p));
        let any = parts.iter().any(|p| self.letters.contains(p));
        let sought = !self.signed && !self.asked.contains(name) && parts.iter().any(|p| self.sought.contains(p));
        all || sought
            || any && !self.signed && is_matrix_and_vector(parts)
            || is_times_identity(parts)
            || is_congruence(parts)
            || is_times_pi(parts)
    }
}

/// The names that stand at once behind a number.
fn numbered(tokens: &[Token]) -> impl Iterator<Item = &Name> {
    let behind = |pair: &&[Token]| matches!(pair[0].tok, Tok::Number(_)) && pair[0].span.end == pair[1].span.start;
    tokens.windows(2).filter(behind).filter_map(|pair| pair[1].tok.name())
}

/// How often each letter is listed.
fn counted(letters: Vec<Name>) -> BTreeMap<Name, usize> {
    let mut counts = BTreeMap::new();
    letters.into_iter().for_each(|letter| *counts.entry(letter).or_default() += 1);
    counts
}

fn is_in_several(counts: &BTreeMap<Name, usize>, letter: &Name) -> bool {
    counts.get(letter).is_some_and(|count| *count > 1)
}

/// Splits the runs of an expression whose letters are all known, and those that are known to be products.
pub(super) fn split_known(tokens: &mut Vec<Token>, known: &BTreeSet<Name>, products: &BTreeMap<Name, Vec<Name>>) {
    split_by(tokens, head(tokens), |name| {
        let letters = || parts(name).filter(|parts| parts.iter().all(|p| known.contains(p)));
        products.get(name).cloned().or_else(letters).filter(|_| !known.contains(name))
    });
}

/// `x^TAy` is x^T A y: the T of an exponent does not run into the name after it.
fn part_transposes(tokens: &mut Vec<Token>, given: &BTreeSet<Name>) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut at = 1;
    while at < tokens.len() {
        let rest = Some(&tokens[at]).filter(|_| tokens[at - 1].tok == Tok::Caret).and_then(|t| joined(t, given));
        if let Some(rest) = rest {
            let span = tokens[at].span;
            let name = Token { tok: Tok::Name(rest.clone()), span: Span::new(span.start + 1, span.end), spaced: true };
            notes.push(remarks::parted(&rest));
            tokens[at].tok = Tok::Name(Name::new("T"));
            tokens[at].span.end = span.start + 1;
            tokens.insert(at + 1, name);
        }
        at += 1;
    }
    notes
}

/// `x^tAx`: the t runs into letters of the document, and stands nowhere else.
fn refuse_small_transposes(statements: &mut [StatementTokens], given: &BTreeSet<Name>) {
    let raised = |s: &StatementTokens| s.tokens.windows(2).any(|w| w[0].tok == Tok::Caret && small(&w[1]).is_some());
    if given.contains(&Name::new("t")) || !statements.iter().any(raised) {
        return;
    }
    let letters: BTreeSet<String> = statements
        .iter()
        .flat_map(|s| &s.tokens)
        .filter_map(|t| t.tok.name().filter(|n| is_letter(n)))
        .map(Name::to_string)
        .collect();
    if letters.contains("t") {
        return;
    }
    for statement in statements.iter_mut() {
        let found = statement.tokens.windows(2).find(|w| {
            let rest = small(&w[1]).filter(|_| w[0].tok == Tok::Caret);
            rest.is_some_and(|rest| rest.chars().any(|c| letters.contains(&c.to_string())))
        });
        if let Some(pair) = found {
            let span = pair[1].span;
            statement.errors.push(super::errors::lower_transpose(Span::new(span.start, span.start + 1)));
        }
    }
}

/// What follows the t of an exponent `tAx`.
fn small(token: &Token) -> Option<&str> {
    let rest = token.tok.name()?.as_str().strip_prefix('t')?;
    (1..=MAX_LETTERS).contains(&rest.len()).then_some(rest).filter(|rest| rest.chars().all(|c| c.is_ascii_alphabetic()))
}

/// What follows the T of such an exponent.
fn joined(token: &Token, given: &BTreeSet<Name>) -> Option<Name> {
    let name = token.tok.name().filter(|n| !given.contains(*n))?;
    let rest = name.as_str().strip_prefix('T').filter(|rest| rest.starts_with(names::is_letter))?;
    Some(Name::new(rest))
}

/// The names a statement declares or defines.
fn given(tokens: &[Token]) -> Vec<Name> {
    if declaration::is_declaration(tokens) {
        let head = tokens.iter().take_while(|t| !matches!(t.tok, Tok::Colon | Tok::In));
        return head.filter_map(|t| t.tok.name().cloned()).collect();
    }
    let Some(&sign) = heads::equals(tokens).first() else { return Vec::new() };
    heads::named(&tokens[..sign]).into_iter().collect()
}

fn is_capital(name: &Name) -> bool {
    is_letter(name) && name.as_str().starts_with(char::is_uppercase)
}

fn is_letter(name: &Name) -> bool {
    names::split(name).0.chars().nth(1).is_none()
}

/// What runs of as many letters, small where the other's are, share if they end in one letter: `aA T` of `qT`.
fn form(parts: &[Name]) -> Name {
    let small = |n: &Name| n.as_str().starts_with(char::is_lowercase);
    let letters: String = parts.iter().map(|n| if small(n) { 'a' } else { 'A' }).collect();
    Name::new(&format!("{letters} {}", parts.last().map_or("", Name::as_str)))
}

/// `K_kH_k`: letters with one index, nobody's name.
fn members(name: &Name) -> Option<Vec<Name>> {
    let text = name.as_str();
    if text.find('_') == text.rfind('_') {
        return None;
    }
    let signs: Vec<char> = name.as_str().chars().collect();
    let member = |m: &&[char]| matches!(m, [letter, '_', index] if names::is_letter(*letter) && *index == signs[2]);
    let all = signs.len() > 3 && signs.len().is_multiple_of(3) && signs.chunks(3).all(|m| member(&m));
    all.then(|| signs.chunks(3).map(|m| Name::new(&m.iter().collect::<String>())).collect())
}

/// The letters of a run, the last with its subscript.
fn parts(name: &Name) -> Option<Vec<Name>> {
    if let Some(members) = members(name) {
        return Some(members);
    }
    let (base, subscript) = names::split(name);
    if let Some((index, rest)) = subscript.and_then(index_and_capital) {
        // `FP_kF`: the index is one letter
        let before = parts_of(base, Some(index))?;
        return Some(before.into_iter().chain([Name::new(rest)]).collect());
    }
    // a run has two letters or more
    base.chars().nth(1)?;
    if functions::signature(name.as_str()).is_some() {
        return None;
    }
    parts_of(base, subscript).filter(|parts| parts.len() > 1)
}

/// The `k` and the `F` of `P_kF`.
fn index_and_capital(subscript: &str) -> Option<(&str, &str)> {
    let mut signs = subscript.chars();
    let (index, capital) = (signs.next()?, signs.next()?);
    let split = (index.is_ascii_lowercase() || index.is_ascii_digit()) && capital.is_ascii_uppercase();
    (split && signs.next().is_none()).then(|| subscript.split_at(1))
}

/// The letters of a base, the last with a subscript.
fn parts_of(base: &str, subscript: Option<&str>) -> Option<Vec<Name>> {
    let letters: Vec<char> = base.chars().collect();
    if letters.is_empty() || letters.len() > MAX_LETTERS || !letters.iter().all(|c| names::is_letter(*c)) {
        return None;
    }
    // `TΔS`: a change is one name
    let mut texts: Vec<String> = Vec::new();
    for letter in letters {
        match texts.last_mut() {
            Some(change) if change == "Δ" => change.push(letter),
            _ => texts.push(letter.to_string()),
        }
    }
    let mut parts: Vec<Name> = texts.iter().map(|text| Name::new(text)).collect();
    if let (Some(last), Some(subscript)) = (parts.last_mut(), subscript) {
        *last = Name::new(&format!("{last}_{subscript}"));
    }
    Some(parts)
}

/// `Ax`, `Xβ`, `Ωx`: a capital and a small letter.
fn is_matrix_and_vector(parts: &[Name]) -> bool {
    let first = |n: &Name| n.as_str().chars().next();
    match parts {
        [a, b] => first(a).is_some_and(char::is_uppercase) && first(b).is_some_and(char::is_lowercase),
        _ => false,
    }
}

/// `sI`, `λI`: a number times the identity.
fn is_times_identity(parts: &[Name]) -> bool {
    let small = |n: &Name| n.as_str().starts_with(char::is_lowercase);
    matches!(parts, [number, identity] if small(number) && identity.as_str() == "I")
}

/// `K*(r - y)`, `a * x`: a product with the sign `*`.
fn has_signed_products(tokens: &[Token]) -> bool {
    let factor = |t: &Token| t.tok.name().is_some() || matches!(t.tok, Tok::Open(Bracket::Paren) | Tok::Function(_));
    tokens.windows(3).any(|w| w[0].tok.name().is_some() && w[1].tok == Tok::Times && factor(&w[2]))
}

/// `πσ` of `2πσ²`: the number and a letter.
fn is_times_pi(parts: &[Name]) -> bool {
    parts.first().is_some_and(|n| n.as_str() == "π")
}

/// `GQG` of `GQG^T`: capitals that begin and end alike.
fn is_congruence(parts: &[Name]) -> bool {
    matches!(parts, [first, _, last] if first == last) && is_of_capitals(parts)
}

/// `εσA`, `ωt`: letters of two scripts, nobody's word. `dθ` and `Δx` are changes.
fn is_of_scripts(parts: &[Name]) -> bool {
    let first = |n: &Name| n.as_str().chars().next().unwrap_or(' ');
    let ascii = parts.iter().filter(|n| first(n).is_ascii()).count();
    ascii > 0 && ascii < parts.len() && !begins_with_change(parts)
}

/// `nRT`, `qvB`: from small letters to capitals.
fn is_small_to_capital(parts: &[Name]) -> bool {
    let capital = |n: &Name| n.as_str().starts_with(|c: char| c.is_ascii_uppercase());
    parts.first().is_some_and(|n| !capital(n)) && parts.last().is_some_and(capital)
}

/// `dx`, a change, `ij`, two indices, and what can be spoken or is a word: `eps`, `lam`, `lr`, `pKa`.
fn is_word(parts: &[Name]) -> bool {
    let word: String = parts.iter().map(Name::as_str).collect();
    let index = |n: &Name| matches!(n.as_str(), "i" | "j" | "k" | "l" | "m" | "n");
    let spoken =
        word.bytes().all(|b| b.is_ascii_lowercase()) && parts.len() > 2 && word.contains(['a', 'e', 'i', 'o', 'u']);
    begins_with_change(parts) || parts.iter().all(index) || spoken || WORDS.contains(&names::split(&Name::new(&word)).0)
}

/// `vx`, `vy`.
fn ends_in_coordinate(parts: &[Name]) -> bool {
    parts.last().is_some_and(|n| matches!(n.as_str(), "x" | "y" | "z"))
}

/// `mc` where c stands alone: the last letter is a name, and no index. `dx` is a change.
fn ends_in_one_of(parts: &[Name], letters: &BTreeSet<Name>) -> bool {
    let index = |n: &Name| matches!(n.as_str(), "i" | "j" | "k" | "n");
    parts.last().is_some_and(|last| letters.contains(last) && !index(last))
}

/// `bx`, `rt`: a coefficient and what it belongs to.
pub(super) fn is_coefficient(parts: &[Name]) -> bool {
    let one_of = |n: &Name, letters: &[&str]| letters.contains(&n.as_str());
    matches!(parts, [a, b] if one_of(a, &["a", "b", "c", "k", "m", "r", "w"]) && one_of(b, &["x", "y", "z", "t"]))
}

/// `dθ`, `Δx`.
fn begins_with_change(parts: &[Name]) -> bool {
    matches!(parts.first().map(Name::as_str), Some("d" | "Δ" | "∂" | "δ"))
}

/// `TS`, `PV`; `ΔT` is a change.
fn is_of_capitals(parts: &[Name]) -> bool {
    parts.first().is_none_or(|n| n.as_str() != "Δ") && parts.iter().all(|n| n.as_str().starts_with(char::is_uppercase))
}

/// Every name is a letter, a function or such a run: no words.
fn is_of_letters(tokens: &[Token], run: &dyn Fn(&[Name]) -> bool) -> bool {
    tokens.iter().filter_map(|t| t.tok.name()).all(|name| {
        is_letter(name)
            || functions::signature(name.as_str()).is_some()
            || parts(name).is_some_and(|parts| run(&parts) || is_times_identity(&parts))
    })
}

/// How many tokens stand left of the sign of equality.
fn head(tokens: &[Token]) -> usize {
    heads::equals(tokens).first().copied().unwrap_or(0)
}

/// Splits the names behind a head that a choice tells the parts of; says which.
fn split_by(
    tokens: &mut Vec<Token>,
    head: usize,
    choose: impl Fn(&Name) -> Option<Vec<Name>>,
) -> Vec<(Name, Vec<Name>)> {
    let mut done = Vec::new();
    let mut at = 0;
    let mut result = Vec::with_capacity(tokens.len());
    while at < tokens.len() {
        let token = tokens[at].clone();
        let called = tokens.get(at + 1).is_some_and(|t| t.tok == Tok::Open(Bracket::Paren) && !t.spaced);
        let product = |n: &&Name| !called || parts(n).is_some_and(|parts| is_of_scripts(&parts));
        let chosen = token.tok.name().filter(|_| at >= head).filter(product).and_then(&choose);
        match (chosen, token.tok.name().cloned()) {
            (Some(parts), Some(name)) => {
                let joins = result.last().is_some_and(|t: &Token| matches!(t.tok, Tok::Slash | Tok::Caret));
                let whole = joins && !is_derivative(&result, &parts);
                let power = if whole { power_after(&tokens[at + 1..]) } else { 0 };
                let bracket = |tok: Tok| Token { tok, ..token.clone() };
                result.extend(whole.then(|| bracket(Tok::Open(Bracket::Paren))));
                result.extend(letters(&token, &parts));
                result.extend(tokens[at + 1..=at + power].iter().cloned());
                result.extend(whole.then(|| bracket(Tok::Close(Bracket::Paren))));
                done.push((name, parts));
                at += power;
            }
            _ => result.push(token),
        }
        at += 1;
    }
    *tokens = result;
    done
}

/// The `dX` of `d/dX`, `df/dX`.
fn is_derivative(before: &[Token], parts: &[Name]) -> bool {
    let above = before.len().checked_sub(2).and_then(|at| before[at].tok.name());
    parts.first().is_some_and(|n| n.as_str() == "d") && above.is_some_and(|n| n.as_str().starts_with('d'))
}

/// How many tokens the power of the last letter has: of `RT^2` below a `/` it is T's.
fn power_after(tokens: &[Token]) -> usize {
    match tokens {
        [raised, ..] if matches!(raised.tok, Tok::Superscript(_) | Tok::Prime) => 1,
        [caret, open, rest @ ..] if (&caret.tok, &open.tok) == (&Tok::Caret, &Tok::Open(Bracket::Brace)) => {
            rest.iter().position(|t| t.tok == Tok::Close(Bracket::Brace)).map_or(0, |close| close + 3)
        }
        [caret, exponent, ..] if caret.tok == Tok::Caret && matches!(exponent.tok, Tok::Number(_) | Tok::Name(_)) => 2,
        _ => 0,
    }
}

/// One token for each letter. Their places are those of the run where the letters are not as long as they are typed.
fn letters(token: &Token, parts: &[Name]) -> Vec<Token> {
    let mut start = token.span.start;
    let mut tokens = Vec::new();
    for (i, part) in parts.iter().enumerate() {
        let last = i + 1 == parts.len();
        let length = names::split(part).0.len();
        let end = if last { token.span.end } else { (start + length).min(token.span.end) };
        let spaced = if i == 0 { token.spaced } else { true };
        tokens.push(Token { tok: Tok::Name(part.clone()), span: Span::new(start, end), spaced });
        start = end;
    }
    tokens
}
