//! Small pieces of text that every section uses.

use maud::{Markup, html};

/// Identifier of the provenance of a job.
pub fn job_id(job: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' };
    format!("job-{}", job.chars().map(safe).collect::<String>())
}

/// A symbol with its subscripts and superscripts: `E_a`, `r_{max}`, `σ^2`.
pub fn symbol(symbol: &str) -> Markup {
    let (base, mark, rest) = match symbol.find(['_', '^']) {
        Some(at) if at > 0 && at + 1 < symbol.len() => (&symbol[..at], &symbol[at..at + 1], &symbol[at + 1..]),
        _ => (symbol, "", ""),
    };
    let rest = rest.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).unwrap_or(rest);
    html! {
        span.symbol { (base) @match mark { "_" => sub { (rest) }, "^" => sup { (rest) }, _ => {} } }
    }
}

/// `1 image`, `3 images`.
pub fn counted(count: usize, singular: &str, plural: &str) -> String {
    format!("{count} {}", if count == 1 { singular } else { plural })
}

/// The last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or(path)
}

/// JSON inside a script element: no text in it can end the element.
pub fn script_json(value: &serde_json::Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// Text with its DOIs and addresses as links.
pub fn linked(text: &str) -> Markup {
    html! {
        @for (index, word) in text.split(' ').enumerate() {
            @if index > 0 { " " }
            @match address(word) {
                Some((target, shown, after)) => { a href=(target) rel="noreferrer" { (shown) } (after) }
                None => (word),
            }
        }
    }
}

/// Target, shown text and trailing punctuation of a word that is an address or a DOI.
fn address(word: &str) -> Option<(String, &str, &str)> {
    let end = word.trim_end_matches(['.', ',', ';', ')', ']']).len();
    let (core, after) = word.split_at(end);
    let bare = core.strip_prefix("doi:").unwrap_or(core);
    let is_doi = bare.starts_with("10.") && bare.find('/').is_some_and(|at| at >= 7);
    if is_doi {
        return Some((format!("https://doi.org/{bare}"), core, after));
    }
    (core.starts_with("https://") || core.starts_with("http://")).then(|| (core.to_owned(), core, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_have_subscripts() {
        assert_eq!(symbol("E_a").into_string(), r#"<span class="symbol">E<sub>a</sub></span>"#);
        assert_eq!(symbol("r_{max}").into_string(), r#"<span class="symbol">r<sub>max</sub></span>"#);
        assert_eq!(symbol("ξ").into_string(), r#"<span class="symbol">ξ</span>"#);
    }

    #[test]
    fn dois_and_addresses_become_links_and_nothing_else_does() {
        let shown = linked("Cleveland 1998, doi:10.1063/1.121434. See <b> javascript:alert(1)").into_string();
        assert!(shown.contains(r#"<a href="https://doi.org/10.1063/1.121434" rel="noreferrer">doi:10.1063/1.121434</a>."#));
        assert!(shown.contains("&lt;b&gt;") && shown.matches("<a ").count() == 1);
    }

    #[test]
    fn script_json_cannot_end_the_script() {
        let value = serde_json::json!("</script><script>");
        let safe = script_json(&value);
        assert!(!safe.contains('<'));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).unwrap(), value);
    }
}
