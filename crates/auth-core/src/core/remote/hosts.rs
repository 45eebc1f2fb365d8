//! The addresses of a core.

use std::{
    fmt,
    sync::atomic::{AtomicUsize, Ordering},
};

use auth_protocol::AppId;
use url::Url;

use crate::ConfigError;

/// What stands before an app's name in a path.
const OF_APPS: &str = "appid-";

/// One address of the core.
#[derive(Clone)]
pub(super) struct Host {
    url: Url,
    /// The path before every other, without a slash at its end.
    base_path: String,
}

impl Host {
    fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let with_scheme = match text.contains("://") {
            true => text.to_owned(),
            false if is_local(text) => format!("http://{text}"),
            false => format!("https://{text}"),
        };
        let url = Url::parse(&with_scheme).map_err(|error| error.to_string())?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err("it is neither http nor https".to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it holds a user's name or a password".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("it holds more than a path".to_owned());
        }
        let base_path = url.path().trim_end_matches('/').to_owned();
        Ok(Self { url, base_path })
    }

    /// The app that the address names (CDI §0.1).
    fn app(&self) -> Option<&str> {
        self.base_path.rsplit('/').next()?.strip_prefix(OF_APPS)
    }

    /// The address of something below the base path.
    pub(super) fn url(&self, target: &str) -> Option<Url> {
        self.url.join(&format!("{}{target}", self.base_path)).ok()
    }

    /// The host's name and port, for people.
    pub(super) fn name(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

/// An address that needs no encryption: this machine's, or one without a name.
fn is_local(text: &str) -> bool {
    let host = text.split(['/', ':']).next().unwrap_or_default();
    host == "localhost" || host.parse::<std::net::Ipv4Addr>().is_ok()
}

/// Every address, each in turn.
pub(super) struct Hosts {
    hosts: Vec<Host>,
    next: AtomicUsize,
}

impl Hosts {
    pub(super) fn parse(connection_uri: &str) -> Result<Self, ConfigError> {
        let field = "core.connection_uri";
        let expected = "addresses such as `http://localhost:3567`, with `;` between them";
        let texts = connection_uri.split(';').filter(|text| !text.trim().is_empty());
        let hosts = texts
            .enumerate()
            .map(|(index, text)| {
                Host::parse(text).map_err(|problem| {
                    ConfigError::new(field, format!("address {}: {problem}", index + 1), expected)
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        if hosts.is_empty() {
            return Err(ConfigError::new(field, "it is empty", expected));
        }
        Ok(Self { hosts, next: AtomicUsize::new(0) })
    }

    /// The same addresses, where each leads to an app.
    pub(super) fn of_app(mut self, app: &AppId) -> Result<Self, ConfigError> {
        if app.is_public() {
            return Ok(self);
        }
        for host in &mut self.hosts {
            match host.app() {
                None => host.base_path = format!("{}/{OF_APPS}{app}", host.base_path),
                Some(named) if app.as_str() == named => {}
                Some(named) => {
                    let problem = format!("the address of the core names the app `{named}`");
                    let expected = format!("`{app}`, or an address without an app");
                    return Err(ConfigError::new("app_id", problem, expected));
                }
            }
        }
        Ok(self)
    }

    /// Every address once, from another one each time.
    pub(super) fn in_turn(&self) -> impl Iterator<Item = &Host> {
        let first = self.next.fetch_add(1, Ordering::Relaxed) % self.hosts.len();
        let (before, from) = self.hosts.split_at(first);
        from.iter().chain(before)
    }
}

impl fmt::Debug for Hosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.hosts.iter().map(Host::name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(connection_uri: &str) -> Vec<String> {
        let hosts = Hosts::parse(connection_uri).unwrap();
        hosts.in_turn().map(|host| host.url("/recipe/signup").unwrap().to_string()).collect()
    }

    #[test]
    fn an_address_may_have_a_path_and_an_app_and_need_no_scheme() {
        assert_eq!(urls("http://core:3567"), ["http://core:3567/recipe/signup"]);
        assert_eq!(urls("localhost:3567/"), ["http://localhost:3567/recipe/signup"]);
        assert_eq!(urls("127.0.0.1"), ["http://127.0.0.1/recipe/signup"]);
        assert_eq!(
            urls("core.example.com/base/appid-shop"),
            ["https://core.example.com/base/appid-shop/recipe/signup"]
        );
    }

    #[test]
    fn an_app_is_put_into_each_address_that_names_none() {
        let of = |uri: &str, app: &str| {
            let hosts = Hosts::parse(uri).unwrap().of_app(&AppId::new(app))?;
            let host = hosts.in_turn().next().unwrap();
            Ok::<_, ConfigError>(host.url("/users").unwrap().to_string())
        };
        assert_eq!(of("http://a", "public").unwrap(), "http://a/users");
        assert_eq!(of("http://a/appid-shop", "public").unwrap(), "http://a/appid-shop/users");
        assert_eq!(of("http://a/base", "shop").unwrap(), "http://a/base/appid-shop/users");
        assert_eq!(of("http://a/appid-shop/", "shop").unwrap(), "http://a/appid-shop/users");
        let text = of("http://a/appid-shop", "blog").unwrap_err().to_string();
        assert!(text.contains("`app_id`") && text.contains("`shop`"), "{text}");
    }

    #[test]
    fn several_addresses_take_turns_and_each_call_may_try_all() {
        let hosts = Hosts::parse("http://a; http://b ;http://c;").unwrap();
        let turn = || hosts.in_turn().map(Host::name).collect::<Vec<_>>();
        assert_eq!(turn(), ["http://a", "http://b", "http://c"]);
        assert_eq!(turn(), ["http://b", "http://c", "http://a"]);
        assert_eq!(turn(), ["http://c", "http://a", "http://b"]);
        assert_eq!(turn(), ["http://a", "http://b", "http://c"]);
    }

    #[test]
    fn what_is_no_address_is_named_without_its_password() {
        for wrong in ["", " ; ", "ftp://core", "http://", "http://ada:hunter2@core", "http://a?b"] {
            let text = Hosts::parse(wrong).unwrap_err().to_string();
            assert!(text.contains("`core.connection_uri`"), "{text}");
            assert!(!text.contains("hunter2"), "{text}");
        }
        let second = Hosts::parse("http://a;x y").unwrap_err().to_string();
        assert!(second.contains("address 2"), "{second}");
    }
}
