//! C: one function over arrays in rows, with the standard library alone.

use super::assemble::File;
use super::differences::LoopCheck;
use super::loops::{Handed, LoopLanguage, LoopWriter};
use super::plan::Factoring;
use super::words::about;
use crate::diag::Error;
use crate::expr::{Constant, Elementwise};

struct C;

const RESERVED: &[&str] = &[
    "auto",
    "break",
    "case",
    "char",
    "const",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "enum",
    "extern",
    "float",
    "for",
    "goto",
    "if",
    "inline",
    "int",
    "long",
    "register",
    "restrict",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "struct",
    "switch",
    "typedef",
    "union",
    "unsigned",
    "void",
    "volatile",
    "while",
    "i",
    "j",
    "y0",
    "y1",
    "yn",
    "j0",
    "j1",
    "jn",
    "gamma",
    "signgam",
    "exp",
    "log",
    "sin",
    "cos",
    "tan",
    "sqrt",
    "pow",
    "fabs",
    "fmax",
    "erf",
    "erfc",
    "lgamma",
    "div",
    "abs",
    "main",
    "out",
    "block",
    "used",
    "status",
    "value",
    "factors",
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
    "sigmoid",
    "softplus",
    "value_and_grad",
    "check_gradient",
    "toward",
    "reach",
    "shift",
    "quotient",
    "distance",
    "difference",
    "moved",
    "far",
    "sign",
    "step",
    "relu",
    "NULL",
    "HUGE_VAL",
    "INFINITY",
    "NAN",
    "time",
    "index",
    "E",
    "I",
];

/// The file.
pub fn file(file: &File) -> Result<String, Error> {
    let mut writer = LoopWriter::new(file, &C, RESERVED)?;
    writer.instructions()?;
    let mut outputs = vec!["double *value".to_owned()];
    let plan = writer.plan();
    let mut results = vec![("*value".to_owned(), "value".to_owned(), plan.value)];
    for output in &plan.results {
        let name = writer.names.borrow_mut().fresh(&format!("d_{}", output.targets.join("_")));
        outputs.push(format!("double *{name}"));
        results.push((format!("*{name}"), name, output.value));
    }
    for (output, (scalar, array, id)) in std::iter::once(None).chain(plan.results.iter().map(Some)).zip(results) {
        if let Some(output) = output {
            writer.lines.push(format!("// {}", output.formula));
        }
        writer.write(id, if plan.at(id).dims.is_empty() { &scalar } else { &array })?;
    }
    Ok(text(&writer, &outputs))
}

fn text(writer: &LoopWriter, outputs: &[String]) -> String {
    let plan = writer.plan();
    let sizes: Vec<String> = writer.file.sizes.names().map(|n| writer.size_name(n.as_str())).collect();
    let scalar = |k: usize| plan.inputs[k].shape.is_scalar();
    let input = |(k, n): (usize, &String)| if scalar(k) { format!("double {n}") } else { format!("const double *{n}") };
    let mut parameters: Vec<String> = sizes.iter().map(|n| format!("size_t {n}")).collect();
    parameters.extend(writer.inputs.iter().enumerate().map(input));
    parameters.extend(writer.callables.iter().map(|f| format!("double (*{f})(double)")));
    let asked = parameters.clone();
    parameters.extend(outputs.iter().cloned());
    let given = plan.inputs.iter().zip(&writer.inputs).map(|(i, name)| format!("{name}: {}", i.shape));
    let given: Vec<String> = given
        .chain(plan.callables.iter().zip(&writer.callables).map(|(c, n)| format!("{n}: {}", c.meaning())))
        .collect();
    let mut out = format!("/* The value of {} and its derivatives, written by gradus.\n", plan.of);
    about(writer.file, &given)
        .iter()
        .for_each(|line| out += &format!("{}\n", format!("   {line}").trim_end().replace("*/", "* /")));
    out += "\n   Arrays lie in rows. The result is 0, or 1 where memory is short or a size 0, 2 where a matrix has no factors. */\n";
    out += "#include <math.h>\n#include <stddef.h>\n#include <stdlib.h>\n#include <string.h>\n";
    let body: String = writer.lines.iter().map(|line| format!("    {line}\n")).collect();
    out += &helpers(&body);
    let checked = size_check(&sizes);
    let blocks = body.matches("block[used++]").count().max(1);
    out += &format!(
        "\nint value_and_grad({})\n{{\n    void *block[{blocks}];\n    size_t used = 0;\n    int status = 1;\n{checked}{body}    status = 0;\nout:\n    while (used > 0) free(block[--used]);\n    return status;\n}}\n",
        parameters.join(", ")
    );
    // a label that nothing jumps to is a warning
    let out = if body.contains("goto out") { out } else { out.replace("\nout:\n", "\n") };
    let results: Vec<String> = outputs.iter().skip(1).map(|o| o.replace("double *", "")).collect();
    out + &LoopCheck::of(writer).map_or_else(String::new, |check| check.c(&asked, &sizes, &results))
}

/// No array has a side of 0.
pub fn size_check(sizes: &[String]) -> String {
    let checks: Vec<String> = sizes.iter().map(|n| format!("{n} == 0")).collect();
    if checks.is_empty() { String::new() } else { format!("    if ({}) return 1;\n", checks.join(" || ")) }
}

/// The helpers that are called, with those they call.
fn helpers(body: &str) -> String {
    let mut wanted = vec![false; HELPERS.len()];
    let mut all = body.to_owned();
    while let Some(k) = (0..HELPERS.len()).find(|k| !wanted[*k] && HELPERS[*k].0.iter().any(|w| all.contains(w))) {
        wanted[k] = true;
        all += HELPERS[k].1;
    }
    HELPERS.iter().zip(wanted).filter(|(_, w)| *w).map(|((_, text), _)| *text).collect()
}

impl LoopLanguage for C {
    fn name(&self) -> &'static str {
        "c"
    }

    fn number(&self, text: &str) -> String {
        if text.contains('.') { text.to_owned() } else { format!("{text}.0") }
    }

    fn real(&self, size: &str) -> String {
        format!("(double)({size})")
    }

    fn constant(&self, constant: Constant) -> &'static str {
        match constant {
            Constant::Pi => "3.14159265358979323846",
            Constant::E => "2.71828182845904523536",
        }
    }

    fn map(&self, f: Elementwise, x: &str) -> String {
        let name = match f {
            Elementwise::Exp => "exp",
            Elementwise::Log => "log",
            Elementwise::Expm1 => "expm1",
            Elementwise::Log1p => "log1p",
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
            Elementwise::Erf => "erf",
            Elementwise::Lgamma => "lgamma",
            Elementwise::Digamma => "digamma_of",
            Elementwise::Trigamma => "trigamma_of",
            Elementwise::Abs => "fabs",
            Elementwise::Sigmoid => "sigmoid_of",
            Elementwise::Relu => "relu_of",
            Elementwise::Softplus => "softplus_of",
            Elementwise::Gelu => "gelu_of",
            Elementwise::Silu => "silu_of",
            Elementwise::Sign => "sign_of",
            Elementwise::Step => "step_of",
            Elementwise::IsZero => "is_zero",
        };
        format!("{name}({x})")
    }

    fn power(&self, x: &str, p: &str) -> String {
        format!("pow({x}, {p})")
    }

    fn choose(&self, condition: &str, yes: &str, no: &str) -> String {
        format!("({condition} ? {yes} : {no})")
    }

    fn larger(&self, a: &str, b: &str) -> String {
        format!("fmax({a}, {b})")
    }

    fn lowest(&self) -> &'static str {
        "-HUGE_VAL"
    }

    fn scalar(&self, name: &str, value: &str) -> String {
        format!("double {name} = {value};")
    }

    fn buffer(&self, name: &str, count: &str) -> String {
        format!("double *{name} = block[used++] = calloc({count}, sizeof(double)); if (!{name}) goto out;")
    }

    fn repeat(&self, index: &str, count: &str) -> String {
        format!("for (size_t {index} = 0; {index} < {count}; {index}++) {{")
    }

    fn factor(&self, name: &str, of: &str, n: &str, how: Factoring) -> String {
        let how = match how {
            Factoring::Cholesky => 0,
            Factoring::Symmetric => 1,
            Factoring::Lu => 2,
        };
        format!(
            "factors {name}; {name}.a = block[used++] = malloc({n} * {n} * sizeof(double)); {name}.p = block[used++] = malloc({n} * sizeof(size_t));\n    if (!{name}.a || !{name}.p) goto out;\n    if (factor(&{name}, {of}, {n}, {how})) {{ status = 2; goto out; }}"
        )
    }

    fn fill(&self, helper: &str, out: &str, args: &[Handed]) -> String {
        format!("{helper}({out}, {});", handed(args))
    }

    fn ask(&self, helper: &str, args: &[Handed]) -> String {
        format!("{helper}({})", handed(args))
    }
}

fn handed(args: &[Handed]) -> String {
    let one = |a: &Handed| match a {
        Handed::Array(name) => name.clone(),
        Handed::Factors(name) => format!("&{name}"),
        Handed::Size(size) => size.clone(),
        Handed::Flag(flag) => u8::from(*flag).to_string(),
    };
    args.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Helpers: the words that call for one, and its text.
const HELPERS: &[(&[&str], &str)] = &[
    (&["sigmoid_of(", "silu_of("], "\nstatic double sigmoid_of(double x)\n{\n    double e = exp(-fabs(x));\n    return (x < 0 ? e : 1.0) / (1.0 + e);\n}\n"),
    (&["relu_of("], "\nstatic double relu_of(double x) { return x > 0 ? x : 0.0; }\n"),
    (&["softplus_of("], "\nstatic double softplus_of(double x) { return (x > 0 ? x : 0.0) + log1p(exp(-fabs(x))); }\n"),
    (&["gelu_of("], "\nstatic double gelu_of(double x) { return 0.5 * x * erfc(-x * 0.7071067811865476); }\n"),
    (&["digamma_of("], "
/* the slope of log Gamma: its recurrence, then the asymptotic series (Abramowitz & Stegun, 6.3) */
static double digamma_of(double x)
{
    if (!(x > 0.0)) return NAN;
    double sum = 0.0;
    while (x < 20.0) { sum -= 1.0 / x; x += 1.0; }
    double s = 1.0 / (x * x);
    return sum + log(x) - 0.5 / x - s * (1.0 / 12.0 - s * (1.0 / 120.0 - s * (1.0 / 252.0 - s * (1.0 / 240.0 - s / 132.0))));
}
"),
    (&["trigamma_of("], "
/* the slope of digamma (Abramowitz & Stegun, 6.4) */
static double trigamma_of(double x)
{
    if (!(x > 0.0)) return NAN;
    double sum = 0.0;
    while (x < 20.0) { sum += 1.0 / (x * x); x += 1.0; }
    double s = 1.0 / (x * x);
    return sum + 1.0 / x + 0.5 * s + s / x * (1.0 / 6.0 - s * (1.0 / 30.0 - s * (1.0 / 42.0 - s * (1.0 / 30.0 - s * 5.0 / 66.0))));
}
"),
    (&["silu_of("], "\nstatic double silu_of(double x) { return x * sigmoid_of(x); }\n"),
    (&["sign_of("], "\nstatic double sign_of(double x) { return (double)(x > 0) - (double)(x < 0); }\n"),
    (&["step_of("], "\nstatic double step_of(double x) { return x > 0 ? 1.0 : 0.0; }\n"),
    (&["is_zero("], "\nstatic double is_zero(double x) { return x == 0 ? 1.0 : 0.0; }\n"),
    (&["mat_vec("], "
static void mat_vec(double *out, const double *a, const double *v, size_t rows, size_t cols, int transposed)
{
    for (size_t i = 0; i < rows; i++) {
        const double *row = a + i * cols;
        if (transposed) {
            for (size_t j = 0; j < cols; j++) out[j] += row[j] * v[i];
        } else {
            double sum = 0.0;
            for (size_t j = 0; j < cols; j++) sum += row[j] * v[j];
            out[i] = sum;
        }
    }
}
"),
    (&["mat_mul(", "mat_power("], "
/* out is zero before; a is ar x ac, b is br x bc, as they lie */
static void mat_mul(double *out, const double *a, const double *b, size_t ar, size_t ac, size_t br, size_t bc, int ta, int tb)
{
    size_t n = ta ? ac : ar, inner = ta ? ar : ac, m = tb ? br : bc;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < inner; k++) {
            double x = ta ? a[k * ac + i] : a[i * ac + k];
            double *row = out + i * m;
            if (tb) {
                for (size_t j = 0; j < m; j++) row[j] += x * b[j * bc + k];
            } else {
                for (size_t j = 0; j < m; j++) row[j] += x * b[k * bc + j];
            }
        }
    }
}
"),
    (&["mat_power("], "
static void mat_power(double *out, const double *a, size_t n, size_t power)
{
    double *last = malloc(n * n * sizeof(double));
    if (!last) { for (size_t i = 0; i < n * n; i++) out[i] = NAN; return; }
    memcpy(out, a, n * n * sizeof(double));
    for (size_t k = 1; k < power; k++) {
        memcpy(last, out, n * n * sizeof(double));
        memset(out, 0, n * n * sizeof(double));
        mat_mul(out, last, a, n, n, n, n, 0, 0);
    }
    free(last);
}
"),
    (&["cum_sum("], "
static void cum_sum(double *out, const double *a, size_t n, size_t m)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < m; j++) out[i * m + j] = a[i * m + j] + (i ? out[(i - 1) * m + j] : 0.0);
}
"),
    (&["factors ", "factor("], "
/* L L^T in the lower triangle, or P L U with the rows that were exchanged */
typedef struct { double *a; size_t *p; int cholesky; } factors;
"),
    (&["factor("], "
/* how: 0 the matrix is definite, 1 it is symmetric, 2 any */
static int factor(factors *f, const double *a, size_t n, int how)
{
    f->cholesky = how < 2;
    memcpy(f->a, a, n * n * sizeof(double));
    for (size_t j = 0; j < n && f->cholesky; j++) {
        for (size_t i = j; i < n; i++) {
            double sum = f->a[i * n + j];
            for (size_t k = 0; k < j; k++) sum -= f->a[i * n + k] * f->a[j * n + k];
            if (i == j && !(sum > 0)) { f->cholesky = 0; break; }
            f->a[i * n + j] = i == j ? sqrt(sum) : sum / f->a[j * n + j];
        }
    }
    if (f->cholesky) return 0;
    if (how == 0) return 1;
    memcpy(f->a, a, n * n * sizeof(double));
    for (size_t j = 0; j < n; j++) {
        size_t best = j;
        for (size_t i = j + 1; i < n; i++) if (fabs(f->a[i * n + j]) > fabs(f->a[best * n + j])) best = i;
        f->p[j] = best;
        if (f->a[best * n + j] == 0) return 1;
        if (best != j) for (size_t k = 0; k < n; k++) {
            double x = f->a[j * n + k]; f->a[j * n + k] = f->a[best * n + k]; f->a[best * n + k] = x;
        }
        for (size_t i = j + 1; i < n; i++) {
            double x = f->a[i * n + j] /= f->a[j * n + j];
            for (size_t k = j + 1; k < n; k++) f->a[i * n + k] -= x * f->a[j * n + k];
        }
    }
    return 0;
}
"),
    (&["solve(", "inverse("], "
static void solve(double *x, const factors *f, const double *b, size_t n, size_t m, int transposed)
{
    const double *a = f->a;
    if (x != b) memcpy(x, b, n * m * sizeof(double));
    for (size_t c = 0; c < m; c++) {
        if (!f->cholesky && !transposed) for (size_t i = 0; i < n; i++) {
            double t = x[i * m + c]; x[i * m + c] = x[f->p[i] * m + c]; x[f->p[i] * m + c] = t;
        }
        /* downwards by L, or by U^T */
        for (size_t i = 0; i < n; i++) {
            double sum = x[i * m + c];
            for (size_t k = 0; k < i; k++) sum -= (!f->cholesky && transposed ? a[k * n + i] : a[i * n + k]) * x[k * m + c];
            x[i * m + c] = f->cholesky || transposed ? sum / a[i * n + i] : sum;
        }
        /* upwards by U, or by L^T */
        for (size_t i = n; i-- > 0;) {
            double sum = x[i * m + c];
            for (size_t k = i + 1; k < n; k++) sum -= (f->cholesky || transposed ? a[k * n + i] : a[i * n + k]) * x[k * m + c];
            x[i * m + c] = f->cholesky || !transposed ? sum / a[i * n + i] : sum;
        }
        if (!f->cholesky && transposed) for (size_t i = n; i-- > 0;) {
            double t = x[i * m + c]; x[i * m + c] = x[f->p[i] * m + c]; x[f->p[i] * m + c] = t;
        }
    }
}
"),
    (&["inverse("], "
static void inverse(double *x, const factors *f, size_t n)
{
    for (size_t i = 0; i < n; i++) x[i * n + i] = 1.0;
    solve(x, f, x, n, n, 0);
}
"),
    (&["log_abs_det("], "
static double log_abs_det(const factors *f, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) sum += log(fabs(f->a[i * n + i]));
    return f->cholesky ? 2.0 * sum : sum;
}
"),
    (&["det_sign("], "
static double det_sign(const factors *f, size_t n)
{
    double sign = 1.0;
    if (!f->cholesky) for (size_t i = 0; i < n; i++) sign *= (f->a[i * n + i] < 0 ? -1.0 : 1.0) * (f->p[i] != i ? -1.0 : 1.0);
    return sign;
}
"),
    (&["det("], "
static double det(const factors *f, size_t n)
{
    double product = 1.0;
    for (size_t i = 0; i < n; i++) {
        double d = f->a[i * n + i];
        product *= f->cholesky ? d * d : (f->p[i] != i ? -d : d);
    }
    return product;
}
"),
];
