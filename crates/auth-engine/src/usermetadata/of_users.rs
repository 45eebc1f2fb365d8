//! `POST /recipe/user/metadata/bulk`

use std::collections::HashMap;

use auth_protocol::{
    JsonObject, TenantScope, UserId,
    usermetadata::{GetMetadataOfUsers, GetMetadataOfUsersResponse, MetadataOfUser},
};

use super::read_json;
use crate::{
    Engine, EngineError, Handle,
    storage::{app_and_ids, in_tx},
    tenancy::require_app,
};

const MOST_USERS: usize = 500;

const SQL: &str = "SELECT user_id, user_metadata FROM user_metadata WHERE app_id = $1 \
    AND user_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

impl Handle<GetMetadataOfUsers> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetMetadataOfUsers,
    ) -> Result<GetMetadataOfUsersResponse, EngineError> {
        let ids = operation.user_ids;
        if ids.len() > MOST_USERS {
            let text = format!("You can only query up to {MOST_USERS} users at a time.");
            return Err(EngineError::BadRequest(text));
        }
        let body = in_tx!(scope, ids, |tx| {
            require_app(tx, &scope.app).await?;
            let mut found: HashMap<UserId, JsonObject> = HashMap::new();
            for parameters in app_and_ids(&scope.app, &ids) {
                for row in tx.query(SQL, &parameters).await? {
                    found.insert(row.get(0)?, read_json(&row.get::<String>(1)?)?);
                }
            }
            // An id may be asked for twice.
            let users = ids
                .into_iter()
                .map(|user_id| MetadataOfUser { metadata: found.get(&user_id).cloned(), user_id });
            Ok(users.collect())
        });
        Ok(GetMetadataOfUsersResponse::Ok { users: self.store().read(body).await? })
    }
}
