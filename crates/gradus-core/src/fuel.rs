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
    LEFT.set(TANK);
    let answer = catch_unwind(AssertUnwindSafe(question));
    LEFT.set(UNLIMITED);
    match answer {
        Ok(answer) => answer,
        Err(payload) if payload.is::<Spent>() => Err(vec![
            Error::new(Kind::Limit, "this takes more work than gradus does for one question")
                .help("ask for less at once: fewer targets, a lower order, no steps; or name parts of long formulas"),
        ]),
        Err(panic) => resume_unwind(panic),
    }
}

#[cfg(test)]
mod tests {
    use super::{TANK, burn, limited};
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
}
