//! What parts say of their tables, held against the schema, and what becomes of a user's rows when
//! it is removed (CDI §5.4).

use std::{collections::BTreeSet, time::Duration};

use auth_protocol::{
    RecipeUserId, UserId, accountlinking::*, emailverification::*, passwordless::*,
    recoverycode::*, session::*, signinalerts::*, thirdparty::*, totp::*, user::*,
    user_id_mapping::*, usermetadata::*, userroles::*, webauthn::*,
};
use serde_json::json;

use super::{Goes, LoginMethods, PARTS, Rows, tables};
use crate::common::{Test, TestStorage, passkey::Device};

const EMAIL: &str = "ada@example.com";
const PHONE: &str = "+491701234567";
const ACCOUNT: &str = "108127341";

/// A third party's id for a user, which is none of ours.
const OF_THIRD_PARTIES: &str = "third_party_user_id";

#[tokio::test]
async fn every_table_is_one_parts_which_says_whose_rows_it_has() {
    let storage = TestStorage::new();
    Test::with(storage.config()).await;
    let schema = storage.columns();
    let mut declared = BTreeSet::new();
    for table in tables() {
        assert!(declared.insert(table.name), "{} is declared twice", table.name);
        let columns = schema.get(table.name).unwrap_or_else(|| panic!("{} is gone", table.name));
        let of_users = columns
            .iter()
            .any(|column| column.contains("user_id") && column.as_str() != OF_THIRD_PARTIES);
        let of_tenants = columns.contains("tenant_id");
        let (name, is_right) = match &table.rows {
            Rows::User(rows) => ("users", columns.contains(rows.column)),
            Rows::Tenant { .. } => ("tenants", of_tenants && !of_users),
            Rows::App => ("apps", !of_tenants && !of_users),
        };
        assert!(is_right, "{} has no rows of {name}, by its columns {columns:?}", table.name);
        if let Rows::User(rows) = &table.rows {
            let goes_with_the_tenant =
                of_tenants && !matches!(rows.goes, Goes::Erased | Goes::OtherRow);
            assert_eq!(rows.in_tenants, goes_with_the_tenant, "{}", table.name);
        }
    }
    for table in schema.keys().filter(|table| *table != "schema_migrations") {
        assert!(declared.contains(table.as_str()), "{table} is no part's");
    }
}

#[test]
fn every_expiry_job_has_its_own_name_and_every_login_method_an_identity() {
    let jobs: Vec<_> = PARTS.iter().flat_map(|part| part.jobs).map(|job| job.name).collect();
    assert_eq!(jobs.iter().collect::<BTreeSet<_>>().len(), jobs.len(), "{jobs:?}");
    for login in LoginMethods::all() {
        assert!(!login.identities.is_empty(), "{}", login.recipe);
        assert!(login.proved.iter().all(|kind| login.identities.contains(kind)));
        assert!(std::ptr::eq(LoginMethods::of(login.recipe).unwrap(), login), "added twice");
    }
}

fn may_outlive_users(name: &str) -> bool {
    tables().any(|table| {
        table.name == name && matches!(table.rows, Rows::Tenant { outlive_users: Some(_) })
    })
}

impl Test {
    async fn by_code(&self, code: CreateCode) -> RecipeUserId {
        let CreateCodeResponse::Ok(code) = self.run(code).await else { panic!("a new device") };
        let proof = CodeProof::link_code(code.pre_auth_session_id, code.link_code);
        match self.run(ConsumeCode(proof)).await {
            ConsumeCodeResponse::Ok { recipe_user_id, .. } => recipe_user_id,
            other => panic!("{other:?}"),
        }
    }

    async fn by_third_party(&self) -> RecipeUserId {
        let sign_in_up = ThirdPartySignInUp {
            third_party_id: "google".into(),
            third_party_user_id: ACCOUNT.into(),
            email: ProvidedEmail { id: EMAIL.into(), is_verified: true },
        };
        let answer = self.run(sign_in_up).await;
        let ThirdPartySignInUpResponse::Ok { recipe_user_id, .. } = answer else {
            panic!("{answer:?}")
        };
        recipe_user_id
    }

    async fn by_passkey(&self) -> RecipeUserId {
        match self.passkey_sign_up(EMAIL, &mut Device::new()).await {
            PasskeySignUpResponse::Ok { recipe_user_id, .. } => recipe_user_id,
            other => panic!("{other:?}"),
        }
    }

    /// A user of five login methods; their ids, the user's own first.
    async fn ada(&self) -> Vec<UserId> {
        let (user, recipe_user_id) = self.sign_up(EMAIL).await;
        self.run(CreatePrimaryUser { recipe_user_id }).await;
        let mut ids = vec![user.id.clone()];
        for recipe_user_id in [
            self.by_code(CreateCode::for_email(EMAIL)).await,
            self.by_code(CreateCode::for_phone_number(PHONE)).await,
            self.by_third_party().await,
            self.by_passkey().await,
        ] {
            ids.push(recipe_user_id.clone().into());
            let link = LinkAccounts { recipe_user_id, primary_user_id: user.id.clone() };
            assert!(matches!(self.run(link).await, LinkAccountsResponse::Ok { .. }));
        }
        ids
    }

    /// Fills every place where data is kept under a user's id.
    async fn fill(&self, id: &UserId) {
        let user_id = || id.clone();
        self.run(CreateSession::new(user_id().into())).await;
        let metadata_update = json!({ "a": 1 }).as_object().unwrap().clone();
        self.run(UpdateUserMetadata { user_id: user_id(), metadata_update }).await;
        self.run(CreateRole { role: "editor".into(), permissions: None }).await;
        self.run(AddUserRole { user_id: user_id(), role: "editor".into() }).await;
        let device = ImportTotpDevice {
            user_id: user_id(),
            device_name: None,
            secret_key: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".into(),
            skew: 1,
            period: 30,
        };
        self.run(device).await;
        self.run(VerifyTotp { user_id: user_id(), totp: "000000".into() }).await;
        self.run(GenerateRecoveryCodes { user_id: user_id() }).await;
        let network = || "203.0.113.0/24".to_owned();
        self.run(NoteSignInNetwork { recipe_user_id: user_id().into(), network: network() }).await;
        let alert = CreateSignInAlert {
            recipe_user_id: user_id().into(),
            session_handle: None,
            network: Some(network()),
            is_new_device: true,
            is_new_network: true,
            lifetime_ms: Some(60_000),
        };
        self.run(alert).await;
        let email = "new@example.com".into();
        self.run(CreateEmailVerificationToken { user_id: user_id(), email }).await;
    }

    async fn delete(&self, id: &UserId) {
        let delete = DeleteUser { user_id: id.clone(), remove_all_linked_accounts: true };
        assert_eq!(self.run(delete).await, DeleteUserResponse::Ok);
    }
}

#[tokio::test]
async fn cdi_5_4_a_deleted_user_leaves_nothing_in_any_table() {
    for by in 0..3 {
        let storage = TestStorage::new();
        let test = Test::with(storage.config()).await;
        let nobody = storage.tables_with(&[EMAIL, PHONE, ACCOUNT]);
        assert!(nobody.is_empty(), "{nobody:?}");
        let ids = test.ada().await;
        let id = ids[0].clone();
        let external = UserId::new("customer-7");
        let map = CreateUserIdMapping::new(id.clone(), external.clone());
        test.run(map).await;
        test.reset_token(&id).await;
        // Callers keep data under either id.
        test.fill(&id).await;
        test.fill(&external).await;
        test.run(CreateCode::for_phone_number(PHONE)).await;
        test.registration_options(EMAIL).await;
        let token = CreatePasskeyRecoveryToken { user_id: id.clone(), email: EMAIL.into() };
        test.run(token).await;
        let mut texts: Vec<&str> = ids.iter().map(UserId::as_str).collect();
        texts.extend([external.as_str(), EMAIL, PHONE, ACCOUNT]);
        let with_user = storage.tables_with(&texts);
        let missing: Vec<_> = storage.tables_of_users().difference(&with_user).cloned().collect();
        assert!(missing.is_empty(), "this test must put the user into {missing:?}, too");
        // By each of its ids: the other system's, the user's own, a login method's.
        test.delete([&external, &id, &ids[2]][by]).await;
        let left = storage.tables_with(&texts);
        let left: Vec<_> = left.iter().filter(|table| !may_outlive_users(table)).collect();
        assert!(left.is_empty(), "{left:?}");
        test.clock.advance(Duration::from_secs(24 * 3600));
        test.engine.delete_expired().await.unwrap();
        let left = storage.tables_with(&texts);
        assert!(left.is_empty(), "{left:?}");
        test.sign_up(EMAIL).await;
    }
}

#[tokio::test]
async fn cdi_5_4_sessions_and_data_of_an_id_that_is_no_user_s_stay_when_it_is_removed() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    test.sign_up("bob@example.com").await;
    let customer = UserId::new("customer-7");
    test.fill(&customer).await;
    let tables = || storage.tables_with(&[customer.as_str()]);
    let before = tables();
    for table in ["session_info", "user_metadata", "user_roles", "totp_user_devices"] {
        assert!(before.contains(table), "{before:?}");
    }
    test.delete(&customer).await;
    assert_eq!(tables(), before);
    let sessions = test.run(ListSessionHandles {
        user_id: customer,
        fetch_across_all_tenants: true,
        fetch_sessions_for_all_linked_accounts: true,
    });
    let ListSessionHandlesResponse::Ok { session_handles } = sessions.await;
    assert_eq!(session_handles.len(), 1);
}
