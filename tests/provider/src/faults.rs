//! In which ways the provider misbehaves.

use std::time::Duration;

/// What the provider serves beside its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// The discovery document.
    Discovery,
    /// Its keys.
    Keys,
    /// Where codes are exchanged.
    Token,
    /// Where the user is asked for.
    UserInfo,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The answer comes after this time.
    Late(Endpoint, Duration),
    /// The answer is this status, with a page that isn't meant for programs.
    Status(Endpoint, u16),
    /// The answer isn't JSON.
    Nonsense(Endpoint),
    /// The answer is as long as this, in bytes, without saying so beforehand.
    Huge(Endpoint, usize),
    /// The next id tokens aren't good.
    IdToken(IdTokenFault),
}

/// What isn't good about an id token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdTokenFault {
    /// It says `none`, and has no signature.
    Unsigned,
    /// It is signed by HS256, with the public key for a secret.
    SignedByThePublicKey,
    /// It is signed by a key that isn't published.
    ForeignKey,
    /// It is for another authorization.
    WrongNonce,
    /// It is for another client.
    WrongAudience,
    /// It is by another issuer.
    WrongIssuer,
    /// Its time is over.
    Expired,
}

impl Fault {
    pub(crate) fn endpoint(&self) -> Option<Endpoint> {
        match self {
            Self::Late(endpoint, _)
            | Self::Status(endpoint, _)
            | Self::Nonsense(endpoint)
            | Self::Huge(endpoint, _) => Some(*endpoint),
            Self::IdToken(_) => None,
        }
    }
}
