//! What is refused, and in which words (CDI §0.5). Every refusal is a line of
//! `text/html; charset=UTF-8`.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::time::Duration;

use auth_engine::{Engine, EngineConfig, SigningAlgorithm};
use auth_protocol::{
    Caller, TenantScope,
    audit::{ListAuditEntries, ListAuditEntriesResponse},
};
use auth_server::{ApiKeys, ClientRules, Server, ServerConfig};
use common::{Core, send, text};
use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;
use test_postgres::{Durability, MISSING, Server as PostgresServer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

#[tokio::test]
async fn cdi_0_5_a_body_that_is_no_json_object_is_400() {
    let core = Core::start().await;
    let deep = "[".repeat(100_000);
    for body in ["", "[]", "{", "\"text\"", "null", "{\"email\": 1,}", "\u{feff}{}", deep.as_str()]
    {
        let request = core.request("POST", "/recipe/signup").body(body.to_owned());
        let start: String = body.chars().take(20).collect();
        assert_eq!(send(request).await, text(400, "Invalid Json Input"), "{start}");
    }
    let request = core.request("POST", "/recipe/signup").body(vec![b'{', 0xff, b'}']);
    assert_eq!(send(request).await, text(400, "Invalid Json Input"));
}

#[tokio::test]
async fn cdi_0_5_a_field_that_is_missing_or_wrong_in_a_body_is_named() {
    let core = Core::start().await;
    let email = "Field name 'email' is invalid in JSON input";
    for body in [json!({}), json!({ "email": 1 }), json!({ "email": null }), json!({ "email": [] })]
    {
        assert_eq!(core.post("/recipe/signup", &body).await, text(400, email), "{body}");
    }
    let line = "Field name 'metadataUpdate' is invalid in JSON input";
    let update = json!({ "userId": "u", "metadataUpdate": "text" });
    let request = core.request("PUT", "/recipe/user/metadata").json(&update);
    assert_eq!(send(request).await, text(400, line));
}

#[tokio::test]
async fn cdi_0_5_a_field_that_may_not_be_empty_is_named() {
    let core = Core::start().await;
    let request = core.request("PUT", "/recipe/role").json(&json!({ "role": "  " }));
    let line = "Field name 'role' cannot be an empty String";
    assert_eq!(send(request).await, text(400, line));
    assert_eq!(core.get("/recipe/role/users?role=%20").await, text(400, line));
    let answer = core.get("/recipe/userid/map?userId=%20").await;
    assert_eq!(answer, text(400, "Field name 'userId' cannot be an empty String"));
}

#[tokio::test]
async fn cdi_0_5_a_parameter_that_is_missing_or_wrong_is_named() {
    let core = Core::start().await;
    for (path, line) in [
        ("/user/id", "Field name 'userId' is missing in GET request"),
        ("/users?limit=many", "Field name 'limit' must be an int in the GET request"),
        ("/users?limit=99999999999", "Field name 'limit' must be an int in the GET request"),
        ("/users?limit=0", "limit must a positive integer with min value 1"),
        ("/users?limit=-1", "limit must a positive integer with min value 1"),
        ("/users?limit=501", "max limit allowed is 500"),
        ("/users?paginationToken=x", "invalid pagination token"),
        ("/users?timeJoinedOrder=up", "timeJoinedOrder can be either ASC OR DESC"),
        ("/users?includeRecipeIds=emailpassword,%20oops", "Unknown recipe ID: oops"),
        ("/users/by-accountinfo", "Field name 'doUnionOfAccountInfo' is missing in GET request"),
        (
            "/users/by-accountinfo?doUnionOfAccountInfo=TRUE",
            "'doUnionOfAccountInfo' should be either 'true' or 'false'",
        ),
        ("/config", "Field name 'pid' is missing in GET request"),
    ] {
        assert_eq!(core.get(path).await, text(400, line), "{path}");
    }
}

#[tokio::test]
async fn cdi_0_5_an_app_or_tenant_that_is_not_there_is_400_with_the_detail() {
    let core = Core::start().await;
    for (path, detail) in [
        ("/appid-a1/users/count", "(, a1, public)"),
        ("/t1/users/count", "(, public, t1)"),
        ("/appid-a1/t1/users/count", "(, a1, t1)"),
    ] {
        let answer = core.get(path).await;
        assert_eq!(
            (answer.status, answer.content_type.as_str()),
            (400, "text/html; charset=UTF-8")
        );
        assert!(answer.text.starts_with("AppId or tenantId not found => "), "{answer:?}");
        assert!(answer.text.trim_end().contains(detail), "{answer:?}");
    }
}

#[tokio::test]
async fn cdi_0_5_a_wrong_key_is_401_in_the_same_words_whatever_is_wrong_with_it() {
    let key = "kDsT3bA7xwWmQ0uR5vHy";
    let core = Core::with(ServerConfig::new().api_keys(ApiKeys::parse(key).unwrap())).await;
    for wrong in ["", "x", &key[..19], &format!("{key}0"), &key.to_uppercase(), "ä"] {
        let request = core.request("GET", "/users").header("api-key", wrong.as_bytes());
        assert_eq!(send(request).await, text(401, "Invalid API key"), "{wrong}");
    }
    assert_eq!(core.get("/users").await, text(401, "Invalid API key"));
}

#[tokio::test]
async fn who_asks_without_a_key_is_not_believed_whom_it_asks_for() {
    let key = "kDsT3bA7xwWmQ0uR5vHy";
    let core = Core::with(ServerConfig::new().api_keys(ApiKeys::parse(key).unwrap())).await;
    let sign_up = |email: &str, address: &str| {
        let caller = Caller::default().with_address(address.parse().ok()).with_api("signUpPOST");
        let body = json!({ "email": email, "password": "password 1" });
        let request = core.request("POST", "/recipe/signup").json(&body);
        request.header(Caller::HEADER, caller.to_header())
    };
    for (email, keys) in [("eve@example.com", None), ("eva@example.com", Some("wrong"))] {
        let request = sign_up(email, "192.0.2.66");
        let request = match keys {
            Some(key) => request.header("api-key", key),
            None => request,
        };
        assert_eq!(send(request).await, text(401, "Invalid API key"));
    }
    let believed = sign_up("ada@example.com", "203.0.113.7").header("api-key", key);
    assert_eq!(send(believed).await.json()["status"], "OK");
    let list = ListAuditEntries { limit: Some(100), ..Default::default() };
    let ListAuditEntriesResponse::Ok { entries, .. } =
        core.engine.handle(&TenantScope::default(), list).await.unwrap();
    assert_eq!(entries.len(), 1, "{entries:?}");
    let payload = entries.first().and_then(|entry| entry.payload.as_ref()).unwrap();
    assert_eq!(payload.address.as_deref(), Some("203.0.113.7"));
    // Routes that are open to everybody believe nobody.
    let caller = Caller::default().with_address("192.0.2.66".parse().ok());
    let open = core.request("GET", "/.well-known/jwks.json");
    let open = open.header(Caller::HEADER, caller.to_header());
    assert_eq!(send(open).await.status, 200);
}

#[tokio::test]
async fn cdi_0_5_a_client_whose_address_is_denied_is_403_before_anything_else() {
    let deny = ClientRules::new(None, Some(r"127\.0\.0\.1")).unwrap();
    let keys = ApiKeys::parse("kDsT3bA7xwWmQ0uR5vHy").unwrap();
    let core = Core::with(ServerConfig::new().clients(deny).api_keys(keys)).await;
    for path in ["/hello", "/users", "/nothing", "/.well-known/jwks.json"] {
        assert_eq!(core.get(path).await, text(403, "Forbidden"), "{path}");
    }
    let allow = ClientRules::new(Some(r"127\..*"), None).unwrap();
    let core = Core::with(ServerConfig::new().clients(allow)).await;
    assert_eq!(core.get("/hello").await.status, 200);
}

#[tokio::test]
async fn cdi_0_5_what_is_not_there_is_404_and_another_method_405() {
    let core = Core::start().await;
    assert_eq!(core.get("/recipe/oauth/clients/list").await, text(404, "Not found"));
    for path in ["/telemetry", "/ee/featureflag", "/apiversion", "/users", "/metrics"] {
        let answer = send(core.request("DELETE", path)).await;
        assert_eq!(answer, text(405, "Method not supported"), "{path}");
    }
}

#[tokio::test]
async fn cdi_0_5_a_database_that_fails_is_500_in_words_for_people() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("auth.db");
    let engine = EngineConfig::new(format!("sqlite:{}", file.display()).parse().unwrap());
    let core = Core::on(engine, ServerConfig::new()).await;
    Connection::open(&file).unwrap().execute_batch("DROP TABLE user_metadata").unwrap();
    let answer = core.get("/recipe/user/metadata?userId=u").await;
    assert_eq!((answer.status, answer.content_type.as_str()), (500, "text/html; charset=UTF-8"));
    assert!(answer.text.starts_with("the database failed: "), "{answer:?}");
    assert!(answer.text.ends_with('\n'));
    // The rest goes on.
    assert_eq!(core.get("/users").await.status, 200);
}

#[tokio::test]
async fn a_database_that_is_locked_and_an_engine_that_is_closed_are_503() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("auth.db");
    let engine = EngineConfig::new(format!("sqlite:{}", file.display()).parse().unwrap())
        .database_busy_timeout(Duration::ZERO);
    let core = Core::on(engine, ServerConfig::new()).await;
    let other = Connection::open(&file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let update = json!({ "userId": "u", "metadataUpdate": {} });
    let write = || send(core.request("PUT", "/recipe/user/metadata").json(&update));
    let answer = write().await;
    assert_eq!((answer.status, answer.content_type.as_str()), (503, "text/html; charset=UTF-8"));
    assert!(answer.text.starts_with("the database is locked by another process"), "{answer:?}");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(write().await.status, 200);
    core.engine.shutdown().await;
    assert_eq!(core.get("/users").await, text(503, "The core is shutting down"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn cdi_0_5_a_database_that_is_down_is_500_until_it_is_back() {
    let mut database = PostgresServer::start(Durability::Full).expect(MISSING);
    let engine = EngineConfig::new(database.url("postgres").parse().unwrap());
    let core = Core::on(engine, ServerConfig::new()).await;
    let paths = ["/hello", "/", "/users", "/recipe/user/metadata?userId=u"];
    for path in paths {
        assert_eq!(core.get(path).await.status, 200, "{path}");
    }
    database.kill();
    for path in paths {
        let answer = core.get(path).await;
        let (status, kind) = (answer.status, answer.content_type.as_str());
        assert_eq!((status, kind), (500, "text/html; charset=UTF-8"), "{path}");
        assert!(answer.text.starts_with("the database can't be reached ("), "{answer:?}");
        assert!(!answer.text.contains("a-password-for-tests"), "{answer:?}");
    }
    database.restart();
    assert_eq!(core.get("/users").await.status, 200);
}

#[tokio::test]
async fn a_body_over_the_limit_is_413() {
    let too_large = text(413, "The request body is too large");
    let body = json!({ "email": "a", "password": "p" }).to_string();
    let core = Core::with(ServerConfig::new().body_limit_bytes(body.len())).await;
    let post = |body: reqwest::Body| send(core.request("POST", "/recipe/signin").body(body));
    assert_eq!(post(body.clone().into()).await.status, 200, "at the limit");
    assert_eq!(post(format!("{body} ").into()).await, too_large, "announced by its length");
    let routes = ["/recipe/signin", "/recipe/session", "/ee/license"];
    for path in routes {
        let method = if path == "/ee/license" { "PUT" } else { "POST" };
        let request = core.request(method, path).body(" ".repeat(body.len() + 1));
        assert_eq!(send(request).await, too_large, "{path}");
    }
}

/// A server that is asked by hand.
async fn connect(config: ServerConfig) -> TcpStream {
    let engine = EngineConfig::in_memory().signing_algorithm(SigningAlgorithm::EdDsa);
    let server = Server::new(Engine::open(engine).await.unwrap(), config);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { server.serve(listener, std::future::pending()).await });
    TcpStream::connect(address).await.unwrap()
}

/// The answer, up to the end of the connection.
async fn answer(mut socket: TcpStream) -> String {
    let mut answer = String::new();
    let reading = socket.read_to_string(&mut answer);
    tokio::time::timeout(Duration::from_secs(10), reading).await.expect("an answer").unwrap();
    answer
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_by_its_length_before_it_is_sent() {
    let mut socket = connect(ServerConfig::new()).await;
    let eleven_mebibytes = 11 * 1024 * 1024;
    let head = format!(
        "POST /recipe/signin HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {eleven_mebibytes}\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    let answer = answer(socket).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_even_where_it_does_not_tell_its_length() {
    let mut socket = connect(ServerConfig::new().body_limit_bytes(64)).await;
    let head = "POST /recipe/signin HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(format!("41\r\n{}\r\n", " ".repeat(0x41)).as_bytes()).await.unwrap();
    let answer = answer(socket).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn a_body_that_ends_early_is_no_request() {
    let mut socket = connect(ServerConfig::new()).await;
    let head = "POST /recipe/signin HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n\
                5\r\n{\"ema\r\nx\r\n";
    socket.write_all(head.as_bytes()).await.unwrap();
    let answer = answer(socket).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
}
