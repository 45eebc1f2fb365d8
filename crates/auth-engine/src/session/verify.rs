//! `POST /recipe/session/verify`

use auth_protocol::{
    CdiVersion, Secret, TenantScope,
    session::{VerifySession, VerifySessionResponse},
};
use subtle::ConstantTimeEq;

use super::{
    SESSION_GONE,
    access_token::{self, AccessToken},
    confirmation::{self, Use},
    lifetime::Moment,
    rows,
};
use crate::{Engine, EngineError, Handle, digest::sha256_hex, keys::KeyKind, storage::in_tx};

impl Handle<VerifySession> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: VerifySession,
    ) -> Result<VerifySessionResponse, EngineError> {
        let verified = self.keys().verify(&scope.app, &operation.access_token).await?;
        let Some(token) = verified.ok().and_then(|token| AccessToken::from_verified(&token)) else {
            return Ok(try_refresh("The access token is invalid."));
        };
        let at = Moment::now(self);
        if token.expiry_secs.saturating_mul(1000) <= at.now_ms {
            return Ok(try_refresh("The access token has expired."));
        }
        if operation.enable_anti_csrf
            && operation.do_anti_csrf_check
            && !anti_csrf_matches(&token, operation.anti_csrf_token.as_ref())
        {
            return Ok(try_refresh("anti-csrf check failed"));
        }
        if operation.cdi_version < CdiVersion::V5_6 {
            return self.confirm(scope, token, operation.check_database, at).await;
        }
        let mut payload_update_available = None;
        if operation.check_database {
            let (app, handle) = (scope.app.clone(), token.session.handle.clone());
            let body = in_tx!(app, handle, |tx| { rows::find(tx, &app, &handle, at).await });
            let row = self.store().read_one(body).await?;
            let Some(row) = row.filter(|row| belongs_to(&token, row)) else {
                return Ok(VerifySessionResponse::Unauthorised { message: SESSION_GONE.into() });
            };
            payload_update_available = Some(row.payload != token.session.user_data_in_jwt);
        }
        Ok(VerifySessionResponse::Ok {
            session: token.session,
            access_token: None,
            payload_update_available,
        })
    }
}

impl Engine {
    /// The rules of CDI 5.5 and older: the use of a token may confirm the refresh that it came from,
    /// and gives the client a newer token where there is one.
    async fn confirm(
        &self,
        scope: &TenantScope,
        mut token: AccessToken,
        check_database: bool,
        at: Moment,
    ) -> Result<VerifySessionResponse, EngineError> {
        let unchanged = |session| VerifySessionResponse::Ok {
            session,
            access_token: None,
            payload_update_available: None,
        };
        if check_database {
            let (app, handle) = (scope.app.clone(), token.session.handle.clone());
            let body = in_tx!(app, handle, |tx| { rows::find(tx, &app, &handle, at).await });
            let Some(row) = self.store().read_one(body).await? else {
                return Ok(VerifySessionResponse::Unauthorised { message: SESSION_GONE.into() });
            };
            let has_new_claims = row.payload != token.session.user_data_in_jwt;
            if token.parent_refresh_token_hash1.is_none() && !has_new_claims {
                return Ok(unchanged(token.session));
            }
        } else if token.parent_refresh_token_hash1.is_none() {
            return Ok(unchanged(token.session));
        }
        let app = scope.app.clone();
        let body = in_tx!(app, token, |tx| { confirmation::confirm(tx, &app, &token, at).await });
        let row = match self.store().write(body).await? {
            Use::Gone => {
                return Ok(VerifySessionResponse::Unauthorised { message: SESSION_GONE.into() });
            }
            Use::None => return Ok(unchanged(token.session)),
            Use::Confirmed(row) => row,
            Use::Outdated(row) => {
                token.expiry_secs = access_token::full_expiry_secs(self, at, row.created_at_ms);
                row
            }
        };
        token.parent_refresh_token_hash1 = None;
        token.session.user_data_in_jwt = row.payload;
        token.created_secs = at.now_ms / 1000;
        let kind = KeyKind::of_row(row.use_static_key);
        let access_token = Some(token.sign(self, &scope.app, kind).await?);
        Ok(VerifySessionResponse::Ok {
            session: token.session,
            access_token,
            payload_update_available: None,
        })
    }
}

/// Whether the token was made with the session's current refresh token or with the one before.
fn belongs_to(token: &AccessToken, row: &rows::SessionRow) -> bool {
    let hashes = [Some(&token.refresh_token_hash1), token.parent_refresh_token_hash1.as_ref()];
    hashes
        .into_iter()
        .flatten()
        .map(|hash1| sha256_hex(hash1))
        .any(|hash2| hash2 == row.chain.current || row.chain.previous.as_ref() == Some(&hash2))
}

fn anti_csrf_matches(token: &AccessToken, given: Option<&Secret>) -> bool {
    match (&token.anti_csrf_token, given) {
        (Some(expected), Some(given)) => {
            expected.as_bytes().ct_eq(given.expose_secret().as_bytes()).into()
        }
        _ => false,
    }
}

fn try_refresh(message: &str) -> VerifySessionResponse {
    VerifySessionResponse::TryRefreshToken { message: message.into() }
}
