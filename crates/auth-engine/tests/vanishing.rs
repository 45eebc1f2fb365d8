//! Somebody is deleted while a request of theirs is under way: it answers as if that had come first.
//! On PostgreSQL, where a transaction sees what others write meanwhile.
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

mod common;

use auth_engine::{Answers, Engine, EngineConfig};
use auth_protocol::{
    Operation, RecipeUserId, Secret,
    emailpassword::{ImportPasswordHash, ImportPasswordHashResponse, SignIn, SignInResponse},
    passwordless::{
        CodeProof, ConsumeCode, ConsumeCodeResponse, CreateCode, CreateCodeResponse, CreatedCode,
    },
    thirdparty::{ProvidedEmail, ThirdPartySignInUp, ThirdPartySignInUpResponse},
    userroles::{AddUserRole, AddUserRoleResponse, CreateRole},
};
use common::{Test, cheap};
use test_postgres::TestDatabase;

/// A stranger's connection, by which somebody is deleted while the engine is at work.
struct World {
    test: Test,
    database: TestDatabase,
    stranger: tokio_postgres::Client,
}

impl World {
    async fn new() -> Self {
        let database = TestDatabase::create();
        let config = EngineConfig::new(database.url().parse().unwrap()).audit_log(true);
        let test = Test::with(cheap(config)).await;
        let connected = tokio_postgres::connect(&database.url(), tokio_postgres::NoTls).await;
        let (stranger, connection) = connected.unwrap();
        tokio::spawn(connection);
        Self { test, database, stranger }
    }

    /// What an operation answers that waits for these statements to be committed.
    async fn overtaken<O: Operation>(&self, by: &str, operation: O) -> O::Response
    where
        Engine: Answers<O>,
        O::Response: std::fmt::Debug + Send + 'static,
    {
        self.stranger.batch_execute(&format!("BEGIN; {by}")).await.unwrap();
        let (engine, scope) = (self.test.engine.clone(), self.test.scope.clone());
        let answer = tokio::spawn(async move { engine.handle(&scope, operation).await });
        let waits = "SELECT COUNT(*) FROM pg_stat_activity \
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while self.database.psql(waits).trim() != "1" {
            assert!(!answer.is_finished(), "it waits for nobody: {:?}", answer.await);
            tokio::task::yield_now().await;
        }
        self.stranger.batch_execute("COMMIT").await.unwrap();
        answer.await.unwrap().unwrap()
    }

    /// Nothing is kept of somebody who is gone.
    fn assert_forgotten(&self, id: &RecipeUserId) {
        for table in ["user_last_active", "emailverification_verified_emails", "audit_log_entries"]
        {
            let rows = format!("SELECT COUNT(*) FROM {table} WHERE user_id = '{}'", id.as_str());
            assert_eq!(self.database.psql(&rows).trim(), "0", "{table}");
        }
    }
}

/// As the engine does it: the user's row is locked before anything of the user is deleted.
fn deletion(id: &RecipeUserId) -> String {
    let id = id.as_str();
    format!(
        "DELETE FROM app_id_to_user_id WHERE user_id = '{id}'; \
         DELETE FROM user_last_active WHERE user_id = '{id}'; \
         DELETE FROM emailverification_verified_emails WHERE user_id = '{id}'; \
         UPDATE audit_log_entries SET user_id = NULL WHERE user_id = '{id}'"
    )
}

async fn create_code(test: &Test) -> CreatedCode {
    let operation = CreateCode::for_email("ada@example.com");
    match test.run(operation).await {
        CreateCodeResponse::Ok(code) => code,
        other => panic!("{other:?}"),
    }
}

fn consume(code: &CreatedCode) -> ConsumeCode {
    let (device, typed) = (code.device_id.clone(), code.user_input_code.clone());
    ConsumeCode(CodeProof::user_input_code(&code.pre_auth_session_id, device, typed))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn a_code_signs_its_owner_up_anew() {
    let world = World::new().await;
    let code = create_code(&world.test).await;
    let ConsumeCodeResponse::Ok { recipe_user_id: old, .. } = world.test.run(consume(&code)).await
    else {
        panic!("not signed up");
    };
    let code = create_code(&world.test).await;
    let ConsumeCodeResponse::Ok { created_new_user, recipe_user_id, user, .. } =
        world.overtaken(&deletion(&old), consume(&code)).await
    else {
        panic!("not signed in");
    };
    assert!(created_new_user && recipe_user_id != old);
    assert_eq!(user.login_methods.len(), 1);
    world.assert_forgotten(&old);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn an_account_at_a_third_party_signs_up_anew() {
    let world = World::new().await;
    let sign_in_up = || ThirdPartySignInUp {
        third_party_id: "google".into(),
        third_party_user_id: "1".into(),
        email: ProvidedEmail { id: "ada@example.com".into(), is_verified: true },
    };
    let ThirdPartySignInUpResponse::Ok { recipe_user_id: old, .. } =
        world.test.run(sign_in_up()).await
    else {
        panic!("not signed up");
    };
    let ThirdPartySignInUpResponse::Ok { created_new_user, recipe_user_id, .. } =
        world.overtaken(&deletion(&old), sign_in_up()).await
    else {
        panic!("not signed in");
    };
    assert!(created_new_user && recipe_user_id != old);
    world.assert_forgotten(&old);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn a_password_is_wrong_and_a_hash_is_imported_for_a_new_user() {
    let world = World::new().await;
    let (_, old) = world.test.sign_up("ada@example.com").await;
    let hash = "$2a$10$GzEm3vKoAqnJCTWesRARCe/ovjt/07qjvcH9jbLUg44Fn77gMZkmm";
    let import = || ImportPasswordHash {
        email: "ada@example.com".into(),
        password_hash: Secret::from(hash.to_owned()),
        hashing_algorithm: None,
    };
    let ImportPasswordHashResponse::Ok { user, did_user_already_exist } =
        world.overtaken(&deletion(&old), import()).await;
    assert!(!did_user_already_exist && user.id != old.as_str());
    world.assert_forgotten(&old);

    let (_, old) = world.test.sign_up("bob@example.com").await;
    let sign_in = SignIn { email: "bob@example.com".into(), password: "password 1".into() };
    let answer = world.overtaken(&deletion(&old), sign_in).await;
    assert!(matches!(answer, SignInResponse::WrongCredentialsError), "{answer:?}");
    world.assert_forgotten(&old);
}

/// A row refers to what was there a moment ago.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn a_role_that_is_deleted_while_it_is_given_is_unknown() {
    let world = World::new().await;
    world.test.run(CreateRole { role: "admin".into(), permissions: None }).await;
    let add = AddUserRole { user_id: "ada".into(), role: "admin".into() };
    let answer = world.overtaken("DELETE FROM roles WHERE role = 'admin'", add).await;
    assert_eq!(answer, AddUserRoleResponse::UnknownRoleError);
}
