//! The binary: arguments in, text out.

#[path = "bin/start/mod.rs"]
mod start;

/// A derivation is millions of small allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    start::run(None);
}
