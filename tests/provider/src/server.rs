//! What is served: the page, and what clients ask.

use std::{collections::BTreeMap, io, sync::Arc};

use axum::{
    Form, Json, Router,
    body::Body,
    extract::{Query, RawQuery, State as Extract},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Account, Endpoint, Fault, grants::AuthorizationRequest, id_token::About, page, provider::State,
};

type Shared = Extract<Arc<State>>;
type Fields = BTreeMap<String, String>;

pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/keys", get(keys))
        .route("/authorize", get(sign_in_page).post(signed_in))
        .route("/token", post(token))
        .route("/userinfo", get(user_info))
        .route("/introspect", post(introspect))
        .with_state(state)
}

async fn discovery(Extract(state): Shared) -> Response {
    let at = |path: &str| format!("{}{path}", state.issuer);
    let document = json!({
        "issuer": state.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/keys"),
        "introspection_endpoint": at("/introspect"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "scopes_supported": ["openid", "email"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    });
    answer(&state, Endpoint::Discovery, Json(document)).await
}

async fn keys(Extract(state): Shared) -> Response {
    let keys = json!({ "keys": [state.key.lock().public()] });
    answer(&state, Endpoint::Keys, Json(keys)).await
}

async fn sign_in_page(
    Extract(state): Shared,
    Query(request): Query<AuthorizationRequest>,
    RawQuery(query): RawQuery,
) -> Response {
    match state.problem_with(&request) {
        Some(problem) => (StatusCode::BAD_REQUEST, problem).into_response(),
        None => Html(page::sign_in(&request.client_id, &query.unwrap_or_default())).into_response(),
    }
}

/// What the page's form holds.
#[derive(Deserialize)]
struct SignedIn {
    #[serde(default)]
    email: String,
    verified: Option<String>,
    answer: Option<String>,
}

async fn signed_in(
    Extract(state): Shared,
    Query(request): Query<AuthorizationRequest>,
    Form(form): Form<SignedIn>,
) -> Response {
    let is_cancelled = form.answer.as_deref() == Some("no");
    let there = match (state.problem_with(&request), is_cancelled) {
        (Some(problem), _) => Err(problem.to_owned()),
        (None, true) => state.way_back(&request, "error", "access_denied"),
        (None, false) if !form.email.contains('@') => Err("that is no address".to_owned()),
        (None, false) => {
            state.sign_in(&request, Account::new(form.email.trim(), form.verified.is_some()))
        }
    };
    match there {
        Ok(url) => Redirect::to(url.as_str()).into_response(),
        Err(problem) => (StatusCode::BAD_REQUEST, problem).into_response(),
    }
}

async fn token(Extract(state): Shared, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    let answered = match tokens(&state, &headers, &fields) {
        Ok(tokens) => Json(tokens).into_response(),
        Err((status, code)) => (status, Json(json!({ "error": code }))).into_response(),
    };
    answer(&state, Endpoint::Token, answered).await
}

/// RFC 6749 sections 4.1.3 and 5.
fn tokens(
    state: &State,
    headers: &HeaderMap,
    fields: &Fields,
) -> Result<Value, (StatusCode, &'static str)> {
    let field = |name: &str| fields.get(name).map(String::as_str);
    if !is_client(state, headers, fields) {
        return Err((StatusCode::UNAUTHORIZED, "invalid_client"));
    }
    if field("grant_type") != Some("authorization_code") {
        return Err((StatusCode::BAD_REQUEST, "unsupported_grant_type"));
    }
    let wrong = (StatusCode::BAD_REQUEST, "invalid_grant");
    let mut grants = state.grants.lock();
    let grant = field("code").and_then(|code| grants.use_code(code)).ok_or(wrong)?;
    let is_of_this_browser = field("redirect_uri") == Some(&*grant.request.redirect_uri)
        && grant.is_verified_by(field("code_verifier"));
    if !is_of_this_browser {
        return Err(wrong);
    }
    let access_token = grants.new_access_token(grant.account.clone());
    let mut tokens = json!({ "token_type": "Bearer", "expires_in": 3600 });
    if grant.wants_id_token() {
        let about = About {
            issuer: &state.issuer,
            client_id: &state.client.id,
            account: &grant.account,
            nonce: grant.request.nonce.as_deref(),
            access_token: Some(&access_token),
        };
        let fault = match state.fault() {
            Some(Fault::IdToken(fault)) => Some(fault),
            _ => None,
        };
        let id_token = state.key.lock().id_token(&about, fault);
        let failed = |_| (StatusCode::INTERNAL_SERVER_ERROR, "server_error");
        tokens["id_token"] = id_token.map_err(failed)?.into();
    }
    tokens["access_token"] = access_token.into();
    Ok(tokens)
}

/// Whether id and secret are right, in the header or in the form (RFC 6749 section 2.3.1).
fn is_client(state: &State, headers: &HeaderMap, fields: &Fields) -> bool {
    let client = &state.client;
    let in_form = || {
        fields.get("client_id") == Some(&client.id)
            && fields.get("client_secret") == Some(&client.secret)
    };
    let Some(basic) = headers.get(header::AUTHORIZATION) else { return in_form() };
    let pair = basic.to_str().ok().and_then(|value| value.strip_prefix("Basic "));
    let pair = pair.and_then(|pair| BASE64_STANDARD.decode(pair).ok()).unwrap_or_default();
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    let encoded: (String, String) = (encode(&client.id), encode(&client.secret));
    pair == format!("{}:{}", encoded.0, encoded.1).into_bytes()
}

async fn user_info(Extract(state): Shared, headers: HeaderMap) -> Response {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let account = state.grants.lock().account_of(token);
    let answered = match account {
        Some(account) => Json(account.claims()).into_response(),
        None => {
            (StatusCode::UNAUTHORIZED, Json(json!({ "error": "invalid_token" }))).into_response()
        }
    };
    answer(&state, Endpoint::UserInfo, answered).await
}

/// RFC 7662
async fn introspect(
    Extract(state): Shared,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    if !is_client(&state, &headers, &fields) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let token = fields.get("token").map(String::as_str).unwrap_or_default();
    Json(match state.grants.lock().account_of(token) {
        Some(account) => {
            json!({ "active": true, "client_id": state.client.id, "sub": account.sub })
        }
        None => json!({ "active": false }),
    })
    .into_response()
}

/// An answer, or what goes wrong in its place.
async fn answer(state: &State, endpoint: Endpoint, good: impl IntoResponse) -> Response {
    let fault = state.fault().filter(|fault| fault.endpoint() == Some(endpoint));
    match fault {
        Some(Fault::Late(_, time)) => {
            tokio::time::sleep(time).await;
            good.into_response()
        }
        Some(Fault::Status(_, status)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            (status, Html("<h1>Sorry</h1>")).into_response()
        }
        Some(Fault::Nonsense(_)) => Html("<h1>Welcome</h1>").into_response(),
        Some(Fault::Huge(_, bytes)) => {
            let chunk = Bytes::from(vec![b' '; 64 * 1024]);
            let chunks =
                (0..bytes.div_ceil(chunk.len())).map(move |_| Ok::<_, io::Error>(chunk.clone()));
            Body::from_stream(stream::iter(chunks)).into_response()
        }
        Some(Fault::IdToken(_)) | None => good.into_response(),
    }
}
