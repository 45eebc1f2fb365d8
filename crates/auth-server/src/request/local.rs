//! What a server without keys takes: calls of programs on this machine, and none that a page in a
//! browser makes.
//!
//! A page can make a browser send a request to any address, and can point a name of its own at
//! this machine (DNS rebinding). What it can't do is to name this machine in `Host`, to send JSON
//! to another origin without asking it first, or to leave out what browsers say of such requests.

use http::{HeaderMap, HeaderName, Method, header, request::Parts};
use url::{Host, Url};

use crate::answer::CdiError;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses what may come from a page, or from another machine.
pub(crate) fn check(head: &Parts) -> Result<(), CdiError> {
    let host = host(head);
    if !host.is_some_and(is_local) {
        let host = host.unwrap_or_default();
        return Err(CdiError::Forbidden(format!(
            "Without `api_keys` only `Host` names of this machine are taken, such as `localhost`, \
             not `{host}`. Set `api_keys` to be called by another name"
        )));
    }
    if is_of_another_site(&head.headers, host) {
        let text = "Without `api_keys` no requests of pages in a browser are taken";
        return Err(CdiError::Forbidden(text.to_owned()));
    }
    let has_body = !matches!(head.method, Method::GET | Method::HEAD | Method::DELETE);
    if has_body && !is_json(&head.headers) {
        return Err(CdiError::NotJson);
    }
    Ok(())
}

/// The name that the caller has for this server, with its port.
fn host(head: &Parts) -> Option<&str> {
    match head.uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => text(&head.headers, &header::HOST),
    }
}

/// A header's text; what has none is nobody's name.
fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

fn is_local(host: &str) -> bool {
    // What a URL has before and after a host isn't one.
    if host.contains(['/', '\\', '?', '#', '@']) {
        return false;
    }
    let Ok(url) = Url::parse(&format!("http://{host}")) else { return false };
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        None => false,
    }
}

/// Whether a browser says that a page of another origin makes the request.
fn is_of_another_site(headers: &HeaderMap, host: Option<&str>) -> bool {
    let is_other_site =
        |site: &str| !["same-origin", "none"].iter().any(|own| site.eq_ignore_ascii_case(own));
    let is_other_origin = |origin: &str| {
        let origin = origin.split_once("://").map(|(_, host)| host);
        origin.is_none() || origin != host
    };
    headers.get_all(FETCH_SITE).iter().any(|site| site.to_str().map_or(true, is_other_site))
        || headers
            .get_all(header::ORIGIN)
            .iter()
            .any(|it| it.to_str().map_or(true, is_other_origin))
}

/// `application/json` or `application/…+json`, whatever its parameters are.
fn is_json(headers: &HeaderMap) -> bool {
    let mut all = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (all.next(), all.next()) else { return false };
    let Ok(value) = value.to_str() else { return false };
    let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.strip_prefix("application/").is_some_and(|kind| kind == "json" || kind.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn status(method: &str, headers: &[(&str, &str)]) -> u16 {
        let request = Request::builder().method(method).uri("/users");
        let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
        check(&request.body(()).unwrap().into_parts().0)
            .map_or_else(|error| error.status().as_u16(), |()| 200)
    }

    #[test]
    fn only_names_of_this_machine_are_local() {
        for host in [
            "localhost",
            "LocalHost:3567",
            "core.localhost:1",
            "localhost.",
            "127.0.0.1:3567",
            "127.1.2.3",
            "[::1]:3567",
            "[::ffff:127.0.0.1]",
        ] {
            assert_eq!(status("GET", &[("host", host)]), 200, "{host}");
        }
        for host in [
            "",
            "example.com",
            "localhost.example.com",
            "evil-localhost",
            "127.0.0.1.example.com",
            "10.0.0.1:3567",
            "0.0.0.0:3567",
            "[::]:3567",
            "user@localhost.example.com",
            "localhost/x@example.com:1",
            "localhost#.example.com",
            "auth-server:3567",
            "a b",
        ] {
            assert_eq!(status("GET", &[("host", host)]), 403, "{host}");
        }
        assert_eq!(status("GET", &[]), 403);
    }

    #[test]
    fn a_page_s_requests_are_refused() {
        let host = ("host", "localhost:3567");
        for (name, value, expected) in [
            ("sec-fetch-site", "none", 200),
            ("sec-fetch-site", "same-origin", 200),
            ("sec-fetch-site", "same-site", 403),
            ("sec-fetch-site", "cross-site", 403),
            ("sec-fetch-site", "what comes", 403),
            ("origin", "http://localhost:3567", 200),
            ("origin", "http://localhost:3000", 403),
            ("origin", "https://example.com", 403),
            ("origin", "null", 403),
        ] {
            assert_eq!(status("GET", &[host, (name, value)]), expected, "{name}: {value}");
        }
    }

    #[test]
    fn a_body_says_that_it_is_json() {
        let host = ("host", "localhost");
        for (kind, expected) in [
            ("application/json", 200),
            ("Application/JSON; charset=utf-8", 200),
            ("application/scim+json", 200),
            ("text/plain", 415),
            ("text/plain; application/json", 415),
            ("application/x-www-form-urlencoded", 415),
            ("multipart/form-data; boundary=application/json", 415),
            ("text/json", 415),
            ("application/jsonp", 415),
            ("", 415),
        ] {
            for method in ["POST", "PUT"] {
                let headers = [host, ("content-type", kind)];
                assert_eq!(status(method, &headers), expected, "{method} {kind}");
            }
        }
        assert_eq!(status("POST", &[host]), 415);
        assert_eq!(status("DELETE", &[host]), 200);
        let two = [("content-type", "application/json"), ("content-type", "text/plain")];
        assert_eq!(status("POST", &[host, two[0], two[1]]), 415);
    }
}
