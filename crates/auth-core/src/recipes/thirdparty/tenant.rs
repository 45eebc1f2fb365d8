//! The providers of a tenant (FDI §1.2).

use auth_protocol::TenantId;
use auth_providers::ProviderConfig;

use super::{
    GetConfigForClientTypeInput, GetProviderInput, ThirdPartyInstance, ThirdPartyProvider,
};
use crate::{Context, Result};

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
        let GetProviderInput { third_party_id, tenant_id, client_type } = input;
        let known = self.providers_of(cx, &tenant_id).await?;
        let Some(found) = known.into_iter().find(|it| it.id == third_party_id) else {
            return Ok(None);
        };
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
        Ok(Some(ThirdPartyProvider::new(cx, provider, functions)))
    }
}
