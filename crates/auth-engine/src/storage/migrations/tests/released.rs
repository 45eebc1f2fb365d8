//! Databases of every released schema, with rows as the programs of their time wrote them, opened by
//! this program. The rows are in `tests/released`, one file for each step.

use std::{fs, time::Duration};

use auth_protocol::{
    CdiVersion, Secret, UserId, emailpassword::*, emailverification::*, jwt::*, limits::*,
    multitenancy::*, passwordless::*, recoverycode::*, session::*, signinalerts::*, thirdparty::*,
    totp::*, user::*, usermetadata::*, userroles::*, webauthn::*,
};
use serde_json::json;

use super::super::{CREATE_TABLE, Migration, migrations};
use crate::{
    EngineConfig, SigningAlgorithm,
    common::{START_MS, Test, TestStorage},
};

/// What stands in the rows, in the form in which their owners have it.
mod known {
    pub(super) const ADA: &str = "e8dd943d-366c-4ae7-beb7-06c6ae668eff";
    pub(super) const SESSION: &str = "ca75ca05-9c37-4ce2-b8e3-ddef820f32df";
    pub(super) const ACCESS_TOKEN: &str = "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCIsInZlcnNpb24iOiI1Iiwia2lkIjoiZC0xNzY3MjI1NjAxMDAwIn0.eyJyb2xlIjoiZWRpdG9yIiwic3ViIjoiZThkZDk0M2QtMzY2Yy00YWU3LWJlYjctMDZjNmFlNjY4ZWZmIiwicnN1YiI6ImU4ZGQ5NDNkLTM2NmMtNGFlNy1iZWI3LTA2YzZhZTY2OGVmZiIsInRJZCI6InB1YmxpYyIsInNlc3Npb25IYW5kbGUiOiJjYTc1Y2EwNS05YzM3LTRjZTItYjhlMy1kZGVmODIwZjMyZGYiLCJyZWZyZXNoVG9rZW5IYXNoMSI6IjlhMjQyOGFmZDk5NDRjZjk3ZGU0NzRhOTQ5ZTIzMDA3MmUzOWU0ZDIwMmRmZTNiMmU2ODhkYjQyNWQ2ODMwMWYiLCJwYXJlbnRSZWZyZXNoVG9rZW5IYXNoMSI6bnVsbCwiYW50aUNzcmZUb2tlbiI6bnVsbCwiaWF0IjoxNzY3MjI1NjAxLCJleHAiOjE3NjcyMjkwMjR9.XxSlkWrEGFq01r_1XogbydQHgym-tQ5IDKAUWE3v0ed26SRPD-WZ7fgu8C5SF1p3jNu5lIMKL8qcrMjjX8QPCQ";
    pub(super) const REFRESH_TOKEN: &str = "nDpIoGWhbIjCEh2EM9SVNQiHoQ1I7wr6BY6cWR2KFiQUvZwELWjfY6QKlLoH3pPgNzL3xXR-YP4s3LAhTSc8RO1imW_SKme49akExP9N7uRyrG3Wd8SOPAiO06Qa0u4LQYxOc7HAWmwsYjB6RdDeqCcGreb6Oz_iFVrNN2O7pYHSVpFvul6Qoh-HOWCBPKfkTsR6ad716Os";
    pub(super) const RESET_TOKEN: &str =
        "ZbUoG_CQMEqgJV0q85HxZMuB1Yekx7WyfbBPqsuTiN9zz-AdDAT-dpRNIpyktdew";
    pub(super) const ERIN: (&str, &str) = (
        "Logad2Kgs3Jzx10UASAsHXx95YgB65q1Gd0yLjuwfX4",
        "D_cD9_USAwHsGYUvSr53PvP6662PdLaPJwMQhQ4CQx8",
    );
    pub(super) const RECOVERY_CODE: &str = "sebq-9zh5-2rv2-acgw";
    /// The device, its digest, and its two codes, of which the second took the first one's place.
    pub(super) const DAN: [&str; 4] = [
        "4tg+77gMjDhGODKiYPdYNI/nc19iPPC11GvN8rxB5zA=",
        "IzL0FVyQc2XhZcbBzXEVSwNf1LjVbtMmrv1x9B9F2ks",
        "081879",
        "401532",
    ];
    pub(super) const VERIFICATION_TOKEN: &str =
        "Qm9iIHByb3ZlcyBoaXMgYWRkcmVzcyBieSB0aGlzIG9uZSB0b2tlbiBvbmx5ISE0";
    pub(super) const GUESSED: &str = "test1";
    pub(super) const ALERT_TOKEN: &str =
        "T3duZXIgZW5kcyBhbGwgc2Vzc2lvbnMgYnkgdGhpcyBvbmUgdG9rZW4gb25seSEx";
    pub(super) const OPTIONS: &str = "d3c1a6a2-6d0e-4b3b-9d1c-8f0f2b1a7c55";
    pub(super) const RETIRED_KEY: &str = "d-1767225601000";
}

/// Rows as the program of a step wrote them.
fn rows(version: i64) -> String {
    let file = format!("{}/tests/released/{version:04}.sql", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!("step {version} has no rows as its program writes them: {file}: {error}")
    })
}

/// A step's statements, as they run on a database.
fn statements(storage: &TestStorage, sql: &str) -> String {
    match storage {
        TestStorage::Sqlite(_) => sql.to_owned(),
        #[cfg(feature = "postgres")]
        TestStorage::Postgres(_) => crate::storage::postgres::to_postgres(sql),
        #[cfg(not(feature = "postgres"))]
        TestStorage::Postgres(_) => panic!("built without PostgreSQL"),
    }
}

/// A database that went through the steps one after the other, in use after each.
fn database_after(steps: &[&Migration]) -> TestStorage {
    let storage = TestStorage::empty();
    storage.execute(&statements(&storage, CREATE_TABLE));
    // Every one of these steps comes from before checksums were kept.
    storage.execute("ALTER TABLE schema_migrations DROP COLUMN checksum");
    for step in steps {
        storage.execute(&statements(&storage, step.sql));
        let Migration { version, name, .. } = step;
        storage.execute(&format!(
            "INSERT INTO schema_migrations (version, name, applied_at) \
             VALUES ({version}, '{name}', {START_MS})"
        ));
        storage.execute(&rows(*version));
    }
    storage
}

fn config(storage: &TestStorage) -> EngineConfig {
    storage.config().signing_algorithm(SigningAlgorithm::EdDsa)
}

#[tokio::test]
async fn a_database_of_any_released_schema_is_brought_to_the_newest_and_everything_in_it_works() {
    let fresh = TestStorage::empty();
    Test::with(config(&fresh)).await.engine.shutdown().await;
    let steps = migrations();
    for (index, newest) in steps.iter().enumerate() {
        let (storage, version) = (database_after(&steps[..=index]), newest.version);
        let test = Test::with(config(&storage)).await;
        // Later than what the programs of the time did.
        test.clock.advance(Duration::from_secs(60));
        assert_eq!(storage.columns(), fresh.columns(), "from step {version}");
        let steps_of = |storage: &TestStorage| {
            storage.lines("SELECT name || ' ' || checksum FROM schema_migrations ORDER BY version")
        };
        assert_eq!(steps_of(&storage), steps_of(&fresh), "from step {version}");
        test.first(&storage).await;
        if version >= 17 {
            let read = GetSessionDevice { session_handle: known::SESSION.into() };
            let GetSessionDeviceResponse::Ok { key } = test.run(read).await else {
                panic!("the session is bound to a device")
            };
            assert_eq!(key.alg, "ES256");
        }
        if version >= 3 {
            test.codes(&storage).await;
        }
        if version >= 4 {
            test.second_factors().await;
        }
        if version >= 5 {
            let GetRolesForUserResponse::Ok { roles } =
                test.run(GetRolesForUser { user_id: known::ADA.into() }).await;
            assert_eq!(roles, ["editor"]);
        }
        if version >= 6 {
            let by_external_id = GetUserById { user_id: "customer-7".into() };
            let GetUserByIdResponse::Ok { user } = test.run(by_external_id).await else {
                panic!("Bob has the id of another system")
            };
            assert_eq!(user.emails, ["bob@example.com"]);
        }
        if version >= 7 {
            test.one_good_code().await;
        }
        if version >= 8 {
            let ListSigningKeysResponse::Ok { keys } = test.run(ListSigningKeys {}).await;
            let retired = keys.iter().find(|key| key.state == SigningKeyState::Retired);
            assert_eq!(retired.unwrap().kid, known::RETIRED_KEY);
        }
        if version >= 9 {
            test.addresses().await;
        }
        if version >= 11 {
            test.budgets().await;
        }
        if version >= 12 {
            test.tenant().await;
        }
        if version >= 13 {
            test.alerts(&storage).await;
        }
        if version >= 15 {
            test.passkey().await;
        }
        test.everybody(&storage, version).await;
        test.engine.delete_expired().await.unwrap();
        test.engine.shutdown().await;
    }
}

impl Test {
    /// Users, passwords, sessions, keys and metadata.
    async fn first(&self, storage: &TestStorage) {
        let method = self.sign_in("ada@example.com", "password 1").await.unwrap();
        assert_eq!(method.as_str(), known::ADA);
        assert!(self.sign_in("ada@example.com", "password 2").await.is_none());
        let work = self.sign_in("ada@work.example", "password 1").await.unwrap();
        let GetUserByIdResponse::Ok { user } = self.run(GetUserById { user_id: work.into() }).await
        else {
            panic!("Ada's second login method is a user's")
        };
        assert_eq!(user.id, known::ADA);
        assert!(user.is_primary_user);
        let mut emails = user.emails.clone();
        emails.sort();
        assert_eq!(emails, ["ada@example.com", "ada@work.example"]);
        let carol = ListUsersByAccountInfo {
            email: Some("carol@stfakeemail.supertokens.com".into()),
            ..ListUsersByAccountInfo::default()
        };
        let ListUsersByAccountInfoResponse::Ok { users } = self.run(carol).await;
        assert!(matches!(&users[..], [carol] if carol.login_methods[0].verified));

        let verify = VerifySession {
            access_token: Secret::from(known::ACCESS_TOKEN),
            anti_csrf_token: None,
            do_anti_csrf_check: false,
            enable_anti_csrf: false,
            check_database: true,
            cdi_version: CdiVersion::LATEST,
        };
        let VerifySessionResponse::Ok { session, .. } = self.run(verify).await else {
            panic!("the old access token is good")
        };
        assert_eq!(session.user_id, known::ADA);
        assert_eq!(session.user_data_in_jwt.get("role"), Some(&json!("editor")));
        let get = GetSession { session_handle: known::SESSION.into() };
        let GetSessionResponse::Ok { user_data_in_database, .. } = self.run(get).await else {
            panic!("the old session goes on")
        };
        assert_eq!(user_data_in_database.get("cart"), Some(&json!(3)));
        let refresh = RefreshSession {
            refresh_token: Secret::from(known::REFRESH_TOKEN),
            anti_csrf_token: None,
            enable_anti_csrf: false,
            use_dynamic_signing_key: Some(true),
            access_token_validity_ms: None,
            proven_devices: None,
            cdi_version: CdiVersion::LATEST,
        };
        let RefreshSessionResponse::Ok(tokens) = self.run(refresh).await else {
            panic!("the old refresh token is good")
        };
        assert_eq!(tokens.session.handle, known::SESSION);

        let token = Secret::from(known::RESET_TOKEN);
        let ConsumePasswordResetTokenResponse::Ok { user_id, email } =
            self.run(ConsumePasswordResetToken { token }).await
        else {
            panic!("the old reset token is good")
        };
        assert_eq!((user_id.as_str(), email.as_str()), (known::ADA, "ada@example.com"));
        let GetUserMetadataResponse::Ok { metadata } =
            self.run(GetUserMetadata { user_id: known::ADA.into() }).await;
        assert_eq!(metadata.get("theme"), Some(&json!("dark")));
        let CountActiveUsersResponse::Ok { count } = self.run(CountActiveUsers { since: 0 }).await;
        assert!(count > 0);
        assert_eq!(i64::try_from(count).unwrap(), storage.count("user_last_active"));
    }

    /// Passwordless users, devices and codes.
    async fn codes(&self, storage: &TestStorage) {
        let by_phone = GetPasswordlessUser {
            phone_number: Some("+491701234567".into()),
            ..GetPasswordlessUser::default()
        };
        let GetPasswordlessUserResponse::Ok { user } = self.run(by_phone).await else {
            panic!("who signed up by a code is there")
        };
        assert!(user.login_methods[0].verified);
        let (device, link_code) = known::ERIN;
        let consume = ConsumeCode(CodeProof::link_code(device, link_code));
        let ConsumeCodeResponse::Ok { created_new_user: true, .. } = self.run(consume).await else {
            panic!("the old link is good")
        };
        // Of codes from before one was good at a time, the newest of each device is.
        let good = "SELECT code_id FROM passwordless_codes WHERE code_id LIKE 'old-%' \
            AND NOT is_replaced ORDER BY code_id";
        assert_eq!(storage.lines(good), ["old-c", "old-d"]);
    }

    /// Authenticator apps, recovery codes and attempts.
    async fn second_factors(&self) {
        let user_id = || UserId::from(known::ADA);
        let ListTotpDevicesResponse::Ok { devices } =
            self.run(ListTotpDevices { user_id: user_id() }).await;
        assert!(matches!(&devices[..], [phone] if phone.name == "phone" && phone.verified));
        let secret = totp_rs::Secret::try_from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
        let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        let totp = app.generate(u64::try_from(self.clock.now_ms() / 1000).unwrap()).to_string();
        let verify = VerifyTotp { user_id: user_id(), totp: totp.into() };
        assert_eq!(self.run(verify).await, VerifyTotpResponse::Ok);
        let code = Secret::from(known::RECOVERY_CODE);
        let consume = ConsumeRecoveryCode { user_id: user_id(), code };
        assert_eq!(self.run(consume).await, ConsumeRecoveryCodeResponse::Ok { codes_left: 9 });
    }

    /// Proofs of addresses, and accounts at third parties.
    async fn addresses(&self) {
        let VerifyEmailResponse::Ok { user_id, email } =
            self.run(VerifyEmail::by_token(known::VERIFICATION_TOKEN)).await
        else {
            panic!("the old token is good")
        };
        assert_eq!((user_id.as_str(), email.as_str()), (known::ADA, "ada@example.com"));
        let sign_in_up = ThirdPartySignInUp {
            third_party_id: "google".into(),
            third_party_user_id: "1081".into(),
            email: ProvidedEmail { id: "grace@example.com".into(), is_verified: true },
        };
        let ThirdPartySignInUpResponse::Ok { created_new_user: false, .. } =
            self.run(sign_in_up).await
        else {
            panic!("Grace is known by her account")
        };
    }

    /// Users of every step, in lists and counts: those of whom rows tell that somebody can sign in.
    async fn everybody(&self, storage: &TestStorage, version: i64) {
        let users = storage.lines(
            "SELECT DISTINCT u.primary_or_recipe_user_id FROM app_id_to_user_id u \
             JOIN recipe_user_tenants t ON t.app_id = u.app_id AND t.recipe_user_id = u.user_id \
             ORDER BY u.primary_or_recipe_user_id",
        );
        let ListUsersResponse::Ok { users: listed, .. } = self.run(ListUsers::default()).await;
        assert_eq!(listed.len(), users.len(), "from step {version}");
        for include_all_tenants in [false, true] {
            let count = CountUsers { include_all_tenants, ..CountUsers::default() };
            let CountUsersResponse::Ok { count, .. } = self.run(count).await;
            assert_eq!(count, users.len() as u64, "from step {version}");
        }
        let google = ListUsers { provider: Some("google".into()), ..ListUsers::default() };
        let ListUsersResponse::Ok { users: found, .. } = self.run(google).await;
        assert_eq!(found.len(), usize::from(version >= 9));
    }

    async fn budgets(&self) {
        let budget = BudgetToTake {
            name: "signIn/account".into(),
            subject: known::GUESSED.into(),
            most: 1,
            refill_interval_ms: 3_600_000,
            cost: 1,
        };
        let take = TakeFromBudgets { budgets: vec![budget] };
        let retry_after_ms = vec![3_600_000];
        assert_eq!(
            self.run(take).await,
            TakeFromBudgetsResponse::LimitReachedError { retry_after_ms }
        );
    }

    /// A tenant and what is set for it.
    async fn tenant(&self) {
        let ListTenantsResponse::Ok { tenants } = self.run(ListTenants {}).await;
        let [acme, public] = &tenants[..] else { panic!("{tenants:?}") };
        assert_eq!((acme.tenant_id.as_str(), public.tenant_id.as_str()), ("acme", "public"));
        let factors = acme.first_factors.as_deref();
        assert_eq!(factors, Some(&["emailpassword".to_owned(), "thirdparty".to_owned()][..]));
        assert!(acme.core_config.contains_key("password_reset_token_lifetime"));
        assert_eq!(acme.third_party.providers[0].clients[0].client_id, "1234.apps");
        assert_eq!(public.first_factors, None);
    }

    /// Networks, and alerts about others.
    async fn alerts(&self, storage: &TestStorage) {
        assert_eq!(storage.count("sign_in_networks"), 1);
        let deny = UseSignInAlert { token: known::ALERT_TOKEN.into() };
        let UseSignInAlertResponse::Ok { user_id, was_used: false, .. } = self.run(deny).await
        else {
            panic!("the old token is good")
        };
        assert_eq!(user_id, known::ADA);
        assert_eq!(storage.count("sign_in_networks"), 0);
    }

    /// A passkey of the specification's first test vector, and its use.
    async fn passkey(&self) {
        let credential = json!({
            "id": "-R85HbTJsv3g6nAYnLo_tj9Xm6YSKzOtlP8-wzAIS-Q", "type": "public-key",
            "response": {
                "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiT2NEblVoUVh1bFRVUG8zSlVYVDBJOTdwdnp6WUJQOXRaY2hYeWF2MDFBZyIsIm9yaWdpbiI6Imh0dHBzOi8vZXhhbXBsZS5vcmciLCJjcm9zc09yaWdpbiI6ZmFsc2V9",
                "authenticatorData": "v6vDdDKViwYzYNOtZGHJxHNa5_jt1GWSpeDwFFKy5LUZAAAAAA",
                "signature": "MEYCIQD1Ck4uRAkknEqFO6NhKC8JhB303UVHoTqHeAIY3v_NOAIhAISArA8Lk1OBdPV1vxGh3V14xuSGAT-TcpXqE2U-Mx6H",
            },
        });
        let sign_in = PasskeySignIn {
            webauthn_generated_options_id: known::OPTIONS.into(),
            credential: credential.as_object().unwrap().clone(),
            cdi_version: CdiVersion::default(),
        };
        let PasskeySignInResponse::Ok { user, .. } = self.run(sign_in).await else {
            panic!("Ivan signs in")
        };
        assert_eq!(user.emails, ["ivan@example.com"]);
        assert_eq!(user.webauthn.credential_ids.len(), 1);
    }

    async fn one_good_code(&self) {
        let [device, digest, replaced, good] = known::DAN;
        let proof = |code| ConsumeCode(CodeProof::user_input_code(digest, device, code));
        let wrong = self.run(proof(replaced)).await;
        assert!(!matches!(wrong, ConsumeCodeResponse::Ok { .. }), "{wrong:?}");
        let right = self.run(proof(good)).await;
        assert!(matches!(right, ConsumeCodeResponse::Ok { .. }), "{right:?}");
    }
}
