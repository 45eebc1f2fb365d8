//! The claims of an access token (CDI: access token).

use auth_jwt::UnverifiedJwt;
use auth_protocol::{
    AppId, CdiVersion, JsonObject, RecipeUserId, Secret, SessionHandle, TenantId, UserId,
    session::{SessionData, TokenInfo},
};
use serde_json::{Value, json};

use crate::{Engine, EngineError, clock::saturating_ms, keys::KeyKind};

/// The version of a token's claims (CDI: access token).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenVersion {
    /// Without the login method: the user is its own.
    V4,
    /// The newest.
    V5,
}

impl TokenVersion {
    /// The version of the tokens that callers in a version of the interface get.
    pub(super) fn of(version: CdiVersion) -> Self {
        if version < CdiVersion::V4_0 { Self::V4 } else { Self::V5 }
    }

    fn from_header(version: u32) -> Self {
        if version == 4 { Self::V4 } else { Self::V5 }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::V4 => "4",
            Self::V5 => "5",
        }
    }
}

/// Claims that are the core's own; an application can't set them.
const PROTECTED: [&str; 9] = [
    "sub",
    "exp",
    "iat",
    "sessionHandle",
    "refreshTokenHash1",
    "parentRefreshTokenHash1",
    "antiCsrfToken",
    "tId",
    RECIPE_USER,
];

/// The claim that version 4 lacks.
const RECIPE_USER: &str = "rsub";

/// Everything that an access token says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AccessToken {
    pub(super) version: TokenVersion,
    pub(super) session: SessionData,
    pub(super) refresh_token_hash1: String,
    pub(super) parent_refresh_token_hash1: Option<String>,
    pub(super) anti_csrf_token: Option<String>,
    pub(super) created_secs: i64,
    pub(super) expiry_secs: i64,
}

/// Refuses a payload that sets claims of the core.
pub(super) fn check_payload(
    version: TokenVersion,
    payload: &JsonObject,
) -> Result<(), EngineError> {
    let is_own = |claim: &str| claim != RECIPE_USER || version == TokenVersion::V5;
    if PROTECTED.iter().any(|claim| is_own(claim) && payload.contains_key(*claim)) {
        let text = "The user payload contains protected field";
        return Err(EngineError::BadRequest(text.into()));
    }
    Ok(())
}

impl AccessToken {
    /// Reads a token without checking its signature; `None` where a claim is missing.
    fn from_claims(version: TokenVersion, mut claims: JsonObject) -> Option<Self> {
        let mut text = |claim: &str| match claims.remove(claim) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let user_id = text("sub")?;
        let recipe_user_id = match version {
            TokenVersion::V4 => user_id.clone(),
            TokenVersion::V5 => text(RECIPE_USER)?,
        };
        let handle = text("sessionHandle")?;
        let tenant_id = text("tId")?;
        let refresh_token_hash1 = text("refreshTokenHash1")?;
        let mut optional = |claim: &str| match claims.remove(claim)? {
            Value::Null => Some(None),
            Value::String(text) => Some(Some(text)),
            _ => None,
        };
        let parent_refresh_token_hash1 = optional("parentRefreshTokenHash1")?;
        let anti_csrf_token = optional("antiCsrfToken")?;
        let expiry_secs = claims.remove("exp")?.as_i64()?;
        let created_secs = claims.remove("iat")?.as_i64()?;
        Some(Self {
            version,
            session: SessionData {
                handle: SessionHandle::from(handle),
                user_id: UserId::from(user_id),
                recipe_user_id: RecipeUserId::from(recipe_user_id),
                user_data_in_jwt: claims,
                tenant_id: TenantId::from(tenant_id),
            },
            refresh_token_hash1,
            parent_refresh_token_hash1,
            anti_csrf_token,
            created_secs,
            expiry_secs,
        })
    }

    /// Reads a token without checking its signature.
    pub(super) fn parse_unverified(token: &Secret) -> Option<Self> {
        let jwt = UnverifiedJwt::parse(token.expose_secret()).ok()?;
        let version = jwt.header().version();
        (version >= 4).then_some(())?;
        Self::from_claims(TokenVersion::from_header(version), jwt.unverified_payload().clone())
    }

    /// Reads a token whose signature was checked, by the version in its header.
    pub(super) fn from_verified(version: u32, claims: JsonObject) -> Option<Self> {
        Self::from_claims(TokenVersion::from_header(version), claims)
    }

    fn to_claims(&self) -> JsonObject {
        let session = &self.session;
        let mut claims = session.user_data_in_jwt.clone();
        let own = [
            ("sub", json!(session.user_id)),
            (RECIPE_USER, json!(session.recipe_user_id)),
            ("tId", json!(session.tenant_id)),
            ("sessionHandle", json!(session.handle)),
            ("refreshTokenHash1", json!(self.refresh_token_hash1)),
            ("parentRefreshTokenHash1", json!(self.parent_refresh_token_hash1)),
            ("antiCsrfToken", json!(self.anti_csrf_token)),
            ("iat", json!(self.created_secs)),
            ("exp", json!(self.expiry_secs)),
        ];
        let own = own
            .into_iter()
            .filter(|(claim, _)| *claim != RECIPE_USER || self.version == TokenVersion::V5);
        claims.extend(own.map(|(claim, value)| (claim.to_owned(), value)));
        claims
    }

    /// Signs the token.
    pub(super) async fn sign(
        &self,
        engine: &Engine,
        app: &AppId,
        kind: KeyKind,
    ) -> Result<TokenInfo, EngineError> {
        let token =
            engine.keys().sign(app, kind, Some(self.version.as_str()), self.to_claims()).await?;
        Ok(TokenInfo {
            token,
            expiry: self.expiry_secs.saturating_mul(1000),
            created_time: self.created_secs.saturating_mul(1000),
        })
    }
}

/// When a token made now expires, in whole seconds: the configured validity, a little less by
/// chance; or the validity that was asked for, which may only be shorter.
pub(super) fn expiry_secs(
    engine: &Engine,
    now_ms: i64,
    validity_ms: Option<u64>,
) -> Result<i64, EngineError> {
    let configured_ms = saturating_ms(engine.config().access_token_validity);
    let validity_ms = match validity_ms {
        None => configured_ms.saturating_sub(jitter_ms(engine, configured_ms)?),
        Some(validity_ms) => i64::try_from(validity_ms)
            .ok()
            .filter(|validity_ms| (1..=configured_ms).contains(validity_ms))
            .ok_or_else(|| {
                EngineError::BadRequest(format!(
                    "accessTokenValidity must be greater than 0 and at most {configured_ms}"
                ))
            })?,
    };
    Ok(now_ms.saturating_add(validity_ms) / 1000)
}

/// When a token made now expires, in whole seconds, by the configured validity alone.
pub(super) fn full_expiry_secs(engine: &Engine, now_ms: i64) -> i64 {
    now_ms.saturating_add(saturating_ms(engine.config().access_token_validity)) / 1000
}

/// A random part of the validity, up to the configured one.
fn jitter_ms(engine: &Engine, validity_ms: i64) -> Result<i64, EngineError> {
    let mut bytes = [0; 2];
    engine.random().fill(&mut bytes)?;
    let unit = f64::from(u16::from_be_bytes(bytes)) / f64::from(u16::MAX);
    let most = engine.config().access_token_validity_jitter;
    // A float holds a century of milliseconds exactly; the result lies between 0 and the validity.
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
    let jitter = (validity_ms as f64 * unit * most) as i64;
    Ok(jitter)
}
