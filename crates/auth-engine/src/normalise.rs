//! How identities are written before they are compared or stored.

use crate::EngineError;

/// The longest address: RFC 5321, section 4.5.3.1, permits 64 + 1 + 255 octets, of which mail
/// systems deliver to 254; the column holds 256.
const LONGEST_EMAIL: usize = 256;

/// An email address without surrounding white space and in lower case.
pub(crate) fn email(address: &str) -> String {
    address.trim().to_lowercase()
}

/// The same, for an address that is to be stored.
pub(crate) fn email_to_store(address: &str) -> Result<String, EngineError> {
    let address = email(address);
    if address.chars().count() > LONGEST_EMAIL {
        return Err(EngineError::BadRequest(
            "Field name 'email' is invalid in JSON input".to_owned(),
        ));
    }
    Ok(address)
}
