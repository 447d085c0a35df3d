//! The reading in which undeclared functions are functions of arrays.

use super::super::rule::SortRule;
use super::super::search::Found;
use super::super::sort::{Cost, Letter, Sort};
use super::{Network, Open, Subterm};
use crate::diag::{Error, Kind};
use crate::expr::Name;
use std::collections::{BTreeMap, BTreeSet};

impl Network {
    /// The same where no undeclared function works entry by entry: each is a function of arrays.
    pub fn generalised(mut self) -> Network {
        let elementwise = |costs: &[Cost; 4]| {
            costs[Sort::Matrix as usize] == Cost::ZERO && costs[Sort::Scalar as usize] != Cost::NEVER
        };
        for (_, node) in &self.functions {
            let costs = &mut self.nodes[*node].costs;
            if elementwise(costs) {
                let of = |place: u8| Cost::OVERRULED.times(2) + Cost::order(place);
                *costs = [of(7), of(8), Cost::NEVER, Cost::NEVER];
            }
        }
        let applied: BTreeSet<usize> = (0..self.nodes.len()).filter(|i| self.is_undeclared_call(*i)).collect();
        for node in &mut self.nodes {
            let of_call = node.args.first().is_some_and(|a| applied.contains(a));
            match &mut node.rule {
                SortRule::Norm { open } | SortRule::Distance { open } | SortRule::Transpose { open } if of_call => {
                    *open = true
                }
                // what a function of arrays is for is a scalar value: the letters need not give way for one
                SortRule::Head { .. } => node.rule = SortRule::Same,
                _ => {}
            }
        }
        self
    }

    fn is_undeclared_call(&self, node: usize) -> bool {
        let node = &self.nodes[node];
        node.rule == SortRule::Applied(None) && self.functions.iter().any(|(_, f)| *f == node.args[0])
    }

    /// `(f(X_i) - f(X_j))^2`: nobody multiplies matrices of entries.
    pub fn squares_of_calls(&self, found: &Found) -> bool {
        let made =
            |i: usize| self.is_undeclared_call(i) || self.nodes[i].args.iter().any(|a| self.is_undeclared_call(*a));
        let power =
            |n: &Subterm| n.rule == SortRule::Power { constant: true } && found.sorts[n.args[0]] == Sort::Matrix;
        self.nodes.iter().any(|node| power(node) && made(node.args[0]))
    }

    /// The sort of a function's arguments in a reading.
    pub fn argument_sort(&self, function: usize, sorts: &[Sort]) -> Sort {
        let calls = self.nodes.iter().filter(|n| {
            matches!(n.rule, SortRule::Applied(_) | SortRule::Slope(_)) && n.args.first() == Some(&function)
        });
        calls.map(|n| sorts[n.args[1]]).next().unwrap_or(Sort::Vector)
    }

    /// Whether an undeclared function works entry by entry on an array in a reading.
    pub fn is_entrywise_on_arrays(&self, sorts: &[Sort]) -> bool {
        let arrays = |n: &usize| self.is_undeclared_call(*n) && sorts[self.nodes[*n].args[1]] != Sort::Scalar;
        (0..self.nodes.len()).filter(arrays).any(|n| sorts[self.nodes[n].args[0]] == Sort::Matrix)
    }

    /// The undeclared functions that work entry by entry on lone undeclared vectors and on nothing else, `‖f(x)‖`, and one
    /// of the vectors: they may as well be functions of the whole.
    pub fn entrywise_on_vectors<'n>(&'n self, found: &'n Found) -> impl Iterator<Item = (&'n Name, &'n Open)> {
        let undeclared: BTreeMap<usize, &Open> = self.open.iter().filter(|o| !o.given).map(|o| (o.node, o)).collect();
        let lone = move |node: usize| undeclared.get(&node).copied();
        self.functions.iter().filter_map(move |(name, function)| {
            let free = found.sorts[*function] == Sort::Matrix && self.nodes[*function].costs[0] != Cost::NEVER;
            let calls = || self.nodes.iter().filter(|n| n.rule == SortRule::Applied(None) && n.args[0] == *function);
            let all = free && calls().all(|call| lone(call.args[1]).is_some());
            let vector = calls().filter_map(|call| lone(call.args[1])).find(|o| found.sorts[o.node] == Sort::Vector);
            vector.filter(|_| all).map(|open| (name, open))
        })
    }

    /// `g(θ)^T W g(θ)`: the parameters θ are scalars by their letter, and many where g is a function of all of them.
    ///
    /// # Errors
    /// `Shape`, for g may go entry by entry.
    pub fn refuse_parameters(&self, found: &Found) -> Result<(), Error> {
        let greek = |(_, open): &(&Name, &Open)| open.letter == Letter::Greek;
        self.entrywise_on_vectors(found).find(greek).map_or(Ok(()), |(name, open)| {
            let message = format!("`{name}` can be a function of the whole vector `{}`, or of each entry", open.name);
            Err(Error::new(Kind::Shape, message)
                .at(open.span, "a vector here")
                .help(format!("declare what it is: `{name}: R^n -> R^m` or `{name}: elementwise`")))
        })
    }
}
