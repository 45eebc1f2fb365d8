//! `POST /user/password/change` (extension)

use auth_protocol::Secret;
use serde_json::Value;

use super::{
    super::{ChangePasswordInput, ChangePasswordOutcome, EmailPasswordInstance, breaches},
    ChangePasswordPostInput,
};
use crate::{
    ApiCall, Context, Error, FormFieldError, Response, Result,
    limits::{self, Action, Attempt},
    recipes::{
        multifactorauth::MultiFactorAuthInstance,
        session::{Session, SessionError, SessionOptions},
    },
};

/// The member of the body, and the field's name in an error.
const CURRENT: &str = "currentPassword";
const NEW: &str = "newPassword";
const END_OTHERS: &str = "endOtherSessions";

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = session(cx).await?;
    let body = cx.json_body()?;
    let text = |name: &str| match body.get(name) {
        Some(Value::String(text)) => Ok(Secret::from(text.as_str())),
        _ => Err(Error::bad_input(format!("{name} is required and must be a string"))),
    };
    let (current, new) = (text(CURRENT)?, text(NEW)?);
    let end_other_sessions = match body.get(END_OTHERS) {
        None | Some(Value::Null) => None,
        Some(Value::Bool(end)) => Some(*end),
        Some(_) => return Err(Error::bad_input(format!("{END_OTHERS} must be a boolean"))),
    };
    let empty = [(CURRENT, &current), (NEW, &new)].into_iter().filter(|it| it.1.is_empty());
    let empty: Vec<FormFieldError> =
        empty.map(|(id, _)| error_at(id, "Field is not optional".to_owned())).collect();
    if !empty.is_empty() {
        return Err(Error::Fields(empty));
    }
    let attempt = Attempt::new(Action::ChangePassword).user(session.get_user_id());
    let admission = limits::admit(cx, session.get_tenant_id(), attempt).await?;
    let input = ChangePasswordPostInput {
        end_other_sessions,
        ..ChangePasswordPostInput::new(session, current, new)
    };
    match EmailPasswordInstance::of(cx)?.apis.change_password_post(cx, input).await? {
        ChangePasswordOutcome::Ok => {
            admission.succeeded().await;
            Ok(Response::status_only("OK"))
        }
        ChangePasswordOutcome::WrongCredentials => {
            Ok(Response::status_only("WRONG_CREDENTIALS_ERROR"))
        }
        ChangePasswordOutcome::NoPassword => Ok(Response::status_only("NO_PASSWORD_ERROR")),
        ChangePasswordOutcome::PasswordPolicyViolated { failure_reason } => {
            // That isn't a guess.
            admission.undone().await;
            Err(Error::Fields(vec![error_at(NEW, failure_reason)]))
        }
    }
}

/// A session that is still there. Which claims it has doesn't matter, but for the factors: a validator
/// that keeps users from everything else until they have another password must let them change it.
async fn session(cx: &Context) -> Result<Session> {
    let options = SessionOptions::new().without_claim_validators().check_database(true);
    cx.session()?.get_session(&options).await?.ok_or_else(|| {
        let message = "there is no session".to_owned();
        SessionError::Unauthorised { message, clear_tokens: false }.into()
    })
}

fn error_at(id: &str, error: String) -> FormFieldError {
    FormFieldError { error, id: id.to_owned() }
}

pub(super) async fn base(
    cx: &Context,
    input: ChangePasswordPostInput,
) -> Result<ChangePasswordOutcome> {
    let ChangePasswordPostInput { session, current_password, new_password, end_other_sessions } =
        input;
    // What is required now, whatever the token says: who has the password alone must not change it.
    if cx.auth().find_recipe::<MultiFactorAuthInstance>().is_some() {
        cx.multifactorauth()?.assert_requirements_complete(&session).await?;
    }
    let change = ChangePasswordInput {
        end_other_sessions,
        ..ChangePasswordInput::new(session.get_user_id(), current_password, new_password)
            .recipe_user_id(session.get_recipe_user_id())
            .tenant_id(session.get_tenant_id())
            .keep_session(session.get_handle())
    };
    let outcome = EmailPasswordInstance::of(cx)?.functions.change_password(cx, change).await?;
    if outcome == ChangePasswordOutcome::Ok {
        breaches::forget(&session).await?;
    }
    Ok(outcome)
}
