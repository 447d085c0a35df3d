//! Python: what the files for NumPy, JAX and PyTorch have in common.

use super::assemble::File;
use super::dialect::{Dialect, Spelled, Texts, Tightness};
use super::differences::{Compared, compared};
use super::identifiers::Identifiers;
use super::plan::{CodePlan, Id, Instruction, Operation, OutputKind, PlanResult, Turned};
use super::plates::PlateOperation;
use super::sizes::SizeSource;
use super::words::{docstring, escaped, integer};
use crate::diag::Error;
use crate::expr::{Atom, Size};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Writes a file.
pub struct PythonWriter<'a> {
    pub file: &'a File,
    pub dialect: &'a dyn Dialect,
    /// The identifiers of inputs, of callables, and of sizes.
    pub inputs: Vec<String>,
    pub callables: Vec<String>,
    names: RefCell<Identifiers>,
    helpers: RefCell<BTreeSet<&'static str>>,
}

/// One function as it is written: what has a name so far.
pub struct Body {
    named: Vec<Option<String>>,
    uses: Vec<usize>,
}

/// Texts longer than this get a name of their own.
const LONG: usize = 60;

/// The file.
pub fn file(file: &File, dialect: &dyn Dialect) -> Result<String, Error> {
    let writer = PythonWriter::new(file, dialect);
    let mut text = String::new();
    let plan = &file.plan;
    let functions = [
        writer.function("value", &[], "The value alone.")?,
        writer.function(
            "value_and_grad",
            &plan.results.iter().map(|r| r.value).collect::<Vec<_>>(),
            "The value, and the derivatives by name.",
        )?,
    ];
    let epilogue = dialect.epilogue(&writer);
    let helpers = writer.helper_texts(&format!("{}{epilogue}", functions.concat()));
    let rest = format!("{}{epilogue}{helpers}", functions.concat());
    text += &docstring(file, &writer.signature_words());
    text += "\n\n";
    if rest.contains("math.") {
        text += "import math\n\n";
    }
    text += &dialect.imports(rest.contains("scipy"));
    text += &format!("\n# the arguments, as the document calls them\nINPUTS = {}\n", writer.called());
    text += &rest;
    Ok(text)
}

impl<'a> PythonWriter<'a> {
    pub fn new(file: &'a File, dialect: &'a dyn Dialect) -> PythonWriter<'a> {
        let (greek, reserved) = dialect.reserved();
        let mut names = Identifiers::new(greek, reserved);
        let inputs = file.plan.inputs.iter().map(|i| names.of(&i.name)).collect();
        let callables = file.plan.callables.iter().map(|c| names.fresh(&c.word())).collect();
        for found in &file.sizes.found {
            names.of(&size_key(found.name.as_str()));
        }
        for given in &file.sizes.given {
            names.of(&size_key(given.as_str()));
        }
        PythonWriter { file, dialect, inputs, callables, names: RefCell::new(names), helpers: RefCell::default() }
    }

    pub(super) fn plan(&self) -> &CodePlan {
        &self.file.plan
    }

    /// `u, W, x, b, *, f, df`.
    pub fn parameters(&self) -> String {
        let keywords = self.keywords();
        let own = self.inputs.iter().cloned();
        let star = (!keywords.is_empty()).then(|| "*".to_owned());
        own.chain(star).chain(keywords).collect::<Vec<_>>().join(", ")
    }

    /// What the document calls the arguments, in order.
    fn called(&self) -> String {
        let names: Vec<String> = self.plan().inputs.iter().map(|i| format!("\"{}\"", escaped(&i.document))).collect();
        if let [one] = names.as_slice() { format!("({one},)") } else { format!("({})", names.join(", ")) }
    }

    /// The functions and the sizes that are given by name.
    pub fn keywords(&self) -> Vec<String> {
        let sizes = self.file.sizes.given.iter().map(|n| self.size_name(n.as_str()));
        self.callables.iter().cloned().chain(sizes).collect()
    }

    /// `, f=f, df=df`.
    pub fn handed_on(&self) -> String {
        self.keywords().iter().map(|k| format!(", {k}={k}")).collect()
    }

    pub fn signature_words(&self) -> Vec<String> {
        let shapes = self.plan().inputs.iter().zip(&self.inputs).map(|(i, name)| {
            let sides: Vec<String> = i.dims.iter().map(|s| self.size(s).0).collect();
            match sides.as_slice() {
                [] => format!("{name}: scalar"),
                [one] => format!("{name}: ({one},)"),
                _ => format!("{name}: ({})", sides.join(", ")),
            }
        });
        let functions =
            self.plan().callables.iter().zip(&self.callables).map(|(c, name)| format!("{name}: {}", c.meaning()));
        let sizes = self
            .file
            .sizes
            .given
            .iter()
            .map(|n| format!("{}: a size, which no array tells", self.size_name(n.as_str())));
        shapes.chain(functions).chain(sizes).collect()
    }

    fn size_name(&self, name: &str) -> String {
        self.names.borrow_mut().of(&size_key(name))
    }

    /// A size as a whole number.
    pub fn size(&self, size: &Size) -> Spelled {
        let letters = |atoms: &[Atom]| atoms.iter().filter_map(|a| Some(self.size_name(a.name()?.as_str()))).collect();
        integer(size, &letters, " // ")
    }

    /// One function: its signature, what it checks, and its instructions.
    fn function(&self, name: &str, results: &[Id], says: &str) -> Result<String, Error> {
        let (mut lines, body) = self.lines(results)?;
        self.results(&body, results, &mut lines)?;
        let leaves_out = |i: &Instruction| matches!(i.operation, Operation::Plate(PlateOperation::Conditions(_)));
        let before = if self.plan().instructions.iter().any(leaves_out) { self.dialect.unconcerned() } else { "" };
        let mut text = format!("\n\n{before}def {name}({}):\n    \"\"\"{says}\"\"\"\n", self.parameters());
        let code = lines.iter().flat_map(|l| l.lines()).map(|l| l.split('#').next().unwrap_or_default());
        text += &self.prologue(&code.collect::<Vec<_>>().join("\n"));
        text += &lines.concat();
        Ok(text)
    }

    /// The lines that compute the value and these results, and what has a name then.
    pub fn lines(&self, results: &[Id]) -> Result<(Vec<String>, Body), Error> {
        let roots: Vec<Id> = std::iter::once(self.plan().value).chain(results.iter().copied()).collect();
        let needed = self.plan().needed(roots.iter().copied());
        let mut body =
            Body { named: vec![None; self.plan().instructions.len()], uses: vec![0; self.plan().instructions.len()] };
        for id in needed.iter().flat_map(|id| self.plan().at(*id).operation.arguments()).chain(roots.iter().copied()) {
            body.uses[id.0] += 1;
        }
        let mut lines = vec![];
        for id in &needed {
            self.instruction(*id, &mut body, &mut lines)?;
        }
        Ok((lines, body))
    }

    /// Checks the shapes, and reads the sizes off them.
    fn prologue(&self, body: &str) -> String {
        self.helpers.borrow_mut().insert("_arrays");
        let sides = |i: usize| -> Vec<String> { self.plan().inputs[i].dims.iter().map(|s| self.side(s)).collect() };
        let checked: Vec<String> = self
            .inputs
            .iter()
            .enumerate()
            .map(|(i, n)| format!("(\"{n}\", {n}, \"{}\")", sides(i).join(" ")))
            .collect();
        let given = self.file.sizes.given.iter().map(|n| self.size_name(n.as_str()));
        let given: Vec<String> = given.map(|n| format!("\"{n}\": {n}")).collect();
        let names = match self.inputs.as_slice() {
            [] => "_".to_owned(),
            [one] => format!("({one},)"),
            many => format!("({})", many.join(", ")),
        };
        let like = self.dialect.like().0;
        let mut text =
            format!("    {names}, sizes, {like} = _arrays({{{}}}, {})\n", given.join(", "), checked.join(", "));
        let spoken =
            |name: &str| mentions(body, name) || self.composite().iter().any(|s| mentions(&self.size(s).0, name));
        for found in &self.file.sizes.found {
            let name = self.size_name(found.name.as_str());
            if spoken(&name) {
                text += &format!("    {name} = {}\n", self.told(found));
            }
        }
        for side in self.composite() {
            let (key, value) = (self.side(&side), self.size(&side).0);
            text += &format!(
                "    if sizes[\"{key}\"] != {value}:\n        raise ValueError(f\"a side of {key} is {{sizes['{key}']}}, not {{{value}}}\")\n"
            );
        }
        text
    }

    /// Sides that are no lone names and no numbers: they are held against the sizes.
    fn composite(&self) -> Vec<Size> {
        let sides = self.plan().inputs.iter().flat_map(|i| i.dims.clone());
        let all: BTreeSet<Size> = sides.filter(|s| s.as_name().is_none() && s.as_constant().is_none()).collect();
        all.into_iter().collect()
    }

    /// A side in an error message, without blanks.
    fn side(&self, side: &Size) -> String {
        self.size(side).0.replace(' ', "")
    }

    fn told(&self, found: &SizeSource) -> String {
        let side = format!("sizes[\"{}\"]", self.side(&found.side));
        let shifted = match found.constant {
            0 => side,
            c if c > 0 => format!("({side} - {c})"),
            c => format!("({side} + {})", -c),
        };
        if found.factor == 1 { shifted } else { format!("{shifted} // {}", found.factor) }
    }

    fn results(&self, body: &Body, results: &[Id], lines: &mut Vec<String>) -> Result<(), Error> {
        let value = self.text(self.plan().value, body, Tightness::Sum)?;
        if results.is_empty() {
            lines.push(format!("    return {value}\n"));
            return Ok(());
        }
        lines.push(format!("    return {value}, {{\n"));
        for output in &self.plan().results {
            let text = self.text(output.value, body, Tightness::Sum)?;
            lines.push(remarked("        ", &format!("{}: {text},", output.key()), Some(&output.formula), "#"));
        }
        lines.push("    }\n".to_owned());
        Ok(())
    }

    /// An instruction gets a line of its own when it has a name, is used again, or is long.
    fn instruction(&self, id: Id, body: &mut Body, lines: &mut Vec<String>) -> Result<(), Error> {
        let instruction = self.plan().at(id);
        if let Operation::Input(i) = instruction.operation {
            body.named[id.0] = Some(self.inputs[i].clone());
            return Ok(());
        }
        let (text, level) = self.spelled(instruction, body)?;
        let is_view = matches!(instruction.operation, Operation::Spread(..) | Operation::Transpose(_));
        let is_leaf = instruction.operation.arguments().is_empty() && instruction.fixed;
        let alone = instruction.name.is_some()
            || body.uses[id.0] > 1 && !is_leaf && !(is_view && level == Tightness::Atom)
            || matches!(instruction.operation, Operation::Factor(..))
            || text.chars().count() > LONG && !is_leaf;
        if !alone {
            return Ok(());
        }
        let name = match &instruction.name {
            Some(name) => self.names.borrow_mut().of(&format!("{name}\u{0}value")),
            None => self.names.borrow_mut().of(&format!("{}\u{0}{}", self.letter(instruction), id.0)),
        };
        let signs = self.dialect.signs();
        let code = format!("{name} = {text}{}", signs.end);
        lines.push(remarked("    ", &code, instruction.formula.as_deref(), signs.remark));
        body.named[id.0] = Some(name);
        Ok(())
    }

    /// What a result without a name is called.
    fn letter(&self, instruction: &Instruction) -> String {
        match &instruction.operation {
            Operation::Factor(_, of) => {
                let of = self.plan().at(*of);
                let word = match (&of.operation, &of.name) {
                    (Operation::Input(i), _) => self.inputs[*i].clone(),
                    (_, Some(name)) => name.clone(),
                    _ => "matrix".to_owned(),
                };
                format!("{word}_factor")
            }
            Operation::Plate(PlateOperation::Letter(index, _)) => index.letter.to_string(),
            _ => "t".to_owned(),
        }
    }

    /// A value where it must bind at least so tightly.
    pub fn text(&self, id: Id, body: &Body, level: Tightness) -> Result<String, Error> {
        if let Some(name) = &body.named[id.0] {
            return Ok(name.clone());
        }
        let (text, own) = self.spelled(self.plan().at(id), body)?;
        Ok(if own < level { format!("({text})") } else { text })
    }

    pub(super) fn turned(&self, t: Turned, body: &Body) -> Result<String, Error> {
        let text = self.text(t.id, body, Tightness::Atom)?;
        Ok(if t.transposed { format!("{text}{}", self.dialect.signs().turned) } else { text })
    }

    /// `(n, m)`.
    pub fn shape(&self, dims: &[Size]) -> String {
        let sides: Vec<String> = dims.iter().map(|s| self.size(s).0).collect();
        match sides.as_slice() {
            [one] => format!("({one},)"),
            _ => format!("({})", sides.join(", ")),
        }
    }

    pub(super) fn call(&self, helper: &'static str, args: &[String]) -> Spelled {
        self.helpers.borrow_mut().insert(helper);
        (format!("{helper}({})", args.join(", ")), Tightness::Atom)
    }

    fn spelled(&self, instruction: &Instruction, body: &Body) -> Result<Spelled, Error> {
        let operation = &instruction.operation;
        let ids = operation.arguments();
        let atoms = ids.iter().map(|a| self.text(*a, body, Tightness::Atom)).collect::<Result<Vec<_>, _>>()?;
        let plain = ids.iter().map(|a| self.text(*a, body, Tightness::Sum)).collect::<Result<Vec<_>, _>>()?;
        let turned = match operation {
            Operation::MatVec(p, _) => vec![self.turned(*p, body)?],
            Operation::MatMul(p, q) | Operation::RowDots(p, q) => vec![self.turned(*p, body)?, self.turned(*q, body)?],
            _ => vec![],
        };
        let texts = Texts {
            atoms,
            plain,
            turned,
            shape: self.shape(&instruction.dims),
            dims: instruction.dims.iter().map(|s| self.size(s).0).collect(),
            size: Box::new(|size| self.size(size).0),
        };
        if let Some(own) = self.dialect.operation(operation, &texts) {
            return Ok(own);
        }
        self.as_numpy(instruction, &texts, body)
    }

    /// The texts of the helpers that are called, with those they call.
    pub fn helper_texts(&self, text: &str) -> String {
        let mut all = text.to_owned();
        let mut out = String::new();
        let called = |all: &str, name: &str| all.contains(&format!("{name}("));
        let mut open: Vec<&(&str, &str)> = self.dialect.helpers().into_iter().flatten().collect();
        loop {
            let Some(k) = open.iter().position(|(name, _)| called(&all, name)) else { return out };
            let (_, helper) = open.remove(k);
            out += &format!("\n\n{}", helper.trim_start_matches('\n'));
            all += helper;
        }
    }

    /// The function that holds derivatives against differences; `as_array` makes an argument of a NumPy array.
    pub fn check(&self, as_array: &str) -> String {
        let compared = self.compared();
        if compared.is_empty() {
            return String::new();
        }
        let star = if self.keywords().is_empty() { ", *" } else { "" };
        CHECK
            .replace("PARAMETERS", &format!("{}{star}, seed=0", self.parameters()))
            .replace("INPUTS", &tuple(&self.inputs))
            .replace("HANDED_ON", &self.handed_on())
            .replace("AS_ARRAY", as_array)
            .replace("COMPARED", &compared.iter().map(|line| format!("        {line},\n")).collect::<String>())
    }

    /// The inputs by which the value has a gradient here, each with its key; none where the value is no scalar.
    pub fn gradients(&self) -> Vec<(usize, String)> {
        let scalar = self.plan().at(self.plan().value).dims.is_empty();
        let of = |o: &PlanResult| match o.kind {
            OutputKind::Gradient(input) if scalar => Some((input, o.key())),
            OutputKind::Gradient(_) | OutputKind::Jacobian(_) | OutputKind::Other => None,
        };
        self.plan().results.iter().filter_map(of).collect()
    }

    /// The lines of the check: what is compared with differences, and how.
    fn compared(&self) -> Vec<String> {
        let said = |yes: bool| if yes { "True" } else { "False" };
        let one =
            |c: Compared| format!("({}, {}, {}, {})", c.output.key(), c.input, said(c.symmetric), said(c.jacobian));
        compared(self.plan()).into_iter().map(one).collect()
    }
}

/// A line with a remark behind it, or above it where that would be too long.
fn remarked(indent: &str, code: &str, remark: Option<&str>, sign: &str) -> String {
    const WIDTH: usize = 110;
    match remark {
        None => format!("{indent}{code}\n"),
        Some(r) if code.chars().count() + r.chars().count() > WIDTH => format!("{indent}{sign} {r}\n{indent}{code}\n"),
        Some(r) => format!("{indent}{code}  {sign} {r}\n"),
    }
}

/// Whether a word occurs in a text as a word.
fn mentions(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let before = text[..at].chars().next_back().is_some_and(is_part);
        let after = text[at + word.len()..].chars().next().is_some_and(|c| c != '.' && is_part(c));
        !before && !after
    })
}

/// Sizes have names of their own: a size may be called as an array is.
fn size_key(name: &str) -> String {
    format!("{name}\u{0}size")
}

/// `(u, W, x, b)`.
pub fn tuple(names: &[String]) -> String {
    if let [one] = names { format!("({one},)") } else { format!("({})", names.join(", ")) }
}

const CHECK: &str = r#"

def check_gradient(PARAMETERS):
    """How far each derivative is from central differences of the value along a random direction, relative to them."""
    arguments = [np.array(a, dtype=float) for a in INPUTS]

    def at(moved):
        return np.asarray(value(*(AS_ARRAY(a) for a in moved)HANDED_ON))

    _, derivatives = value_and_grad(*(AS_ARRAY(a) for a in arguments)HANDED_ON)
    random = np.random.default_rng(seed)
    small = float(np.finfo(at(arguments).dtype).eps) ** (1 / 3)
    far = {}
    for name, k, symmetric, jacobian in (
COMPARED    ):
        direction = random.standard_normal(arguments[k].shape)
        if symmetric:
            direction = (direction + direction.T) / 2
        step = small * max(1.0, float(np.abs(arguments[k]).max()))
        ahead, behind = (arguments[:k] + [arguments[k] + t * direction] + arguments[k + 1 :] for t in (step, -step))
        expected = ((at(ahead) - at(behind)) / (2 * step)).T.reshape(-1)
        along = direction.T.reshape(-1)
        rows = np.asarray(derivatives[name])
        got = rows.reshape(-1, along.size) @ along if jacobian else np.vdot(rows, direction)
        far[name] = float(np.max(np.abs(got - expected)) / max(1e-3, np.max(np.abs(expected))))
    return far
"#;
