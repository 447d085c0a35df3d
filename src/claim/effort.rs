//! How much work a verdict is, told from what one comparison takes.

use crate::diag::{Error, Kind, Note};
use crate::eval;
use crate::program::Program;

/// A comparison, of which a verdict takes a dozen, may take at most so many operations.
const MOST: i64 = 100_000_000;
/// What explains a wrong claim is found by comparing again and again, where one takes at most so many.
const REPEATED: i64 = 5_000_000;

/// The operations a single comparison takes.
#[derive(Clone, Copy, Debug)]
pub struct Effort(i64);

impl Effort {
    /// Of comparing what the program defines, which is evaluated so often for it.
    ///
    /// # Errors
    /// `Limit` when that is too much.
    pub fn new(program: &Program, passes: i64) -> Result<Effort, Error> {
        let effort = eval::effort(program)?.saturating_mul(passes);
        if effort > MOST {
            let message = format!("a verdict would take more than {MOST} operations for each point that is compared");
            return Err(Error::new(Kind::Limit, message).help("write large sizes as names, and fewer definitions"));
        }
        Ok(Effort(effort))
    }

    /// Whether what explains a wrong claim may be looked for.
    pub fn explains(self) -> bool {
        self.0 <= REPEATED
    }

    /// What a reader should know of a claim that is wrong.
    pub fn note(self) -> Option<Note> {
        let message = "nothing was tried that would explain the difference: it is too much work at these sizes";
        (!self.explains()).then(|| Note::warning(message))
    }
}
