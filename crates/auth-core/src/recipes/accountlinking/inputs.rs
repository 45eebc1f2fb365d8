//! What the functions of this recipe take.

use auth_protocol::{
    RecipeUserId, TenantId, UserId,
    user::{ListUsers, ListUsersByAccountInfo},
};

use super::NewAccountInfo;
use crate::{overrides::input, recipes::session::Session};

input! {
    /// A page of a tenant's users.
    pub struct GetUsersInput from ListUsers {
        /// Which page, in which order, and of which users.
        page: ListUsers,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// A login method that may become a primary user.
    pub struct CanCreatePrimaryUserInput from RecipeUserId, &RecipeUserId {
        /// The login method.
        recipe_user_id: RecipeUserId,
    }
}

input! {
    /// A login method that becomes a primary user.
    pub struct CreatePrimaryUserInput from RecipeUserId, &RecipeUserId {
        /// The login method.
        recipe_user_id: RecipeUserId,
    }
}

input! {
    /// A login method that may be linked, and to which user.
    pub struct CanLinkAccountsInput {
        /// The login method.
        recipe_user_id: RecipeUserId,
        /// The primary user.
        primary_user_id: UserId,
    }
}

input! {
    /// A login method that is linked, and to which user.
    pub struct LinkAccountsInput {
        /// The login method.
        recipe_user_id: RecipeUserId,
        /// The primary user.
        primary_user_id: UserId,
    }
}

input! {
    /// A login method that leaves its user.
    pub struct UnlinkAccountInput from RecipeUserId, &RecipeUserId {
        /// The login method.
        recipe_user_id: RecipeUserId,
    }
}

input! {
    /// Which user is wanted.
    pub struct GetUserInput from UserId, &UserId {
        /// The user's id, or that of one of its login methods.
        user_id: UserId,
    }
}

input! {
    /// By what users are found.
    pub struct ListUsersByAccountInfoInput from ListUsersByAccountInfo {
        /// What they have.
        account_info: ListUsersByAccountInfo,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// A user to delete.
    pub struct DeleteUserInput from UserId, &UserId {
        /// The user's id, or that of one of its login methods.
        user_id: UserId,
        ..
        /// Whether every login method of a linked user goes, or only the one with this id; every one
        /// by default.
        remove_all_linked_accounts: bool = true,
    }
}

input! {
    /// A login method that is linked where it belongs, or becomes a primary user.
    pub struct CreatePrimaryUserIdOrLinkAccountsInput from RecipeUserId, &RecipeUserId {
        /// The login method.
        recipe_user_id: RecipeUserId,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// The session that the request came with.
        session: Option<Session>,
    }
}

input! {
    /// A login method whose primary user is looked for.
    pub struct GetPrimaryUserThatCanBeLinkedToRecipeUserIdInput from RecipeUserId, &RecipeUserId {
        /// The login method.
        recipe_user_id: RecipeUserId,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// Who wants to sign up.
    pub struct IsSignUpAllowedInput from NewAccountInfo {
        /// What identifies the account: an address or a number, not both.
        new_user: NewAccountInfo,
        ..
        /// Whether the address or number is proved; not by default.
        is_verified: bool,
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// The session that the request came with.
        session: Option<Session>,
    }
}

input! {
    /// Who wants to sign in.
    pub struct IsSignInAllowedInput from RecipeUserId, &RecipeUserId {
        /// The login method.
        recipe_user_id: RecipeUserId,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// The session that the request came with.
        session: Option<Session>,
    }
}

input! {
    /// A login method that may get another email address.
    pub struct IsEmailChangeAllowedInput {
        /// The login method.
        recipe_user_id: RecipeUserId,
        /// The address.
        new_email: String,
        ..
        /// Whether the address is proved; not by default.
        is_verified: bool,
        /// The session that the request came with.
        session: Option<Session>,
    }
}
