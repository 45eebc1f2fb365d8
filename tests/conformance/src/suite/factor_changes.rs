//! What is asked before anything about a user's factors changes.

use auth_core::{
    AuthBuilder,
    protocol::{Secret, UserId},
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking},
        emailpassword::EmailPasswordRecipe,
        multifactorauth::{
            AddToRequiredSecondaryFactorsForUserInput, FactorChange, FactorChangedEmail, FactorId,
            MultiFactorAuthRecipe, RemoveFromRequiredSecondaryFactorsForUserInput,
        },
        passwordless::{Contact, ContactMethod, CreateCodeInput, FlowType, PasswordlessRecipe},
        recoverycode::RecoveryCodeRecipe,
        totp::TotpRecipe,
    },
};
use serde_json::{Value, json};

use super::{
    cases,
    mfa::{code, expect_closed, expect_open, info, set_up_totp, sign_in},
    support::{EMAIL, Mailbox, PASSWORD, form, sign_up},
};
use crate::{
    App, Harness, Setup,
    client::{FrontEnd, Mode, Req},
};

cases! {
    "fdi-6.5" => a_requirement_that_is_added_later_reaches_a_session_at_its_refresh,
    "fdi-6.5" => a_requirement_of_one_user_is_learnt_when_factors_are_asked_about,
    "fdi-6.5" => a_session_from_before_a_requirement_strips_no_factor,
    "ext-other-sessions" => a_change_of_a_factor_ends_other_sessions_where_that_is_wanted,
    "ext-factor-mails" => the_owner_is_told_that_a_factor_was_changed,
    "fdi-6.4" => a_proof_that_started_the_session_meets_no_requirement,
    "fdi-1.0-refusals" => an_account_with_a_second_factor_is_not_linked_away_by_its_password,
}

/// Every recipe that has to do with factors; accounts are linked in sessions only.
fn setup() -> Setup {
    Setup::new().recipes(move |builder: AuthBuilder| {
        let linking = AccountLinkingRecipe::new().should_do_automatic_account_linking(
            |_, question| async move {
                Ok(match question.session {
                    Some(_) => AutomaticLinking::Yes { should_require_verification: false },
                    None => AutomaticLinking::No,
                })
            },
        );
        let passwordless = PasswordlessRecipe::new(
            ContactMethod::EmailOrPhone,
            FlowType::UserInputCodeAndMagicLink,
        );
        builder
            .recipe(EmailPasswordRecipe::new())
            .recipe(passwordless)
            .recipe(linking)
            .recipe(MultiFactorAuthRecipe::new())
            .recipe(TotpRecipe::new())
            .recipe(RecoveryCodeRecipe::new())
    })
}

async fn require(app: &App, front_end: &FrontEnd, id: FactorId) {
    let user_id = UserId::from(front_end.payload()["sub"].as_str().expect("a user"));
    let mfa = app.auth.multifactorauth().expect("in the list");
    let input = AddToRequiredSecondaryFactorsForUserInput::new(user_id, id);
    mfa.add_to_required_secondary_factors_for_user(input).await.expect("added");
}

fn in_session(mut body: Value) -> Value {
    body["shouldTryLinkingWithSessionUser"] = json!(true);
    body
}

/// A code for the address, as the application hands it out itself: typed in, and by its link.
async fn proofs(app: &App) -> (Value, Value) {
    let functions = app.auth.passwordless().expect("in the list");
    let input = CreateCodeInput::new(Contact::Email(EMAIL.to_owned()));
    let created = functions.create_code(input).await.expect("created");
    let id = created.pre_auth_session_id;
    let typed = json!({
        "preAuthSessionId": id,
        "deviceId": created.device_id,
        "userInputCode": created.user_input_code,
    });
    (typed, json!({ "preAuthSessionId": id, "linkCode": created.link_code }))
}

async fn proof(app: &App) -> Value {
    proofs(app).await.0
}

async fn a_requirement_that_is_added_later_reaches_a_session_at_its_refresh(harness: Harness) {
    for mode in Mode::BOTH {
        let app = harness.start(setup()).await;
        let mut ada = sign_up(&app, mode, "/auth/signup").await.0;
        require(&app, &ada, FactorId::TOTP).await;
        expect_open(&app, &mut ada).await;
        let reply = ada.refresh(&app).await;
        reply.expect(200, &json!({}));
        assert_eq!(ada.payload()["st-mfa"]["v"], false);
        let front_token = ada.front_token.as_ref().expect("a front token");
        assert_eq!(front_token["up"], ada.payload());
        expect_closed(&app, &mut ada).await;
        // It is in the session's row, for every token to come.
        assert_eq!(ada.refresh(&app).await.status, 200);
        expect_closed(&app, &mut ada).await;
        set_up_totp(&app, &mut ada).await;
        expect_open(&app, &mut ada).await;
    }
}

async fn a_requirement_of_one_user_is_learnt_when_factors_are_asked_about(harness: Harness) {
    let app = harness.start(setup()).await;
    let mut ada = sign_up(&app, Mode::Cookie, "/auth/signup").await.0;
    let mut other = app.front_end(Mode::Header);
    let sign_up = Req::post("/auth/signup").json(&form("other@example.com", PASSWORD));
    other.send(&app, sign_up).await;
    for _ in 0..2 {
        require(&app, &ada, FactorId::TOTP).await;
    }
    let user_id = UserId::from(ada.payload()["sub"].as_str().expect("a user"));
    let mfa = app.auth.multifactorauth().expect("in the list");
    let required = mfa.get_required_secondary_factors_for_user(&user_id).await;
    assert_eq!(required.expect("answered"), [FactorId::TOTP]);
    expect_open(&app, &mut ada).await;
    assert_eq!(info(&app, &mut ada).await["factors"]["next"], json!(["totp"]));
    expect_closed(&app, &mut ada).await;
    expect_open(&app, &mut other).await;
    let input = RemoveFromRequiredSecondaryFactorsForUserInput::new(user_id, FactorId::TOTP);
    mfa.remove_from_required_secondary_factors_for_user(input).await.expect("removed");
    assert_eq!(info(&app, &mut ada).await["factors"]["next"], json!([]));
    expect_open(&app, &mut ada).await;
}

async fn a_session_from_before_a_requirement_strips_no_factor(harness: Harness) {
    let app = harness.start(setup()).await;
    let mut ada = sign_up(&app, Mode::Cookie, "/auth/signup").await.0;
    let old = [sign_in(&app, Mode::Cookie).await, sign_in(&app, Mode::Header).await];
    set_up_totp(&app, &mut ada).await;
    require(&app, &ada, FactorId::TOTP).await;
    let device = json!({ "deviceName": "TOTP Device 0" });
    for (path, body) in [
        ("/auth/totp/device/remove", &device),
        ("/auth/recoverycode/generate", &json!({})),
        ("/auth/totp/device", &json!({})),
        ("/auth/totp/device/verify", &json!({ "deviceName": "TOTP Device 0", "totp": "1" })),
        ("/auth/signup", &in_session(form("second@example.com", PASSWORD))),
        ("/auth/signinup/code", &in_session(json!({ "email": EMAIL }))),
    ] {
        // Each of them learns it from the start.
        for mut thief in old.clone() {
            let reply = thief.send(&app, Req::post(path).json(body)).await;
            assert_eq!(reply.status, 403, "{path}: {reply:?}");
            assert_eq!(reply.json()["claimValidationErrors"][0]["id"], "st-mfa", "{path}");
            assert_eq!(thief.payload()["st-mfa"]["v"], false, "{path}");
            expect_closed(&app, &mut thief).await;
        }
    }
    let user_id = UserId::from(ada.payload()["sub"].as_str().expect("a user"));
    let user = app.auth.get_user(&user_id).await.expect("answered").expect("known");
    assert_eq!(user.login_methods.len(), 1);
    let reply = ada.send(&app, Req::post("/auth/totp/device/remove").json(&device)).await;
    reply.expect(200, &json!({ "status": "OK", "didDeviceExist": true }));
}

async fn a_proof_that_started_the_session_meets_no_requirement(harness: Harness) {
    for (mode, is_link) in Mode::BOTH.into_iter().zip([false, true]) {
        let app = harness.start(setup()).await;
        let mut ada = sign_up(&app, mode, "/auth/signup").await.0;
        // Login methods are listed by age.
        app.advance_secs(1);
        let consume = |proof: Value| Req::post("/auth/signinup/code/consume").json(&proof);
        let reply = ada.send(&app, consume(in_session(proof(&app).await))).await;
        assert_eq!(reply.json()["status"], "OK", "{reply:?}");
        require(&app, &ada, FactorId::OTP_EMAIL).await;

        let mut thief = app.front_end(mode);
        let (typed, followed) = proofs(&app).await;
        let reply = thief.send(&app, consume(if is_link { followed } else { typed })).await;
        assert_eq!(reply.json()["status"], "OK", "{reply:?}");
        expect_closed(&app, &mut thief).await;
        let reply = thief.send(&app, consume(in_session(proof(&app).await))).await;
        assert_eq!(reply.json()["status"], "OK", "{reply:?}");
        expect_closed(&app, &mut thief).await;
        let next = &info(&app, &mut thief).await["factors"]["next"];
        assert_eq!(next, &json!(["emailpassword"]));
        // What is missing is the password; until then nothing new is set up.
        let reply = thief.send(&app, Req::post("/auth/totp/device").json(&json!({}))).await;
        assert_eq!(reply.status, 403, "{reply:?}");
        let password = in_session(form(EMAIL, PASSWORD));
        let reply = thief.send(&app, Req::post("/auth/signin").json(&password)).await;
        assert_eq!(reply.json()["status"], "OK", "{reply:?}");
        expect_open(&app, &mut thief).await;

        let mut ada = sign_in(&app, mode).await;
        expect_closed(&app, &mut ada).await;
        assert_eq!(info(&app, &mut ada).await["factors"]["next"], json!(["otp-email"]));
        ada.send(&app, consume(in_session(proof(&app).await))).await;
        let seconds = app.clock.now_ms() / 1000;
        let done = json!({ "emailpassword": seconds, "otp-email": seconds });
        assert_eq!(ada.payload()["st-mfa"], json!({ "c": done, "v": true }));
        expect_open(&app, &mut ada).await;
    }
}

async fn an_account_with_a_second_factor_is_not_linked_away_by_its_password(harness: Harness) {
    for is_required in [true, false] {
        let app = harness.start(setup()).await;
        let mut ada = sign_up(&app, Mode::Cookie, "/auth/signup").await.0;
        set_up_totp(&app, &mut ada).await;
        if is_required {
            require(&app, &ada, FactorId::TOTP).await;
        }
        let mut thief = app.front_end(Mode::Cookie);
        let sign_up = Req::post("/auth/signup").json(&form("thief@example.com", PASSWORD));
        assert_eq!(thief.send(&app, sign_up).await.json()["status"], "OK");
        for has_own in [false, true] {
            // An authenticator app of one's own shows nothing about somebody else's.
            if has_own {
                set_up_totp(&app, &mut thief).await;
            }
            let take = Req::post("/auth/signin").json(&in_session(form(EMAIL, PASSWORD)));
            let reason = "Cannot sign in due to security reasons. Please try resetting your \
                          password, use a different login method or contact support. \
                          (ERR_CODE_008)";
            let refused = json!({ "status": "SIGN_IN_NOT_ALLOWED", "reason": reason });
            thief.send(&app, take).await.expect(200, &refused);
            let ada_again = sign_in(&app, Mode::Cookie).await;
            assert_eq!(ada_again.payload()["sub"], ada.payload()["sub"]);
            assert_eq!(ada_again.payload()["st-mfa"]["v"], !is_required);
        }
        let user_id = UserId::from(thief.payload()["sub"].as_str().expect("a user"));
        let user = app.auth.get_user(&user_id).await.expect("answered").expect("known");
        assert_eq!(user.login_methods.len(), 1);
    }
}

async fn is_signed_in(app: &App, front_end: &FrontEnd) -> bool {
    app.send(front_end.with_tokens(Req::get("/session-check-db"))).await.status == 200
}

/// The body by which a new authenticator app is set up.
async fn first_code(app: &App, front_end: &mut FrontEnd) -> Value {
    let reply = front_end.send(app, Req::post("/auth/totp/device").json(&json!({}))).await;
    let device = reply.json();
    let secret = Secret::from(device["secret"].as_str().expect("a secret"));
    json!({ "deviceName": device["deviceName"], "totp": code(app, &secret) })
}

async fn a_change_of_a_factor_ends_other_sessions_where_that_is_wanted(harness: Harness) {
    const VERIFY: &str = "/auth/totp/device/verify";
    let app = harness.start(setup()).await;
    let mut ada = sign_up(&app, Mode::Header, "/auth/signup").await.0;
    let mut body = first_code(&app, &mut ada).await;
    for (path, wrong) in [
        (VERIFY, json!({ "deviceName": "x", "totp": "1", "endOtherSessions": 1 })),
        ("/auth/totp/device/remove", json!({ "deviceName": "x", "endOtherSessions": "true" })),
        ("/auth/recoverycode/generate", json!({ "endOtherSessions": [] })),
    ] {
        let reply = ada.send(&app, Req::post(path).json(&wrong)).await;
        reply.expect_message(400, "endOtherSessions must be a boolean");
    }
    let other = sign_in(&app, Mode::Header).await;
    let name = body["deviceName"].clone();
    body["endOtherSessions"] = json!(true);
    let reply = ada.send(&app, Req::post(VERIFY).json(&body)).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    assert!(!is_signed_in(&app, &other).await && is_signed_in(&app, &ada).await);

    for end in [None, Some(false), Some(true)] {
        let other = sign_in(&app, Mode::Cookie).await;
        let body = match end {
            Some(end) => json!({ "endOtherSessions": end }),
            None => json!({}),
        };
        let request = Req::post("/auth/recoverycode/generate").json(&body);
        assert_eq!(ada.send(&app, request).await.json()["status"], "OK");
        assert_eq!(is_signed_in(&app, &other).await, end != Some(true), "{end:?}");
    }
    let other = sign_in(&app, Mode::Header).await;
    let remove = |name: &Value| {
        let body = json!({ "deviceName": name, "endOtherSessions": true });
        Req::post("/auth/totp/device/remove").json(&body)
    };
    ada.send(&app, remove(&json!("no such device"))).await;
    assert!(is_signed_in(&app, &other).await, "nothing was changed");
    let reply = ada.send(&app, remove(&name)).await;
    reply.expect(200, &json!({ "status": "OK", "didDeviceExist": true }));
    assert!(!is_signed_in(&app, &other).await && is_signed_in(&app, &ada).await);
}

async fn the_owner_is_told_that_a_factor_was_changed(harness: Harness) {
    for sends in [true, false] {
        let (mailbox, mut mails) = Mailbox::new();
        let setup = Setup::new().recipes(move |builder: AuthBuilder| {
            let mfa = MultiFactorAuthRecipe::new().factor_changed_mails(sends);
            builder
                .recipe(EmailPasswordRecipe::new())
                .recipe(mfa.email_delivery(mailbox))
                .recipe(TotpRecipe::new())
                .recipe(RecoveryCodeRecipe::new())
        });
        let app = harness.start(setup).await;
        let mut ada = sign_up(&app, Mode::Header, "/auth/signup").await.0;
        // One that was never verified is no factor.
        let unused = first_code(&app, &mut ada).await;
        let remove = |name: &Value| {
            Req::post("/auth/totp/device/remove").json(&json!({ "deviceName": name }))
        };
        ada.send(&app, remove(&unused["deviceName"])).await;
        let body = first_code(&app, &mut ada).await;
        ada.send(&app, Req::post("/auth/totp/device/verify").json(&body)).await;
        if sends {
            let added = mails.recv().await.expect("a mail");
            assert_eq!((added.type_name(), added.to()), ("FACTOR_CHANGED", EMAIL));
            let told = added.get::<FactorChangedEmail>().expect("what it tells");
            assert_eq!((&told.factor_id, told.change), (&FactorId::TOTP, FactorChange::Added));
            let link = added.link().map(Secret::expose_secret);
            let page = "https://www.example.com/auth/reset-password?tenantId=public";
            assert_eq!(link, Some(page));
        }
        ada.send(&app, Req::post("/auth/recoverycode/generate").json(&json!({}))).await;
        if sends {
            let renewed = mails.recv().await.expect("a mail");
            let told = renewed.get::<FactorChangedEmail>().expect("what it tells");
            let wanted = (&FactorId::RECOVERY_CODE, FactorChange::Renewed);
            assert_eq!((&told.factor_id, told.change), wanted);
        }
        ada.send(&app, remove(&body["deviceName"])).await;
        if sends {
            let removed = mails.recv().await.expect("a mail");
            let told = removed.get::<FactorChangedEmail>().expect("what it tells");
            assert_eq!((&told.factor_id, told.change), (&FactorId::TOTP, FactorChange::Removed));
        }
        app.auth.shutdown().await;
        assert!(mails.try_recv().is_err());
    }
}
