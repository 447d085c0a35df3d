//! Places as editors count them: lines, and UTF-16 code units within a line.

use crate::diag::Span;
use lsp_types::{Position, Range};

/// The line and column of a byte.
fn position(text: &str, byte: usize) -> Position {
    let before = text.get(..byte.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().unwrap_or_default().encode_utf16().count();
    Position::new(u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

/// The lines and columns of a span.
pub fn range(text: &str, span: Span) -> Range {
    Range::new(position(text, span.start), position(text, span.end))
}

/// The whole text.
pub fn whole(text: &str) -> Range {
    range(text, Span::new(0, text.len()))
}

/// The byte at a line and column; the end of what there is where there are not as many.
pub fn byte(text: &str, at: Position) -> usize {
    let start = match at.line {
        0 => 0,
        line => {
            let ends = text.match_indices('\n').nth(line as usize - 1);
            ends.map_or(text.len(), |(i, _)| i + 1)
        }
    };
    let line = text[start..].split('\n').next().unwrap_or_default();
    let mut units = 0;
    let mut inside = |c: char| {
        units += c.len_utf16();
        units <= at.character as usize
    };
    start + line.chars().take_while(|c| inside(*c)).map(char::len_utf8).sum::<usize>()
}

/// What may stand in a name: `W_1`, `x_{Paris}`, `\alpha`.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The name around a byte, and its part before the subscript where it has one.
pub fn names_at(text: &str, at: usize) -> Vec<(Span, &str)> {
    let before = text[..at].char_indices().rev().take_while(|(_, c)| is_word(*c)).last();
    let mut start = before.map_or(at, |(i, _)| i);
    let mut end = at + text[at..].chars().take_while(|c| is_word(*c)).map(char::len_utf8).sum::<usize>();
    // within a subscript in braces the name is the whole
    if text[..start].ends_with("_{") {
        let outer = text[..start - 2].char_indices().rev().take_while(|(_, c)| is_word(*c)).last();
        start = outer.map_or(start, |(i, _)| i);
    }
    if text[start..end].contains("_{") || text[start..end].ends_with('_') && text[end..].starts_with('{') {
        end += text[end..].find('}').map_or(0, |i| i + 1);
    }
    if start > 0 && text[..start].ends_with('\\') {
        start -= 1;
    }
    let whole = &text[start..end];
    let base = whole.split('_').next().unwrap_or_default();
    let spans = [(Span::new(start, end), whole), (Span::new(start, start + base.len()), base)];
    spans.into_iter().filter(|(_, name)| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_utf16() {
        let text = "𝜶 = 2\ns = δ x";
        assert_eq!(range(text, Span::new(5, 6)), Range::new(Position::new(0, 3), Position::new(0, 4)));
        for (at, _) in text.char_indices() {
            assert_eq!(byte(text, position(text, at)), at);
        }
        assert_eq!(byte(text, Position::new(9, 0)), text.len());
        assert_eq!(byte(text, Position::new(0, 99)), "𝜶 = 2".len());
    }

    #[test]
    fn names_are_found_around_a_place() {
        let found = |text: &'static str, at: usize| names_at(text, at).iter().map(|(_, n)| *n).collect::<Vec<_>>();
        assert_eq!(found("z = W_1 x", 5), ["W_1", "W"]);
        assert_eq!(found("z = x_{Paris}", 9), ["x_{Paris}", "x"]);
        assert_eq!(found(r"z = \alpha x", 6), [r"\alpha", r"\alpha"]);
        assert_eq!(found("z = W x", 3), [""; 0]);
    }
}
