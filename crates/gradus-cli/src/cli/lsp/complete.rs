//! What a word may become: names of the document, functions, facts.

use super::diagnose::read;
use crate::expr::{Builtin, Elementwise};
use crate::program::Program;
use crate::syntax::Attribute;
use lsp_types::{CompletionItem, CompletionItemKind};
use std::collections::BTreeMap;

/// What is offered at a byte of a text.
pub fn completions(text: &str, at: usize) -> Vec<CompletionItem> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let before = &text[..at];
    let word = before.char_indices().rev().take_while(|(_, c)| is_word(*c)).last().map_or("", |(i, _)| &before[i..]);
    let rest = &text[at..];
    let elsewhere = format!("{} {rest}", &before[..before.len() - word.len()]);
    let mut offered: BTreeMap<String, CompletionItem> = BTreeMap::new();
    if is_declaration(before) {
        offered.extend(Attribute::ALL.iter().map(|(word, _)| item(word, CompletionItemKind::KEYWORD, "a fact")));
        for word in ["scalar", "elementwise"] {
            offered.extend([item(word, CompletionItemKind::KEYWORD, "a kind")]);
        }
    } else {
        offered.extend(Elementwise::all_spellings().map(|f| item(f, CompletionItemKind::FUNCTION, "of every entry")));
        offered.extend(Builtin::all_spellings().map(|f| item(f, CompletionItemKind::FUNCTION, "of arrays")));
    }
    // as far as the rest of the document can be read, names say what they are
    let others = || {
        [before.rsplit_once('\n').map_or("", |(lines, _)| lines), rest.split_once('\n').map_or("", |(_, lines)| lines)]
    };
    let program = read(&elsewhere).or_else(|_| read(&others().join("\n"))).ok();
    let names = elsewhere.split(|c: char| !is_word(c)).filter(|w| w.starts_with(char::is_alphabetic));
    offered.extend(names.map(|name| item(name, CompletionItemKind::VARIABLE, &shape_of(name, program.as_ref()))));
    offered.into_values().filter(|one| one.label.starts_with(word) && one.label != word).collect()
}

/// Whether a fact is written: behind the colon of a statement without `=`.
fn is_declaration(before: &str) -> bool {
    let statement = before.rsplit(['\n', ';']).next().unwrap_or_default();
    statement.contains(':') && !statement.contains('=')
}

fn shape_of(name: &str, program: Option<&Program>) -> String {
    let shape = program.and_then(|p| p.shape(&p.symbol(&name.into())?));
    shape.map_or_else(String::new, ToString::to_string)
}

fn item(label: &str, kind: CompletionItemKind, detail: &str) -> (String, CompletionItem) {
    let detail = Some(detail.to_owned()).filter(|d| !d.is_empty());
    let item = CompletionItem { label: label.to_owned(), kind: Some(kind), detail, ..CompletionItem::default() };
    (label.to_owned(), item)
}
