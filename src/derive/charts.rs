//! `--structured`: derivatives on the structure of a target. The target becomes a function of coordinates, and what is
//! derived by are these: of a diagonal matrix its diagonal; of a symmetric one vech, or, for a gradient in its own shape, any
//! matrix of which it is the symmetric part.

use super::cut::fresh_names;
use super::options::{Form, Options};
use super::target::Target;
use crate::diag::{Error, Kind, Note, Span};
use crate::eval::Values;
use crate::expr::{
    Builtin, Comparator, Expr, Gathering, Index, Indexed, Name, Op, Place, PlaceCondition, Purpose, Rational, Shape,
    Symbol, add, build, builtin, had, inverse, mul, number, transpose, variable,
};
use crate::program::{Definition, Input, Program};
use crate::syntax::Attribute;

/// How a structured variable hangs on its coordinates.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// The variable, as the document declares it.
    pub of: Input,
    /// Where it is a family, its indices.
    plate: Vec<Index>,
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
    /// X_ij = (Z_ij + Z_ji)/2.
    SymmetricEntries,
    /// X_ij = [i = j] d_i.
    DiagonalEntries,
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
    let in_shape = in_shape(of, options)?;
    let mut out = Charted { program: program.clone(), targets: vec![], charts: vec![] };
    for target in targets {
        let moved =
            target.parts.iter().map(|(x, shape)| out.part(x, shape, in_shape)).collect::<Result<Vec<_>, _>>()?;
        let label = if target.parts.len() == 1 { moved[0].0.to_string() } else { target.label.clone() };
        out.targets.push(Target { label, parts: moved });
    }
    out.some()
}

/// Whether a derivative has the shape of its target.
pub(super) fn in_shape(of: &Shape, options: &Options) -> Result<bool, Error> {
    match (&options.product, options.form) {
        (Some(_), _) => Ok(true),
        (None, None) => Ok(of.is_scalar() && options.order == 1),
        (None, Some(Form::Shape)) => Ok(options.order == 1),
        (None, Some(Form::Jacobian)) => Ok(false),
        (None, Some(Form::Both | Form::Differential)) => {
            Err(Error::new(Kind::Usage, "--structured: each form has coordinates of its own")
                .help("write --form shape or --form jacobian"))
        }
    }
}

impl Charted {
    /// The same; a target has a structure.
    pub fn some(self) -> Result<Charted, Error> {
        match self.charts.is_empty() {
            true => Err(Error::new(Kind::Usage, "--structured: no target is declared symmetric, spd or diagonal")
                .help("declare it, e.g. X: n x n symmetric")),
            false => Ok(self),
        }
    }

    /// What stands for a part of a target.
    fn part(&mut self, x: &Symbol, shape: &Shape, in_shape: bool) -> Result<(Symbol, Shape), Error> {
        Ok(match self.chart(x, in_shape)? {
            Some(chart) => (chart.coordinates.clone(), chart.shape()),
            None => (x.clone(), shape.clone()),
        })
    }

    /// How a target hangs on its coordinates; `None` where nothing binds its entries to each other. A family whose members are
    /// the entries of a matrix has its structure entry by entry, in every layout.
    pub fn chart(&mut self, x: &Symbol, in_shape: bool) -> Result<Option<Chart>, Error> {
        if let Some(known) = self.charts.iter().find(|c| c.of.name == *x) {
            return Ok(Some(known.clone()));
        }
        let Some(of) = self.program.input(x).cloned() else { return Ok(None) };
        let plate = self.program.plates.get(x).cloned().unwrap_or_default();
        let entries = of.shape.is_scalar() && plate.len() == 2;
        let has = |a: Attribute| of.attributes.contains(&a);
        let symmetric = has(Attribute::Symmetric) || has(Attribute::Spd);
        let kind = match (entries, in_shape) {
            _ if has(Attribute::Orthogonal) => return Err(no_coordinates(x)),
            (true, _) if has(Attribute::Diagonal) => Coordinates::DiagonalEntries,
            (false, _) if has(Attribute::Diagonal) => Coordinates::Diagonal,
            _ if !symmetric => return Ok(None),
            (true, _) => Coordinates::SymmetricEntries,
            (false, true) => Coordinates::SymmetricPart,
            (false, false) => Coordinates::Vech,
        };
        let chart = Chart { of, plate, coordinates: self.name(kind, x), kind };
        self.place(chart.clone());
        Ok(Some(chart))
    }

    fn name(&self, kind: Coordinates, x: &Symbol) -> Symbol {
        let written = match kind {
            Coordinates::Diagonal | Coordinates::DiagonalEntries => Name::new(&format!("diag({x})")),
            Coordinates::Vech => Name::new(&format!("vech({x})")),
            Coordinates::SymmetricPart | Coordinates::SymmetricEntries => {
                fresh_names(Purpose::Coordinates.letter(), 1, &self.program.names()).remove(0)
            }
        };
        Symbol::made(Purpose::Coordinates, vec![x.clone()], 0).written(written)
    }

    /// The variable stands at a point of its structure, its coordinates are those of the point, and it is what they make.
    fn place(&mut self, chart: Chart) {
        let (x, point) = (&chart.of.name, chart.point());
        self.program.inputs.iter_mut().filter(|i| i.name == *x).for_each(|i| i.name = point.clone());
        let definition = |name: &Symbol, value: Expr| {
            let name = name.clone();
            Definition { name, value, written: None, span: Span::default() }
        };
        let at: Vec<Place> = chart.coordinate_plate().iter().map(Index::place).collect();
        let own = [definition(&chart.coordinates, chart.coordinates_of(&point, &at)), definition(x, chart.value())];
        self.program.definitions.splice(0..0, own);
        if !chart.plate.is_empty() {
            self.program.plates.insert(point, chart.plate.clone());
            self.program.plates.insert(chart.coordinates.clone(), chart.coordinate_plate());
        }
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

/// A variable, or the member of a family at these places.
fn member(name: &Symbol, at: &[Place], shape: &Shape) -> Expr {
    match at {
        [] => variable(name, shape),
        at => variable(Indexed::Member { family: name.clone(), at: at.to_vec() }.symbol(), shape),
    }
}

/// (A + B)/2.
fn half_of_both(a: Expr, b: Expr) -> Expr {
    had(vec![number(Rational::new(1, 2)), add(vec![a, b])])
}

/// Definitions in terms of the document, without those of the coordinates.
pub(super) fn in_document(charts: &[Chart], definitions: &[Definition]) -> Vec<Definition> {
    let own = |n: &Symbol| charts.iter().any(|c| c.of.name == *n || c.coordinates == *n);
    let told = |d: &Definition| d.with_value(charts.iter().fold(d.value.clone(), |value, c| c.in_terms(&value)));
    definitions.iter().filter(|d| !own(&d.name)).map(told).collect()
}

/// A program in coordinates in terms of the document. The ranges of coordinates stay: results are by them.
pub(super) fn put_back(charts: &[Chart], charted: &Program, document: Program) -> Program {
    let more = charted.inputs.iter().filter(|i| document.input(&i.name).is_none());
    let more: Vec<Input> = more.filter(|i| !charts.iter().any(|c| i.name == c.point())).cloned().collect();
    let mut plates = charted.plates.clone();
    plates.retain(|name, _| !charts.iter().any(|c| *name == c.point()));
    Program {
        inputs: document.inputs.into_iter().chain(more).collect(),
        definitions: in_document(charts, &charted.definitions),
        plates,
        ..charted.clone()
    }
}

impl Chart {
    /// Where the variable stands on its structure.
    pub(super) fn point(&self) -> Symbol {
        point_of(&self.of.name)
    }

    /// The shape of the coordinates, of each member where it is a family.
    pub(super) fn shape(&self) -> Shape {
        let n = &self.of.shape.rows;
        match self.kind {
            Coordinates::Diagonal => Shape::vector(n.clone()),
            Coordinates::Vech => Shape::vector(crate::expr::triangular(n)),
            Coordinates::SymmetricPart => Shape::new(n.clone(), n.clone()),
            Coordinates::SymmetricEntries | Coordinates::DiagonalEntries => Shape::scalar(),
        }
    }

    /// The indices of the coordinates.
    fn coordinate_plate(&self) -> Vec<Index> {
        match self.kind {
            Coordinates::DiagonalEntries => self.plate[..1].to_vec(),
            Coordinates::Diagonal | Coordinates::Vech | Coordinates::SymmetricPart | Coordinates::SymmetricEntries => {
                self.plate.clone()
            }
        }
    }

    /// Where the coordinates of a member are; `None` for an entry that is 0 by the structure.
    pub(super) fn places(&self, at: &[Place]) -> Option<Vec<Place>> {
        match (self.kind, at) {
            (Coordinates::DiagonalEntries, [i, j]) => {
                let apart = i != j && i.at_rest().zip(j.at_rest()).is_none();
                (!apart).then(|| vec![i.clone()])
            }
            _ => Some(at.to_vec()),
        }
    }

    /// The coordinates at these places of the variable, or of what stands for it.
    fn coordinates_of(&self, x: &Symbol, at: &[Place]) -> Expr {
        let (n, shape) = (&self.of.shape.rows, &self.of.shape);
        match self.kind {
            Coordinates::Diagonal => builtin(Builtin::DiagonalOf, member(x, at, shape)),
            Coordinates::Vech => {
                let d = build(Op::Duplication(n.clone()), vec![]);
                let square = mul(vec![transpose(d.clone()), d.clone()]);
                mul(vec![inverse(square), transpose(d), builtin(Builtin::Vec, member(x, at, shape))])
            }
            Coordinates::SymmetricPart | Coordinates::SymmetricEntries => member(x, at, shape),
            Coordinates::DiagonalEntries => member(x, &[at, at].concat(), shape),
        }
    }

    /// The variable that its coordinates make, each member at its own letters.
    fn value(&self) -> Expr {
        let n = &self.of.shape.rows;
        let at: Vec<Place> = self.plate.iter().map(Index::place).collect();
        let own = |at: &[Place]| member(&self.coordinates, at, &self.shape());
        match self.kind {
            Coordinates::Diagonal => builtin(Builtin::Diag, own(&at)),
            Coordinates::Vech => {
                let column = mul(vec![build(Op::Duplication(n.clone()), vec![]), own(&at)]);
                build(Op::Unvec(n.clone(), n.clone()), vec![column])
            }
            Coordinates::SymmetricPart => half_of_both(own(&at), transpose(own(&at))),
            Coordinates::SymmetricEntries => half_of_both(own(&at), own(&at.iter().rev().cloned().collect::<Vec<_>>())),
            Coordinates::DiagonalEntries => {
                let same = PlaceCondition { left: at[0].clone(), relation: Comparator::Equal, right: at[1].clone() };
                let (by, over, when, body) = (Gathering::Sum, vec![], vec![same], own(&at[..1]));
                variable(Indexed::Gathered { by, over, when, body }.symbol(), &Shape::scalar())
            }
        }
    }

    /// A term with the variable for its coordinates.
    pub(super) fn in_terms(&self, e: &Expr) -> Expr {
        e.rewrite(&mut |e| {
            let Some(v) = e.as_variable() else { return e };
            match v.name.as_indexed() {
                None if v.name == self.coordinates => self.coordinates_of(&self.of.name, &[]),
                Some(Indexed::Member { family, at }) if *family == self.coordinates => {
                    self.coordinates_of(&self.of.name, at)
                }
                Some(other) => variable(other.around(&mut |inner, _| self.in_terms(inner)).symbol(), &v.shape),
                None => e,
            }
        })
    }

    /// What a target by the coordinates is called: the variable, where they have its shape.
    pub(super) fn name(&self) -> &Symbol {
        match self.kind {
            Coordinates::SymmetricPart | Coordinates::SymmetricEntries => &self.of.name,
            Coordinates::Diagonal | Coordinates::Vech | Coordinates::DiagonalEntries => &self.coordinates,
        }
    }

    /// What moves as a target of that name does.
    pub fn moving(&self, target: &Symbol) -> Symbol {
        match target.as_indexed() {
            None if target == self.name() => self.coordinates.clone(),
            Some(Indexed::Member { family, at }) if family == self.name() => {
                Indexed::Member { family: self.coordinates.clone(), at: at.clone() }.symbol()
            }
            Some(_) | None => target.clone(),
        }
    }

    /// A target as it is shown.
    pub(super) fn told(&self, mut target: Target) -> Target {
        let x = self.name();
        target.parts.iter_mut().filter(|(n, _)| *n == self.coordinates).for_each(|(n, _)| *n = x.clone());
        if target.label == self.coordinates.to_string() {
            target.label = x.to_string();
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

    /// A point with the variable's value by its name.
    pub fn unplaced(&self, values: &mut Values) {
        let point = self.point();
        let own = |symbol: &Symbol| match symbol.as_indexed() {
            None if *symbol == point => Some(self.of.name.clone()),
            Some(Indexed::Member { family, at }) if *family == point => {
                Some(Indexed::Member { family: self.of.name.clone(), at: at.clone() }.symbol())
            }
            Some(_) | None => None,
        };
        let named = std::mem::take(&mut values.arrays).into_iter();
        values.arrays = named.map(|(symbol, array)| (own(&symbol).unwrap_or(symbol), array)).collect();
    }

    /// What a derivative on the structure is.
    pub fn convention(&self) -> Note {
        let (x, c) = (&self.of.name, &self.coordinates);
        let word = self.of.attributes.iter().find_map(|a| a.structure()).unwrap_or("structured");
        Note::convention(match self.kind {
            Coordinates::Diagonal | Coordinates::DiagonalEntries => format!(
                "structured: {x} is declared {word}, and its derivatives are by its diagonal, {x} = diag({c}); the check moves the diagonal"
            ),
            Coordinates::Vech => format!(
                "structured: {x} is declared {word}, and its derivatives are by {c}, the entries on and below the diagonal column by column, each moving with its mirror image: vec({x}) = dup(n) {c} with the duplication matrix dup(n); the check moves {c}"
            ),
            Coordinates::SymmetricPart | Coordinates::SymmetricEntries => format!(
                "structured: {x} is declared {word}, and its gradient is the symmetric one, ds = ⟨∂s/∂{x}, d{x}⟩ for symmetric d{x}: the symmetric part G of the unconstrained one (in the steps {x} is the symmetric part of {c}); by single entries, x_ij moving with x_ji, it is 2 G - G ∘ I (Matrix Cookbook, section 2.8); the check moves {x} through symmetric matrices"
            ),
        })
    }
}
