//! What callers of a tenant must keep to: the program's own rules, or those that are set for it
//! (CDI §6.2).

use std::collections::HashMap;

use auth_engine::Engine;
use auth_protocol::{CdiVersion, TenantId, TenantScope};
use parking_lot::Mutex;
use serde_json::Value;

use super::{ApiKeys, ClientRules};
use crate::{ServerConfig, answer::CdiError, server::Versions};

/// How many rules about addresses are kept ready.
const MOST: usize = 1_000;

type Texts = (Option<String>, Option<String>);

/// Rules about addresses that tenants have set, ready to be used.
#[derive(Default)]
pub(crate) struct TenantRules(Mutex<HashMap<Texts, ClientRules>>);

impl TenantRules {
    /// Which addresses may ask for a tenant.
    pub(crate) async fn clients(
        &self,
        engine: &Engine,
        config: &ServerConfig,
        scope: &TenantScope,
    ) -> Result<ClientRules, CdiError> {
        let allow = text(engine, scope, "ip_allow_regex").await?;
        let deny = text(engine, scope, "ip_deny_regex").await?;
        if allow.is_none() && deny.is_none() {
            return Ok(config.clients.clone());
        }
        let texts = (allow, deny);
        if let Some(rules) = self.0.lock().get(&texts) {
            return Ok(rules.clone());
        }
        let rules = match ClientRules::new(texts.0.as_deref(), texts.1.as_deref()) {
            // The tenant has set one of the two.
            Ok(rules) => rules.or(&config.clients),
            // It was checked when it was set; nobody is let in by a rule that can't be read.
            Err(_) => return Err(CdiError::Forbidden("Forbidden".to_owned())),
        };
        let mut known = self.0.lock();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(texts, rules.clone());
        Ok(rules)
    }
}

/// The keys of an app, where it has its own.
pub(crate) async fn api_keys(
    engine: &Engine,
    scope: &TenantScope,
) -> Result<Option<ApiKeys>, CdiError> {
    let public = TenantScope::new(scope.app.clone(), TenantId::default());
    let Some(list) = text(engine, &public, "api_keys").await? else { return Ok(None) };
    // Checked when they were set; a list that can't be read lets nobody in.
    ApiKeys::parse(&list).map(Some).map_err(|_| CdiError::InvalidApiKey)
}

/// The versions that an app is spoken to in.
pub(crate) async fn versions(
    engine: &Engine,
    config: &ServerConfig,
    scope: &TenantScope,
) -> Result<Versions, CdiError> {
    let read = async |name, own: Option<CdiVersion>| -> Result<Option<CdiVersion>, CdiError> {
        let text = text(engine, scope, name).await?;
        Ok(text.and_then(|text| text.parse().ok()).or(own))
    };
    Ok(Versions {
        min: read("supertokens_min_cdi_version", config.versions.min).await?,
        max: read("supertokens_max_cdi_version", config.versions.max).await?,
    })
}

async fn text(
    engine: &Engine,
    scope: &TenantScope,
    name: &str,
) -> Result<Option<String>, CdiError> {
    match engine.core_setting(scope, name).await? {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text)),
        _ => Ok(None),
    }
}
