//! `--structured`: derivatives on the structure of a target. The target becomes a function of coordinates, and what is
//! derived by are these: of a diagonal matrix its diagonal; of a symmetric one vech, or, for a gradient in its own shape, any
//! matrix of which it is the symmetric part.

use super::cut::fresh_names;
use super::options::{Form, Options};
use super::target::Target;
use crate::diag::{Error, Kind, Note, Span};
use crate::eval::Values;
use crate::expr::{
    Builtin, Expr, Name, Op, Purpose, Rational, Shape, Size, Symbol, add, build, builtin, had, inverse, mul, number,
    transpose, variable,
};
use crate::program::{Definition, Input, Program};
use crate::syntax::Attribute;

/// How a structured variable hangs on its coordinates.
#[derive(Clone, Debug)]
pub struct Chart {
    /// The variable, as the document declares it.
    pub of: Input,
    /// Its coordinates, a definition.
    pub coordinates: Symbol,
    kind: Coordinates,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coordinates {
    /// X = diag(d).
    Diagonal,
    /// X = unvec(dup(n) v, n, n).
    Vech,
    /// X = (Z + Zᵀ)/2.
    SymmetricPart,
}

/// A program in the coordinates of its structured targets.
pub(super) struct Charted {
    pub program: Program,
    pub targets: Vec<Target>,
    pub charts: Vec<Chart>,
}

/// # Errors
/// `Usage` when no target has a structure, `Unsupported` for one that has no coordinates here.
pub(super) fn charted(program: &Program, of: &Shape, targets: &[Target], options: &Options) -> Result<Charted, Error> {
    let in_shape = match (&options.product, options.form) {
        (Some(_), _) => true,
        (None, None) => of.is_scalar() && options.order == 1,
        (None, Some(Form::Shape)) => options.order == 1,
        (None, Some(Form::Jacobian)) => false,
        (None, Some(Form::Both | Form::Differential)) => {
            return Err(Error::new(Kind::Usage, "--structured: each form has coordinates of its own")
                .help("write --form shape or --form jacobian"));
        }
    };
    let mut out = Charted { program: program.clone(), targets: vec![], charts: vec![] };
    for target in targets {
        let moved =
            target.parts.iter().map(|(x, shape)| out.part(x, shape, in_shape)).collect::<Result<Vec<_>, _>>()?;
        let label = if target.parts.len() == 1 { moved[0].0.to_string() } else { target.label.clone() };
        out.targets.push(Target { label, parts: moved });
    }
    match out.charts.is_empty() {
        true => Err(Error::new(Kind::Usage, "--structured: no target is declared symmetric, spd or diagonal")
            .help("declare it, e.g. X: n x n symmetric")),
        false => Ok(out),
    }
}

impl Charted {
    /// What stands for a part of a target.
    fn part(&mut self, x: &Symbol, shape: &Shape, in_shape: bool) -> Result<(Symbol, Shape), Error> {
        if let Some(known) = self.charts.iter().find(|c| c.of.name == *x) {
            return Ok((known.coordinates.clone(), known.kind.shape(&shape.rows)));
        }
        let input = self.program.input(x).cloned();
        let has = |a: Attribute| input.as_ref().is_some_and(|i| i.attributes.contains(&a));
        let kind = if has(Attribute::Orthogonal) {
            return Err(no_coordinates(x));
        } else if has(Attribute::Diagonal) {
            Coordinates::Diagonal
        } else if !has(Attribute::Symmetric) && !has(Attribute::Spd) {
            return Ok((x.clone(), shape.clone()));
        } else if in_shape {
            Coordinates::SymmetricPart
        } else {
            Coordinates::Vech
        };
        let Some(of) = input else { return Ok((x.clone(), shape.clone())) };
        let coordinates = self.name(kind, x);
        self.place(Chart { of, coordinates: coordinates.clone(), kind });
        Ok((coordinates, kind.shape(&shape.rows)))
    }

    fn name(&self, kind: Coordinates, x: &Symbol) -> Symbol {
        let written = match kind {
            Coordinates::Diagonal => Name::new(&format!("diag({x})")),
            Coordinates::Vech => Name::new(&format!("vech({x})")),
            Coordinates::SymmetricPart => {
                fresh_names(Purpose::Coordinates.letter(), 1, &self.program.names()).remove(0)
            }
        };
        Symbol::made(Purpose::Coordinates, vec![x.clone()], 0).written(written)
    }

    /// The variable stands at a point of its structure, its coordinates are those of the point, and it is what they make.
    fn place(&mut self, chart: Chart) {
        let (x, n) = (chart.of.name.clone(), chart.of.shape.rows.clone());
        let point = point_of(&x);
        self.program.inputs.iter_mut().filter(|i| i.name == x).for_each(|i| i.name = point.clone());
        let at = variable(&point, &chart.of.shape);
        let coordinates = variable(&chart.coordinates, &chart.kind.shape(&n));
        let definition = |name: &Symbol, value: Expr| {
            let name = name.clone();
            Definition { name, value, written: None, span: Span::default() }
        };
        let own = [
            definition(&chart.coordinates, chart.kind.coordinates(at, &n)),
            definition(&x, chart.kind.point(coordinates, &n)),
        ];
        self.program.definitions.splice(0..0, own);
        self.charts.push(chart);
    }
}

/// Where a variable stands on its structure.
fn point_of(x: &Symbol) -> Symbol {
    Symbol::made(Purpose::Base, vec![x.clone()], 1)
}

fn no_coordinates(x: &Symbol) -> Error {
    Error::new(
        Kind::Unsupported,
        format!("--structured: {x} is declared orthogonal, and gradus has no coordinates for that"),
    )
    .help("without --structured every entry counts as free; symmetric, spd and diagonal variables have coordinates")
}

impl Coordinates {
    fn shape(self, n: &Size) -> Shape {
        match self {
            Coordinates::Diagonal => Shape::vector(n.clone()),
            Coordinates::Vech => Shape::vector(crate::expr::triangular(n)),
            Coordinates::SymmetricPart => Shape::new(n.clone(), n.clone()),
        }
    }

    /// The coordinates of a matrix.
    fn coordinates(self, x: Expr, n: &Size) -> Expr {
        match self {
            Coordinates::Diagonal => builtin(Builtin::DiagonalOf, x),
            Coordinates::Vech => {
                let d = build(Op::Duplication(n.clone()), vec![]);
                let square = mul(vec![transpose(d.clone()), d.clone()]);
                mul(vec![inverse(square), transpose(d), builtin(Builtin::Vec, x)])
            }
            Coordinates::SymmetricPart => x,
        }
    }

    /// The matrix of these coordinates.
    fn point(self, c: Expr, n: &Size) -> Expr {
        match self {
            Coordinates::Diagonal => builtin(Builtin::Diag, c),
            Coordinates::Vech => {
                let column = mul(vec![build(Op::Duplication(n.clone()), vec![]), c]);
                build(Op::Unvec(n.clone(), n.clone()), vec![column])
            }
            Coordinates::SymmetricPart => {
                let half = number(Rational::new(1, 2));
                had(vec![half, add(vec![c.clone(), transpose(c)])])
            }
        }
    }
}

/// Definitions in terms of the document, without those of the coordinates.
pub(super) fn in_document(charts: &[Chart], definitions: &[Definition]) -> Vec<Definition> {
    let own = |n: &Symbol| charts.iter().any(|c| c.of.name == *n || c.coordinates == *n);
    let told = |d: &Definition| d.with_value(charts.iter().fold(d.value.clone(), |value, c| c.in_terms(&value)));
    definitions.iter().filter(|d| !own(&d.name)).map(told).collect()
}

/// A program in coordinates in terms of the document.
pub(super) fn put_back(charts: &[Chart], charted: &Program, document: Program) -> Program {
    let more = charted.inputs.iter().filter(|i| document.input(&i.name).is_none());
    let more: Vec<Input> = more.filter(|i| !charts.iter().any(|c| i.name == c.point())).cloned().collect();
    Program {
        inputs: document.inputs.into_iter().chain(more).collect(),
        definitions: in_document(charts, &charted.definitions),
        ..charted.clone()
    }
}

impl Chart {
    /// Where the variable stands on its structure.
    pub(super) fn point(&self) -> Symbol {
        point_of(&self.of.name)
    }

    /// A term with the variable for its coordinates.
    pub(super) fn in_terms(&self, e: &Expr) -> Expr {
        let at = self.kind.coordinates(variable(&self.of.name, &self.of.shape), &self.of.shape.rows);
        e.substitute(&|n: &Symbol| (*n == self.coordinates).then(|| at.clone()))
    }

    /// A target as it is shown: the variable, where its coordinates have its shape.
    pub(super) fn told(&self, mut target: Target) -> Target {
        if self.kind == Coordinates::SymmetricPart {
            let x = &self.of.name;
            target.parts.iter_mut().filter(|(n, _)| *n == self.coordinates).for_each(|(n, _)| *n = x.clone());
            if target.label == self.coordinates.to_string() {
                target.label = x.to_string();
            }
        }
        target
    }

    /// A point with the variable's value where it stands on its structure.
    pub(super) fn placed(&self, mut values: Values) -> Values {
        if let Some(value) = values.arrays.remove(&self.of.name) {
            values.arrays.insert(self.point(), value);
        }
        values
    }

    /// What a derivative on the structure is.
    pub fn convention(&self) -> Note {
        let (x, c) = (&self.of.name, &self.coordinates);
        let word = self.of.attributes.iter().find_map(|a| a.structure()).unwrap_or("structured");
        Note::convention(match self.kind {
            Coordinates::Diagonal => format!(
                "structured: {x} is declared {word}, and its derivatives are by its diagonal, {x} = diag({c}); the check moves the diagonal"
            ),
            Coordinates::Vech => format!(
                "structured: {x} is declared {word}, and its derivatives are by {c}, the entries on and below the diagonal column by column, each moving with its mirror image: vec({x}) = dup(n) {c} with the duplication matrix dup(n); the check moves {c}"
            ),
            Coordinates::SymmetricPart => format!(
                "structured: {x} is declared {word}, and its gradient is the symmetric one, ds = ⟨∂s/∂{x}, d{x}⟩ for symmetric d{x}: the symmetric part G of the unconstrained one (in the steps {x} is the symmetric part of {c}); by single entries, x_ij moving with x_ji, it is 2 G - G ∘ I (Matrix Cookbook, section 2.8); the check moves {x} through symmetric matrices"
            ),
        })
    }
}
