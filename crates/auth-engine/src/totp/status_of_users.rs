//! `POST /recipe/totp/device/status/bulk`

use std::collections::HashMap;

use auth_protocol::{
    TenantScope, UserId,
    totp::{GetTotpStatusOfUsers, GetTotpStatusOfUsersResponse, TotpStatus},
};

use crate::{Engine, EngineError, Handle};

const SQL: &str = "SELECT user_id, verified FROM totp_user_devices WHERE app_id = $1 \
    AND user_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

impl Handle<GetTotpStatusOfUsers> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetTotpStatusOfUsers,
    ) -> Result<GetTotpStatusOfUsersResponse, EngineError> {
        let ids = operation.user_ids;
        let mut status: HashMap<UserId, bool> = HashMap::new();
        for row in self.rows_of_users(scope, &ids, SQL).await? {
            *status.entry(row.get("user_id")?).or_default() |= row.get::<bool>("verified")?;
        }
        let users = ids.into_iter().map(|user_id| TotpStatus {
            has_verified_device: status.get(&user_id).copied(),
            user_id,
        });
        Ok(GetTotpStatusOfUsersResponse::Ok { users: users.collect() })
    }
}
