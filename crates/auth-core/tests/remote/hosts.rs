//! Several hosts, and what stands in their paths (CDI §0.1, 0.5).

use auth_core::{
    core::RemoteConfig,
    protocol::{TenantId, user::CountUsers},
};
use auth_server::ServerConfig;
use http::StatusCode;

use crate::{
    harness::{Core, ask, auth, tell, told, unknown_user},
    script::{Act, Script, nobody},
};

async fn core() -> Script {
    Script::start(|_| async { unknown_user() }).await
}

/// A core that closes connections as soon as something is asked.
async fn breaking_core() -> Script {
    Script::start(|_| async { Act::Bytes("") }).await
}

fn all(urls: &[&str]) -> RemoteConfig {
    RemoteConfig::new(urls.join(";"))
}

#[tokio::test]
async fn hosts_take_turns() {
    let (one, two, three) = (core().await, core().await, core().await);
    let auth = auth(all(&[&one.url, &two.url, &three.url])).await;
    for _ in 0..6 {
        ask(&auth).await.unwrap();
    }
    for host in [&one, &two, &three] {
        assert_eq!(host.seen().len(), 2);
    }
    let questions = [&one, &two, &three].map(Script::version_questions).into_iter().sum::<usize>();
    assert_eq!(questions, 1);
}

#[tokio::test]
async fn the_others_stand_in_for_a_host_that_is_down_from_the_start() {
    let (down, up) = (nobody().await, core().await);
    let auth = auth(all(&[&down, &up.url])).await;
    for _ in 0..4 {
        ask(&auth).await.unwrap();
        tell(&auth).await.unwrap_err(); // it isn't what the core answers with, but it answers
    }
    assert_eq!(up.seen().len(), 8);
}

#[tokio::test]
async fn the_others_stand_in_for_a_host_that_dies_in_between() {
    let (mortal, up) = (core().await, core().await);
    let auth = auth(all(&[&mortal.url, &up.url])).await;
    for _ in 0..2 {
        ask(&auth).await.unwrap();
    }
    assert_eq!((mortal.seen().len(), up.seen().len()), (1, 1));
    mortal.die().await;
    for _ in 0..4 {
        ask(&auth).await.unwrap();
    }
    assert_eq!(up.seen().len(), 5);
}

#[tokio::test]
async fn a_read_whose_connection_breaks_goes_to_another_host_and_a_write_does_not() {
    let (breaking, up) = (breaking_core().await, core().await);
    let auth = auth(all(&[&breaking.url, &up.url])).await;
    for _ in 0..4 {
        ask(&auth).await.unwrap();
    }
    assert_eq!((breaking.seen().len(), up.seen().len()), (2, 4));
    let auth = crate::harness::auth(all(&[&breaking.url])).await;
    let error = tell(&auth).await.unwrap_err();
    assert!(error.to_string().contains("gave no answer"), "{error}");
    assert_eq!(breaking.seen().len(), 3, "what may have been done isn't repeated");
}

#[tokio::test]
async fn a_write_whose_connection_breaks_is_sent_once() {
    let (one, two) = (breaking_core().await, breaking_core().await);
    let auth = auth(all(&[&one.url, &two.url])).await;
    let error = tell(&auth).await.unwrap_err();
    assert_eq!(one.seen().len() + two.seen().len(), 1, "{error}");
    assert_eq!(told(&auth, error).await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn an_error_names_every_host_where_none_can_be_reached() {
    let (one, two) = (nobody().await, nobody().await);
    let auth = auth(all(&[&one, &two])).await;
    let error = ask(&auth).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains(&one) && text.contains(&two), "{text}");
    assert!(text.contains("refused"), "{text}");
    let answer = told(&auth, error).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers["retry-after"], "1");
    let body = String::from_utf8(answer.body.to_vec()).unwrap();
    assert!(!body.contains("127.0.0.1"), "{body}");
}

#[tokio::test]
async fn cdi_0_1_base_path_and_app_stand_before_the_tenant_and_the_path() {
    let core = Script::start(|_| async { Act::json(&serde_json::json!({ "count": 3 })) }).await;
    let auth = auth(RemoteConfig::new(format!("{}/base/appid-shop/", core.url))).await;
    ask(&auth).await.unwrap_err();
    let tenant = TenantId::new("t1");
    let count = CountUsers::default();
    auth.core().call(&tenant, count).await.unwrap_err();
    let seen = core.seen();
    assert_eq!(seen[0].target, "/base/appid-shop/user/id?userId=nobody");
    assert_eq!(seen[1].target, "/base/appid-shop/t1/users/count?includeAllTenants=false");
    assert_eq!(core.version_questions(), 1);
}

#[tokio::test]
async fn cdi_0_1_a_server_below_a_base_path_is_found_with_an_app_or_without() {
    let core = Core::start(ServerConfig::new().base_path("core")).await;
    for path in ["core", "core/", "core/appid-public", "CORE/appid-public/"] {
        let auth = auth(RemoteConfig::new(format!("{}/{path}", core.url))).await;
        ask(&auth).await.unwrap();
    }
    let auth = auth(RemoteConfig::new(&core.url)).await;
    let error = ask(&auth).await.unwrap_err();
    assert!(error.to_string().contains("404 Not Found: Not found"), "{error}");
    assert_eq!(told(&auth, error).await.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn cdi_0_5_an_app_that_the_core_does_not_know_is_told_in_the_core_s_words() {
    let core = Core::start(ServerConfig::new()).await;
    let auth = auth(RemoteConfig::new(format!("{}/appid-shop", core.url))).await;
    let error = ask(&auth).await.unwrap_err();
    assert!(error.to_string().contains("AppId or tenantId not found => "), "{error}");
    // Clients aren't told what the program's app is called.
    assert!(error.is_tenant_not_found());
    let answer = told(&auth, error).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(&answer.body[..], br#"{"message":"Tenant not found"}"#);
}
