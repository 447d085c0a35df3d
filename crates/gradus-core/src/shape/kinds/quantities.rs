//! Numbers that letters alone make arrays: `-G M m / ‖r‖`, `k * q_1 * q_2 / np.linalg.norm(r)`.

use super::network::{Network, Open, Subterm};
use super::rule::SortRule;
use super::scalars::is_of_arrays;
use super::search::{self, Found};
use super::sort::{Letter, Sort};
use crate::diag::{Error, Kind, Span};
use std::collections::BTreeSet;

/// What coefficients stand before.
const VARIABLES: &[&str] = &["t", "x", "y", "z"];

/// Of a controller, beside each other.
const GAINS: &[&str] = &["K_p", "K_i", "K_d", "K_P", "K_I", "K_D"];

/// The nodes that products, quotients, sums and functions of numbers join.
struct Islands {
    /// A node of the same island, itself for one of them.
    of: Vec<usize>,
    /// Whether something on the island speaks of arrays.
    spoken: Vec<bool>,
}

impl Islands {
    fn new(network: &Network, found: &Found) -> Islands {
        let count = network.nodes.len();
        let mut islands = Islands { of: (0..count).collect(), spoken: vec![false; count] };
        let is_array = |i: &&usize| found.sorts[**i] != Sort::Scalar;
        for (i, node) in network.nodes.iter().enumerate() {
            // numbers have these signs too
            let joins = !is_of_arrays(node.rule);
            for arg in node.args.iter().filter(is_array) {
                if joins {
                    islands.join(*arg, i);
                } else {
                    let island = islands.root(*arg);
                    islands.spoken[island] = true;
                }
            }
        }
        islands
    }

    fn root(&self, mut node: usize) -> usize {
        while self.of[node] != node {
            node = self.of[node];
        }
        node
    }

    /// The later node stands for both, so that no way to it is long.
    fn join(&mut self, node: usize, later: usize) {
        let (a, b) = (self.root(node), self.root(later));
        self.spoken[b] |= self.spoken[a];
        self.of[a] = b;
    }
}

impl Network {
    /// `-G M m / ‖r‖`: letters in a product over a number that is made of arrays, where nothing but the letters says that they
    /// are arrays themselves.
    ///
    /// # Errors
    /// `Shape` where they are as well numbers.
    pub(super) fn refuse_products_over_norms(&self, found: &Found) -> Result<(), Error> {
        let islands = Islands::new(self, found);
        let made = self.made_of_arrays(found);
        let above = |node: &&Subterm| {
            let divides =
                matches!(node.rule, SortRule::Div { .. } | SortRule::Quotient { .. } | SortRule::Entrywise { .. });
            divides && node.args.len() == 2 && found.sorts[node.args[0]] != Sort::Scalar && made[node.args[1]]
        };
        for node in self.nodes.iter().filter(above) {
            let island = islands.root(node.args[0]);
            let leaves = self.leaves(&islands, island);
            let array = |i: &&usize| found.sorts[**i] != Sort::Scalar;
            let letters: Vec<&Open> = leaves.iter().filter_map(|i| self.plain_letter(*i)).collect();
            let arrays = letters.iter().filter(|o| found.sorts[o.node] != Sort::Scalar).count();
            let customary =
                letters.iter().any(|o| o.letter == Letter::Capital) && !letters.iter().any(|o| o.is_quantity());
            if islands.spoken[island] || arrays < leaves.iter().filter(array).count() || letters.len() < 2 || customary
            {
                continue;
            }
            let numbers = |leaf: usize| if leaves.contains(&leaf) { Sort::Scalar } else { found.sorts[leaf] };
            if search::run(self, &numbers).is_ok_and(|other| other.cost.weight() <= found.cost.weight()) {
                return Err(numbers_or_arrays(&letters));
            }
        }
        Ok(())
    }

    /// `Kp * e + Ki * s`, `K_p e + K_i s`: words for numbers before letters, where nothing speaks of arrays.
    ///
    /// # Errors
    /// `Shape`, for by their letters they are matrices before vectors.
    pub(super) fn refuse_quantity_words(&self, found: &Found) -> Result<(), Error> {
        let gain = |o: &Open| GAINS.contains(&o.name.as_str());
        let gains = self.open.iter().filter(|o| gain(o)).count() > 1;
        let word =
            |i: usize| self.open.iter().any(|o| o.node == i && !o.given && (o.is_quantity_word() || gains && gain(o)));
        let product = |node: &Subterm| match (node.rule, &node.args[..]) {
            (SortRule::Mul(_), [left, right]) => {
                word(*left) && found.sorts[*left] == Sort::Matrix && found.sorts[*right] == Sort::Vector
            }
            _ => false,
        };
        if self.arrays || self.shows_arrays(found) || !self.nodes.iter().any(product) {
            return Ok(());
        }
        let array = |o: &&Open| found.sorts[o.node] != Sort::Scalar && !o.given;
        Err(numbers_or_arrays(&self.open.iter().filter(array).collect::<Vec<_>>()))
    }

    /// `T - Ta`, `V / (n*VT)`: a run of two letters is a product of numbers here, of which one stands nowhere else.
    ///
    /// # Errors
    /// `Shape`, for it is as well one name.
    pub(super) fn refuse_glued(&self, found: &Found, text: &str) -> Result<(), Error> {
        let number = |i: usize| self.open.iter().find(|o| o.node == i && !o.given && found.sorts[i] == Sort::Scalar);
        let last = |i: usize| match (self.nodes[i].rule, &self.nodes[i].args[..]) {
            (SortRule::Mul(_), [_, right]) => *right,
            _ => i,
        };
        let run = |node: &Subterm| match (node.rule, &node.args[..], &node.parts[..]) {
            (SortRule::Mul(_), [left, right], [one, other]) if one.end == other.start => {
                let (first, second) = (number(last(*left))?, number(*right)?);
                let span = Span::new(other.start.checked_sub(first.name.as_str().len())?, other.end);
                let name = text.get(span.start..span.end)?;
                let run = name.starts_with(char::is_uppercase) && name.chars().all(char::is_alphanumeric);
                run.then_some((name, span, [first, second]))
            }
            _ => None,
        };
        let mut uses = vec![0u32; self.nodes.len()];
        self.nodes.iter().flat_map(|node| &node.args).for_each(|i| uses[*i] += 1);
        let doubtful = |(_, _, letters): &(&str, Span, [&Open; 2])| {
            letters.iter().filter(|o| uses[o.node] == 1).count() == 1
                && letters.iter().all(|o| !VARIABLES.contains(&o.name.as_str()))
        };
        if text.contains('\\') {
            return Ok(());
        }
        if !text.contains('*')
            && self.open.iter().all(|o| number(o.node).is_some())
            && let Some((open, product)) = self.open.iter().find_map(|o| Some((o, self.joined_factors(o)?)))
        {
            let name = &open.name;
            return Err(Error::new(Kind::Name, format!("is `{name}` one name here, or a product of numbers?"))
                .at(open.span, "one of its letters is a name of the document")
                .help(format!("write `{product}` for the product, or declare `{name}: scalar` for one name")));
        }
        let found = self.nodes.iter().filter_map(run).find(doubtful);
        found.map_or(Ok(()), |(name, span, [first, second])| {
            Err(Error::new(Kind::Shape, format!("is `{name}` one name here, or a product of numbers?"))
                .at(span, "one of its letters stands nowhere else")
                .help(format!(
                    "declare `{name}: scalar` for the name; a product has a space, {} {}",
                    first.name, second.name
                )))
        })
    }

    /// `n t` of `(1 + r/n)^(nt)`: a run of two small letters of which one is a name.
    fn joined_factors(&self, open: &Open) -> Option<String> {
        let name = open.name.as_str();
        let small = name.len() == 2 && name.bytes().all(|b| b.is_ascii_lowercase()) && !name.starts_with('d');
        let (first, second) = name.split_at_checked(1).filter(|_| small && open.letter == Letter::Latin)?;
        let known = |letter: &str| self.open.iter().any(|o| o.name.as_str() == letter);
        (known(first) != known(second)).then(|| format!("{first} {second}"))
    }

    /// The leaves of an island, and those that are numbers and stand in products with them.
    fn leaves(&self, islands: &Islands, island: usize) -> BTreeSet<usize> {
        let on = |i: usize| islands.root(i) == island;
        let joined = self.nodes.iter().enumerate().filter(|(i, node)| on(*i) && !is_of_arrays(node.rule));
        let leaf = |i: &usize| self.nodes[*i].args.is_empty();
        joined.flat_map(|(_, node)| node.args.iter().copied()).filter(leaf).collect()
    }

    fn plain_letter(&self, node: usize) -> Option<&Open> {
        let plain = |o: &&Open| o.node == node && !o.given && matches!(o.letter, Letter::Latin | Letter::Capital);
        self.open.iter().find(plain)
    }

    /// Whether a node is a number that is made of arrays.
    fn made_of_arrays(&self, found: &Found) -> Vec<bool> {
        let mut made: Vec<bool> = Vec::with_capacity(self.nodes.len());
        for (i, node) in self.nodes.iter().enumerate() {
            let array = |a: &usize| found.sorts[*a] != Sort::Scalar || made[*a];
            made.push(found.sorts[i] == Sort::Scalar && node.args.iter().any(array));
        }
        made
    }

    /// `\exp(-Y^T K^{-1} Y)`, `J = (X - Y)^T Q (X - Y)`: a square of capitals where a number is expected.
    ///
    /// # Errors
    /// `Shape` where it comes out as a matrix.
    pub(super) fn refuse_squares(&self, found: &Found) -> Result<(), Error> {
        let mut scaled = vec![false; self.nodes.len()];
        let squares = || self.squares.iter().filter(|s| found.sorts[s.node] == Sort::Matrix);
        squares().for_each(|s| scaled[s.node] = true);
        for (i, node) in self.nodes.iter().enumerate() {
            let number = |a: &usize| scaled[*a] || found.sorts[*a] == Sort::Scalar;
            let scales = matches!(
                node.rule,
                SortRule::Same | SortRule::Mul(_) | SortRule::Div { .. } | SortRule::Entrywise { .. }
            );
            scaled[i] |= scales && node.args.iter().any(|a| scaled[*a]) && node.args.iter().all(number);
        }
        let expected = self.raised.iter().chain(&self.head).any(|i| scaled[*i]);
        let Some(square) = squares().next().filter(|_| expected) else { return Ok(()) };
        let lines = |kind: &str| square.letters.iter().map(|n| format!("{n}: {kind}")).collect::<Vec<_>>().join("; ");
        Err(Error::new(Kind::Shape, format!("is `{}` a vector here, or a matrix?", square.letters[0]))
            .at(square.span, "a number, or a matrix")
            .help(format!("declare what it is: `{}` or `{}`", lines("vector"), lines("matrix"))))
    }

    /// `(x - m)' / Σ * (x - m)`: a row over a capital is divided by a matrix, as MATLAB does.
    ///
    /// # Errors
    /// `Shape` where the capital is a number for the quotient's sake alone.
    pub(super) fn refuse_row_over_capital(&self, found: &Found) -> Result<(), Error> {
        let below = |node: &Subterm| match (node.rule, &node.args[..]) {
            (SortRule::Div { .. }, [row, below]) if found.sorts[*row] == Sort::Row => {
                self.open.iter().find(|o| o.node == *below && o.letter == Letter::Capital && !o.given)
            }
            _ => None,
        };
        self.nodes.iter().find_map(below).map_or(Ok(()), |o| {
            Err(Error::new(Kind::Shape, format!("`{}` can be a matrix or a number here", o.name))
                .at(o.span, "below a row: MATLAB divides by matrices so")
                .help(format!("declare `{0}: scalar` if it is a number, or write the inverse, {0}^-1", o.name)))
        })
    }

    /// `(a·b) / (|a||b|)`: of vectors a dot is made, and their lengths have double bars.
    ///
    /// # Errors
    /// `Shape` where both letters of a dot stand between bars too, and are read as numbers.
    pub(super) fn refuse_barred_factors(&self, found: &Found) -> Result<(), Error> {
        let barred = |leaf: usize| {
            let bars = |node: &Subterm| node.rule == SortRule::Bars && node.args.contains(&leaf);
            let open = self.open.iter().find(|o| o.node == leaf && found.sorts[leaf] == Sort::Scalar);
            open.filter(|_| self.nodes.iter().any(bars))
        };
        let dotted = |node: &Subterm| match (node.rule, &node.args[..]) {
            (SortRule::Mul(factors), [a, b]) if factors.signed == Some(Sort::Scalar) => barred(*a).and(barred(*b)),
            _ => None,
        };
        self.nodes.iter().find_map(dotted).map_or(Ok(()), |o| {
            Err(Error::new(Kind::Shape, format!("is `{}` a number here, or a vector?", o.name))
                .at(o.span, "in an inner product, and between bars")
                .help("the length of a vector has double bars, `‖a‖`; declare numbers, `a: scalar`"))
        })
    }

    /// `(\mathbf R \cdot \mathbf V)^α`: what is in bold is no number.
    ///
    /// # Errors
    /// `Shape` where only as a number it fits.
    pub(super) fn refuse_bold_numbers(&self, found: &Found) -> Result<(), Error> {
        let number = |o: &&Open| o.letter == Letter::BoldMatrix && !o.given && found.sorts[o.node] == Sort::Scalar;
        self.open.iter().find(number).map_or(Ok(()), |o| {
            Err(Error::new(Kind::Shape, format!("`{}` is in bold, but only as a number it would fit", o.name))
                .at(o.span, "an array by its type")
                .help(format!("declare what it is: `{0}: n`, `{0}: n x m` or `{0}: scalar`", o.name)))
        })
    }
}

fn numbers_or_arrays(letters: &[&Open]) -> Error {
    let names: Vec<String> = letters.iter().map(|o| format!("`{}`", o.name)).collect();
    let lines: Vec<String> = letters.iter().map(|o| format!("{}: scalar", o.name)).collect();
    let message = format!("{} can be numbers here, or arrays", names.join(", "));
    let mut error = Error::new(Kind::Shape, message);
    for open in letters {
        error = error.at(open.span, "nothing but its letter says what it is");
    }
    error.help(format!("declare what they are: `{}`, or the shapes of arrays", lines.join("; ")))
}
