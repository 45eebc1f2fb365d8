//! A provider's part played as its row in `rows` says, strictly: what the provider wouldn't take,
//! the stub doesn't take.

use std::{
    sync::{Arc, LazyLock, Mutex},
    time::{SystemTime, UNIX_EPOCH},
};

use auth_jwt::{Algorithm, Header, SigningKey};
use auth_providers::{
    AuthorizationReturn, ClientConfig, Identity, Provider, ProviderConfig, ProviderError, Tokens,
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde_json::{Map, Value, json};
use url::Url;

use crate::stub::{Answer, Request, Stub, json, pairs};

pub(crate) const CLIENT_ID: &str = "client-1";
pub(crate) const CLIENT_SECRET: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const CODE: &str = "code/1 é";
pub(crate) const ACCESS_TOKEN: &str = "access-token-1";
pub(crate) const REDIRECT_URI: &str = "https://shop.example/auth/callback/it?a=b c";

pub(crate) static KEY: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate(Algorithm::Rs256).unwrap());

/// How the client proves itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Auth {
    Basic,
    Post,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pkce {
    /// A token request without it is refused.
    Must,
    Takes,
    /// An unknown parameter is refused.
    No,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignedBy {
    Key,
    Secret,
}

/// What a call must have.
#[derive(Clone)]
pub(crate) enum Need {
    Bearer,
    Header(&'static str, &'static str),
    NoHeader(&'static str),
    Query(&'static str, &'static str),
    Form(&'static str, &'static str),
    NoBody,
    Json(Value),
}

#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) url: &'static str,
    pub(crate) needs: Vec<Need>,
    pub(crate) answer: Value,
}

/// A provider, as its documentation has it.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) id: &'static str,
    pub(crate) additional: Value,
    pub(crate) authorize: &'static str,
    pub(crate) scope: Option<&'static str>,
    pub(crate) extra: &'static [(&'static str, &'static str)],
    pub(crate) client_id_name: &'static str,
    pub(crate) token: &'static str,
    pub(crate) auth: Auth,
    pub(crate) pkce: Pkce,
    /// What comes back with the browser beside the code, and must reach the token endpoint.
    pub(crate) returned: &'static [(&'static str, &'static str)],
    pub(crate) token_answer: Value,
    pub(crate) discovery: Option<(&'static str, Value)>,
    /// Claims beside the usual ones, and who signs.
    pub(crate) id_token: Option<(&'static str, Value, SignedBy)>,
    pub(crate) calls: Vec<Call>,
    pub(crate) user_id: &'static str,
    pub(crate) email: Option<(&'static str, bool)>,
    pub(crate) fake: bool,
}

impl Row {
    pub(crate) fn new(id: &'static str) -> Self {
        Self {
            id,
            additional: json!({}),
            authorize: "",
            scope: None,
            extra: &[],
            client_id_name: "client_id",
            token: "",
            auth: Auth::Post,
            pkce: Pkce::No,
            returned: &[],
            token_answer: json!({}),
            discovery: None,
            id_token: None,
            calls: Vec::new(),
            user_id: "",
            email: None,
            fake: false,
        }
    }

    pub(crate) fn call(
        mut self,
        method: &'static str,
        url: &'static str,
        needs: Vec<Need>,
        answer: Value,
    ) -> Self {
        self.calls.push(Call { method, url, needs, answer });
        self
    }

    /// A discovery document at the usual place of an issuer.
    pub(crate) fn discovered(mut self, at: &'static str, issuer: &str, more: &Value) -> Self {
        let mut document = json!({
            "issuer": issuer,
            "authorization_endpoint": self.authorize,
            "token_endpoint": self.token,
            "jwks_uri": format!("{}/keys", at.trim_end_matches("/.well-known/openid-configuration")),
            "id_token_signing_alg_values_supported": ["RS256"],
        });
        document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.discovery = Some((at, document));
        self
    }

    pub(crate) fn jwks_uri(&self) -> Option<String> {
        Some(self.discovery.as_ref()?.1.get("jwks_uri")?.as_str()?.to_owned())
    }

    pub(crate) fn config(&self) -> ProviderConfig {
        let client = ClientConfig::new(CLIENT_ID).client_secret(CLIENT_SECRET);
        let additional = self.additional.as_object().unwrap().clone();
        let client =
            additional.into_iter().fold(client, |it, (name, value)| it.additional(name, value));
        ProviderConfig::new(self.id).client(client)
    }

    fn hosts(&self) -> Vec<String> {
        let mut urls: Vec<String> = vec![self.authorize.to_owned(), self.token.to_owned()];
        urls.extend(self.calls.iter().map(|call| call.url.to_owned()));
        urls.extend(self.discovery.iter().map(|(at, _)| (*at).to_owned()));
        urls.extend(self.jwks_uri());
        let host = |url: &String| Url::parse(url).unwrap().host_str().unwrap().to_owned();
        urls.iter().map(host).collect()
    }
}

/// What the provider remembers of an authorization.
#[derive(Clone, Default)]
pub(crate) struct Authorization {
    challenge: Option<String>,
    nonce: Option<String>,
}

/// Changes an answer; `None` leaves it.
type Twist = dyn Fn(&Request) -> Option<Answer> + Send + Sync;

/// A provider that plays its row.
pub(crate) struct Played {
    pub(crate) row: Row,
    pub(crate) stub: Stub,
    authorization: Arc<Mutex<Authorization>>,
}

impl Played {
    pub(crate) async fn start(row: Row) -> Self {
        Self::twisted(row, |_| None).await
    }

    /// Plays its row but where the twist says otherwise.
    pub(crate) async fn twisted(
        row: Row,
        twist: impl Fn(&Request) -> Option<Answer> + Send + Sync + 'static,
    ) -> Self {
        let authorization: Arc<Mutex<Authorization>> = Arc::default();
        let hosts = row.hosts();
        let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
        let (played, remembered) = (row.clone(), authorization.clone());
        let twist: Arc<Twist> = Arc::new(twist);
        let stub = Stub::start(&hosts, move |request| {
            twist(request).unwrap_or_else(|| answer(&played, &remembered.lock().unwrap(), request))
        })
        .await;
        Self { row, stub, authorization }
    }

    pub(crate) fn provider(&self) -> Provider {
        self.stub.providers(self.row.config()).provider(self.row.id, None).unwrap()
    }

    /// The browser goes to the provider, and comes back.
    pub(crate) async fn authorize(
        &self,
        provider: &Provider,
    ) -> Result<AuthorizationReturn, ProviderError> {
        let there = provider.authorization_url(REDIRECT_URI).await?;
        let row = &self.row;
        let (address, query) = there.url.split_once('?').unwrap();
        assert_eq!(address, row.authorize, "{}", row.id);
        assert!(!query.contains('+'), "{}: a space is %20", row.id);
        let query = pairs(query);
        let has = |name: &str| query.get(name).map(String::as_str);
        assert_eq!(has(row.client_id_name), Some(CLIENT_ID), "{}", row.id);
        assert_eq!(has("redirect_uri"), Some(REDIRECT_URI), "{}", row.id);
        assert_eq!(has("response_type"), Some("code"), "{}", row.id);
        assert_eq!(has("scope"), row.scope, "{}", row.id);
        assert_eq!(has("state"), None, "the front end adds its own");
        for (name, value) in row.extra {
            assert_eq!(has(name), Some(*value), "{}", row.id);
        }
        assert_eq!(has("code_challenge").is_some(), row.pkce != Pkce::No, "{}", row.id);
        assert_eq!(has("nonce").is_some(), row.id_token.is_some(), "{}", row.id);
        *self.authorization.lock().unwrap() = Authorization {
            challenge: query.get("code_challenge").cloned(),
            nonce: query.get("nonce").cloned(),
        };
        let mut params = vec![("code", CODE), ("state", "s-1")];
        params.extend(row.returned);
        let back = AuthorizationReturn::new(REDIRECT_URI, params);
        Ok(match there.verifier {
            Some(verifier) => back.verifier(verifier),
            None => back,
        })
    }

    pub(crate) async fn tokens(&self, provider: &Provider) -> Result<Tokens, ProviderError> {
        let back = self.authorize(provider).await?;
        provider.exchange_code(&back).await
    }

    pub(crate) async fn sign_in(&self) -> Result<Identity, ProviderError> {
        let provider = self.provider();
        let tokens = self.tokens(&provider).await?;
        provider.identity(tokens).await
    }
}

fn answer(row: &Row, authorization: &Authorization, request: &Request) -> Answer {
    let is_asked = |url: &str| request.url == url;
    if request.method == "POST" && is_asked(row.token) {
        return match token(row, authorization, request) {
            Ok(answer) => json(answer),
            Err(why) => {
                Answer::Json(400, json!({ "error": "invalid_request", "error_description": why }))
            }
        };
    }
    if let Some((at, document)) = &row.discovery {
        if is_asked(at) {
            return json(document.clone());
        }
        if row.jwks_uri().is_some_and(|uri| is_asked(&uri)) {
            return json(json!({ "keys": [KEY.public_jwk("k-1")] }));
        }
    }
    let calls = row.calls.iter().filter(|call| call.method == request.method && is_asked(call.url));
    let mut why = "not found".to_owned();
    for call in calls {
        match call.needs.iter().find_map(|need| missing(need, request)) {
            None => return json(call.answer.clone()),
            Some(missing) => why = missing,
        }
    }
    Answer::Json(403, json!({ "error": format!("refused {why}") }))
}

fn missing(need: &Need, request: &Request) -> Option<String> {
    let is = |found: Option<&str>, wanted: &str, what: &str| {
        (found != Some(wanted)).then(|| what.to_owned())
    };
    match need {
        Need::Bearer => {
            let wanted = format!("Bearer {ACCESS_TOKEN}");
            is(request.header("authorization"), &wanted, "authorization")
        }
        Need::Header(name, value) => is(request.header(name), value, name),
        Need::NoHeader(name) => request.header(name).map(|_| (*name).to_owned()),
        Need::Query(name, value) => is(request.query.get(*name).map(String::as_str), value, name),
        Need::Form(name, value) => is(request.form().get(*name).map(String::as_str), value, name),
        Need::NoBody => (!request.body.is_empty()).then(|| "body".to_owned()),
        Need::Json(value) => {
            let found: Option<Value> = serde_json::from_slice(&request.body).ok();
            (found.as_ref() != Some(value)).then(|| "json".to_owned())
        }
    }
}

fn token(row: &Row, authorization: &Authorization, request: &Request) -> Result<Value, String> {
    let form = request.form();
    let has = |name: &str| form.get(name).map(String::as_str);
    let need = |name: &str, value: &str| match has(name) == Some(value) {
        true => Ok(()),
        false => Err(format!("{name} is {:?}", has(name))),
    };
    need("grant_type", "authorization_code")?;
    need("code", CODE)?;
    need("redirect_uri", REDIRECT_URI)?;
    need(row.client_id_name, CLIENT_ID)?;
    match row.auth {
        Auth::Basic => {
            let pair = BASE64_STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}"));
            let wanted = format!("Basic {pair}");
            if request.header("authorization") != Some(&wanted) || has("client_secret").is_some() {
                return Err("the client isn't in the header alone".to_owned());
            }
        }
        Auth::Post if row.id == "apple" => apple_secret(has("client_secret").unwrap_or_default())?,
        Auth::Post => {
            need("client_secret", CLIENT_SECRET)?;
            if request.header("authorization").is_some() {
                return Err("the client is in the header".to_owned());
            }
        }
    }
    let challenge = has("code_verifier").map(|verifier| {
        assert!((43..=128).contains(&verifier.len()));
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(digest)
    });
    if row.pkce == Pkce::No && challenge.is_some() {
        return Err("code_verifier is unknown".to_owned());
    }
    if row.pkce != Pkce::No && (challenge.is_none() || challenge != authorization.challenge) {
        return Err("code_verifier is wrong".to_owned());
    }
    if row.id == "vk" {
        need("device_id", "device-1")?;
    }
    let mut answer = json!({ "access_token": ACCESS_TOKEN, "token_type": "Bearer" });
    let object = answer.as_object_mut().unwrap();
    object.extend(row.token_answer.as_object().unwrap().clone());
    if let Some((issuer, claims, signed_by)) = &row.id_token {
        let mut all = claims_of(issuer, authorization.nonce.as_deref());
        all.extend(claims.as_object().unwrap().clone());
        object.insert("id_token".to_owned(), sign(&Value::Object(all), *signed_by).into());
    }
    Ok(answer)
}

/// Apple's client secret is a token by the developer's key.
fn apple_secret(secret: &str) -> Result<(), String> {
    let keys = auth_jwt::KeySet::new(&[crate::rows::APPLE_KEY.public_jwk("key-1")]).unwrap();
    let token = auth_jwt::UnverifiedJwt::parse(secret).map_err(|error| error.to_string())?;
    let claims = token.verify(&keys).map_err(|error| error.to_string())?;
    let (iat, exp) = (claims["iat"].as_u64().unwrap(), claims["exp"].as_u64().unwrap());
    let is_good = claims["iss"] == "team-1"
        && claims["sub"] == CLIENT_ID
        && claims["aud"] == "https://appleid.apple.com"
        && iat.abs_diff(now()) < 60
        && exp > iat
        && exp - iat <= 180 * 86_400;
    if is_good { Ok(()) } else { Err("the secret isn't good".to_owned()) }
}

pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// The claims of every good id token.
pub(crate) fn claims_of(issuer: &str, nonce: Option<&str>) -> Map<String, Value> {
    let mut claims = json!({
        "iss": issuer,
        "aud": CLIENT_ID,
        "iat": now(),
        "exp": now() + 3600,
        "at_hash": at_hash(ACCESS_TOKEN),
    });
    if let Some(nonce) = nonce {
        claims["nonce"] = nonce.into();
    }
    claims.as_object().unwrap().clone()
}

pub(crate) fn at_hash(token: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(&digest.as_ref()[..16])
}

pub(crate) fn sign(claims: &Value, by: SignedBy) -> String {
    match by {
        SignedBy::Key => KEY.sign(&Header::new(Algorithm::Rs256, "k-1"), claims).unwrap(),
        SignedBy::Secret => hs256(&json!({ "alg": "HS256" }), claims, CLIENT_SECRET.as_bytes()),
    }
}

pub(crate) fn hs256(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", encode(header), encode(claims));
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret);
    let tag = aws_lc_rs::hmac::sign(&key, message.as_bytes());
    format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(tag))
}

pub(crate) fn client_tokens(tokens: Value) -> Tokens {
    Tokens::from_client(serde_json::from_value(tokens).unwrap())
}

/// An id token for every flow without a nonce.
pub(crate) fn good_token(row: &Row) -> Value {
    let (issuer, claims, _) = row.id_token.as_ref().unwrap();
    let mut all = claims_of(issuer, None);
    all.extend(claims.as_object().unwrap().clone());
    Value::Object(all)
}
