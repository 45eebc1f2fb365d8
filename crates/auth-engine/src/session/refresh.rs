//! `POST /recipe/session/refresh`

use std::sync::Arc;

use auth_protocol::{
    AppId, CdiVersion, Secret, SessionHandle, TenantScope,
    audit::AuditKind,
    session::{
        RefreshSession, RefreshSessionResponse, SessionData, SessionTokens, StolenSession,
        TokenInfo, TokenReuse,
    },
};
use subtle::ConstantTimeEq;

use super::{
    SESSION_GONE,
    access_token::{self, AccessToken, TokenVersion},
    confirmation, device,
    lifetime::Moment,
    refresh_token::{RefreshToken, SealedToken, Successors},
    rotation,
    rows::{Owner, SessionRow},
    rules,
};
use crate::{
    Engine, EngineError, Handle, TokenReuseBehaviour, activity, audit::Event, clock::saturating_ms,
    digest::sha256_hex, keys::KeyKind, storage::in_tx,
};

/// The presented token, and the one that shall follow it.
#[derive(Clone)]
pub(super) struct Presented {
    pub(super) app: AppId,
    pub(super) token: RefreshToken,
    pub(super) hash2: String,
    pub(super) next_hash2: String,
    successors: Arc<Successors>,
    enable_anti_csrf: bool,
    /// What the caller wants; the row's own choice is kept where it doesn't say.
    pub(super) use_static_key: Option<bool>,
    pub(super) at: Moment,
    pub(super) grace_ms: i64,
}

/// Which token follows the presented one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follows {
    /// The one that the caller wants.
    Wanted,
    /// The one that a request before it got, which decided otherwise on anti-CSRF tokens.
    Other,
}

/// What became of the presented token.
pub(super) enum Outcome {
    /// It is good, and the next token may follow it.
    Good {
        owner: Owner,
        row: Box<SessionRow>,
        expires_at_ms: i64,
        use_static_key: bool,
        follows: Follows,
    },
    /// There is no such session any more.
    Gone,
    /// It is bound to a device of which there is no proof.
    Unproven,
    /// Somebody else has used it before.
    Stolen { owner: Owner, reuse: Option<TokenReuse> },
}

impl Handle<RefreshSession> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RefreshSession,
    ) -> Result<RefreshSessionResponse, EngineError> {
        let app = &scope.app;
        let at = Moment::now(self);
        let now_ms = at.now_ms;
        let validity_ms = operation.access_token_validity_ms;
        // Refused before anything is written.
        access_token::expiry_secs(self, at, validity_ms, now_ms)?;
        let Some(presented) = RefreshToken::open(&operation.refresh_token, self, app).await? else {
            return Ok(unauthorised("The refresh token is malformed."));
        };
        if operation.enable_anti_csrf
            && !anti_csrf_matches(&presented, operation.anti_csrf_token.as_ref())
        {
            return Ok(unauthorised("Anti CSRF token missing, or not matching"));
        }
        let presented_token = SealedToken::new(operation.refresh_token);
        let successors = Arc::new(presented.successors(&presented_token, self, app).await?);
        let enable_anti_csrf = operation.enable_anti_csrf;
        let next = successors.get(enable_anti_csrf)?;
        let rotates = operation.cdi_version >= CdiVersion::V5_6;
        let body = Presented {
            app: app.clone(),
            token: presented.clone(),
            hash2: presented_token.hash2,
            next_hash2: next.token.hash2.clone(),
            successors: Arc::clone(&successors),
            enable_anti_csrf,
            use_static_key: operation.use_dynamic_signing_key.map(|dynamic| !dynamic),
            at,
            grace_ms: saturating_ms(self.config().refresh_token_rotation_grace_period),
        };
        let engine = self.clone();
        let audit = self.audit();
        let proven = operation.proven_devices;
        let body = in_tx!(body, engine, audit, proven, |tx| {
            // Before the token is looked at, so that it isn't used up and nobody's session ends.
            let handle = &body.token.session_handle;
            if device::lacks_proof(tx, &body.app, handle, proven.as_deref(), at, &audit).await? {
                return Ok(Outcome::Unproven);
            }
            let outcome = match rotates {
                true => rotation::run(&body, tx).await?,
                false => confirmation::run(&body, tx).await?,
            };
            if let Outcome::Good { owner, .. } = &outcome
                && engine.activity().is_due(&body.app, &owner.own_user, now_ms)
            {
                activity::touch(tx, &body.app, &owner.own_user, now_ms).await?;
            }
            if let Outcome::Stolen { owner, reuse } = &outcome {
                let scope = TenantScope::new(body.app.clone(), handle.tenant_id());
                let event = Event::failed(AuditKind::TokenTheft).user(&owner.own_user);
                let event = event.session(handle).fact("recent", &reuse.is_some());
                audit.append(tx, &scope, event).await?;
            }
            Ok(outcome)
        });
        let (owner, row, expires_at_ms, use_static_key, next) =
            match self.store().write(body).await? {
                Outcome::Good { owner, row, expires_at_ms, use_static_key, follows } => {
                    let next = match follows {
                        Follows::Wanted => next,
                        Follows::Other => successors.get(!enable_anti_csrf)?,
                    };
                    (owner, row, expires_at_ms, use_static_key, next)
                }
                Outcome::Gone => return Ok(unauthorised(SESSION_GONE)),
                Outcome::Unproven => return Ok(RefreshSessionResponse::DeviceProofMissingError),
                Outcome::Stolen { owner, reuse } => {
                    return Ok(self.stolen(presented.session_handle, owner, reuse));
                }
            };
        let token = AccessToken {
            version: TokenVersion::of(operation.cdi_version),
            session: SessionData {
                tenant_id: presented.session_handle.tenant_id(),
                handle: presented.session_handle,
                user_id: owner.user,
                recipe_user_id: owner.method,
                user_data_in_jwt: row.payload,
            },
            refresh_token_hash1: next.token.hash1,
            parent_refresh_token_hash1: (!rotates).then_some(presented_token.hash1),
            anti_csrf_token: next.anti_csrf_token,
            created_secs: now_ms / 1000,
            expiry_secs: access_token::expiry_secs(self, at, validity_ms, row.created_at_ms)?,
        };
        let access_token = token.sign(self, app, KeyKind::of_row(use_static_key)).await?;
        Ok(RefreshSessionResponse::Ok(SessionTokens {
            session: token.session,
            access_token,
            refresh_token: TokenInfo {
                token: next.token.token,
                expiry: expires_at_ms,
                created_time: now_ms,
                signed: None,
            },
            anti_csrf_token: token.anti_csrf_token.map(Secret::new),
        }))
    }
}

impl Engine {
    /// The configuration decides how recent reuse is named.
    fn stolen(
        &self,
        handle: SessionHandle,
        owner: Owner,
        reuse: Option<TokenReuse>,
    ) -> RefreshSessionResponse {
        let is_recent = reuse.is_some_and(|reuse| reuse != TokenReuse::StaleLineage);
        let behaviour = self.config().recent_token_reuse_behaviour;
        if is_recent && behaviour == TokenReuseBehaviour::Unauthorised {
            return RefreshSessionResponse::Unauthorised {
                message: "The refresh token was used before.".into(),
                recent_token_reuse_subtype: reuse,
            };
        }
        RefreshSessionResponse::TokenTheftDetected {
            session: StolenSession { handle, user_id: owner.user, recipe_user_id: owner.method },
            recent_token_reuse_subtype: reuse,
        }
    }
}

impl Presented {
    /// The hash of the next token as a caller gets it that decides otherwise on anti-CSRF tokens.
    pub(super) fn other_next_hash2(&self) -> Result<String, EngineError> {
        Ok(self.successors.get(!self.enable_anti_csrf)?.token.hash2)
    }

    /// The kind of key by which the session's tokens are signed from now on.
    pub(super) fn use_static_key(&self, row: &SessionRow) -> bool {
        self.use_static_key.unwrap_or(row.use_static_key)
    }
}

/// Tokens by their `hash2`, compared in constant time.
impl rules::Presented<String> for Presented {
    fn own(&self) -> String {
        self.hash2.clone()
    }

    fn next(&self) -> String {
        self.next_hash2.clone()
    }

    fn is(&self, kept: &String) -> bool {
        same(&self.hash2, kept)
    }

    fn descends_from(&self, kept: &String) -> bool {
        let parent = self.token.parent_refresh_token_hash1.as_ref();
        parent.is_some_and(|hash1| same(&sha256_hex(hash1), kept))
    }
}

fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// A token without an anti-CSRF token of its own needs none.
fn anti_csrf_matches(presented: &RefreshToken, given: Option<&Secret>) -> bool {
    presented
        .anti_csrf_token
        .as_ref()
        .is_none_or(|expected| given.is_some_and(|given| same(expected, given.expose_secret())))
}

fn unauthorised(message: &str) -> RefreshSessionResponse {
    RefreshSessionResponse::Unauthorised {
        message: message.into(),
        recent_token_reuse_subtype: None,
    }
}
