//! Users who are deleted: what tells of them goes, and the chains stay whole.

use std::collections::BTreeSet;

use auth_protocol::{AppId, TenantId, TenantScope, UserId};

use super::{append::Audit, event::Event};
use crate::{
    EngineError,
    storage::{Tx, params},
};

/// Nothing is appended to any chain of the app from here on, so that no entry about the user comes
/// after its erasure. Always in one order, so that two of them don't wait for each other.
const LOCK_ALL: &str =
    "SELECT tenant_id FROM audit_log_heads WHERE app_id = $1 ORDER BY tenant_id FOR UPDATE";

const FIND: &str = "SELECT tenant_id FROM audit_log_entries WHERE app_id = $1 AND user_id = $2 \
    UNION SELECT tenant_id FROM audit_log_entries WHERE app_id = $1 AND acting_user_id = $2";

/// What tells of anybody.
macro_rules! erase {
    ($column:literal) => {
        concat!(
            "UPDATE audit_log_entries SET user_id = NULL, acting_user_id = NULL, address = NULL, \
             user_agent = NULL, api = NULL, session_handle = NULL, details = NULL, salt = NULL \
             WHERE app_id = $1 AND tenant_id = $2 AND ",
            $column,
            " = $3"
        )
    };
}

/// Nobody can ask for the chains of an app that is gone.
const DELETE_APP: [&str; 4] = [
    "DELETE FROM audit_log_entries WHERE app_id = $1",
    "DELETE FROM audit_log_checkpoints WHERE app_id = $1",
    "DELETE FROM audit_log_consumers WHERE app_id = $1",
    "DELETE FROM audit_log_heads WHERE app_id = $1",
];

const ERASE: [&str; 2] = [erase!("user_id"), erase!("acting_user_id")];

impl Audit {
    /// Deletes the chains of an app that is being deleted.
    pub(crate) async fn delete_app(&self, tx: &mut Tx<'_>, app: &AppId) -> Result<(), EngineError> {
        tx.query(LOCK_ALL, params![app]).await?;
        for sql in DELETE_APP {
            tx.execute(sql, params![app]).await?;
        }
        Ok(())
    }

    /// Takes everything that tells of a user, by all its ids, out of the entries of an app, and
    /// appends `event` to each chain that has some, with how many they were: who verifies the log can
    /// tell them from entries that somebody else emptied. The event goes to the chain of what isn't one
    /// tenant's in any case, and names its caller only where that is another user.
    pub(crate) async fn erase(
        &self,
        tx: &mut Tx<'_>,
        app: &AppId,
        ids: &[UserId],
        mut event: Event,
    ) -> Result<(), EngineError> {
        tx.query(LOCK_ALL, params![app]).await?;
        let mut tenants: BTreeSet<TenantId> = BTreeSet::new();
        for id in ids {
            for row in tx.query(FIND, params![app, id]).await? {
                tenants.insert(row.get("tenant_id")?);
            }
        }
        let acting = self.caller().acting_user.as_ref();
        event.names_caller = acting.is_some_and(|acting| !ids.contains(acting));
        if self.is_on() {
            tenants.insert(self.app_chain().clone());
        }
        for tenant in tenants {
            let mut erased = 0;
            for id in ids {
                for sql in ERASE {
                    erased += tx.execute(sql, params![app, tenant, id]).await?;
                }
            }
            let event = event.clone().fact("erased", &erased);
            let scope = TenantScope::new(app.clone(), tenant);
            self.write_all(tx, &scope, vec![event]).await?;
        }
        Ok(())
    }
}
