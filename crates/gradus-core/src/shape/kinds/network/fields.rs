//! The reading in which undeclared functions are functions of arrays.

use super::super::rule::SortRule;
use super::super::sort::{Cost, Sort};
use super::Network;
use std::collections::BTreeSet;

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
                SortRule::Head => node.rule = SortRule::Same,
                _ => {}
            }
        }
        self
    }

    fn is_undeclared_call(&self, node: usize) -> bool {
        let node = &self.nodes[node];
        node.rule == SortRule::Applied(None) && self.functions.iter().any(|(_, f)| *f == node.args[0])
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
}
