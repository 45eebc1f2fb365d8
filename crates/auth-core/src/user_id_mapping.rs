//! Ids that another system has for users.

use auth_protocol::{
    RecipeUserId, TenantId, User, UserId,
    user_id_mapping::{
        CreateUserIdMapping, CreateUserIdMappingResponse, DeleteUserIdMapping,
        DeleteUserIdMappingResponse, GetUserIdMapping, GetUserIdMappingResponse,
        UpdateExternalUserIdInfo, UpdateExternalUserIdInfoResponse, UserIdMapping, UserIdType,
    },
};

use crate::{
    Context, Result,
    overrides::{in_and_outside_of_contexts, input},
};

input! {
    /// A mapping to make.
    pub struct CreateUserIdMappingInput {
        /// The core's own id; blanks around it are dropped.
        super_tokens_user_id: UserId,
        /// The other system's id, up to 128 characters; blanks around it are dropped.
        external_user_id: UserId,
        ..
        /// Anything that the application wants to write down about it.
        external_user_id_info: Option<String>,
        /// Whether to do it even if data is kept under the core's own id, which then isn't found by
        /// the other one, or if the other system's id is also that of another user of the core.
        force: bool,
    }
}

input! {
    /// Which mapping is looked for.
    pub struct GetUserIdMappingInput from UserId, &UserId {
        /// One of its ids.
        user_id: UserId,
        ..
        /// Which of the two ids it is; any by default.
        user_id_type: UserIdType,
    }
}

input! {
    /// Which mapping ends.
    pub struct DeleteUserIdMappingInput from UserId, &UserId {
        /// One of its ids.
        user_id: UserId,
        ..
        /// Which of the two ids it is; any by default.
        user_id_type: UserIdType,
        /// Whether to do it even if data is kept under the other system's id, which then isn't found
        /// by the core's own.
        force: bool,
    }
}

input! {
    /// What is written down about a mapping.
    pub struct UpdateOrDeleteUserIdMappingInfoInput from UserId, &UserId {
        /// One of its ids.
        user_id: UserId,
        ..
        /// Which of the two ids it is; any by default.
        user_id_type: UserIdType,
        /// What is written down; by default, what was is removed.
        external_user_id_info: Option<String>,
    }
}

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
    /// use auth_core::{
    ///     Auth, CreateUserIdMappingInput,
    ///     protocol::{UserId, user_id_mapping::CreateUserIdMappingResponse},
    /// };
    ///
    /// async fn keep_old_id(auth: &Auth, user: &UserId, old: &str) -> auth_core::Result<bool> {
    ///     let mapping = CreateUserIdMappingInput::new(user, old);
    ///     let made = auth.create_user_id_mapping(mapping).await?;
    ///     Ok(made == CreateUserIdMappingResponse::Ok)
    /// }
    /// ```
    pub async fn create_user_id_mapping(
        cx,
        input: CreateUserIdMappingInput,
    ) -> Result<CreateUserIdMappingResponse> {
        let mapping = CreateUserIdMapping {
            external_user_id_info: input.external_user_id_info,
            force: input.force.then_some(true),
            ..CreateUserIdMapping::new(input.super_tokens_user_id, input.external_user_id)
        };
        Ok(cx.core().call(&TenantId::default(), mapping).await?)
    }

    /// Finds a mapping by one of its ids; `None` where the id isn't mapped.
    pub async fn get_user_id_mapping(
        cx,
        input: impl Into<GetUserIdMappingInput>,
    ) -> Result<Option<UserIdMapping>> {
        let GetUserIdMappingInput { user_id, user_id_type } = input.into();
        let request = GetUserIdMapping { user_id, user_id_type: Some(user_id_type) };
        Ok(found(cx.core().call(&TenantId::default(), request).await?))
    }

    /// Ends a mapping; whether there was one. From then on the user has the core's own id again.
    ///
    /// # Errors
    /// Where data is kept under the other system's id, unless `force` is set.
    pub async fn delete_user_id_mapping(
        cx,
        input: impl Into<DeleteUserIdMappingInput>,
    ) -> Result<bool> {
        let DeleteUserIdMappingInput { user_id, user_id_type, force } = input.into();
        let request = DeleteUserIdMapping {
            user_id,
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
        input: impl Into<UpdateOrDeleteUserIdMappingInfoInput>,
    ) -> Result<bool> {
        let UpdateOrDeleteUserIdMappingInfoInput { user_id, user_id_type, external_user_id_info } =
            input.into();
        let request = UpdateExternalUserIdInfo {
            user_id,
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
