use super::*;

const TEXT: &str = include_str!("literature.csv");

#[test]
fn the_whole_table_is_read() {
    let values = parse(TEXT).unwrap();
    assert_eq!(values.len(), TEXT.lines().count() - 1);
    assert_eq!(table(), values);
    let mut ids: Vec<&str> = values.iter().map(|value| value.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), values.len(), "every value has a name of its own");
}

#[test]
fn numbers_agree_with_how_they_are_meant() {
    for value in table() {
        match value.kind {
            Kind::Value | Kind::Approximate => assert!(value.value.is_some() || value.lo.is_none(), "{}", value.id),
            Kind::Range => {
                let (lo, hi) = (value.lo.unwrap(), value.hi.unwrap());
                assert!(lo < hi && (lo..=hi).contains(&value.value.unwrap()), "{}", value.id);
            }
            Kind::Bound => assert!(value.lo.is_some() != value.hi.is_some(), "{}", value.id),
            Kind::Text => assert!(value.value.is_none(), "{}", value.id),
        }
    }
}

#[test]
fn only_units_that_papers_invent_are_unknown() {
    let mut unknown: Vec<&str> =
        table().iter().filter(|value| !value.unit.is_known()).map(|value| value.unit.symbol()).collect();
    unknown.sort_unstable();
    unknown.dedup();
    assert_eq!(unknown, ["R Tg", "atomic vol", "eV/atom"]);
}

#[test]
fn values_with_a_key_measure_what_an_estimate_measures() {
    // Lu et al. 2016, Table 1: 4.10 ± 0.05 nm as deposited.
    let deposited = of_key("correlation_length").next().unwrap();
    assert!((deposited.value_si().unwrap() - 4.10e-9).abs() < 1e-20);
    let (lo, hi) = deposited.spread_si().unwrap();
    assert!((lo - 4.05e-9).abs() < 1e-20 && (hi - 4.15e-9).abs() < 1e-20);
    assert!(deposited.paper == Paper::Lu2016 && deposited.condition.contains("as-deposited"));
    assert_eq!(of_key("").count(), 0);
}

#[test]
fn published_sequences_are_in_order() {
    let printed = |key: &str| -> Vec<Vec<f64>> {
        let of = |sequence: Sequence| sequence.values.iter().map(|value| value.value.unwrap()).collect();
        sequences(key).into_iter().map(of).collect()
    };
    assert_eq!(printed("hdr_aspect"), [[1.9, 2.4]]);
    assert_eq!(printed("hdr_req"), [[3.0, 6.0]]);
    assert_eq!(printed("correlation_length"), [vec![4.10, 9.27, 9.70], vec![2.5, 4.2]]);
    assert!(sequences("correlation_length").iter().any(|sequence| sequence.name == "annealing"));
    assert!(sequences("field_sd").is_empty());
}

#[test]
fn words_find_values_whatever_their_case() {
    let found = search("zr70ni30 ACTIVATION indentation");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].value, Some(0.62));
    assert_eq!(search("").len(), table().len());
    assert!(search("unobtainium").is_empty());
}

#[test]
fn a_damaged_table_says_where() {
    let changed = |from: &str, to: &str| parse(&TEXT.replacen(from, to, 1)).unwrap_err();
    assert!(matches!(changed("id,key", "id,kei"), LiteratureError::Columns { .. }));
    assert!(matches!(changed(",L16,", ",L99,"), LiteratureError::Cell { row: 2, column: "paper", .. }));
    assert!(matches!(changed(",4.1,", ",four,"), LiteratureError::Cell { row: 2, column: "value", .. }));
    assert!(matches!(changed("LIT002,", ""), LiteratureError::Cells { row: 3, found: 16, needed: 17 }));
}
