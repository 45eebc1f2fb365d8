//! What a tenant can be called (CDI §0.7).

use std::borrow::Cow;

use auth_protocol::TenantId;

/// What a core's paths begin with, so that no tenant can have the name (CDI §0.1).
const STOP_WORDS: [&str; 4] = ["recipe", "config", "users", "hello"];

/// What names an app in a core's paths, so that no tenant's name begins with it.
const OF_APPS: &str = "appid-";

/// What a core keeps of a name, in bytes.
const LONGEST: usize = 64;

/// A tenant's name as a core has it: in lower case. `None` for what no tenant can be called: in a core's
/// path it might mean another app, or another operation.
pub(crate) fn normalised(tenant_id: &TenantId) -> Option<Cow<'_, TenantId>> {
    let name = tenant_id.as_str();
    let is_usual = |byte: u8| byte == b'-' || byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if name.bytes().all(is_usual) {
        return is_free(name).then_some(Cow::Borrowed(tenant_id));
    }
    let lower = name.trim().to_ascii_lowercase();
    let is_name = lower.bytes().all(is_usual) && is_free(&lower);
    is_name.then(|| Cow::Owned(TenantId::new(lower)))
}

fn is_free(name: &str) -> bool {
    (1..=LONGEST).contains(&name.len()) && !name.starts_with(OF_APPS) && !STOP_WORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cdi_0_7_names_are_lower_case_and_never_those_of_apps_or_paths() {
        let longest = "x".repeat(64);
        for (written, name) in [
            ("acme", Some("acme")),
            ("ACME-2", Some("acme-2")),
            (" acme ", Some("acme")),
            ("public", Some("public")),
            ("-", Some("-")),
            ("recipes", Some("recipes")),
            (&*longest, Some(&*longest)),
            (&format!("{longest}x"), None),
            ("", None),
            (" ", None),
            ("a_b", None),
            ("a/b", None),
            ("..", None),
            ("acmé", None),
            ("\u{212a}", None),
            ("appid-shop", None),
            ("APPID-shop", None),
            ("recipe", None),
            ("Config", None),
            ("users", None),
            ("hello", None),
        ] {
            let tenant_id = TenantId::new(written);
            let found = normalised(&tenant_id);
            assert_eq!(found.as_ref().map(|it| it.as_str()), name, "{written:?}");
        }
    }
}
