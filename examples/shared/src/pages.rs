//! The front ends: the built web app where it is there, else a plain page.

use std::path::{Component, Path, PathBuf};

use auth_core::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};

const INDEX: &str = include_str!("../page/index.html");
const SCRIPT: &str = include_str!("../page/app.js");
const FACTORS: &str = include_str!("../page/factors.js");
const PROVIDERS: &str = include_str!("../page/providers.js");
const ADDRESS: &str = include_str!("../page/address.js");
const PASSWORD: &str = include_str!("../page/password.js");
const WEBAUTHN: &str = include_str!("../page/webauthn.js");
const PASSKEYS: &str = include_str!("../page/passkeys.js");
const PASSKEY_LIST: &str = include_str!("../page/passkey-list.js");
const CAPTCHA: &str = include_str!("../page/captcha.js");
const STYLE: &str = include_str!("../page/style.css");

/// The front end's files.
#[derive(Clone, Debug)]
pub struct Pages {
    /// The built web app.
    dist: Option<PathBuf>,
}

impl Pages {
    /// Looks for the built web app, unless the plain page is wanted.
    pub fn new(plain: bool) -> Self {
        let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/dist");
        let is_built = !plain && dist.join("index.html").is_file();
        Self { dist: is_built.then_some(dist) }
    }

    /// Whether the plain page is served.
    pub fn is_plain(&self) -> bool {
        self.dist.is_none()
    }

    /// The file for a path. Paths without a file's ending are pages of the front end itself.
    pub async fn find(&self, path: &str) -> Option<Response> {
        let name = path.trim_start_matches('/');
        let name = if Path::new(name).extension().is_none() { "index.html" } else { name };
        let Some(dist) = &self.dist else {
            let text = match name {
                "index.html" => INDEX,
                "app.js" => SCRIPT,
                "factors.js" => FACTORS,
                "providers.js" => PROVIDERS,
                "address.js" => ADDRESS,
                "password.js" => PASSWORD,
                "webauthn.js" => WEBAUTHN,
                "passkeys.js" => PASSKEYS,
                "passkey-list.js" => PASSKEY_LIST,
                "captcha.js" => CAPTCHA,
                "style.css" => STYLE,
                _ => return None,
            };
            return Some(file(name, text.as_bytes().to_vec(), true));
        };
        let is_inside =
            Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if !is_inside {
            return None;
        }
        let body = tokio::fs::read(dist.join(name)).await.ok()?;
        Some(file(name, body, false))
    }
}

fn file(name: &str, body: Vec<u8>, is_plain: bool) -> Response {
    let content_type = match Path::new(name).extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if is_plain {
        let policy = "default-src 'self'; frame-ancestors 'none'";
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    Response { status: StatusCode::OK, headers, body: body.into() }
}
