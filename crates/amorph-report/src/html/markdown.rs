use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};
use pulldown_latex::config::DisplayMode;
use pulldown_latex::{Parser as Latex, RenderConfig, Storage, push_mathml};

/// Markdown with `$...$` and `$$...$$` as HTML with MathML.
///
/// Raw HTML is shown as text, images by their description, and only links to the web, to mail and within the page
/// are kept, so that nothing in a text can run or load anything.
pub fn render(text: &str) -> String {
    let options = Options::ENABLE_MATH | Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_SUPERSCRIPT;
    let mut unsafe_links = 0;
    let events = Parser::new_ext(text, options).filter_map(|event| safe(event, &mut unsafe_links));
    let mut html = String::new();
    push_html(&mut html, events);
    html
}

fn safe<'a>(event: Event<'a>, unsafe_links: &mut usize) -> Option<Event<'a>> {
    Some(match event {
        Event::InlineMath(source) => Event::InlineHtml(math(&source, DisplayMode::Inline).into()),
        Event::DisplayMath(source) => Event::InlineHtml(math(&source, DisplayMode::Block).into()),
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => return None,
        Event::Start(Tag::Link { ref dest_url, .. }) if !is_safe(dest_url) => {
            *unsafe_links += 1;
            return None;
        }
        Event::End(TagEnd::Link) if *unsafe_links > 0 => {
            *unsafe_links -= 1;
            return None;
        }
        Event::Start(Tag::Heading { level, .. }) => {
            Event::Start(Tag::Heading { level: lower(level), id: None, classes: Vec::new(), attrs: Vec::new() })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        other => other,
    })
}

fn is_safe(target: &CowStr) -> bool {
    ["https://", "http://", "mailto:", "#"].iter().any(|start| target.starts_with(start))
}

/// Headings of a text stand below those of the page.
fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H4,
        HeadingLevel::H2 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

/// LaTeX as MathML; what cannot be read is shown as it was written.
fn math(source: &str, display_mode: DisplayMode) -> String {
    let storage = Storage::new();
    let readable = Latex::new(source, &storage).all(|event| event.is_ok());
    let mut mathml = String::new();
    let storage = Storage::new();
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    if readable && push_mathml(&mut mathml, Latex::new(source, &storage), config).is_ok() {
        return mathml;
    }
    maud::html! { code { (source) } }.into_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_become_mathml() {
        let html =
            render("The variance $\\sigma^2$ is\n\n$$ G(r) = 2\\sigma^2 \\left[1 - e^{-(r/\\xi)^{2\\alpha}}\\right] $$\n");
        assert_eq!(html.matches("<math").count(), 2);
        assert!(html.contains("display=\"block\"") && !html.contains('$'), "{html}");
    }

    #[test]
    fn unreadable_equations_are_shown_as_written() {
        let html = render("$\\notacommand{<b>}$");
        assert!(html.contains("<code>\\notacommand{&lt;b&gt;}</code>"), "{html}");
    }

    #[test]
    fn nothing_in_a_text_can_run_or_load_anything() {
        let html = render(
            "A <script>alert(1)</script> ![x](http://a/b.png) [l](javascript:alert(1)) [ok](https://doi.org/1)\n\n# Top",
        );
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("javascript:"), "{html}");
        assert!(html.contains("href=\"https://doi.org/1\"") && html.contains("<h4>Top</h4>"));
    }
}
