//! Whether settings of the core can be a tenant's (CDI §6.2).

use std::collections::HashMap;

use auth_protocol::{AppId, JsonObject, TenantId};

use super::{apps::AppName, registry::inherited, stored, target::Place};
use crate::{
    EngineConfig, EngineError,
    core_config::{self, CoreKeyScope, Refusal},
    placement,
    storage::{Tx, params},
};

/// Whatever inherits from a domain's settings, and those settings.
const OF_DOMAIN: &str = "SELECT c.app_id, c.tenant_id, c.core_config FROM tenant_configs c \
    JOIN apps a ON a.app_id = c.app_id \
    WHERE a.connection_uri_domain = $1 AND c.core_config <> '{}' ORDER BY c.app_id, c.tenant_id";

/// Whatever inherits from an app's settings, those settings, and what they inherit from, `$2`.
const OF_APP: &str = "SELECT app_id, tenant_id, core_config FROM tenant_configs \
    WHERE (app_id = $1 OR (app_id = $2 AND tenant_id = 'public')) AND core_config <> '{}' \
    ORDER BY app_id, tenant_id";

/// Changes settings: a `null` takes one back.
pub(super) fn merge(settings: &mut JsonObject, update: &JsonObject) {
    for (key, value) in update {
        match value.is_null() {
            true => settings.shift_remove(key),
            false => settings.insert(key.clone(), value.clone()),
        };
    }
}

/// Refuses settings that a tenant can't have, or that nobody could inherit who has others set.
pub(super) async fn check(
    tx: &mut Tx<'_>,
    program: &EngineConfig,
    place: &Place,
    settings: &JsonObject,
) -> Result<(), EngineError> {
    for key in settings.keys() {
        if core_config::find(key).is_none() {
            return Err(invalid(&core_config::unknown(key).text));
        }
    }
    let mut all = Configs::load(tx, place).await?;
    let changed = place.scope();
    all.of.entry(changed.app.clone()).or_default().insert(changed.tenant.clone(), settings.clone());
    // The one that is changed first: it is the one that should be told of.
    let check = |app: &AppId, tenant: &TenantId| all.check(program, app, tenant);
    check(&changed.app, &changed.tenant).map_err(|refusal| invalid(&refusal.text))?;
    for (app, tenants) in &all.of {
        for tenant in tenants.keys() {
            check(app, tenant).map_err(|refusal| {
                let Refusal { text, .. } = refusal;
                invalid(&format!("{text} (of the tenant {tenant}, which inherits this)"))
            })?;
        }
    }
    let of_program = |key: &&String| {
        core_config::find(key).is_some_and(|key| key.scope() == CoreKeyScope::Program)
    };
    if let Some(key) = settings.keys().find(of_program) {
        return Err(invalid(&format!("{key} can only be set via the core's base config setting")));
    }
    placement::validate(program, settings).map_err(|error| invalid(&error.to_string()))
}

/// What is set for the tenants that inherit from each other.
struct Configs {
    /// The app whose public tenant's settings all apps of the domain inherit.
    of_domain: AppId,
    of: HashMap<AppId, HashMap<TenantId, JsonObject>>,
}

impl Configs {
    async fn load(tx: &mut Tx<'_>, place: &Place) -> Result<Self, EngineError> {
        let AppName { domain, app } = &place.app;
        let of_domain = AppName { domain: domain.clone(), app: AppId::default() }.stored_id();
        let rows = match app.is_public() && place.tenant.is_public() && !domain.is_empty() {
            true => tx.query(OF_DOMAIN, params![domain]).await?,
            false => tx.query(OF_APP, params![place.scope().app, of_domain]).await?,
        };
        let mut of: HashMap<AppId, HashMap<TenantId, JsonObject>> = HashMap::new();
        for row in rows {
            let settings = stored::read(&row.get::<String>("core_config")?)?;
            of.entry(row.get("app_id")?).or_default().insert(row.get("tenant_id")?, settings);
        }
        Ok(Self { of_domain, of })
    }

    fn own(&self, app: &AppId, tenant: &TenantId) -> Option<&JsonObject> {
        self.of.get(app).and_then(|of| of.get(tenant))
    }

    fn check(&self, program: &EngineConfig, app: &AppId, tenant: &TenantId) -> Result<(), Refusal> {
        let public = TenantId::default();
        let of_app = inherited([self.own(&self.of_domain, &public), self.own(app, &public)]);
        let own = self.own(app, tenant).filter(|_| !tenant.is_public());
        program.replaced(&inherited([Some(&of_app), own])).map(drop)?;
        for (name, value) in own.into_iter().flatten() {
            let key = core_config::find(name).ok_or_else(|| core_config::unknown(name))?;
            if key.scope() == CoreKeyScope::App && of_app.get(name) != Some(value) {
                let text = format!("You cannot set different values for {name} for the same appId");
                return Err(core_config::refusal(key.name(), text));
            }
        }
        Ok(())
    }
}

fn invalid(text: &str) -> EngineError {
    EngineError::BadRequest(format!("Invalid core config: {text}"))
}
