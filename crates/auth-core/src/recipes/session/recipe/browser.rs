//! What is known of the browsers of one application.

use std::sync::atomic::{AtomicBool, Ordering};

use url::Url;

use crate::recipes::session::AccessToken;

/// What is known of browsers for one application.
pub(crate) struct Browser {
    cookie_domains: Vec<Option<String>>,
    has_warned_of_size: AtomicBool,
}

impl Browser {
    pub(super) fn new(api_domain: &str) -> Self {
        Self {
            cookie_domains: cookie_domains(&host_of(api_domain)),
            has_warned_of_size: AtomicBool::new(false),
        }
    }

    /// Every `Domain` with which a cookie reaches the API; `None` is none at all.
    pub(crate) fn cookie_domains(&self) -> &[Option<String>] {
        &self.cookie_domains
    }

    /// Says once that a token's cookie is too large to be kept, and what makes it so.
    pub(crate) fn warn_of_size(&self, cookie: &str, token: &str, limit_bytes: usize) {
        if self.has_warned_of_size.swap(true, Ordering::Relaxed) {
            return;
        }
        let claims = AccessToken::parse(token).map(|token| largest_claims(&token));
        tracing::warn!(
            cookie,
            bytes = cookie.len() + 1 + token.len(),
            limit_bytes,
            largest_claims = claims.unwrap_or_default(),
            "a session's cookie is larger than browsers keep: its user will not be signed in. Put \
             less into the access token, or let tokens travel in headers"
        );
    }
}

/// The names of the claims that take the most room, without the values.
fn largest_claims(token: &AccessToken) -> String {
    const NAMED: usize = 5;
    let size = |value: &serde_json::Value| value.to_string().len();
    let mut claims: Vec<_> =
        token.payload().iter().map(|(name, value)| (size(value), name)).collect();
    claims.sort_by_key(|(bytes, _)| std::cmp::Reverse(*bytes));
    let named = claims.iter().take(NAMED).map(|(bytes, name)| format!("{name} ({bytes} bytes)"));
    named.collect::<Vec<_>>().join(", ")
}

fn cookie_domains(host: &str) -> Vec<Option<String>> {
    let mut domains = vec![None];
    let Some(site) = psl::domain_str(host).filter(|_| !is_address(host)) else { return domains };
    let mut rest = host;
    loop {
        domains.push(Some(rest.to_owned()));
        match rest.split_once('.') {
            Some((_, above)) if rest != site => rest = above,
            _ => return domains,
        }
    }
}

pub(super) fn is_address(host: &str) -> bool {
    host.parse::<std::net::IpAddr>().is_ok()
}

pub(crate) fn host_of(domain: &str) -> String {
    let url = Url::parse(domain).ok();
    url.as_ref().and_then(Url::host_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_reaches_a_host_by_every_domain_down_to_its_site() {
        let domains = |host: &str| {
            cookie_domains(host).into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>()
        };
        assert_eq!(
            domains("a.b.example.co.uk"),
            ["", "a.b.example.co.uk", "b.example.co.uk", "example.co.uk"]
        );
        assert_eq!(domains("example.com"), ["", "example.com"]);
        assert_eq!(domains("localhost"), [""]);
        assert_eq!(domains("10.0.0.1"), [""]);
    }
}
