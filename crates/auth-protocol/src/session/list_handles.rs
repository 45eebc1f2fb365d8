//! `GET /recipe/session/user`

use serde::{Deserialize, Serialize};

use crate::{CdiVersion, SessionHandle, UserId, operation::operation};

/// Lists a user's sessions that haven't expired.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListSessionHandles {
    /// The user.
    pub user_id: UserId,
    /// Over all tenants of the app.
    #[serde(default = "yes")]
    pub fetch_across_all_tenants: bool,
    /// Of every linked login method.
    #[serde(default = "yes")]
    pub fetch_sessions_for_all_linked_accounts: bool,
}

fn yes() -> bool {
    true
}

/// The answer to [`ListSessionHandles`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum ListSessionHandlesResponse {
    /// The sessions.
    Ok {
        /// Their handles.
        session_handles: Vec<SessionHandle>,
    },
}

operation!(
    ListSessionHandles => ListSessionHandlesResponse,
    "list_session_handles", Get "/recipe/session/user", TenantOrApp, {
        fn refuses_tenant(&self, version: CdiVersion) -> bool {
            self.fetch_across_all_tenants && version >= CdiVersion::V5_0
        }
    }
);
