//! Draws well-typed documents. Every document is about one operator of the table, turn by turn, so that none is rare.

use super::elementwise::{ARITHMETIC, ELEMENTWISE, calls};
use super::matrices::{BLOCKS, CONSTANTS, LAYERS, PRODUCTS, REDUCTIONS};
use super::node::{Document, Node, Variable};
use super::operator::{Need, Operator, any_matrix, any_square, dim};
use super::shape::{Dim, ONE, Shape};
use gradus::internals::eval::Random;

/// Every operator.
pub fn operators() -> impl Iterator<Item = &'static Operator> {
    [ELEMENTWISE, ARITHMETIC, PRODUCTS, REDUCTIONS, LAYERS, CONSTANTS, BLOCKS].into_iter().flatten()
}

const MATRICES: &[&str] = &["A", "B", "C", "M", "P", "Q", "S", "V", "W", "X", "Y", "Z", "W_1", "W_2"];
const COLUMNS: &[&str] = &["a", "b", "c", "p", "q", "u", "v", "w", "x", "y", "z", "x_1", "x_2", "y_hat"];
const SCALARS: &[&str] = &["α", "β", "γ", "δ", "κ", "λ", "μ", "ρ", "τ", "θ_1"];
/// Names of definitions; some of them are names gradus itself would like to give.
const DEFINED: &[&str] = &["h", "r", "z_1", "h_2", "o", "δ_z"];

/// Document number `index`.
pub fn document(index: u64) -> Document {
    let all: Vec<&'static Operator> = operators().collect();
    let focus = all[index as usize % all.len()];
    let mut draw = Draw::new(index);
    draw.run(focus);
    draw.document
}

struct Draw {
    random: Random,
    document: Document,
    /// A node that has to be used: the document is about it.
    pending: Option<Node>,
    /// In the body of g(t).
    in_body: bool,
}

impl Draw {
    fn new(index: u64) -> Draw {
        let mut random = Random::new(index.wrapping_mul(0x9e37_79b9).wrapping_add(1));
        let declared = random.below(5) > 0;
        let document = Document { declared, ..Document::default() };
        Draw { random, document, pending: None, in_body: false }
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.random.below(100) < percent
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.random.below(of.len())]
    }

    fn word(&mut self, of: &[&'static str]) -> &'static str {
        of[self.random.below(of.len())]
    }

    fn run(&mut self, focus: &'static Operator) {
        for _ in 0..self.random.below(3) {
            let shape = self.shape();
            let depth = 1 + self.random.below(2);
            let value = self.any(&shape, depth);
            self.define(value);
        }
        let about = self.about(focus);
        if self.chance(30) {
            let value = self.define(about);
            self.pending = Some(value);
        } else {
            self.pending = Some(about);
        }
        let main = self.main();
        self.document.definitions.push(("s".to_owned(), main));
        self.complete();
    }

    /// Declares what inference could not know, and chooses targets.
    fn complete(&mut self) {
        let operators = self.document.operators();
        let sized = |o: &&Operator| o.spellings.iter().any(|s| s.contains(['r', 'c', 'R', 'D']) && s.contains('$'));
        let names_sizes = operators.iter().any(|o| sized(&&**o) || o.name == "size as a number");
        let nodes = self.document.definitions.iter().flat_map(|(_, value)| value.nodes());
        let composed = nodes.into_iter().any(|n| !n.shape().is_simple());
        if names_sizes || composed || self.document.variables.iter().any(|v| v.shape.is_row()) {
            self.document.declared = true;
        }
        if operators.iter().any(|o| o.name == "size as a number") {
            self.document.sizes = true;
        }
        let reached = self.document.reached();
        let used = |v: &&Variable| reached.contains(&v.name) && v.attributes != "constant";
        let free: Vec<String> = self.document.variables.iter().filter(used).map(|v| v.name.clone()).collect();
        if free.is_empty() {
            let extra = self.fresh(&Shape::scalar(), "");
            let (_, main) = self.document.definitions.last_mut().expect("the main definition");
            let scale = operators_named("scale");
            let shape = main.shape().clone();
            *main =
                Node::Apply { operator: scale, spelling: scale.spellings[1], args: vec![extra, main.clone()], shape };
        } else if self.chance(15) {
            self.document.wrt = vec![self.pick(&free).clone()];
        }
        self.aim_at_definition();
    }

    /// Sometimes the target is an intermediate.
    fn aim_at_definition(&mut self) {
        if self.document.wrt.is_empty() && self.document.definitions.len() > 1 && self.chance(15) {
            let name = self.document.definitions[self.document.definitions.len() - 2].0.clone();
            if self.document.reached().contains(&name) {
                self.document.wrt = vec![name];
            }
        }
    }

    /// A node of this operator, of a shape it can have.
    fn about(&mut self, focus: &'static Operator) -> Node {
        for _ in 0..500 {
            let shape = if self.chance(70) { self.shape() } else { self.odd_shape() };
            if let Some(arguments) = (focus.arguments)(&mut self.random, &shape) {
                let depth = self.random.below(3);
                return self.apply(focus, &shape, arguments, depth);
            }
        }
        panic!("no shape for {}", focus.name);
    }

    fn apply(
        &mut self,
        operator: &'static Operator,
        shape: &Shape,
        arguments: Vec<(Shape, Need)>,
        depth: usize,
    ) -> Node {
        if calls(operator, "g") && self.document.body.is_none() {
            self.document.body = Some(self.body());
        }
        let args = arguments.iter().map(|(s, need)| self.of(s, *need, depth)).collect();
        let spelling = self.word(operator.spellings);
        Node::Apply { operator, spelling, args, shape: shape.clone() }
    }

    /// The body of g(t), in which t occurs.
    fn body(&mut self) -> Node {
        self.in_body = true;
        let mut body = self.any(&Shape::scalar(), 2);
        while !body.mentions("t") {
            body = self.any(&Shape::scalar(), 3);
        }
        self.in_body = false;
        body
    }

    /// A definition of its own, as the name that stands for it.
    fn define(&mut self, value: Node) -> Node {
        let name = DEFINED[self.document.definitions.len() % DEFINED.len()].to_owned();
        let shape = value.shape().clone();
        self.document.definitions.push((name.clone(), value));
        Node::Name(name, shape)
    }

    /// The last definition: mostly a scalar, with the pending node in it.
    fn main(&mut self) -> Node {
        let pending = self.pending.take().expect("what the document is about");
        if self.chance(20) {
            return pending;
        }
        let shape = pending.shape().clone();
        let about = if self.chance(30) { self.combined(pending, &shape) } else { pending };
        let scalar = self.reduced(about);
        if self.chance(30) { self.combined(scalar, &Shape::scalar()) } else { scalar }
    }

    /// With something else of its shape.
    fn combined(&mut self, node: Node, shape: &Shape) -> Node {
        let name = self.word(&["sum of terms", "difference", "Hadamard product", "scale by one"]);
        let other = self.any(shape, 1);
        if name == "scale by one" && !shape.is_scalar() {
            let scalar = self.any(&Shape::scalar(), 1);
            return self.spelled(operators_named("scale"), vec![scalar, node], shape);
        }
        let name = if name == "scale by one" { "Hadamard product" } else { name };
        self.spelled(operators_named(name), vec![node, other], shape)
    }

    fn spelled(&mut self, operator: &'static Operator, args: Vec<Node>, shape: &Shape) -> Node {
        let spelling = self.word(operator.spellings);
        Node::Apply { operator, spelling, args, shape: shape.clone() }
    }

    fn reduced(&mut self, node: Node) -> Node {
        let scalar = Shape::scalar();
        let shape = node.shape().clone();
        if shape.is_scalar() {
            return node;
        }
        match self.random.below(5) {
            0 => self.spelled(operators_named("sum"), vec![node], &scalar),
            1 if shape.is_column() => self.spelled(operators_named("squared norm"), vec![node], &scalar),
            1 if shape.is_matrix() => self.spelled(operators_named("squared Frobenius norm"), vec![node], &scalar),
            2 if shape.is_square() => self.spelled(operators_named("trace"), vec![node], &scalar),
            2 if !shape.is_row() => self.spelled(operators_named("logsumexp"), vec![node], &scalar),
            _ if shape.is_column() => {
                let weights = self.any(&shape, 0);
                self.spelled(operators_named("product of columns"), vec![weights, node], &scalar)
            }
            _ => {
                let weights = self.any(&shape, 0);
                let weighted = self.spelled(operators_named("Hadamard product"), vec![weights, node], &shape);
                self.spelled(operators_named("sum"), vec![weighted], &scalar)
            }
        }
    }

    fn shape(&mut self) -> Shape {
        match self.random.below(10) {
            0..3 => Shape::scalar(),
            3..6 => Shape::column(&dim(&mut self.random)),
            6 => any_square(&mut self.random),
            _ => any_matrix(&mut self.random),
        }
    }

    /// Products and sums of sizes, rows.
    fn odd_shape(&mut self) -> Shape {
        let (a, b, c) = (dim(&mut self.random), dim(&mut self.random), dim(&mut self.random));
        let (product, sum) = (Dim::Product(Box::new(a.clone()), Box::new(b.clone())), a.plus(&b));
        match self.random.below(6) {
            0 | 1 => Shape::column(&product),
            2 => Shape::new(&product, &Dim::Product(Box::new(c.clone()), Box::new(c))),
            3 => Shape::column(&sum),
            4 => Shape::new(&sum, &c),
            _ => Shape::new(&ONE, &a),
        }
    }

    fn any(&mut self, shape: &Shape, depth: usize) -> Node {
        self.of(shape, Need::Any, depth)
    }

    fn of(&mut self, shape: &Shape, need: Need, depth: usize) -> Node {
        match need {
            Need::Any => self.free(shape, depth),
            Need::Positive => self.positive(shape, depth),
            Need::Bounded => self.wrapped(&["tanh", "sigmoid", "erf", "sin"], shape, depth),
            Need::Invertible => self.invertible(shape, depth, &["invertible", "spd", "orthogonal"]),
            Need::Definite => self.invertible(shape, depth, &["spd"]),
        }
    }

    fn free(&mut self, shape: &Shape, depth: usize) -> Node {
        if depth == 0 {
            return self.leaf(shape);
        }
        let groups: [&'static [Operator]; 7] =
            [ARITHMETIC, PRODUCTS, ELEMENTWISE, REDUCTIONS, LAYERS, CONSTANTS, BLOCKS];
        for _ in 0..40 {
            let weights = [0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6];
            let group = groups[*self.pick(&weights)];
            let operator = &group[self.random.below(group.len())];
            if self.in_body && !operator.is_scalar() {
                continue;
            }
            if let Some(arguments) = (operator.arguments)(&mut self.random, shape) {
                return self.apply(operator, shape, arguments, depth - 1);
            }
        }
        self.leaf(shape)
    }

    /// The function of something of the same shape; of a variable when that is deep enough.
    fn wrapped(&mut self, names: &[&'static str], shape: &Shape, depth: usize) -> Node {
        let operator = operators_named(self.word(names));
        let argument = self.any(shape, depth.saturating_sub(1));
        self.spelled(operator, vec![argument], shape)
    }

    fn positive(&mut self, shape: &Shape, depth: usize) -> Node {
        if depth == 0 && !self.in_body && self.chance(60) {
            return self.variable(shape, "positive");
        }
        match self.random.below(4) {
            0 => self.wrapped(&["softplus"], shape, depth),
            1 => self.wrapped(&["sigmoid"], shape, depth),
            2 if shape.is_column() => self.wrapped(&["softmax"], shape, depth),
            _ => {
                let square = self.wrapped(&["elementwise square"], shape, depth);
                let one = if shape.is_scalar() { "number" } else { "π" };
                let one = self.spelled(operators_named(one), vec![], &Shape::scalar());
                let name = if shape.is_scalar() { "sum of terms" } else { "scalar plus array" };
                self.spelled(operators_named(name), vec![one, square], shape)
            }
        }
    }

    fn invertible(&mut self, shape: &Shape, depth: usize, attributes: &[&'static str]) -> Node {
        if depth == 0 || self.chance(50) {
            let attribute = self.word(attributes);
            return self.variable(shape, attribute);
        }
        let other = Shape::new(&shape.rows, &dim(&mut self.random));
        let factor = self.any(&other, depth - 1);
        let transposed = self.spelled(operators_named("transpose"), vec![factor.clone()], &other.transposed());
        let gram = self.spelled(operators_named("matrix product"), vec![factor, transposed], shape);
        let identity = self.spelled(operators_named("identity"), vec![], shape);
        self.spelled(operators_named("sum of terms"), vec![gram, identity], shape)
    }

    // ---- leaves

    fn leaf(&mut self, shape: &Shape) -> Node {
        if self.in_body {
            return Node::Name("t".to_owned(), shape.clone());
        }
        let defined: Vec<Node> = self
            .document
            .definitions
            .iter()
            .filter(|(_, value)| value.shape() == shape)
            .map(|(name, _)| Node::Name(name.clone(), shape.clone()))
            .collect();
        if !defined.is_empty() && self.chance(50) {
            return self.pick(&defined).clone();
        }
        match (&shape.rows, &shape.cols) {
            (rows, cols) if rows.is_simple() && cols.is_simple() => {
                let attributes = self.attributes(shape);
                self.variable(shape, attributes)
            }
            _ => self.composed(shape),
        }
    }

    /// A variable of these attributes, a known one where there is one.
    fn variable(&mut self, shape: &Shape, attributes: &'static str) -> Node {
        let fits = |v: &&Variable| v.shape == *shape && (attributes.is_empty() || v.attributes == attributes);
        let known: Vec<Variable> = self.document.variables.iter().filter(fits).cloned().collect();
        if !known.is_empty() && self.chance(70) {
            let name = self.pick(&known).name.clone();
            return Node::Name(name, shape.clone());
        }
        if shape.is_simple() { self.fresh(shape, attributes) } else { self.composed(shape) }
    }

    fn attributes(&mut self, shape: &Shape) -> &'static str {
        let square = ["symmetric", "spd", "diagonal", "orthogonal", "invertible", "constant"];
        match self.random.below(100) {
            0..25 if shape.is_square() => self.word(&square),
            0..5 => "positive",
            5..10 => "constant",
            _ => "",
        }
    }

    fn fresh(&mut self, shape: &Shape, attributes: &'static str) -> Node {
        let pool = if shape.is_scalar() {
            SCALARS
        } else if shape.is_column() {
            COLUMNS
        } else {
            MATRICES
        };
        let taken = |name: &str, d: &Document| {
            d.variables.iter().any(|v| v.name == name) || d.definitions.iter().any(|(n, _)| n == name)
        };
        let start = self.random.below(pool.len());
        let free = (0..pool.len()).map(|i| pool[(start + i) % pool.len()]).find(|name| !taken(name, &self.document));
        let name = free.map_or_else(|| format!("{}_{}", pool[0], self.document.variables.len()), str::to_owned);
        self.document.variables.push(Variable { name: name.clone(), shape: shape.clone(), attributes });
        Node::Name(name, shape.clone())
    }

    /// A leaf of a size that is a product or a sum.
    fn composed(&mut self, shape: &Shape) -> Node {
        for name in ["vec", "Kronecker product", "stack", "transpose"] {
            let operator = operators_named(name);
            if let Some(arguments) = (operator.arguments)(&mut self.random, shape) {
                return self.apply(operator, shape, arguments, 0);
            }
        }
        let shape = shape.clone();
        self.fresh(&shape, "")
    }
}

fn operators_named(name: &str) -> &'static Operator {
    operators().find(|o| o.name == name).unwrap_or_else(|| panic!("no operator is called {name}"))
}
