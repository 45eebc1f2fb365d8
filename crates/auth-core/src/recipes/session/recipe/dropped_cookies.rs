//! What browsers make of the cookies: those that they would drop without a word are told of here.

use super::{
    SameSite, SessionConfig, TokenType,
    browser::{host_of, is_address},
    prefix::{self, CookiePrefix},
};
use crate::{ConfigError, Context, NormalisedAppInfo, app_info::Origin, normalise::top_level_site};

/// Refuses what can never work, and warns of what works in some ways only.
pub(super) fn check(
    config: &SessionConfig,
    app_info: &NormalisedAppInfo,
) -> Result<(), ConfigError> {
    prefix::check(config, app_info)?;
    let host = host_of(&app_info.api_domain);
    if let Some(domain) = &config.cookie_domain {
        check_domain(domain, &host)?;
    }
    for warning in warnings(config, app_info, &host) {
        tracing::warn!(setting = warning.field(), "browsers will drop session cookies: {warning}");
    }
    Ok(())
}

fn check_domain(domain: &str, host: &str) -> Result<(), ConfigError> {
    let bare = domain.trim_start_matches('.');
    let wrong = |problem: String| {
        let expected = format!("`{host}` or a domain above it, or no cookie domain at all");
        Err(ConfigError::new("session.cookie_domain", problem, expected))
    };
    if bare == host {
        return Ok(());
    }
    if is_address(host) || !host.ends_with(&format!(".{bare}")) {
        return wrong(format!("browsers drop a cookie for `{domain}` that `{host}` sets"));
    }
    if psl::domain_str(bare).is_none() {
        return wrong(format!(
            "`{domain}` is a public suffix, below which anybody may have a site: browsers drop \
             such cookies"
        ));
    }
    Ok(())
}

fn warnings(config: &SessionConfig, app_info: &NormalisedAppInfo, host: &str) -> Vec<ConfigError> {
    let mut warnings = Vec::new();
    let (is_https, secure) = (app_info.api_domain.starts_with("https"), config.cookie_secure);
    let is_local = is_local(host);
    if secure && !is_https && !is_local {
        warnings.push(ConfigError::new(
            "session.cookie_secure",
            format!("cookies are `Secure`, and `{}` isn't https", app_info.api_domain),
            "an `api_domain` with https, as browsers see it",
        ));
    }
    let Origin::Static(website) = &app_info.origin else { return warnings };
    let Some(same_site) = config.same_site.for_website(website) else { return warnings };
    let website_host = host_of(website);
    if same_site == SameSite::None && !secure {
        warnings.push(ConfigError::new(
            "session.cookie_same_site",
            "it is `none`, and the cookies aren't `Secure`",
            "https for the API and the website, or both under one site and scheme",
        ));
    } else if same_site != SameSite::None && is_cross_site(host, &website_host) {
        warnings.push(ConfigError::new(
            "app_info.website_domain",
            format!(
                "the website's `{website_host}` and the API's `{host}` are two sites for browsers, \
                 between which cookies with SameSite={same_site} don't travel"
            ),
            "one name for both (`localhost` and `127.0.0.1` are two), or https with SameSite=none",
        ));
    }
    if let Some(older) = &config.older_cookie_domain
        && !older.is_empty()
        && check_domain(older, host).is_err()
    {
        warnings.push(ConfigError::new(
            "session.older_cookie_domain",
            format!("`{host}` can't clear a cookie for `{older}`"),
            format!("`{host}`, a domain above it, or an empty text"),
        ));
    }
    warnings
}

/// By the browsers' rule, for which `localhost` and each address is a site of its own.
fn is_cross_site(host: &str, other: &str) -> bool {
    let site = |host: &str| match is_local(host) {
        true => host.to_owned(),
        false => top_level_site(&format!("https://{host}")).unwrap_or_else(|_| host.to_owned()),
    };
    site(host) != site(other)
}

fn is_local(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost") || is_address(host)
}

impl SessionConfig {
    /// Refuses names whose beginning asks for attributes that the cookies don't have (RFC 6265bis
    /// section 4.1.3).
    pub(crate) fn check_cookie_names(&self, cx: &Context) -> Result<(), ConfigError> {
        let Some(own_name) = &self.cookie_name else { return Ok(()) };
        let paths = [
            (TokenType::Access, self.access_token_path.as_str()),
            (TokenType::Refresh, self.refresh_token_path.as_str()),
        ];
        paths.into_iter().try_for_each(|(token, path)| {
            let name = own_name(cx, token);
            let lower = name.to_ascii_lowercase();
            if self.cookie_prefix != CookiePrefix::None && prefix::has_prefix(&lower) {
                return Err(ConfigError::new(
                    "session.get_cookie_name_for_token_type",
                    format!("`{name}` has a prefix already, beside `session.cookie_prefix`"),
                    "names without a prefix",
                ));
            }
            let problem = self.missing_for_prefix(&lower, path);
            problem.map_or(Ok(()), |problem| {
                Err(ConfigError::new(
                    "session.get_cookie_name_for_token_type",
                    format!("browsers drop a cookie named `{name}` {problem}"),
                    "a name without this beginning, or settings that fit it",
                ))
            })
        })
    }

    fn missing_for_prefix(&self, name: &str, path: &str) -> Option<String> {
        let is_of_host = name.starts_with("__host-");
        if prefix::has_prefix(name) && !self.cookie_secure {
            return Some("that isn't `Secure`".to_owned());
        }
        if is_of_host && let Some(domain) = &self.cookie_domain {
            return Some(format!("with the domain `{domain}`"));
        }
        (is_of_host && path != "/").then(|| format!("with the path `{path}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AppInfo, RecipeConfig, Setup, recipes::session::SessionRecipe};

    fn warned(api: &str, website: &str, recipe: SessionRecipe) -> Vec<String> {
        let app_info = NormalisedAppInfo::new(AppInfo::new("Test", api, website)).expect("valid");
        let instance = recipe.build(&Setup { app_info: &app_info }).expect("valid");
        let found = warnings(instance.config(), &app_info, &host_of(&app_info.api_domain));
        found.iter().map(|warning| warning.field().to_owned()).collect()
    }

    #[test]
    fn what_browsers_drop_is_warned_of() {
        let new = SessionRecipe::new;
        let none = || new().cookie_same_site(SameSite::None);
        let website = ["app_info.website_domain"];
        for (api, site, recipe, fields) in [
            ("http://127.0.0.1:3001", "http://localhost:3000", new(), &website[..]),
            ("http://localhost:3001", "http://127.0.0.1:3000", new(), &website),
            ("http://localhost:3001", "http://192.168.1.7:3000", new(), &website),
            (
                "http://api.localhost:1",
                "http://www.localhost:1",
                new(),
                &["session.cookie_same_site"],
            ),
            (
                "https://api.example.com",
                "https://example.org",
                new().cookie_same_site(SameSite::Lax),
                &website,
            ),
            ("http://api.example.com", "http://example.org", new(), &["session.cookie_same_site"]),
            ("http://localhost:1", "http://localhost:2", none(), &["session.cookie_same_site"]),
            (
                "https://api.example.com",
                "https://www.example.com",
                none().cookie_secure(false),
                &["session.cookie_same_site"],
            ),
            (
                "http://api.example.com",
                "http://www.example.com",
                new().cookie_secure(true),
                &["session.cookie_secure"],
            ),
            (
                "https://api.example.com",
                "https://www.example.com",
                new().older_cookie_domain("example.org"),
                &["session.older_cookie_domain"],
            ),
        ] {
            assert_eq!(warned(api, site, recipe), fields, "{api} {site}");
        }
    }

    #[test]
    fn what_works_is_not_warned_of() {
        for (api, website) in [
            ("http://localhost:3001", "http://localhost:3000"),
            ("http://127.0.0.1:3001", "http://127.0.0.1:3000"),
            ("https://api.example.com", "https://www.example.com"),
            ("https://api.example.com", "https://example.org"),
            ("http://api.example.com", "http://www.example.com"),
            ("https://api.example.com", "http://localhost:3000"),
            ("http://printer.local", "http://printer.local:81"),
        ] {
            assert_eq!(warned(api, website, SessionRecipe::new()), [""; 0], "{api} {website}");
        }
        let recipe = SessionRecipe::new().cookie_secure(true);
        assert_eq!(warned("http://localhost:1", "http://localhost:2", recipe), [""; 0]);
    }

    #[test]
    fn a_cookie_domain_is_the_host_or_above_it_and_no_public_suffix() {
        for (domain, host) in [
            ("api.example.com", "api.example.com"),
            (".example.com", "api.example.com"),
            ("example.co.uk", "api.example.co.uk"),
            ("127.0.0.1", "127.0.0.1"),
            ("localhost", "localhost"),
            (".printer.local", "a.printer.local"),
        ] {
            assert!(check_domain(domain, host).is_ok(), "{domain} for {host}");
        }
        for (domain, host) in [
            ("example.org", "api.example.com"),
            ("www.example.com", "api.example.com"),
            ("ple.com", "api.example.com"),
            ("api.example.com", "example.com"),
            ("com", "api.example.com"),
            (".co.uk", "api.example.co.uk"),
            ("github.io", "one.github.io"),
            ("0.0.1", "127.0.0.1"),
            ("example.com", "localhost"),
            ("localhost", "api.localhost"),
        ] {
            assert!(check_domain(domain, host).is_err(), "{domain} for {host}");
        }
    }
}
