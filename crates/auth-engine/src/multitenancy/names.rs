//! What apps, tenants and connection URI domains may be called (CDI §0.7).

use std::net::Ipv4Addr;

use auth_protocol::{AppId, TenantId};

use crate::EngineError;

/// What the columns hold.
const LONGEST: usize = 64;

/// A host's name has no more (RFC 1035, section 2.3.4).
const LONGEST_DOMAIN: usize = 253;

/// What paths begin with, so that no tenant can be called so.
const NO_TENANTS: [&str; 4] = ["recipe", "config", "users", "hello"];

/// What an app stands behind in paths.
const APP_PREFIX: &str = "appid-";

/// A tenant's name in the form in which it is stored.
pub(super) fn tenant_id(id: &TenantId) -> Result<TenantId, EngineError> {
    let name = lower("tenantId", id.as_str())?;
    if NO_TENANTS.contains(&name.as_str()) {
        return Err(refused(format!("Cannot use '{name}' as a tenantId")));
    }
    checked("tenantId", name).map(TenantId::from)
}

/// An app's name in the form in which it is stored.
pub(super) fn app_id(id: &AppId) -> Result<AppId, EngineError> {
    checked("appId", lower("appId", id.as_str())?).map(AppId::from)
}

/// A connection URI domain in the form in which it is stored: a host's name or an IPv4 address
/// without its port.
pub(super) fn domain(text: &str) -> Result<String, EngineError> {
    let name = lower("connectionUriDomain", text)?;
    let (host, port) = name.split_once(':').map_or((name.as_str(), None), |(h, p)| (h, Some(p)));
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let is_label = |label: &str| !label.is_empty() && is_name(label);
    // What has digits alone is an address, or none.
    let is_number = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_host = host.split('.').all(is_label)
        && (!is_number || host.parse::<Ipv4Addr>().is_ok())
        && host.len() <= LONGEST_DOMAIN;
    match is_host && port.is_none_or(is_port) {
        true => Ok(host.to_owned()),
        false => Err(refused("connectionUriDomain is invalid".to_owned())),
    }
}

fn lower(field: &str, text: &str) -> Result<String, EngineError> {
    let name = text.trim().to_lowercase();
    if name.is_empty() {
        return Err(refused(format!("{field} should not be an empty String")));
    }
    Ok(name)
}

fn checked(field: &str, name: String) -> Result<String, EngineError> {
    if name.starts_with(APP_PREFIX) {
        return Err(refused(format!("{field} must not start with '{APP_PREFIX}'")));
    }
    if !is_name(&name) {
        return Err(refused(format!("{field} can only contain letters, numbers and hyphens")));
    }
    if name.len() > LONGEST {
        return Err(refused(format!("{field} can have {LONGEST} characters at most")));
    }
    Ok(name)
}

fn is_name(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

fn refused(text: String) -> EngineError {
    EngineError::BadRequest(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cdi_0_7_names_are_trimmed_and_in_lower_case() {
        assert_eq!(tenant_id(&" T-1 ".into()).unwrap(), "t-1");
        assert_eq!(app_id(&"A1".into()).unwrap(), "a1");
        // Only tenants stand where paths begin.
        assert_eq!(app_id(&"Recipe".into()).unwrap(), "recipe");
        for (text, host) in [
            ("Core.Example.com:3567", "core.example.com"),
            ("127.0.0.1", "127.0.0.1"),
            (" localhost ", "localhost"),
        ] {
            assert_eq!(domain(text).unwrap(), host);
        }
    }

    #[test]
    fn cdi_0_7_odd_names_are_refused_in_the_reference_s_words() {
        for (name, text) in [
            ("", "tenantId should not be an empty String"),
            (" \t", "tenantId should not be an empty String"),
            ("Users", "Cannot use 'users' as a tenantId"),
            ("appid-a", "tenantId must not start with 'appid-'"),
            ("t_1", "tenantId can only contain letters, numbers and hyphens"),
            ("t/1", "tenantId can only contain letters, numbers and hyphens"),
            ("ü", "tenantId can only contain letters, numbers and hyphens"),
            (&"t".repeat(65), "tenantId can have 64 characters at most"),
        ] {
            assert_eq!(tenant_id(&name.into()).unwrap_err().to_string(), text);
        }
        assert!(tenant_id(&"t".repeat(64).as_str().into()).is_ok());
        let invalid = "connectionUriDomain is invalid";
        for (name, text) in [
            (" ", "connectionUriDomain should not be an empty String"),
            ("a b", invalid),
            ("a..b", invalid),
            ("https://a", invalid),
            ("a/b", invalid),
            ("a:port", invalid),
            ("a:", invalid),
            ("300.1.1.1", invalid),
        ] {
            assert_eq!(domain(name).unwrap_err().to_string(), text);
        }
    }
}
