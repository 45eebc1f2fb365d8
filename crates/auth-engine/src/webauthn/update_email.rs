//! `PUT /recipe/webauthn/user/email`

use auth_protocol::{
    AppId, RecipeUserId, TenantScope, UserId,
    audit::AuditKind,
    webauthn::{UpdatePasskeyEmail, UpdatePasskeyEmailResponse as Response},
};

use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    normalise::email_to_store,
    storage::{Tx, in_tx, params},
    tenancy::require_tenant,
    user::{IdentityKind, reservation},
    user_id_mapping::Known,
};

const KIND: IdentityKind = IdentityKind::Email;

const FIND: &str = "SELECT w.email, u.primary_or_recipe_user_id, u.is_linked_or_is_a_primary_user \
    FROM app_id_to_user_id u \
    JOIN webauthn_users w ON w.app_id = u.app_id AND w.user_id = u.user_id \
    WHERE u.app_id = $1 AND u.user_id = $2 FOR UPDATE";

/// Every row that holds the address, the reservation first: it is what another user may have.
const SET_EMAIL: [&str; 3] = [
    "UPDATE recipe_user_tenants SET account_info_value = $3 WHERE app_id = $1 \
        AND recipe_user_id = $2 AND recipe_id = 'webauthn' AND account_info_type = 'email'",
    "UPDATE recipe_user_account_infos SET account_info_value = $3 WHERE app_id = $1 \
        AND recipe_user_id = $2 AND recipe_id = 'webauthn' AND account_info_type = 'email'",
    "UPDATE webauthn_users SET email = $3 WHERE app_id = $1 AND user_id = $2",
];

impl Handle<UpdatePasskeyEmail> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: UpdatePasskeyEmail,
    ) -> Result<Response, EngineError> {
        let email = email_to_store(&operation.email)?;
        let id = operation.recipe_user_id;
        let audit = self.audit();
        let body = in_tx!(scope, id, email, audit, |tx| {
            require_tenant(tx, &scope).await?;
            let Some(known) = Known::by_any_id(tx, &scope.app, &id.into()).await? else {
                return Ok(Response::UnknownUserIdError);
            };
            let id = known.recipe_user_id();
            let Some(row) = tx.query_opt(FIND, params![scope.app, id]).await? else {
                return Ok(Response::UnknownUserIdError);
            };
            let old: String = row.get("email")?;
            if email == old {
                return Ok(Response::Ok);
            }
            let primary = Known::primary_in(&row)?;
            if let Some(primary) = &primary
                && reservation::has_other_owner(tx, &scope.app, primary, KIND, &email).await?
            {
                return Ok(Response::UserWithEmailAlreadyExistsError);
            }
            set_email(tx, &scope.app, &id, primary.as_ref(), &email).await?;
            let event = Event::succeeded(AuditKind::EmailChanged).user(&known.primary);
            let event = event.detail("from", &old).detail("to", &email);
            audit.append_all_to_app(tx, &scope.app, vec![event]).await?;
            Ok(Response::Ok)
        });
        match self.store().write(body).await {
            Err(error) if error.is_unique_violation() => Ok(Response::EmailAlreadyExistsError),
            result => result,
        }
    }
}

async fn set_email(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &RecipeUserId,
    primary: Option<&UserId>,
    email: &str,
) -> Result<(), EngineError> {
    for sql in SET_EMAIL {
        tx.execute(sql, params![app, id, email]).await?;
    }
    if let Some(primary) = primary {
        reservation::own(tx, app, primary, KIND, email).await?;
        reservation::release_unused(tx, app, primary).await?;
    }
    Ok(())
}
