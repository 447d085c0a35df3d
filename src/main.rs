//! The binary: arguments in, text out.

fn main() {
    gradus::cli::main(None);
}
