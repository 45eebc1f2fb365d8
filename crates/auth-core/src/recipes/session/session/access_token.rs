//! An access token and what it says (FDI §2.3).

use std::{fmt, sync::Arc};

use auth_jwt::UnverifiedJwt;
use auth_protocol::{
    JsonObject, RecipeUserId, Secret, SessionHandle, TenantId, UserId, session::SignedClaims,
};
use serde_json::Value;

/// An access token that has the structure of one. Its signature and expiry may not have been
/// checked yet. Cheap to clone.
#[derive(Clone)]
pub struct AccessToken {
    parsed: Arc<Parsed>,
    is_verified: bool,
}

struct Parsed {
    text: Secret,
    kid: String,
    payload: Arc<JsonObject>,
    session_handle: SessionHandle,
    user_id: UserId,
    recipe_user_id: RecipeUserId,
    tenant_id: TenantId,
    expiry_ms: i64,
    is_unconfirmed: bool,
}

impl AccessToken {
    /// Reads a token without checking its signature; `None` where it isn't one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let jwt = UnverifiedJwt::parse(text).ok()?;
        let (version, kid) = (jwt.header().version(), jwt.header().kid().to_owned());
        let claims = jwt.into_unverified_payload();
        Self::of_claims(Secret::new(text), SignedClaims { kid, version, claims })
    }

    /// A token by its text and what that says; `None` where it isn't one of ours.
    pub(super) fn of_claims(text: Secret, says: SignedClaims) -> Option<Self> {
        let SignedClaims { kid, version, claims: payload } = says;
        // Without a version it is a token that the application had signed, whatever it claims.
        let version = version?;
        let text_at = |key: &str| payload.get(key).and_then(Value::as_str);
        let seconds_at = |key: &str| payload.get(key).and_then(Value::as_f64);

        let user_id = UserId::new(text_at("sub")?);
        let session_handle = SessionHandle::new(text_at("sessionHandle")?);
        text_at("refreshTokenHash1")?;
        seconds_at("iat")?;
        let recipe_user_id = match text_at("rsub") {
            Some(id) => RecipeUserId::new(id),
            None if version >= 5 => return None,
            None => RecipeUserId::from(user_id.clone()),
        };
        // OAuth2 tokens are no sessions.
        if payload.get("stt").is_some_and(|kind| kind.as_f64() != Some(0.0)) {
            return None;
        }
        let tenant_id = match text_at("tId") {
            Some(id) if version >= 4 => TenantId::new(id),
            _ => TenantId::default(),
        };
        #[allow(clippy::cast_possible_truncation, reason = "the cast saturates")]
        let expiry_ms = (seconds_at("exp")? * 1000.0) as i64;
        let is_unconfirmed =
            payload.get("parentRefreshTokenHash1").is_some_and(|hash| !hash.is_null());
        let parsed = Parsed {
            text,
            kid,
            session_handle,
            user_id,
            recipe_user_id,
            tenant_id,
            expiry_ms,
            is_unconfirmed,
            payload: Arc::new(payload),
        };
        Some(Self { parsed: Arc::new(parsed), is_verified: false })
    }

    /// The token's text.
    pub fn expose_secret(&self) -> &str {
        self.parsed.text.expose_secret()
    }

    /// The id of the session's row.
    pub fn session_handle(&self) -> &SessionHandle {
        &self.parsed.session_handle
    }

    /// The user.
    pub fn user_id(&self) -> &UserId {
        &self.parsed.user_id
    }

    /// The login method that the session was started with.
    pub fn recipe_user_id(&self) -> &RecipeUserId {
        &self.parsed.recipe_user_id
    }

    /// The tenant in which the session was started.
    pub fn tenant_id(&self) -> &TenantId {
        &self.parsed.tenant_id
    }

    /// The whole payload.
    pub fn payload(&self) -> &Arc<JsonObject> {
        &self.parsed.payload
    }

    /// When the token expires, in milliseconds since the epoch.
    pub fn expiry_ms(&self) -> i64 {
        self.parsed.expiry_ms
    }

    /// From when on it may be used, where the application put an `nbf` into it (RFC 7519 section
    /// 4.1.5): always, or never where that is no time.
    pub(crate) fn starts_ms(&self) -> i64 {
        let Some(starts) = self.parsed.payload.get("nbf") else { return i64::MIN };
        #[allow(clippy::cast_possible_truncation, reason = "the cast saturates")]
        let starts_ms = starts.as_f64().map(|seconds| (seconds * 1000.0) as i64);
        starts_ms.unwrap_or(i64::MAX)
    }

    /// Which refresh token the client got with it, by its hash.
    pub(crate) fn refresh_token_hash(&self) -> Option<&str> {
        self.parsed.payload.get("refreshTokenHash1").and_then(Value::as_str)
    }

    /// The anti-CSRF token, where the session has one.
    pub fn anti_csrf_token(&self) -> Option<&str> {
        self.parsed.payload.get("antiCsrfToken").and_then(Value::as_str)
    }

    /// The same token, after its signature was checked.
    pub(super) fn verified(&self) -> Self {
        Self { parsed: Arc::clone(&self.parsed), is_verified: true }
    }

    /// Whether the signature was checked, a moment ago, with the current keys.
    pub(crate) fn is_verified(&self) -> bool {
        self.is_verified
    }

    pub(crate) fn kid(&self) -> &str {
        &self.parsed.kid
    }

    /// Whether the core has yet to learn that the client received this token.
    pub(crate) fn is_unconfirmed(&self) -> bool {
        self.parsed.is_unconfirmed
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("session_handle", &self.parsed.session_handle)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn token(header: &Value, payload: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.c2ln", part(header), part(payload))
    }

    fn header() -> Value {
        json!({ "alg": "RS256", "typ": "JWT", "version": "5", "kid": "d-1" })
    }

    fn payload() -> Value {
        json!({
            "sub": "user", "exp": 100, "iat": 50, "sessionHandle": "h_t1",
            "refreshTokenHash1": "r", "parentRefreshTokenHash1": null, "antiCsrfToken": null,
            "rsub": "method", "tId": "t1", "own": { "x": 1 },
        })
    }

    fn without(mut value: Value, key: &str) -> Value {
        value.as_object_mut().unwrap().shift_remove(key);
        value
    }

    fn with(mut value: Value, key: &str, new: Value) -> Value {
        value[key] = new;
        value
    }

    fn parses(header: &Value, payload: &Value) -> bool {
        AccessToken::parse(&token(header, payload)).is_some()
    }

    #[test]
    fn a_token_of_version_5_says_who_where_and_until_when() {
        let token = AccessToken::parse(&token(&header(), &payload())).unwrap();
        assert_eq!(token.user_id(), &"user");
        assert_eq!(token.recipe_user_id(), &"method");
        assert_eq!(token.tenant_id(), &"t1");
        assert_eq!(token.session_handle(), &"h_t1");
        assert_eq!(token.expiry_ms(), 100_000);
        assert_eq!(token.kid(), "d-1");
        assert_eq!(token.anti_csrf_token(), None);
        assert!(!token.is_unconfirmed());
        assert_eq!(Value::Object((**token.payload()).clone()), payload());
    }

    #[test]
    fn older_versions_lack_the_login_method_and_the_tenant() {
        let payload = without(payload(), "rsub");
        let parse = |header: Value| AccessToken::parse(&token(&header, &payload));
        assert!(parse(header()).is_none());
        let fourth = parse(with(header(), "version", json!("4"))).unwrap();
        assert_eq!((fourth.recipe_user_id().as_str(), fourth.tenant_id().as_str()), ("user", "t1"));
        let third = parse(with(header(), "version", json!("3"))).unwrap();
        assert_eq!(third.tenant_id(), &"public");
    }

    #[test]
    fn a_token_lacking_a_part_header_or_claim_is_none_of_ours() {
        for key in ["sub", "exp", "iat", "sessionHandle", "refreshTokenHash1", "rsub"] {
            assert!(!parses(&header(), &without(payload(), key)), "without {key}");
            assert!(!parses(&header(), &with(payload(), key, json!([]))), "with an odd {key}");
        }
        for key in ["typ", "kid", "version"] {
            assert!(!parses(&without(header(), key), &payload()), "without {key}");
        }
        assert!(!parses(&with(header(), "version", json!(5)), &payload()));
        assert!(!parses(&with(header(), "version", json!("2")), &payload()));
        assert!(!parses(&with(header(), "typ", json!("at+jwt")), &payload()));
        for text in ["", "a.b", "a.b.c", "a.b.c.d", "e30.e30.e30"] {
            assert!(AccessToken::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_token_type_other_than_a_session_is_none_of_ours() {
        assert!(parses(&header(), &with(payload(), "stt", json!(0))));
        assert!(!parses(&header(), &with(payload(), "stt", json!(1))));
        assert!(!parses(&header(), &with(payload(), "stt", json!("0"))));
    }

    proptest! {
        #[test]
        fn parsing_never_panics(text in ".*", parts in prop::array::uniform3(".*")) {
            let _ = AccessToken::parse(&text);
            let [header, payload, signature] = parts.map(|part| URL_SAFE_NO_PAD.encode(part));
            let _ = AccessToken::parse(&format!("{header}.{payload}.{signature}"));
        }

        #[test]
        fn ids_and_times_come_back_as_they_were_written(
            user in ".+", handle in ".+", tenant in "[a-z0-9-]+", exp in 0_i64..4_000_000_000_000,
        ) {
            let payload = with(with(with(payload(), "sub", json!(user)), "sessionHandle",
                json!(handle)), "tId", json!(tenant));
            let token = AccessToken::parse(&token(&header(), &with(payload, "exp", json!(exp))));
            let token = token.unwrap();
            prop_assert_eq!(token.user_id().as_str(), user);
            prop_assert_eq!(token.session_handle().as_str(), handle);
            prop_assert_eq!(token.tenant_id().as_str(), tenant);
            prop_assert_eq!(token.expiry_ms(), exp * 1000);
        }
    }
}
