//! Apps and connection URI domains.

use std::time::Duration;

use auth_engine::Engine;
use auth_protocol::{CdiVersion, Secret, jwt::*, multitenancy::*, session::*, user::*};
use serde_json::json;

use crate::common::{Test, TestStorage};

impl Test {
    async fn remove_app(&self, app: &str) -> bool {
        let RemoveResponse::Ok { did_exist, .. } = self.run(RemoveApp::new(app)).await;
        did_exist
    }

    async fn app_names(&self) -> Vec<String> {
        let ListAppsResponse::Ok { apps } = self.run(ListApps {}).await;
        apps.iter().map(|app| app.app_id.to_string()).collect()
    }

    async fn put_domain(&self, domain: &str) -> bool {
        let change = CreateOrUpdateConnectionUriDomain {
            connection_uri_domain: Some(domain.into()),
            ..CreateOrUpdateConnectionUriDomain::default()
        };
        let CreateOrUpdateResponse::Ok { created_new } = self.run(change).await;
        created_new
    }
}

#[tokio::test]
async fn cdi_1_12_an_app_comes_with_its_public_tenant_and_goes_with_everything_in_it() {
    let test = Test::new().await;
    assert!(test.put_app("A1").await);
    assert!(!test.put_app("a1").await);
    assert_eq!(test.app_names().await, ["a1", "public"]);
    let a1 = test.at("a1", "public");
    assert_eq!(a1.tenant().await.unwrap().first_factors, None);
    a1.put_tenant("t1").await;
    let (user, id) = a1.sign_up("ada@example.com").await;
    a1.run(CreateSession::new(id)).await;
    a1.at("a1", "t1").sign_up("ada@example.com").await;
    test.sign_up("ada@example.com").await;

    let text = "Please delete all tenants except the public tenant for this app before calling the \
        delete API";
    assert_eq!(test.forbidden(RemoveApp::new("a1")).await, text);
    assert!(a1.remove_tenant("t1").await);
    let text = "Only the public tenantId and public appId is allowed to delete an app";
    assert_eq!(a1.forbidden(RemoveApp::new("a1")).await, text);
    let text = "Cannot delete the public app, use remove connection uri domain API instead";
    assert_eq!(test.forbidden(RemoveApp::new("public")).await, text);
    assert!(test.remove_app("a1").await);
    assert!(!test.remove_app("a1").await);

    assert_eq!(test.app_names().await, ["public"]);
    assert!(a1.tenant().await.is_none());
    test.put_app("a1").await;
    let found = a1.run(GetUserById { user_id: user.id }).await;
    assert!(matches!(found, GetUserByIdResponse::UnknownUserIdError));
    assert!(a1.sign_in("ada@example.com", "password 1").await.is_none());
    assert!(test.sign_in("ada@example.com", "password 1").await.is_some());
}

#[tokio::test]
async fn cdi_6_1_apps_of_two_domains_may_have_one_name_and_know_nothing_of_each_other() {
    let test = Test::new().await;
    test.put_app("a1").await;
    assert!(test.put_domain("Core.Example.com:3567").await);
    assert!(!test.put_domain("core.example.com").await);
    let scope = test.engine.app_of("core.example.com", &"public".into()).await.unwrap();
    let domain = test.at(scope.as_str(), "public");
    assert_eq!(domain.app_names().await, ["public"]);
    assert!(domain.put_app("a1").await);
    assert_eq!(domain.app_names().await, ["a1", "public"]);
    let ListConnectionUriDomainsResponse::Ok { connection_uri_domains } =
        test.run(ListConnectionUriDomains {}).await;
    let names: Vec<_> =
        connection_uri_domains.iter().map(|it| it.connection_uri_domain.as_str()).collect();
    assert_eq!(names, ["", "core.example.com"]);
    domain.forbidden(ListConnectionUriDomains {}).await;

    let remove = || RemoveConnectionUriDomain::new("core.example.com");
    let text = "Please delete all apps except the public appID for this connectionUriDomain before \
        calling the delete API.";
    assert_eq!(test.forbidden(remove()).await, text);
    domain.forbidden(remove()).await;
    assert!(domain.remove_app("a1").await);
    assert_eq!(test.run(remove()).await, RemoveResponse::Ok { did_exist: true, left_behind: None });
    assert_eq!(
        test.run(remove()).await,
        RemoveResponse::Ok { did_exist: false, left_behind: None }
    );
    assert_eq!(test.app_names().await, ["a1", "public"]);
}

impl Test {
    async fn access_token(&self, email: &str) -> Secret {
        let (_, id) = self.sign_up(email).await;
        match self.run(CreateSession::new(id)).await {
            CreateSessionResponse::Ok(session) => session.access_token.token,
            other @ CreateSessionResponse::TooManySessions => panic!("{other:?}"),
        }
    }

    async fn accepts(&self, access_token: &Secret) -> bool {
        let verify = VerifySession {
            access_token: access_token.clone(),
            anti_csrf_token: None,
            do_anti_csrf_check: false,
            enable_anti_csrf: false,
            check_database: false,
            cdi_version: CdiVersion::LATEST,
        };
        matches!(self.run(verify).await, VerifySessionResponse::Ok { .. })
    }
}

#[tokio::test]
async fn an_app_that_takes_the_name_of_one_that_is_gone_has_other_keys_in_every_process() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let other = Engine::open(storage.config().clock(test.clock.clone())).await.unwrap();
    test.put_app("a1").await;
    let here = test.at("a1", "public");
    let there = Test { engine: other, clock: test.clock.clone(), scope: here.scope.clone() };
    let before = here.access_token("ada@example.com").await;
    test.clock.advance(Duration::from_secs(1));
    assert!(there.engine.has_app(&"a1".into()).await.unwrap());
    assert!(here.accepts(&before).await && there.accepts(&before).await);
    assert!(test.remove_app("a1").await);
    test.clock.advance(Duration::from_secs(1));
    test.put_app("a1").await;
    for place in [&here, &there] {
        assert!(place.engine.has_app(&"a1".into()).await.unwrap());
        assert!(!place.accepts(&before).await);
    }
    let after = here.access_token("ada@example.com").await;
    assert!(there.accepts(&after).await);
    there.engine.shutdown().await;
}

#[tokio::test]
async fn cdi_6_2_keys_of_an_app_change_and_verify_as_its_own_settings_have_it() {
    let test = Test::new().await;
    let settings =
        json!({ "access_token_validity": 40_000_000, "refresh_token_validity": 700_000 });
    let app = CreateOrUpdateApp {
        app_id: Some("a1".into()),
        core_config: settings.as_object().cloned(),
        ..CreateOrUpdateApp::default()
    };
    test.run(app).await;
    let a1 = test.at("a1", "public");
    assert!(a1.engine.has_app(&"a1".into()).await.unwrap());
    let kid = async |at: &Test| {
        let ListSigningKeysResponse::Ok { keys } = at.run(ListSigningKeys {}).await;
        keys.iter().find(|key| key.kid.starts_with("d-")).unwrap().kid.clone()
    };
    let (of_app, of_program) = (kid(&a1).await, kid(&test).await);
    // Far beyond what the program's own settings give a key, and not the app's.
    test.clock.advance(Duration::from_secs(300 * 24 * 60 * 60));
    test.engine.delete_expired().await.unwrap();
    let has = async |at: &Test, kid: &str| {
        let ListSigningKeysResponse::Ok { keys } = at.run(ListSigningKeys {}).await;
        keys.iter().any(|key| key.kid == kid)
    };
    assert!(has(&a1, &of_app).await);
    assert!(!has(&test, &of_program).await);
}
