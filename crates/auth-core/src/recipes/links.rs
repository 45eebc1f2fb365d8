//! Links to the website, as they go into mails and messages.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{Context, Result};

/// What needs no encoding in a query (RFC 3986 section 2.3).
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `{origin}{website base path}{path}?{name}={value}&…`
pub(super) fn website_link(cx: &Context, path: &str, query: &[(&str, &str)]) -> Result<String> {
    let app_info = cx.auth().app_info();
    let mut link = format!("{}{}{path}", app_info.website_origin(cx)?, app_info.website_base_path);
    for (index, (name, value)) in query.iter().enumerate() {
        let separator = if index == 0 { '?' } else { '&' };
        // Writing to a string can't fail.
        let _ = write!(link, "{separator}{name}={}", utf8_percent_encode(value, QUERY));
    }
    Ok(link)
}
