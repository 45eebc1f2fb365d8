//! `POST /recipe/jwt`

use auth_protocol::{
    TenantScope,
    jwt::{CreateJwt, CreateJwtResponse},
};
use serde_json::json;

use crate::{Engine, EngineError, Handle, keys::KeyKind};

impl Handle<CreateJwt> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreateJwt,
    ) -> Result<CreateJwtResponse, EngineError> {
        let CreateJwt { algorithm, jwks_domain, mut payload, validity_secs, .. } = operation;
        if validity_secs == 0 {
            let text = "validity must be greater than or equal to 0";
            return Err(EngineError::BadRequest(text.into()));
        }
        if !self.keys().algorithm().as_str().eq_ignore_ascii_case(&algorithm) {
            return Ok(CreateJwtResponse::UnsupportedAlgorithmError);
        }
        let now_secs = self.clock().now_ms() / 1000;
        let expiry_secs = now_secs.saturating_add(i64::try_from(validity_secs).unwrap_or(i64::MAX));
        if !payload.contains_key("iss") {
            payload.insert("iss".into(), json!(jwks_domain));
        }
        payload.insert("exp".into(), json!(expiry_secs));
        payload.insert("iat".into(), json!(now_secs));
        let kind = match operation.use_static_signing_key {
            true => KeyKind::Static,
            false => KeyKind::Dynamic,
        };
        let (jwt, _) = self.keys().sign(&scope.app, kind, None, payload).await?;
        Ok(CreateJwtResponse::Ok { jwt })
    }
}
