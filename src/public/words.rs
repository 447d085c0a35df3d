//! The words for formats, forms, pictures and typefaces: `Display` and `FromStr`.

use super::Error;
use crate::code::CodeTarget;
use crate::derive::Form;
use crate::diag::{self, Kind};
#[cfg(feature = "graph")]
use crate::graph::Picture;
use crate::render::{Format, Reasons, Typeface};
use std::fmt;
use std::str::FromStr;

/// Gives each value its word.
macro_rules! words {
    ($type:ident, $what:literal: $($value:ident $word:literal)+) => {
        impl $type {
            /// All there are.
            pub const ALL: &[$type] = &[$($type::$value),+];

            /// The word for it.
            pub fn word(self) -> &'static str {
                match self {
                    $($type::$value => $word),+
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }

        impl FromStr for $type {
            type Err = Error;

            /// By its word.
            fn from_str(word: &str) -> Result<$type, Error> {
                let found = $type::ALL.iter().find(|one| one.word() == word);
                found.copied().ok_or_else(|| unknown($what, word, &[$($word),+]))
            }
        }
    };
}

fn unknown(what: &str, word: &str, words: &[&str]) -> Error {
    let error = diag::Error::new(Kind::Usage, format!("there is no {what} `{word}`"));
    Error::new(vec![error.help(format!("write one of {}", words.join(", ")))], word)
}

words!(Form, "form": Shape "shape" Jacobian "jacobian" Both "both" Differential "differential");

words!(Format, "format":
    Unicode "unicode" Ascii "ascii" Latex "latex" Markdown "markdown" Typst "typst" MathMl "mathml" Omml "omml");

words!(CodeTarget, "target": NumPy "numpy" Jax "jax" Torch "torch" Rust "rust" C "c" Matlab "matlab");

words!(Reasons, "measure of reasons": None "none" Short "short" Full "full");

words!(Typeface, "typeface": Plain "plain" Bold "bold");

#[cfg(feature = "graph")]
words!(Picture, "picture": Svg "svg" Dot "dot" Mermaid "mermaid" Tikz "tikz");
