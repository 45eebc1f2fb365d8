//! Any path, `rid` and body reach a route or pass on; no route answers with 500.
#![no_main]

use std::sync::OnceLock;

use auth_core::{
    AppInfo, Auth, Request,
    core::EngineConfig,
    recipes::{emailpassword::EmailPasswordRecipe, session::SessionRecipe},
};
use http::{HeaderMap, HeaderValue, Method, header};
use libfuzzer_sys::fuzz_target;
use tokio::runtime::Runtime;

/// Every route that reads a body, so that the fuzzer needn't find them.
const PATHS: [&str; 5] = [
    "/auth/signup",
    "/auth/signin",
    "/auth/user/password/reset/token",
    "/auth/user/password/reset",
    "/auth/session/refresh",
];

fn app() -> &'static (Runtime, Auth) {
    static APP: OnceLock<(Runtime, Auth)> = OnceLock::new();
    APP.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let builder = Auth::builder(AppInfo::new("fuzz", "http://localhost", "http://localhost"))
            .core(EngineConfig::in_memory())
            .recipe(EmailPasswordRecipe::new())
            .recipe(SessionRecipe::new());
        let auth = runtime.block_on(builder.build()).unwrap();
        (runtime, auth)
    })
}

fuzz_target!(|input: (u8, &str, &str, &[u8], &[u8])| {
    let (which, path, rid, token, body) = input;
    let (runtime, auth) = app();
    let path = PATHS.get(usize::from(which)).copied().unwrap_or(path);
    for method in [Method::GET, Method::POST] {
        let Some(route) = auth.route(&method, path, Some(rid)) else { continue };
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_bytes(&[b"Bearer ", token].concat()) {
            headers.insert(header::AUTHORIZATION, value);
        }
        let request = Request::new(method, path, &headers).with_body(body.to_vec());
        let response = runtime.block_on(auth.handle(route, request));
        assert!(!response.status.is_server_error(), "{path}: {}", response.status);
    }
});
