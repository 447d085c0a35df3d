//! How the time of a derivation grows with the depth of a network, and what a start of the binary costs.
//! `cargo bench --bench layers`

use gradus::Options;
use gradus::internals::derive::derive;
use std::time::Instant;

/// Layers that are measured.
const DEPTHS: [usize; 5] = [10, 30, 100, 300, 1000];
/// The depth the time per layer is compared with.
const REFERENCE: usize = 100;
/// Layers whose Hessian is measured, every block of it.
const HESSIANS: [usize; 5] = [1, 2, 4, 8, 16];
/// Best of so many runs.
const RUNS: usize = 3;
/// As the binary: deep formulas are walked recursively.
const STACK_BYTES: usize = 256 << 20;

/// A network whose every layer has its own weights.
fn network(layers: usize) -> String {
    let layer = |l: usize| format!("z_{l} = W_{l} h_{} + b_{l}\nh_{l} = f(z_{l})\n", l - 1);
    (1..=layers).map(layer).collect::<String>() + &format!("s = u^T h_{layers}\n")
}

/// One whose layers share their weights.
fn tied(layers: usize) -> String {
    let layer = |l: usize| format!("h_{l} = f(W h_{} + b)\n", l - 1);
    (1..=layers).map(layer).collect::<String>() + &format!("s = u^T h_{layers}\n")
}

/// One whose layers add to what they get: what reaches a layer comes along two paths.
fn residual(layers: usize) -> String {
    let layer = |l: usize| format!("h_{l} = h_{} + f(W_{l} h_{} + b_{l})\n", l - 1, l - 1);
    (1..=layers).map(layer).collect::<String>() + &format!("s = u^T h_{layers}\n")
}

/// A recurrent network unrolled, with a loss at every step.
fn recurrent(steps: usize) -> String {
    let step = |t: usize| format!("h_{t} = f(W h_{} + U x_{t} + b)\n", t - 1);
    let losses: Vec<String> = (1..=steps).map(|t| format!("u^T h_{t}")).collect();
    (1..=steps).map(step).collect::<String>() + &format!("s = {}\n", losses.join(" + "))
}

/// Seconds to read, derive and check a document, and how many local problems that took.
fn measured(text: &str, options: &Options, runs: usize) -> (f64, usize) {
    let mut best = f64::INFINITY;
    let mut problems = 0;
    for _ in 0..runs {
        let start = Instant::now();
        let derivation = derive(text, options).expect("the network derives");
        best = best.min(start.elapsed().as_secs_f64());
        problems = derivation.problems;
    }
    (best, problems)
}

/// A kind of network, and its document for so many layers.
type Family = (&'static str, fn(usize) -> String);

fn depths() {
    let families: [Family; 4] =
        [("own weights", network), ("tied weights", tied), ("residual", residual), ("recurrent", recurrent)];
    println!("parse + derive + check, all gradients, best of {RUNS}");
    for (name, text) in families {
        println!("\n{name}");
        println!(
            "{:>6}  {:>9}  {:>9}  {:>14}  {:>14}",
            "layers", "seconds", "ms/layer", "of L = 100's", "local problems"
        );
        let rows = DEPTHS.map(|l| (l, measured(&text(l), &Options::default(), RUNS)));
        let per_layer = |(l, (s, _)): &(usize, (f64, usize))| s / *l as f64;
        let reference = rows.iter().find(|r| r.0 == REFERENCE).map_or(f64::NAN, per_layer);
        for row in &rows {
            let (layers, (seconds, problems)) = row;
            let each = per_layer(row);
            println!("{layers:>6}  {seconds:>9.4}  {:>9.3}  {:>14.2}  {problems:>14}", 1e3 * each, each / reference);
        }
    }
}

fn hessians() {
    println!("\nparse + derive + check, every block of the Hessian in the weights W_1, …, W_L of a network, once");
    println!("{:>6}  {:>6}  {:>9}  {:>14}", "layers", "blocks", "seconds", "local problems");
    for layers in HESSIANS {
        let weights: Vec<String> = (1..=layers).map(|l| format!("W_{l}")).collect();
        let options = Options::default().with_respect_to(weights).order(2);
        let (seconds, problems) = measured(&network(layers), &options, 1);
        println!("{layers:>6}  {:>6}  {seconds:>9.3}  {problems:>14}", layers * (layers + 1) / 2);
    }
}

fn tables() {
    depths();
    hessians();
}

#[cfg(unix)]
mod start {
    use std::process::{Command, Stdio};

    const RUNS: usize = 20;

    /// User and system time of all children so far, in milliseconds.
    #[allow(unsafe_code)] // a call of libc
    fn of_children() -> f64 {
        let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
        // SAFETY: `usage` is a valid place for one `rusage`, and all zeros are a valid one.
        let usage = unsafe {
            libc::getrusage(libc::RUSAGE_CHILDREN, usage.as_mut_ptr());
            usage.assume_init()
        };
        let ms = |t: libc::timeval| t.tv_sec as f64 * 1e3 + t.tv_usec as f64 / 1e3;
        ms(usage.ru_utime) + ms(usage.ru_stime)
    }

    /// CPU milliseconds of one cold start of the binary on the lecture's network.
    fn once() -> f64 {
        let before = of_children();
        let mut gradus = Command::new(env!("CARGO_BIN_EXE_gradus"));
        let status = gradus.arg("s = u^T f(W x + b)").stdout(Stdio::null()).status().expect("the binary is built");
        assert!(status.success());
        of_children() - before
    }

    /// The largest resident set so far, in megabytes.
    #[allow(unsafe_code)] // a call of libc
    fn peak() -> f64 {
        let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
        // SAFETY: as above.
        let usage = unsafe {
            libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr());
            usage.assume_init()
        };
        let unit = if cfg!(target_os = "macos") { 1.0 } else { 1024.0 };
        usage.ru_maxrss as f64 * unit / 1e6
    }

    pub fn report() {
        println!("\npeak memory of all of this: {:.0} MB", peak());
        let mut times: Vec<f64> = (0..RUNS).map(|_| once()).collect();
        times.sort_by(f64::total_cmp);
        let (best, median) = (times[0], times[RUNS / 2]);
        println!(
            "\ncold start, s = u^T f(W x + b): {best:.1} ms of CPU at best, {median:.1} ms in the median of {RUNS}"
        );
    }
}

fn main() {
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(tables).expect("a thread");
    worker.join().expect("the networks derive");
    #[cfg(unix)]
    start::report();
}
