//! The binary: arguments in, text out.

/// A derivation is millions of small allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    gradus_cli::cli::main(None);
}
