//! What the client says that it did (WebAuthn section 5.8.1).

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;

use crate::{Ceremony, Error, Expected, Part};

/// Browsers write some hundred bytes, and may add fields.
pub(crate) const MAX_BYTES: usize = 8 * 1024;

/// The fields that are looked at; others may stand there (section 5.8.1.1). A field that comes twice is
/// refused.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: Option<bool>,
    #[serde(default)]
    top_origin: Option<String>,
}

/// The steps that both ceremonies have in common; gives the hash that is signed.
pub(crate) fn verify(
    json: &[u8],
    ceremony: Ceremony,
    expected: &Expected<'_>,
) -> Result<[u8; 32], Error> {
    // Steps 7.1.5 and 7.2.8: as UTF-8, without a byte order mark.
    if json.len() > MAX_BYTES {
        return Err(Error::TooLong(Part::ClientData));
    }
    let text = std::str::from_utf8(json).map_err(|_| Error::ClientDataJson)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);

    // Steps 7.1.6 and 7.2.9.
    let data: ClientData = serde_json::from_str(text).map_err(|_| Error::ClientDataJson)?;

    // Steps 7.1.7 and 7.2.10.
    let wanted = match ceremony {
        Ceremony::Registration => "webauthn.create",
        Ceremony::Authentication => "webauthn.get",
    };
    if data.r#type != wanted {
        return Err(Error::WrongType);
    }

    // Steps 7.1.8 and 7.2.11.
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(expected.challenge);
    verify_slices_are_equal(data.challenge.as_bytes(), challenge.as_bytes())
        .map_err(|_| Error::WrongChallenge)?;

    // Steps 7.1.9 and 7.2.12.
    if !expected.origins.contains(&data.origin.as_str()) {
        return Err(Error::WrongOrigin);
    }

    // Steps 7.1.10 and 7.2.13, and the first halves of 7.1.11 and 7.2.14.
    if data.cross_origin == Some(true) || data.top_origin.is_some() {
        let top_origins = expected.top_origins.as_ref().ok_or(Error::CrossOrigin)?;

        // The second halves of 7.1.11 and 7.2.14. Without `crossOrigin` there is no other page on top.
        if let Some(top) = &data.top_origin
            && (data.cross_origin != Some(true) || !top_origins.contains(&top.as_str()))
        {
            return Err(Error::WrongTopOrigin);
        }
    }

    // Steps 7.1.12 and 7.2.20.
    Ok(sha256(json))
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}
