//! Operations on plates as NumPy, JAX and PyTorch spell them: indices are the leading axes of arrays.

use super::dialect::{Spelled, Texts, Tightness};
use super::plan::Id;
use super::plates::{PerPlace, PlateOperation};
use super::python::{Body, PythonWriter};
use crate::diag::Error;
use crate::expr::{Axis, Comparator, Gathering, Range, Size};

impl PythonWriter<'_> {
    /// One operation. Places are whole numbers of NumPy in every library: they hang on sizes alone.
    pub(super) fn on_plate(&self, operation: &PlateOperation, texts: &Texts, body: &Body) -> Result<Spelled, Error> {
        let Texts { atoms: x, plain: a, shape, .. } = texts;
        let (m, like) = (self.dialect.module(), self.dialect.like().1);
        let atom = |text: String| Ok((text, Tightness::Atom));
        match operation {
            PlateOperation::Letter(index, behind) => {
                let (first, end) = (self.size(&index.first).0, self.size(&index.last.plus(&Size::one())).0);
                let behind =
                    if *behind == 0 { String::new() } else { format!(".reshape(-1{})", ", 1".repeat(*behind)) };
                atom(format!("np.arange({first}, {end}){behind}"))
            }
            PlateOperation::Place(terms, offset) => self.place(terms, offset, body),
            PlateOperation::Number(_) => {
                let array = if m == "torch" { "torch.as_tensor" } else { "np.asarray" };
                atom(format!("{array}({}, {like})[..., None, None]", a[0]))
            }
            PlateOperation::Member(..) => Ok(self.call("_member", a)),
            PlateOperation::Entry(..) => Ok(self.call("_entry", a)),
            PlateOperation::Conditions(all) => {
                let one = |(l, by, r): &(Id, Comparator, Id)| {
                    let sign = match by {
                        Comparator::Equal => "==",
                        Comparator::Different => "!=",
                        Comparator::Less => "<",
                        Comparator::AtMost => "<=",
                    };
                    let side = |id: &Id| self.text(*id, body, Tightness::Sum);
                    Ok(format!("{} {sign} {}", side(l)?, side(r)?))
                };
                let all = all.iter().map(one).collect::<Result<Vec<_>, Error>>()?;
                Ok((
                    if let [one] = all.as_slice() { one.clone() } else { format!("({})", all.join(") & (")) },
                    Tightness::Sum,
                ))
            }
            PlateOperation::Gathered(by, _, over, when) => {
                let by = match by {
                    Gathering::Sum => "\"sum\"",
                    Gathering::Product => "\"prod\"",
                    Gathering::Maximum => "\"max\"",
                    Gathering::Minimum => "\"min\"",
                    Gathering::Mean | Gathering::Expectation => "\"mean\"",
                };
                let mut args = vec![a[0].clone(), by.to_owned(), self.shape(over)];
                args.extend(when.map(|_| a[1].clone()));
                Ok(self.call("_gather", &args))
            }
            PlateOperation::Stacked(_, over) => Ok(self.call("_stack", &[a[0].clone(), self.shape(over)])),
            // what has no sides may be a number of Python's
            PlateOperation::Shaped(of) if self.plan().at(*of).dims.is_empty() => {
                let array = if m == "torch" { "as_tensor" } else { "asarray" };
                atom(format!("{m}.{array}({}, {like}).reshape({})", a[0], sides(shape)))
            }
            PlateOperation::Shaped(_) => atom(format!("{}.reshape({})", x[0], sides(shape))),
            PlateOperation::Permuted(_, axes) => {
                let permute = if m == "torch" { "permute" } else { "transpose" };
                atom(format!("{m}.{permute}({}, {axes:?})", a[0]))
            }
            PlateOperation::Raised(_, by) => atom(format!("{}[...{}, :, :]", x[0], ", None".repeat(*by))),
            PlateOperation::Spread(_) => atom(format!("{m}.broadcast_to({}, {shape})", a[0])),
            PlateOperation::Product(..) => Ok((format!("{} @ {}", x[0], x[1]), Tightness::Product)),
            PlateOperation::Kron(..) => Ok(self.call("_kron", a)),
            PlateOperation::Each(what, _) => self.each(what, texts),
        }
    }

    fn place(&self, terms: &[(i64, Id)], offset: &Size, body: &Body) -> Result<Spelled, Error> {
        let mut text = String::new();
        for (times, id) in terms {
            let letter = self.text(*id, body, Tightness::Sign)?;
            text += match (text.is_empty(), *times < 0) {
                (true, false) => "",
                (true, true) => "-",
                (false, false) => " + ",
                (false, true) => " - ",
            };
            text += &if times.abs() == 1 { letter } else { format!("{} * {letter}", times.abs()) };
        }
        let (added, level) = self.size(offset);
        if text.is_empty() {
            return Ok((added, level));
        }
        match added.strip_prefix('-').filter(|_| !added.contains(' ')) {
            _ if added == "0" && terms.len() == 1 && terms[0].0 == 1 => Ok((text, Tightness::Atom)),
            _ if added == "0" => Ok((text, Tightness::Sum)),
            Some(less) => Ok((format!("{text} - {less}"), Tightness::Sum)),
            None => Ok((format!("{text} + {added}"), Tightness::Sum)),
        }
    }

    /// A function of the matrix at every place.
    fn each(&self, what: &PerPlace, texts: &Texts) -> Result<Spelled, Error> {
        let Texts { atoms: x, plain: a, dims, .. } = texts;
        let (m, like) = (self.dialect.module(), self.dialect.like().1);
        let atom = |text: String| Ok((text, Tightness::Atom));
        let last = |axis: &Axis| match axis {
            Axis::All => "(-2, -1)",
            Axis::Rows => "-1",
            Axis::Cols => "-2",
        };
        let torch = m == "torch";
        match what {
            PerPlace::Transpose => atom(format!("{m}.swapaxes({}, -1, -2)", a[0])),
            PerPlace::Inverse => atom(format!("{m}.linalg.inv({})", a[0])),
            PerPlace::LogAbsDet => atom(format!("{m}.linalg.slogdet({})[1][..., None, None]", a[0])),
            PerPlace::Det => atom(format!("{m}.linalg.det({})[..., None, None]", a[0])),
            PerPlace::Trace => atom(format!("{m}.einsum(\"...ii->...\", {})[..., None, None]", a[0])),
            PerPlace::DiagonalOf => atom(format!("{m}.einsum(\"...ii->...i\", {})[..., None]", a[0])),
            PerPlace::Diagonal => {
                let side = &dims[dims.len() - 1];
                Ok((format!("{} * {m}.eye({side}, {like})", x[0]), Tightness::Product))
            }
            PerPlace::Vec => Ok(self.call("_vec", a)),
            PerPlace::Unvec => {
                let [.., rows, cols] = dims.as_slice() else { return atom(x[0].clone()) };
                Ok(self.call("_unvec", &[a[0].clone(), rows.clone(), cols.clone()]))
            }
            PerPlace::Sum(axis) => atom(format!("{}.sum({}, keepdims=True)", x[0], last(axis))),
            PerPlace::Largest(axis) => {
                let name = if torch { "amax" } else { "max" };
                atom(format!("{}.{name}({}, keepdims=True)", x[0], last(axis)))
            }
            PerPlace::Product(Axis::All) if torch => {
                atom(format!("{}.prod(-1, keepdim=True).prod(-2, keepdim=True)", x[0]))
            }
            PerPlace::Product(axis) => atom(format!("{}.prod({}, keepdims=True)", x[0], last(axis))),
            PerPlace::ProdOthers(Axis::All) => Ok(self.call("_prod_others_of_all", a)),
            PerPlace::ProdOthers(axis) => Ok(self.call("_prod_others", &[a[0].clone(), last(axis).to_owned()])),
            PerPlace::CumSum => atom(format!("{m}.cumsum({}, -2)", a[0])),
            PerPlace::Power(k) => atom(format!("{m}.linalg.matrix_power({}, {k})", a[0])),
            PerPlace::Slice(rows, cols) => {
                atom(format!("{}[..., {}, {}]", x[0], self.places_of(rows), self.places_of(cols)))
            }
        }
    }

    fn places_of(&self, range: &Range) -> String {
        format!("{}:{}", self.size(&range.first.minus(&Size::one())).0, self.size(&range.last).0)
    }
}

/// `(n, d)` as arguments.
fn sides(shape: &str) -> &str {
    let inner = shape.trim_start_matches('(').trim_end_matches(')').trim_end_matches(',');
    if inner.is_empty() { "()" } else { inner }
}

/// What is gathered over a plate, in NumPy and JAX.
macro_rules! gather {
    ($m:literal) => {
        concat!(
            r#"
def _gather(x, by, over, where=None):
    """The sum, mean, product or extreme over the last axes of the plate, so long each, where the condition holds."""
    plate = np.broadcast_shapes(x.shape[:-2], over, np.shape(True if where is None else where))
    x = "#,
            $m,
            r#".broadcast_to(x, plate + x.shape[-2:])
    if where is not None:
        nothing = {"sum": 0, "mean": 0, "prod": 1, "max": -np.inf, "min": np.inf}[by]
        x = "#,
            $m,
            r#".where(np.asarray(where)[..., None, None], x, nothing)
    axes = tuple(range(-2 - len(over), -2))
    if by != "mean":
        return getattr(x, by)(axes)
    held = np.broadcast_to(True if where is None else where, plate)
    return x.sum(axes) / held.sum(tuple(k + 2 for k in axes))[..., None, None].astype(x.dtype)
"#
        )
    };
}

/// The helpers, for a library whose functions are called as NumPy's are.
macro_rules! helpers {
    ($m:literal, $gather:expr) => {
        &[
            ("_gather", $gather),
            (
                "_member",
                r#"
def _member(family, *at):
    """The members at these places, counted from 0; where there is none, some other: no condition holds there."""
    return family[tuple(np.clip(i, 0, n - 1) for i, n in zip(at, family.shape))]
"#,
            ),
            (
                "_entry",
                concat!(
                    r#"
def _entry(x, i, j):
    """The entry in row i and column j, counted from 0, at every place."""
    plate = np.broadcast_shapes(x.shape[:-2], np.shape(i), np.shape(j))
    at = np.ix_(*(np.arange(n) for n in plate))
    i, j = (np.clip(k, 0, n - 1) for k, n in zip((i, j), x.shape[-2:]))
    return "#,
                    $m,
                    r#".broadcast_to(x, plate + x.shape[-2:])[(*at, i, j)][..., None, None]
"#
                ),
            ),
            (
                "_stack",
                concat!(
                    r#"
def _stack(x, over):
    """The last axes of the plate as the sides of what stands at a place."""
    plate = np.broadcast_shapes(x.shape[:-2], over)
    return "#,
                    $m,
                    r#".broadcast_to(x, plate + x.shape[-2:])[(..., *(0 for _ in over))]
"#
                ),
            ),
            (
                "_vec",
                concat!(
                    r#"
def _vec(x):
    """The columns below each other, at every place."""
    return "#,
                    $m,
                    r#".swapaxes(x, -1, -2).reshape(*x.shape[:-2], -1, 1)
"#
                ),
            ),
            (
                "_unvec",
                concat!(
                    r#"
def _unvec(x, rows, cols):
    """A column as a matrix, at every place."""
    return "#,
                    $m,
                    r#".swapaxes(x.reshape(*x.shape[:-2], cols, rows), -1, -2)
"#
                ),
            ),
            (
                "_kron",
                r#"
def _kron(a, b):
    """The Kronecker product at every place."""
    blocks = a[..., :, None, :, None] * b[..., None, :, None, :]
    *plate, n, p, m, q = blocks.shape
    return blocks.reshape(*plate, n * p, m * q)
"#,
            ),
            (
                "_prod_others_of_all",
                r#"
def _prod_others_of_all(x):
    """At every entry the product of all others at its place."""
    return _prod_others(x.reshape(*x.shape[:-2], -1, 1), -2).reshape(x.shape)
"#,
            ),
        ]
    };
}

/// Those of NumPy.
pub const NUMPY: &[(&str, &str)] = helpers!("np", gather!("np"));
/// Those of JAX.
pub const JAX: &[(&str, &str)] = helpers!("jnp", gather!("jnp"));
/// Those of PyTorch.
pub const TORCH: &[(&str, &str)] = helpers!("torch", TORCH_GATHER);

/// The same in PyTorch.
const TORCH_GATHER: &str = r#"
def _gather(x, by, over, where=None):
    """The sum, mean, product or extreme over the last axes of the plate, so long each, where the condition holds."""
    held = np.asarray(True if where is None else where)
    plate = np.broadcast_shapes(x.shape[:-2], over, held.shape)
    held = torch.as_tensor(np.broadcast_to(held, plate).copy(), device=x.device)[..., None, None]
    x = torch.broadcast_to(x, plate + x.shape[-2:])
    nothing = {"sum": 0.0, "mean": 0.0, "prod": 1.0, "max": -np.inf, "min": np.inf}[by]
    x = torch.where(held, x, torch.as_tensor(nothing, dtype=x.dtype, device=x.device))
    axes = tuple(range(-2 - len(over), -2))
    if not axes:
        return x
    if by == "prod":
        return x.reshape(*plate[: len(plate) - len(over)], -1, *x.shape[-2:]).prod(-3)
    if by in ("max", "min"):
        return getattr(x, "a" + by)(axes)
    return x.sum(axes) / held.sum(axes) if by == "mean" else x.sum(axes)
"#;
