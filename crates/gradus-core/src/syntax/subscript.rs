//! Names with subscripts as families with places: `y_hat_ij` is ŷ at i and j.

use super::names;
use crate::expr::Name;

/// A place as written in a subscript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenPlace {
    /// The index; `None` for a number.
    pub letter: Option<Name>,
    /// Other letters that are added (1) or taken away (-1): `i + k`, `n - k`.
    pub others: Vec<(i64, Name)>,
    /// What is added to it, or the number.
    pub offset: i64,
}

/// A name's base and the places its subscript writes, where it writes places.
pub fn split_index(name: &Name) -> Option<(Name, Vec<WrittenPlace>)> {
    let (base, subscript) = name.as_str().rsplit_once('_')?;
    if base.is_empty() || names::is_mark(subscript) {
        return None;
    }
    Some((Name::new(base), written_places(subscript)?))
}

/// `ij`, `i,j`, `j|i`, `t-1`, `(i)`, `12`.
pub fn written_places(subscript: &str) -> Option<Vec<WrittenPlace>> {
    let subscript = subscript.trim_matches(['(', ')']);
    let mut places = Vec::new();
    for part in subscript.split([',', '|']) {
        let part = part.trim();
        if part.is_empty() {
            return None;
        }
        if let Ok(number) = part.parse::<i64>() {
            places.push(WrittenPlace::fixed(number));
            continue;
        }
        if part.chars().skip(1).any(|c| matches!(c, '+' | '-')) {
            places.push(moved(part)?);
            continue;
        }
        for c in part.chars() {
            let digit = c.to_digit(10).map(i64::from);
            match (c.is_alphabetic(), digit) {
                (true, _) => places.push(WrittenPlace::at(Name::new(&c.to_string()))),
                (false, Some(n)) => places.push(WrittenPlace::fixed(n)),
                (false, None) => return None,
            }
        }
    }
    Some(places)
}

/// `t-1`, `i+k`, `n+1-i`: letters and numbers, added and taken away.
fn moved(part: &str) -> Option<WrittenPlace> {
    let mut place = WrittenPlace::fixed(0);
    let mut rest = part;
    let mut sign = 1;
    loop {
        let end = rest.find(['+', '-']).unwrap_or(rest.len());
        let term = rest[..end].trim();
        match term.parse::<i64>() {
            Ok(number) => place.offset = place.offset.checked_add(sign * number)?,
            Err(_) => place = place.and(sign, Name::new(single(term)?)),
        }
        match rest[end..].chars().next() {
            None => return place.letter.is_some().then_some(place),
            Some(c) => sign = if c == '-' { -1 } else { 1 },
        }
        rest = &rest[end + 1..];
    }
}

fn single(letter: &str) -> Option<&str> {
    let mut letters = letter.chars();
    letters.next().filter(|c| c.is_alphabetic())?;
    letters.next().is_none().then_some(letter)
}

/// The letters of some places.
pub fn index_letters(places: &[WrittenPlace]) -> impl Iterator<Item = &Name> {
    places.iter().flat_map(|p| p.letter.iter().chain(p.others.iter().map(|(_, l)| l)))
}

impl WrittenPlace {
    /// Where an index is.
    pub fn at(letter: Name) -> WrittenPlace {
        WrittenPlace { letter: Some(letter), ..WrittenPlace::fixed(0) }
    }

    /// A number.
    pub fn fixed(place: i64) -> WrittenPlace {
        WrittenPlace { letter: None, others: vec![], offset: place }
    }

    /// One letter more, added or taken away.
    pub fn and(mut self, sign: i64, letter: Name) -> WrittenPlace {
        if sign == 1 && self.letter.is_none() {
            self.letter = Some(letter);
        } else {
            self.others.push((sign, letter));
        }
        self
    }

    /// The index where this is, neither moved nor one of several.
    pub fn at_rest(&self) -> Option<&Name> {
        self.letter.as_ref().filter(|_| self.offset == 0 && self.others.is_empty())
    }

    /// As it is written.
    pub fn text(&self) -> String {
        let others: String =
            self.others.iter().map(|(sign, l)| format!("{}{l}", if *sign < 0 { '-' } else { '+' })).collect();
        match (&self.letter, self.offset) {
            (Some(letter), 0) => format!("{letter}{others}"),
            (Some(letter), n) => format!("{letter}{others}{n:+}"),
            (None, n) => format!("{n}{others}"),
        }
    }
}
