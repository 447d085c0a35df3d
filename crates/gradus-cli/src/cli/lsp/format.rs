//! The spacing of a document, and nothing else of it.

use crate::diag::{Error, Kind};
use crate::fuel;
use crate::render;
use crate::syntax::parse_document;

/// The document without spaces at the ends of lines, without runs of them, with one around `=` and behind `;`, and with one
/// line break at its end.
///
/// # Errors
/// What cannot be read is not formatted; nor is what would be read otherwise.
pub fn formatted(text: &str) -> Result<String, Error> {
    let refused = |why: &str| Error::new(Kind::Usage, format!("the document is not formatted: {why}"));
    let meaning = |text: &str| fuel::limited(|| parse_document(text)).map(|d| (d.latex, render::document(&d)));
    let before = meaning(text).map_err(|_| refused("it cannot be read"))?;
    let spaced = text.lines().map(line).collect::<Vec<_>>().join("\n");
    let new = format!("{}\n", spaced.trim_matches('\n'));
    match meaning(&new) {
        Ok(after) if after == before => Ok(new),
        Ok(_) | Err(_) => Err(refused("other spaces would mean something else")),
    }
}

/// A line with the spaces it is to have. What is indented stays so; comments and options stay as they are.
fn line(line: &str) -> String {
    let line = line.trim_end();
    let indent = line.len() - line.trim_start().len();
    let (code, comment) = match line.find('#') {
        Some(at) => line.split_at(at),
        None => (line, ""),
    };
    if code.trim().is_empty() {
        return line.to_owned();
    }
    let mut out = line[..indent].to_owned();
    out.push_str(&spaced(code.trim()));
    if !comment.is_empty() {
        out.push_str(&code[code.trim_end().len()..]);
        out.push_str(comment);
    }
    out
}

fn spaced(code: &str) -> String {
    let mut out = String::new();
    let chars: Vec<char> = code.chars().collect();
    for (i, c) in chars.iter().enumerate() {
        let alone = *c == '=' && !near(&chars, i).any(|o| "=<>:!+-*/.≠≤≥&".contains(o));
        match c {
            ' ' | '\t' if out.ends_with(' ') => {}
            ' ' | '\t' => out.push(' '),
            '=' if alone => {
                let spaced = out.trim_end().len();
                out.truncate(spaced);
                out.push_str(" = ");
            }
            ';' => {
                let spaced = out.trim_end().len();
                out.truncate(spaced);
                out.push_str("; ");
            }
            c => out.push(*c),
        }
    }
    out.trim_end().to_owned()
}

/// The characters beside one.
fn near(chars: &[char], i: usize) -> impl Iterator<Item = char> {
    [i.checked_sub(1), Some(i + 1)].into_iter().flatten().filter_map(|j| chars.get(j).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_alone_are_changed() {
        let text = "A:  n x n   symmetric;b: n  \n\n  z=A  x + b # as is,  b=b\ns  =  z^T z\n\n\n";
        let expected = "A: n x n symmetric; b: n\n\n  z = A x + b # as is,  b=b\ns = z^T z\n";
        assert_eq!(formatted(text), Ok(expected.to_owned()));
        assert_eq!(formatted(expected), Ok(expected.to_owned()));
    }

    #[test]
    fn what_cannot_be_read_is_left() {
        assert!(formatted("s = sum(").is_err());
    }

    #[test]
    fn matrices_keep_their_columns() {
        let text = "y = [x -1; 2 x]\n";
        let kept = |text: &str| parse_document(text).map(|d| render::document(&d)).ok();
        let new = formatted(text).unwrap_or_else(|_| text.to_owned());
        assert_eq!(kept(&new), kept(text));
    }
}
