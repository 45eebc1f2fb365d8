//! The operations of the protocol.

use std::sync::Arc;

use auth_engine::{Answers, Engine};
use auth_protocol::{
    Method as ProtocolMethod, Operation,
    multitenancy::{GetTenant, GetTenantBefore5_1},
};
use http::Method;
use serde_json::{Map, Value, json};

use super::{
    Route, tenant, tenant_changes,
    versions::{self, Upgraded},
};
use crate::{
    answer::{CdiError, Reply, shape},
    request::Call,
    server::Inner,
    wire,
};

/// The route of an operation.
pub(super) fn operation<O>() -> Route
where
    O: Operation,
    Engine: Answers<O>,
{
    let method = match O::METHOD {
        ProtocolMethod::Get => Method::GET,
        ProtocolMethod::Post => Method::POST,
        ProtocolMethod::Put => Method::PUT,
        ProtocolMethod::Delete => Method::DELETE,
    };
    Route::new(O::NAME, method, O::PATH, run::<O>).with_rid(O::RID)
}

async fn run<O>(server: Arc<Inner>, call: Call) -> Result<Reply, CdiError>
where
    O: Operation,
    Engine: Answers<O>,
{
    let operation = if O::METHOD.has_query() {
        wire::from_query(&call.query)?
    } else {
        let fields = json_object(&call.body)?;
        let Upgraded::Fields(fields) = versions::upgrade::<O>(&server, &call, fields).await? else {
            return Reply::json(&json!({ "status": "UNKNOWN_USER_ID_ERROR" }));
        };
        tenant_changes::check::<O>(&fields)?;
        let operation = wire::from_json(&fields)?;
        versions::require_newer::<O>(call.version, &fields)?;
        operation
    };
    let response = ask::<O>(&server, &call, operation).await?;
    let shaped =
        shape(call.version, O::PATH, || serde_json::to_value(&response).unwrap_or_default());
    match shaped {
        Some(answer) => Reply::json(&answer),
        None => Reply::json(&response),
    }
}

/// Lets the engine answer an operation, unless it is one of the app and the path names a tenant.
pub(super) async fn ask<O>(
    server: &Inner,
    call: &Call,
    mut operation: O,
) -> Result<O::Response, CdiError>
where
    O: Operation,
    Engine: Answers<O>,
{
    let Call { scope, version, .. } = call;
    let version = *version;
    if !scope.tenant.is_public() && operation.refuses_tenant(version) {
        return Err(tenant::only_public());
    }
    if !scope.app.is_public() && !tells_of_none::<O>() {
        tenant::require(server, scope).await?;
    }
    operation.set_cdi_version(version);
    Ok(server.engine.handle_for(call.caller.clone(), scope, operation).await?)
}

/// Whether the answer itself tells that a tenant isn't there.
fn tells_of_none<O: Operation>() -> bool {
    matches!(O::NAME, GetTenant::NAME | GetTenantBefore5_1::NAME)
}

/// A body as a JSON object.
pub(super) fn json_object(body: &[u8]) -> Result<Map<String, Value>, CdiError> {
    serde_json::from_slice(body).map_err(|_| CdiError::BadRequest("Invalid Json Input".to_owned()))
}
