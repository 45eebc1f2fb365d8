//! The rows of options.

use auth_protocol::{TenantScope, webauthn::PasskeyOptions};
use auth_webauthn::{Algorithm, Expected};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::{asked::as_clients_write, refusal::Refusal};
use crate::{
    EngineError, Random,
    storage::{Row, Tx, params},
};

/// Options as they are kept.
#[derive(Clone)]
pub(super) struct Options {
    pub(super) id: String,
    /// base64url.
    pub(super) challenge: String,
    /// For whom a passkey is made, with the handle in base64url; `None` where one is used.
    pub(super) user: Option<(String, String)>,
    pub(super) rp_id: String,
    pub(super) rp_name: String,
    pub(super) origin: String,
    /// The origins of other sites that may show the page, as clients write them.
    pub(super) related_origins: Vec<String>,
    /// What was offered.
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) user_presence: bool,
    pub(super) user_verification: String,
    pub(super) created_at: i64,
    pub(super) expires_at: i64,
    /// The digest of the answer that they were used by, where it may be shown once more.
    pub(super) used_by: Option<String>,
}

const INSERT: &str = "INSERT INTO webauthn_generated_options (app_id, tenant_id, id, challenge, \
    email, user_handle, rp_id, rp_name, origin, algorithms, user_presence_required, \
    user_verification, created_at, expires_at, related_origins) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

macro_rules! find {
    ($lock:literal) => {
        concat!(
            "SELECT id, challenge, email, user_handle, rp_id, rp_name, origin, algorithms, \
             user_presence_required, user_verification, created_at, expires_at, used_by, related_origins \
             FROM webauthn_generated_options \
             WHERE app_id = $1 AND tenant_id = $2 AND id = $3",
            $lock
        )
    };
}

const FIND: &str = find!("");
const LOCK: &str = find!(" FOR UPDATE");

const DELETE: &str = "DELETE FROM webauthn_generated_options \
    WHERE app_id = $1 AND tenant_id = $2 AND id = $3";

/// Only by who comes first.
const USE_UP: &str = "DELETE FROM webauthn_generated_options \
    WHERE app_id = $1 AND tenant_id = $2 AND id = $3 AND used_by IS NULL";
const USE_FIRST: &str = "UPDATE webauthn_generated_options SET used_by = $4 \
    WHERE app_id = $1 AND tenant_id = $2 AND id = $3 AND used_by IS NULL";
/// Only by the same answer.
const USE_AGAIN: &str = "DELETE FROM webauthn_generated_options \
    WHERE app_id = $1 AND tenant_id = $2 AND id = $3 AND used_by = $4";

/// 256 random bits, in base64url.
pub(super) fn challenge(random: &Random) -> Result<String, EngineError> {
    let mut bytes = [0; 32];
    random.fill(&mut bytes)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

impl Options {
    pub(super) async fn insert(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
    ) -> Result<(), EngineError> {
        let (email, handle) = self.user.as_ref().map(|(email, handle)| (email, handle)).unzip();
        let ids: Vec<String> = self.algorithms.iter().map(|one| one.id().to_string()).collect();
        let ids = ids.join(" ");
        let related_origins = self.related_origins.join(" ");
        let parameters = params![
            scope.app,
            scope.tenant,
            self.id,
            self.challenge,
            email,
            handle,
            self.rp_id,
            self.rp_name,
            self.origin,
            ids,
            self.user_presence,
            self.user_verification,
            self.created_at,
            self.expires_at,
            related_origins,
        ];
        tx.execute(INSERT, parameters).await?;
        Ok(())
    }

    pub(super) async fn find(
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        id: &str,
    ) -> Result<Option<Self>, EngineError> {
        let row = tx.query_opt(FIND, params![scope.app, scope.tenant, id]).await?;
        row.map(|row| Self::from_row(&row)).transpose()
    }

    /// Locks options that are about to be used up, until the transaction's end; false where they are
    /// gone.
    pub(super) async fn lock(
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        id: &str,
    ) -> Result<bool, EngineError> {
        Ok(tx.query_opt(LOCK, params![scope.app, scope.tenant, id]).await?.is_some())
    }

    /// Deletes options; false where there are none.
    pub(super) async fn delete(
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        id: &str,
    ) -> Result<bool, EngineError> {
        Ok(tx.execute(DELETE, params![scope.app, scope.tenant, id]).await? > 0)
    }

    /// Uses options up by an answer; false where another one was quicker. They stay for the same
    /// answer once more where it is to be shown `twice`.
    pub(super) async fn use_up(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        answer: &str,
        twice: bool,
    ) -> Result<bool, EngineError> {
        let place = params![scope.app, scope.tenant, self.id];
        let with_answer = params![scope.app, scope.tenant, self.id, answer];
        let changed = match (&self.used_by, twice) {
            (Some(_), _) => tx.execute(USE_AGAIN, with_answer).await?,
            (None, true) => tx.execute(USE_FIRST, with_answer).await?,
            (None, false) => tx.execute(USE_UP, place).await?,
        };
        Ok(changed > 0)
    }

    fn from_row(row: &Row) -> Result<Self, EngineError> {
        let email: Option<String> = row.get("email")?;
        let handle: Option<String> = row.get("user_handle")?;
        let algorithms: String = row.get("algorithms")?;
        let related_origins: String = row.get("related_origins")?;
        let ids = algorithms.split_ascii_whitespace().filter_map(|id| id.parse().ok());
        Ok(Self {
            id: row.get("id")?,
            challenge: row.get("challenge")?,
            user: email.zip(handle),
            rp_id: row.get("rp_id")?,
            rp_name: row.get("rp_name")?,
            origin: row.get("origin")?,
            related_origins: related_origins.split_ascii_whitespace().map(str::to_owned).collect(),
            algorithms: ids.filter_map(Algorithm::from_id).collect(),
            user_presence: row.get("user_presence_required")?,
            user_verification: row.get("user_verification")?,
            created_at: row.get("created_at")?,
            expires_at: row.get("expires_at")?,
            used_by: row.get("used_by")?,
        })
    }

    pub(super) fn timeout(&self) -> i64 {
        self.expires_at.saturating_sub(self.created_at)
    }

    /// Whether an answer may still be held against them.
    pub(super) fn check(&self, is_registration: bool, now_ms: i64) -> Result<(), Refusal> {
        if self.expires_at < now_ms {
            return Err(Refusal::Options("The options have expired".to_owned()));
        }
        if self.user.is_some() != is_registration {
            return Err(Refusal::Options("The options are for something else".to_owned()));
        }
        Ok(())
    }

    /// Holds an answer against them.
    pub(super) fn hold_against<T>(
        &self,
        verify: impl FnOnce(Expected<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let challenge = BASE64_URL_SAFE_NO_PAD.decode(&self.challenge).unwrap_or_default();
        let origin = as_clients_write(&self.origin);
        let mut expected = Expected::new(&challenge, &self.rp_id, &origin);
        for origin in &self.related_origins {
            expected = expected.origin(origin);
        }
        if !self.user_presence {
            expected = expected.without_user_presence();
        }
        if self.user_verification == "required" {
            expected = expected.require_user_verification();
        }
        verify(expected)
    }
}

impl From<Options> for PasskeyOptions {
    fn from(options: Options) -> Self {
        Self {
            timeout: options.timeout(),
            webauthn_generated_options_id: options.id,
            relying_party_id: options.rp_id,
            relying_party_name: options.rp_name,
            challenge: options.challenge,
            origin: options.origin,
            email: options.user.map(|(email, _)| email),
            created_at: options.created_at,
            expires_at: options.expires_at,
            user_verification: options.user_verification,
            user_presence: options.user_presence,
        }
    }
}
