//! MATLAB and Octave: a function file. A vector is a column.

use super::assemble::File;
use super::dialect::{Dialect, DialectSigns, Spelled, Texts, Tightness};
use super::differences::{Compared, compared};
use super::identifiers::Identifiers;
use super::plan::{CodePlan, Factoring, Operation};
use super::python::PythonWriter;
use super::words::about;
use crate::diag::Error;
use crate::expr::{Axis, Elementwise, Range, Size};

struct Matlab;

const RESERVED: &[&str] = &[
    "break",
    "case",
    "catch",
    "continue",
    "else",
    "elseif",
    "end",
    "for",
    "function",
    "global",
    "if",
    "otherwise",
    "persistent",
    "return",
    "switch",
    "try",
    "while",
    "until",
    "do",
    "pi",
    "e",
    "i",
    "j",
    "eps",
    "ans",
    "sum",
    "exp",
    "log",
    "sqrt",
    "trace",
    "diag",
    "eye",
    "ones",
    "zeros",
    "kron",
    "size",
    "max",
    "min",
    "prod",
    "numel",
    "value",
    "derivatives",
    "abs",
    "sign",
    "chol",
    "lu",
    "det",
    "inv",
    "erf",
    "erfc",
    "gammaln",
    "psi",
    "error",
    "reshape",
    "tril",
    "triu",
    "cumsum",
    "tanh",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "asinh",
    "struct",
    "sides",
    "class",
    "expm1",
    "log1p",
    "double",
    "repmat",
    "value_and_grad",
    "far",
    "given",
    "distance",
    "nargout",
    "check_sides",
    "isfield",
    "isempty",
    "part",
];

/// The file.
pub fn file(file: &File) -> Result<String, Error> {
    let writer = PythonWriter::new(file, &Matlab);
    let plan = &file.plan;
    let (mut lines, body) = writer.lines(&plan.results.iter().map(|r| r.value).collect::<Vec<_>>())?;
    lines.push(format!("    value = {};\n", writer.text(plan.value, &body, Tightness::Sum)?));
    lines.push("    derivatives = struct();\n".to_owned());
    let fields = fields_of(plan);
    for (output, field) in plan.results.iter().zip(&fields) {
        let text = writer.text(output.value, &body, Tightness::Sum)?;
        lines.push(format!("    derivatives.{field} = {text};  % {}\n", output.formula));
    }
    let parameters: Vec<String> = writer.inputs.iter().cloned().chain(writer.keywords()).collect();
    let compared = compared(plan);
    let results = if compared.is_empty() { "value, derivatives" } else { "value, derivatives, far" };
    let mut text = format!("function [{results}] = value_and_grad({})\n", parameters.join(", "));
    text += &format!("    % The value of {} and its derivatives, written by gradus.\n", plan.of);
    if !compared.is_empty() {
        text += "    %\n    % far, where it is asked for: how far each derivative is from central differences of the value along a\n    % direction, relative to them.\n";
    }
    for line in about(file, &writer.signature_words()) {
        text += &format!("{}\n", format!("    % {line}").trim_end());
    }
    text += "    sides = struct();\n";
    for (input, name) in plan.inputs.iter().zip(&writer.inputs) {
        let side = |s: &Size| format!("'{}'", writer.size(s).0.replace(' ', ""));
        let (rows, cols) = if input.shape.is_row() {
            (&input.shape.cols, &input.shape.rows)
        } else {
            (&input.shape.rows, &input.shape.cols)
        };
        text +=
            &format!("    [{name}, sides] = check_sides(sides, '{name}', {name}, {}, {});\n", side(rows), side(cols));
    }
    for found in &file.sizes.found {
        let side = writer.size(&found.side).0.replace(' ', "");
        let name = writer.size(&Size::name(found.name.clone())).0;
        text += &format!("    {name} = (sides.(side_key('{side}')) - ({})) / {};\n", found.constant, found.factor);
    }
    text += &lines.concat();
    text += &check(&compared, &fields, &parameters);
    text += "end\n";
    let helpers = writer.helper_texts(&text);
    Ok(text + &helpers)
}

/// What the derivatives are called.
fn fields_of(plan: &CodePlan) -> Vec<String> {
    let mut fields = Identifiers::new(false, &[]);
    plan.results.iter().map(|output| fields.of(&output.targets.join("_"))).collect()
}

/// The lines that hold derivatives against differences.
fn check(compared: &[Compared], fields: &[String], parameters: &[String]) -> String {
    if compared.is_empty() {
        return String::new();
    }
    let mut text =
        format!("    if nargout > 2\n        given = {{{}}};\n        far = struct();\n", parameters.join(", "));
    for one in compared {
        let (field, k) = (&fields[one.index], one.input + 1);
        text += &format!(
            "        far.{field} = distance(given, {k}, derivatives.{field}, {}, {});\n",
            one.symmetric, one.jacobian
        );
    }
    text + "    end\n"
}

impl Dialect for Matlab {
    fn module(&self) -> &'static str {
        "matlab"
    }

    fn signs(&self) -> DialectSigns {
        DialectSigns { times: " .* ", over: " ./ ", power: ".^", turned: "'", remark: "%", end: ";", numbers: "" }
    }

    fn reserved(&self) -> (bool, &'static [&'static str]) {
        (false, RESERVED)
    }

    fn imports(&self, _: bool) -> String {
        String::new()
    }

    fn map(&self, f: Elementwise) -> Result<&'static str, &'static str> {
        Ok(match f {
            Elementwise::Exp => "exp({})",
            Elementwise::Log => "reallog({})",
            Elementwise::Expm1 => "expm1({})",
            Elementwise::Log1p => "log1p({})",
            Elementwise::Sqrt => "realsqrt({})",
            Elementwise::Sin => "sin({})",
            Elementwise::Cos => "cos({})",
            Elementwise::Tan => "tan({})",
            Elementwise::Asin => "asin({})",
            Elementwise::Acos => "acos({})",
            Elementwise::Atan => "atan({})",
            Elementwise::Sinh => "sinh({})",
            Elementwise::Cosh => "cosh({})",
            Elementwise::Asinh => "asinh({})",
            Elementwise::Tanh => "tanh({})",
            Elementwise::Relu => "max({}, 0)",
            Elementwise::Erf => "erf({})",
            Elementwise::Lgamma => "gammaln({})",
            Elementwise::Digamma => "psi({})",
            Elementwise::Trigamma => "psi(1, {})",
            Elementwise::Abs => "abs({})",
            Elementwise::Sign => "sign({})",
            Elementwise::Step => "double({x} > 0)",
            Elementwise::IsZero => "double({x} == 0)",
            Elementwise::Sigmoid => return Err("sigmoid_of"),
            Elementwise::Softplus => return Err("softplus_of"),
            Elementwise::Gelu => return Err("gelu_of"),
            Elementwise::Silu => return Err("silu_of"),
        })
    }

    fn helpers(&self) -> [&'static [(&'static str, &'static str)]; 2] {
        [HELPERS, &[]]
    }

    fn operation(&self, operation: &Operation, texts: &Texts) -> Option<Spelled> {
        let Texts { atoms: x, plain: a, dims, turned, .. } = texts;
        let atom = |text: String| Some((text, Tightness::Atom));
        let product = |text: String| Some((text, Tightness::Product));
        let side = |k: usize| dims.get(k).cloned().unwrap_or_else(|| "1".to_owned());
        let range = |r: &Range| format!("{}:{}", (texts.size)(&r.first), (texts.size)(&r.last));
        let along = |name: &str, axis: &Axis, empty: &str| match axis {
            Axis::All => format!("{name}({name}({}))", a[0]),
            Axis::Rows => format!("{name}({}, {empty}2)", a[0]),
            Axis::Cols => format!("{name}({}, {empty}1)'", a[0]),
        };
        match operation {
            Operation::Input(_)
            | Operation::Number(_)
            | Operation::Size(_)
            | Operation::Sum(_)
            | Operation::Product { .. }
            | Operation::Map(..)
            | Operation::Call(..)
            // refused before
            | Operation::Plate(_) => None,
            // what is no real number is an error, not a complex one
            Operation::Power(_, p) if p.is_integer() => None,
            Operation::Power(_, p) => atom(format!("realpow({}, {})", a[0], super::dialect::number(p).0)),
            Operation::Constant(crate::expr::Constant::Pi) => atom("pi".into()),
            Operation::Constant(crate::expr::Constant::E) => atom("exp(1)".into()),
            Operation::Eye => atom(format!("eye({})", side(0))),
            Operation::Unit(i) => atom(format!("double((1:{})' == {})", side(0), (texts.size)(i))),
            Operation::Tril => atom(format!("tril(ones({}))", side(0))),
            Operation::Commutation(n, m) => atom(format!("commutation({}, {})", (texts.size)(n), (texts.size)(m))),
            Operation::Duplication(n) => atom(format!("duplication({})", (texts.size)(n))),
            Operation::Fill(_) => product(format!("{} .* ones({}, {})", x[0], side(0), side(1))),
            Operation::Spread(_, Axis::Rows) => atom(format!("{}'", x[0])),
            Operation::Spread(..) => atom(x[0].clone()),
            Operation::Repeat(_, Axis::Rows) => atom(format!("repmat({}', {}, 1)", x[0], side(0))),
            Operation::Repeat(..) => atom(format!("repmat({}, 1, {})", a[0], side(1))),
            Operation::Larger(..) => atom(format!("max({}, {})", a[0], a[1])),
            Operation::VariablePower(..) => atom(format!("realpow({}, {})", a[0], a[1])),
            Operation::Dot(..) => product(format!("{}' * {}", x[0], x[1])),
            Operation::MatVec(..) => product(format!("{} * {}", turned[0], x[1])),
            Operation::MatMul(..) => product(format!("{} * {}", turned[0], turned[1])),
            Operation::Outer(..) => product(format!("{} * {}'", x[0], x[1])),
            Operation::Inner(..) => atom(format!("sum(sum({} .* {}))", x[0], x[1])),
            Operation::RowDots(..) => atom(format!("sum({} .* {}, 2)", turned[0], turned[1])),
            Operation::Total(_, axis) => atom(along("sum", axis, "")),
            Operation::Largest(_, axis) => atom(along("max", axis, "[], ")),
            Operation::Prod(_, axis) => atom(along("prod", axis, "")),
            Operation::ProdOthers(_, axis) => {
                let along = match axis {
                    Axis::All => 0,
                    Axis::Rows => 2,
                    Axis::Cols => 1,
                };
                atom(format!("prod_others({}, {along})", a[0]))
            }
            Operation::CumSum(_) => atom(format!("cumsum({}, 1)", a[0])),
            Operation::Transpose(_) => atom(format!("{}'", x[0])),
            Operation::Trace(_) => atom(format!("trace({})", a[0])),
            Operation::DiagonalOf(_) | Operation::Diagonal(_) => atom(format!("diag({})", a[0])),
            Operation::AddDiagonal(..) => atom(format!("add_diagonal({}, {})", a[0], a[1])),
            Operation::AsMatrix(_, Axis::Rows) => atom(format!("{}'", x[0])),
            Operation::AsMatrix(..) => atom(x[0].clone()),
            Operation::Flat(_) | Operation::Vec(_) => atom(format!("reshape({}, [], 1)", a[0])),
            Operation::Unvec(_) => atom(format!("reshape({}, {}, {})", a[0], side(0), side(1))),
            Operation::Block(_, cols) => {
                let rows: Vec<String> = a.chunks(*cols).map(|row| row.join(", ")).collect();
                atom(format!("[{}]", rows.join("; ")))
            }
            Operation::Concatenate(_) => atom(format!("[{}]", a.join("; "))),
            Operation::Slice(_, rows, cols) => {
                let text = format!("part({}, {}, {})", a[0], range(rows), range(cols));
                let row = dims.len() == 1 && rows.len().is_one() && !cols.len().is_one();
                atom(if row { format!("{text}'") } else { text })
            }
            Operation::Part(_, rows) => atom(format!("part({}, {}, 1)", a[0], range(rows))),
            Operation::Kron(..) => atom(format!("kron({}, {})", a[0], a[1])),
            Operation::MatrixPower(_, k) => Some((format!("{}^{k}", x[0]), Tightness::Power)),
            Operation::Factor(how, _) => {
                let how = match how {
                    Factoring::Cholesky => 0,
                    Factoring::Symmetric => 1,
                    Factoring::Lu => 2,
                };
                atom(format!("factors_of({}, {how})", a[0]))
            }
            Operation::Solve(f, _) => atom(format!("solve_by({}, {}, {})", a[0], a[1], f.transposed)),
            Operation::Inverse(_) => atom(format!("inverse_by({})", a[0])),
            Operation::LogAbsDet(_) => atom(format!("log_abs_det({})", a[0])),
            Operation::DetSign(_) => atom(format!("det_sign({})", a[0])),
            Operation::Det(_) => atom(format!("det_by({})", a[0])),
        }
    }

    fn like(&self) -> (&'static str, &'static str) {
        ("", "")
    }

    fn epilogue(&self, _: &PythonWriter) -> String {
        String::new()
    }
}

const HELPERS: &[(&str, &str)] = &[
    (
        "distance",
        r#"
function far = distance(given, k, derivative, symmetric, jacobian)
    % Between central differences and a derivative along a direction of the k-th argument.
    x = given{k};
    direction = reshape(cos(1:numel(x)), size(x));
    if symmetric
        direction = direction + direction';
    end
    step = eps^(1 / 3) * max(1, max(abs(x(:))));
    [ahead, behind] = deal(given);
    ahead{k} = x + step * direction;
    behind{k} = x - step * direction;
    difference = (value_and_grad(ahead{:}) - value_and_grad(behind{:})) / (2 * step);
    if jacobian
        got = reshape(derivative, numel(difference), []) * direction(:);
    else
        got = sum(sum(derivative .* direction));
    end
    far = max(abs(got - difference(:))) / max(1e-3, max(abs(difference(:))));
end
"#,
    ),
    (
        "check_sides",
        r#"
function [x, sides] = check_sides(sides, name, x, rows, cols)
    % Each argument has the sides it is to have; a row that stands for a column is turned.
    if strcmp(cols, '1') && size(x, 1) == 1
        x = x(:);
    end
    words = {rows, cols};
    for k = 1:2
        known = str2double(words{k});
        key = side_key(words{k});
        if isnan(known) && isfield(sides, key)
            known = sides.(key);
        elseif isnan(known)
            known = size(x, k);
            sides.(key) = known;
        end
        if ndims(x) > 2 || size(x, k) ~= known
            error('%s: expected the size %s x %s with %s = %d, got %s', name, rows, cols, words{k}, known, mat2str(size(x)));
        end
    end
end
"#,
    ),
    (
        "side_key",
        r#"
function key = side_key(side)
    % A side as the name of a field.
    key = ['s_', regexprep(side, '\W', '_')];
end
"#,
    ),
    (
        "sigmoid_of",
        r#"
function y = sigmoid_of(x)
    % 1 / (1 + exp(-x)), by the exponential that does not overflow.
    e = exp(-abs(x));
    y = e;
    y(x >= 0) = 1;
    y = y ./ (1 + e);
end
"#,
    ),
    (
        "softplus_of",
        r#"
function y = softplus_of(x)
    % log(1 + exp(x)), by the exponential that does not overflow.
    y = max(x, 0) + log1p(exp(-abs(x)));
end
"#,
    ),
    (
        "gelu_of",
        r#"
function y = gelu_of(x)
    % x times the standard normal distribution function.
    y = 0.5 * x .* erfc(-x / sqrt(2));
end
"#,
    ),
    (
        "silu_of",
        r#"
function y = silu_of(x)
    % x times the sigmoid of x.
    y = x .* sigmoid_of(x);
end
"#,
    ),
    (
        "part",
        r#"
function y = part(x, rows, cols)
    % Some rows and some columns.
    y = x(rows, cols);
end
"#,
    ),
    (
        "add_diagonal",
        r#"
function a = add_diagonal(a, d)
    % A matrix to whose diagonal d is added.
    n = size(a, 1);
    a(1:n+1:end) = a(1:n+1:end) + d(:)';
end
"#,
    ),
    (
        "commutation",
        r#"
function k = commutation(n, m)
    % K vec X = vec X' for X: n x m.
    k = eye(n * m);
    p = reshape(1:n * m, n, m)';
    k = k(p(:), :);
end
"#,
    ),
    (
        "duplication",
        r#"
function d = duplication(n)
    % D with D vech X = vec X for symmetric X.
    d = zeros(n * n, n * (n + 1) / 2);
    c = 0;
    for j = 1:n
        for i = j:n
            c = c + 1;
            d(i + (j - 1) * n, c) = 1;
            d(j + (i - 1) * n, c) = 1;
        end
    end
end
"#,
    ),
    (
        "prod_others",
        r#"
function y = prod_others(x, along)
    % At every place the product of all other entries, without dividing.
    y = ones(size(x));
    for k = 1:numel(x)
        others = x;
        others(k) = 1;
        [r, c] = ind2sub(size(x), k);
        if along == 0
            y(k) = prod(others(:));
        elseif along == 2
            y(k) = prod(others(r, :));
        else
            y(k) = prod(others(:, c));
        end
    end
end
"#,
    ),
    (
        "factors_of",
        r#"
function f = factors_of(a, how)
    % The factors of a matrix: 0 it is definite, 1 it is symmetric, 2 any.
    f = struct('lower', [], 'upper', [], 'rows', []);
    if how < 2
        [c, failed] = chol(a, 'lower');
        if failed == 0
            f.lower = c;
            return;
        elseif how == 0
            error('a matrix is not positive definite');
        end
    end
    [f.lower, f.upper, f.rows] = lu(a);
end
"#,
    ),
    (
        "solve_by",
        r#"
function x = solve_by(f, b, transposed)
    % A \ b, or A' \ b, by the factors of A.
    if isempty(f.upper)
        x = f.lower' \ (f.lower \ b);
    elseif transposed
        x = f.rows' * (f.lower' \ (f.upper' \ b));
    else
        x = f.upper \ (f.lower \ (f.rows * b));
    end
end
"#,
    ),
    (
        "inverse_by",
        r#"
function x = inverse_by(f)
    % The inverse of A by its factors.
    x = solve_by(f, eye(size(f.lower, 1)), false);
end
"#,
    ),
    (
        "log_abs_det",
        r#"
function y = log_abs_det(f)
    % log |det A| by the factors of A.
    if isempty(f.upper)
        y = 2 * sum(log(diag(f.lower)));
    else
        y = sum(log(abs(diag(f.upper))));
    end
end
"#,
    ),
    (
        "det_sign",
        r#"
function y = det_sign(f)
    % The sign of det A by the factors of A.
    y = 1;
    if ~isempty(f.upper)
        y = round(det(f.rows)) * prod(sign(diag(f.upper)));
    end
end
"#,
    ),
    (
        "det_by",
        r#"
function y = det_by(f)
    % det A by the factors of A.
    if isempty(f.upper)
        y = prod(diag(f.lower)) ^ 2;
    else
        y = round(det(f.rows)) * prod(diag(f.upper));
    end
end
"#,
    ),
];
