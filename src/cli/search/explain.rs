//! How a query was read and what each part of it finds: as JSON and as an indented list.

use std::io::Write;
use std::slice::Iter;

use serde_json::{Value, json};
use yinde::query::{Gap, Node, Query, Scope};
use yinde::search::{Count, Outcome};

/// The query as a tree; `null` if nothing typed can be found.
pub fn parsed(query: &Query, outcome: &Outcome) -> Value {
    let mut counts = outcome.parts.iter();
    query.root.as_ref().map_or(Value::Null, |root| tree(root, &mut counts))
}

/// Parts that are looked up come in the order typed; what stands inside a sentence or item has no count.
fn tree(node: &Node, counts: &mut Iter<Count>) -> Value {
    let mut value = match node {
        Node::All(nodes) => return json!({"and": nodes.iter().map(|node| tree(node, counts)).collect::<Vec<_>>()}),
        Node::Any(nodes) => return json!({"or": nodes.iter().map(|node| tree(node, counts)).collect::<Vec<_>>()}),
        Node::Not(node) => return json!({"not": tree(node, counts)}),
        Node::Weighted(node, weight) => return json!({"of": tree(node, counts), "weight": weight}),
        Node::Field(field) => return json!({"field": field.names().0, "value": field.value()}),
        Node::Within(scope, inner) => {
            let name = scope.names().0.to_lowercase();
            if !is_looked_up(*scope) {
                return json!({name: tree(inner, counts)});
            }
            json!({name: tree(inner, &mut [].iter())})
        }
        Node::Text(text) => {
            let equivalents: Vec<Value> = text
                .equivalents
                .iter()
                .map(|e| json!({"class": e.class.label(), "from": e.from, "to": e.to}))
                .collect();
            let mut value = json!({"string": text.form});
            if let Some(verbatim) = &text.verbatim {
                value["verbatim"] = json!(verbatim);
            }
            if !equivalents.is_empty() {
                value["equivalents"] = json!(equivalents);
            }
            value
        }
        Node::Near { strings, within } => json!({"near": strings, "within": within}),
        Node::Sequence { pieces, gaps } => json!({"sequence": with_gaps(pieces, gaps)}),
        Node::Regex(pattern) => json!({"regex": pattern}),
    };
    if let Some(count) = counts.next() {
        value["passages"] = json!(count.passages);
        value["occurrences"] = json!(count.occurrences);
    }
    value
}

fn is_looked_up(scope: Scope) -> bool {
    matches!(scope, Scope::Sentence | Scope::Item)
}

/// A sequence as it can be typed.
fn with_gaps(pieces: &[String], gaps: &[Gap]) -> String {
    let mut text = String::new();
    for (i, piece) in pieces.iter().enumerate() {
        text.push_str(piece);
        match gaps.get(i) {
            Some(Gap::Any) => text.push('*'),
            Some(Gap::Exactly(n)) => text.push_str(&"?".repeat(*n as usize)),
            None => {}
        }
    }
    text
}

/// The list for people.
pub fn print(query: &Query, outcome: &Outcome, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "理解为：")?;
    match &query.root {
        Some(root) => print_node(root, 1, &mut outcome.parts.iter(), out)?,
        None => writeln!(out, "  （没有可查的字）")?,
    }
    Ok(writeln!(out)?)
}

fn print_node(node: &Node, depth: usize, counts: &mut Iter<Count>, out: &mut dyn Write) -> anyhow::Result<()> {
    let indent = "  ".repeat(depth);
    let group = |label: &str, nodes: &[Node], counts: &mut Iter<Count>, out: &mut dyn Write| -> anyhow::Result<()> {
        writeln!(out, "{indent}{label}")?;
        nodes.iter().try_for_each(|node| print_node(node, depth + 1, counts, out))
    };
    let leaf = |text: String, counts: &mut Iter<Count>, out: &mut dyn Write| -> anyhow::Result<()> {
        match counts.next() {
            Some(count) => writeln!(out, "{indent}{text}：{} 段，{} 处", count.passages, count.occurrences)?,
            None => writeln!(out, "{indent}{text}")?,
        }
        Ok(())
    };
    match node {
        Node::All(nodes) => group("都有", nodes, counts, out),
        Node::Any(nodes) => group("有一个即可", nodes, counts, out),
        Node::Not(node) => group("没有", std::slice::from_ref(node), counts, out),
        Node::Weighted(node, weight) => group(&format!("分量 {weight}"), std::slice::from_ref(node), counts, out),
        Node::Within(scope, inner) if is_looked_up(*scope) => {
            leaf(scope.names().1.to_owned(), counts, out)?;
            print_node(inner, depth + 1, &mut [].iter(), out)
        }
        Node::Within(scope, inner) => group(scope.names().1, std::slice::from_ref(inner), counts, out),
        Node::Field(field) => Ok(writeln!(out, "{indent}{}：{}", field.names().1, field.value())?),
        Node::Near { strings, within } => leaf(format!("相距不超过 {within} 字：{}", strings.join("、")), counts, out),
        Node::Sequence { pieces, gaps } => leaf(format!("同句先后：{}", with_gaps(pieces, gaps)), counts, out),
        Node::Regex(pattern) => leaf(format!("正则：{pattern}"), counts, out),
        Node::Text(text) => {
            let shown = text.verbatim.as_ref().map_or_else(|| text.form.clone(), |v| format!("{v}（标点一致）"));
            leaf(shown, counts, out)?;
            for equivalent in &text.equivalents {
                writeln!(
                    out,
                    "{indent}  等同（{}）：{} = {}",
                    equivalent.class.name(),
                    equivalent.from,
                    equivalent.to
                )?;
            }
            Ok(())
        }
    }
}
