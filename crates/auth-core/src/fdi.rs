//! What depends on the version of the Frontend Driver Interface (FDI §0).

use auth_protocol::{RecipeUserId, User};
use serde_json::{Value, json};

use crate::Context;

/// The version that a request speaks: the highest in its `fdi-version` header. Without the
/// header it is the newest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FdiVersion(Option<Vec<u32>>);

impl FdiVersion {
    /// That of the request in this context.
    pub fn of(cx: &Context) -> Self {
        Self::parse(cx.request().and_then(|request| request.header("fdi-version")))
    }

    fn parse(header: Option<&str>) -> Self {
        let parse_one = |version: &str| {
            version.trim().split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u32>>>()
        };
        Self(header.and_then(|list| list.split(',').filter_map(parse_one).max()))
    }

    /// Whether it is this version or a later one.
    pub fn is_at_least(&self, major: u32, minor: u32) -> bool {
        self.0.as_ref().is_none_or(|version| version.as_slice() >= [major, minor].as_slice())
    }

    /// Users have login methods since 3.0, and had them in 1.18 and later 1.x.
    fn has_login_methods(&self) -> bool {
        self.is_at_least(3, 0) || (self.is_at_least(1, 18) && !self.is_at_least(2, 0))
    }
}

/// A user as the front end of this request reads it; `signed_in_by` is the login method that the session
/// was started with.
pub fn user_json(cx: &Context, user: &User, signed_in_by: &RecipeUserId) -> Value {
    if FdiVersion::of(cx).has_login_methods() {
        json!(user)
    } else {
        legacy_user(user, signed_in_by)
    }
}

/// The name under which the front end of this request reads whether a login method is new.
pub fn created_user_flag(cx: &Context) -> &'static str {
    if FdiVersion::of(cx).has_login_methods() { "createdNewRecipeUser" } else { "createdNewUser" }
}

fn legacy_user(user: &User, signed_in_by: &RecipeUserId) -> Value {
    let oldest = || user.login_methods.iter().min_by_key(|method| method.time_joined);
    let Some(method) = user.login_method(signed_in_by).or_else(oldest) else {
        return json!({ "id": user.id, "timeJoined": user.time_joined });
    };
    let mut legacy = json!({ "id": user.id, "timeJoined": method.time_joined });
    let known = [
        ("thirdParty", method.third_party.as_ref().map(|info| json!(info))),
        ("email", method.email.as_ref().map(|email| json!(email))),
        ("phoneNumber", method.phone_number.as_ref().map(|number| json!(number))),
    ];
    if let Some(fields) = legacy.as_object_mut() {
        fields.extend(
            known.into_iter().filter_map(|(key, value)| value.map(|value| (key.to_owned(), value))),
        );
    }
    legacy
}

#[cfg(test)]
mod tests {
    use auth_protocol::{LoginMethod, RecipeId, TenantId};

    use super::*;

    fn method(id: &str, email: &str, time_joined: i64) -> LoginMethod {
        LoginMethod {
            tenant_ids: vec![TenantId::default()],
            recipe_user_id: RecipeUserId::new(id),
            verified: false,
            time_joined,
            recipe_id: RecipeId::EmailPassword,
            email: Some(email.to_owned()),
            phone_number: None,
            third_party: None,
            webauthn: None,
        }
    }

    #[test]
    fn the_highest_version_of_a_list_counts_component_by_component() {
        let version = FdiVersion::parse(Some("1.16, 3.1,1.9"));
        assert!(version.is_at_least(3, 1) && !version.is_at_least(3, 2));
        let version = FdiVersion::parse(Some("1.18"));
        assert!(version.is_at_least(1, 9) && !version.is_at_least(2, 0));
    }

    #[test]
    fn without_a_readable_header_the_version_is_the_newest() {
        assert!(FdiVersion::parse(None).is_at_least(99, 0));
        assert!(FdiVersion::parse(Some("abc")).is_at_least(99, 0));
    }

    #[test]
    fn login_methods_are_sent_from_1_18_to_below_2_and_from_3_on() {
        for (version, wanted) in [
            ("1.17", false),
            ("1.18", true),
            ("1.19", true),
            ("2.0", false),
            ("3.0", true),
            ("4.2", true),
        ] {
            assert_eq!(FdiVersion::parse(Some(version)).has_login_methods(), wanted, "{version}");
        }
        assert!(FdiVersion::parse(None).has_login_methods());
    }

    #[test]
    fn the_legacy_user_has_the_user_id_and_the_rest_of_the_used_login_method() {
        let methods = vec![method("b", "b@example.com", 2), method("a", "a@example.com", 1)];
        let user = User::from_login_methods("a".into(), true, methods).expect("a method");
        assert_eq!(
            legacy_user(&user, &"b".into()),
            json!({ "id": "a", "timeJoined": 2, "email": "b@example.com" })
        );
        assert_eq!(
            legacy_user(&user, &"unknown".into()),
            json!({ "id": "a", "timeJoined": 1, "email": "a@example.com" })
        );
    }
}
