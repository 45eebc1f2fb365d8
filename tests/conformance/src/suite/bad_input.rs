//! What no well-behaved client sends.

use auth_core::recipes::emailpassword::EmailPasswordRecipe;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::cases;
use crate::{
    App, Harness, Setup,
    client::{Mode, Req},
};

cases! {
    "fdi-5.3" => malformed_bodies_get_400_and_large_ones_413,
    "fdi-2.4-7" => forged_tokens_never_open_a_route,
    "fdi-5.1" => a_request_of_the_application_passes_on_unread,
}

async fn start(harness: &Harness) -> App {
    let add = |builder: auth_core::AuthBuilder| builder.recipe(EmailPasswordRecipe::new());
    harness.start(Setup::new().recipes(add)).await
}

async fn malformed_bodies_get_400_and_large_ones_413(harness: Harness) {
    let app = start(&harness).await;
    let bodies: [&[u8]; 8] = [
        b"{",
        b"[]",
        b"1",
        b"\"a\"",
        b"\xff\xfe",
        b"{\"formFields\":1}",
        b"{\"formFields\":[1]}",
        b"",
    ];
    for path in ["/auth/signup", "/auth/signin", "/auth/user/password/reset/token"] {
        for body in bodies {
            let reply = app.send(Req::post(path).body(body)).await;
            assert_eq!(reply.status, 400, "{path} {body:?}: {reply:?}");
        }
        let reply = app.send(Req::post(path).body(vec![b' '; 64 * 1024 + 1])).await;
        assert_eq!(reply.status, 413, "{path}: {reply:?}");
    }
}

async fn forged_tokens_never_open_a_route(harness: Harness) {
    let app = harness.start_default().await;
    let other = harness.start_default().await;
    let token = app.sign_in(Mode::Header).await.access_token();
    let foreign = other.sign_in(Mode::Header).await.access_token();
    let (signed, _) = token.rsplit_once('.').expect("three parts");
    let (_, payload) = signed.split_once('.').expect("three parts");
    let header = |alg: &str| {
        let kid = &crate::client::jwt_header(&token)["kid"];
        let text = format!(r#"{{"alg":"{alg}","typ":"JWT","version":"5","kid":{kid}}}"#);
        BASE64_URL_SAFE_NO_PAD.encode(text)
    };
    let forged = [
        foreign,
        format!("{signed}."),
        format!("{signed}.AAAA"),
        format!("{}.{payload}.", header("none")),
        format!("{}.{payload}.AAAA", header("HS256")),
        token[..token.len() - 2].to_owned(),
        format!("{token}A"),
        "a".repeat(7000),
        "..".to_owned(),
    ];
    for token in forged {
        for path in ["/sessioninfo", "/session-check-db"] {
            let reply = app.send(Req::get(path).bearer(&token)).await;
            assert_eq!(reply.status, 401, "{token}: {reply:?}");
        }
    }
    let reply = app.send(Req::get("/sessioninfo").bearer(&token)).await;
    assert_eq!(reply.status, 200, "the real one works");
}

async fn a_request_of_the_application_passes_on_unread(harness: Harness) {
    let app = start(&harness).await;
    let body: Vec<u8> = (0..1024 * 1024_u32).map(|number| number.to_le_bytes()[0]).collect();
    let reply = app.send(Req::post("/echo").body(body.clone())).await;
    assert_eq!(reply.status, 200);
    assert!(reply.body == body, "the body came back changed");
}
