//! FDI: jwt, openid.

use std::time::Duration;

use async_trait::async_trait;
use auth_core::{
    Auth, Context, Result,
    protocol::{JsonObject, TenantId},
    recipes::{
        jwt::{CreateJwtInput, JwtApi, JwtRecipe},
        openid::{
            DiscoveryConfiguration, OpenIdApi, OpenIdFunctions, OpenIdOverride, OpenIdRecipe,
        },
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::Method;
use serde_json::{Value, json};

use crate::harness::{App, builder};

#[tokio::test]
async fn the_keys_are_listed_for_everybody_with_how_long_to_keep_them() {
    let app = App::new().await;
    let answer = app.get("/auth/jwt/jwks.json").await;
    let body = answer.json();
    assert_eq!(body.as_object().expect("an object").len(), 1, "no status");
    for key in body["keys"].as_array().expect("a list") {
        let mut members: Vec<&str> =
            key.as_object().expect("a key").keys().map(String::as_str).collect();
        members.sort_unstable();
        assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
    }
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    let cache = answer.header("cache-control").expect("set");
    let age =
        cache.strip_prefix("max-age=").and_then(|rest| rest.strip_suffix(", must-revalidate"));
    assert!(age.expect("the form").parse::<u64>().expect("a number") > 0);
}

#[tokio::test]
async fn the_discovery_document_lists_the_endpoints_below_the_issuer() {
    let app = App::new().await;
    let answer = app.get("/auth/.well-known/openid-configuration").await;
    answer.is_ok_json(&json!({
        "issuer": "https://api.example.com/auth",
        "jwks_uri": "https://api.example.com/auth/jwt/jwks.json",
        "authorization_endpoint": "https://api.example.com/auth/oauth/auth",
        "token_endpoint": "https://api.example.com/auth/oauth/token",
        "userinfo_endpoint": "https://api.example.com/auth/oauth/userinfo",
        "revocation_endpoint": "https://api.example.com/auth/oauth/revoke",
        "token_introspection_endpoint": "https://api.example.com/auth/oauth/introspect",
        "end_session_endpoint": "https://api.example.com/auth/oauth/end_session",
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "id_token token"],
    }));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
}

#[tokio::test]
async fn both_documents_are_served_below_a_tenant_too_and_can_be_switched_off() {
    let app = App::new().await;
    let paths = ["/auth/t1/jwt/jwks.json", "/auth/t1/.well-known/openid-configuration"];
    for path in paths {
        assert_eq!(app.get(path).await.0.status, 200);
    }
    let auth = builder()
        .recipe(JwtRecipe::new().disable_api(JwtApi::GetJwksGet))
        .recipe(OpenIdRecipe::new().disable_api(OpenIdApi::GetOpenIdDiscoveryConfigurationGet))
        .build()
        .await
        .expect("a valid configuration");
    for path in paths {
        assert!(auth.route(&Method::GET, path, None).is_none());
    }
}

async fn claims(auth: &Auth, by_openid: bool, payload: Value) -> JsonObject {
    let Value::Object(payload) = payload else { panic!("an object") };
    let input = CreateJwtInput::new(payload).validity(Duration::from_secs(60));
    let token = if by_openid {
        auth.openid().expect("there").create_jwt(input).await
    } else {
        auth.jwt().expect("there").create_jwt(input).await
    };
    let token = token.expect("answered").expect("signed").into_exposed();
    let payload = token.split('.').nth(1).expect("a payload");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON")
}

#[tokio::test]
async fn tokens_carry_the_claims_and_the_issuer_unless_they_name_one() {
    let App(auth) = App::new().await;
    let token = claims(&auth, true, json!({ "a": 1 })).await;
    assert_eq!(token["a"], 1);
    assert_eq!(token["iss"], "https://api.example.com/auth");
    assert_eq!(token["exp"].as_i64().expect("exp") - token["iat"].as_i64().expect("iat"), 60);
    assert_eq!(claims(&auth, true, json!({ "iss": "me" })).await["iss"], "me");
    assert_eq!(claims(&auth, false, json!({})).await["iss"], "https://api.example.com");
}

struct OtherIssuer;

#[async_trait]
impl OpenIdOverride for OtherIssuer {
    async fn get_openid_discovery_configuration(
        &self,
        _original: &dyn OpenIdFunctions,
        _cx: &Context,
    ) -> Result<DiscoveryConfiguration> {
        Ok(DiscoveryConfiguration::of_issuer("https://issuer.example.com"))
    }
}

#[tokio::test]
async fn an_overridden_issuer_reaches_the_route_the_tokens_and_the_sessions() {
    let auth = builder()
        .recipe(OpenIdRecipe::new().override_functions(OtherIssuer))
        .build()
        .await
        .expect("a valid configuration");
    assert_eq!(claims(&auth, true, json!({})).await["iss"], "https://issuer.example.com");
    let sessions = auth.session().expect("in the list");
    let session = sessions
        .create_new_session(&TenantId::default(), "u".into(), JsonObject::new(), JsonObject::new())
        .await
        .expect("started");
    assert_eq!(session.get_access_token_payload()["iss"], "https://issuer.example.com");
    let answer = App(auth).get("/auth/.well-known/openid-configuration").await;
    assert_eq!(answer.json()["jwks_uri"], "https://issuer.example.com/jwt/jwks.json");
}

#[tokio::test]
async fn a_validity_below_a_second_is_a_mistake() {
    let recipe = JwtRecipe::new().jwt_validity(Duration::from_millis(5));
    let result = builder().recipe(recipe).build().await;
    let text = result.expect_err("refused").to_string();
    assert!(text.contains("jwt.jwt_validity"), "{text}");
}
