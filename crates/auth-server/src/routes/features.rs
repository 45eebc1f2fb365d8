//! `/ee/featureflag` and `/ee/license`: every feature is there, and no licence.

use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};

use super::{Route, operation::json_object, tenant};
use crate::{
    answer::{CdiError, Reply},
    request::Call,
    server::Inner,
    wire::FieldError,
};

/// What the reference sells.
const FEATURES: [&str; 7] =
    ["account_linking", "multi_tenancy", "dashboard_login", "mfa", "security", "oauth", "saml"];

pub(super) fn routes() -> [Route; 4] {
    let license = "/ee/license";
    [
        Route::new("get_features", Method::GET, "/ee/featureflag", features),
        Route::new("get_license", Method::GET, license, get_license),
        Route::new("put_license", Method::PUT, license, put_license),
        Route::new("delete_license", Method::DELETE, license, delete_license),
    ]
}

async fn features(server: Arc<Inner>, call: Call) -> Result<Reply, CdiError> {
    tenant::require_public(&server, &call).await?;
    Reply::json(&json!({ "status": "OK", "features": FEATURES, "usageStats": {} }))
}

async fn get_license(server: Arc<Inner>, call: Call) -> Result<Reply, CdiError> {
    tenant::require_public(&server, &call).await?;
    Reply::json(&json!({ "status": "NO_LICENSE_KEY_FOUND_ERROR" }))
}

/// What a core answers that has nothing to unlock.
async fn put_license(server: Arc<Inner>, call: Call) -> Result<Reply, CdiError> {
    let fields = json_object(&call.body)?;
    match fields.get("licenseKey") {
        Some(Value::String(_)) => {}
        Some(_) => return Err(FieldError::in_json("licenseKey").into()),
        None if fields.is_empty() => {}
        None => {
            let text = "Field name 'licenseKey' is missing in JSON input";
            return Err(CdiError::BadRequest(text.to_owned()));
        }
    }
    tenant::require_public(&server, &call).await?;
    Reply::json(&json!({ "status": "MISSING_EE_FOLDER_ERROR" }))
}

async fn delete_license(server: Arc<Inner>, call: Call) -> Result<Reply, CdiError> {
    tenant::require_public(&server, &call).await?;
    Reply::json(&json!({ "status": "OK" }))
}
