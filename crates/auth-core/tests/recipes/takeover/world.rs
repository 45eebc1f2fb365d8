//! Two people, their mailboxes and credentials, and an application that both use.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicU32, Ordering},
};

use auth_core::{
    ApiCall, AppInfo, Auth, ConfigError, Context, Recipe, RecipeConfig, Request, Setup,
    delivery::Email,
    factors::{FactorId, Factors},
    protocol::{
        LoginMethod, RecipeId, RecipeUserId, TenantId, ThirdPartyInfo, User, UserId,
        thirdparty::{ProvidedEmail, ThirdPartySignInUp, ThirdPartySignInUpResponse},
        user::ListUsersByAccountInfo,
    },
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking, NewAccountInfo},
        emailpassword::{
            CreateResetPasswordTokenInput, EmailPasswordRecipe, ResetLink, SignInOutcome,
            UpdateEmailOrPasswordInput, VerifyCredentialsInput,
        },
        emailverification::{EmailVerificationMode, EmailVerificationRecipe},
        passwordless::{ContactMethod, FlowType, PasswordlessLoginEmail, PasswordlessRecipe},
        session::{GetSessionWithoutRequestResponseInput, SessionOptions, SessionRecipe},
        sign_in::{
            PostAuth, PreAuth, SignInKind, SignInSession, link, load_session, post_auth_checks,
            pre_auth_checks,
        },
    },
};
use auth_engine::Engine;
use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::harness::{Answer, App, Mailbox, form};

/// Of the two, neither reads the other's mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    Victim,
    Attacker,
}

use Who::{Attacker, Victim};

impl Who {
    fn password(self) -> &'static str {
        match self {
            Victim => "enchantress1",
            Attacker => "burglar-tool-2",
        }
    }
}

/// Which session a step comes with: the one that was got last, or first, whatever has become of it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Browser {
    SignedOut,
    Latest,
    Oldest,
}

/// What somebody does. Addresses are named by whose they are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    SignUp(Who, Who, Browser),
    SignIn(Who, Who, Browser),
    /// By a code to one's own mailbox.
    Code(Who, Browser),
    /// By an account at a third party, which says that the address is verified only where it is one's
    /// own.
    Social {
        who: Who,
        address: Who,
        verified: bool,
        browser: Browser,
    },
    /// A new password by a link to one's own mailbox.
    Reset(Who),
    /// Has a link mailed to the address of one's session, and follows it where it is one's own.
    Verify(Who, Browser),
    /// Asks whether the session's address is verified.
    Ask(Who, Browser),
    /// Gives one's own account another address, by a route of the application.
    Change(Who, Who),
}

/// What the application says of linking.
#[derive(Clone, Copy, Debug)]
pub(super) enum Policy {
    Unset,
    No,
    Verified,
    /// Whatever is added in a session, and verified addresses otherwise.
    AnythingInSessions,
    AfterConfirmation,
    /// Whatever has the same address, which is what no application should say.
    Anything,
}

impl Policy {
    /// Those that keep people apart.
    pub(super) const ALL: [Self; 5] =
        [Self::Unset, Self::No, Self::Verified, Self::AnythingInSessions, Self::AfterConfirmation];

    fn recipe(self) -> AccountLinkingRecipe {
        let recipe = AccountLinkingRecipe::new();
        if matches!(self, Self::Unset) {
            return recipe;
        }
        recipe.should_do_automatic_account_linking(move |_, question| async move {
            Ok(match self {
                Self::Unset | Self::No => AutomaticLinking::No,
                Self::AfterConfirmation => AutomaticLinking::AfterConfirmation,
                Self::Anything => AutomaticLinking::Yes { should_require_verification: false },
                Self::Verified => AutomaticLinking::Yes { should_require_verification: true },
                Self::AnythingInSessions => AutomaticLinking::Yes {
                    should_require_verification: question.session.is_none(),
                },
            })
        })
    }
}

/// Offers third parties as first factors, as their recipe does.
struct Social;

impl RecipeConfig for Social {
    type Recipe = Self;

    fn build(self, _: &Setup<'_>) -> Result<Self, ConfigError> {
        Ok(self)
    }
}

impl Recipe for Social {
    fn id(&self) -> &'static str {
        "social"
    }

    fn factors(&self) -> Option<&dyn Factors> {
        Some(self)
    }
}

impl Factors for Social {
    fn first(&self) -> Vec<FactorId> {
        vec![FactorId::THIRD_PARTY]
    }

    fn signed_in_by(&self, method: &LoginMethod) -> Vec<FactorId> {
        let is_social = method.recipe_id == RecipeId::ThirdParty;
        is_social.then_some(FactorId::THIRD_PARTY).into_iter().collect()
    }
}

pub(super) struct World {
    app: App,
    policy: Policy,
    mails: UnboundedReceiver<Email>,
    /// So that worlds of one engine don't meet.
    number: u32,
    tokens: [Vec<String>; 2],
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

impl World {
    pub(super) async fn new(engine: &Engine, policy: Policy) -> Self {
        let (mailbox, mails) = Mailbox::new();
        let info = AppInfo::new("App", "https://api.example.com", "https://example.com");
        let verification = EmailVerificationRecipe::new(EmailVerificationMode::Optional);
        let codes = PasswordlessRecipe::new(ContactMethod::Email, FlowType::UserInputCode);
        let auth = Auth::builder(info)
            .core(engine.clone())
            .recipe(SessionRecipe::new())
            .recipe(EmailPasswordRecipe::new())
            .recipe(codes.email_delivery(mailbox.clone()))
            .recipe(verification.email_delivery(mailbox))
            .recipe(policy.recipe())
            .recipe(Social)
            .build()
            .await
            .expect("valid");
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        Self { app: App(auth), policy, mails, number, tokens: [Vec::new(), Vec::new()] }
    }

    fn auth(&self) -> &Auth {
        &self.app.0
    }

    fn address(&self, of: Who) -> String {
        match of {
            Victim => format!("ada{}@example.com", self.number),
            Attacker => format!("eve{}@example.com", self.number),
        }
    }

    pub(super) fn token(&self, who: Who, browser: Browser) -> Option<String> {
        let tokens = &self.tokens[who as usize];
        match browser {
            Browser::SignedOut => None,
            Browser::Latest => tokens.last().cloned(),
            Browser::Oldest => tokens.first().cloned(),
        }
    }

    /// Takes the token that an answer gives.
    fn keep(&mut self, who: Who, answer: &Answer) {
        let token = answer.header("st-access-token").filter(|token| !token.is_empty());
        self.tokens[who as usize].extend(token.map(str::to_owned));
    }

    async fn send(
        &mut self,
        who: Who,
        browser: Browser,
        method: Method,
        path: &str,
        mut body: Value,
    ) -> Answer {
        let bearer = self.token(who, browser).map(|token| format!("Bearer {token}"));
        body["shouldTryLinkingWithSessionUser"] = json!(bearer.is_some());
        let mut headers = vec![("st-auth-mode", "header")];
        headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
        let answer = self.app.send(method, path, &headers, body.to_string()).await;
        let answer = answer.expect("a route");
        // Without a rule of the application, to want a link is an error that says so.
        let is_told = matches!(self.policy, Policy::Unset) && bearer.is_some();
        assert!(is_told || !answer.0.status.is_server_error(), "{path}: {}", answer.json());
        self.keep(who, &answer);
        answer
    }

    async fn mail(&mut self) -> Email {
        self.mails.recv().await.expect("a mail")
    }

    pub(super) async fn take(&mut self, step: Step) {
        match step {
            Step::SignUp(who, address, browser) => {
                let form = form(&self.address(address), who.password());
                self.send(who, browser, Method::POST, "/auth/signup", form).await;
            }
            Step::SignIn(who, address, browser) => {
                let form = form(&self.address(address), who.password());
                self.send(who, browser, Method::POST, "/auth/signin", form).await;
            }
            Step::Code(who, browser) => self.code(who, browser).await,
            Step::Social { who, address, verified, browser } => {
                let verified = verified && who == address;
                if let Some(token) = self.social(who, address, verified, browser).await {
                    self.tokens[who as usize].push(token);
                }
            }
            Step::Reset(who) => self.reset(who).await,
            Step::Verify(who, browser) => self.verify(who, browser).await,
            Step::Ask(who, browser) => {
                if self.token(who, browser).is_some() {
                    let path = "/auth/user/email/verify";
                    self.send(who, browser, Method::GET, path, json!({})).await;
                }
            }
            Step::Change(who, address) => self.change(who, address).await,
        }
    }

    async fn code(&mut self, who: Who, browser: Browser) {
        let (path, ask) = ("/auth/signinup/code", json!({ "email": self.address(who) }));
        let device = self.send(who, browser, Method::POST, path, ask).await;
        if device.0.status != 200 || device.json()["status"] != "OK" {
            return;
        }
        let device = device.json();
        let mail = self.mail().await;
        let login = &mail.get::<PasswordlessLoginEmail>().expect("a code").login;
        let proof = json!({
            "preAuthSessionId": device["preAuthSessionId"],
            "deviceId": device["deviceId"],
            "userInputCode": login.user_input_code.as_ref().expect("a code").expose_secret(),
        });
        self.send(who, browser, Method::POST, "/auth/signinup/code/consume", proof).await;
    }

    /// What the route of third parties does with a known identity; gives the session's token.
    async fn social(
        &self,
        who: Who,
        address: Who,
        is_verified: bool,
        browser: Browser,
    ) -> Option<String> {
        let token = self.token(who, browser);
        let mut headers = HeaderMap::new();
        headers.insert("st-auth-mode", HeaderValue::from_static("header"));
        if let Some(token) = &token {
            let bearer = HeaderValue::try_from(format!("Bearer {token}")).expect("a value");
            headers.insert("authorization", bearer);
        }
        let body = json!({ "shouldTryLinkingWithSessionUser": token.is_some() });
        let request = Request::new(Method::POST, "/auth/signinup", &headers);
        let request = request.with_body(body.to_string());
        let cx = Context::for_request(self.auth().clone(), request);
        let call = ApiCall { cx: cx.clone(), tenant_id: TenantId::default() };
        let body = cx.json_body().expect("an object");
        let SignInSession { should_try_linking, session, tenant_id, .. } =
            load_session(&call, &body).await.ok()?;
        let (email, user_id) =
            (self.address(address), format!("{who:?}-{address:?}-{is_verified}-{}", self.number));
        let info = ListUsersByAccountInfo {
            email: Some(email.clone()),
            third_party_id: Some("social".to_owned()),
            third_party_user_id: Some(user_id.clone()),
            do_union_of_account_info: true,
            ..ListUsersByAccountInfo::default()
        };
        let users = cx.list_users_by_account_info(info).await.expect("listed");
        let third_party =
            Some(ThirdPartyInfo { id: "social".to_owned(), user_id: user_id.clone() });
        let is_known = |user: &&User| {
            user.login_methods.iter().any(|method| method.third_party == third_party)
        };
        let kind = users.iter().find(is_known).map_or(SignInKind::SignUp, SignInKind::SignIn);
        let mut account = NewAccountInfo::new(RecipeId::ThirdParty).email(&email);
        account.third_party = third_party.clone();
        let mut pre_auth = PreAuth::new(&tenant_id, account, kind, &users, [FactorId::THIRD_PARTY])
            .session(session.as_ref(), should_try_linking)
            .verified(is_verified);
        if is_verified {
            pre_auth = pre_auth.verifies();
        }
        pre_auth_checks(&cx, pre_auth).await.ok()?.ok()?;
        let email = ProvidedEmail { id: email, is_verified };
        let request = ThirdPartySignInUp {
            third_party_id: "social".to_owned(),
            third_party_user_id: user_id,
            email,
        };
        let answer = cx.core().call(&tenant_id, request).await.expect("answered");
        let ThirdPartySignInUpResponse::Ok { user, recipe_user_id, .. } = answer else {
            return None;
        };
        let user =
            link(&cx, &tenant_id, user, &recipe_user_id, session.as_ref(), should_try_linking);
        let user = user.await.ok()?.ok()?;
        let factor = FactorId::THIRD_PARTY;
        let post_auth = PostAuth::new(&tenant_id, &user, recipe_user_id, factor).session(session);
        let session = post_auth_checks(&cx, post_auth);
        let token = session.await.ok()?.get_access_token();
        Some(token.expose_secret().to_owned())
    }

    /// By a token for whichever login method or user has the address: more than the route gives, so
    /// that what is checked when it is used must be enough.
    async fn reset(&mut self, who: Who) {
        let email = self.address(who);
        let info = ListUsersByAccountInfo { email: Some(email.clone()), ..Default::default() };
        let users = self.auth().list_users_by_account_info(info).await.expect("listed");
        let has_password = |it: &&LoginMethod| {
            it.recipe_id == RecipeId::EmailPassword && it.has_same_email_as(&email)
        };
        let method = users.iter().flat_map(|user| &user.login_methods).find(has_password);
        let target = method.map(|method| UserId::from(method.recipe_user_id.clone()));
        let Some(target) = target.or_else(|| Some(users.first()?.id.clone())) else { return };
        let functions = self.auth().emailpassword().expect("in the list");
        let wanted = CreateResetPasswordTokenInput::new(target, email);
        let ResetLink::Ok(link) =
            functions.create_reset_password_link(wanted).await.expect("answered")
        else {
            return;
        };
        let body = json!({
            "formFields": [{ "id": "password", "value": who.password() }],
            "token": token_in(link.expose_secret()),
        });
        let path = "/auth/user/password/reset";
        self.send(who, Browser::SignedOut, Method::POST, path, body).await;
    }

    async fn verify(&mut self, who: Who, browser: Browser) {
        if self.token(who, browser).is_none() {
            return;
        }
        let path = "/auth/user/email/verify/token";
        let answer = self.send(who, browser, Method::POST, path, json!({})).await;
        if answer.0.status != 200 || answer.json()["status"] != "OK" {
            return;
        }
        let mail = self.mail().await;
        // A mail that came unasked is left alone.
        if mail.to() == self.address(who) {
            let token = token_in(mail.link().expect("a link").expose_secret());
            let (path, body) = ("/auth/user/email/verify", json!({ "token": token }));
            self.send(who, browser, Method::POST, path, body).await;
        }
    }

    async fn change(&mut self, who: Who, address: Who) {
        let Some(token) = self.token(who, Browser::Latest) else { return };
        let Some((_, id)) = self.lives(&token).await else { return };
        let functions = self.auth().emailpassword().expect("in the list");
        let update = UpdateEmailOrPasswordInput::new(id).email(self.address(address));
        // Not every login method has a password.
        let _ = functions.update_email_or_password(update).await;
    }

    /// Whose session a token is, as the database has it.
    pub(super) async fn lives(&self, token: &str) -> Option<(UserId, RecipeUserId)> {
        let options = SessionOptions::new().without_claim_validators().check_database(true);
        let input = GetSessionWithoutRequestResponseInput::new(token)
            .options(options.anti_csrf_check(false));
        let sessions = self.auth().session().expect("in the list");
        let session = sessions.get_session_without_request_response(input).await.ok()??;
        Some((session.get_user_id().clone(), session.get_recipe_user_id().clone()))
    }

    /// Who can sign in by a login method.
    async fn owner(&self, method: &LoginMethod) -> Who {
        let email = method.email.clone().expect("every one has an address");
        let is_victims = match method.recipe_id {
            RecipeId::EmailPassword => {
                let functions = self.auth().emailpassword().expect("in the list");
                let input = VerifyCredentialsInput::new(email, Victim.password());
                let outcome = functions.verify_credentials(input).await.expect("answered");
                matches!(outcome, SignInOutcome::Ok { .. })
            }
            RecipeId::ThirdParty => {
                let account = method.third_party.as_ref().expect("an account");
                account.user_id.starts_with("Victim")
            }
            _ => email == self.address(Victim),
        };
        if is_victims { Victim } else { Attacker }
    }

    async fn owners(&self, user: &User) -> BTreeSet<Who> {
        let mut owners = BTreeSet::new();
        for method in &user.login_methods {
            owners.insert(self.owner(method).await);
        }
        owners
    }

    /// No user is of both, and no session of the one is of a user of the other.
    pub(super) async fn check(&self) -> Result<(), String> {
        for address in [Victim, Attacker] {
            let email = Some(self.address(address));
            let info = ListUsersByAccountInfo { email, ..Default::default() };
            for user in self.auth().list_users_by_account_info(info).await.expect("listed") {
                if self.owners(&user).await.len() > 1 {
                    return Err(format!("both sign in as one user: {:#?}", user.login_methods));
                }
            }
        }
        for who in [Victim, Attacker] {
            for token in &self.tokens[who as usize] {
                let Some((user_id, _)) = self.lives(token).await else { continue };
                let user = self.auth().get_user(&user_id).await.expect("answered");
                let user = user.expect("a session's user");
                if self.owners(&user).await != BTreeSet::from([who]) {
                    return Err(format!("{who:?} has a session as {:#?}", user.login_methods));
                }
            }
        }
        Ok(())
    }
}

fn token_in(link: &str) -> String {
    let query = link.split_once("token=").expect("a token").1;
    query.split('&').next().expect("a token").to_owned()
}
