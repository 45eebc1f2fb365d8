//! What the route does (FDI §1.6, 6.8).

use std::collections::BTreeMap;

use async_trait::async_trait;
use auth_protocol::JsonObject;
use serde_json::{Value, json};

use super::{
    AssertAllowedToSetupFactorInput, FactorId, MultiFactorAuthInstance,
    factors::{offered_secondary, providers, stand_ins},
    info,
};
use crate::{
    ApiCall, Context, Error, Response, Result,
    factors::{ContactsOf, FactorContacts},
    overrides::{Overrides, input, overridable},
    recipes::session::{Session, SessionError, SessionOptions},
};

/// What a front end needs to know to lead a user on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MfaInfo {
    /// The factors of which one is to be completed next; none where the session is complete.
    pub next: Vec<FactorId>,
    /// The factors that the user has set up.
    pub already_setup: Vec<FactorId>,
    /// The factors that the user may set up now.
    pub allowed_to_setup: Vec<FactorId>,
    /// The addresses that each factor could be used with, the likeliest first.
    pub emails: BTreeMap<FactorId, Vec<String>>,
    /// The phone numbers that each factor could be used with, the likeliest first.
    pub phone_numbers: BTreeMap<FactorId, Vec<String>>,
}

input! {
    /// Whose session asks what is next.
    pub struct ResyncSessionAndFetchMfaInfoPutInput {
        /// The session.
        session: Session,
    }
}

overridable! {
    /// The recipe's APIs.
    pub struct MultiFactorAuthApis;
    /// Replaces APIs of [`MultiFactorAuthApis`].
    pub trait MultiFactorAuthApisOverride;
    trait MultiFactorAuthApisBase;

    /// Works the session's claim out anew, and tells what is next.
    async fn resync_session_and_fetch_mfa_info_put(
        input: ResyncSessionAndFetchMfaInfoPutInput,
    ) -> Result<MfaInfo>;
}

/// An API of this recipe, by its name in the reference SDKs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MultiFactorAuthApi {
    /// `resyncSessionAndFetchMFAInfoPUT`: `PUT /mfa/info`.
    ResyncSessionAndFetchMfaInfoPut,
}

pub(super) fn with_overrides(overrides: Overrides<MultiFactorAuthApis>) -> MultiFactorAuthApis {
    overrides.around(MultiFactorAuthApis::new(Base))
}

/// `PUT /mfa/info`
pub(super) async fn resync(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let input = ResyncSessionAndFetchMfaInfoPutInput::new(required_session(cx).await?);
    let apis = &MultiFactorAuthInstance::of(cx)?.apis;
    let info = apis.resync_session_and_fetch_mfa_info_put(cx, input).await?;
    Ok(Response::ok(&json!({
        "status": "OK",
        "factors": {
            "next": info.next,
            "alreadySetup": info.already_setup,
            "allowedToSetup": info.allowed_to_setup,
        },
        "emails": info.emails,
        "phoneNumbers": info.phone_numbers,
    })))
}

/// Whether a request wants the user's other sessions ended with a change of a factor: the member
/// `endOtherSessions` of its body, an extension.
///
/// # Errors
/// [`Error::BadInput`]: 400 where it is no boolean.
pub fn wants_other_sessions_ended(body: &JsonObject) -> Result<bool> {
    match body.get("endOtherSessions") {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(end)) => Ok(*end),
        Some(_) => Err(Error::bad_input("endOtherSessions must be a boolean")),
    }
}

/// The session of a request, whatever factors it lacks: for routes by which a user comes by them.
///
/// The core is asked for it: an access token outlives its session, and whoever holds one that was
/// left behind must not change its user's factors.
///
/// # Errors
/// [`SessionError::Unauthorised`] where there is none, or it has ended: 401.
pub async fn required_session(cx: &Context) -> Result<Session> {
    let options = SessionOptions::new().without_claim_validators().check_database(true);
    cx.session()?.get_session(&options).await?.ok_or_else(|| {
        let message = "there is no session".to_owned();
        SessionError::Unauthorised { message, clear_tokens: false }.into()
    })
}

struct Base;

#[async_trait]
impl MultiFactorAuthApisBase for Base {
    async fn resync_session_and_fetch_mfa_info_put(
        &self,
        cx: &Context,
        input: ResyncSessionAndFetchMfaInfoPutInput,
    ) -> Result<MfaInfo> {
        let ResyncSessionAndFetchMfaInfoPutInput { session } = input;
        let functions = MultiFactorAuthInstance::of(cx)?.functions();
        let mfa = info::resync(cx, &session, None).await?;
        if mfa.user.login_method(session.get_recipe_user_id()).is_none() {
            return Err(SessionError::unauthorised("the session's login method is gone").into());
        }
        let mut allowed_to_setup = Vec::new();
        for id in offered_secondary(cx) {
            let input = AssertAllowedToSetupFactorInput {
                session: session.clone(),
                factor_id: id.clone(),
                mfa_requirements_for_auth: mfa.requirements.clone(),
                factors_set_up_for_user: mfa.set_up.clone(),
            };
            match functions.assert_allowed_to_setup_factor(cx, input).await {
                Ok(()) => allowed_to_setup.push(id),
                Err(Error::Session(SessionError::InvalidClaims(_))) => {}
                Err(error) => return Err(error),
            }
        }
        let is_possible = |id: &&FactorId| allowed_to_setup.contains(id) || mfa.set_up.contains(id);
        let mut next: Vec<FactorId> = mfa.next.iter().filter(is_possible).cloned().collect();
        if next.is_empty() && !mfa.next.is_empty() {
            return Err(Error::other(
                "the user is required to complete factors that are neither set up nor may be set \
                 up: look at the required secondary factors and the recipes that offer them",
            ));
        }
        // A way out for who has lost the others: front ends offer it beside them.
        if next.len() > 1 {
            let stand_ins = stand_ins(cx);
            next.retain(|id| !stand_ins.contains(id));
        }
        let of = ContactsOf::new(&mfa.user, &session, &mfa.set_up);
        let mut contacts = FactorContacts::default();
        for factors in providers(cx) {
            contacts.extend(factors.contacts(&of));
        }
        let FactorContacts { emails, phone_numbers } = contacts;
        Ok(MfaInfo { next, already_setup: mfa.set_up, allowed_to_setup, emails, phone_numbers })
    }
}
