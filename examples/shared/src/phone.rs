//! The phone number of a user: given at sign-up or with the first code, kept in its metadata.

use async_trait::async_trait;
use auth_core::{
    Context, Error, Result,
    protocol::{JsonObject, UserId, parse_phone_number},
    recipes::{
        emailpassword::{
            EmailPasswordApis, EmailPasswordApisOverride, FormField, SignFormInput,
            SignUpPostOutcome,
        },
        session::Session,
    },
};
use serde_json::Value;

/// The form's field, the key in the metadata, and the key in the access token payload.
pub(crate) const PHONE_NUMBER: &str = "phoneNumber";

/// The number that codes go to; `None` where the user has given none.
pub(crate) async fn known_number(cx: &Context, user_id: &UserId) -> Result<Option<String>> {
    cx.usermetadata()?.get_value(user_id, PHONE_NUMBER).await
}

/// Keeps a number in the user's metadata, and tells the page by the session.
pub(crate) async fn keep_number(cx: &Context, session: &Session, number: &str) -> Result<()> {
    cx.usermetadata()?.set_value(session.get_user_id(), PHONE_NUMBER, number).await?;
    let update = JsonObject::from_iter([(PHONE_NUMBER.to_owned(), number.into())]);
    session.merge_into_access_token_payload(update).await
}

/// The number that a code may go to: the known one where there is one, else any.
pub(crate) async fn number_for_code(
    cx: &Context,
    session: &Session,
    asked: Option<&str>,
) -> Result<String> {
    let known = known_number(cx, session.get_user_id()).await?;
    let asked = asked.map(str::trim).filter(|number| !number.is_empty()).map(|number| {
        parse_phone_number(number).ok_or_else(|| Error::bad_input("Phone number is invalid"))
    });
    match (known, asked.transpose()?) {
        (Some(known), Some(asked)) if known != asked => {
            Err(Error::general("Codes go to the phone number that you gave first."))
        }
        (Some(number), _) | (None, Some(number)) => Ok(number),
        (None, None) => Err(Error::bad_input("Please provide the phoneNumber")),
    }
}

/// The field of the sign-up form. It may stay empty: then the first code asks for it.
pub(crate) fn form_field() -> FormField {
    FormField::new(PHONE_NUMBER).optional().validate(|value| {
        let is_valid = value.as_str().is_some_and(|number| parse_phone_number(number).is_some());
        (!is_valid).then(|| "Please write it with its country's code, such as +1 …".to_owned())
    })
}

/// Takes the number at sign-up.
pub(crate) struct PhoneNumberAtSignUp;

#[async_trait]
impl EmailPasswordApisOverride for PhoneNumberAtSignUp {
    async fn sign_up_post(
        &self,
        original: &dyn EmailPasswordApis,
        cx: &Context,
        input: SignFormInput,
    ) -> Result<SignUpPostOutcome> {
        let number = input.form_fields.get(PHONE_NUMBER).and_then(Value::as_str);
        let number = number.and_then(parse_phone_number);
        let outcome = original.sign_up_post(cx, input).await?;
        if let (SignUpPostOutcome::Ok { session, .. }, Some(number)) = (&outcome, number) {
            keep_number(cx, session, &number).await?;
        }
        Ok(outcome)
    }
}
