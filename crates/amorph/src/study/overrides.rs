use super::node::{self, Node, Table, Value};
use super::problem::{Problem, ProblemKind};

/// Applies `key=value` overrides to the tree of a study.
///
/// `measurement.3 N.free_phase=70 deg` names a measurement by its state or its number (from 0),
/// `method.dafm.regions.area_fraction=0.1` a parameter of a method in the whole study.
pub(super) fn apply(root: &mut Table, overrides: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for text in overrides {
        let applied = text.split_once('=').is_some_and(|(key, value)| apply_one(root, key.trim(), value.trim()));
        if !applied {
            problems.push(Problem { span: 0..0, kind: ProblemKind::Override { key: text.clone() } });
        }
    }
    problems
}

fn apply_one(root: &mut Table, key: &str, value: &str) -> bool {
    let node = node::parse_value(value);
    if let Some(rest) = key.strip_prefix("method.") {
        let Some((method, parameter)) = rest.rsplit_once('.') else { return false };
        change_child(root, "method", |methods| change_child(methods, method, |table| table.set(parameter, node)));
        return true;
    }
    if let Some(rest) = key.strip_prefix("measurement.") {
        return set_in_measurement(root, rest, node);
    }
    match key.split_once('.') {
        Some((table @ ("study" | "compare"), inner)) => {
            change_child(root, table, |table| table.set(inner, node));
            true
        }
        _ => false,
    }
}

fn set_in_measurement(root: &mut Table, rest: &str, node: Node) -> bool {
    let measurements = root.entries.iter_mut().find(|entry| entry.key == "measurement");
    let Some(Value::List(items)) = measurements.map(|entry| &mut entry.node.value) else { return false };
    let is_named = |item: &Node, name: &str| match &item.value {
        Value::Table(table) => table.get("state").and_then(Node::as_text).as_deref() == Some(name),
        _ => false,
    };
    // A state may contain dots, so try every split.
    let splits: Vec<(&str, &str)> = rest.match_indices('.').map(|(at, _)| (&rest[..at], &rest[at + 1..])).collect();
    for (name, key) in splits {
        let by_name = items.iter().position(|item| is_named(item, name));
        let index = by_name.or_else(|| name.parse::<usize>().ok().filter(|index| *index < items.len()));
        let Some(Value::Table(table)) = index.map(|index| &mut items[index].value) else { continue };
        match key.split_once('.') {
            Some((outer, inner)) => change_child(table, outer, |table| table.set(inner, node)),
            None => table.set(key, node),
        }
        return true;
    }
    false
}

/// Changes the table under `key`, made if absent; a value that is not a table is replaced.
fn change_child(table: &mut Table, key: &str, change: impl FnOnce(&mut Table)) {
    let (mut child, span) = match table.get(key) {
        Some(Node { value: Value::Table(child), span }) => (child.clone(), span.clone()),
        _ => (Table::default(), 0..0),
    };
    change(&mut child);
    table.set(key, Node { value: Value::Table(child), span });
}
