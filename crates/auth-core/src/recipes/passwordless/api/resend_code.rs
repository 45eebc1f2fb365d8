//! `POST /signinup/code/resend`

use auth_protocol::Secret;

use super::{
    super::{
        Contact, CreateNewCodeForDeviceInput, CreateNewCodeForDeviceOutcome,
        ListCodesByDeviceIdInput, PasswordlessInstance, factor::flow_type_of, send,
    },
    ResendCodePostInput, ResendCodePostOutcome,
    create_code::sending_to,
    text,
};
use crate::{
    ApiCall, Context, Error, Response, Result, limits,
    recipes::{
        multifactorauth::factors,
        sign_in::{self, SignInSession},
    },
};

/// How often the application's own code is asked for that the device has already.
const DRAWS: usize = 3;

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let body = cx.json_body()?;
    let pre_auth_session_id = text(&body, "preAuthSessionId")?
        .ok_or_else(|| Error::bad_input("Please provide preAuthSessionId"))?
        .to_owned();
    let device_id = text(&body, "deviceId")?
        .map(Secret::from)
        .ok_or_else(|| Error::bad_input("Please provide a deviceId"))?;
    let SignInSession { should_try_linking, session, .. } =
        sign_in::load_session(&call, &body).await?;
    let input = ResendCodePostInput {
        device_id,
        pre_auth_session_id,
        tenant_id: call.tenant_id.clone(),
        session,
        should_try_linking_with_session_user: should_try_linking,
    };
    let outcome = PasswordlessInstance::of(cx)?.apis.resend_code_post(cx, input).await?;
    Ok(Response::status_only(match outcome {
        ResendCodePostOutcome::Ok => "OK",
        ResendCodePostOutcome::RestartFlow => "RESTART_FLOW_ERROR",
    }))
}

pub(super) async fn base(
    cx: &Context,
    input: ResendCodePostInput,
) -> Result<ResendCodePostOutcome> {
    let ResendCodePostInput { device_id, tenant_id, session, .. } = input;
    let linking = input.should_try_linking_with_session_user;
    let instance = PasswordlessInstance::of(cx)?;
    let functions = &instance.functions;
    let find = ListCodesByDeviceIdInput::new(device_id.clone()).tenant_id(&tenant_id);
    let device = functions.list_codes_by_device_id(cx, find).await?;
    let contact = device.as_ref().and_then(Contact::of_device);
    let accepted = contact.filter(|contact| instance.settings.contact_method.accepts(contact));
    let Some(contact) = accepted else { return Ok(ResendCodePostOutcome::RestartFlow) };
    limits::count(cx, &tenant_id, sending_to(&contact)).await?;
    let users = contact.users(cx, &tenant_id).await?;
    let user = contact.user_of(&users, &tenant_id);
    let account = contact.account();
    let is_first_factor =
        sign_in::is_first_factor(cx, &account, user, session.as_ref(), linking).await?;
    let Ok(is_first_factor) = is_first_factor else {
        return Ok(ResendCodePostOutcome::RestartFlow);
    };
    // As where the device was made: another factor of the session's user is a code, and a first one
    // what a sign-in may start with.
    let mut factors = instance.factors_for(&contact, !is_first_factor);
    if is_first_factor {
        factors = factors::valid_first(cx, &tenant_id, false, factors).await?;
    }
    let flow_type = flow_type_of(&factors, instance.settings.flow_type);
    for _ in 0..DRAWS {
        let new_code = CreateNewCodeForDeviceInput {
            tenant_id: tenant_id.clone(),
            user_input_code: instance.custom_code(cx, &tenant_id).await?,
            ..CreateNewCodeForDeviceInput::new(device_id.clone())
        };
        match functions.create_new_code_for_device(cx, new_code).await? {
            CreateNewCodeForDeviceOutcome::Ok(code) => {
                send::send(cx, &contact, code, flow_type, &tenant_id, is_first_factor)?;
                return Ok(ResendCodePostOutcome::Ok);
            }
            CreateNewCodeForDeviceOutcome::RestartFlow => {
                return Ok(ResendCodePostOutcome::RestartFlow);
            }
            CreateNewCodeForDeviceOutcome::UserInputCodeAlreadyUsed => {}
        }
    }
    Err(Error::general("Failed to generate a one time code. Please try again"))
}
