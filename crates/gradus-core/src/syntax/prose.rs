//! Sentences around formulas: `Let $f(x) = x^T A x$. Find the gradient with respect to $x$.`

use super::captions;
use super::single::parse_name;
use crate::expr::Name;

/// The delimiters of formulas, the longer ones first.
const DELIMITERS: &[(&str, &str)] = &[("$$", "$$"), ("$", "$"), ("\\[", "\\]"), ("\\(", "\\)")];

/// What stands before the name one derives by.
const BY: &[&str] = &["respect to", "w.r.t.", "w.r.t", "wrt"];

/// Words that documents have between formulas, too.
const CONNECTIVES: &[&str] = &[
    "where",
    "with",
    "subject",
    "to",
    "such",
    "that",
    "st",
    "and",
    "min",
    "max",
    "minimize",
    "minimise",
    "maximize",
    "maximise",
    "for",
    "if",
    "otherwise",
    "argmin",
    "argmax",
];

/// Facts that words may say of a name, and formulas do not.
const FACTS: &[&str] =
    &["symmetric", "diagonal", "positive definite", "orthogonal", "invertible", "positive", "constant"];

/// A text whose words are blank, so that every formula stands where it stood.
pub(super) struct Prose {
    pub formulas: String,
    /// What the words say to derive by.
    pub targets: Vec<Name>,
    /// Which derivative they ask for, 1 or 2.
    pub order: u32,
    /// No declarations or statements stand between the formulas, but words.
    pub certain: bool,
    /// Words of facts that are said of no name.
    pub facts: Vec<&'static str>,
    /// What the words say of names, as declarations.
    pub told: Vec<String>,
}

/// A name that stands in a sentence, and the words before and behind it.
struct SpokenName<'a> {
    name: &'a str,
    before: &'a str,
    after: &'a str,
}

/// What one derives, in words that ask for it.
const ASKED: &[&str] = &["gradient", "derivative", "derivatives", "differential", "jacobian", "hessian", "grad"];

/// Words between those and the formula.
const ARTICLES: &[&str] =
    &["the", "this", "following", "function", "expression", "equation", "cost", "loss", "formula"];

/// `the gradient of ||Ax - b||^2 with respect to x`: the words around one formula without delimiters, and captions before
/// formulas; `None` where none stand there.
pub(super) fn around(text: &str) -> Option<Prose> {
    if next(text).is_some() {
        return None;
    }
    let (start, order) = asking(text);
    let (end, targets) = asked_last(&text[start..]).map_or((text.len(), vec![]), |(end, names)| (start + end, names));
    let end = if start > 0 { text[..end].trim_end_matches(['?', '.', ' ']).len() } else { end };
    let captions = if start > 0 { vec![] } else { captions::found(text) };
    if text.get(start..end)?.trim().is_empty() || start == 0 && targets.is_empty() && captions.is_empty() {
        return None;
    }
    let mut formulas = String::with_capacity(text.len());
    blank(&mut formulas, start);
    for caption in captions {
        formulas.push_str(&text[formulas.len()..caption.start]);
        blank(&mut formulas, caption.len());
    }
    formulas.push_str(text.get(formulas.len()..end)?);
    blank(&mut formulas, text.len() - end);
    Some(Prose { formulas, targets, order, certain: true, facts: vec![], told: vec![] })
}

/// How long the words are that ask for the derivative of what follows them, and its order.
fn asking(text: &str) -> (usize, u32) {
    let spoken =
        |word: &&str| word.trim().chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | ',' | '?' | '.' | ':'));
    let (mut length, mut asked, mut of) = (0, None, None);
    for word in text.split_inclusive(char::is_whitespace).take_while(spoken) {
        let plain = word.trim().trim_end_matches([',', ':', '?']).to_lowercase();
        length += word.len();
        if ASKED.contains(&plain.as_str()) {
            asked = Some(if plain == "hessian" { 2 } else { 1 });
        }
        let ends = plain == "differentiate" || asked.is_some() && plain == "of";
        let goes_on = of.is_some_and(|(end, _)| end + word.len() == length) && ARTICLES.contains(&plain.as_str());
        if ends || goes_on {
            of = Some((length, asked.unwrap_or(1)));
        }
    }
    of.unwrap_or((0, 1))
}

/// Where the words that name the last thing begin, `with respect to x and y` at the end, and these names.
fn asked_last(text: &str) -> Option<(usize, Vec<Name>)> {
    let (at, by) = BY
        .iter()
        .filter_map(|by| Some((text.rfind(by)?, *by)))
        .min_by_key(|(at, by)| (*at, std::cmp::Reverse(by.len())))?;
    let list = text[at + by.len()..].trim().trim_end_matches(['.', '?']);
    let names: Option<Vec<Name>> =
        list.split(',').flat_map(|part| part.split(" and ")).map(|n| parse_name(n.trim()).ok()).collect();
    let before = text[..at].trim_end();
    let before = before.strip_suffix("with").unwrap_or(before).trim_end().trim_end_matches(',');
    let word_begins = text[..at].ends_with(char::is_whitespace);
    names.filter(|names| word_begins && !names.is_empty()).map(|names| (before.len(), names))
}

/// A text with blanks for the numbers of its equations, `$$ … $$ (21.3)`; `None` where none stand there.
pub(super) fn unnumbered(text: &str) -> Option<String> {
    let mut blanked = String::with_capacity(text.len());
    let closings = ["$$", "\\]"].iter().flat_map(|sign| text.match_indices(sign));
    let mut ends: Vec<usize> = closings.map(|(at, sign)| at + sign.len()).collect();
    ends.sort_unstable();
    for end in ends {
        let rest = &text[end..];
        let line = rest.split('\n').next().unwrap_or(rest);
        let number = line.trim().trim_end_matches(['.', ',']).strip_prefix('(').and_then(|n| n.strip_suffix(')'));
        let is_number =
            |n: &str| n.starts_with(|c: char| c.is_ascii_digit()) && n.chars().all(|c| c.is_ascii_digit() || c == '.');
        if number.is_some_and(is_number) {
            blanked.push_str(&text[blanked.len()..end]);
            blank(&mut blanked, line.len());
        }
    }
    (!blanked.is_empty()).then(|| format!("{blanked}{}", &text[blanked.len()..]))
}

/// The formulas of a text of sentences; `None` where it is none.
pub(super) fn formulas(text: &str) -> Option<Prose> {
    let mut prose = Prose {
        formulas: String::with_capacity(text.len()),
        targets: Vec::new(),
        order: 1,
        certain: false,
        facts: Vec::new(),
        told: Vec::new(),
    };
    let mut spoken_of: Vec<SpokenName> = Vec::new();
    let mut words = String::new();
    let mut kept = false;
    let mut heads = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let Some((at, open, close)) = next(rest) else { break };
        let (before, inside) = (&rest[..at], &rest[at + open.len()..]);
        let length = inside.find(close)?;
        words.push_str(before);
        blank(&mut prose.formulas, before.len());
        let inner = &inside[..length];
        let whole = &rest[at..at + open.len() + length + close.len()];
        heads += usize::from(inner.trim_end().ends_with(')'));
        if is_aside(inner) || is_lone_sign(inner) || heads <= MAX_SPOKEN && is_head_of(text, inner) {
            let by = BY.iter().any(|by| before.trim_end().ends_with(by));
            prose.targets.extend(parse_name(inner.trim()).ok().filter(|_| by));
            let following = &inside[length + close.len()..];
            let after = next(following).map_or(following, |(at, ..)| &following[..at]);
            spoken_of.push(SpokenName { name: inner.trim(), before, after });
            blank(&mut prose.formulas, whole.len());
        } else {
            kept = true;
            prose.formulas.push_str(whole);
        }
        rest = &rest[at + whole.len()..];
    }
    words.push_str(rest);
    blank(&mut prose.formulas, rest.len());
    let spoken = words.split(|c: char| !c.is_alphabetic()).filter(|w| is_spoken(w)).count();
    // a document does not begin with a word and a formula
    let begins = text.split('$').next().is_some_and(|before| before.split_whitespace().any(is_spoken));
    let asks = spoken > 1 || begins && text.contains('$') || !prose.targets.is_empty();
    prose.certain = asks && !words.contains([':', ';']);
    if !kept || spoken == 0 || words.contains(['\\', '=', '^', '_', '{', '#']) {
        return None;
    }
    let (told, facts) = told(&spoken_of, &prose.formulas);
    prose.facts =
        FACTS.iter().copied().filter(|fact| words.contains(fact) && !facts.iter().any(|f| f.contains(fact))).collect();
    prose.told = told;
    Some(prose)
}

/// What sentences say of names that stand in formulas, `$A$ is symmetric`, `a positive definite $Σ$`: declarations, and the
/// words they come from.
fn told(names: &[SpokenName], formulas: &str) -> (Vec<String>, Vec<&'static str>) {
    let (mut told, mut facts) = (vec![], vec![]);
    for (i, spoken) in names.iter().enumerate() {
        // `$A$ and $B$ are symmetric`
        let joined = |s: &SpokenName| matches!(s.after.trim(), "and" | ",");
        let last = names[i..].iter().find(|s| !joined(s)).unwrap_or(spoken);
        let plural = last.name == spoken.name || last.after.trim_start().starts_with("are ");
        let behind = predicate(last.after).filter(|_| plural);
        let found = behind.or_else(|| attribute(spoken.before));
        let name = spoken.name;
        let Some(found) = found.filter(|_| formulas.contains(name) && parse_name(name).is_ok()) else { continue };
        facts.extend(found.iter().map(|(word, _)| *word));
        let words: Vec<&str> = found.iter().map(|(_, fact)| *fact).collect();
        told.push(format!("{name}: {}", words.join(" ")));
    }
    (told, facts)
}

/// How sentences call a fact, the longer words first, and how it is declared.
const CALLED: &[(&str, &str)] = &[
    ("symmetric positive definite", "spd"),
    ("positive definite", "spd"),
    ("positive-definite", "spd"),
    ("symmetric positive semidefinite", "symmetric"),
    ("positive semidefinite", "symmetric"),
    ("positive semi-definite", "symmetric"),
    ("symmetric", "symmetric"),
    ("diagonal", "diagonal"),
    ("orthogonal", "orthogonal"),
    ("invertible", "invertible"),
    ("nonsingular", "invertible"),
    ("non-singular", "invertible"),
];

/// ` is a symmetric matrix`, ` symmetric`: what is said behind a name.
fn predicate(after: &str) -> Option<Vec<(&'static str, &'static str)>> {
    let clause = after.split(['.', ',', ';', ':']).next()?.trim_start();
    let verb = ["is an ", "is a ", "is ", "are ", "be an ", "be a ", "be "].iter().find_map(|v| clause.strip_prefix(v));
    let rest = verb.unwrap_or(clause);
    let rest = ["real ", "square "].iter().fold(rest, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
    let (word, fact) = CALLED.iter().find(|(word, _)| rest.starts_with(word))?;
    let ends = !rest[word.len()..].starts_with(char::is_alphabetic);
    let more = rest[word.len()..].strip_prefix(" and ").and_then(|r| CALLED.iter().find(|(w, _)| r.starts_with(w)));
    ends.then(|| [Some((*word, *fact)), more.map(|(w, f)| (*w, *f))].into_iter().flatten().collect())
}

/// `a symmetric matrix `, `symmetric `: what is said before a name.
fn attribute(before: &str) -> Option<Vec<(&'static str, &'static str)>> {
    let clause = before.trim_end();
    let clause = [" matrix", " matrices"].iter().find_map(|noun| clause.strip_suffix(noun)).unwrap_or(clause);
    let (word, fact) = CALLED.iter().find(|(word, _)| clause.ends_with(word))?;
    let rest = &clause[..clause.len() - word.len()];
    let begins = !rest.ends_with(|c: char| c.is_alphabetic() || c == '-') && !rest.trim_end().ends_with("not");
    begins.then(|| vec![(*word, *fact)])
}

/// No letter, and no word that documents have too.
fn is_spoken(word: &str) -> bool {
    word.len() > 1 && word.chars().all(char::is_alphabetic) && !CONNECTIVES.contains(&word)
}

/// The first delimiter that opens a formula.
fn next(text: &str) -> Option<(usize, &'static str, &'static str)> {
    let found = DELIMITERS.iter().filter_map(|(open, close)| text.find(open).map(|at| (at, *open, *close)));
    found.min_by_key(|(at, open, _)| (*at, std::cmp::Reverse(open.len())))
}

fn blank(text: &mut String, length: usize) {
    text.extend(std::iter::repeat_n(' ', length));
}

/// `\otimes`, `*`: a sign that is spoken of.
fn is_lone_sign(inner: &str) -> bool {
    let sign = inner.trim();
    let command = sign.strip_prefix('\\').is_some_and(|c| c.chars().all(|c| c.is_ascii_alphabetic()));
    parse_name(sign).is_err() && (command || !sign.chars().any(char::is_alphanumeric))
}

/// `c(x)` beside `c(x) = …`: a function that is spoken of, and defined elsewhere.
fn is_head_of(text: &str, inner: &str) -> bool {
    let head = inner.trim();
    let called =
        head.strip_suffix(')').and_then(|h| h.split_once('(')).is_some_and(|(f, _)| parse_name(f.trim()).is_ok());
    let defined = |(at, _): (usize, &str)| {
        let after = text[at + head.len()..].trim_start();
        after.starts_with('=') || after.starts_with(":=") || after.starts_with("&=")
    };
    called && text.match_indices(head).take(MAX_SPOKEN).any(defined)
}

/// So many functions are looked for, each at so many places.
const MAX_SPOKEN: usize = 16;

/// A name, or a size such as `n \times m`: nothing to derive.
fn is_aside(inner: &str) -> bool {
    let sizes = inner.replace("\\times", " ").replace('×', " ");
    let size = |word: &str| word.chars().count() == 1 && word.chars().all(char::is_alphanumeric);
    parse_name(inner.trim()).is_ok() || sizes.len() < inner.len() && sizes.split_whitespace().all(size)
}
