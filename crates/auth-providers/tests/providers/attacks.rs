//! Id tokens that aren't to be trusted, and tokens of others.

use std::time::{Duration, SystemTime};

use auth_jwt::{Algorithm, Header, SigningKey};
use auth_providers::{
    AuthorizationReturn, Fault, IdTokenProblem, Problem, ProviderError, Step, Tokens,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{
    play::{
        ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET, CODE, KEY, Need::Bearer, Played, REDIRECT_URI, Row,
        SignedBy, at_hash, client_tokens, good_token, hs256, now, sign,
    },
    rows::row,
    stub::json,
};

fn gitlab() -> Row {
    row("gitlab")
}

/// What becomes of an id token that a client brings.
async fn judge(row: Row, token: String) -> Result<String, IdTokenProblem> {
    judge_with(row, json!({ "id_token": token })).await
}

async fn judge_with(row: Row, tokens: Value) -> Result<String, IdTokenProblem> {
    let provider = Played::start(row).await;
    match provider.provider().identity(client_tokens(tokens)).await {
        Ok(identity) => Ok(identity.third_party_user_id),
        Err(error) => match error.problem() {
            Problem::IdToken(problem) => {
                assert_eq!(error.step(), Step::IdToken);
                assert_eq!(error.fault(), Fault::Forgery);
                Err(*problem)
            }
            other => panic!("{other}"),
        },
    }
}

fn with(name: &str, value: Value) -> String {
    let mut claims = good_token(&gitlab());
    match value {
        Value::Null => claims.as_object_mut().unwrap().remove(name),
        value => claims.as_object_mut().unwrap().insert(name.to_owned(), value),
    };
    sign(&claims, SignedBy::Key)
}

fn parts(header: &Value, claims: &Value, signature: &str) -> String {
    let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", encode(header), encode(claims))
}

#[tokio::test]
async fn a_good_token_is_taken() {
    let token = sign(&good_token(&gitlab()), SignedBy::Key);
    assert_eq!(judge(gitlab(), token).await.as_deref(), Ok("u-1"));
}

#[tokio::test]
async fn an_unsigned_token_is_refused() {
    for alg in ["none", "None", "NONE", ""] {
        let token = parts(&json!({ "alg": alg, "kid": "k-1" }), &good_token(&gitlab()), "");
        assert_eq!(judge(gitlab(), token).await, Err(IdTokenProblem::Algorithm), "{alg}");
    }
}

#[tokio::test]
async fn hs256_by_the_public_key_is_refused() {
    let header = json!({ "alg": "HS256", "kid": "k-1" });
    let jwk = serde_json::to_value(KEY.public_jwk("k-1")).unwrap();
    let modulus = BASE64_URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
    // Whether or not discovery lists it: the key is for another algorithm.
    let mut listing = gitlab();
    let (_, document) = listing.discovery.as_mut().unwrap();
    document["id_token_signing_alg_values_supported"] = json!(["RS256", "HS256"]);
    for row in [gitlab(), listing] {
        for secret in [jwk.to_string().as_bytes(), &modulus, CLIENT_SECRET.as_bytes()] {
            let token = hs256(&header, &good_token(&row), secret);
            assert_eq!(judge(row.clone(), token).await, Err(IdTokenProblem::Algorithm));
        }
    }
}

#[tokio::test]
async fn a_published_secret_signs_nothing() {
    let mut row = gitlab();
    let (_, document) = row.discovery.as_mut().unwrap();
    document["id_token_signing_alg_values_supported"] = json!(["RS256", "HS256"]);
    let token = hs256(&json!({ "alg": "HS256", "kid": "k-2" }), &good_token(&row), b"published");
    let uri = row.jwks_uri().unwrap();
    let played = Played::twisted(row, move |request| {
        let k = BASE64_URL_SAFE_NO_PAD.encode("published");
        let keys = json!({ "keys": [{ "kty": "oct", "kid": "k-2", "alg": "HS256", "k": k }] });
        (request.url == uri).then(|| json(keys))
    })
    .await;
    let error =
        played.provider().identity(client_tokens(json!({ "id_token": token }))).await.unwrap_err();
    assert!(matches!(error.problem(), Problem::IdToken(IdTokenProblem::UnknownKey)), "{error}");
}

#[tokio::test]
async fn a_foreign_key_is_refused() {
    let foreign = SigningKey::generate(Algorithm::Rs256).unwrap();
    let claims = good_token(&gitlab());
    let same_kid = foreign.sign(&Header::new(Algorithm::Rs256, "k-1"), &claims).unwrap();
    assert_eq!(judge(gitlab(), same_kid).await, Err(IdTokenProblem::Signature));
    let own_kid = foreign.sign(&Header::new(Algorithm::Rs256, "k-9"), &claims).unwrap();
    assert_eq!(judge(gitlab(), own_kid).await, Err(IdTokenProblem::UnknownKey));
}

#[tokio::test]
async fn a_key_that_the_token_brings_is_refused() {
    let foreign = SigningKey::generate(Algorithm::Es256).unwrap();
    let token =
        foreign.sign(&Header::new(Algorithm::Es256, "k-1"), &good_token(&gitlab())).unwrap();
    let (_, rest) = token.split_once('.').unwrap();
    let (claims, signature) = rest.split_once('.').unwrap();
    let header = json!({ "alg": "ES256", "kid": "k-1", "jwk": foreign.public_jwk("k-1") });
    let header = BASE64_URL_SAFE_NO_PAD.encode(header.to_string());
    let token = format!("{header}.{claims}.{signature}");
    // The published key is for RSA, and discovery lists RS256 alone.
    assert_eq!(judge(gitlab(), token).await, Err(IdTokenProblem::Algorithm));
}

/// A token is judged by keys of one's own, whatever discovery lists.
async fn judge_by(mut keys: Vec<Value>, token: String) -> Result<String, IdTokenProblem> {
    let mut row = gitlab();
    let (_, document) = row.discovery.as_mut().unwrap();
    document.as_object_mut().unwrap().remove("id_token_signing_alg_values_supported");
    let uri = row.jwks_uri().unwrap();
    keys.extend([json!({ "kty": "unknown" }), json!(7)]);
    let played = Played::twisted(row, move |request| {
        (request.url == uri).then(|| json(json!({ "keys": keys })))
    })
    .await;
    let tokens = client_tokens(json!({ "id_token": token, "access_token": ACCESS_TOKEN }));
    match played.provider().identity(tokens).await {
        Ok(identity) => Ok(identity.third_party_user_id),
        Err(error) => match error.problem() {
            Problem::IdToken(problem) => Err(*problem),
            other => panic!("{other}"),
        },
    }
}

#[tokio::test]
async fn every_kind_of_key_is_for_its_algorithm_alone() {
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa] {
        let key = SigningKey::generate(algorithm).unwrap();
        let published = || serde_json::to_value(key.public_jwk("k-1")).unwrap();
        let mut claims = good_token(&gitlab());
        if algorithm == Algorithm::EdDsa {
            let digest =
                aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA512, ACCESS_TOKEN.as_bytes());
            claims["at_hash"] = BASE64_URL_SAFE_NO_PAD.encode(&digest.as_ref()[..32]).into();
        }
        let token = || key.sign(&Header::new(algorithm, "k-1"), &claims).unwrap();
        assert_eq!(
            judge_by(vec![published()], token()).await.as_deref(),
            Ok("u-1"),
            "{algorithm:?}"
        );
        // Without `alg`, its kind says what it is for.
        let mut bare = published();
        bare.as_object_mut().unwrap().remove("alg");
        assert_eq!(judge_by(vec![bare], token()).await.as_deref(), Ok("u-1"), "{algorithm:?}");
        for (name, value, problem) in [
            ("alg", json!("PS256"), IdTokenProblem::Algorithm),
            ("alg", json!("RSA-OAEP"), IdTokenProblem::UnknownKey),
            ("use", json!("enc"), IdTokenProblem::UnknownKey),
            ("key_ops", json!(["encrypt"]), IdTokenProblem::UnknownKey),
            ("kty", json!("oct"), IdTokenProblem::UnknownKey),
            ("kid", json!("k-2"), IdTokenProblem::UnknownKey),
        ] {
            let mut other = published();
            other[name] = value;
            assert_eq!(judge_by(vec![other], token()).await, Err(problem), "{algorithm:?} {name}");
        }
    }
}

/// The other keys may be for whatever else.
#[tokio::test]
async fn a_token_that_names_no_key_is_by_the_only_one_for_its_algorithm() {
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let token = || {
        let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::ES256);
        let signing = jsonwebtoken::EncodingKey::from_ec_der(&key.to_pkcs8().unwrap());
        jsonwebtoken::encode(&header, &good_token(&gitlab()), &signing).unwrap()
    };
    let nameless = |key: &SigningKey| {
        let mut jwk = serde_json::to_value(key.public_jwk("k-1")).unwrap();
        jwk.as_object_mut().unwrap().remove("kid");
        jwk
    };
    let foreign = |algorithm| nameless(&SigningKey::generate(algorithm).unwrap());
    let others = || vec![nameless(&KEY), foreign(Algorithm::EdDsa)];
    let named = serde_json::to_value(key.public_jwk("k-1")).unwrap();
    for mine in [nameless(&key), named] {
        let keys = [others(), vec![mine.clone()]].concat();
        assert_eq!(judge_by(keys, token()).await.as_deref(), Ok("u-1"));
        let two = vec![mine, foreign(Algorithm::Es256)];
        assert_eq!(judge_by(two, token()).await, Err(IdTokenProblem::UnknownKey));
    }
    assert_eq!(judge_by(others(), token()).await, Err(IdTokenProblem::UnknownKey));
    let another = vec![foreign(Algorithm::Es256)];
    assert_eq!(judge_by(another, token()).await, Err(IdTokenProblem::Signature));
}

#[tokio::test]
async fn an_algorithm_that_discovery_does_not_list_is_refused() {
    let mut row = gitlab();
    let (_, document) = row.discovery.as_mut().unwrap();
    document["id_token_signing_alg_values_supported"] = json!(["ES256"]);
    let token = sign(&good_token(&row), SignedBy::Key);
    assert_eq!(judge(row, token).await, Err(IdTokenProblem::Algorithm));
}

/// In the browser's flow nobody else has asked, whatever apps there are.
#[tokio::test]
async fn in_the_code_form_no_other_party_may_have_asked() {
    let mut row = Row { additional: json!({ "authorizedParties": ["app-1"] }), ..gitlab() };
    row.id_token.as_mut().unwrap().1["azp"] = "app-1".into();
    let error = Played::start(row).await.sign_in().await.unwrap_err();
    let problem = error.problem();
    assert!(matches!(problem, Problem::IdToken(IdTokenProblem::AuthorizedParty)), "{error}");
}

#[tokio::test]
async fn a_short_rsa_key_is_none() {
    let mut key = serde_json::to_value(KEY.public_jwk("k-1")).unwrap();
    key["n"] = BASE64_URL_SAFE_NO_PAD.encode([0xff; 128]).into();
    let token = sign(&good_token(&gitlab()), SignedBy::Key);
    assert_eq!(judge_by(vec![key], token).await, Err(IdTokenProblem::UnknownKey));
}

#[tokio::test]
async fn another_kind_of_token_is_refused() {
    let claims = good_token(&gitlab());
    for header in [
        json!({ "alg": "RS256", "kid": "k-1", "typ": "at+jwt" }),
        json!({ "alg": "RS256", "kid": "k-1", "typ": "logout+jwt" }),
        json!({ "alg": "RS256", "kid": "k-1", "crit": ["b64"], "b64": false }),
    ] {
        let token = parts(&header, &claims, "AAAA");
        assert_eq!(judge(gitlab(), token).await, Err(IdTokenProblem::Header));
    }
    for text in ["", "a", "a.b", "a.b.c", "ä.ö.ü", &"a".repeat(20_000)] {
        // An empty one isn't there at all.
        if !text.is_empty() {
            assert_eq!(judge(gitlab(), text.to_owned()).await, Err(IdTokenProblem::Malformed));
        }
    }
}

#[tokio::test]
async fn claims_that_are_refused() {
    use IdTokenProblem::{
        AccessToken, Audience, AuthorizedParty, Claim, Expired, Issuer, NotYetValid,
    };
    for (name, value, problem) in [
        ("iss", json!("https://gitlab.com/"), Issuer),
        ("iss", json!("https://gitlab.com.evil.example"), Issuer),
        ("iss", json!("http://gitlab.com"), Issuer),
        ("iss", json!(["https://gitlab.com"]), Claim("iss")),
        ("iss", Value::Null, Claim("iss")),
        ("aud", json!("client-2"), Audience),
        ("aud", json!(["client-2"]), Audience),
        ("aud", json!("CLIENT-1"), Audience),
        ("aud", json!([]), Audience),
        ("aud", Value::Null, Claim("aud")),
        ("aud", json!([CLIENT_ID, "client-2"]), AuthorizedParty),
        ("azp", json!("client-2"), AuthorizedParty),
        ("azp", json!(7), AuthorizedParty),
        ("exp", json!(now() - 61), Expired),
        ("exp", json!(0), Expired),
        ("exp", Value::Null, Claim("exp")),
        ("exp", json!("soon"), Claim("exp")),
        ("nbf", json!(now() + 120), NotYetValid),
        ("iat", json!(now() + 120), NotYetValid),
        ("iat", Value::Null, Claim("iat")),
        ("iat", json!("today"), Claim("iat")),
        ("sub", Value::Null, Claim("sub")),
        ("sub", json!(""), Claim("sub")),
    ] {
        assert_eq!(
            judge(gitlab(), with(name, value.clone())).await,
            Err(problem),
            "{name}: {value}"
        );
    }
    let other_hash = with("at_hash", json!(at_hash("another")));
    let tokens = json!({ "id_token": other_hash, "access_token": ACCESS_TOKEN });
    assert_eq!(judge_with(gitlab(), tokens).await, Err(AccessToken));
}

#[tokio::test]
async fn claims_that_are_taken() {
    for (name, value) in [
        ("exp", json!(now() - 50)),
        ("iat", json!(now() + 50)),
        ("exp", json!(f64::from(u32::try_from(now()).unwrap()) + 10.5)),
        ("aud", json!([CLIENT_ID])),
        ("azp", json!(CLIENT_ID)),
    ] {
        let judged = judge(gitlab(), with(name, value.clone())).await;
        assert_eq!(judged.as_deref(), Ok("u-1"), "{name}: {value}");
    }
}

/// Google's library for Android asks in the name of the app for a token for the server.
#[tokio::test]
async fn an_app_of_the_same_application_may_ask() {
    let mut claims = good_token(&gitlab());
    claims["azp"] = "android-app".into();
    let tokens = json!({ "id_token": sign(&claims, SignedBy::Key) });
    assert_eq!(judge_with(gitlab(), tokens.clone()).await, Err(IdTokenProblem::AuthorizedParty));
    let allowed = Row { additional: json!({ "authorizedParties": ["android-app"] }), ..gitlab() };
    assert_eq!(judge_with(allowed, tokens).await.as_deref(), Ok("u-1"));
}

#[tokio::test]
async fn a_token_expires_by_the_clock_that_is_set() {
    let played = Played::start(gitlab()).await;
    let later = SystemTime::now() + Duration::from_secs(3600 + 61);
    let providers =
        played.stub.builder().provider(played.row.config()).clock(move || later).build().unwrap();
    let provider = providers.provider("gitlab", None).unwrap();
    let token = sign(&good_token(&gitlab()), SignedBy::Key);
    let error = provider.identity(client_tokens(json!({ "id_token": token }))).await.unwrap_err();
    assert!(matches!(error.problem(), Problem::IdToken(IdTokenProblem::Expired)), "{error}");
}

/// The code form, with an answer of the token endpoint that is made from the good one.
async fn exchange(
    change: impl Fn(&mut Value) + Send + Sync + 'static,
) -> Result<(), ProviderError> {
    let row = gitlab();
    let mut claims = good_token(&row);
    change(&mut claims);
    let (token_endpoint, id_token) = (row.token, sign(&claims, SignedBy::Key));
    let played = Played::twisted(row, move |request| {
        let answer = json!({ "access_token": ACCESS_TOKEN, "id_token": id_token });
        (request.url == token_endpoint).then(|| json(answer))
    })
    .await;
    let provider = played.provider();
    let tokens = played.tokens(&provider).await?;
    provider.identity(tokens).await.map(drop)
}

#[tokio::test]
async fn another_nonce_or_none_is_refused() {
    for change in [
        (|_| {}) as fn(&mut Value),
        |claims| claims["nonce"] = "n-1".into(),
        |claims| claims["nonce"] = json!([]),
    ] {
        let error = exchange(change).await.unwrap_err();
        assert!(matches!(error.problem(), Problem::IdToken(IdTokenProblem::Nonce)), "{error}");
    }
}

/// The id token of one authorization doesn't fit the verifier of another, even where the provider
/// ignores PKCE.
#[tokio::test]
async fn a_code_of_another_browser_is_refused() {
    let row = row("twitch");
    let played = Played::start(row).await;
    let provider = played.provider();
    let mine = played.authorize(&provider).await.unwrap();
    // The victim's authorization is the last that the provider has seen.
    let _victims = played.authorize(&provider).await.unwrap();
    let tokens = provider.exchange_code(&mine).await.unwrap();
    let error = provider.identity(tokens).await.unwrap_err();
    assert!(matches!(error.problem(), Problem::IdToken(IdTokenProblem::Nonce)), "{error}");
    // Nor does a code come through without a verifier.
    let bare = AuthorizationReturn::new(REDIRECT_URI, [("code", CODE)]);
    let error = provider.exchange_code(&bare).await.unwrap_err();
    assert!(matches!(error.problem(), Problem::Missing("pkceCodeVerifier")), "{error}");
}

#[tokio::test]
async fn a_nonce_of_ones_own_is_compared() {
    let played = Played::start(gitlab()).await;
    let provider = played.provider();
    let mut claims = good_token(&gitlab());
    claims["nonce"] = "n-1".into();
    let tokens = client_tokens(json!({ "id_token": sign(&claims, SignedBy::Key) }));
    assert!(provider.identity(tokens.clone().expect_nonce("n-1")).await.is_ok());
    let error = provider.identity(tokens.expect_nonce("n-2")).await.unwrap_err();
    assert!(matches!(error.problem(), Problem::IdToken(IdTokenProblem::Nonce)), "{error}");
}

#[tokio::test]
async fn flows_of_others_need_leave_to_have_another_nonce() {
    let row = Row { additional: json!({ "skipNonce": true }), ..gitlab() };
    let played = Played::start(row).await;
    let provider = played.provider();
    let url = provider.authorization_url(REDIRECT_URI).await.unwrap().url;
    assert!(!url.contains("nonce="), "{url}");
}

/// OpenID Connect Core section 5.3.2.
#[tokio::test]
async fn user_info_of_another_user_is_refused() {
    let mut row = row("google");
    row.calls[0].answer["sub"] = "u-2".into();
    let error = Played::start(row).await.sign_in().await.unwrap_err();
    assert!(matches!(error.problem(), Problem::TwoUsers), "{error}");
    assert_eq!(error.fault(), Fault::Forgery);
}

fn google_with(answer: Value) -> Row {
    row("google").call("GET", "https://oauth2.googleapis.com/tokeninfo", vec![], answer)
}

async fn brought(row: Row, tokens: Value) -> Result<String, ProviderError> {
    let provider = Played::start(row).await;
    let identity = provider.provider().identity(client_tokens(tokens)).await?;
    Ok(identity.third_party_user_id)
}

#[tokio::test]
async fn an_access_token_of_another_app_is_refused() {
    let tokens = json!({ "access_token": ACCESS_TOKEN });
    for (row, is_ours) in [
        (google_with(json!({ "aud": CLIENT_ID, "azp": CLIENT_ID })), true),
        (google_with(json!({ "aud": "client-2", "azp": "client-2" })), false),
        (google_with(json!({})), false),
        (github_with(CLIENT_ID), true),
        (github_with("client-2"), false),
        (facebook_with(CLIENT_ID), true),
        (facebook_with("client-2"), false),
    ] {
        let id = row.id;
        match brought(row, tokens.clone()).await {
            Ok(_) => assert!(is_ours, "{id}"),
            Err(error) => {
                assert!(!is_ours, "{error}");
                assert!(matches!(error.problem(), Problem::TokenOfAnotherClient), "{error}");
                assert_eq!(error.step(), Step::TokenCheck);
            }
        }
    }
}

fn github_with(client_id: &str) -> Row {
    use crate::play::Need::{Header, Json};
    let answer = json!({ "app": { "client_id": client_id } });
    row("github").call(
        "POST",
        "https://api.github.com/applications/client-1/token",
        vec![
            Header(
                "authorization",
                "Basic Y2xpZW50LTE6MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
            ),
            Json(json!({ "access_token": ACCESS_TOKEN })),
        ],
        answer,
    )
}

fn facebook_with(client_id: &str) -> Row {
    use crate::play::Need::Query;
    row("facebook").call(
        "GET",
        "https://graph.facebook.com/debug_token",
        vec![
            Query("input_token", ACCESS_TOKEN),
            Query("access_token", "client-1|0123456789abcdef0123456789abcdef"),
        ],
        json!({ "data": { "app_id": client_id, "is_valid": true } }),
    )
}

/// A token that holds our placeholders isn't filled in with our secrets.
#[tokio::test]
async fn a_brought_token_is_no_template() {
    let played = Played::start(facebook_with(CLIENT_ID)).await;
    let tokens = client_tokens(json!({ "access_token": "{client_secret}" }));
    played.provider().identity(tokens).await.unwrap_err();
    let log = played.stub.log.lock().unwrap();
    assert_eq!(log[0].query["input_token"], "{client_secret}");
}

#[tokio::test]
async fn a_token_that_cannot_be_checked_needs_leave() {
    let tokens = json!({ "access_token": ACCESS_TOKEN });
    let error = brought(row("spotify"), tokens.clone()).await.unwrap_err();
    assert!(matches!(error.problem(), Problem::TokenUncheckable), "{error}");
    assert_eq!(error.fault(), Fault::Request);
    let allowed =
        Row { additional: json!({ "acceptUncheckedAccessTokens": true }), ..row("spotify") };
    assert_eq!(brought(allowed, tokens).await.unwrap(), "ada");
}

/// RFC 7662, where discovery names the endpoint.
#[tokio::test]
async fn a_token_is_checked_by_introspection() {
    for (answer, is_ours) in [
        (json!({ "active": true, "client_id": CLIENT_ID }), true),
        (json!({ "active": true, "client_id": "client-2" }), false),
        (json!({ "active": false }), false),
        (json!({ "active": "true", "client_id": CLIENT_ID }), false),
        (json!({ "active": true }), false),
    ] {
        let mut row = row("zitadel");
        let document = &mut row.discovery.as_mut().unwrap().1;
        document["introspection_endpoint"] = "https://shop.zitadel.cloud/introspect".into();
        document["userinfo_endpoint"] = "https://shop.zitadel.cloud/userinfo".into();
        let row =
            row.call("POST", "https://shop.zitadel.cloud/introspect", vec![], answer.clone()).call(
                "GET",
                "https://shop.zitadel.cloud/userinfo",
                vec![Bearer],
                json!({ "sub": "u-1" }),
            );
        let result = brought(row, json!({ "access_token": ACCESS_TOKEN })).await;
        assert_eq!(result.is_ok(), is_ours, "{answer}: {result:?}");
    }
}

/// An access token beside a good id token adds nothing but what its own user info says about the
/// same user.
#[tokio::test]
async fn an_access_token_beside_an_id_token_must_be_the_same_users() {
    let tokens = |row: &Row| {
        let mut claims = good_token(row);
        claims.as_object_mut().unwrap().remove("at_hash");
        json!({ "id_token": sign(&claims, SignedBy::Key), "access_token": ACCESS_TOKEN })
    };
    let mut google = row("google");
    assert_eq!(brought(google.clone(), tokens(&google)).await.unwrap(), "u-1");
    for answer in
        [json!({ "sub": "u-2" }), json!({ "sub": null }), json!({ "email": "x@y.example" })]
    {
        google.calls[0].answer = answer;
        let error = brought(google.clone(), tokens(&google)).await.unwrap_err();
        assert!(matches!(error.problem(), Problem::TwoUsers), "{error}");
    }
}

#[tokio::test]
async fn nothing_says_who_it_is() {
    let error = brought(row("google"), json!({})).await.unwrap_err();
    assert!(matches!(error.problem(), Problem::NoUserId), "{error}");
    let provider = Played::start(row("google")).await.provider();
    let tokens = Tokens::from_client(serde_json::Map::new());
    assert!(provider.identity(tokens).await.is_err());
}
