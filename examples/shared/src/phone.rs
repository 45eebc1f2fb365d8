//! The phone number on record of a user: given at sign-up or when the first code is asked for, kept
//! in its metadata.

use auth_core::{
    Context, Error, Result,
    protocol::{JsonObject, UserId, parse_phone_number},
    recipes::{
        emailpassword::{
            EmailPasswordApis, EmailPasswordApisOverride, FormField, SignUpPostInput,
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

/// The number that the second factor's code goes to: the one on record, and no other. Who has none
/// puts one on record by asking. The phone that the session was started by shows nothing new.
pub(crate) async fn number_for_code(
    cx: &Context,
    session: &Session,
    asked: Option<&str>,
) -> Result<String> {
    let known = known_number(cx, session.get_user_id()).await?;
    let asked = asked.map(str::trim).filter(|number| !number.is_empty()).map(|number| {
        parse_phone_number(number).ok_or_else(|| Error::bad_input("Phone number is invalid"))
    });
    let (number, is_new) = match (known, asked.transpose()?) {
        (Some(known), Some(asked)) if known != asked => {
            return Err(Error::general("Codes go to the phone number that you gave first."));
        }
        (Some(known), _) => (known, false),
        (None, Some(asked)) => (asked, true),
        (None, None) => return Err(Error::bad_input("Please provide the phoneNumber")),
    };
    if started_by(cx, session).await?.as_ref() == Some(&number) {
        return Err(Error::general(
            "You signed in by this phone. Please sign in by your password, or give another number.",
        ));
    }
    if is_new {
        keep_number(cx, session, &number).await?;
    }
    Ok(number)
}

/// The phone number that the session was started by, if it was by one.
async fn started_by(cx: &Context, session: &Session) -> Result<Option<String>> {
    let user = cx.accountlinking()?.get_user(session.get_user_id()).await?;
    let method = user.as_ref().and_then(|it| it.login_method(session.get_recipe_user_id()));
    Ok(method.and_then(|method| method.phone_number.clone()))
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

impl EmailPasswordApisOverride for PhoneNumberAtSignUp {
    async fn sign_up_post(
        &self,
        original: &EmailPasswordApis,
        cx: &Context,
        input: SignUpPostInput,
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
