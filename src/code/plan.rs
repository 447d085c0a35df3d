//! A program over typed arrays that belongs to no language yet: inputs, instructions in order, the value and the derivatives.

use super::plates::PlateOperation;
use crate::expr::{Axis, Constant, Elementwise, Range, Rational, Shape, Size};

/// An instruction, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub usize);

/// What a file computes. A vector has no direction here: a column and a row are the same list of numbers.
#[derive(Clone, Debug)]
pub struct CodePlan {
    /// The arrays it is given, in the order of the document.
    pub inputs: Vec<Argument>,
    /// The functions it is given.
    pub callables: Vec<Callable>,
    /// What is computed, each from those before it.
    pub instructions: Vec<Instruction>,
    /// What is differentiated, as the document calls it.
    pub of: String,
    /// Its value.
    pub value: Id,
    /// The derivatives.
    pub results: Vec<PlanResult>,
}

/// An array that is given.
#[derive(Clone, Debug)]
pub struct Argument {
    /// As it is called over whole arrays.
    pub name: String,
    /// As the document calls it: the family whose members are its rows, where it is called otherwise.
    pub document: String,
    /// Its shape in the document, of a family that of a member.
    pub shape: Shape,
    /// How many entries along each side.
    pub dims: Vec<Size>,
    /// Whether only its symmetric part may move.
    pub symmetric: bool,
}

/// A function nobody defines, or a derivative of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Callable {
    /// As the document calls it.
    pub function: String,
    /// What of it.
    pub part: CallablePart,
}

/// Which derivative of a function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CallablePart {
    /// f^(k) at every entry.
    Entrywise(u32),
    /// The value at an array.
    Value,
    /// ∇f.
    Gradient,
    /// J_f, over vec X.
    Jacobian,
    /// ∇²f, over vec X.
    Hessian,
    /// ∇²(wᵀf), the weights before the point.
    Weighted,
}

/// A derivative.
#[derive(Clone, Debug)]
pub struct PlanResult {
    /// The targets, as the document calls them.
    pub targets: Vec<String>,
    /// As a reader says it: `∂s/∂W = δ xᵀ`.
    pub formula: String,
    /// What it is.
    pub kind: OutputKind,
    /// Its value.
    pub value: Id,
}

/// What can be held against differences of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputKind {
    /// The gradient by an input, in its shape.
    Gradient(usize),
    /// The Jacobian by an input, over vec of it.
    Jacobian(usize),
    /// Anything else: by a definition or a stack, of a higher order, a product.
    Other,
}

/// One step of the computation.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// What is done.
    pub operation: Operation,
    /// How many entries along each side: none of a scalar, one of a vector, two of a matrix.
    pub dims: Vec<Size>,
    /// What the document, or the derivation, calls the result.
    pub name: Option<String>,
    /// As a reader says it.
    pub formula: Option<String>,
    /// Known without any array: made of numbers and sizes.
    pub fixed: bool,
}

/// A matrix as it stands, or transposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Turned {
    /// The matrix.
    pub id: Id,
    /// Whether its transpose is meant.
    pub transposed: bool,
}

/// How a matrix is factored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Factoring {
    /// L Lᵀ: it is positive definite.
    Cholesky,
    /// It is symmetric: L Lᵀ where it is definite, else P L U.
    Symmetric,
    /// P L U.
    Lu,
}

/// What is done. Unless it says otherwise an argument may have any number of sides.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// An array that is given.
    Input(usize),
    /// An exact number.
    Number(Rational),
    /// A size as a number.
    Size(Size),
    /// π or e.
    Constant(Constant),
    /// The identity.
    Eye,
    /// Column i of the identity, counted from 1.
    Unit(Size),
    /// Ones on and below the diagonal.
    Tril,
    /// K vec X = vec Xᵀ for X: n × m.
    Commutation(Size, Size),
    /// D vech X = vec X for symmetric X: n × n.
    Duplication(Size),
    /// The scalar at every entry.
    Fill(Id),
    /// The vector as every column (`Axis::Cols`) or as every row (`Axis::Rows`): only for what works entry by entry.
    Spread(Id, Axis),
    /// The same, written out.
    Repeat(Id, Axis),
    /// Σ ± terms, entry by entry; scalars and spread vectors count at every entry.
    Sum(Vec<(bool, Id)>),
    /// coefficient · Π factors / Π divisors, entry by entry.
    Product {
        /// A number.
        coefficient: Rational,
        /// What is above the line.
        factors: Vec<Id>,
        /// What is below it.
        divisors: Vec<Id>,
    },
    /// x^p with a fixed exponent, entry by entry.
    Power(Id, Rational),
    /// x^p with a scalar p, entry by entry.
    VariablePower(Id, Id),
    /// A function at every entry.
    Map(Elementwise, Id),
    /// The larger of two, entry by entry.
    Larger(Id, Id),
    /// A function nobody defines.
    Call(usize, Vec<Id>),
    /// uᵀ v.
    Dot(Id, Id),
    /// A v.
    MatVec(Turned, Id),
    /// A B.
    MatMul(Turned, Turned),
    /// u vᵀ.
    Outer(Id, Id),
    /// Σ A ∘ B of two matrices.
    Inner(Id, Id),
    /// The diagonal of A Bᵀ: Σ_k A_ik B_ik.
    RowDots(Turned, Turned),
    /// The sum of all entries, of every row, of every column.
    Total(Id, Axis),
    /// The largest of all entries, of every row, of every column.
    Largest(Id, Axis),
    /// The product of all entries, of every row, of every column.
    Prod(Id, Axis),
    /// At every place the product of all other entries.
    ProdOthers(Id, Axis),
    /// Running sums of a vector, or down every column.
    CumSum(Id),
    /// Aᵀ.
    Transpose(Id),
    /// tr A.
    Trace(Id),
    /// The diagonal of a matrix.
    DiagonalOf(Id),
    /// The matrix with this diagonal.
    Diagonal(Id),
    /// A matrix to whose diagonal a vector or a scalar is added.
    AddDiagonal(Id, Id),
    /// A vector or a scalar as a matrix of one column (`Axis::Cols`) or of one row.
    AsMatrix(Id, Axis),
    /// A matrix with a side of 1 as a vector, one of 1 × 1 as a scalar.
    Flat(Id),
    /// The columns below each other.
    Vec(Id),
    /// The same back.
    Unvec(Id),
    /// Blocks row by row, all of them matrices, so many across.
    Block(Vec<Id>, usize),
    /// Vectors one after the other.
    Concatenate(Vec<Id>),
    /// Some rows and some columns of a matrix; a range of one place is that place where the result has fewer sides.
    Slice(Id, Range, Range),
    /// Some entries of a vector.
    Part(Id, Range),
    /// A ⊗ B of matrices.
    Kron(Id, Id),
    /// A^k of a square matrix, k > 1.
    MatrixPower(Id, u64),
    /// What solves with a matrix; it is no array.
    Factor(Factoring, Id),
    /// A⁻¹ b, or A⁻ᵀ b, by the factors of A.
    Solve(Turned, Id),
    /// A⁻¹ by its factors.
    Inverse(Id),
    /// log |det A| by its factors.
    LogAbsDet(Id),
    /// The sign of det A by its factors.
    DetSign(Id),
    /// det A by its factors.
    Det(Id),
    /// Something at every place of a plate.
    Plate(PlateOperation),
}

impl Operation {
    /// What it is made of.
    pub fn arguments(&self) -> Vec<Id> {
        match self {
            Operation::Input(_)
            | Operation::Number(_)
            | Operation::Size(_)
            | Operation::Constant(_)
            | Operation::Eye
            | Operation::Unit(_)
            | Operation::Tril
            | Operation::Commutation(..)
            | Operation::Duplication(_) => vec![],
            Operation::Fill(a)
            | Operation::Spread(a, _)
            | Operation::Repeat(a, _)
            | Operation::Power(a, _)
            | Operation::Map(_, a)
            | Operation::Total(a, _)
            | Operation::Largest(a, _)
            | Operation::Prod(a, _)
            | Operation::ProdOthers(a, _)
            | Operation::CumSum(a)
            | Operation::Transpose(a)
            | Operation::Trace(a)
            | Operation::DiagonalOf(a)
            | Operation::Diagonal(a)
            | Operation::AsMatrix(a, _)
            | Operation::Flat(a)
            | Operation::Vec(a)
            | Operation::Unvec(a)
            | Operation::Slice(a, ..)
            | Operation::Part(a, _)
            | Operation::MatrixPower(a, _)
            | Operation::Factor(_, a)
            | Operation::Inverse(a)
            | Operation::LogAbsDet(a)
            | Operation::DetSign(a)
            | Operation::Det(a) => vec![*a],
            Operation::VariablePower(a, b)
            | Operation::AddDiagonal(a, b)
            | Operation::Larger(a, b)
            | Operation::Dot(a, b)
            | Operation::Outer(a, b)
            | Operation::Inner(a, b)
            | Operation::Kron(a, b) => vec![*a, *b],
            Operation::MatVec(a, b) | Operation::Solve(a, b) => vec![a.id, *b],
            Operation::MatMul(a, b) | Operation::RowDots(a, b) => vec![a.id, b.id],
            Operation::Sum(terms) => terms.iter().map(|(_, a)| *a).collect(),
            Operation::Product { factors, divisors, .. } => factors.iter().chain(divisors).copied().collect(),
            Operation::Plate(operation) => operation.arguments(),
            Operation::Call(_, args) | Operation::Block(args, _) | Operation::Concatenate(args) => args.clone(),
        }
    }
}

impl CodePlan {
    /// Whether arrays have more sides than rows and columns.
    pub fn has_plates(&self) -> bool {
        self.instructions.iter().any(|i| matches!(i.operation, Operation::Plate(_)))
    }

    /// The instruction of this number.
    pub fn at(&self, id: Id) -> &Instruction {
        &self.instructions[id.0]
    }

    /// What these need, in order.
    pub fn needed(&self, roots: impl IntoIterator<Item = Id>) -> Vec<Id> {
        let mut needed = vec![false; self.instructions.len()];
        let mut open: Vec<Id> = roots.into_iter().collect();
        while let Some(id) = open.pop() {
            if !std::mem::replace(&mut needed[id.0], true) {
                open.extend(self.at(id).operation.arguments());
            }
        }
        (0..needed.len()).filter(|i| needed[*i]).map(Id).collect()
    }
}
