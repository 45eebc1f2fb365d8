//! The compact form (RFC 7515 section 3.1).

use auth_protocol::JsonObject;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::header::JWT;
use crate::{Expected, Header, JwtError, KeySet};

/// The longest token that is looked at. Browsers keep cookies of 4 KiB; headers may be longer.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// A token in compact form whose signature isn't checked yet.
#[derive(Clone, Debug)]
pub struct UnverifiedJwt<'t> {
    header: Header,
    payload: JsonObject,
    signing_input: &'t str,
    signature: Vec<u8>,
}

impl<'t> UnverifiedJwt<'t> {
    /// Reads a token: exactly three parts in base64url without padding, a header of ours, and a
    /// JSON object.
    pub fn parse(token: &'t str) -> Result<Self, JwtError> {
        Self::parse_as(token, JWT)
    }

    /// As [`Self::parse`], for another kind of token (`typ`).
    pub(crate) fn parse_as(token: &'t str, kind: &str) -> Result<Self, JwtError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(JwtError::Malformed);
        }
        let (signing_input, signature) = token.rsplit_once('.').ok_or(JwtError::Malformed)?;
        let (header, payload) = signing_input.split_once('.').ok_or(JwtError::Malformed)?;
        if payload.contains('.') {
            return Err(JwtError::Malformed);
        }
        let header = decode_header(header, kind)?;
        let payload =
            serde_json::from_slice(&decode(payload)?).map_err(|_| JwtError::PayloadNotAnObject)?;
        Ok(Self { header, payload, signing_input, signature: decode(signature)? })
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The claims, which anybody may have written.
    pub fn unverified_payload(&self) -> &JsonObject {
        &self.payload
    }

    /// Takes out the claims, which anybody may have written.
    pub fn into_unverified_payload(self) -> JsonObject {
        self.payload
    }

    /// Checks the signature with the key that the header names, by that key's own algorithm, and
    /// gives the claims. Whether the token has expired is for the caller to see.
    pub fn verify(self, keys: &KeySet) -> Result<JsonObject, JwtError> {
        check(&self.header, self.signing_input, &self.signature, keys)?;
        Ok(self.payload)
    }

    /// Checks all that a service must see to that takes access tokens and has the public keys alone:
    /// the signature, that the token is an access token, and what the service expects of it. Whether
    /// the session has ended meanwhile only the core knows.
    ///
    /// # Errors
    /// As [`Self::verify`]; [`JwtError::NoAccessToken`], [`JwtError::Expired`],
    /// [`JwtError::NotYetValid`], [`JwtError::WrongIssuer`], [`JwtError::WrongAudience`].
    pub fn verify_access_token(
        self,
        keys: &KeySet,
        expected: &Expected,
        now_secs: i64,
    ) -> Result<JsonObject, JwtError> {
        // The application may have others signed by the same keys, with claims of anybody's choice.
        if self.header.version().is_none() {
            return Err(JwtError::NoAccessToken);
        }
        let claims = self.verify(keys)?;
        expected.check(&claims, now_secs)?;
        Ok(claims)
    }
}

/// Checks the signature of a token whose claims were read before, without reading them again.
///
/// # Errors
/// As [`UnverifiedJwt::parse`] and [`UnverifiedJwt::verify`] have them, except that the payload is
/// only checked to be the one that was signed.
pub fn verify_signature(token: &str, keys: &KeySet) -> Result<(), JwtError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(JwtError::Malformed);
    }
    let (signing_input, signature) = token.rsplit_once('.').ok_or(JwtError::Malformed)?;
    let (header, _payload) = signing_input.split_once('.').ok_or(JwtError::Malformed)?;
    check(&decode_header(header, JWT)?, signing_input, &decode(signature)?, keys)
}

fn check(
    header: &Header,
    signing_input: &str,
    signature: &[u8],
    keys: &KeySet,
) -> Result<(), JwtError> {
    let key = keys.get(header.kid()).ok_or(JwtError::UnknownKey)?;
    if header.algorithm()? != key.algorithm() {
        return Err(JwtError::AlgorithmMismatch);
    }
    key.verify(signing_input.as_bytes(), signature)
}

fn decode_header(part: &str, kind: &str) -> Result<Header, JwtError> {
    let header: Header =
        serde_json::from_slice(&decode(part)?).map_err(|_| JwtError::HeaderMismatch)?;
    header.check(kind)?;
    Ok(header)
}

pub(crate) fn decode(part: &str) -> Result<Vec<u8>, JwtError> {
    BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| JwtError::Malformed)
}
