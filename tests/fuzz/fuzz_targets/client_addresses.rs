//! Whatever stands in `Forwarded` and `X-Forwarded-For`, a client has an address, and what it writes
//! itself moves nothing that a proxy appends.
#![no_main]

use std::{net::IpAddr, sync::LazyLock};

use auth_core::{
    AppInfo, Auth, Context, ForwardingHeader, Request, TrustedProxies, core::EngineConfig,
    recipes::session::SessionRecipe,
};
use http::{HeaderMap, HeaderValue, Method};
use libfuzzer_sys::fuzz_target;

static AUTHS: LazyLock<[Auth; 3]> = LazyLock::new(|| {
    let count = TrustedProxies::count;
    [count(1), count(1).header(ForwardingHeader::Forwarded), count(3)].map(|proxies| {
        let app_info = AppInfo::new("Fuzz", "https://api.example.com", "https://www.example.com");
        let auth = Auth::builder(app_info)
            .core(EngineConfig::in_memory())
            .recipe(SessionRecipe::new())
            .trusted_proxies(proxies)
            .build();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(auth).expect("a handle")
    })
});

fuzz_target!(|written: &[u8]| {
    let Ok(written) = HeaderValue::from_bytes(written) else { return };
    let (proxy, client) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([192, 0, 2, 7]));
    for (auth, appended) in AUTHS.iter().zip([Some("192.0.2.7"), Some("for=192.0.2.7"), None]) {
        let mut headers = HeaderMap::new();
        let values = [Some(written.clone()), appended.map(HeaderValue::from_static)];
        for value in values.into_iter().flatten() {
            headers.append("x-forwarded-for", value.clone());
            headers.append("forwarded", value);
        }
        let request = Request::new(Method::GET, "/", &headers).with_peer_address(Some(proxy));
        let found = Context::for_request(auth.clone(), request).client_address();
        assert!(found.is_some());
        assert!(appended.is_none() || found == Some(client));
    }
});
