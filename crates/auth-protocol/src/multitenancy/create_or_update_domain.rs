//! `PUT /recipe/multitenancy/connectionuridomain/v2`

use super::{
    CreateOrUpdateResponse, FactorsChange,
    model::{NULLABLE, tenant_changes},
};
use crate::operation::operation;

tenant_changes! {
    /// Makes a connection URI domain with its app and tenant `public`, or changes what is set for
    /// that; addressed to the default domain or to the domain itself.
    CreateOrUpdateConnectionUriDomain {
        /// The host's name by which the core is reached; the default domain when absent.
        connection_uri_domain: Option<String>,
    }
}

operation!(
    CreateOrUpdateConnectionUriDomain => CreateOrUpdateResponse,
    "create_or_update_connection_uri_domain", Put "/recipe/multitenancy/connectionuridomain/v2",
    Tenant, {
        const NULLABLE: &'static [&'static str] = NULLABLE;
    }
);
