//! Every subset of the recipes works, or is refused at the start with the lines to add: none of
//! them fails at a request, when a user is made already.

use auth_core::{
    AppInfo, Auth, AuthBuilder, BuildError, Context, Request,
    core::{EngineConfig, PasswordHashingConfig, SigningAlgorithm},
    delivery::Email,
    protocol::RecipeUserId,
    recipes::{
        accountlinking::AccountLinkingRecipe,
        emailpassword::EmailPasswordRecipe,
        jwt::JwtRecipe,
        multifactorauth::MultiFactorAuthRecipe,
        openid::OpenIdRecipe,
        passwordless::{ContactMethod, FlowType, PasswordlessRecipe},
        recoverycode::RecoveryCodeRecipe,
        session::{SessionOptions, SessionRecipe},
        totp::TotpRecipe,
        usermetadata::UserMetadataRecipe,
        userroles::UserRolesRecipe,
    },
};
use auth_engine::Engine;
use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::harness::{App, Mailbox, PASSWORD, form};

/// Its name, and what it can't do without.
const RECIPES: [(&str, &[&str]); 11] = [
    ("SessionRecipe", &[]),
    ("EmailPasswordRecipe", &["SessionRecipe"]),
    ("PasswordlessRecipe", &["SessionRecipe"]),
    ("MultiFactorAuthRecipe", &["SessionRecipe"]),
    ("TotpRecipe", &["SessionRecipe", "MultiFactorAuthRecipe"]),
    ("RecoveryCodeRecipe", &["SessionRecipe", "MultiFactorAuthRecipe"]),
    ("UserRolesRecipe", &[]),
    ("UserMetadataRecipe", &[]),
    ("AccountLinkingRecipe", &[]),
    ("JwtRecipe", &[]),
    ("OpenIdRecipe", &[]),
];

fn add(builder: AuthBuilder, name: &str, mailbox: &mut Option<Mailbox>) -> AuthBuilder {
    match name {
        "SessionRecipe" => builder.recipe(SessionRecipe::new()),
        "EmailPasswordRecipe" => builder.recipe(EmailPasswordRecipe::new()),
        "PasswordlessRecipe" => {
            let recipe = PasswordlessRecipe::new(ContactMethod::Email, FlowType::UserInputCode);
            builder.recipe(recipe.email_delivery(mailbox.take().unwrap()))
        }
        "MultiFactorAuthRecipe" => builder.recipe(MultiFactorAuthRecipe::new()),
        "TotpRecipe" => builder.recipe(TotpRecipe::new()),
        "RecoveryCodeRecipe" => builder.recipe(RecoveryCodeRecipe::new()),
        "UserRolesRecipe" => builder.recipe(UserRolesRecipe::new()),
        "UserMetadataRecipe" => builder.recipe(UserMetadataRecipe::new()),
        "AccountLinkingRecipe" => builder.recipe(AccountLinkingRecipe::new()),
        "JwtRecipe" => builder.recipe(JwtRecipe::new()),
        "OpenIdRecipe" => builder.recipe(OpenIdRecipe::new()),
        other => panic!("{other}"),
    }
}

/// Every route that there is. Those that a subset doesn't serve are the application's.
const ROUTES: [(&str, &str); 25] = [
    ("POST", "/auth/signup"),
    ("POST", "/auth/signin"),
    ("POST", "/auth/user/password/reset/token"),
    ("POST", "/auth/user/password/reset"),
    ("POST", "/auth/user/password/change"),
    ("GET", "/auth/emailpassword/email/exists"),
    ("POST", "/auth/signinup/code"),
    ("POST", "/auth/signinup/code/resend"),
    ("POST", "/auth/signinup/code/consume"),
    ("GET", "/auth/passwordless/email/exists"),
    ("GET", "/auth/passwordless/phonenumber/exists"),
    ("POST", "/auth/session/refresh"),
    ("POST", "/auth/session/others/revoke"),
    ("POST", "/auth/signout"),
    ("PUT", "/auth/mfa/info"),
    ("POST", "/auth/totp/device"),
    ("GET", "/auth/totp/device/list"),
    ("POST", "/auth/totp/device/remove"),
    ("POST", "/auth/totp/device/verify"),
    ("POST", "/auth/totp/verify"),
    ("POST", "/auth/recoverycode/generate"),
    ("POST", "/auth/recoverycode/consume"),
    ("GET", "/auth/recoverycode/count"),
    ("GET", "/auth/jwt/jwks.json"),
    ("GET", "/auth/.well-known/openid-configuration"),
];

struct Subset {
    names: Vec<&'static str>,
    app: App,
    mails: UnboundedReceiver<Email>,
    /// Nobody else's.
    email: String,
}

impl Subset {
    fn has(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    async fn send(&self, method: &str, path: &str, token: Option<&str>, body: &Value) -> Value {
        let method = method.parse::<Method>().unwrap();
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut headers = vec![("st-auth-mode", "header")];
        headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
        let names = &self.names;
        let answer = self.app.send(method, path, &headers, body.to_string()).await;
        let answer = answer.unwrap_or_else(|| panic!("{names:?}: no route {path}"));
        let status = answer.0.status.as_u16();
        assert!(status < 500, "{names:?}: {path} answers {status}");
        json!({ "body": answer.json(), "token": answer.header("st-access-token") })
    }

    /// As [`Self::send`], where the answer must be good; gives its session, too.
    async fn good(&self, method: &str, path: &str, token: Option<&str>, body: &Value) -> Value {
        let answer = self.send(method, path, token, body).await;
        assert_eq!(answer["body"]["status"], "OK", "{:?}: {path} {answer}", self.names);
        answer
    }

    async fn every_route_answers(&self) {
        for (method, path) in ROUTES {
            let is_ours = self.app.0.route(&method.parse().unwrap(), path, None).is_some();
            if is_ours {
                self.send(method, path, None, &json!({})).await;
                // Somebody else's: where it is a sign-up, it succeeds.
                let form = form(&format!("form-{}", self.email), "wrong1234");
                self.send(method, path, None, &form).await;
            }
        }
    }

    /// An access token by each way in.
    async fn sign_in(&mut self) -> Vec<String> {
        let mut tokens = Vec::new();
        let mut keep = |answer: Value| tokens.push(answer["token"].as_str().unwrap().to_owned());
        if self.has("EmailPasswordRecipe") {
            let form = form(&self.email, PASSWORD);
            keep(self.good("POST", "/auth/signup", None, &form).await);
            keep(self.good("POST", "/auth/signin", None, &form).await);
        }
        if self.has("PasswordlessRecipe") {
            let contact = json!({ "email": format!("code-{}", self.email) });
            let device = self.good("POST", "/auth/signinup/code", None, &contact).await;
            let mail = self.mails.recv().await.unwrap();
            let proof = json!({
                "preAuthSessionId": device["body"]["preAuthSessionId"],
                "deviceId": device["body"]["deviceId"],
                "userInputCode": mail.user_input_code().unwrap().expose_secret(),
            });
            keep(self.good("POST", "/auth/signinup/code/consume", None, &proof).await);
        }
        // A session of the application's own user; factors are those of a user whom the core knows
        // (FDI §6.5).
        if self.has("SessionRecipe") && !self.has("MultiFactorAuthRecipe") {
            let user = RecipeUserId::new(&*self.email);
            let sessions = self.app.0.session().unwrap();
            let session = sessions.create_new_session(user).await.unwrap();
            tokens.push(session.get_access_token().expose_secret().to_owned());
        }
        tokens
    }

    /// What a signed-in user does: none of it fails for want of a recipe.
    async fn use_session(&self, token: &str) {
        let auth = &self.app.0;
        let mut headers = HeaderMap::new();
        let bearer = HeaderValue::try_from(format!("Bearer {token}")).unwrap();
        headers.insert("authorization", bearer);
        let cx = Context::for_request(auth.clone(), Request::new(Method::GET, "/", &headers));
        let session = cx.require_session(&SessionOptions::new()).await.unwrap();
        let payload = session.get_access_token_payload();
        assert_eq!(payload.contains_key("st-role"), self.has("UserRolesRecipe"));
        assert_eq!(payload.contains_key("st-mfa"), self.has("MultiFactorAuthRecipe"));
        for (method, path) in ROUTES {
            let is_ours = auth.route(&method.parse().unwrap(), path, None).is_some();
            // Neither this session nor those that come next may end yet.
            let ends_sessions = path.ends_with("/signout") || path.ends_with("/others/revoke");
            if is_ours && !ends_sessions {
                self.send(method, path, Some(token), &json!({})).await;
            }
        }
        self.good("POST", "/auth/signout", Some(token), &json!({})).await;
    }

    async fn works(&mut self) {
        self.every_route_answers().await;
        for token in self.sign_in().await {
            self.use_session(&token).await;
        }
    }
}

/// Cheap, because hundreds of applications share it.
async fn engine() -> Engine {
    let hashing = PasswordHashingConfig { memory_kib: 8, iterations: 1, ..Default::default() };
    let config = EngineConfig::in_memory()
        .password_hashing(hashing)
        .signing_algorithm(SigningAlgorithm::EdDsa);
    Engine::open(config).await.unwrap()
}

#[tokio::test]
async fn every_subset_of_the_recipes_works_or_is_refused_at_the_start_with_the_lines_to_add() {
    let engine = engine().await;
    let info = AppInfo::new("App", "https://api.example.com", "https://example.com");
    let (mut works, mut refused) = (0, 0);
    for subset in 1_u32..1 << RECIPES.len() {
        let chosen = |index: &usize| subset >> index & 1 == 1;
        let chosen: Vec<_> = (0..RECIPES.len()).filter(chosen).map(|it| RECIPES[it]).collect();
        let names: Vec<&str> = chosen.iter().map(|(name, _)| *name).collect();
        let (mailbox, mails) = Mailbox::new();
        let mut mailbox = Some(mailbox);
        let builder =
            names.iter().fold(Auth::builder(info.clone()).core(engine.clone()), |builder, name| {
                add(builder, name, &mut mailbox)
            });
        let missing = |name: &str| {
            !names.contains(&name) && chosen.iter().any(|(_, needs)| needs.contains(&name))
        };
        let missing: Vec<&str> =
            RECIPES.iter().map(|(name, _)| *name).filter(|name| missing(name)).collect();
        match builder.build().await {
            Ok(auth) if missing.is_empty() => {
                let email = format!("{subset}@example.com");
                Subset { names, app: App(auth), mails, email }.works().await;
                works += 1;
            }
            Err(BuildError::Config(error)) if !missing.is_empty() => {
                let text = error.to_string();
                for (name, _) in RECIPES {
                    let is_named = text.contains(&format!("`.recipe({name}::new())`"));
                    assert_eq!(is_named, missing.contains(&name), "{names:?}: {text}");
                }
                refused += 1;
            }
            other => panic!("{names:?}, without {missing:?}: {other:?}"),
        }
    }
    assert_eq!((works, refused), (40 * 16 + 2 * 16 - 1, 2048 - 42 * 16));
}
