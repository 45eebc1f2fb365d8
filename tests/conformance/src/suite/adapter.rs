//! What only an adapter can break: bodies, connections, paths, odd clients and handlers.

use auth_core::{
    AppInfo,
    recipes::session::{SessionApi, TokenType},
};
use serde_json::json;

use super::{
    cases,
    support::{EMAIL, PASSWORD, form, sign_up, start_email_password, with_email_password},
};
use crate::{
    App, Harness, Setup,
    app::checksum,
    client::{Mode, Req},
};

cases! {
    "http-body-in" => an_upload_reaches_the_handler_piece_by_piece,
    "http-body-in" => an_upload_in_chunks_reaches_the_handler_piece_by_piece,
    "http-body-in" => an_upload_of_50_mb_passes_on_untouched,
    "http-body-in" => a_body_of_any_bytes_passes_on_untouched,
    "http-body-out" => the_pieces_of_an_answer_are_sent_as_they_come,
    "http-connection" => one_connection_serves_requests_of_every_kind_one_after_another,
    "http-connection" => a_body_that_a_route_does_not_read_is_not_taken_for_the_next_request,
    "http-connection" => pipelined_requests_are_answered_in_their_order,
    "http-2" => http_2_gets_the_same_answers_as_http_1,
    "http-method" => head_checks_the_session_and_answers_without_a_body,
    "http-method" => a_method_that_no_route_has_passes_on_to_the_application,
    "http-headers" => cookies_may_come_in_several_header_lines,
    "http-headers" => hundreds_of_values_are_neither_lost_nor_reordered,
    "http-headers" => a_header_of_bytes_that_are_no_text_disturbs_nothing,
    "http-client" => a_client_that_hangs_up_half_way_signs_nobody_up_and_disturbs_nobody,
    "http-client" => a_handler_learns_that_its_client_hung_up,
    "http-handler" => a_handler_that_panics_harms_its_own_request_only,
    "http-mount" => an_application_below_a_prefix_works_with_its_whole_paths,
    "http-mount" => below_a_prefix_a_check_on_the_refresh_path_refreshes,
    "http-mount" => two_handles_in_one_process_know_nothing_of_each_other,
}

/// 16 bytes each: Rocket looks at a body's first 14 before it asks a handler.
const PIECES: [&str; 2] = ["the first piece,", "the other piece."];

async fn an_upload_reaches_the_handler_piece_by_piece(harness: Harness) {
    let app = harness.start_default().await;
    let token = app.sign_in(Mode::Header).await.access_token();
    let mut seen = 0;
    for path in ["/upload", "/upload/with-session"] {
        let mut connection = app.connect().await;
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {token}\r\n\
             content-length: 32\r\n\r\n"
        );
        connection.write(head.as_bytes()).await;
        for piece in PIECES {
            connection.write(piece.as_bytes()).await;
            seen += 16;
            app.probe.uploaded(seen).await;
        }
        let reply = connection.reply("POST").await.expect("a response");
        let checksum = checksum(PIECES.concat().as_bytes());
        reply.expect(200, &json!({ "bytes": 32, "checksum": checksum }));
    }
}

async fn an_upload_in_chunks_reaches_the_handler_piece_by_piece(harness: Harness) {
    let app = harness.start_default().await;
    let mut connection = app.connect().await;
    let head = "POST /upload HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
    connection.write(head.as_bytes()).await;
    for (piece, seen) in PIECES.into_iter().zip([16, 32]) {
        connection.write(format!("10\r\n{piece}\r\n").as_bytes()).await;
        app.probe.uploaded(seen).await;
    }
    connection.write(b"0\r\n\r\n").await;
    let reply = connection.reply("POST").await.expect("a response");
    let checksum = checksum(PIECES.concat().as_bytes());
    reply.expect(200, &json!({ "bytes": 32, "checksum": checksum }));
}

async fn an_upload_of_50_mb_passes_on_untouched(harness: Harness) {
    let app = harness.start_default().await;
    let line: Vec<u8> = (0..250).collect();
    let body = line.repeat(200_000);
    let expected = json!({ "bytes": 50_000_000, "checksum": checksum(&body) });
    app.send(Req::post("/upload").body(body)).await.expect(200, &expected);
}

async fn a_body_of_any_bytes_passes_on_untouched(harness: Harness) {
    let app = start_email_password(&harness).await;
    let body: Vec<u8> = (0..=255).collect();
    let types = ["application/octet-stream", "application/json", "text/plain; charset=latin1"];
    for content_type in types {
        let request = Req::post("/echo").header("content-type", content_type);
        let reply = app.send(request.body(body.clone())).await;
        assert_eq!((reply.status, &reply.body), (200, &body), "{content_type}");
    }
    // The path of a route by a method that it doesn't have is the application's.
    let reply = app.send(Req::new("PUT", "/auth/signin").body(body)).await;
    assert!([404, 405].contains(&reply.status), "{reply:?}");
}

async fn the_pieces_of_an_answer_are_sent_as_they_come(harness: Harness) {
    let app = harness.start_default().await;
    let mut connection = app.connect().await;
    connection.write(&Req::get("/pieces").to_bytes()).await;
    app.probe.release_piece();
    let reply = connection.head_of_chunked().await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(connection.chunk().await, Some(Some(b"one".to_vec())));
    for piece in ["two", "three"] {
        app.probe.release_piece();
        assert_eq!(connection.chunk().await, Some(Some(piece.into())));
    }
    assert_eq!(connection.chunk().await, Some(None));
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

async fn head_checks_the_session_and_answers_without_a_body(harness: Harness) {
    let app = harness.start_default().await;
    let token = app.sign_in(Mode::Header).await.access_token();
    for (request, status) in [
        (Req::new("HEAD", "/any-method").bearer(&token), 200),
        (Req::new("HEAD", "/any-method"), 401),
    ] {
        let mut connection = app.connect().await;
        let reply = connection.send(&request).await;
        assert_eq!(reply.status, status, "{reply:?}");
        // A body would be taken for the beginning of the next response.
        let reply = connection.send(&Req::post("/echo").body("next")).await;
        assert_eq!((reply.status, reply.text()), (200, "next"), "{request:?}");
    }
}

async fn a_method_that_no_route_has_passes_on_to_the_application(harness: Harness) {
    let app = start_email_password(&harness).await;
    for (method, path) in [
        ("GET", "/auth/signin"),
        ("OPTIONS", "/auth/signin"),
        ("HEAD", "/auth/signin"),
        ("HEAD", "/auth/jwt/jwks.json"),
        ("OPTIONS", "/auth/session/refresh"),
        ("GET", "/auth/signout"),
        ("PROPFIND", "/auth/signin"),
        ("PROPFIND", "/nowhere"),
    ] {
        let reply = app.send(Req::new(method, path)).await;
        assert!((400..500).contains(&reply.status), "{method} {path}: {reply:?}");
        reply.expect_tokens_untouched();
    }
    let reply = app.send(Req::get("/auth/not-a-route").header("rid", "emailpassword")).await;
    assert_eq!(reply.status, 200, "the application's own route below the base path");
}

async fn cookies_may_come_in_several_header_lines(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Cookie).await;
    let access = format!("sAccessToken={}", front_end.access_token());
    let refresh = format!("sRefreshToken={}", front_end.refresh_token());
    let lines = |path: &str| Req::get(path).cookie("a=1; b=2").cookie("c=3");
    let reply = app.send(lines("/sessioninfo").cookie(access.as_str()).cookie("d=4")).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let reply = app.send(lines("/sessioninfo").cookie(access.as_str()).cookie(access)).await;
    reply.expect_message(401, "try refresh token");
    let request = Req::post("/auth/session/refresh").cookie("a=1").cookie(refresh).cookie("b=2");
    app.send(request).await.expect(200, &json!({}));
}

async fn hundreds_of_values_are_neither_lost_nor_reordered(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Cookie).await;
    let mut cookies: Vec<String> =
        (0..200).map(|number| format!("own-{number}={number}")).collect();
    cookies.push(format!("sAccessToken={}", front_end.access_token()));
    let line = cookies.join("; ");
    let request = Req::get("/sessioninfo").cookie(line).header("x-many", "1, ".repeat(200));
    let request = (0..60).fold(request, |request, number| request.header("x-own", [number + 48]));
    assert_eq!(app.send(request).await.status, 200);

    let request = Req::get("/many-headers").header("st-auth-mode", "cookie");
    let reply = app.send(request).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let numbers: Vec<String> = (0..200).map(|number| number.to_string()).collect();
    assert_eq!(reply.header_values("x-many"), numbers);
    let cookies = reply.cookies();
    assert_eq!(cookies.len(), 202, "those of the session are added");
    let own: Vec<&str> = cookies
        .iter()
        .filter(|cookie| cookie.name.starts_with("own-"))
        .map(|cookie| cookie.value.as_str())
        .collect();
    assert_eq!(own, numbers);
}

async fn a_header_of_bytes_that_are_no_text_disturbs_nothing(harness: Harness) {
    let app = start_email_password(&harness).await;
    let token = app.sign_in(Mode::Header).await.access_token();
    for name in ["x-own", "rid", "st-auth-mode", "anti-csrf", "fdi-version", "cookie"] {
        let odd = |request: Req| request.header(name, *b"\xff\xfe\x80");
        let reply = app.send(odd(Req::get("/sessioninfo").bearer(&token))).await;
        assert_eq!(reply.status, 200, "{name}: {reply:?}");
        let reply = app.send(odd(Req::post("/auth/signin").json(&form(EMAIL, PASSWORD)))).await;
        reply.expect(200, &json!({ "status": "WRONG_CREDENTIALS_ERROR" }));
    }
    let reply = app.send(Req::get("/sessioninfo").header("authorization", *b"Bearer \xff")).await;
    reply.expect_message(401, "unauthorised");
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
        assert_eq!(app.auth.get_user_count(None, None).await.expect("a count"), 0);
    }
    sign_up(&app, Mode::Header, "/auth/signup").await;
}

async fn a_handler_learns_that_its_client_hung_up(harness: Harness) {
    let app = harness.start_default().await;
    let mut connection = app.connect().await;
    let request = "POST /upload HTTP/1.1\r\nhost: a\r\ncontent-length: 32\r\n\r\n";
    connection.write(format!("{request}{}", PIECES[0]).as_bytes()).await;
    app.probe.uploaded(16).await;
    drop(connection);
    app.probe.aborted(1).await;
    assert_eq!(app.send(Req::post("/upload").body("whole")).await.status, 200);
}

async fn a_handler_that_panics_harms_its_own_request_only(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Cookie).await;
    for _ in 0..3 {
        let mut connection = app.connect().await;
        connection.write(&front_end.with_tokens(Req::post("/panic")).to_bytes()).await;
        // A server may also hang up in place of answering.
        if let Some(reply) = connection.reply("POST").await {
            assert_eq!(reply.status, 500, "{reply:?}");
            assert!(!reply.text().contains("worst way"), "the reason is for the log: {reply:?}");
        }
        let reply = app.send(front_end.with_tokens(Req::get("/session-check-db"))).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
}

fn mounted() -> Setup {
    let app_info =
        AppInfo::new("Conformance", "https://api.example.com", "https://www.example.com");
    with_email_password()
        .app_info(app_info.api_base_path("/mounted/auth"))
        .mounted_below("/mounted")
}

async fn an_application_below_a_prefix_works_with_its_whole_paths(harness: Harness) {
    let app = harness.start(mounted()).await;
    for mode in Mode::BOTH {
        let reply = app.send(Req::post("/auth/signup").json(&form(EMAIL, PASSWORD))).await;
        assert_eq!(reply.status, 404, "nothing lies outside: {reply:?}");
        let mut front_end = app.front_end(mode);
        let email = format!("{mode:?}@example.com");
        let request = Req::post("/mounted/auth/signup").json(&form(&email, PASSWORD));
        let reply = front_end.send(&app, request).await;
        assert_eq!(reply.json()["status"], "OK", "{reply:?}");
        if mode == Mode::Cookie {
            let path = reply.cookie("sRefreshToken").path;
            assert_eq!(path.as_deref(), Some("/mounted/auth/session/refresh"));
        }
        let reply = front_end.send(&app, Req::get("/mounted/sessioninfo")).await;
        assert_eq!(reply.json()["sessionHandle"], front_end.handle());
        let reply = front_end.send(&app, Req::post("/mounted/auth/session/refresh")).await;
        reply.expect(200, &json!({}));
        let reply = front_end.send(&app, Req::get("/mounted/session-check-db")).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let reply = front_end.send(&app, Req::post("/mounted/auth/signout")).await;
        reply.expect(200, &json!({ "status": "OK" }));
    }
}

async fn below_a_prefix_a_check_on_the_refresh_path_refreshes(harness: Harness) {
    let setup = mounted().session(|session| session.disable_api(SessionApi::RefreshPost));
    let app = harness.start(setup).await;
    let mut front_end = app.front_end(Mode::Header);
    front_end.send(&app, Req::post("/mounted/create-session")).await;
    let before = front_end.refresh_token();
    let reply = front_end.send(&app, Req::post("/mounted/auth/session/refresh")).await;
    assert_eq!(reply.json()["userId"], "ada", "the application's own handler answers: {reply:?}");
    assert_ne!(front_end.refresh_token(), before);
}

async fn two_handles_in_one_process_know_nothing_of_each_other(harness: Harness) {
    let plain = start_email_password(&harness).await;
    let other_names = with_email_password().session(|session| {
        session.get_cookie_name_for_token_type(|_, token| match token {
            TokenType::Access => "other-access".to_owned(),
            TokenType::Refresh => "other-refresh".to_owned(),
        })
    });
    let named = harness.start(other_names).await;
    let (mut one, _) = sign_up(&plain, Mode::Cookie, "/auth/signup").await;
    let (_, reply) = sign_up(&named, Mode::Cookie, "/auth/signup").await;
    let names: Vec<String> = reply.cookies().into_iter().map(|cookie| cookie.name).collect();
    assert_eq!(names, ["other-access", "other-refresh"]);

    let by_header =
        async |app: &App, token: &str| app.send(Req::get("/sessioninfo").bearer(token)).await;
    by_header(&named, &one.access_token()).await.expect_message(401, "try refresh token");
    let other = reply.cookie("other-access").value;
    by_header(&plain, &other).await.expect_message(401, "try refresh token");
    assert_eq!(by_header(&named, &other).await.status, 200);
    assert_eq!(one.refresh(&plain).await.status, 200);
    plain.advance_secs(3600);
    assert_eq!(by_header(&named, &other).await.status, 200, "the other clock stands still");
}
