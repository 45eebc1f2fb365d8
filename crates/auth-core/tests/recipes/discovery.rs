//! Keys and discovery (FDI §1.11, 1.12).

use std::time::Duration;

use auth_core::{
    Auth, Context, Result,
    core::SigningAlgorithm,
    protocol::{JsonObject, jwt::CreateJwtResponse},
    recipes::{
        jwt::{CreateJwtInput, JwtRecipe},
        openid::{DiscoveryConfiguration, OpenIdFunctions, OpenIdOverride, OpenIdRecipe},
        session::NewSessionInput,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::harness::{App, builder, engine_config};

async fn claims(auth: &Auth, by_openid: bool, payload: Value) -> JsonObject {
    let Value::Object(payload) = payload else { panic!("an object") };
    let input = CreateJwtInput::new(payload).validity(Duration::from_secs(60));
    let token = if by_openid {
        auth.openid().expect("there").create_jwt(input).await
    } else {
        auth.jwt().expect("there").create_jwt(input).await
    };
    let CreateJwtResponse::Ok { jwt } = token.expect("answered") else { panic!("not signed") };
    let token = jwt.into_exposed();
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

#[tokio::test]
async fn the_session_recipe_gives_the_same() {
    let App(auth) = App::new().await;
    let sessions = auth.session().expect("in the list");
    let discovery = sessions.get_openid_discovery_configuration().await.expect("answered");
    assert_eq!(discovery.issuer, "https://api.example.com/auth");
    let keys = sessions.get_jwks().await.expect("answered").keys;
    assert!(keys.iter().any(|key| key.kid.starts_with("s-")));
    let input = CreateJwtInput::new(JsonObject::new());
    let made = sessions.create_jwt(input.clone()).await.expect("answered");
    assert!(matches!(made, CreateJwtResponse::Ok { .. }));
    // The recipe asks for RS256; a core that signs otherwise says so.
    let core = engine_config().signing_algorithm(SigningAlgorithm::EdDsa);
    let auth = builder().core(core).build().await.expect("a valid configuration");
    let sessions = auth.session().expect("in the list");
    let refused = sessions.create_jwt(input).await.expect("answered");
    assert!(matches!(refused, CreateJwtResponse::UnsupportedAlgorithmError));
}

struct OtherIssuer;

impl OpenIdOverride for OtherIssuer {
    async fn get_openid_discovery_configuration(
        &self,
        _original: &OpenIdFunctions,
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
    let session = sessions.create_new_session(NewSessionInput::new("u")).await.expect("started");
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
