//! A place in a text, underlined.

use crate::diag::Label;

/// The line a label begins in, with its place underlined and what is to be said of it; nothing when the place does not lie
/// in the text.
pub fn underlined(text: &str, label: &Label) -> String {
    let (start, end) = (label.span.start, label.span.end);
    let (Some(before), Some(marked)) = (text.get(..start), text.get(start..end)) else { return String::new() };
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    let blank = |c: char| if c == '\t' { '\t' } else { ' ' };
    let indent: String = before[line_start..].chars().map(blank).collect();
    let marked = marked.lines().next().unwrap_or_default().chars().count().max(1);
    format!("\n  {line}\n  {indent}{} {}", "^".repeat(marked), label.text)
}
