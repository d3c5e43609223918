use crate::bytes::utf16;

/// No text seen has more than 1000 leaves; what comes after is not worth its memory.
const LEAVES_MAX: usize = 5_000;
/// Text of one leaf that is kept.
const TEXT_MAX: usize = 4_000;

/// Paths and texts of the innermost elements of an XML text in UTF-16, without its outermost element:
/// `Parameters/Common/Technic` is `Contact`.
pub(super) fn leaves(bytes: &[u8]) -> Vec<(String, String)> {
    let text = utf16(bytes.strip_prefix(b"\xff\xfe").unwrap_or(bytes));
    let mut found = Vec::new();
    let mut path: Vec<&str> = Vec::new();
    let mut opened = false;
    for part in text.split('<').skip(1) {
        let Some((tag, content)) = part.split_once('>') else { break };
        if let Some(name) = tag.strip_prefix('/') {
            opened = false;
            // A text that does not close what it opened is not worth guessing at.
            if path.pop() != Some(name.trim()) {
                break;
            }
        } else if !tag.starts_with(['?', '!']) && !tag.ends_with('/') {
            path.push(tag.split_whitespace().next().unwrap_or_default());
            opened = true;
        }
        if opened && !content.trim().is_empty() && found.len() < LEAVES_MAX {
            let value: String = plain(content.trim()).chars().take(TEXT_MAX).collect();
            found.push((path.iter().skip(1).copied().collect::<Vec<_>>().join("/"), value));
        }
        if path.len() > 64 {
            break;
        }
    }
    found
}

/// Without the escapes of XML.
fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn leaves_carry_their_path() {
        let text = "<?xml version=\"1.0\"?>\r\n<Root><A><B>1 &amp; 2</B><C/></A>\n<D x=\"1\"> y </D><E></E></Root>";
        let expected = [("A/B".to_owned(), "1 & 2".to_owned()), ("D".to_owned(), "y".to_owned())];
        assert_eq!(leaves(&encoded(text)), expected);
        assert_eq!(leaves(&encoded("<a><b>1</a>")), [("b".to_owned(), "1".to_owned())]);
        assert!(leaves(&encoded("no markup")).is_empty());
    }
}
