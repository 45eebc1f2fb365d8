//! `POST /signinup/code/consume`

use auth_protocol::{JsonObject, RecipeUserId, TenantId, passwordless::CodeProof};
use serde_json::json;

use super::{
    super::{
        CheckCodeInput, CheckCodeOutcome, CodeAttempts, ConsumeCodeInput, ConsumeCodeOutcome,
        Contact, ListCodesByPreAuthSessionIdInput, PasswordlessInstance, reasons::SIGN_IN,
    },
    ConsumeCodePostInput, ConsumeCodePostOutcome,
    create_code::reasons,
    text,
};
use crate::{
    ApiCall, Context, Error, Response, Result,
    fdi::{created_user_flag, user_json},
    limits::{self, Action, Attempt},
    recipes::{
        emailverification::{EmailVerificationClaim, EmailVerificationInstance, mark_verified},
        session::Session,
        sign_in::{self, PostAuth, PreAuth, SignInKind, SignInSession},
    },
    user_id_mapping::id_among_login_methods,
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let body = cx.json_body()?;
    let proof = proof(&body)?;
    let SignInSession { should_try_linking, session, tenant_id } =
        sign_in::load_session(&call, &body).await?;
    let admission = limits::admit(cx, &tenant_id, Attempt::new(Action::ConsumeCode)).await?;
    let input = ConsumeCodePostInput {
        proof,
        tenant_id,
        session,
        should_try_linking_with_session_user: should_try_linking,
    };
    let outcome = PasswordlessInstance::of(cx)?.apis.consume_code_post(cx, input).await?;
    Ok(match outcome {
        ConsumeCodePostOutcome::Ok { created_new_recipe_user, user, session } => {
            admission.of_login_method(&user, session.get_recipe_user_id()).succeeded().await;
            Response::ok(&json!({
                "status": "OK",
                created_user_flag(cx): created_new_recipe_user,
                "user": user_json(cx, &user, session.get_recipe_user_id()),
            }))
        }
        ConsumeCodePostOutcome::IncorrectUserInputCode(attempts) => {
            wrong_code("INCORRECT_USER_INPUT_CODE_ERROR", attempts)
        }
        ConsumeCodePostOutcome::ExpiredUserInputCode(attempts) => {
            wrong_code("EXPIRED_USER_INPUT_CODE_ERROR", attempts)
        }
        ConsumeCodePostOutcome::RestartFlow => Response::status_only("RESTART_FLOW_ERROR"),
        ConsumeCodePostOutcome::SignInUpNotAllowed { reason } => {
            Response::ok(&json!({ "status": "SIGN_IN_UP_NOT_ALLOWED", "reason": reason }))
        }
        ConsumeCodePostOutcome::ConfirmationRequired { reason, confirm_with } => {
            Response::ok(&json!({
                "status": "SIGN_IN_UP_NOT_ALLOWED",
                "reason": reason,
                "confirmWith": confirm_with,
            }))
        }
    })
}

fn wrong_code(status: &str, attempts: CodeAttempts) -> Response {
    Response::ok(&json!({
        "status": status,
        "failedCodeInputAttemptCount": attempts.failed_code_input_attempt_count,
        "maximumCodeInputAttempts": attempts.maximum_code_input_attempts,
    }))
}

fn proof(body: &JsonObject) -> Result<CodeProof> {
    let refuse = |text: &str| Err(Error::bad_input(text));
    let Some(pre_auth_session_id) = text(body, "preAuthSessionId")? else {
        return refuse("Please provide preAuthSessionId");
    };
    let link_code = text(body, "linkCode")?;
    match (link_code, text(body, "deviceId")?, text(body, "userInputCode")?) {
        (Some(link_code), None, None) => Ok(CodeProof::link_code(pre_auth_session_id, link_code)),
        (None, Some(device_id), Some(code)) => {
            // What copying a code from a mail may bring along.
            let code = code.trim();
            Ok(CodeProof::user_input_code(pre_auth_session_id, device_id, code))
        }
        (None, Some(_), None) | (None, None, Some(_)) => {
            refuse("Please provide both deviceId and userInputCode")
        }
        _ => refuse("Please provide one of (linkCode) or (deviceId+userInputCode) and not both"),
    }
}

pub(super) async fn base(
    cx: &Context,
    input: ConsumeCodePostInput,
) -> Result<ConsumeCodePostOutcome> {
    let ConsumeCodePostInput { proof, tenant_id, session, should_try_linking_with_session_user } =
        input;
    let functions = &PasswordlessInstance::of(cx)?.functions;
    let id = proof.pre_auth_session_id.clone();
    let find = ListCodesByPreAuthSessionIdInput::new(id).tenant_id(&tenant_id);
    let device = functions.list_codes_by_pre_auth_session_id(cx, find).await?;
    let Some(contact) = device.as_ref().and_then(Contact::of_device) else {
        return Ok(ConsumeCodePostOutcome::RestartFlow);
    };
    let proof = match &session {
        Some(session) => CodeProof { user_id: Some(session.get_user_id().clone()), ..proof },
        None => proof,
    };
    if let Some(session) = &session
        && let Some(own) = unproved_of_session(cx, session, &contact).await?
    {
        if let Err(refused) = check(cx, &proof, &tenant_id).await? {
            return Ok(refused);
        }
        mark_verified(cx, &tenant_id, &own, contact.as_str()).await?;
        session.fetch_and_set_claim(&EmailVerificationClaim).await?;
    }
    let mut users = contact.users(cx, &tenant_id).await?;
    if session.is_some()
        && contact.user_of(&users, &tenant_id).is_none()
        && bring_here(cx, &contact, &proof, &tenant_id, session.as_ref()).await?
    {
        users = contact.users(cx, &tenant_id).await?;
    }
    let user = contact.user_of(&users, &tenant_id);
    let factor = contact.factor_of(&proof);
    let kind = user.map_or(SignInKind::SignUp, SignInKind::SignIn);
    let pre_auth = PreAuth::new(&tenant_id, contact.account(), kind, &users, [factor.clone()])
        .session(session.as_ref(), should_try_linking_with_session_user)
        .verified(true)
        .verifies();
    if let Err(refusal) = sign_in::pre_auth_checks(cx, pre_auth.clone()).await? {
        let reason = refusal.reason(&reasons(refusal));
        let Some(confirm_with) = sign_in::confirm_with(cx, &pre_auth).await? else {
            return Ok(ConsumeCodePostOutcome::SignInUpNotAllowed { reason });
        };
        // Only who has the right code is told, and may use it again in a session.
        return Ok(match check(cx, &proof, &tenant_id).await? {
            Ok(()) => ConsumeCodePostOutcome::ConfirmationRequired { reason, confirm_with },
            Err(refused) => refused,
        });
    }
    let consume = ConsumeCodeInput {
        tenant_id: tenant_id.clone(),
        session: session.clone(),
        should_try_linking_with_session_user,
        ..ConsumeCodeInput::new(proof)
    };
    Ok(match functions.consume_code(cx, consume).await? {
        ConsumeCodeOutcome::Ok { created_new_recipe_user, user, recipe_user_id, .. } => {
            let post_auth = PostAuth::new(&tenant_id, &user, recipe_user_id, factor)
                .session(session)
                .created_new_recipe_user(created_new_recipe_user);
            let session = sign_in::post_auth_checks(cx, post_auth).await?;
            ConsumeCodePostOutcome::Ok { created_new_recipe_user, user, session }
        }
        ConsumeCodeOutcome::IncorrectUserInputCode(attempts) => {
            ConsumeCodePostOutcome::IncorrectUserInputCode(attempts)
        }
        ConsumeCodeOutcome::ExpiredUserInputCode(attempts) => {
            ConsumeCodePostOutcome::ExpiredUserInputCode(attempts)
        }
        ConsumeCodeOutcome::RestartFlow => ConsumeCodePostOutcome::RestartFlow,
        ConsumeCodeOutcome::LinkingToSessionUserFailed(failure) => {
            let reason = SIGN_IN.linking_failed(failure);
            ConsumeCodePostOutcome::SignInUpNotAllowed { reason }
        }
    })
}

/// The session's login method, where it has this address and hasn't proved it: a code that was sent there
/// proves it, before the session's user is asked for it.
async fn unproved_of_session(
    cx: &Context,
    session: &Session,
    contact: &Contact,
) -> Result<Option<RecipeUserId>> {
    let Contact::Email(email) = contact else { return Ok(None) };
    if EmailVerificationInstance::find(cx).is_none() {
        return Ok(None);
    }
    let Some(user) = cx.accountlinking()?.get_user(session.get_user_id()).await? else {
        return Ok(None);
    };
    let id = id_among_login_methods(cx, &user, session.get_recipe_user_id()).await?;
    let method = user.login_method(&id).filter(|it| !it.verified && it.has_same_email_as(email));
    Ok(method.map(|method| method.recipe_user_id.clone()))
}

/// Lets the session's user sign in here by a contact that it has in another tenant, where the code is
/// right.
async fn bring_here(
    cx: &Context,
    contact: &Contact,
    proof: &CodeProof,
    tenant_id: &TenantId,
    session: Option<&Session>,
) -> Result<bool> {
    let is_proved = async |_| Ok(check(cx, proof, tenant_id).await?.is_ok());
    sign_in::bring_into_tenant(cx, tenant_id, session, |it| contact.is_of(it), is_proved).await
}

/// Checks a code without using it up; what is answered where it isn't right.
async fn check(
    cx: &Context,
    proof: &CodeProof,
    tenant_id: &TenantId,
) -> Result<Result<(), ConsumeCodePostOutcome>> {
    let input = CheckCodeInput::new(proof.clone()).tenant_id(tenant_id);
    let functions = &PasswordlessInstance::of(cx)?.functions;
    Ok(match functions.check_code(cx, input).await? {
        CheckCodeOutcome::Ok(_) => Ok(()),
        CheckCodeOutcome::IncorrectUserInputCode(attempts) => {
            Err(ConsumeCodePostOutcome::IncorrectUserInputCode(attempts))
        }
        CheckCodeOutcome::ExpiredUserInputCode(attempts) => {
            Err(ConsumeCodePostOutcome::ExpiredUserInputCode(attempts))
        }
        CheckCodeOutcome::RestartFlow => Err(ConsumeCodePostOutcome::RestartFlow),
    })
}
