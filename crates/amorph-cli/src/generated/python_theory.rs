//! Typed Python: a function per model, a module per group.

use amorph::theory::{Argument, Group, Model, groups, short};

const HEAD: &str = "# Generated from the registry of models by `amorph generate`; change the model instead.\n";

/// Path and text of every generated module.
pub fn modules() -> Vec<(String, String)> {
    let module = |group: &Group| (format!("python/amorph/theory/_{}.py", group.id), module(group));
    let mut modules: Vec<(String, String)> = groups().iter().map(module).collect();
    modules.push(("python/amorph/theory/__init__.py".to_owned(), package()));
    modules
}

fn package() -> String {
    let mut groups: Vec<&Group> = groups().iter().collect();
    groups.sort_unstable_by_key(|group| group.id);
    let imports: String = groups.iter().map(|group| import(group)).collect();
    let mut names: Vec<String> = groups.iter().flat_map(|group| group.models).flat_map(|model| names(model)).collect();
    names.push("propagate".to_owned());
    names.sort_unstable();
    let exported: String = names.iter().map(|name| format!("    \"{name}\",\n")).collect();
    format!(
        "{HEAD}\"\"\"Closed-form models: one function each.\n\n\
         Arguments are SI numbers, arrays of them (broadcast by NumPy), text with units (`\"0.5 eV\"`), `(0.5, \"eV\")` or estimates;\n\
         results are SI. A value outside the range of a model raises `amorph.AnalysisError`, which names it. Where an argument\n\
         carries an error, `propagate` carries it to the result.\n\"\"\"\n\nfrom .._theory import propagate\n{imports}\n__all__ = [\n{exported}]\n"
    )
}

fn import(group: &Group) -> String {
    let mut names: Vec<String> = group.models.iter().flat_map(|model| names(model)).collect();
    names.sort_unstable();
    let lines: String = names.iter().map(|name| format!("    {name},\n")).collect();
    format!("from ._{} import (\n{lines})\n", group.id)
}

/// The function, and the type of its result where there is one.
fn names(model: &Model) -> Vec<String> {
    let class = (model.outputs.len() > 1).then(|| class_name(model));
    [Some(model.id.to_owned()), class].into_iter().flatten().collect()
}

/// `lu_two_state` becomes `LuTwoState`.
fn class_name(model: &Model) -> String {
    let part = |word: &str| word[..1].to_uppercase() + &word[1..];
    model.id.split('_').filter(|word| !word.is_empty()).map(part).collect()
}

fn module(group: &Group) -> String {
    let body: String = group.models.iter().map(|model| definition(model)).collect();
    let uses = |word: &str| body.split(|c: char| !c.is_alphanumeric() && c != '_').any(|found| found == word);
    let named_tuple = if uses("NamedTuple") { "from typing import NamedTuple\n\n" } else { "" };
    let known = ["Class", "Number", "Value", "classes", "evaluate"];
    let used: Vec<&str> = known.into_iter().filter(|word| uses(word)).collect();
    format!(
        "{HEAD}\"\"\"{}.\"\"\"\n\nfrom __future__ import annotations\n\n{named_tuple}from .._theory import {}\n{body}",
        group.title,
        used.join(", ")
    )
}

fn definition(model: &Model) -> String {
    match model.outputs {
        [_] => function(model, "Number", "results[0]"),
        _ => {
            let class = class_name(model);
            let value = |(i, output): (usize, &amorph::theory::Output)| match output.classes {
                [] => format!("results[{i}]"),
                names => format!(
                    "classes(results[{i}], ({}))",
                    names.iter().map(|name| format!("\"{name}\", ")).collect::<String>().trim_end()
                ),
            };
            let values: Vec<String> = model.outputs.iter().enumerate().map(value).collect();
            tuple(model, &class) + &function(model, &class, &format!("{class}({})", values.join(", ")))
        }
    }
}

fn tuple(model: &Model, class: &str) -> String {
    let field = |output: &amorph::theory::Output| {
        let (kind, unit) = match (output.classes, output.unit) {
            ([], "") => ("Number", String::new()),
            ([], unit) => ("Number", format!(", {unit}")),
            (names, _) => ("Class", format!(": {}", names.join(", "))),
        };
        format!("    {}: {kind}\n    \"\"\"{}{unit}.\"\"\"\n", output.key, capital(output.meaning))
    };
    let fields: String = model.outputs.iter().map(field).collect();
    format!("\n\nclass {class}(NamedTuple):\n    \"\"\"{}.\"\"\"\n\n{fields}", model.title)
}

fn function(model: &Model, result: &str, expression: &str) -> String {
    // Where there is one output and it is a class, its names are given back.
    let (result, expression) = match model.outputs {
        [output] if !output.classes.is_empty() => {
            let names: String = output.classes.iter().map(|name| format!("\"{name}\", ")).collect();
            ("Class", format!("classes(results[0], ({}))", names.trim_end()))
        }
        _ => (result, expression.to_owned()),
    };
    // Arguments without default come first, as Python wants it for positions; all are given by name.
    let parameter = |argument: &Argument| match argument.default {
        None => format!("    {}: Value,\n", argument.key),
        Some(value) => format!("    {}: Value = {value:?},\n", argument.key),
    };
    let parameters: String = model.arguments.iter().map(parameter).collect();
    let given: String = model.arguments.iter().map(|argument| format!("        {0}={0},\n", argument.key)).collect();
    format!(
        "\n\ndef {id}(\n    *,\n{parameters}) -> {result}:\n{doc}\n    results = evaluate(\n        \"{id}\",\n{given}    )\n    return {expression}\n",
        id = model.id,
        doc = docstring(model)
    )
}

fn docstring(model: &Model) -> String {
    let argument = |argument: &Argument| {
        let unit = if argument.unit.is_empty() { String::new() } else { format!(", for instance in {}", argument.unit) };
        let range = argument.range.describe_in(argument.shown_unit().scale());
        let default = argument.default.map(|value| format!("; {} by default", short(argument.shown(value))));
        format!(
            "        {}: {} ({}){unit}; {range}{}.\n",
            argument.key,
            argument.meaning,
            argument.symbol,
            default.unwrap_or_default()
        )
    };
    let arguments: String = model.arguments.iter().map(argument).collect();
    let variant =
        model.variant_of.map(|of| format!("    A variant of `{of}`, which is the form to use.\n\n")).unwrap_or_default();
    let unit = match model.outputs {
        [output] if !output.unit.is_empty() => format!(", {}", output.unit),
        _ => String::new(),
    };
    let meaning = if model.outputs.len() == 1 { capital(model.outputs[0].meaning) } else { "The results, by name".to_owned() };
    format!(
        "    \"\"\"{}.\n\n    {}\n\n    `{}`\n\n{variant}    {}\n\n    Arguments:\n{arguments}\n    Returns:\n        {meaning}{unit}.\n\n    Source: {}.\n    \"\"\"",
        model.title,
        model.summary,
        model.equation,
        model.validity,
        model.references.join("; ")
    )
    .replace('\\', "\\\\")
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().collect::<String>() + characters.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_argument_is_a_python_keyword_and_no_two_names_are_equal() {
        const KEYWORDS: &str = "False None True and as assert async await break class continue def del elif else except finally for from \
                                global if import in is lambda nonlocal not or pass raise return try while with yield self results";
        let mut all = Vec::new();
        for model in groups().iter().flat_map(|group| group.models) {
            for argument in model.arguments {
                assert!(!KEYWORDS.split_whitespace().any(|word| word == argument.key), "{}.{}", model.id, argument.key);
            }
            all.extend(names(model));
        }
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
