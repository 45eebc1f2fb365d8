//! Access tokens that are forged, changed or stolen from elsewhere.

use auth_engine::SigningAlgorithm;
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

use super::{
    cases,
    tokens::{
        claims, encode, expect_passed_over, expect_try_refresh, get, signed, static_keys,
        with_header, without_signature,
    },
};
use crate::{
    Harness, Setup,
    client::{Mode, Req, hs256, jwt_header, jwt_payload, public_key_der},
};

cases! {
    "fdi-2.3-verification" => tokens_without_a_signature_never_open_a_route,
    "fdi-2.3-verification" => a_public_key_is_no_secret_of_hs256,
    "fdi-2.3-verification" => a_changed_truncated_or_lengthened_token_never_opens_a_route,
    "fdi-2.3-verification" => a_token_of_another_application_never_opens_a_route,
    "fdi-2.3-verification" => the_key_pins_the_algorithm_and_the_kid_names_the_key,
    "cdi-2.7" => a_good_signature_does_not_help_where_the_database_has_no_such_session,
}

async fn tokens_without_a_signature_never_open_a_route(harness: Harness) {
    let app = harness.start_default().await;
    let token = app.sign_in(Mode::Header).await.access_token();
    let unsigned = without_signature(&token);
    for signature in ["", "AA", "AAAA"] {
        expect_try_refresh(&app, &format!("{unsigned}.{signature}")).await;
    }
    let (_, signature) = token.rsplit_once('.').expect("three parts");
    for alg in ["none", "None", "NONE", ""] {
        let forged = with_header(&token, &json!({ "alg": alg }));
        for signature in ["", signature] {
            expect_try_refresh(&app, &format!("{}.{signature}", without_signature(&forged))).await;
        }
    }
}

async fn a_public_key_is_no_secret_of_hs256(harness: Harness) {
    for algorithm in [SigningAlgorithm::EdDsa, SigningAlgorithm::Rs256] {
        let app = harness.start(Setup::new().signing_algorithm(algorithm)).await;
        let token = app.sign_in(Mode::Header).await.access_token();
        let forged = with_header(&token, &json!({ "alg": "HS256" }));
        let unsigned = without_signature(&forged);
        let jwks = app.send(Req::get("/auth/jwt/jwks.json")).await.json();
        let kid = &jwt_header(&token)["kid"];
        let keys = jwks["keys"].as_array().cloned().expect("a list");
        let jwk = keys.into_iter().find(|key| key["kid"] == *kid).expect("the key is listed");
        let der = public_key_der(&jwk);
        let base64 = BASE64_STANDARD.encode(&der);
        let lines: Vec<&str> =
            base64.as_bytes().chunks(64).map(|line| str::from_utf8(line).expect("text")).collect();
        let pem = lines.join("\n");
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{pem}\n-----END PUBLIC KEY-----");
        let raw = jwk.get("x").or_else(|| jwk.get("n")).and_then(Value::as_str).expect("a key");
        for secret in [
            der,
            base64.into_bytes(),
            pem.clone().into_bytes(),
            format!("{pem}\n").into_bytes(),
            jwk.to_string().into_bytes(),
            raw.as_bytes().to_vec(),
            BASE64_URL_SAFE_NO_PAD.decode(raw).expect("base64url"),
        ] {
            expect_try_refresh(&app, &format!("{unsigned}.{}", hs256(&secret, unsigned))).await;
        }
    }
}

async fn a_changed_truncated_or_lengthened_token_never_opens_a_route(harness: Harness) {
    let app = harness.start_default().await;
    let token = app.sign_in(Mode::Header).await.access_token();
    // What is remembered of the real one is of no use to the others.
    assert_eq!(get(&app, "/sessioninfo", &token).await.status, 200);
    let (unsigned, signature) = token.rsplit_once('.').expect("three parts");
    let first = if signature.starts_with('A') { "B" } else { "A" };
    expect_try_refresh(&app, &format!("{unsigned}.{first}{}", &signature[1..])).await;
    let (header, _) = unsigned.split_once('.').expect("two parts");
    let mut payload = jwt_payload(&token);
    payload["sub"] = json!("eve");
    expect_try_refresh(&app, &format!("{header}.{}.{signature}", encode(&payload))).await;
    // Lengths at which base64 has no bits to spare, whatever the signature is.
    for fewer in [2, 42, 86] {
        expect_try_refresh(&app, &token[..token.len() - fewer]).await;
    }
    expect_passed_over(&app, &token[..token.len() - 1]).await;
    for more in ["A", "AAAA", "=", "%00"] {
        let reply = get(&app, "/sessioninfo", &format!("{token}{more}")).await;
        assert_eq!(reply.status, 401, "{reply:?}");
    }
    assert_eq!(get(&app, "/sessioninfo", &token).await.status, 200, "the real one works");
}

async fn a_token_of_another_application_never_opens_a_route(harness: Harness) {
    let app = harness.start_default().await;
    let other = harness.start_default().await;
    let own = app.sign_in(Mode::Header).await.access_token();
    let foreign = other.sign_in(Mode::Header).await.access_token();
    assert_eq!(jwt_header(&own)["kid"], jwt_header(&foreign)["kid"], "even by one name");
    for _ in 0..3 {
        expect_try_refresh(&app, &foreign).await;
        assert_eq!(get(&app, "/sessioninfo", &own).await.status, 200);
        // Keys are read again.
        app.clock.advance(std::time::Duration::from_millis(600));
    }
    assert_eq!(get(&other, "/sessioninfo", &foreign).await.status, 200);
}

async fn the_key_pins_the_algorithm_and_the_kid_names_the_key(harness: Harness) {
    let app = harness.start_default().await;
    let token = app.sign_in(Mode::Header).await.access_token();
    for alg in ["RS256", "ES256", "PS256", "HS256", "eddsa"] {
        expect_try_refresh(&app, &with_header(&token, &json!({ "alg": alg }))).await;
    }
    for kid in ["d-1", "s-1", "../../etc/passwd", "' OR 1=1 --", "\u{0}"] {
        expect_try_refresh(&app, &with_header(&token, &json!({ "kid": kid }))).await;
    }
    // Keys that the token brings along are none of ours (RFC 8725 section 3.10).
    for header in [
        json!({ "jwk": { "kty": "OKP", "crv": "Ed25519", "x": "AA" } }),
        json!({ "jku": "https://evil.example.com/jwks.json" }),
        json!({ "x5u": "https://evil.example.com/cert.pem" }),
    ] {
        let reply = get(&app, "/sessioninfo", &with_header(&token, &header)).await;
        assert_eq!(reply.status, 401, "{header}: {reply:?}");
    }
}

async fn a_good_signature_does_not_help_where_the_database_has_no_such_session(harness: Harness) {
    let app = harness.start(static_keys()).await;
    let token = signed(&app, &claims()).await;
    for path in ["/sessioninfo", "/session-check-db"] {
        get(&app, path, &token).await.expect_message(401, "unauthorised");
    }

    // Nor does it help with the digest of another session's refresh token.
    let own = app.sign_in(Mode::Header).await;
    let mut claims = claims();
    claims["sessionHandle"] = json!(own.handle());
    let token = signed(&app, &claims).await;
    get(&app, "/session-check-db", &token).await.expect_message(401, "unauthorised");
}
