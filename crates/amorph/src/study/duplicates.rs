//! Files that a study names more than once under different names or states.

use std::collections::BTreeMap;
use std::fs::File;

use super::Study;
use super::plan::{Item, Plan};
use crate::core::outcome::Note;

/// Digits of a digest that are shown.
const SHOWN: usize = 16;

/// A warning for every content that stands for more than one item: the statistics of a study take items as independent. One file in
/// several measurements of one state is analysed in several ways, and nothing is said about it.
pub(super) fn notes(study: &Study, plan: &Plan) -> Vec<Note> {
    let mut by_content: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    // What cannot be read has the digest of its error.
    let is_read = |item: &&Item| item.paths.iter().all(|path| File::open(path).is_ok());
    for item in plan.items.iter().filter(is_read) {
        by_content.entry(&item.sha256).or_default().push(item);
    }
    let mut groups: Vec<Vec<&Item>> = by_content.into_values().filter(|items| is_doubtful(study, items)).collect();
    groups.sort_by_key(|items| plan.items.iter().position(|item| std::ptr::eq(item, items[0])));
    groups.into_iter().map(|items| note(study, &items)).collect()
}

fn is_doubtful(study: &Study, items: &[&Item]) -> bool {
    let state = |item: &Item| study.measurements[item.measurement].state;
    items.iter().enumerate().any(|(index, item)| {
        let differs = |other: &&Item| other.paths != item.paths || state(other) != state(item);
        items[..index].iter().any(|other| differs(other) || other.measurement == item.measurement)
    })
}

fn note(study: &Study, items: &[&Item]) -> Note {
    let mut places: Vec<String> = Vec::new();
    for item in items {
        let state = &study.states[study.measurements[item.measurement].state];
        let place = format!("'{}' (sample {}, state {})", item.label, state.sample, state.id);
        if !places.contains(&place) || items.len() == 2 {
            places.push(place);
        }
    }
    let digest = items[0].sha256.get(..SHOWN).unwrap_or(&items[0].sha256);
    let message = format!(
        "{} have the same content (SHA-256 {digest}...) and count as independent measurements; put the right file in its place, or \
         leave the copy out",
        places.join(" and ")
    );
    Note::warning("same_file_again", message)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::{Arc, Mutex};

    use super::super::tests::{CAST, Fixture, HEAD, PRESSED, run_quietly};
    use super::super::{Content, Event, Observer, RunOptions, RunSummary, dossier, run};

    #[test]
    fn one_file_under_two_names_is_told() {
        let fixture = Fixture::new(2);
        let at = |name: &str| fixture.folder.path().join(name);
        let codes = |summary: &RunSummary| summary.notes.iter().map(|note| note.code.clone()).collect::<Vec<_>>();
        let text = [HEAD, CAST, PRESSED].concat();
        assert!(codes(&run_quietly(&fixture.study(&text, &[]).unwrap(), 1)).is_empty());
        // The same pixels under the name of another state.
        std::fs::copy(at("cast_1.gwy"), at("pressed_1.gwy")).unwrap();
        let study = fixture.study(&text, &[]).unwrap();
        let told = Arc::new(Mutex::new(Vec::new()));
        let into = told.clone();
        let observer: Observer = Arc::new(move |event| match event {
            Event::Noticed { note } => into.lock().unwrap().push(note.message),
            Event::Planned { .. } => into.lock().unwrap().push("planned".to_owned()),
            _ => {}
        });
        let summary = run(&study, &RunOptions::default(), observer).unwrap();
        assert_eq!(codes(&summary), ["same_file_again"]);
        let message = &summary.notes[0].message;
        for words in ["'cast_1.gwy' (sample film, state cast)", "'pressed_1.gwy' (sample film, state pressed)", "SHA-256"] {
            assert!(message.contains(words), "'{words}' is not in: {message}");
        }
        assert_eq!(*told.lock().unwrap(), [message.clone(), "planned".to_owned()]);
        assert_eq!(dossier(&study, Content::Report).unwrap().notes, summary.notes);
        // One file analysed in two ways is no copy; the same file twice in one measurement is.
        let again = CAST.replace("cast_*.gwy", "cast_0.gwy");
        let ways = run_quietly(&fixture.study(&[HEAD, &again, &again.replace("20 nm", "21 nm")].concat(), &[]).unwrap(), 1);
        assert!(codes(&ways).is_empty());
        // Files that cannot be read have no content.
        let missing = PRESSED.replace("pressed_*", "pressed_0");
        let study = fixture.study(&[HEAD, &again, &missing].concat(), &[]).unwrap();
        for name in ["cast_0.gwy", "pressed_0.gwy"] {
            std::fs::remove_file(at(name)).unwrap();
        }
        assert!(codes(&run_quietly(&study, 1)).is_empty());
    }
}
