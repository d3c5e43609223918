//! The gallery shows what the methods draw: it is made by `make gallery`, and stale when a figure is missing.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use amorph::method::registry;

/// Bytes that all pictures may have together.
const SIZE_MAX: u64 = 3_000_000;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The page; says so where it has not been drawn.
fn page() -> Option<String> {
    let page = std::fs::read_to_string(root().join("docs/gallery.md")).ok();
    if page.is_none() {
        println!("skipped: docs/gallery.md is not there; `make gallery` draws it");
    }
    page
}

/// Every Rust file below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .collect()
}

/// Keys of the figures that a source file makes: the literal `key` before a `title`, as rustfmt writes a `Figure`.
fn figure_keys(text: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for part in text.split("Figure {").skip(1) {
        let Some((_, rest)) = part.split_once("key: \"") else { continue };
        let Some((key, after)) = rest.split_once('"') else { continue };
        let follows =
            after.trim_start_matches(".to_owned()").trim_start_matches(".into()").trim_start_matches([',', ' ', '\n']);
        if follows.starts_with("title") {
            keys.push(key.to_owned());
        }
    }
    keys
}

#[test]
fn the_gallery_has_every_afm_method_and_every_figure_of_those_it_shows() {
    let Some(page) = page() else { return };
    let mut missing = Vec::new();
    for info in registry().iter().map(|method| method.info()).filter(|info| info.technique == "afm") {
        if !page.contains(&format!("(methods/{}.md)", info.id)) {
            missing.push(info.id.to_owned());
            continue;
        }
        let name = info.id.split_once('.').unwrap().1;
        let folder = root().join("crates/amorph/src/methods").join(info.family).join(name);
        let is_shown = page.contains(&format!("images/gallery/{}.", info.id));
        for file in sources(&folder).iter().filter(|file| is_shown && !file.ends_with("tests.rs")) {
            for key in figure_keys(&std::fs::read_to_string(file).unwrap()) {
                let picture = format!("images/gallery/{}.{key}.png", info.id);
                if !page.contains(&picture) {
                    missing.push(picture);
                }
            }
        }
    }
    assert!(missing.is_empty(), "`make gallery` brings what is missing: {missing:?}");
}

#[test]
fn pictures_exist_are_used_and_are_small() {
    let Some(page) = page() else { return };
    let links: Vec<&str> = page.split("](images/gallery/").skip(1).map(|rest| rest.split(')').next().unwrap()).collect();
    let folder = root().join("docs/images/gallery");
    let mut size = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let entry = entry.unwrap();
        size += entry.metadata().unwrap().len();
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(links.contains(&name.as_str()), "{name} is not on the page");
    }
    for link in links {
        let bytes = std::fs::read(folder.join(link)).unwrap();
        assert!(bytes.starts_with(b"\x89PNG"), "{link}");
    }
    assert!(size < SIZE_MAX, "{size} bytes of pictures");
}

#[test]
fn keys_are_found_in_source_as_rustfmt_writes_it() {
    let text = "Figure {\n        key: \"maps\".to_owned(),\n        title: \"Maps\".to_owned(),\n    }\nTable { key: \"t\" }\nFigure { key: format!(\"a_{b}\"), title }";
    assert_eq!(figure_keys(text), ["maps"]);
}
