//! Files that are generated from the registries, so that nothing is ever copied by hand.
//!
//! | file | from |
//! |---|---|
//! | `docs/study.schema.json` | techniques and parameter schemas |
//! | `docs/methods/<id>.md`, `docs/methods/index.md` | `doc.md`, parameters, constants, outputs |
//! | `docs/cli.md` | the command-line definition |
//! | `docs/formats.md` | the readers of files |
//! | `docs/theory/<group>.md`, `docs/theory/index.md` | the registry of models |
//! | `docs/papers.md` | the numbers of the source papers, recomputed |
//! | `python/amorph/theory/_<group>.py` | the registry of models |
//! | `python/amorph/methods/<family>/_<method>.py` | identity, parameters, constants, outputs, `doc.md` |

mod cli;
mod formats_page;
mod method_pages;
mod papers_page;
mod python;
mod python_theory;
mod theory_pages;

/// Folders in which every file is generated.
pub const OWNED_FOLDERS: &[&str] = &["docs/methods", "docs/theory", "python/amorph/methods", "python/amorph/theory"];

/// Path (from the root of the repository) and text of every generated file.
pub fn files() -> Vec<(String, String)> {
    let schema = serde_json::to_string_pretty(&amorph::study::json_schema()).unwrap_or_default();
    let mut files = vec![("docs/study.schema.json".to_owned(), schema + "\n"), ("docs/cli.md".to_owned(), cli::reference())];
    files.push(("docs/formats.md".to_owned(), formats_page::page()));
    files.push(("docs/papers.md".to_owned(), papers_page::page()));
    files.extend(method_pages::pages());
    files.extend(theory_pages::pages());
    files.extend(python_theory::modules());
    files.extend(python::modules());
    files
}
