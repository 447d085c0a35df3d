//! A stack as the binary has it: formulas are walked recursively, to a depth the parser bounds.

const STACK_BYTES: usize = 256 << 20;

/// Runs one text; a panic is the fuzzer's to see.
pub fn run(text: &str, f: fn(&str)) {
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, || f(text));
        worker.expect("a thread").join().expect("no panic");
    });
}
