//! Apps and tenants that come and go (CDI §1.12, 6).
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

#[path = "../common/mod.rs"]
mod common;

mod apps;
mod isolation;
mod members;
mod proofs;
mod providers;
mod settings;

use auth_engine::EngineError;
use auth_protocol::{AppId, TenantId, TenantScope, multitenancy::*};
use common::Test;

impl Test {
    /// The same engine, addressed in another app and tenant.
    pub(crate) fn at(&self, app: &str, tenant: &str) -> Self {
        let scope = TenantScope::new(AppId::from(app), TenantId::from(tenant));
        Self { engine: self.engine.clone(), clock: self.clock.clone(), scope }
    }

    pub(crate) async fn put_tenant(&self, tenant: &str) -> bool {
        let change = CreateOrUpdateTenant {
            tenant_id: Some(tenant.into()),
            ..CreateOrUpdateTenant::default()
        };
        let CreateOrUpdateResponse::Ok { created_new } = self.run(change).await;
        created_new
    }

    pub(crate) async fn put_app(&self, app: &str) -> bool {
        let change = CreateOrUpdateApp { app_id: Some(app.into()), ..CreateOrUpdateApp::default() };
        let CreateOrUpdateResponse::Ok { created_new } = self.run(change).await;
        created_new
    }

    pub(crate) async fn remove_tenant(&self, tenant: &str) -> bool {
        let RemoveResponse::Ok { did_exist, .. } = self.run(RemoveTenant::new(tenant)).await;
        did_exist
    }

    /// The tenant that this is addressed to, if it is there.
    pub(crate) async fn tenant(&self) -> Option<TenantConfig> {
        match self.run(GetTenant {}).await {
            GetTenantResponse::Ok(tenant) => Some(tenant),
            GetTenantResponse::TenantNotFoundError => None,
        }
    }

    /// The text that something is forbidden with.
    pub(crate) async fn forbidden<O: auth_protocol::Operation>(&self, operation: O) -> String
    where
        auth_engine::Engine: auth_engine::Answers<O>,
    {
        match self.engine.handle(&self.scope, operation).await {
            Err(EngineError::Forbidden(text)) => text,
            Err(error) => panic!("{error:?}"),
            Ok(_) => panic!("not forbidden"),
        }
    }

    pub(crate) async fn names(&self) -> Vec<String> {
        let ListTenantsResponse::Ok { tenants } = self.run(ListTenants {}).await;
        tenants.iter().map(|tenant| tenant.tenant_id.to_string()).collect()
    }
}

#[tokio::test]
async fn cdi_1_12_a_tenant_is_made_changed_listed_and_removed() {
    let test = Test::new().await;
    assert!(test.put_tenant(" Acme ").await);
    assert!(!test.put_tenant("acme").await);
    assert_eq!(test.names().await, ["acme", "public"]);
    let acme = test.at("public", "acme");
    let tenant = acme.tenant().await.unwrap();
    assert_eq!(tenant.first_factors, Some(Vec::new()));
    assert_eq!(tenant.required_secondary_factors, None);
    assert!(tenant.core_config.is_empty() && tenant.third_party.providers.is_empty());
    assert_eq!(test.tenant().await.unwrap().first_factors, None);

    // From the tenant itself, too.
    let change = CreateOrUpdateTenant {
        tenant_id: Some("acme".into()),
        first_factors: FactorsChange::set(["emailpassword"]),
        required_secondary_factors: FactorsChange::set(["totp"]),
        ..CreateOrUpdateTenant::default()
    };
    assert_eq!(acme.run(change).await, CreateOrUpdateResponse::Ok { created_new: false });
    test.put_tenant("acme").await;
    let tenant = acme.tenant().await.unwrap();
    assert_eq!(tenant.first_factors, Some(vec!["emailpassword".to_owned()]));
    assert_eq!(tenant.required_secondary_factors, Some(vec!["totp".to_owned()]));

    assert!(test.remove_tenant("ACME").await);
    assert!(!test.remove_tenant("acme").await);
    assert!(acme.tenant().await.is_none());
    assert_eq!(test.names().await, ["public"]);
}

#[tokio::test]
async fn cdi_6_1_what_may_not_be_done_from_here_is_forbidden_and_does_nothing() {
    let test = Test::new().await;
    test.put_tenant("t1").await;
    test.put_tenant("t2").await;
    test.put_app("a1").await;
    let (t1, a1) = (test.at("public", "t1"), test.at("a1", "public"));
    let tenant = |id: &str| CreateOrUpdateTenant {
        tenant_id: Some(id.into()),
        ..CreateOrUpdateTenant::default()
    };
    let text = "You must use the public or same tenant to add/update a tenant";
    assert_eq!(t1.forbidden(tenant("t2")).await, text);
    assert_eq!(t1.forbidden(tenant("t3")).await, text);
    assert_eq!(t1.forbidden(tenant("public")).await, text);
    let app = CreateOrUpdateApp { app_id: Some("a2".into()), ..CreateOrUpdateApp::default() };
    let text = "You must use the public or same app to add/update an app";
    assert_eq!(a1.forbidden(app.clone()).await, text);
    assert_eq!(t1.forbidden(app).await, text);
    let text = "Only the public tenantId is allowed to list all tenants associated with this app";
    assert_eq!(t1.forbidden(ListTenants {}).await, text);
    let text = "Only the public tenantId is allowed to delete a tenant";
    assert_eq!(t1.forbidden(RemoveTenant::new("t1")).await, text);
    let text = "Cannot delete public tenant, use remove app API instead";
    assert_eq!(test.forbidden(RemoveTenant::new("Public")).await, text);
    assert_eq!(test.names().await, ["public", "t1", "t2"]);
    let ListAppsResponse::Ok { apps } = test.run(ListApps {}).await;
    assert_eq!(apps.len(), 2);
}

#[tokio::test]
async fn cdi_0_7_odd_names_make_no_tenant() {
    let test = Test::new().await;
    for name in ["", "recipe", "appid-a", "a_b", "t\0", "ÄÖ"] {
        let change = CreateOrUpdateTenant {
            tenant_id: Some(name.into()),
            ..CreateOrUpdateTenant::default()
        };
        test.refused(change).await;
        test.refused(RemoveTenant::new(name)).await;
    }
    assert_eq!(test.names().await, ["public"]);
}

#[tokio::test]
async fn cdi_0_5_whatever_is_asked_of_a_tenant_that_is_not_there_is_refused_with_its_name() {
    let test = Test::new().await;
    let nowhere = test.at("a9", "t9");
    let change = CreateOrUpdateTenant::default();
    let error = nowhere.engine.handle(&nowhere.scope, change).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "AppId or tenantId not found => Tenant with the following connectionURIDomain, appId and \
         tenantId combination not found: (, a9, t9)"
    );
    assert!(nowhere.tenant().await.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_make_the_same_tenant_at_once_make_one() {
    let test = Test::new().await;
    let make = || async { test.put_tenant("acme").await };
    let (one, other) = tokio::join!(make(), make());
    assert!(one != other);
    assert_eq!(test.names().await, ["acme", "public"]);
}
