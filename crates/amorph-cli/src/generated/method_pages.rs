use amorph::method::{ConstantInfo, DynMethod, Scope, registry, technique};
use serde_json::Value;

/// One page per method, and their index.
pub fn pages() -> Vec<(String, String)> {
    let page = |method: &&dyn DynMethod| (format!("docs/methods/{}.md", method.info().id), page(*method));
    let mut pages: Vec<(String, String)> = registry().iter().map(page).collect();
    pages.push(("docs/methods/index.md".to_owned(), index()));
    pages
}

fn index() -> String {
    let mut text = String::from("# Methods\n\nGenerated from the registry.\n\n| method | what it does |\n|---|---|\n");
    for info in registry().iter().map(|method| method.info()) {
        text.push_str(&format!("| [`{}`]({}.md) | {} |\n", info.id, info.id, info.summary));
    }
    text
}

fn page(method: &dyn DynMethod) -> String {
    let info = method.info();
    let scope = match info.scope {
        Scope::Item => "each item (file)",
        Scope::State => "all items of a state",
        Scope::Study => "the whole study",
    };
    let mut text = format!("<!-- Generated from the method's folder; change it there. -->\n{}\n\n", info.doc.trim());
    text.push_str(&format!("## At a glance\n\n`{}`, version {}, works on {scope}.", info.id, info.version));
    if !info.after.is_empty() {
        text.push_str(&format!(" Uses, where they were run before: {}.", code_list(info.after)));
    }
    text.push_str("\n\n### Parameters\n\n| parameter | default | what it does |\n|---|---|---|\n");
    text.push_str(&parameters(method));
    let known = technique(info.technique).map(|technique| technique.constants).unwrap_or_default();
    let used: Vec<&ConstantInfo> = known.iter().filter(|constant| info.constants.contains(&constant.key)).collect();
    if !used.is_empty() {
        text.push_str(
            "\n### Constants of the measurement\n\n| key | value | what it is | where it is found |\n|---|---|---|---|\n",
        );
        for constant in used {
            let kind = constant.kind.describe().replace('|', "\\|");
            text.push_str(&format!("| `{}` | {kind} | {} | {} |\n", constant.key, constant.description, constant.found_by));
        }
    }
    if !info.outputs.is_empty() {
        text.push_str("\n### Results\n\n| key | symbol | SI unit | what it is |\n|---|---|---|---|\n");
        for output in info.outputs {
            let unit = if output.unit.is_empty() { "1" } else { output.unit };
            text.push_str(&format!("| `{}` | {} | {unit} | {} |\n", output.key, output.symbol, output.description));
        }
    }
    if !info.covers.is_empty() {
        text.push_str(&format!("\nCovers {} of the inventory of the source papers.\n", info.covers.join(", ")));
    }
    text
}

fn parameters(method: &dyn DynMethod) -> String {
    let (schema, defaults) = (method.schema(), method.defaults());
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return String::new() };
    let row = |(name, property): (&String, &Value)| {
        let default = defaults.get(name).map(Value::to_string).unwrap_or_default();
        let description = property.get("description").and_then(Value::as_str).unwrap_or_default().replace('\n', " ");
        format!("| `{name}` | `{default}` | {description} |\n")
    };
    properties.iter().map(row).collect()
}

fn code_list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
