//! Names of variables, functions and sizes.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// How many bytes of a name are looked at without following its pointer.
const HEAD: usize = 8;

/// A name in its plain spelling: `W_1`, `μ`, `x_Paris`, `y_hat`. Ordered by its text, so that nothing depends on interning.
#[derive(Clone, Eq)]
pub struct Name {
    /// The first bytes, big-endian and filled up with zeros: they are in the order of the texts, and settle most comparisons.
    head: u64,
    text: Arc<str>,
}

impl Name {
    /// A name in its plain spelling.
    pub fn new(text: &str) -> Name {
        let mut head = [0; HEAD];
        let length = text.len().min(HEAD);
        head[..length].copy_from_slice(&text.as_bytes()[..length]);
        Name { head: u64::from_be_bytes(head), text: Arc::from(text) }
    }

    /// Its plain spelling.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The order of two names of one head.
    fn beyond_head(&self, other: &Name) -> Ordering {
        match self == other {
            true => Ordering::Equal,
            false => self.text.cmp(&other.text),
        }
    }

    /// Whether the head is all of it.
    fn is_short(&self) -> bool {
        self.text.len() <= HEAD
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.head == other.head
            && self.text.len() == other.text.len()
            && (self.is_short() || Arc::ptr_eq(&self.text, &other.text) || self.text == other.text)
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.head);
        if !self.is_short() {
            self.text.hash(state);
        }
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Name) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    #[inline]
    fn cmp(&self, other: &Name) -> Ordering {
        if self.head != other.head {
            return self.head.cmp(&other.head);
        }
        self.beyond_head(other)
    }
}

/// As an author can write it: a subscript that is more than letters and digits stands in braces, `c_{t-1}`.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text.split_once('_') {
            Some((base, subscript)) if !is_plain(subscript) => write!(f, "{base}_{{{subscript}}}"),
            Some(_) | None => f.write_str(&self.text),
        }
    }
}

/// Whether a subscript needs no braces.
fn is_plain(subscript: &str) -> bool {
    subscript.chars().all(|c| c.is_alphanumeric() || c == '_')
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Name {
        Name::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn names_are_ordered_by_their_texts() {
        let texts = [
            "",
            "\0",
            "W",
            "W\0",
            "W_1",
            "W_10",
            "W_1000000",
            "W_1000001",
            "W_10000010",
            "x",
            "y_hat",
            "Δ",
            "δ_1",
            "𝟙",
        ];
        for a in texts {
            for b in texts {
                let (x, y) = (Name::new(a), Name::new(b));
                assert_eq!(x.cmp(&y), a.cmp(b), "{a:?} {b:?}");
                assert_eq!(x == y, a == b, "{a:?} {b:?}");
            }
        }
    }
}
