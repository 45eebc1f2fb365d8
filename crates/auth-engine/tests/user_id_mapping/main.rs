//! Ids of users in another system: CDI §1.10, 5.5.
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

#[path = "../common/mod.rs"]
mod common;
mod mappings;
mod sessions;
mod users;

use std::time::Duration;

use auth_engine::EngineError;
use auth_protocol::{
    CdiVersion, JsonObject, Secret, User, UserId, passwordless::*, session::*, user::*,
    user_id_mapping::*, usermetadata::*,
};
use common::{Test, public};

use CreateUserIdMappingResponse as Created;

const OLD: &str = "legacy|7";

fn map(own: &UserId, external: &str) -> CreateUserIdMapping {
    CreateUserIdMapping::new(own.clone(), external.into())
}

fn forced(own: &UserId, external: &str) -> CreateUserIdMapping {
    CreateUserIdMapping { force: Some(true), ..map(own, external) }
}

fn exists(own: bool, external: bool) -> Created {
    Created::UserIdMappingAlreadyExistsError {
        does_super_tokens_user_id_exist: own,
        does_external_user_id_exist: external,
    }
}

impl Test {
    async fn new_user(&self, email: &str) -> UserId {
        self.clock.advance(Duration::from_millis(1));
        self.sign_up(email).await.0.id
    }

    /// The usual user, known by [`OLD`].
    async fn mapped(&self) -> UserId {
        let id = self.new_user("ada@example.com").await;
        assert_eq!(self.run(map(&id, OLD)).await, Created::Ok);
        id
    }

    async fn mapping(&self, id: &str, id_type: UserIdType) -> Option<(UserId, UserId)> {
        let get = GetUserIdMapping { user_id: id.into(), user_id_type: Some(id_type) };
        match self.run(get).await {
            GetUserIdMappingResponse::Ok(mapping) => {
                Some((mapping.super_tokens_user_id, mapping.external_user_id))
            }
            GetUserIdMappingResponse::UnknownMappingError => None,
        }
    }

    async fn unmap(&self, id: &str, force: bool) -> Result<bool, String> {
        let delete = DeleteUserIdMapping {
            user_id: id.into(),
            user_id_type: None,
            force: force.then_some(true),
        };
        match self.engine.handle(&public(), delete).await {
            Ok(DeleteUserIdMappingResponse::Ok { did_mapping_exist }) => Ok(did_mapping_exist),
            Err(EngineError::BadRequest(text)) => Err(text),
            Err(other) => panic!("{other}"),
        }
    }

    async fn user(&self, id: &str) -> Option<User> {
        match self.run(GetUserById { user_id: id.into() }).await {
            GetUserByIdResponse::Ok { user } => Some(user),
            GetUserByIdResponse::UnknownUserIdError => None,
        }
    }

    async fn by_code(&self, email: &str) -> User {
        let CreateCodeResponse::Ok(code) = self.run(CreateCode::for_email(email)).await else {
            panic!("a new device gets a code")
        };
        let proof = CodeProof::link_code(code.pre_auth_session_id, code.link_code);
        match self.run(ConsumeCode(proof)).await {
            ConsumeCodeResponse::Ok { user, .. } => user,
            other => panic!("{other:?}"),
        }
    }

    async fn session(&self, id: &str) -> SessionTokens {
        let CreateSessionResponse::Ok(tokens) = self.run(start(id)).await else { panic!() };
        tokens
    }

    async fn refresh(&self, token: &Secret, version: CdiVersion) -> SessionTokens {
        let refresh = RefreshSession {
            refresh_token: token.clone(),
            anti_csrf_token: None,
            enable_anti_csrf: false,
            use_dynamic_signing_key: Some(true),
            access_token_validity_ms: None,
            proven_devices: None,
            cdi_version: version,
        };
        match self.run(refresh).await {
            RefreshSessionResponse::Ok(tokens) => tokens,
            other => panic!("{other:?}"),
        }
    }

    async fn handles(&self, id: &str, linked: bool) -> Vec<auth_protocol::SessionHandle> {
        let list = ListSessionHandles {
            user_id: id.into(),
            fetch_across_all_tenants: true,
            fetch_sessions_for_all_linked_accounts: linked,
        };
        let ListSessionHandlesResponse::Ok { session_handles } = self.run(list).await;
        session_handles
    }

    async fn set_metadata(&self, id: &str) {
        let metadata_update = [("at".to_owned(), id.into())].into_iter().collect();
        self.run(UpdateUserMetadata { user_id: id.into(), metadata_update }).await;
    }

    async fn metadata(&self, id: &str) -> JsonObject {
        let GetUserMetadataResponse::Ok { metadata } =
            self.run(GetUserMetadata { user_id: id.into() }).await;
        metadata
    }

    async fn delete(&self, id: &str, all: bool) {
        let delete = DeleteUser { user_id: id.into(), remove_all_linked_accounts: all };
        assert_eq!(self.run(delete).await, DeleteUserResponse::Ok);
    }
}

fn start(id: &str) -> CreateSession {
    CreateSession::new(id.into())
}

fn ids(tokens: &SessionTokens) -> (&str, &str) {
    (tokens.session.user_id.as_str(), tokens.session.recipe_user_id.as_str())
}
