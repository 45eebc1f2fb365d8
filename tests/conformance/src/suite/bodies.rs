//! Bodies, which an adapter passes on as they are.

use serde_json::json;

use super::{cases, support::start_email_password};
use crate::{
    Harness,
    app::checksum,
    client::{Mode, Req},
};

cases! {
    "http-body-in" => an_upload_reaches_the_handler_piece_by_piece,
    "http-body-in" => an_upload_in_chunks_reaches_the_handler_piece_by_piece,
    "http-body-in" => an_upload_of_50_mb_passes_on_untouched,
    "http-body-in" => a_body_of_any_bytes_passes_on_untouched,
    "http-body-out" => the_pieces_of_an_answer_are_sent_as_they_come,
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
