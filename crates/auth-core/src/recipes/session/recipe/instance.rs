//! The recipe in use.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use auth_jwt::KeySet;
use http::Method;
use serde_json::json;

use super::{
    super::{
        ClaimValidators, GetGlobalClaimValidatorsInput, GetSessionInput, Session, SessionApi,
        SessionApis, SessionCheck, SessionError, SessionFunctions, SessionOptions,
        claims::ClaimValidator, functions, request, session::KeyStore, signed::NoteAlgorithm,
    },
    SessionConfig, names,
};
use crate::{
    ApiCall, ConfigError, Context, Error, Recipe, Response, Result, Route, overrides::Overrides,
};

const RECIPE_ID: &str = "session";

/// The session recipe in use; made of a [`SessionRecipe`](super::SessionRecipe).
pub struct SessionInstance {
    config: SessionConfig,
    functions: SessionFunctions,
    has_function_overrides: bool,
    apis: SessionApis,
    has_api_overrides: bool,
    disabled: HashSet<SessionApi>,
    keys: KeyStore,
    /// Until when the core isn't asked again to merge claims.
    core_lacks_merge_until_ms: AtomicI64,
    /// Until when sessions aren't offered to devices, as the core can't bind them.
    core_lacks_devices_until_ms: AtomicI64,
    note_algorithm: NoteAlgorithm,
}

impl SessionInstance {
    pub(super) fn new(
        config: SessionConfig,
        overrides: Overrides<SessionFunctions>,
        api_overrides: Overrides<SessionApis>,
        disabled: HashSet<SessionApi>,
    ) -> Self {
        Self {
            has_function_overrides: !overrides.is_empty(),
            functions: functions::with_overrides(overrides),
            has_api_overrides: !api_overrides.is_empty(),
            apis: functions::apis_with_overrides(api_overrides),
            disabled,
            keys: KeyStore::new(),
            core_lacks_merge_until_ms: AtomicI64::new(i64::MIN),
            core_lacks_devices_until_ms: AtomicI64::new(i64::MIN),
            note_algorithm: NoteAlgorithm::default(),
            config,
        }
    }

    /// The session recipe of a context's handle.
    pub(crate) fn of(cx: &Context) -> Result<&Self> {
        cx.auth().session_recipe().ok_or(Error::RecipeMissing(RECIPE_ID))
    }

    pub(crate) fn config(&self) -> &SessionConfig {
        &self.config
    }

    /// The outermost layer of the functions.
    pub(crate) fn functions(&self) -> &SessionFunctions {
        &self.functions
    }

    /// The outermost layer of the APIs.
    pub(crate) fn apis(&self) -> &SessionApis {
        &self.apis
    }

    /// Checks a session by the outermost layer; without overrides this stands in front of every
    /// protected route, so it calls the base, which makes no future where none is needed.
    pub(crate) fn verify_session(
        &self,
        cx: &Context,
        options: &SessionOptions,
    ) -> SessionCheck<Option<Session>> {
        if !self.has_api_overrides {
            return request::verify_session(cx, options);
        }
        let (apis, cx, options) = (self.apis.clone(), cx.clone(), options.clone());
        SessionCheck::pending(async move { apis.verify_session(&cx, &options).await })
    }

    /// As [`Self::verify_session`], for the function that checks an access token.
    pub(crate) fn get_session(
        &self,
        cx: &Context,
        input: GetSessionInput,
    ) -> SessionCheck<Option<Session>> {
        if !self.has_function_overrides {
            return functions::get_session(cx, input);
        }
        let (functions, cx) = (self.functions.clone(), cx.clone());
        SessionCheck::pending(async move { functions.get_session(&cx, input).await })
    }

    /// As [`Self::verify_session`], for the function that gives the global validators.
    pub(crate) async fn global_claim_validators(
        &self,
        cx: &Context,
        session: &Session,
    ) -> Result<ClaimValidators> {
        let added = cx.auth().global_claim_validators().to_vec();
        if !self.has_function_overrides {
            return Ok(added);
        }
        let input =
            GetGlobalClaimValidatorsInput::new(session.get_user_id(), session.get_recipe_user_id())
                .tenant_id(session.get_tenant_id())
                .claim_validators_added_by_other_recipes(added);
        self.functions.get_global_claim_validators(cx, input).await
    }

    /// Whether the token satisfies every validator of a route as it is. False where overrides have
    /// a say, or a validator has to be awaited.
    pub(crate) fn are_claims_satisfied(
        &self,
        cx: &Context,
        session: &Session,
        options: &SessionOptions,
    ) -> bool {
        if self.has_function_overrides {
            return false;
        }
        let Some(added) = options.added_validators() else { return false };
        let globals = cx.auth().global_claim_validators();
        if globals.is_empty() && added.is_empty() {
            return true;
        }
        let payload = session.get_access_token_payload();
        let is_satisfied =
            |validator: &Arc<dyn ClaimValidator>| validator.is_satisfied_by(cx, &payload);
        globals.iter().all(is_satisfied) && added.iter().all(is_satisfied)
    }

    pub(crate) fn keys(&self) -> &KeyStore {
        &self.keys
    }

    /// The core's keys, among which one is that a token names.
    ///
    /// # Errors
    /// Where the core can't be asked for them, or has no such key.
    pub(crate) async fn core_keys(&self, cx: &Context, kid: &str) -> Result<Arc<KeySet>> {
        self.keys.key_set(cx, &self.config, kid).await
    }

    /// Whether the core said a while ago that it can't merge claims.
    pub(crate) fn core_lacks_merge(&self, now_ms: i64) -> bool {
        now_ms < self.core_lacks_merge_until_ms.load(Ordering::Relaxed)
    }

    /// Whether the core said a while ago that it can't bind sessions to devices.
    pub(crate) fn core_lacks_devices(&self, now_ms: i64) -> bool {
        now_ms < self.core_lacks_devices_until_ms.load(Ordering::Relaxed)
    }

    pub(crate) fn note_core_lacks_devices(&self, until_ms: i64) {
        self.core_lacks_devices_until_ms.store(until_ms, Ordering::Relaxed);
    }

    /// How the core signs what isn't an access token.
    pub(crate) fn note_algorithm(&self) -> &NoteAlgorithm {
        &self.note_algorithm
    }

    pub(crate) fn note_core_lacks_merge(&self, until_ms: i64) {
        self.core_lacks_merge_until_ms.store(until_ms, Ordering::Relaxed);
    }
}

impl Recipe for SessionInstance {
    fn id(&self) -> &'static str {
        RECIPE_ID
    }

    fn check(&self, cx: &Context) -> Result<(), ConfigError> {
        names::check(self.config(), cx)?;
        self.config().check_cookie_names(cx)
    }

    fn routes(&self) -> Vec<Route> {
        let mut routes = vec![
            (
                SessionApi::RefreshPost,
                Route::new("refreshPOST", Method::POST, "/session/refresh", refresh),
            ),
            (
                SessionApi::SignOutPost,
                Route::new("signOutPOST", Method::POST, "/signout", sign_out),
            ),
            (
                SessionApi::RevokeOtherSessionsPost,
                Route::new(
                    "revokeOtherSessionsPOST",
                    Method::POST,
                    "/session/others/revoke",
                    revoke_others,
                ),
            ),
        ];
        if self.config.device_binding.is_some() {
            let (at, run) = (request::REGISTER_ROUTE, register_device);
            let register = Route::new("registerDevicePOST", Method::POST, at, run);
            let (at, run) = (request::RENEW_ROUTE, renew_device);
            let renew = Route::new("renewDevicePOST", Method::POST, at, run);
            routes.push((SessionApi::RegisterDevicePost, register));
            routes.push((SessionApi::RenewDevicePost, renew));
        }
        routes
            .into_iter()
            .filter(|(api, _)| !self.disabled.contains(api))
            .map(|(_, route)| route)
            .collect()
    }
}

async fn refresh(call: ApiCall) -> Result<Response> {
    SessionInstance::of(&call.cx)?.apis().refresh_post(&call.cx).await?;
    Ok(Response::ok(&json!({})))
}

async fn sign_out(call: ApiCall) -> Result<Response> {
    let options = SessionOptions::new().without_claim_validators();
    let session = request::get_session(&call.cx, &options).await?.ok_or_else(|| {
        SessionError::Unauthorised {
            message: "there is no session to end".into(),
            clear_tokens: false,
        }
    })?;
    SessionInstance::of(&call.cx)?.apis().sign_out_post(&call.cx, session).await?;
    Ok(Response::status_only("OK"))
}

/// Only a session that is there, and has what the application asks of every session, ends others.
async fn revoke_others(call: ApiCall) -> Result<Response> {
    let options = SessionOptions::new().check_database(true);
    let session = request::get_session(&call.cx, &options).await?.ok_or_else(|| {
        SessionError::Unauthorised { message: "there is no session".into(), clear_tokens: false }
    })?;
    let apis = SessionInstance::of(&call.cx)?.apis();
    let ended = apis.revoke_other_sessions_post(&call.cx, session).await?;
    Ok(Response::ok(&json!({ "status": "OK", "sessionsEnded": ended.len() })))
}

async fn register_device(call: ApiCall) -> Result<Response> {
    let answer = SessionInstance::of(&call.cx)?.apis().register_device_post(&call.cx).await?;
    answer.into_response(&call.cx)
}

async fn renew_device(call: ApiCall) -> Result<Response> {
    let answer = SessionInstance::of(&call.cx)?.apis().renew_device_post(&call.cx).await?;
    answer.into_response(&call.cx)
}
