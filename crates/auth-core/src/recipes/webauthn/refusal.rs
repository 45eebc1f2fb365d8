//! Why what a browser answered isn't taken.

use auth_protocol::webauthn::{
    PasskeySignInResponse, PasskeySignUpResponse, RegisterPasskeyResponse,
};
use serde_json::json;

use crate::Response;

/// Why what a browser answered isn't taken (CDI §1.9). The reasons are for who reads logs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasskeyRefusal {
    /// `OPTIONS_NOT_FOUND_ERROR`: there are no options with this id in the tenant, or they are used up.
    OptionsNotFound,
    /// `INVALID_OPTIONS_ERROR`: the options have expired, or are for something else.
    InvalidOptions {
        /// Why.
        reason: String,
    },
    /// `INVALID_AUTHENTICATOR_ERROR`: the answer doesn't belong to the options or the passkey.
    InvalidAuthenticator {
        /// Why.
        reason: String,
    },
    /// `INVALID_CREDENTIALS_ERROR`: the answer can't be read, or the passkey is another user's.
    InvalidCredentials {
        /// Why.
        reason: String,
    },
}

impl PasskeyRefusal {
    /// The answer of a route.
    pub(super) fn response(&self) -> Response {
        match self {
            Self::OptionsNotFound => Response::status_only("OPTIONS_NOT_FOUND_ERROR"),
            Self::InvalidOptions { .. } => Response::status_only("INVALID_OPTIONS_ERROR"),
            Self::InvalidAuthenticator { reason } => {
                Response::ok(&json!({ "status": "INVALID_AUTHENTICATOR_ERROR", "reason": reason }))
            }
            Self::InvalidCredentials { .. } => Response::status_only("INVALID_CREDENTIALS_ERROR"),
        }
    }
}

/// What a core answers to a passkey: a refusal, or something else.
pub(super) trait MayRefuse: Sized {
    /// The refusal, or else the answer as it is.
    fn refusal(self) -> Result<PasskeyRefusal, Self>;
}

macro_rules! may_refuse {
    ($($answer:ident),+) => {$(
        impl MayRefuse for $answer {
            fn refusal(self) -> Result<PasskeyRefusal, Self> {
                Ok(match self {
                    Self::OptionsNotFoundError => PasskeyRefusal::OptionsNotFound,
                    Self::InvalidOptionsError { reason } => {
                        PasskeyRefusal::InvalidOptions { reason }
                    }
                    Self::InvalidAuthenticatorError { reason } => {
                        PasskeyRefusal::InvalidAuthenticator { reason }
                    }
                    Self::InvalidCredentialsError { reason } => {
                        PasskeyRefusal::InvalidCredentials { reason }
                    }
                    other => return Err(other),
                })
            }
        }
    )+};
}

may_refuse!(PasskeySignInResponse, PasskeySignUpResponse, RegisterPasskeyResponse);
