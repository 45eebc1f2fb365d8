//! `POST /recipe/signinalerts/network` (extension)

use serde::{Deserialize, Serialize};

use crate::{RecipeUserId, operation::operation};

/// Notes the network that somebody has signed in from, and says whether it is one of the user's.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NoteSignInNetwork {
    /// The login method.
    pub recipe_user_id: RecipeUserId,
    /// The network, in one form, such as `203.0.113.0/24`. The core keeps a keyed digest of it.
    pub network: String,
}

/// The answer to [`NoteSignInNetwork`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum NoteSignInNetworkResponse {
    /// It is noted.
    Ok {
        /// Whether the user has signed in from it before, by any of its login methods.
        is_known: bool,
        /// How many other networks the user has signed in from.
        others_known: u32,
    },
    /// The core doesn't know the login method.
    UnknownUserIdError,
}

operation!(
    NoteSignInNetwork => NoteSignInNetworkResponse,
    "note_sign_in_network", Post "/recipe/signinalerts/network", Tenant
);
