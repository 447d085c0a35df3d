//! The rules of `src/docs/reading.md`: its sentences, bullets and rows of tables that show something typed.

/// The page itself.
pub(super) fn page() -> &'static str {
    include_str!("../../../src/docs/reading.md")
}

/// Every rule, on one line.
pub(super) fn rules() -> Vec<String> {
    let mut rules = Vec::new();
    for (i, part) in page().split("```").enumerate() {
        // what stands between the fences is shown, and run elsewhere
        if i % 2 == 0 {
            part.split("\n\n").for_each(|block| rules.extend(rules_of(block)));
        }
    }
    rules.retain(|rule| rule.contains(['`', '‖']));
    rules
}

/// Those of a paragraph, a list or a table.
fn rules_of(block: &str) -> Vec<String> {
    let mut lines = block.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).peekable();
    if lines.peek().is_some_and(|line| line.starts_with('|')) {
        return lines.skip(2).map(on_one_line).collect();
    }
    let mut items: Vec<String> = Vec::new();
    for line in lines {
        match (line.strip_prefix("- "), items.last_mut()) {
            (None, Some(item)) => *item = format!("{item} {line}"),
            (item, _) => items.push(item.unwrap_or(line).to_owned()),
        }
    }
    items.iter().flat_map(|item| sentences(&on_one_line(item))).collect()
}

/// A sentence ends at a full stop before a capital or something typed, and not within what is typed.
fn sentences(text: &str) -> Vec<String> {
    let signs: Vec<char> = text.chars().collect();
    let (mut found, mut sentence, mut typed) = (Vec::new(), String::new(), false);
    for (i, sign) in signs.iter().enumerate() {
        sentence.push(*sign);
        typed ^= *sign == '`';
        let begins = |c: &char| c.is_uppercase() || matches!(c, '`' | '‖');
        let ends = *sign == '.' && signs.get(i + 1) == Some(&' ') && signs.get(i + 2).is_some_and(begins);
        if ends && !typed {
            found.push(std::mem::take(&mut sentence).trim().to_owned());
        }
    }
    found.push(sentence.trim().to_owned());
    found
}

pub(super) fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
