//! Connections of several requests, of other protocols, and of clients that hang up.

use auth_core::GetUserCountInput;
use serde_json::json;

use super::{
    cases,
    support::{EMAIL, PASSWORD, form, sign_up, start_email_password},
};
use crate::{
    Harness,
    app::checksum,
    client::{Mode, Req},
};

cases! {
    "http-connection" => one_connection_serves_requests_of_every_kind_one_after_another,
    "http-connection" => a_body_that_a_route_does_not_read_is_not_taken_for_the_next_request,
    "http-connection" => pipelined_requests_are_answered_in_their_order,
    "http-2" => http_2_gets_the_same_answers_as_http_1,
    "http-client" => a_client_that_hangs_up_half_way_signs_nobody_up_and_disturbs_nobody,
    "http-client" => a_handler_learns_that_its_client_hung_up,
}

async fn one_connection_serves_requests_of_every_kind_one_after_another(harness: Harness) {
    let app = start_email_password(&harness).await;
    let front_end = app.sign_in(Mode::Cookie).await;
    let mut connection = app.connect().await;
    for _ in 0..3 {
        let requests = [
            (front_end.with_tokens(Req::get("/sessioninfo")), 200),
            (Req::get("/sessioninfo"), 401),
            (Req::post("/auth/signin").json(&form(EMAIL, PASSWORD)), 200),
            (Req::post("/auth/signin").body("{"), 400),
            (Req::post("/echo").body("as it is"), 200),
            (Req::post("/upload").body("as it is"), 200),
            (Req::get("/auth/jwt/jwks.json"), 200),
            (Req::post("/raise/internal"), 500),
            (Req::get("/nowhere"), 404),
        ];
        for (request, status) in requests {
            let reply = connection.send(&request).await;
            assert_eq!(reply.status, status, "{request:?}: {reply:?}");
        }
    }
}

async fn a_body_that_a_route_does_not_read_is_not_taken_for_the_next_request(harness: Harness) {
    let app = harness.start_default().await;
    let smuggled = "POST /raise/internal HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n";
    for path in ["/auth/session/refresh", "/auth/signout", "/sessioninfo"] {
        let mut connection = app.connect().await;
        let reply = connection.send(&Req::post(path).body(smuggled)).await;
        reply.expect_message(401, "unauthorised");
        // A server may also hang up in place of reading on.
        connection.write(&Req::get("/auth/not-a-route").to_bytes()).await;
        if let Some(reply) = connection.reply("GET").await {
            assert_eq!((reply.status, &*reply.body), (200, &b""[..]), "{path}");
        }
    }
}

async fn pipelined_requests_are_answered_in_their_order(harness: Harness) {
    let app = start_email_password(&harness).await;
    let token = app.sign_in(Mode::Header).await.access_token();
    let requests = [
        (Req::post("/auth/signin").json(&form(EMAIL, PASSWORD)), 200),
        (Req::get("/sessioninfo").bearer(&token), 200),
        (Req::get("/sessioninfo"), 401),
        (Req::post("/echo").body("one"), 200),
        (Req::post("/auth/signup").body("{"), 400),
        (Req::post("/echo").body("two"), 200),
    ];
    let bytes: Vec<u8> = requests.iter().flat_map(|(request, _)| request.to_bytes()).collect();
    let mut connection = app.connect().await;
    connection.write(&bytes).await;
    let mut replies = Vec::new();
    for (request, status) in &requests {
        let reply = connection.reply(&request.method).await.expect("a response");
        assert_eq!(reply.status, *status, "{request:?}: {reply:?}");
        replies.push(reply);
    }
    assert_eq!(replies[0].json()["status"], "WRONG_CREDENTIALS_ERROR");
    assert_eq!(replies[1].json()["userId"], "ada");
    assert_eq!((replies[3].text(), replies[5].text()), ("one", "two"));
}

async fn http_2_gets_the_same_answers_as_http_1(harness: Harness) {
    if !harness.has_http2() {
        return;
    }
    let app = start_email_password(&harness).await;
    let (mut front_end, _) = sign_up(&app, Mode::Cookie, "/auth/signup").await;
    let request = Req::post("/auth/signin").json(&form(EMAIL, PASSWORD));
    let reply = app.send_http2(&front_end.prepare(request)).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    assert_eq!(reply.cookies().len(), 2, "{reply:?}");
    front_end.keep(&reply);

    let reply = app.send_http2(&front_end.with_tokens(Req::get("/sessioninfo"))).await;
    assert_eq!(reply.json()["sessionHandle"], front_end.handle());
    // Clients may send each cookie by itself (RFC 9113 section 8.2.3).
    let token = front_end.access_token();
    let crumbs = Req::get("/sessioninfo").cookie("a=1").cookie(format!("sAccessToken={token}"));
    assert_eq!(app.send_http2(&crumbs.cookie("b=2")).await.status, 200);

    let refresh = front_end.prepare(Req::post("/auth/session/refresh"));
    let reply = app.send_http2(&refresh).await;
    reply.expect(200, &json!({}));
    assert_eq!(reply.cookies().len(), 2, "{reply:?}");
    app.send_http2(&Req::get("/sessioninfo")).await.expect_message(401, "unauthorised");
    let reply = app.send_http2(&Req::post("/upload").body("by HTTP/2")).await;
    reply.expect(200, &json!({ "bytes": 9, "checksum": checksum(b"by HTTP/2") }));
}

async fn a_client_that_hangs_up_half_way_signs_nobody_up_and_disturbs_nobody(harness: Harness) {
    let app = start_email_password(&harness).await;
    let body = form(EMAIL, PASSWORD).to_string();
    let head = format!(
        "POST /auth/signup HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        body.len() + 1
    );
    for sent in [&head[..20], &head, &format!("{head}{body}")] {
        let mut connection = app.connect().await;
        connection.write(sent.as_bytes()).await;
        connection.hang_up().await;
        if let Some(reply) = connection.reply("POST").await {
            assert!((400..500).contains(&reply.status), "{reply:?}");
        }
        assert_eq!(app.auth.get_user_count(GetUserCountInput::new()).await.expect("a count"), 0);
    }
    sign_up(&app, Mode::Header, "/auth/signup").await;
}

async fn a_handler_learns_that_its_client_hung_up(harness: Harness) {
    let app = harness.start_default().await;
    let mut connection = app.connect().await;
    let request = "POST /upload HTTP/1.1\r\nhost: a\r\ncontent-length: 32\r\n\r\n";
    connection.write(format!("{request}the first piece,").as_bytes()).await;
    app.probe.uploaded(16).await;
    drop(connection);
    app.probe.aborted(1).await;
    assert_eq!(app.send(Req::post("/upload").body("whole")).await.status, 200);
}
