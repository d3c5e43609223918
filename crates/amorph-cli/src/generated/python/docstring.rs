use amorph::method::{ConstantInfo, ConstantKind, MethodInfo};

use super::signature::{Parameter, Signature};

/// Longest line of a docstring.
const WIDTH: usize = 100;

/// Parameters, results, references and the whole page of the method.
pub fn of_class(signature: &Signature, info: &MethodInfo) -> String {
    let mut text = format!("{}\n\n{}\n", headline(info), info.summary);
    if !signature.parameters.is_empty() {
        section(&mut text, "Parameters", &signature.parameters.iter().map(parameter).collect::<String>());
    }
    section(&mut text, "Notes", &format!("{}\n", info.doc.trim()));
    close(&text)
}

/// Everything needed to call it.
pub fn of_function(signature: &Signature, info: &MethodInfo) -> String {
    let (name, annotation, description) = signature.subject();
    let mut arguments = entry(name, annotation, description);
    arguments.extend(signature.parameters.iter().map(parameter));
    arguments.extend(signature.constants.iter().map(|found| constant(found)));
    arguments.extend(signature.surroundings().map(|argument| entry(argument.name, argument.annotation, argument.description)));
    let mut text = format!("{}\n\n", headline(info));
    text.push_str(&fill(&format!("{} See `{}` for the method.", info.summary, signature.class), ""));
    section(&mut text, "Parameters", &arguments);
    section(&mut text, "Returns", &returns(info));
    if !info.references.is_empty() {
        let references: String = info.references.iter().map(|reference| fill(&format!("- {reference}"), "")).collect();
        section(&mut text, "References", &references);
    }
    close(&text)
}

fn headline(info: &MethodInfo) -> String {
    format!("{} (`{}`).", info.title, info.id)
}

fn section(text: &mut String, heading: &str, body: &str) {
    text.push_str(&format!("\n{heading}\n{}\n{body}", "-".repeat(heading.len())));
}

fn entry(name: &str, annotation: &str, description: &str) -> String {
    format!("{name} : {annotation}\n{}", fill(description, "    "))
}

fn parameter(parameter: &Parameter) -> String {
    let kind = if parameter.kind.choices.is_empty() { parameter.kind.annotation.clone() } else { "str".to_owned() };
    let mut text = entry(&parameter.name, &format!("{kind}, default {}", parameter.default), &parameter.description);
    for (word, meaning) in &parameter.kind.choices {
        text.push_str(&fill(&format!("- `\"{word}\"`: {meaning}"), "    "));
    }
    text
}

fn constant(constant: &ConstantInfo) -> String {
    let about = format!("{}. Found: {}.", constant.description, constant.found_by);
    match constant.kind {
        ConstantKind::Quantity(unit) => {
            let unit = if unit.is_empty() { "a plain number".to_owned() } else { format!("in {unit}") };
            entry(constant.key, &format!("Quantity, {unit}"), &about)
        }
        ConstantKind::Choice(choices) => {
            let choice =
                |choice: &amorph::method::Choice| fill(&format!("- `\"{}\"`: {}", choice.name, choice.description), "    ");
            entry(constant.key, "str", &about) + &choices.iter().map(choice).collect::<String>()
        }
    }
}

fn returns(info: &MethodInfo) -> String {
    let mut text = "Result\n    Its estimates, as far as the data support them:\n\n".to_owned();
    for output in info.outputs {
        let unit = if output.unit.is_empty() { String::new() } else { format!(", {}", output.unit) };
        text.push_str(&fill(&format!("- `{}` ({}{unit}): {}", output.key, output.symbol, output.description), "    "));
    }
    if info.outputs.is_empty() { "Result\n".to_owned() } else { text }
}

/// Breaks text into lines, every one indented.
fn fill(text: &str, indent: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last > 0 && indent.len() + last + 1 + word.chars().count() > WIDTH - 4 {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.iter().map(|line| format!("{indent}{line}\n")).collect()
}

/// Indents and quotes; raw, because equations have backslashes.
fn close(text: &str) -> String {
    let lines: Vec<String> = text
        .trim_end()
        .lines()
        .map(|line| if line.trim().is_empty() { String::new() } else { format!("    {}", line.trim_end()) })
        .collect();
    format!("    r\"\"\"{}\n    \"\"\"", lines.join("\n").trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_broken_between_words_and_nothing_is_lost() {
        let words = "dissipated energy ".repeat(30);
        let filled = fill(&words, "    ");
        assert!(filled.lines().all(|line| line.chars().count() <= WIDTH - 4 && line.starts_with("    ")));
        assert_eq!(filled.split_whitespace().collect::<Vec<_>>(), words.split_whitespace().collect::<Vec<_>>());
    }

    #[test]
    fn no_page_ends_its_docstring_early() {
        for method in amorph::method::registry() {
            assert!(!method.info().doc.contains("\"\"\""), "{}", method.info().id);
            assert!(!close(method.info().doc).ends_with("\\\n    \"\"\""));
        }
    }
}
