//! `POST /user/webauthn/reset/token` (FDI §1.9, 7.4)

use auth_protocol::{RecipeId, UserId, normalise_email, webauthn::CreatePasskeyRecoveryToken};
use serde_json::json;
use tokio::time::Instant;

use super::{
    super::{
        GenerateRecoverAccountTokenInput, RecoverAccountEmail, RecoverAccountLink,
        WebAuthnInstance, reasons::RECOVER_ACCOUNT_NOT_ALLOWED,
    },
    GenerateRecoverAccountTokenPostInput, GenerateRecoverAccountTokenPostOutcome, body,
};
use crate::{
    ApiCall, Context, Error, Response, Result,
    limits::{self, Action, Attempt},
    recipes::recovery::{Lost, NOBODY, Target, end_of_step, find_target},
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let start = Instant::now();
    let ApiCall { cx, tenant_id } = call;
    let email = body::text(&cx.json_body()?, "email").map(|email| email.trim().to_owned());
    let email = email.ok_or_else(|| Error::bad_input("Please provide the email"))?;
    let attempt = Attempt::new(Action::SendPasswordReset).email(&email).sends_mail();
    limits::count(&cx, &tenant_id, attempt).await?;
    let input = GenerateRecoverAccountTokenPostInput::new(email).tenant_id(tenant_id);
    let apis = &WebAuthnInstance::of(&cx)?.apis;
    let outcome = apis.generate_recover_account_token_post(&cx, input).await?;
    end_of_step(start).await;
    Ok(match outcome {
        GenerateRecoverAccountTokenPostOutcome::Ok => Response::status_only("OK"),
        GenerateRecoverAccountTokenPostOutcome::NotAllowed { reason } => {
            Response::ok(&json!({ "status": "RECOVER_ACCOUNT_NOT_ALLOWED", "reason": reason }))
        }
    })
}

/// Looks the account up and answers. The token is made and sent afterwards, so that the time of the
/// answer doesn't tell whether there is an account; where there is none, the core is asked for one all
/// the same.
pub(super) async fn base(
    cx: &Context,
    input: GenerateRecoverAccountTokenPostInput,
) -> Result<GenerateRecoverAccountTokenPostOutcome> {
    use GenerateRecoverAccountTokenPostOutcome as Outcome;
    let GenerateRecoverAccountTokenPostInput { email, tenant_id } = input;
    // As accounts have it: see password resets.
    let email = normalise_email(&email);
    let lost = Lost {
        recipe_id: RecipeId::Webauthn,
        tenant_id: &tenant_id,
        email: &email,
        regards_oldest: false,
    };
    let target = match find_target(cx, lost).await? {
        Target::Nobody => None,
        Target::NotAllowed => {
            return Ok(Outcome::NotAllowed { reason: RECOVER_ACCOUNT_NOT_ALLOWED.to_owned() });
        }
        Target::Account(target) => Some(target),
    };
    let (webauthn, cx) = (cx.webauthn()?, cx.clone());
    cx.clone().after_answer_unseen("account recovery mail", async move {
        let Some(target) = target else {
            let wanted = CreatePasskeyRecoveryToken { user_id: UserId::new(NOBODY), email };
            return Ok(cx.core().call(&tenant_id, wanted).await.map(drop)?);
        };
        let wanted =
            GenerateRecoverAccountTokenInput::new(target.token_for, &*email).tenant_id(&tenant_id);
        let RecoverAccountLink::Ok(link) = webauthn.create_recover_account_link(wanted).await?
        else {
            return Ok(());
        };
        let instance = WebAuthnInstance::of(&cx)?;
        let lifetime = instance.recovery_link_lifetime(&cx, &tenant_id).await;
        let mut mail = RecoverAccountEmail::new(tenant_id, target.user_id, email, link)
            .link_lifetime(lifetime);
        mail.recipe_user_id = target.recipe_user_id;
        webauthn.send_email(mail.into()).await
    });
    Ok(Outcome::Ok)
}
