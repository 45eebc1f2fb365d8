//! What the recipe does.

use std::sync::Arc;

use async_trait::async_trait;
use auth_protocol::{
    JsonObject, TenantId, UserId,
    usermetadata::{
        ClearUserMetadata, ClearUserMetadataResponse, GetUserMetadata, GetUserMetadataResponse,
        UpdateUserMetadata, UpdateUserMetadataResponse,
    },
};

use crate::{Context, Result, overrides::overridable};

overridable! {
    /// The recipe's functions.
    pub trait UserMetadataFunctions;
    /// Replaces functions of [`UserMetadataFunctions`].
    pub trait UserMetadataOverride;
    struct UserMetadataLayer;

    /// Reads a user's metadata.
    async fn get_user_metadata(user_id: UserId) -> Result<JsonObject>;

    /// Merges an update into a user's metadata and gives the result.
    async fn update_user_metadata(user_id: UserId, update: JsonObject) -> Result<JsonObject>;

    /// Removes all of a user's metadata.
    async fn clear_user_metadata(user_id: UserId) -> Result<()>;
}

pub(super) fn with_overrides(
    overrides: Vec<Arc<dyn UserMetadataOverride>>,
) -> Arc<dyn UserMetadataFunctions> {
    UserMetadataLayer::stack(Arc::new(Base), overrides)
}

struct Base;

#[async_trait]
impl UserMetadataFunctions for Base {
    async fn get_user_metadata(&self, cx: &Context, user_id: UserId) -> Result<JsonObject> {
        let GetUserMetadataResponse::Ok { metadata } =
            cx.core().call(&TenantId::default(), GetUserMetadata { user_id }).await?;
        Ok(metadata)
    }

    async fn update_user_metadata(
        &self,
        cx: &Context,
        user_id: UserId,
        update: JsonObject,
    ) -> Result<JsonObject> {
        let request = UpdateUserMetadata { user_id, metadata_update: update };
        let UpdateUserMetadataResponse::Ok { metadata } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(metadata)
    }

    async fn clear_user_metadata(&self, cx: &Context, user_id: UserId) -> Result<()> {
        let ClearUserMetadataResponse::Ok =
            cx.core().call(&TenantId::default(), ClearUserMetadata { user_id }).await?;
        Ok(())
    }
}
