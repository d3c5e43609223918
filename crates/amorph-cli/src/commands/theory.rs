use std::process::ExitCode;

use amorph::core::unit::format_significant;
use amorph::method::nearest;
use amorph::theory::{self, Argument, Model, Output, Propagated, Route};
use serde_json::{Value, json};

use crate::args::{Eval, Theory, TheoryCommand};
use crate::failure::Failure;
use crate::show;

/// Lists, shows or evaluates models.
pub fn run(arguments: &Theory) -> Result<ExitCode, Failure> {
    match &arguments.command {
        TheoryCommand::List { group, json } => list(group.as_deref(), *json)?,
        TheoryCommand::Show { model, json } => {
            let model = find(model)?;
            println!("{}", if *json { pretty(&describe(model)) } else { show_one(model) });
        }
        TheoryCommand::Eval(arguments) => eval(arguments)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn find(id: &str) -> Result<&'static Model, Failure> {
    theory::find(id).ok_or_else(|| Failure::Unknown {
        what: "model",
        word: id.to_owned(),
        nearest: nearest(id, theory::models().map(|model| model.id)).map(str::to_owned),
    })
}

fn list(group: Option<&str>, json: bool) -> Result<(), Failure> {
    let known = || theory::groups().iter().map(|group| group.id);
    if let Some(word) = group.filter(|word| !known().any(|id| id == *word)) {
        let nearest = nearest(word, known()).map(str::to_owned);
        return Err(Failure::Unknown { what: "group of models", word: word.to_owned(), nearest });
    }
    let groups = theory::groups().iter().filter(|found| group.is_none_or(|id| id == found.id));
    if json {
        println!("{}", pretty(&groups.flat_map(|group| group.models).map(|model| describe(model)).collect()));
        return Ok(());
    }
    for group in groups {
        println!("\n{} ({})", group.title, group.id);
        let row = |model: &&&Model| vec![model.id.to_owned(), model.title.to_owned(), model.equation.to_owned()];
        println!("{}", show::rows(&["model", "what it gives", "equation"], group.models.iter().map(|model| row(&model))));
    }
    Ok(())
}

fn describe(model: &Model) -> Value {
    let argument = |a: &Argument| {
        json!({
            "key": a.key, "symbol": a.symbol, "unit": a.unit, "meaning": a.meaning, "default": a.default,
            "range": a.range.describe_in(a.shown_unit().scale()),
        })
    };
    let output =
        |o: &Output| json!({ "key": o.key, "symbol": o.symbol, "unit": o.unit, "meaning": o.meaning, "classes": o.classes });
    json!({
        "id": model.id,
        "group": theory::group_of(model.id).map(|group| group.id),
        "title": model.title,
        "summary": model.summary,
        "equation": model.equation,
        "arguments": model.arguments.iter().map(argument).collect::<Vec<_>>(),
        "outputs": model.outputs.iter().map(output).collect::<Vec<_>>(),
        "validity": model.validity,
        "references": model.references,
        "covers": model.covers,
        "variant_of": model.variant_of,
    })
}

fn show_one(model: &Model) -> String {
    let mut text = format!("{}: {}\n\n{}\n\n  {}\n", model.id, model.title, model.summary, model.equation);
    if let Some(of) = model.variant_of {
        text.push_str(&format!("\nAnother form of {of}, which is the one to use.\n"));
    }
    let row = |a: &Argument| {
        let unit = if a.unit.is_empty() { "-" } else { a.unit };
        let default = a.default.map_or("none".to_owned(), |value| theory::short(a.shown(value)));
        let texts = [a.key, a.symbol, unit, &default, &a.range.describe_in(a.shown_unit().scale()), a.meaning];
        texts.map(str::to_owned).to_vec()
    };
    let header = ["argument", "symbol", "unit", "default", "range", "what it is"];
    text.push_str(&format!("\n{}\n", show::rows(&header, model.arguments.iter().map(row))));
    let row = |o: &Output| {
        let unit = if o.unit.is_empty() { "-" } else { o.unit };
        vec![o.key.to_owned(), o.symbol.to_owned(), unit.to_owned(), meaning(o)]
    };
    let table = show::rows(&["result", "symbol", "SI unit", "what it is"], model.outputs.iter().map(row));
    text.push_str(&format!("\n{table}\n\n{}\n\nFrom: {}\n", model.validity, model.references.join("; ")));
    text
}

fn meaning(output: &Output) -> String {
    match output.classes {
        [] => output.meaning.to_owned(),
        classes => format!("{}: {}", output.meaning, classes.join(", ")),
    }
}

fn eval(arguments: &Eval) -> Result<(), Failure> {
    let model = find(&arguments.model)?;
    let mut pairs = Vec::new();
    for text in &arguments.values {
        let pair = text.split_once('=').ok_or_else(|| Failure::Source {
            path: text.clone(),
            problem: format!("arguments are written key='value unit'; `amorph theory show {}` lists them", model.id),
        })?;
        pairs.push((pair.0.trim().to_owned(), pair.1.trim().to_owned()));
    }
    let given = theory::inputs(model, &pairs, &arguments.systematic)?;
    let result = theory::propagate(model, &given, arguments.seed)?;
    match arguments.json {
        true => println!("{}", pretty(&results_as_json(model, &result))),
        false => println!("{}", results_as_text(model, &result)),
    }
    Ok(())
}

fn route(route: Route) -> &'static str {
    match route {
        Route::Exact => "exact",
        Route::FirstOrder => "first_order",
        Route::MonteCarlo => "monte_carlo",
    }
}

fn results_as_json(model: &Model, result: &Propagated) -> Value {
    let sensitivities = |row: &[f64]| -> Value {
        let pair = |(argument, slope): (&Argument, &f64)| (argument.key.to_owned(), json!(slope));
        Value::Object(model.arguments.iter().zip(row).map(pair).collect())
    };
    let one = |index: usize| {
        let output = &model.outputs[index];
        let estimate = &result.estimates[index];
        let class = output.classes.get(estimate.value as usize);
        json!({ "estimate": estimate, "class": class, "route": route(result.routes[index]), "sensitivities": sensitivities(&result.sensitivities[index]) })
    };
    json!({ "model": model.id, "results": (0..result.estimates.len()).map(one).collect::<Vec<_>>() })
}

fn results_as_text(model: &Model, result: &Propagated) -> String {
    let row = |(index, output): (usize, &Output)| {
        let estimate = &result.estimates[index];
        let name = format!("{} {}", output.key, output.symbol);
        if let Some(class) = output.classes.get(estimate.value as usize) {
            return vec![name, (*class).to_owned(), String::new(), String::new()];
        }
        let unit = estimate.display_unit();
        let systematic =
            estimate.systematic_error.map(|error| format!("{} {unit}", format_significant(error / unit.scale(), 2)));
        vec![name, estimate.display(), estimate.display_interval(), systematic.unwrap_or_default()]
    };
    let header = ["result", "value", "95 % interval", "systematic error"];
    let mut text = format!("{}\n{}\n\n", model.title, model.equation);
    text.push_str(&show::rows(&header, model.outputs.iter().enumerate().map(row)));
    if result.routes.contains(&Route::MonteCarlo) {
        text.push_str("\n\nA relative error exceeds 20 %: the interval is from a Monte Carlo, not to first order.");
    }
    text
}
