//! From the syntax tree to boxes: text, brackets around a formula, and the places where a line may end. Where brackets,
//! signs and fractions stand is decided here, once for every notation; how they are spelled is the notation's.

mod breaks;
mod gathered;
mod reading;
mod setter;
mod spelling;

pub use breaks::Seam;
pub use reading::{Setting, ratio, size_factors};
pub use setter::Setter;
pub use spelling::{Brackets, Growth, Mark, Raise, Spelling, Symbols};

use crate::render::names::columns;
use breaks::{Piece, composed};
use pretty::RcDoc;

/// What a formula is made of.
#[derive(Clone, Debug)]
enum Tile {
    /// What is never broken.
    Text(String),
    /// A place where a line may end.
    Seam(Seam),
    /// A formula between brackets.
    Fenced { open: String, body: Boxes, close: String },
    /// A sum. Plain text has each of its terms on a line of its own where they do not fit on one.
    Sum(Boxes),
}

/// A formula as it is set, from left to right.
#[derive(Clone, Debug, Default)]
pub struct Boxes(Vec<Tile>);

impl<T: Into<String>> From<T> for Boxes {
    fn from(text: T) -> Boxes {
        Boxes(vec![Tile::Text(text.into())])
    }
}

impl Boxes {
    /// Between brackets that are spelled already.
    pub fn fenced(open: impl Into<String>, body: Boxes, close: impl Into<String>) -> Boxes {
        Boxes(vec![Tile::Fenced { open: open.into(), body, close: close.into() }])
    }

    /// Terms with the seams between them.
    pub fn sum(terms: Boxes) -> Boxes {
        Boxes(vec![Tile::Sum(terms)])
    }

    /// With something behind it.
    pub fn then(mut self, more: impl Into<Boxes>) -> Boxes {
        self.0.extend(more.into().0);
        self
    }

    /// With a place to break behind it.
    pub fn seam(mut self, seam: Seam) -> Boxes {
        self.0.push(Tile::Seam(seam));
        self
    }

    /// Whether it can be broken.
    pub fn has_seams(&self) -> bool {
        self.0.iter().any(|tile| match tile {
            Tile::Text(_) => false,
            Tile::Seam(_) => true,
            Tile::Fenced { body, .. } | Tile::Sum(body) => body.has_seams(),
        })
    }

    /// The bracket it ends with, which stands on the last line where it is broken.
    pub fn last_bracket(&mut self) -> Option<&mut String> {
        match self.0.last_mut()? {
            Tile::Fenced { close, .. } => Some(close),
            Tile::Text(_) | Tile::Seam(_) | Tile::Sum(_) => None,
        }
    }

    /// On one line; this stands where it could be broken.
    pub fn flat(&self, gap: &str) -> String {
        let mut out = String::new();
        self.write(gap, &mut out);
        out
    }

    fn write(&self, gap: &str, out: &mut String) {
        for tile in &self.0 {
            match tile {
                Tile::Text(text) => out.push_str(text),
                Tile::Seam(_) => out.push_str(gap),
                Tile::Sum(body) => body.write(gap, out),
                Tile::Fenced { open, body, close } => {
                    out.push_str(open);
                    body.write(gap, out);
                    out.push_str(close);
                }
            }
        }
    }

    /// In the stretches between its seams, each as wide as the notation sets it.
    fn pieces(&self, width: impl Fn(&str) -> usize) -> Vec<Piece> {
        let mut pieces = vec![Piece::default()];
        self.cut(0, &mut pieces);
        pieces.iter_mut().for_each(|piece| piece.width = width(&piece.text));
        pieces
    }

    /// What stands within so many brackets.
    fn cut(&self, depth: usize, pieces: &mut Vec<Piece>) {
        let write = |text: &str, pieces: &mut Vec<Piece>| {
            pieces.iter_mut().last().into_iter().for_each(|last| last.text.push_str(text))
        };
        for tile in &self.0 {
            match tile {
                Tile::Text(text) => write(text, pieces),
                Tile::Seam(seam) => pieces.push(Piece { bound: seam.bound(depth), ..Piece::default() }),
                Tile::Sum(body) => body.cut(depth, pieces),
                Tile::Fenced { open, body, close } => {
                    write(open, pieces);
                    body.cut(depth + 1, pieces);
                    write(close, pieces);
                }
            }
        }
    }

    /// On lines of at most this width where terms allow it, filled: terms follow each other while there is room. Where they
    /// do not allow it, products within brackets are broken too.
    pub fn filled(&self, width: usize) -> String {
        let flat = self.flat(" ");
        if columns(&flat) <= width {
            return flat;
        }
        let broken = |at: Splitting| filled(&doc(&self.0, at).pretty(width).to_string(), width);
        let by_terms = broken(Splitting::Whole);
        if by_terms.lines().all(|line| columns(line) <= width) { by_terms } else { broken(Splitting::Open) }
    }

    /// In lines of at most about this width where its seams allow it: each with the brackets it goes on within.
    pub fn lines(&self, width: usize, measure: impl Fn(&str) -> usize) -> Vec<(usize, Vec<String>)> {
        composed(self.pieces(measure), width)
    }
}

/// Whether a line of plain text may end between two factors: outside brackets the next line would be read as another.
#[derive(Clone, Copy, PartialEq)]
enum Splitting {
    Whole,
    /// Within the next brackets.
    Open,
    /// Here.
    Apart,
}

/// Plain text.
fn doc(tiles: &[Tile], factors: Splitting) -> RcDoc<'static, ()> {
    let within = if factors == Splitting::Whole { Splitting::Whole } else { Splitting::Apart };
    let one = |tile: &Tile| match tile {
        Tile::Text(text) => RcDoc::text(text.clone()),
        Tile::Seam(Seam::Term) => RcDoc::line(),
        Tile::Seam(Seam::Factor) if factors == Splitting::Apart => RcDoc::softline(),
        Tile::Seam(Seam::Operator) if factors != Splitting::Whole => RcDoc::softline(),
        Tile::Seam(Seam::Factor | Seam::Operator) => RcDoc::text(" "),
        Tile::Fenced { open, body, close } => {
            RcDoc::text(open.clone()).append(doc(&body.0, within).nest(2)).append(RcDoc::text(close.clone()))
        }
        // what stands below the first term is indented
        Tile::Sum(Boxes(terms)) => {
            let is_seam = |tile: &Tile| matches!(tile, Tile::Seam(Seam::Term));
            let (first, others) = terms.split_at(terms.iter().position(is_seam).unwrap_or(terms.len()));
            doc(first, factors).append(doc(others, factors).nest(2)).group()
        }
    };
    RcDoc::concat(tiles.iter().map(one))
}

/// Lines of one depth joined where the width allows: terms follow each other instead of having a line each.
fn filled(text: &str, width: usize) -> String {
    let mut lines: Vec<String> = vec![];
    let mut depth = 0;
    for line in text.split('\n') {
        let bare = line.trim_start();
        let own = line.len() - bare.len();
        let first = lines.len() == 1;
        match lines.last_mut() {
            Some(last) if (own == depth || first) && columns(last) + 1 + columns(bare) <= width => {
                last.push(' ');
                last.push_str(bare);
            }
            Some(_) | None => lines.push(line.to_owned()),
        }
        depth = own;
    }
    lines.join("\n")
}
