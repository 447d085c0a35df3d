//! The best reading of a network: sorts for its open names at the least cost, found by eliminating one node after the
//! other. The work grows with how entangled the names are, not with how many there are.

use super::network::{Network, Subterm};
use super::sort::{Cost, Sort, Sorts};
use std::collections::{BTreeMap, BTreeSet};

/// The most entries a table may have: names that all hang together.
const TABLE_LIMIT: usize = 1 << 16;

/// The most entries all tables may have.
const WORK_LIMIT: usize = 1 << 20;

/// The names hang together too much.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entangled;

/// A reading: the sort of every node, and what it costs.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub sorts: Vec<Sort>,
    pub cost: Cost,
}

/// Goes through a network whose leaves have these sorts; where operands do not fit, the node that says so.
pub(super) fn run(network: &Network, leaf: &dyn Fn(usize) -> Sort) -> Result<Found, usize> {
    let mut found = Found { sorts: Vec::with_capacity(network.nodes.len()), cost: Cost::ZERO };
    for (i, node) in network.nodes.iter().enumerate() {
        let (sort, cost) = if node.args.is_empty() {
            let sort = leaf(i);
            (sort, node.costs[sort as usize])
        } else {
            let args: Vec<Sort> = node.args.iter().map(|a| found.sorts[*a]).collect();
            node.rule.apply(&args).ok_or(i)?
        };
        found.cost = found.cost + cost;
        found.sorts.push(sort);
    }
    Ok(found)
}

/// What each node may be, by what its neighbours may be; empty somewhere when nothing fits.
fn propagate(network: &Network, barred: &[(usize, Sort)]) -> Vec<Sorts> {
    let mut sorts: Vec<Sorts> = network.nodes.iter().map(possible).collect();
    for (node, sort) in barred {
        sorts[*node] = sorts[*node].without(*sort);
    }
    let mut changed = true;
    while changed {
        changed = false;
        let forth = 0..network.nodes.len();
        for i in forth.clone().chain(forth.rev()) {
            changed |= narrow(&network.nodes[i], i, &mut sorts);
        }
    }
    sorts
}

fn possible(node: &Subterm) -> Sorts {
    if !node.args.is_empty() {
        return Sorts::ALL;
    }
    Sort::ALL.into_iter().filter(|s| node.costs[*s as usize] != Cost::NEVER).fold(Sorts::NONE, Sorts::with)
}

/// Keeps of a node and its operands what some combination of them allows.
fn narrow(node: &Subterm, i: usize, sorts: &mut [Sorts]) -> bool {
    if node.args.is_empty() {
        return false;
    }
    let mut kept = [Sorts::NONE; 3];
    for (args, sort, _) in combinations(node, sorts) {
        if !sorts[i].contains(sort) {
            continue;
        }
        kept[2] = kept[2].with(sort);
        args.iter().zip(&mut kept).for_each(|(a, kept)| *kept = kept.with(*a));
    }
    let mut changed = false;
    for (node, kept) in node.args.iter().zip(kept).chain([(&i, kept[2])]) {
        let narrowed = sorts[*node].intersection(kept);
        changed |= sorts[*node] != narrowed;
        sorts[*node] = narrowed;
    }
    changed
}

/// The operands' sorts that fit, with what follows.
fn combinations(node: &Subterm, sorts: &[Sorts]) -> Vec<(Vec<Sort>, Sort, Cost)> {
    let mut lists: Vec<Vec<Sort>> = vec![Vec::new()];
    for (place, arg) in node.args.iter().enumerate() {
        let same = node.args[..place].iter().position(|a| a == arg);
        lists = lists
            .iter()
            .flat_map(|list| {
                let sorts = sorts[*arg].iter().filter(move |s| same.is_none_or(|p| list[p] == *s));
                sorts.map(|sort| [list.as_slice(), &[sort]].concat())
            })
            .collect();
    }
    lists.into_iter().filter_map(|args| node.rule.apply(&args).map(|(sort, cost)| (args, sort, cost))).collect()
}

/// A cost for every combination of sorts of some nodes.
#[derive(Clone)]
struct Table {
    /// Ascending.
    scope: Vec<usize>,
    costs: BTreeMap<Vec<Sort>, Cost>,
}

/// The best reading with these sorts of these nodes left out; `None` when there is none.
pub(super) fn best(network: &Network, barred: &[(usize, Sort)]) -> Result<Option<Found>, Entangled> {
    let sorts = propagate(network, barred);
    if sorts.iter().any(|s| s.is_empty()) {
        return Ok(None);
    }
    let mut elimination = Elimination::new(network, &sorts);
    let mut steps = Vec::new();
    while let Some(node) = elimination.next() {
        steps.push((node, elimination.eliminate(node)?));
    }
    let mut chosen: Vec<Option<Sort>> = sorts.iter().map(|s| single(*s)).collect();
    for (node, table) in steps.into_iter().rev() {
        let key: Option<Vec<Sort>> = table.scope.iter().map(|n| chosen[*n]).collect();
        chosen[node] = key.and_then(|key| table.sorts.get(&key).copied());
    }
    Ok(run(network, &|i| chosen[i].unwrap_or(Sort::Scalar)).ok().filter(|found| found.cost != Cost::NEVER))
}

fn single(sorts: Sorts) -> Option<Sort> {
    let mut iter = sorts.iter();
    match (iter.next(), iter.next()) {
        (Some(only), None) => Some(only),
        (Some(_), Some(_)) | (None, _) => None,
    }
}

/// The best sort of an eliminated node for every combination of sorts of its neighbours.
struct Choice {
    scope: Vec<usize>,
    sorts: BTreeMap<Vec<Sort>, Sort>,
}

struct Elimination {
    tables: Vec<Option<Table>>,
    /// Of every open node the tables that hold it.
    of_node: BTreeMap<usize, BTreeSet<usize>>,
    /// Of every open node the others of its tables. What a table of an eliminated node held together, the table that is
    /// left of it still does.
    neighbours: BTreeMap<usize, BTreeSet<usize>>,
    /// Open nodes by the number of their neighbours.
    queue: BTreeSet<(usize, usize)>,
    work: usize,
}

impl Elimination {
    fn new(network: &Network, sorts: &[Sorts]) -> Elimination {
        let mut elimination = Elimination {
            tables: Vec::new(),
            of_node: BTreeMap::new(),
            neighbours: BTreeMap::new(),
            queue: BTreeSet::new(),
            work: 0,
        };
        for (i, node) in network.nodes.iter().enumerate() {
            elimination.add(table(node, i, sorts));
        }
        elimination.queue = elimination.of_node.keys().map(|n| (elimination.degree(*n), *n)).collect();
        elimination
    }

    fn add(&mut self, table: Table) {
        for node in &table.scope {
            self.of_node.entry(*node).or_default().insert(self.tables.len());
            let others = table.scope.iter().copied().filter(|n| n != node);
            self.neighbours.entry(*node).or_default().extend(others);
        }
        self.tables.push(Some(table));
    }

    fn degree(&self, node: usize) -> usize {
        self.neighbours.get(&node).map_or(0, BTreeSet::len)
    }

    fn next(&mut self) -> Option<usize> {
        self.queue.pop_first().map(|(_, node)| node)
    }

    /// Joins the tables that hold a node, and keeps for every combination of the others its best sort.
    fn eliminate(&mut self, node: usize) -> Result<Choice, Entangled> {
        let neighbours = self.neighbours.remove(&node).unwrap_or_default();
        for n in &neighbours {
            self.queue.remove(&(self.degree(*n), *n));
            self.neighbours.entry(*n).or_default().remove(&node);
        }
        let tables: Vec<Table> =
            self.of_node.remove(&node).into_iter().flatten().filter_map(|t| self.tables[t].take()).collect();
        let mut joined = Table { scope: Vec::new(), costs: BTreeMap::from([(Vec::new(), Cost::ZERO)]) };
        for table in &tables {
            joined = self.join(&joined, table)?;
        }
        let (choice, rest) = minimum(joined, node);
        self.add(rest);
        for n in neighbours {
            self.queue.insert((self.degree(n), n));
        }
        Ok(choice)
    }

    fn join(&mut self, a: &Table, b: &Table) -> Result<Table, Entangled> {
        let scope: Vec<usize> = a.scope.iter().chain(&b.scope).copied().collect::<BTreeSet<_>>().into_iter().collect();
        let shared: Vec<usize> = a.scope.iter().filter(|n| b.scope.contains(n)).copied().collect();
        let key = |scope: &[usize], row: &[Sort], wanted: &[usize]| -> Vec<Sort> {
            wanted.iter().filter_map(|n| scope.iter().position(|m| m == n).map(|p| row[p])).collect()
        };
        let mut by_shared: BTreeMap<Vec<Sort>, Vec<(&Vec<Sort>, Cost)>> = BTreeMap::new();
        for (row, cost) in &b.costs {
            by_shared.entry(key(&b.scope, row, &shared)).or_default().push((row, *cost));
        }
        let mut costs = BTreeMap::new();
        for (row, cost) in &a.costs {
            for (other, more) in by_shared.get(&key(&a.scope, row, &shared)).into_iter().flatten() {
                let whole = scope.iter().filter_map(|n| {
                    let place = |scope: &[usize]| scope.iter().position(|m| m == n);
                    place(&a.scope).map(|p| row[p]).or_else(|| place(&b.scope).map(|p| other[p]))
                });
                costs.insert(whole.collect(), *cost + *more);
            }
            if costs.len() > TABLE_LIMIT {
                return Err(Entangled);
            }
        }
        self.work += costs.len();
        if self.work > WORK_LIMIT { Err(Entangled) } else { Ok(Table { scope, costs }) }
    }
}

/// For every combination of the others the node's best sort, the first of equals.
fn minimum(table: Table, node: usize) -> (Choice, Table) {
    let at = table.scope.iter().position(|n| *n == node).unwrap_or(0);
    let scope: Vec<usize> = table.scope.iter().filter(|n| **n != node).copied().collect();
    let mut costs: BTreeMap<Vec<Sort>, Cost> = BTreeMap::new();
    let mut sorts = BTreeMap::new();
    for (mut row, cost) in table.costs {
        let sort = row.remove(at);
        if costs.get(&row).is_none_or(|best| cost < *best) {
            costs.insert(row.clone(), cost);
            sorts.insert(row, sort);
        }
    }
    (Choice { scope: scope.clone(), sorts }, Table { scope, costs })
}

/// What a node asks of itself and its operands, over those that are open.
fn table(node: &Subterm, i: usize, sorts: &[Sorts]) -> Table {
    let nodes: Vec<usize> = node.args.iter().copied().chain([i]).collect();
    let scope: Vec<usize> =
        nodes.iter().copied().filter(|n| single(sorts[*n]).is_none()).collect::<BTreeSet<_>>().into_iter().collect();
    let mut costs = BTreeMap::new();
    let mut insert = |args: &[Sort], sort: Sort, cost: Cost| {
        let of = |n: &usize| nodes.iter().position(|m| m == n).map(|p| *args.get(p).unwrap_or(&sort));
        costs.insert(scope.iter().filter_map(of).collect(), cost);
    };
    if node.args.is_empty() {
        sorts[i].iter().for_each(|sort| insert(&[], sort, node.costs[sort as usize]));
    } else {
        let fitting = combinations(node, sorts).into_iter().filter(|(_, sort, _)| sorts[i].contains(*sort));
        fitting.for_each(|(args, sort, cost)| insert(&args, sort, cost));
    }
    Table { scope, costs }
}
