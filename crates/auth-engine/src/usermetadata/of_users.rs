//! `POST /recipe/user/metadata/bulk`

use std::collections::HashMap;

use auth_protocol::{
    JsonObject, TenantScope, UserId,
    usermetadata::{GetMetadataOfUsers, GetMetadataOfUsersResponse, MetadataOfUser},
};

use super::read_json;
use crate::{Engine, EngineError, Handle};

const SQL: &str = "SELECT user_id, user_metadata FROM user_metadata WHERE app_id = $1 \
    AND user_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

impl Handle<GetMetadataOfUsers> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetMetadataOfUsers,
    ) -> Result<GetMetadataOfUsersResponse, EngineError> {
        let ids = operation.user_ids;
        let mut found: HashMap<UserId, JsonObject> = HashMap::new();
        for row in self.rows_of_users(scope, &ids, SQL).await? {
            found.insert(row.get("user_id")?, read_json(&row.get::<String>("user_metadata")?)?);
        }
        // An id may be asked for twice.
        let users = ids
            .into_iter()
            .map(|user_id| MetadataOfUser { metadata: found.get(&user_id).cloned(), user_id });
        Ok(GetMetadataOfUsersResponse::Ok { users: users.collect() })
    }
}
