//! Room for recursion, on whatever thread a question is asked: formulas are walked recursively, and how deep they may be the
//! parser says.

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
