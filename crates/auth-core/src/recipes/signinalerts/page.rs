//! The page that the link leads to.

use auth_protocol::{Secret, TenantId};
use html_escape::{encode_double_quoted_attribute, encode_safe};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::api::TOKEN;
use crate::{Context, Response, Result};

/// What the page says.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AlertPage {
    /// It asks whether to end all sessions, and posts the token once somebody says so.
    Ask {
        /// The token: letters, digits, hyphens and underscores.
        token: Secret,
    },
    /// All sessions have ended.
    Done {
        /// Where another password is chosen, where there are passwords.
        reset_password_link: Option<String>,
    },
    /// The link isn't whole, has expired, or isn't of this tenant.
    Invalid,
}

/// Where somebody asks for the mail by which a password is reset.
pub(super) fn reset_password_link(cx: &Context, tenant_id: &TenantId) -> Result<Option<String>> {
    if !cx.auth().is_recipe_initialized("emailpassword") {
        return Ok(None);
    }
    let query = [("tenantId", tenant_id.as_str())];
    cx.website_link("/reset-password", &query).map(Some)
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:28rem;margin:15vh auto;\
    padding:0 1rem;color:#161a26;background:#fff}h1{font-size:1.4rem}\
    button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:.4rem;background:#b3261e;\
    color:#fff;cursor:pointer}a{color:#3730a3}.app{color:#5b6475}\
    @media(prefers-color-scheme:dark){body{color:#eceef5;background:#11131b}a{color:#a5b4fc}\
    .app{color:#a3aabf}}";

/// It loads nothing and stands in no frame; its form goes to where it comes from. The address, which
/// holds the token, is told to no other site.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::CACHE_CONTROL, "no-store"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

pub(super) fn response(html: String) -> Response {
    let headers: HeaderMap =
        HEADERS.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect();
    Response { status: StatusCode::OK, headers, body: html.into() }
}

pub(super) fn html(cx: &Context, page: &AlertPage) -> String {
    let app_name = encode_safe(&cx.auth().app_info().app_name);
    let (title, body) = match page {
        AlertPage::Ask { token } => (
            "Sign out everywhere?",
            format!(
                "<p>If somebody else has signed in to your account, end all its sessions, yours \
                 included.</p>\n<form method=\"post\" action=\"end\"><input type=\"hidden\" name=\"{TOKEN}\" \
                 value=\"{}\"><button>Sign out everywhere</button></form>",
                encode_double_quoted_attribute(token.expose_secret()),
            ),
        ),
        AlertPage::Done { reset_password_link: None } => (
            "Signed out everywhere",
            "<p>All sessions of your account have ended. Pages that are open elsewhere may go on for \
             some minutes.</p>"
                .to_owned(),
        ),
        AlertPage::Done { reset_password_link: Some(link) } => (
            "Signed out everywhere",
            format!(
                "<p>All sessions of your account have ended. Pages that are open elsewhere may go on \
                 for some minutes.</p>\n<p>Whoever signed in may know your password: <a href=\"{}\">choose \
                 another one</a> now.</p>",
                encode_double_quoted_attribute(link),
            ),
        ),
        AlertPage::Invalid => (
            "This link doesn't work",
            "<p>It isn't whole, or it has expired. Nothing was changed.</p>".to_owned(),
        ),
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"robots\" content=\"noindex\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <p class=\"app\">{app_name}</p>\n<h1>{title}</h1>\n{body}\n</body>\n</html>\n"
    )
}
