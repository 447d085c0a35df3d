//! Is it right? A derivative found by hand against the document, an expression against another: a verdict by numbers
//! first, then a proof in steps where it is right, and where it is wrong the place, the slip that explains it, and the
//! fact that would make it right.
//!
//! Numbers and exact arithmetic decide. A proof is looked for only of what agrees at every point, and each of its steps is
//! checked in numbers before it is given; a claim that agrees and is not proved is a yes that says so, or not decided
//! where some part of it was never seen to matter.

mod answer;
mod asked;
mod edits;
mod effort;
mod equal;
mod fact;
mod index_edits;
mod indexed;
mod judge;
mod material;
mod occurrences;
mod proof;
mod question;
mod ranges;
mod read;
mod rivals;
mod search;
mod simplify;
mod slip;
mod trial;

pub use answer::{Answer, Wrong};
pub use asked::{Claim, Question, Verdict};
pub use equal::{Equality, equal, text as equal_text};
pub use fact::Condition;
pub use question::check;
pub use simplify::{Simplification, simplified, simplify};
pub use slip::{Slip, SlipKind};
