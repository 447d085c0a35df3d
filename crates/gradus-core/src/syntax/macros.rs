//! Macros: those the text defines, those of customary packages, and what only frames or colours a part of a formula. Each is
//! replaced by what it stands for before the text is read, and what is said of the replaced text is said of the macro.

use super::{commands, lexer, names, scan};
use crate::diag::{Errors, Span};
use std::collections::BTreeMap;

/// Macros within macros go at most so deep.
const MAX_DEPTH: usize = 16;

/// What macros make of a text is at most so long, in bytes.
const MAX_EXPANDED: usize = 1 << 18;

/// Macros of physics, mathtools and the preambles of papers: how many arguments they take, and what they stand for.
const CUSTOMARY: &[(&str, usize, &str)] = &[
    ("norm", 1, r"\left\lVert #1\right\rVert"),
    ("abs", 1, r"\left\lvert #1\right\rvert"),
    ("inner", 2, r"\langle #1, #2\rangle"),
    ("innerproduct", 2, r"\langle #1, #2\rangle"),
    ("innerprod", 2, r"\langle #1, #2\rangle"),
    ("iprod", 2, r"\langle #1, #2\rangle"),
    ("ip", 2, r"\langle #1, #2\rangle"),
    ("vect", 1, r"\mathbf{#1}"),
    ("mat", 1, r"\mathbf{#1}"),
    ("vb", 1, r"\mathbf{#1}"),
    ("va", 1, r"\vec{#1}"),
    ("mathbold", 1, r"\mathbf{#1}"),
    ("bs", 1, r"\boldsymbol{#1}"),
    ("E", 0, r"\mathbb{E}"),
    ("EE", 0, r"\mathbb{E}"),
    ("pdv", 2, r"\frac{\partial #1}{\partial #2}"),
    ("dv", 2, r"\frac{d #1}{d #2}"),
    ("pd", 2, r"\frac{\partial #1}{\partial #2}"),
    ("half", 0, r"\frac{1}{2}"),
    ("tp", 0, r"\top"),
    ("tran", 0, r"\top"),
    ("transp", 0, r"\top"),
    ("given", 0, r"\mid"),
    ("defeq", 0, ":="),
    ("eqdef", 0, ":="),
    ("qty", 0, ""),
    ("ones", 0, r"\mathbf{1}"),
    ("mathop", 1, "#1"),
    ("mathbin", 1, "#1"),
    ("mathrel", 1, "#1"),
    ("mathord", 1, "#1"),
    ("mathopen", 1, "#1"),
    ("mathclose", 1, "#1"),
    ("mathinner", 1, "#1"),
    ("ensuremath", 1, "#1"),
    ("boxed", 1, "#1"),
    ("fbox", 1, "#1"),
    ("framebox", 1, "#1"),
    ("smash", 1, "#1"),
    ("mathclap", 1, "#1"),
    ("hfill", 0, ""),
    ("par", 0, "\n"),
    ("hskip", 0, ""),
    ("textcolor", 2, "#2"),
    ("colorbox", 2, "#2"),
];

/// What defines a macro.
const DEFINITIONS: &[&str] =
    &["newcommand", "renewcommand", "providecommand", "def", "DeclareMathOperator", "DeclarePairedDelimiter"];

/// Old switches of fonts, `{\bf x}`, and the command that takes an argument.
const SWITCHES: &[(&str, &str)] = &[
    ("bf", "\\mathbf"),
    ("bfseries", "\\mathbf"),
    ("boldmath", "\\mathbf"),
    ("cal", "\\mathcal"),
    ("it", ""),
    ("mit", ""),
    ("tt", ""),
];

/// How preambles abbreviate fonts: the prefix of a letter, the command it stands for, and the letters that have it.
const PREFIXES: &[(&str, &str, Letters)] = &[
    ("b", "\\mathbf", Letters::All),
    ("bf", "\\mathbf", Letters::All),
    ("mb", "\\mathbf", Letters::All),
    ("v", "\\mathbf", Letters::Small),
    ("rv", "\\mathbf", Letters::Small),
    ("m", "\\mathbf", Letters::Capital),
    ("cal", "\\mathcal", Letters::Capital),
    ("mc", "\\mathcal", Letters::Capital),
    ("c", "\\mathcal", Letters::Capital),
    ("g", "\\mathcal", Letters::Capital),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Letters {
    All,
    Small,
    Capital,
}

/// A text without macros, and where each of its parts stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expansion {
    pub(super) text: String,
    pieces: Vec<ReplacedText>,
}

/// A stretch of the new text, and the macro it came of.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ReplacedText {
    new: Span,
    old: Span,
}

impl Expansion {
    /// The errors with their places in the text as it was typed.
    #[must_use]
    pub fn located(&self, mut errors: Errors) -> Errors {
        for label in errors.iter_mut().flat_map(|e| &mut e.labels) {
            label.span = Span::new(self.old(label.span.start, false), self.old(label.span.end, true));
        }
        errors
    }

    fn old(&self, at: usize, end: bool) -> usize {
        let (mut new, mut old) = (0, 0);
        for piece in &self.pieces {
            if at < piece.new.start || at == piece.new.start && end {
                break;
            }
            if at < piece.new.end || at == piece.new.end && end {
                return if end { piece.old.end } else { piece.old.start };
            }
            (new, old) = (piece.new.end, piece.old.end);
        }
        old + (at - new)
    }
}

struct Macro {
    arguments: usize,
    body: String,
}

/// What stands in place of the text's beginning: its length, and the new text.
struct Replacement {
    length: usize,
    text: String,
}

struct Expander {
    defined: BTreeMap<String, Macro>,
    new: String,
    pieces: Vec<ReplacedText>,
    /// For every array that is open, whether it only arranges a statement.
    arranged: Vec<bool>,
}

/// The text without macros; `None` where it has none.
pub(super) fn expanded(text: &str) -> Option<Expansion> {
    if !lexer::is_latex(text) {
        return None;
    }
    let mut expander =
        Expander { defined: BTreeMap::new(), new: String::new(), pieces: Vec::new(), arranged: Vec::new() };
    expander.write(text, 0);
    let Expander { new, pieces, .. } = expander;
    (!pieces.is_empty()).then_some(Expansion { text: new, pieces })
}

impl Expander {
    /// Copies a text and replaces the macros in it.
    fn write(&mut self, text: &str, depth: usize) {
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            let rest = &text[at..];
            let room = depth < MAX_DEPTH && self.new.len() < MAX_EXPANDED;
            if let Some(replacement) = Some(rest).filter(|_| room).and_then(|rest| self.replaced(rest)) {
                let start = self.new.len();
                self.write(&replacement.text, depth + 1);
                let after = rest[replacement.length..].starts_with(|c: char| c.is_ascii_alphabetic());
                if after && self.new.ends_with(|c: char| c.is_ascii_alphabetic()) {
                    self.new.push(' ');
                }
                if depth == 0 {
                    let old = Span::new(at, at + replacement.length);
                    self.pieces.push(ReplacedText { new: Span::new(start, self.new.len()), old });
                }
                at += replacement.length;
                continue;
            }
            let length = match c {
                '\\' => 1 + command_length(&rest[1..]),
                _ => c.len_utf8(),
            };
            self.new.push_str(&rest[..length]);
            at += length;
        }
    }

    fn replaced(&mut self, rest: &str) -> Option<Replacement> {
        if rest.starts_with('{') {
            return switched(rest);
        }
        let letters = rest.strip_prefix('\\')?;
        let name = &letters[..letters.bytes().take_while(u8::is_ascii_alphabetic).count()];
        if name.is_empty() {
            return None;
        }
        let after = &letters[name.len()..];
        let taken = 1 + name.len();
        if let Some(length) = self.definition(name, after) {
            return Some(Replacement { length: taken + length, text: " ".to_owned() });
        }
        if let Some(own) = self.defined.get(name) {
            return called(taken, after, own.arguments, &own.body);
        }
        match name {
            "left" => return cases(rest),
            "end" => return end_of_cases(rest).or_else(|| end_of_arrangement(rest, &mut self.arranged)),
            "text" | "mathrm" | "textrm" | "mbox" => return applied(taken, after),
            "begin" => return arrangement(rest, &self.new, &mut self.arranged),
            "underbrace" | "overbrace" | "underbracket" | "overbracket" => return braced(taken, name, after),
            "color" => return coloured(taken, after),
            "substack" => {
                let (_, inner) = scan::group(after.trim_start())?;
                let length = taken + (after.len() - after.trim_start().len()) + inner.len() + 2;
                return Some(Replacement { length, text: inner.replace("\\\\", ",") });
            }
            // functions, too: `\norm{x}^2` is no norm of a square
            "inner" | "norm" | "abs" if after.trim_start_matches('*').starts_with('{') => {}
            _ if commands::command(name).is_some() => return None,
            _ => {}
        }
        if let Some((_, arguments, body)) = CUSTOMARY.iter().find(|(custom, ..)| *custom == name) {
            let plain = after.strip_prefix('*').unwrap_or(after);
            match (*arguments, groups(plain)) {
                // `\inner{a, b}`
                (2, 1) if body.starts_with("\\langle") => return called(taken, after, 1, r"\langle #1\rangle"),
                (wanted, found) if found >= wanted => {
                    return called(taken + (after.len() - plain.len()), plain, wanted, body);
                }
                _ => {}
            }
        }
        let text = abbreviated(name)?;
        Some(Replacement { length: taken, text })
    }

    /// `\newcommand{\x}[1]{…}`, `\def\x#1{…}`, `\DeclareMathOperator{\tr}{tr}` after the command's name: how long it is.
    fn definition(&mut self, command: &str, after: &str) -> Option<usize> {
        if !DEFINITIONS.contains(&command) {
            return None;
        }
        let starred = after.strip_prefix('*').unwrap_or(after);
        let (name, rest) = defined_name(starred)?;
        let mut rest = rest;
        let (arguments, body) = match command {
            "newcommand" | "renewcommand" | "providecommand" => {
                let mut arguments = 0;
                if let Some((count, behind)) = rest.trim_start().strip_prefix('[').and_then(|r| r.split_once(']')) {
                    arguments = count.trim().parse().ok()?;
                    rest = behind;
                }
                (arguments, argument(&mut rest)?.to_owned())
            }
            "def" => {
                let parameters = rest.find('{')?;
                let arguments = rest[..parameters].matches('#').count();
                rest = &rest[parameters..];
                (arguments, argument(&mut rest)?.to_owned())
            }
            "DeclareMathOperator" => (0, format!("\\operatorname{{{}}}", argument(&mut rest)?)),
            "DeclarePairedDelimiter" => {
                let (open, close) = (argument(&mut rest)?, argument(&mut rest)?);
                (1, format!("\\left{open} #1\\right{close}"))
            }
            _ => return None,
        };
        self.defined.insert(name.to_owned(), Macro { arguments, body });
        Some(after.len() - rest.len())
    }
}

/// How long a command is, without its backslash.
fn command_length(rest: &str) -> usize {
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    if letters > 0 { letters } else { rest.chars().next().map_or(0, char::len_utf8) }
}

/// `{\name}` or `\name`, and what follows.
fn defined_name(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let (inner, rest) = match scan::group(text) {
        Some((rest, inner)) => (inner.trim(), rest),
        None => (text, ""),
    };
    let letters = inner.strip_prefix('\\')?;
    let length = letters.bytes().take_while(u8::is_ascii_alphabetic).count();
    let rest = if inner.len() == text.len() { &letters[length..] } else { rest };
    (length > 0).then_some((&letters[..length], rest))
}

/// A group without its braces, a command or one character; `rest` goes on behind it.
fn argument<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let text = rest.trim_start();
    if let Some((after, inner)) = scan::group(text) {
        *rest = after;
        return Some(inner);
    }
    let first = text.chars().next().filter(|c| !matches!(c, '{' | '}' | '$' | '&'))?;
    let length = if first == '\\' { 1 + command_length(&text[1..]) } else { first.len_utf8() };
    *rest = &text[length..];
    Some(&text[..length])
}

/// How many groups follow.
fn groups(text: &str) -> usize {
    let mut rest = text;
    let mut count = 0;
    while let Some((after, _)) = scan::group(rest.trim_start()).filter(|_| count < 2) {
        (rest, count) = (after, count + 1);
    }
    count
}

/// A macro with its arguments.
fn called(taken: usize, after: &str, arguments: usize, body: &str) -> Option<Replacement> {
    let mut rest = after;
    let mut text = body.to_owned();
    for i in 1..=arguments {
        let value = argument(&mut rest)?;
        text = text.replace(&format!("#{i}"), value);
        if text.len() > MAX_EXPANDED {
            return None;
        }
    }
    Some(Replacement { length: taken + (after.len() - rest.len()), text })
}

/// `{\bf x}` is `\mathbf{x}`.
fn switched(rest: &str) -> Option<Replacement> {
    let inside = rest[1..].trim_start().strip_prefix('\\')?;
    let name = &inside[..inside.bytes().take_while(u8::is_ascii_alphabetic).count()];
    let (_, command) = SWITCHES.iter().find(|(switch, _)| *switch == name)?;
    let (_, inner) = scan::group(rest)?;
    let content = inner.trim_start().strip_prefix('\\')?.strip_prefix(name)?.trim();
    let single = content.chars().all(|c| c.is_alphanumeric() || c == '\\');
    let text = if single { format!("{command}{{{content}}}") } else { format!("{{{content}}}") };
    Some(Replacement { length: inner.len() + 2, text })
}

/// `\left\{\begin{array}{ll} … \end{array}\right.`: cases, whatever arranges them.
fn cases(rest: &str) -> Option<Replacement> {
    let inside = rest.strip_prefix("\\left")?.trim_start().strip_prefix("\\{")?.trim_start();
    let mut begin = inside.strip_prefix("\\begin")?;
    let environment = argument(&mut begin)?;
    let columns = environment == "array";
    if !columns && !matches!(environment, "aligned" | "matrix" | "split" | "gathered") {
        return None;
    }
    if columns {
        argument(&mut begin)?;
    }
    let end = format!("\\end{{{environment}}}");
    let close = begin.find(&end)?;
    let after = begin[close + end.len()..].trim_start().strip_prefix("\\right")?;
    after.trim_start().starts_with('.').then_some(())?;
    Some(Replacement { length: rest.len() - begin.len(), text: "\\begin{cases}".to_owned() })
}

/// `\end{array}\right.`, the end of such cases.
fn end_of_cases(rest: &str) -> Option<Replacement> {
    let mut after = rest.strip_prefix("\\end")?;
    let environment = argument(&mut after)?;
    matches!(environment, "array" | "aligned" | "matrix" | "split" | "gathered").then_some(())?;
    let point = after.trim_start().strip_prefix("\\right")?.trim_start().strip_prefix('.')?;
    Some(Replacement { length: rest.len() - point.len(), text: "\\end{cases}".to_owned() })
}

/// `\begin{array}{rl} \min & …` where a formula begins arranges it, and is no matrix.
fn arrangement(rest: &str, before: &str, arranged: &mut Vec<bool>) -> Option<Replacement> {
    let mut inside = rest.strip_prefix("\\begin")?;
    (argument(&mut inside)? == "array").then_some(())?;
    argument(&mut inside)?;
    let before = before.trim_end();
    let begins = before.is_empty() || ["$", "\\[", "\\("].iter().any(|edge| before.ends_with(edge));
    arranged.push(begins);
    let text = "\\begin{aligned}".to_owned();
    begins.then_some(Replacement { length: rest.len() - inside.len(), text })
}

fn end_of_arrangement(rest: &str, arranged: &mut Vec<bool>) -> Option<Replacement> {
    let mut after = rest.strip_prefix("\\end")?;
    (argument(&mut after)? == "array" && arranged.pop()?).then_some(())?;
    Some(Replacement { length: rest.len() - after.len(), text: "\\end{aligned}".to_owned() })
}

/// `\text{Attention(Q, K)}` is the word before its bracket.
fn applied(taken: usize, after: &str) -> Option<Replacement> {
    let (behind, inner) = scan::group(after)?;
    let (word, _) = inner.split_once('(')?;
    let name = !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphabetic());
    name.then(|| Replacement { length: taken + (after.len() - behind.len()), text: inner.to_owned() })
}

/// `\underbrace{e}_{\text{data}}` is e.
fn braced(taken: usize, name: &str, after: &str) -> Option<Replacement> {
    let mut rest = after;
    let inner = argument(&mut rest)?;
    let sign = if name.starts_with("under") { '_' } else { '^' };
    if let Some(mut said) = rest.trim_start().strip_prefix(sign) {
        argument(&mut said)?;
        rest = said;
    }
    Some(Replacement { length: taken + (after.len() - rest.len()), text: grouped(inner) })
}

/// `\color{red}{e}` is e, and `\color{red}` nothing.
fn coloured(taken: usize, after: &str) -> Option<Replacement> {
    let mut rest = after;
    argument(&mut rest)?;
    let text = match scan::group(rest) {
        Some((behind, inner)) => {
            rest = behind;
            grouped(inner)
        }
        None => String::new(),
    };
    Some(Replacement { length: taken + (after.len() - rest.len()), text })
}

/// What was one argument stays one term.
fn grouped(inner: &str) -> String {
    if inner.contains(['+', '-']) && !inner.contains('=') { format!("{{{inner}}}") } else { inner.to_owned() }
}

/// `\bx`, `\vmu`, `\mX`, `\gL`: a letter in the font its prefix stands for.
fn abbreviated(name: &str) -> Option<String> {
    PREFIXES.iter().find_map(|(prefix, command, letters)| {
        let rest = name.strip_prefix(prefix)?;
        let letter = rest.len() == 1;
        let greek = names::greek(rest).is_some();
        let capital = rest.starts_with(|c: char| c.is_ascii_uppercase());
        let fits = match letters {
            Letters::All => true,
            Letters::Small => !capital,
            Letters::Capital => capital,
        };
        let typed = if greek { format!("\\{rest}") } else { rest.to_owned() };
        ((letter || greek) && fits).then(|| format!("{command}{{{typed}}}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = expanded(text).map_or(text.to_owned(), |e| e.text);
        assert_eq!(found.trim(), expected, "{text}");
    }

    #[test]
    fn macros_are_replaced() {
        check(r"\newcommand{\x}{\mathbf{x}} \x^\top A \x", r"\mathbf{x}^\top A \mathbf{x}");
        check(r"\def\n#1{\|#1\|} \n{x}^2", r"\|x\|^2");
        check(r"\DeclareMathOperator{\trace}{tr} \trace(A)", r"\operatorname{tr}(A)");
        check(r"\norm{A x}^2", r"\left\lVert A x\right\rVert^2");
        check(r"\bx^T \bA \bmu", r"\mathbf{x}^T \mathbf{A} \mathbf{\mu}");
        check(r"{\bf x}_i + {\cal L}", r"\mathbf{x}_i + \mathcal{L}");
        check(r"\underbrace{a + b}_{\text{both}} c", r"{a + b} c");
        check(r"\color{red}{x} \textcolor{blue}{y}", r"x y");
        check(
            r"\[\begin{array}{rl} \min & x \\ s.t. & y\end{array}\]",
            r"\[\begin{aligned} \min & x \\ s.t. & y\end{aligned}\]",
        );
        check(r"\text{Attention(Q, K)} = Q", "Attention(Q, K) = Q");
        check(r"\left\{\begin{array}{ll} a & b \\ c & d\end{array}\right.", r"\begin{cases} a & b \\ c & d\end{cases}");
    }

    #[test]
    fn known_commands_stay() {
        check(r"\mu + \beta + \bar x + \vec v + \min_x", r"\mu + \beta + \bar x + \vec v + \min_x");
    }

    #[test]
    fn macros_that_call_themselves_end() {
        let text = r"\def\a{\b\b} \def\b{\a\a} \a";
        assert!(expanded(text).is_some_and(|e| e.text.len() <= 4 * MAX_EXPANDED));
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = r"\norm{x} + y";
        let found =
            expanded(text).map(|e| (e.old(e.text.len() - 1, false), e.old(e.text.len(), true), e.old(3, false)));
        assert_eq!(found, Some((text.len() - 1, text.len(), 0)));
    }
}
