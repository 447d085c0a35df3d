//! From a document with indices to its skeleton.

use super::super::environment::Environment;
use super::random::{Randomness, Sampled};
use super::refused::{arity_declared, by_itself, two_arities, unbound};
use super::sums::written;
use super::{ConditionUse, Family, IndexBinding, Indices, Leaf, PlaceUse, Skeleton, heads, name_of, rebuild, survey};
use crate::diag::{Error, Errors, Kind, Note, Span};
use crate::expr::{Name, Symbol};
use crate::syntax::{
    Ast, BinaryOp, Document, Statement, Syntax, WrittenPlace, index_letters, indicator_of, split_index,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Reader<'a> {
    pub(super) indices: Indices,
    /// The document in which a single expression is read.
    pub(super) known: Option<&'a Environment>,
    /// Names that stand without an index, or are declared so.
    pub(super) whole: BTreeSet<Name>,
    /// Names that stand as places and nothing else.
    pub(super) places: BTreeSet<Name>,
    /// Names of definitions with free indices.
    pub(super) free: BTreeSet<Name>,
    /// Their bases, and how many free indices each has.
    pub(super) headed: BTreeSet<(Name, usize)>,
    /// Sets sums go over.
    pub(super) sets: BTreeMap<Name, usize>,
    /// Families with a letter at their index somewhere, and how many indices they have.
    pub(super) indexed: BTreeSet<(Name, usize)>,
    /// Those of whose members entries are taken, and that stand beside these too.
    vectors: BTreeSet<(Name, usize)>,
    /// Names that are declared or defined as they stand.
    pub(super) own: BTreeSet<Name>,
    /// Names of arrays that are defined whole: their members are entries of the value.
    pub(super) defined: BTreeSet<Name>,
    /// Sizes that end ranges.
    pub(super) sizes: BTreeSet<Name>,
    /// Indices in scope, innermost last.
    pub(super) scope: Vec<(Name, usize)>,
    /// Letters any sum of this statement binds.
    bound_here: BTreeSet<Name>,
    /// Definitions made of what expectations draw.
    pub(super) randomness: Randomness,
    /// What the letters of expectations are drawn from.
    pub(super) distributions: BTreeMap<Name, Vec<Name>>,
    /// What is random where this is read.
    pub(super) random: Option<Sampled>,
    /// The conditions of the sums around what is read.
    pub(super) conditions: Vec<ConditionUse>,
    /// The family that is being defined.
    defining: Option<Name>,
    /// Definitions of sums and arrays before the statement that is being read.
    pub(super) before: Vec<Statement>,
    /// The term that is read is one of the value.
    pub(super) on_spine: bool,
}

impl<'a> Reader<'a> {
    pub fn new(document: &Document) -> Reader<'a> {
        let free = heads::free(document);
        Reader {
            indices: Indices { densities: document.densities.clone(), ..Indices::default() },
            whole: survey::whole_names(document),
            places: survey::places_alone(document),
            randomness: Randomness::of(document, &free),
            headed: free.iter().filter_map(split_index).map(|(base, places)| (base, places.len())).collect(),
            free,
            sets: survey::sets(document),
            sizes: survey::sizes(document),
            indexed: survey::indexed(document),
            vectors: survey::vectors(document),
            own: survey::own_names(document),
            defined: survey::defined_names(document),
            ..Reader::within(None)
        }
    }

    /// Of a single expression.
    pub fn within(known: Option<&'a Environment>) -> Reader<'a> {
        Reader {
            indices: Indices::default(),
            known,
            whole: BTreeSet::new(),
            places: BTreeSet::new(),
            free: BTreeSet::new(),
            headed: BTreeSet::new(),
            sets: BTreeMap::new(),
            sizes: BTreeSet::new(),
            indexed: BTreeSet::new(),
            vectors: BTreeSet::new(),
            own: BTreeSet::new(),
            defined: BTreeSet::new(),
            scope: Vec::new(),
            bound_here: BTreeSet::new(),
            randomness: Randomness::default(),
            distributions: BTreeMap::new(),
            random: None,
            conditions: Vec::new(),
            defining: None,
            before: Vec::new(),
            on_spine: false,
        }
    }

    pub fn skeleton(mut self, document: &Document) -> Result<Skeleton, Errors> {
        let mut errors = Vec::new();
        let mut statements = Vec::new();
        let last = document.statements.len().saturating_sub(1);
        for (i, statement) in document.statements.iter().enumerate() {
            self.on_spine = i == last;
            match self.statement(statement) {
                Ok(read) => {
                    statements.append(&mut self.before);
                    statements.push(read);
                }
                Err(error) => errors.push(error),
            }
            self.scope.clear();
            self.defining = None;
            self.random = None;
        }
        self.declarations(&mut statements, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut document = Document { statements, ..document.clone() };
        document.notes.extend(self.indices.labels.iter().map(super::remark_of_label));
        // one alone is said before everything else
        let unbound = self.indices.unbound.iter().filter(|_| self.indices.unbound.len() > 1);
        document.notes.extend(unbound.map(|(name, letter)| Note::warning(super::said_of_unbound(name, letter))));
        Ok(Skeleton { document, indices: self.indices })
    }

    fn statement(&mut self, statement: &Statement) -> Result<Statement, Error> {
        Ok(match statement {
            Statement::Definition { name, name_span, value } => {
                self.bound_here = survey::bound_in(value);
                let symbol = self.head(name, value, *name_span)?;
                let read = self.expression(value)?;
                self.indices.written.insert(Symbol::from(&symbol), value.clone());
                Statement::Definition { name: symbol, name_span: *name_span, value: read }
            }
            Statement::Expression(value) => {
                self.bound_here = survey::bound_in(value);
                let read = self.expression(value)?;
                self.indices.written.insert(Symbol::Bare, value.clone());
                Statement::Expression(read)
            }
            other @ (Statement::FunctionDefinition { .. }
            | Statement::Declaration(_)
            | Statement::SizeCondition { .. }) => other.clone(),
        })
    }

    /// The name a definition has in the skeleton; its indices are in scope from here on.
    fn head(&mut self, name: &Name, value: &Ast, span: Span) -> Result<Name, Error> {
        let sample = self.sampled_head(name, value, span)?;
        let indexed = split_index(name).filter(|_| self.free.contains(name));
        let Some((base, mut places)) = indexed.or_else(|| sample.map(|_| (name.clone(), vec![]))) else {
            return Ok(name.clone());
        };
        for letter in index_letters(&places) {
            self.bind(letter, None, span);
        }
        let free: Vec<usize> = sample.into_iter().chain(self.scope.iter().map(|(_, id)| *id)).collect();
        places.splice(0..0, sample.map(|_| WrittenPlace::fixed(0)));
        let at: Vec<PlaceUse> = free.iter().map(|id| PlaceUse::at(*id)).collect();
        let family = self.family(&base, &places, at, name, span)?;
        if let Some(f) = self.indices.families.get_mut(&family) {
            f.free = Some(free);
            f.whole &= sample.is_none();
        }
        self.defining = Some(family.clone());
        Ok(family)
    }

    /// Declarations of members are those of their family.
    fn declarations(&self, statements: &mut [Statement], errors: &mut Errors) {
        for statement in statements {
            let Statement::Declaration(d) = statement else { continue };
            if let Some(family) = split_index(&d.name).and_then(|(base, _)| self.family_of(&base)) {
                d.name = family.clone();
            } else if let Some((rep, family)) = self.indices.families.iter().find(|(_, f)| f.base == d.name) {
                // what is random is declared as it is at every sample
                if family.arity == 1 && family.accesses.iter().any(|(at, _)| self.indices.is_sample(&at[0])) {
                    d.name = rep.clone();
                } else {
                    errors.extend(arity_declared(family, d));
                }
            }
        }
    }

    fn family_of(&self, base: &Name) -> Option<&Name> {
        self.indices.families.iter().find(|(_, f)| f.base == *base).map(|(rep, _)| rep)
    }

    pub(super) fn bind(&mut self, letter: &Name, range: Option<(Ast, Ast)>, span: Span) -> usize {
        self.indices.bindings.push(IndexBinding {
            letter: letter.clone(),
            range,
            ends: [None, None],
            written: [None, None],
            span,
        });
        let id = self.indices.bindings.len() - 1;
        self.scope.push((letter.clone(), id));
        id
    }

    /// The last letters that were bound are not any more.
    pub(super) fn unbind(&mut self, letters: usize) {
        self.scope.truncate(self.scope.len().saturating_sub(letters));
    }

    pub(super) fn bound(&self, letter: &Name) -> Option<usize> {
        self.scope.iter().rev().find(|(l, _)| l == letter).map(|(_, id)| *id)
    }

    // ---- expressions

    pub(super) fn expression(&mut self, ast: &Ast) -> Result<Ast, Error> {
        if let Some(product) = self.moving_call(ast)? {
            return self.expression(&product);
        }
        if let Some(sum) = self.function_at_data(ast)? {
            return Ok(sum);
        }
        match &ast.kind {
            Syntax::Name(name) => self.name(name, ast.span),
            Syntax::Entry { base, at } => self.entry(ast, base, at),
            Syntax::Gathered { by, over, when, body } => self.gathered(*by, over, when, body, ast.span),
            Syntax::Call { function, args, .. } if function.as_str() == "stack" && self.known.is_some() => {
                self.stack(args, ast.span)
            }
            Syntax::Iverson(c) if self.is_about_values(c) => {
                let condition = self.with_label_first(c);
                self.children(&indicator_of(&condition, ast.span))
            }
            Syntax::Iverson(c) => {
                let condition = self.condition(c)?;
                Ok(self.leaf("δ", Leaf::Iverson(condition), ast.span))
            }
            Syntax::Bars(a) => match self.set_in_bars(a) {
                Some(set) => self.size_of_set(set, ast.span),
                None => self.children(ast),
            },
            Syntax::Sum(_)
            | Syntax::Neg(_)
            | Syntax::Binary(BinaryOp::Mul | BinaryOp::At | BinaryOp::Dot | BinaryOp::Star, ..) => {
                rebuild::children(ast, &mut |child| self.expression(child))
            }
            _ => self.children(ast),
        }
    }

    /// The same below an operator that is not linear.
    fn children(&mut self, ast: &Ast) -> Result<Ast, Error> {
        let spine = std::mem::replace(&mut self.on_spine, false);
        let read = rebuild::children(ast, &mut |child| self.expression(child));
        self.on_spine = spine;
        read
    }

    fn name(&mut self, name: &Name, span: Span) -> Result<Ast, Error> {
        if let Some(random) = self.random_name(name, span)? {
            return Ok(random);
        }
        if let Some(id) = self.bound(name).filter(|id| !self.is_variable_of_its_own(*id, name)) {
            return Ok(self.leaf(name.as_str(), Leaf::Number(PlaceUse::at(id)), span));
        }
        if let Some(known) = self.known {
            return self.known_name(known, name, span);
        }
        if let Some(sum) = self.at_data(name, span)? {
            return Ok(sum);
        }
        let Some((base, places)) = split_index(name) else {
            self.refuse_unread(name, span)?;
            return Ok(Ast::new(Syntax::Name(name.clone()), span));
        };
        let any = index_letters(&places).any(|l| self.bound(l).is_some());
        self.refuse_ambiguous(name, &places, span)?;
        if !any && !self.is_fixed_member(name, &base, &places) {
            self.refuse_unbound(name, &base, &places, span)?;
            self.note_unbound(name, &base, &places);
            return Ok(Ast::new(Syntax::Name(name.clone()), span));
        }
        let at = self.places(&places, name, span)?;
        if !self.whole.contains(&base)
            && !self.differ(&at)
            && let Some(delta) = self.delta(&base, &at, span)
        {
            return Ok(delta);
        }
        if self.defined.contains(&base) {
            return self.entry_of(&Ast::new(Syntax::Name(base), span), at, span);
        }
        if let Some(member) = self.member_with_entries(&base, &places) {
            let last = at.into_iter().last().into_iter().collect();
            return self.entry_of(&Ast::new(Syntax::Name(member), span), last, span);
        }
        let family = self.family(&base, &places, at.clone(), name, span)?;
        if self.defining.as_ref() == Some(&family) {
            return Err(by_itself(name, span));
        }
        Ok(self.member(name, family, at, span))
    }

    /// The vector of which `z_{nk}` is an entry: `z_n`, where that is defined and no `z_{nk}` is.
    fn member_with_entries(&self, base: &Name, places: &[WrittenPlace]) -> Option<Name> {
        let (_, own) = places.split_last()?;
        let defines = |places: usize| self.headed.contains(&(base.clone(), places));
        let member = !own.is_empty() && defines(own.len()) && !defines(places.len());
        let index: Vec<String> = own.iter().map(WrittenPlace::text).collect();
        member.then(|| Name::new(&format!("{base}_{}", index.join(","))))
    }

    /// `x_1` and `x_n` beside `x_i` are members; what is declared or defined by itself, and `F_0`, have names of their own.
    fn is_fixed_member(&mut self, name: &Name, base: &Name, places: &[WrittenPlace]) -> bool {
        let number = places.iter().all(|p| p.letter.is_none() && p.offset > 0);
        let fixed = |p: &WrittenPlace| match p.letter.is_none() {
            true => p.offset > 0,
            false => index_letters(std::slice::from_ref(p)).all(|letter| self.is_size(letter)),
        };
        let member = places.iter().all(fixed)
            && self.indexed.contains(&(base.clone(), places.len()))
            && !self.own.contains(name);
        if member && number {
            self.indices.numbered.insert(name.clone());
        }
        member
    }

    /// `y_j` where a sum binds i: it may be a slip.
    fn note_unbound(&mut self, name: &Name, base: &Name, places: &[WrittenPlace]) {
        let family = self.indexed.contains(&(base.clone(), places.len()));
        let index = |l: &Name| family || matches!(l.as_str(), "i" | "j" | "k" | "l");
        if let Some(letter) = index_letters(places).find(|l| index(l)).filter(|_| !self.own.contains(name)) {
            self.indices.unbound.insert(name.clone(), letter.clone());
        }
    }

    /// A subscript that an index moves, but not as a place: `x_{2i}`.
    fn refuse_unread(&self, name: &Name, span: Span) -> Result<(), Error> {
        let Some((_, subscript)) = name.as_str().rsplit_once('_') else { return Ok(()) };
        let signs = subscript.contains(['+', '-']) || subscript.starts_with(|c: char| c.is_ascii_digit());
        let letter = subscript.chars().map(|c| Name::new(&c.to_string())).find(|l| self.bound(l).is_some());
        match letter.filter(|_| signs) {
            None => Ok(()),
            Some(letter) => {
                let message = format!("the subscript of `{name}` moves with the index `{letter}`, and is no place");
                Err(Error::new(Kind::Unsupported, message)
                    .at(span, "not indices and numbers, added")
                    .help("places are x_i, x_3, x_{i+1}, x_{i+k}, x_{i,j+1}: there is no rule yet for x_{2i}"))
            }
        }
    }

    /// Which of two sums over i is the i of `B_ii`?
    fn refuse_ambiguous(&self, name: &Name, places: &[WrittenPlace], span: Span) -> Result<(), Error> {
        let letters: Vec<&Name> = index_letters(places).collect();
        let twice = |l: &&&Name| letters.iter().filter(|o| o == l).count() > 1;
        let Some(letter) = letters.iter().find(|l| twice(l) && self.scope.iter().filter(|(s, _)| s == **l).count() > 1)
        else {
            return Ok(());
        };
        let message = format!("two sums bind the index `{letter}` of `{name}`: which of them is meant is not said");
        Err(Error::new(Kind::Name, message)
            .at(span, format!("`{letter}` of which sum"))
            .help("give one of the sums another letter"))
    }

    /// Whether the sums around say that two places differ: δ_ij below i < j is no Kronecker's, which would be 0.
    fn differ(&self, at: &[PlaceUse]) -> bool {
        use crate::expr::Comparator::{Different, Less};
        let [left, right] = at else { return false };
        self.conditions.iter().any(|c| {
            let same = (&c.left, &c.right) == (left, right) || (&c.left, &c.right) == (right, left);
            same && matches!(c.relation, Different | Less)
        })
    }

    /// Kronecker's δ.
    pub(super) fn delta(&mut self, base: &Name, at: &[PlaceUse], span: Span) -> Option<Ast> {
        let [left, right] = at else { return None };
        let condition =
            ConditionUse { left: left.clone(), relation: crate::expr::Comparator::Equal, right: right.clone() };
        (base.as_str() == "δ").then(|| self.leaf("δ", Leaf::Iverson(condition), span))
    }

    /// A name that ends a range, and is no index here.
    pub(super) fn is_size(&self, name: &Name) -> bool {
        self.sizes.contains(name) || self.known.is_some_and(|k| k.sizes.contains(name))
    }

    pub(super) fn places(&self, places: &[WrittenPlace], name: &Name, span: Span) -> Result<Vec<PlaceUse>, Error> {
        places.iter().map(|p| self.place(p).map_err(|letter| unbound(name, &letter, span))).collect()
    }

    /// A place; the letter that nothing binds where there is one.
    pub(super) fn place(&self, written: &WrittenPlace) -> Result<PlaceUse, Name> {
        let mut place = PlaceUse::fixed(written.offset);
        let own = written.letter.iter().map(|l| (1, l));
        for (times, letter) in own.chain(written.others.iter().map(|(times, l)| (*times, l))) {
            match self.bound(letter) {
                Some(id) if times == 1 && place.binding.is_none() => place.binding = Some(id),
                Some(id) => place.others.push((times, id)),
                None if self.is_size(letter) => place.sizes.push((times, letter.clone())),
                None => return Err(letter.clone()),
            }
        }
        Ok(place)
    }

    /// A subscript that nothing binds is part of the name, unless the name is a family or an array, or its letter is an
    /// index elsewhere in the statement.
    fn refuse_unbound(&self, name: &Name, base: &Name, places: &[WrittenPlace], span: Span) -> Result<(), Error> {
        let family = self.indexed.contains(&(base.clone(), places.len())) && !self.own.contains(name);
        let index = |l: &&Name| {
            let letter = matches!(l.as_str(), "i" | "j" | "k" | "l");
            self.bound_here.contains(*l)
                || letter && (self.whole.contains(base) || self.defined.contains(base) || family)
        };
        match index_letters(places).find(index) {
            Some(letter) => Err(unbound(name, letter, span)),
            None => Ok(()),
        }
    }

    pub(super) fn leaf(&mut self, word: &str, leaf: Leaf, span: Span) -> Ast {
        let name = Name::new(&format!("{word}⟨{}⟩", self.indices.leaves.len() + 1));
        self.indices.leaves.insert(name.clone(), leaf);
        Ast::new(Syntax::Name(name), span)
    }

    pub(super) fn member(&mut self, name: &Name, family: Name, at: Vec<PlaceUse>, span: Span) -> Ast {
        let same = |l: &Leaf| matches!(l, Leaf::Member { family: f, at: a } if *f == family && *a == at);
        if let Some((known, _)) = self.indices.leaves.iter().find(|(_, l)| same(l)) {
            return Ast::new(Syntax::Name(known.clone()), span);
        }
        let ast = self.leaf(name.as_str(), Leaf::Member { family: family.clone(), at }, span);
        if let Some(own) = name_of(&ast) {
            self.indices.aliases.insert(own.clone(), family);
        }
        ast
    }

    /// The family of a base, with one more way in which it is indexed.
    pub(super) fn family(
        &mut self,
        base: &Name,
        places: &[WrittenPlace],
        at: Vec<PlaceUse>,
        name: &Name,
        span: Span,
    ) -> Result<Name, Error> {
        let arity = places.len();
        if let Some(known) = self.family_of(base).cloned() {
            let family = &self.indices.families[&known];
            if family.arity != arity {
                return Err(two_arities(base, family, arity, span));
            }
            if let Some(f) = self.indices.families.get_mut(&known) {
                f.accesses.push((at, span));
            }
            return Ok(known);
        }
        let representative = Name::new(&format!("{name}⟨⟩"));
        let family = Family {
            base: base.clone(),
            arity,
            span,
            accesses: vec![(at, span)],
            whole: self.whole.contains(base),
            free: None,
        };
        self.indices.families.insert(representative.clone(), family);
        Ok(representative)
    }

    // ---- entries

    fn entry(&mut self, ast: &Ast, array: &Ast, at: &[Ast]) -> Result<Ast, Error> {
        if let Some(label) = self.label_of_entry(ast) {
            return self.entry_at_label(ast, label, &|entry| entry);
        }
        let places: Vec<WrittenPlace> = at.iter().map(written).collect::<Result<_, _>>()?;
        if let Some(name) = name_of(array) {
            // x^{(i)}_j has both indices
            let member = split_index(name).filter(|(_, own)| index_letters(own).any(|l| self.bound(l).is_some()));
            // and of vectors that stand whole it is an entry
            if member.as_ref().is_some_and(|(base, own)| self.vectors.contains(&(base.clone(), own.len()))) {
                let at = self.places(&places, name, ast.span)?;
                return self.entry_of(array, at, ast.span);
            }
            let (base, mut all) = member.unwrap_or_else(|| (name.clone(), vec![]));
            all.extend(places);
            let index: Vec<String> = all.iter().map(WrittenPlace::text).collect();
            return self.name(&Name::new(&format!("{base}_{}", index.join(","))), ast.span);
        }
        let at = self.places(&places, &Name::new("this"), ast.span)?;
        self.entry_of(array, at, ast.span)
    }

    /// The entry of an array at places.
    pub(super) fn entry_of(&mut self, base: &Ast, at: Vec<PlaceUse>, span: Span) -> Result<Ast, Error> {
        let spine = std::mem::replace(&mut self.on_spine, false);
        let value = self.expression(base)?;
        self.on_spine = spine;
        let array = Name::new(&format!("entry⟨{}⟩", self.before.len() + self.indices.leaves.len() + 1_000));
        self.before.push(Statement::Definition { name: array.clone(), name_span: base.span, value });
        Ok(self.leaf("entry", Leaf::Entry { array, at, span }, span))
    }
}
