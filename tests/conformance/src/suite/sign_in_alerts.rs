//! Mails about sign-ins from new devices and networks: an extension.

use auth_core::{
    Context, Result, TrustedProxies,
    delivery::Email,
    protocol::{Secret, audit::ListAuditEntries},
    recipes::{
        emailpassword::EmailPasswordRecipe,
        passwordless::{Contact, ContactMethod, FlowType, PasswordlessRecipe},
        signinalerts::{
            NoteSignInInput, NoteSignInOutcome, SendAlertOutcome, SignInAlertEmail,
            SignInAlertsFunctions, SignInAlertsOverride, SignInAlertsRecipe,
        },
    },
};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{
    cases,
    support::{EMAIL, Mailbox, PASSWORD, form},
    tenants::open,
};
use crate::{
    App, Harness, Setup,
    client::{FrontEnd, Mode, Reply, Req},
};

cases! {
    "ext-sign-in-alerts" => the_owner_is_told_of_a_new_device_and_not_of_a_known_one,
    "ext-sign-in-alerts" => the_owner_is_told_of_a_new_network_on_a_known_device_too,
    "ext-sign-in-alerts" => a_sign_in_by_code_is_looked_at_and_a_sign_up_is_not,
    "ext-sign-in-alerts" => following_the_link_asks_and_changes_nothing,
    "ext-sign-in-alerts" => the_page_s_button_ends_all_sessions_once,
    "ext-sign-in-alerts" => a_page_of_the_website_ends_them_by_json,
    "ext-sign-in-alerts" => a_token_that_is_unknown_or_has_expired_ends_nothing,
    "ext-sign-in-alerts" => a_token_is_good_in_its_tenant_only,
    "ext-sign-in-alerts" => mails_are_bounded_and_every_alert_is_written_down,
}

const END: &str = "/auth/signinalerts/end";
const HOME: &str = "203.0.113.7";
const FIREFOX: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

const MAILED: NoteSignInOutcome = NoteSignInOutcome::Suspicious(SendAlertOutcome::Sent);

/// Hands to the case what came of each sign-in, which is found out behind the answer.
struct Watched(UnboundedSender<NoteSignInOutcome>);

impl SignInAlertsOverride for Watched {
    async fn note_sign_in(
        &self,
        original: &SignInAlertsFunctions,
        cx: &Context,
        input: NoteSignInInput,
    ) -> Result<NoteSignInOutcome> {
        let outcome = original.note_sign_in(cx, input).await?;
        // Nobody may be waiting for it any more.
        let _ = self.0.send(outcome);
        Ok(outcome)
    }
}

/// An application behind a proxy, and what it does behind its answers.
struct Watch {
    app: App,
    mails: UnboundedReceiver<Email>,
    outcomes: UnboundedReceiver<NoteSignInOutcome>,
}

impl Watch {
    async fn new(harness: &Harness) -> Self {
        Self::with(harness, |recipe| recipe).await
    }

    async fn with(
        harness: &Harness,
        set: impl FnOnce(SignInAlertsRecipe) -> SignInAlertsRecipe + 'static,
    ) -> Self {
        let (mailbox, mails) = Mailbox::new();
        let (sender, outcomes) = unbounded_channel();
        let setup = Setup::new().recipes(move |builder| {
            let alerts = SignInAlertsRecipe::new().email_delivery(mailbox);
            let codes = PasswordlessRecipe::new(ContactMethod::Email, FlowType::UserInputCode);
            builder
                .trusted_proxies(TrustedProxies::count(1))
                .recipe(EmailPasswordRecipe::new())
                .recipe(codes)
                .recipe(set(alerts).override_functions(Watched(sender)))
        });
        Self { app: harness.start(setup).await, mails, outcomes }
    }

    async fn send(&mut self, front_end: &mut FrontEnd, path: &str, from: &str) -> Reply {
        let request = Req::post(path).json(&form(EMAIL, PASSWORD));
        let request = request.header("x-forwarded-for", from).header("user-agent", FIREFOX);
        let reply = front_end.send(&self.app, request).await;
        assert_eq!(reply.json()["status"], "OK", "{reply:?}");
        reply
    }

    /// Signs up, by a browser that is known from then on.
    async fn sign_up(&mut self) -> FrontEnd {
        let mut browser = self.app.front_end(Mode::Cookie);
        self.send(&mut browser, "/auth/signup", HOME).await;
        assert_eq!(self.outcome().await, NoteSignInOutcome::Usual);
        browser
    }

    async fn sign_in(&mut self, front_end: &mut FrontEnd, from: &str) -> NoteSignInOutcome {
        self.send(front_end, "/auth/signin", from).await;
        self.outcome().await
    }

    /// Signs in by a device that nobody knows, and gives its front end and the mail about it.
    async fn stranger(&mut self, mode: Mode) -> (FrontEnd, Email) {
        let mut stranger = self.app.front_end(mode);
        assert_eq!(self.sign_in(&mut stranger, HOME).await, MAILED);
        (stranger, self.mails.recv().await.expect("a mail"))
    }

    async fn outcome(&mut self) -> NoteSignInOutcome {
        self.outcomes.recv().await.expect("the sign-in is looked at")
    }

    fn expect_no_mail(&mut self) {
        assert!(self.mails.try_recv().is_err());
    }

    async fn is_signed_in(&self, front_end: &FrontEnd) -> bool {
        let request = front_end.with_tokens(Req::get("/session-check-db"));
        self.app.send(request).await.status == 200
    }

    async fn end(&self, token: &str) -> Reply {
        self.app.send(Req::post(END).json(&json!({ "token": token }))).await
    }

    async fn press(&self, token: &str) -> Reply {
        let request = Req::post(END)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", "https://api.example.com")
            .header("sec-fetch-site", "same-origin")
            .body(format!("token={token}"));
        self.app.send(request).await
    }
}

/// The path and the token of a link.
fn parts(email: &Email) -> (String, String) {
    let link = email.link().map(Secret::expose_secret).expect("a link");
    let target = link.strip_prefix("https://api.example.com").expect("a link to the API");
    let (path, token) = target.split_once("?token=").expect("a token");
    (path.to_owned(), token.to_owned())
}

async fn the_owner_is_told_of_a_new_device_and_not_of_a_known_one(harness: Harness) {
    for mode in Mode::BOTH {
        let mut watch = Watch::new(&harness).await;
        let mut browser = watch.sign_up().await;
        assert_eq!(watch.sign_in(&mut browser, HOME).await, NoteSignInOutcome::Usual);
        watch.expect_no_mail();

        let mut stranger = watch.app.front_end(mode);
        let reply = watch.send(&mut stranger, "/auth/signin", HOME).await;
        assert_eq!(watch.outcome().await, MAILED);
        let mail = watch.mails.recv().await.expect("a mail");
        assert_eq!((mail.type_name(), mail.to()), ("SIGN_IN_ALERT", EMAIL));
        let told = mail.get::<SignInAlertEmail>().expect("what it tells");
        assert_eq!(told.address, HOME.parse().ok());
        assert_eq!(told.device.as_deref(), Some("Firefox on Windows"));
        assert_eq!((told.is_new_device, told.is_new_network), (true, false));
        let words = mail.letter("Conformance").opening;
        assert!(words.contains("On 14 November 2023, 22:13 UTC"), "{words}");
        assert_eq!(parts(&mail).0, END);

        // It has proved itself now.
        let request = Req::post("/auth/signin").json(&form(EMAIL, PASSWORD));
        let request = match reply.header("st-known-device") {
            Some(token) => request.header("st-known-device", token),
            None => request,
        };
        stranger.send(&watch.app, request.header("x-forwarded-for", HOME)).await;
        assert_eq!(watch.outcome().await, NoteSignInOutcome::Usual);
        watch.expect_no_mail();
    }
}

async fn the_owner_is_told_of_a_new_network_on_a_known_device_too(harness: Harness) {
    let mut watch = Watch::new(&harness).await;
    let mut browser = watch.sign_up().await;
    // The same network.
    assert_eq!(watch.sign_in(&mut browser, "203.0.113.254").await, NoteSignInOutcome::Usual);
    for from in ["198.51.100.9", "2001:db8:7:1::1"] {
        assert_eq!(watch.sign_in(&mut browser, from).await, MAILED, "{from}");
        let mail = watch.mails.recv().await.expect("a mail");
        let told = mail.get::<SignInAlertEmail>().expect("what it tells");
        assert_eq!((told.is_new_device, told.is_new_network), (false, true));
        assert_eq!(told.address, from.parse().ok());
        assert_eq!(watch.sign_in(&mut browser, from).await, NoteSignInOutcome::Usual, "{from}");
    }
    let neighbour = watch.sign_in(&mut browser, "2001:db8:7:ffff::2").await;
    assert_eq!(neighbour, NoteSignInOutcome::Usual);
    // What wasn't them isn't theirs afterwards.
    assert_eq!(watch.sign_in(&mut browser, "192.0.2.1").await, MAILED);
    let mail = watch.mails.recv().await.expect("a mail");
    watch.end(&parts(&mail).1).await;
    assert_eq!(watch.sign_in(&mut browser, "192.0.2.1").await, MAILED);
    watch.mails.recv().await.expect("a mail");
    watch.expect_no_mail();

    let mut watch = Watch::with(&harness, |recipe| recipe.new_networks(false)).await;
    let mut browser = watch.sign_up().await;
    assert_eq!(watch.sign_in(&mut browser, "192.0.2.1").await, NoteSignInOutcome::Usual);
    watch.expect_no_mail();
}

async fn a_sign_in_by_code_is_looked_at_and_a_sign_up_is_not(harness: Harness) {
    let mut watch = Watch::new(&harness).await;
    for expected in [NoteSignInOutcome::Usual, MAILED] {
        let mut front_end = watch.app.front_end(Mode::Header);
        let passwordless = watch.app.auth.passwordless().expect("the recipe");
        let contact = Contact::Email("bob@example.com".into());
        let code = passwordless.create_code(contact).await.expect("a code");
        let body = json!({
            "preAuthSessionId": code.pre_auth_session_id,
            "deviceId": code.device_id,
            "userInputCode": code.user_input_code,
        });
        let request = Req::post("/auth/signinup/code/consume").json(&body);
        let reply = front_end.send(&watch.app, request.header("x-forwarded-for", HOME)).await;
        assert_eq!(reply.json()["status"], "OK", "{reply:?}");
        assert_eq!(watch.outcome().await, expected);
    }
    assert_eq!(watch.mails.recv().await.expect("a mail").to(), "bob@example.com");
    watch.expect_no_mail();
}

async fn following_the_link_asks_and_changes_nothing(harness: Harness) {
    let mut watch = Watch::new(&harness).await;
    let browser = watch.sign_up().await;
    let (stranger, mail) = watch.stranger(Mode::Header).await;
    let (path, token) = parts(&mail);
    for _ in 0..3 {
        let reply = watch.app.send(Req::get(&format!("{path}?token={token}"))).await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("referrer-policy"), Some("same-origin"));
        let policy = reply.header("content-security-policy").expect("a policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        let page = reply.text();
        assert!(page.contains(&format!("value=\"{token}\"")), "{page}");
        reply.expect_tokens_untouched();
    }
    for wrong in
        ["", "?token=", "?token=%22%3E%3Cscript%3E", &format!("?token={}", "a".repeat(200))]
    {
        let reply = watch.app.send(Req::get(&format!("{path}{wrong}"))).await;
        assert_eq!(reply.status, 200);
        let page = reply.text();
        assert!(page.contains("doesn't work") && !page.contains("<form"), "{page}");
        assert!(!page.contains("script"), "{page}");
    }
    assert!(watch.is_signed_in(&browser).await && watch.is_signed_in(&stranger).await);
}

async fn the_page_s_button_ends_all_sessions_once(harness: Harness) {
    let mut watch = Watch::new(&harness).await;
    let mut browser = watch.sign_up().await;
    let (mut stranger, mail) = watch.stranger(Mode::Header).await;
    let (_, token) = parts(&mail);
    let reply = watch.press(&token).await;
    assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")));
    let page = reply.text();
    let reset = "https://www.example.com/auth/reset-password?tenantId=public";
    assert!(page.contains("Signed out everywhere") && page.contains(reset), "{page}");
    assert!(!page.contains(&token));
    for front_end in [&mut browser, &mut stranger] {
        assert!(!watch.is_signed_in(front_end).await);
        front_end.refresh(&watch.app).await.expect_message(401, "unauthorised");
    }
    // Who has signed in again stays signed in.
    let mut again = watch.app.front_end(Mode::Header);
    watch.sign_in(&mut again, HOME).await;
    let page = watch.press(&token).await;
    assert!(page.text().contains("Signed out everywhere"));
    watch.end(&token).await.expect(200, &json!({ "status": "OK", "resetPasswordLink": reset }));
    assert!(watch.is_signed_in(&again).await);
}

async fn a_page_of_the_website_ends_them_by_json(harness: Harness) {
    let mut watch = Watch::with(&harness, |recipe| recipe.website_page("/end-sessions")).await;
    let browser = watch.sign_up().await;
    let (_, mail) = watch.stranger(Mode::Header).await;
    let link = mail.link().map(Secret::expose_secret).expect("a link");
    let rest = link.strip_prefix("https://www.example.com/auth/end-sessions?token=");
    let token = rest.and_then(|it| it.strip_suffix("&tenantId=public")).expect("both");
    let reply = watch.end(token).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    assert!(!watch.is_signed_in(&browser).await);
    for body in [json!({}), json!({ "token": 1 }), json!({ "token": null })] {
        let reply = watch.app.send(Req::post(END).json(&body)).await;
        reply.expect_message(400, "token is required and must be a string");
    }
}

async fn a_token_that_is_unknown_or_has_expired_ends_nothing(harness: Harness) {
    let mut watch = Watch::new(&harness).await;
    watch.sign_up().await;
    let (stranger, mail) = watch.stranger(Mode::Header).await;
    let (_, token) = parts(&mail);
    let invalid = json!({ "status": "SIGN_IN_ALERT_INVALID_TOKEN_ERROR" });
    let unknown = "a".repeat(token.len());
    for token in ["", "unknown", "\u{e4}", &unknown] {
        watch.end(token).await.expect(200, &invalid);
    }
    assert!(watch.press(&unknown).await.text().contains("doesn't work"));
    watch.app.advance_secs(24 * 60 * 60 + 1);
    watch.end(&token).await.expect(200, &invalid);
    let mut stranger = stranger;
    assert_eq!(stranger.refresh(&watch.app).await.status, 200);
}

async fn a_token_is_good_in_its_tenant_only(harness: Harness) {
    let mut watch = Watch::new(&harness).await;
    open(&watch.app, ["acme", "blog"]).await;
    let mut front_ends = Vec::new();
    for path in ["/auth/acme/signup", "/auth/blog/signup"] {
        let mut browser = watch.app.front_end(Mode::Cookie);
        watch.send(&mut browser, path, HOME).await;
        assert_eq!(watch.outcome().await, NoteSignInOutcome::Usual);
        front_ends.push(browser);
    }
    let mut stranger = watch.app.front_end(Mode::Header);
    watch.send(&mut stranger, "/auth/acme/signin", HOME).await;
    assert_eq!(watch.outcome().await, MAILED);
    let mail = watch.mails.recv().await.expect("a mail");
    let (path, token) = parts(&mail);
    assert_eq!(path, "/auth/acme/signinalerts/end");
    let token = json!({ "token": token });
    let invalid = json!({ "status": "SIGN_IN_ALERT_INVALID_TOKEN_ERROR" });
    for path in [END, "/auth/blog/signinalerts/end"] {
        watch.app.send(Req::post(path).json(&token)).await.expect(200, &invalid);
    }
    assert!(watch.is_signed_in(&stranger).await);
    let reply = watch.app.send(Req::post(&path).json(&token)).await;
    let reset = "https://www.example.com/auth/reset-password?tenantId=acme";
    reply.expect(200, &json!({ "status": "OK", "resetPasswordLink": reset }));
    assert!(!watch.is_signed_in(&stranger).await && !watch.is_signed_in(&front_ends[0]).await);
    // Somebody else, by the same address.
    assert!(watch.is_signed_in(&front_ends[1]).await);
}

async fn mails_are_bounded_and_every_alert_is_written_down(harness: Harness) {
    let mut watch = Watch::new(&harness).await;
    watch.sign_up().await;
    for _ in 0..5 {
        watch.stranger(Mode::Header).await;
    }
    let mut stranger = watch.app.front_end(Mode::Header);
    let limited = NoteSignInOutcome::Suspicious(SendAlertOutcome::LimitReached);
    assert_eq!(watch.sign_in(&mut stranger, HOME).await, limited);
    watch.expect_no_mail();
    watch.app.advance_secs(4 * 60 * 60);
    let (_, mail) = watch.stranger(Mode::Header).await;
    watch.end(&parts(&mail).1).await;
    let list = ListAuditEntries { limit: Some(100), ..Default::default() };
    let page = watch.app.auth.audit().list(&"public".into(), list).await.expect("a page");
    let of = |kind: &str| page.entries.iter().filter(|it| it.kind == kind).collect::<Vec<_>>();
    assert_eq!((of("suspicious_sign_in").len(), of("sign_in_denied").len()), (7, 1));
    let payload = of("suspicious_sign_in")[6].payload.clone().expect("nobody was deleted");
    assert_eq!(payload.address.as_deref(), Some(HOME));
    assert_eq!(payload.api.as_deref(), Some("signInPOST"));
    assert!(payload.session_handle.is_some() && payload.user_id.is_some());
    let facts: Value = json!(of("suspicious_sign_in")[0].facts);
    assert_eq!(facts, json!({ "new_device": "true", "new_network": "false" }));
}
