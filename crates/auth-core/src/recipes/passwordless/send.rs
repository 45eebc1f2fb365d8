//! Codes and links on their way to the user.

use std::time::Duration;

use auth_protocol::{Secret, TenantId, passwordless::CreatedCode};

use super::{Contact, FlowType, LoginCode, PasswordlessLoginEmail, PasswordlessLoginSms};
use crate::{
    Context, Result,
    delivery::{Email, Sms},
};

/// `{origin}{website base path}/verify?preAuthSessionId=…&tenantId=…#<link code>`: what stands
/// after `#` doesn't reach servers and their logs.
pub(super) fn magic_link(cx: &Context, code: &CreatedCode, tenant_id: &TenantId) -> Result<Secret> {
    let query =
        [("preAuthSessionId", code.pre_auth_session_id.as_str()), ("tenantId", tenant_id.as_str())];
    let link = cx.website_link("/verify", &query)?;
    Ok(Secret::new(format!("{link}#{}", code.link_code.expose_secret())))
}

/// Sends a code after the answer, so that a slow or failing server neither delays nor fails it.
pub(super) fn send(
    cx: &Context,
    contact: &Contact,
    code: CreatedCode,
    flow_type: FlowType,
    tenant_id: &TenantId,
    is_first_factor: bool,
) -> Result<()> {
    let lifetime = Duration::from_millis(code.code_lifetime.max(0).unsigned_abs());
    let mut login = LoginCode::new(tenant_id.clone(), &*code.pre_auth_session_id, lifetime);
    login.is_first_factor = is_first_factor;
    if flow_type.has_link() {
        login.url_with_link_code = Some(magic_link(cx, &code, tenant_id)?);
    }
    if flow_type.has_user_input_code() {
        login.user_input_code = Some(code.user_input_code);
    }
    let passwordless = cx.passwordless()?;
    match contact.normalised() {
        Contact::Email(email) => {
            let mail = Email::new(PasswordlessLoginEmail::new(email, login));
            cx.after_answer("passwordless login mail", async move {
                passwordless.send_email(mail).await
            });
        }
        Contact::PhoneNumber(number) => {
            let sms = Sms::new(PasswordlessLoginSms::new(number, login));
            cx.after_answer("passwordless login message", async move {
                passwordless.send_sms(sms).await
            });
        }
    }
    Ok(())
}
