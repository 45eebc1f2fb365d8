//! What is odd about single providers.

use auth_providers::{ClientConfig, Email, IdTokenProblem, Problem, ProviderConfig, ProviderError};
use serde_json::{Value, json};

use crate::{
    play::{
        ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET, Need::Query, Played, REDIRECT_URI, Row, SignedBy,
        client_tokens, good_token, hs256, sign,
    },
    rows::row,
    stub::{Answer, json},
};

/// The answer that user info, or a later call, has.
fn answered(mut row: Row, call: usize, answer: Value) -> Row {
    row.calls[call].answer = answer;
    row
}

async fn email(row: Row) -> Option<Email> {
    Played::start(row).await.sign_in().await.unwrap().email
}

async fn error(row: Row) -> ProviderError {
    Played::start(row).await.sign_in().await.unwrap_err()
}

fn refused_with(error: &ProviderError, wanted: &str) -> bool {
    matches!(error.problem(), Problem::Refused { code } if code == wanted)
}

/// Claims over those of the row.
fn claims(mut row: Row, change: &Value) -> Row {
    let (_, claims, _) = row.id_token.as_mut().unwrap();
    for (name, value) in change.as_object().unwrap() {
        claims[name] = value.clone();
    }
    row
}

#[tokio::test]
async fn success_is_what_the_provider_calls_so() {
    let naver = json!({ "resultcode": "024", "message": "Authentication failed", "response": { "id": "1" } });
    assert!(refused_with(&error(answered(row("naver"), 0, naver)).await, "024"));
    let tiktok = json!({ "data": { "user": { "open_id": "1" } }, "error": { "code": "access_token_invalid" } });
    assert!(refused_with(&error(answered(row("tiktok"), 0, tiktok)).await, "access_token_invalid"));
    let slack = json!({ "ok": false, "error": "invalid_auth", "sub": "U0R7JM" });
    assert!(refused_with(&error(answered(row("slack"), 0, slack)).await, "invalid_auth"));
    let missing = json!({ "response": { "id": "1" } });
    assert!(refused_with(&error(answered(row("naver"), 0, missing)).await, "an error"));
}

/// GitHub answers a bad code with status 200.
#[tokio::test]
async fn an_error_with_status_200_is_one() {
    let played = Played::twisted(row("github"), |request| {
        (request.url == "https://github.com/login/oauth/access_token")
            .then(|| json(json!({ "error": "bad_verification_code" })))
    })
    .await;
    assert!(refused_with(&played.sign_in().await.unwrap_err(), "bad_verification_code"));
}

#[tokio::test]
async fn githubs_address_is_the_primary_one() {
    let none = answered(row("github"), 1, json!([{ "email": "a@example.com", "primary": false }]));
    assert!(email(none).await.is_none());
    let unverified = json!([{ "email": "a@example.com", "primary": true, "verified": false }]);
    assert!(!email(answered(row("github"), 1, unverified)).await.unwrap().is_verified);
    // Without the scope there is no list, and no half-known user.
    let mut without = row("github");
    without.calls.truncate(1);
    assert!(matches!(
        error(without).await.problem(),
        Problem::Refused { .. } | Problem::Status { .. }
    ));
}

#[tokio::test]
async fn kakaos_address_waits_for_the_users_leave() {
    let asks = json!({ "id": 1, "kakao_account": { "email_needs_agreement": true } });
    assert!(email(answered(row("kakao"), 0, asks)).await.is_none());
    for name in ["is_email_valid", "is_email_verified"] {
        let mut account = json!({
            "email": "ada@example.com", "is_email_valid": true, "is_email_verified": true,
        });
        account[name] = false.into();
        let half = json!({ "id": 1, "kakao_account": account });
        assert!(!email(answered(row("kakao"), 0, half)).await.unwrap().is_verified, "{name}");
    }
}

#[tokio::test]
async fn notions_integration_of_a_workspace_is_no_user() {
    let workspace = json!({ "id": "92a6", "bot": { "owner": { "type": "workspace" } } });
    let error = error(answered(row("notion"), 0, workspace)).await;
    assert!(matches!(error.problem(), Problem::NoUserId), "{error}");
}

#[tokio::test]
async fn xs_second_call_may_be_refused() {
    let played = Played::twisted(row("x"), |request| {
        request
            .query
            .contains_key("user.fields")
            .then(|| Answer::Json(403, json!({ "title": "Forbidden", "status": 403 })))
    })
    .await;
    let found = played.sign_in().await.unwrap().email.unwrap();
    assert!(found.is_fake && !found.is_verified);
    assert_eq!(found.address, "2244994945.x@stfakeemail.supertokens.com");
}

#[tokio::test]
async fn vks_device_must_come_along() {
    let played = Played::start(row("vk")).await;
    let provider = played.provider();
    let mut back = played.authorize(&provider).await.unwrap();
    back.params.remove("device_id");
    let error = provider.exchange_code(&back).await.unwrap_err();
    assert!(matches!(error.problem(), Problem::Missing("device_id")), "{error}");
}

#[tokio::test]
async fn paypals_older_answer_has_one_address() {
    let older = json!({ "user_id": "u", "email": "ada@example.com", "email_verified": "true" });
    assert!(email(answered(row("paypal"), 0, older)).await.unwrap().is_verified);
    let unconfirmed = json!({
        "user_id": "u", "email": "ada@example.com", "email_verified": true,
        "emails": [{ "value": "ada@example.com", "primary": true, "confirmed": false }],
    });
    assert!(!email(answered(row("paypal"), 0, unconfirmed)).await.unwrap().is_verified);
}

#[tokio::test]
async fn zooms_flag_is_a_number() {
    for (flag, is_verified) in [(json!(1), true), (json!(0), false), (json!("2"), false)] {
        let answer = json!({ "id": "z", "email": "ada@example.com", "verified": flag });
        assert_eq!(email(answered(row("zoom"), 0, answer)).await.unwrap().is_verified, is_verified);
    }
}

/// Its log-in's tokens are HS256 by the channel secret, and nothing else is taken for one.
#[tokio::test]
async fn lines_tokens_are_by_the_channel_secret() {
    let played = Played::start(row("line")).await;
    let provider = played.provider();
    let judge = |token: String| {
        let provider = provider.clone();
        async move {
            match provider.identity(client_tokens(json!({ "id_token": token }))).await {
                Ok(_) => None,
                Err(error) => match error.problem() {
                    Problem::IdToken(problem) => Some(*problem),
                    other => panic!("{other}"),
                },
            }
        }
    };
    let claims = good_token(&row("line"));
    assert_eq!(judge(sign(&claims, SignedBy::Secret)).await, None);
    assert_eq!(judge(sign(&claims, SignedBy::Key)).await, Some(IdTokenProblem::Algorithm));
    let header = json!({ "alg": "HS256" });
    for secret in [&b""[..], b"another", CLIENT_ID.as_bytes()] {
        let token = hs256(&header, &claims, secret);
        assert_eq!(judge(token).await, Some(IdTokenProblem::Signature));
    }
    let wrong = hs256(&json!({ "alg": "HS512" }), &claims, CLIENT_SECRET.as_bytes());
    assert_eq!(judge(wrong).await, Some(IdTokenProblem::Algorithm));
}

#[tokio::test]
async fn apples_name_comes_from_the_browser_and_no_address_does() {
    let identity = Played::start(row("apple")).await.sign_in().await.unwrap();
    assert_eq!(identity.from_id_token["user"]["name"]["firstName"], "Ada");
    assert_eq!(identity.tokens.raw()["user"]["name"]["firstName"], "Ada");
    // Even where the configuration looks for it there.
    let played = Played::start(row("apple")).await;
    let mut config = played.row.config();
    config.user_info_map.from_id_token_payload.email = Some("user.email".to_owned());
    let provider = played.stub.providers(config).provider("apple", None).unwrap();
    let tokens = played.tokens(&provider).await.unwrap();
    assert!(provider.identity(tokens).await.unwrap().email.is_none());
}

#[tokio::test]
async fn the_account_must_be_of_the_hosted_domain() {
    for (hd, wanted, is_taken) in [
        (json!("example.com"), "example.com", true),
        (json!("evil.example"), "example.com", false),
        (Value::Null, "example.com", false),
        (json!("evil.example"), "*", true),
        (Value::Null, "*", true),
    ] {
        let mut row = claims(row("google-workspaces"), &json!({ "hd": hd }));
        row.additional = json!({ "hd": wanted });
        row.extra = &[];
        assert_eq!(Played::start(row).await.sign_in().await.is_ok(), is_taken, "{hd} {wanted}");
    }
}

const TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
const OTHER: &str = "22222222-2222-2222-2222-222222222222";

#[tokio::test]
async fn microsofts_address_is_the_tenants_word() {
    for (change, is_verified) in [
        (json!({}), true),
        (json!({ "verified_primary_email": [] }), false),
        (json!({ "verified_primary_email": ["root@example.com"] }), false),
        (json!({ "verified_primary_email": null, "email_verified": true }), false),
        (json!({ "verified_primary_email": null, "xms_edov": true }), true),
        (json!({ "verified_primary_email": null, "xms_edov": "0" }), false),
        (
            json!({
                "verified_primary_email": null,
                "verified_secondary_email": ["ada@example.com"],
            }),
            true,
        ),
        (json!({ "verified_primary_email": "ada@example.com" }), false),
    ] {
        let found = email(claims(row("microsoft"), &change)).await.unwrap();
        assert_eq!(found.is_verified, is_verified, "{change}");
    }
    let none = json!({ "email": null, "preferred_username": "ada@example.com" });
    assert!(email(claims(row("microsoft"), &none)).await.is_none());
}

#[tokio::test]
async fn microsofts_issuer_is_the_tokens_own_tenant() {
    let foreign = claims(row("microsoft"), &json!({ "tid": OTHER }));
    let error = error(foreign).await;
    assert!(matches!(error.problem(), Problem::IdToken(IdTokenProblem::Issuer)), "{error}");
    for tid in [Value::Null, json!(""), json!("../common")] {
        let odd = claims(row("microsoft"), &json!({ "tid": tid }));
        assert!(Played::start(odd).await.sign_in().await.is_err(), "{tid}");
    }
    let no_object = claims(row("microsoft"), &json!({ "oid": null }));
    let error = Played::start(no_object).await.sign_in().await.unwrap_err();
    assert!(matches!(error.problem(), Problem::NoUserId), "{error}");
}

#[tokio::test]
async fn microsofts_tenants_may_be_listed() {
    for (allowed, is_taken) in
        [(json!([TENANT.to_uppercase()]), true), (json!([OTHER]), false), (json!([]), true)]
    {
        let row = Row { additional: json!({ "allowedTenants": allowed }), ..row("microsoft") };
        assert_eq!(Played::start(row).await.sign_in().await.is_ok(), is_taken, "{allowed}");
    }
}

/// A key of Microsoft's says whose tokens it signs.
#[tokio::test]
async fn microsofts_keys_are_for_their_issuer() {
    let keys_at = row("microsoft").jwks_uri().unwrap();
    for (issuer, is_taken) in [
        ("https://login.microsoftonline.com/{tenantid}/v2.0", true),
        ("https://login.microsoftonline.com/22222222-2222-2222-2222-222222222222/v2.0", false),
    ] {
        let keys_at = keys_at.clone();
        let played = Played::twisted(row("microsoft"), move |request| {
            let mut key = serde_json::to_value(crate::play::KEY.public_jwk("k-1")).unwrap();
            key["issuer"] = issuer.into();
            (request.url == keys_at).then(|| json(json!({ "keys": [key] })))
        })
        .await;
        assert_eq!(played.sign_in().await.is_ok(), is_taken, "{issuer}");
    }
}

/// A domain in place of a tenant's id: the document says which tenant it is.
#[tokio::test]
async fn a_tenant_may_be_named_by_its_domain() {
    let mut named = row("active-directory");
    named.additional = json!({ "directoryId": "shop.example" });
    let (at, _) = named.discovery.as_mut().unwrap();
    *at = "https://login.microsoftonline.com/shop.example/v2.0/.well-known/openid-configuration";
    assert!(Played::start(named.clone()).await.sign_in().await.is_ok());
    let foreign = claims(named, &json!({ "tid": OTHER }));
    let (_, token_claims, _) = foreign.id_token.as_ref().unwrap();
    assert_eq!(token_claims["tid"], OTHER);
    let row = Row {
        id_token: Some((
            "https://login.microsoftonline.com/22222222-2222-2222-2222-222222222222/v2.0",
            token_claims.clone(),
            SignedBy::Key,
        )),
        ..foreign.clone()
    };
    let error = Played::start(row).await.sign_in().await.unwrap_err();
    assert!(matches!(error.problem(), Problem::IdToken(IdTokenProblem::Issuer)), "{error}");
}

#[tokio::test]
async fn facebooks_fields_follow_from_the_scopes() {
    let row = Row::new("facebook").call(
        "GET",
        "https://graph.facebook.com/me",
        vec![Query("fields", "id,email,name,picture,birthday")],
        json!({ "id": "1" }),
    );
    let row = Row {
        authorize: "https://www.facebook.com/v12.0/dialog/oauth",
        token: "https://graph.facebook.com/v12.0/oauth/access_token",
        ..row
    };
    let played = Played::start(row).await;
    let client = ClientConfig::new(CLIENT_ID).client_secret(CLIENT_SECRET).scopes([
        "email",
        "public_profile",
        "user_birthday",
    ]);
    let config = ProviderConfig::new("facebook").client(client);
    let provider = played.stub.providers(config).provider("facebook", None).unwrap();
    let back =
        auth_providers::AuthorizationReturn::new(REDIRECT_URI, [("code", crate::play::CODE)]);
    let tokens = provider.exchange_code(&back).await.unwrap();
    assert_eq!(tokens.access_token(), Some(ACCESS_TOKEN));
    let identity = provider.identity(tokens).await.unwrap();
    assert!(identity.email.is_none(), "a user without an address");
}

#[tokio::test]
async fn salesforces_sandbox_is_another_host() {
    let mut sandbox = row("salesforce");
    sandbox.additional = json!({ "domain": "test.salesforce.com" });
    let text = serde_json::to_string(&sandbox.discovery.as_ref().unwrap().1).unwrap();
    let document = text.replace("login.salesforce", "test.salesforce");
    sandbox.discovery = Some((
        "https://test.salesforce.com/.well-known/openid-configuration",
        serde_json::from_str(&document).unwrap(),
    ));
    sandbox.authorize = "https://test.salesforce.com/services/oauth2/authorize";
    sandbox.token = "https://test.salesforce.com/services/oauth2/token";
    sandbox.calls[0].url = "https://test.salesforce.com/services/oauth2/userinfo";
    sandbox.id_token.as_mut().unwrap().0 = "https://test.salesforce.com";
    assert!(Played::start(sandbox).await.sign_in().await.is_ok());
}
