//! Matching the left side of a rule in the e-graph, and writing its right side.

use super::analysis::{Class, Graph};
use super::language::Node;
use crate::expr::{
    ArrayFunction, Builtin, Expr, Function, Map, Name, Op, Shape, Size, Symbol, build, had, number, variable, zeros,
};
use crate::rules::{Fact, Pattern, RuleLetter};
use egg::Id;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the letters of a rule stand for at one place.
#[derive(Clone, Debug, Default)]
pub struct Binding {
    /// A letter stands for one class, a rest letter for the product of several.
    classes: BTreeMap<Symbol, Vec<Id>>,
    sizes: BTreeMap<Name, Size>,
    functions: BTreeMap<Name, Map>,
    /// The functions of arrays that letters stand for.
    fields: BTreeMap<Name, Name>,
    /// For `…`: the bindings of the letters that differ from term to term.
    family: Vec<BTreeMap<Symbol, Vec<Id>>>,
    /// What a letter of the family stands for in a term that is the common factor alone: `C = C .* 1`, `L = L I`.
    unit: Option<Expr>,
    /// Terms of the matched node that the rule leaves alone.
    untouched: Vec<Id>,
    /// Sizes in the letters of the rule that must come out equal once every letter is bound.
    unsettled: Vec<(Size, Size)>,
}

/// The matched term, down to the classes the letters stand for.
#[derive(Clone, Debug)]
pub enum Matched {
    Class(Id),
    Node(Arc<Op>, Vec<Matched>),
}

/// Every match of the rule at a node of class `id`.
pub fn matches(graph: &Graph, rule: &Pattern, node: &Node) -> Vec<(Binding, Matched)> {
    if !is_alike(rule.left.op(), &node.op) {
        return vec![];
    }
    let mut found = Matcher { graph, rule }.node(&rule.left, node, Binding::default(), true);
    found.retain(|(binding, _)| binding.settled());
    found
}

impl Binding {
    /// Whether one of several letters moves, and no other.
    pub fn moves_alone(&self, graph: &Graph) -> bool {
        let all = || self.family.iter().chain([&self.classes]).flat_map(BTreeMap::values).flatten();
        let moving = all().filter(|id| graph[**id].data.varying).count();
        moving == 1 && all().count() > 1
    }

    fn settled(&self) -> bool {
        let known = |s: &Size| s.substitute(&|a| self.sizes.get(a.name()?).cloned());
        self.unsettled.iter().all(|(pattern, size)| known(pattern) == *size)
    }

    fn unify_shape(&mut self, pattern: &Shape, shape: &Shape) -> Option<()> {
        self.unify_size(&pattern.rows, &shape.rows)?;
        self.unify_size(&pattern.cols, &shape.cols)
    }

    /// A lone size letter binds; anything else must come out equal in the end.
    fn unify_size(&mut self, pattern: &Size, size: &Size) -> Option<()> {
        let Some(letter) = pattern.as_name() else {
            if pattern.as_constant().is_some() {
                return (pattern == size).then_some(());
            }
            self.unsettled.push((pattern.clone(), size.clone()));
            return Some(());
        };
        let bound = self.sizes.entry(letter.clone()).or_insert_with(|| size.clone());
        (bound == size).then_some(())
    }
}

struct Matcher<'a> {
    graph: &'a Graph,
    rule: &'a Pattern,
}

type Matches = Vec<(Binding, Matched)>;

impl Matcher<'_> {
    fn class(&self, id: Id) -> &Class {
        &self.graph[id].data
    }

    fn letter(&self, pattern: &Expr) -> Option<&RuleLetter> {
        pattern.as_variable().and_then(|v| self.rule.letters.get(&v.name))
    }

    /// Matches a pattern against a class: a letter binds it, anything else looks through its nodes.
    fn pattern(&self, pattern: &Expr, id: Id, binding: Binding) -> Matches {
        if let Some(letter) = self.letter(pattern) {
            return self.bind(letter, id, binding).map(|b| (b, Matched::Class(id))).into_iter().collect();
        }
        if let (Op::Ones(shape), Some(n)) = (pattern.op(), &self.class(id).number) {
            return self.number_as_ones(shape, n.is_one(), id, binding);
        }
        let nodes = self.graph[id].nodes.iter().filter(|n| is_alike(pattern.op(), &n.op) && !self.is_loop(n, id));
        nodes.flat_map(|n| self.node(pattern, n, binding.clone(), false)).collect()
    }

    /// Where a rule of arrays is used for scalars, the number 1 is its array of ones.
    fn number_as_ones(&self, shape: &Shape, one: bool, id: Id, mut binding: Binding) -> Matches {
        let fits = one && binding.unify_shape(shape, &Shape::scalar()).is_some();
        if fits { vec![(binding, Matched::Class(id))] } else { vec![] }
    }

    /// A node that has its own class as an argument (`x = 1 x`) leads nowhere.
    fn is_loop(&self, node: &Node, id: Id) -> bool {
        node.args.iter().any(|a| self.graph.find(*a) == self.graph.find(id))
    }

    fn bind(&self, letter: &RuleLetter, id: Id, mut binding: Binding) -> Option<Binding> {
        let id = self.graph.find(id);
        if let Some(bound) = binding.classes.get(&letter.name) {
            return (bound[..] == [id]).then_some(binding);
        }
        let class = self.class(id);
        self.admits(letter, class).then_some(())?;
        let free_shape = letter.rest && class.shape.is_scalar();
        if !free_shape {
            binding.unify_shape(letter.shape.as_ref()?, &class.shape)?;
        }
        binding.classes.insert(letter.name.clone(), vec![id]);
        Some(binding)
    }

    /// The conditions of a letter; a rule fires on yes alone.
    fn admits(&self, letter: &RuleLetter, class: &Class) -> bool {
        let fact = |f: &Fact| match f {
            Fact::Varying => class.varying,
            Fact::Constant => !class.varying,
            Fact::Symmetric
            | Fact::Diagonal
            | Fact::Orthogonal
            | Fact::Semidefinite
            | Fact::Definite
            | Fact::Positive
            | Fact::Distribution
            | Fact::StochasticRows
            | Fact::Centred => class.facts.has(*f),
            // implied by the left side of the rules that name them
            Fact::Invertible | Fact::InDomain => true,
        };
        letter.facts.iter().all(fact) && !(letter.array && class.shape.is_scalar())
    }

    fn node(&self, pattern: &Expr, node: &Node, binding: Binding, root: bool) -> Matches {
        let Some(binding) = self.operator(pattern.op(), &node.op, binding) else { return vec![] };
        match pattern.op() {
            Op::Add | Op::Had => self.nary(pattern, node, binding, root),
            _ if pattern.args().len() == node.args.len() => {
                let none = (binding, Vec::new());
                let found =
                    pattern.args().iter().zip(&node.args).fold(vec![none], |found, (p, id)| self.extend(found, p, *id));
                found.into_iter().map(|(b, args)| (b, Matched::Node(node.op.clone(), args))).collect()
            }
            _ => vec![],
        }
    }

    fn extend(&self, found: Vec<(Binding, Vec<Matched>)>, pattern: &Expr, id: Id) -> Vec<(Binding, Vec<Matched>)> {
        let one = |(b, args): (Binding, Vec<Matched>)| {
            let step = move |(b, m): (Binding, Matched)| (b, [args.as_slice(), &[m]].concat());
            self.pattern(pattern, id, b).into_iter().map(step).collect::<Vec<_>>()
        };
        found.into_iter().flat_map(one).collect()
    }

    /// Operators are equal up to the rule's size letters and function letters.
    fn operator(&self, pattern: &Op, op: &Op, mut binding: Binding) -> Option<Binding> {
        match (pattern, op) {
            (Op::Map(p), Op::Map(m)) => self.function(p, m, binding),
            (Op::Field(p), Op::Field(f)) => self.field(p, f, binding),
            (Op::Eye(p), Op::Eye(n))
            | (Op::Tril(p), Op::Tril(n))
            | (Op::Duplication(p), Op::Duplication(n))
            | (Op::SizeNumber(p), Op::SizeNumber(n)) => binding.unify_size(p, n).map(|()| binding),
            (Op::Ones(p), Op::Ones(s)) | (Op::Zeros(p), Op::Zeros(s)) => binding.unify_shape(p, s).map(|()| binding),
            (Op::Commutation(a, b), Op::Commutation(n, m))
            | (Op::Unit(a, b), Op::Unit(n, m))
            | (Op::Unvec(a, b), Op::Unvec(n, m)) => {
                binding.unify_size(a, n)?;
                binding.unify_size(b, m).map(|()| binding)
            }
            _ => (pattern == op).then_some(binding),
        }
    }

    /// A letter `f` stands for any elementwise function, differentiated any number of times.
    fn function(&self, pattern: &Map, found: &Map, mut binding: Binding) -> Option<Binding> {
        match &pattern.function {
            Function::Abstract(letter) if pattern.order == 0 => {
                binding.functions.insert(letter.clone(), found.clone());
                Some(binding)
            }
            Function::Abstract(_) | Function::Builtin(_) => (pattern == found).then_some(binding),
        }
    }

    /// A letter stands for any function of arrays with a scalar value, or for any with a vector, the same everywhere.
    fn field(&self, pattern: &ArrayFunction, found: &ArrayFunction, mut binding: Binding) -> Option<Binding> {
        let scalars = [pattern, found].map(|f| f.codomain.is_one());
        (pattern.slope == found.slope && scalars[0] == scalars[1]).then_some(())?;
        binding.unify_size(&pattern.codomain, &found.codomain)?;
        let bound = binding.fields.entry(pattern.name.clone()).or_insert_with(|| found.name.clone());
        (*bound == found.name).then_some(binding)
    }

    /// Sums and elementwise products: with `…` as a family, with a `rest` letter, or term by term.
    fn nary(&self, pattern: &Expr, node: &Node, binding: Binding, root: bool) -> Matches {
        match pattern.args() {
            [member, dots] | [dots, member] if is_dots(dots) => self.family(member, node, binding),
            [one, rest] if self.letter(rest).is_some_and(|l| l.rest) => self.one_and_rest(one, rest, node, binding),
            args => self.unordered(args, node, binding, root),
        }
    }

    /// One argument matches `one`, the letter `rest` takes all others.
    fn one_and_rest(&self, one: &Expr, rest: &Expr, node: &Node, binding: Binding) -> Matches {
        let Some(letter) = self.letter(rest) else { return vec![] };
        let mut found = Vec::new();
        for i in 0..node.args.len() {
            let others: Vec<Id> = without(&node.args, i);
            for (b, matched) in self.pattern(one, node.args[i], binding.clone()) {
                if let Some(b) = self.bind_rest(letter, &node.op, &others, b) {
                    let args = place(&node.args, i, matched);
                    found.push((b, Matched::Node(node.op.clone(), args)));
                }
            }
        }
        found
    }

    /// Binds a rest letter to the arguments left over: one class, or a product of several that the right side builds.
    fn bind_rest(&self, letter: &RuleLetter, op: &Arc<Op>, others: &[Id], mut binding: Binding) -> Option<Binding> {
        if others.len() == 1 {
            return self.bind(letter, others[0], binding);
        }
        let shapes: Vec<Shape> = others.iter().map(|id| self.class(*id).shape.clone()).collect();
        let shape = crate::expr::derive_shape(op, &shapes)?;
        let varying = others.iter().any(|id| self.class(*id).varying);
        let class = Class { shape: shape.clone(), varying, ..Class::unknown(shape.clone()) };
        self.admits(letter, &class).then_some(())?;
        if !shape.is_scalar() {
            binding.unify_shape(letter.shape.as_ref()?, &shape)?;
        }
        binding.classes.insert(letter.name.clone(), others.iter().map(|id| self.graph.find(*id)).collect());
        Some(binding)
    }

    /// `A + …` takes every argument; with a common letter, `L A + …` takes the largest group of arguments that share it.
    fn family(&self, member: &Expr, node: &Node, binding: Binding) -> Matches {
        let common = self.rule.letters.values().find(|l| l.common && member.mentions(&l.name));
        match common {
            None => self.whole_family(member, node, binding).into_iter().collect(),
            Some(letter) => self.groups(member, letter, node, &binding),
        }
    }

    fn whole_family(&self, member: &Expr, node: &Node, mut binding: Binding) -> Option<(Binding, Matched)> {
        let mut args = Vec::new();
        for id in &node.args {
            let (own, matched) = self.member(member, *id, &binding)?;
            binding.sizes = own.sizes;
            binding
                .family
                .push(own.classes.into_iter().filter(|(name, _)| !binding.classes.contains_key(name)).collect());
            args.push(matched);
        }
        Some((binding, Matched::Node(node.op.clone(), args)))
    }

    /// A member of a family; in an elementwise product the members may have different shapes (scalars scale).
    fn member(&self, member: &Expr, id: Id, binding: &Binding) -> Option<(Binding, Matched)> {
        if let Some(letter) = self.letter(member) {
            let mut own = binding.clone();
            let _ = own.unify_shape(letter.shape.as_ref()?, &self.class(id).shape);
            own.classes.insert(letter.name.clone(), vec![self.graph.find(id)]);
            return Some((own, Matched::Class(id)));
        }
        self.scaled_member(member, id, binding).into_iter().next()
    }

    /// A member that is linear in its own letter, or a multiple of one: `L A + k (L B) = L (A + k B)`.
    fn scaled_member(&self, member: &Expr, id: Id, binding: &Binding) -> Matches {
        let mut found = self.pattern(member, id, binding.clone());
        let linear = matches!(member.op(), Op::Mul | Op::Transpose | Op::Kron | Op::Builtin(Builtin::Diag));
        let multiples = self.graph[id].nodes.iter().filter(|n| linear && !self.is_loop(n, id));
        for (node, at) in multiples.filter_map(|n| Some((n, self.multiple(n)?))) {
            for (mut own, matched) in self.pattern(member, node.args[at], binding.clone()) {
                if self.scale(member, &without(&node.args, at), binding, &mut own) {
                    found.push((own, Matched::Node(node.op.clone(), place(&node.args, at, matched))));
                }
            }
        }
        found
    }

    /// Which argument of `k A` the array is.
    fn multiple(&self, node: &Node) -> Option<usize> {
        let mut arrays = (0..node.args.len()).filter(|i| !self.class(node.args[*i]).shape.is_scalar());
        let at = arrays.next().filter(|_| *node.op == Op::Had)?;
        arrays.next().is_none().then_some(at)
    }

    /// Puts scalars beside what the member's own letter stands for.
    fn scale(&self, member: &Expr, scalars: &[Id], binding: &Binding, own: &mut Binding) -> bool {
        let letters = self.rule.letters.values().filter(|l| !l.common && member.mentions(&l.name));
        let mut free = letters.filter(|l| !binding.classes.contains_key(&l.name));
        let (Some(letter), None) = (free.next(), free.next()) else { return false };
        let ids = scalars.iter().map(|id| self.graph.find(*id));
        own.classes.get_mut(&letter.name).map(|class| class.extend(ids)).is_some()
    }

    /// For every value of the common letter: the arguments that match with it, if there are two or more.
    fn groups(&self, member: &Expr, common: &RuleLetter, node: &Node, binding: &Binding) -> Matches {
        if *member.op() == Op::Had && self.is_repetitive(node) {
            return vec![];
        }
        let matched: Vec<Matches> = node.args.iter().map(|id| self.scaled_member(member, *id, binding)).collect();
        let mut values: Vec<&Vec<Id>> = matched.iter().flatten().map(|(b, _)| &b.classes[&common.name]).collect();
        values.sort();
        values.dedup();
        let unit = |value: &[Id]| self.unit(member, common, value);
        values.into_iter().filter_map(|value| self.group(common, value, node, &matched, binding, unit(value))).collect()
    }

    /// Whether a term occurs twice: equal terms are collected before a factor comes out, or x = 1/2 (x + x) has no end.
    fn is_repetitive(&self, node: &Node) -> bool {
        let mut ids: Vec<Id> = node.args.iter().map(|id| self.graph.find(*id)).collect();
        ids.sort();
        ids.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// The other factor of a term that is the common factor alone.
    fn unit(&self, member: &Expr, common: &RuleLetter, value: &[Id]) -> Option<Expr> {
        let [id] = value else { return None };
        let shape = &self.class(*id).shape;
        match member.op() {
            Op::Had => Some(crate::expr::ones(shape)),
            Op::Mul if member.args()[0].mentions(&common.name) => Some(crate::expr::eye(&shape.cols)),
            Op::Mul => Some(crate::expr::eye(&shape.rows)),
            _ => None,
        }
    }

    fn group(
        &self,
        common: &RuleLetter,
        value: &[Id],
        node: &Node,
        matched: &[Matches],
        binding: &Binding,
        unit: Option<Expr>,
    ) -> Option<(Binding, Matched)> {
        let mut group = Binding { unit, ..binding.clone() };
        let mut args = Vec::new();
        for (id, found) in node.args.iter().zip(matched) {
            let hit = found.iter().find(|(b, _)| b.classes[&common.name] == value && agree(&group.sizes, &b.sizes));
            if let Some((b, m)) = hit {
                group.sizes.extend(b.sizes.clone());
                let own = b.classes.iter().filter(|(n, _)| **n != common.name);
                group.family.push(own.map(|(n, ids)| (n.clone(), ids.clone())).collect());
                args.push(m.clone());
            } else {
                let alone = group.unit.as_ref().and_then(|unit| self.alone(common, value, *id, unit));
                let (member, matched) = alone.unzip();
                match member {
                    Some(member) => group.family.push(member),
                    None => group.untouched.push(*id),
                }
                args.push(matched.unwrap_or(Matched::Class(*id)));
            }
        }
        group.classes.insert(common.name.clone(), value.to_vec());
        (group.family.len() >= 2).then(|| (group, Matched::Node(node.op.clone(), args)))
    }

    /// A term that is the common factor alone, or a multiple of it, which multiplies the identity.
    fn alone(
        &self,
        common: &RuleLetter,
        value: &[Id],
        id: Id,
        unit: &Expr,
    ) -> Option<(BTreeMap<Symbol, Vec<Id>>, Matched)> {
        let [value] = value else { return None };
        if *value == self.graph.find(id) {
            return Some((BTreeMap::new(), Matched::Class(id)));
        }
        let node = self.graph[id].nodes.iter().find(|n| {
            !self.is_loop(n, id) && self.multiple(n).is_some_and(|at| self.graph.find(n.args[at]) == *value)
        })?;
        let mut letters = self.rule.letters.values().filter(|l| l.name != common.name);
        let (Some(letter), None, Op::Eye(_)) = (letters.next(), letters.next(), unit.op()) else { return None };
        let scalars = without(&node.args, self.multiple(node)?);
        let matched = Matched::Node(node.op.clone(), node.args.iter().map(|a| Matched::Class(*a)).collect());
        Some((BTreeMap::from([(letter.name.clone(), scalars)]), matched))
    }

    /// Arguments in any order; at the root of a rule the node may have more than the rule names.
    fn unordered(&self, patterns: &[Expr], node: &Node, binding: Binding, root: bool) -> Matches {
        if node.args.len() < patterns.len() || (!root && node.args.len() != patterns.len()) {
            return vec![];
        }
        let start = (binding, node.args.iter().map(|id| Matched::Class(*id)).collect::<Vec<_>>(), Vec::<usize>::new());
        let choose = |found: Vec<(Binding, Vec<Matched>, Vec<usize>)>, p: &Expr| {
            let mut next = Vec::new();
            for (b, args, used) in found {
                for i in (0..node.args.len()).filter(|i| !used.contains(i)) {
                    for (b, m) in self.pattern(p, node.args[i], b.clone()) {
                        let mut args = args.clone();
                        args[i] = m;
                        next.push((b, args, [used.as_slice(), &[i]].concat()));
                    }
                }
            }
            next
        };
        patterns
            .iter()
            .fold(vec![start], choose)
            .into_iter()
            .map(|(mut b, args, used)| {
                b.untouched = (0..node.args.len()).filter(|i| !used.contains(i)).map(|i| node.args[i]).collect();
                (b, Matched::Node(node.op.clone(), args))
            })
            .collect()
    }
}

/// Whether two operators are of one kind, so that they may be equal up to letters.
fn is_alike(pattern: &Op, op: &Op) -> bool {
    std::mem::discriminant(pattern) == std::mem::discriminant(op)
}

fn agree(a: &BTreeMap<Name, Size>, b: &BTreeMap<Name, Size>) -> bool {
    b.iter().all(|(name, size)| a.get(name).is_none_or(|s| s == size))
}

fn without(args: &[Id], i: usize) -> Vec<Id> {
    args.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, id)| *id).collect()
}

fn place(args: &[Id], i: usize, matched: Matched) -> Vec<Matched> {
    let mut placed: Vec<Matched> = args.iter().map(|id| Matched::Class(*id)).collect();
    placed[i] = matched;
    placed
}

pub fn is_dots(e: &Expr) -> bool {
    e.as_variable().is_some_and(|v| v.name == Symbol::Rest)
}

/// The tree leaf that stands for an e-class: the number it is known to be, or a reference to it.
pub fn reference(graph: &Graph, id: Id) -> Expr {
    let class = &graph[id].data;
    match &class.number {
        Some(n) => number(n.clone()),
        None if class.zero => zeros(&class.shape),
        None => variable(Symbol::Class(usize::from(id) as u32), &class.shape),
    }
}

/// The e-class a leaf made by `reference` stands for.
pub fn referenced(e: &Expr) -> Option<Id> {
    let Symbol::Class(id) = e.as_variable()?.name else { return None };
    Some(Id::from(id as usize))
}

/// The right side of a rule under a binding, normalised by the constructors.
pub fn instantiate(graph: &Graph, rule: &Pattern, binding: &Binding) -> Expr {
    let right = RuleWriter { graph, rule, binding }.write(rule.right(), None);
    if binding.untouched.is_empty() {
        return right;
    }
    let mut args = vec![right];
    args.extend(binding.untouched.iter().map(|id| reference(graph, *id)));
    build(rule.left.op().clone(), args)
}

/// A term of the rule's letters under a binding; `None` where it speaks of a letter that is not bound once.
pub fn written(graph: &Graph, rule: &Pattern, binding: &Binding, term: &Expr) -> Option<Expr> {
    let bound = |n: &Symbol| !rule.letters.contains_key(n) || binding.classes.contains_key(n);
    term.variables().iter().all(bound).then(|| RuleWriter { graph, rule, binding }.write(term, None))
}

/// A scalar among arrays of a sum stands for that scalar in every entry: `p ∘ a − (pᵀ a) p = p ∘ (a − pᵀ a)`.
fn broadcast(terms: Vec<Expr>) -> Vec<Expr> {
    let Some(shape) = terms.iter().map(Expr::shape).find(|s| !s.is_scalar()).cloned() else { return terms };
    let lift = |e: Expr| if e.is_scalar() { had(vec![e, crate::expr::ones(&shape)]) } else { e };
    terms.into_iter().map(lift).collect()
}

struct RuleWriter<'a> {
    graph: &'a Graph,
    rule: &'a Pattern,
    binding: &'a Binding,
}

impl RuleWriter<'_> {
    /// Writes a pattern; `member` says which member of the family it is written for.
    fn write(&self, pattern: &Expr, member: Option<usize>) -> Expr {
        match pattern.op() {
            Op::Variable(v) => self.letter(&v.name, member),
            Op::Add | Op::Had if pattern.args().iter().any(is_dots) => self.family(pattern, member),
            Op::Differential => self.differential(&pattern.args()[0], member),
            op => {
                let args = pattern.args().iter().map(|a| self.write(a, member)).collect();
                build(self.operator(op), args)
            }
        }
    }

    fn letter(&self, name: &Symbol, member: Option<usize>) -> Expr {
        let own = member.and_then(|i| self.binding.family[i].get(name));
        match (own.or_else(|| self.binding.classes.get(name)), &self.binding.unit) {
            (Some(ids), Some(unit)) if matches!(unit.op(), Op::Eye(_)) && self.is_scalar(ids) => {
                had(vec![self.product(ids), unit.clone()])
            }
            (Some(ids), _) => self.product(ids),
            (None, Some(unit)) => unit.clone(),
            (None, None) => unreachable!("rule {}: letter {name} stands on the right side only", self.rule.rule.name),
        }
    }

    fn is_scalar(&self, ids: &[Id]) -> bool {
        ids.iter().all(|id| self.graph[*id].data.shape.is_scalar())
    }

    fn product(&self, ids: &[Id]) -> Expr {
        had(ids.iter().map(|id| reference(self.graph, *id)).collect())
    }

    /// Outside a member, `p(A) + …` is p for every member; inside one, `q .* …` is q and the other members.
    fn family(&self, pattern: &Expr, member: Option<usize>) -> Expr {
        let count = self.binding.family.len();
        let mut args = Vec::new();
        for a in pattern.args().iter().filter(|a| !is_dots(a)) {
            match member {
                Some(_) => args.push(self.write(a, member)),
                None => args.extend((0..count).map(|i| self.write(a, Some(i)))),
            }
        }
        if let Some(i) = member {
            let others = (0..count).filter(|j| *j != i);
            args.extend(others.flat_map(|j| self.binding.family[j].values().map(|ids| self.product(ids))));
        }
        if *pattern.op() == Op::Add { crate::expr::add(broadcast(args)) } else { build(pattern.op().clone(), args) }
    }

    /// d of what does not vary is zero at once: terms that do not move never appear.
    fn differential(&self, argument: &Expr, member: Option<usize>) -> Expr {
        let e = self.write(argument, member);
        let constant = match referenced(&e) {
            Some(id) => !self.graph[id].data.varying,
            None => true,
        };
        if constant { zeros(&e.shape().clone()) } else { crate::expr::differential(e) }
    }

    fn operator(&self, op: &Op) -> Op {
        if let Op::Map(m) = op {
            return Op::Map(self.function(m));
        }
        let mut op = op.map_sizes(&mut |s| s.substitute(&|a| self.binding.sizes.get(a.name()?).cloned()));
        if let Op::Field(field) = &mut op
            && let Some(name) = self.binding.fields.get(&field.name)
        {
            field.name = name.clone();
        }
        op
    }

    fn function(&self, m: &Map) -> Map {
        match &m.function {
            Function::Abstract(letter) => match self.binding.functions.get(letter) {
                Some(found) => Map { function: found.function.clone(), order: found.order + m.order },
                None => m.clone(),
            },
            Function::Builtin(_) => m.clone(),
        }
    }
}
