//! Questions are answered on a thread of their own, without the interpreter's lock, while this one listens for Ctrl-C.

use crate::failure;
use gradus::Cancel;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// How often it is looked whether someone pressed Ctrl-C.
const LISTENS: Duration = Duration::from_millis(50);

/// The answer of the library, or its error as Python's.
///
/// The thread is a new one for the sake of the stack: Python keeps watch over the bounds of its own.
pub fn answer<A: Send>(
    py: Python<'_>,
    question: impl FnOnce(&Cancel) -> Result<A, gradus::Error> + Send,
) -> PyResult<A> {
    let cancel = Cancel::default();
    let (told, done) = channel();
    let (interrupted, answer) = std::thread::scope(|scope| {
        let cancel = &cancel;
        let worker = scope.spawn(move || {
            let _told = told;
            question(cancel)
        });
        let interrupted = listen(py, done, cancel);
        (interrupted, py.detach(|| worker.join()))
    });
    interrupted?;
    let panicked = |_| PyRuntimeError::new_err("gradus failed where it should not: please report the document");
    answer.map_err(panicked)?.map_err(|e| failure::raised(py, &e))
}

/// Waits for the end of the question; cancels it, and says why, when Python has a signal for us.
fn listen(py: Python<'_>, mut done: Receiver<()>, cancel: &Cancel) -> PyResult<()> {
    loop {
        let end;
        (done, end) = py.detach(move || {
            let end = done.recv_timeout(LISTENS);
            (done, end)
        });
        if end != Err(RecvTimeoutError::Timeout) {
            return Ok(());
        }
        py.check_signals().inspect_err(|_| cancel.cancel())?;
    }
}
