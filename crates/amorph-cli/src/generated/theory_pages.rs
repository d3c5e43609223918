use amorph::theory::{Argument, Group, Model, Output, groups, short};

/// One page per group of models, and their index.
pub fn pages() -> Vec<(String, String)> {
    let page = |group: &Group| (format!("docs/theory/{}.md", group.id), page(group));
    let mut pages: Vec<(String, String)> = groups().iter().map(page).collect();
    pages.push(("docs/theory/index.md".to_owned(), index()));
    pages
}

fn index() -> String {
    let mut text = String::from(
        "# Closed-form models\n\nGenerated from the registry of models; `amorph theory list` shows the same.\n\n\
         Every model is a function in Rust (`amorph::theory`), in Python (`amorph.theory`) and on the command line:\n\n\
         ```sh\namorph theory show lu_energy\n\
         amorph theory eval lu_energy length='4.10 +- 0.05 nm' temperature='298 K' interaction_length='1.0 +- 0.1 nm' dimension=3 \\\n\
         \x20   --systematic interaction_length\n```\n\n\
         Values carry units and are checked for dimension. Arguments outside the range of a model give an error that names them, \
         never a number. Errors of the inputs are carried to first order, and by Monte Carlo where a relative error exceeds 20 %; \
         systematic ones are kept apart. Conventions and constants that change an answer (attempt frequency, Taylor factor, \
         interaction length) have no default. Where a source prints a form that is wrong or ambiguous, the right one comes first \
         and the printed one is a variant of it.\n",
    );
    for group in groups() {
        text.push_str(&format!("\n## [{}]({}.md)\n\n| model | equation |\n|---|---|\n", group.title, group.id));
        for model in group.models {
            let anchor = model.id;
            text.push_str(&format!("| [{}]({}.md#{anchor}) | {} |\n", model.title, group.id, code(model.equation)));
        }
    }
    text
}

fn page(group: &Group) -> String {
    let mut text =
        format!("<!-- Generated from the registry of models; change it there. -->\n# {}\n\n{}\n", group.title, group.summary);
    text.extend(group.models.iter().map(|model| section(model)));
    text
}

fn section(model: &Model) -> String {
    let mut text = format!("\n## {}\n\n**{}.** {}\n\n", model.id, model.title, model.summary);
    if let Some(of) = model.variant_of {
        text.push_str(&format!("A variant of [{of}](#{of}), which is the form to use.\n\n"));
    }
    text.push_str(&format!("{}\n\n", code(model.equation)));
    text.push_str("| argument | symbol | unit | default | range | what it is |\n|---|---|---|---|---|---|\n");
    text.extend(model.arguments.iter().map(argument));
    text.push_str("\n| result | symbol | SI unit | what it is |\n|---|---|---|---|\n");
    text.extend(model.outputs.iter().map(result));
    text.push_str(&format!("\n{}\n\nSource: {}.", model.validity, model.references.join("; ")));
    text.push_str(&format!(" Covers {} of the inventory of the source papers.\n", model.covers.join(", ")));
    text
}

fn argument(argument: &Argument) -> String {
    let default = argument.default.map(|value| short(argument.shown(value))).unwrap_or_default();
    let range = argument.range.describe_in(argument.shown_unit().scale());
    format!(
        "| `{}` | {} | {} | {default} | {range} | {} |\n",
        argument.key,
        cell(argument.symbol),
        unit(argument.unit),
        cell(argument.meaning)
    )
}

fn result(output: &Output) -> String {
    let meaning = match output.classes {
        [] => output.meaning.to_owned(),
        classes => format!("{}: {}", output.meaning, classes.join(", ")),
    };
    format!("| `{}` | {} | {} | {} |\n", output.key, cell(output.symbol), unit(output.unit), cell(&meaning))
}

fn unit(unit: &str) -> &str {
    if unit.is_empty() { "1" } else { unit }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn code(equation: &str) -> String {
    format!("`{}`", equation.replace('|', "\\|"))
}
