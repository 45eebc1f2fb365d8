//! `POST /recipe/userid/map`

use serde::{Deserialize, Serialize};

use crate::{CdiVersion, UserId, operation::operation};

/// Gives a user the id that another system has for it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateUserIdMapping {
    /// The core's own id; trimmed by the core.
    pub super_tokens_user_id: UserId,
    /// The other system's id, up to 128 characters; trimmed by the core.
    pub external_user_id: UserId,
    /// Anything that the application wants to write down about it; trimmed by the core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_user_id_info: Option<String>,
    /// Whether to do it even if data is kept under the core's own id, which then isn't found by
    /// the other one, or if the other system's id is also that of another user of the core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub force: Option<bool>,
    /// The version in which the caller speaks; it isn't sent with the request.
    #[serde(skip)]
    pub cdi_version: CdiVersion,
}

impl CreateUserIdMapping {
    /// A mapping without further information, which isn't forced.
    pub fn new(super_tokens_user_id: UserId, external_user_id: UserId) -> Self {
        Self {
            super_tokens_user_id,
            external_user_id,
            external_user_id_info: None,
            force: None,
            cdi_version: CdiVersion::default(),
        }
    }
}

/// The answer to [`CreateUserIdMapping`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status")]
pub enum CreateUserIdMappingResponse {
    /// From now on the user is known by the other system's id.
    #[serde(rename = "OK")]
    Ok,
    /// There is no such user.
    #[serde(rename = "UNKNOWN_SUPERTOKENS_USER_ID_ERROR")]
    UnknownSuperTokensUserIdError,
    /// One of the ids, or both, are mapped already.
    #[serde(rename = "USER_ID_MAPPING_ALREADY_EXISTS_ERROR", rename_all = "camelCase")]
    UserIdMappingAlreadyExistsError {
        /// Whether the core's own id is.
        does_super_tokens_user_id_exist: bool,
        /// Whether the other system's id is.
        does_external_user_id_exist: bool,
    },
}

operation!(
    CreateUserIdMapping => CreateUserIdMappingResponse,
    "create_user_id_mapping", Post "/recipe/userid/map", AppPublicTenantOnly, {
        const NULLABLE: &'static [&'static str] = &["externalUserIdInfo"];

        fn set_cdi_version(&mut self, version: CdiVersion) {
            self.cdi_version = version;
        }
    }
);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cdi_1_10_the_statuses_are_named_as_on_the_wire() {
        use CreateUserIdMappingResponse as Response;
        let exists = Response::UserIdMappingAlreadyExistsError {
            does_super_tokens_user_id_exist: true,
            does_external_user_id_exist: false,
        };
        for (response, wire) in [
            (Response::Ok, json!({ "status": "OK" })),
            (
                Response::UnknownSuperTokensUserIdError,
                json!({ "status": "UNKNOWN_SUPERTOKENS_USER_ID_ERROR" }),
            ),
            (
                exists,
                json!({
                    "status": "USER_ID_MAPPING_ALREADY_EXISTS_ERROR",
                    "doesSuperTokensUserIdExist": true, "doesExternalUserIdExist": false,
                }),
            ),
        ] {
            assert_eq!(serde_json::to_value(response).expect("serialises"), wire);
            assert_eq!(serde_json::from_value::<Response>(wire).expect("well-formed"), response);
        }
    }
}
