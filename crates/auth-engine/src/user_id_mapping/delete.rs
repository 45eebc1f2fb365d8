//! `POST /recipe/userid/map/remove`

use auth_protocol::{
    AppId, TenantScope, UserId,
    audit::AuditKind,
    user_id_mapping::{
        DeleteUserIdMapping, DeleteUserIdMappingResponse as Response, UserIdMapping, UserIdType,
    },
};

use super::{
    in_use,
    rows::{checked_id, find, is_own_id},
};
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    storage::{Tx, in_tx, params},
    tenancy::require_app,
};

const DELETE: &str = "DELETE FROM userid_mapping \
    WHERE app_id = $1 AND supertokens_user_id = $2 AND external_user_id = $3";

impl Handle<DeleteUserIdMapping> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: DeleteUserIdMapping,
    ) -> Result<Response, EngineError> {
        let id = checked_id("userId", &operation.user_id)?;
        let id_type = operation.user_id_type.unwrap_or_default();
        let force = operation.force.unwrap_or(false);
        let audit = self.audit();
        let body = in_tx!(scope, id, audit, |tx| {
            require_app(tx, &scope.app).await?;
            let deleted = delete(tx, &scope.app, &id, id_type, force).await?;
            let did_mapping_exist = deleted.is_some();
            if let Some(mapping) = deleted {
                let event = Event::succeeded(AuditKind::UserIdUnmapped);
                let event = event.user(&mapping.super_tokens_user_id);
                let event = event.detail("external_user", &mapping.external_user_id);
                audit.append_to_app(tx, &scope.app, event).await?;
            }
            Ok(Response::Ok { did_mapping_exist })
        });
        self.store().write(body).await
    }
}

async fn delete(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &UserId,
    id_type: UserIdType,
    force: bool,
) -> Result<Option<UserIdMapping>, EngineError> {
    let Some(mapping) = find(tx, app, id, id_type).await? else { return Ok(None) };
    let (own, external) = (&mapping.super_tokens_user_id, &mapping.external_user_id);
    // What is kept under another user's own id is that user's.
    if !force && !is_own_id(tx, app, external).await? {
        let found = in_use::what_has_data(tx, app, own, external).await?;
        if let Some(first) = found.first() {
            return Err(in_use::refusal(*first));
        }
    }
    let deleted = tx.execute(DELETE, params![app, own, external]).await?;
    Ok((deleted > 0).then_some(mapping))
}
