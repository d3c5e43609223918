//! JSON schema of a study file, for completion and checking in editors; generated from the registries.

use serde_json::{Map, Value, json};

use crate::core::data::TraceQuantity;
use crate::io::{RawPixel, TRACE_PRESETS, formats};
use crate::method::{ConstantInfo, ConstantKind, MethodInfo, Scope, registry, techniques};

/// The schema, draft 2020-12.
pub fn json_schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Amorph study",
        "type": "object",
        "required": ["study", "measurement"],
        "additionalProperties": false,
        "properties": {
            "study": study(),
            "sample": { "type": "array", "items": sample() },
            "measurement": { "type": "array", "items": { "anyOf": measurements() } },
            "method": methods(),
            "compare": compare(),
        },
        "$defs": definitions(),
    })
}

fn study() -> Value {
    json!({
        "type": "object",
        "required": ["title"],
        "additionalProperties": false,
        "properties": {
            "title": { "type": "string" },
            "description": { "type": "string" },
            "seed": { "type": "integer", "minimum": 0, "default": 1, "description": "seed of all random numbers" },
            "literature": {
                "type": "string",
                "description": "CSV file of published values to show behind one's own; columns as `amorph literature --csv` writes them",
            },
        },
    })
}

fn sample() -> Value {
    let fact = json!({ "type": ["string", "number", "boolean"] });
    json!({
        "type": "object",
        "required": ["id"],
        "additionalProperties": fact,
        "properties": {
            "id": { "type": "string" },
            "state": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["id"],
                    "additionalProperties": fact,
                    "properties": {
                        "id": { "type": "string" },
                        "truth": {
                            "type": "object",
                            "description": "values known beforehand, by estimate key",
                            "additionalProperties": { "$ref": "#/$defs/Quantity" },
                        },
                    },
                },
            },
        },
    })
}

/// Identifiers of the methods that fit.
fn ids(fits: impl Fn(&MethodInfo) -> bool) -> Vec<&'static str> {
    registry().iter().map(|method| method.info()).filter(|info| fits(info)).map(|info| info.id).collect()
}

fn measurements() -> Vec<Value> {
    let of_technique = |technique: &crate::method::TechniqueInfo| {
        let own = |info: &MethodInfo| info.technique == technique.id && info.scope != Scope::Study;
        let ids = ids(|info| own(info) || technique.also.contains(&info.id));
        let mut properties = json!({
            "like": { "type": "string", "description": "state of an earlier measurement whose keys are taken over" },
            "sample": { "type": "string" },
            "state": { "type": "string" },
            "technique": { "const": technique.id, "description": technique.title },
            "files": {
                "description": "one item per file, or per list of files that belong to one scan; paths relative to the study, with * and **",
                "anyOf": [
                    { "type": "string" },
                    { "type": "array", "items": { "anyOf": [
                        { "type": "string" },
                        { "type": "array", "items": { "type": "string" }, "minItems": 1 },
                    ] } },
                ],
            },
            "channels": {
                "type": "object",
                "description": "which channel to take, by index, name, or direction (trace | retrace)",
                "additionalProperties": { "type": ["integer", "string"] },
            },
            "methods": { "type": "array", "items": { "enum": ids } },
            "method": { "$ref": "#/properties/method" },
        });
        if let Value::Object(properties) = &mut properties {
            properties.extend(traces());
            for info in technique.constants {
                add_constant(properties, info);
            }
        }
        json!({ "type": "object", "additionalProperties": false, "properties": properties })
    };
    techniques().iter().map(of_technique).collect()
}

fn pair(description: &str) -> Value {
    let item = json!({ "type": "integer", "minimum": 1 });
    json!({ "description": description, "type": "array", "items": item, "minItems": 2, "maxItems": 2 })
}

fn count(description: &str) -> Value {
    json!({ "description": description, "type": "integer", "minimum": 0 })
}

/// What may be said about files of traces and of detector frames.
fn traces() -> Map<String, Value> {
    let column = json!({ "anyOf": [
        { "type": "string" },
        { "type": "integer", "minimum": 1 },
        {
            "type": "object",
            "required": ["column"],
            "additionalProperties": false,
            "properties": {
                "column": { "type": ["string", "integer"], "description": "name, or number from 1" },
                "unit": { "type": "string" },
                "scale": { "type": "number", "default": 1 },
                "offset": { "type": "number", "default": 0 },
            },
        },
    ] });
    let quantities = TraceQuantity::ALL.iter().map(|quantity| (quantity.word().to_owned(), column.clone()));
    let text = json!({ "type": "string" });
    let texts = json!({ "anyOf": [text, { "type": "array", "items": text }] });
    let row = json!({ "type": "integer", "minimum": 0 });
    let segment = json!({
        "type": "object",
        "required": ["kind"],
        "additionalProperties": false,
        "properties": {
            "kind": { "enum": ["load", "hold", "unload", "drift", "approach", "other"] },
            "from": { "$ref": "#/$defs/Quantity" },
            "to": { "$ref": "#/$defs/Quantity" },
            "first_row": row,
            "end_row": row,
        },
    });
    let set = json!({
        "type": "object",
        "required": ["columns"],
        "additionalProperties": false,
        "properties": {
            "name": text,
            "temperature": { "$ref": "#/$defs/Quantity" },
            "columns": { "type": "object", "additionalProperties": column.clone() },
        },
    });
    let properties = json!({
        "columns": {
            "type": "object",
            "description": "which column holds what, with its unit where the file states none; for tables under the names that the methods look for",
            "additionalProperties": column.clone(),
            "properties": quantities.collect::<Map<_, _>>(),
        },
        "sets": { "type": "array", "description": "traces: curves beside each other in one text, each with columns of its own", "items": set },
        "preset": {
            "description": "traces: a named layout of columns without names",
            "enum": TRACE_PRESETS.iter().map(|preset| preset.name).collect::<Vec<_>>(),
        },
        "depth_sign": { "description": "traces: whether depth is turned", "enum": ["as-written", "inverted"] },
        "tests": { "description": "traces: the tests to take; all by default", "anyOf": texts["anyOf"] },
        "sheet": { "type": "string", "description": "traces: the sheet of a workbook that holds the measurement" },
        "segments": { "type": "array", "description": "traces: segments instead of those of the file", "items": segment },
        "decimal": { "description": "traces: decimal mark of text", "enum": [".", ","] },
        "delimiter": { "description": "traces: what separates columns of text", "enum": ["\t", ";", ",", "|", " "] },
        "in_stretches": { "type": "boolean", "description": "traces: whether the rows of a text stay in the file and are read when they are needed; by themselves those that would take more than 1 GiB" },
        "format": {
            "description": "format of the files, instead of the one recognised",
            "enum": formats().iter().map(|format| format.id).collect::<Vec<_>>(),
        },
        "scan_shape": pair("frames: rows and columns of the scan that a series of frames is"),
        "skip_frames": count("frames: how many stand before the first position of the scan"),
        "flyback_frames": count("frames: how many stand after every row of the scan"),
        "slice": count("frames: which scan of a file with several, counted from 0"),
        "partial": { "type": "boolean", "description": "frames: whether the complete frames of a file that is cut short are read; without it such a file is refused" },
        "detector_shape": pair("frames without a header: rows and columns of one"),
        "pixel": { "description": "frames without a header: type of one pixel", "enum": RawPixel::NAMES },
        "byte_order": { "description": "frames without a header: order of the bytes of a pixel", "enum": ["little", "big"] },
        "header_bytes": count("frames without a header: bytes before the first"),
        "gap_bytes": count("frames without a header: bytes between one and the next"),
    });
    match properties {
        Value::Object(properties) => properties,
        _ => Map::new(),
    }
}

/// Adds a constant under its key and its aliases; `cantilever.k` becomes a table `cantilever` with a key `k`.
fn add_constant(properties: &mut Map<String, Value>, info: &ConstantInfo) {
    let schema = constant(info);
    for key in std::iter::once(&info.key).chain(info.aliases) {
        match key.split_once('.') {
            None => {
                properties.insert((*key).to_owned(), schema.clone());
            }
            Some((table, inner)) => {
                let table = properties
                    .entry(table)
                    .or_insert_with(|| json!({ "type": "object", "additionalProperties": false, "properties": {} }));
                table["properties"][inner] = schema.clone();
            }
        }
    }
}

fn constant(info: &ConstantInfo) -> Value {
    match info.kind {
        ConstantKind::Quantity(_) => json!({
            "description": format!("{} ({})", info.description, info.kind.describe()),
            "$ref": "#/$defs/Quantity",
        }),
        ConstantKind::Choice(choices) => {
            let one = |choice: &crate::method::Choice| json!({ "const": choice.name, "description": choice.description });
            json!({ "description": info.description, "oneOf": choices.iter().map(one).collect::<Vec<_>>() })
        }
    }
}

fn methods() -> Value {
    let entries = registry().iter().map(|method| {
        let info = method.info();
        let mut schema = method.schema();
        if let Value::Object(object) = &mut schema {
            object.remove("$schema");
            object.remove("$defs");
            object.insert("description".to_owned(), info.summary.into());
        }
        (info.id.to_owned(), schema)
    });
    json!({
        "type": "object",
        "description": "parameters of methods",
        "additionalProperties": false,
        "properties": entries.collect::<Map<_, _>>(),
    })
}

fn compare() -> Value {
    json!({
        "type": "object",
        "required": ["across"],
        "additionalProperties": false,
        "properties": {
            "across": { "enum": ["state"] },
            "methods": {
                "type": "array",
                "items": { "enum": ids(|info| info.scope == Scope::Study) },
                "description": "further methods over the whole study",
            },
            "card": { "type": "string", "description": "card file (TOML) whose findings compare.synthesis sets beside those of the study" },
        },
    })
}

/// Shared definitions of the parameter schemas, beside the quantity that everything uses.
fn definitions() -> Value {
    let mut definitions = Map::new();
    definitions.insert("Quantity".to_owned(), schemars::schema_for!(crate::core::unit::Quantity).to_value());
    for method in registry() {
        if let Some(Value::Object(own)) = method.schema().get("$defs") {
            definitions.extend(own.clone());
        }
    }
    Value::Object(definitions)
}
