//! `<a, b>`: an inner product whose brackets are typed as the signs of less and greater.

use super::lexer::Lexer;
use super::token::{Bracket, Tok, Token};

/// What stands between the signs is at most so long.
const MAX_LENGTH: usize = 256;

impl Lexer<'_> {
    /// A bracket of an inner product, where one stands here.
    pub(super) fn angle(&mut self) -> bool {
        let start = self.pos;
        if self.angle_closes.take_if(|close| *close == start).is_some() {
            self.pos += 1;
            self.push(Tok::Close(Bracket::Angle), start);
            return true;
        }
        let Some(length) = self.rest().strip_prefix('<').and_then(pair) else { return false };
        let inside = &self.rest()[1..=length];
        let after = &self.rest()[length + 2..];
        let compares = self.tokens().last().is_some_and(is_operand)
            && !(self.is_spaced() && is_tight(inside))
            && begins_operand(after);
        if compares {
            return false;
        }
        self.pos += 1;
        self.angle_closes = Some(self.pos + length);
        self.push(Tok::Open(Bracket::Angle), start);
        true
    }
}

/// How long two terms and their comma are, up to the closing sign.
fn pair(text: &str) -> Option<usize> {
    let (mut depth, mut commas, mut before) = (0usize, 0, ' ');
    for (at, c) in text.char_indices().take(MAX_LENGTH) {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            '<' | '=' | '\n' | ';' => return None,
            '>' if before == '-' => return None,
            // `\,` is a space
            ',' if depth == 0 && before != '\\' => commas += 1,
            '>' if depth == 0 => return (commas == 1 && !text[at + 1..].starts_with('=')).then_some(at),
            _ => {}
        }
        before = c;
    }
    None
}

/// `y <w, x>`: the signs stand at what they enclose, and off what is before them.
fn is_tight(inside: &str) -> bool {
    !inside.starts_with(' ') && !inside.ends_with(' ')
}

fn is_operand(token: &Token) -> bool {
    matches!(token.tok, Tok::Name(_) | Tok::Number(_) | Tok::Close(_) | Tok::Superscript(_) | Tok::Prime | Tok::Bar(_))
}

/// What a comparison has behind its sign.
fn begins_operand(after: &str) -> bool {
    let near = after.trim_start_matches(' ');
    let command = near.starts_with('\\') && !near.starts_with("\\\\") && !near.starts_with("\\right");
    let negative = near.strip_prefix('-').is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()));
    command || negative || near.starts_with(|c: char| c.is_alphanumeric() || c == '(')
}
