//! Texts that are long, deep, wide, or no texts at all: each ends soon, in little memory, with an answer or an error.

mod texts;

use crate::binary::gradus_with;
#[cfg(unix)]
use std::process::{Command, Stdio};

/// CPU seconds a text may take; an unoptimised binary is slow, and a busy machine is, too.
const SECONDS: f64 = if cfg!(debug_assertions) { 180.0 } else { 2.0 };

/// Memory a text may take.
const MEGABYTES: i64 = 512;

/// Kilobytes by which two readings of one peak may differ: the kernel counts pages by processor, and adds them up roughly.
#[cfg(unix)]
const SLACK: i64 = 64 << 10;

#[cfg(unix)]
struct Used {
    code: Option<i32>,
    seconds: f64,
    megabytes: i64,
}

/// Runs the binary, under a limit of CPU time that a run without end reaches.
#[cfg(unix)]
#[allow(unsafe_code)] // calls of libc
#[allow(clippy::zombie_processes)] // wait4 waits, and says what was used
fn run(args: &[&str], name: &str) -> Used {
    use std::os::unix::process::{CommandExt, ExitStatusExt};
    let mut command = Command::new(env!("CARGO_BIN_EXE_gradus"));
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let seconds = (10.0 * SECONDS) as u64;
    // SAFETY: setrlimit is async-signal-safe, and its argument is a valid limit.
    unsafe {
        command.pre_exec(move || {
            let limit = libc::rlimit { rlim_cur: seconds, rlim_max: seconds };
            libc::setrlimit(libc::RLIMIT_CPU, &limit);
            Ok(())
        });
    }
    let child = command.spawn().expect("the binary is built before the tests");
    let mut status = 0;
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: both are valid places to write to, the child is ours and nobody else waits for it.
    let (waited, usage) = unsafe {
        let waited = libc::wait4(child.id() as libc::pid_t, &mut status, 0, usage.as_mut_ptr());
        (waited, usage.assume_init())
    };
    assert!(waited > 0, "{name}: waiting failed");
    let time = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 / 1e6;
    Used {
        code: std::process::ExitStatus::from_raw(status).code(),
        seconds: time(usage.ru_utime) + time(usage.ru_stime),
        megabytes: if usage.ru_maxrss > own_peak() + SLACK { usage.ru_maxrss / 1024 } else { 0 },
    }
}

/// The most this process has held, in kilobytes: a child is charged with it from before it became the binary, and what
/// it took itself is not known then.
#[cfg(unix)]
#[allow(unsafe_code)] // a call of libc
fn own_peak() -> i64 {
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: it is a valid place to write to.
    unsafe {
        libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr());
        usage.assume_init().ru_maxrss
    }
}

#[cfg(unix)]
fn endured(cases: Vec<(&'static str, String)>) {
    let mut faults = vec![];
    for (name, text) in cases {
        assert!(text.len() <= (64 << 10) + 200, "{name} is {} bytes", text.len());
        let directory = crate::binary::Directory::new("hostile");
        let file = directory.file("text.gradus", &text);
        judge(&["derive", &file], name, &mut faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[cfg(unix)]
fn judge(args: &[&str], name: &str, faults: &mut Vec<String>) {
    let used = run(args, name);
    println!("{name:<40} {:<10} exit {:?}  {:.2} s  {} MB", args[0], used.code, used.seconds, used.megabytes);
    let ended = matches!(used.code, Some(0..=3));
    if !ended || used.seconds > SECONDS || used.megabytes > MEGABYTES {
        let (code, seconds, megabytes) = (used.code, used.seconds, used.megabytes);
        faults.push(format!("{} {name}: exit {code:?} after {seconds:.2} s in {megabytes} MB", args[0]));
    }
}

/// A claim about each, and each simplified and compared with another.
#[cfg(unix)]
fn judged(cases: Vec<(&'static str, String)>) {
    let mut faults = vec![];
    for (name, text) in cases {
        let directory = crate::binary::Directory::new("hostile");
        let file = directory.file("text.gradus", &text);
        judge(&["check", &file, "--wrt", "x", "--claim", "x"], name, &mut faults);
        judge(&["simplify", &file], name, &mut faults);
        let last = text.rsplit(['\n', ';']).next().unwrap_or_default();
        if !last.contains('\0') {
            judge(&["check", "s = x^T A x", "--wrt", "x", "--claim", last], name, &mut faults);
            judge(&["equal", last, &format!("{last} + x")], name, &mut faults);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[cfg(unix)]
#[test]
fn deep_texts() {
    endured(texts::deep());
}

#[cfg(unix)]
#[test]
fn large_powers() {
    endured(texts::powers());
}

#[cfg(unix)]
#[test]
fn wide_texts() {
    endured(texts::wide());
}

/// What stands around formulas in programs is looked for in the whole text: half a million bytes of it, each once.
#[cfg(unix)]
#[test]
fn long_programs() {
    let mut faults = vec![];
    for (name, text) in texts::programs() {
        let directory = crate::binary::Directory::new("hostile");
        judge(&["derive", &directory.file("text.gradus", &text)], name, &mut faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[cfg(unix)]
#[test]
fn many_definitions() {
    endured(texts::definitions());
}

#[cfg(unix)]
#[test]
fn large_sizes() {
    endured(texts::sizes());
}

#[cfg(unix)]
#[test]
fn strange_characters() {
    endured(texts::characters());
}

#[test]
fn bytes_that_are_no_text() {
    let mut seed = 1u64;
    for length in [1, 7, 100, 5000] {
        let bytes: Vec<u8> = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            (seed >> 56) as u8 | 0x80
        })
        .take(length)
        .collect();
        let run = gradus_with(&["derive", "-"], &bytes);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("UTF-8"), "{run:?}");
    }
}

/// The claims of the contract about size: 200 terms, 200 nested calls, 2,000 definitions, each under a second.
#[cfg(unix)]
#[test]
fn wide_and_deep_documents_are_cheap() {
    let terms = (0..200).map(|i| format!("x^T A_{i} x")).collect::<Vec<_>>().join(" + ");
    let calls = format!("x: scalar; {}x{}", "sin(".repeat(200), ")".repeat(200));
    let count = if cfg!(debug_assertions) { 200 } else { 2_000 };
    let layers: String = (0..count).map(|i| format!("h_{} = tanh(W h_{i} + b)\n", i + 1)).collect();
    let definitions = format!("{layers}s = sum(h_{count})");
    for (name, text) in [("200 terms", terms), ("200 calls", calls), ("2,000 definitions", definitions)] {
        let directory = crate::binary::Directory::new("hostile");
        let used = run(&["derive", &directory.file("text.gradus", &text)], name);
        println!("{name:<40} {:.2} s", used.seconds);
        assert!(
            used.code == Some(0) && used.seconds < SECONDS / 2.0,
            "{name}: {:?} after {:.2} s",
            used.code,
            used.seconds
        );
    }
}

/// Forms, orders, steps and notations that make more of a text than it is.
#[cfg(unix)]
#[test]
fn much_from_hostile_texts() {
    const ASKED: [(&str, &[&str]); 9] = [
        ("a sum of squares", &["--order", "2"]),
        ("200 squares", &["--form", "jacobian"]),
        ("100 inverses", &["--form", "jacobian"]),
        ("200 layers in a term", &["--order", "2"]),
        ("200 calls with products", &["--hvp", "x"]),
        ("X^1000", &["--order", "2"]),
        ("a sum squared", &["--format", "latex", "--inline"]),
        ("determinants", &["--steps"]),
        ("tanh after tanh", &["--order", "2"]),
    ];
    let texts = [texts::deep(), texts::powers(), texts::wide(), texts::definitions()].concat();
    let mut faults = vec![];
    let count = if cfg!(debug_assertions) { 2 } else { ASKED.len() };
    for (name, options) in &ASKED[..count] {
        let (name, text) = texts.iter().find(|(n, _)| n == name).expect("a text");
        let directory = crate::binary::Directory::new("hostile");
        let file = directory.file("text.gradus", text);
        judge(&[&["derive", file.as_str()], *options].concat(), name, &mut faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Claims, equalities and simplifications of the texts that were once too much for them.
#[cfg(unix)]
#[test]
fn verdicts_on_hostile_texts() {
    if !cfg!(debug_assertions) {
        [texts::deep(), texts::powers(), texts::wide(), texts::definitions()].into_iter().for_each(judged);
    }
    judged(texts::sizes());
}
