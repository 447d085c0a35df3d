//! Derivations while one types: in a thread of their own, for which the prompt waits no longer than one can feel.

use super::session::Session;
use std::cell::RefCell;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// How long a key may wait for its preview. It decides what is shown while one types, never an answer.
const PATIENCE: Duration = Duration::from_millis(50);

/// A line as it stands after a key.
struct PreviewRequest {
    number: u64,
    session: Session,
    line: String,
    width: usize,
}

/// Previews of lines.
pub struct Preview {
    questions: Sender<PreviewRequest>,
    answers: Receiver<(u64, Option<String>)>,
    current: RefCell<Current>,
}

/// The line asked about last.
#[derive(Default)]
struct Current {
    number: u64,
    line: String,
    answer: Option<Option<String>>,
}

impl Preview {
    /// A thread that derives what it is asked; `None` where there can be no thread.
    pub fn start(stack: usize) -> Option<Preview> {
        let (questions, asked) = channel();
        let (found, answers) = channel();
        std::thread::Builder::new().stack_size(stack).spawn(move || answer(&asked, &found)).ok()?;
        Some(Preview { questions, answers, current: RefCell::default() })
    }

    /// The session has changed: what a line derives may have, too.
    pub fn forget(&self) {
        self.current.borrow_mut().line.clear();
    }

    /// What the line derives in this session; `None` when it derives nothing, or not at once. An answer that was late is
    /// there when the same line is asked about again.
    pub fn of(&self, session: &Session, line: &str, width: usize) -> Option<String> {
        let mut current = self.current.borrow_mut();
        let line = line.trim();
        if current.line != line {
            *current = Current { number: current.number + 1, line: line.to_owned(), answer: None };
            let (number, line) = (current.number, line.to_owned());
            self.questions.send(PreviewRequest { number, session: session.clone(), line, width }).ok()?;
        }
        if current.answer.is_none() {
            current.answer = self.wait(current.number);
        }
        current.answer.clone().flatten()
    }

    /// The answer to a question, when it comes in time.
    fn wait(&self, number: u64) -> Option<Option<String>> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.answers.recv_timeout(left) {
                Ok((of, found)) if of == number => return Some(found),
                // the answer to an earlier key, too late
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }
}

/// Answers the newest question, again and again: what lines were before is of no interest.
fn answer(asked: &Receiver<PreviewRequest>, found: &Sender<(u64, Option<String>)>) {
    while let Ok(first) = asked.recv() {
        let newest = asked.try_iter().last().unwrap_or(first);
        let preview = newest.session.preview(&newest.line, newest.width);
        if found.send((newest.number, preview)).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prompt_never_waits_long() {
        let preview = Preview::start(64 << 20).expect("a thread");
        let layers: String = (1..=40).map(|l| format!("h_{l} = f(W_{l} h_{}); ", l - 1)).collect();
        let start = Instant::now();
        let found = preview.of(&Session::default(), &(layers + "s = u^T h_40"), 100);
        assert!(found.is_some() || start.elapsed() >= PATIENCE);
        assert!(start.elapsed() < 20 * PATIENCE, "{:?}", start.elapsed());
    }

    #[test]
    fn a_late_answer_is_there_when_the_line_is_the_same() {
        let preview = Preview::start(64 << 20).expect("a thread");
        let asked = || preview.of(&Session::default(), "x^T A x ", 100);
        let found = (0..200).find_map(|_| asked());
        assert!(found.is_some_and(|text| text.contains("∂s/∂A = x xᵀ")));
    }
}
