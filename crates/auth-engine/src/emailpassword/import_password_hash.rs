//! `POST /recipe/user/passwordhash/import`

use auth_protocol::{
    RecipeUserId, Secret, TenantScope,
    audit::AuditKind,
    emailpassword::{ImportPasswordHash, ImportPasswordHashResponse},
};

use super::rows::{NewUser, find, insert, set_hash};
use crate::{
    Engine, EngineError, Handle, audit::Event, normalise::email_to_store, storage::in_tx,
    tenancy::require_tenant, user,
};

/// What the column holds.
const LONGEST_HASH: usize = 256;

const OWNER_IS_GONE: &str = "the owner of an address was deleted while its hash was imported";

impl Handle<ImportPasswordHash> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ImportPasswordHash,
    ) -> Result<ImportPasswordHashResponse, EngineError> {
        let hash = Secret::from(operation.password_hash.expose_secret().trim());
        let refuse = |text: &str| Err(EngineError::BadRequest(text.to_owned()));
        if hash.is_empty() {
            return refuse("Password hash cannot be an empty string");
        }
        if hash.expose_secret().len() > LONGEST_HASH {
            return refuse("Password hash has an invalid length");
        }
        self.hasher().check_imported(&hash, operation.hashing_algorithm)?;
        let new = NewUser {
            id: RecipeUserId::from(self.random().uuid()?.to_string()),
            email: email_to_store(&operation.email)?,
            password_hash: hash,
            time_joined: self.clock().now_ms(),
        };
        let audit = self.audit();
        let body = in_tx!(scope, new, audit, |tx| {
            require_tenant(tx, &scope).await?;
            let created = insert(tx, &scope, &new).await?;
            let id = if created {
                new.id
            } else {
                // The address is taken, so that its owner is there, or was until now.
                let owner = find(tx, &scope, &new.email).await?;
                let (id, _) = owner.ok_or_else(|| EngineError::overtaken(OWNER_IS_GONE))?;
                set_hash(tx, &scope.app, &id, &new.password_hash).await?;
                id
            };
            let (known, user) = user::find_met(tx, &scope.app, &id).await?;
            let event = Event::succeeded(AuditKind::PasswordImported).user(&known.primary);
            audit.append(tx, &scope, event.fact("created", &created)).await?;
            Ok((user, !created))
        });
        let (user, did_user_already_exist) = self.store().write(body).await?;
        Ok(ImportPasswordHashResponse::Ok { user, did_user_already_exist })
    }
}
