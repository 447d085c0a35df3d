//! Formulas of scalars: `Φ = -G M / r` has capitals, and no array in it.
//!
//! Physics and chemistry write scalars with any letter. A text without any sign of arrays — no transpose, norm, trace,
//! identity, no function of arrays, no bold letter — that divides by letters, raises them to powers or has them in the
//! exponent of e is such a formula, unless it multiplies a capital by a small letter as matrices and vectors are.

use super::network::{Network, Subterm};
use super::rule::SortRule;
use super::search::{self, Found};
use super::sort::{Cost, Letter, Sort};
use crate::diag::{Error, Kind};
use crate::expr::Name;
use std::collections::BTreeSet;

/// Capitals that are customary for matrices. The others are as often quantities: heat, work, volume, temperature.
const MATRIX_LETTERS: &[char] = &['A', 'B', 'C', 'D', 'K', 'L', 'M', 'W', 'X', 'Y', 'Z'];

impl super::Open {
    /// A capital that is no customary matrix, and not in bold.
    pub(super) fn is_quantity(&self) -> bool {
        self.letter == Letter::Capital && self.is_uncustomary()
    }

    /// A capital that is no customary matrix.
    pub(super) fn is_uncustomary(&self) -> bool {
        let letter = self.initial();
        self.letter.sort() == Sort::Matrix && letter.is_ascii() && !MATRIX_LETTERS.contains(&letter)
    }

    /// Weights or data, which are matrices whatever stands between them.
    pub(super) fn is_data(&self) -> bool {
        matches!(self.initial(), 'K' | 'W'..='Z')
    }

    /// `Kp`, `Ea`: a capital with small letters, and no data.
    pub(super) fn is_quantity_word(&self) -> bool {
        let mut letters = self.name.as_str().chars().skip(1);
        let word = letters.next().is_some_and(char::is_lowercase);
        word && self.letter == Letter::Capital && !matches!(self.initial(), 'A' | 'W'..='Z')
    }

    fn initial(&self) -> char {
        let name = self.name.as_str().trim_start_matches('Δ');
        let changed = name.strip_prefix('d').filter(|rest| rest.starts_with(char::is_uppercase));
        changed.unwrap_or(name).chars().next().unwrap_or(' ')
    }
}

impl Network {
    /// The reading of a formula of scalars, where the text is one.
    pub(super) fn as_scalars(&self, found: &Found, listed: &BTreeSet<Name>) -> Option<Found> {
        let points = self.multiplies_by_points(found);
        if self.arrays || self.speaks_of_arrays(found, points) || self.multiplies_vectors(found) {
            return None;
        }
        let shown = points
            || self.shows_scalars(found)
            || self.has_scalar_capital(found)
            || self.has_amplitude(found)
            || self.is_of_entries(found);
        if !shown && !self.head_asks(found) && !self.lists_scalars(listed) {
            return None;
        }
        search::run(self, &|leaf| match self.open.iter().any(|o| o.node == leaf) {
            true => Sort::Scalar,
            false => self.by_letter(leaf),
        })
        .ok()
    }

    /// `A \sin θ`, `2 R \tan(θ/2)`: what is a matrix by its letter alone, before a function of numbers.
    fn has_amplitude(&self, found: &Found) -> bool {
        let curve = |i: &usize| self.curves.contains(i) && found.sorts[*i] == Sort::Scalar;
        let product = |rule: SortRule| matches!(rule, SortRule::Mul(_) | SortRule::Entrywise { plain: true, .. });
        let amplitude = |node: &Subterm| {
            let is = |sort: Sort| node.args.iter().any(|i| found.sorts[*i] == sort);
            product(node.rule) && node.args.iter().any(curve) && is(Sort::Matrix)
        };
        self.nodes.iter().any(amplitude)
    }

    /// `\ln c + ψ \ln(1 - l)`, `a * x + b`: products, and functions of letters, all of which goes entry by entry: the derivative is
    /// that of numbers.
    fn is_of_entries(&self, found: &Found) -> bool {
        let array = |i: &usize| found.sorts[*i] != Sort::Scalar;
        let arrays = |node: &Subterm| node.args.iter().filter(|i| array(i)).count();
        let holds = self.holds_letters();
        let curved = self.curves.iter().any(array);
        let mut product = false;
        for node in &self.nodes {
            match node.rule {
                SortRule::Mul(factors) if arrays(node) > 1 => {
                    if !factors.is_entrywise() || node.args.iter().any(|i| found.sorts[*i] != Sort::Vector) {
                        return false;
                    }
                    product = true;
                }
                SortRule::Mul(_) => product |= curved && node.args.iter().all(|i| holds[*i]),
                SortRule::Add(terms) => {
                    product |=
                        curved && (0..2).any(|i| terms.numbers[i] && terms.letters[1 - i] && array(&node.args[1 - i]));
                }
                SortRule::Power { .. } if arrays(node) > 0 => return false,
                _ => {}
            }
        }
        product
    }

    /// Of every node whether it holds a letter.
    fn holds_letters(&self) -> Vec<bool> {
        let mut holds = vec![false; self.nodes.len()];
        self.open.iter().for_each(|o| holds[o.node] = true);
        for (i, node) in self.nodes.iter().enumerate() {
            holds[i] |= node.args.iter().any(|a| holds[*a]);
        }
        holds
    }

    /// `a·e^(-b·x)`: one sign means one thing. A point that multiplies numbers as it is read, and others between letters that
    /// are no customary weights: they multiply numbers, too.
    fn multiplies_by_points(&self, found: &Found) -> bool {
        let all = |node: &Subterm, sort: Sort| node.args.iter().all(|i| found.sorts[*i] == sort);
        let points = || self.nodes.iter().filter(|n| matches!(n.rule, SortRule::Mul(f) if f.is_point()));
        let inner = |node: &&Subterm| all(node, Sort::Vector);
        let weights = |node: &Subterm| matches!(node.rule, SortRule::Mul(f) if f.weights);
        points().any(|node| all(node, Sort::Scalar))
            && points().any(|node| inner(&node))
            && !points().filter(inner).any(weights)
    }

    /// `(n - 1) (1/R_1 - 1/R_2)`: what fits as a number alone, though its letter is a matrix's; an I that is no identity.
    fn has_scalar_capital(&self, found: &Found) -> bool {
        let own = |o: &super::Open| o.name.as_str() == "I" || found.sorts[o.node] == Sort::Scalar;
        let number = |o: &super::Open| !o.given && o.letter == Letter::Capital && own(o);
        self.open.iter().any(number)
    }

    /// `u(x, y) = α \ln x + (1 - α) \ln y`: a function of several small letters, and nothing that speaks of arrays.
    fn lists_scalars(&self, listed: &BTreeSet<Name>) -> bool {
        let small = |name: &Name| {
            let plain = |o: &super::Open| !o.given && matches!(o.letter, Letter::Latin | Letter::Greek);
            self.open.iter().any(|o| o.name == *name && plain(o))
        };
        listed.len() > 1 && listed.iter().all(small)
    }

    /// `Σ_t C_t / (1 + r)^t`: capital members are numbers where nothing is an array but for their letters.
    pub(super) fn as_scalar_members(&self, found: &Found, is_family: &dyn Fn(&Name) -> bool) -> Option<Found> {
        let array = |o: &&super::Open| found.sorts[o.node] != Sort::Scalar;
        let scalars = self.shows_scalars(found);
        if scalars && !self.arrays && !self.shows_arrays(found) && !self.multiplies_vectors(found) {
            // `Σ_t c / (1 + y)^t + F / (1 + y)^T`
            let open = |leaf: usize| self.open.iter().any(|o| o.node == leaf);
            let all = search::run(self, &|leaf| if open(leaf) { Sort::Scalar } else { found.sorts[leaf] });
            return all.ok().filter(|other| self.open.iter().any(|o| other.sorts[o.node] != found.sorts[o.node]));
        }
        let member = |o: &super::Open| o.letter == Letter::Capital && !o.given && (scalars || is_family(&o.name));
        let alone = self.open.iter().filter(array).all(member) && self.open.iter().any(|o| array(&o));
        if !alone || self.arrays || self.nodes.iter().any(|node| is_of_arrays(node.rule)) {
            return None;
        }
        search::run(self, &|leaf| match self.open.iter().find(|o| o.node == leaf) {
            Some(open) if member(open) => Sort::Scalar,
            _ => found.sorts[leaf],
        })
        .ok()
    }

    /// `G M m / ‖\mathbf r‖`: where vectors are in bold, capitals that are not are numbers, unless one of them meets a vector
    /// or is treated as an array.
    pub(super) fn as_plain_capitals(&self, found: &Found) -> Option<Found> {
        let capital = |i: usize| {
            let plain = |o: &super::Open| o.node == i && o.letter == Letter::Capital && !o.given;
            self.open.iter().any(plain) && found.sorts[i] == Sort::Matrix
        };
        let bold = self.open.iter().any(|o| o.letter == Letter::BoldVector);
        if !bold || !self.open.iter().any(|o| capital(o.node)) || self.arrays {
            return None;
        }
        // small letters that are not in bold are numbers, whatever a capital before them asks for
        let small = |i: usize| self.open.iter().any(|o| o.node == i && o.number.is_some());
        let plain = search::run(self, &|leaf| if small(leaf) { Sort::Scalar } else { found.sorts[leaf] }).ok()?;
        let meets = |node: &Subterm| {
            let is = |sort: Sort| node.args.iter().any(|i| plain.sorts[*i] == sort);
            is(Sort::Matrix) && (is(Sort::Vector) || is(Sort::Row) || is_of_arrays(node.rule))
        };
        if self.nodes.iter().any(meets) {
            return None;
        }
        search::run(self, &|leaf| if capital(leaf) { Sort::Scalar } else { plain.sorts[leaf] }).ok()
    }

    /// `w L + r K`: capitals that small letters alone are beside, numbers or matrices with numbers before them.
    ///
    /// # Errors
    /// `Shape` where nothing tells.
    pub(super) fn refuse_lone_capitals(&self, found: &Found) -> Result<(), Error> {
        let is =
            |letter: Letter, sort: Sort| self.open.iter().find(|o| o.letter == letter && found.sorts[o.node] == sort);
        let shown = self.arrays || self.shows_arrays(found) || self.multiplies_vectors(found);
        // `2 k - 2 \ln L`
        if let Some(capital) = is(Letter::Capital, Sort::Vector).filter(|o| !o.given && !shown) {
            return Err(Error::new(Kind::Shape, format!("`{}` can be a vector or a number here", capital.name))
                .at(capital.span, "nothing says what it is")
                .help(format!("declare what it is: `{0}: scalar` or `{0}: n`", capital.name)));
        }
        let vectors = self.open.iter().any(|o| found.sorts[o.node] == Sort::Vector);
        // `μ + R T \ln a`: what is a number by its letter is none for the capitals' sake alone
        let overruled = self.open.iter().find(|o| o.letter == Letter::Greek && found.sorts[o.node] != Sort::Scalar);
        let number = overruled.or_else(|| is(Letter::Latin, Sort::Scalar).filter(|_| !vectors));
        let (Some(number), Some(capital)) = (number, is(Letter::Capital, Sort::Matrix)) else {
            return Ok(());
        };
        if shown {
            return Ok(());
        }
        Err(Error::new(Kind::Shape, format!("`{}` can be a matrix or a number here", capital.name))
            .at(capital.span, "nothing says what it is")
            .at(number.span, "rather a number, beside a capital")
            .help(self.numbers_or_matrix(found, capital)))
    }

    /// The lines that make numbers of all arrays, and the one of a matrix.
    fn numbers_or_matrix(&self, found: &Found, capital: &super::Open) -> String {
        let array = |o: &&super::Open| !o.given && (found.sorts[o.node] != Sort::Scalar || o.node == capital.node);
        let lines: Vec<String> = self.open.iter().filter(array).map(|o| format!("{}: scalar", o.name)).collect();
        format!("declare what it is: `{}` or `{}: n x m`", lines.join("; "), capital.name)
    }

    /// `(R p_i + t) \cdot n_i`: a capital before a member is a matrix before a vector, or both are numbers.
    ///
    /// # Errors
    /// `Shape` where the members may be vectors as well.
    pub(super) fn refuse_capital_before_member(
        &self,
        found: &Found,
        is_family: &dyn Fn(&Name) -> bool,
    ) -> Result<(), Error> {
        let number =
            |i: usize| self.open.iter().find(|o| o.node == i && !o.given).filter(|_| found.sorts[i] == Sort::Scalar);
        let pair = |node: &Subterm| match (node.rule, &node.args[..]) {
            (SortRule::Mul(_), [left, right]) => {
                let capital = number(*left).filter(|o| o.letter == Letter::Capital && !is_family(&o.name))?;
                let member = number(*right).filter(|o| is_family(&o.name))?;
                Some((capital, member))
            }
            _ => None,
        };
        let Some((capital, member)) = self.nodes.iter().find_map(pair) else { return Ok(()) };
        match search::best(self, &[(capital.node, Sort::Scalar)]) {
            Ok(Some(other))
                if other.cost < Cost::BROADCAST
                    && other.sorts[capital.node] == Sort::Matrix
                    && other.sorts[member.node] == Sort::Vector
                    && self.head.is_none_or(|head| other.sorts[head] == Sort::Scalar) =>
            {
                Err(Error::new(Kind::Shape, format!("`{}` can be a matrix or a number here", capital.name))
                    .at(capital.span, "nothing says what it is")
                    .at(member.span, "a vector behind a matrix, or a number")
                    .help(format!("declare what it is: `{0}: n x m` or `{0}: scalar`", capital.name)))
            }
            Ok(_) | Err(search::Entangled) => Ok(()),
        }
    }

    /// `W + α/r B A`: capitals that are customary matrices and nothing else, two of them side by side, are hardly numbers.
    ///
    /// # Errors
    /// `Shape`, for they would be numbers for the sake of a quotient alone.
    pub(super) fn refuse_product_of_matrices(&self) -> Result<(), Error> {
        let capital = |i: usize| self.open.iter().find(|o| o.node == i && o.letter == Letter::Capital && !o.given);
        let plain = |o: &&super::Open| o.name.as_str().starts_with(['A', 'B', 'W', 'X', 'Y', 'Z']);
        let mut capitals = self.open.iter().filter(|o| o.letter == Letter::Capital);
        let customary = capitals.all(|o| o.name.as_str().starts_with(MATRIX_LETTERS));
        let last = |i: usize| match (&self.nodes[i].rule, &self.nodes[i].args[..]) {
            (SortRule::Mul(_), [_, right]) => *right,
            _ => i,
        };
        let pair = |node: &Subterm| match node.args[..] {
            [left, right] if matches!(node.rule, SortRule::Mul(_)) => {
                capital(last(left)).filter(plain).zip(capital(right).filter(plain))
            }
            _ => None,
        };
        match self.nodes.iter().find_map(pair) {
            Some((first, second)) if customary && first.node != second.node => {
                Err(Error::new(Kind::Shape, format!("`{}` can be a matrix or a number here", first.name))
                    .at(first.span, "nothing says what it is")
                    .help(format!("declare what it is: `{0}: n x m` or `{0}: scalar`", first.name)))
            }
            _ => Ok(()),
        }
    }

    /// `H - T S`, `U + P V`: a sum of capitals alone, of which none is a customary matrix; `A (T^4 - S^4)`, `(V - U)^2`, a power of
    /// one; `F d \cos θ`, a wave behind them; `U A ΔT`, a change in a product.
    ///
    /// # Errors
    /// `Shape`, for physics writes numbers so.
    pub(super) fn refuse_quantities(&self, found: &Found) -> Result<(), Error> {
        let quantity = super::Open::is_quantity;
        let sum = self.nodes.iter().any(|node| matches!(node.rule, SortRule::Add(_)));
        let product = self.nodes.iter().any(|node| matches!(node.rule, SortRule::Mul(_)));
        let Some(first) = self.open.iter().find(|o| found.sorts[o.node] == Sort::Matrix) else { return Ok(()) };
        let raised = |node: &Subterm| {
            let letter = |i: usize| self.open.iter().any(|o| o.node == i && !o.given && quantity(o));
            let sum = |i: usize| {
                matches!(self.nodes[i].rule, SortRule::Add(_)) && self.nodes[i].args.iter().all(|a| letter(*a))
            };
            node.rule == SortRule::Power { constant: true } && (letter(node.args[0]) || sum(node.args[0]))
        };
        // `σ = E ε`
        let strain = |node: &Subterm| match (node.rule, &node.args[..]) {
            (SortRule::Mul(_), [before, behind]) => {
                // parameters are as often vectors
                let plain = |o: &super::Open| o.letter == Letter::Greek && !o.name.as_str().starts_with(['β', 'θ']);
                let greek =
                    self.open.iter().any(|o| o.node == *behind && plain(o)) && found.sorts[*behind] == Sort::Vector;
                greek && self.open.iter().any(|o| o.node == *before && !o.given && quantity(o))
            }
            _ => false,
        };
        let number = |o: &super::Open| found.sorts[o.node] == Sort::Scalar;
        let quantities =
            self.open.iter().all(|o| quantity(o) || number(o)) || self.nodes.iter().any(|n| self.is_counted(n));
        let lone = self.nodes.iter().all(|node| matches!(node.rule, SortRule::Leaf | SortRule::Add(_)));
        // `R - C`
        let difference = sum && lone && self.open.len() > 1 && self.open.iter().any(quantity);
        // `F d \cos θ`
        let wave = |node: &Subterm| match (node.rule, &node.args[..]) {
            (SortRule::Mul(_), [before, curve]) => {
                found.sorts[*before] == Sort::Vector
                    && found.sorts[*curve] == Sort::Scalar
                    && self.curves.contains(curve)
            }
            _ => false,
        };
        // `U A ΔT`
        let change = |o: &super::Open| quantity(o) && o.name.as_str().starts_with(['Δ', 'd']);
        // `G = μ N`
        let scaled = self.open.iter().any(|o| o.letter == Letter::Greek && number(o));
        let quantities = product && ((sum || scaled) && quantities || self.open.iter().any(change))
            || difference
            || self.nodes.iter().any(|node| raised(node) || wave(node) || strain(node));
        if !quantities || self.arrays || self.shows_arrays(found) {
            return Ok(());
        }
        Err(Error::new(Kind::Shape, format!("`{}` can be a matrix or a number here", first.name))
            .at(first.span, "nothing says what it is")
            .help(self.numbers_or_matrix(found, first)))
    }

    /// `G M m / r`: capitals before a small letter over another, numbers or a matrix with a vector.
    ///
    /// # Errors
    /// `Shape` where nothing tells.
    pub(super) fn refuse_lone_quotient(&self, found: &Found) -> Result<(), Error> {
        let divided = |node: &Subterm| {
            let below = |i: usize| self.letter_of(i) == Some(Letter::Latin);
            matches!(node.rule, SortRule::Div { .. })
                && found.sorts[node.args[0]] == Sort::Vector
                && below(node.args[1])
        };
        let capital = self.open.iter().find(|o| o.letter == Letter::Capital && found.sorts[o.node] == Sort::Matrix);
        let Some(capital) = capital.filter(|_| !self.arrays && !self.shows_arrays(found)) else { return Ok(()) };
        if !self.nodes.iter().any(divided) {
            return Ok(());
        }
        Err(Error::new(Kind::Shape, format!("`{}` can be a matrix or a number here", capital.name))
            .at(capital.span, "nothing says what it is")
            .help(self.numbers_or_matrix(found, capital)))
    }

    /// `I_1 - 3`, `J - 1`: nobody takes a number from a matrix.
    fn is_counted(&self, node: &Subterm) -> bool {
        let SortRule::Add(terms) = node.rule else { return false };
        let capital = |i: usize| self.letter_of(node.args[i]) == Some(Letter::Capital);
        terms.numbers[0] && capital(1) || terms.numbers[1] && capital(0)
    }

    pub(super) fn shows_arrays(&self, found: &Found) -> bool {
        self.speaks_of_arrays(found, false)
    }

    /// Whether the text does, its points aside where they are those of numbers.
    pub(super) fn speaks_of_arrays(&self, found: &Found, points: bool) -> bool {
        let is_open = |i: usize| self.open.iter().any(|o| o.node == i);
        let constant = |(i, node): (usize, &Subterm)| {
            node.rule == SortRule::Leaf && !is_open(i) && self.by_letter(i) != Sort::Scalar
        };
        self.operates(found, points) || self.nodes.iter().enumerate().any(constant)
    }

    /// Bold letters, given shapes, and operations of arrays.
    pub(super) fn operates_on_arrays(&self, found: &Found) -> bool {
        self.operates(found, false)
    }

    fn operates(&self, found: &Found, points: bool) -> bool {
        let bold = |letter| matches!(letter, Letter::BoldVector | Letter::BoldMatrix);
        let point = |node: &Subterm| points && matches!(node.rule, SortRule::Mul(f) if f.is_point());
        let of_arrays = |node: &Subterm| is_of_arrays(node.rule) && !is_of_numbers(node, found) && !point(node);
        self.open.iter().any(|o| o.given || bold(o.letter)) || self.nodes.iter().any(of_arrays)
    }

    /// `A x`: a capital before a small letter, a matrix before a vector in this reading.
    fn multiplies_vectors(&self, found: &Found) -> bool {
        let column =
            |i: usize| self.letter_of(i).is_some_and(|l| l != Letter::Capital) && found.sorts[i] == Sort::Vector;
        let product = |node: &Subterm| match node.args[..] {
            [a, b] => matches!(node.rule, SortRule::Mul(_)) && found.sorts[a] == Sort::Matrix && column(b),
            _ => false,
        };
        self.nodes.iter().any(product)
    }

    /// Letters below a fraction line or raised to a power, or a decay such as e^{-λ t}.
    pub(super) fn shows_scalars(&self, found: &Found) -> bool {
        let mut latin = Vec::with_capacity(self.nodes.len());
        let mut small = Vec::with_capacity(self.nodes.len());
        let mut any = Vec::with_capacity(self.nodes.len());
        for (i, node) in self.nodes.iter().enumerate() {
            let letter = self.letter_of(i);
            // an exponent is a number anyway
            let args = if matches!(node.rule, SortRule::Power { .. }) { &node.args[..1] } else { &node.args[..] };
            latin.push(args.iter().any(|a| latin[*a]) || letter.is_some_and(|l| l != Letter::Greek));
            small.push(args.iter().any(|a| small[*a]) || letter == Some(Letter::Latin));
            any.push(node.args.iter().any(|a| any[*a]) || letter.is_some());
        }
        let quotient = |node: &Subterm| match node.rule {
            SortRule::Div { .. } | SortRule::Quotient { .. } => any[node.args[0]] && latin[node.args[1]],
            _ => false,
        };
        let power = |node: &Subterm| match (node.rule, self.letter_of(*node.args.first().unwrap_or(&0))) {
            (SortRule::Power { constant: true }, Some(letter)) => letter == Letter::Latin,
            (SortRule::Power { constant: false }, Some(letter)) => letter != Letter::Greek,
            // `(1 + r)^n`
            (SortRule::Power { constant: false }, None) => latin[node.args[0]] && any[node.args[1]],
            // `(|x| - l)^2`: of an array there would be no such power
            (SortRule::Power { constant: true }, None) => {
                small[node.args[0]] && found.sorts[node.args[0]] == Sort::Scalar
            }
            // `(x - m)**2` among several letters
            (SortRule::ElementPower { plain: true, .. }, _) => small[node.args[0]] && self.open.len() > 1,
            _ => false,
        };
        self.decays || self.nodes.iter().any(|node| quotient(node) || !node.args.is_empty() && power(node))
    }

    /// The value is a scalar by its name, and letters alone make an array of it.
    fn head_asks(&self, found: &Found) -> bool {
        self.head.is_some_and(|head| found.sorts[head] != Sort::Scalar)
    }

    fn letter_of(&self, node: usize) -> Option<Letter> {
        self.open.iter().find(|o| o.node == node).map(|o| o.letter)
    }
}

/// `|x|` and the inverse of a number, `a · b` of what are not both vectors.
fn is_of_numbers(node: &Subterm, found: &Found) -> bool {
    let all = |sort: Sort| node.args.iter().all(|i| found.sorts[*i] == sort);
    match node.rule {
        SortRule::Bars | SortRule::Square { .. } => all(Sort::Scalar),
        SortRule::Mul(factors) => (factors.inner || factors.cross) && !all(Sort::Vector),
        _ => false,
    }
}

/// What nobody writes of scalars.
pub(super) fn is_of_arrays(rule: SortRule) -> bool {
    match rule {
        SortRule::Entrywise { plain, .. } | SortRule::ElementPower { plain, .. } => !plain,
        SortRule::Applied(_)
        | SortRule::Slope(_)
        | SortRule::Always(_)
        | SortRule::OfSquare { .. }
        | SortRule::Square { .. }
        | SortRule::Norm { .. }
        | SortRule::Distance { .. }
        | SortRule::Transpose { .. }
        | SortRule::Along { .. }
        | SortRule::Diag
        | SortRule::Axes
        | SortRule::Kron
        | SortRule::Pair
        | SortRule::Declared
        | SortRule::Parameter
        | SortRule::Coordinate
        | SortRule::Bars
        | SortRule::Beside
        | SortRule::Below
        | SortRule::Slice { .. } => true,
        SortRule::Mul(factors) => factors.cross || factors.matrices || factors.inner,
        SortRule::Leaf
        | SortRule::Same
        | SortRule::Add(_)
        | SortRule::Div { .. }
        | SortRule::Power { .. }
        | SortRule::Exponent
        | SortRule::Quotient { .. }
        | SortRule::BoldHead
        | SortRule::Head { .. } => false,
    }
}
