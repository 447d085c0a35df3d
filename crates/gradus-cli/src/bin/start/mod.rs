//! How the binaries start.

/// Runs the command line, behind the given command where a binary stands for one.
pub fn run(command: Option<&str>) -> ! {
    #[cfg(unix)]
    if closed::at_start() {
        gradus_cli::cli::without_stdout(command);
    }
    gradus_cli::cli::main(command)
}

/// Before `main`, Rust opens /dev/null in the place of a standard output that is closed (`>&-`): who wants to know looks
/// before that.
#[cfg(unix)]
mod closed {
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

    static CLOSED: AtomicBool = AtomicBool::new(false);

    #[ctor::ctor(unsafe)]
    fn look() {
        CLOSED.store(rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err(), Relaxed);
    }

    pub fn at_start() -> bool {
        CLOSED.load(Relaxed)
    }
}
