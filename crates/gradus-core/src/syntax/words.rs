//! Words between formulas and what stands with them: where, subject to, minima, letters set above signs.

use super::lexer::Lexer;
use super::token::{Bracket, Connective, Optimum, Tok};
use super::{facts, functions, names, scan};
use crate::expr::{Gathering, Name};

/// What people write between formulas.
const WORDS: &[(&str, Connective)] = &[
    ("where", Connective::Where),
    ("with", Connective::Where),
    ("and", Connective::Where),
    ("subject to", Connective::SubjectTo),
    ("such that", Connective::SubjectTo),
    ("s.t.", Connective::SubjectTo),
    ("s.t", Connective::SubjectTo),
    ("if", Connective::If),
    ("for", Connective::For),
    ("when", Connective::If),
    ("otherwise", Connective::Otherwise),
    ("else", Connective::Otherwise),
];

/// What people write for a minimum or a maximum that is sought.
const OPTIMA: &[(&str, &str)] = &[
    ("min", "min"),
    ("max", "max"),
    ("minimize", "min"),
    ("minimise", "min"),
    ("maximize", "max"),
    ("maximise", "max"),
    ("minimum", "min"),
    ("maximum", "max"),
    ("argmin", "argmin"),
    ("argmax", "argmax"),
    ("arg min", "argmin"),
    ("arg max", "argmax"),
];

/// The word, whatever its case, spaces and punctuation.
pub(super) fn word(text: &str) -> Option<Connective> {
    let plain = plain(text);
    let is = |text: &str| WORDS.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
    is(&plain).or_else(|| is(plain.trim_matches(['.', ';'])))
}

/// What several words in an upright font are, ` is symmetric`, `where`, `(a loss)`: words between formulas, those that
/// facts are told in, and others; `None` of one word, which may be a name.
pub(super) fn phrase(text: &str) -> Option<Vec<Tok>> {
    let spaced = text.replace("\\,", " ").replace(['~', '\\'], " ");
    let all: Vec<&str> = spaced.split_whitespace().collect();
    let letters = |word: &str| word.chars().all(|c| names::is_letter(c) || c == '-');
    let lone = |word: &str| letters(word.trim_matches([',', '.', ';', ':']));
    if all.is_empty() || spaced.contains(['$', '{', '=', '^', '_']) {
        return None;
    }
    if let [only] = all[..]
        && lone(only)
    {
        // `\text{ times }` stands between formulas, `\text{loss}` is a name
        let between = spaced.starts_with(' ') && spaced.ends_with(' ') && !functions::is_reserved(only);
        let own = word(only).is_some() || optimum(only).is_some() || facts::speaks(only);
        return (between && !own).then(|| vec![Tok::Said]);
    }
    Some(spoken(text))
}

/// The words of a sentence: those between formulas, those that facts are told in, and remarks.
pub(super) fn spoken(text: &str) -> Vec<Tok> {
    let spaced = text.replace("\\,", " ").replace(['~', '\\'], " ");
    let all: Vec<&str> = spaced.split_whitespace().collect();
    let mut found = vec![];
    let mut run: Vec<&str> = vec![];
    let mut rest = &all[..];
    while let [first, after @ ..] = rest {
        let pair = after.first().map(|second| format!("{first} {second}"));
        let (connective, length) = match pair.and_then(|p| word(&p)) {
            Some(connective) => (Some(connective), 2),
            // `symmetric and positive definite`
            None if *first == "and" && !run.is_empty() && after.first().is_some_and(|w| facts::is_fact_word(w)) => {
                rest = after;
                continue;
            }
            None => (word(first), 1),
        };
        match connective {
            Some(connective) => {
                found.extend(said(&std::mem::take(&mut run)));
                found.push(Tok::Word(connective));
            }
            None => run.push(first),
        }
        rest = &rest[length..];
    }
    found.extend(said(&run));
    // `for a symmetric matrix`, `for all`
    if let [first @ Tok::Word(Connective::For), Tok::Said | Tok::Name(_), ..] = &mut found[..] {
        *first = Tok::Word(Connective::Where);
    }
    found
}

/// Words that tell facts, one by one, or a remark.
fn said(words: &[&str]) -> Vec<Tok> {
    let bare = |word: &str| word.trim_matches([',', '.', ';', ':', '(', ')']).to_lowercase();
    match words {
        [] => vec![],
        _ if words.iter().all(|w| facts::speaks(&bare(w))) => {
            let bracket = |i: usize, sign: char| words[i].contains(sign);
            let open = bracket(0, '(').then_some(Tok::Open(Bracket::Paren));
            let close = bracket(words.len() - 1, ')').then_some(Tok::Close(Bracket::Paren));
            let names = words.iter().map(|w| Tok::Name(Name::new(&bare(w))));
            open.into_iter().chain(names).chain(close).collect()
        }
        _ => vec![Tok::Said],
    }
}

/// The optimum a word names.
pub(super) fn optimum(text: &str) -> Option<&'static str> {
    let plain = plain(text);
    OPTIMA.iter().find(|(word, _)| *word == plain).map(|(_, what)| *what)
}

fn plain(text: &str) -> String {
    let spaced: String = text.replace("\\,", " ").replace(['~', '\\'], " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    words.join(" ").trim_matches([',', ':']).to_lowercase()
}

/// Words of plain text that hold more than letters, or that no name can be.
const PLAIN: &[(&str, Connective)] = &[
    ("subject to", Connective::SubjectTo),
    ("such that", Connective::SubjectTo),
    ("s.t.", Connective::SubjectTo),
    ("where", Connective::Where),
    ("otherwise", Connective::Otherwise),
    ("with", Connective::Where),
    ("and", Connective::Where),
];

/// Those that are words in a text of LaTeX, where names have one letter, and may be names elsewhere.
const LATEX_ONLY: &[&str] = &["with", "and"];

impl Lexer<'_> {
    /// `where`, `s.t.`, `minimize` in plain text.
    pub(super) fn plain_word(&mut self) -> bool {
        let start = self.pos;
        let rest = self.rest();
        let whole = |word: &str| rest.starts_with(word) && !rest[word.len()..].starts_with(is_part);
        let connective = |(text, _): &&(&str, Connective)| {
            // `where(x > 0, a, b)` is a call
            let called = *text == "where" && rest.starts_with("where(");
            whole(text) && !called && (self.latex || !LATEX_ONLY.contains(text))
        };
        if let Some((text, word)) = PLAIN.iter().find(connective) {
            self.pos += text.len();
            self.push(Tok::Word(*word), start);
            return true;
        }
        let Some((text, what)) = OPTIMA.iter().filter(|(text, _)| !text.contains(' ')).find(|(text, _)| whole(text))
        else {
            return false;
        };
        let after = rest[text.len()..].trim_start();
        // `minimize: …`
        let spoken = text.len() > "argmin".len() && after.starts_with(':') && !after.starts_with(":=");
        if spoken {
            self.pos += text.len();
            self.push(Tok::Optimum(Box::new(Optimum { what, over: None })), start);
            self.pos = self.text.len() - after.len() + 1;
            return true;
        }
        // a name of the document, a function
        if after.starts_with(['=', ':', '(', '^', '\'']) && text.len() <= "max".len() || after.starts_with(['=', ':']) {
            return false;
        }
        self.pos += text.len();
        self.optimum(what, start);
        true
    }

    /// What stands below a minimum.
    pub(super) fn optimum(&mut self, what: &'static str, start: usize) {
        let by = match what {
            "max" => Some(Gathering::Maximum),
            "min" => Some(Gathering::Minimum),
            _ => None,
        };
        if let Some(by) = by.filter(|_| self.runs_over_places()) {
            return self.gather(by, start);
        }
        if what.starts_with("arg") && self.runs_over_places() {
            let help = format!("the value there is {}_i x_i", &what["arg".len()..]);
            return self.syntax_error(start, format!("{what} over an index is a place"), "it has no derivative", &help);
        }
        self.skip_blank();
        self.eat("\\limits");
        self.skip_blank();
        let over = if self.eat("_") { self.index_as_written() } else { None };
        self.push(Tok::Optimum(Box::new(Optimum { what, over })), start);
    }

    /// A group without its braces, a command or a run of letters.
    fn index_as_written(&mut self) -> Option<String> {
        if self.rest().starts_with(['{', '\\']) {
            return self.argument().map(|t| t.trim().to_string());
        }
        let found = if self.latex { self.scan(scan::letter) } else { self.scan(scan::plain_subscript) };
        found.map(str::to_string)
    }

    /// `\arg\min`, `\arg \underset{x}{\min}`.
    pub(super) fn argument_of_optimum(&mut self, start: usize) {
        self.skip_blank();
        for (command, what) in [("\\min", "argmin"), ("\\max", "argmax")] {
            if self.eat(command) {
                return self.optimum(what, start);
            }
        }
        self.syntax_error(start, r"\arg is followed by \min or \max", "of what?", r"write \arg\min_x");
    }

    /// `\overset{def}{=}` is the sign below, `\underset{x}{\min}` the minimum over x.
    pub(super) fn stacked(&mut self, command: &str, start: usize) {
        let set = self.argument().unwrap_or("").trim().to_string();
        let base = self.argument().unwrap_or("").trim();
        let optimum = base.strip_prefix("\\operatorname").map_or(base, |b| b.trim_start_matches('*'));
        let optimum = optimum.trim_matches(['{', '}', '\\', ' ']);
        let optimum = optimum.strip_prefix("text{").or(optimum.strip_prefix("mathrm{")).unwrap_or(optimum);
        match self::optimum(optimum) {
            Some(what) if command == "underset" => {
                self.push(Tok::Optimum(Box::new(Optimum { what, over: Some(set) })), start);
            }
            _ if matches!(base, "=" | ":=" | "\\equiv" | "\\triangleq") => self.push(Tok::Equals, start),
            _ => self.syntax_error(
                start,
                format!(r"\{command} is not in the language here"),
                "one sign over another",
                "write the sign alone",
            ),
        }
    }
}

fn is_part(c: char) -> bool {
    names::is_letter(c) || c.is_ascii_digit()
}
