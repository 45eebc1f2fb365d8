//! What the recipe does.

use async_trait::async_trait;
use auth_protocol::{
    JsonObject, TenantId, UserId,
    usermetadata::{
        ClearUserMetadata, ClearUserMetadataResponse, GetUserMetadata, GetUserMetadataResponse,
        UpdateUserMetadata, UpdateUserMetadataResponse,
    },
};

use super::UserMetadataInstance;
use crate::{
    Context, Result,
    overrides::{Overrides, input, overridable},
};

input! {
    /// Whose metadata is read.
    pub struct GetUserMetadataInput from UserId, &UserId {
        /// The user.
        user_id: UserId,
    }
}

input! {
    /// What is merged into a user's metadata.
    pub struct UpdateUserMetadataInput {
        /// The user.
        user_id: UserId,
        /// The root keys to replace, each as a whole; `null` removes one.
        metadata_update: JsonObject,
    }
}

input! {
    /// Whose metadata is removed.
    pub struct ClearUserMetadataInput from UserId, &UserId {
        /// The user.
        user_id: UserId,
    }
}

overridable! {
    /// The recipe's functions.
    pub struct UserMetadataFunctions;
    /// Replaces functions of [`UserMetadataFunctions`].
    pub trait UserMetadataOverride;
    trait UserMetadataBase;
    handle UserMetadata by usermetadata of UserMetadataInstance;

    /// Reads a user's metadata; empty where none was ever written.
    async fn get_user_metadata(input: GetUserMetadataInput) -> Result<JsonObject>;

    /// Merges an update into a user's metadata and gives the result: each root key is replaced as a
    /// whole, `null` removes it.
    async fn update_user_metadata(input: UpdateUserMetadataInput) -> Result<JsonObject>;

    /// Removes all of a user's metadata.
    async fn clear_user_metadata(input: ClearUserMetadataInput) -> Result<()>;
}

pub(super) fn with_overrides(overrides: Overrides<UserMetadataFunctions>) -> UserMetadataFunctions {
    overrides.around(UserMetadataFunctions::new(Base))
}

struct Base;

#[async_trait]
impl UserMetadataBase for Base {
    async fn get_user_metadata(
        &self,
        cx: &Context,
        input: GetUserMetadataInput,
    ) -> Result<JsonObject> {
        let request = GetUserMetadata { user_id: input.user_id };
        let GetUserMetadataResponse::Ok { metadata } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(metadata)
    }

    async fn update_user_metadata(
        &self,
        cx: &Context,
        input: UpdateUserMetadataInput,
    ) -> Result<JsonObject> {
        let UpdateUserMetadataInput { user_id, metadata_update } = input;
        let request = UpdateUserMetadata { user_id, metadata_update };
        let UpdateUserMetadataResponse::Ok { metadata } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(metadata)
    }

    async fn clear_user_metadata(&self, cx: &Context, input: ClearUserMetadataInput) -> Result<()> {
        let request = ClearUserMetadata { user_id: input.user_id };
        let ClearUserMetadataResponse::Ok = cx.core().call(&TenantId::default(), request).await?;
        Ok(())
    }
}
