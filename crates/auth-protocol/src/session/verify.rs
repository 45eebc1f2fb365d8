//! `POST /recipe/session/verify`

use serde::{Deserialize, Serialize};

use super::{SessionData, TokenInfo};
use crate::{CdiVersion, Secret, operation::operation};

/// Checks an access token, and its session's row where asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifySession {
    /// The access token.
    pub access_token: Secret,
    /// The anti-CSRF token that came with the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anti_csrf_token: Option<Secret>,
    /// Whether this request needs the anti-CSRF token.
    pub do_anti_csrf_check: bool,
    /// Whether anti-CSRF tokens are in use at all.
    pub enable_anti_csrf: bool,
    /// Whether the session's row must be there.
    pub check_database: bool,
    /// The version in which the caller speaks; it isn't sent with the request.
    #[serde(skip)]
    pub cdi_version: CdiVersion,
}

/// The answer to [`VerifySession`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum VerifySessionResponse {
    /// The token is good.
    Ok {
        /// The session.
        session: SessionData,
        /// A token to use from now on, from cores that confirm refreshed tokens at first use.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        access_token: Option<TokenInfo>,
        /// Whether the row's claims differ from the token's; only with `check_database`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        payload_update_available: Option<bool>,
    },
    /// The session is gone.
    Unauthorised {
        /// Why, for people.
        message: String,
    },
    /// The token is expired, malformed or not from here.
    TryRefreshToken {
        /// Why, for people.
        message: String,
    },
}

operation!(
    VerifySession => VerifySessionResponse,
    "verify_session", Post "/recipe/session/verify", App, {
        fn set_cdi_version(&mut self, version: CdiVersion) {
            self.cdi_version = version;
        }

        fn refuses_tenant(&self, version: CdiVersion) -> bool {
            version >= CdiVersion::V5_6
        }
    }
);
