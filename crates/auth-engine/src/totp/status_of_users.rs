//! `POST /recipe/totp/device/status/bulk`

use std::collections::HashMap;

use auth_protocol::{
    TenantScope, UserId,
    totp::{GetTotpStatusOfUsers, GetTotpStatusOfUsersResponse, TotpStatus},
};

use crate::{
    Engine, EngineError, Handle,
    storage::{app_and_ids, in_tx},
    tenancy::require_app,
};

const MOST_USERS: usize = 500;

const SQL: &str = "SELECT user_id, verified FROM totp_user_devices WHERE app_id = $1 \
    AND user_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

impl Handle<GetTotpStatusOfUsers> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetTotpStatusOfUsers,
    ) -> Result<GetTotpStatusOfUsersResponse, EngineError> {
        if operation.user_ids.len() > MOST_USERS {
            let text = format!("You can only query up to {MOST_USERS} users at a time.");
            return Err(EngineError::BadRequest(text));
        }
        let body = in_tx!(scope, operation, |tx| {
            require_app(tx, &scope.app).await?;
            let mut status: HashMap<UserId, bool> = HashMap::new();
            for parameters in app_and_ids(&scope.app, &operation.user_ids) {
                for row in tx.query(SQL, &parameters).await? {
                    *status.entry(row.get(0)?).or_default() |= row.get::<bool>(1)?;
                }
            }
            let users = operation.user_ids.iter().map(|id| TotpStatus {
                user_id: id.clone(),
                has_verified_device: status.get(id).copied(),
            });
            Ok(users.collect())
        });
        let users = self.store().read(body).await?;
        Ok(GetTotpStatusOfUsersResponse::Ok { users })
    }
}
