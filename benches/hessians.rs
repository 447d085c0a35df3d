//! Hessians derived once, then evaluated on a ladder of sizes: in the form that is cheapest to hold and multiply by, and
//! written out entry by entry. Beside them NumPy by the closed forms a person would program and `jax.hessian` under jit,
//! in the same run on the same core, when the `python3` of the path (or `$GRADUS_PYTHON`) can import them.
//! `cargo bench --bench hessians [-- PROBLEM…]`
//!
//! The problems are those of Laue, Mitterreiter and Giesen, Computing Higher Order Derivatives of Matrix and Tensor
//! Expressions (2018): logistic regression with n samples of n features; ‖T − U Vᵀ‖² in U: n × 5; a network of ten
//! layers n × n with softplus between them and cross entropy of a softmax behind, in the weights of its first layer.

use gradus::Options;
use gradus::internals::derive::{Derivation, derive};
use gradus::internals::eval::{Compiled, Value, Values};
use gradus::internals::expr::Symbol;
use gradus::internals::program::Definition;
use ndarray::Array2;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// As the binary: large arrays are taken from memory that is at hand.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Time given to the repeats of one measurement.
const PATIENCE: Duration = Duration::from_secs(1);
const RANK: usize = 5;
const LAYERS: usize = 10;
/// As the binary: deep formulas are walked recursively.
const STACK_BYTES: usize = 256 << 20;
/// The core everything runs on.
#[cfg(target_os = "linux")]
const CORE: usize = 1;

/// A problem with its Hessian.
struct Problem {
    name: &'static str,
    derivation: Derivation,
    ladder: &'static [usize],
    inputs: fn(usize) -> Vec<(String, Array2<f64>)>,
}

/// sin(seed + 12.9898 i + 78.233 j): the same numbers in every language.
fn filled(seed: usize, rows: usize, cols: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows, cols), |(i, j)| (seed as f64 + 12.9898 * i as f64 + 78.233 * j as f64).sin())
}

fn named(arrays: Vec<(&str, Array2<f64>)>) -> Vec<(String, Array2<f64>)> {
    arrays.into_iter().map(|(name, a)| (name.to_owned(), a)).collect()
}

fn logistic(n: usize) -> Vec<(String, Array2<f64>)> {
    named(vec![("X", filled(1, n, n)), ("y", filled(2, n, 1)), ("w", filled(3, n, 1) / n as f64)])
}

fn factorisation(n: usize) -> Vec<(String, Array2<f64>)> {
    named(vec![("T", filled(1, n, n)), ("U", filled(2, n, RANK)), ("V", filled(3, n, RANK))])
}

fn network(n: usize) -> Vec<(String, Array2<f64>)> {
    let weight = |l: usize| (format!("W_{l}"), filled(2 + l, n, n) / n as f64);
    named(vec![("x", filled(1, n, 1)), ("y", filled(2, n, 1))]).into_iter().chain((1..=LAYERS).map(weight)).collect()
}

fn network_document() -> String {
    let layer = |l: usize| format!("W_{l}: n x n constant; z_{l} = W_{l} softplus(z_{})\n", l - 1);
    let layers: String = (2..=LAYERS).map(layer).collect();
    format!("W_1: n x n; x: n constant; y: n constant; z_1 = W_1 x\n{layers}s = logsumexp(z_{LAYERS}) - y^T z_{LAYERS}")
}

fn problem(
    name: &'static str,
    text: &str,
    wrt: &str,
    ladder: &'static [usize],
    inputs: fn(usize) -> Vec<(String, Array2<f64>)>,
) -> Problem {
    let options = Options::default().with_respect_to([wrt]).order(2);
    let start = Instant::now();
    let derivation = derive(text, &options).expect("the problem derives");
    println!("{name}: derived and checked in {:.0} ms", 1e3 * start.elapsed().as_secs_f64());
    Problem { name, derivation, ladder, inputs }
}

fn problems() -> Vec<Problem> {
    vec![
        problem(
            "logistic",
            "X: n x d; y: n; w: d; s = sum(softplus(X w)) - y^T X w",
            "w",
            &[10, 100, 300, 1000],
            logistic,
        ),
        problem(
            "factorisation",
            "T: n x m; U: n x k; V: m x k; s = ||T - U V^T||^2",
            "U",
            &[10, 50, 200, 500],
            factorisation,
        ),
        problem("network", &network_document(), "W_1", &[8, 16, 32, 64], network),
    ]
}

/// The shortest run within the patience.
fn best<T>(mut run: impl FnMut() -> T) -> f64 {
    std::hint::black_box(run());
    let (mut shortest, begin) = (f64::INFINITY, Instant::now());
    while begin.elapsed() < PATIENCE {
        let start = Instant::now();
        let result = std::hint::black_box(run());
        shortest = shortest.min(start.elapsed().as_secs_f64());
        drop(result);
    }
    shortest
}

/// Seconds for the compressed Hessian and for the written one, and the norm of that.
struct Row {
    compressed: f64,
    written: f64,
    norm: f64,
}

impl Problem {
    fn values(&self, n: usize) -> Values {
        let mut values = Values::default();
        let size = |name: &gradus::internals::expr::Size, extent: usize| Some((name.as_name()?.clone(), extent as i64));
        for (name, array) in (self.inputs)(n) {
            let name = Symbol::from(name.as_str());
            let shape = self.derivation.program.shape(&name).expect("an input").clone();
            values.sizes.extend(size(&shape.rows, array.nrows()));
            values.sizes.extend(size(&shape.cols, array.ncols()));
            values.arrays.insert(name, array.into_shared());
        }
        values
    }

    fn measured(&self, n: usize) -> Row {
        let values = self.values(n);
        let hessian = &self.derivation.derivatives[0].result;
        let shared: Vec<Definition> = self.derivation.shared_by(hessian).into_iter().cloned().collect();
        let compiled = Compiled::new(&shared, hessian);
        let compressed = || -> Value<f64> { compiled.value(&values).expect("a value") };
        let written = || compressed().to_dense().expect("small enough");
        let norm = written().iter().map(|x| x * x).sum::<f64>().sqrt();
        Row { compressed: best(compressed), written: best(written), norm }
    }
}

/// Rows of the peers by problem and size.
type Peers = BTreeMap<(String, usize), serde_json::Value>;

/// Runs the script; an empty answer where there is no Python with NumPy.
fn peers(problems: &[Problem]) -> Peers {
    let python = std::env::var("GRADUS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/hessians.py");
    let sizes = problems.iter().flat_map(|p| p.ladder.iter().map(move |n| format!("{}:{n}", p.name)));
    let mut command = Command::new(python);
    command.arg(script).args(sizes).stdout(Stdio::piped()).stderr(Stdio::null());
    command.env("OPENBLAS_NUM_THREADS", "1").env("OMP_NUM_THREADS", "1");
    let Ok(mut child) = command.spawn() else { return Peers::new() };
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
    let rows: Vec<serde_json::Value> = lines.filter_map(|l| serde_json::from_str(&l).ok()).collect();
    let _ = child.wait();
    if let Some(versions) = rows.first() {
        println!("peers: NumPy {}, JAX {}", versions["numpy"], versions["jax"]);
    }
    let key = |row: &serde_json::Value| Some((row["problem"].as_str()?.to_owned(), row["n"].as_u64()? as usize));
    rows.into_iter().filter_map(|row| Some((key(&row)?, row))).collect()
}

/// Seconds in the unit that suits them.
fn time(seconds: Option<f64>) -> String {
    match seconds {
        None => "—".to_owned(),
        Some(s) if s < 1e-3 => format!("{:.3} µs", 1e6 * s),
        Some(s) => format!("{:.3} ms", 1e3 * s),
    }
}

fn ratio(seconds: f64, peer: Option<f64>) -> String {
    peer.map_or_else(|| "—".to_owned(), |p| format!("{:.2}", seconds / p))
}

fn table() {
    let named: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let asked = |p: &Problem| named.is_empty() || named.iter().any(|name| name == p.name);
    let problems: Vec<Problem> = problems().into_iter().filter(asked).collect();
    let peers = peers(&problems);
    println!(
        "{:>14} {:>5} {:>13} {:>13} {:>7} {:>13} {:>13} {:>7} {:>13} {:>9}",
        "problem", "n", "gradus", "NumPy", "ratio", "written out", "NumPy", "ratio", "JAX", "JAX/gradus"
    );
    for p in &problems {
        for n in p.ladder {
            let row = p.measured(*n);
            let peer = peers.get(&(p.name.to_owned(), *n));
            let field = |name: &str| peer.and_then(|row| row[name].as_f64());
            if let Some(norm) = field("norm") {
                assert!((norm - row.norm).abs() <= 1e-9 * norm, "{} {n}: {} is not JAX's {norm}", p.name, row.norm);
            }
            println!(
                "{:>14} {n:>5} {:>13} {:>13} {:>7} {:>13} {:>13} {:>7} {:>13} {:>9}",
                p.name,
                time(Some(row.compressed)),
                time(field("numpy")),
                ratio(row.compressed, field("numpy")),
                time(Some(row.written)),
                time(field("numpy_written")),
                ratio(row.written, field("numpy_written")),
                time(field("jax")),
                field("jax").map_or_else(|| "—".to_owned(), |j| format!("{:.1}", j / row.compressed)),
            );
        }
    }
}

/// This process, its threads and the peers on one core.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)] // a call of libc
fn pin() {
    // SAFETY: an all-zero set is a valid one; the set lives through the call.
    unsafe {
        let mut set = std::mem::zeroed::<libc::cpu_set_t>();
        libc::CPU_SET(CORE, &mut set);
        libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &set);
    }
}

#[cfg(not(target_os = "linux"))]
fn pin() {}

fn main() {
    pin();
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(table).expect("a thread");
    worker.join().expect("the problems derive");
}
