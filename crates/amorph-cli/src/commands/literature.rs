use std::process::ExitCode;

use amorph::literature::{self, LiteratureValue, Query, to_csv};

use crate::args::Literature;
use crate::failure::Failure;
use crate::show;

/// Prints published values.
pub fn run(arguments: &Literature) -> Result<ExitCode, Failure> {
    let own = arguments.file.as_deref().map(literature::open).transpose()?;
    let all = own.map(literature::Literature::with).unwrap_or_default();
    let query = Query {
        words: arguments.words.join(" "),
        alloy: arguments.alloy.clone(),
        quantity: arguments.quantity.clone(),
        paper: arguments.paper.clone(),
    };
    let found = all.find(&query)?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&found).unwrap_or_default());
    } else if arguments.csv {
        print!("{}", to_csv(found));
    } else {
        println!("{}", table(&found));
        sources(&found).iter().for_each(|source| eprintln!("{source}"));
    }
    Ok(ExitCode::SUCCESS)
}

fn table(values: &[&LiteratureValue]) -> String {
    let row = |value: &&LiteratureValue| {
        vec![
            value.property.clone(),
            value.display(),
            value.alloy.clone(),
            value.condition.clone(),
            value.source.short().to_owned(),
            value.id.clone(),
        ]
    };
    show::rows(&["quantity", "value", "alloy", "condition", "source", "id"], values.iter().map(row))
}

/// The references of the values, each once.
fn sources(values: &[&LiteratureValue]) -> Vec<String> {
    let mut sources: Vec<String> = Vec::new();
    for source in values.iter().map(|value| &value.source) {
        let line = format!("{}: {}", source.short(), source.reference());
        if source.short() != source.reference() && !sources.contains(&line) {
            sources.push(line);
        }
    }
    sources
}
