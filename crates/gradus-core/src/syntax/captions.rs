//! What stands before a formula on its line and names it for people: `Ridge regression: L = ‖y - X b‖²`.

use super::single::parse_name;
use std::collections::BTreeMap;

/// First words that begin a statement, or a line of a program.
const STATEMENTS: &[&str] = &[
    "where",
    "with",
    "subject",
    "such",
    "st",
    "for",
    "if",
    "otherwise",
    "def",
    "else",
    "elif",
    "while",
    "return",
    "lambda",
    "class",
    "let",
    "given",
];

/// Where captions stand in a text: from the beginning of a line to behind the colon.
pub(super) fn found(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for word in text.split(|c: char| !c.is_alphabetic()) {
        *counts.entry(word).or_default() += 1;
    }
    let mut captions = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let caption = line.find(':').filter(|&colon| {
            let elsewhere = |word: &str| counts.get(word).is_some_and(|&count| count > 1);
            is_caption(&line[..colon], &line[colon + 1..], elsewhere)
        });
        captions.extend(caption.map(|colon| start..start + colon + 1));
        start += line.len();
    }
    captions
}

/// Whether words before a colon are no declaration and no factor: several, of which one stands nowhere else; or one before
/// an equation.
fn is_caption(before: &str, after: &str, elsewhere: impl Fn(&str) -> bool) -> bool {
    let words: Vec<&str> = before.split_whitespace().collect();
    let spelled = |word: &str| word.split(['-', '\'', '/']).all(|part| part.chars().all(char::is_alphabetic));
    // a letter of Greek is a name
    let long = |word: &str| word.len() > 2 && parse_name(word).is_ok_and(|n| n.as_str().chars().nth(1).is_some());
    let begins = words.first().is_some_and(|first| !STATEMENTS.contains(&first.to_lowercase().as_str()));
    if !begins || after.starts_with(['=', ':']) || !words.iter().all(|word| spelled(word)) {
        return false;
    }
    match words[..] {
        [word] => word.chars().nth(1).is_some() && !elsewhere(word) && defines(after),
        _ => words.iter().any(|word| long(word) && !elsewhere(word)),
    }
}

/// `L = …`, `p(x) = …`, but `float = …` is the type of what it follows.
fn defines(after: &str) -> bool {
    let Some((head, value)) = after.split_once('=') else { return false };
    let head = head.trim();
    let typed = head.len() > 2 && head.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '[' | ']'));
    let declares = head.contains(['→', '∈', ',']) || head.contains("->") || head.contains(" x ");
    !head.is_empty() && !value.starts_with('=') && !typed && !declares
}
