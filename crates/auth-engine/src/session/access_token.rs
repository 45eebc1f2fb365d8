//! The claims of an access token (CDI §2.2).

use auth_protocol::{
    AppId, CdiVersion, JsonObject, RecipeUserId, SessionHandle, TenantId, UserId,
    session::{SessionData, TokenInfo},
};
use serde_json::{Value, json};

use super::lifetime::Moment;
use crate::{
    Engine, EngineError,
    clock::saturating_ms,
    keys::{KeyKind, VerifiedToken},
};

/// The version of a token's claims (CDI §2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenVersion {
    /// Without the tenant, too: it is `public`.
    V3,
    /// Without the login method: the user is its own.
    V4,
    /// The newest.
    V5,
}

impl TokenVersion {
    /// The version of the tokens that callers in a version of the interface get.
    pub(super) fn of(version: CdiVersion) -> Self {
        match version {
            _ if version < CdiVersion::V3_0 => Self::V3,
            _ if version < CdiVersion::V4_0 => Self::V4,
            _ => Self::V5,
        }
    }

    fn from_header(version: u32) -> Self {
        match version {
            3 => Self::V3,
            4 => Self::V4,
            _ => Self::V5,
        }
    }

    /// Whether a claim of the newest version isn't in this one.
    fn lacks(self, claim: &str) -> bool {
        match self {
            Self::V3 => [TENANT, RECIPE_USER].contains(&claim),
            Self::V4 => claim == RECIPE_USER,
            Self::V5 => false,
        }
    }

    /// Whether a claim is the core's own.
    fn is_protected(self, claim: &str) -> bool {
        PROTECTED.contains(&claim) && !self.lacks(claim)
    }

    const fn number(self) -> u32 {
        match self {
            Self::V3 => 3,
            Self::V4 => 4,
            Self::V5 => 5,
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
    TENANT,
    RECIPE_USER,
];

/// The claim that version 3 lacks, beside the next one.
const TENANT: &str = "tId";

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
    check_claims(version, payload.keys())
}

/// Refuses to set claims of the core.
pub(super) fn check_claims<'a>(
    version: TokenVersion,
    mut claims: impl Iterator<Item = &'a String>,
) -> Result<(), EngineError> {
    if claims.any(|claim| version.is_protected(claim)) {
        let text = "The user payload contains protected field";
        return Err(EngineError::BadRequest(text.into()));
    }
    Ok(())
}

impl AccessToken {
    /// What claims say; `None` where one is missing.
    fn from_claims(header_version: u32, claims: &JsonObject) -> Option<Self> {
        let version = TokenVersion::from_header(header_version);
        let text = |claim: &str| claims.get(claim)?.as_str();
        let optional = |claim: &str| match claims.get(claim)? {
            Value::Null => Some(None),
            Value::String(text) => Some(Some(text.clone())),
            _ => None,
        };
        let user_id = text("sub")?;
        let recipe_user_id = match version {
            TokenVersion::V3 | TokenVersion::V4 => user_id,
            TokenVersion::V5 => text(RECIPE_USER)?,
        };
        Some(Self {
            version,
            session: SessionData {
                handle: SessionHandle::from(text("sessionHandle")?),
                user_id: UserId::from(user_id),
                recipe_user_id: RecipeUserId::from(recipe_user_id),
                user_data_in_jwt: claims
                    .iter()
                    .filter(|(claim, _)| !version.is_protected(claim))
                    .map(|(claim, value)| (claim.clone(), value.clone()))
                    .collect(),
                tenant_id: match version {
                    // The application may have a claim of this name.
                    TokenVersion::V3 => TenantId::default(),
                    TokenVersion::V4 | TokenVersion::V5 => TenantId::from(text(TENANT)?),
                },
            },
            refresh_token_hash1: text("refreshTokenHash1")?.to_owned(),
            parent_refresh_token_hash1: optional("parentRefreshTokenHash1")?,
            anti_csrf_token: optional("antiCsrfToken")?,
            created_secs: claims.get("iat")?.as_i64()?,
            expiry_secs: claims.get("exp")?.as_i64()?,
        })
    }

    /// Reads a token whose signature was checked. One whose header names no version isn't a
    /// session's, whatever it claims: the application had it signed.
    pub(super) fn from_verified(token: &VerifiedToken) -> Option<Self> {
        Self::from_claims(token.version?, &token.claims)
    }

    fn to_claims(&self) -> JsonObject {
        let session = &self.session;
        let mut claims = session.user_data_in_jwt.clone();
        let own = [
            ("sub", json!(session.user_id)),
            (RECIPE_USER, json!(session.recipe_user_id)),
            (TENANT, json!(session.tenant_id)),
            ("sessionHandle", json!(session.handle)),
            ("refreshTokenHash1", json!(self.refresh_token_hash1)),
            ("parentRefreshTokenHash1", json!(self.parent_refresh_token_hash1)),
            ("antiCsrfToken", json!(self.anti_csrf_token)),
            ("iat", json!(self.created_secs)),
            ("exp", json!(self.expiry_secs)),
        ];
        let own = own.into_iter().filter(|(claim, _)| !self.version.lacks(claim));
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
        let version = Some(self.version.number());
        let (token, signed) = engine.keys().sign(app, kind, version, self.to_claims()).await?;
        Ok(TokenInfo {
            token,
            signed: Some(Box::new(signed)),
            expiry: self.expiry_secs.saturating_mul(1000),
            created_time: self.created_secs.saturating_mul(1000),
        })
    }
}

/// When a token made now expires, in whole seconds: the configured validity, a little less by
/// chance; or the validity that was asked for, which may only be shorter. It doesn't outlive its
/// session.
pub(super) fn expiry_secs(
    engine: &Engine,
    at: Moment,
    validity_ms: Option<u64>,
    session_created_at_ms: i64,
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
    Ok(at.capped(at.now_ms.saturating_add(validity_ms), session_created_at_ms) / 1000)
}

/// When a token made now expires, in whole seconds, by the configured validity alone.
pub(super) fn full_expiry_secs(engine: &Engine, at: Moment, session_created_at_ms: i64) -> i64 {
    let validity_ms = saturating_ms(engine.config().access_token_validity);
    at.capped(at.now_ms.saturating_add(validity_ms), session_created_at_ms) / 1000
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
