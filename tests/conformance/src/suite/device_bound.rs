//! Sessions that are bound to a device: an extension, by W3C's Device Bound Session Credentials.

use std::time::Duration;

use auth_core::{
    protocol::{CdiVersion, audit::ListAuditEntries},
    recipes::session::{CookiePrefix, SessionRecipe},
};
use serde_json::{Value, json};

use super::cases;
use crate::{
    App, Harness, Setup,
    client::{Device, FrontEnd, Mode, Reply, Req, hs256},
};

cases! {
    "ext-device-bound" => a_browser_that_makes_a_key_has_its_session_bound_to_it,
    "ext-device-bound" => a_copied_jar_is_worth_nothing_once_the_proof_has_ended,
    "ext-device-bound" => a_session_whose_browser_makes_no_key_goes_on_as_before,
    "ext-device-bound" => a_key_is_registered_by_its_own_proof_of_the_challenge_alone,
    "ext-device-bound" => a_challenge_registers_one_key_once,
    "ext-device-bound" => the_proof_is_renewed_by_the_key_and_a_fresh_challenge_alone,
    "ext-device-bound" => what_is_no_bound_session_is_forgotten_by_the_browser,
    "ext-device-bound" => a_stolen_token_of_a_bound_session_still_ends_it,
    "ext-device-bound" => a_sign_out_takes_the_proof_with_it,
    "ext-device-bound" => a_core_that_can_bind_no_session_leaves_them_as_they_are,
    "ext-device-bound" => a_proof_of_the_host_s_own_is_needed_at_the_refresh_alone,
}

const REGISTER: &str = "/auth/session/device/register";
const RENEW: &str = "/auth/session/device/renew";
const COOKIE: &str = "sDeviceProof";
/// The lifetime of a proof.
const PROOF: Duration = Duration::from_secs(10 * 60);

fn bound(session: SessionRecipe) -> SessionRecipe {
    session.device_bound_sessions(PROOF)
}

async fn start(harness: &Harness) -> App {
    harness.start(Setup::new().session(bound)).await
}

/// What stands between `before` and the next quote.
fn between<'t>(text: &'t str, before: &str) -> &'t str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split('"').next().expect("a quote")
}

fn offered(reply: &Reply) -> String {
    let line = reply.header("secure-session-registration").expect("an offer");
    let start = format!("(ES256 RS256);path=\"{REGISTER}\";challenge=\"");
    between(line, &start).to_owned()
}

/// The challenge of a 403.
fn challenge(reply: &Reply, handle: &str) -> String {
    reply.expect_message(403, "device proof needed");
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert!(reply.cookies().is_empty(), "{reply:?}");
    let line = reply.header("secure-session-challenge").expect("a challenge");
    let challenge = between(line, "\"");
    assert_eq!(line, format!("\"{challenge}\";id=\"{handle}\""));
    challenge.to_owned()
}

#[track_caller]
fn expect_refused(reply: &Reply) {
    reply.expect_message(400, "device refused");
    assert!(reply.cookies().is_empty(), "{reply:?}");
}

/// A browser, with the session's tokens and its device.
struct Browser {
    front_end: FrontEnd,
    device: Device,
    handle: String,
}

impl Browser {
    /// As a browser sends it by itself: with its cookies, and nothing of the npm client's.
    async fn ask(&mut self, app: &App, path: &str, proof: Option<&str>) -> Reply {
        let mut request = Req::post(path).header("origin", "https://www.example.com");
        if let Some(proof) = proof {
            request = request.header("secure-session-response", proof);
        }
        if path == RENEW {
            request = request.header("sec-secure-session-id", format!("\"{}\"", self.handle));
        }
        let reply = app.send(self.front_end.with_tokens(request)).await;
        self.front_end.keep(&reply);
        reply
    }

    async fn renew(&mut self, app: &App) -> Reply {
        let asked = self.ask(app, RENEW, None).await;
        let challenge = challenge(&asked, &self.handle);
        self.ask(app, RENEW, Some(&self.device.proof(&challenge))).await
    }

    fn without_proof(&self) -> FrontEnd {
        let mut thief = self.front_end.clone();
        thief.jar.forget(COOKIE);
        thief
    }
}

/// A session whose browser has offered nothing yet, and the challenge that it was offered.
async fn signed_in(app: &App) -> (Browser, String) {
    let (front_end, reply) = app.sign_in_with(Mode::Cookie, &json!({})).await;
    let handle = front_end.handle();
    (Browser { front_end, device: Device::new(), handle }, offered(&reply))
}

async fn registered(app: &App) -> Browser {
    let (mut browser, challenge) = signed_in(app).await;
    let proof = browser.device.first_proof(&challenge);
    assert_eq!(browser.ask(app, REGISTER, Some(&proof)).await.status, 200);
    browser
}

fn instructions(handle: &str) -> Value {
    json!({
        "session_identifier": handle,
        "refresh_url": RENEW,
        "scope": { "include_site": false, "scope_specification": [
            { "type": "exclude", "domain": "*", "path": "/" },
            { "type": "include", "domain": "*", "path": "/auth/session/refresh" },
        ] },
        "credentials": [{
            "type": "cookie",
            "name": COOKIE,
            "attributes": "Path=/auth/session/refresh; HttpOnly; SameSite=Lax; Secure",
        }],
        "allowed_refresh_initiators": ["www.example.com"],
    })
}

async fn a_browser_that_makes_a_key_has_its_session_bound_to_it(harness: Harness) {
    let app = start(&harness).await;
    let (_, reply) = app.sign_in_with(Mode::Header, &json!({})).await;
    assert_eq!(reply.header("secure-session-registration"), None, "tokens in headers stay so");
    let (mut browser, offer) = signed_in(&app).await;
    let proof = browser.device.first_proof(&offer);
    let reply = browser.ask(&app, REGISTER, Some(&proof)).await;
    reply.expect(200, &instructions(&browser.handle));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let cookie = reply.cookie(COOKIE);
    assert_eq!(cookie.path.as_deref(), Some("/auth/session/refresh"));
    assert_eq!((cookie.domain.as_deref(), cookie.same_site.as_deref()), (None, Some("lax")));
    assert!(cookie.http_only && cookie.secure, "{cookie:?}");
    let lifetime_ms = i64::try_from(PROOF.as_millis()).expect("minutes");
    assert_eq!(cookie.expires_ms, Some(app.clock.now_ms() + lifetime_ms));

    // It counts as long as it lives, and for what was sent just before its end.
    let proof = reply.cookie(COOKIE).value;
    for _ in 0..2 {
        app.advance_secs(PROOF.as_secs() / 2 - 1);
        browser.front_end.refresh(&app).await.expect(200, &json!({}));
    }
    app.advance_secs(2 + 59);
    let line = format!("sRefreshToken={}; {COOKIE}={proof}", browser.front_end.refresh_token());
    let reply = app.send(Req::post("/auth/session/refresh").cookie(line)).await;
    reply.expect(200, &json!({}));
    browser.front_end.keep(&reply);
    browser.renew(&app).await.expect(200, &instructions(&browser.handle));
    browser.front_end.refresh(&app).await.expect(200, &json!({}));
    // A session check asks for none.
    app.advance_secs(PROOF.as_secs());
    assert_eq!(browser.front_end.send(&app, Req::get("/sessioninfo")).await.status, 200);
}

async fn a_copied_jar_is_worth_nothing_once_the_proof_has_ended(harness: Harness) {
    let app = start(&harness).await;
    let mut browser = registered(&app).await;
    let proof = browser.front_end.jar.value(COOKIE).expect("a proof");
    let kept = format!("sRefreshToken={}; {COOKIE}={proof}", browser.front_end.refresh_token());
    let copies = [browser.front_end.clone(), browser.without_proof()];
    app.advance_secs(PROOF.as_secs() + 1);
    for mut thief in copies {
        let token = thief.refresh_token();
        let reply = thief.refresh(&app).await;
        reply.expect_message(401, "unauthorised");
        reply.expect_cleared_in_both_ways();
        assert!(reply.cookie(COOKIE).is_cleared(), "{reply:?}");
        // No more in a header than in a cookie.
        let reply = app.send(Req::post("/auth/session/refresh").bearer(&token)).await;
        reply.expect_message(401, "unauthorised");
    }
    // Nor does it help to keep the proof longer than browsers do.
    app.advance_secs(60);
    let reply = app.send(Req::post("/auth/session/refresh").cookie(kept)).await;
    reply.expect_message(401, "unauthorised");
    // A proof of another session's device is none.
    let other = registered(&app).await;
    let proof = other.front_end.jar.value(COOKIE).expect("a proof");
    let line = format!("sRefreshToken={}; {COOKIE}={proof}", browser.front_end.refresh_token());
    let reply = app.send(Req::post("/auth/session/refresh").cookie(line)).await;
    reply.expect_message(401, "unauthorised");

    // Its owner notices nothing.
    browser.renew(&app).await.expect(200, &instructions(&browser.handle));
    browser.front_end.refresh(&app).await.expect(200, &json!({}));
    let wanted =
        ListAuditEntries { kind: Some("device_proof_missing".to_owned()), ..Default::default() };
    let entries = app.auth.audit().list(&"public".into(), wanted).await.expect("the log").entries;
    assert_eq!(entries.len(), 6);
    assert!(entries.iter().all(|entry| entry.outcome.as_str() == "failed"), "{entries:?}");
}

async fn a_session_whose_browser_makes_no_key_goes_on_as_before(harness: Harness) {
    let app = start(&harness).await;
    let (mut browser, offer) = signed_in(&app).await;
    for _ in 0..2 {
        app.advance_secs(PROOF.as_secs() + 1);
        browser.front_end.refresh(&app).await.expect(200, &json!({}));
    }
    // Too late for the offer that it had.
    let proof = browser.device.first_proof(&offer);
    expect_refused(&browser.ask(&app, REGISTER, Some(&proof)).await);
    expect_refused(&browser.ask(&app, RENEW, None).await);

    // A refresh that was on its way while the key was registered.
    let (mut browser, offer) = signed_in(&app).await;
    let mut tab = browser.front_end.clone();
    let proof = browser.device.first_proof(&offer);
    assert_eq!(browser.ask(&app, REGISTER, Some(&proof)).await.status, 200);
    app.advance_secs(10);
    tab.refresh(&app).await.expect(200, &json!({}));

    // Where it isn't set, there is none of it.
    let app = harness.start(Setup::new()).await;
    let (_, reply) = app.sign_in_with(Mode::Cookie, &json!({})).await;
    assert_eq!(reply.header("secure-session-registration"), None);
    for path in [REGISTER, RENEW] {
        assert_eq!(app.send(Req::post(path)).await.status, 404);
    }
}

async fn a_key_is_registered_by_its_own_proof_of_the_challenge_alone(harness: Harness) {
    let app = start(&harness).await;
    let other = registered(&app).await;
    let (mut browser, offer) = signed_in(&app).await;
    let device = Device::new();
    let (header, payload) = (device.first_header(), json!({ "jti": offer }));
    let with = |name: &str, value: Value| {
        let mut header = header.clone();
        header[name] = value;
        header
    };
    let unsigned = device.signed(&with("alg", json!("none")), &payload);
    let unsigned = unsigned.rsplit_once('.').expect("parts").0.to_owned() + ".";
    let symmetric = device.signed(&with("alg", json!("HS256")), &payload);
    let symmetric = symmetric.rsplit_once('.').expect("parts").0.to_owned();
    let symmetric = format!("{symmetric}.{}", hs256(header.to_string().as_bytes(), &symmetric));
    let cookie = other.front_end.jar.value(COOKIE).expect("a proof").to_owned();
    let of_challenge = |challenge: &str| device.first_proof(challenge);
    let foreign = FrontEnd::clone(&other.front_end);
    for (what, proof) in [
        ("none", unsigned),
        ("HS256", symmetric),
        (
            "an algorithm that isn't the key's",
            device.signed(&with("alg", json!("RS256")), &payload),
        ),
        ("another type", device.signed(&with("typ", json!("JWT")), &payload)),
        ("no key", device.proof(&offer)),
        ("another key", Device::new().signed(&header, &payload)),
        ("no challenge", device.signed(&header, &json!({}))),
        ("a challenge of its own", of_challenge("challenge")),
        ("an access token", of_challenge(&foreign.access_token())),
        ("a cookie", of_challenge(&cookie)),
        (
            "an oversized one",
            device.signed(&header, &json!({ "jti": offer, "x": "x".repeat(6000) })),
        ),
        ("nothing", String::new()),
        ("something else", "\"\"".to_owned()),
    ] {
        let reply = browser.ask(&app, REGISTER, Some(&proof)).await;
        assert_eq!(reply.status, 400, "{what}: {reply:?}");
        expect_refused(&reply);
    }
    expect_refused(&browser.ask(&app, REGISTER, None).await);
    // By a client that has another session.
    let own = std::mem::replace(&mut browser.front_end, foreign);
    expect_refused(&browser.ask(&app, REGISTER, Some(&of_challenge(&offer))).await);
    browser.front_end = own;
    // None of it has bound the session, so that this does.
    let proof = browser.device.first_proof(&offer);
    assert_eq!(browser.ask(&app, REGISTER, Some(&proof)).await.status, 200);
}

async fn a_challenge_registers_one_key_once(harness: Harness) {
    let app = start(&harness).await;
    let (mut browser, offer) = signed_in(&app).await;
    let proof = browser.device.first_proof(&offer);
    assert_eq!(browser.ask(&app, REGISTER, Some(&proof)).await.status, 200);
    for again in [proof, Device::new().first_proof(&offer)] {
        expect_refused(&browser.ask(&app, REGISTER, Some(&again)).await);
    }
    app.advance_secs(1);
    browser.renew(&app).await.expect(200, &instructions(&browser.handle));

    // One that has expired.
    let (mut browser, offer) = signed_in(&app).await;
    app.advance_secs(5 * 60);
    let proof = browser.device.first_proof(&offer);
    expect_refused(&browser.ask(&app, REGISTER, Some(&proof)).await);

    // One of a session that has ended.
    let (mut browser, offer) = signed_in(&app).await;
    let sessions = app.auth.session().expect("the recipe is there");
    assert!(sessions.revoke_session(&browser.handle.as_str().into()).await.expect("revoked"));
    let proof = browser.device.first_proof(&offer);
    expect_refused(&browser.ask(&app, REGISTER, Some(&proof)).await);
}

async fn the_proof_is_renewed_by_the_key_and_a_fresh_challenge_alone(harness: Harness) {
    let app = start(&harness).await;
    let (mut browser, offer) = signed_in(&app).await;
    let proof = browser.device.first_proof(&offer);
    assert_eq!(browser.ask(&app, REGISTER, Some(&proof)).await.status, 200);
    let mut other = registered(&app).await;
    let (handle, renewed) = (browser.handle.clone(), instructions(&browser.handle));

    // Of the right key for what is no challenge any more, or isn't this session's: another one follows.
    let first = challenge(&browser.ask(&app, RENEW, None).await, &handle);
    app.advance_secs(1);
    let second = challenge(&browser.ask(&app, RENEW, None).await, &handle);
    let proof = browser.device.proof(&second);
    browser.ask(&app, RENEW, Some(&proof)).await.expect(200, &renewed);
    // Made later than the one that was used, as its own would have to be.
    app.advance_secs(1);
    let of_other = challenge(&other.ask(&app, RENEW, None).await, &other.handle);
    for stale in [&second, &first, &of_other, &offer, "challenge"] {
        let proof = browser.device.proof(stale);
        challenge(&browser.ask(&app, RENEW, Some(&proof)).await, &handle);
    }
    let expired = challenge(&browser.ask(&app, RENEW, None).await, &handle);
    app.advance_secs(2 * 60);
    for stale in [&expired, &of_other] {
        let proof = browser.device.proof(stale);
        challenge(&browser.ask(&app, RENEW, Some(&proof)).await, &handle);
    }
    // With quotes, as the draft has it.
    let fresh = challenge(&browser.ask(&app, RENEW, None).await, &handle);
    let proof = format!("\"{}\"", browser.device.proof(&fresh));
    browser.ask(&app, RENEW, Some(&proof)).await.expect(200, &renewed);

    // Of another key, which brings itself along in vain.
    app.advance_secs(1);
    let fresh = challenge(&browser.ask(&app, RENEW, None).await, &handle);
    let thief = Device::new();
    let header = json!({ "alg": "none", "typ": "dbsc+jwt" });
    let unsigned = thief.signed(&header, &json!({ "jti": fresh }));
    for proof in [thief.proof(&fresh), thief.first_proof(&fresh), unsigned, String::new()] {
        expect_refused(&browser.ask(&app, RENEW, Some(&proof)).await);
    }
    let proof = browser.device.proof(&fresh);
    browser.ask(&app, RENEW, Some(&proof)).await.expect(200, &renewed);
}

async fn what_is_no_bound_session_is_forgotten_by_the_browser(harness: Harness) {
    let app = start(&harness).await;
    expect_refused(&app.send(Req::post(RENEW)).await);
    for id in ["", "\"\"", "nobody", "nobody_of-no-tenant", "a b", "ä", "\"a;b\"", &"a".repeat(999)]
    {
        expect_refused(&app.send(Req::post(RENEW).header("sec-secure-session-id", id)).await);
    }
    let (mut unbound, _) = signed_in(&app).await;
    expect_refused(&unbound.ask(&app, RENEW, None).await);
    // One that the client has left for another.
    let mut left = registered(&app).await;
    left.front_end = unbound.front_end;
    expect_refused(&left.ask(&app, RENEW, None).await);

    let mut ended = registered(&app).await;
    let sessions = app.auth.session().expect("the recipe is there");
    assert!(sessions.revoke_session(&ended.handle.as_str().into()).await.expect("revoked"));
    expect_refused(&ended.ask(&app, RENEW, None).await);
    ended.front_end.refresh(&app).await.expect_message(401, "unauthorised");
}

async fn a_stolen_token_of_a_bound_session_still_ends_it(harness: Harness) {
    let app = start(&harness).await;
    let mut browser = registered(&app).await;
    // Copied with the proof, and used while that lives.
    let mut thief = browser.front_end.clone();
    for _ in 0..2 {
        browser.front_end.refresh(&app).await.expect(200, &json!({}));
    }
    thief.refresh(&app).await.expect_message(401, "token theft detected");
    browser.front_end.refresh(&app).await.expect_message(401, "unauthorised");
}

async fn a_sign_out_takes_the_proof_with_it(harness: Harness) {
    let app = start(&harness).await;
    let mut browser = registered(&app).await;
    let reply = browser.front_end.send(&app, Req::post("/auth/signout")).await;
    let cookie = reply.cookie(COOKIE);
    assert!(cookie.is_cleared(), "{cookie:?}");
    assert_eq!(cookie.path.as_deref(), Some("/auth/session/refresh"));
    expect_refused(&browser.ask(&app, RENEW, None).await);
}

async fn a_proof_of_the_host_s_own_is_needed_at_the_refresh_alone(harness: Harness) {
    let setup = Setup::new().session(|session| bound(session).cookie_prefix(CookiePrefix::Host));
    let app = harness.start(setup).await;
    let (front_end, reply) = app.sign_in_with(Mode::Cookie, &json!({})).await;
    let token = front_end.jar.value("__Host-sAccessToken").expect("a session");
    let handle =
        crate::client::jwt_payload(token)["sessionHandle"].as_str().expect("it").to_owned();
    let mut browser = Browser { front_end, device: Device::new(), handle };
    let proof = browser.device.first_proof(&offered(&reply));
    let reply = browser.ask(&app, REGISTER, Some(&proof)).await;
    let mut expected = instructions(&browser.handle);
    expected["credentials"][0]["name"] = json!("__Host-sDeviceProof");
    expected["credentials"][0]["attributes"] = json!("Path=/; HttpOnly; SameSite=Lax; Secure");
    reply.expect(200, &expected);
    assert_eq!(reply.cookie("__Host-sDeviceProof").path.as_deref(), Some("/"));
    app.advance_secs(PROOF.as_secs() - 1);
    browser.front_end.refresh(&app).await.expect(200, &json!({}));
}

async fn a_core_that_can_bind_no_session_leaves_them_as_they_are(harness: Harness) {
    let setup = Setup::new().session(bound).served(CdiVersion::LATEST, |config| {
        config.network_interceptor(|mut request, _| {
            if request.url.path().starts_with("/recipe/session/device") {
                request.url.set_path("/recipe/session/not-there");
            }
            request
        })
    });
    let app = harness.start(setup).await;
    let (mut browser, offer) = signed_in(&app).await;
    let proof = browser.device.first_proof(&offer);
    expect_refused(&browser.ask(&app, REGISTER, Some(&proof)).await);
    expect_refused(&browser.ask(&app, RENEW, None).await);
    let (_, reply) = app.sign_in_with(Mode::Cookie, &json!({})).await;
    assert_eq!(reply.header("secure-session-registration"), None, "it isn't offered in vain");
    app.advance_secs(PROOF.as_secs() + 1);
    browser.front_end.refresh(&app).await.expect(200, &json!({}));
    signed_in(&app).await;
}
