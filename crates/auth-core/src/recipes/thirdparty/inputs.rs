//! What the functions of this recipe take and give.

use auth_protocol::{RecipeUserId, TenantId, User};
use auth_providers::Identity;

use crate::{
    overrides::input,
    recipes::{session::Session, sign_in::LinkingFailure},
};

input! {
    /// Which provider is wanted.
    pub struct GetProviderInput from &str, String {
        /// Its id.
        third_party_id: String,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// Which of its clients, where it has several.
        client_type: Option<String>,
    }
}

input! {
    /// Who signs in, as a provider says.
    pub struct SignInUpInput from Identity {
        /// The account, with what the provider told and the tokens. It has an address.
        identity: Identity,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// The session that the request came with.
        session: Option<Session>,
        /// Whether the account shall be linked to the session's user.
        should_try_linking_with_session_user: Option<bool>,
    }
}

/// What became of a sign-in.
// The large variant is the usual one.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SignInUpOutcome {
    /// `OK`: the account is known now, if it wasn't before.
    Ok {
        /// Whether the login method is new.
        created_new_recipe_user: bool,
        /// The user.
        user: User,
        /// The login method of the account.
        recipe_user_id: RecipeUserId,
        /// What the provider told, and the tokens.
        identity: Identity,
    },
    /// `SIGN_IN_UP_NOT_ALLOWED`
    SignInUpNotAllowed {
        /// Why, for the user.
        reason: String,
    },
    /// `LINKING_TO_SESSION_USER_FAILED`: the account is good, but can't be linked to the session's
    /// user.
    LinkingToSessionUserFailed(LinkingFailure),
}

input! {
    /// An account at a third party, which nobody asks about this.
    pub struct ManuallyCreateOrUpdateUserInput {
        /// The provider's id, of 28 characters at most.
        third_party_id: String,
        /// The account's id there.
        third_party_user_id: String,
        /// The account's address.
        email: String,
        ..
        /// Whether the address is verified; not by default.
        is_verified: bool,
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// The session to whose user the account is linked, where account linking permits it.
        session: Option<Session>,
        /// Whether the account shall be linked to the session's user.
        should_try_linking_with_session_user: Option<bool>,
    }
}

/// What became of a [`ManuallyCreateOrUpdateUserInput`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ManuallyCreateOrUpdateUserOutcome {
    /// `OK`
    Ok {
        /// Whether the login method is new.
        created_new_recipe_user: bool,
        /// The user.
        user: User,
        /// The login method of the account.
        recipe_user_id: RecipeUserId,
    },
    /// `EMAIL_CHANGE_NOT_ALLOWED_ERROR`: the account has another address than before, which it can't
    /// have here.
    EmailChangeNotAllowed {
        /// Why.
        reason: String,
    },
    /// `LINKING_TO_SESSION_USER_FAILED`
    LinkingToSessionUserFailed(LinkingFailure),
}
