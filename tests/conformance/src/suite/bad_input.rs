//! What no well-behaved client sends: it gets the documented status, and nothing is written.

use std::io::Write as _;

use auth_core::GetUserCountInput;
use flate2::{Compression, write::GzEncoder};
use serde_json::json;

use super::{
    cases,
    support::{EMAIL, PASSWORD, form, start_email_password},
};
use crate::{
    App, Harness,
    client::{Mode, Req},
};

cases! {
    "fdi-5.3-invalid" => what_is_no_json_in_utf_8_is_refused,
    "fdi-5.3-empty" => a_byte_order_mark_is_none_of_the_json,
    "fdi-5.3-empty" => an_empty_body_and_json_that_is_no_object_have_no_members,
    "fdi-5.3-encoding" => gzip_and_deflate_are_inflated_and_other_encodings_are_refused,
    "fdi-5.3-charset" => a_charset_other_than_utf_8_is_refused,
    "fdi-5.3-size" => a_body_over_the_limit_is_answered_with_413,
    "fdi-5.3-size" => a_small_body_that_inflates_to_a_large_one_is_refused,
    "fdi-5.3-form" => a_form_that_is_no_json_is_refused,
    "http-reflection" => nothing_that_a_client_sends_can_end_a_header_line,
    "http-limits" => headers_larger_than_a_server_reads_are_refused,
    "http-limits" => a_message_that_is_no_http_is_refused,
    "http-limits" => a_text_with_the_character_zero_is_refused_where_it_would_be_kept,
    "http-limits" => unknown_members_and_deep_or_odd_json_do_no_harm,
}

const FORMS: [&str; 4] = [
    "/auth/signup",
    "/auth/signin",
    "/auth/user/password/reset/token",
    "/auth/user/password/reset",
];
const INVALID: &str =
    "API input error: Please make sure to pass a valid JSON input in the request body";
const MISSING: &str = "Missing input param: formFields";

async fn nobody_signed_up(app: &App) {
    assert_eq!(app.auth.get_user_count(GetUserCountInput::new()).await.expect("a count"), 0);
}

async fn what_is_no_json_in_utf_8_is_refused(harness: Harness) {
    let app = start_email_password(&harness).await;
    let deep = "[".repeat(60_000);
    let bodies: [&[u8]; 8] = [
        b"{",
        b"{'formFields':[]}",
        b"{\"formFields\":[]}}",
        b"formFields=1",
        b"\0",
        b"\xff\xfe",
        b"{\"formFields\":\"\xff\"}",
        deep.as_bytes(),
    ];
    for path in FORMS {
        for body in bodies {
            for content_type in ["application/json", "text/plain", "application/octet-stream"] {
                let request = Req::post(path).header("content-type", content_type);
                let reply = app.send(request.body(body)).await;
                reply.expect_message(400, INVALID);
                reply.expect_tokens_untouched();
            }
        }
    }
    nobody_signed_up(&app).await;
}

async fn a_byte_order_mark_is_none_of_the_json(harness: Harness) {
    let app = start_email_password(&harness).await;
    let body = format!("\u{feff}{}", form(EMAIL, PASSWORD));
    let reply = app.send(Req::post("/auth/signup").body(body)).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    app.send(Req::post("/auth/signin").body("\u{feff}")).await.expect_message(400, MISSING);
}

async fn an_empty_body_and_json_that_is_no_object_have_no_members(harness: Harness) {
    let app = start_email_password(&harness).await;
    for path in FORMS {
        app.send(Req::post(path)).await.expect_message(400, MISSING);
        for body in ["", " \n", "null", "5", "\"text\"", "[]", "[{\"formFields\":[]}]", "{}"] {
            app.send(Req::post(path).body(body)).await.expect_message(400, MISSING);
        }
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).expect("in memory");
    encoder.finish().expect("in memory")
}

async fn gzip_and_deflate_are_inflated_and_other_encodings_are_refused(harness: Harness) {
    let app = start_email_password(&harness).await;
    let body = form(EMAIL, PASSWORD).to_string();
    let send = async |encoding: &str, body: Vec<u8>| {
        app.send(Req::post("/auth/signin").header("content-encoding", encoding).body(body)).await
    };
    let wrong_credentials = json!({ "status": "WRONG_CREDENTIALS_ERROR" });
    send("gzip", gzip(body.as_bytes())).await.expect(200, &wrong_credentials);
    send("GZIP", gzip(body.as_bytes())).await.expect(200, &wrong_credentials);
    send("identity", body.clone().into_bytes()).await.expect(200, &wrong_credentials);
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body.as_bytes()).expect("in memory");
    let deflated = encoder.finish().expect("in memory");
    send("deflate", deflated).await.expect(200, &wrong_credentials);
    for encoding in ["br", "zstd", "gzip, gzip", "nonsense"] {
        send(encoding, body.clone().into_bytes()).await.expect_message(400, INVALID);
    }
    send("gzip", body.into_bytes()).await.expect_message(400, INVALID);
}

async fn a_charset_other_than_utf_8_is_refused(harness: Harness) {
    let app = start_email_password(&harness).await;
    let body = form(EMAIL, PASSWORD).to_string();
    for (charset, status) in [("utf-8", 200), ("UTF-8", 200), ("\"utf-8\"", 200), ("latin1", 400)] {
        let content_type = format!("application/json; charset={charset}");
        let request = Req::post("/auth/signin").header("content-type", content_type);
        let reply = app.send(request.body(body.as_str())).await;
        assert_eq!(reply.status, status, "{charset}: {reply:?}");
    }
}

async fn a_body_over_the_limit_is_answered_with_413(harness: Harness) {
    let app = start_email_password(&harness).await;
    let limit = 64 * 1024;
    for path in FORMS {
        let reply = app.send(Req::post(path).body(vec![b' '; limit])).await;
        reply.expect_message(400, MISSING);
        let reply = app.send(Req::post(path).body(vec![b' '; limit + 1])).await;
        assert_eq!(reply.status, 413, "{path}: {reply:?}");
        assert!(reply.json()["message"].is_string());
        reply.expect_tokens_untouched();
    }
    // Neither does a length tell the truth that is announced, nor is one there for chunks.
    let mut connection = app.connect().await;
    let head = "POST /auth/signup HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
    connection.write(head.as_bytes()).await;
    let chunk = [b"8000\r\n".to_vec(), vec![b' '; 0x8000], b"\r\n".to_vec()].concat();
    for _ in 0..3 {
        connection.write(&chunk).await;
    }
    connection.write(b"0\r\n\r\n").await;
    let reply = connection.reply("POST").await.expect("a response");
    assert_eq!(reply.status, 413, "{reply:?}");
    nobody_signed_up(&app).await;
}

async fn a_small_body_that_inflates_to_a_large_one_is_refused(harness: Harness) {
    let app = start_email_password(&harness).await;
    let bomb = gzip(&vec![b' '; 8 * 1024 * 1024]);
    assert!(bomb.len() < 64 * 1024);
    let request = Req::post("/auth/signin").header("content-encoding", "gzip").body(bomb);
    let reply = app.send(request).await;
    assert_eq!(reply.status, 413, "{reply:?}");
}

async fn a_form_that_is_no_json_is_refused(harness: Harness) {
    let app = start_email_password(&harness).await;
    for (content_type, body) in [
        ("application/x-www-form-urlencoded", "email=ada%40example.com&password=x"),
        ("multipart/form-data; boundary=x", "--x\r\n\r\nada\r\n--x--\r\n"),
        ("text/xml", "<formFields/>"),
    ] {
        let request = Req::post("/auth/signup").header("content-type", content_type);
        app.send(request.body(body)).await.expect_message(400, INVALID);
    }
    nobody_signed_up(&app).await;
}

async fn nothing_that_a_client_sends_can_end_a_header_line(harness: Harness) {
    let app = start_email_password(&harness).await;
    let evil = "x\r\nset-cookie: evil=1\r\n\r\n<script>";
    let payload = json!({ "userId": evil, "payload": { evil: evil } });
    for mode in Mode::BOTH {
        let (front_end, reply) = app.sign_in_with(mode, &payload).await;
        let replies = [
            reply,
            app.send(front_end.with_tokens(Req::post("/merge-payload").json(&payload))).await,
        ];
        for reply in replies {
            assert!(reply.cookies().iter().all(|cookie| cookie.name != "evil"), "{reply:?}");
            assert_eq!(reply.json()["userId"], evil, "it is in the body, as a text");
        }
    }
    for target in ["/auth/emailpassword/email/exists?email=x%0D%0Aset-cookie:%20evil=1"] {
        let reply = app.send(Req::get(target)).await;
        assert_eq!(reply.cookies(), [], "{reply:?}");
    }
    for name in ["rid", "st-auth-mode", "origin", "fdi-version", "anti-csrf"] {
        let value = "%0d%0aset-cookie:evil=1";
        let reply = app.send(Req::post("/auth/signin").header(name, value).body("{}")).await;
        reply.expect_message(400, MISSING);
        assert_eq!(reply.cookies(), [], "{reply:?}");
    }
}

async fn headers_larger_than_a_server_reads_are_refused(harness: Harness) {
    let app = start_email_password(&harness).await;
    let token = app.sign_in(Mode::Header).await.access_token();
    // What a browser may send is read.
    let reply =
        app.send(Req::get("/sessioninfo").bearer(&token).header("x", "a".repeat(7000))).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    for name in ["authorization", "cookie", "rid", "x-own"] {
        for path in ["/sessioninfo", "/auth/signin", "/auth/session/refresh"] {
            let mut connection = app.connect().await;
            let request = Req::post(path).header(name, "a".repeat(4 * 1024 * 1024));
            connection.write(&request.to_bytes()).await;
            // A server may also hang up in place of answering.
            if let Some(reply) = connection.reply("POST").await {
                assert!((400..500).contains(&reply.status), "{name} {path}: {reply:?}");
            }
        }
    }
    assert_eq!(app.send(Req::get("/sessioninfo").bearer(&token)).await.status, 200);
}

async fn a_message_that_is_no_http_is_refused(harness: Harness) {
    let app = start_email_password(&harness).await;
    for message in [
        &b"\0\0\0\0\r\n\r\n"[..],
        b"POST /auth/signin\r\n\r\n",
        b"POST /auth/signin HTTP/9.9\r\nhost: a\r\n\r\n",
        b"POST /auth/signin HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n",
        b"POST /auth/signin HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",
        b"POST /auth/signin HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        b"POST /auth/signin HTTP/1.1\r\nhost: a\r\nno colon\r\n\r\n",
        b"POST /auth/signin HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ] {
        let mut connection = app.connect().await;
        connection.write(message).await;
        connection.hang_up().await;
        if let Some(reply) = connection.reply("POST").await {
            let text = String::from_utf8_lossy(message);
            assert!(
                (400..=505).contains(&reply.status) && reply.status != 500,
                "{text}: {reply:?}"
            );
        }
    }
    nobody_signed_up(&app).await;
    app.send(Req::post("/auth/signin")).await.expect_message(400, MISSING);
}

async fn unknown_members_and_deep_or_odd_json_do_no_harm(harness: Harness) {
    let app = start_email_password(&harness).await;
    let mut body = form(EMAIL, PASSWORD);
    body["__proto__"] = json!({ "isAdmin": true });
    body["tenantId"] = json!("other");
    body["user"] = json!({ "id": "eve", "isPrimaryUser": true });
    let reply = app.send(Req::post("/auth/signup").json(&body)).await;
    let user = reply.json()["user"].clone();
    assert_eq!((&user["isPrimaryUser"], &user["tenantIds"]), (&json!(false), &json!(["public"])));
    let sign_in = |body: String| {
        app.send(Req::post("/auth/signin").header("content-type", "application/json").body(body))
    };
    // The last of two members of one name counts, as it does in browsers.
    let body = form(EMAIL, PASSWORD).to_string();
    let twice = body.replacen('{', "{\"formFields\":[],", 1);
    assert_eq!(sign_in(twice).await.json()["status"], "OK");
    for odd in [
        "{\"formFields\":[{\"id\":\"email\",\"value\":\"\\ud800\"}]}",
        "{\"formFields\":[{\"id\":\"email\",\"value\":\"a\\u0000b\"},{\"id\":\"password\",\"value\":\"x\"}]}",
        "{\"formFields\":[{\"id\":\"password\",\"value\":1e999}]}",
    ] {
        let reply = sign_in(odd.to_owned()).await;
        assert!([200, 400].contains(&reply.status), "{odd}: {reply:?}");
        assert_ne!(reply.json()["status"], "OK", "{odd}");
    }
}

async fn a_text_with_the_character_zero_is_refused_where_it_would_be_kept(harness: Harness) {
    let app = start_email_password(&harness).await;
    let reply = app.send(Req::get("/auth/emailpassword/email/exists?email=a%00b")).await;
    assert_eq!(reply.status, 400, "{reply:?}");
    let body = json!({ "userId": "a\0b" });
    let reply = app.send(Req::post("/create-session").json(&body)).await;
    assert_eq!(reply.status, 400, "{reply:?}");
    reply.expect_tokens_untouched();
}
