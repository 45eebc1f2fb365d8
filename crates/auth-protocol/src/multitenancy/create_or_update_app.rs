//! `PUT /recipe/multitenancy/app/v2`

use super::{
    CreateOrUpdateResponse, FactorsChange,
    model::{NULLABLE, tenant_changes},
};
use crate::{AppId, operation::operation};

tenant_changes! {
    /// Makes an app with its tenant `public`, or changes what is set for that; addressed to the app
    /// `public` or to the app itself.
    CreateOrUpdateApp {
        /// The app, in any case; `public` when absent.
        app_id: Option<AppId>,
    }
}

operation!(
    CreateOrUpdateApp => CreateOrUpdateResponse,
    "create_or_update_app", Put "/recipe/multitenancy/app/v2", Tenant, {
        const NULLABLE: &'static [&'static str] = NULLABLE;
    }
);
