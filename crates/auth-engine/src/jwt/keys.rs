//! `GET /recipe/jwt/keys`, `POST /recipe/jwt/keys/retire` and `POST /recipe/jwt/keys/revoke`

use auth_protocol::{
    TenantScope,
    jwt::{
        ListSigningKeys, ListSigningKeysResponse, RetireSigningKey, RetireSigningKeyResponse,
        RevokeSigningKey, RevokeSigningKeyResponse,
    },
};

use crate::{Engine, EngineError, Handle, keys::Withdrawal};

impl Handle<ListSigningKeys> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        _operation: ListSigningKeys,
    ) -> Result<ListSigningKeysResponse, EngineError> {
        Ok(ListSigningKeysResponse::Ok { keys: self.keys().list(&scope.app).await? })
    }
}

impl Handle<RetireSigningKey> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RetireSigningKey,
    ) -> Result<RetireSigningKeyResponse, EngineError> {
        let kid = operation.kid.trim();
        Ok(match self.keys().withdraw(&scope.app, kid, Withdrawal::Retire, self.audit()).await? {
            true => RetireSigningKeyResponse::Ok,
            false => RetireSigningKeyResponse::UnknownKeyError,
        })
    }
}

impl Handle<RevokeSigningKey> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RevokeSigningKey,
    ) -> Result<RevokeSigningKeyResponse, EngineError> {
        let kid = operation.kid.trim();
        Ok(match self.keys().withdraw(&scope.app, kid, Withdrawal::Revoke, self.audit()).await? {
            true => RevokeSigningKeyResponse::Ok,
            false => RevokeSigningKeyResponse::UnknownKeyError,
        })
    }
}
