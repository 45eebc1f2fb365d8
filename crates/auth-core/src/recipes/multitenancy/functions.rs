//! What the recipe does.

use async_trait::async_trait;
use auth_protocol::{
    TenantId,
    multitenancy::{
        AssociateUserToTenant, AssociateUserToTenantResponse, CreateOrUpdateResponse,
        CreateOrUpdateTenant, CreateOrUpdateThirdPartyConfig,
        CreateOrUpdateThirdPartyConfigResponse, DisassociateUserFromTenant,
        DisassociateUserFromTenantResponse, GetTenant, GetTenantResponse, ListTenants,
        ListTenantsResponse, RemoveResponse, RemoveTenant, RemoveThirdPartyConfig,
        RemoveThirdPartyConfigResponse, TenantConfig,
    },
};

use super::{
    AssociateUserToTenantInput, CreateOrUpdateTenantInput, CreateOrUpdateThirdPartyConfigInput,
    DeleteTenantInput, DeleteThirdPartyConfigInput, DisassociateUserFromTenantInput,
    GetTenantIdInput, GetTenantInput, MultitenancyInstance,
};
use crate::{
    Context, Result,
    core::CoreError,
    overrides::{Overrides, overridable},
};

overridable! {
    /// The recipe's functions.
    pub struct MultitenancyFunctions;
    /// Replaces functions of [`MultitenancyFunctions`].
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     protocol::TenantId,
    ///     recipes::multitenancy::{GetTenantIdInput, MultitenancyFunctions, MultitenancyOverride},
    /// };
    ///
    /// /// The tenant is the first part of the API's domain, such as `acme.api.example.com`.
    /// struct ByDomain;
    ///
    /// impl MultitenancyOverride for ByDomain {
    ///     async fn get_tenant_id(
    ///         &self,
    ///         original: &MultitenancyFunctions,
    ///         cx: &Context,
    ///         input: GetTenantIdInput,
    ///     ) -> Result<TenantId> {
    ///         let host = cx.request().and_then(|request| request.header("host"));
    ///         match host.and_then(|host| host.strip_suffix(".api.example.com")) {
    ///             Some(tenant) => Ok(TenantId::new(tenant)),
    ///             None => original.get_tenant_id(cx, input).await,
    ///         }
    ///     }
    /// }
    /// ```
    pub trait MultitenancyOverride;
    trait MultitenancyBase;
    handle Multitenancy by multitenancy of MultitenancyInstance;

    /// The tenant that a request to one of sign-in's routes is for: the one in its path. It is asked for
    /// each of them, and its answer counts in lower case; what no tenant can be called is answered with
    /// 400.
    async fn get_tenant_id(input: GetTenantIdInput) -> Result<TenantId>;

    /// Makes a tenant, or changes what is set for it; whether it is new. Other processes know within a
    /// second.
    ///
    /// # Errors
    /// [`Error::Core`](crate::Error::Core) with a [bad request](crate::core::CoreError::bad_request): what
    /// no tenant can be called, a factor that can't be one, a setting that the core doesn't know or that no
    /// tenant can have.
    async fn create_or_update_tenant(input: CreateOrUpdateTenantInput) -> Result<bool>;

    /// Removes a tenant with its sessions, codes and tokens; whether it was there. Its users stay, without
    /// it.
    ///
    /// # Errors
    /// [`Error::Core`](crate::Error::Core) for `public`, which always is there.
    async fn delete_tenant(input: DeleteTenantInput) -> Result<bool>;

    /// Reads what is set for a tenant; `None` where there is none.
    async fn get_tenant(input: GetTenantInput) -> Result<Option<TenantConfig>>;

    /// Lists every tenant of the app, by name.
    async fn list_all_tenants() -> Result<Vec<TenantConfig>>;

    /// Sets a third party of a tenant; whether it had none of this id. A tenant that has any has these
    /// alone, and the application's none.
    ///
    /// # Errors
    /// [`Error::Core`](crate::Error::Core) with a [bad request](crate::core::CoreError::bad_request) where
    /// something is missing or wrong, or there is no such tenant.
    async fn create_or_update_third_party_config(
        input: CreateOrUpdateThirdPartyConfigInput,
    ) -> Result<bool>;

    /// Takes a third party from a tenant; whether it was there.
    async fn delete_third_party_config(input: DeleteThirdPartyConfigInput) -> Result<bool>;

    /// Lets a login method sign in to a tenant, too.
    async fn associate_user_to_tenant(
        input: AssociateUserToTenantInput,
    ) -> Result<AssociateUserToTenantResponse>;

    /// Takes a login method out of a tenant, with its sessions and roles there.
    async fn disassociate_user_from_tenant(
        input: DisassociateUserFromTenantInput,
    ) -> Result<DisassociateUserFromTenantResponse>;
}

pub(super) fn with_overrides(overrides: Overrides<MultitenancyFunctions>) -> MultitenancyFunctions {
    overrides.around(MultitenancyFunctions::new(Base))
}

struct Base;

#[async_trait]
impl MultitenancyBase for Base {
    async fn get_tenant_id(&self, _cx: &Context, input: GetTenantIdInput) -> Result<TenantId> {
        Ok(input.tenant_id_from_frontend)
    }

    async fn create_or_update_tenant(
        &self,
        cx: &Context,
        input: CreateOrUpdateTenantInput,
    ) -> Result<bool> {
        let CreateOrUpdateTenantInput {
            tenant_id,
            first_factors,
            required_secondary_factors,
            core_config,
        } = input;
        let request = CreateOrUpdateTenant {
            tenant_id: Some(tenant_id),
            first_factors,
            required_secondary_factors,
            core_config: Some(core_config).filter(|it| !it.is_empty()),
        };
        let CreateOrUpdateResponse::Ok { created_new } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(created_new)
    }

    async fn delete_tenant(&self, cx: &Context, input: DeleteTenantInput) -> Result<bool> {
        let mut request = RemoveTenant::new(input.tenant_id);
        request.abandon_database = input.abandon_database;
        let RemoveResponse::Ok { did_exist, .. } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(did_exist)
    }

    async fn get_tenant(
        &self,
        cx: &Context,
        input: GetTenantInput,
    ) -> Result<Option<TenantConfig>> {
        match cx.core().call(&input.tenant_id, GetTenant {}).await {
            Ok(GetTenantResponse::Ok(tenant)) => Ok(Some(tenant)),
            Ok(GetTenantResponse::TenantNotFoundError) | Err(CoreError::TenantNotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn list_all_tenants(&self, cx: &Context) -> Result<Vec<TenantConfig>> {
        let ListTenantsResponse::Ok { tenants } =
            cx.core().call(&TenantId::default(), ListTenants {}).await?;
        Ok(tenants)
    }

    async fn create_or_update_third_party_config(
        &self,
        cx: &Context,
        input: CreateOrUpdateThirdPartyConfigInput,
    ) -> Result<bool> {
        let CreateOrUpdateThirdPartyConfigInput { tenant_id, config, skip_validation } = input;
        #[cfg(feature = "thirdparty")]
        if !skip_validation {
            let wanted = config.clone().into();
            cx.auth().recipes().iter().try_for_each(|it| it.check_stored_provider(&wanted))?;
        }
        let skip_validation = skip_validation.then_some(true);
        let request = CreateOrUpdateThirdPartyConfig { config, skip_validation };
        let CreateOrUpdateThirdPartyConfigResponse::Ok { created_new } =
            cx.core().call(&tenant_id, request).await?;
        Ok(created_new)
    }

    async fn delete_third_party_config(
        &self,
        cx: &Context,
        input: DeleteThirdPartyConfigInput,
    ) -> Result<bool> {
        let DeleteThirdPartyConfigInput { tenant_id, third_party_id } = input;
        let RemoveThirdPartyConfigResponse::Ok { did_config_exist } =
            cx.core().call(&tenant_id, RemoveThirdPartyConfig { third_party_id }).await?;
        Ok(did_config_exist)
    }

    async fn associate_user_to_tenant(
        &self,
        cx: &Context,
        input: AssociateUserToTenantInput,
    ) -> Result<AssociateUserToTenantResponse> {
        let AssociateUserToTenantInput { tenant_id, recipe_user_id } = input;
        Ok(cx.core().call(&tenant_id, AssociateUserToTenant { recipe_user_id }).await?)
    }

    async fn disassociate_user_from_tenant(
        &self,
        cx: &Context,
        input: DisassociateUserFromTenantInput,
    ) -> Result<DisassociateUserFromTenantResponse> {
        let DisassociateUserFromTenantInput { tenant_id, recipe_user_id } = input;
        Ok(cx.core().call(&tenant_id, DisassociateUserFromTenant { recipe_user_id }).await?)
    }
}
