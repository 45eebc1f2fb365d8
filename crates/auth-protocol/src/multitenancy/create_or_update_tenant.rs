//! `PUT /recipe/multitenancy/tenant/v2`

use super::{
    CreateOrUpdateResponse, FactorsChange,
    model::{NULLABLE, tenant_changes},
};
use crate::{TenantId, operation::operation};

tenant_changes! {
    /// Makes a tenant, or changes what is set for it; addressed to the app's tenant `public` or to
    /// the tenant itself. A new tenant has no first factors until some are set.
    CreateOrUpdateTenant {
        /// The tenant, in any case; `public` when absent.
        tenant_id: Option<TenantId>,
    }
}

operation!(
    CreateOrUpdateTenant => CreateOrUpdateResponse,
    "create_or_update_tenant", Put "/recipe/multitenancy/tenant/v2", Tenant, {
        const NULLABLE: &'static [&'static str] = NULLABLE;
    }
);
