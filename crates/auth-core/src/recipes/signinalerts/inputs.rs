//! What the functions take and give.

use std::net::IpAddr;

use auth_protocol::{RecipeUserId, Secret, SessionHandle, TenantId, User, UserId};

use super::AlertPage;
use crate::overrides::input;

/// What is known of a sign-in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignInFacts {
    /// The user.
    pub user: User,
    /// The login method.
    pub recipe_user_id: RecipeUserId,
    /// The tenant.
    pub tenant_id: TenantId,
    /// The session that it began.
    pub session_handle: Option<SessionHandle>,
    /// When, in milliseconds since the epoch.
    pub time_ms: i64,
    /// From which address, where that is known.
    pub address: Option<IpAddr>,
    /// By which program and system, in words of ours: `Firefox on Windows`. At most 64 characters.
    pub device: Option<String>,
    /// Whether the user is [known on the device](crate::limits::is_known_device).
    pub is_known_device: bool,
    /// The network of the address, such as `203.0.113.0/24`.
    pub network: Option<String>,
    /// What is known of it.
    pub network_standing: NetworkStanding,
}

/// What is known of the network of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworkStanding {
    /// The address isn't known.
    Unknown,
    /// The user has signed in from it before.
    Known,
    /// It is the first that is noted of the user: there is nothing to compare it with.
    First,
    /// The user has signed in from others, and not from it.
    New,
}

input! {
    /// A sign-in that was accepted.
    pub struct NoteSignInInput {
        /// The user.
        user: User,
        /// The login method.
        recipe_user_id: RecipeUserId,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// The session that it began.
        session_handle: Option<SessionHandle>,
        /// Whether the user has just been made: where it comes from is noted then, and nobody is told.
        created_new_user: bool,
    }
}

/// What came of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoteSignInOutcome {
    /// It is as always.
    Usual,
    /// It was out of the ordinary.
    Suspicious(SendAlertOutcome),
    /// The core keeps no networks: one of the reference system. Nobody is told of anything.
    NotSupported,
}

input! {
    /// A sign-in to be judged.
    pub struct IsSuspiciousInput from SignInFacts {
        /// What is known of it.
        facts: SignInFacts,
    }
}

input! {
    /// A sign-in that its user's owner is told of.
    pub struct SendAlertInput from SignInFacts {
        /// What is known of it.
        facts: SignInFacts,
    }
}

/// Whether the owner is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SendAlertOutcome {
    /// A mail was sent.
    Sent,
    /// The user has no address, or has several and has proved none.
    NoAddress,
    /// There were too many mails. The audit log has it all the same.
    LimitReached,
    /// The user is gone.
    UnknownUser,
}

input! {
    /// A token out of a mail.
    pub struct EndAllSessionsInput {
        /// The token.
        token: Secret,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

/// Whether sessions were ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndAllSessionsOutcome {
    /// They have ended, now or by an earlier use of the token.
    Ok {
        /// The user.
        user_id: UserId,
        /// Whether the token was used before: nothing was changed then.
        was_used: bool,
        /// How many sessions ended now.
        sessions_ended: u32,
    },
    /// The token isn't known in this tenant, or has expired.
    InvalidToken,
}

input! {
    /// A page for who follows the link.
    pub struct RenderPageInput {
        /// What it says.
        page: AlertPage,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}
