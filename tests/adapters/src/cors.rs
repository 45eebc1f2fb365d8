//! A website on another origin than the API.

use auth_core::Auth;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};

use crate::{WEBSITE, tokens};

/// Another website, which is allowed nothing.
const STRANGER: &str = "https://www.example.com.evil.example";

/// Checks that the framework's CORS lets the website sign in, use the application, and read what it
/// gets, with credentials; and that it lets no other. The application has a handler at `/whoami`
/// that requires a session, and one at `/sign-in`, for `POST`, that starts one.
pub async fn expect_cors(auth: &Auth, send: impl AsyncFn(Request<Bytes>) -> Response<Bytes>) {
    for path in ["/auth/signin", "/auth/session/refresh", "/auth/nowhere", "/whoami", "/sign-in"] {
        let answer = send(preflight(auth, path, WEBSITE)).await;
        assert!(answer.status().is_success(), "{path}: {answer:?}");
        expect_allowed(&answer);
        let methods = list(&answer, &header::ACCESS_CONTROL_ALLOW_METHODS);
        assert!(methods.contains(&"post".to_owned()), "{path}: {answer:?}");
        let headers = list(&answer, &header::ACCESS_CONTROL_ALLOW_HEADERS);
        for name in wanted(auth) {
            assert!(headers.contains(&name), "{path}: {name} isn't in {headers:?}");
        }
        expect_nothing_allowed(&send(preflight(auth, path, STRANGER)).await);
    }

    let refused = send(request(Method::GET, "/whoami", WEBSITE, None)).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    expect_allowed(&refused);
    let refused = send(request(Method::GET, "/whoami", STRANGER, None)).await;
    expect_nothing_allowed(&refused);
    expect_vary(&refused);

    // What nobody serves, and what is malformed, can be read as well: a front end would take it for
    // a failure of the network.
    for (method, path) in
        [(Method::GET, "/nowhere"), (Method::GET, "/auth/nowhere"), (Method::DELETE, "/whoami")]
    {
        let answer = send(request(method, path, WEBSITE, None)).await;
        assert!(answer.status().is_client_error(), "{path}: {answer:?}");
        expect_allowed(&answer);
    }
    let mut malformed = request(Method::POST, "/auth/signin", WEBSITE, None);
    *malformed.body_mut() = Bytes::from("{");
    let answer = send(malformed).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    expect_allowed(&answer);

    let tokens = tokens(auth).await;
    let access = tokens.access_token.expose_secret();
    let answer = send(request(Method::GET, "/whoami", WEBSITE, Some(access))).await;
    assert_eq!((answer.status(), answer.body()), (StatusCode::OK, &Bytes::from("ada")));
    expect_allowed(&answer);

    let refresh = tokens.refresh_token.expect("a new session");
    let refresh = refresh.expose_secret();
    let refreshed =
        send(request(Method::POST, "/auth/session/refresh", WEBSITE, Some(refresh))).await;
    let signed_in = send(request(Method::POST, "/sign-in", WEBSITE, None)).await;
    for answer in [refreshed, signed_in] {
        assert_eq!(answer.status(), StatusCode::OK, "{answer:?}");
        expect_allowed(&answer);
        let exposed = list(&answer, &header::ACCESS_CONTROL_EXPOSE_HEADERS);
        for name in ["front-token", "st-access-token", "st-refresh-token"] {
            assert!(answer.headers().contains_key(name), "{name}: {answer:?}");
            let times = exposed.iter().filter(|it| *it == name).count();
            assert_eq!(times, 1, "{name} in {exposed:?}");
        }
    }
}

/// The headers that a front end sends, in small letters.
fn wanted(auth: &Auth) -> Vec<String> {
    let names = auth.get_all_cors_headers().into_iter().chain([header::CONTENT_TYPE]);
    names.map(|name| name.to_string()).collect()
}

fn preflight(auth: &Auth, path: &str, origin: &str) -> Request<Bytes> {
    Request::options(path)
        .header(header::ORIGIN, origin)
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .header(header::ACCESS_CONTROL_REQUEST_HEADERS, wanted(auth).join(","))
        .body(Bytes::new())
        .expect("a request")
}

fn request(method: Method, path: &str, origin: &str, token: Option<&str>) -> Request<Bytes> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::ORIGIN, origin)
        .header("st-auth-mode", "header");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    request.body(Bytes::new()).expect("a request")
}

#[track_caller]
fn expect_allowed(answer: &Response<Bytes>) {
    let value = |name: HeaderName| {
        let mut values = answer.headers().get_all(name).iter();
        let first = values.next().map(HeaderValue::as_bytes);
        assert_eq!(values.next(), None, "it comes twice: {answer:?}");
        first
    };
    let origin = value(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    assert_eq!(origin, Some(WEBSITE.as_bytes()), "{answer:?}");
    let credentials = value(header::ACCESS_CONTROL_ALLOW_CREDENTIALS);
    assert_eq!(credentials, Some(&b"true"[..]), "{answer:?}");
    expect_vary(answer);
}

/// A cache must not give one website's answer to another.
#[track_caller]
fn expect_vary(answer: &Response<Bytes>) {
    let vary = list(answer, &header::VARY);
    assert!(vary.iter().any(|name| name == "origin"), "{answer:?}");
}

/// A browser gives nothing to a website that isn't named.
#[track_caller]
fn expect_nothing_allowed(answer: &Response<Bytes>) {
    let origin = answer.headers().get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    let named = origin.map(HeaderValue::as_bytes);
    assert!(named.is_none() || named == Some(WEBSITE.as_bytes()), "{answer:?}");
}

/// The parts of a header that is a list, in small letters.
fn list(answer: &Response<Bytes>, name: &HeaderName) -> Vec<String> {
    let lines = answer.headers().get_all(name).iter();
    lines
        .flat_map(|line| line.to_str().expect("text").split(','))
        .map(|part| part.trim().to_ascii_lowercase())
        .collect()
}
