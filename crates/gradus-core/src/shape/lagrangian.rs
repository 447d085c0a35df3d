//! The Lagrangian of an objective and its constraints: L = f + Σ multiplierᵀ (left − right).

use super::document::{Given, elaborate_given};
use crate::diag::{Error, Errors, Kind, Note};
use crate::expr::{Builtin, Expr, Name, Shape, Symbol, add, builtin, had, mul, transpose, variable};
use crate::program::{Definition, Input, Program};
use crate::syntax::{Ast, Constraint, Document, Sign, Statement, Syntax};
use std::collections::BTreeSet;

/// A program whose value is a Lagrangian.
#[derive(Clone, Debug)]
pub struct Lagrangian {
    /// With the multipliers among its inputs.
    pub program: Program,
    /// What is sought, where the text says it, and the multipliers; every variable when empty.
    pub targets: Vec<Name>,
}

/// A constraint as g = 0 or g ≤ 0.
struct Oriented<'a> {
    constraint: &'a Constraint,
    equality: bool,
    /// g: left − right, or right − left.
    value: Ast,
}

/// Reads a document with constraints as its Lagrangian. With ≤ and ≥ each term is such that its multiplier is not negative:
/// g ≤ 0 adds μᵀ g where the objective is minimised, and takes it away where it is maximised.
///
/// # Errors
/// `Usage` where there is no constraint, `Unsupported` for constraints that are no equations or inequalities, `Shape` for an
/// objective that is no scalar; and those of elaboration.
pub fn elaborate_lagrangian(document: &Document, given: &Given) -> Result<Lagrangian, Errors> {
    if document.constraints.is_empty() {
        let error = Error::new(Kind::Usage, "there are no constraints to take into a Lagrangian");
        return Err(vec![error.help("write them after the objective: s.t. A x = b, x >= 0")]);
    }
    let maximised = document.optimum.as_ref().is_some_and(|o| o.maximised);
    let oriented = document.constraints.iter().map(|c| oriented(c, maximised).map_err(|e| vec![e]));
    let oriented = oriented.collect::<Result<Vec<_>, Errors>>()?;
    let mut extended = document.clone();
    let names: Vec<Name> = (1..=oriented.len()).map(|i| Name::new(&format!("⟨{i}⟩"))).collect();
    for (name, one) in names.iter().zip(&oriented) {
        let (name, name_span, value) = (name.clone(), one.constraint.span, one.value.clone());
        extended.asides.push(name.clone());
        extended.statements.push(Statement::Definition { name, name_span, value });
    }
    let program = elaborate_given(&extended, given)?;
    let mut former = Former { taken: program.names(), program, terms: vec![], multipliers: vec![], notes: vec![] };
    let counts = |equality: bool| oriented.iter().filter(|o| o.equality == equality).count();
    let several = [counts(false) > 1, counts(true) > 1];
    for (name, one) in names.iter().zip(&oriented) {
        former.constrain(&name.into(), one, several[usize::from(one.equality)]);
    }
    former.finish(document).map_err(|e| vec![e])
}

fn oriented(constraint: &Constraint, maximised: bool) -> Result<Oriented<'_>, Error> {
    let refused = |message: String, help: &str| {
        Err(Error::new(Kind::Unsupported, message).at(constraint.span, "this constraint").help(help))
    };
    let Some((left, sign, right)) = &constraint.sides else {
        return refused(
            format!("the constraint {} is neither one equation nor one inequality", constraint.text),
            "a Lagrangian takes left = right, left <= right and left >= right",
        );
    };
    let less = match *sign {
        "=" | "≤" => true,
        "≥" => false,
        sign => {
            return refused(
                format!("a constraint with {sign} has no multiplier here"),
                "a Lagrangian takes =, <= and >=; leave the constraint out, or write it as one of these",
            );
        }
    };
    let equality = *sign == "=";
    // a maximum of f is a minimum of −f
    let (first, second) = if less != (maximised && !equality) { (left, right) } else { (right, left) };
    let terms = vec![(Sign::Plus, first.clone()), (Sign::Minus, second.clone())];
    let value = Ast::new(Syntax::Sum(terms), constraint.span);
    Ok(Oriented { constraint, equality, value })
}

struct Former {
    program: Program,
    taken: BTreeSet<Name>,
    terms: Vec<Expr>,
    multipliers: Vec<Name>,
    notes: Vec<Note>,
}

impl Former {
    /// Takes a constraint out of the definitions, and adds its term.
    fn constrain(&mut self, symbol: &Symbol, one: &Oriented, several: bool) {
        let Some(place) = self.program.definitions.iter().position(|d| d.name == *symbol) else { return };
        let g = self.program.definitions.remove(place).value;
        let flat = g.shape().rows.is_one() || g.shape().cols.is_one();
        let letter = match (one.equality, flat) {
            (true, true) => "λ",
            (false, true) => "μ",
            (true, false) => "Λ",
            (false, false) => "Γ",
        };
        let name = self.fresh(letter, several);
        let multiplier = self.multiplier(&name, g.shape(), one);
        self.terms.push(paired(multiplier, g));
        if !one.equality {
            self.notes.push(Note::convention(format!("{name} ≥ 0 for {}", one.constraint.text)));
        }
        self.multipliers.push(name);
    }

    fn multiplier(&mut self, name: &Name, shape: &Shape, one: &Oriented) -> Expr {
        let (attributes, span) = (vec![], one.constraint.span);
        self.program.inputs.push(Input { name: name.into(), shape: shape.clone(), attributes, declared: true, span });
        variable(name, shape)
    }

    /// The letter itself, or with the next number when there are several or it is taken.
    fn fresh(&mut self, letter: &str, several: bool) -> Name {
        let numbered = (1..).map(|i| Name::new(&format!("{letter}_{i}")));
        let plain = (!several).then(|| Name::new(letter));
        let name =
            plain.into_iter().chain(numbered).find(|n| !self.taken.contains(n)).unwrap_or_else(|| Name::new(letter));
        self.taken.insert(name.clone());
        name
    }

    fn finish(mut self, document: &Document) -> Result<Lagrangian, Error> {
        let main = self.program.main.clone();
        let objective = main.as_ref().and_then(|m| self.program.definition(m)).cloned();
        let Some(objective) = objective else {
            return Err(Error::new(Kind::Usage, "there is no objective beside the constraints"));
        };
        if !objective.value.is_scalar() {
            let shape = objective.value.shape();
            let message = format!("the objective of a Lagrangian is a scalar, and this is {shape}");
            return Err(Error::new(Kind::Shape, message).at(objective.span, "the objective"));
        }
        let name = self.fresh("L", false);
        let bare = objective.name == Symbol::Bare;
        let first = if bare { objective.value.clone() } else { variable(&objective.name, objective.value.shape()) };
        if bare {
            self.program.definitions.retain(|d| d.name != Symbol::Bare);
        }
        let terms = [self.written(&first), self.terms.clone()].concat();
        let value = add(terms.clone());
        self.program.orders.push((value.clone(), terms));
        self.program.definitions.push(Definition { name: (&name).into(), value, written: None, span: objective.span });
        self.program.main = Some((&name).into());
        self.program.reading.head = None;
        self.program.notes.retain(|note| {
            !document.constraints.iter().any(|c| note.message.starts_with(&format!("the constraint {} ", c.text)))
        });
        self.program.notes.append(&mut self.notes);
        let sought = document.optimum.iter().flat_map(|o| &o.over).cloned().collect::<Vec<_>>();
        let known = !sought.is_empty() && sought.iter().all(|n| self.program.input(&n.into()).is_some());
        let targets = if known { [sought, self.multipliers].concat() } else { vec![] };
        Ok(Lagrangian { program: self.program, targets })
    }

    /// The terms of a sum in the author's order.
    fn written(&self, e: &Expr) -> Vec<Expr> {
        let order = self.program.orders.iter().find(|(sum, _)| sum == e && *e.op() == crate::expr::Op::Add);
        order.map_or_else(|| vec![e.clone()], |(_, terms)| terms.clone())
    }
}

/// λ g, λᵀ g, tr(Λᵀ G).
fn paired(multiplier: Expr, g: Expr) -> Expr {
    match (g.shape().rows.is_one(), g.shape().cols.is_one()) {
        (true, true) => had(vec![multiplier, g]),
        (false, true) => mul(vec![transpose(multiplier), g]),
        (true, false) => mul(vec![multiplier, transpose(g)]),
        (false, false) => builtin(Builtin::Trace, mul(vec![transpose(multiplier), g])),
    }
}
