//! `PUT /recipe/user/metadata`

use auth_protocol::{
    JsonObject, TenantScope,
    usermetadata::{UpdateUserMetadata, UpdateUserMetadataResponse},
};
use serde_json::Value;

use super::find;
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
    tenancy::require_app,
};

/// The row to lock: two first updates of one user must not both find nothing to merge with.
const ENSURE: &str = "INSERT INTO user_metadata (app_id, user_id, user_metadata) \
    VALUES ($1, $2, '{}') ON CONFLICT DO NOTHING";

const SAVE: &str = "UPDATE user_metadata SET user_metadata = $3 WHERE app_id = $1 AND user_id = $2";

impl Handle<UpdateUserMetadata> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: UpdateUserMetadata,
    ) -> Result<UpdateUserMetadataResponse, EngineError> {
        let body = in_tx!(scope, operation, |tx| {
            require_app(tx, &scope.app).await?;
            let user = &operation.user_id;
            tx.execute(ENSURE, params![scope.app, user]).await?;
            let mut metadata = find(tx, &scope.app, user).await?.unwrap_or_default();
            merge(&mut metadata, operation.metadata_update);
            let text = Value::Object(metadata.clone()).to_string();
            tx.execute(SAVE, params![scope.app, user, text]).await?;
            Ok(metadata)
        });
        let metadata = self.store().write(body).await?;
        Ok(UpdateUserMetadataResponse::Ok { metadata })
    }
}

/// Replaces root keys; `null` removes one.
fn merge(metadata: &mut JsonObject, update: JsonObject) {
    for (key, value) in update {
        metadata.remove(&key);
        if !value.is_null() {
            metadata.insert(key, value);
        }
    }
}
