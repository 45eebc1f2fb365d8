//! Microsoft's rules: tenants, subjects, and addresses that nobody vouches for.

use auth_protocol::JsonObject;
use serde_json::Value;

use super::settings::{Settings, text_list};
use crate::error::IdTokenProblem;

/// The issuer of the tokens of any tenant, at the host of the discovery document.
pub(crate) fn issuer_pattern(document: &url::Url) -> String {
    format!("{}/{{tenantid}}/v2.0", document.origin().ascii_serialization())
}

/// The token's tenant must be one that may sign in. Where a single one is configured, the issuer
/// says so already.
pub(crate) fn check_tenant(settings: &Settings, claims: &JsonObject) -> Result<(), IdTokenProblem> {
    let tenant = claims.get("tid").and_then(Value::as_str).unwrap_or_default();
    let allowed = text_list(&settings.client, "allowedTenants", 0).unwrap_or_default();
    let is_allowed =
        allowed.is_empty() || allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(tenant));
    match is_allowed && !tenant.is_empty() {
        true => Ok(()),
        false => Err(IdTokenProblem::Claim("tid")),
    }
}

/// Microsoft's own key for a user: the object and its tenant. `oid` alone is what a tenant says.
pub(crate) fn user_id(claims: &JsonObject) -> Option<String> {
    let text = |name: &str| claims.get(name)?.as_str().filter(|text| !text.is_empty());
    Some(format!("{}.{}", text("oid")?, text("tid")?))
}

/// Whether Microsoft itself says that the address is the user's. Whatever `email` holds, the
/// tenant's administrators can change.
pub(crate) fn is_verified(claims: &JsonObject, address: &str) -> bool {
    let is_listed = |name: &str| {
        claims.get(name).and_then(Value::as_array).is_some_and(|list| {
            list.iter().filter_map(Value::as_str).any(|it| it.eq_ignore_ascii_case(address))
        })
    };
    let is_owned = match claims.get("xms_edov") {
        Some(Value::Bool(value)) => *value,
        Some(Value::Number(value)) => value.as_u64() == Some(1),
        Some(Value::String(value)) => value == "1" || value.eq_ignore_ascii_case("true"),
        _ => false,
    };
    is_listed("verified_primary_email") || is_listed("verified_secondary_email") || is_owned
}
