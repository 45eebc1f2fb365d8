//! Apps and connection URI domains.

use auth_protocol::{multitenancy::*, session::*, user::*};

use crate::common::Test;

impl Test {
    async fn remove_app(&self, app: &str) -> bool {
        let RemoveResponse::Ok { did_exist } = self.run(RemoveApp { app_id: app.into() }).await;
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
    assert_eq!(test.forbidden(RemoveApp { app_id: "a1".into() }).await, text);
    assert!(a1.remove_tenant("t1").await);
    let text = "Only the public tenantId and public appId is allowed to delete an app";
    assert_eq!(a1.forbidden(RemoveApp { app_id: "a1".into() }).await, text);
    let text = "Cannot delete the public app, use remove connection uri domain API instead";
    assert_eq!(test.forbidden(RemoveApp { app_id: "public".into() }).await, text);
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

    let remove = || RemoveConnectionUriDomain { connection_uri_domain: "core.example.com".into() };
    let text = "Please delete all apps except the public appID for this connectionUriDomain before \
        calling the delete API.";
    assert_eq!(test.forbidden(remove()).await, text);
    domain.forbidden(remove()).await;
    assert!(domain.remove_app("a1").await);
    assert_eq!(test.run(remove()).await, RemoveResponse::Ok { did_exist: true });
    assert_eq!(test.run(remove()).await, RemoveResponse::Ok { did_exist: false });
    assert_eq!(test.app_names().await, ["a1", "public"]);
}
