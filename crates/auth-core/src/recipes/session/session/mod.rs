//! The session that an application holds, and its tokens: reading and verifying them, and
//! remembering those that were verified.

mod access_token;
mod claims;
mod keys;
mod payload;
mod row;

use std::{fmt, sync::Arc};

use auth_protocol::{
    JsonObject, RecipeUserId, Secret, SessionHandle, TenantId, UserId,
    session::{SessionTokens, TokenInfo},
};
use parking_lot::Mutex;

pub use access_token::AccessToken;
pub(crate) use keys::KeyStore;
pub(crate) use payload::{difference, remove_protected};

use super::{SessionInstance, TokenTransferMethod, request};
use crate::{Context, Error, Result, context::KeptContext};

/// A session: who is signed in, and what their access token says. Cheap to clone; clones share
/// the same state.
///
/// Methods reach the application's overrides, in the context that the session was got in or was
/// attached to last; once nobody else has that any more, in a fresh one of the same request and
/// response, so that a context may itself hold a session.
#[derive(Clone)]
pub struct Session(Arc<SharedSession>);

/// What clones of a session share.
pub(crate) struct SharedSession {
    /// The token that the session was made from: its ids never change.
    identity: AccessToken,
    state: Mutex<State>,
}

struct State {
    /// The token that took the first one's place.
    newer_token: Option<AccessToken>,
    /// The payload where it isn't the token's: it changed after the token had expired.
    newer_payload: Option<Arc<JsonObject>>,
    refresh_token: Option<TokenInfo>,
    anti_csrf_token: Option<Secret>,
    is_updated: bool,
    /// What the session was got in: its request, and the response that it is attached to.
    context: KeptContext,
    /// How tokens travel, once the session is attached to a response.
    method: Option<TokenTransferMethod>,
}

/// Every token of a session.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AllSessionTokens {
    /// The access token.
    pub access_token: Secret,
    /// The refresh token, where the session was just created or refreshed.
    pub refresh_token: Option<Secret>,
    /// The anti-CSRF token, where the session was just created or refreshed and has one.
    pub anti_csrf_token: Option<Secret>,
    /// The value of the `front-token` header.
    pub front_token: String,
    /// Whether the access token is new to the client.
    pub access_and_front_token_updated: bool,
}

impl Session {
    /// A session whose access token the client has.
    pub(crate) fn from_access_token(cx: &Context, token: AccessToken) -> Self {
        Self::new(cx, token, None, None, false)
    }

    /// A session whose access token is new to the client.
    pub(crate) fn from_new_access_token(cx: &Context, token: TokenInfo) -> Result<Self> {
        Ok(Self::new(cx, read_new(cx, token)?, None, None, true))
    }

    /// A session that was just created or refreshed.
    pub(crate) fn from_tokens(cx: &Context, tokens: SessionTokens) -> Result<Self> {
        let token = read_new(cx, tokens.access_token)?;
        Ok(Self::new(cx, token, Some(tokens.refresh_token), tokens.anti_csrf_token, true))
    }

    fn new(
        cx: &Context,
        token: AccessToken,
        refresh_token: Option<TokenInfo>,
        anti_csrf_token: Option<Secret>,
        is_updated: bool,
    ) -> Self {
        let state = State {
            newer_token: None,
            newer_payload: None,
            refresh_token,
            anti_csrf_token,
            is_updated,
            context: cx.to_kept(),
            method: None,
        };
        Self(Arc::new(SharedSession { identity: token, state: Mutex::new(state) }))
    }

    /// What a context may keep without knowing of sessions.
    pub(crate) fn to_shared(&self) -> Arc<SharedSession> {
        Arc::clone(&self.0)
    }

    pub(crate) fn from_shared(shared: Arc<SharedSession>) -> Self {
        Self(shared)
    }

    /// The context of the session's request.
    fn cx(&self) -> Context {
        self.0.state.lock().context.context()
    }

    /// The user.
    pub fn get_user_id(&self) -> &UserId {
        self.0.identity.user_id()
    }

    /// The login method that the session was started with.
    pub fn get_recipe_user_id(&self) -> &RecipeUserId {
        self.0.identity.recipe_user_id()
    }

    /// The tenant in which the session was started.
    pub fn get_tenant_id(&self) -> &TenantId {
        self.0.identity.tenant_id()
    }

    /// The id of the session's row.
    pub fn get_handle(&self) -> &SessionHandle {
        self.0.identity.session_handle()
    }

    /// The access token's whole payload, shared.
    pub fn get_access_token_payload(&self) -> Arc<JsonObject> {
        Arc::clone(self.0.payload(&self.0.state.lock()))
    }

    /// The access token.
    pub fn get_access_token(&self) -> Secret {
        Secret::new(self.0.token(&self.0.state.lock()).expose_secret())
    }

    /// Every token, for applications that carry them to the client in their own way.
    ///
    /// # Errors
    /// [`Error::Other`] where the payload can't be written as JSON.
    pub fn get_all_session_tokens_dangerously(&self) -> Result<AllSessionTokens> {
        let state = self.0.state.lock();
        Ok(AllSessionTokens {
            access_token: Secret::new(self.0.token(&state).expose_secret()),
            refresh_token: state.refresh_token.as_ref().map(|token| token.token.clone()),
            anti_csrf_token: state.anti_csrf_token.clone(),
            front_token: self.0.front_token(&state)?,
            access_and_front_token_updated: state.is_updated,
        })
    }

    /// Writes tokens that are new to the client to the response of the context's request, and
    /// later changes too. Does nothing where no token is new.
    ///
    /// # Errors
    /// [`Error::Other`] where a configured cookie or header name isn't one.
    pub fn attach_to_request_response(
        &self,
        cx: &Context,
        method: TokenTransferMethod,
    ) -> Result<()> {
        cx.set_acting_session(self.get_user_id().clone(), self.get_handle().clone());
        {
            let mut state = self.0.state.lock();
            if !state.context.is(cx) {
                state.context = cx.to_kept();
            }
            state.method = Some(method);
            if !state.is_updated {
                return Ok(());
            }
        }
        let config = SessionInstance::of(cx)?.config();
        self.write_access_token(cx, method)?;
        let (refresh_token, anti_csrf_token) = {
            let state = self.0.state.lock();
            (state.refresh_token.clone(), state.anti_csrf_token.clone())
        };
        if let Some(token) = refresh_token {
            request::set_refresh_token(cx, config, method, &token)?;
        }
        if let Some(token) = anti_csrf_token {
            request::set_anti_csrf_token(cx, token.expose_secret())?;
        }
        Ok(())
    }

    /// Whether it came with the context's request, so that its client has its tokens.
    pub(crate) fn is_attached_to(&self, cx: &Context) -> bool {
        let state = self.0.state.lock();
        state.method.is_some() && state.context.shares_exchange_with(cx)
    }

    fn write_access_token(&self, cx: &Context, method: TokenTransferMethod) -> Result<()> {
        let (token, front_token) = {
            let state = self.0.state.lock();
            (self.0.token(&state).clone(), self.0.front_token(&state)?)
        };
        let config = SessionInstance::of(cx)?.config();
        request::set_access_token(cx, config, method, token.expose_secret(), &front_token)
    }
}

impl SharedSession {
    fn token<'a>(&'a self, state: &'a State) -> &'a AccessToken {
        state.newer_token.as_ref().unwrap_or(&self.identity)
    }

    fn payload<'a>(&'a self, state: &'a State) -> &'a Arc<JsonObject> {
        state.newer_payload.as_ref().unwrap_or_else(|| self.token(state).payload())
    }

    fn front_token(&self, state: &State) -> Result<String> {
        let expiry_ms = self.token(state).expiry_ms();
        request::front_token(self.identity.user_id(), expiry_ms, self.payload(state))
    }
}

/// A token that the core has just made. What a core in this process signed is neither read nor, when
/// it comes back, verified again.
pub(super) fn read_new(cx: &Context, new: TokenInfo) -> Result<AccessToken> {
    let unreadable = || Error::other("the core made an access token that can't be read");
    let TokenInfo { token: text, signed, .. } = new;
    let Some(signed) = signed else {
        return AccessToken::parse(text.expose_secret()).ok_or_else(unreadable);
    };
    let token = AccessToken::of_claims(text, *signed).ok_or_else(unreadable)?;
    let instance = SessionInstance::of(cx)?;
    Ok(instance.keys().note_signed(cx, instance.config(), token))
}

impl From<&Session> for Session {
    fn from(session: &Session) -> Self {
        session.clone()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("handle", self.get_handle())
            .field("user_id", self.get_user_id())
            .field("tenant_id", self.get_tenant_id())
            .finish_non_exhaustive()
    }
}
