//! The errors of shapes: both operands, their sizes, where these come from, and what would help.

use super::fresh::fresh_names;
use super::infer::Elaborator;
use super::term::Term;
use super::unify::Clash;
use crate::diag::{Error, Kind, Span};
use crate::expr::{Atom, Name, Op, Shape, Size, Symbol};
use std::collections::BTreeMap;

/// How many variables of an operand an error points to.
const ORIGINS: usize = 3;

impl Elaborator<'_> {
    // ---- words for operands and shapes

    /// An operand as its author wrote it.
    pub(super) fn quoted(&self, term: &Term) -> String {
        let Span { start, end } = term.span();
        let written = self.text.and_then(|t| t.get(start..end)).map(str::trim).filter(|t| !t.is_empty());
        if let Some(text) = written {
            return text.to_owned();
        }
        let (name, sign) = match (term.op(), term.args()) {
            (Op::Transpose, [inner]) => (inner.as_variable(), "^T"),
            (_, _) => (term.as_variable(), ""),
        };
        name.map_or_else(|| "this operand".to_owned(), |name| format!("{name}{sign}"))
    }

    /// An operand as it can stand in a product.
    pub(super) fn factor_text(&self, term: &Term) -> String {
        let text = self.quoted(term);
        let simple = text.chars().all(|c| c.is_alphanumeric() || "_^'ᵀ\\{}".contains(c))
            || (text.starts_with('(') && text.ends_with(')'));
        if simple { text } else { format!("({text})") }
    }

    pub(super) fn shown(&mut self, shape: &Shape) -> String {
        let names = self.provisional_names();
        let shape = Shape::new(self.sizes.show(&shape.rows, &names), self.sizes.show(&shape.cols, &names));
        if shape.is_scalar() {
            "a scalar".to_owned()
        } else if shape.is_vector() {
            format!("{shape}×1")
        } else {
            shape.to_string()
        }
    }

    pub(super) fn shown_size(&mut self, size: &Size) -> Size {
        let names = self.provisional_names();
        self.sizes.show(size, &names)
    }

    /// The names that unknown sizes would get if the document ended here.
    pub(super) fn provisional_names(&mut self) -> BTreeMap<Atom, Name> {
        let sizes = self.sizes_of_inputs();
        let mut unknowns: Vec<Atom> = sizes.iter().flat_map(|size| self.sizes.open_in(size)).collect();
        unknowns.extend(self.sizes.open());
        let mut fresh = fresh_names(&self.taken);
        let mut names = BTreeMap::new();
        for unknown in unknowns {
            names.entry(unknown).or_insert_with(|| fresh.next().unwrap_or_else(|| Name::new("n")));
        }
        names
    }

    /// The sizes of the inputs in the order in which fresh names are given: matrices first.
    pub(super) fn sizes_of_inputs(&mut self) -> Vec<Size> {
        let shapes: Vec<Shape> =
            self.inputs.iter().filter_map(|n| self.variables.get(n)).map(|k| k.shape.clone()).collect();
        let (matrices, others): (Vec<Shape>, Vec<Shape>) =
            shapes.into_iter().partition(|s| !self.sizes.is_one(&s.cols) && !self.sizes.is_one(&s.rows));
        matrices.into_iter().chain(others).flat_map(|s| [s.rows, s.cols]).collect()
    }

    /// Labels the operands with their shapes, and the places where their variables got these.
    pub(super) fn labelled(&mut self, mut error: Error, operands: &[&Term]) -> Error {
        for operand in operands {
            let (text, shape) = (self.quoted(operand), self.shown(operand.shape()));
            error = error.at(operand.span(), format!("`{text}` is {shape}"));
        }
        let mut variables = Vec::new();
        operands.iter().for_each(|o| o.variables(ORIGINS, &mut variables));
        for variable in variables {
            error = self.origin(error, &variable.name);
        }
        error
    }

    fn origin(&mut self, mut error: Error, name: &Symbol) -> Error {
        let Some(known) = name.name().and_then(|n| self.variables.get(n)) else { return error };
        let (shape, place, declared) = (known.shape.clone(), known.span, known.declared);
        let text = self.shown(&shape);
        let here = |error: &Error, span: Span| error.labels.iter().any(|l| l.span == span);
        if let Some(span) = place.filter(|s| !here(&error, *s)) {
            let how = if declared { "declared" } else { "first used" };
            error = error.at(span, format!("`{name}` is {how} here, {text}"));
        }
        for size in [&shape.rows, &shape.cols] {
            let size_text = self.shown_size(size);
            if let Some(span) = self.sizes.reason(size).filter(|s| !here(&error, *s)) {
                error = error.at(span, format!("this gives `{name}` the size {size_text}"));
            }
        }
        error
    }

    // ---- errors

    pub(super) fn product_clash(&mut self, a: &Term, b: &Term) -> Error {
        let (left, right) = (self.quoted(a), self.quoted(b));
        let (left_shape, right_shape) = (self.shown(a.shape()), self.shown(b.shape()));
        let (cols, rows) = (self.shown_size(&a.shape().cols), self.shown_size(&b.shape().rows));
        let message =
            format!("`{left}` is {left_shape} and `{right}` is {right_shape}: their product needs {cols} = {rows}");
        let help = self.product_help(a, b);
        let error = self.labelled(Error::new(Kind::Shape, message), &[a, b]);
        match help {
            Some(help) => error.help(help),
            None => error,
        }
    }

    /// A product that would fit.
    fn product_help(&mut self, a: &Term, b: &Term) -> Option<String> {
        let (left, right) = (self.factor_text(a), self.factor_text(b));
        let (p, q) = (self.sizes.resolve_shape(a.shape()), self.sizes.resolve_shape(b.shape()));
        if p.cols.is_one() && q.cols.is_one() {
            let outer = format!("the outer product is `{left} {right}^T`");
            return Some(if p == q || !self.is_rigid(&p) || !self.is_rigid(&q) {
                format!("the scalar product is `{left}^T {right}`, the elementwise one `{left} .* {right}`; {outer}")
            } else {
                outer
            });
        }
        if p == q {
            return Some(format!(
                "the elementwise product is `{left} .* {right}`; or transpose one: `{left}^T {right}`"
            ));
        }
        if p.rows == q.rows {
            return Some(format!("did you mean the transpose, `{left}^T {right}`?"));
        }
        if p.cols == q.cols {
            return Some(format!("did you mean the transpose, `{left} {right}^T`?"));
        }
        (p.rows == q.cols).then(|| format!("in the other order the sizes fit: `{right} {left}`"))
    }

    /// True when no size of it is still unknown.
    fn is_rigid(&mut self, shape: &Shape) -> bool {
        self.sizes.open_in(&shape.rows).is_empty() && self.sizes.open_in(&shape.cols).is_empty()
    }

    pub(super) fn entrywise_clash(&mut self, a: &Term, b: &Term, verb: &str) -> Error {
        let (left, right) = (self.quoted(a), self.quoted(b));
        let (left_shape, right_shape) = (self.shown(a.shape()), self.shown(b.shape()));
        let message = format!(
            "cannot {verb} `{left}`, which is {left_shape}, and `{right}`, which is {right_shape}: the shapes differ"
        );
        let help = self.entrywise_help(a, b, verb);
        let error = self.labelled(Error::new(Kind::Shape, message), &[a, b]);
        match help {
            Some(help) => error.help(help),
            None => error,
        }
    }

    fn entrywise_help(&mut self, a: &Term, b: &Term, verb: &str) -> Option<String> {
        let (vector, matrix) = if self.is_vector(a) { (a, b) } else { (b, a) };
        let text = self.factor_text(vector);
        let (v, m) = (self.sizes.resolve_shape(vector.shape()), self.sizes.resolve_shape(matrix.shape()));
        let (n, k) = (self.shown_size(&m.rows), self.shown_size(&m.cols));
        if v.is_vector() && !m.cols.is_one() && !m.rows.is_one() {
            let sum = verb == "add";
            let by_rows = format!("`ones({n}) {text}^T`");
            let by_cols = format!("`{text} ones({k})^T`");
            if v.rows == m.cols {
                return Some(format!("arrays are not broadcast; {text} as every row is {by_rows}"));
            }
            if v.rows == m.rows {
                let scaled =
                    if sum { String::new() } else { format!(", and scaling the rows `diag({text})` times the matrix") };
                return Some(format!("arrays are not broadcast; {text} as every column is {by_cols}{scaled}"));
            }
            return Some(
                "arrays are not broadcast: write the vector as a matrix with `ones(n) b^T` or `b ones(n)^T`".to_owned(),
            );
        }
        let (p, q) = (self.sizes.resolve_shape(a.shape()), self.sizes.resolve_shape(b.shape()));
        (p == q.transposed()).then(|| format!("did you mean the transpose, `{}^T`?", self.factor_text(b)))
    }

    pub(super) fn block_clash(&mut self, a: &Term, b: &Term, need: &str) -> Error {
        let (left, right) = (self.quoted(a), self.quoted(b));
        let (left_shape, right_shape) = (self.shown(a.shape()), self.shown(b.shape()));
        let message = format!("`{left}` is {left_shape} and `{right}` is {right_shape}: {need}");
        self.labelled(Error::new(Kind::Shape, message), &[a, b])
    }

    pub(super) fn divided_by_array(&mut self, a: &Term, b: &Term) -> Error {
        let (left, right) = (self.factor_text(a), self.factor_text(b));
        let shape = self.shown(b.shape());
        let message = format!("`/` divides by a scalar, and `{}` is {shape}", self.quoted(b));
        let help = if self.is_vector(b) {
            format!("entry by entry it is `{left} ./ {right}`")
        } else {
            format!("entry by entry it is `{left} ./ {right}`; with the inverse, `{left} {right}^-1`")
        };
        // `1 / |r|`
        if let Some(length) = self.length_of(b) {
            return self.labelled(Error::new(Kind::Shape, message), &[b]).help(length);
        }
        let help = match self.by_convention(b) {
            Some(name) => format!("{help}; if `{name}` is a scalar, declare it: `{name}: scalar`"),
            None => help,
        };
        self.labelled(Error::new(Kind::Shape, message), &[b]).help(help)
    }

    /// Single bars around a vector, where its length is meant.
    fn length_of(&mut self, b: &Term) -> Option<String> {
        let typed = self.quoted(b);
        let inner = typed.trim_matches(['{', '}', ' ']);
        let barred = inner.starts_with('|') && inner.ends_with('|') || inner.contains("\\lvert");
        let double = if typed.contains('\\') { "\\|" } else { "‖" };
        let norm = typed.replace('|', double).replace("\\lvert", "\\lVert").replace("\\rvert", "\\rVert");
        (barred && self.is_vector(b)).then(|| format!("write {norm} for the length of a vector"))
    }

    /// The variable of an array, possibly times numbers, that nobody declared to be one.
    fn by_convention(&self, array: &Term) -> Option<Name> {
        let mut arrays = array.args().iter().filter(|a| !a.shape().is_scalar());
        match (array.as_variable(), arrays.next(), arrays.next()) {
            (Some(symbol), _, _) => {
                let name = symbol.name()?;
                self.variables.get(name).filter(|known| !known.declared).map(|_| name.clone())
            }
            (None, Some(factor), None) => self.by_convention(factor),
            (None, _, _) => None,
        }
    }

    pub(super) fn array_exponent(&mut self, base: &Term, exponent: &Term) -> Error {
        let (base_text, text) = (self.factor_text(base), self.quoted(exponent));
        let shape = self.shown(exponent.shape());
        let message = format!("an exponent is a scalar, and `{text}` is {shape}");
        let help = match self.by_convention(exponent) {
            Some(name) => format!("if `{name}` is a scalar, declare it: `{name}: scalar`"),
            None => format!("entry by entry it is `exp({text} .* log({base_text}))`"),
        };
        self.labelled(Error::new(Kind::Shape, message), &[exponent]).help(help)
    }

    /// An exponent as it may stand behind `^`.
    pub(super) fn power_text(&self, exponent: &Term) -> String {
        let text = exponent.constant().map_or_else(|| self.quoted(exponent), |p| p.to_string());
        let is_single = text.trim_start_matches('-').chars().all(char::is_alphanumeric);
        if is_single { text } else { format!("({text})") }
    }

    pub(super) fn power_of_vector(&mut self, base: &Term, exponent: &Term) -> Error {
        let (text, shape) = (self.factor_text(base), self.shown(base.shape()));
        let power = self.power_text(exponent);
        let message = format!("`{text}` is {shape}, a vector: `^{power}` is of scalars and of square matrices");
        let error = self.labelled(Error::new(Kind::Shape, message), &[base]);
        let squared = if power == "2" { format!("; the squared norm is `norm2({text})^2`") } else { String::new() };
        error.help(format!("the elementwise power is `{text}.^{power}`{squared}"))
    }

    /// Makes a matrix square, or says that it is not.
    pub(super) fn square(&mut self, a: &Term, what: &str) -> Result<(), Error> {
        let shape = a.shape().clone();
        self.sizes.unify(&shape.rows, &shape.cols, a.span()).map_err(|Clash| {
            let (text, shown) = (self.quoted(a), self.shown(&shape));
            let message = format!("{what} needs a square matrix, and `{text}` is {shown}");
            self.labelled(Error::new(Kind::Shape, message), &[a])
        })
    }
}
