//! What a service demands of a token beside its signature.

use auth_protocol::JsonObject;
use serde_json::Value;

use crate::JwtError;

/// What a service demands of an access token beside its signature: that it is of the kind, in time,
/// and meant for this very service (RFC 8725 sections 3.8 to 3.11).
///
/// ```
/// use auth_jwt::{Algorithm, Expected, Header, JwtError, KeySet, SigningKey, UnverifiedJwt};
/// use serde_json::json;
///
/// # fn main() -> Result<(), JwtError> {
/// # let key = SigningKey::generate(Algorithm::EdDsa)?;
/// # let header = Header::new(Algorithm::EdDsa, "d-1").with_version("5");
/// # let claims = json!({ "sub": "ada", "exp": 1_700_000_300, "iss": "https://api.example.com/auth",
/// #     "aud": ["https://api.example.com", "https://billing.example.com"] });
/// # let token = key.sign(&header, &claims)?;
/// # let keys = KeySet::new(&[key.public_jwk("d-1")])?;
/// // The service knows its own name; `keys` come from the issuer's `jwks.json`.
/// let expected =
///     Expected::audience("https://billing.example.com").issuer("https://api.example.com/auth");
/// let now_secs = 1_700_000_000; // by its own clock
/// let claims = UnverifiedJwt::parse(&token)?.verify_access_token(&keys, &expected, now_secs)?;
/// assert_eq!(claims["sub"], "ada");
///
/// let other = Expected::audience("https://shop.example.com");
/// let refused = UnverifiedJwt::parse(&token)?.verify_access_token(&keys, &other, now_secs);
/// assert_eq!(refused, Err(JwtError::WrongAudience));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Expected {
    audience: String,
    issuer: Option<String>,
}

impl Expected {
    /// A token that names this audience, the service's own.
    pub fn audience(audience: impl Into<String>) -> Self {
        Self { audience: audience.into(), issuer: None }
    }

    /// Also that `iss` is this one.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// Looks at the claims of a token whose signature is right. Times are in seconds since the epoch;
    /// a token without `exp` is refused, one without `nbf` may be used at once.
    ///
    /// # Errors
    /// [`JwtError::Expired`], [`JwtError::NotYetValid`], [`JwtError::WrongIssuer`],
    /// [`JwtError::WrongAudience`].
    pub(crate) fn check(&self, claims: &JsonObject, now_secs: i64) -> Result<(), JwtError> {
        #[allow(
            clippy::cast_precision_loss,
            reason = "exact for times of the next 285 million years"
        )]
        let now = now_secs as f64;
        if claims.get("exp").and_then(Value::as_f64).is_none_or(|expiry| expiry <= now) {
            return Err(JwtError::Expired);
        }
        let starts = |from: &Value| from.as_f64().is_some_and(|from| from <= now);
        if !claims.get("nbf").is_none_or(starts) {
            return Err(JwtError::NotYetValid);
        }
        let issuer = claims.get("iss").and_then(Value::as_str);
        if self.issuer.as_deref().is_some_and(|expected| issuer != Some(expected)) {
            return Err(JwtError::WrongIssuer);
        }
        match names_audience(claims, &self.audience) {
            true => Ok(()),
            false => Err(JwtError::WrongAudience),
        }
    }
}

/// Whether a token is meant for an audience: `aud` is its name, or has it among others (RFC 7519
/// section 4.1.3). A token without `aud` is meant for nobody.
pub fn names_audience(claims: &JsonObject, audience: &str) -> bool {
    match claims.get("aud") {
        Some(Value::String(only)) => only == audience,
        Some(Value::Array(all)) => all.iter().any(|one| one.as_str() == Some(audience)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(change: &Value) -> Result<(), JwtError> {
        let mut claims = json!({ "exp": 101, "nbf": 100, "iss": "i", "aud": ["a", "b"] });
        for (name, value) in change.as_object().expect("an object") {
            claims[name] = value.clone();
        }
        let claims = claims.as_object().expect("an object");
        Expected::audience("b").issuer("i").check(claims, 100)
    }

    #[test]
    fn a_token_is_taken_in_its_time_from_its_issuer_and_by_its_audience_alone() {
        use JwtError::{Expired, NotYetValid, WrongAudience, WrongIssuer};
        for (change, found) in [
            (json!({}), Ok(())),
            (json!({ "aud": "b" }), Ok(())),
            (json!({ "exp": 100.5 }), Ok(())),
            (json!({ "exp": 100 }), Err(Expired)),
            (json!({ "exp": "101" }), Err(Expired)),
            (json!({ "exp": null }), Err(Expired)),
            (json!({ "nbf": 101 }), Err(NotYetValid)),
            (json!({ "nbf": "0" }), Err(NotYetValid)),
            (json!({ "iss": "j" }), Err(WrongIssuer)),
            (json!({ "iss": ["i"] }), Err(WrongIssuer)),
            (json!({ "aud": "a" }), Err(WrongAudience)),
            (json!({ "aud": "bb" }), Err(WrongAudience)),
            (json!({ "aud": ["B"] }), Err(WrongAudience)),
            (json!({ "aud": [["b"]] }), Err(WrongAudience)),
            (json!({ "aud": { "b": 1 } }), Err(WrongAudience)),
            (json!({ "aud": [] }), Err(WrongAudience)),
            (json!({ "aud": null }), Err(WrongAudience)),
        ] {
            assert_eq!(check(&change), found, "{change}");
        }
    }
}
