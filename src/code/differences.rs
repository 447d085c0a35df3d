//! The function of a file that holds its derivatives against central differences: what is compared, and that function where
//! a language has no arrays of its own.

use super::loops::LoopWriter;
use super::plan::{CodePlan, Id, OutputKind, PlanResult};
use super::term::dims_of;
use crate::expr::Size;

/// A derivative that differences of the value tell.
pub struct Compared<'a> {
    pub output: &'a PlanResult,
    /// Which of the results.
    pub index: usize,
    /// The input that is moved.
    pub input: usize,
    /// Whether it is moved by its symmetric part alone.
    pub symmetric: bool,
    /// Whether the derivative is a Jacobian, over vec of the input.
    pub jacobian: bool,
}

/// The derivatives of a plan that can be compared: first ones, by an input.
pub fn compared(plan: &CodePlan) -> Vec<Compared<'_>> {
    let one = |(index, output): (usize, &'_ PlanResult)| match output.kind {
        OutputKind::Gradient(input) => Some((index, input, false)),
        OutputKind::Jacobian(input) => Some((index, input, true)),
        OutputKind::Other => None,
    };
    let found = plan.results.iter().enumerate().filter_map(one);
    found
        .map(|(index, input, jacobian)| Compared {
            output: &plan.results[index],
            index,
            input,
            symmetric: plan.inputs[input].symmetric,
            jacobian,
        })
        .collect()
}

/// What the check of a language of loops is written with.
pub struct LoopCheck<'a> {
    writer: &'a LoopWriter<'a>,
    compared: Vec<Compared<'a>>,
}

impl<'a> LoopCheck<'a> {
    /// None where nothing can be compared.
    pub fn of(writer: &'a LoopWriter<'a>) -> Option<LoopCheck<'a>> {
        let compared = compared(writer.plan());
        (!compared.is_empty()).then_some(LoopCheck { writer, compared })
    }

    /// C: the parameters but the results, the names of the sizes, and each result with what it is called.
    pub fn c(&self, parameters: &[String], sizes: &[String], results: &[String]) -> String {
        let plan = self.writer.plan();
        let own = |k: usize| plan.inputs[k].shape.is_scalar();
        let call = |moved: Option<(usize, &str)>, value: &str| {
            let input = |(k, n): (usize, &String)| match moved.filter(|(input, _)| *input == k) {
                Some((_, moved)) if own(k) => format!("*{moved}"),
                Some((_, moved)) => moved.to_owned(),
                None => n.clone(),
            };
            let inputs = self.writer.inputs.iter().enumerate().map(input);
            let handed = sizes.iter().cloned().chain(inputs).chain(self.writer.callables.iter().cloned());
            let all: Vec<String> = handed.chain([value.to_owned()]).chain(results.iter().cloned()).collect();
            format!("    if ((status = value_and_grad({})) != 0) goto out;\n", all.join(", "))
        };
        let block = |name: &str, count: &str| {
            format!("    double *{name} = block[used++] = calloc({count}, sizeof(double)); if (!{name}) goto out;\n")
        };
        let entries = self.entries(plan.value);
        let own_blocks = results.iter().zip(&plan.results).map(|(name, o)| block(name, &self.entries(o.value)));
        let mut body: String = std::iter::once(block("value", &entries)).chain(own_blocks).collect();
        for (k, one) in self.compared.iter().enumerate() {
            let (rows, cols) = self.sides(one.input);
            body += &block(&format!("moved_{k}"), &format!("{rows} * {cols}"));
            body += &block(&format!("difference_{k}"), &entries);
        }
        // what is computed last stays: the derivatives where nothing is moved
        for (k, one) in self.compared.iter().enumerate() {
            let name = &self.writer.inputs[one.input];
            let at = if own(one.input) { format!("&{name}") } else { name.clone() };
            let (rows, cols) = self.sides(one.input);
            let (moved, symmetric) = (format!("moved_{k}"), u8::from(one.symmetric));
            body += &format!("    step = reach({at}, {rows} * {cols});\n");
            for (sign, value) in [("", format!("difference_{k}")), ("-", "value".to_owned())] {
                body += &format!("    shift({moved}, {at}, {rows}, {cols}, {symmetric}, {sign}step);\n");
                body += &call(Some((one.input, &moved)), &value);
            }
            body += &format!("    quotient(difference_{k}, value, 2.0 * step, {entries});\n");
        }
        body += &call(None, "value");
        let (value_rows, value_cols) = self.sides_of(plan.value);
        for (k, one) in self.compared.iter().enumerate() {
            let (rows, cols) = self.sides(one.input);
            let (symmetric, jacobian) = (u8::from(one.symmetric), u8::from(one.jacobian));
            let result = &results[one.index];
            body += &format!(
                "    far[{k}] = distance(difference_{k}, {value_rows}, {value_cols}, {result}, {rows}, {cols}, {symmetric}, {jacobian});\n"
            );
        }
        let blocks = 1 + results.len() + 2 * self.compared.len();
        let order: Vec<&str> = self.compared.iter().map(|one| results[one.index].as_str()).collect();
        let checked = super::c::size_check(sizes);
        format!(
            "{C_HELPERS}\n/* How far each derivative is from central differences of the value along a direction, relative to them:\n   {}. */\nint check_gradient({}, double *far)\n{{\n    void *block[{blocks}];\n    size_t used = 0;\n    int status = 1;\n    double step;\n{checked}{body}    status = 0;\nout:\n    while (used > 0) free(block[--used]);\n    return status;\n}}\n",
            order.join(", "),
            parameters.join(", "),
        )
    }

    /// Rust: the parameters, the names of the sizes, and what each result is called.
    pub fn rust(&self, parameters: &[String], sizes: &[String], results: &[String]) -> String {
        let plan = self.writer.plan();
        let own = |k: usize| plan.inputs[k].shape.is_scalar();
        let scalar = plan.at(plan.value).dims.is_empty();
        let call = |moved: Option<(usize, &str)>| {
            let input = |(k, n): (usize, &String)| match moved.filter(|(input, _)| *input == k) {
                Some((_, step)) if own(k) => format!("shifted(&[{n}], &along, {step})[0]"),
                Some((_, step)) => format!("&shifted({n}, &along, {step})"),
                None => n.clone(),
            };
            let inputs = self.writer.inputs.iter().enumerate().map(input);
            let functions = self.writer.callables.iter().map(|f| format!("&{f}"));
            let all: Vec<String> = sizes.iter().cloned().chain(inputs).chain(functions).collect();
            format!("value_and_grad({})?", all.join(", "))
        };
        let array = |text: &str, alone: bool| if alone { format!("&[{text}]") } else { format!("&{text}") };
        let mut body = format!("    let (_, derivatives) = {};\n    let mut far = vec![];\n", call(None));
        let (value_rows, value_cols) = self.sides_of(plan.value);
        for one in &self.compared {
            let name = &self.writer.inputs[one.input];
            let at = if own(one.input) { format!("&[{name}]") } else { name.clone() };
            let (rows, cols) = self.sides(one.input);
            let result = &results[one.index];
            let derivative = array(&format!("derivatives.{result}"), plan.at(one.output.value).dims.is_empty());
            body += &format!("    let (along, step) = direction({at}, {rows}, {cols}, {});\n", one.symmetric);
            body += &format!("    let ahead = {}.0;\n", call(Some((one.input, "step"))));
            body += &format!("    let behind = {}.0;\n", call(Some((one.input, "-step"))));
            body += &format!(
                "    let difference = shifted({}, {}, -1.0).iter().map(|d| d / (2.0 * step)).collect::<Vec<_>>();\n",
                array("ahead", scalar),
                array("behind", scalar),
            );
            body += &format!(
                "    far.push((\"{result}\", distance(&difference, ({value_rows}, {value_cols}), {derivative}, &along, ({rows}, {cols}), {})));\n",
                one.jacobian
            );
        }
        format!(
            "\n/// How far each derivative is from central differences of the value along a direction, relative to them.\npub fn check_gradient({}) -> Result<Vec<(&'static str, f64)>, String> {{\n{body}    Ok(far)\n}}\n{RUST_HELPERS}",
            parameters.join(", "),
        )
    }

    fn entries(&self, id: Id) -> String {
        self.writer.count(&self.writer.plan().at(id).dims)
    }

    fn sides(&self, input: usize) -> (String, String) {
        self.sides_by(&dims_of(&self.writer.plan().inputs[input].shape))
    }

    fn sides_of(&self, id: Id) -> (String, String) {
        self.sides_by(&self.writer.plan().at(id).dims)
    }

    /// Rows and columns; a vector is a column, whose entries lie as a row's.
    fn sides_by(&self, dims: &[Size]) -> (String, String) {
        let side = |k: usize| dims.get(k).map_or_else(|| "1".to_owned(), |n| self.writer.size(n));
        (side(0), side(1))
    }
}

const C_HELPERS: &str = "
/* The direction in which an array is moved, and how far. */
static double toward(size_t i, size_t j, size_t cols, int symmetric)
{
    return cos((double)(i * cols + j + 1)) + (symmetric ? cos((double)(j * cols + i + 1)) : 0.0);
}

static double reach(const double *x, size_t count)
{
    double largest = 1.0;
    for (size_t k = 0; k < count; k++) largest = fmax(largest, fabs(x[k]));
    return 6.055454452393343e-06 * largest;
}

static void shift(double *moved, const double *x, size_t rows, size_t cols, int symmetric, double step)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++) moved[i * cols + j] = x[i * cols + j] + step * toward(i, j, cols, symmetric);
}

static void quotient(double *ahead, const double *behind, double steps, size_t count)
{
    for (size_t k = 0; k < count; k++) ahead[k] = (ahead[k] - behind[k]) / steps;
}

/* between differences and a derivative along the direction; a Jacobian is over the columns of its array below each other */
static double distance(const double *difference, size_t value_rows, size_t value_cols, const double *derivative, size_t rows, size_t cols, int symmetric, int jacobian)
{
    double worst = 0.0, scale = 1e-3;
    for (size_t c = 0; c < value_cols; c++) {
        for (size_t r = 0; r < value_rows; r++) {
            const double *row = derivative + (jacobian ? (c * value_rows + r) * rows * cols : 0);
            double expected = difference[r * value_cols + c], got = 0.0;
            for (size_t i = 0; i < rows; i++)
                for (size_t j = 0; j < cols; j++)
                    got += row[jacobian ? j * rows + i : i * cols + j] * toward(i, j, cols, symmetric);
            if (isnan(got - expected)) return NAN;
            worst = fmax(worst, fabs(got - expected));
            scale = fmax(scale, fabs(expected));
        }
    }
    return worst / scale;
}
";

const RUST_HELPERS: &str = "
/// A direction beside x, and how far to go along it.
fn direction(x: &[f64], rows: usize, cols: usize, symmetric: bool) -> (Vec<f64>, f64) {
    let at = |k: usize| ((k + 1) as f64).cos();
    let turned = |k: usize| (k % cols) * cols + k / cols;
    let along = (0..rows * cols).map(|k| if symmetric { at(k) + at(turned(k)) } else { at(k) }).collect();
    (along, f64::EPSILON.cbrt() * x.iter().fold(1.0, |largest: f64, x| largest.max(x.abs())))
}

fn shifted(x: &[f64], along: &[f64], step: f64) -> Vec<f64> {
    x.iter().zip(along).map(|(x, d)| x + step * d).collect()
}

/// Between differences and a derivative along a direction; a Jacobian is over the columns of its array below each other.
fn distance(difference: &[f64], value: (usize, usize), derivative: &[f64], along: &[f64], sides: (usize, usize), jacobian: bool) -> f64 {
    let (rows, cols) = sides;
    let (mut worst, mut scale) = (0.0_f64, 1e-3_f64);
    for c in 0..value.1 {
        for r in 0..value.0 {
            let row = if jacobian { &derivative[(c * value.0 + r) * rows * cols..] } else { derivative };
            let entry = |k: usize| if jacobian { row[(k % cols) * rows + k / cols] } else { row[k] };
            let got: f64 = (0..rows * cols).map(|k| entry(k) * along[k]).sum();
            let expected = difference[r * value.1 + c];
            if (got - expected).is_nan() {
                return f64::NAN;
            }
            worst = worst.max((got - expected).abs());
            scale = scale.max(expected.abs());
        }
    }
    worst / scale
}
";
