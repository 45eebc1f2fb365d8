//! What can be wrong with a token or a key.

/// Why a token or a key was refused. Never carries any part of either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JwtError {
    /// Not three parts of base64url, or longer than [`crate::MAX_TOKEN_BYTES`].
    #[error("the token is not in JWS compact form")]
    Malformed,
    /// The header isn't one of ours: `typ`, `version` or `kid` is missing or wrong.
    #[error("JWT header mismatch")]
    HeaderMismatch,
    /// The payload isn't a JSON object.
    #[error("the token's payload is not a JSON object")]
    PayloadNotAnObject,
    /// The token is about something else than what it is shown for.
    #[error("the token is about something else")]
    PayloadMismatch,
    /// The algorithm is none that is spoken here.
    #[error("the algorithm is not supported")]
    UnsupportedAlgorithm,
    /// No key has the token's `kid`.
    #[error("the token names an unknown key")]
    UnknownKey,
    /// The header's algorithm isn't the key's.
    #[error("the token's algorithm is not the key's")]
    AlgorithmMismatch,
    /// The signature doesn't belong to the token and the key.
    #[error("the token's signature is invalid")]
    BadSignature,
    /// The token isn't an access token: its header has no version of the claims.
    #[error("the token is no access token")]
    NoAccessToken,
    /// The token says until when it may be used, and that is over, or doesn't say so.
    #[error("the token has expired")]
    Expired,
    /// The token may not be used yet.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// The token is of another issuer than the expected one.
    #[error("the token is of another issuer")]
    WrongIssuer,
    /// The token is for another audience, or for none.
    #[error("the token is for another audience")]
    WrongAudience,
    /// The key can't be read.
    #[error("the key is invalid")]
    InvalidKey,
    /// The key could not be made, or could not sign.
    #[error("signing failed")]
    SigningFailed,
}
