//! The core's verification keys (FDI §2.4; CDI §1.1).

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use auth_core::{
    Auth, Context, Error, Request,
    core::RemoteConfig,
    protocol::{RecipeUserId, Secret},
    recipes::session::SessionOptions,
};
use auth_server::ServerConfig;
use futures_util::future::{FutureExt, join_all};
use http::{Method, StatusCode};
use tokio::sync::Barrier;

use crate::{
    harness::{Core, START_MS, Sent, auth, request},
    script::{Act, Script},
};

const READ: &str = "GET /.well-known/jwks.json";

/// An access token that the core has just signed.
async fn token(auth: &Auth) -> Secret {
    let sessions = request(auth).session().unwrap();
    let session = sessions.create_new_session(RecipeUserId::new("ada")).await;
    session.unwrap().get_access_token()
}

async fn check(auth: &Auth, token: &Secret) -> Result<(), Error> {
    let headers = [("authorization", format!("Bearer {}", token.expose_secret()))];
    let request = Request::new(Method::GET, "/own", headers);
    let cx = Context::for_request(auth.clone(), request);
    cx.verify_session(&SessionOptions::new()).await.map(drop)
}

/// A core, an application on it, and what that one sends.
async fn application() -> (Core, Auth, Sent) {
    let core = Core::start(ServerConfig::new()).await;
    let sent = Sent::default();
    let auth = auth(sent.by(core.config())).await;
    (core, auth, sent)
}

#[tokio::test]
async fn a_key_that_is_revoked_at_the_core_is_followed_within_five_seconds() {
    let (core, auth, _) = application().await;
    let token = token(&auth).await;
    check(&auth, &token).await.unwrap();
    let jwt = auth.jwt().unwrap();
    for key in jwt.list_signing_keys().await.unwrap() {
        assert!(jwt.revoke_signing_key(&key.kid).await.unwrap());
    }
    assert!(!jwt.revoke_signing_key("d-1").await.unwrap());
    core.clock.advance(Duration::from_secs(5));
    let refused = check(&auth, &token).await.unwrap_err();
    assert!(
        matches!(
            refused,
            Error::Session(auth_core::recipes::session::SessionError::TryRefreshToken { .. })
        ),
        "{refused:?}"
    );
}

#[tokio::test]
async fn keys_of_a_core_that_is_gone_do_for_four_hours_and_hold_nobody_up() {
    let (core, auth, _) = application().await;
    let token = {
        let session = request(&auth).session().unwrap();
        let session = session.create_new_session(RecipeUserId::new("ada")).await;
        session.unwrap().get_access_token()
    };
    check(&auth, &token).await.unwrap();
    let clock = core.clock.clone();
    core.stop().await;
    clock.advance(Duration::from_secs(3_000));
    for _ in 0..3 {
        check(&auth, &token).await.unwrap();
    }
}

#[tokio::test]
async fn a_key_that_is_new_since_the_last_look_is_found_at_once() {
    let (core, auth, sent) = application().await;
    check(&auth, &token(&auth).await).await.unwrap();
    core.clock.advance(Duration::from_secs(168 * 3600 - 60));
    check(&auth, &token(&auth).await).await.unwrap();
    check(&auth, &token(&auth).await).await.unwrap();
    assert_eq!(sent.count(READ), 2);
}

#[tokio::test]
async fn sessions_are_checked_while_the_core_is_gone_and_nobody_is_signed_out() {
    let (core, auth, _) = application().await;
    let token = token(&auth).await;
    let fresh = crate::harness::auth(core.config().connect_timeout(Duration::from_secs(1))).await;
    check(&auth, &token).await.unwrap();
    core.stop().await;
    check(&auth, &token).await.unwrap();
    let error = check(&fresh, &token).await.unwrap_err();
    let answer = fresh.error_response(&request(&fresh), &error).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{error}");
}

#[tokio::test]
async fn the_time_for_which_keys_may_be_kept_is_passed_on() {
    let (_core, auth, _) = application().await;
    let route = auth.route(&Method::GET, "/auth/jwt/jwks.json", None).unwrap();
    let headers = http::HeaderMap::new();
    let answer =
        auth.handle(route, Request::new(Method::GET, "/auth/jwt/jwks.json", &headers)).await;
    assert_eq!(answer.headers["cache-control"], "max-age=60, must-revalidate");
}

/// Each would wait for all of those before it, for as long as a call may take.
#[tokio::test]
async fn requests_that_waited_for_keys_in_vain_do_not_wait_for_each_other() {
    const WAITING: usize = 8;
    let (_core, signing, _) = application().await;
    let token = token(&signing).await;
    let reads = Arc::new(AtomicUsize::new(0));
    let together = Arc::new(Barrier::new(WAITING));
    let core = Script::start(move |_| {
        let first = reads.fetch_add(1, Ordering::Relaxed) == 0;
        let together = Arc::clone(&together);
        async move {
            if !first {
                together.wait().await;
            }
            Act::Answer(503, String::new())
        }
        .boxed()
    })
    .await;
    let clock = || START_MS;
    let auth = auth(RemoteConfig::new(&core.url).clock(clock)).await;
    for answer in join_all((0..=WAITING).map(|_| check(&auth, &token))).await {
        assert!(answer.unwrap_err().to_string().contains("503"));
    }
    assert_eq!(core.seen().len(), WAITING + 1);
}
