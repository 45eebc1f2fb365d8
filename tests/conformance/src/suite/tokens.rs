//! Access tokens: what they say, and what is none of ours.

use std::time::Duration;

use auth_core::{protocol::jwt::CreateJwtResponse, recipes::jwt::CreateJwtInput};
use auth_engine::SigningAlgorithm;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::cases;
use crate::{
    App, Harness, START_MS, Setup,
    client::{Mode, Reply, Req, jwt_header},
};

cases! {
    "fdi-2.3-header" => an_access_token_s_header_names_its_key_and_version_5,
    "fdi-2.3-payload" => an_access_token_says_what_version_5_says,
    "fdi-2.3-parts" => what_is_no_token_of_ours_is_passed_over,
    "fdi-2.3-structure" => a_token_that_lacks_a_claim_is_passed_over,
    "fdi-2.3-structure" => an_oauth2_token_is_no_session,
    "fdi-2.3-versions" => a_token_that_names_no_version_is_no_session_whatever_it_claims,
    "fdi-2.3-verification" => every_algorithm_signs_sessions,
    "fdi-2.1-signing-key" => sessions_are_signed_with_the_kind_of_key_that_is_configured,
    "cdi-2.2-validity" => an_access_token_is_valid_for_as_long_as_configured,
}

const ROUTES: [&str; 3] = ["/sessioninfo", "/session-check-db", "/session-optional"];

pub(super) async fn get(app: &App, path: &str, token: &str) -> Reply {
    app.send(Req::get(path).bearer(token)).await
}

/// It has our structure, so the client is told to refresh; it is never a session.
pub(super) async fn expect_try_refresh(app: &App, token: &str) {
    for path in ROUTES {
        let reply = get(app, path, token).await;
        reply.expect_message(401, "try refresh token");
        reply.expect_tokens_untouched();
        let cookie = Req::get(path).cookie(format!("sAccessToken={token}"));
        app.send(cookie).await.expect_message(401, "try refresh token");
    }
    let reply = app.send(Req::post("/auth/signout").bearer(token)).await;
    reply.expect_message(401, "try refresh token");
}

/// It isn't ours, so it is as if it weren't there.
pub(super) async fn expect_passed_over(app: &App, token: &str) {
    for path in ["/sessioninfo", "/session-check-db"] {
        let reply = get(app, path, token).await;
        reply.expect_message(401, "unauthorised");
        reply.expect_tokens_untouched();
    }
    let reply = get(app, "/session-optional", token).await;
    assert_eq!((reply.status, reply.text()), (200, "null"), "{token}: {reply:?}");
}

pub(super) fn encode(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A token of our own with other members in its header; its signature is the old one.
pub(super) fn with_header(token: &str, changes: &Value) -> String {
    let mut header = jwt_header(token);
    for (name, value) in changes.as_object().expect("an object") {
        header[name] = value.clone();
    }
    let (_, rest) = token.split_once('.').expect("three parts");
    format!("{}.{rest}", encode(&header))
}

pub(super) fn without_signature(token: &str) -> &str {
    token.rsplit_once('.').expect("three parts").0
}

/// Signs claims with the application's own static key, as its JWT recipe does.
pub(super) async fn signed(app: &App, claims: &Value) -> String {
    let claims = claims.as_object().cloned().expect("an object");
    let input = CreateJwtInput::new(claims).validity(Duration::from_secs(3600));
    let jwt = app.auth.jwt().expect("the recipe is there");
    match jwt.create_jwt(input).await.expect("answered") {
        CreateJwtResponse::Ok { jwt } => jwt.into_exposed(),
        CreateJwtResponse::UnsupportedAlgorithmError => panic!("it signs by RS256"),
    }
}

/// The JWT recipe signs by RS256 only.
fn rs256() -> Setup {
    Setup::new().signing_algorithm(SigningAlgorithm::Rs256)
}

pub(super) fn static_keys() -> Setup {
    rs256().session(|session| session.use_dynamic_access_token_signing_key(false))
}

/// What a session's token must say.
pub(super) fn claims() -> Value {
    json!({
        "sub": "ada", "rsub": "ada", "tId": "public", "sessionHandle": "h",
        "refreshTokenHash1": "x", "parentRefreshTokenHash1": null, "antiCsrfToken": null,
    })
}

async fn an_access_token_s_header_names_its_key_and_version_5(harness: Harness) {
    for (setup, alg, prefix) in [(Setup::new(), "EdDSA", "d-"), (static_keys(), "RS256", "s-")] {
        let app = harness.start(setup).await;
        let mut front_end = app.sign_in(Mode::Header).await;
        for _ in 0..2 {
            let header = jwt_header(&front_end.access_token());
            assert_eq!(header.as_object().expect("an object").len(), 4, "{header}");
            assert_eq!((&header["alg"], &header["typ"]), (&json!(alg), &json!("JWT")));
            assert_eq!(header["version"], "5");
            assert!(header["kid"].as_str().is_some_and(|kid| kid.starts_with(prefix)), "{header}");
            front_end.refresh(&app).await.expect(200, &json!({}));
        }
    }
}

async fn an_access_token_says_what_version_5_says(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Header).await;
    let mut payload = front_end.payload();
    let claims = payload.as_object_mut().expect("an object");
    let handle = claims.remove("sessionHandle").expect("a handle");
    assert_eq!(handle.as_str().map(str::len), Some(36), "a UUID: {handle}");
    let hash = claims.remove("refreshTokenHash1").expect("a digest");
    assert_eq!(hash.as_str().map(str::len), Some(64), "hexadecimal SHA-256: {hash}");
    let seconds = START_MS / 1000;
    let expected = json!({
        "iss": "https://api.example.com/auth", "sub": "ada", "rsub": "ada", "tId": "public",
        "iat": seconds, "exp": seconds + 3600,
        "parentRefreshTokenHash1": null, "antiCsrfToken": null,
    });
    assert_eq!(payload, expected);
}

async fn what_is_no_token_of_ours_is_passed_over(harness: Harness) {
    let app = harness.start_default().await;
    let token = app.sign_in(Mode::Header).await.access_token();
    let (header, payload) = without_signature(&token).split_once('.').expect("two parts");
    for foreign in [
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        format!("{header}.{payload}"),
        format!("{token}.AA"),
        format!("{header}.{payload}=.AA"),
        format!("{header}.W10.AA"),
        format!("e30.{payload}.AA"),
        format!("{}.{payload}.AA", &header[1..]),
        with_header(&token, &json!({ "typ": "at+jwt" })),
        with_header(&token, &json!({ "version": "2" })),
        with_header(&token, &json!({ "version": 5 })),
        with_header(&token, &json!({ "kid": null })),
        "a".repeat(7000),
        format!("{}.{}.{}", "a".repeat(3000), "b".repeat(3000), "c".repeat(1000)),
    ] {
        expect_passed_over(&app, &foreign).await;
    }
    assert_eq!(get(&app, "/sessioninfo", &token).await.status, 200, "the real one works");
}

async fn a_token_that_lacks_a_claim_is_passed_over(harness: Harness) {
    let app = harness.start(static_keys()).await;
    let own = app.sign_in(Mode::Header).await.access_token();
    let (header, payload) = without_signature(&own).split_once('.').expect("two parts");
    let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).expect("base64url");
    let payload: Value = serde_json::from_slice(&payload).expect("JSON");
    for claim in ["sub", "exp", "iat", "sessionHandle", "refreshTokenHash1", "rsub"] {
        for odd in [None, Some(json!(null)), Some(json!([]))] {
            let mut changed = payload.clone();
            let claims = changed.as_object_mut().expect("an object");
            match odd {
                None => drop(claims.remove(claim)),
                Some(value) => drop(claims.insert(claim.to_owned(), value)),
            }
            expect_passed_over(&app, &format!("{header}.{}.AA", encode(&changed))).await;
        }
    }
}

async fn an_oauth2_token_is_no_session(harness: Harness) {
    let app = harness.start(static_keys()).await;
    for kind in [json!(0), json!(1), json!("0")] {
        let mut claims = claims();
        claims["stt"] = kind;
        expect_passed_over(&app, &signed(&app, &claims).await).await;
    }
}

async fn a_token_that_names_no_version_is_no_session_whatever_it_claims(harness: Harness) {
    let app = harness.start(static_keys()).await;
    let own = app.sign_in(Mode::Header).await;
    assert_eq!(get(&app, "/sessioninfo", &own.access_token()).await.status, 200);
    // The JWT recipe signs by the same key whatever claims the application gives it.
    let mut claims = own.payload();
    for user in ["ada", "somebody else"] {
        claims["sub"] = json!(user);
        expect_passed_over(&app, &signed(&app, &claims).await).await;
    }
}

async fn every_algorithm_signs_sessions(harness: Harness) {
    for (algorithm, name) in [
        (SigningAlgorithm::Rs256, "RS256"),
        (SigningAlgorithm::Es256, "ES256"),
        (SigningAlgorithm::EdDsa, "EdDSA"),
    ] {
        let app = harness.start(Setup::new().signing_algorithm(algorithm)).await;
        let mut front_end = app.sign_in(Mode::Cookie).await;
        assert_eq!(jwt_header(&front_end.access_token())["alg"], name);
        for path in ROUTES {
            let reply = front_end.send(&app, Req::get(path)).await;
            assert_eq!(reply.status, 200, "{name} {path}: {reply:?}");
        }
        front_end.refresh(&app).await.expect(200, &json!({}));
        assert_eq!(front_end.send(&app, Req::get("/session-check-db")).await.status, 200);
    }
}

async fn sessions_are_signed_with_the_kind_of_key_that_is_configured(harness: Harness) {
    for (setup, kind) in [(rs256(), "d-"), (static_keys(), "s-")] {
        let app = harness.start(setup).await;
        let mut front_end = app.sign_in(Mode::Header).await;
        for _ in 0..2 {
            let header = jwt_header(&front_end.access_token());
            assert!(header["kid"].as_str().is_some_and(|kid| kid.starts_with(kind)), "{header}");
            assert_eq!(get(&app, "/sessioninfo", &front_end.access_token()).await.status, 200);
            front_end.refresh(&app).await.expect(200, &json!({}));
        }
    }
}

async fn an_access_token_is_valid_for_as_long_as_configured(harness: Harness) {
    let setup = Setup::new().engine(|config| config.access_token_validity(Duration::from_secs(90)));
    let app = harness.start(setup).await;
    let front_end = app.sign_in(Mode::Header).await;
    let payload = front_end.payload();
    assert_eq!(payload["exp"], START_MS / 1000 + 90);
    assert_eq!(front_end.front_token.as_ref().expect("a front token")["ate"], START_MS + 90_000);
    app.advance_secs(89);
    assert_eq!(get(&app, "/sessioninfo", &front_end.access_token()).await.status, 200);
    app.advance_secs(1);
    expect_try_refresh(&app, &front_end.access_token()).await;
}
