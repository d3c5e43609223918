use super::*;

fn all() -> Literature {
    Literature::default()
}

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
    let all = all();
    let deposited = all.of_key("correlation_length").next().unwrap();
    assert!((deposited.value_si().unwrap() - 4.10e-9).abs() < 1e-20);
    let (lo, hi) = deposited.spread_si().unwrap();
    assert!((lo - 4.05e-9).abs() < 1e-20 && (hi - 4.15e-9).abs() < 1e-20);
    assert!(deposited.source == Source::Paper(Paper::Lu2016) && deposited.condition.contains("as-deposited"));
    assert_eq!(all.of_key("").count(), 0);
}

#[test]
fn published_sequences_are_in_order() {
    let printed = |key: &str| -> Vec<Vec<f64>> {
        let of = |sequence: Sequence<'_>| sequence.values.iter().map(|value| value.value.unwrap()).collect();
        all().sequences(key).into_iter().map(of).collect()
    };
    assert_eq!(printed("hdr_aspect"), [[1.9, 2.4]]);
    assert_eq!(printed("hdr_req"), [[3.0, 6.0]]);
    assert_eq!(printed("correlation_length"), [vec![4.10, 9.27, 9.70], vec![2.5, 4.2]]);
    assert!(all().sequences("correlation_length").iter().any(|sequence| sequence.name == "annealing"));
    assert!(all().sequences("field_sd").is_empty());
}

fn found(query: &Query) -> Vec<String> {
    all().find(query).unwrap().into_iter().map(|value| value.id.clone()).collect()
}

fn words(words: &str) -> Query {
    Query { words: words.to_owned(), ..Query::default() }
}

#[test]
fn words_find_values_whatever_their_case() {
    assert_eq!(found(&words("zr70ni30 ACTIVATION indentation")), ["LIT005"]);
    assert_eq!(found(&words("")).len(), table().len());
    assert!(found(&words("unobtainium")).is_empty());
}

#[test]
fn an_alloy_is_found_in_any_order_of_its_elements_and_a_quantity_over_techniques() {
    let alloy = |alloy: &str| Query { alloy: Some(alloy.to_owned()), ..Query::default() };
    assert_eq!(found(&alloy("Ni30Zr70")), found(&alloy("zr70ni30")));
    let energies = Query { quantity: Some("activation energy".to_owned()), ..alloy("Zr70Ni30") };
    assert_eq!(found(&energies), ["LIT004", "LIT005", "LIT006"]);
    let of_paper = Query { paper: Some("y12".to_owned()), ..Query::default() };
    assert!(all().find(&of_paper).unwrap().iter().all(|value| value.source == Source::Paper(Paper::Yang2014)));
}

#[test]
fn an_unknown_name_suggests_near_ones() {
    let query = Query { quantity: Some("activation_enery".to_owned()), ..Query::default() };
    let error = all().find(&query).unwrap_err();
    assert!(error.to_string().contains("did you mean activation_energy"), "{error}");
    let error = all().find(&Query { alloy: Some("Zr71Ni30".to_owned()), ..Query::default() }).unwrap_err();
    assert!(error.near.contains(&"Zr70Ni30".to_owned()), "{error}");
    let error = all().find(&Query { quantity: Some("x".to_owned()), ..Query::default() }).unwrap_err();
    assert!(error.to_string().contains("there are: "), "{error}");
}

#[test]
fn values_are_shown_as_they_are_meant() {
    let shown = |id: &str| table().iter().find(|value| value.id == id).unwrap().display();
    assert_eq!(shown("LIT001"), "4.1 ± 0.05 nm");
    assert_eq!(shown("LIT005"), "~0.62 eV");
    assert_eq!(shown("LIT021"), "100 … 200 Å^3");
    assert_eq!(shown("LIT031a"), "≤ 8 ms");
    assert_eq!(shown("LIT057"), "well defined");
}

#[test]
fn keys_are_those_of_estimates_and_quantities_are_words() {
    for value in table() {
        assert!(value.quantity.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{}", value.id);
        let is_estimated = |key: &str| {
            let mut outputs = crate::method::registry().iter().flat_map(|method| method.info().outputs);
            outputs.any(|output| output.key == key)
        };
        assert!(value.key.is_empty() || is_estimated(&value.key), "{}: {}", value.id, value.key);
        assert!(matches!(value.source, Source::Paper(_)), "{}", value.id);
    }
}

const OWN: &str = "quantity,alloy,value,std_error,unit,condition,paper,key\n\
                   correlation_length,Zr50Cu50,3.1,0.2,nm,as cast,\"Doe, Thesis 2024\",correlation_length\n";

#[test]
fn a_users_file_needs_few_columns_and_stands_after_the_table() {
    let own = parse(OWN).unwrap();
    assert_eq!(own[0].id, "line 2");
    assert_eq!((own[0].kind, own[0].source.short()), (Kind::Value, "Doe, Thesis 2024"));
    let literature = Literature::with(own);
    assert_eq!(literature.values().count(), table().len() + 1);
    assert_eq!(literature.of_key("correlation_length").last().unwrap().alloy, "Zr50Cu50");
    let error = open(std::path::Path::new("no-such.csv")).unwrap_err();
    assert!(error.to_string().contains("no-such.csv"));
}

#[test]
fn a_damaged_file_says_where_and_what_to_write() {
    let changed = |from: &str, to: &str| parse(&OWN.replacen(from, to, 1)).unwrap_err().to_string();
    assert!(changed("value,", "valeu,").contains("did you mean 'value'"));
    assert!(changed("unit,", "symbol,").contains("no column 'unit'"));
    assert!(changed("3.1", "three").contains("line 2, column value: 'three' is not a number"));
    assert!(changed("nm", "nmm").contains("line 2, column unit"));
    assert!(changed("0.2", "-0.2").contains("column std_error"));
    assert!(changed("3.1,", "").contains("line 2: 7 cells, but the first line names 8"));
    assert!(changed("Zr50Cu50", "").contains("column alloy"));
    assert!(changed("3.1", "").contains("give `value`"));
    let twice = format!("{}{}", TEXT, TEXT.lines().nth(1).unwrap());
    assert!(parse(&twice).unwrap_err().to_string().contains("LIT001"));
    let unordered = TEXT.replacen("value,lo,hi", "value,hi,lo", 1);
    assert!(parse(&unordered).unwrap_err().to_string().contains("exchange the two"));
}

#[test]
fn what_is_written_is_read_again() {
    assert_eq!(parse(&to_csv(table())).unwrap(), table());
}
