//! Ids that callers give and get, and the core's own.

use auth_protocol::{AppId, RecipeUserId, UserId};

use crate::{
    EngineError,
    storage::{Row, Tx, params},
};

/// A login method by all its ids.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// The core's own id of the login method.
    pub(crate) id: UserId,
    /// The core's own id of the user that it belongs to.
    pub(crate) primary: UserId,
    /// The login method's id for callers.
    pub(crate) shown_id: RecipeUserId,
    /// The user's id for callers.
    pub(crate) shown_primary: UserId,
}

/// One lookup by the core's own id, which must be that.
macro_rules! select {
    ($id:literal) => {
        concat!(
            "SELECT u.user_id, u.primary_or_recipe_user_id, \
                COALESCE(m.external_user_id, u.user_id) AS shown_id, \
                COALESCE(p.external_user_id, u.primary_or_recipe_user_id) AS shown_primary \
             FROM app_id_to_user_id u \
             LEFT JOIN userid_mapping m ON m.app_id = u.app_id \
                AND m.supertokens_user_id = u.user_id \
             LEFT JOIN userid_mapping p ON p.app_id = u.app_id \
                AND p.supertokens_user_id = u.primary_or_recipe_user_id \
             WHERE u.app_id = $1 AND u.user_id = ",
            $id
        )
    };
}

const BY_OWN_ID: &str = select!("$2");

/// In the same statement, so that an id costs one lookup whichever it is. The core's own is
/// preferred among ids that are mapped; an id that isn't mapped can only be the core's own.
const BY_ANY_ID: &str = select!(
    "COALESCE((SELECT own.supertokens_user_id FROM userid_mapping own \
        WHERE own.app_id = $1 AND own.supertokens_user_id = $2), \
     (SELECT other.supertokens_user_id FROM userid_mapping other \
        WHERE other.app_id = $1 AND other.external_user_id = $2), $2)"
);

impl Known {
    /// The login method with an id from the core's own tables.
    pub(crate) async fn by_own_id(
        tx: &mut Tx<'_>,
        app: &AppId,
        id: &UserId,
    ) -> Result<Option<Self>, EngineError> {
        let row = tx.query_opt(BY_OWN_ID, params![app, id]).await?;
        row.map(|row| Self::from_row(&row)).transpose()
    }

    /// The login method with an id that a caller gave.
    pub(crate) async fn by_any_id(
        tx: &mut Tx<'_>,
        app: &AppId,
        id: &UserId,
    ) -> Result<Option<Self>, EngineError> {
        let row = tx.query_opt(BY_ANY_ID, params![app, id]).await?;
        row.map(|row| Self::from_row(&row)).transpose()
    }

    fn from_row(row: &Row) -> Result<Self, EngineError> {
        Ok(Self {
            id: row.get("user_id")?,
            primary: row.get("primary_or_recipe_user_id")?,
            shown_id: row.get("shown_id")?,
            shown_primary: row.get("shown_primary")?,
        })
    }

    /// The primary user that a login method is or belongs to, by its row of `app_id_to_user_id`.
    pub(crate) fn primary_in(row: &Row) -> Result<Option<UserId>, EngineError> {
        match row.get("is_linked_or_is_a_primary_user")? {
            true => row.get("primary_or_recipe_user_id").map(Some),
            false => Ok(None),
        }
    }

    /// The core's own id of the login method, as one.
    pub(crate) fn recipe_user_id(&self) -> RecipeUserId {
        self.id.clone().into()
    }
}

/// The id that callers get for one of the core's own.
pub(crate) async fn shown(tx: &mut Tx<'_>, app: &AppId, id: UserId) -> Result<UserId, EngineError> {
    const SQL: &str = "SELECT external_user_id FROM userid_mapping \
        WHERE app_id = $1 AND supertokens_user_id = $2";
    match tx.query_opt(SQL, params![app, id]).await? {
        Some(row) => row.get("external_user_id"),
        None => Ok(id),
    }
}

/// The ids under which callers keep data of one user, and of no other: both of its ids, but for the
/// core's own where it is another user's external id, and the external one where it is another
/// user's own.
pub(crate) async fn ids_of_data(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &UserId,
) -> Result<Vec<UserId>, EngineError> {
    const SQL: &str = "SELECT u.user_id AS id FROM app_id_to_user_id u \
            WHERE u.app_id = $1 AND u.user_id = $2 AND NOT EXISTS \
                (SELECT 1 FROM userid_mapping o \
                 WHERE o.app_id = u.app_id AND o.external_user_id = u.user_id) \
        UNION ALL SELECT m.external_user_id AS id FROM userid_mapping m \
            WHERE m.app_id = $1 AND m.supertokens_user_id = $2 AND NOT EXISTS \
                (SELECT 1 FROM app_id_to_user_id o \
                 WHERE o.app_id = m.app_id AND o.user_id = m.external_user_id)";
    tx.query(SQL, params![app, id]).await?.iter().map(|row| row.get("id")).collect()
}
