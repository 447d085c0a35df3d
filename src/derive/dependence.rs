//! Which names a definition depends on, by however many others.

use crate::expr::{Shape, Symbol};
use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap as HashMap;

/// The transitive closure of what definitions mention.
pub struct Dependence {
    places: HashMap<Symbol, usize>,
    below: Vec<FixedBitSet>,
}

impl Dependence {
    /// Of names in dependency order, each with what it mentions.
    pub fn new<'a>(definitions: impl Iterator<Item = (&'a Symbol, &'a [(Symbol, Shape)])> + Clone) -> Dependence {
        let mentioned = definitions.clone().flat_map(|(d, operands)| operands.iter().map(|(x, _)| x).chain([d]));
        let mut places = HashMap::default();
        for name in mentioned {
            let next = places.len();
            places.entry(name.clone()).or_insert(next);
        }
        let mut below = vec![FixedBitSet::with_capacity(places.len()); places.len()];
        for (name, operands) in definitions {
            let mut own = FixedBitSet::with_capacity(places.len());
            for place in operands.iter().map(|(x, _)| places[x]) {
                own.insert(place);
                own.union_with(&below[place]);
            }
            below[places[name]] = own;
        }
        Dependence { places, below }
    }

    /// Whether `y` depends on `x`; not on itself.
    pub fn holds(&self, y: &Symbol, x: &Symbol) -> bool {
        match (self.places.get(y), self.places.get(x)) {
            (Some(y), Some(x)) => self.below[*y].contains(*x),
            (None, _) | (_, None) => false,
        }
    }
}
