//! `POST /recipe/session/remove`

use serde::{Deserialize, Serialize};

use crate::{CdiVersion, SessionHandle, UserId, operation::operation};

/// Ends sessions: exactly one of `user_id` and `session_handles` is given.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoveSessions {
    /// End this user's sessions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// End these sessions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_handles: Option<Vec<SessionHandle>>,
    /// With `user_id`: over all tenants of the app; `true` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoke_across_all_tenants: Option<bool>,
    /// With `user_id`: of every linked login method; `true` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoke_sessions_for_linked_accounts: Option<bool>,
}

/// The answer to [`RemoveSessions`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum RemoveSessionsResponse {
    /// The sessions are gone.
    Ok {
        /// Those that were there before.
        session_handles_revoked: Vec<SessionHandle>,
    },
}

operation!(
    RemoveSessions => RemoveSessionsResponse,
    "remove_sessions", Post "/recipe/session/remove", TenantOrApp, {
        fn refuses_tenant(&self, version: CdiVersion) -> bool {
            let all_tenants = self.user_id.is_some() && self.revoke_across_all_tenants != Some(false);
            all_tenants && version >= CdiVersion::V5_0
        }
    }
);
