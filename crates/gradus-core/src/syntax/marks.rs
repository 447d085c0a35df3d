//! Marks above the name of a head, `L^{CLIP}(θ) = …`, `a^l = f(W^l a^{l-1} + b^l)`, and two names of one letter in two fonts.
//!
//! Nobody defines a power: what is raised in a head belongs to the name, and so do the same marks in the rest of the text.

use super::layout::StatementTokens;
use super::token::{Bracket, Tok, Token, without};
use super::{heads, names, remarks};
use crate::diag::Note;
use crate::expr::Name;
use std::collections::{BTreeMap, BTreeSet};

/// An exponent that is a mark has at most so many tokens.
const MAX_MARK: usize = 16;

/// Letters above a name that are a transpose or a conjugate.
const OPERATIONS: &[&str] = &["T", "H", "TT", "HT"];

/// What marks the names of a text.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum MarkOfHead {
    /// `L^{CLIP}`.
    Word(String),
    /// `a^{l}`, `x^{k+1}`: a layer, a step.
    Index(Name),
}

/// What is raised above a name, and how many tokens it takes, the caret among them.
struct RaisedMark {
    length: usize,
    text: String,
    letter: Name,
    letters: usize,
    counted: bool,
}

/// Makes names of the marked letters.
pub(super) fn rename(statements: &mut [StatementTokens]) -> Vec<Note> {
    let mut marks: BTreeSet<MarkOfHead> = statements.iter().filter_map(|s| of_head(&s.tokens)).collect();
    marks.retain(|mark| match mark {
        MarkOfHead::Word(_) => true,
        MarkOfHead::Index(letter) => statements.iter().all(|s| is_raised_only(&s.tokens, letter)),
    });
    marks.extend(gates(statements).into_iter().map(MarkOfHead::Index));
    let mut notes: Vec<Note> = Vec::new();
    for statement in statements.iter_mut().filter(|_| !marks.is_empty()) {
        for note in replace(&mut statement.tokens, &marks) {
            if !notes.iter().any(|n| n.message == note.message) {
                notes.push(note);
            }
        }
    }
    notes
}

/// Letters of weights.
const WEIGHTS: &[&str] = &["W", "U", "V"];

/// Letters that are exponents rather.
const EXPONENTS: &[&str] = &["n", "m", "k", "p", "t", "x", "y"];

/// `z_t = \sigma(U^z x_t + W^z s + b^z)`: a small letter above weights and another name, which is no value or that of a head,
/// says whose they are.
fn gates(statements: &[StatementTokens]) -> Vec<Name> {
    let mut bases: BTreeMap<Name, BTreeSet<&Name>> = BTreeMap::new();
    for tokens in statements.iter().map(|s| &s.tokens) {
        let marks = (1..tokens.len()).filter_map(|at| Some((tokens[at - 1].tok.name()?, raised(tokens, at)?)));
        for (base, mark) in marks.filter(|(_, mark)| mark.letters == 1 && !mark.counted) {
            bases.entry(mark.letter).or_default().insert(base);
        }
    }
    let defined = |letter: &Name| {
        let head = |s: &StatementTokens| heads::defined(s).is_some_and(|name| names::split(&name).0 == letter.as_str());
        statements.iter().any(head)
    };
    let small =
        |letter: &Name| letter.as_str().len() == 1 && letter.as_str().starts_with(|c: char| c.is_ascii_lowercase());
    let of_weights = bases.into_iter().filter(|(letter, bases)| {
        let weights = bases.iter().any(|base| WEIGHTS.contains(&names::split(base).0));
        small(letter) && !EXPONENTS.contains(&letter.as_str()) && bases.len() > 1 && weights
    });
    let letters = of_weights.map(|(letter, _)| letter);
    letters.filter(|l| defined(l) || statements.iter().all(|s| is_raised_only(&s.tokens, l))).collect()
}

fn of_head(tokens: &[Token]) -> Option<MarkOfHead> {
    let sign = *heads::equals(tokens).first()?;
    let head = &tokens[..sign];
    let mark = raised(head, 1).filter(|_| head[0].tok.name().is_some_and(|n| n.as_str() != "e"))?;
    let alone = head.len() == 1 + mark.length || head[1 + mark.length].tok == Tok::Open(Bracket::Paren);
    if !alone || OPERATIONS.contains(&mark.text.as_str()) {
        return None;
    }
    match (mark.letters, mark.counted) {
        (1, _) => Some(MarkOfHead::Index(mark.letter)),
        (_, false) => Some(MarkOfHead::Word(mark.text)),
        (_, true) => None,
    }
}

/// The exponent at this place: letters alone, or one letter more or less a number.
fn raised(tokens: &[Token], at: usize) -> Option<RaisedMark> {
    if tokens.get(at)?.tok != Tok::Caret {
        return None;
    }
    let (inner, length) = match &tokens.get(at + 1)?.tok {
        Tok::Name(_) => (&tokens[at + 1..at + 2], 2),
        Tok::Open(Bracket::Brace | Bracket::Paren) => {
            let rest = &tokens[at + 2..tokens.len().min(at + 2 + MAX_MARK)];
            let close = rest.iter().position(|t| matches!(t.tok, Tok::Close(_)))?;
            (&rest[..close], close + 3)
        }
        _ => return None,
    };
    let letters = inner.iter().take_while(|t| t.tok.name().is_some()).count();
    let counted = match &inner[letters..] {
        [] => false,
        [sign, number] if letters == 1 => {
            matches!(sign.tok, Tok::Plus | Tok::Minus) && matches!(number.tok, Tok::Number(_))
        }
        _ => return None,
    };
    let letter = inner.first()?.tok.name()?.clone();
    let text = inner.iter().map(|t| match &t.tok {
        Tok::Name(name) => name.to_string(),
        Tok::Number(number) => number.clone(),
        Tok::Plus => "+".to_owned(),
        _ => "-".to_owned(),
    });
    Some(RaisedMark { length, text: text.collect(), letter, letters, counted: counted || inner.len() > letters })
}

/// Whether a letter stands nowhere but above names.
fn is_raised_only(tokens: &[Token], letter: &Name) -> bool {
    let is = |t: &Token| t.tok.name() == Some(letter);
    let above =
        |at: &usize| tokens[*at - 1].tok.name().is_some() && raised(tokens, *at).is_some_and(|r| r.letter == *letter);
    tokens.iter().filter(|t| is(t)).count() == (1..tokens.len()).filter(above).count()
}

fn replace(tokens: &mut Vec<Token>, marks: &BTreeSet<MarkOfHead>) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut at = 1;
    while at < tokens.len() {
        let marked = raised(tokens, at).filter(|r| {
            marks.iter().any(|mark| match mark {
                MarkOfHead::Word(word) => r.text == *word,
                MarkOfHead::Index(letter) => r.letters == 1 && r.letter == *letter,
            })
        });
        if let (Some(mark), Some(name)) = (marked, tokens[at - 1].tok.name().filter(|n| n.as_str() != "e").cloned()) {
            notes.push(take_down(tokens, at, &name, mark.text, mark.length));
        }
        at += 1;
    }
    notes
}

/// Makes what stands above the name before `at`, so many tokens, a part of that name.
fn take_down(tokens: &mut Vec<Token>, at: usize, name: &Name, mark: String, length: usize) -> Note {
    let note = remarks::raised(name, &mark);
    tokens[at - 1].span.end = tokens[at + length - 1].span.end;
    tokens[at - 1].tok = Tok::Name(names::canonical(name.as_str(), &[mark]));
    tokens.drain(at..at + length);
    note
}

/// `\pi^{\text{old}}`, `θ^{old}`: a word above a name is a mark. Letters in italics are one where there are three of them at
/// least, joined, and none stands anywhere else.
pub(super) fn words(text: &str, statements: &mut [StatementTokens]) -> Vec<Note> {
    let count = |names: Vec<Name>| {
        let mut counts: BTreeMap<Name, usize> = BTreeMap::new();
        names.into_iter().for_each(|n| *counts.entry(n).or_default() += 1);
        counts
    };
    let names = |tokens: &[Token]| tokens.iter().filter_map(|t| t.tok.name().cloned()).collect::<Vec<_>>();
    let all = count(statements.iter().flat_map(|s| names(&s.tokens)).collect());
    let marked = statements.iter().flat_map(|s| (1..s.tokens.len()).filter_map(|at| word_above(text, &s.tokens, at)));
    let above = count(marked.filter(|w| !w.upright).flat_map(|w| w.letters).collect());
    let mut notes: Vec<Note> = Vec::new();
    for tokens in statements.iter_mut().map(|s| &mut s.tokens) {
        let mut at = 1;
        while at < tokens.len() {
            let only_above = |w: &WordAbove| w.upright || w.letters.iter().all(|l| all.get(l) == above.get(l));
            let base = tokens[at - 1].tok.name().filter(|n| n.as_str() != "e").cloned();
            if let (Some(name), Some(word)) = (base, word_above(text, tokens, at).filter(only_above)) {
                notes.push(take_down(tokens, at, &name, word.text, word.length));
            }
            at += 1;
        }
    }
    notes
}

/// Letters of a dose: `MIC_{90}`.
const MAX_DOSE: usize = 3;

/// `EC_{50}`, `IC_{90}`: capitals that run into one with a number of two digits are one name, a dose.
pub(super) fn doses(statements: &mut [StatementTokens]) {
    for tokens in statements.iter_mut().map(|s| &mut s.tokens) {
        let mut joined = BTreeSet::new();
        for at in (1..tokens.len()).rev() {
            if let Some(dose) = dose(&tokens[at - 1], &tokens[at]) {
                // the next letter before it may belong to it too
                tokens[at - 1] = dose;
                joined.insert(at);
            }
        }
        without(tokens, &joined);
    }
}

/// A letter and what it runs into.
fn dose(letter: &Token, rest: &Token) -> Option<Token> {
    let capitals = |base: &str| base.len() < MAX_DOSE && base.bytes().all(|b| b.is_ascii_uppercase());
    let (first, name) = (letter.tok.name()?, rest.tok.name()?);
    let (base, number) = names::split(name);
    let counted = number.is_some_and(|n| n.len() == 2 && n.bytes().all(|b| b.is_ascii_digit()));
    let joined = !rest.spaced && letter.span.end == rest.span.start;
    let fits = joined && first.as_str().len() == 1 && capitals(first.as_str()) && capitals(base) && counted;
    fits.then(|| Token {
        tok: Tok::Name(Name::new(&format!("{first}{name}"))),
        span: letter.span.to(rest.span),
        ..*letter
    })
}

/// A word that stands above a name.
struct WordAbove {
    text: String,
    length: usize,
    /// In an upright font; else these are its letters.
    upright: bool,
    letters: Vec<Name>,
}

fn word_above(text: &str, tokens: &[Token], at: usize) -> Option<WordAbove> {
    let mark = raised(tokens, at).filter(|r| !r.counted && r.length > 3)?;
    let inner = &tokens[at + 2..at + mark.length - 1];
    let typed = text.get(inner.first()?.span.start..inner.last()?.span.end)?;
    let fonts = ["\\text", "\\mathrm", "\\mbox", "\\mathsf", "\\rm"];
    let upright = inner.len() == 1 && fonts.iter().any(|font| typed.starts_with(font));
    let joined = inner.len() > 2 && typed.bytes().all(|b| b.is_ascii_alphabetic());
    let long = mark.text.chars().nth(1).is_some() && mark.text.chars().all(char::is_alphabetic);
    let word = long && (upright || joined) && !OPERATIONS.contains(&mark.text.as_str());
    let letters = inner.iter().filter_map(|t| t.tok.name().cloned()).collect();
    word.then_some(WordAbove { text: mark.text, length: mark.length, upright, letters })
}

/// `r = |\mathbf r|`: what is called by a vector's letter is its length.
fn lengthened(tokens: &mut [Token], sign: usize) {
    if let [open, vector, close, end] = &mut tokens[sign + 1..]
        && let (Tok::Pipe(left), Tok::Pipe(right)) = (&open.tok, &close.tok)
        && vector.tok.name().is_some()
        && end.tok == Tok::End
    {
        (open.tok, close.tok) = (Tok::Bar(*left), Tok::Bar(*right));
    }
}

/// Letters of values, whose gradients have names of their own.
const VALUES: &[char] = &['f', 'g', 'h', 'F', 'J', 'L', 'ℓ', 'φ', 'Φ', 'V', 'E'];

/// `f_k + \nabla f_k^\top p + \frac12 p^\top \nabla^2 f_k p`: a derivative of what nobody defines, at no point, is a name.
pub(super) fn gradients(statements: &mut [StatementTokens]) -> Vec<Note> {
    let defined: BTreeSet<Name> = statements.iter().filter_map(heads::defined).collect();
    let mut notes: Vec<Note> = Vec::new();
    for tokens in statements.iter_mut().map(|s| &mut s.tokens) {
        let mut at = 1;
        while at + 1 < tokens.len() {
            if let Some((name, prefix, length)) = gradient(tokens, at).filter(|(name, ..)| !defined.contains(name)) {
                let own = Name::new(&format!("{prefix}_{name}"));
                let note = remarks::gradient(&name, &own, prefix);
                if !notes.iter().any(|n| n.message == note.message) {
                    notes.push(note);
                }
                tokens[at].span.end = tokens[at + length].span.end;
                tokens[at].tok = Tok::Name(own);
                tokens.drain(at + 1..at + length + 1);
            }
            at += 1;
        }
    }
    notes
}

/// What ∇ at this place is of, what such names begin with, and how many tokens follow it.
fn gradient(tokens: &[Token], at: usize) -> Option<(Name, &'static str, usize)> {
    if tokens[at].tok != Tok::Nabla {
        return None;
    }
    let two = |t: &Token| matches!(&t.tok, Tok::Number(n) if n == "2");
    let (prefix, length) = match &tokens[at + 1..] {
        [raised, ..] if matches!(&raised.tok, Tok::Superscript(n) if n == "2") => ("hess", 2),
        [caret, power, ..] if caret.tok == Tok::Caret && two(power) => ("hess", 3),
        [caret, _, power, _, ..] if caret.tok == Tok::Caret && two(power) => ("hess", 5),
        _ => ("grad", 1),
    };
    let name = tokens.get(at + length)?.tok.name()?;
    let called = tokens.get(at + length + 1).is_some_and(|t| t.tok == Tok::Open(Bracket::Paren));
    let iterate = name.as_str().starts_with(VALUES) && name.as_str().contains('_');
    (!called && iterate).then(|| (name.clone(), prefix, length))
}

/// `x \sim \mathcal D` beside a matrix D: a script letter is another name than the same letter in another font.
pub(super) fn scripts(text: &str, statements: &mut [StatementTokens]) -> Vec<Note> {
    const FONTS: &[&str] = &["\\mathcal", "\\mathscr", "\\mathfrak", "\\cal"];
    let in_script = |token: &Token| {
        let typed = text.get(token.span.start..token.span.end).unwrap_or("");
        // a set of neighbours and a density are known by their letter
        !token.tok.is_name("N")
            && (FONTS.iter().any(|font| typed.starts_with(font)) || typed.starts_with(names::is_script))
    };
    let named = |script: bool| -> BTreeSet<Name> {
        let tokens = statements.iter().flat_map(|s| &s.tokens).filter(|t| in_script(t) == script);
        tokens.filter_map(|t| t.tok.name().cloned()).collect()
    };
    let script = named(true);
    let both: BTreeSet<Name> = if script.is_empty() { script } else { &script & &named(false) };
    let own = |name: &Name| names::worn(name, "script");
    let tokens = statements.iter_mut().flat_map(|s| &mut s.tokens);
    for token in tokens.filter(|t| !both.is_empty() && in_script(t)) {
        if let Some(name) = token.tok.name().filter(|name| both.contains(*name)).map(own) {
            token.tok = Tok::Name(name);
        }
    }
    both.iter().map(|name| remarks::script(name, &own(name))).collect()
}

/// `\mathcal{L} = \operatorname{tr}(F^\top L F)`, `s = v^\top \mathbf{s}`: a value that is spelled in one font and speaks of
/// the same letter in others alone has a name of its own.
pub(super) fn of_fonts(text: &str, statements: &mut [StatementTokens]) -> Vec<Note> {
    let typed = |token: &Token| -> String {
        let written = text.get(token.span.start..token.span.end).unwrap_or("");
        written.chars().filter(|c| !matches!(c, '{' | '}' | ' ')).collect()
    };
    let mut notes = Vec::new();
    for i in 0..statements.len() {
        let tokens = &statements[i].tokens;
        let Some(sign) = heads::equals(tokens).first().copied() else { continue };
        let Some(name) = heads::named(&tokens[..sign]) else { continue };
        let own = typed(&tokens[0]);
        let is = |t: &&Token| t.tok.name() == Some(&name);
        let mut within = tokens[sign..].iter().filter(is).map(&typed).peekable();
        if within.peek().is_none() || within.any(|other| other == own) {
            continue;
        }
        let value = names::canonical(name.as_str(), &["value".to_owned()]);
        let spelled = text.get(tokens[0].span.start..tokens[0].span.end).unwrap_or(&own);
        notes.push(remarks::fonts(spelled, &name, &value));
        lengthened(&mut statements[i].tokens, sign);
        // `r = ‖\mathbf r‖` beside r^3: what is spelled as the value is it
        let all = statements.iter_mut().flat_map(|s| &mut s.tokens);
        all.filter(|t| t.tok.name() == Some(&name) && typed(t) == own).for_each(|t| t.tok = Tok::Name(value.clone()));
    }
    notes
}
