use serde_json::Value;

/// Annotation of a parameter whose schema nobody has foreseen.
pub const UNKNOWN: &str = "object";

/// How a parameter is written in Python.
pub struct Kind {
    /// Its type.
    pub annotation: String,
    /// The words it may be, with their meaning.
    pub choices: Vec<(String, String)>,
}

/// The Python type of a JSON schema; `root` holds its definitions.
pub fn kind(schema: &Value, root: &Value) -> Kind {
    let schema = resolve(schema, root);
    let choices = choices(schema);
    if !choices.is_empty() {
        let words: Vec<String> = choices.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        return Kind { annotation: format!("Literal[{}]", words.join(", ")), choices };
    }
    if let Some(options) = ["anyOf", "oneOf"].iter().find_map(|key| schema.get(key)?.as_array()) {
        return union(options.iter().map(|option| kind(option, root)).collect());
    }
    let annotation = match schema.get("type") {
        Some(Value::Array(_)) if is_quantity(schema) => "Quantity".to_owned(),
        Some(Value::Array(names)) => {
            return union(names.iter().map(|name| plain(named(name, schema, root))).collect());
        }
        Some(name) => named(name, schema, root),
        None => UNKNOWN.to_owned(),
    };
    plain(annotation)
}

fn plain(annotation: String) -> Kind {
    Kind { annotation, choices: Vec::new() }
}

fn resolve<'a>(schema: &'a Value, root: &'a Value) -> &'a Value {
    let reference = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#'));
    reference.and_then(|pointer| root.pointer(pointer)).unwrap_or(schema)
}

/// Text or a number, as `Quantity` reads it.
fn is_quantity(schema: &Value) -> bool {
    schema.get("type") == Some(&serde_json::json!(["string", "number"]))
}

fn choices(schema: &Value) -> Vec<(String, String)> {
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        return words.iter().filter_map(Value::as_str).map(|word| (word.to_owned(), String::new())).collect();
    }
    let Some(options) = schema.get("oneOf").and_then(Value::as_array) else { return Vec::new() };
    let choice = |option: &Value| {
        let word = option.get("const")?.as_str()?.to_owned();
        let meaning = option.get("description").and_then(Value::as_str).unwrap_or_default().replace('\n', " ");
        Some((word, meaning))
    };
    options.iter().map(choice).collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// `None` comes last.
fn union(parts: Vec<Kind>) -> Kind {
    let (none, some): (Vec<Kind>, Vec<Kind>) = parts.into_iter().partition(|part| part.annotation == "None");
    let mut annotations: Vec<String> = Vec::new();
    let mut choices = Vec::new();
    for part in some.into_iter().chain(none) {
        if !annotations.contains(&part.annotation) {
            annotations.push(part.annotation);
        }
        choices.extend(part.choices);
    }
    Kind { annotation: annotations.join(" | "), choices }
}

fn named(name: &Value, schema: &Value, root: &Value) -> String {
    match name.as_str() {
        Some("integer") => "int".to_owned(),
        Some("number") => "float".to_owned(),
        Some("boolean") => "bool".to_owned(),
        Some("string") => "str".to_owned(),
        Some("null") => "None".to_owned(),
        Some("array") => sequence(schema, root),
        _ => UNKNOWN.to_owned(),
    }
}

/// A tuple where the length is fixed.
fn sequence(schema: &Value, root: &Value) -> String {
    if let Some(entries) = schema.get("prefixItems").and_then(Value::as_array) {
        let entries: Vec<String> = entries.iter().map(|entry| kind(entry, root).annotation).collect();
        return format!("tuple[{}]", entries.join(", "));
    }
    let entry = schema.get("items").map_or_else(|| UNKNOWN.to_owned(), |items| kind(items, root).annotation);
    let length = |key| schema.get(key).and_then(Value::as_u64);
    match (length("minItems"), length("maxItems")) {
        (Some(least), Some(most)) if least == most => {
            format!("tuple[{}]", vec![entry; least as usize].join(", "))
        }
        _ => format!("Sequence[{entry}]"),
    }
}

/// A JSON value as a Python literal that cannot be changed.
pub fn literal(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(_) | Value::String(_) | Value::Object(_) => value.to_string(),
        Value::Array(entries) => match entries.as_slice() {
            [only] => format!("({},)", literal(only)),
            several => format!("({})", several.iter().map(literal).collect::<Vec<_>>().join(", ")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn schemas_become_python_types() {
        let root = json!({"$defs": {
            "Quantity": {"type": ["string", "number"]},
            "Form": {"oneOf": [{"const": "a", "description": "first"}, {"const": "b"}]},
        }});
        let annotation = |schema: Value| kind(&schema, &root).annotation;
        assert_eq!(annotation(json!({"type": "integer", "format": "uint"})), "int");
        assert_eq!(annotation(json!({"type": ["number", "null"]})), "float | None");
        assert_eq!(annotation(json!({"$ref": "#/$defs/Quantity"})), "Quantity");
        assert_eq!(annotation(json!({"anyOf": [{"type": "null"}, {"$ref": "#/$defs/Quantity"}]})), "Quantity | None");
        assert_eq!(annotation(json!({"$ref": "#/$defs/Form"})), "Literal[\"a\", \"b\"]");
        assert_eq!(annotation(json!({"type": "array", "items": {"type": "integer"}})), "Sequence[int]");
        let pair = json!({"type": ["array", "null"], "items": {"type": "number"}, "minItems": 2, "maxItems": 2});
        assert_eq!(annotation(pair), "tuple[float, float] | None");
        assert_eq!(annotation(json!({"type": "object"})), UNKNOWN);
        assert_eq!(kind(&json!({"$ref": "#/$defs/Form"}), &root).choices[0], ("a".to_owned(), "first".to_owned()));
    }

    #[test]
    fn defaults_become_python_literals() {
        assert_eq!(literal(&json!([2, 3])), "(2, 3)");
        assert_eq!(literal(&json!([1.5])), "(1.5,)");
        assert_eq!(literal(&json!([])), "()");
        assert_eq!(literal(&json!([null, true, "5 deg"])), "(None, True, \"5 deg\")");
    }
}
