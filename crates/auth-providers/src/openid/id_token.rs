//! The check of an id token (OpenID Connect Core section 3.1.3.7, RFC 8725).

use std::time::{SystemTime, UNIX_EPOCH};

use auth_protocol::JsonObject;
use aws_lc_rs::digest::{self, SHA256, SHA384, SHA512};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::Algorithm;
use serde::Deserialize;
use serde_json::Value;

use super::keys::Key;
use crate::error::IdTokenProblem;

/// How far clocks may differ.
const SKEW_SECS: i64 = 60;

/// Longer ones are refused unread.
const MAX_BYTES: usize = 16 * 1024;

/// A token whose signature hasn't been checked; its key is named in it.
pub(crate) struct UnverifiedIdToken<'a> {
    message: &'a str,
    signature: &'a str,
    payload: &'a str,
    algorithm: Algorithm,
    kid: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
    crit: Option<Value>,
}

/// Who may have issued it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IssuerRule {
    Exactly(String),
    /// The `{tenantid}` in it is the token's own `tid`.
    OfTenant(String),
}

/// What a good token says.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a IssuerRule,
    pub(crate) client_id: &'a str,
    /// Who else may have asked for it.
    pub(crate) authorized_parties: &'a [String],
    /// `None` where nothing is known of it.
    pub(crate) nonce: Option<&'a str>,
    pub(crate) access_token: Option<&'a str>,
    pub(crate) now: SystemTime,
}

impl IssuerRule {
    /// Whether an issuer is meant; of a tenant if that is known.
    pub(crate) fn allows(&self, issuer: &str, tenant: Option<&str>) -> bool {
        match (self, tenant) {
            (Self::Exactly(exactly), _) => exactly == issuer,
            (Self::OfTenant(pattern), Some(tenant)) => {
                pattern.replace("{tenantid}", tenant) == issuer
            }
            (Self::OfTenant(pattern), None) => {
                let (before, after) = pattern.split_once("{tenantid}").unwrap_or((pattern, ""));
                let tenant = issuer.strip_prefix(before).and_then(|it| it.strip_suffix(after));
                tenant.is_some_and(|tenant| !tenant.is_empty() && !tenant.contains('/'))
            }
        }
    }

    /// For errors.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Exactly(issuer) | Self::OfTenant(issuer) => issuer,
        }
    }
}

impl<'a> UnverifiedIdToken<'a> {
    pub(crate) fn parse(token: &'a str) -> Result<Self, IdTokenProblem> {
        if token.len() > MAX_BYTES {
            return Err(IdTokenProblem::Malformed);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(IdTokenProblem::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(IdTokenProblem::Malformed)?;
        let header: Header = decode(header)?;
        // RFC 8725 section 3.11: no other kind of token is taken for an id token.
        let is_jwt = header.typ.as_deref().is_none_or(|typ| typ.eq_ignore_ascii_case("JWT"));
        if !is_jwt || header.crit.is_some() {
            return Err(IdTokenProblem::Header);
        }
        let algorithm = header.alg.parse().map_err(|_| IdTokenProblem::Algorithm)?;
        Ok(Self { message, signature, payload, algorithm, kid: header.kid })
    }

    pub(crate) fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The name of its algorithm, as discovery lists them.
    pub(crate) fn algorithm_name(&self) -> String {
        format!("{:?}", self.algorithm)
    }

    /// Checks signature and claims.
    pub(crate) fn verify(
        &self,
        key: &Key,
        expected: &Expected<'_>,
    ) -> Result<JsonObject, IdTokenProblem> {
        if !key.is_for(self.algorithm) {
            return Err(IdTokenProblem::Algorithm);
        }
        if !key.verifies(self.message, self.signature, self.algorithm) {
            return Err(IdTokenProblem::Signature);
        }
        let claims: JsonObject = decode(self.payload)?;
        expected.check(&claims, self.algorithm)?;
        if let Some(pattern) = &key.issuer {
            let tenant = claims.get("tid").and_then(Value::as_str).unwrap_or_default();
            if claims.get("iss") != Some(&Value::from(pattern.replace("{tenantid}", tenant))) {
                return Err(IdTokenProblem::Issuer);
            }
        }
        Ok(claims)
    }
}

fn decode<T: serde::de::DeserializeOwned>(part: &str) -> Result<T, IdTokenProblem> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| IdTokenProblem::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| IdTokenProblem::Malformed)
}

impl Expected<'_> {
    fn check(&self, claims: &JsonObject, algorithm: Algorithm) -> Result<(), IdTokenProblem> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let tenant = text("tid");
        let issuer = text("iss").ok_or(IdTokenProblem::Claim("iss"))?;
        let must_know_tenant = matches!(self.issuer, IssuerRule::OfTenant(_));
        if must_know_tenant && tenant.is_none() || !self.issuer.allows(issuer, tenant) {
            return Err(IdTokenProblem::Issuer);
        }
        self.check_audience(claims)?;
        self.check_times(claims)?;
        if text("sub").is_none_or(str::is_empty) {
            return Err(IdTokenProblem::Claim("sub"));
        }
        if self.nonce.is_some() && self.nonce != text("nonce") {
            return Err(IdTokenProblem::Nonce);
        }
        match (claims.get("at_hash"), self.access_token) {
            (Some(hash), Some(token)) if hash.as_str() != Some(&half_hash(token, algorithm)) => {
                Err(IdTokenProblem::AccessToken)
            }
            _ => Ok(()),
        }
    }

    fn check_audience(&self, claims: &JsonObject) -> Result<(), IdTokenProblem> {
        let audiences = match claims.get("aud") {
            Some(Value::Array(list)) => &list[..],
            Some(one) => std::slice::from_ref(one),
            None => return Err(IdTokenProblem::Claim("aud")),
        };
        if !audiences.iter().any(|audience| audience == self.client_id) {
            return Err(IdTokenProblem::Audience);
        }
        match claims.get("azp") {
            None if audiences.len() == 1 => Ok(()),
            Some(Value::String(party))
                if party == self.client_id || self.authorized_parties.contains(party) =>
            {
                Ok(())
            }
            _ => Err(IdTokenProblem::AuthorizedParty),
        }
    }

    fn check_times(&self, claims: &JsonObject) -> Result<(), IdTokenProblem> {
        let since = self.now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        let time = |name: &'static str| match claims.get(name) {
            None => Ok(None),
            Some(value) => seconds(value).map(Some).ok_or(IdTokenProblem::Claim(name)),
        };
        let expiry = time("exp")?.ok_or(IdTokenProblem::Claim("exp"))?;
        if expiry <= now - SKEW_SECS {
            return Err(IdTokenProblem::Expired);
        }
        // As `exp`, it must be there (OpenID Connect Core section 2).
        let issued = time("iat")?.ok_or(IdTokenProblem::Claim("iat"))?;
        match issued.max(time("nbf")?.unwrap_or(issued)) > now + SKEW_SECS {
            true => Err(IdTokenProblem::NotYetValid),
            false => Ok(()),
        }
    }
}

/// Seconds since the epoch; some providers write them as a fraction.
fn seconds(value: &Value) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation)] // `as` keeps to the bounds of an `i64`
    value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64))
}

/// OpenID Connect Core section 3.1.3.6: the left half of the hash that the algorithm names.
fn half_hash(token: &str, algorithm: Algorithm) -> String {
    let hash = match algorithm {
        Algorithm::RS384 | Algorithm::PS384 | Algorithm::ES384 | Algorithm::HS384 => &SHA384,
        Algorithm::RS512 | Algorithm::PS512 | Algorithm::HS512 | Algorithm::EdDSA => &SHA512,
        _ => &SHA256,
    };
    let digest = digest::digest(hash, token.as_bytes());
    let bytes = digest.as_ref();
    BASE64_URL_SAFE_NO_PAD.encode(&bytes[..bytes.len() / 2])
}
