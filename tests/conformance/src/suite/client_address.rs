//! Where a request comes from: the socket, unless proxies are trusted.

use auth_core::{
    Context, Error, ForwardingHeader, Result, TrustedProxies,
    recipes::emailpassword::{
        EmailPasswordApis, EmailPasswordApisOverride, EmailPasswordRecipe, SignInPostInput,
        SignInPostOutcome,
    },
};
use serde_json::json;

use super::{
    cases,
    support::{EMAIL, PASSWORD, form},
};
use crate::{App, Harness, Setup, client::Req};

cases! {
    "ext-client-address" => a_request_comes_from_its_socket_whatever_its_headers_say,
    "ext-client-address" => behind_one_proxy_the_rightmost_address_counts,
    "ext-client-address" => behind_known_networks_the_first_stranger_from_the_right_counts,
}

/// What clients and proxies write into the headers; the last is what the nearest proxy appends.
const WRITTEN: [(&str, &str); 5] = [
    ("x-forwarded-for", "198.51.100.1"),
    ("x-real-ip", "198.51.100.2"),
    ("forwarded", "for=\"198.51.100.3, for=198.51.100.4"),
    ("x-forwarded-for", "198.51.100.5, 192.0.2.7:4711"),
    ("forwarded", "for=198.51.100.6, for=\"[2001:db8::7]:4711\";proto=https"),
];

/// Shows an override's view to the client.
struct Shown;

impl EmailPasswordApisOverride for Shown {
    async fn sign_in_post(
        &self,
        _original: &EmailPasswordApis,
        cx: &Context,
        _input: SignInPostInput,
    ) -> Result<SignInPostOutcome> {
        let address = cx.client_address().map(|address| address.to_string());
        Err(Error::general(address.unwrap_or_else(|| "nowhere".to_owned())))
    }
}

async fn start(harness: &Harness, proxies: Option<TrustedProxies>) -> App {
    let setup = Setup::new().recipes(move |builder| {
        let builder = builder.recipe(EmailPasswordRecipe::new().override_apis(Shown));
        match proxies {
            Some(proxies) => builder.trusted_proxies(proxies),
            None => builder,
        }
    });
    harness.start(setup).await
}

/// Asks an override of a sign-in route and a route of the application.
#[track_caller]
fn expect_address(app: &App, wanted: &'static str) -> impl Future<Output = ()> {
    let written = |request: Req| {
        WRITTEN.iter().fold(request, |request, (name, value)| request.header(name, *value))
    };
    async move {
        let reply = app.send(written(Req::get("/client-address"))).await;
        assert_eq!((reply.status, reply.json()), (200, json!(wanted)), "{reply:?}");
        let sign_in = Req::post("/auth/signin").json(&form(EMAIL, PASSWORD));
        let message = json!({ "status": "GENERAL_ERROR", "message": wanted });
        app.send(written(sign_in)).await.expect(200, &message);
    }
}

async fn a_request_comes_from_its_socket_whatever_its_headers_say(harness: Harness) {
    let app = start(&harness, None).await;
    expect_address(&app, "127.0.0.1").await;
    let app = start(&harness, Some(TrustedProxies::networks(["10.0.0.0/8"]))).await;
    expect_address(&app, "127.0.0.1").await;
}

async fn behind_one_proxy_the_rightmost_address_counts(harness: Harness) {
    let app = start(&harness, Some(TrustedProxies::count(1))).await;
    expect_address(&app, "192.0.2.7").await;
    let proxies = TrustedProxies::count(1).header(ForwardingHeader::Forwarded);
    let app = start(&harness, Some(proxies)).await;
    expect_address(&app, "2001:db8::7").await;
}

async fn behind_known_networks_the_first_stranger_from_the_right_counts(harness: Harness) {
    let proxies = TrustedProxies::networks(["127.0.0.0/8", "192.0.2.0/24"]);
    let app = start(&harness, Some(proxies)).await;
    expect_address(&app, "198.51.100.5").await;
}
