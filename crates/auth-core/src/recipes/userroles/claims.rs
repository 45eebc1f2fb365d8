//! Roles and permissions in the access token.

use std::{collections::BTreeSet, sync::LazyLock, time::Duration};

use auth_protocol::userroles::GetPermissionsForRoleResponse;

use super::GetRolesForUserInput;
use crate::{
    Context, Result,
    recipes::session::claims::{ClaimSubject, PrimitiveArrayClaim},
};

/// How old a value may be before a validator has it fetched again.
const MAX_AGE: Duration = Duration::from_secs(300);

/// The user's roles in the session's tenant, `st-role` in the payload.
pub static USER_ROLE_CLAIM: LazyLock<PrimitiveArrayClaim<String>> = LazyLock::new(|| {
    PrimitiveArrayClaim::new("st-role", |cx, subject| async move {
        roles(&cx, &subject).await.map(Some)
    })
    .default_max_age(MAX_AGE)
});

/// The permissions of those roles, each once, `st-perm` in the payload.
pub static PERMISSION_CLAIM: LazyLock<PrimitiveArrayClaim<String>> = LazyLock::new(|| {
    PrimitiveArrayClaim::new("st-perm", |cx, subject| async move {
        let mut permissions = BTreeSet::new();
        for role in roles(&cx, &subject).await? {
            // A role may have been deleted since.
            if let GetPermissionsForRoleResponse::Ok { permissions: of_role } =
                cx.userroles()?.get_permissions_for_role(role).await?
            {
                permissions.extend(of_role);
            }
        }
        Ok(Some(permissions.into_iter().collect()))
    })
    .default_max_age(MAX_AGE)
});

async fn roles(cx: &Context, subject: &ClaimSubject) -> Result<Vec<String>> {
    let input = GetRolesForUserInput::new(&subject.user_id).tenant_id(&subject.tenant_id);
    cx.userroles()?.get_roles_for_user(input).await
}
