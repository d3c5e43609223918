use amorph::method::{ConstantInfo, ConstantKind, DynMethod, Scope, technique};
use serde_json::Value;

use super::types::{Kind, kind, literal};

/// What a generated class and its function accept.
pub struct Signature {
    pub class: String,
    pub function: String,
    pub scope: Scope,
    /// Whether findings of other sources may stand beside its own.
    pub takes_card: bool,
    pub parameters: Vec<Parameter>,
    pub constants: Vec<&'static ConstantInfo>,
}

/// A parameter of the method: a field of the dataclass.
pub struct Parameter {
    pub name: String,
    pub kind: Kind,
    pub default: String,
    pub description: String,
}

/// An argument that is neither a parameter nor a constant.
pub struct Argument {
    pub name: &'static str,
    pub annotation: &'static str,
    pub default: &'static str,
    pub description: &'static str,
}

const CHANNELS: Argument = Argument {
    name: "channels",
    annotation: "Channels | None",
    default: "None",
    description: "Which map to take where several are of one quantity: its index, its name, or `\"trace\"` or `\"retrace\"`.",
};
const AFTER: Argument =
    Argument { name: "after", annotation: "After", default: "()", description: "Results of earlier methods on the same data." };
const TRUTH: Argument = Argument {
    name: "truth",
    annotation: "Truth | None",
    default: "None",
    description: "Values known beforehand: state -> key of the estimate -> quantity.",
};
const ALLOYS: Argument = Argument {
    name: "alloys",
    annotation: "Alloys | None",
    default: "None",
    description: "Alloy of every state, to find the published values that belong to it: state -> alloy.",
};
const CARD: Argument = Argument {
    name: "card",
    annotation: "FilePath | None",
    default: "None",
    description: "A card file with findings of other sources, to stand beside one's own.",
};
const SEED: Argument = Argument { name: "seed", annotation: "int", default: "1", description: "Seed of all random numbers." };

impl Signature {
    pub fn of(method: &dyn DynMethod) -> Self {
        let info = method.info();
        let (schema, defaults) = (method.schema(), method.defaults());
        let title = schema.get("title").and_then(Value::as_str).unwrap_or_default();
        let known = technique(info.technique).map_or(&[][..], |technique| technique.constants);
        let of_key = |key: &&str| known.iter().find(|constant| constant.key == *key);
        Self {
            class: title.to_owned(),
            function: info.id.rsplit('.').next().unwrap_or(info.id).to_owned(),
            scope: info.scope,
            takes_card: info.id == "compare.synthesis",
            parameters: parameters(&schema, &defaults),
            constants: info.constants.iter().filter_map(of_key).collect(),
        }
    }

    /// Name, type and description of the first argument.
    pub fn subject(&self) -> (&'static str, &'static str, &'static str) {
        match self.scope {
            Scope::Item => {
                ("data", "Data", "What was measured; see `amorph.Data`. The result of an earlier method stands for its maps.")
            }
            Scope::State => ("results", "Results", "Results of earlier methods for the sites of one state."),
            Scope::Study => {
                ("results", "StudyResults", "Results of earlier methods: a study, or state -> results of its sites.")
            }
        }
    }

    /// The arguments after parameters and constants.
    pub fn surroundings(&self) -> impl Iterator<Item = &'static Argument> {
        let surroundings: &[&Argument] = match self.scope {
            Scope::Item => &[&CHANNELS, &AFTER, &SEED],
            Scope::State => &[&SEED],
            Scope::Study if self.takes_card => &[&TRUTH, &ALLOYS, &CARD, &SEED],
            Scope::Study => &[&TRUTH, &ALLOYS, &SEED],
        };
        surroundings.iter().copied()
    }

    /// Arguments of `run`.
    pub fn run_arguments(&self, indent: &str) -> String {
        let (name, annotation, _) = self.subject();
        let mut text = format!("{indent}{name}: {annotation},\n{indent}*,\n");
        for constant in &self.constants {
            text.push_str(&format!("{indent}{}: {} = None,\n", constant.key, constant_annotation(constant)));
        }
        for argument in self.surroundings() {
            text.push_str(&format!("{indent}{}: {} = {},\n", argument.name, argument.annotation, argument.default));
        }
        text
    }

    /// Arguments of the function: parameters before those of `run`.
    pub fn function_arguments(&self, indent: &str) -> String {
        let parameters: String = self
            .parameters
            .iter()
            .map(|parameter| format!("{indent}{}: {} = {},\n", parameter.name, parameter.kind.annotation, parameter.default))
            .collect();
        self.run_arguments(indent).replacen(&format!("{indent}*,\n"), &format!("{indent}*,\n{parameters}"), 1)
    }

    /// What `run` hands to the base class.
    pub fn run_call(&self, indent: &str) -> String {
        let (name, _, _) = self.subject();
        let mut text = format!("{indent}{name},\n");
        if !self.constants.is_empty() {
            let entries: String =
                self.constants.iter().map(|constant| format!("{indent}    \"{0}\": {0},\n", constant.key)).collect();
            text.push_str(&format!("{indent}constants={{\n{entries}{indent}}},\n"));
        }
        self.surroundings().for_each(|argument| text.push_str(&format!("{indent}{0}={0},\n", argument.name)));
        text
    }

    /// What the function hands to `run`.
    pub fn forward_call(&self, indent: &str) -> String {
        let constants = self.constants.iter().map(|constant| constant.key);
        let named = constants.chain(self.surroundings().map(|argument| argument.name));
        format!("{indent}{},\n", self.subject().0) + &named.map(|name| format!("{indent}{name}={name},\n")).collect::<String>()
    }

    /// What the function hands to the class.
    pub fn field_call(&self) -> String {
        let fields: String = self.parameters.iter().map(|parameter| format!("        {0}={0},\n", parameter.name)).collect();
        if fields.is_empty() { fields } else { format!("\n{fields}    ") }
    }
}

fn parameters(schema: &Value, defaults: &Value) -> Vec<Parameter> {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return Vec::new() };
    let parameter = |(name, property): (&String, &Value)| Parameter {
        name: name.clone(),
        kind: kind(property, schema),
        default: literal(defaults.get(name).unwrap_or(&Value::Null)),
        description: property.get("description").and_then(Value::as_str).unwrap_or_default().replace('\n', " "),
    };
    properties.iter().map(parameter).collect()
}

/// A quantity, or one of the words.
pub fn constant_annotation(constant: &ConstantInfo) -> String {
    match constant.kind {
        ConstantKind::Quantity(_) => "Quantity | None".to_owned(),
        ConstantKind::Choice(choices) => {
            let words: Vec<String> = choices.iter().map(|choice| format!("\"{}\"", choice.name)).collect();
            format!("Literal[{}] | None", words.join(", "))
        }
    }
}
