//! What is set for a tenant, as it is stored.

use std::collections::HashMap;

use auth_protocol::{
    AppId, JsonObject, TenantId, TenantScope,
    multitenancy::{ProviderConfig, TenantConfig, ThirdPartyConfig},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    EngineError,
    storage::{Row, Tx, params},
};

/// One tenant, whether or not anything is set for it.
const FIND: &str = "SELECT t.tenant_id, c.core_config, c.first_factors, \
        c.required_secondary_factors, c.email_password_enabled, c.third_party_enabled, \
        c.passwordless_enabled FROM tenants t \
    LEFT JOIN tenant_configs c ON c.app_id = t.app_id AND c.tenant_id = t.tenant_id \
    WHERE t.app_id = $1 AND t.tenant_id = $2";

const ALL: &str = "SELECT t.tenant_id, c.core_config, c.first_factors, \
        c.required_secondary_factors, c.email_password_enabled, c.third_party_enabled, \
        c.passwordless_enabled FROM tenants t \
    LEFT JOIN tenant_configs c ON c.app_id = t.app_id AND c.tenant_id = t.tenant_id \
    WHERE t.app_id = $1 ORDER BY t.tenant_id";

const WRITE: &str = "INSERT INTO tenant_configs (app_id, tenant_id, core_config, first_factors, \
        required_secondary_factors, email_password_enabled, third_party_enabled, \
        passwordless_enabled) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (app_id, tenant_id) DO UPDATE SET \
        core_config = excluded.core_config, first_factors = excluded.first_factors, \
        required_secondary_factors = excluded.required_secondary_factors, \
        email_password_enabled = excluded.email_password_enabled, \
        third_party_enabled = excluded.third_party_enabled, \
        passwordless_enabled = excluded.passwordless_enabled";

const PROVIDERS: &str = "SELECT tenant_id, config FROM tenant_third_parties \
    WHERE app_id = $1 AND tenant_id = $2 ORDER BY created_at, third_party_id";

const ALL_PROVIDERS: &str = "SELECT tenant_id, config FROM tenant_third_parties \
    WHERE app_id = $1 ORDER BY tenant_id, created_at, third_party_id";

/// The factors that the recipe of one-time codes and links offers.
pub(super) const CODES: [&str; 4] = ["otp-email", "otp-phone", "link-email", "link-phone"];

/// What is set for a tenant, but for its third parties.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stored {
    pub(super) first_factors: Option<Vec<String>>,
    pub(super) required_secondary_factors: Option<Vec<String>>,
    pub(super) switches: Switches,
    pub(super) core_config: JsonObject,
}

/// Which recipes are on, as callers before CDI 5.1 set it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Switches {
    pub(super) email_password: bool,
    pub(super) third_party: bool,
    pub(super) passwordless: bool,
}

impl Switches {
    pub(super) const ON: Self =
        Self { email_password: true, third_party: true, passwordless: true };

    pub(super) const fn to_array(self) -> [bool; 3] {
        [self.email_password, self.third_party, self.passwordless]
    }

    pub(super) const fn from_array([email_password, third_party, passwordless]: [bool; 3]) -> Self {
        Self { email_password, third_party, passwordless }
    }

    /// The factors of the recipes that are on; `None` where all of them are.
    pub(super) fn factors(self) -> Option<Vec<String>> {
        if self == Self::ON {
            return None;
        }
        let mut factors = Vec::new();
        if self.email_password {
            factors.push("emailpassword");
        }
        if self.third_party {
            factors.push("thirdparty");
        }
        if self.passwordless {
            factors.extend(CODES);
        }
        Some(factors.into_iter().map(str::to_owned).collect())
    }
}

impl Default for Stored {
    /// Nothing is set: the application decides everything.
    fn default() -> Self {
        Self {
            first_factors: None,
            required_secondary_factors: None,
            switches: Switches::ON,
            core_config: JsonObject::new(),
        }
    }
}

impl Stored {
    /// What is set for a tenant; `None` where there is no such tenant.
    pub(super) async fn find(
        tx: &mut Tx<'_>,
        scope: &TenantScope,
    ) -> Result<Option<Self>, EngineError> {
        let row = tx.query_opt(FIND, params![scope.app, scope.tenant]).await?;
        row.map(|row| Self::from_row(&row)).transpose()
    }

    fn from_row(row: &Row) -> Result<Self, EngineError> {
        let Some(core_config) = row.get::<Option<String>>("core_config")? else {
            return Ok(Self::default());
        };
        let factors = |column| -> Result<Option<Vec<String>>, EngineError> {
            row.get::<Option<String>>(column)?.map(|text| read(&text)).transpose()
        };
        Ok(Self {
            first_factors: factors("first_factors")?,
            required_secondary_factors: factors("required_secondary_factors")?,
            switches: Switches {
                email_password: row.get("email_password_enabled")?,
                third_party: row.get("third_party_enabled")?,
                passwordless: row.get("passwordless_enabled")?,
            },
            core_config: read(&core_config)?,
        })
    }

    /// Writes it for a tenant that is there.
    pub(super) async fn write(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
    ) -> Result<(), EngineError> {
        let Switches { email_password, third_party, passwordless } = self.switches;
        let first = self.first_factors.as_ref().map(written).transpose()?;
        let required = self.required_secondary_factors.as_ref().map(written).transpose()?;
        let core_config = written(&self.core_config)?;
        let parameters = params![
            scope.app,
            scope.tenant,
            core_config,
            first,
            required,
            email_password,
            third_party,
            passwordless,
        ];
        tx.execute(WRITE, parameters).await?;
        Ok(())
    }

    /// As callers of CDI 5.1 and newer see it.
    pub(super) fn into_config(
        self,
        tenant_id: TenantId,
        providers: Vec<ProviderConfig>,
    ) -> TenantConfig {
        TenantConfig {
            tenant_id,
            third_party: ThirdPartyConfig { providers },
            first_factors: self.first_factors.or_else(|| self.switches.factors()),
            required_secondary_factors: self.required_secondary_factors,
            core_config: self.core_config,
        }
    }
}

/// A tenant with everything that is set for it.
pub(super) struct Complete {
    pub(super) tenant: TenantId,
    pub(super) stored: Stored,
    pub(super) providers: Vec<ProviderConfig>,
}

impl From<Complete> for TenantConfig {
    fn from(complete: Complete) -> Self {
        complete.stored.into_config(complete.tenant, complete.providers)
    }
}

/// A tenant of an app, complete; `None` where there is no such tenant.
pub(super) async fn one(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
) -> Result<Option<Complete>, EngineError> {
    let Some(stored) = Stored::find(tx, scope).await? else { return Ok(None) };
    let rows = tx.query(PROVIDERS, params![scope.app, scope.tenant]).await?;
    let providers = rows.iter().map(provider).collect::<Result<_, _>>()?;
    Ok(Some(Complete { tenant: scope.tenant.clone(), stored, providers }))
}

/// Every tenant of an app, complete, by name.
pub(super) async fn all(tx: &mut Tx<'_>, app: &AppId) -> Result<Vec<Complete>, EngineError> {
    let mut providers: HashMap<TenantId, Vec<ProviderConfig>> = HashMap::new();
    for row in tx.query(ALL_PROVIDERS, params![app]).await? {
        providers.entry(row.get("tenant_id")?).or_default().push(provider(&row)?);
    }
    let rows = tx.query(ALL, params![app]).await?;
    let complete = |row: &Row| {
        let tenant: TenantId = row.get("tenant_id")?;
        let providers = providers.remove(&tenant).unwrap_or_default();
        Ok(Complete { tenant, stored: Stored::from_row(row)?, providers })
    };
    rows.iter().map(complete).collect()
}

fn provider(row: &Row) -> Result<ProviderConfig, EngineError> {
    read(&row.get::<String>("config")?)
}

/// Reads what [`written`] wrote.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, EngineError> {
    // The error would show a part of what may be a secret.
    serde_json::from_str(text)
        .map_err(|_| EngineError::Internal("what is set for a tenant can't be read".to_owned()))
}

/// Something as JSON.
pub(super) fn written(value: &impl Serialize) -> Result<String, EngineError> {
    serde_json::to_string(value)
        .map_err(|_| EngineError::Internal("what is set for a tenant can't be written".to_owned()))
}
