//! The session recipe's APIs: what its routes do.

use async_trait::async_trait;
use auth_protocol::SessionHandle;

use super::{
    super::{DeviceAnswer, Session, request},
    RevokeOtherSessionsPostInput, SignOutPostInput, VerifySessionInput,
};
use crate::{
    Context, Result,
    overrides::{Overrides, overridable},
};

overridable! {
    /// The session recipe's APIs.
    pub struct SessionApis;
    /// Replaces APIs of [`SessionApis`]; a method that isn't written calls the original.
    ///
    /// [`crate::Error::General`] gives the user a message in place of the answer.
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     recipes::session::{SessionApis, SessionApisOverride, SignOutPostInput},
    /// };
    ///
    /// /// Who signs out does so everywhere.
    /// struct Everywhere;
    ///
    /// impl SessionApisOverride for Everywhere {
    ///     async fn sign_out_post(
    ///         &self,
    ///         original: &SessionApis,
    ///         cx: &Context,
    ///         input: SignOutPostInput,
    ///     ) -> Result<()> {
    ///         let user_id = input.session.get_user_id().clone();
    ///         original.sign_out_post(cx, input).await?;
    ///         cx.session()?.revoke_all_sessions_for_user(user_id).await.map(drop)
    ///     }
    /// }
    /// ```
    pub trait SessionApisOverride;
    trait SessionApisBase;

    /// `POST /session/refresh`: trades the request's refresh token for fresh tokens.
    async fn refresh_post() -> Result<Session>;

    /// `POST /signout`: ends the session and clears the client's tokens.
    async fn sign_out_post(input: SignOutPostInput) -> Result<()>;

    /// `POST /session/others/revoke`, an extension: ends the user's other sessions, and gives their
    /// handles.
    async fn revoke_other_sessions_post(
        input: RevokeOtherSessionsPostInput,
    ) -> Result<Vec<SessionHandle>>;

    /// `POST /session/device/register`, an extension: binds a session to the key of its device that the
    /// request proves.
    async fn register_device_post() -> Result<DeviceAnswer>;

    /// `POST /session/device/renew`, an extension: gives the cookie that a refresh of a bound session
    /// needs, for a proof of its device.
    async fn renew_device_post() -> Result<DeviceAnswer>;

    /// The session check in front of the application's own routes; `None` where there is no
    /// session and none is required.
    async fn verify_session(input: VerifySessionInput) -> Result<Option<Session>>;
}

/// An API of this recipe that has a route, by its name in the reference SDKs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SessionApi {
    /// `refreshPOST`: `POST /session/refresh`.
    RefreshPost,
    /// `signOutPOST`: `POST /signout`.
    SignOutPost,
    /// `revokeOtherSessionsPOST`, an extension: `POST /session/others/revoke`.
    RevokeOtherSessionsPost,
    /// `registerDevicePOST`, an extension: `POST /session/device/register`.
    RegisterDevicePost,
    /// `renewDevicePOST`, an extension: `POST /session/device/renew`.
    RenewDevicePost,
}

struct BaseApis;

#[async_trait]
impl SessionApisBase for BaseApis {
    async fn refresh_post(&self, cx: &Context) -> Result<Session> {
        request::refresh_session(cx).await
    }

    async fn sign_out_post(&self, _cx: &Context, input: SignOutPostInput) -> Result<()> {
        input.session.revoke_session().await
    }

    async fn revoke_other_sessions_post(
        &self,
        _cx: &Context,
        input: RevokeOtherSessionsPostInput,
    ) -> Result<Vec<SessionHandle>> {
        input.session.revoke_other_sessions().await
    }

    async fn register_device_post(&self, cx: &Context) -> Result<DeviceAnswer> {
        request::register(cx).await
    }

    async fn renew_device_post(&self, cx: &Context) -> Result<DeviceAnswer> {
        request::renew(cx).await
    }

    async fn verify_session(
        &self,
        cx: &Context,
        input: VerifySessionInput,
    ) -> Result<Option<Session>> {
        request::verify_session(cx, &input.options).await
    }
}

pub(in super::super) fn with_overrides(overrides: Overrides<SessionApis>) -> SessionApis {
    overrides.around(SessionApis::new(BaseApis))
}
