//! TEMPORARY stand-in
mod ast;
use crate::diag::*;
use crate::expr::*;
pub use ast::*;
#[derive(Clone, Debug, PartialEq)]
enum T {
    Num(String),
    Name(String),
    Op(String),
}
fn lex(s: &str) -> Vec<(T, Span)> {
    let cs: Vec<(usize, char)> = s.char_indices().collect();
    let mut i = 0;
    let mut o = vec![];
    let end = |i: usize| if i < cs.len() { cs[i].0 } else { s.len() };
    while i < cs.len() {
        let (p, c) = cs[i];
        if c == ' ' || c == '\n' || c == '\t' {
            i += 1;
            continue;
        }
        if c.is_ascii_digit() {
            let mut j = i;
            while j < cs.len() && cs[j].1.is_ascii_digit() {
                j += 1;
            }
            if j + 1 < cs.len() && cs[j].1 == '.' && cs[j + 1].1.is_ascii_digit() {
                j += 1;
                while j < cs.len() && cs[j].1.is_ascii_digit() {
                    j += 1;
                }
            }
            o.push((T::Num(s[p..end(j)].into()), Span::new(p, end(j))));
            i = j;
            continue;
        }
        if (c.is_alphabetic() && c != 'ᵀ') || c == '…' {
            let mut j = i + 1;
            if c != '…' {
                while j < cs.len() && ((cs[j].1.is_alphanumeric() && cs[j].1 != 'ᵀ') || cs[j].1 == '_') {
                    j += 1;
                }
            }
            o.push((T::Name(s[p..end(j)].into()), Span::new(p, end(j))));
            i = j;
            continue;
        }
        let mut hit = None;
        for op in ["...", ".*", "./", ".^", "||", "⁻¹"] {
            if s[p..].starts_with(op) {
                hit = Some(op);
                break;
            }
        }
        if let Some(op) = hit {
            let n = op.chars().count();
            o.push((if op == "..." { T::Name("…".into()) } else { T::Op(op.into()) }, Span::new(p, end(i + n))));
            i += n;
            continue;
        }
        let k = match c {
            '∘' | '⊙' => ".*".to_string(),
            '·' | '@' => "*".into(),
            'ᵀ' => "ᵀ".into(),
            _ => c.to_string(),
        };
        o.push((T::Op(k), Span::new(p, end(i + 1))));
        i += 1;
    }
    o
}
struct P<'a> {
    t: Vec<(T, Span)>,
    i: usize,
    vars: &'a std::collections::BTreeSet<Name>,
    norm: bool,
}
type R = Result<Ast, Error>;
impl P<'_> {
    fn op(&self, s: &str) -> bool {
        matches!(self.t.get(self.i),Some((T::Op(o),_)) if o==s)
    }
    fn err(&self) -> Error {
        Error::new(Kind::Syntax, format!("unexpected {:?} at {}", self.t.get(self.i), self.i))
    }
    fn eat(&mut self, s: &str) -> Result<(), Error> {
        if self.op(s) {
            self.i += 1;
            Ok(())
        } else {
            Err(self.err())
        }
    }
    fn mk(k: Syntax) -> Ast {
        Ast::new(k, Span::default())
    }
    fn sum(&mut self) -> R {
        let mut ts = vec![(Sign::Plus, self.l2()?)];
        loop {
            let s = if self.op("+") {
                Sign::Plus
            } else if self.op("-") {
                Sign::Minus
            } else {
                break;
            };
            self.i += 1;
            ts.push((s, self.l2()?));
        }
        Ok(if ts.len() == 1 { ts.pop().unwrap().1 } else { Self::mk(Syntax::Sum(ts)) })
    }
    fn l2(&mut self) -> R {
        let mut e = self.l3()?;
        loop {
            let k = if self.op(".*") {
                BinaryOp::Had
            } else if self.op("./") {
                BinaryOp::HadDiv
            } else {
                return Ok(e);
            };
            self.i += 1;
            let b = self.l3()?;
            e = Self::mk(Syntax::Binary(k, Box::new(e), Box::new(b)));
        }
    }
    fn starts(&self) -> bool {
        match self.t.get(self.i) {
            Some((T::Num(_) | T::Name(_), _)) => true,
            Some((T::Op(o), _)) => o == "(" || o == "[" || ((o == "||" || o == "‖") && !self.norm),
            None => false,
        }
    }
    fn l3(&mut self) -> R {
        let mut e = self.unary()?;
        loop {
            let k = if self.op("*") {
                self.i += 1;
                BinaryOp::Mul
            } else if self.op("/") {
                self.i += 1;
                BinaryOp::Div
            } else if self.op("⊗") {
                self.i += 1;
                BinaryOp::Kron
            } else if self.starts() {
                BinaryOp::Mul
            } else {
                return Ok(e);
            };
            let b = self.unary()?;
            e = Self::mk(Syntax::Binary(k, Box::new(e), Box::new(b)));
        }
    }
    fn unary(&mut self) -> R {
        if self.op("-") {
            self.i += 1;
            let a = self.unary()?;
            return Ok(Self::mk(Syntax::Neg(Box::new(a))));
        }
        self.post()
    }
    fn post(&mut self) -> R {
        let mut e = self.prim()?;
        loop {
            if self.op("^") {
                self.i += 1;
                if let Some((T::Name(n), _)) = self.t.get(self.i) {
                    if n == "T" {
                        self.i += 1;
                        e = Self::mk(Syntax::Transpose(Box::new(e)));
                        continue;
                    }
                }
                if self.op("-") {
                    if let Some((T::Name(n), _)) = self.t.get(self.i + 1) {
                        if n == "T" {
                            self.i += 2;
                            e = Self::mk(Syntax::Transpose(Box::new(Self::mk(Syntax::Inverse(Box::new(e))))));
                            continue;
                        }
                    }
                    if let Some((T::Num(n), _)) = self.t.get(self.i + 1) {
                        if n == "1" {
                            self.i += 2;
                            e = Self::mk(Syntax::Inverse(Box::new(e)));
                            continue;
                        }
                    }
                }
                let x = self.unary()?;
                e = Self::mk(Syntax::Power(Box::new(e), Box::new(x)));
            } else if self.op(".^") {
                self.i += 1;
                let x = self.unary()?;
                e = Self::mk(Syntax::ElementPower(Box::new(e), Box::new(x)));
            } else if self.op("ᵀ") || self.op("'") {
                self.i += 1;
                e = Self::mk(Syntax::Transpose(Box::new(e)));
            } else if self.op("⁻¹") {
                self.i += 1;
                e = Self::mk(Syntax::Inverse(Box::new(e)));
            } else {
                return Ok(e);
            }
        }
    }
    fn prim(&mut self) -> R {
        let (t, sp) = self.t.get(self.i).cloned().ok_or_else(|| self.err())?;
        match t {
            T::Num(n) => {
                self.i += 1;
                Ok(Ast::new(Syntax::Number(n), sp))
            }
            T::Name(n) => {
                let n = match n.as_str() {
                    "π" => "π",
                    "ln" => "log",
                    "σ" => {
                        if self.vars.contains(&Name::new("σ")) {
                            "σ"
                        } else {
                            "sigmoid"
                        }
                    }
                    o => o,
                }
                .to_string();
                let mut j = self.i + 1;
                while matches!(self.t.get(j),Some((T::Op(o),_)) if o=="'") {
                    j += 1;
                }
                let called = matches!(self.t.get(j),Some((T::Op(o),_)) if o=="(");
                if called && !self.vars.contains(&Name::new(&n)) {
                    let primes = (j - self.i - 1) as u32;
                    self.i = j + 1;
                    let save = self.norm;
                    self.norm = false;
                    let mut args = vec![self.sum()?];
                    while self.op(",") {
                        self.i += 1;
                        args.push(self.sum()?);
                    }
                    self.norm = save;
                    self.eat(")")?;
                    return Ok(Ast::new(Syntax::Call { function: Name::new(&n), function_span: sp, primes, args }, sp));
                }
                self.i += 1;
                Ok(Ast::new(Syntax::Name(Name::new(&n)), sp))
            }
            T::Op(o) if o == "(" => {
                self.i += 1;
                let save = self.norm;
                self.norm = false;
                let e = self.sum()?;
                self.norm = save;
                self.eat(")")?;
                Ok(e)
            }
            T::Op(o) if o == "[" => {
                self.i += 1;
                let mut rows = vec![vec![]];
                loop {
                    let e = self.sum()?;
                    rows.last_mut().unwrap().push(e);
                    if self.op(",") {
                        self.i += 1
                    } else if self.op(";") {
                        self.i += 1;
                        rows.push(vec![])
                    } else {
                        break;
                    }
                }
                self.eat("]")?;
                Ok(Ast::new(Syntax::Matrix(rows), sp))
            }
            T::Op(o) if o == "||" || o == "‖" => {
                self.i += 1;
                let save = self.norm;
                self.norm = true;
                let e = self.sum()?;
                self.norm = save;
                self.eat(&o)?;
                Ok(Ast::new(Syntax::Norm(NormKind::Two, Box::new(e)), sp))
            }
            _ => Err(self.err()),
        }
    }
}
fn whole(t: Vec<(T, Span)>, vars: &std::collections::BTreeSet<Name>) -> R {
    let mut p = P { t, i: 0, vars, norm: false };
    let e = p.sum()?;
    if p.i < p.t.len() {
        return Err(p.err());
    }
    Ok(e)
}
pub fn parse_expression(s: &str, sc: &Scope) -> Result<Ast, Error> {
    whole(lex(s), &sc.variables)
}
pub fn parse_document(text: &str) -> Result<Document, Errors> {
    let mut st = vec![];
    let mut depth = 0;
    let mut cur = String::new();
    let mut parts = vec![];
    for l in text.lines() {
        let l = l.split('#').next().unwrap();
        for c in l.chars() {
            if c == '[' {
                depth += 1
            }
            if c == ']' {
                depth -= 1
            }
            if c == ';' && depth == 0 { parts.push(std::mem::take(&mut cur)) } else { cur.push(c) }
        }
        if depth == 0 {
            parts.push(std::mem::take(&mut cur))
        }
    }
    let mut vars = std::collections::BTreeSet::new();
    let parts: Vec<String> = parts.into_iter().map(|p| p.trim().to_string()).filter(|p| !p.is_empty()).collect();
    for p in &parts {
        if let Some((n, _)) = p.split_once(':') {
            vars.insert(Name::new(n.trim()));
            continue;
        }
        let t = lex(p);
        for i in 0..t.len() {
            if let T::Name(n) = &t[i].0 {
                let mut j = i + 1;
                while matches!(t.get(j),Some((T::Op(o),_)) if o=="'") {
                    j += 1;
                }
                if !matches!(t.get(j),Some((T::Op(o),_)) if o=="(") {
                    vars.insert(Name::new(n));
                }
            }
        }
    }
    let mut decl = vec![];
    for p in &parts {
        if let Some((n, r)) = p.split_once(':') {
            let mut shape = vec![];
            let mut attrs = vec![];
            let mut sc = None;
            for w in r.split_whitespace() {
                if w == "x" {
                    continue;
                }
                if w == "scalar" {
                    sc = Some(DeclaredShape::Scalar);
                    continue;
                }
                if w == "elementwise" {
                    sc = Some(DeclaredShape::Elementwise);
                    vars.remove(&Name::new(n.trim()));
                    continue;
                }
                if let Some(a) = Attribute::ALL.iter().find(|a| a.0 == w) {
                    attrs.push((a.1, Span::default()));
                    continue;
                }
                shape.push(whole(lex(&w.replace("5d", "5 d")), &Default::default()).unwrap());
            }
            decl.push(Statement::Declaration(Declaration {
                name: Name::new(n.trim()),
                name_span: Span::default(),
                shape: sc.unwrap_or(DeclaredShape::Sizes(shape)),
                shape_span: Span::default(),
                attributes: attrs,
            }));
        }
    }
    st.extend(decl);
    for p in &parts {
        if p.contains(':') {
            continue;
        }
        if let Some((l, r)) = p.split_once('=') {
            let v = whole(lex(r), &vars).map_err(|e| vec![e])?;
            let l = l.trim();
            if let Some((f, a)) = l.split_once('(') {
                st.push(Statement::FunctionDefinition {
                    name: Name::new(f),
                    name_span: Span::default(),
                    parameter: Name::new(a.trim_end_matches(')')),
                    body: v,
                })
            } else {
                st.push(Statement::Definition { name: Name::new(l), name_span: Span::default(), value: v })
            }
        } else {
            st.push(Statement::Expression(whole(lex(p), &vars).map_err(|e| vec![e])?))
        }
    }
    Ok(Document { text: text.into(), latex: false, statements: st, notes: vec![] })
}
