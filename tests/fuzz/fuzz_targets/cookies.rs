//! Any `Cookie` header and query is read without a panic.
#![no_main]

use auth_core::Request;
use http::{HeaderMap, HeaderValue, Method, header};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&[u8], &str)| {
    let (line, target) = input;
    let Ok(value) = HeaderValue::from_bytes(line) else { return };
    let mut headers = HeaderMap::new();
    headers.append(header::COOKIE, value.clone());
    headers.append(header::COOKIE, value);
    let request = Request::new(Method::GET, target, &headers);
    let _ = request.cookie("sAccessToken");
    // Both lines say the same.
    assert_eq!(request.raw_cookies("sAccessToken").count() % 2, 0);
    let _ = request.query_param("email");
});
