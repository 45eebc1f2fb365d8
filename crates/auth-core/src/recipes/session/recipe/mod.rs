//! The recipe: what an application sets on it, with defaults and checks, and the recipe in use.

mod attributes;
mod audience;
mod browser;
mod dropped_cookies;
mod instance;
mod modes;
pub(super) mod names;
mod prefix;
mod settings;

use std::{borrow::Cow, sync::Arc};

use http::{HeaderName, StatusCode};

use attributes::SameSiteRule;
use audience::Audience;
use browser::Browser;
pub(crate) use browser::host_of;
pub use instance::SessionInstance;
pub use modes::{AllowedTransferMethod, AntiCsrf, SameSite, TokenTransferMethod, TokenType};
pub use prefix::CookiePrefix;
pub use settings::SessionRecipe;

use super::{SessionErrorHandlers, request::DeviceBinding};
use crate::{Context, Error, Result};

pub(crate) type TransferMethodFn =
    Arc<dyn Fn(&Context, bool) -> AllowedTransferMethod + Send + Sync>;
pub(crate) type NameFn = Arc<dyn Fn(&Context, TokenType) -> String + Send + Sync>;

/// The settings after their checks.
#[allow(clippy::struct_excessive_bools, reason = "each is a switch by itself")]
pub(crate) struct SessionConfig {
    pub(crate) use_dynamic_signing_key: bool,
    pub(crate) session_expired_status: StatusCode,
    pub(crate) invalid_claim_status: StatusCode,
    pub(crate) access_token_path: String,
    pub(crate) refresh_token_path: String,
    /// The path of the refresh token's cookie before the prefix was changed.
    pub(crate) older_refresh_token_path: String,
    /// The refresh path as requests carry it: a gateway strips its own part.
    pub(crate) refresh_request_path: String,
    pub(crate) cookie_secure: bool,
    pub(crate) same_site: SameSiteRule,
    pub(crate) browser: Browser,
    pub(crate) cookie_domain: Option<String>,
    pub(crate) older_cookie_domain: Option<String>,
    pub(crate) transfer_method: Option<TransferMethodFn>,
    pub(crate) cookie_prefix: CookiePrefix,
    pub(crate) older_cookie_prefix: Option<CookiePrefix>,
    pub(crate) cookie_name: Option<NameFn>,
    pub(crate) response_header_name: Option<NameFn>,
    pub(crate) anti_csrf: Option<AntiCsrf>,
    /// Whom access tokens are for.
    pub(crate) audience: Option<Audience>,
    pub(crate) expose_access_token: bool,
    pub(crate) end_replaced_sessions: bool,
    /// How sessions are bound to devices, where they are.
    pub(crate) device_binding: Option<DeviceBinding>,
    pub(crate) jwks_refresh_interval_ms: u64,
    pub(crate) verified_token_cache_capacity: usize,
    pub(crate) error_handlers: Arc<dyn SessionErrorHandlers>,
}

impl SessionConfig {
    /// The anti-CSRF mode: as configured, or by a custom header where cookies travel between
    /// sites.
    pub(crate) fn anti_csrf(&self, cx: &Context) -> Result<AntiCsrf> {
        match self.anti_csrf {
            Some(mode) => Ok(mode),
            None => Ok(match self.same_site(cx)? {
                SameSite::None => AntiCsrf::ViaCustomHeader,
                SameSite::Lax | SameSite::Strict => AntiCsrf::None,
            }),
        }
    }

    /// Whether a key is of the kind that signs this application's tokens.
    pub(crate) fn accepts_key(&self, kid: &str) -> bool {
        kid.starts_with("d-") == self.use_dynamic_signing_key
    }

    pub(crate) fn same_site(&self, cx: &Context) -> Result<SameSite> {
        self.same_site.resolve(cx)
    }

    /// Which ways of transfer this request may use; when a session is created, the client's
    /// `st-auth-mode` decides by default.
    pub(crate) fn allowed_transfer_method(
        &self,
        cx: &Context,
        for_create_new_session: bool,
    ) -> AllowedTransferMethod {
        match &self.transfer_method {
            Some(choose) => choose(cx, for_create_new_session),
            None if for_create_new_session => {
                names::auth_mode(cx).map_or(AllowedTransferMethod::Any, |method| match method {
                    TokenTransferMethod::Header => AllowedTransferMethod::Header,
                    TokenTransferMethod::Cookie => AllowedTransferMethod::Cookie,
                })
            }
            None => AllowedTransferMethod::Any,
        }
    }

    /// The name of a cookie that is no token's, behind the prefix, and its path.
    pub(crate) fn other_cookie<'p>(&self, name: &str, path: &'p str) -> (String, &'p str) {
        let path = if self.cookie_prefix == CookiePrefix::Host { "/" } else { path };
        (self.cookie_prefix.before(name.to_owned()), path)
    }

    pub(crate) fn cookie_name(&self, cx: &Context, token: TokenType) -> Cow<'static, str> {
        self.name_behind(self.cookie_prefix, cx, token)
    }

    /// The name that a cookie had before the prefix was changed, where its sessions go on.
    pub(crate) fn older_cookie_name(
        &self,
        cx: &Context,
        token: TokenType,
    ) -> Option<Cow<'static, str>> {
        self.older_cookie_prefix.map(|prefix| self.name_behind(prefix, cx, token))
    }

    fn name_behind(
        &self,
        prefix: CookiePrefix,
        cx: &Context,
        token: TokenType,
    ) -> Cow<'static, str> {
        match &self.cookie_name {
            Some(name) => prefix.before(name(cx, token)).into(),
            None => prefix.usual_name(token).into(),
        }
    }

    pub(crate) fn response_header_name(
        &self,
        cx: &Context,
        token: TokenType,
    ) -> Result<HeaderName> {
        match &self.response_header_name {
            Some(name) => HeaderName::try_from(name(cx, token)).map_err(Error::other),
            None => Ok(names::response_header(token)),
        }
    }
}
