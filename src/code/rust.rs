//! Rust: one function over slices in rows, with the standard library alone.

use super::assemble::File;
use super::differences::LoopCheck;
use super::loops::{Handed, LoopLanguage, LoopWriter};
use super::plan::{Factoring, Id};
use super::words::about;
use crate::diag::Error;
use crate::expr::{Constant, Elementwise, Size};

struct Rust;

const RESERVED: &[&str] = &[
    "as",
    "async",
    "await",
    "break",
    "const",
    "continue",
    "crate",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "fn",
    "for",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "match",
    "mod",
    "move",
    "mut",
    "pub",
    "ref",
    "return",
    "self",
    "Self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "type",
    "unsafe",
    "use",
    "where",
    "while",
    "gen",
    "yield",
    "box",
    "try",
    "abstract",
    "final",
    "i",
    "j",
    "value",
    "MatrixFactors",
    "Derivatives",
    "factor",
    "solve",
    "inverse",
    "det",
    "det_sign",
    "log_abs_det",
    "mat_vec",
    "mat_mul",
    "mat_power",
    "cum_sum",
    "sigmoid_of",
    "softplus_of",
    "sign_of",
    "step_of",
    "is_zero",
    "erf_of",
    "erfc_of",
    "gelu_of",
    "lgamma_of",
    "digamma_of",
    "trigamma_of",
    "value_and_grad",
    "check_gradient",
    "direction",
    "shifted",
    "distance",
    "along",
    "derivatives",
    "ahead",
    "behind",
    "difference",
    "far",
    "Ok",
    "Err",
    "Some",
    "None",
    "Vec",
    "String",
    "f64",
    "usize",
    "bool",
    "str",
];

/// The file.
pub fn file(file: &File) -> Result<String, Error> {
    let mut writer = LoopWriter::new(file, &Rust, RESERVED)?;
    writer.instructions()?;
    let plan = writer.plan();
    let mut fields = vec![];
    result(&mut writer, plan.value, "value")?;
    for output in &plan.results {
        let name = writer.names.borrow_mut().fresh(&format!("d_{}", output.targets.join("_")));
        writer.lines.push(format!("// {}", output.formula));
        result(&mut writer, output.value, &name)?;
        fields.push((name, plan.at(output.value).dims.is_empty(), output.formula.clone()));
    }
    Ok(text(&writer, &fields))
}

/// A result under its name.
fn result(writer: &mut LoopWriter, id: Id, name: &str) -> Result<(), Error> {
    let dims: &[Size] = &writer.plan().at(id).dims;
    if dims.is_empty() {
        let line = format!("let {name}: f64 = {};", writer.entry(id, &[])?);
        writer.lines.push(line);
        return Ok(());
    }
    let count = writer.count(dims);
    writer.lines.push(Rust.buffer(name, &count));
    writer.write(id, name)
}

fn text(writer: &LoopWriter, fields: &[(String, bool, String)]) -> String {
    let plan = writer.plan();
    let sizes: Vec<String> = writer.file.sizes.names().map(|n| writer.size_name(n.as_str())).collect();
    let given = plan.inputs.iter().zip(&writer.inputs).map(|(i, name)| format!("{name}: {}", i.shape));
    let functions = plan.callables.iter().zip(&writer.callables).map(|(c, n)| format!("{n}: {}", c.meaning()));
    let given: Vec<String> = given.chain(functions).collect();
    let mut out = format!("// The value of {} and its derivatives, written by gradus.\n", plan.of);
    about(writer.file, &given).iter().for_each(|line| out += &format!("{}\n", format!("// {line}").trim_end()));
    out += "//\n// Arrays lie in rows.\n\n#![allow(dead_code, non_snake_case, unused_mut, unused_parens, clippy::all)]\n\n";
    out += "/// The derivatives.\npub struct Derivatives {\n";
    for (name, scalar, formula) in fields {
        out += &format!("    /// {formula}\n    pub {name}: {},\n", if *scalar { "f64" } else { "Vec<f64>" });
    }
    out += "}\n\n";
    let mut parameters: Vec<String> = sizes.iter().map(|n| format!("{n}: usize")).collect();
    let kind = |k: usize| if plan.inputs[k].shape.is_scalar() { "f64" } else { "&[f64]" };
    parameters.extend(writer.inputs.iter().enumerate().map(|(k, n)| format!("{n}: {}", kind(k))));
    parameters.extend(writer.callables.iter().map(|f| format!("{f}: impl Fn(f64) -> f64")));
    let value = if plan.at(plan.value).dims.is_empty() { "f64" } else { "Vec<f64>" };
    out += "/// The value, and the derivatives; an error where an array has too many or too few entries, or a matrix no factors.\n";
    out += &format!("pub fn value_and_grad({}) -> Result<({value}, Derivatives), String> {{\n", parameters.join(", "));
    for (input, name) in plan.inputs.iter().zip(&writer.inputs).filter(|(i, _)| !i.shape.is_scalar()) {
        let count = writer.count(&super::term::dims_of(&input.shape));
        out += &format!(
            "    if {name}.len() != {count} {{\n        return Err(format!(\"{name}: expected {count} = {{}} entries, got {{}}\", {count}, {name}.len()));\n    }}\n"
        );
    }
    writer.lines.iter().for_each(|line| out += &format!("    {line}\n"));
    let names: Vec<&str> = fields.iter().map(|(n, ..)| n.as_str()).collect();
    out += &format!("    Ok((value, Derivatives {{ {} }}))\n}}\n", names.join(", "));
    let results: Vec<String> = fields.iter().map(|(n, ..)| n.clone()).collect();
    out += &LoopCheck::of(writer).map_or_else(String::new, |check| check.rust(&parameters, &sizes, &results));
    out += HELPERS;
    for (words, helper) in SPECIAL {
        if words.iter().any(|word| out.contains(word)) {
            out += helper;
        }
    }
    out
}

impl LoopLanguage for Rust {
    fn name(&self) -> &'static str {
        "rust"
    }

    fn number(&self, text: &str) -> String {
        if text.contains('.') { format!("{text}_f64") } else { format!("{text}.0_f64") }
    }

    fn real(&self, size: &str) -> String {
        format!("({size} as f64)")
    }

    fn constant(&self, constant: Constant) -> &'static str {
        match constant {
            Constant::Pi => "std::f64::consts::PI",
            Constant::E => "std::f64::consts::E",
        }
    }

    fn map(&self, f: Elementwise, x: &str) -> String {
        let method = match f {
            Elementwise::Exp => "exp",
            Elementwise::Log => "ln",
            Elementwise::Expm1 => "exp_m1",
            Elementwise::Log1p => "ln_1p",
            Elementwise::Sqrt => "sqrt",
            Elementwise::Sin => "sin",
            Elementwise::Cos => "cos",
            Elementwise::Tan => "tan",
            Elementwise::Asin => "asin",
            Elementwise::Acos => "acos",
            Elementwise::Atan => "atan",
            Elementwise::Sinh => "sinh",
            Elementwise::Cosh => "cosh",
            Elementwise::Asinh => "asinh",
            Elementwise::Tanh => "tanh",
            Elementwise::Abs => "abs",
            Elementwise::Erf
            | Elementwise::Gelu
            | Elementwise::Lgamma
            | Elementwise::Digamma
            | Elementwise::Trigamma => return format!("{}_of({x})", f.ascii()),
            Elementwise::Sigmoid => return format!("sigmoid_of({x})"),
            Elementwise::Relu => return format!("{x}.max(0.0)"),
            Elementwise::Softplus => return format!("softplus_of({x})"),
            Elementwise::Silu => return format!("({x} * sigmoid_of({x}))"),
            Elementwise::Sign => return format!("sign_of({x})"),
            Elementwise::Step => return format!("step_of({x})"),
            Elementwise::IsZero => return format!("is_zero({x})"),
        };
        format!("{x}.{method}()")
    }

    fn power(&self, x: &str, p: &str) -> String {
        format!("{x}.powf({p})")
    }

    fn choose(&self, condition: &str, yes: &str, no: &str) -> String {
        format!("(if {condition} {{ {yes} }} else {{ {no} }})")
    }

    fn larger(&self, a: &str, b: &str) -> String {
        format!("({a}).max({b})")
    }

    fn lowest(&self) -> &'static str {
        "f64::NEG_INFINITY"
    }

    fn scalar(&self, name: &str, value: &str) -> String {
        format!("let mut {name}: f64 = {value};")
    }

    fn buffer(&self, name: &str, count: &str) -> String {
        format!("let mut {name} = vec![0.0_f64; {count}];")
    }

    fn repeat(&self, index: &str, count: &str) -> String {
        format!("for {index} in 0..{count} {{")
    }

    fn factor(&self, name: &str, of: &str, n: &str, how: Factoring) -> String {
        let (cholesky, lu) = match how {
            Factoring::Cholesky => (true, false),
            Factoring::Symmetric => (true, true),
            Factoring::Lu => (false, true),
        };
        format!("let {name} = factor(&{of}, {n}, {cholesky}, {lu})?;")
    }

    fn fill(&self, helper: &str, out: &str, args: &[Handed]) -> String {
        format!("{helper}(&mut {out}, {});", handed(args))
    }

    fn ask(&self, helper: &str, args: &[Handed]) -> String {
        format!("{helper}({})", handed(args))
    }
}

fn handed(args: &[Handed]) -> String {
    let one = |a: &Handed| match a {
        Handed::Array(name) | Handed::Factors(name) => format!("&{name}"),
        Handed::Size(size) => size.clone(),
        Handed::Flag(flag) => flag.to_string(),
    };
    args.iter().map(one).collect::<Vec<_>>().join(", ")
}

const HELPERS: &str = r#"
/// The exponential that does not overflow.
fn sigmoid_of(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    (if x < 0.0 { e } else { 1.0 }) / (1.0 + e)
}

fn softplus_of(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

fn sign_of(x: f64) -> f64 {
    if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else { 0.0 }
}

fn step_of(x: f64) -> f64 {
    if x > 0.0 { 1.0 } else { 0.0 }
}

fn is_zero(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { 0.0 }
}

fn mat_vec(out: &mut [f64], a: &[f64], v: &[f64], rows: usize, cols: usize, transposed: bool) {
    for i in 0..rows {
        let row = &a[i * cols..(i + 1) * cols];
        if transposed {
            out.iter_mut().zip(row).for_each(|(o, x)| *o += x * v[i]);
        } else {
            out[i] = row.iter().zip(v).map(|(x, y)| x * y).sum();
        }
    }
}

/// `out` is zero before; a is ar x ac, b is br x bc, as they lie.
fn mat_mul(out: &mut [f64], a: &[f64], b: &[f64], ar: usize, ac: usize, br: usize, bc: usize, ta: bool, tb: bool) {
    let (n, inner, m) = (if ta { ac } else { ar }, if ta { ar } else { ac }, if tb { br } else { bc });
    for i in 0..n {
        let row = &mut out[i * m..(i + 1) * m];
        for k in 0..inner {
            let x = if ta { a[k * ac + i] } else { a[i * ac + k] };
            if tb {
                row.iter_mut().enumerate().for_each(|(j, o)| *o += x * b[j * bc + k]);
            } else {
                row.iter_mut().zip(&b[k * bc..(k + 1) * bc]).for_each(|(o, y)| *o += x * y);
            }
        }
    }
}

fn mat_power(out: &mut [f64], a: &[f64], n: usize, power: usize) {
    out.copy_from_slice(a);
    for _ in 1..power {
        let last = out.to_vec();
        out.fill(0.0);
        mat_mul(out, &last, a, n, n, n, n, false, false);
    }
}

fn cum_sum(out: &mut [f64], a: &[f64], n: usize, m: usize) {
    for i in 0..n {
        for j in 0..m {
            out[i * m + j] = a[i * m + j] + if i > 0 { out[(i - 1) * m + j] } else { 0.0 };
        }
    }
}

/// L L^T in the lower triangle, or P L U with the rows that were exchanged.
struct MatrixFactors {
    a: Vec<f64>,
    rows: Vec<usize>,
    cholesky: bool,
}

fn factor(a: &[f64], n: usize, cholesky: bool, lu: bool) -> Result<MatrixFactors, String> {
    if cholesky {
        if let Some(a) = cholesky_of(a, n) {
            return Ok(MatrixFactors { a, rows: vec![], cholesky: true });
        }
    }
    if !lu {
        return Err("a matrix is not positive definite".to_owned());
    }
    let (mut a, mut rows) = (a.to_vec(), vec![0; n]);
    for j in 0..n {
        let best = (j..n).fold(j, |best, i| if a[i * n + j].abs() > a[best * n + j].abs() { i } else { best });
        rows[j] = best;
        if a[best * n + j] == 0.0 {
            return Err("a matrix is singular".to_owned());
        }
        if best != j {
            (0..n).for_each(|k| a.swap(j * n + k, best * n + k));
        }
        for i in j + 1..n {
            a[i * n + j] /= a[j * n + j];
            let x = a[i * n + j];
            for k in j + 1..n {
                a[i * n + k] -= x * a[j * n + k];
            }
        }
    }
    Ok(MatrixFactors { a, rows, cholesky: false })
}

fn cholesky_of(a: &[f64], n: usize) -> Option<Vec<f64>> {
    let mut c = a.to_vec();
    for j in 0..n {
        for i in j..n {
            let sum = c[i * n + j] - (0..j).map(|k| c[i * n + k] * c[j * n + k]).sum::<f64>();
            if i == j && !(sum > 0.0) {
                return None;
            }
            c[i * n + j] = if i == j { sum.sqrt() } else { sum / c[j * n + j] };
        }
    }
    Some(c)
}

fn solve(x: &mut [f64], f: &MatrixFactors, b: &[f64], n: usize, m: usize, transposed: bool) {
    x.copy_from_slice(b);
    let a = &f.a;
    for c in 0..m {
        if !f.cholesky && !transposed {
            (0..n).for_each(|i| x.swap(i * m + c, f.rows[i] * m + c));
        }
        // downwards by L, or by U^T
        for i in 0..n {
            let at = |k: usize| if !f.cholesky && transposed { a[k * n + i] } else { a[i * n + k] };
            let sum = x[i * m + c] - (0..i).map(|k| at(k) * x[k * m + c]).sum::<f64>();
            x[i * m + c] = if f.cholesky || transposed { sum / a[i * n + i] } else { sum };
        }
        // upwards by U, or by L^T
        for i in (0..n).rev() {
            let at = |k: usize| if f.cholesky || transposed { a[k * n + i] } else { a[i * n + k] };
            let sum = x[i * m + c] - (i + 1..n).map(|k| at(k) * x[k * m + c]).sum::<f64>();
            x[i * m + c] = if f.cholesky || !transposed { sum / a[i * n + i] } else { sum };
        }
        if !f.cholesky && transposed {
            (0..n).rev().for_each(|i| x.swap(i * m + c, f.rows[i] * m + c));
        }
    }
}

fn inverse(x: &mut [f64], f: &MatrixFactors, n: usize) {
    let mut eye = vec![0.0; n * n];
    (0..n).for_each(|i| eye[i * n + i] = 1.0);
    solve(x, f, &eye, n, n, false);
}

fn log_abs_det(f: &MatrixFactors, n: usize) -> f64 {
    let sum: f64 = (0..n).map(|i| f.a[i * n + i].abs().ln()).sum();
    if f.cholesky { 2.0 * sum } else { sum }
}

fn det_sign(f: &MatrixFactors, n: usize) -> f64 {
    if f.cholesky {
        return 1.0;
    }
    (0..n).map(|i| f.a[i * n + i].signum() * if f.rows[i] != i { -1.0 } else { 1.0 }).product()
}

fn det(f: &MatrixFactors, n: usize) -> f64 {
    let d = |i: usize| f.a[i * n + i];
    (0..n).map(|i| if f.cholesky { d(i) * d(i) } else if f.rows[i] != i { -d(i) } else { d(i) }).product()
}
"#;

/// What the standard library has no function for, by the words that call for it; it may call those below.
const SPECIAL: &[(&[&str], &str)] = &[
    (
        &["gelu_of("],
        r"
fn gelu_of(x: f64) -> f64 {
    0.5 * x * erfc_of(-x * std::f64::consts::FRAC_1_SQRT_2)
}
",
    ),
    (
        &["erf_of(", "erfc_of("],
        r"
/// The error function: its series with terms of one sign (Abramowitz & Stegun, 7.1.6), far out by the other one.
fn erf_of(x: f64) -> f64 {
    if x.abs() > 1.0 {
        return (1.0 - erfc_of(x.abs())).copysign(x);
    }
    let (mut term, mut sum, mut n) = (x, x, 0.0);
    while term.abs() > 1e-17 * sum.abs() {
        n += 1.0;
        term *= 2.0 * x * x / (2.0 * n + 1.0);
        sum += term;
    }
    std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp() * sum
}

/// 1 - erf(x), where that is small by its continued fraction (7.1.14).
fn erfc_of(x: f64) -> f64 {
    if !(x > 1.0) {
        return 1.0 - erf_of(x);
    }
    let below = (1..=200).rev().fold(x, |below, k| x + 0.5 * k as f64 / below);
    0.5 * std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp() / below
}
",
    ),
    (
        &["lgamma_of("],
        r"
/// log Gamma for x > 0: its recurrence, then Stirling's series (6.1.41).
fn lgamma_of(x: f64) -> f64 {
    if !(x > 0.0) {
        return f64::NAN;
    }
    let (mut x, mut product) = (x, 1.0);
    while x < 10.0 {
        product *= x;
        x += 1.0;
    }
    let terms = [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360360.0, 1.0 / 156.0];
    let series = terms.iter().rev().fold(0.0, |sum, term| sum / (x * x) + term) / x;
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series - f64::ln(product)
}
",
    ),
    (
        &["digamma_of("],
        r"
/// The slope of log Gamma for x > 0: its recurrence, then the asymptotic series (6.3.18).
fn digamma_of(x: f64) -> f64 {
    if !(x > 0.0) {
        return f64::NAN;
    }
    let (mut x, mut sum) = (x, 0.0);
    while x < 20.0 {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let terms = [1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0];
    sum + x.ln() - 0.5 / x - terms.iter().rev().fold(0.0, |sum, term| (sum + term) / (x * x))
}
",
    ),
    (
        &["trigamma_of("],
        r"
/// The slope of digamma for x > 0 (6.4.11).
fn trigamma_of(x: f64) -> f64 {
    if !(x > 0.0) {
        return f64::NAN;
    }
    let (mut x, mut sum) = (x, 0.0);
    while x < 20.0 {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let terms = [1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0];
    sum + 1.0 / x + 0.5 / (x * x) + terms.iter().rev().fold(0.0, |sum, term| (sum + term) / (x * x)) / x
}
",
    ),
];
