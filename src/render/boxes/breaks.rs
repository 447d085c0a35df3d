//! Long formulas in lines: broken where the typesetter allows it, at the loosest place that is near.

/// A place where a formula may be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seam {
    /// Before a term of a sum, or an item of a list.
    Term,
    /// Before a factor.
    Factor,
    /// Before an operator that is written: what begins with it goes on, also outside brackets.
    Operator,
}

impl Seam {
    /// How tightly the seam holds within so many brackets: by brackets first, then as a factor or as a term.
    pub(super) fn bound(self, depth: usize) -> usize {
        match self {
            Seam::Term => 2 * depth,
            Seam::Factor | Seam::Operator => 2 * depth + 1,
        }
    }
}

/// A stretch that is never broken.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    pub text: String,
    /// How wide it is set, in letters.
    pub width: usize,
    /// How tightly it is bound to what stands before it.
    pub bound: usize,
}

/// Lines at most about so many letters wide where that can be: the texts of each, and within how many brackets it goes on.
pub(super) fn composed(mut pieces: Vec<Piece>, width: usize) -> Vec<(usize, Vec<String>)> {
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
