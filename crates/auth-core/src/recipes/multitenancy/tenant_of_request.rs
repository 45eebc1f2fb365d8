//! Which tenant a request is for.

use auth_protocol::TenantId;

use super::{GetTenantIdInput, Multitenancy};
use crate::{Error, Result, tenant_name};

impl Multitenancy {
    /// The tenant of a request, by the one in its path: as [`get_tenant_id`](Self::get_tenant_id) says, in
    /// lower case.
    ///
    /// # Errors
    /// [`Error::TenantNotFound`] where no tenant can have that name: in a core's path it might mean
    /// another app.
    pub(crate) async fn tenant_of_request(&self, in_path: TenantId) -> Result<TenantId> {
        let tenant_id = self.get_tenant_id(GetTenantIdInput::new(in_path)).await?;
        let tenant_id = tenant_name::normalised(&tenant_id).ok_or(Error::TenantNotFound)?;
        Ok(tenant_id.into_owned())
    }
}
