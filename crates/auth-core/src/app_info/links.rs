//! Links to the website, as they go into mails and messages.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{Context, Result};

/// What needs no encoding in a query (RFC 3986 section 2.3).
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Context {
    /// A link to a page of the website: `{origin}{website base path}{path}?{name}={value}&…`.
    ///
    /// # Errors
    /// Where the application decides the origin for each request, and gives none that is one.
    pub fn website_link(&self, path: &str, query: &[(&str, &str)]) -> Result<String> {
        let app_info = self.auth().app_info();
        let origin = app_info.website_origin(self)?;
        let mut link = format!("{origin}{}{path}", app_info.website_base_path);
        for (index, (name, value)) in query.iter().enumerate() {
            let separator = if index == 0 { '?' } else { '&' };
            // Writing to a string can't fail.
            let _ = write!(link, "{separator}{name}={}", utf8_percent_encode(value, QUERY));
        }
        Ok(link)
    }
}
