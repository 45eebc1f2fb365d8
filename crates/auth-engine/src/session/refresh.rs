//! `POST /recipe/session/refresh`

use auth_protocol::{
    AppId, JsonObject, Secret, TenantScope, UserId,
    session::{
        RefreshSession, RefreshSessionResponse, SessionData, SessionTokens, StolenSession,
        TokenInfo, TokenReuse,
    },
};
use subtle::ConstantTimeEq;

use super::{
    SESSION_GONE,
    access_token::{self, AccessToken},
    create::{key_kind, refresh_validity_ms},
    refresh_token::{RefreshToken, SealedToken},
    rows::{self, SessionRow},
};
use crate::{
    Engine, EngineError, Handle, TokenReuseBehaviour, activity,
    clock::saturating_ms,
    digest::sha256_hex,
    keys::KeyKind,
    storage::{Tx, in_tx, params},
};

const ROTATE: &str = "UPDATE session_info SET refresh_token_hash_2 = $4, \
    prev_refresh_token_hash_2 = $5, refresh_token_rotated_at = $6, expires_at = $7, \
    use_static_key = $8 WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3";

const REPLACE_CURRENT: &str = "UPDATE session_info SET refresh_token_hash_2 = $4, \
    use_static_key = $5 WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3";

/// The presented token, and the one that shall follow it.
#[derive(Clone)]
struct Rotation {
    app: AppId,
    presented: RefreshToken,
    presented_hash2: String,
    next_hash2: String,
    use_static_key: bool,
    now_ms: i64,
    grace_ms: i64,
    new_expiry_ms: i64,
}

enum Outcome {
    Rotated { user_id: UserId, payload: JsonObject, expires_at_ms: i64 },
    Gone,
    Reused { user_id: UserId, reuse: TokenReuse },
}

impl Handle<RefreshSession> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RefreshSession,
    ) -> Result<RefreshSessionResponse, EngineError> {
        let app = &scope.app;
        let now_ms = self.clock().now_ms();
        let expiry_secs =
            access_token::expiry_secs(self, now_ms, operation.access_token_validity_ms)?;
        let Some(presented) = RefreshToken::open(&operation.refresh_token, self, app).await? else {
            return Ok(unauthorised("The refresh token is malformed."));
        };
        if operation.enable_anti_csrf
            && !anti_csrf_matches(&presented, operation.anti_csrf_token.as_ref())
        {
            return Ok(unauthorised("Anti CSRF token missing, or not matching"));
        }
        let presented_token = SealedToken::new(operation.refresh_token);
        let next = RefreshToken {
            parent_refresh_token_hash1: Some(presented_token.hash1),
            ..presented.clone()
        }
        .seal(self, app)
        .await?;
        let kind = key_kind(operation.use_dynamic_signing_key);
        let rotation = Rotation {
            app: app.clone(),
            presented: presented.clone(),
            presented_hash2: presented_token.hash2,
            next_hash2: next.hash2,
            use_static_key: kind == KeyKind::Static,
            now_ms,
            grace_ms: saturating_ms(self.config().refresh_token_rotation_grace_period),
            new_expiry_ms: now_ms.saturating_add(refresh_validity_ms(self)),
        };
        let engine = self.clone();
        let body = in_tx!(rotation, engine, |tx| {
            let outcome = rotation.run(tx).await?;
            if let Outcome::Rotated { user_id, .. } = &outcome
                && engine.activity().is_due(&rotation.app, user_id, now_ms)
            {
                activity::touch(tx, &rotation.app, user_id, now_ms).await?;
            }
            Ok(outcome)
        });
        let (user_id, payload, expires_at_ms) = match self.store().write(body).await? {
            Outcome::Rotated { user_id, payload, expires_at_ms } => {
                (user_id, payload, expires_at_ms)
            }
            Outcome::Gone => return Ok(unauthorised(SESSION_GONE)),
            Outcome::Reused { user_id, reuse } => {
                return Ok(self.reused(&presented, user_id, reuse));
            }
        };
        let token = AccessToken {
            session: SessionData {
                tenant_id: presented.session_handle.tenant_id(),
                handle: presented.session_handle,
                user_id,
                recipe_user_id: presented.recipe_user_id,
                user_data_in_jwt: payload,
            },
            refresh_token_hash1: next.hash1,
            parent_refresh_token_hash1: None,
            anti_csrf_token: presented.anti_csrf_token,
            created_secs: now_ms / 1000,
            expiry_secs,
        };
        let access_token = token.sign(self, app, kind).await?;
        Ok(RefreshSessionResponse::Ok(SessionTokens {
            session: token.session,
            access_token,
            refresh_token: TokenInfo {
                token: next.token,
                expiry: expires_at_ms,
                created_time: now_ms,
            },
            anti_csrf_token: token.anti_csrf_token.map(Secret::new),
        }))
    }
}

impl Engine {
    /// The session is over either way; the configuration decides how recent reuse is named.
    fn reused(
        &self,
        presented: &RefreshToken,
        user_id: UserId,
        reuse: TokenReuse,
    ) -> RefreshSessionResponse {
        let is_recent = reuse != TokenReuse::StaleLineage;
        let behaviour = self.config().recent_token_reuse_behaviour;
        if is_recent && behaviour == TokenReuseBehaviour::Unauthorised {
            return RefreshSessionResponse::Unauthorised {
                message: "The refresh token was used before.".into(),
                recent_token_reuse_subtype: Some(reuse),
            };
        }
        RefreshSessionResponse::TokenTheftDetected {
            session: StolenSession {
                handle: presented.session_handle.clone(),
                user_id,
                recipe_user_id: presented.recipe_user_id.clone(),
            },
            recent_token_reuse_subtype: Some(reuse),
        }
    }
}

impl Rotation {
    async fn run(&self, tx: &mut Tx<'_>) -> Result<Outcome, EngineError> {
        let handle = &self.presented.session_handle;
        let Some(row) = rows::find_live(tx, &self.app, handle, self.now_ms).await? else {
            return Ok(Outcome::Gone);
        };
        let user_id = rows::user_of(tx, &self.app, &row.recipe_user_id).await?;
        let tenant = handle.tenant_id();
        let expires_at_ms = if self.follows_current(&row) {
            tx.execute(
                ROTATE,
                params![
                    self.app,
                    tenant,
                    handle,
                    self.next_hash2,
                    self.presented_hash2,
                    self.now_ms,
                    self.new_expiry_ms,
                    self.use_static_key
                ],
            )
            .await?;
            self.new_expiry_ms
        } else if self.is_previous(&row) && self.is_within_grace(&row) {
            tx.execute(
                REPLACE_CURRENT,
                params![self.app, tenant, handle, self.next_hash2, self.use_static_key],
            )
            .await?;
            row.expires_at_ms
        } else {
            rows::delete(tx, &self.app, handle).await?;
            return Ok(Outcome::Reused { user_id, reuse: self.kind_of_reuse(&row) });
        };
        Ok(Outcome::Rotated { user_id, payload: row.payload, expires_at_ms })
    }

    /// The current token, or one that a core of the older kind made from it.
    fn follows_current(&self, row: &SessionRow) -> bool {
        same(&self.presented_hash2, &row.current_hash2) || self.descends_from(&row.current_hash2)
    }

    fn is_previous(&self, row: &SessionRow) -> bool {
        row.previous_hash2.as_ref().is_some_and(|previous| same(&self.presented_hash2, previous))
    }

    fn is_within_grace(&self, row: &SessionRow) -> bool {
        row.rotated_at_ms
            .is_some_and(|rotated_at| self.now_ms <= rotated_at.saturating_add(self.grace_ms))
    }

    fn kind_of_reuse(&self, row: &SessionRow) -> TokenReuse {
        if self.is_previous(row) {
            return TokenReuse::RecentPrev;
        }
        let previous = row.previous_hash2.as_ref();
        if previous.is_some_and(|previous| self.descends_from(previous)) {
            return TokenReuse::OrphanedBranch;
        }
        TokenReuse::StaleLineage
    }

    fn descends_from(&self, hash2: &str) -> bool {
        let parent = self.presented.parent_refresh_token_hash1.as_ref();
        parent.is_some_and(|hash1| same(&sha256_hex(hash1), hash2))
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
