//! A bound on the work of one question, counted rather than timed: the same text always comes to the same end.
//!
//! Whoever builds or looks at nodes burns fuel. When it is spent, whatever could go on for long gives back the next best thing
//! at once (`is_spent`), and `limited`, which alone knows, puts an error of kind `Limit` in the place of the answer. Nothing
//! unwinds. Outside `limited` there is no bound.

use crate::diag::{Error, Errors, Kind};
use crate::stack;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// What a question may burn: about a second and a half on the machine of 2026 it was measured on.
const TANK: u64 = 2_500_000;

const UNLIMITED: u64 = u64::MAX;

/// Who watches is told so many times from a full tank to an empty one.
const LOOKS: u64 = 1_000;

thread_local! {
    /// One more than what is left, of the question that this thread is at.
    static LEFT: Cell<u64> = const { Cell::new(UNLIMITED) };
    static WATCH: RefCell<Option<Watch>> = const { RefCell::new(None) };
}

/// Takes so many units: about what so many nodes of an expression cost to build.
pub fn burn(units: u64) {
    let left = LEFT.get();
    if left == UNLIMITED {
        return;
    }
    let rest = left.saturating_sub(units);
    LEFT.set(rest);
    if left / (TANK / LOOKS) != rest / (TANK / LOOKS) {
        look(rest);
    }
}

/// Whether the question is over: what is found from now on is thrown away.
pub fn is_spent() -> bool {
    LEFT.get() == 0
}

/// The question goes on.
///
/// # Errors
/// `Limit` when it is over.
pub fn left() -> Result<(), Error> {
    if is_spent() { Err(spent()) } else { Ok(()) }
}

fn look(rest: u64) {
    let watch = WATCH.with_borrow(Clone::clone);
    let Some(watch) = watch else { return };
    if let Some(told) = &watch.progress {
        told(1.0 - rest as f64 / TANK as f64);
    }
    if watch.is_cancelled() {
        LEFT.set(0);
    }
}

/// What is made once for all questions is no question's work.
pub fn unlimited<A>(made: impl FnOnce() -> A) -> A {
    let _rest = Restored(LEFT.replace(UNLIMITED));
    made()
}

/// Puts back what was left, also where a panic passes.
struct Restored(u64);

impl Drop for Restored {
    fn drop(&mut self) {
        LEFT.set(self.0);
    }
}

/// Stops a question that another thread is at.
///
/// ```
/// # use gradus_core::fuel::Cancel;
/// let cancel = Cancel::default();
/// let from_elsewhere = cancel.clone();
/// from_elsewhere.cancel();
/// assert!(cancel.is_cancelled());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Every question that looks at this token, or at a clone of it, ends soon, with an error of kind `Limit`.
    pub fn cancel(&self) {
        self.0.store(true, Relaxed);
    }

    /// Whether that was said.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Relaxed)
    }
}

/// Who is told how much of its tank a question has burnt: from 0 to 1.
pub type Progress = Arc<dyn Fn(f64) + Send + Sync>;

/// Who watches a question.
#[derive(Clone, Default)]
pub struct Watch {
    /// Who may stop it.
    pub cancel: Option<Cancel>,
    /// Who is told how far it is.
    pub progress: Option<Progress>,
}

impl Watch {
    fn is_cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(Cancel::is_cancelled)
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("cancel", &self.cancel).finish_non_exhaustive()
    }
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

/// As `limited`, while someone watches.
///
/// # Errors
/// `Limit` when the fuel is spent or the question was cancelled.
pub fn watched<A>(watch: &Watch, question: impl FnOnce() -> Result<A, Errors>) -> Result<A, Errors> {
    if LEFT.get() != UNLIMITED || watch.cancel.is_none() && watch.progress.is_none() {
        return limited(question);
    }
    WATCH.set(Some(watch.clone()));
    let _unwatched = Unwatched;
    let (answer, rest) = if watch.is_cancelled() { (Err(vec![]), 0) } else { with(TANK, question) };
    if rest == 0 && watch.is_cancelled() { Err(vec![cancelled()]) } else { answer }
}

struct Unwatched;

impl Drop for Unwatched {
    fn drop(&mut self) {
        WATCH.set(None);
    }
}

/// What the questions of one file may burn together.
pub struct SharedFuel {
    left: u64,
    /// What each of them may burn.
    tank: u64,
}

impl SharedFuel {
    /// So much that no file takes much longer than half a minute: the last question may go beyond it by a tank.
    pub const FILE: SharedFuel = SharedFuel::of(20 * TANK);

    /// So many units.
    pub const fn of(units: u64) -> SharedFuel {
        SharedFuel { left: units, tank: if units < TANK { units } else { TANK } }
    }

    /// Answers one of the questions, from a full tank: what is found does not depend on those before it.
    ///
    /// # Errors
    /// `Limit` when the tank is not enough, or nothing is left for the question.
    pub fn limited<A>(&mut self, question: impl FnOnce() -> Result<A, Errors>) -> Result<A, Errors> {
        if self.is_spent() {
            return Err(vec![spent()]);
        }
        let (answer, rest) = with(self.tank, question);
        self.left = self.left.saturating_sub(self.tank - rest.saturating_sub(1));
        answer
    }

    /// Whether nothing is left.
    pub fn is_spent(&self) -> bool {
        self.left == 0
    }

    /// How many units are left.
    pub fn left(&self) -> u64 {
        self.left
    }
}

/// The answer, and one more than what is left of the tank: 0 where it was not enough.
fn with<A>(tank: u64, question: impl FnOnce() -> Result<A, Errors>) -> (Result<A, Errors>, u64) {
    let restored = Restored(LEFT.replace(tank + 1));
    let answer = stack::deep(question);
    let rest = LEFT.get();
    drop(restored);
    (if rest == 0 { Err(vec![spent()]) } else { answer }, rest)
}

/// Does what a question can do without, from a tank of its own: the question's is as full afterwards as it was before.
/// Where the tank does not suffice, `is_spent` says so and the rest is to be left undone.
pub fn aside(extra: impl FnOnce()) {
    if !is_spent() {
        let _rest = Restored(LEFT.replace(TANK / 2));
        extra();
    }
}

/// What is kept of a tank from work a question can do without.
const KEPT: u64 = TANK / 4;

/// Does work a question can do without, as far as there is more than what is kept for the rest of it. `None` where that
/// does not suffice.
pub fn spared<A>(work: impl FnOnce() -> A) -> Option<A> {
    let left = LEFT.get();
    if left == UNLIMITED {
        return Some(work());
    }
    let kept = left.min(KEPT);
    LEFT.set(left - kept);
    let result = (!is_spent()).then(work).filter(|_| !is_spent());
    LEFT.set(LEFT.get() + kept);
    result
}

fn spent() -> Error {
    Error::new(Kind::Limit, "this takes more work than gradus does for one question")
        .help("ask for less at once: fewer targets, a lower order, no steps; or name parts of long formulas")
}

fn cancelled() -> Error {
    Error::new(Kind::Limit, "the question was cancelled")
}

#[cfg(test)]
mod tests {
    use super::{Cancel, KEPT, SharedFuel, TANK, Watch, burn, is_spent, left, limited, spared, watched};
    use crate::diag::{Errors, Kind};

    #[test]
    fn what_can_be_done_without_leaves_fuel_for_the_rest() {
        let question = || {
            assert_eq!(spared(|| burn(TANK / 2)), Some(()));
            assert_eq!(spared(|| burn(TANK)), None);
            assert_eq!(spared(|| panic!("nothing is left to spare")), None::<()>);
            burn(KEPT - 2);
            left().map_err(|e| vec![e])
        };
        assert!(limited(question).is_ok());
    }

    fn burning(units: u64) -> Result<(), Errors> {
        burn(units);
        Ok(())
    }

    #[test]
    fn a_question_ends_where_its_fuel_does() {
        let spent = limited(|| {
            while !is_spent() {
                burning(1)?
            }
            Ok(())
        });
        let spent = spent.expect_err("no end");
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
        let mut budget = SharedFuel::of(2 * TANK);
        assert_eq!(budget.limited(|| burning(TANK / 2)), Ok(()));
        assert!(budget.limited(|| burning(TANK + 1)).is_err(), "no question takes more than a tank");
        assert_eq!(
            (budget.is_spent(), budget.limited(|| burning(TANK))),
            (false, Ok(())),
            "the last has a full tank too"
        );
        assert!(budget.is_spent() && budget.limited(|| burning(1)).is_err());
    }

    #[test]
    fn who_watches_is_told_and_may_stop_it() {
        let cancel = Cancel::default();
        let told = std::sync::Arc::new(std::sync::Mutex::new(vec![]));
        let (heard, stop) = (told.clone(), cancel.clone());
        let progress: super::Progress = std::sync::Arc::new(move |share| {
            heard.lock().expect("one thread").push(share);
            if share > 0.5 {
                stop.cancel();
            }
        });
        let watch = Watch { cancel: Some(cancel), progress: Some(progress) };
        let question = || {
            while !is_spent() {
                burn(100);
            }
            Ok(())
        };
        let stopped = watched(&watch, question).expect_err("it is cancelled");
        assert_eq!((stopped[0].kind, stopped[0].message.as_str()), (Kind::Limit, "the question was cancelled"));
        let told = told.lock().expect("one thread");
        assert!(told.is_sorted() && told.len() > 400 && told.last().is_some_and(|share| (0.5..0.51).contains(share)));
        assert!(watched(&watch, || Ok(())).is_err(), "it is not begun");
        assert_eq!(limited(|| burning(TANK)), Ok(()), "nobody watches the next");
    }
}
