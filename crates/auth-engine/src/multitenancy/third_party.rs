//! `PUT /recipe/multitenancy/config/thirdparty`,
//! `POST /recipe/multitenancy/config/thirdparty/remove`

use std::collections::HashSet;

use auth_protocol::{
    JsonObject, TenantScope,
    audit::AuditKind,
    multitenancy::{
        CreateOrUpdateThirdPartyConfig, CreateOrUpdateThirdPartyConfigResponse, ProviderConfig,
        RemoveThirdPartyConfig, RemoveThirdPartyConfigResponse,
    },
};
use serde_json::Value;

use super::stored::written;
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    storage::{in_tx, params},
    tenancy::{of_known_tenant, require_tenant},
};

/// What the column holds.
const LONGEST_ID: usize = 28;

const ADD: &str = "INSERT INTO tenant_third_parties (app_id, tenant_id, third_party_id, config, \
    created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";

const REPLACE: &str = "UPDATE tenant_third_parties SET config = $4 \
    WHERE app_id = $1 AND tenant_id = $2 AND third_party_id = $3";

const REMOVE: &str = "DELETE FROM tenant_third_parties \
    WHERE app_id = $1 AND tenant_id = $2 AND third_party_id = $3";

impl Handle<CreateOrUpdateThirdPartyConfig> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreateOrUpdateThirdPartyConfig,
    ) -> Result<CreateOrUpdateThirdPartyConfigResponse, EngineError> {
        let CreateOrUpdateThirdPartyConfig { mut config, skip_validation } = operation;
        config.third_party_id = config.third_party_id.trim().to_owned();
        check_id(&config)?;
        if skip_validation != Some(true) {
            check_clients(&config)?;
        }
        let (id, config) = (config.third_party_id.clone(), written(&config)?);
        let (audit, now_ms) = (self.audit(), self.clock().now_ms());
        let body = in_tx!(scope, id, config, audit, |tx| {
            require_tenant(tx, &scope).await?;
            let row = params![scope.app, scope.tenant, id, config, now_ms];
            let created_new = of_known_tenant(&scope, tx.execute(ADD, row).await)? > 0;
            if !created_new {
                tx.execute(REPLACE, params![scope.app, scope.tenant, id, config]).await?;
            }
            let event = Event::succeeded(AuditKind::ThirdPartyChanged);
            let event = event.fact("third_party", &id).fact("created", &created_new);
            audit.append(tx, &scope, event).await?;
            Ok(CreateOrUpdateThirdPartyConfigResponse::Ok { created_new })
        });
        self.store().write(body).await
    }
}

impl Handle<RemoveThirdPartyConfig> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RemoveThirdPartyConfig,
    ) -> Result<RemoveThirdPartyConfigResponse, EngineError> {
        let id = operation.third_party_id.trim().to_owned();
        let audit = self.audit();
        let body = in_tx!(scope, id, audit, |tx| {
            require_tenant(tx, &scope).await?;
            let removed = tx.execute(REMOVE, params![scope.app, scope.tenant, id]).await?;
            if removed > 0 {
                let event = Event::succeeded(AuditKind::ThirdPartyRemoved);
                audit.append(tx, &scope, event.fact("third_party", &id)).await?;
            }
            Ok(RemoveThirdPartyConfigResponse::Ok { did_config_exist: removed > 0 })
        });
        self.store().write(body).await
    }
}

fn check_id(config: &ProviderConfig) -> Result<(), EngineError> {
    if config.third_party_id.is_empty() {
        return Err(invalid("thirdPartyId cannot be null or empty"));
    }
    if config.third_party_id.chars().count() > LONGEST_ID {
        return Err(invalid("thirdPartyId can have 28 characters at most"));
    }
    Ok(())
}

/// What is asked of every third party's clients, and of some third parties'.
fn check_clients(config: &ProviderConfig) -> Result<(), EngineError> {
    let mut types = HashSet::new();
    let id = config.third_party_id.as_str();
    for client in &config.clients {
        if !types.insert(&client.client_type) {
            return Err(invalid("Duplicate clientType was specified in the clients list."));
        }
        let more = client.additional_config.as_ref();
        let is_set = |name: &str| more.is_some_and(|more| is_filled_text(more.get(name)));
        let is_odd = |name: &str| {
            more.and_then(|more: &JsonObject| more.get(name))
                .is_some_and(|value| !is_filled_text(Some(value)))
        };
        let refusal = if id.starts_with("apple") {
            (!["keyId", "teamId", "privateKey"].into_iter().all(is_set)).then_some(
                "a non empty string value must be specified for keyId, teamId and privateKey in \
                 the additionalConfig for Apple provider",
            )
        } else if id.starts_with("google-workspaces") {
            is_odd("hd").then_some("hd in additionalConfig must be a non empty string value")
        } else if id.starts_with("boxy-saml") {
            is_odd("boxyURL").then_some(
                "a non empty string value must be specified for boxyURL in the additionalConfig \
                 for Boxy SAML provider",
            )
        } else {
            None
        };
        if let Some(text) = refusal {
            return Err(invalid(text));
        }
    }
    Ok(())
}

fn is_filled_text(value: Option<&Value>) -> bool {
    matches!(value, Some(Value::String(text)) if !text.is_empty())
}

fn invalid(text: &str) -> EngineError {
    EngineError::BadRequest(format!("Invalid third party config: {text}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cdi_6_4_some_third_parties_ask_more_of_their_clients() {
        let check = |id: &str, clients: Value| {
            let config = json!({ "thirdPartyId": id, "clients": clients });
            check_clients(&serde_json::from_value(config).unwrap()).is_ok()
        };
        let with = |more: Value| json!([{ "clientId": "c", "additionalConfig": more }]);
        let plain = || json!([{ "clientId": "c" }]);
        let apple = || json!({ "keyId": "k", "teamId": "t", "privateKey": "p" });
        assert!(check("google", plain()));
        assert!(!check("google", json!([{ "clientId": "c" }, { "clientId": "d" }])));
        assert!(!check("apple-acme", plain()));
        assert!(check("apple-acme", with(apple())));
        for name in ["keyId", "teamId", "privateKey"] {
            for odd in [json!(""), json!(null), json!(1)] {
                let mut more = apple();
                more[name] = odd;
                assert!(!check("apple", with(more)), "{name}");
            }
        }
        for (id, name) in [("google-workspaces", "hd"), ("boxy-saml-acme", "boxyURL")] {
            assert!(check(id, plain()));
            assert!(check(id, with(json!({ name: "x" }))));
            assert!(!check(id, with(json!({ name: "" }))));
            assert!(!check(id, with(json!({ name: null }))));
        }
    }
}
