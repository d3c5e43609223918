use clap::{Command, CommandFactory};

use crate::args::Arguments;

/// The command-line reference as Markdown.
pub fn reference() -> String {
    let mut text = String::from(
        "# Command line\n\nGenerated from the definition of the command; `amorph help` shows the same.\n\n\
         Results go to standard output, progress and notes to standard error. Exit codes: 0 done, 1 some analysis gave no \
         result, 2 wrong usage, study or file. `NO_COLOR` is respected.\n",
    );
    let mut root = Arguments::command().term_width(100);
    root.build();
    section(&mut text, &mut root, 2);
    text
}

fn section(text: &mut String, command: &mut Command, level: usize) {
    let name = command.get_bin_name().unwrap_or(command.get_name()).to_owned();
    let help = command.render_long_help().to_string();
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    text.push_str(&format!("\n{} `{name}`\n\n```text\n{}\n```\n", "#".repeat(level), lines.join("\n").trim()));
    for sub in command.get_subcommands_mut().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help") {
        section(text, sub, (level + 1).min(4));
    }
}
