//! An application, and one address that arrives at it by its routes.

use std::sync::atomic::{AtomicU32, Ordering};

use auth_core::{
    AppInfo, Auth, Context, Result,
    delivery::Email,
    protocol::{
        LoginMethod, RecipeId, RecipeUserId, User, UserId,
        accountlinking::{CreatePrimaryUserResponse, LinkAccountsResponse},
        user::ListUsersByAccountInfo,
    },
    recipes::{
        accountlinking::{AccountLinkingRecipe, LinkAccountsInput},
        emailpassword::EmailPasswordRecipe,
        emailverification::{
            CreateEmailVerificationTokenOutcome, EmailVerificationMode, EmailVerificationRecipe,
        },
        passwordless::{ContactMethod, FlowType, PasswordlessLoginEmail, PasswordlessRecipe},
        session::{NewSessionInput, SessionRecipe},
        thirdparty::{
            ClientConfig, Email as GivenEmail, GetUserInfoInput, Identity,
            ManuallyCreateOrUpdateUserInput, ProviderConfig, ProviderFunctions, ProviderInput,
            ProviderOverride, ThirdPartyRecipe,
        },
    },
};
use auth_engine::Engine;
use http::Method;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use super::table::{Arrival, First, Outcome, Policy};
use crate::harness::{Answer, App, Mailbox, PASSWORD, form};

/// A provider whose access tokens are what it says of an account: the address, and whether it is
/// verified.
struct Social;

impl ProviderOverride for Social {
    async fn get_user_info(
        &self,
        _original: &ProviderFunctions,
        _cx: &Context,
        input: GetUserInfoInput,
    ) -> Result<Identity> {
        let said = input.oauth_tokens.access_token().expect("a token").to_owned();
        let (address, verified) = said.split_once(' ').expect("two parts");
        let email = GivenEmail::new(address, verified == "verified");
        Ok(Identity::new("social", address, input.oauth_tokens).email(email))
    }
}

/// The session that a request comes with: the one of the oldest user with the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Session {
    None,
    /// There, but `shouldTryLinkingWithSessionUser` is false.
    NotWanted,
    /// With `shouldTryLinkingWithSessionUser`.
    Wanted,
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

fn another_address() -> String {
    format!("ada{}@example.com", NUMBER.fetch_add(1, Ordering::Relaxed))
}

pub(super) struct World {
    engine: Engine,
    policy: Policy,
    app: App,
    mails: UnboundedReceiver<Email>,
    /// Nobody else's, as worlds share an engine.
    address: String,
}

async fn app(engine: &Engine, policy: Policy, mailbox: Mailbox) -> App {
    let at = |path: &str| format!("https://social.example/{path}");
    let social = ProviderConfig::new("social")
        .endpoints(at("authorize"), at("token"), at("user"))
        .client(ClientConfig::new("shop").client_secret("kJ3w9s"));
    let social = ProviderInput::new(social).override_functions(Social);
    let codes = PasswordlessRecipe::new(ContactMethod::Email, FlowType::UserInputCode);
    let linking = AccountLinkingRecipe::new()
        .should_do_automatic_account_linking(move |_, _| async move { Ok(policy.answer()) });
    let info = AppInfo::new("App", "https://api.example.com", "https://example.com");
    let auth = Auth::builder(info)
        .core(engine.clone())
        .recipe(SessionRecipe::new())
        .recipe(
            EmailPasswordRecipe::new()
                .email_delivery(mailbox.clone())
                .password_changed_mails(false),
        )
        .recipe(codes.email_delivery(mailbox))
        .recipe(EmailVerificationRecipe::new(EmailVerificationMode::Optional))
        .recipe(ThirdPartyRecipe::new().provider(social))
        .recipe(linking);
    App(auth.build().await.expect("a valid configuration"))
}

impl World {
    pub(super) async fn new(engine: &Engine, policy: Policy) -> Self {
        let (mailbox, mails) = Mailbox::new();
        let app = app(engine, policy, mailbox).await;
        Self { engine: engine.clone(), policy, app, mails, address: another_address() }
    }

    /// An address that nobody has.
    pub(super) fn take_another_address(&mut self) {
        self.address = another_address();
    }

    fn auth(&self) -> &Auth {
        &self.app.0
    }

    /// The users that have the address, oldest first.
    async fn users(&self) -> Vec<User> {
        let email = Some(self.address.clone());
        let info = ListUsersByAccountInfo { email, ..Default::default() };
        self.auth().list_users_by_account_info(info).await.expect("listed")
    }

    async fn user(&self, id: &UserId) -> User {
        self.auth().get_user(id).await.expect("answered").expect("a user")
    }

    /// Brings about what is there first.
    pub(super) async fn begin(&mut self, first: First) {
        let arrivals: &[Arrival] = match first {
            First::Nothing => &[],
            First::Password => &[Arrival::SignUp],
            First::PasswordProved => &[Arrival::SignUp, Arrival::Link],
            First::Third => &[Arrival::Third],
            First::ThirdProved => &[Arrival::ThirdProved],
            First::Code => &[Arrival::Code],
            First::TwoUnproved => return self.begin_with_two(false).await,
            First::Two => return self.begin_with_two(true).await,
        };
        for arrival in arrivals {
            self.arrive(*arrival, Session::None).await;
        }
    }

    /// By the application's own code, whatever the policy is.
    async fn begin_with_two(&mut self, proved: bool) {
        self.arrive(Arrival::SignUp, Session::None).await;
        if proved {
            self.arrive(Arrival::Link, Session::None).await;
        }
        let linking = self.auth().accountlinking().expect("always there");
        let password = self.users().await.remove(0).login_methods.remove(0).recipe_user_id;
        let primary = linking.create_primary_user(&password).await.expect("answered");
        let CreatePrimaryUserResponse::Ok { user, .. } = primary else { panic!("{primary:?}") };
        let third = self.auth().thirdparty().expect("in the list");
        let account =
            ManuallyCreateOrUpdateUserInput::new("social", &*self.address, &*self.address);
        let account = account.is_verified(proved);
        third.manually_create_or_update_user(account).await.expect("answered");
        for other in self.users().await.iter().filter(|other| other.id != user.id) {
            let method = &other.login_methods[0].recipe_user_id;
            let input = LinkAccountsInput::new(method, &user.id);
            let outcome = linking.link_accounts(input).await.expect("answered");
            assert!(matches!(outcome, LinkAccountsResponse::Ok { .. }), "{outcome:?}");
        }
        assert_eq!(self.user(&user.id).await.login_methods.len(), 2);
    }

    /// Plays one arrival, and says what became of it.
    pub(super) async fn arrive(&mut self, arrival: Arrival, session: Session) -> Outcome {
        let before = self.users().await;
        let token = match before.first().filter(|_| session != Session::None) {
            Some(user) => Some(self.session_of(&user.login_methods[0].recipe_user_id).await),
            None => None,
        };
        let request = Sent { token, wanted: session == Session::Wanted };
        let (email, path) = (self.address.clone(), "/auth/signinup");
        let answer = match arrival {
            Arrival::SignUp => self.post(&request, "/auth/signup", form(&email, PASSWORD)).await,
            Arrival::SignIn => self.post(&request, "/auth/signin", form(&email, PASSWORD)).await,
            Arrival::ThirdProved | Arrival::Third => {
                let word = if arrival == Arrival::Third { "said" } else { "verified" };
                let tokens = json!({ "access_token": format!("{email} {word}") });
                let body = json!({ "thirdPartyId": "social", "oAuthTokens": tokens });
                self.post(&request, path, body).await
            }
            Arrival::Code => self.code(&request).await,
            Arrival::Link => return self.link(&request, &before).await,
            Arrival::Reset => return self.reset(&request, &before).await,
        };
        self.outcome(&answer, &before).await
    }

    async fn session_of(&self, id: &RecipeUserId) -> String {
        let sessions = self.auth().session().expect("in the list");
        let input = NewSessionInput::new(id).disable_anti_csrf(true);
        let session = sessions.create_new_session_without_request_response(input).await;
        session.expect("started").get_access_token().expose_secret().to_owned()
    }

    async fn post(&self, request: &Sent, path: &str, mut body: Value) -> Answer {
        let bearer = request.token.as_ref().map(|token| format!("Bearer {token}"));
        body["shouldTryLinkingWithSessionUser"] = json!(request.wanted && bearer.is_some());
        let mut headers = vec![("st-auth-mode", "header")];
        headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
        let answer = self.app.send(Method::POST, path, &headers, body.to_string()).await;
        answer.expect("a route")
    }

    /// Asks for a code and types it in; the answer that was the last.
    async fn code(&mut self, request: &Sent) -> Answer {
        let ask = json!({ "email": self.address });
        let answer = self.post(request, "/auth/signinup/code", ask).await;
        if answer.0.status != 200 || answer.json()["status"] != "OK" {
            return answer;
        }
        let device = answer.json();
        let mail = self.mails.recv().await.expect("a mail");
        let login = &mail.get::<PasswordlessLoginEmail>().expect("a code").login;
        let proof = json!({
            "preAuthSessionId": device["preAuthSessionId"],
            "deviceId": device["deviceId"],
            "userInputCode": login.user_input_code.as_ref().expect("a code").expose_secret(),
        });
        self.post(request, "/auth/signinup/code/consume", proof).await
    }

    /// Follows the link that was mailed for an account that hasn't proved the address, for the one with
    /// a password where there are two.
    async fn link(&self, request: &Sent, before: &[User]) -> Outcome {
        let methods = before.iter().flat_map(|user| &user.login_methods);
        let unproved = methods.filter(|method| !method.verified);
        let Some(method) = unproved.min_by_key(|it| it.recipe_id != RecipeId::EmailPassword) else {
            return Outcome::NoMail;
        };
        let functions = self.auth().emailverification().expect("in the list");
        let id = &method.recipe_user_id;
        let made = functions.create_email_verification_token(id).await.expect("answered");
        let CreateEmailVerificationTokenOutcome::Ok(token) = made else { panic!("{made:?}") };
        let body = json!({ "token": token.expose_secret() });
        let answer = self.post(request, "/auth/user/email/verify", body).await;
        assert_eq!(answer.json()["status"], "OK", "{}", answer.json());
        let user = self.user(&UserId::from(id.clone())).await;
        assert!(user.login_method(id).is_some_and(|method| method.verified), "{user:?}");
        where_it_is(id, &user, before)
    }

    /// Asks for a reset and follows the link, where one comes.
    async fn reset(&self, request: &Sent, before: &[User]) -> Outcome {
        // That no mail comes is known when the application that would send it is gone, with its end
        // of the mailbox.
        let (mailbox, mut mails) = Mailbox::new();
        let sender = app(&self.engine, self.policy, mailbox).await;
        let ask = json!({ "formFields": [{ "id": "email", "value": self.address }] });
        let answer = sender.post("/auth/user/password/reset/token", &ask).await;
        drop(sender);
        if answer.json()["status"] == "PASSWORD_RESET_NOT_ALLOWED" {
            return Outcome::Refused;
        }
        let Some(mail) = mails.recv().await else { return Outcome::NoMail };
        let link = mail.link().expect("a link").expose_secret();
        let token = link.split_once("token=").and_then(|(_, rest)| rest.split('&').next());
        let fields = json!([{ "id": "password", "value": PASSWORD }]);
        let body = json!({ "formFields": fields, "token": token });
        let answer = self.post(request, "/auth/user/password/reset", body).await;
        assert_eq!(answer.json()["status"], "OK", "{}", answer.json());
        let users = self.users().await;
        let has_password = |method: &&LoginMethod| method.recipe_id == RecipeId::EmailPassword;
        let mut found = users.iter().filter_map(|user| {
            user.login_methods.iter().find(has_password).map(|method| (user, method))
        });
        let (user, method) = found.next().expect("a password");
        where_it_is(&method.recipe_user_id, user, before)
    }

    async fn outcome(&self, answer: &Answer, before: &[User]) -> Outcome {
        let body = answer.json();
        let status = body["status"].as_str().unwrap_or_default();
        match (answer.0.status.as_u16(), status) {
            (200, "OK") => {
                let id = UserId::new(body["user"]["id"].as_str().expect("an id"));
                let user = self.user(&id).await;
                let methods = before.iter().flat_map(|user| &user.login_methods);
                let known: Vec<_> = methods.map(|method| &method.recipe_user_id).collect();
                let new = user.login_methods.iter().find(|it| !known.contains(&&it.recipe_user_id));
                match new {
                    Some(new) => where_it_is(&new.recipe_user_id, &user, before),
                    None => Outcome::Known,
                }
            }
            (200, "SIGN_UP_NOT_ALLOWED" | "SIGN_IN_NOT_ALLOWED" | "SIGN_IN_UP_NOT_ALLOWED") => {
                match body.get("confirmWith") {
                    Some(_) => Outcome::Confirm,
                    None => Outcome::Refused,
                }
            }
            (200, "FIELD_ERROR") => Outcome::Exists,
            (200, "WRONG_CREDENTIALS_ERROR") => Outcome::Wrong,
            (400, _) => Outcome::NotLinked,
            (403, _) => Outcome::ProveFirst,
            _ => panic!("{}: {body}", answer.0.status),
        }
    }
}

/// What a request comes with.
struct Sent {
    token: Option<String>,
    wanted: bool,
}

/// Whose a login method is, of the users that were there before.
fn where_it_is(id: &RecipeUserId, user: &User, before: &[User]) -> Outcome {
    let was_there = |it: &&User| it.login_method(id).is_some();
    if before.iter().any(|user| was_there(&user)) {
        return Outcome::Known;
    }
    let mut others = user.login_methods.iter().filter(|method| method.recipe_user_id != *id);
    if others.next().is_some() { Outcome::Linked } else { Outcome::Own }
}
