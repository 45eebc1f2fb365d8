//! Clients that SuperTokens keeps for trying out (FDI §1.2): their ids stand in its examples, along with
//! their secrets. The browser goes to the provider and back by way of a page of theirs, as the
//! provider doesn't know the application's address.

/// In front of the id of a client of one's own that goes the same way.
const PREFIX: &str = "4398792-";

/// Google's and GitHub's.
const SHARED: [&str; 2] = [
    "1060725074195-kmeum4crr01uirfl2op9kd5acmi9jutn.apps.googleusercontent.com",
    "467101b197249757c71f",
];

/// Where the browser goes.
pub(crate) const AUTHORIZATION_URL: &str = "https://supertokens.io/dev/oauth/redirect-to-provider";

/// Where the provider sends it.
pub(crate) const REDIRECT_URI: &str = "https://supertokens.io/dev/oauth/redirect-to-app";

pub(crate) fn is_development_client(client_id: &str) -> bool {
    client_id.starts_with(PREFIX) || SHARED.contains(&client_id)
}

/// The id that the provider knows.
pub(crate) fn known_id(client_id: &str) -> &str {
    client_id.strip_prefix(PREFIX).unwrap_or(client_id)
}
