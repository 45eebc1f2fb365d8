//! The public keys, which anybody may read and keep for a while.

use std::sync::Arc;

use auth_protocol::{Operation, jwt::GetJwks};
use http::{HeaderValue, Method, header};

use super::{Route, operation::ask, tenant};
use crate::{
    answer::{CdiError, Reply},
    request::Call,
    server::Inner,
};

/// `GET /.well-known/jwks.json`, and where it was before.
pub(super) fn routes() -> [Route; 2] {
    [
        Route::new(GetJwks::NAME, Method::GET, GetJwks::PATH, well_known).open(),
        Route::new("get_jwks_deprecated", Method::GET, "/recipe/jwt/jwks", deprecated),
    ]
}

async fn well_known(server: Arc<Inner>, call: Call) -> Result<Reply, CdiError> {
    let jwks = ask(&server, &call, GetJwks {}).await?;
    let cache = format!("max-age={}, must-revalidate", jwks.max_age_secs);
    let reply = Reply::json(&jwks)?;
    // Digits and letters make a header's value.
    Ok(match HeaderValue::try_from(cache) {
        Ok(value) => reply.with_header(header::CACHE_CONTROL, value),
        Err(_) => reply,
    })
}

async fn deprecated(server: Arc<Inner>, call: Call) -> Result<Reply, CdiError> {
    tenant::require_public(&server, &call).await?;
    let jwks = ask(&server, &call, GetJwks {}).await?;
    Reply::json(&serde_json::json!({ "status": "OK", "keys": jwks.keys }))
}
