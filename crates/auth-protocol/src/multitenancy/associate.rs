//! `POST /recipe/multitenancy/tenant/user`, `POST /recipe/multitenancy/tenant/user/remove`

use serde::{Deserialize, Serialize};

use crate::{RecipeUserId, operation::operation};

/// Lets a login method sign in in the tenant that the operation is addressed to, too.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssociateUserToTenant {
    /// The login method; trimmed by the core.
    pub recipe_user_id: RecipeUserId,
}

/// The answer to [`AssociateUserToTenant`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum AssociateUserToTenantResponse {
    /// It is in the tenant.
    Ok {
        /// Whether it was before.
        was_already_associated: bool,
    },
    /// There is no such login method.
    UnknownUserIdError,
    /// Another login method of this recipe has its address in the tenant.
    EmailAlreadyExistsError,
    /// Another login method of this recipe has its phone number in the tenant.
    PhoneNumberAlreadyExistsError,
    /// Another login method has its account at the third party in the tenant.
    ThirdPartyUserAlreadyExistsError,
    /// Another primary user has something in the tenant by which its user is known.
    AssociationNotAllowedError {
        /// Why, for people.
        reason: String,
    },
}

operation!(
    AssociateUserToTenant => AssociateUserToTenantResponse,
    "associate_user_to_tenant", Post "/recipe/multitenancy/tenant/user", Tenant
);

/// Takes a login method out of the tenant that the operation is addressed to, with its sessions and
/// roles there. It may be left without a tenant.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DisassociateUserFromTenant {
    /// The login method; trimmed by the core.
    pub recipe_user_id: RecipeUserId,
}

/// The answer to [`DisassociateUserFromTenant`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum DisassociateUserFromTenantResponse {
    /// It isn't in the tenant.
    Ok {
        /// Whether it was, or had anything there.
        was_associated: bool,
    },
    /// There is no such login method.
    UnknownUserIdError,
}

operation!(
    DisassociateUserFromTenant => DisassociateUserFromTenantResponse,
    "disassociate_user_from_tenant", Post "/recipe/multitenancy/tenant/user/remove", Tenant
);
