//! Makes `docs/gallery.md`: every figure that the AFM methods draw, from virtual measurements.
//!
//! `tools/gallery.sh` runs all of it: `gallery prepare` writes virtual measurements and studies of them, among them one with
//! every method of the registry; `gallery page` draws the figures of studies that were run. A method that is registered is
//! in the gallery without further ado.

mod prepare;

use std::error::Error;
use std::path::{Path, PathBuf};

use amorph::core::dossier::{Dossier, ResultRecord};
use amorph::core::figure::Figure;
use amorph::method::{MethodInfo, registry};
use amorph::study::{self, Content, Study};
use amorph_report::{Theme, png, svg};

/// Pixels per unit of the drawing.
const SCALE: f32 = 1.25;
/// Where the page and its pictures are, from the root of the repository.
const PAGE: &str = "docs/gallery.md";
const PICTURES: &str = "docs/images/gallery";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["prepare", folder] => prepare::write(Path::new(folder)),
        ["page", studies @ ..] if !studies.is_empty() => page(studies),
        _ => Err("usage: gallery prepare FOLDER | gallery page STUDY...".into()),
    }
}

/// The methods that the gallery shows.
fn methods() -> impl Iterator<Item = &'static MethodInfo> {
    registry().iter().map(|method| method.info()).filter(|info| matches!(info.technique, "afm" | ""))
}

/// A figure and where it comes from.
struct Shown<'a> {
    study: &'a Path,
    result: &'a ResultRecord,
    figure: &'a Figure,
}

fn page(studies: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut dossiers: Vec<(PathBuf, Dossier)> = Vec::new();
    for path in studies {
        let study = Study::open(Path::new(path), &[])?;
        dossiers.push((PathBuf::from(path), study::dossier(&study, Content::Everything)?));
    }
    // Pictures of figures that no longer exist go.
    if Path::new(PICTURES).is_dir() {
        std::fs::remove_dir_all(PICTURES)?;
    }
    std::fs::create_dir_all(PICTURES)?;
    let mut text = String::from(HEAD);
    let mut without = String::new();
    for info in methods() {
        let figures = figures_of(info.id, &dossiers);
        if figures.is_empty() {
            without.push_str(&format!("- [`{0}`](methods/{0}.md): {1}\n", info.id, why_none(info.id, &dossiers)));
            continue;
        }
        text.push_str(&format!("\n## {}\n\n[`{1}`](methods/{1}.md). {2}\n", info.title, info.id, info.summary));
        for shown in figures {
            text.push_str(&draw(info.id, &shown)?);
        }
    }
    if !without.is_empty() {
        text.push_str(&format!("\n## Without a figure here\n\n{without}"));
    }
    std::fs::write(PAGE, text)?;
    Ok(())
}

const HEAD: &str = "\
# Gallery

Every figure of the tapping-mode methods, drawn by the program from virtual measurements of known truth. Made by `make gallery`, which
simulates the measurements, runs `amorph run STUDY.toml` and draws what it finds; below each figure is the file under
which `amorph export STUDY.toml --to figures --format png` writes it.
";

/// The figures of a method, each key once; where several items have it, that of the representative item of the first state.
fn figures_of<'a>(method: &str, dossiers: &'a [(PathBuf, Dossier)]) -> Vec<Shown<'a>> {
    let mut figures: Vec<Shown<'a>> = Vec::new();
    for (study, dossier) in dossiers {
        let chosen = |result: &&ResultRecord| {
            result.item.is_empty() || dossier.representative(&result.sample, &result.state) == Some(&result.item)
        };
        let results = dossier.results.iter().filter(chosen).chain(&dossier.comparisons);
        for result in results.filter(|result| result.method == method) {
            for figure in &result.outcome.figures {
                if figures.iter().all(|known| known.figure.key != figure.key) {
                    figures.push(Shown { study, result, figure });
                }
            }
        }
    }
    figures
}

fn draw(method: &str, shown: &Shown<'_>) -> Result<String, Box<dyn Error>> {
    let Shown { study, result, figure } = shown;
    let name = format!("{method}.{}.png", figure.key);
    let drawing = svg::render(figure, &result.outcome.maps, Theme::Light)?;
    std::fs::write(Path::new(PICTURES).join(&name), png::rasterise_small(&drawing, SCALE)?)?;
    let sentence = figure.caption.split_inclusive(". ").next().unwrap_or_default().trim();
    let clean = |name: &str| name.replace(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.'), "_");
    let place: Vec<String> = [&result.state, &result.item, &result.method]
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(|part| clean(part))
        .collect();
    let study = study.file_name().unwrap_or_default().to_string_lossy();
    Ok(format!(
        "\n![{title}](images/gallery/{name})\n\n**{title}.** {sentence}\n`{study}`: `figures/{}/{}.png`\n",
        place.join("/"),
        figure.key,
        title = figure.title
    ))
}

fn why_none(method: &str, dossiers: &[(PathBuf, Dossier)]) -> String {
    let failures = dossiers.iter().flat_map(|(_, dossier)| &dossier.failures);
    let failed = failures.into_iter().find(|failure| failure.method == method);
    failed.map_or_else(
        || "it gives numbers and tables.".to_owned(),
        |failure| format!("{}.", failure.message.trim_end_matches('.')),
    )
}
