//! Files that are generated from the registries, so that nothing is ever copied by hand.
//!
//! | file | from |
//! |---|---|
//! | `docs/study.schema.json` | techniques and parameter schemas |
//! | `docs/methods/<id>.md`, `docs/methods/index.md` | `doc.md`, parameters, constants, outputs |
//! | `docs/cli.md` | the command-line definition |
//! | `docs/formats.md` | the readers of files |
//! | `python/amorph/methods/<family>/_<method>.py` | identity, parameters, constants, outputs, `doc.md` |

mod cli;
mod formats_page;
mod method_pages;
mod python;

/// Folders in which every file is generated.
pub const OWNED_FOLDERS: &[&str] = &["docs/methods", "python/amorph/methods"];

/// Path (from the root of the repository) and text of every generated file.
pub fn files() -> Vec<(String, String)> {
    let schema = serde_json::to_string_pretty(&amorph::study::json_schema()).unwrap_or_default();
    let mut files = vec![("docs/study.schema.json".to_owned(), schema + "\n"), ("docs/cli.md".to_owned(), cli::reference())];
    files.push(("docs/formats.md".to_owned(), formats_page::page()));
    files.extend(method_pages::pages());
    files.extend(python::modules());
    files
}
