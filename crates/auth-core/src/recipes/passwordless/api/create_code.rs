//! `POST /signinup/code`

use auth_protocol::{JsonObject, LoginMethod};
use serde_json::json;

use super::{
    super::{
        Contact, ContactMethod, CreateCodeInput, PasswordlessInstance,
        factor::flow_type_of,
        reasons::{SIGN_IN, SIGN_UP},
        send,
    },
    CreateCodePostInput, CreateCodePostOutcome, text,
};
use crate::{
    ApiCall, Context, Error, Response, Result,
    limits::{self, Action, Attempt},
    recipes::sign_in::{self, PreAuth, Reasons, Refusal, SignInKind, SignInSession},
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let instance = PasswordlessInstance::of(cx)?;
    let body = cx.json_body()?;
    let contact = contact(&body, instance.settings.contact_method)?;
    if let Some(problem) = instance.problem_with(cx, &contact, &call.tenant_id).await? {
        return Err(Error::general(problem));
    }
    let SignInSession { should_try_linking, session, tenant_id } =
        sign_in::load_session(&call, &body).await?;
    limits::count(cx, &tenant_id, sending_to(&contact)).await?;
    let input = CreateCodePostInput {
        contact,
        tenant_id,
        session,
        should_try_linking_with_session_user: should_try_linking,
    };
    Ok(match instance.apis.create_code_post(cx, input).await? {
        CreateCodePostOutcome::Ok { device_id, pre_auth_session_id, flow_type } => {
            Response::ok(&json!({
                "status": "OK",
                "deviceId": device_id,
                "preAuthSessionId": pre_auth_session_id,
                "flowType": flow_type.as_str(),
            }))
        }
        CreateCodePostOutcome::SignInUpNotAllowed { reason } => {
            Response::ok(&json!({ "status": "SIGN_IN_UP_NOT_ALLOWED", "reason": reason }))
        }
    })
}

/// What counts a code that is sent.
pub(super) fn sending_to(contact: &Contact) -> Attempt {
    let attempt = Attempt::new(Action::CreateCode);
    match contact {
        Contact::Email(address) => attempt.email(address).sends_mail(),
        Contact::PhoneNumber(number) => attempt.phone_number(number).sends_message(),
    }
}

/// The address or number in the body, as it will be stored.
fn contact(body: &JsonObject, method: ContactMethod) -> Result<Contact> {
    let refuse = |text: &str| Err(Error::bad_input(text));
    let contact = match (text(body, "email")?, text(body, "phoneNumber")?) {
        (Some(email), None) => Contact::Email(email.to_owned()).normalised(),
        (None, Some(number)) => Contact::PhoneNumber(number.to_owned()).normalised(),
        _ => return refuse("Please provide exactly one of email or phoneNumber"),
    };
    match method {
        _ if method.accepts(&contact) => Ok(contact),
        ContactMethod::Email => {
            refuse("Please provide an email since you have set the contactMethod to \"EMAIL\"")
        }
        _ => {
            refuse("Please provide a phoneNumber since you have set the contactMethod to \"PHONE\"")
        }
    }
}

pub(super) async fn base(
    cx: &Context,
    input: CreateCodePostInput,
) -> Result<CreateCodePostOutcome> {
    let CreateCodePostInput { contact, tenant_id, session, .. } = input;
    // An override may have made it: what is sent goes to whom the code is for.
    let contact = contact.normalised();
    let linking = input.should_try_linking_with_session_user;
    let instance = PasswordlessInstance::of(cx)?;
    let users = contact.users(cx, &tenant_id).await?;
    let mut user = contact.user_of(&users, &tenant_id);
    let elsewhere = if user.is_none() {
        let is_it = |method: &LoginMethod| contact.is_of(method);
        sign_in::user_with_method_elsewhere(cx, &tenant_id, session.as_ref(), is_it).await?
    } else {
        None
    };
    user = user.or(elsewhere.as_ref());
    let kind = user.map_or(SignInKind::SignUp, SignInKind::SignIn);
    let factors = instance.factors_for(&contact, session.is_some());
    let pre_auth = PreAuth::new(&tenant_id, contact.account(), kind, &users, factors)
        .session(session.as_ref(), linking)
        .verified(true)
        .verifies()
        .check_only();
    let permitted = match sign_in::pre_auth_checks(cx, pre_auth).await? {
        Ok(permitted) => permitted,
        Err(refusal) => {
            let reason = refusal.reason(&reasons(refusal));
            return Ok(CreateCodePostOutcome::SignInUpNotAllowed { reason });
        }
    };
    let code = instance
        .functions
        .create_code(
            cx,
            CreateCodeInput {
                tenant_id: tenant_id.clone(),
                user_input_code: instance.custom_code(cx, &tenant_id).await?,
                session,
                should_try_linking_with_session_user: linking,
                ..CreateCodeInput::new(contact.clone())
            },
        )
        .await?;
    let flow_type = flow_type_of(&permitted.factor_ids, instance.settings.flow_type);
    let outcome = CreateCodePostOutcome::Ok {
        device_id: code.device_id.clone(),
        pre_auth_session_id: code.pre_auth_session_id.clone(),
        flow_type,
    };
    send::send(cx, &contact, code, flow_type, &tenant_id, permitted.is_first_factor)?;
    Ok(outcome)
}

/// Whose words the refusal is told in.
pub(super) fn reasons(refusal: Refusal) -> Reasons {
    match refusal {
        Refusal::SignInNotAllowed => SIGN_IN,
        _ => SIGN_UP,
    }
}
