//! From a document with indices to its skeleton.

use super::super::environment::Environment;
use super::super::names::visit;
use super::{
    ConditionUse, Family, Hoisted, IndexBinding, Indices, Leaf, PlaceUse, SAMPLE, Skeleton, expressions, heads,
    name_of, rebuild,
};
use crate::diag::{Error, Errors, Kind, Span};
use crate::expr::{Gathering, Name, Symbol};
use crate::syntax::{
    Ast, BinaryOp, Bound, Document, Sign, Statement, Syntax, WrittenCondition, WrittenPlace, index_letters, split_index,
};
use std::collections::BTreeSet;

pub(super) struct Reader<'a> {
    pub(super) indices: Indices,
    /// The document in which a single expression is read.
    pub(super) known: Option<&'a Environment>,
    /// Names that stand without an index, or are declared so.
    whole: BTreeSet<Name>,
    /// Names of definitions with free indices.
    free: BTreeSet<Name>,
    /// Sets sums go over.
    sets: BTreeSet<Name>,
    /// Families with a letter at their index somewhere, and how many indices they have.
    indexed: BTreeSet<(Name, usize)>,
    /// Names that are declared or defined as they stand.
    own: BTreeSet<Name>,
    /// Sizes that end ranges.
    sizes: BTreeSet<Name>,
    /// Indices in scope, innermost last.
    scope: Vec<(Name, usize)>,
    /// Letters any sum of this statement binds.
    bound_here: BTreeSet<Name>,
    /// What is random where an expectation is read, and the index of its samples.
    random: Option<(BTreeSet<Name>, usize)>,
    /// The family that is being defined.
    defining: Option<Name>,
    /// Definitions of sums and arrays before the statement that is being read.
    pub(super) before: Vec<Statement>,
    /// The term that is read is one of the value.
    on_spine: bool,
    /// Sums around the expression that is read.
    depth: usize,
}

impl<'a> Reader<'a> {
    pub fn new(document: &Document) -> Reader<'a> {
        Reader {
            whole: whole_names(document),
            free: heads::free(document),
            sets: sets(document),
            sizes: sizes(document),
            indexed: indexed(document),
            own: own_names(document),
            ..Reader::within(None)
        }
    }

    /// Of a single expression.
    pub fn within(known: Option<&'a Environment>) -> Reader<'a> {
        Reader {
            indices: Indices::default(),
            known,
            whole: BTreeSet::new(),
            free: BTreeSet::new(),
            sets: BTreeSet::new(),
            sizes: BTreeSet::new(),
            indexed: BTreeSet::new(),
            own: BTreeSet::new(),
            scope: Vec::new(),
            bound_here: BTreeSet::new(),
            random: None,
            defining: None,
            before: Vec::new(),
            on_spine: false,
            depth: 0,
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
        }
        self.declarations(&mut statements, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut document = Document { statements, ..document.clone() };
        document.notes.extend(self.indices.unbound.iter().map(|(name, letter)| super::remark_of_unbound(name, letter)));
        Ok(Skeleton { document, indices: self.indices })
    }

    fn statement(&mut self, statement: &Statement) -> Result<Statement, Error> {
        Ok(match statement {
            Statement::Definition { name, name_span, value } => {
                self.bound_here = bound_in(value);
                let symbol = self.head(name, *name_span)?;
                let read = self.expression(value)?;
                self.indices.written.insert(Symbol::from(&symbol), value.clone());
                Statement::Definition { name: symbol, name_span: *name_span, value: read }
            }
            Statement::Expression(value) => {
                self.bound_here = bound_in(value);
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
    fn head(&mut self, name: &Name, span: Span) -> Result<Name, Error> {
        if !self.free.contains(name) {
            return Ok(name.clone());
        }
        let Some((base, places)) = split_index(name) else { return Ok(name.clone()) };
        for letter in index_letters(&places) {
            self.bind(letter, None, span);
        }
        let free: Vec<usize> = self.scope.iter().map(|(_, id)| *id).collect();
        let at: Vec<PlaceUse> = free.iter().map(|id| PlaceUse::at(*id)).collect();
        let family = self.family(&base, &places, at, name, span)?;
        if let Some(f) = self.indices.families.get_mut(&family) {
            f.free = Some(free);
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
            } else if let Some((_, family)) = self.indices.families.iter().find(|(_, f)| f.base == d.name) {
                errors.extend(arity_declared(family, d));
            }
        }
    }

    fn family_of(&self, base: &Name) -> Option<&Name> {
        self.indices.families.iter().find(|(_, f)| f.base == *base).map(|(rep, _)| rep)
    }

    pub(super) fn bind(&mut self, letter: &Name, range: Option<(Ast, Ast)>, span: Span) -> usize {
        self.indices.bindings.push(IndexBinding { letter: letter.clone(), range, span });
        let id = self.indices.bindings.len() - 1;
        self.scope.push((letter.clone(), id));
        id
    }

    /// The last letters that were bound are not any more.
    pub(super) fn unbind(&mut self, letters: usize) {
        self.scope.truncate(self.scope.len().saturating_sub(letters));
    }

    fn bound(&self, letter: &Name) -> Option<usize> {
        self.scope.iter().rev().find(|(l, _)| l == letter).map(|(_, id)| *id)
    }

    // ---- expressions

    pub(super) fn expression(&mut self, ast: &Ast) -> Result<Ast, Error> {
        match &ast.kind {
            Syntax::Name(name) => self.name(name, ast.span),
            Syntax::Entry { base, at } => self.entry(ast, base, at),
            Syntax::Gathered { by, over, when, body } => self.gathered(*by, over, when, body, ast.span),
            Syntax::Call { function, args, .. } if function.as_str() == "stack" && self.known.is_some() => {
                self.stack(args, ast.span)
            }
            Syntax::Iverson(c) => {
                let condition = self.condition(c)?;
                Ok(self.leaf("δ", Leaf::Iverson(condition), ast.span))
            }
            Syntax::Bars(a) => match name_of(a).filter(|n| self.sets.contains(*n)) {
                Some(set) => self.size_of_set(set, ast.span),
                None => self.children(ast),
            },
            Syntax::Sum(_) | Syntax::Neg(_) | Syntax::Binary(BinaryOp::Mul | BinaryOp::Dot | BinaryOp::Star, ..) => {
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
        if let Some((random, sample)) = &self.random
            && random.contains(name)
        {
            let at = vec![PlaceUse::at(*sample)];
            let family = self.family(name, &[WrittenPlace { letter: None, offset: 0 }], at.clone(), name, span)?;
            if let Some(f) = self.indices.families.get_mut(&family) {
                f.whole = false;
            }
            return Ok(self.member(name, family, at, span));
        }
        if let Some(id) = self.bound(name).filter(|id| !self.is_variable_of_its_own(*id, name)) {
            return Ok(self.leaf(name.as_str(), Leaf::Number(PlaceUse::at(id)), span));
        }
        if let Some(known) = self.known {
            return self.known_name(known, name, span);
        }
        let Some((base, places)) = split_index(name) else {
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
            && let Some(delta) = self.delta(&base, &at, span)
        {
            return Ok(delta);
        }
        let family = self.family(&base, &places, at.clone(), name, span)?;
        if self.defining.as_ref() == Some(&family) {
            return Err(by_itself(name, span));
        }
        Ok(self.member(name, family, at, span))
    }

    /// `x_1` and `x_n` beside `x_i` are members; what is declared or defined by itself, and `F_0`, have names of their own.
    fn is_fixed_member(&mut self, name: &Name, base: &Name, places: &[WrittenPlace]) -> bool {
        let number = places.iter().all(|p| p.letter.is_none() && p.offset > 0);
        let fixed = |p: &WrittenPlace| match &p.letter {
            None => p.offset > 0,
            Some(letter) => self.is_size(letter),
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

    /// Kronecker's δ.
    pub(super) fn delta(&mut self, base: &Name, at: &[PlaceUse], span: Span) -> Option<Ast> {
        let [left, right] = at else { return None };
        let condition =
            ConditionUse { left: left.clone(), relation: crate::expr::Comparator::Equal, right: right.clone() };
        (base.as_str() == "δ").then(|| self.leaf("δ", Leaf::Iverson(condition), span))
    }

    /// A name that ends a range, and is no index here.
    fn is_size(&self, name: &Name) -> bool {
        self.sizes.contains(name) || self.known.is_some_and(|k| k.sizes.contains(name))
    }

    pub(super) fn places(&self, places: &[WrittenPlace], name: &Name, span: Span) -> Result<Vec<PlaceUse>, Error> {
        let place = |p: &WrittenPlace| match &p.letter {
            None => Ok(PlaceUse { binding: None, size: None, offset: p.offset }),
            Some(letter) => match self.bound(letter) {
                Some(id) => Ok(PlaceUse { offset: p.offset, ..PlaceUse::at(id) }),
                None if self.is_size(letter) => {
                    Ok(PlaceUse { binding: None, size: Some(letter.clone()), offset: p.offset })
                }
                None => Err(unbound(name, letter, span)),
            },
        };
        places.iter().map(place).collect()
    }

    /// A subscript that nothing binds is part of the name, unless the name is a family or an array, or its letter is an
    /// index elsewhere in the statement.
    fn refuse_unbound(&self, name: &Name, base: &Name, places: &[WrittenPlace], span: Span) -> Result<(), Error> {
        let family = self.indexed.contains(&(base.clone(), places.len())) && !self.own.contains(name);
        let index = |l: &&Name| {
            let letter = matches!(l.as_str(), "i" | "j" | "k" | "l");
            self.bound_here.contains(*l) || letter && (self.whole.contains(base) || family)
        };
        match index_letters(places).find(index) {
            Some(letter) => Err(unbound(name, letter, span)),
            None => Ok(()),
        }
    }

    fn leaf(&mut self, word: &str, leaf: Leaf, span: Span) -> Ast {
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

    fn entry(&mut self, ast: &Ast, base: &Ast, at: &[Ast]) -> Result<Ast, Error> {
        let places: Vec<WrittenPlace> = at.iter().map(written).collect::<Result<_, _>>()?;
        if let Some(name) = name_of(base) {
            // x^{(i)}_j has both indices
            let index: Vec<String> = places.iter().map(WrittenPlace::text).collect();
            return self.name(&Name::new(&format!("{name}_{}", index.join(","))), ast.span);
        }
        let at = self.places(&places, &Name::new("this"), ast.span)?;
        self.entry_of(base, at, ast.span)
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

    // ---- sums

    fn gathered(
        &mut self,
        by: Gathering,
        over: &[Bound],
        when: &[WrittenCondition],
        body: &Ast,
        span: Span,
    ) -> Result<Ast, Error> {
        let outside = self.scope.len();
        let random = self.random.clone();
        let mut masks = Vec::new();
        let mut ids = Vec::new();
        if by == Gathering::Expectation {
            ids.push(self.expectation(over, body, span)?);
        } else {
            for bound in self.bound_ones(over, when) {
                ids.push(self.bind(&bound.letter, bound.range.clone(), bound.letter_span));
            }
            for bound in over {
                if let Some((set, more)) = &bound.set {
                    masks.push(self.mask(set, &bound.letter, more, bound.letter_span)?);
                }
            }
        }
        let when = when.iter().map(|c| self.condition(c)).collect::<Result<Vec<_>, _>>()?;
        if !masks.is_empty() && by != Gathering::Sum {
            let message = "only sums go over sets: a mask of zeros and ones says what is in them";
            return Err(Error::new(Kind::Unsupported, message).at(span, "here"));
        }
        self.depth += 1;
        let mut read = self.expression(body)?;
        self.depth -= 1;
        for mask in masks.into_iter().rev() {
            read = Ast::new(Syntax::Binary(BinaryOp::Mul, Box::new(mask), Box::new(read)), body.span);
        }
        self.scope.truncate(outside);
        self.random = random;
        Ok(self.hoist(Hoisted { by, over: ids, when }, read, span))
    }

    /// In `Σ_{j ≠ i}` an index that is bound outside is not bound again.
    fn bound_ones<'b>(&self, over: &'b [Bound], when: &[WrittenCondition]) -> Vec<&'b Bound> {
        let compared = |l: &Name| when.iter().flat_map(WrittenCondition::sides).any(|s| name_of(s) == Some(l));
        let outside =
            |b: &&Bound| b.range.is_none() && b.set.is_none() && compared(&b.letter) && self.bound(&b.letter).is_some();
        let inner: Vec<&Bound> = over.iter().filter(|b| !outside(b)).collect();
        if inner.is_empty() { over.iter().collect() } else { inner }
    }

    fn hoist(&mut self, hoisted: Hoisted, body: Ast, span: Span) -> Ast {
        let name = Name::new(&format!("sum⟨{}⟩", self.indices.hoisted.len() + 1));
        self.indices.hoisted.insert(name.clone(), hoisted);
        if self.on_spine {
            self.indices.spine.insert(name.clone());
        }
        self.before.push(Statement::Definition { name: name.clone(), name_span: span, value: body });
        Ast::new(Syntax::Name(name), span)
    }

    /// The mask of a set at its indices.
    fn mask(&mut self, set: &Name, letter: &Name, more: &[Name], span: Span) -> Result<Ast, Error> {
        // `j ∈ N(i)`: the member i of N has j; `(i, j) ∈ Ω` in the order written
        let letters: Vec<Name> = std::iter::once(letter.clone()).chain(more.iter().cloned()).collect();
        let of_another = more.iter().any(|l| split_index(l).is_some()) || self.is_outer(more);
        let letters: Vec<Name> =
            if of_another { more.iter().cloned().chain([letter.clone()]).collect() } else { letters };
        let letters: Vec<Name> = letters
            .into_iter()
            .map(|l| split_index(&l).and_then(|(_, p)| index_letters(&p).next().cloned()).unwrap_or(l))
            .collect();
        let places: Vec<WrittenPlace> =
            letters.iter().map(|l| WrittenPlace { letter: Some(l.clone()), offset: 0 }).collect();
        let name = Name::new(&format!("{set}_{}", letters.iter().map(Name::as_str).collect::<String>()));
        let at = self.places(&places, &name, span)?;
        let family = self.family(set, &places, at.clone(), &name, span)?;
        if let Some(f) = self.indices.families.get_mut(&family) {
            f.whole = true;
        }
        Ok(self.member(&name, family, at, span))
    }

    /// Whether these letters are bound by a sum further out than the one just opened.
    fn is_outer(&self, letters: &[Name]) -> bool {
        let newest = self.scope.last().map(|(_, id)| *id);
        letters.iter().any(|l| self.bound(l).is_some_and(|id| Some(id) != newest))
            && letters.len() == 1
            && self.scope.len() > 1
            && self.scope.iter().rev().take(1).all(|(l, _)| !letters.contains(l))
            && self.depth > 0
    }

    /// `|B|`: how many are in it.
    fn size_of_set(&mut self, set: &Name, span: Span) -> Result<Ast, Error> {
        let outside = self.scope.len();
        let letter = Name::new("i");
        let id = self.bind(&letter, None, span);
        let mask = self.mask(set, &letter, &[], span)?;
        self.scope.truncate(outside);
        Ok(self.hoist(Hoisted { by: Gathering::Sum, over: vec![id], when: vec![] }, mask, span))
    }

    /// The index of the samples; what is random are members at it.
    fn expectation(&mut self, over: &[Bound], body: &Ast, span: Span) -> Result<usize, Error> {
        let listed: BTreeSet<Name> = over.iter().map(|b| b.letter.clone()).collect();
        let random = if listed.is_empty() { self.guessed_random(body, span)? } else { listed };
        let known = self.indices.bindings.iter().position(|b| b.letter.as_str() == SAMPLE);
        let id = known.unwrap_or_else(|| {
            self.indices.bindings.push(IndexBinding { letter: Name::new(SAMPLE), range: None, span });
            self.indices.bindings.len() - 1
        });
        self.random = Some((random, id));
        Ok(id)
    }

    /// Without a word on it, what is random has one of the letters of data, and stands nowhere else.
    fn guessed_random(&mut self, body: &Ast, span: Span) -> Result<BTreeSet<Name>, Error> {
        const DATA: &[&str] = &["x", "y", "z", "ε", "ξ", "X", "Y", "Z", "u", "r"];
        if let Some(known) = self.known {
            return Ok(known.samples().cloned().collect());
        }
        let mut found = BTreeSet::new();
        visit(body, &mut |node| {
            if let Some(name) = name_of(node).filter(|n| DATA.contains(&n.as_str())) {
                found.insert(name.clone());
            }
        });
        if found.is_empty() {
            let message = "nothing says what is random here";
            return Err(Error::new(Kind::Unsupported, message)
                .at(span, "this expectation")
                .help(r"name it: \mathbb{E}_x[…]"));
        }
        self.indices.guessed.extend(found.iter().cloned());
        Ok(found)
    }

    // ---- conditions

    fn condition(&self, c: &WrittenCondition) -> Result<ConditionUse, Error> {
        let side = |ast: &Ast| {
            let place = written(ast)?;
            Ok::<_, Error>(self.places(&[place], &Name::new("this"), ast.span)?.remove(0))
        };
        Ok(ConditionUse { left: side(&c.left)?, relation: c.relation, right: side(&c.right)? })
    }
}

/// The place an expression writes.
fn written(ast: &Ast) -> Result<WrittenPlace, Error> {
    let number = |a: &Ast| match &a.kind {
        Syntax::Number(text) => text.parse::<i64>().ok(),
        _ => None,
    };
    let place = match &ast.kind {
        Syntax::Name(letter) => Some(WrittenPlace { letter: Some(letter.clone()), offset: 0 }),
        Syntax::Number(_) => number(ast).map(|n| WrittenPlace { letter: None, offset: n }),
        Syntax::Sum(terms) => match terms.as_slice() {
            [(Sign::Plus, a), (sign, b)] => name_of(a).zip(number(b)).map(|(letter, n)| WrittenPlace {
                letter: Some(letter.clone()),
                offset: if *sign == Sign::Plus { n } else { -n },
            }),
            _ => None,
        },
        _ => None,
    };
    place.ok_or_else(|| {
        Error::new(Kind::Unsupported, "a place is an index, a number, or an index and a number")
            .at(ast.span, "not a place")
            .help("write x_i, x_3, x_{i+1}")
    })
}

/// Names that stand in expressions without an index, or are declared.
fn whole_names(document: &Document) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    for statement in &document.statements {
        let (ast, bound): (&Ast, &[Name]) = match statement {
            Statement::Definition { value, .. } | Statement::Expression(value) => (value, &[]),
            Statement::FunctionDefinition { body, parameters, .. } => (body, parameters),
            Statement::Declaration(d) => {
                names.insert(d.name.clone());
                continue;
            }
            Statement::SizeCondition { .. } => continue,
        };
        visit(ast, &mut |node| {
            if let Some(name) = name_of(node).filter(|n| !bound.contains(n)) {
                names.insert(name.clone());
            }
        });
    }
    names
}

/// The sets that sums go over.
fn sets(document: &Document) -> BTreeSet<Name> {
    let mut sets = BTreeSet::new();
    for ast in expressions(document) {
        visit(ast, &mut |node| {
            if let Syntax::Gathered { over, .. } = &node.kind {
                sets.extend(over.iter().filter_map(|b| b.set.as_ref().map(|(set, _)| set.clone())));
            }
        });
    }
    sets
}

/// Families with an index that a sum binds, and how many indices they have.
fn indexed(document: &Document) -> BTreeSet<(Name, usize)> {
    let mut found = BTreeSet::new();
    for ast in expressions(document) {
        let bound = bound_in(ast);
        visit(ast, &mut |node| {
            if let Some((base, places)) = name_of(node).and_then(split_index)
                && index_letters(&places).any(|l| bound.contains(l))
            {
                found.insert((base, places.len()));
            }
        });
    }
    found
}

/// Names that are declared or defined.
fn own_names(document: &Document) -> BTreeSet<Name> {
    let own = document.statements.iter().filter_map(|s| match s {
        Statement::Definition { name, .. } => Some(name),
        Statement::Declaration(d) => Some(&d.name),
        Statement::FunctionDefinition { .. } | Statement::Expression(_) | Statement::SizeCondition { .. } => None,
    });
    own.cloned().collect()
}

/// The sizes that end the ranges of sums.
fn sizes(document: &Document) -> BTreeSet<Name> {
    let mut sizes = BTreeSet::new();
    for ast in expressions(document) {
        visit(ast, &mut |node| {
            if let Syntax::Gathered { over, .. } = &node.kind {
                sizes.extend(over.iter().flat_map(Bound::expressions).filter_map(name_of).cloned());
            }
        });
    }
    sizes
}

/// The letters the sums of an expression bind.
fn bound_in(ast: &Ast) -> BTreeSet<Name> {
    let mut letters = BTreeSet::new();
    visit(ast, &mut |node| {
        if let Syntax::Gathered { over, by, .. } = &node.kind
            && *by != Gathering::Expectation
        {
            letters.extend(over.iter().map(|b| b.letter.clone()));
        }
    });
    letters
}

// ---- errors

fn unbound(name: &Name, letter: &Name, span: Span) -> Error {
    Error::new(Kind::Name, format!("nothing binds the index `{letter}` of `{name}`"))
        .at(span, format!("`{letter}` is free here"))
        .help(format!("sum over it, `\\sum_{letter} …`, in brackets where the sum has several terms; or name the value `z_{letter} = …`"))
}

fn two_arities(base: &Name, family: &Family, arity: usize, span: Span) -> Error {
    let words = |n: usize| if n == 1 { "one index".to_owned() } else { format!("{n} indices") };
    Error::new(Kind::Name, format!("`{base}` has {} in one place and {} in another", words(family.arity), words(arity)))
        .at(span, words(arity))
        .at(family.span, words(family.arity))
        .help("give the two families names of their own")
}

fn by_itself(name: &Name, span: Span) -> Error {
    let family = name.as_str().split('_').next().unwrap_or(name.as_str());
    let message =
        format!("`{family}` is defined by itself, by `{name}`: implicit definitions and recursions have no rule");
    Error::new(Kind::Unsupported, message)
        .at(span, "it stands on its own right side")
        .help("solve for it, or write out the steps, each with a name of its own")
}

/// A declared array with more or fewer indices than it has sizes.
fn arity_declared(family: &Family, d: &crate::syntax::Declaration) -> Option<Error> {
    let sizes = match &d.shape {
        crate::syntax::DeclaredShape::Sizes(sizes) => sizes.len(),
        crate::syntax::DeclaredShape::Scalar
        | crate::syntax::DeclaredShape::Elementwise
        | crate::syntax::DeclaredShape::Field { .. } => 0,
    };
    (sizes != family.arity).then(|| {
        let message = format!("`{}` is declared with {sizes} sizes and has {} indices here", family.base, family.arity);
        Error::new(Kind::Shape, message)
            .at(family.span, "its indices")
            .at(d.shape_span, "declared here")
            .help("an entry has one index for each size; the members of a family are declared with an index, `x_i: n`")
    })
}
