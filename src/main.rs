//! The binary: arguments in, text out.

use std::io::Write;
use std::process::exit;

/// Deep formulas are walked recursively; their depth is bounded by the parser, this is room for it.
const STACK_BYTES: usize = 256 << 20;

fn main() {
    let worker =
        std::thread::Builder::new().stack_size(STACK_BYTES).spawn(|| gradus::cli::run(std::env::args_os().collect()));
    let output = match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(output)) => output,
        Ok(Err(_)) | Err(_) => exit(gradus::diag::Kind::Internal.exit_code()),
    };
    // a reader that stops reading (`| head`) is no error of ours
    let _ = std::io::stderr().write_all(output.stderr.as_bytes());
    let _ = std::io::stdout().write_all(output.stdout.as_bytes());
    exit(output.code);
}
