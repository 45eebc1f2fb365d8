//! Several login methods for one user (CDI §1.11, 5.3, 5.4).
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

#[path = "../common/mod.rs"]
mod common;
mod unlinking;

use std::time::Duration;

use auth_engine::EngineError;
use auth_protocol::{
    RecipeUserId, User, UserId, accountlinking::*, emailpassword::*, session::*, user::*,
};
use common::{Test, TestStorage, public};
use serde_json::{Value, json};

/// A test on a database into which rows can be put that no operation makes.
struct WithRows {
    test: Test,
    storage: TestStorage,
}

impl WithRows {
    async fn new() -> Self {
        let storage = TestStorage::new();
        Self { test: Test::with(storage.config()).await, storage }
    }

    /// A login method of another recipe, with an address that email-password may have too.
    fn passwordless(&self, id: &str, email: &str) -> RecipeUserId {
        self.storage.execute(&format!(
            "INSERT INTO app_id_to_user_id VALUES \
                ('public', '{id}', 'passwordless', '{id}', FALSE, 5, 5, 0); \
             INSERT INTO recipe_user_account_infos VALUES \
                ('public', '{id}', 'passwordless', 'email', '{email}', '', '', NULL); \
             INSERT INTO recipe_user_tenants VALUES \
                ('public', 'public', '{id}', 'passwordless', 'email', '{email}', '', '');"
        ));
        id.into()
    }
}

impl Test {
    async fn new_user(&self, email: &str) -> RecipeUserId {
        self.clock.advance(Duration::from_millis(1));
        self.sign_up(email).await.1
    }

    async fn primary(&self, email: &str) -> UserId {
        let recipe_user_id = self.new_user(email).await;
        match self.run(CreatePrimaryUser { recipe_user_id }).await {
            CreatePrimaryUserResponse::Ok { user, was_already_a_primary_user: false } => user.id,
            other => panic!("{other:?}"),
        }
    }

    /// What it is refused with to become primary: when asked about and when done alike.
    async fn refused_to_become_primary(&self, id: &RecipeUserId) -> Value {
        let recipe_user_id = id.clone();
        let asked = self.run(CanCreatePrimaryUser { recipe_user_id }).await;
        let recipe_user_id = id.clone();
        let done = self.run(CreatePrimaryUser { recipe_user_id }).await;
        let asked = serde_json::to_value(asked).unwrap();
        assert_eq!(asked, serde_json::to_value(done).unwrap());
        asked
    }

    async fn link(&self, id: &RecipeUserId, primary: &UserId) -> LinkAccountsResponse {
        let (recipe_user_id, primary_user_id) = (id.clone(), primary.clone());
        self.run(LinkAccounts { recipe_user_id, primary_user_id }).await
    }

    async fn can_link(&self, id: &RecipeUserId, primary: &UserId) -> CanLinkAccountsResponse {
        let (recipe_user_id, primary_user_id) = (id.clone(), primary.clone());
        self.run(CanLinkAccounts { recipe_user_id, primary_user_id }).await
    }

    async fn unlink(&self, id: &RecipeUserId) -> (bool, bool) {
        let UnlinkAccountResponse::Ok { was_recipe_user_deleted, was_linked } =
            self.run(UnlinkAccount { recipe_user_id: id.clone() }).await;
        (was_recipe_user_deleted, was_linked)
    }

    async fn user(&self, id: impl Into<UserId>) -> Option<User> {
        match self.run(GetUserById { user_id: id.into() }).await {
            GetUserByIdResponse::Ok { user } => Some(user),
            GetUserByIdResponse::UnknownUserIdError => None,
        }
    }

    async fn session(&self, id: &RecipeUserId) -> SessionTokens {
        let operation = CreateSession::new(id.clone());
        let CreateSessionResponse::Ok(tokens) = self.run(operation).await else { panic!() };
        tokens
    }

    async fn session_count(&self, id: &UserId) -> usize {
        let operation = ListSessionHandles {
            user_id: id.clone(),
            fetch_across_all_tenants: true,
            fetch_sessions_for_all_linked_accounts: true,
        };
        let ListSessionHandlesResponse::Ok { session_handles } = self.run(operation).await;
        session_handles.len()
    }
}

#[tokio::test]
async fn a_linked_user_has_every_login_method_under_either_id() {
    let test = Test::new().await;
    let ada = test.primary("ada@example.com").await;
    let second = test.new_user("countess@example.com").await;
    let LinkAccountsResponse::Ok { accounts_already_linked: false, user } =
        test.link(&second, &ada).await
    else {
        panic!("nothing stands in the way")
    };
    assert_eq!((&user.id, user.is_primary_user), (&ada, true));
    assert_eq!(user.emails, ["ada@example.com", "countess@example.com"]);
    assert_eq!(user.login_methods.len(), 2);
    assert_eq!(user.time_joined, user.login_methods[0].time_joined);
    assert_eq!(test.user(second.clone()).await, Some(user.clone()));
    assert_eq!(test.user(ada.clone()).await, Some(user.clone()));
    let ListUsersResponse::Ok { users, .. } = test.run(ListUsers::default()).await;
    assert_eq!(users, [user]);
    assert_eq!(test.sign_in("countess@example.com", "password 1").await, Some(second));
}

#[tokio::test]
async fn what_is_primary_or_linked_already_is_said_so() {
    let test = Test::new().await;
    let ada = test.primary("ada@example.com").await;
    let head = RecipeUserId::from(ada.clone());
    let again = test.run(CreatePrimaryUser { recipe_user_id: head.clone() }).await;
    assert!(matches!(
        again,
        CreatePrimaryUserResponse::Ok { was_already_a_primary_user: true, .. }
    ));
    let check = test.run(CanCreatePrimaryUser { recipe_user_id: head }).await;
    assert_eq!(check, CanCreatePrimaryUserResponse::Ok { was_already_a_primary_user: true });
    let second = test.new_user("b@example.com").await;
    let linked = |accounts_already_linked| CanLinkAccountsResponse::Ok { accounts_already_linked };
    let alone = test.new_user("d@example.com").await;
    assert_eq!(test.can_link(&second, &ada).await, linked(false));
    assert!(matches!(
        test.can_link(&second, &alone.clone().into()).await,
        CanLinkAccountsResponse::InputUserIsNotAPrimaryUser
    ));
    test.link(&second, &ada).await;
    assert_eq!(test.can_link(&second, &ada).await, linked(true));
    let again = test.link(&second, &ada).await;
    assert!(matches!(again, LinkAccountsResponse::Ok { accounts_already_linked: true, .. }));
    // A linked login method stands for its user.
    let third = test.new_user("c@example.com").await;
    let by_member = test.link(&third, &second.clone().into()).await;
    assert!(matches!(by_member, LinkAccountsResponse::Ok { user, .. } if user.id == ada));
}

#[tokio::test]
async fn a_member_of_a_user_can_neither_become_primary_nor_join_another() {
    let test = Test::new().await;
    let ada = test.primary("ada@example.com").await;
    let bob = test.primary("bob@example.com").await;
    let second = test.new_user("second@example.com").await;
    test.link(&second, &ada).await;
    assert_eq!(
        test.refused_to_become_primary(&second).await,
        json!({
            "status": "RECIPE_USER_ID_ALREADY_LINKED_WITH_PRIMARY_USER_ID_ERROR",
            "primaryUserId": ada,
            "description": "This user ID is already linked to another user ID",
        })
    );
    for (id, owner) in [(second, &ada), (RecipeUserId::from(ada.clone()), &ada)] {
        let response = test.link(&id, &bob).await;
        let LinkAccountsResponse::RecipeUserIdAlreadyLinkedWithAnotherPrimaryUserIdError {
            primary_user_id,
            user,
            ..
        } = response
        else {
            panic!("{response:?}")
        };
        assert_eq!((&primary_user_id, &user.id), (owner, owner));
        assert!(matches!(
            test.can_link(&id, &bob).await,
            CanLinkAccountsResponse::RecipeUserIdAlreadyLinkedWithAnotherPrimaryUserIdError { .. }
        ));
    }
}

#[tokio::test]
async fn nothing_is_linked_to_a_user_that_is_not_primary() {
    let test = Test::new().await;
    let ada = test.new_user("ada@example.com").await;
    let second = test.new_user("second@example.com").await;
    let response = test.link(&second, &ada.into()).await;
    assert_eq!(response, LinkAccountsResponse::InputUserIsNotAPrimaryUser);
}

#[tokio::test]
async fn unknown_ids_are_bad_requests() {
    let test = Test::new().await;
    let ada = test.primary("ada@example.com").await;
    let unknown = RecipeUserId::from("unknown");
    let refused = |result: Result<String, EngineError>| match result {
        Err(EngineError::BadRequest(text)) => assert_eq!(text, "Unknown user ID provided"),
        other => panic!("{other:?}"),
    };
    macro_rules! refuse {
        ($operation:expr) => {
            refused(test.engine.handle(&public(), $operation).await.map(|it| format!("{it:?}")))
        };
    }
    refuse!(CreatePrimaryUser { recipe_user_id: unknown.clone() });
    refuse!(CanCreatePrimaryUser { recipe_user_id: unknown.clone() });
    refuse!(UnlinkAccount { recipe_user_id: unknown.clone() });
    let (from, to) = (RecipeUserId::from(ada.clone()), UserId::from(unknown.clone()));
    refuse!(LinkAccounts { recipe_user_id: unknown.clone(), primary_user_id: ada.clone() });
    refuse!(LinkAccounts { recipe_user_id: from.clone(), primary_user_id: to.clone() });
    refuse!(CanLinkAccounts { recipe_user_id: unknown, primary_user_id: ada });
    refuse!(CanLinkAccounts { recipe_user_id: from, primary_user_id: to });
}

#[tokio::test]
async fn an_identity_belongs_to_one_primary_user_in_a_tenant() {
    let with = WithRows::new().await;
    let test = &with.test;
    let ada = test.primary("ada@example.com").await;
    let other = with.passwordless("other", "ada@example.com");
    assert_eq!(
        test.refused_to_become_primary(&other).await,
        json!({
            "status": "ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR",
            "primaryUserId": ada,
            "description": "This user's email is already associated with another user ID",
        })
    );
    let bob = test.primary("bob@example.com").await;
    assert!(matches!(
        test.link(&other, &bob).await,
        LinkAccountsResponse::AccountInfoAlreadyAssociatedWithAnotherPrimaryUserIdError {
            primary_user_id, ..
        } if primary_user_id == ada
    ));
    assert!(matches!(
        test.can_link(&other, &bob).await,
        CanLinkAccountsResponse::AccountInfoAlreadyAssociatedWithAnotherPrimaryUserIdError { .. }
    ));
    // With its owner it may be.
    assert!(matches!(test.link(&other, &ada).await, LinkAccountsResponse::Ok { .. }));
}

#[tokio::test]
async fn linking_brings_a_users_identities_into_the_tenants_of_the_new_method() {
    let with = WithRows::new().await;
    let test = &with.test;
    let t1 = test.in_new_tenant(&with.storage, "t1");
    let (_, there) = t1.sign_up("ada@example.com").await;
    let ada = test.primary("ada@example.com").await;
    let elsewhere = test.run(CreatePrimaryUser { recipe_user_id: there.clone() }).await;
    assert!(matches!(elsewhere, CreatePrimaryUserResponse::Ok { .. }), "another tenant");
    // A method in t1 would bring ada's address there, where somebody has it.
    let (_, joining) = t1.sign_up("second@example.com").await;
    assert!(matches!(
        test.link(&joining, &ada).await,
        LinkAccountsResponse::AccountInfoAlreadyAssociatedWithAnotherPrimaryUserIdError {
            primary_user_id, ..
        } if primary_user_id == UserId::from(there.clone())
    ));
    // Once that one stands alone the address is free, and after an unlink again.
    assert_eq!(test.unlink(&there).await, (false, true));
    assert!(matches!(test.link(&joining, &ada).await, LinkAccountsResponse::Ok { .. }));
    let taken = test.run(CreatePrimaryUser { recipe_user_id: there.clone() }).await;
    assert!(!matches!(taken, CreatePrimaryUserResponse::Ok { .. }));
    assert_eq!(test.unlink(&joining).await, (false, true));
    let free = test.run(CreatePrimaryUser { recipe_user_id: there }).await;
    assert!(matches!(free, CreatePrimaryUserResponse::Ok { .. }));
}

#[tokio::test]
async fn sessions_of_a_method_end_when_its_user_becomes_another() {
    let test = Test::new().await;
    let ada = test.primary("ada@example.com").await;
    let second = test.new_user("second@example.com").await;
    test.session(&second).await;
    test.session(&ada.clone().into()).await;
    test.link(&second, &ada).await;
    assert_eq!(test.session_count(&ada).await, 1, "that of the primary user's own method");
    let tokens = test.session(&second).await;
    assert_eq!(tokens.session.user_id, ada);
    test.unlink(&second).await;
    assert_eq!(test.session_count(&ada).await, 1);
}

#[tokio::test]
async fn an_address_of_another_primary_user_is_no_new_address_for_a_member() {
    let with = WithRows::new().await;
    let test = &with.test;
    let other = with.passwordless("other", "taken@example.com");
    test.run(CreatePrimaryUser { recipe_user_id: other }).await;
    let ada = test.primary("ada@example.com").await;
    let second = test.new_user("second@example.com").await;
    test.link(&second, &ada).await;
    let update = |email: &str| UpdateEmailOrPassword {
        recipe_user_id: second.clone(),
        email: Some(email.into()),
        password: None,
    };
    let refused = test.run(update("taken@example.com")).await;
    assert!(matches!(refused, UpdateEmailOrPasswordResponse::EmailChangeNotAllowedError { .. }));
    assert_eq!(test.run(update("new@example.com")).await, UpdateEmailOrPasswordResponse::Ok);
    // The old address is free, the new one is owned.
    let free = with.passwordless("free", "second@example.com");
    let free = test.run(CreatePrimaryUser { recipe_user_id: free }).await;
    assert!(matches!(free, CreatePrimaryUserResponse::Ok { .. }));
    let owned = with.passwordless("owned", "new@example.com");
    let owned = test.run(CreatePrimaryUser { recipe_user_id: owned }).await;
    assert!(!matches!(owned, CreatePrimaryUserResponse::Ok { .. }));
}
