//! The report of a made-up study: complete, safe, deterministic and not too large.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use amorph_core::dossier::{Dossier, Shown};
use amorph_core::figure::Mark;
use amorph_core::image::block_means;
use amorph_report::{csv, html, json};
use serde_json::Value;

const PLOTLY_MARK: &str = "plotly.js (cartesian";

fn payloads(page: &str) -> Vec<Value> {
    let parts = page.split(r#"type="application/json">"#).skip(1);
    parts.map(|part| serde_json::from_str(part.split("</script>").next().unwrap()).unwrap()).collect()
}

#[test]
fn the_page_is_complete_and_loads_nothing() {
    let page = html::report(&common::dossier()).unwrap();
    assert_eq!(page.matches(PLOTLY_MARK).count(), 1);
    let without_plotly = page.replace(include_str!("../assets/plotly/plotly-cartesian.min.js"), "");
    for attribute in ["src=\"http", "src=\"//", "<link ", "@import", "url(http", "<iframe"] {
        assert!(!without_plotly.contains(attribute), "{attribute}");
    }
    let images = without_plotly.split("<img ").skip(1);
    images.for_each(|image| assert!(image.starts_with("src=\"data:image/png;base64,"), "{}", &image[..60]));
    let links = without_plotly.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    for link in links {
        assert!(
            link.starts_with('#') || link.starts_with("https://doi.org/") || link.starts_with("data:image/png;base64,"),
            "{link}"
        );
    }
    assert!(page.len() < 8_000_000, "{}", page.len());
}

#[test]
fn every_figure_has_a_valid_payload_and_a_picture() {
    let dossier = common::dossier();
    let page = html::report(&dossier).unwrap();
    let outcomes = || dossier.results.iter().chain(&dossier.comparisons).map(|result| &result.outcome);
    let figures: usize = outcomes().map(|outcome| outcome.figures.len()).sum();
    let tables: usize = outcomes().map(|outcome| outcome.tables.len()).sum();
    let payloads = payloads(&page);
    // Each figure side by side stands for those of two states.
    let beside = page.matches("class=\"live beside-2\"").count();
    assert_eq!(beside, 2);
    let figures = figures - beside;
    assert_eq!(payloads.iter().filter(|payload| payload["panels"].is_array()).count(), figures);
    assert_eq!(payloads.iter().filter(|payload| payload.is_string()).count(), tables);
    assert_eq!(page.matches("<div class=\"still\"><svg ").count(), figures);
    assert!(!page.contains("Figure not shown"));
}

/// The heatmaps of a map, panel by panel.
fn heatmaps<'a>(payloads: &'a [Value], label: &str) -> Vec<&'a Value> {
    let panels = payloads.iter().flat_map(|payload| payload["panels"].as_array().into_iter().flatten());
    let traces = panels.flat_map(|panel| panel["data"].as_array().into_iter().flatten());
    traces.filter(|trace| trace["type"] == "heatmap" && trace["label"].as_str().unwrap().starts_with(label)).collect()
}

#[test]
fn maps_of_one_quantity_have_the_same_colours_in_all_states() {
    let mut dossier = common::dossier();
    let stretched = dossier.results.iter_mut().filter(|result| result.state == "3 N");
    for map in stretched.flat_map(|result| &mut result.outcome.maps) {
        map.values.mapv_inplace(|value| 2.0 * value);
    }
    let payloads = payloads(&html::report(&dossier).unwrap());
    for kind in ["z", "E"] {
        let maps = heatmaps(&payloads, kind);
        assert!(maps.len() >= 2, "{kind}");
        assert!(maps.iter().all(|map| map["zmin"] == maps[0]["zmin"] && map["zmax"] == maps[0]["zmax"]), "{kind}");
        let bars = maps.iter().filter(|map| map["showscale"] == true).count();
        assert!(bars < maps.len(), "{kind}: the maps side by side share one colour bar");
    }
}

#[test]
fn items_in_short_are_small_pictures_and_numbers() {
    let mut dossier = common::dossier();
    let full = html::report(&dossier).unwrap();
    let chosen: Vec<String> =
        ["as-deposited", "3 N"].iter().map(|s| dossier.representative("film", s).unwrap().to_owned()).collect();
    let others = dossier.results.iter_mut().filter(|result| !result.item.is_empty() && !chosen.contains(&result.item));
    let mut n = 0;
    for result in others {
        result.shown = Shown::InShort;
        result.outcome.figures.clear();
        result.outcome.tables.clear();
        for map in &mut result.outcome.maps {
            map.values = block_means(map.values.view(), 64);
        }
        n += 1;
    }
    assert!(n >= 2);
    let short = html::report(&dossier).unwrap();
    assert!(short.len() < full.len());
    // Three sites of two states, and at least one kind of map.
    assert!(short.matches("<img src=\"data:").count() >= 6);
    assert!(short.contains("amorph report --items all"));
}

#[test]
fn every_number_leads_to_its_provenance() {
    let page = html::report(&common::dossier()).unwrap();
    let targets: Vec<&str> = page.split("href=\"#job-").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(targets.len() > 20);
    for target in targets {
        assert_eq!(page.matches(&format!("id=\"job-{target}\"")).count(), 1, "{target}");
    }
}

#[test]
fn equal_studies_give_equal_pages() {
    assert_eq!(html::report(&common::dossier()).unwrap(), html::report(&common::dossier()).unwrap());
}

#[test]
fn what_people_write_stays_text() {
    const EVIL: &str = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\" onclick=\"alert(3)";
    let mut dossier = common::dossier();
    let put = |text: &mut String| *text = EVIL.to_owned();
    put(&mut dossier.title);
    put(&mut dossier.description);
    put(&mut dossier.study_text);
    put(&mut dossier.overrides[0]);
    put(&mut dossier.states[0].facts[0].1);
    put(&mut dossier.failures[0].message);
    dossier.methods[0].doc = "A <script>alert(1)</script> and <img src=x onerror=alert(2)>".to_owned();
    put(&mut dossier.methods[0].references[0]);
    put(&mut dossier.notes[0].message);
    for result in dossier.results.iter_mut().chain(&mut dossier.comparisons) {
        put(&mut result.title);
        put(&mut result.job);
        put(&mut result.outcome.provenance.inputs[0].path);
        result.outcome.estimates.iter_mut().for_each(|estimate| put(&mut estimate.symbol));
        result.outcome.tables.iter_mut().for_each(|table| put(&mut table.title));
        for figure in &mut result.outcome.figures {
            put(&mut figure.title);
            put(&mut figure.panels[0].title);
            put(&mut figure.panels[0].x.label);
            for mark in &mut figure.panels[0].marks {
                if let Mark::Line { name, .. } | Mark::Points { name, .. } | Mark::Bars { name, .. } = mark {
                    put(name);
                }
            }
        }
    }
    let page = html::report(&dossier).unwrap();
    assert!(!page.contains("<script>alert") && !page.contains("<img src=x"));
    assert!(!page.contains("\" onclick=\"alert"));
    // Plotly reads a little HTML in names: there, too, the text must be escaped.
    let named = payloads(&page).into_iter().filter(|payload| payload["panels"].is_array()).collect::<Vec<_>>();
    assert!(!named.is_empty());
    for payload in named {
        for panel in payload["panels"].as_array().unwrap() {
            let texts = panel["data"].as_array().unwrap().iter().map(|trace| &trace["name"]);
            for text in texts.chain([&panel["layout"]["xaxis"]["title"]["text"]]) {
                assert!(!text.as_str().unwrap().contains('<'), "{text}");
            }
        }
    }
}

#[test]
fn an_empty_study_is_a_small_page() {
    let page = html::report(&Dossier::default()).unwrap();
    assert!(page.contains("Amorph report") && !page.contains(PLOTLY_MARK) && page.len() < 200_000);
}

#[test]
fn a_figure_without_its_map_says_so() {
    let mut dossier = common::dossier();
    let with_maps = dossier.results.iter_mut().find(|result| !result.outcome.maps.is_empty()).unwrap();
    with_maps.outcome.maps.retain(|map| map.quantity != "height");
    let page = html::report(&dossier).unwrap();
    assert!(page.contains("shows the map &#39;height&#39;") || page.contains("shows the map 'height'"));
}

#[test]
fn missing_numbers_are_null_in_json_and_empty_in_csv() {
    let mut dossier = common::dossier();
    dossier.results[0].outcome.estimates[0].value = f64::NAN;
    if let Mark::Points { y, .. } = &mut dossier.results[0].outcome.figures[0].panels[0].marks[1] {
        y[3] = f64::NAN;
    }
    let text = json::dossier(&dossier).unwrap();
    assert!(serde_json::from_str::<Value>(&text).is_ok() && !text.contains("NaN"));
    let page = html::report(&dossier).unwrap();
    let figure = payloads(&page).into_iter().find(|payload| payload["key"] == "structure_function").unwrap();
    assert!(figure["panels"][0]["data"][1]["y"][3].is_null());
    let lines = csv::estimates(&dossier.results);
    assert!(lines.lines().nth(1).unwrap().contains(",ξ,,m,"));
    assert_eq!(lines.lines().count(), 1 + dossier.results.iter().map(|result| result.outcome.estimates.len()).sum::<usize>());
}
