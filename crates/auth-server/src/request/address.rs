//! Paths with an app and a tenant (CDI §0.1).

use auth_protocol::{AppId, TenantId, TenantScope};

/// What can't be a tenant's name, because paths begin like that.
const NO_TENANTS: [&str; 4] = ["recipe", "config", "users", "hello"];

/// A path, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Address<T> {
    /// The app and tenant.
    pub(crate) scope: TenantScope,
    /// What is served there.
    pub(crate) target: T,
}

/// Finds what a path below the base path leads to: `[/appid-<app>][/<tenant>]<path of the API>`,
/// in any case and with or without a slash at its end. `find` knows the paths of the APIs, without
/// the slash; the root's is empty.
pub(crate) fn resolve<T>(path: &str, find: impl Fn(&str) -> Option<T>) -> Option<Address<T>> {
    let path = path.to_ascii_lowercase();
    let path = path.strip_suffix('/').unwrap_or(&path);
    let at = |app: &str, tenant: &str, target| {
        let default = |name: &str| if name.is_empty() { "public".to_owned() } else { name.into() };
        let scope = TenantScope::new(AppId::from(default(app)), TenantId::from(default(tenant)));
        Some(Address { scope, target })
    };
    if let Some(target) = find(path) {
        return at("", "", target);
    }
    let (first, rest) = segment(path)?;
    let (app, rest) = match first.strip_prefix("appid-") {
        Some(app) if is_name(app) || app.is_empty() => (app, rest),
        _ => ("", path),
    };
    if let Some(target) = find(rest) {
        return at(app, "", target);
    }
    let (tenant, rest) = segment(rest)?;
    if !is_name(tenant) || NO_TENANTS.contains(&tenant) {
        return None;
    }
    find(rest).and_then(|target| at(app, tenant, target))
}

/// The first segment of a path, and what follows it.
fn segment(path: &str) -> Option<(&str, &str)> {
    let path = path.strip_prefix('/')?;
    Some(path.find('/').map_or((path, ""), |slash| path.split_at(slash)))
}

fn is_name(text: &str) -> bool {
    let is_allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    !text.is_empty() && text.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str) -> Option<(String, String, &'static str)> {
        let known = ["", "/recipe/signup", "/users", "/users/count", "/hello"];
        let find = |path: &str| known.into_iter().find(|known| *known == path);
        let Address { scope, target } = resolve(path, find)?;
        Some((scope.app.to_string(), scope.tenant.to_string(), target))
    }

    fn is(app: &str, tenant: &str, target: &'static str) -> (String, String, &'static str) {
        (app.to_owned(), tenant.to_owned(), target)
    }

    #[test]
    fn cdi_0_1_app_and_tenant_may_stand_before_a_path_and_default_to_public() {
        let signup = "/recipe/signup";
        for (path, expected) in [
            ("/recipe/signup", is("public", "public", signup)),
            ("/Recipe/SignUp/", is("public", "public", signup)),
            ("/public/recipe/signup", is("public", "public", signup)),
            ("/appid-public/public/recipe/signup", is("public", "public", signup)),
            ("/appid-/recipe/signup", is("public", "public", signup)),
            ("/t1/recipe/signup", is("public", "t1", signup)),
            ("/appid-a1/recipe/signup", is("a1", "public", signup)),
            ("/appid-a1/t1/recipe/signup", is("a1", "t1", signup)),
            ("/t1/users/count", is("public", "t1", "/users/count")),
            ("/", is("public", "public", "")),
            ("/appid-a1/t1", is("a1", "t1", "")),
        ] {
            assert_eq!(found(path), Some(expected), "{path}");
        }
    }

    #[test]
    fn cdi_0_1_some_words_and_characters_are_never_a_tenant() {
        for path in [
            "/recipe/recipe/signup",
            "/users/users",
            "/hello/hello",
            "/config/hello",
            "/t_1/recipe/signup",
            "/a/b/recipe/signup",
            "/appid-a.b/recipe/signup",
            "/recipe",
            "//recipe/signup",
            "/recipe/signup//",
        ] {
            assert_eq!(found(path), None, "{path}");
        }
    }
}
