//! The providers of a tenant (FDI §1.2).

use auth_protocol::TenantId;
use auth_providers::{Problem, ProviderConfig};

use super::{
    GetConfigForClientTypeInput, GetProviderInput, ThirdPartyInstance, ThirdPartyProvider,
};
use crate::{Context, Error, LoginProvider, Result};

/// A provider of a tenant.
pub(super) struct TenantProvider {
    id: String,
    /// What is stored for the tenant; `None` where the program alone knows the provider.
    stored: Option<ProviderConfig>,
}

impl ThirdPartyInstance {
    /// Those that a recipe keeps for the tenant; where none does, the program's own. A tenant other
    /// than `public` has those of them that are for all tenants.
    pub(super) async fn providers_of(
        &self,
        cx: &Context,
        tenant_id: &TenantId,
    ) -> Result<Vec<TenantProvider>> {
        let mut stored = Vec::new();
        for recipe in cx.auth().recipes() {
            stored.extend(recipe.third_party_providers(cx, tenant_id).await?);
        }
        if !stored.is_empty() {
            let provider = |config: ProviderConfig| TenantProvider {
                id: config.third_party_id.clone(),
                stored: Some(config),
            };
            return Ok(stored.into_iter().map(provider).collect());
        }
        let is_public = *tenant_id == TenantId::default();
        let own = self.own.iter().filter(|own| is_public || own.in_all_tenants);
        Ok(own.map(|own| TenantProvider { id: own.id.clone(), stored: None }).collect())
    }

    /// A provider of a tenant by its id, ready to be used; `None` where the tenant hasn't got it.
    pub(super) async fn provider_of(
        &self,
        cx: &Context,
        input: GetProviderInput,
    ) -> Result<Option<ThirdPartyProvider>> {
        let known = self.providers_of(cx, &input.tenant_id).await?;
        match known.into_iter().find(|it| it.id == input.third_party_id) {
            Some(found) => self.ready(cx, &found, input).await.map(Some),
            None => Ok(None),
        }
    }

    /// Those of a tenant as front ends show them. One that can't be used as it is stored, or by a
    /// client of that type, is left out; none is asked anything.
    pub(super) async fn shown(
        &self,
        cx: &Context,
        tenant_id: &TenantId,
        client_type: Option<&str>,
    ) -> Result<Vec<LoginProvider>> {
        let mut shown = Vec::new();
        for found in self.providers_of(cx, tenant_id).await? {
            let input = GetProviderInput {
                tenant_id: tenant_id.clone(),
                client_type: client_type.map(ToOwned::to_owned),
                ..GetProviderInput::new(&*found.id)
            };
            match self.ready(cx, &found, input).await {
                Ok(provider) => {
                    let name = Some(provider.provider().name().to_owned());
                    shown.push(LoginProvider::new(found.id, name));
                }
                Err(Error::Provider(error)) => {
                    tracing::debug!(tenant = %tenant_id, %error, "a provider isn't shown");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(shown)
    }

    /// Whether one works with each of its clients, over what the program says of it, as far as can be told
    /// without asking it.
    pub(super) fn check_stored(&self, config: &ProviderConfig) -> Result<()> {
        let has_several = config.clients.len() > 1;
        let types: Vec<Option<&str>> = match config.clients.is_empty() {
            true => vec![None],
            false => config.clients.iter().map(|it| it.client_type.as_deref()).collect(),
        };
        for wanted in types {
            let wanted = wanted.filter(|_| has_several);
            match self.providers.stored_provider(config, wanted) {
                Err(error) if matches!(error.problem(), Problem::Config(_)) => {
                    return Err(Error::bad_input(error.to_string()));
                }
                // A client that the program has several of is chosen when it is used.
                _ => {}
            }
        }
        Ok(())
    }

    async fn ready(
        &self,
        cx: &Context,
        found: &TenantProvider,
        input: GetProviderInput,
    ) -> Result<ThirdPartyProvider> {
        let GetProviderInput { tenant_id, client_type, .. } = input;
        let wanted = client_type.as_deref();
        let provider = match &found.stored {
            Some(stored) => self.providers.stored_provider(stored, wanted)?,
            None => self.providers.provider(&found.id, wanted)?,
        };
        let functions = self.functions_of(&found.id).clone();
        let input = GetConfigForClientTypeInput {
            tenant_id,
            client_type,
            ..GetConfigForClientTypeInput::new(provider)
        };
        let provider = functions.get_config_for_client_type(cx, input).await?;
        Ok(ThirdPartyProvider::new(cx, provider, functions))
    }
}
