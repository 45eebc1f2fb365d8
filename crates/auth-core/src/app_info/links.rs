//! Links to the website and to routes of ours, as they go into mails and messages.

use std::fmt::Write as _;

use auth_protocol::TenantId;
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
        Ok(with_query(format!("{origin}{}{path}", app_info.website_base_path), query))
    }

    /// A link to a route of ours: `{API domain}{API base path}{path}?{name}={value}&…`, with the
    /// tenant before the path unless it is `public`.
    pub fn api_link(&self, tenant_id: &TenantId, path: &str, query: &[(&str, &str)]) -> String {
        let app_info = self.auth().app_info();
        let mut link = format!("{}{}", app_info.api_domain, app_info.api_base_path);
        if *tenant_id != TenantId::default() {
            // Writing to a string can't fail.
            let _ = write!(link, "/{}", utf8_percent_encode(tenant_id.as_str(), QUERY));
        }
        link.push_str(path);
        with_query(link, query)
    }
}

fn with_query(mut link: String, query: &[(&str, &str)]) -> String {
    for (index, (name, value)) in query.iter().enumerate() {
        let separator = if index == 0 { '?' } else { '&' };
        let _ = write!(link, "{separator}{name}={}", utf8_percent_encode(value, QUERY));
    }
    link
}
