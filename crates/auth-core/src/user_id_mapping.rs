//! Ids that another system has for users.

use auth_protocol::{
    RecipeUserId, TenantId, User, UserId,
    useridmapping::{
        CreateUserIdMapping, CreateUserIdMappingResponse, DeleteUserIdMapping,
        DeleteUserIdMappingResponse, GetUserIdMapping, GetUserIdMappingResponse,
        UpdateExternalUserIdInfo, UpdateExternalUserIdInfoResponse, UserIdMapping, UserIdType,
    },
};

use crate::{Context, Result, overrides::in_and_outside_of_contexts};

in_and_outside_of_contexts! {
    /// Gives a user the id that another system has for it, such as the one that it had before it
    /// came here. From then on this id is the user's: in user objects and login methods, in
    /// sessions and their tokens, and in every function; the core's own id is understood, too.
    ///
    /// Metadata, roles, authenticator apps and recovery codes stay under the id by which they were
    /// written, so that a mapping is best made before the first of them.
    ///
    /// # Errors
    /// Where data is kept under the core's own id already, or the other system's id is also that
    /// of another user of the core, unless the mapping is forced; and for ids that are empty or
    /// longer than 128 characters.
    ///
    /// ```
    /// use auth_core::{Auth, protocol::UserId, protocol::useridmapping::*};
    ///
    /// async fn keep_old_id(auth: &Auth, user: &UserId, old: &str) -> auth_core::Result<bool> {
    ///     let mapping = CreateUserIdMapping::new(user.clone(), old.into());
    ///     let made = auth.create_user_id_mapping(mapping).await?;
    ///     Ok(made == CreateUserIdMappingResponse::Ok)
    /// }
    /// ```
    pub async fn create_user_id_mapping(
        cx,
        mapping: CreateUserIdMapping,
    ) -> Result<CreateUserIdMappingResponse> {
        Ok(cx.core().call(&TenantId::default(), mapping).await?)
    }

    /// Finds a mapping by one of its ids; `None` where the id isn't mapped.
    pub async fn get_user_id_mapping(
        cx,
        user_id: &UserId,
        user_id_type: UserIdType,
    ) -> Result<Option<UserIdMapping>> {
        let request =
            GetUserIdMapping { user_id: user_id.clone(), user_id_type: Some(user_id_type) };
        Ok(found(cx.core().call(&TenantId::default(), request).await?))
    }

    /// Ends a mapping; whether there was one. From then on the user has the core's own id again.
    ///
    /// # Errors
    /// Where data is kept under the other system's id, unless `force` is set.
    pub async fn delete_user_id_mapping(
        cx,
        user_id: &UserId,
        user_id_type: UserIdType,
        force: bool,
    ) -> Result<bool> {
        let request = DeleteUserIdMapping {
            user_id: user_id.clone(),
            user_id_type: Some(user_id_type),
            force: Some(force),
        };
        let DeleteUserIdMappingResponse::Ok { did_mapping_exist } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(did_mapping_exist)
    }

    /// Writes what the application wants to have written down about a mapping's external id, or
    /// removes it; whether there is such a mapping.
    pub async fn update_or_delete_user_id_mapping_info(
        cx,
        user_id: &UserId,
        user_id_type: UserIdType,
        external_user_id_info: Option<String>,
    ) -> Result<bool> {
        let request = UpdateExternalUserIdInfo {
            user_id: user_id.clone(),
            user_id_type: Some(user_id_type),
            external_user_id_info,
        };
        let response = cx.core().call(&TenantId::default(), request).await?;
        Ok(response == UpdateExternalUserIdInfoResponse::Ok)
    }
}

/// The id by which a user's login methods name one of them: who calls a function may have given
/// the core's own id where there is another.
pub(crate) async fn id_among_login_methods(
    cx: &Context,
    user: &User,
    id: &RecipeUserId,
) -> Result<RecipeUserId> {
    if user.login_method(id).is_some() {
        return Ok(id.clone());
    }
    let request = GetUserIdMapping {
        user_id: id.clone().into(),
        user_id_type: Some(UserIdType::SuperTokens),
    };
    let mapping = found(cx.core().call(&TenantId::default(), request).await?);
    Ok(mapping.map_or_else(|| id.clone(), |mapping| mapping.external_user_id.into()))
}

fn found(response: GetUserIdMappingResponse) -> Option<UserIdMapping> {
    match response {
        GetUserIdMappingResponse::Ok(mapping) => Some(mapping),
        GetUserIdMappingResponse::UnknownMappingError => None,
    }
}
