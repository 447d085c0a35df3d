//! Long formulas of LaTeX and Typst in lines: broken where the typesetter allows it, at the loosest place that is near.

/// Where a formula may be broken: before a term of a sum, before a factor. Private characters of Unicode, no text has them.
pub const BEFORE_TERM: char = '\u{e000}';
pub const BEFORE_FACTOR: char = '\u{e001}';

/// The text without places to break it: each of them is a space.
pub fn unbroken(text: &str) -> String {
    text.replace([BEFORE_TERM, BEFORE_FACTOR], " ")
}

/// A stretch that is never broken.
pub struct Piece {
    pub text: String,
    /// How wide it is set, in letters.
    pub width: usize,
    /// How tightly it is bound to what stands before it: by brackets first, then as a factor or as a term.
    pub bound: usize,
}

/// Bound to what stands before it as a term, within so many brackets …
pub fn as_term(depth: usize) -> usize {
    2 * depth
}

/// … or as a factor.
pub fn as_factor(depth: usize) -> usize {
    2 * depth + 1
}

/// Lines at most about so many letters wide where that can be. A line that goes on within brackets is indented.
pub fn lines(marked: &str, width: usize) -> Vec<String> {
    let line = |(depth, texts): (usize, Vec<String>)| format!("{}{}", "\\quad ".repeat(depth), texts.join(" "));
    composed(pieces(marked), width).into_iter().map(line).collect()
}

/// The texts of each line, and within how many brackets it goes on.
pub fn composed(mut pieces: Vec<Piece>, width: usize) -> Vec<(usize, Vec<String>)> {
    let mut lines = vec![];
    while !pieces.is_empty() {
        let depth = if lines.is_empty() { 0 } else { pieces[0].bound / 2 };
        // an indentation is as wide as two letters
        let end = end_of_line(&pieces, width.saturating_sub(2 * depth).max(width / 2));
        lines.push((depth, pieces.drain(..end).map(|p| p.text).collect()));
    }
    lines
}

/// One past the last piece of the first line.
fn end_of_line(pieces: &[Piece], width: usize) -> usize {
    let mut used = 0;
    let fits = pieces.iter().take_while(|p| {
        used += p.width;
        used <= width
    });
    let full = fits.count().max(1);
    if full == pieces.len() {
        return full;
    }
    // space that is left empty against brackets and factors that are torn apart
    let mut used = 0;
    let cost = |i: &usize| {
        used += pieces[i - 1].width;
        (width.saturating_sub(used) + pieces[*i].bound * width / 2, usize::MAX - i)
    };
    (1..=full).min_by_key(cost).unwrap_or(full)
}

fn pieces(marked: &str) -> Vec<Piece> {
    let (mut pieces, mut depth, mut bound) = (vec![], 0usize, 0);
    let mut rest = marked;
    loop {
        let end = rest.find([BEFORE_TERM, BEFORE_FACTOR]).unwrap_or(rest.len());
        let text = &rest[..end];
        pieces.push(Piece { text: text.to_owned(), width: width(text), bound });
        let Some(mark) = rest[end..].chars().next() else { return pieces };
        depth = (depth + opened(text)).saturating_sub(closed(text));
        bound = if mark == BEFORE_FACTOR { as_factor(depth) } else { as_term(depth) };
        rest = &rest[end + mark.len_utf8()..];
    }
}

fn opened(text: &str) -> usize {
    let brackets = text.matches(['(', '[', '⟨']).count() + text.matches("\\langle").count();
    // a delimiter that is named opens nothing
    brackets - text.matches("\"[\"").count()
}

fn closed(text: &str) -> usize {
    text.matches([')', ']', '⟩']).count() + text.matches("\\rangle").count()
}

/// Commands that set nothing themselves.
const SILENT: &[&str] = &[
    "left",
    "right",
    "bigl",
    "bigr",
    "mathrm",
    "operatorname",
    "text",
    "mathbf",
    "boldsymbol",
    "frac",
    "tfrac",
    "begin",
    "end",
    "bmatrix",
    "hat",
    "tilde",
    "bar",
    "dot",
    "check",
    "sqrt",
    "upright",
    "bold",
    "op",
    "quad",
    "mat",
    "delim",
];

/// Commands that set their own name.
const WORDS: &[&str] =
    &["exp", "log", "ln", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "det"];

/// About how wide a formula is set, in letters of the text: signs of operations stand between spaces, brackets are narrow.
pub fn width(text: &str) -> usize {
    tenths(text).div_ceil(10)
}

/// The same in tenths of a letter.
fn tenths(text: &str) -> usize {
    // the parentheses of Typst's calls are not set
    let calls =
        ["bold(", "upright(", "frac(", "op(", "hat(", "mat("].iter().map(|c| text.matches(c).count()).sum::<usize>();
    let (mut width, mut chars) = (0usize, text.chars().peekable());
    while let Some(c) = chars.next() {
        if c == '\\' || c.is_ascii_alphabetic() {
            let mut word = if c == '\\' { String::new() } else { c.to_string() };
            while let Some(letter) = chars.next_if(|c| c.is_ascii_alphabetic()) {
                word.push(letter);
            }
            width += match word.as_str() {
                w if SILENT.contains(&w) => 0,
                "circ" | "oslash" | "otimes" | "odot" | "cdot" => 18,
                w if c == '\\' && !WORDS.contains(&w) => 10,
                w if w.len() > 1 => 9 * w.len(),
                _ => 10,
            };
        } else {
            width += match c {
                '+' | '-' | '=' => 22,
                '∘' | '⊘' | '⊗' | '·' => 18,
                '(' | ')' | '[' | ']' | ',' | '⟨' | '⟩' => 8,
                '\'' => 5,
                '{' | '}' | '^' | '_' | ' ' | '&' | '"' | BEFORE_TERM | BEFORE_FACTOR => 0,
                _ => 10,
            };
        }
    }
    // bold letters are wider
    let bold = text.matches("\\mathbf").count() + text.matches("bold(").count();
    (width + 4 * bold).saturating_sub(16 * calls)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str) -> String {
        text.replace('|', "\u{e000}").replace('~', "\u{e001}")
    }

    #[test]
    fn lines_break_at_the_loosest_place() {
        let broken = |text: &str, width| lines(&marked(text), width);
        assert_eq!(broken("a|+ b|+ c", 100), ["a + b + c"]);
        assert_eq!(broken("aaaa|+ bbbb|+ cccc", 11), ["aaaa + bbbb", "+ cccc"]);
        assert_eq!(broken("aa~\\circ bb|+ cc~\\circ dd", 12), ["aa \\circ bb", "+ cc \\circ dd"]);
        assert_eq!(broken("(aaa|+ bbb)~(ccc|+ ddd)", 14), ["(aaa + bbb)", "(ccc + ddd)"]);
        assert_eq!(broken("f(aaaaaa|+ bbbbbb)", 10), ["f(aaaaaa", "\\quad + bbbbbb)"]);
        assert_eq!(broken("aaaaaaaaaa", 3), ["aaaaaaaaaa"]);
    }

    #[test]
    fn commands_are_as_wide_as_what_they_set() {
        assert_eq!(width("W^\\top \\delta"), 3);
        assert_eq!(width("\\operatorname{diag}(f'(z))"), 10);
        assert_eq!(width("\\mathbf{W} \\mathbf{x}"), 3);
        assert_eq!(unbroken(&marked("a|+ b~c")), "a + b c");
    }
}
