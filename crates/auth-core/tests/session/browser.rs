//! What the log says of cookies that browsers drop.

use auth_core::{AppInfo, protocol::JsonObject, recipes::session::SessionRecipe};
use serde_json::json;
use tracing::Level;

use crate::{harness::App, log::Log};

fn payload(bytes: usize) -> JsonObject {
    let payload = json!({ "small": 1, "all-roles": "r".repeat(bytes), "more": "m".repeat(400) });
    payload.as_object().cloned().expect("an object")
}

#[tokio::test]
async fn a_cookie_that_is_too_large_is_told_of_once_with_the_claims_that_make_it_so() {
    let app = App::new(SessionRecipe::new()).await;
    let (log, _guard) = Log::of_this_thread(Level::WARN);
    let create = async |mode: &'static str, bytes| {
        app.create_with(&[("st-auth-mode", mode)], payload(bytes)).await.unwrap()
    };
    create("cookie", 500).await;
    create("header", 5000).await;
    assert_eq!(log.text(), "");
    let (_, reply) = create("cookie", 5000).await;
    assert!(reply.cookie("sAccessToken").len() > 4096, "it is sent all the same");
    create("cookie", 6000).await;
    let text = log.text();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains("all-roles (5002 bytes), more (402 bytes)"), "{text}");
    assert!(
        text.contains("cookie=\"sAccessToken\"") && text.contains("limit_bytes=4096"),
        "{text}"
    );
    assert!(!text.contains("rrrr"), "{text}");
}

#[tokio::test]
async fn domains_between_which_cookies_do_not_travel_are_told_of_at_the_start() {
    let (log, _guard) = Log::of_this_thread(Level::WARN);
    let local = AppInfo::new("Test", "http://127.0.0.1:3001", "http://localhost:3000");
    App::at(local, SessionRecipe::new()).await;
    let text = log.text();
    assert!(text.contains("`localhost`") && text.contains("`127.0.0.1`"), "{text}");
    assert!(text.contains("app_info.website_domain"), "{text}");
    App::new(SessionRecipe::new()).await;
    assert_eq!(log.text(), text, "the usual settings are fine");
}
