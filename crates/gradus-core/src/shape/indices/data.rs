//! Places that are data, `θ_{y_i}`, and functions that move with an index, `f_i(x)`.

use super::name_of;
use super::read::Reader;
use crate::diag::{Error, Kind, Span};
use crate::expr::{Comparator, Domain, Elementwise, Gathering, Name};
use crate::syntax::{
    Ast, BinaryOp, Bound, Syntax, WrittenCondition, WrittenPlace, index_letters, indicator_of, split_index,
};

/// One place of a subscript.
enum DataPlace {
    Plain(WrittenPlace),
    /// The place that a member of the data says.
    Told(Name),
}

impl Reader<'_> {
    /// `θ_{y_i}` is the member of θ that the data y say: Σ_c [y_i = c] θ_c. `None` for any other name.
    ///
    /// # Errors
    /// Those of the sum.
    pub(super) fn at_data(&mut self, name: &Name, span: Span) -> Result<Option<Ast>, Error> {
        self.below_data(name, span, &|member| member)
    }

    /// `log p_{y_i}` is Σ_k [y_i = k] log p_k: a function of one member is taken at each, where it has no value at 0. The
    /// others are taken of the sum, so that what stands around `exp z_{y_i}` has a value for all data.
    ///
    /// # Errors
    /// Those of the sum.
    pub(super) fn function_at_data(&mut self, call: &Ast) -> Result<Option<Ast>, Error> {
        let Syntax::Call { function, function_span, primes, args } = &call.kind else { return Ok(None) };
        let [argument] = &args[..] else { return Ok(None) };
        let total = Elementwise::from_spelling(function.as_str()).is_some_and(|f| f.about().domain == Domain::All);
        if total {
            return Ok(None);
        }
        let (function, function_span, primes) = (function.clone(), *function_span, *primes);
        let around = |member: Ast| {
            let args = vec![member];
            Ast::new(Syntax::Call { function: function.clone(), function_span, primes, args }, call.span)
        };
        match (name_of(argument), self.label_of_entry(argument)) {
            (Some(name), _) => self.below_data(name, call.span, &around),
            (None, Some(label)) => self.entry_at_label(argument, label, &around).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// `\mathrm{softmax}(z)_y`, `p[y]`, `\mathrm{softmax}(W x_i)_{y_i}`: the class, which is data.
    pub(super) fn label_of_entry(&self, ast: &Ast) -> Option<Name> {
        let Syntax::Entry { at, .. } = &ast.kind else { return None };
        let [place] = &at[..] else { return None };
        let label = name_of(place)?;
        if self.known.is_none() && self.moves(label) {
            return Some(label.clone());
        }
        (self.places.contains(label) && self.is_free_label(label)).then(|| label.clone())
    }

    /// The entries of what says a place are places: y, and all y_i.
    pub(super) fn learn_place(&mut self, data: &Name) {
        let data = self.family_or_name(data);
        self.indices.labels.insert(data);
    }

    /// The y of `y_i`, and of y.
    fn family_or_name(&self, data: &Name) -> Name {
        let family = split_index(data).filter(|_| self.moves(data)).map(|(family, _)| family);
        family.unwrap_or_else(|| data.clone())
    }

    /// A name that classes have, and that nothing else says anything of.
    pub(super) fn is_free_label(&self, name: &Name) -> bool {
        let own = self.own.contains(name) || self.is_family(name) || self.is_size(name);
        self.known.is_none() && is_label(name.as_str()) && self.bound(name).is_none() && !own
    }

    /// Such an entry, of an array that stands whole.
    ///
    /// # Errors
    /// Those of the sum.
    pub(super) fn entry_at_label(
        &mut self,
        entry: &Ast,
        label: Name,
        around: &dyn Fn(Ast) -> Ast,
    ) -> Result<Ast, Error> {
        let Syntax::Entry { base, .. } = &entry.kind else { return Ok(entry.clone()) };
        let span = entry.span;
        let array = name_of(base).cloned().unwrap_or_else(|| Name::new("entry"));
        // a family may begin at 0, an array does not
        let data = self.family_or_name(&label);
        self.indices.places_of_arrays.insert(data);
        self.chosen(&array, label, span, &|letter| {
            let at = vec![Ast::new(Syntax::Name(letter.clone()), span)];
            around(Ast::new(Syntax::Entry { base: base.clone(), at }, span))
        })
    }

    fn below_data(&mut self, name: &Name, span: Span, around: &dyn Fn(Ast) -> Ast) -> Result<Option<Ast>, Error> {
        if self.known.is_some() || self.own.contains(name) {
            return Ok(None);
        }
        if let Some((base, label)) = self.at_label(name.as_str()) {
            return self.below_label(&base, label, span, around).map(Some);
        }
        let Some((base, places)) = self.told_places(name) else { return Ok(None) };
        let (mut letters, mut over, mut when) = (vec![], vec![], vec![]);
        for place in places {
            let data = match place {
                DataPlace::Plain(place) => {
                    letters.push(place.text());
                    continue;
                }
                DataPlace::Told(data) => data,
            };
            let letter = self.unused_letter(&base, letters.len(), &over);
            letters.push(letter.to_string());
            self.learn_place(&data);
            let (left, right) = (Ast::new(Syntax::Name(data), span), Ast::new(Syntax::Name(letter.clone()), span));
            when.push(WrittenCondition { left, relation: Comparator::Equal, right });
            over.push(Bound { letter, letter_span: span, range: None, set: None, drawn: vec![] });
        }
        let member = Name::new(&format!("{base}_{}", letters.join(",")));
        let body = Box::new(around(Ast::new(Syntax::Name(member), span)));
        self.expression(&Ast::new(Syntax::Gathered { by: Gathering::Sum, over, when, body }, span)).map(Some)
    }

    /// The family of a name with data below it, and its places: of `p_{i,y_i}` p, i and y_i.
    fn told_places(&self, name: &Name) -> Option<(Name, Vec<DataPlace>)> {
        let word = name.as_str();
        let cuts = word.match_indices('_').map(|(at, _)| at).filter(|at| word[at + 1..].contains('_'));
        cuts.filter(|at| *at > 0).find_map(|at| {
            let base = Name::new(&word[..at]);
            let places = data_places(&word[at + 1..])?;
            let told = |p: &DataPlace| match p {
                DataPlace::Told(data) => self.moves(data),
                DataPlace::Plain(place) => index_letters(std::slice::from_ref(place)).all(|l| self.bound(l).is_some()),
            };
            let data = places.iter().any(|p| matches!(p, DataPlace::Told(_)));
            // of `w_{y_i}` alone w may be part of the name; `u_{t,y_t}` says that there are two places
            let family = places.len() > 1 || self.has_members(&base, places.len());
            (data && places.iter().all(told) && family).then_some((base, places))
        })
    }

    /// `z_y` beside a sum over the z_k: the member of the class y, which is data.
    fn at_label(&self, word: &str) -> Option<(Name, Name)> {
        let (base, label) = word.rsplit_once('_').filter(|(base, label)| *label == "y" && !base.is_empty())?;
        let (base, label) = (Name::new(base), Name::new(label));
        let family = self.indexed.contains(&(base.clone(), 1)) && !self.own.contains(&Name::new(word));
        let whole = self.whole.contains(&label) && !self.places.contains(&label);
        let free = self.bound(&label).is_none() && !whole && !self.is_family(&label);
        (family && free).then_some((base, label))
    }

    fn below_label(&mut self, base: &Name, label: Name, span: Span, around: &dyn Fn(Ast) -> Ast) -> Result<Ast, Error> {
        let member = |letter: &Name| Ast::new(Syntax::Name(Name::new(&format!("{base}_{letter}"))), span);
        self.chosen(base, label, span, &|letter| around(member(letter)))
    }

    /// Σ_k [y = k] z_k.
    fn chosen(&mut self, base: &Name, label: Name, span: Span, member: &dyn Fn(&Name) -> Ast) -> Result<Ast, Error> {
        let letter = self.unused_letter(base, 0, &[]);
        let named = |name: Name| Ast::new(Syntax::Name(name), span);
        self.learn_place(&label);
        let (left, right) = (named(label), named(letter.clone()));
        let chosen = indicator_of(&WrittenCondition { left, relation: Comparator::Equal, right }, span);
        let member = member(&letter);
        let body = Box::new(Ast::new(Syntax::Binary(BinaryOp::Mul, Box::new(chosen), Box::new(member)), span));
        let over = vec![Bound { letter, letter_span: span, range: None, set: None, drawn: vec![] }];
        self.expression(&Ast::new(Syntax::Gathered { by: Gathering::Sum, over, when: vec![], body }, span))
    }

    /// `y_i`, somewhere.
    fn is_family(&self, base: &Name) -> bool {
        self.indexed.iter().any(|(b, _)| b == base)
    }

    /// Whether a name carries an index that is bound.
    pub(super) fn moves(&self, name: &Name) -> bool {
        split_index(name).is_some_and(|(_, places)| index_letters(&places).any(|l| self.bound(l).is_some()))
    }

    /// Whether this is a family elsewhere, or an array.
    fn has_members(&self, base: &Name, arity: usize) -> bool {
        let family = (base.clone(), arity);
        self.indexed.contains(&family) || self.headed.contains(&family) || self.whole.contains(base)
    }

    /// The letter the author gives this place of a family, or another one that is free.
    fn unused_letter(&self, base: &Name, position: usize, over: &[Bound]) -> Name {
        let own = self.indices.families.values().filter(|f| f.base == *base).flat_map(|f| &f.accesses);
        let own =
            own.filter_map(|(at, _)| at.get(position)?.binding).map(|id| self.indices.bindings[id].letter.clone());
        let others = ["k", "c", "j", "l", "m", "p", "q"].map(Name::new);
        let fits = |l: &Name| {
            let variable = self.whole.contains(l) || self.sizes.contains(l);
            self.bound(l).is_none() && !variable && over.iter().all(|b| b.letter != *l)
        };
        own.chain(others).find(fits).unwrap_or_else(|| Name::new("i_1"))
    }

    /// `f_i(x)` where i is bound: a product with a family that has two indices, `f_ij (a - b)`, else another function at
    /// each place, for which there is no rule.
    ///
    /// # Errors
    /// `Unsupported` names the function.
    pub(super) fn moving_call(&self, ast: &Ast) -> Result<Option<Ast>, Error> {
        let (call, power) = match &ast.kind {
            Syntax::Power(base, exponent) | Syntax::ElementPower(base, exponent) => (base.as_ref(), Some(exponent)),
            _ => (ast, None),
        };
        let Syntax::Call { function, function_span, primes, args } = &call.kind else { return Ok(None) };
        if self.known.is_some() || self.own.contains(function) || !self.moves(function) {
            return Ok(None);
        }
        let two = split_index(function).is_some_and(|(_, places)| places.len() > 1);
        let [Ast { kind: Syntax::Sum(_), .. }] = args.as_slice() else { return Err(moving(function, *function_span)) };
        if !two || *primes > 0 {
            return Err(moving(function, *function_span));
        }
        let factor = match power {
            None => args[0].clone(),
            Some(exponent) => Ast::new(Syntax::Power(Box::new(args[0].clone()), exponent.clone()), ast.span),
        };
        let family = Ast::new(Syntax::Name(function.clone()), *function_span);
        Ok(Some(Ast::new(Syntax::Binary(BinaryOp::Mul, Box::new(family), Box::new(factor)), ast.span)))
    }
}

fn moving(function: &Name, span: Span) -> Error {
    Error::new(Kind::Unsupported, format!("`{function}` is another function for each index: there is no rule for that"))
        .at(span, "a function that moves with an index, or a factor?")
        .help(format!("give its formula, {function}(x) = …; write {function} \\cdot (…) for a product"))
}

/// What classes are called.
fn is_label(name: &str) -> bool {
    matches!(name, "y" | "c" | "t" | "label" | "target")
}

/// `i,y_i`, `y_iz_j`, `s_t-1,s_t`: letters, numbers, and members in places of their own.
fn data_places(text: &str) -> Option<Vec<DataPlace>> {
    let mut found = vec![];
    for part in text.split(',') {
        let mut rest = part.trim();
        while let Some(first) = rest.chars().next() {
            let after = &rest[first.len_utf8()..];
            let Some(below) = after.strip_prefix('_') else {
                let end = after.find(|c: char| c.is_alphabetic()).map_or(rest.len(), |at| at + first.len_utf8());
                let (_, mut place) = split_index(&Name::new(&format!("x_{}", &rest[..end])))?;
                found.push(DataPlace::Plain(place.pop()?));
                rest = &rest[end..];
                continue;
            };
            let index = below.chars().next().filter(|c| c.is_alphanumeric() && first.is_alphabetic())?;
            let offset = &below[index.len_utf8()..];
            let moved =
                offset.strip_prefix(['+', '-']).map_or(0, |d| 1 + d.bytes().take_while(u8::is_ascii_digit).count());
            let end = first.len_utf8() + 1 + index.len_utf8() + moved;
            found.push(DataPlace::Told(Name::new(&rest[..end])));
            rest = &rest[end..];
        }
    }
    Some(found)
}
