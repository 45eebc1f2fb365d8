//! `POST /recipe/accountlinking/user/link`

use auth_protocol::{
    AppId, RecipeUserId, TenantScope,
    accountlinking::{LinkAccounts, LinkAccountsResponse as Response},
    audit::AuditKind,
};

use super::membership::{
    ALREADY_LINKED, Conflict, Membership, complete, conflict, end_sessions, join, own_id, write,
};
use crate::{
    Engine, EngineError, Handle,
    audit::{Audit, Event},
    storage::{Tx, in_tx},
    tenancy::require_app,
    user::counts,
    user_id_mapping::shown,
};

impl Handle<LinkAccounts> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: LinkAccounts,
    ) -> Result<Response, EngineError> {
        let audit = self.audit();
        let body = in_tx!(scope, operation, audit, |tx| {
            require_app(tx, &scope.app).await?;
            link(tx, &scope.app, &operation, &audit).await
        });
        write(self, body).await
    }
}

async fn link(
    tx: &mut Tx<'_>,
    app: &AppId,
    operation: &LinkAccounts,
    audit: &Audit,
) -> Result<Response, EngineError> {
    let head = own_id(tx, app, &operation.primary_user_id).await?;
    let head = Membership::find(tx, app, &head).await?.primary;
    let user_id = own_id(tx, app, &operation.recipe_user_id.clone().into()).await?;
    let id = &RecipeUserId::from(user_id.clone());
    let target = Membership::lock(tx, app, &head, &user_id).await?;
    if !target.is_linked_or_primary || target.primary != head {
        return Ok(Response::InputUserIsNotAPrimaryUser);
    }
    let row = Membership::find(tx, app, &user_id).await?;
    if row.is_linked_or_primary {
        let user = complete(tx, app, &row.primary).await?;
        return Ok(match row.primary == head {
            true => Response::Ok { accounts_already_linked: true, user },
            false => Response::RecipeUserIdAlreadyLinkedWithAnotherPrimaryUserIdError {
                primary_user_id: shown(tx, app, row.primary).await?,
                description: ALREADY_LINKED.to_owned(),
                user,
            },
        });
    }
    if let Some(found) = conflict(tx, app, &head, id).await? {
        let Conflict { primary_user_id, description } = found;
        return Ok(Response::AccountInfoAlreadyAssociatedWithAnotherPrimaryUserIdError {
            primary_user_id,
            description,
        });
    }
    join(tx, app, &head, id).await?;
    let ended = end_sessions(tx, app, id).await?;
    counts::settle(tx, app, &[&head, &user_id]).await?;
    let user = complete(tx, app, &head).await?;
    let event = Event::succeeded(AuditKind::AccountLinked).user(&head);
    audit
        .append_to_app(
            tx,
            app,
            event.fact("sessions_ended", &ended).detail("recipe_user", &user_id),
        )
        .await?;
    Ok(Response::Ok { accounts_already_linked: false, user })
}
