//! Pages as Word's own markup: paragraphs of WordprocessingML with formulas of Office Math (OMML). Formulas come spelled in
//! MathML and are translated element by element, as Word does when MathML is pasted.

use super::notation::escaped;
use super::page::{Beside, Page, Part, Relation, Row, TitleRun};

const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\"";

/// Paragraphs for the body of a document of one's own, in an element that declares their prefixes.
pub fn fragment(page: &Page) -> String {
    format!("<w:body {NAMESPACES}>\n{}</w:body>\n", paragraphs(page))
}

/// A whole document in one file (flat OPC), which Word opens.
pub fn document(page: &Page) -> String {
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument";
    let part = |name: &str, kind: &str, data: &str| {
        format!(
            "<pkg:part pkg:name=\"{name}\" pkg:contentType=\"application/vnd.openxmlformats-{kind}+xml\">\n\
             <pkg:xmlData>\n{data}\n</pkg:xmlData>\n</pkg:part>\n"
        )
    };
    let relations = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{relation}\" Target=\"word/document.xml\"/></Relationships>"
    );
    let main = format!("<w:document {NAMESPACES}>\n<w:body>\n{}</w:body>\n</w:document>", paragraphs(page));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<?mso-application progid=\"Word.Document\"?>\n\
         <pkg:package xmlns:pkg=\"http://schemas.microsoft.com/office/2006/xmlPackage\">\n{}{}</pkg:package>\n",
        part("/_rels/.rels", "package.relationships", &relations),
        part("/word/document.xml", "officedocument.wordprocessingml.document.main", &main),
    )
}

fn paragraphs(page: &Page) -> String {
    let parts: String = page.parts.iter().map(part).collect();
    let remarks: String =
        page.remarks.iter().chain([&page.said_of_check()]).map(|r| paragraph(&words(r, ""))).collect();
    parts + &remarks
}

fn part(part: &Part) -> String {
    match part {
        Part::Section(title) => paragraph(&words(title, "<w:rPr><w:b/></w:rPr>")),
        Part::Title(spans) => paragraph(&(spans.iter().map(span).collect::<String>() + &words(":", ""))),
        Part::Sentence(spans) => paragraph(&spans.iter().map(span).collect::<String>()),
        Part::Lines(rows) => paragraph(&lines(rows)),
    }
}

fn paragraph(inner: &str) -> String {
    format!("<w:p>{inner}</w:p>\n")
}

fn words(text: &str, look: &str) -> String {
    format!("<w:r>{look}<w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(text))
}

fn span(span: &TitleRun) -> String {
    match span {
        TitleRun::Words(text) => words(text, ""),
        TitleRun::Math(formula) => format!("<m:oMath>{}</m:oMath>", translated(formula)),
    }
}

/// Rows aligned at their relations: of a `&` in an array of equations Word makes the place where they are.
fn lines(rows: &[Row]) -> String {
    let lines: Vec<String> = rows.iter().flat_map(equations).collect();
    let lines = lines.iter().map(|l| element("e", l)).collect::<String>();
    format!("<m:oMathPara><m:oMath><m:eqArr>{lines}</m:eqArr></m:oMath></m:oMathPara>")
}

fn equations(row: &Row) -> Vec<String> {
    let relation = match row.relation {
        Relation::Equals => "=",
        Relation::Becomes => "←",
    };
    let beside = row.beside.as_ref().map_or_else(String::new, |b| match b {
        Beside::Rule(rule) => run(&format!("\u{2003}{rule}"), Look::Text),
        Beside::Sizes(sizes) => run("\u{2003}", Look::Text) + &translated(sizes),
    });
    let last = row.right.len().saturating_sub(1);
    let line = |(i, piece): (usize, &String)| {
        let start = if i == 0 { translated(&row.left) + &run(&format!("&{relation}"), Look::Sign) } else { aside() };
        format!("{start}{}{}", translated(piece), if i == last { beside.as_str() } else { "" })
    };
    let head = row.head.iter().map(|piece| format!("{}{}", aside(), translated(piece)));
    head.chain(row.right.iter().enumerate().map(line)).collect()
}

/// The start of a line that goes on behind the relation.
fn aside() -> String {
    run("&\u{2003}\u{2003}", Look::Sign)
}

// ---- elements of Office Math

/// How a run is set.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// A variable, in italics.
    Letter,
    /// A number or a sign; a name of several letters.
    Sign,
    /// Words.
    Text,
}

fn element(name: &str, inner: &str) -> String {
    format!("<m:{name}>{inner}</m:{name}>")
}

fn run(text: &str, look: Look) -> String {
    let properties = match look {
        Look::Letter => "",
        Look::Sign => "<m:rPr><m:sty m:val=\"p\"/></m:rPr>",
        Look::Text => "<m:rPr><m:nor/></m:rPr>",
    };
    format!("<m:r>{properties}<m:t xml:space=\"preserve\">{}</m:t></m:r>", escaped(text))
}

/// What stands between brackets that grow with it.
fn fenced(open: &str, inner: &str, close: &str) -> String {
    let sign = |name: &str, sign: &str| format!("<m:{name} m:val=\"{sign}\"/>");
    let properties = element("dPr", &(sign("begChr", open) + &sign("endChr", close)));
    element("d", &(properties + &element("e", inner)))
}

// ---- MathML

/// An element of MathML, or the text in one.
enum MathElement {
    Text(String),
    Element { name: String, attributes: String, inner: Vec<MathElement> },
}

/// A formula of MathML in Office Math.
fn translated(mathml: &str) -> String {
    row(&read(&mut mathml.trim()))
}

/// Elements up to the closing tag of the one they stand in. The markup is `mathml`'s own: every tag is closed.
fn read(rest: &mut &str) -> Vec<MathElement> {
    let mut found = Vec::new();
    while !rest.is_empty() && !rest.starts_with("</") {
        let Some(tag) = rest.strip_prefix('<') else {
            let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            found.push(MathElement::Text(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")));
            *rest = after;
            continue;
        };
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        *rest = after;
        let inner = read(rest);
        *rest = rest.split_once('>').map_or("", |(_, after)| after);
        found.push(MathElement::Element { name: name.to_owned(), attributes: attributes.to_owned(), inner });
    }
    found
}

/// Elements side by side; from an opening bracket to its own, which ends them, they are fenced.
fn row(elements: &[MathElement]) -> String {
    if let [first, inner @ .., last] = elements
        && let (Some(open), Some(close)) = (sign(first), sign(last))
        && BRACKETS.contains(&(open, close))
    {
        return fenced(open, &row(inner), close);
    }
    elements.iter().map(one).collect()
}

const BRACKETS: &[(&str, &str)] = &[("(", ")"), ("[", "]"), ("|", "|"), ("‖", "‖"), ("⟨", "⟩")];

/// The sign in an `<mo>`.
fn sign(markup: &MathElement) -> Option<&str> {
    match markup {
        MathElement::Element { name, inner, .. } if name == "mo" => match inner.as_slice() {
            [MathElement::Text(text)] => Some(text),
            _ => None,
        },
        MathElement::Element { .. } | MathElement::Text(_) => None,
    }
}

fn one(markup: &MathElement) -> String {
    let (name, attributes, inner) = match markup {
        MathElement::Text(text) => return run(text, Look::Sign),
        MathElement::Element { name, attributes, inner } => (name.as_str(), attributes, inner.as_slice()),
    };
    let part = |i: usize, tag: &str| element(tag, &inner.get(i).map_or_else(String::new, one));
    match name {
        "mi" => {
            let text = text(inner);
            let letter = !attributes.contains("normal") && text.chars().nth(1).is_none() && text != "⊤";
            run(&text, if letter { Look::Letter } else { Look::Sign })
        }
        "mo" if text(inner) == "\u{2061}" => String::new(),
        "mo" if text(inner) == "\u{2062}" => {
            if attributes.is_empty() {
                String::new()
            } else {
                run("\u{2009}", Look::Sign)
            }
        }
        "mo" | "mn" => run(&text(inner), Look::Sign),
        "mtext" => run(&text(inner), Look::Text),
        "mspace" if attributes.contains('-') => String::new(),
        "mspace" => run("\u{2003}", Look::Sign),
        "msup" => element("sSup", &(part(0, "e") + &part(1, "sup"))),
        "msub" => element("sSub", &(part(0, "e") + &part(1, "sub"))),
        "mfrac" => element("f", &(part(0, "num") + &part(1, "den"))),
        "msqrt" => {
            element("rad", &format!("<m:radPr><m:degHide m:val=\"1\"/></m:radPr><m:deg/>{}", element("e", &row(inner))))
        }
        "mtable" => element("m", &inner.iter().map(one).collect::<String>()),
        "mtr" => element("mr", &inner.iter().map(one).collect::<String>()),
        "mtd" => element("e", &row(inner)),
        // mrow, mstyle: what groups
        _ => row(inner),
    }
}

fn text(inner: &[MathElement]) -> String {
    let text = |markup: &MathElement| match markup {
        MathElement::Text(text) => text.clone(),
        MathElement::Element { inner, .. } => self::text(inner),
    };
    inner.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mathml_is_translated_element_by_element() {
        let letter = |l: &str| run(l, Look::Letter);
        assert_eq!(translated("<mi>x</mi>"), letter("x"));
        let power = format!("<m:sSup><m:e>{}</m:e><m:sup>{}</m:sup></m:sSup>", letter("x"), run("2", Look::Sign));
        assert_eq!(translated("<msup><mrow><mi>x</mi></mrow><mrow><mn>2</mn></mrow></msup>"), power);
        let fence = "<m:d><m:dPr><m:begChr m:val=\"(\"/><m:endChr m:val=\")\"/></m:dPr>";
        let inner = letter("x");
        assert_eq!(
            translated("<mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow>"),
            format!("{fence}<m:e>{inner}</m:e></m:d>")
        );
        assert_eq!(translated("<mo>&lt;</mo>"), run("<", Look::Sign));
    }
}
