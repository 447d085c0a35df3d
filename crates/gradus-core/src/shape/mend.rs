//! The nearest text that can be read: small edits where an error stands, each tried before one is offered.

use super::elaborate;
use super::indices::ENTRY_OF_MEMBER;
use super::kinds::{LOST_TRANSPOSE, POWER_OR_LABEL, SQUARED_LENGTH};
use crate::diag::{Error, Errors, Kind, Label};
use crate::expr::{Builtin, Elementwise};
use crate::syntax::{is_callable, is_word_of_declarations, parse_document};
use std::collections::BTreeMap;

/// Longer texts are not mended: their author has an editor.
const MAX_LENGTH: usize = 4096;

/// So many edits of one place are tried.
const MAX_EDITS: usize = 24;

/// So many places are mended one after the other.
const MAX_PLACES: usize = 3;

/// The errors of a document; where a small change of its text can be read, the first one says so: `did you mean: …`.
pub fn proposed(text: &str, mut errors: Errors) -> Errors {
    if let Some(mended) = nearest(text, &errors)
        && let Some(first) = errors.first_mut()
    {
        let help = first.help.take().map_or(String::new(), |help| format!("{help}\n"));
        first.help = Some(format!("{help}did you mean: {}", mended.trim()));
    }
    errors
}

fn nearest(text: &str, errors: &[Error]) -> Option<String> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let (mut text, mut errors) = (text.to_owned(), errors.to_vec());
    for _ in 0..MAX_PLACES {
        // what is refused by its name is not mended by other signs
        let typo = |e: &&Error| {
            matches!(e.kind, Kind::Syntax | Kind::Name | Kind::Shape) && !e.message.contains("not in the language")
                || e.written_out().is_some()
                || e.message.starts_with("\\oplus")
                || e.message.starts_with('⊕')
        };
        let error = errors.first().filter(typo)?;
        let mut further: Option<(String, Errors)> = None;
        // what does not fit lacks a sign, and no factor is too many
        let keeps = |edit: &String| error.kind != Kind::Shape || keeps_letters(&text, edit);
        for edit in edits(&text, error).into_iter().filter(|edit| *edit != text && keeps(edit)).take(MAX_EDITS) {
            match read(edit.trim(), error.kind == Kind::Shape) {
                Ok(()) => return Some(edit),
                Err(left)
                    if further.is_none()
                        && !left.is_empty()
                        && (is_nearer(&left, &errors, edit.contains(text.trim())) || is_first_of_several(error)) =>
                {
                    further = Some((edit, left));
                }
                Err(_) => {}
            }
        }
        (text, errors) = further?;
    }
    None
}

/// `x - x_i` in what is asked back for another reason too, `K((x - x_i) / h)`; one of several commands, of which the first is told.
fn is_first_of_several(error: &Error) -> bool {
    let renames = error.help.as_ref().is_some_and(|help| help.contains("needs a letter of its own: "));
    renames || error.message.starts_with("unknown command")
}

/// Whether fewer errors are left, or another one where nothing but a line was added.
fn is_nearer(left: &[Error], errors: &[Error], is_added: bool) -> bool {
    let first = |errors: &[Error]| errors.first().map(|e| e.message.clone());
    left.len() < errors.len() || is_added && left.len() == errors.len() && first(left) != first(errors)
}

/// Whether every letter of a text stands in the other as often at least.
fn keeps_letters(text: &str, other: &str) -> bool {
    let counted = |text: &str| {
        let mut counts: BTreeMap<char, usize> = BTreeMap::new();
        // the size of a bracket is no letter of the formula
        let text = text.replace("\\left", "").replace("\\right", "");
        text.chars().filter(|c| c.is_alphabetic()).for_each(|c| *counts.entry(c).or_default() += 1);
        counts
    };
    let found = counted(other);
    counted(text).iter().all(|(letter, count)| found.get(letter).is_some_and(|found| found >= count))
}

/// Where shapes are at stake, a value that is a scalar by custom stays one.
fn read(text: &str, shapes: bool) -> Result<(), Errors> {
    let program = elaborate(&parse_document(text)?)?;
    let array = program.reading.head.is_some_and(|said| said.contains("is a scalar by custom"));
    if array && shapes { Err(vec![]) } else { Ok(()) }
}

/// What may have been meant, the likeliest first.
fn edits(text: &str, error: &Error) -> Vec<String> {
    let Some(label) = error.labels.first() else { return Vec::new() };
    let (start, end) = (label.span.start, label.span.end);
    let (Some(before), Some(found), Some(after)) = (text.get(..start), text.get(start..end), text.get(end..)) else {
        return Vec::new();
    };
    if let Some(formula) = error.written_out() {
        return vec![format!("{before}{formula}{after}")];
    }
    if error.message.contains("'' is a second derivative") {
        return vec![with_names_for_rates(text, found)];
    }
    let help = error.help.as_deref().unwrap_or("");
    let instead = help.split_once("and write `").and_then(|(_, rest)| rest.split_once('`')).map(|(other, _)| other);
    // `A: positive definite`
    if error.kind == Kind::Syntax && text.contains("positive definite") {
        let one_word = text.replace("symmetric positive definite", "spd").replace("positive definite", "spd");
        return vec![one_word];
    }
    // `[h \oplus c]`
    if matches!(found, "\\oplus" | "⊕") {
        let within = before.rfind('[') > before.rfind(']');
        return vec![if within { format!("{before};{after}") } else { one_below_the_other(before, after) }];
    }
    // `sim(a, b)` with its customary formula
    let defined = help.split_once("define `").and_then(|(_, rest)| rest.split_once('`')).map(|(line, _)| line);
    if let Some(line) = defined.filter(|line| error.kind == Kind::Name && !line.contains('…')) {
        // of members the loss is one of numbers
        let member = after.split(',').next().is_some_and(|first| first.contains('_') || first.contains("^{("));
        let of_numbers = line.replace("‖u - v‖^2", "(u - v)^2");
        let lines = [of_numbers.as_str(), line].into_iter().skip(usize::from(!member || of_numbers == line));
        return lines.map(|line| format!("{}; {line}", text.trim_end())).collect();
    }
    // `‖A x - b‖^2 = …`: one side is the value, the last one first
    if error.message.starts_with("the left side of =") {
        return sides(after).into_iter().map(|side| format!("{before}{side}")).collect();
    }
    // `x - x_i`, where x is a point of its own
    if let Some(letter) = help.split_once("needs a letter of its own: ").and_then(|(_, to)| to.chars().next()) {
        return renamed_family(text, found, letter).into_iter().collect();
    }
    // `K [R | t] X`: blocks side by side
    if found == "]"
        && let Some(bar) = error.labels.get(1).map(|label| label.span)
        && matches!(text.get(bar.start..bar.end), Some("|" | "\\mid" | "\\vert"))
    {
        // a bracket right behind a name is a slice
        let open = text[..bar.start].rfind('[').unwrap_or(bar.start);
        return vec![format!("{} {},{}", text[..open].trim_end(), text[open..bar.start].trim_end(), &text[bar.end..])];
    }
    // `x_{nk}` beside the vectors `x_n`
    if let Some(label) = error.labels.iter().find(|l| l.text == "2 indices" && help.ends_with(ENTRY_OF_MEMBER))
        && let Some(typed) = text.get(label.span.start..label.span.end)
    {
        return entry_of_member(typed).map(|entry| text.replace(typed, &entry)).into_iter().collect();
    }
    // `U_i^T V_j` beside `‖U‖_F^2`
    if help.starts_with("say what is whole by its rows") {
        return vec![by_rows(text)];
    }
    // `b_u + b_i` of two families
    if let Some(letter) = help.split_once("give the second a letter of its own, ").and_then(|(_, to)| to.chars().next())
    {
        let other = format!("{letter}{}", found.trim_start_matches(|c: char| c != '_' && c != '^'));
        return vec![text.replace(found, &other)];
    }
    let lines: Vec<&str> = declarations(error).collect();
    if error.message.ends_with(LOST_TRANSPOSE) {
        let mut transposed = text.to_owned();
        error.labels.iter().rev().for_each(|label| transposed.insert_str(label.span.end, "^T"));
        return vec![transposed];
    }
    if error.message.ends_with(POWER_OR_LABEL) {
        return vec![with_labels(text, error)];
    }
    if error.message.ends_with(SQUARED_LENGTH) {
        return lines.iter().map(|line| format!("{line}; {}", with_double_bars(text, error))).collect();
    }
    // a program has lines
    let declared = lines.iter().flat_map(|line| [format!("{line}; {text}"), format!("{line}\n{text}")]);
    if error.kind == Kind::Shape && !lines.is_empty() {
        return declared.chain(entry_by_entry(text)).collect();
    }
    // `A^T x` for `A x`
    if let (Kind::Shape, [first, second, ..]) = (error.kind, &error.labels[..])
        && first.span.end <= second.span.start
        && let (Some(before), Some(after)) = (text.get(..start), text.get(second.span.end..))
    {
        let quoted = help.split('`').skip(1).step_by(2).filter(|part| !part.contains(": "));
        // of a sum the help speaks of one term
        let sum = error.message.starts_with("cannot add");
        let terms = text.get(..second.span.start).filter(|_| sum && help.starts_with("did you mean the transpose"));
        let instead: Vec<String> = match (sum, terms) {
            (true, Some(first)) => quoted.map(|part| format!("{first}{part}{after}")).collect(),
            (true, None) => return Vec::new(),
            (false, _) => quoted.map(|part| format!("{before}{part}{after}")).collect(),
        };
        if !instead.is_empty() {
            return instead;
        }
    }
    if let Some(power) =
        after.strip_prefix("**").or_else(|| after.strip_prefix('^')).filter(|_| error.kind == Kind::Shape)
    {
        // `|r|^2` of a vector is its squared length
        if let Some(inner) = within_bars(found) {
            return vec![format!("{before}{}^{power}", double_bars(inner, text))];
        }
        // `(\mathbf p - q \mathbf A)^2` is that of a length, but for means of entries
        let bold = ["\\mathbf", "\\boldsymbol", "\\bm", "\\vec"].iter().any(|font| found.contains(font));
        if bold && (power.starts_with('2') || power.starts_with("{2}")) && !text.contains("mean") {
            let inner = found.trim().trim_start_matches("\\left").trim_start_matches('(');
            let inner = inner.strip_suffix(')').unwrap_or(inner).trim_end_matches("\\right").trim();
            let before = before.trim_end().strip_suffix("\\left").unwrap_or(before);
            return vec![format!("{before}\\|{inner}\\|^{power}")];
        }
        return vec![format!("{before}{found}.^{power}")];
    }
    if is_function(found) {
        return advised(text, error)
            .map(|other| format!("{before}{other}{after}"))
            .chain([with_another_name(text, found)])
            .chain([format!("{before}{found}_1{after}")])
            .collect();
    }
    let both = |other: &str| lines.iter().map(|line| format!("{line}; {before}{other}{after}")).collect();
    let mut edits: Vec<String> = instead.map_or_else(Vec::new, both);
    if let Some(open) = error.labels.get(1).and_then(|l| text.get(l.span.start..l.span.end)) {
        edits.extend(closing(text, open, [before, found, after]));
    }
    // `\frac{1}{2 \|x\|`: the number alone is the denominator
    let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if found == "{" && before.ends_with('}') && digits > 0 && after[digits..].starts_with(' ') {
        edits.push(format!("{before}{found}{}}}{}", &after[..digits], &after[digits..]));
    }
    if let Some(close) = partner(found) {
        edits.extend(ends(text, end).map(|at| format!("{}{close}{}", &text[..at], &text[at..])));
        // two brackets are open
        edits.push(format!("{}{close}{close}", text.trim_end()));
    }
    let letters: Vec<String> = found.chars().map(String::from).collect();
    // `rN(…)` beside N
    let called = after.starts_with('(') && !letters.iter().any(|letter| holds_word(text, letter));
    if (2..=4).contains(&letters.len()) && found.chars().all(char::is_alphabetic) && !called {
        let gap = if after.starts_with('(') { " " } else { "" };
        edits.push(format!("{before}{}{gap}{after}", letters.join(" ")));
    }
    if found == "t" {
        // `^top` lacks its backslash
        let is_whole = |rest: &&str| !rest.starts_with(char::is_alphanumeric);
        let after = after.strip_prefix("op").filter(is_whole).unwrap_or(after);
        let gap = if after.starts_with(char::is_alphanumeric) { " " } else { "" };
        let all = text.replace("^t", "^T ");
        edits.extend([format!("{before}T{gap}{after}"), all]);
    }
    // what is advised for a sign is no text in its place
    let advised = advised(text, error).filter(|_| found.contains(char::is_alphanumeric));
    edits.extend(advised.map(|other| format!("{before}{other}{after}")));
    edits.extend(declared);
    edits.extend(indexed_head(text, label));
    let command = help.strip_prefix("did you mean \\").and_then(|rest| rest.strip_suffix('?'));
    edits.extend(command.map(|command| {
        // `K^\topR` has run into the next letter
        let rest = found.strip_prefix('\\').and_then(|typed| typed.strip_prefix(command)).unwrap_or_default();
        let space = if rest.is_empty() { "" } else { " " };
        format!("{before}\\{command}{space}{rest}{after}")
    }));
    edits.extend(grouped(error, [before, found, after]));
    // an unknown command may be a word
    let unknown = error.message.starts_with("unknown command");
    let word = found.strip_prefix('\\').filter(|word| unknown && word.chars().all(char::is_alphabetic));
    edits.extend(word.map(|word| format!("{before}{word}{after}")));
    // signs may be too many, words and what says where a value, an index or a kind begins never are
    let meant = |c: char| matches!(c, '!' | '√' | '∫' | '†' | '⊕' | '⊗' | '×');
    let sign = |c: char| {
        !c.is_alphanumeric() && !meant(c) && !matches!(c, '\\' | '_' | ':' | '=' | '<' | '>' | '≠' | '≤' | '≥')
    };
    let doubled = |c: char| !matches!(c, '+' | '-' | '*' | '/' | '∘' | '·') || before.trim_end().ends_with(c);
    if found.chars().all(|c| sign(c) && doubled(c)) {
        edits.push(format!("{before}{after}"));
    }
    // a sign of equality that nothing follows
    let head = before.trim_end().strip_suffix('=').filter(|_| found.is_empty() && after.trim().is_empty());
    edits.extend(head.map(str::to_owned));
    let last = before.trim_end().char_indices().next_back().filter(|(_, c)| sign(*c) && !matches!(c, '/' | '-' | '∘'));
    // a comma within a bracket parts arguments
    let parts = |c: char| c == ',' && before.matches('(').count() > before.matches(')').count();
    let last = last.filter(|(_, c)| !parts(*c));
    edits.extend(last.map(|(i, _)| format!("{}{found}{after}", &before[..i])));
    let bar = before.trim_end().strip_suffix("\\|").or_else(|| before.trim_end().strip_suffix("||"));
    edits.extend(bar.map(|rest| format!("{rest}{found}{after}")));
    if !error.message.ends_with("is no attribute") {
        edits.push(format!("{before} * {found}{after}"));
    }
    edits
}

/// `W^{(f)}` for `W^f` and `W^{f}`, at every place.
fn with_labels(text: &str, error: &Error) -> String {
    let mut spans: Vec<_> = error.labels.iter().map(|label| label.span).collect();
    spans.sort_by_key(|span| std::cmp::Reverse(span.start));
    let mut labelled = text.to_owned();
    for span in spans {
        let (Some(before), Some(letter)) = (text.get(..span.start), text.get(span.start..span.end)) else { continue };
        let within = before.trim_end().ends_with('{');
        let letter = letter.strip_prefix('{').and_then(|l| l.strip_suffix('}')).unwrap_or(letter).trim();
        let around = if within { format!("({letter})") } else { format!("{{({letter})}}") };
        labelled.replace_range(span.start..span.end, &around);
    }
    labelled
}

/// `y_ddot` and `y_dot` for `y''` and `y'`.
fn with_names_for_rates(text: &str, name: &str) -> String {
    let rate = |mark: &str| if text.contains('\\') { format!("\\{mark}{{{name}}}") } else { format!("{name}_{mark}") };
    let (mut written, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(&format!("{name}'")) {
        let (before, from) = rest.split_at(at);
        let primes = from[name.len()..].bytes().take_while(|b| *b == b'\'').count();
        let own = !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '\\'));
        let (typed, after) = from.split_at(name.len() + primes);
        written.push_str(before);
        match primes {
            1 if own => written.push_str(&rate("dot")),
            2 if own => written.push_str(&rate("ddot")),
            _ => written.push_str(typed),
        }
        rest = after;
    }
    written + rest
}

/// `(h \oplus c)`, `h \oplus c`: a stack of the two.
fn one_below_the_other(before: &str, after: &str) -> String {
    let open = before.rfind('(').filter(|_| after.contains(')'));
    match open.zip(after.find(')')) {
        Some((open, close)) => {
            format!("{}[{};{}]{}", &before[..open], &before[open + 1..], &after[..close], &after[close + 1..])
        }
        None => {
            let start = before.rfind('=').map_or(0, |at| at + 1);
            format!("{} [{};{}]", &before[..start], &before[start..], after)
        }
    }
}

/// `[x_n]_k` for `x_{nk}`.
fn entry_of_member(typed: &str) -> Option<String> {
    let (base, index) = typed.split_once('_')?;
    if base.contains("^{(") {
        return Some(format!("[{base}]_{index}"));
    }
    let letters: Vec<char> = index.chars().filter(|c| c.is_alphabetic()).collect();
    let [member, entry] = letters[..] else { return None };
    Some(format!("[{base}_{member}]_{entry}"))
}

/// What stands between single bars.
fn within_bars(typed: &str) -> Option<&str> {
    const BARS: [&[&str]; 2] = [&["\\left|", "\\lvert", "\\vert", "|"], &["\\right|", "\\rvert", "\\vert", "|"]];
    let typed = typed.trim().trim_matches(['(', ')']).trim();
    let inner = BARS[0].iter().find_map(|bar| typed.strip_prefix(bar))?;
    BARS[1].iter().find_map(|bar| inner.strip_suffix(bar)).map(str::trim)
}

fn double_bars(inner: &str, text: &str) -> String {
    if text.contains('\\') { format!("\\|{inner}\\|") } else { format!("‖{inner}‖") }
}

/// The text with double bars at every place of an error.
fn with_double_bars(text: &str, error: &Error) -> String {
    let mut out = text.to_owned();
    for span in error.labels.iter().rev().map(|label| label.span) {
        let typed = text.get(span.start..span.end).unwrap_or("");
        out.replace_range(span.start..span.end, &double_bars(within_bars(typed).unwrap_or(typed), text));
    }
    out
}

fn is_function(word: &str) -> bool {
    Elementwise::from_spelling(word).is_some() || Builtin::from_spelling(word).is_some()
}

/// Squared norms of capitals whose rows stand in the text, by their rows: `\sum_i \|U_i\|^2` for `\|U\|_F^2`.
fn by_rows(text: &str) -> String {
    const NORMS: [(&str, &str); 4] = [("\\|", "_F^2"), ("\\|", "^2_F"), ("\\|", "^2"), ("‖", "‖²")];
    let mut out = text.to_owned();
    for (at, letter) in text.char_indices().filter(|(_, c)| c.is_uppercase()) {
        let after = text[at + letter.len_utf8()..].strip_prefix('_').map(|rest| rest.trim_start_matches('{'));
        let Some(index) = after.and_then(|rest| rest.chars().next()).filter(|c| c.is_ascii_lowercase()) else {
            continue;
        };
        for (bar, end) in NORMS {
            let (close, sum) = if bar == "‖" { ("", "Σ") } else { (bar, "\\sum") };
            let whole = format!("{bar}{letter}{close}{end}");
            out = out.replace(&whole, &format!("{sum}_{index} {bar}{letter}_{index}{bar}^2"));
        }
    }
    out
}

/// The text with the family of a member, `x_i`, `\mathbf{r}_{i}`, `x^{(i)}`, under another letter.
fn renamed_family(text: &str, member: &str, letter: char) -> Option<String> {
    let base = &member[..member.find(['_', '^'])?];
    let own = base.trim_end_matches('}').chars().next_back().filter(|c| c.is_alphabetic())?;
    let other = base.replace(own, &letter.to_string());
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(base) {
        let (before, after) = (&rest[..at], &rest[at + base.len()..]);
        let whole = !before.ends_with(|c: char| c.is_alphanumeric() || c == '\\');
        let indexed = after.starts_with('_') || after.starts_with("^{(") || after.starts_with("^{[");
        out.push_str(before);
        out.push_str(if whole && indexed { &other } else { base });
        rest = after;
    }
    Some(out + rest)
}

/// Powers of brackets taken entry by entry, as programs mean them.
fn entry_by_entry(text: &str) -> Option<String> {
    // inverses and transposes are of matrices
    let counted = |after: &str| after.trim_start_matches('{').starts_with(|c: char| c.is_ascii_digit());
    let text = text.replace(")**", ")^");
    let mut parts = text.split(")^");
    let first = parts.next()?.to_owned();
    let powers = parts.fold(first, |powers, after| powers + if counted(after) { ").^" } else { ")^" } + after);
    (powers != text).then_some(powers)
}

/// The word, where nothing is in brackets after it, with a number: the name of a function is none of a variable.
fn with_another_name(text: &str, word: &str) -> String {
    let letter = |c: char| c.is_alphanumeric() || matches!(c, '_' | '\\');
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, after) = (&rest[..at], &rest[at + word.len()..]);
        let whole = !before.ends_with(letter) && !after.starts_with(letter) && !after.starts_with('(');
        out.push_str(before);
        out.push_str(word);
        out.push_str(if whole { "_1" } else { "" });
        rest = after;
    }
    out + rest
}

/// `\frac{a}\sqrt{c}`: the command and its groups as one argument.
fn grouped(error: &Error, [before, found, after]: [&str; 3]) -> Option<String> {
    let mut end = 0;
    while error.message.ends_with("lacks an argument") && after[end..].starts_with('{') {
        let mut depth = 0usize;
        let close = after[end..].char_indices().find(|(_, c)| {
            depth = match c {
                '{' => depth + 1,
                '}' => depth - 1,
                _ => depth,
            };
            depth == 0
        });
        end += close?.0 + 1;
    }
    (end > 0).then(|| format!("{before}{{{found}{}}}{}", &after[..end], &after[end..]))
}

/// `L_k = …` where nothing binds the k of what follows.
fn indexed_head(text: &str, label: &Label) -> Option<String> {
    let letter = label.text.strip_suffix("` is free here")?.strip_prefix('`')?;
    let (head, value) = text.split_once('=').unwrap_or(("L", text));
    let name = head.trim();
    let plain = !name.is_empty() && !name.contains(|c: char| !c.is_alphanumeric() && c != '\\');
    plain.then(|| format!("{name}_{letter} = {}", value.trim_start()))
}

/// The declarations an error asks for, in backticks: `x: n`.
fn declarations(error: &Error) -> impl Iterator<Item = &str> {
    let help = error.help.as_deref().filter(|help| help.contains("declare")).unwrap_or("");
    help.split('`').skip(1).step_by(2).filter(|line| line.contains(": ") && !line.contains('…'))
}

/// The bar or bracket that was opened, put in place of what was found, before it, or where a statement ends.
fn closing(text: &str, open: &str, [before, found, after]: [&str; 3]) -> Vec<String> {
    let Some(close) = partner(open) else { return Vec::new() };
    let instead = format!("{before}{close}{after}");
    let inserted = format!("{}{close}{found}{after}", before.trim_end());
    let opened = text[..before.len()].rfind(open).map_or(before.len(), |at| at + open.len());
    let places = ends(text, before.len()).chain(ends(text, opened));
    let mut places: Vec<usize> = places.collect();
    if open == "|" && places.len() > 1 {
        // a determinant is rather that of the first name than of a long sum
        places[1..].reverse();
    }
    let later = places.into_iter().map(|at| format!("{}{close}{}", &text[..at], &text[at..]));
    [instead, inserted].into_iter().chain(later).collect()
}

/// What closes a bracket or bar.
fn partner(open: &str) -> Option<&'static str> {
    const PAIRS: &[(&str, &str)] = &[
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("⟨", "⟩"),
        ("|", "|"),
        ("||", "||"),
        ("‖", "‖"),
        (r"\|", r"\|"),
        (r"\left(", r"\right)"),
        (r"\left[", r"\right]"),
        (r"\left\{", r"\right\}"),
        (r"\left|", r"\right|"),
        (r"\left\|", r"\right\|"),
        (r"\lVert", r"\rVert"),
        (r"\lvert", r"\rvert"),
        (r"\langle", r"\rangle"),
    ];
    PAIRS.iter().find(|(opening, _)| *opening == open.trim()).map(|(_, close)| *close)
}

/// What remains of an equation behind its left side without that, from its last sign on and from its first one.
fn sides(after: &str) -> Vec<String> {
    let line = after.find(['\n', ';']).unwrap_or(after.len());
    let signs = [after[..line].rfind('='), after[..line].find('=')];
    signs.into_iter().flatten().map(|at| after[at + 1..].trim_start().to_owned()).collect()
}

/// The places after `from` at which a statement, a factor or a bracket may end, the last first.
fn ends(text: &str, from: usize) -> impl Iterator<Item = usize> + '_ {
    let rest = &text[from..];
    let line = rest.find([';', '\n', '$']).unwrap_or(rest.len());
    let is_gap = |(at, c): &(usize, char)| {
        c.is_whitespace() || matches!(c, ')' | ']' | '}' | '^' | '‖') || rest[*at..].starts_with("\\|")
    };
    let gaps = rest[..line].char_indices().filter(is_gap);
    let places: Vec<usize> = gaps.map(|(i, _)| from + i).chain([from + rest[..line].trim_end().len()]).collect();
    places.into_iter().rev()
}

/// Whether a text has a run of letters that is this word.
fn holds_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        !before.ends_with(char::is_alphabetic) && !after.starts_with(char::is_alphabetic)
    })
}

/// What the help says to write, where it is made of words of the text and of the language.
fn advised<'a>(text: &'a str, error: &'a Error) -> impl Iterator<Item = &'a str> {
    let help = error.help.as_deref().unwrap_or("");
    let advice = help.strip_prefix("write ").or_else(|| help.strip_prefix("did you mean ")).unwrap_or("");
    let advice = if error.message.starts_with("unknown command") { "" } else { advice };
    let known = move |word: &str| holds_word(text, word) || is_callable(word) || is_word_of_declarations(word);
    let own = move |part: &&str| {
        let mut words = part.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty());
        part.contains(char::is_alphabetic) && words.all(known)
    };
    let parts = advice.split([',', ';', '?']).flat_map(|part| part.split(" or ")).flat_map(|p| p.split(" for "));
    parts.map(|part| part.trim().trim_matches('`')).filter(own)
}
