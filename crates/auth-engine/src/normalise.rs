//! How identities are written before they are compared or stored.

use auth_protocol::{normalise_email, normalise_phone_number, parse_email};

use crate::EngineError;

/// The longest address: RFC 5321, section 4.5.3.1, permits 64 + 1 + 255 octets, of which mail
/// systems deliver to 254; the column holds 256.
const LONGEST_EMAIL: usize = 256;

/// E.164 permits 15 digits; what isn't a number is kept as it is, within reason.
const LONGEST_PHONE_NUMBER: usize = 256;

/// An email address in the form in which addresses are stored.
pub(crate) fn email(address: &str) -> String {
    normalise_email(address)
}

/// The same, for an address that is to be stored: none that holds what can't be seen.
pub(crate) fn email_to_store(address: &str) -> Result<String, EngineError> {
    let address = parse_email(address).ok_or_else(|| invalid("email"))?;
    within(address, LONGEST_EMAIL, "email")
}

/// A phone number in E.164 form where it reads as one, that is to be stored.
pub(crate) fn phone_to_store(number: &str) -> Result<String, EngineError> {
    within(normalise_phone_number(number), LONGEST_PHONE_NUMBER, "phoneNumber")
}

/// A text without surrounding white space and control characters that isn't empty.
pub(crate) fn trimmed(field: &str, text: &str, longest: usize) -> Result<String, EngineError> {
    let text = text.trim_matches(|character: char| character.is_whitespace() || character <= ' ');
    if text.is_empty() {
        let refusal = format!("Field name '{field}' cannot be an empty String");
        return Err(EngineError::BadRequest(refusal));
    }
    within(text.to_owned(), longest, field)
}

/// A text that is no longer than it may be.
pub(crate) fn within(text: String, longest: usize, field: &str) -> Result<String, EngineError> {
    if text.chars().count() > longest {
        return Err(invalid(field));
    }
    Ok(text)
}

fn invalid(field: &str) -> EngineError {
    EngineError::BadRequest(format!("Field name '{field}' is invalid in JSON input"))
}
