//! Names of what a sweep made up: δ for cotangents, H for second derivatives of a value by itself, J for other Jacobians.

use super::cut::fresh_names;
use super::pass::Swept;
use super::steps::{Block, Goal};
use crate::expr::{Expr, Name, Purpose, Symbol, variable};
use crate::program::Definition;
use rustc_hash::FxHashMap as HashMap;
use std::collections::BTreeSet;

/// What sweeps make up, in the order in which it gets its names.
const KINDS: [Purpose; 3] = [Purpose::Signal, Purpose::Curvature, Purpose::Jacobian];

/// Gives what a sweep made up its names: δ when there is one, δ_1, δ_2 after z_1, z_2, else δ_z, δ_h.
pub fn named(swept: Swept, mut taken: BTreeSet<Name>) -> Swept {
    let mut map: HashMap<Symbol, Symbol> = HashMap::default();
    for kind in KINDS {
        let made: Vec<&Symbol> = swept.deltas.iter().map(|d| &d.name).filter(|s| s.purpose() == Some(kind)).collect();
        let names = names(kind.letter(), &made, &taken);
        taken.extend(names.iter().cloned());
        map.extend(made.into_iter().zip(names).map(|(symbol, name)| (symbol.clone(), symbol.written(name))));
    }
    renamed(swept, &map)
}

fn renamed(swept: Swept, map: &HashMap<Symbol, Symbol>) -> Swept {
    // what an author names is not looked up
    let known = |n: &Symbol| n.purpose().and_then(|_| map.get(n));
    let new = |n: &Symbol| known(n).unwrap_or(n).clone();
    let put = |e: &Expr| {
        e.rewrite(&mut |e| match e.as_variable().and_then(|v| Some((known(&v.name)?, &v.shape))) {
            Some((name, shape)) => variable(name, shape),
            None => e,
        })
    };
    let block = |mut b: Block| {
        b.steps.iter_mut().for_each(|s| (s.before, s.after) = (put(&s.before), put(&s.after)));
        (b.left, b.result) = (put(&b.left), put(&b.result));
        if let Goal::Named(n) = &b.goal {
            b.goal = Goal::Named(new(n));
        }
        b
    };
    let delta = |d: Definition| Definition { name: new(&d.name), value: put(&d.value), ..d };
    Swept {
        totals: swept.totals.into_iter().map(|(key, e)| (key, put(&e))).collect(),
        deltas: swept.deltas.into_iter().map(delta).collect(),
        blocks: swept.blocks.into_iter().map(block).collect(),
    }
}

/// A name for each: with the subscript of what it belongs to, else with all of its name, else numbered.
fn names(letter: &str, made: &[&Symbol], taken: &BTreeSet<Name>) -> Vec<Name> {
    let owners: Option<Vec<&str>> = made.iter().map(|s| Some(s.owner()?.name()?.as_str())).collect();
    let whole = |owner: &&str| format!("{letter}_{owner}");
    let short = |owner: &&str| owner.split_once('_').map_or_else(|| whole(owner), |(_, s)| format!("{letter}_{s}"));
    let plain = (made.len() == 1).then(|| vec![letter.to_owned()]);
    let subscripts = owners.iter().filter(|_| made.len() != 1).map(|all| all.iter().map(short).collect());
    let full = owners.iter().map(|all| all.iter().map(whole).collect());
    let free = |names: &Vec<Name>| {
        let set: BTreeSet<&Name> = names.iter().collect();
        set.len() == names.len() && set.iter().all(|n| !taken.contains(*n))
    };
    let mut ways = plain.into_iter().chain(subscripts).chain(full);
    let mut ways = ways.by_ref().map(|way: Vec<String>| way.iter().map(|n| Name::new(n)).collect::<Vec<Name>>());
    ways.find(free).unwrap_or_else(|| fresh_names(letter, made.len(), taken))
}
