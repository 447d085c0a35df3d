use gradus::*;
use std::io::Read;
fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let quiet = std::env::args().any(|a| a == "-q");
    let sep = if text.contains('\u{1}') { '\u{1}' } else { '\n' };
    for doc in text.split(sep).filter(|d| !d.is_empty()) {
        let Ok(d) = syntax::parse_document(doc).map_err(|e| println!("PARSE {doc:?} {:?}", e)) else { continue };
        match shape::elaborate(&d) {
            Ok(p) => {
                if quiet {
                    continue;
                }
                println!("OK {}", doc.replace('\n', " ; "));
                for i in &p.inputs {
                    print!("  {}: {}", i.name, i.shape);
                }
                println!();
                for d in &p.definitions {
                    println!("  {} = {:?} : {}", d.name, d.value, d.value.shape());
                }
                for c in &p.conditions {
                    println!("  cond {} = {}", c.left, c.right);
                }
                for n in &p.notes {
                    println!("  note {}", n.message);
                }
            }
            Err(es) => {
                for e in es {
                    println!("ERR {doc:?}\n  {e}");
                    for l in &e.labels {
                        println!("    {}: {}", doc.get(l.span.start..l.span.end).unwrap_or("?"), l.text);
                    }
                    if let Some(h) = &e.help {
                        println!("    help: {h}")
                    }
                }
            }
        }
    }
}
