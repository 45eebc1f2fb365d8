//! What is set for a tenant.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ProviderConfig;
use crate::{AppId, JsonObject, TenantId};

/// A tenant with what is set for it alone.
///
/// Its `Debug` shows only the names of the core's settings: their values may be secrets.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantConfig {
    /// The tenant.
    pub tenant_id: TenantId,
    /// Its third parties.
    pub third_party: ThirdPartyConfig,
    /// The factors with which a sign-in may begin; absent where the application decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_factors: Option<Vec<String>>,
    /// The factors that every sign-in must complete; absent where the application decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_secondary_factors: Option<Vec<String>>,
    /// Settings of the core that differ for this tenant.
    pub core_config: JsonObject,
}

impl fmt::Debug for TenantConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TenantConfig")
            .field("tenant_id", &self.tenant_id)
            .field("third_party", &self.third_party)
            .field("first_factors", &self.first_factors)
            .field("required_secondary_factors", &self.required_secondary_factors)
            .field("core_config", &Names(&self.core_config))
            .finish()
    }
}

/// The names of settings, without their values.
pub(super) struct Names<'o>(pub(super) &'o JsonObject);

impl fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// The third parties of a tenant.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ThirdPartyConfig {
    /// Each with its clients and endpoints.
    pub providers: Vec<ProviderConfig>,
}

/// An app with its tenants.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppConfig<T = TenantConfig> {
    /// The app, as it stands in paths.
    pub app_id: AppId,
    /// Its tenants.
    pub tenants: Vec<T>,
}

/// A connection URI domain with its apps.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionUriDomainConfig<T = TenantConfig> {
    /// The host's name by which the core is reached; empty for every other one.
    pub connection_uri_domain: String,
    /// Its apps.
    pub apps: Vec<AppConfig<T>>,
}

/// What becomes of a list of factors. On the wire a missing member keeps it and `null` clears it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FactorsChange {
    /// It stays as it is.
    #[default]
    Keep,
    /// Nothing is set any more: the application decides.
    Clear,
    /// These factors take its place.
    Set(Vec<String>),
}

impl FactorsChange {
    /// These factors, each by its id such as `emailpassword`.
    pub fn set<S: Into<String>>(factors: impl IntoIterator<Item = S>) -> Self {
        Self::Set(factors.into_iter().map(Into::into).collect())
    }

    pub(super) fn is_keep(&self) -> bool {
        *self == Self::Keep
    }
}

impl Serialize for FactorsChange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep | Self::Clear => serializer.serialize_none(),
            Self::Set(factors) => factors.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for FactorsChange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<Vec<String>>::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

/// The fields of such a request that may be `null`.
pub(super) const NULLABLE: &[&str] = &["firstFactors", "requiredSecondaryFactors"];

/// Declares a request that makes a tenant or changes it: the fields that name it, and what is to
/// become of it.
macro_rules! tenant_changes {
    (
        $(#[$doc:meta])* $name:ident {
            $($(#[$field_doc:meta])* $field:ident: $type:ty,)*
        } $(told by $version:ident)?
    ) => {
        $(#[$doc])*
        ///
        /// What isn't named stays as it is. `Debug` shows only the names of the core's settings.
        #[derive(Clone, Default, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            $(
                $(#[$field_doc])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: $type,
            )*
            /// The factors with which a sign-in may begin.
            #[serde(default, skip_serializing_if = "FactorsChange::is_keep")]
            pub first_factors: FactorsChange,
            /// The factors that every sign-in must complete.
            #[serde(default, skip_serializing_if = "FactorsChange::is_keep")]
            pub required_secondary_factors: FactorsChange,
            /// Settings of the core to set; a `null` takes one back.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub core_config: Option<crate::JsonObject>,
            $(
                #[doc = concat!("The ", stringify!($version), " in which the caller speaks; it isn't \
                    sent with the request.")]
                #[serde(skip)]
                pub cdi_version: crate::CdiVersion,
            )?
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))
                    $(.field(stringify!($field), &self.$field))*
                    .field("first_factors", &self.first_factors)
                    .field("required_secondary_factors", &self.required_secondary_factors)
                    .field("core_config", &self.core_config.as_ref().map(super::model::Names))
                    .finish()
            }
        }
    };
}
pub(super) use tenant_changes;

/// The answer to what makes a tenant, an app or a connection URI domain, or changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum CreateOrUpdateResponse {
    /// It is written.
    Ok {
        /// Whether it wasn't there before.
        created_new: bool,
    },
}

/// The answer to what removes a tenant, an app or a connection URI domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum RemoveResponse {
    /// It isn't there any more.
    Ok {
        /// Whether it was there before.
        did_exist: bool,
        /// The database that couldn't be reached, as `host:port/name/schema`: what it had in it is still
        /// there. Only where it was to be abandoned; an extension.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        left_behind: Option<String>,
    },
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::CreateOrUpdateTenant;
    use super::*;

    #[test]
    fn cdi_6_3_missing_factors_are_kept_null_clears_them_and_a_list_sets_them() {
        for (wire, change) in [
            (json!({ "tenantId": "t" }), FactorsChange::Keep),
            (json!({ "tenantId": "t", "firstFactors": null }), FactorsChange::Clear),
            (json!({ "tenantId": "t", "firstFactors": [] }), FactorsChange::Set(Vec::new())),
            (json!({ "tenantId": "t", "firstFactors": ["totp"] }), FactorsChange::set(["totp"])),
        ] {
            let read: CreateOrUpdateTenant =
                serde_json::from_value(wire.clone()).expect("well-formed");
            assert_eq!(read.first_factors, change);
            assert_eq!(serde_json::to_value(read).expect("serialises"), wire);
        }
    }

    #[test]
    fn settings_of_the_core_show_by_their_names_alone() {
        let core_config = json!({ "postgresql_password": "s3cret" });
        let change = CreateOrUpdateTenant {
            core_config: core_config.as_object().cloned(),
            ..CreateOrUpdateTenant::default()
        };
        let shown = format!("{change:?}");
        assert!(shown.contains("postgresql_password") && !shown.contains("s3cret"), "{shown}");
    }
}
