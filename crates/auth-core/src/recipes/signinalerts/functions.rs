//! What the recipe does.

use async_trait::async_trait;
use auth_protocol::signinalerts::{UseSignInAlert, UseSignInAlertResponse};

use super::{
    EndAllSessionsInput, EndAllSessionsOutcome, IsSuspiciousInput, NetworkStanding,
    NoteSignInInput, NoteSignInOutcome, RenderPageInput, SendAlertInput, SendAlertOutcome,
    SignInAlertsInstance, note, page, send,
};
use crate::{
    Context, Result,
    overrides::{Overrides, overridable},
};

overridable! {
    /// The recipe's functions.
    pub struct SignInAlertsFunctions;
    /// Replaces functions of [`SignInAlertsFunctions`].
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     recipes::signinalerts::{
    ///         IsSuspiciousInput, SignInAlertsFunctions, SignInAlertsOverride,
    ///     },
    /// };
    ///
    /// /// Whoever comes from within isn't suspicious.
    /// struct Office;
    ///
    /// impl SignInAlertsOverride for Office {
    ///     async fn is_suspicious(
    ///         &self,
    ///         original: &SignInAlertsFunctions,
    ///         cx: &Context,
    ///         input: IsSuspiciousInput,
    ///     ) -> Result<bool> {
    ///         if input.facts.network.as_deref() == Some("203.0.113.0/24") {
    ///             return Ok(false);
    ///         }
    ///         original.is_suspicious(cx, input).await
    ///     }
    /// }
    /// ```
    pub trait SignInAlertsOverride;
    trait SignInAlertsBase;
    handle SignInAlerts by signinalerts of SignInAlertsInstance;

    /// Looks where a sign-in comes from that was accepted, and tells the owner where it is out of the
    /// ordinary. Routes that sign in do so by themselves, behind their answers.
    async fn note_sign_in(input: NoteSignInInput) -> Result<NoteSignInOutcome>;

    /// Whether a sign-in is out of the ordinary.
    async fn is_suspicious(input: IsSuspiciousInput) -> Result<bool>;

    /// Writes a sign-in into the audit log that is out of the ordinary, and mails the owner.
    async fn send_alert(input: SendAlertInput) -> Result<SendAlertOutcome>;

    /// Ends all sessions of the user whose token it is, of every linked login method and in every
    /// tenant; once for each token.
    async fn end_all_sessions(input: EndAllSessionsInput) -> Result<EndAllSessionsOutcome>;

    /// Writes a page in HTML for who follows the link.
    async fn render_page(input: RenderPageInput) -> Result<String>;
}

pub(super) fn with_overrides(overrides: Overrides<SignInAlertsFunctions>) -> SignInAlertsFunctions {
    overrides.around(SignInAlertsFunctions::new(Base))
}

struct Base;

#[async_trait]
impl SignInAlertsBase for Base {
    async fn note_sign_in(
        &self,
        cx: &Context,
        input: NoteSignInInput,
    ) -> Result<NoteSignInOutcome> {
        note::base(cx, input).await
    }

    async fn is_suspicious(&self, cx: &Context, input: IsSuspiciousInput) -> Result<bool> {
        let settings = &SignInAlertsInstance::of(cx)?.settings;
        let facts = &input.facts;
        let is_new_network = facts.network_standing == NetworkStanding::New;
        Ok((settings.regards_devices && !facts.is_known_device)
            || (settings.regards_networks && is_new_network))
    }

    async fn send_alert(&self, cx: &Context, input: SendAlertInput) -> Result<SendAlertOutcome> {
        send::base(cx, input.facts).await
    }

    async fn end_all_sessions(
        &self,
        cx: &Context,
        input: EndAllSessionsInput,
    ) -> Result<EndAllSessionsOutcome> {
        let EndAllSessionsInput { token, tenant_id } = input;
        Ok(match cx.core().call(&tenant_id, UseSignInAlert { token }).await? {
            UseSignInAlertResponse::Ok { user_id, was_used, sessions_ended } => {
                EndAllSessionsOutcome::Ok { user_id, was_used, sessions_ended }
            }
            UseSignInAlertResponse::SignInAlertInvalidTokenError => {
                EndAllSessionsOutcome::InvalidToken
            }
        })
    }

    async fn render_page(&self, cx: &Context, input: RenderPageInput) -> Result<String> {
        Ok(page::html(cx, &input.page))
    }
}
