//! Final names: δ for cotangents, H for second derivatives of a value by itself, J for other Jacobians.

use super::cut::fresh_names;
use super::steps::{Block, Goal};
use super::sweep::Swept;
use crate::expr::{Expr, Name, Op, variable};
use crate::program::Definition;
use std::collections::{BTreeMap, BTreeSet};

/// What stands before the `?` of a name that is not final; what it belongs to stands behind the last one.
const KINDS: [&str; 3] = ["δ", "H", "J"];

/// Gives what a sweep named its final names: δ when there is one, δ_1, δ_2 after z_1, z_2, else δ_z, δ_h.
pub fn named(swept: Swept, mut taken: BTreeSet<Name>) -> Swept {
    let mut map: BTreeMap<Name, Name> = BTreeMap::new();
    for kind in KINDS {
        let own = |n: &&Name| n.as_str().strip_prefix(kind).is_some_and(|rest| rest.starts_with('?'));
        let placeholders: Vec<Name> = swept.deltas.iter().map(|d| &d.name).filter(own).cloned().collect();
        let names = names(kind, &placeholders, &taken);
        taken.extend(names.iter().cloned());
        map.extend(placeholders.into_iter().zip(names));
    }
    renamed(swept, &map)
}

fn renamed(swept: Swept, map: &BTreeMap<Name, Name>) -> Swept {
    let new = |n: &Name| map.get(n).cloned().unwrap_or_else(|| n.clone());
    let put = |e: &Expr| {
        e.rewrite(&mut |e| match e.op() {
            Op::Variable(v) if map.contains_key(&v.name) => variable(&new(&v.name), &v.shape.clone()),
            _ => e,
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

fn names(kind: &str, placeholders: &[Name], taken: &BTreeSet<Name>) -> Vec<Name> {
    let of = |n: &Name| n.as_str().rsplit('?').next().unwrap_or_default().to_owned();
    let subscript = |n: &Name| of(n).split_once('_').map(|(_, s)| format!("{kind}_{s}"));
    let whole = |n: &Name| format!("{kind}_{}", of(n));
    let free = |names: &[String]| {
        let set: BTreeSet<&String> = names.iter().collect();
        set.len() == names.len() && names.iter().all(|n| !taken.contains(&Name::new(n)))
    };
    let plain: Vec<String> = if placeholders.len() == 1 {
        vec![kind.to_owned()]
    } else {
        placeholders.iter().map(|n| subscript(n).unwrap_or_else(|| whole(n))).collect()
    };
    let full: Vec<String> = placeholders.iter().map(whole).collect();
    let chosen = if free(&plain) {
        plain
    } else if free(&full) {
        full
    } else {
        return fresh_names(kind, placeholders.len(), taken);
    };
    chosen.iter().map(|n| Name::new(n)).collect()
}
