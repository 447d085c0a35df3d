//! Names with subscripts as families with places: `y_hat_ij` is ŷ at i and j.

use super::names;
use crate::expr::Name;

/// A place as written in a subscript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenPlace {
    /// The index; `None` for a number.
    pub letter: Option<Name>,
    /// What is added to it, or the number.
    pub offset: i64,
}

/// A name's base and the places its subscript writes, where it writes places.
pub fn split_index(name: &Name) -> Option<(Name, Vec<WrittenPlace>)> {
    let (base, subscript) = name.as_str().rsplit_once('_')?;
    if base.is_empty() || names::is_accent(subscript) {
        return None;
    }
    Some((Name::new(base), written_places(subscript)?))
}

/// `ij`, `i,j`, `t-1`, `(i)`, `12`.
pub fn written_places(subscript: &str) -> Option<Vec<WrittenPlace>> {
    let subscript = subscript.trim_matches(['(', ')']);
    let mut places = Vec::new();
    for part in subscript.split(',') {
        let part = part.trim();
        if part.is_empty() {
            return None;
        }
        if let Ok(number) = part.parse::<i64>() {
            places.push(WrittenPlace { letter: None, offset: number });
            continue;
        }
        let at = part.char_indices().skip(1).find(|(_, c)| matches!(c, '+' | '-'));
        match at {
            Some((at, _)) => {
                let letter = &part[..at];
                let offset = part[at..].parse::<i64>().ok()?;
                single(letter)?;
                places.push(WrittenPlace { letter: Some(Name::new(letter)), offset });
            }
            None => {
                for c in part.chars() {
                    let letter = c.is_alphabetic().then(|| Some(Name::new(&c.to_string())));
                    let digit = c.to_digit(10).map(i64::from);
                    match (letter, digit) {
                        (Some(letter), _) => places.push(WrittenPlace { letter, offset: 0 }),
                        (None, Some(n)) => places.push(WrittenPlace { letter: None, offset: n }),
                        (None, None) => return None,
                    }
                }
            }
        }
    }
    Some(places)
}

fn single(letter: &str) -> Option<()> {
    let mut letters = letter.chars();
    letters.next().filter(|c| c.is_alphabetic())?;
    letters.next().is_none().then_some(())
}

/// The letters of some places.
pub fn index_letters(places: &[WrittenPlace]) -> impl Iterator<Item = &Name> {
    places.iter().filter_map(|p| p.letter.as_ref())
}

impl WrittenPlace {
    /// As it is written.
    pub fn text(&self) -> String {
        match (&self.letter, self.offset) {
            (Some(letter), 0) => letter.to_string(),
            (Some(letter), n) => format!("{letter}{n:+}"),
            (None, n) => n.to_string(),
        }
    }
}
