//! Accounts whose passkeys are lost, recovered by a mailed link.

use auth_core::{
    delivery::Email,
    recipes::{
        accountlinking::AutomaticLinking,
        multifactorauth::FactorId,
        multitenancy::CreateOrUpdateTenantInput,
        webauthn::{UpdateUserEmailInput, UpdateUserEmailOutcome},
    },
};
use serde_json::{Value, json};
use test_passkeys::Device;
use tokio::sync::mpsc::UnboundedReceiver;

use super::{
    cases,
    passkey_accounts::{
        UNVERIFIED, VERIFIED, later_than_the_one_before, one_more, proved, start, status, text,
        with_others,
    },
    passkeys::{PAGE, SIGN_UP, ada, answer, sign_in_by, to_make, to_make_for, to_use},
    support::{EMAIL, PASSWORD, form, lines, sign_up},
    tenants::set,
};
use crate::{
    App, Harness,
    client::{Mode, Reply, Req},
};

cases! {
    "fdi-1.9-5" => an_unknown_address_gets_the_same_answer_and_no_recovery_mail,
    "fdi-1.9-5" => the_recovery_link_leads_to_the_website_s_page,
    "fdi-1.9-5" => no_recovery_opens_an_unproved_account_that_has_another_way_in,
    "fdi-1.9-6" => a_recovery_token_is_of_no_use_once_there_is_another_way_in_that_is_unproved,
    "fdi-1.9-6" => who_lost_a_passkey_makes_another_by_the_mailed_link,
    "fdi-1.9-6" => a_mistake_does_not_use_up_the_recovery_token,
    "fdi-1.9-6" => a_recovery_token_runs_out_and_is_its_tenant_s,
    "fdi-1.9-6" => a_recovery_token_is_of_no_use_once_the_address_is_another,
    "fdi-1.9-6" => who_has_proved_the_address_otherwise_gets_a_passkey_by_recovery,
}

const ASK: &str = "/auth/user/webauthn/reset/token";
const RECOVER: &str = "/auth/user/webauthn/reset";

/// The token of the next mailed link.
pub(super) async fn token(mails: &mut UnboundedReceiver<Email>) -> String {
    let mail = mails.recv().await.expect("a mail");
    assert_eq!((mail.type_name(), mail.to()), ("RECOVER_ACCOUNT", EMAIL));
    let link = mail.link().expect("a link").expose_secret().to_owned();
    let (_, query) = link.split_once("?token=").expect("a token");
    query.split('&').next().expect("a token").to_owned()
}

pub(super) async fn ask(app: &App, email: &str) -> Reply {
    app.send(Req::post(ASK).json(&json!({ "email": email }))).await
}

/// Makes a passkey by a recovery token, or tries to.
pub(super) async fn recover(app: &App, token: &str, device: &mut Device) -> Reply {
    later_than_the_one_before(app);
    let options = to_make(app, &json!({ "recoverAccountToken": token }), None).await;
    let mut body = answer(&options, device.make(&options).await);
    body["token"] = json!(token);
    app.send(Req::post(RECOVER).json(&body)).await
}

async fn an_unknown_address_gets_the_same_answer_and_no_recovery_mail(harness: Harness) {
    let (app, mut mails) = start(&harness).await;
    ada(&app, Mode::Header).await;
    let mut headers = Vec::new();
    for email in
        ["other@example.com", "x@google.fakeemail.com", "not an address", " ADA@example.com "]
    {
        let reply = ask(&app, email).await;
        reply.expect(200, &status("OK"));
        reply.expect_tokens_untouched();
        headers.push(lines(&reply));
    }
    assert!(headers.iter().all(|lines| *lines == headers[0]), "{headers:?}");
    token(&mut mails).await;
    app.auth.shutdown().await;
    assert!(mails.try_recv().is_err(), "one mail, to the one that is there");
}

async fn the_recovery_link_leads_to_the_website_s_page(harness: Harness) {
    let (app, mut mails) = start(&harness).await;
    ada(&app, Mode::Header).await;
    ask(&app, EMAIL).await.expect(200, &status("OK"));
    let mail = mails.recv().await.expect("a mail");
    let link = mail.link().expect("a link").expose_secret().to_owned();
    let query = link.strip_prefix("https://www.example.com/auth/webauthn/recover?token=");
    let token = query.and_then(|query| query.strip_suffix("&tenantId=public"));
    assert!(token.is_some_and(|token| token.len() >= 43), "{link}");
}

async fn no_recovery_opens_an_unproved_account_that_has_another_way_in(harness: Harness) {
    let (setup, _) = with_others(UNVERIFIED);
    let app = harness.start(setup).await;
    let (mut stranger, _) = sign_up(&app, Mode::Header, "/auth/signup").await;
    app.advance_secs(1);
    let options = to_make_for(&app, EMAIL).await;
    let mut body = answer(&options, Device::on(PAGE).make(&options).await);
    body["shouldTryLinkingWithSessionUser"] = json!(true);
    let reply = stranger.send(&app, Req::post(SIGN_UP).json(&body)).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    let reason = "Recover account link was not created because of account take over risk. Please \
        contact support. (ERR_CODE_001)";
    let refused = json!({ "status": "RECOVER_ACCOUNT_NOT_ALLOWED", "reason": reason });
    ask(&app, EMAIL).await.expect(200, &refused);
}

async fn a_recovery_token_is_of_no_use_once_there_is_another_way_in_that_is_unproved(
    harness: Harness,
) {
    let (setup, mut mails) = with_others(UNVERIFIED);
    let app = harness.start(setup).await;
    let (mut stranger, _) = ada(&app, Mode::Header).await;
    ask(&app, EMAIL).await.expect(200, &status("OK"));
    let token = token(&mut mails).await;
    app.advance_secs(1);
    let mut body = form(EMAIL, PASSWORD);
    body["shouldTryLinkingWithSessionUser"] = json!(true);
    let reply = stranger.send(&app, Req::post("/auth/signup").json(&body)).await;
    assert_eq!(reply.json()["user"]["loginMethods"].as_array().map(Vec::len), Some(2), "{reply:?}");
    let reply = recover(&app, &token, &mut Device::on(PAGE)).await;
    reply.expect(200, &status("RECOVER_ACCOUNT_TOKEN_INVALID_ERROR"));
}

async fn who_lost_a_passkey_makes_another_by_the_mailed_link(harness: Harness) {
    let (app, mut mails) = start(&harness).await;
    let (front_end, _) = ada(&app, Mode::Header).await;
    ask(&app, EMAIL).await.expect(200, &status("OK"));
    let token = token(&mut mails).await;
    let mut device = Device::on(PAGE);
    let options = to_make(&app, &json!({ "recoverAccountToken": token }), None).await;
    assert_eq!(options["user"]["name"], EMAIL);
    let reply = recover(&app, &token, &mut device).await;
    reply.expect(200, &status("OK"));
    reply.expect_tokens_untouched();
    // Whoever has the lost one is signed out.
    let refreshed = app.send(front_end.with_tokens(Req::post("/auth/session/refresh"))).await;
    assert_eq!(refreshed.status, 401, "{refreshed:?}");
    for mode in Mode::BOTH {
        let mut other = app.front_end(mode);
        let reply = sign_in_by(&app, &mut other, &mut device).await;
        assert_eq!(reply.json()["status"], "OK", "{reply:?}");
        assert_eq!(other.payload()["sub"], front_end.payload()["sub"]);
    }
    let body = json!({ "recoverAccountToken": token });
    let reply = app.send(Req::post("/auth/webauthn/options/register").json(&body)).await;
    reply.expect(200, &status("RECOVER_ACCOUNT_TOKEN_INVALID_ERROR"));
    let mut body = one_more(&app, &front_end, &mut Device::on(PAGE), EMAIL).await;
    for token in [&*token, "", "x", "\0"] {
        body["token"] = json!(token);
        let reply = app.send(Req::post(RECOVER).json(&body)).await;
        reply.expect(200, &status("RECOVER_ACCOUNT_TOKEN_INVALID_ERROR"));
    }
}

async fn a_mistake_does_not_use_up_the_recovery_token(harness: Harness) {
    let (app, mut mails) = start(&harness).await;
    let (front_end, mut device) = ada(&app, Mode::Header).await;
    ask(&app, EMAIL).await;
    let token = token(&mut mails).await;
    let try_with = async |mut body: Value| {
        body["token"] = json!(token);
        app.send(Req::post(RECOVER).json(&body)).await
    };
    let eve = one_more(&app, &front_end, &mut Device::on(PAGE), "eve@example.com").await;
    try_with(eve).await.expect(200, &status("INVALID_OPTIONS_ERROR"));
    let options = to_use(&app, None).await;
    let used = answer(&options, device.sign(&options).await);
    try_with(used).await.expect(200, &status("INVALID_OPTIONS_ERROR"));
    let mut unread = one_more(&app, &front_end, &mut Device::on(PAGE), EMAIL).await;
    unread["credential"]["response"] = json!(null);
    try_with(unread.clone()).await.expect(200, &status("INVALID_CREDENTIALS_ERROR"));
    unread["webauthnGeneratedOptionsId"] = json!("x");
    try_with(unread).await.expect(200, &status("OPTIONS_NOT_FOUND_ERROR"));
    let late = one_more(&app, &front_end, &mut Device::on(PAGE), EMAIL).await;
    app.advance_secs(61);
    try_with(late).await.expect(200, &status("INVALID_OPTIONS_ERROR"));
    recover(&app, &token, &mut Device::on(PAGE)).await.expect(200, &status("OK"));
}

async fn a_recovery_token_runs_out_and_is_its_tenant_s(harness: Harness) {
    let (app, mut mails) = start(&harness).await;
    let (front_end, _) = ada(&app, Mode::Header).await;
    set(&app, CreateOrUpdateTenantInput::new("acme").first_factors([FactorId::WEBAUTHN])).await;
    ask(&app, EMAIL).await;
    let first = token(&mut mails).await;
    let there = format!("/auth/acme{}", RECOVER.trim_start_matches("/auth"));
    let mut body = one_more(&app, &front_end, &mut Device::on(PAGE), EMAIL).await;
    body["token"] = json!(first);
    let invalid = status("RECOVER_ACCOUNT_TOKEN_INVALID_ERROR");
    app.send(Req::post(&there).json(&body)).await.expect(200, &invalid);
    app.advance_secs(3601);
    let mut body = one_more(&app, &front_end, &mut Device::on(PAGE), EMAIL).await;
    body["token"] = json!(first);
    app.send(Req::post(RECOVER).json(&body)).await.expect(200, &invalid);
}

async fn a_recovery_token_is_of_no_use_once_the_address_is_another(harness: Harness) {
    let (app, mut mails) = start(&harness).await;
    let (front_end, _) = ada(&app, Mode::Header).await;
    ask(&app, EMAIL).await;
    let token = token(&mut mails).await;
    let id = text(&front_end.payload(), "/rsub").to_owned();
    let webauthn = app.auth.webauthn().expect("in the list");
    let update = UpdateUserEmailInput::new(id, "ada@example.org");
    let updated = webauthn.update_user_email(update).await.expect("answered");
    assert_eq!(updated, UpdateUserEmailOutcome::Ok);
    let mail = mails.recv().await.expect("a mail");
    assert_eq!((mail.type_name(), mail.to()), ("EMAIL_CHANGED", EMAIL));
    let mut body = one_more(&app, &front_end, &mut Device::on(PAGE), EMAIL).await;
    body["token"] = json!(token);
    let reply = app.send(Req::post(RECOVER).json(&body)).await;
    reply.expect(200, &status("RECOVER_ACCOUNT_TOKEN_INVALID_ERROR"));
}

async fn who_has_proved_the_address_otherwise_gets_a_passkey_by_recovery(harness: Harness) {
    let (setup, mut mails) = with_others(VERIFIED);
    let app = harness.start(setup).await;
    let user_id = proved(&app).await;
    ask(&app, EMAIL).await.expect(200, &status("OK"));
    let token = token(&mut mails).await;
    let mut device = Device::on(PAGE);
    recover(&app, &token, &mut device).await.expect(200, &status("OK"));
    let reply = sign_in_by(&app, &mut app.front_end(Mode::Header), &mut device).await;
    let user = &reply.json()["user"];
    assert_eq!(user["id"], json!(user_id));
    let methods = user["loginMethods"].as_array().expect("methods");
    assert!(methods.len() == 2 && methods.iter().all(|method| method["verified"] == true));

    // Nothing is linked where the application doesn't want it, so that there is nobody to recover.
    let (setup, mut mails) = with_others(AutomaticLinking::No);
    let app = harness.start(setup).await;
    proved(&app).await;
    ask(&app, EMAIL).await.expect(200, &status("OK"));
    app.auth.shutdown().await;
    assert!(mails.try_recv().is_err());
}
