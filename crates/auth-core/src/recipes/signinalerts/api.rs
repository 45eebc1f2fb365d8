//! What the routes do.

use async_trait::async_trait;
use auth_protocol::{Secret, TenantId};
use http::header;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{
    AlertPage, EndAllSessionsInput, EndAllSessionsOutcome, RenderPageInput, SignInAlertsInstance,
    page,
};
use crate::{
    ApiCall, Context, Error, Request, Response, Result,
    limits::{self, Action, Attempt},
    overrides::{Overrides, input, overridable},
};

/// The member of a form, a query and a body.
pub(super) const TOKEN: &str = "token";

/// Longer ones aren't looked for.
const LONGEST_TOKEN: usize = 128;

input! {
    /// Who has followed the link.
    pub struct EndSessionsGetInput {
        /// The token in the link; `None` where there is none that could be one.
        token: Option<Secret>,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// Who has said that a sign-in wasn't theirs.
    pub struct EndSessionsPostInput {
        /// The token.
        token: Secret,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

overridable! {
    /// The recipe's APIs. [`crate::Error::General`] shows the user a message in place of an
    /// outcome.
    pub struct SignInAlertsApis;
    /// Replaces APIs of [`SignInAlertsApis`].
    pub trait SignInAlertsApisOverride;
    trait SignInAlertsApisBase;

    /// Asks whether to end all sessions. It changes nothing and looks nothing up, so that programs
    /// that follow the links in mails do no harm and learn nothing.
    async fn end_sessions_get(input: EndSessionsGetInput) -> Result<AlertPage>;

    /// Ends all sessions of the token's user.
    async fn end_sessions_post(input: EndSessionsPostInput) -> Result<EndAllSessionsOutcome>;
}

pub(super) fn with_overrides(overrides: Overrides<SignInAlertsApis>) -> SignInAlertsApis {
    overrides.around(SignInAlertsApis::new(Base))
}

/// `GET /signinalerts/end`
pub(super) async fn end_sessions_get(call: ApiCall) -> Result<Response> {
    let ApiCall { cx, tenant_id } = call;
    let token = cx.request().and_then(|request| request.query_param(TOKEN));
    let token = token.filter(|token| is_token(token)).map(Secret::from);
    let input = EndSessionsGetInput::new(token).tenant_id(&tenant_id);
    let page = SignInAlertsInstance::of(&cx)?.apis.end_sessions_get(&cx, input).await?;
    respond(&cx, page, tenant_id).await
}

/// `POST /signinalerts/end`
pub(super) async fn end_sessions_post(call: ApiCall) -> Result<Response> {
    let ApiCall { cx, tenant_id } = call;
    let is_form = cx.request().is_some_and(is_form);
    let token = match is_form {
        true => cx.request().and_then(|request| token_in_form(request.body())),
        false => match cx.json_body()?.get(TOKEN) {
            Some(Value::String(token)) => is_token(token).then(|| Secret::from(token.as_str())),
            _ => return Err(Error::bad_input("token is required and must be a string")),
        },
    };
    let admission =
        limits::admit(&cx, &tenant_id, Attempt::new(Action::UseSignInAlertToken)).await?;
    let outcome = match token {
        None => EndAllSessionsOutcome::InvalidToken,
        Some(token) => {
            let input = EndSessionsPostInput::new(token).tenant_id(&tenant_id);
            SignInAlertsInstance::of(&cx)?.apis.end_sessions_post(&cx, input).await?
        }
    };
    let page = match outcome {
        EndAllSessionsOutcome::Ok { .. } => {
            admission.succeeded().await;
            AlertPage::Done { reset_password_link: page::reset_password_link(&cx, &tenant_id)? }
        }
        EndAllSessionsOutcome::InvalidToken => AlertPage::Invalid,
    };
    if is_form {
        return respond(&cx, page, tenant_id).await;
    }
    Ok(match page {
        AlertPage::Done { reset_password_link: Some(link) } => {
            Response::ok(&json!({ "status": "OK", "resetPasswordLink": link }))
        }
        AlertPage::Done { .. } => Response::status_only("OK"),
        _ => Response::status_only("SIGN_IN_ALERT_INVALID_TOKEN_ERROR"),
    })
}

async fn respond(cx: &Context, page: AlertPage, tenant_id: TenantId) -> Result<Response> {
    let input = RenderPageInput::new(page).tenant_id(tenant_id);
    let html = SignInAlertsInstance::of(cx)?.functions().render_page(cx, input).await?;
    Ok(page::response(html))
}

fn is_form(request: &Request) -> bool {
    let content_type = request.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The token in a form, where it could be one.
fn token_in_form(fields: &[u8]) -> Option<Secret> {
    let (_, token) = form_urlencoded::parse(fields).find(|(name, _)| name == TOKEN)?;
    is_token(&token).then(|| Secret::from(&*token))
}

/// Whether a text has the form of tokens, and so stands in a page as it is.
fn is_token(text: &str) -> bool {
    (1..=LONGEST_TOKEN).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

struct Base;

#[async_trait]
impl SignInAlertsApisBase for Base {
    async fn end_sessions_get(
        &self,
        _cx: &Context,
        input: EndSessionsGetInput,
    ) -> Result<AlertPage> {
        Ok(input.token.map_or(AlertPage::Invalid, |token| AlertPage::Ask { token }))
    }

    async fn end_sessions_post(
        &self,
        cx: &Context,
        input: EndSessionsPostInput,
    ) -> Result<EndAllSessionsOutcome> {
        let EndSessionsPostInput { token, tenant_id } = input;
        let input = EndAllSessionsInput::new(token).tenant_id(tenant_id);
        SignInAlertsInstance::of(cx)?.functions().end_all_sessions(cx, input).await
    }
}
