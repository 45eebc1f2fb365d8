//! `PUT /recipe/multitenancy/config/thirdparty`,
//! `POST /recipe/multitenancy/config/thirdparty/remove`

use serde::{Deserialize, Serialize};

use super::{ProviderConfig, provider::from_object};
use crate::operation::operation;

/// Sets a third party of the tenant that the operation is addressed to. One with the same id is
/// replaced as a whole.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateOrUpdateThirdPartyConfig {
    /// The third party; its id is trimmed by the core.
    #[serde(deserialize_with = "from_object")]
    pub config: ProviderConfig,
    /// Whether what is asked of known third parties isn't; false when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip_validation: Option<bool>,
}

impl CreateOrUpdateThirdPartyConfig {
    /// Sets a third party, checked.
    pub fn new(config: ProviderConfig) -> Self {
        Self { config, skip_validation: None }
    }
}

/// The answer to [`CreateOrUpdateThirdPartyConfig`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum CreateOrUpdateThirdPartyConfigResponse {
    /// It is written.
    Ok {
        /// Whether the tenant had none of this id.
        created_new: bool,
    },
}

operation!(
    CreateOrUpdateThirdPartyConfig => CreateOrUpdateThirdPartyConfigResponse,
    "create_or_update_third_party_config", Put "/recipe/multitenancy/config/thirdparty", Tenant
);

/// Removes a third party of the tenant that the operation is addressed to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoveThirdPartyConfig {
    /// The third party's id; trimmed by the core.
    pub third_party_id: String,
}

/// The answer to [`RemoveThirdPartyConfig`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum RemoveThirdPartyConfigResponse {
    /// The tenant has none of this id.
    Ok {
        /// Whether it had one.
        did_config_exist: bool,
    },
}

operation!(
    RemoveThirdPartyConfig => RemoveThirdPartyConfigResponse,
    "remove_third_party_config", Post "/recipe/multitenancy/config/thirdparty/remove", Tenant
);
