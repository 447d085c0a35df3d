//! Room for recursion, on whatever thread a question is asked: formulas are walked recursively, and how deep they may be the
//! parser says.

use std::fmt;

/// With less room than this …
#[cfg(not(target_family = "wasm"))]
const ENOUGH: usize = 64 << 20;
/// … a question is answered on a stack of its own, of so many bytes, of which those are taken that are used.
#[cfg(not(target_family = "wasm"))]
const OWN: usize = 256 << 20;

/// Runs what may recurse as deep as a document nests.
#[cfg(not(target_family = "wasm"))]
pub fn deep<A>(run: impl FnOnce() -> A) -> A {
    stacker::maybe_grow(ENOUGH, OWN, run)
}

/// A stack of WebAssembly is as large as it was linked: there documents may nest less.
#[cfg(target_family = "wasm")]
pub fn deep<A>(run: impl FnOnce() -> A) -> A {
    run()
}

/// A value that nests as deep as definitions refer to one another: it is looked at, copied and dropped where there is room
/// for that, whoever holds it.
pub struct Deep<T>(Option<T>);

impl<T> Deep<T> {
    /// Holds it.
    pub fn new(value: T) -> Deep<T> {
        Deep(Some(value))
    }

    /// Looks at it.
    ///
    /// # Panics
    /// Never: it is there until it is dropped.
    pub fn with<'a, A>(&'a self, look: impl FnOnce(&'a T) -> A) -> A {
        deep(|| look(self.0.as_ref().expect("it is there until it is dropped")))
    }
}

impl<T> Drop for Deep<T> {
    fn drop(&mut self) {
        let value = self.0.take();
        deep(|| drop(value));
    }
}

impl<T: Clone> Clone for Deep<T> {
    fn clone(&self) -> Deep<T> {
        self.with(|value| Deep::new(value.clone()))
    }
}

impl<T: fmt::Debug> fmt::Debug for Deep<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with(|value| value.fmt(f))
    }
}
