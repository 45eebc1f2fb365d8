//! `POST /recipe/userid/map`

use auth_protocol::{
    AppId, CdiVersion, TenantScope, UserId,
    audit::AuditKind,
    user_id_mapping::{CreateUserIdMapping, CreateUserIdMappingResponse as Response, UserIdType},
};

use super::{
    in_use,
    rows::{checked_id, checked_info, find, is_own_id, lock_user},
};
use crate::{
    Engine, EngineError, Handle, activity,
    audit::Event,
    parts::tables_of_users,
    storage::{Tx, in_tx, params},
    tenancy::require_app,
};

const INSERT: &str = "INSERT INTO userid_mapping \
    (app_id, supertokens_user_id, external_user_id, external_user_id_info) \
    VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

/// A mapping about to be stored.
#[derive(Clone)]
struct NewMapping {
    own: UserId,
    external: UserId,
    info: Option<String>,
    force: bool,
    version: CdiVersion,
}

impl Handle<CreateUserIdMapping> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreateUserIdMapping,
    ) -> Result<Response, EngineError> {
        let new = NewMapping {
            own: checked_id("superTokensUserId", &operation.super_tokens_user_id)?,
            external: checked_id("externalUserId", &operation.external_user_id)?,
            info: checked_info(operation.external_user_id_info.as_deref())?,
            force: operation.force.unwrap_or(false),
            version: operation.cdi_version,
        };
        let audit = self.audit();
        let body = in_tx!(scope, new, audit, |tx| {
            require_app(tx, &scope.app).await?;
            let response = create(tx, &scope.app, &new).await?;
            if response == Response::Ok {
                let event = Event::succeeded(AuditKind::UserIdMapped).user(&new.own);
                let event = event.detail("external_user", &new.external);
                audit.append_to_app(tx, &scope.app, event).await?;
            }
            Ok(response)
        });
        self.store().write(body).await
    }
}

async fn create(tx: &mut Tx<'_>, app: &AppId, new: &NewMapping) -> Result<Response, EngineError> {
    let NewMapping { own, external, info, force, .. } = new;
    let is_known = lock_user(tx, app, own).await?;
    if let Some(refused) = existing(tx, app, new).await? {
        return Ok(refused);
    }
    if !is_known {
        return Ok(Response::UnknownSuperTokensUserIdError);
    }
    let is_of_another_user = is_own_id(tx, app, external).await?;
    if !force {
        if is_of_another_user {
            let text = "Cannot create a userId mapping where the externalId is also a SuperTokens \
                        userID";
            return Err(EngineError::BadRequest(text.to_owned()));
        }
        refuse_if_in_use(tx, app, new).await?;
    }
    if tx.execute(INSERT, params![app, own, external, info]).await? == 0 {
        // Another one was quicker, and its row is there now.
        let refused = existing(tx, app, new).await?;
        return refused.ok_or_else(|| {
            EngineError::overtaken("another mapping of an id came and went meanwhile")
        });
    }
    // Another user's own id is shared: what is kept under it is that user's.
    if !is_of_another_user {
        activity::adopt(tx, app, own, external).await?;
        for sql in tables_of_users().flat_map(|rows| rows.adopt) {
            tx.execute(sql, params![app, own, external]).await?;
        }
    }
    Ok(Response::Ok)
}

/// The refusal where one of the ids is mapped.
async fn existing(
    tx: &mut Tx<'_>,
    app: &AppId,
    new: &NewMapping,
) -> Result<Option<Response>, EngineError> {
    let own = find(tx, app, &new.own, UserIdType::SuperTokens).await?.is_some();
    let external = find(tx, app, &new.external, UserIdType::External).await?.is_some();
    Ok((own || external).then_some(Response::UserIdMappingAlreadyExistsError {
        does_super_tokens_user_id_exist: own,
        does_external_user_id_exist: external,
    }))
}

async fn refuse_if_in_use(
    tx: &mut Tx<'_>,
    app: &AppId,
    new: &NewMapping,
) -> Result<(), EngineError> {
    match in_use::what_has_data(tx, app, &new.own, &new.own).await?[..] {
        [] => Ok(()),
        [only] if only.allowed_alone_from.is_some_and(|from| new.version >= from) => Ok(()),
        [first, ..] => Err(in_use::refusal(first)),
    }
}
