use amorph::io::Format;
use amorph::method::{self, ConstantInfo, ConstantKind, DynMethod, Scope, TechniqueInfo};
use pyo3::prelude::*;
use serde_json::{Value, json};

/// Every method, technique and file format, as JSON.
#[pyfunction]
pub fn registry() -> String {
    let methods: Vec<Value> = method::registry().iter().map(|method| describe(*method)).collect();
    let techniques: Vec<Value> = method::techniques().iter().map(technique).collect();
    let formats: Vec<Value> = amorph::io::formats().iter().map(|found| format(found)).collect();
    json!({"version": amorph::VERSION, "methods": methods, "techniques": techniques, "formats": formats}).to_string()
}

fn format(format: &Format) -> Value {
    let constants: Vec<Value> = format.constants.iter().map(|place| json!({"key": place.key, "place": place.place})).collect();
    json!({
        "id": format.id, "title": format.title, "endings": format.endings, "magic": format.magic,
        "channels": format.channels, "written": format.can_write, "needs_sidecar": format.needs_sidecar,
        "constants": constants, "layout": format.layout,
    })
}

fn describe(method: &dyn DynMethod) -> Value {
    let info = method.info();
    let outputs: Vec<Value> = info
        .outputs
        .iter()
        .map(|output| json!({"key": output.key, "symbol": output.symbol, "unit": output.unit, "description": output.description}))
        .collect();
    let scope = match info.scope {
        Scope::Item => "item",
        Scope::State => "state",
        Scope::Study => "study",
    };
    json!({
        "id": info.id, "family": info.family, "version": info.version, "title": info.title, "summary": info.summary,
        "doc": info.doc, "technique": info.technique, "scope": scope, "after": info.after, "constants": info.constants,
        "outputs": outputs, "covers": info.covers, "references": info.references,
        "schema": method.schema(), "defaults": method.defaults(),
    })
}

fn technique(technique: &TechniqueInfo) -> Value {
    let constants: Vec<Value> = technique.constants.iter().map(constant).collect();
    json!({"id": technique.id, "title": technique.title, "data": technique.data, "constants": constants})
}

fn constant(constant: &ConstantInfo) -> Value {
    let (unit, choices) = match constant.kind {
        ConstantKind::Quantity(unit) => (Some(unit), Vec::new()),
        ConstantKind::Choice(choices) => (None, choices.iter().map(|choice| choice.name).collect()),
    };
    json!({
        "key": constant.key, "symbol": constant.symbol, "unit": unit, "choices": choices,
        "description": constant.description, "found_by": constant.found_by,
    })
}
