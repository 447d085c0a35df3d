//! A bound on the work of one question, counted rather than timed: the same text always comes to the same end.
//!
//! Whoever builds or looks at nodes burns fuel; when it is spent, the question ends with an error of kind `Limit`. Outside
//! `limited` there is no bound.

use crate::diag::{Error, Errors, Kind};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// What a question may burn: about a second and a half on the machine of 2026 it was measured on.
const TANK: u64 = 2_500_000;

const UNLIMITED: u64 = u64::MAX;

thread_local! {
    static LEFT: Cell<u64> = const { Cell::new(UNLIMITED) };
}

/// What unwinds when the fuel is spent.
struct Spent;

/// Takes so many units: about what so many nodes of an expression cost to build. Unwinds to `limited` when none are left.
pub fn burn(units: u64) {
    LEFT.with(|left| match left.get() {
        UNLIMITED => {}
        some => match some.checked_sub(units) {
            Some(rest) => left.set(rest),
            None => resume_unwind(Box::new(Spent)),
        },
    });
}

/// Answers a question with a full tank; one within another burns from the same tank.
///
/// # Errors
/// `Limit` when the fuel is spent.
pub fn limited<A>(question: impl FnOnce() -> Result<A, Errors>) -> Result<A, Errors> {
    if LEFT.get() != UNLIMITED {
        return question();
    }
    with(TANK, question).0
}

/// What the questions of one file may burn together.
pub struct Budget {
    left: u64,
}

impl Budget {
    /// So much that no file takes much longer than half a minute.
    pub const FILE: Budget = Budget { left: 20 * TANK };

    /// Answers one of the questions: from a full tank while there is enough for one.
    ///
    /// # Errors
    /// `Limit` when the fuel is spent.
    pub fn limited<A>(&mut self, question: impl FnOnce() -> Result<A, Errors>) -> Result<A, Errors> {
        let tank = self.left.min(TANK);
        let (answer, rest) = with(tank, question);
        self.left -= tank - rest;
        answer
    }

    /// Whether nothing is left.
    pub fn is_spent(&self) -> bool {
        self.left == 0
    }
}

/// The answer, and what is left of the tank.
fn with<A>(tank: u64, question: impl FnOnce() -> Result<A, Errors>) -> (Result<A, Errors>, u64) {
    LEFT.set(tank);
    let answer = catch_unwind(AssertUnwindSafe(question));
    let rest = LEFT.replace(UNLIMITED);
    match answer {
        Ok(answer) => (answer, rest),
        Err(payload) if payload.is::<Spent>() => (Err(vec![spent()]), 0),
        Err(panic) => resume_unwind(panic),
    }
}

/// Does what a question can do without, from a tank of its own: the question's is as full afterwards as it was before.
/// Where the tank does not suffice, it is left undone.
pub fn aside(extra: impl FnOnce()) {
    let left = LEFT.replace(TANK / 2);
    let answer = catch_unwind(AssertUnwindSafe(extra));
    LEFT.set(left);
    if let Err(panic) = answer
        && !panic.is::<Spent>()
    {
        resume_unwind(panic);
    }
}

fn spent() -> Error {
    Error::new(Kind::Limit, "this takes more work than gradus does for one question")
        .help("ask for less at once: fewer targets, a lower order, no steps; or name parts of long formulas")
}

#[cfg(test)]
mod tests {
    use super::{Budget, TANK, burn, limited};
    use crate::diag::{Errors, Kind};

    fn burning(units: u64) -> Result<(), Errors> {
        burn(units);
        Ok(())
    }

    #[test]
    fn a_question_ends_where_its_fuel_does() {
        let spent = limited(|| {
            loop {
                burning(1)?
            }
        })
        .map(|(): ()| ())
        .expect_err("no end");
        assert_eq!(spent[0].kind, Kind::Limit);
        assert_eq!(limited(|| burning(TANK)), Ok(()), "the next question has a full tank");
    }

    #[test]
    fn a_question_within_another_has_no_tank_of_its_own() {
        let nested = limited(|| {
            burning(TANK / 2)?;
            limited(|| burning(TANK))
        });
        assert_eq!(nested.map_err(|e| e[0].kind), Err(Kind::Limit));
    }
    #[test]
    fn the_questions_of_a_file_burn_from_one_budget() {
        let mut budget = Budget { left: 2 * TANK };
        assert_eq!(budget.limited(|| burning(TANK / 2)), Ok(()));
        assert!(budget.limited(|| burning(TANK + 1)).is_err(), "no question takes more than a tank");
        assert!(!budget.is_spent() && budget.limited(|| burning(TANK)).is_err() && budget.is_spent());
    }
}
