//! Another address for a login method.

use auth_protocol::webauthn::{UpdatePasskeyEmail, UpdatePasskeyEmailResponse as Answer};

use super::{UpdateUserEmailInput, UpdateUserEmailOutcome as Outcome, WebAuthnInstance};
use crate::{
    Context, Result,
    recipes::{
        accountlinking::email_change::{self, EmailChange, EmailRefusal},
        emailverification,
    },
};

pub(super) async fn base(cx: &Context, input: UpdateUserEmailInput) -> Result<Outcome> {
    let UpdateUserEmailInput { recipe_user_id, email, tenant_id, tell_old_address } = input;
    let is_verified = emailverification::has_proved(cx, &recipe_user_id, &email).await?;
    match email_change::refusal(cx, &recipe_user_id, &email, is_verified).await? {
        None => {}
        Some(EmailRefusal::UnknownUserId) => return Ok(Outcome::UnknownUserId),
        Some(EmailRefusal::NotAllowed { reason }) => {
            return Ok(Outcome::EmailChangeNotAllowed { reason });
        }
    }
    let tells = tell_old_address && WebAuthnInstance::of(cx)?.settings.mails_address_changes;
    let old_address = match tells {
        true => email_change::address_of(cx, &recipe_user_id).await?,
        false => None,
    };
    let mail = old_address.and_then(|old| old.mail(Some(&email)));
    let request = UpdatePasskeyEmail { recipe_user_id, email };
    Ok(match cx.core().call(&tenant_id, request).await? {
        Answer::Ok => {
            if let Some(mail) = mail {
                let webauthn = cx.webauthn()?;
                cx.after_answer("mail about a changed address", async move {
                    webauthn.send_email(mail.into()).await
                });
            }
            Outcome::Ok
        }
        Answer::UnknownUserIdError => Outcome::UnknownUserId,
        Answer::EmailAlreadyExistsError => Outcome::EmailAlreadyExists,
        Answer::UserWithEmailAlreadyExistsError => {
            let reason = EmailChange::PrimaryUserConflict.reason().unwrap_or_default().to_owned();
            Outcome::EmailChangeNotAllowed { reason }
        }
    })
}
