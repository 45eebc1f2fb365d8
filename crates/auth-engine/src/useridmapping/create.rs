//! `POST /recipe/userid/map`

use auth_protocol::{
    AppId, CdiVersion, TenantScope, UserId,
    useridmapping::{CreateUserIdMapping, CreateUserIdMappingResponse as Response, UserIdType},
};

use super::{
    in_use::{self, EMAIL_VERIFICATION},
    rows::{checked_id, checked_info, find, is_own_id, lock_user},
};
use crate::{
    Engine, EngineError, Handle,
    storage::{Tx, in_tx, params},
    tenancy::require_app,
};

const INSERT: &str = "INSERT INTO userid_mapping \
    (app_id, supertokens_user_id, external_user_id, external_user_id_info) \
    VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

/// What was kept for a user that the core didn't know by this id yet, now under its own one.
const ADOPT: [&str; 3] = [
    "UPDATE session_info SET user_id = $2 WHERE app_id = $1 AND user_id = $3",
    "INSERT INTO emailverification_verified_emails (app_id, user_id, email) \
        SELECT v.app_id, $2, v.email FROM emailverification_verified_emails v \
        WHERE v.app_id = $1 AND v.user_id = $3 ON CONFLICT DO NOTHING",
    "INSERT INTO user_last_active (app_id, user_id, last_active_time) \
        SELECT a.app_id, $2, a.last_active_time FROM user_last_active a \
        WHERE a.app_id = $1 AND a.user_id = $3 ON CONFLICT DO NOTHING",
];

const FORGET: [&str; 2] = [
    "DELETE FROM emailverification_verified_emails WHERE app_id = $1 AND user_id = $2",
    "DELETE FROM user_last_active WHERE app_id = $1 AND user_id = $2",
];

/// A mapping about to be stored.
#[derive(Clone)]
struct NewMapping {
    own: UserId,
    external: UserId,
    info: Option<String>,
    force: bool,
    /// Whether verified addresses don't stand in the way.
    may_have_verified_emails: bool,
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
            may_have_verified_emails: operation.cdi_version >= CdiVersion::V4_0,
        };
        let body = in_tx!(scope, new, |tx| {
            require_app(tx, &scope.app).await?;
            create(tx, &scope.app, &new).await
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
            EngineError::Internal("a mapping was neither stored nor there".to_owned())
        });
    }
    // Another user's own id is shared: what is kept under it is that user's.
    if !is_of_another_user {
        for sql in ADOPT {
            tx.execute(sql, params![app, own, external]).await?;
        }
        for sql in FORGET {
            tx.execute(sql, params![app, external]).await?;
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
    match in_use::recipes_with_data(tx, app, &new.own, &new.own).await?[..] {
        [] => Ok(()),
        [EMAIL_VERIFICATION] if new.may_have_verified_emails => Ok(()),
        [recipe, ..] => Err(in_use::refusal(recipe)),
    }
}
