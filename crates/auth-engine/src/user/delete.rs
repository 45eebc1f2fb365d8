//! `POST /user/remove`

use auth_protocol::{
    AppId, TenantScope, UserId,
    audit::AuditKind,
    user::{DeleteUser, DeleteUserResponse},
};

use super::{counts, reservation};
use crate::{
    Engine, EngineError, Handle,
    activity::Leaving,
    audit::Event,
    digest::sha256_hex,
    parts::{Goes, PARTS, tables_of_users},
    storage::{Tx, in_tx, params},
    tenancy::require_app,
    user_id_mapping::{Known, ids_of_data},
};

/// The login methods of a user that still have an identity.
const LOCK_GROUP: &str = "SELECT u.user_id, EXISTS (SELECT 1 FROM recipe_user_account_infos i \
    WHERE i.app_id = u.app_id AND i.recipe_user_id = u.user_id) AS has_identity \
    FROM app_id_to_user_id u WHERE u.app_id = $1 AND u.primary_or_recipe_user_id = $2 \
    ORDER BY u.user_id FOR UPDATE";

impl Handle<DeleteUser> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: DeleteUser,
    ) -> Result<DeleteUserResponse, EngineError> {
        let audit = self.audit();
        let body = in_tx!(scope, operation, audit, |tx| {
            require_app(tx, &scope.app).await?;
            let (app, id) = (&scope.app, &operation.user_id);
            let Some(Group { id, primary, members, others_remain }) =
                Group::lock(tx, app, id).await?
            else {
                // Sessions and data under an id that the core doesn't know are of somebody whom
                // the application knows (CDI §5.4).
                return Ok(DeleteUserResponse::Ok);
            };
            let gone = if others_remain && !operation.remove_all_linked_accounts {
                delete_member(tx, app, &primary, &id).await?
            } else {
                delete_group(tx, app, &primary, &members).await?
            };
            let event = Event::succeeded(AuditKind::UserDeleted)
                .fact("user_digest", &sha256_hex(&format!("{app}:{primary}")))
                .fact("user_remains", &!gone.contains(&primary));
            audit.erase(tx, app, &gone, event).await?;
            Ok(DeleteUserResponse::Ok)
        });
        self.store().write(body).await
    }
}

/// The login methods of a user, whose rows are locked.
struct Group {
    /// The one that a caller names.
    id: UserId,
    primary: UserId,
    members: Vec<UserId>,
    /// Whether somebody can sign in by another one.
    others_remain: bool,
}

impl Group {
    /// Those of the user that an id belongs to: asked again where the login method was linked or
    /// unlinked before it was locked, as it is another user's then.
    async fn lock(tx: &mut Tx<'_>, app: &AppId, id: &UserId) -> Result<Option<Self>, EngineError> {
        while let Some(Known { id, primary, .. }) = Known::by_any_id(tx, app, id).await? {
            let mut group = Self { id, primary, members: Vec::new(), others_remain: false };
            // Nobody joins once the user's own row is held; the second time shows who did until then.
            group.read(tx, app).await?;
            group.read(tx, app).await?;
            if group.members.contains(&group.id) {
                return Ok(Some(group));
            }
        }
        Ok(None)
    }

    async fn read(&mut self, tx: &mut Tx<'_>, app: &AppId) -> Result<(), EngineError> {
        self.members.clear();
        self.others_remain = false;
        for row in tx.query(LOCK_GROUP, params![app, self.primary]).await? {
            let member: UserId = row.get("user_id")?;
            self.others_remain |= member != self.id && row.get::<bool>("has_identity")?;
            self.members.push(member);
        }
        Ok(())
    }
}

/// Deletes every login method of a user, and the user; says which ids nobody is known by any more,
/// so that the [audit log](crate::audit) forgets them, too.
pub(crate) async fn delete_group(
    tx: &mut Tx<'_>,
    app: &AppId,
    primary: &UserId,
    group: &[UserId],
) -> Result<Vec<UserId>, EngineError> {
    // In one statement, because the members refer to their head.
    const SQL: &str =
        "DELETE FROM app_id_to_user_id WHERE app_id = $1 AND primary_or_recipe_user_id = $2";
    let (mut gone, mut leaving) = (Vec::new(), Leaving::default());
    for id in group {
        end_login_method(tx, app, id).await?;
        gone.extend(forget(tx, app, id, &mut leaving).await?);
    }
    counts::forget(tx, app, primary).await?;
    leaving.write(tx, app).await?;
    tx.execute(SQL, params![app, primary]).await?;
    Ok(gone)
}

/// Deletes one login method of several. The head's own row stays, as it is the group's id. Says which
/// ids nobody is known by any more.
pub(crate) async fn delete_member(
    tx: &mut Tx<'_>,
    app: &AppId,
    primary: &UserId,
    id: &UserId,
) -> Result<Vec<UserId>, EngineError> {
    const SQL: &str = "DELETE FROM app_id_to_user_id WHERE app_id = $1 AND user_id = $2";
    end_login_method(tx, app, id).await?;
    reservation::release_unused(tx, app, primary).await?;
    let (mut gone, mut leaving) = (Vec::new(), Leaving::default());
    if id != primary {
        gone = forget(tx, app, id, &mut leaving).await?;
        tx.execute(SQL, params![app, id]).await?;
    }
    counts::settle(tx, app, &[primary]).await?;
    leaving.write(tx, app).await?;
    Ok(gone)
}

/// Deletes what is there to sign in by a login method, and what came of it.
async fn end_login_method(tx: &mut Tx<'_>, app: &AppId, id: &UserId) -> Result<(), EngineError> {
    for sql in PARTS.iter().flat_map(|part| part.before_deletion) {
        tx.execute(sql, params![app, id]).await?;
    }
    delete_rows(tx, app, id, Goes::LoginMethod).await
}

/// Deletes what is kept about a user outside of its login methods; says under which ids that was.
async fn forget(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &UserId,
    leaving: &mut Leaving,
) -> Result<Vec<UserId>, EngineError> {
    leaving.add(tx, app, id).await?;
    delete_rows(tx, app, id, Goes::OwnId).await?;
    let mut ids = ids_of_data(tx, app, id).await?;
    for chosen in &ids {
        delete_rows(tx, app, chosen, Goes::ChosenId).await?;
    }
    if !ids.contains(id) {
        ids.push(id.clone());
    }
    Ok(ids)
}

async fn delete_rows(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &UserId,
    goes: Goes,
) -> Result<(), EngineError> {
    for rows in tables_of_users().filter(|rows| rows.goes == goes) {
        tx.execute(rows.delete, params![app, id]).await?;
    }
    Ok(())
}
