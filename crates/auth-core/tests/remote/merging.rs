//! A core that can't merge claims in one step, as the reference's own can't.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use auth_core::{
    Auth, Context,
    protocol::{RecipeUserId, SessionHandle},
    recipes::session::MergeIntoAccessTokenPayloadInput,
};
use auth_server::ServerConfig;
use serde_json::{Value, json};

use crate::harness::{Core, auth, request};

/// A core without the operation, an application on it, and how often it was asked for it.
async fn application() -> (Core, Auth, Arc<AtomicUsize>) {
    let core = Core::start(ServerConfig::new()).await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let config = core.config().network_interceptor(move |mut request, _| {
        if request.url.path() == "/recipe/session/claims/merge" {
            count.fetch_add(1, Ordering::Relaxed);
            request.url.set_path("/recipe/session/claims/not-there");
        }
        request
    });
    (core, auth(config).await, asked)
}

async fn start(auth: &Auth) -> SessionHandle {
    let sessions = request(auth).session().unwrap();
    let session = sessions.create_new_session(RecipeUserId::new("ada")).await;
    session.unwrap().get_handle().clone()
}

async fn merge(cx: &Context, handle: &SessionHandle, update: Value) {
    let Value::Object(update) = update else { panic!("an object") };
    let sessions = cx.session().unwrap();
    let input = MergeIntoAccessTokenPayloadInput::new(handle, update);
    assert!(sessions.merge_into_access_token_payload(input).await.unwrap());
}

async fn claims(cx: &Context, handle: &SessionHandle) -> Value {
    let information = cx.session().unwrap().get_session_information(handle).await.unwrap();
    let mut claims = information.unwrap().custom_claims_in_access_token_payload;
    claims.shift_remove("iss");
    Value::Object(claims)
}

#[tokio::test]
async fn claims_are_read_merged_and_written_instead_and_the_core_is_asked_again_after_a_while() {
    let (core, auth, asked) = application().await;
    let handle = start(&auth).await;
    let one = request(&auth);
    merge(&one, &handle, json!({ "role": "admin", "theme": "dark" })).await;
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    merge(&one, &handle, json!({ "role": null, "count": 1 })).await;
    merge(&request(&auth), &handle, json!({ "more": [2] })).await;
    assert_eq!(asked.load(Ordering::Relaxed), 1, "it is known that the core can't");
    let expected = json!({ "theme": "dark", "count": 1, "more": [2] });
    assert_eq!(claims(&request(&auth), &handle).await, expected);
    core.clock.advance(Duration::from_millis(599_999));
    merge(&request(&auth), &handle, json!({ "more": null })).await;
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    core.clock.advance(Duration::from_millis(1));
    merge(&request(&auth), &handle, json!({ "count": null })).await;
    assert_eq!(asked.load(Ordering::Relaxed), 2, "it may be a newer one by now");
    assert_eq!(claims(&request(&auth), &handle).await, json!({ "theme": "dark" }));
}

#[tokio::test]
async fn what_another_request_wrote_since_this_one_read_stays() {
    let (_core, auth, _) = application().await;
    let handle = start(&auth).await;
    let reader = request(&auth);
    assert_eq!(claims(&reader, &handle).await, json!({}));
    merge(&request(&auth), &handle, json!({ "banned": true })).await;
    merge(&reader, &handle, json!({ "theme": "dark" })).await;
    let expected = json!({ "banned": true, "theme": "dark" });
    assert_eq!(claims(&request(&auth), &handle).await, expected);
}

#[tokio::test]
async fn completed_factors_are_merged_one_by_one_there_too() {
    let (_core, auth, _) = application().await;
    let handle = start(&auth).await;
    for (factor, time) in [("totp", 7), ("otp-phone", 8)] {
        let completed = json!({ "c": { factor: time }, "v": false });
        merge(&request(&auth), &handle, json!({ "st-mfa": completed })).await;
    }
    let both = json!({ "st-mfa": { "c": { "totp": 7, "otp-phone": 8 }, "v": false } });
    assert_eq!(claims(&request(&auth), &handle).await, both);
}
