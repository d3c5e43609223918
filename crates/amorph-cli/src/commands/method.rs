use std::process::ExitCode;

use amorph::method::{ConstantInfo, DynMethod, Scope, find, nearest, registry, technique};
use serde_json::{Value, json};

use crate::args::{Method, MethodCommand};
use crate::failure::Failure;
use crate::show;

/// Lists the methods, or shows one.
pub fn run(arguments: &Method) -> Result<ExitCode, Failure> {
    match &arguments.command {
        MethodCommand::List { json: true } => println!("{}", pretty(&registry().iter().map(|m| describe(*m)).collect())),
        MethodCommand::List { json: false } => println!("{}", list()),
        MethodCommand::Show { method, json } => {
            let found = find(method).ok_or_else(|| Failure::Unknown {
                what: "method",
                word: method.clone(),
                nearest: nearest(method, registry().iter().map(|m| m.info().id)).map(str::to_owned),
            })?;
            println!("{}", if *json { pretty(&describe(found)) } else { show_one(found) });
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn list() -> String {
    let row = |method: &&dyn DynMethod| vec![method.info().id.to_owned(), method.info().summary.to_owned()];
    show::rows(&["method", "what it does"], registry().iter().map(row))
}

fn describe(method: &dyn DynMethod) -> Value {
    let info = method.info();
    let outputs: Vec<Value> = info
        .outputs
        .iter()
        .map(|o| json!({ "key": o.key, "symbol": o.symbol, "unit": o.unit, "description": o.description }))
        .collect();
    json!({
        "id": info.id,
        "family": info.family,
        "version": info.version,
        "title": info.title,
        "summary": info.summary,
        "technique": info.technique,
        "scope": scope(info.scope),
        "after": info.after,
        "constants": info.constants,
        "parameters": method.schema(),
        "defaults": method.defaults(),
        "outputs": outputs,
        "covers": info.covers,
        "references": info.references,
        "doc": info.doc,
    })
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Item => "each item",
        Scope::State => "all items of a state",
        Scope::Study => "the whole study",
    }
}

fn show_one(method: &dyn DynMethod) -> String {
    let info = method.info();
    let mut text = format!("{}  (version {}, works on {})\n\n{}", info.id, info.version, scope(info.scope), info.doc.trim());
    text.push_str(&format!("\n\n## Parameters (under [method.\"{}\"])\n{}\n", info.id, parameters(method)));
    let known = technique(info.technique).map(|technique| technique.constants).unwrap_or_default();
    let used: Vec<&ConstantInfo> = known.iter().filter(|constant| info.constants.contains(&constant.key)).collect();
    if !used.is_empty() {
        let row =
            |c: &&ConstantInfo| vec![c.key.to_owned(), c.kind.describe(), c.description.to_owned(), c.found_by.to_owned()];
        let table = show::rows(&["key", "value", "what it is", "where it is found"], used.iter().map(row));
        text.push_str(&format!("\n## Constants of the measurement\n{table}\n"));
    }
    let row = |o: &amorph::method::OutputInfo| {
        vec![
            o.key.to_owned(),
            o.symbol.to_owned(),
            if o.unit.is_empty() { "-".to_owned() } else { o.unit.to_owned() },
            o.description.to_owned(),
        ]
    };
    let table = show::rows(&["key", "symbol", "unit", "what it is"], info.outputs.iter().map(row));
    text.push_str(&format!("\n## Results\n{table}\n"));
    text
}

fn parameters(method: &dyn DynMethod) -> String {
    let schema = method.schema();
    let defaults = method.defaults();
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return "none".to_owned();
    };
    let row = |(name, property): (&String, &Value)| {
        let default = defaults.get(name).map(Value::to_string).unwrap_or_default();
        let description = property.get("description").and_then(Value::as_str).unwrap_or_default().replace('\n', " ");
        vec![name.clone(), default, description]
    };
    show::rows(&["parameter", "default", "what it does"], properties.iter().map(row))
}
