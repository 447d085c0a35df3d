//! Functions of whole arrays that nobody defines, f: ℝⁿ → ℝ and c: ℝⁿ → ℝᵐ, and their derivatives ∇f, J_c, ∇²f.

use super::{Name, Shape, Size};

/// What a function of an array takes and gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Space {
    /// The shape of its argument.
    pub domain: Shape,
    /// How many entries its value has; 1 of a scalar.
    pub codomain: Size,
}

/// As it is declared: `R^n -> R`.
impl std::fmt::Display for Space {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let power = |size: &Size| match (size.is_one(), size.as_name().is_some() || size.as_constant().is_some()) {
            (true, _) => "R".to_owned(),
            (false, true) => format!("R^{size}"),
            (false, false) => format!("R^({size})"),
        };
        let domain = match self.domain.cols.is_one() {
            true => power(&self.domain.rows),
            false => format!("R^({} x {})", self.domain.rows, self.domain.cols),
        };
        write!(f, "{domain} -> {}", power(&self.codomain))
    }
}

/// f: ℝⁿ → ℝᵐ or one of its derivatives, of one argument (of two: the weights and the point).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArrayFunction {
    /// Which function.
    pub name: Name,
    /// How many entries its value has; 1 of a scalar.
    pub codomain: Size,
    /// Which derivative; the value itself when `None`.
    pub slope: Option<Slope>,
}

/// The derivatives of functions of arrays that have a name. X has N entries, n × m.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slope {
    /// ∇f(X) of a scalar f: n × m.
    Gradient,
    /// `J_c(X)`: of the codomain's size × N, over vec X.
    Jacobian,
    /// ∇²f(X) of a scalar f: N × N, over vec X.
    Hessian,
    /// ∇²(wᵀ c)(X) = Σ wᵢ ∇²cᵢ(X): N × N; the weights w, which are held, stand before X.
    Weighted,
}

impl Slope {
    /// Whether it is a matrix of second derivatives, which is symmetric.
    pub fn is_second(self) -> bool {
        matches!(self, Slope::Hessian | Slope::Weighted)
    }

    /// How many arguments it has.
    pub fn arity(self) -> usize {
        if self == Slope::Weighted { 2 } else { 1 }
    }
}

impl ArrayFunction {
    /// Whether it is a matrix of second derivatives, which is symmetric.
    pub fn is_second(&self) -> bool {
        self.slope.is_some_and(Slope::is_second)
    }

    /// The shape of its value; `None` when the arguments do not fit.
    pub(super) fn shape_of(&self, args: &[Shape]) -> Option<Shape> {
        let point = args.last()?;
        let (count, values) = (point.count(), Shape::vector(self.codomain.clone()));
        let weighted = self.slope == Some(Slope::Weighted);
        let fits = if weighted { args.len() == 2 && args[0] == values } else { args.len() == 1 };
        fits.then(|| match self.slope {
            None => values,
            Some(Slope::Gradient) => point.clone(),
            Some(Slope::Jacobian) => Shape::new(self.codomain.clone(), count),
            Some(Slope::Hessian | Slope::Weighted) => Shape::new(count.clone(), count),
        })
    }
}

/// As a message would call it: `f`, `∇f`, `J_c`, `∇²f`.
impl std::fmt::Display for ArrayFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mark = match self.slope {
            None => "",
            Some(Slope::Gradient) => "∇",
            Some(Slope::Jacobian) => "J_",
            Some(Slope::Hessian | Slope::Weighted) => "∇²",
        };
        write!(f, "{mark}{}", self.name)
    }
}
