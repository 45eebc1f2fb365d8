//! `POST /recipe/signinalerts/network` (extension)

use auth_protocol::{
    TenantScope,
    signinalerts::{NoteSignInNetwork, NoteSignInNetworkResponse as Response},
};

use super::{login, networks::Network};
use crate::{
    Engine, EngineError, Handle, session::linked_ids, storage::in_tx, tenancy::require_tenant,
};

impl Handle<NoteSignInNetwork> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: NoteSignInNetwork,
    ) -> Result<Response, EngineError> {
        let NoteSignInNetwork { recipe_user_id, network } = operation;
        let network = Network::new(self, &scope.app, network).await?;
        let now_ms = self.clock().now_ms();
        let body = in_tx!(scope, recipe_user_id, network, |tx| {
            require_tenant(tx, &scope).await?;
            let Some(known) = login::hold(tx, &scope.app, &recipe_user_id).await? else {
                return Ok(Response::UnknownUserIdError);
            };
            let ids = linked_ids(tx, &scope.app, &known.primary).await?;
            let standing = network.standing(tx, &scope.app, &ids).await?;
            network.note(tx, &scope.app, &known.id, now_ms).await?;
            Ok(Response::Ok { is_known: standing.is_known, others_known: standing.others })
        });
        self.store().write(body).await
    }
}
