//! `\mathcal{N}(x \mid μ, Σ)`: a density by its name, refused with its formula.

use super::errors;
use super::expression::{Parsed, Parser};
use super::names;
use super::token::{BarSide, Bracket, Tok};
use crate::diag::{Error, Kind, Span};
use crate::expr::Name;

impl Parser<'_> {
    /// The normal density, where the N is a script letter with several arguments or a bar or a semicolon stands in its bracket.
    pub(super) fn refuse_density(&self, name: &Name, start: usize) -> Parsed<()> {
        if names::split(name).0 != "N" || *self.ahead(1) != Tok::Open(Bracket::Paren) || self.names.known.contains(name)
        {
            return Ok(());
        }
        let typed = errors::spelling(self.text, self.token());
        let script = ["\\mathcal", "\\mathscr", "𝒩", "𝓝"].iter().any(|font| typed.contains(font));
        let (parts, barred) = self.arguments_of_density();
        // of one argument it is a neighbourhood
        if !barred && (!script || parts.len() < 2) {
            return Ok(());
        }
        let span = Span::new(start, self.end_of_bracket(self.at + 1));
        let log =
            self.before().filter(|t| matches!(&t.tok, Tok::Function(f) if f.as_str() == "log") || t.tok.is_name("log"));
        let whole = log.map_or(span, |log| log.span.to(span));
        let error =
            Error::new(Kind::Name, "the normal density has no name in the language").at(whole, "its formula is meant");
        Err(Box::new(match self.density(&parts, log.is_some()) {
            Some(formula) => error.help(format!("write it out: `{formula}`")),
            None => error.help("write it out, or its logarithm: -(x - μ)^2 / (2 σ^2) - log(2π σ^2) / 2"),
        }))
    }

    /// The texts between the commas and bars of the bracket after this place, and whether there is a bar.
    fn arguments_of_density(&self) -> (Vec<&str>, bool) {
        let (mut depth, mut barred) = (0usize, false);
        let mut parts: Vec<Span> = Vec::new();
        let mut from = None;
        for token in &self.tokens[self.at + 2..] {
            let separates = match token.tok {
                Tok::Open(_) => false,
                Tok::Close(_) | Tok::Comma => depth == 0,
                Tok::Semicolon | Tok::Pipe(BarSide::Either) | Tok::Bar(BarSide::Either) => {
                    barred |= depth == 0;
                    depth == 0
                }
                _ => false,
            };
            if separates {
                parts.extend(from.take());
            } else {
                from = Some(from.map_or(token.span, |span: Span| span.to(token.span)));
            }
            match token.tok {
                Tok::Open(_) => depth += 1,
                Tok::Close(_) if depth == 0 => break,
                Tok::Close(_) => depth -= 1,
                _ => {}
            }
        }
        (parts.iter().map(|s| self.text.get(s.start..s.end).unwrap_or("").trim()).collect(), barred)
    }

    /// The formula of N(x | μ, Σ), of N(x | μ, σ²), or of its logarithm.
    fn density(&self, parts: &[&str], log: bool) -> Option<String> {
        let [x, mean, spread] = parts else { return None };
        let (top, half, ln, exp) = match self.names.latex {
            true => ("^\\top", "\\frac{1}{2}", "\\log", "\\exp"),
            false => ("^T", "1/2", "log", "exp"),
        };
        let group = |text: &str| match text.contains(['+', '-', '−', ' ']) {
            true => format!("({text})"),
            false => text.to_owned(),
        };
        let from_mean = format!("{} - {}", x, group(mean));
        let letter = spread.trim_start_matches(|c: char| !c.is_alphabetic());
        let letter = ["mathbf{", "boldsymbol{", "bm{", "boldsymbol", "bm"]
            .iter()
            .find_map(|f| letter.strip_prefix(f))
            .unwrap_or(letter);
        let letter = letter.trim_start_matches(['\\', ' ']);
        let product = spread.trim_end().ends_with('I') || spread.contains("mathbf{I}");
        let matrix = letter.starts_with(char::is_uppercase);
        let variance = ["^2", "^{2}", "²"].iter().any(|square| spread.ends_with(square));
        let (square, determinant) = match (matrix, variance) {
            (true, false) if !product => (
                format!("{half} ({from_mean}){top} ({spread})^{{-1}} ({from_mean})"),
                format!("\\det(2\\pi {})", group(spread)),
            ),
            (false, true) => (format!("({from_mean})^2 / (2 {spread})"), format!("(2\\pi {spread})")),
            _ => return None,
        };
        let plain = |text: String| match self.names.latex {
            true => text,
            false => text.replace("^{-1}", "^-1").replace("\\det", "det").replace("\\pi", "π"),
        };
        let (square, determinant) = (plain(square), plain(determinant));
        Some(match log {
            true if matrix => format!("(-{square} - {half} {ln}({determinant}))"),
            true => format!("(-{square} - {half} {ln}{determinant})"),
            false => format!("({exp}(-{square}) / ({determinant})^(1/2))"),
        })
    }
}
