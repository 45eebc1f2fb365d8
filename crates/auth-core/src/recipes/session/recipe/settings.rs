//! The builder.

use std::{collections::HashSet, ops::RangeInclusive, sync::Arc, time::Duration};

use http::StatusCode;

use super::{
    AllowedTransferMethod, AntiCsrf, NameFn, SameSite, SameSiteRule, SessionConfig, TokenType,
    TransferMethodFn,
    attributes::{cookie_path, normalise_cookie_domain},
    audience::Audience,
    browser::Browser,
    dropped_cookies,
    prefix::CookiePrefix,
};
use crate::{
    ConfigError, Context, RecipeConfig, Setup,
    overrides::{Overrides, override_methods},
    recipes::session::{
        SessionApi, SessionApis, SessionApisOverride, SessionErrorHandlers, SessionFunctions,
        SessionInstance, SessionOverride,
        request::{DefaultErrorHandlers, DeviceBinding, REGISTER_ROUTE, RENEW_ROUTE},
    },
};

/// For how long a proof of a device may count.
const PROOF_LIFETIMES: RangeInclusive<Duration> =
    Duration::from_secs(1)..=Duration::from_secs(24 * 60 * 60);

/// The session recipe's settings.
///
/// ```
/// use auth_core::recipes::session::{AntiCsrf, SessionRecipe};
///
/// let sessions = SessionRecipe::new()
///     .cookie_domain(".example.com")
///     .anti_csrf(AntiCsrf::ViaToken);
/// # let _ = sessions;
/// ```
#[must_use]
pub struct SessionRecipe {
    use_dynamic_access_token_signing_key: bool,
    session_expired_status_code: StatusCode,
    invalid_claim_status_code: StatusCode,
    access_token_path: String,
    cookie_secure: Option<bool>,
    cookie_same_site: Option<SameSite>,
    cookie_domain: Option<String>,
    older_cookie_domain: Option<String>,
    transfer_method: Option<TransferMethodFn>,
    cookie_prefix: CookiePrefix,
    older_cookie_prefix: Option<CookiePrefix>,
    cookie_name: Option<NameFn>,
    response_header_name: Option<NameFn>,
    anti_csrf: Option<AntiCsrf>,
    audience: Option<String>,
    further_audiences: Vec<String>,
    expose_access_token: bool,
    end_replaced_sessions: bool,
    device_bound_sessions: Option<Duration>,
    jwks_refresh_interval_sec: u64,
    verified_token_cache_capacity: usize,
    error_handlers: Arc<dyn SessionErrorHandlers>,
    overrides: Overrides<SessionFunctions>,
    api_overrides: Overrides<SessionApis>,
    disabled: HashSet<SessionApi>,
}

impl Default for SessionRecipe {
    fn default() -> Self {
        Self {
            use_dynamic_access_token_signing_key: true,
            session_expired_status_code: StatusCode::UNAUTHORIZED,
            invalid_claim_status_code: StatusCode::FORBIDDEN,
            access_token_path: "/".into(),
            cookie_secure: None,
            cookie_same_site: None,
            cookie_domain: None,
            older_cookie_domain: None,
            transfer_method: None,
            cookie_prefix: CookiePrefix::None,
            older_cookie_prefix: None,
            cookie_name: None,
            response_header_name: None,
            anti_csrf: None,
            audience: None,
            further_audiences: Vec::new(),
            expose_access_token: false,
            end_replaced_sessions: true,
            device_bound_sessions: None,
            jwks_refresh_interval_sec: 4 * 60 * 60,
            verified_token_cache_capacity: 10_000,
            error_handlers: Arc::new(DefaultErrorHandlers),
            overrides: Overrides::default(),
            api_overrides: Overrides::default(),
            disabled: HashSet::new(),
        }
    }
}

impl SessionRecipe {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether access tokens are signed with a key that rotates (`true` by default) or with the
    /// static one. Tokens of the other kind are answered with `try refresh token`.
    pub fn use_dynamic_access_token_signing_key(mut self, dynamic: bool) -> Self {
        self.use_dynamic_access_token_signing_key = dynamic;
        self
    }

    /// The status of `unauthorised`, `try refresh token` and `token theft detected`; 401 by
    /// default.
    pub fn session_expired_status_code(mut self, status: StatusCode) -> Self {
        self.session_expired_status_code = status;
        self
    }

    /// The status of `invalid claim`; 403 by default.
    pub fn invalid_claim_status_code(mut self, status: StatusCode) -> Self {
        self.invalid_claim_status_code = status;
        self
    }

    /// The access token cookie's path; `/` by default.
    pub fn access_token_path(mut self, path: impl Into<String>) -> Self {
        self.access_token_path = path.into();
        self
    }

    /// Whether cookies are `Secure`; by default they are where the API's domain is https.
    pub fn cookie_secure(mut self, secure: bool) -> Self {
        self.cookie_secure = Some(secure);
        self
    }

    /// The cookies' `SameSite` attribute; by default `None` where the website is on another site
    /// or scheme than the API, else `Lax`.
    pub fn cookie_same_site(mut self, same_site: SameSite) -> Self {
        self.cookie_same_site = Some(same_site);
        self
    }

    /// The cookies' `Domain`; without it they go back to the very host that set them. It must be the
    /// API's host or a domain above it, and no public suffix.
    pub fn cookie_domain(mut self, domain: impl Into<String>) -> Self {
        self.cookie_domain = Some(domain.into());
        self
    }

    /// The `Domain` that cookies had before [`Self::cookie_domain`] was changed, so that a client
    /// that has both loses the old ones. Empty for host-only cookies.
    pub fn older_cookie_domain(mut self, domain: impl Into<String>) -> Self {
        self.older_cookie_domain = Some(domain.into());
        self
    }

    /// Decides how tokens may travel; the second argument says whether a session is being
    /// created. By default any way will do, and for a new session the client's `st-auth-mode`
    /// decides.
    pub fn get_token_transfer_method(
        mut self,
        choose: impl Fn(&Context, bool) -> AllowedTransferMethod + Send + Sync + 'static,
    ) -> Self {
        self.transfer_method = Some(Arc::new(choose));
        self
    }

    /// What the names of the cookies begin with; nothing by default, as the wire has it. Behind the
    /// prefix stands `sAccessToken` or `sRefreshToken`, or what
    /// [`Self::get_cookie_name_for_token_type`] says. Refused at the start where browsers would drop
    /// such cookies: [`CookiePrefix::Secure`] and [`CookiePrefix::Host`] want an API with https (or on
    /// this machine, with [`Self::cookie_secure`] set), `Host` no [`Self::cookie_domain`] as well, and `/` as the access token's path.
    ///
    /// ```
    /// use auth_core::recipes::session::{CookiePrefix, SessionRecipe};
    ///
    /// // An application that has users already: their sessions go on.
    /// let sessions = SessionRecipe::new()
    ///     .cookie_prefix(CookiePrefix::Host)
    ///     .older_cookie_prefix(CookiePrefix::None);
    /// # let _ = sessions;
    /// ```
    pub fn cookie_prefix(mut self, prefix: CookiePrefix) -> Self {
        self.cookie_prefix = prefix;
        self
    }

    /// The prefix before [`Self::cookie_prefix`] was changed, so that nobody has to sign in again: a
    /// request without a cookie of the new name is judged by the one of the old name, the session's
    /// next refresh moves it to the new names, and the old cookies are cleared then, by a sign-in and
    /// by a sign-out.
    ///
    /// As long as it is set, the old names are believed: take it out once refresh tokens of the time
    /// before the change have expired.
    pub fn older_cookie_prefix(mut self, prefix: CookiePrefix) -> Self {
        self.older_cookie_prefix = Some(prefix);
        self
    }

    /// Names the cookies; `sAccessToken` and `sRefreshToken` by default. Asked for once at the
    /// start too, with a request that nobody sent, so that a name that can't be one is found there.
    /// Names that browsers would refuse are found there, too.
    pub fn get_cookie_name_for_token_type(
        mut self,
        name: impl Fn(&Context, TokenType) -> String + Send + Sync + 'static,
    ) -> Self {
        self.cookie_name = Some(Arc::new(name));
        self
    }

    /// Names the response headers; `st-access-token` and `st-refresh-token` by default. Asked for
    /// at the start as well.
    pub fn get_response_header_name_for_token_type(
        mut self,
        name: impl Fn(&Context, TokenType) -> String + Send + Sync + 'static,
    ) -> Self {
        self.response_header_name = Some(Arc::new(name));
        self
    }

    /// The anti-CSRF mode; by default a custom header where cookies are `SameSite=None`, else
    /// none.
    pub fn anti_csrf(mut self, mode: AntiCsrf) -> Self {
        self.anti_csrf = Some(mode);
        self
    }

    /// By which name access tokens are meant for this application, such as its API's address; none by
    /// default. New sessions' tokens carry it as `aud` (RFC 7519 section 4.1.3), and a session check
    /// refuses tokens that don't name it: those for somebody else with 401 `unauthorised`, and those
    /// that name nobody with 401 `try refresh token`, for the next refresh writes it into sessions of
    /// the time before. A refresh of a session that is meant for others is refused, too.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    /// Further services that take these access tokens, beside [`Self::audience`], which must be set.
    /// Each looks for its own name: `auth_jwt::Expected` does, where it has the keys alone.
    pub fn further_audiences(
        mut self,
        audiences: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.further_audiences = audiences.into_iter().map(Into::into).collect();
        self
    }

    /// Whether cookie mode sends the access token in the `st-access-token` header too, where
    /// scripts can read it; `false` by default.
    pub fn expose_access_token_to_frontend_in_cookie_based_auth(mut self, expose: bool) -> Self {
        self.expose_access_token = expose;
        self
    }

    /// Whether a session ends whose token a sign-in comes with, where the sign-in starts another
    /// one in its place; `true` by default.
    pub fn end_replaced_sessions(mut self, end: bool) -> Self {
        self.end_replaced_sessions = end;
        self
    }

    /// Binds new sessions in cookies to the device of their browser, where it offers that (W3C Device
    /// Bound Session Credentials, a draft), and says for how long browsers keep a proof of the device:
    /// 1 second to a day, such as 10 minutes. It counts a minute longer, for requests on their way. Off
    /// by default.
    ///
    /// A bound session is refreshed only with such a proof: tokens that were copied into another browser
    /// are worth nothing once the copied access token and proof have expired, and come to nothing there
    /// without ending the session. [The page](crate::docs::recipes::session#sessions-bound-to-a-device)
    /// has the whole.
    pub fn device_bound_sessions(mut self, proof_lifetime: Duration) -> Self {
        self.device_bound_sessions = Some(proof_lifetime);
        self
    }

    /// How long verification keys are used at most before they are read again, in seconds; 14400
    /// by default. A token signed with a key not seen yet has them read at once.
    ///
    /// Keys that the core withdraws are dropped sooner: at once where this process withdrew them,
    /// within 3 seconds where another one did and the core is embedded, and within 5 where it is at
    /// the other end of a network. There this time is how long keys go on being used while the core
    /// can't be reached.
    pub fn jwks_refresh_interval_sec(mut self, seconds: u64) -> Self {
        self.jwks_refresh_interval_sec = seconds;
        self
    }

    /// How many verified access tokens are remembered, so that their signature isn't checked
    /// again; 10000 by default, about 3 KB each.
    pub fn verified_token_cache_capacity(mut self, tokens: usize) -> Self {
        self.verified_token_cache_capacity = tokens;
        self
    }

    /// Replaces answers to session errors.
    pub fn error_handlers(mut self, handlers: impl SessionErrorHandlers + 'static) -> Self {
        self.error_handlers = Arc::new(handlers);
        self
    }
}

override_methods!(SessionRecipe: SessionOverride, SessionApisOverride, SessionApi);

impl RecipeConfig for SessionRecipe {
    type Recipe = SessionInstance;

    fn build(self, setup: &Setup<'_>) -> Result<SessionInstance, ConfigError> {
        if self.invalid_claim_status_code == self.session_expired_status_code {
            return Err(ConfigError::new(
                "session.invalid_claim_status_code",
                "it equals session_expired_status_code",
                "two statuses that clients can tell apart",
            ));
        }
        for (field, status) in [
            ("session.session_expired_status_code", self.session_expired_status_code),
            ("session.invalid_claim_status_code", self.invalid_claim_status_code),
        ] {
            if !(status.is_client_error() || status.is_server_error()) {
                let problem = format!("{} is no error", status.as_u16());
                return Err(ConfigError::new(field, problem, "a status from 400 to 599"));
            }
        }
        if let Some(lifetime) = self.device_bound_sessions
            && !PROOF_LIFETIMES.contains(&lifetime)
        {
            return Err(ConfigError::new(
                "session.device_bound_sessions",
                format!("{lifetime:?} is no time for which a proof can count"),
                "1 second to a day, such as 10 minutes",
            ));
        }
        let app_info = setup.app_info;
        let base_path = &app_info.api_base_path;
        let own_base_path =
            base_path.strip_prefix(app_info.api_gateway_path.as_str()).unwrap_or(base_path);
        let refresh_route = format!("{base_path}/session/refresh");
        let device_binding = self.device_bound_sessions.map(|cookie_lifetime| DeviceBinding {
            cookie_lifetime,
            register_path: format!("{base_path}{REGISTER_ROUTE}"),
            renew_path: format!("{base_path}{RENEW_ROUTE}"),
            refresh_path: refresh_route.clone(),
        });
        let older_prefix = self.older_cookie_prefix.unwrap_or_default();
        let config = SessionConfig {
            use_dynamic_signing_key: self.use_dynamic_access_token_signing_key,
            session_expired_status: self.session_expired_status_code,
            invalid_claim_status: self.invalid_claim_status_code,
            access_token_path: cookie_path(&self.access_token_path)?,
            refresh_token_path: self.cookie_prefix.refresh_path(&refresh_route).to_owned(),
            older_refresh_token_path: older_prefix.refresh_path(&refresh_route).to_owned(),
            refresh_request_path: format!("{own_base_path}/session/refresh"),
            cookie_secure: self
                .cookie_secure
                .unwrap_or_else(|| app_info.api_domain.starts_with("https")),
            same_site: SameSiteRule::new(self.cookie_same_site, app_info)?,
            browser: Browser::new(&app_info.api_domain),
            cookie_domain: self
                .cookie_domain
                .map(|domain| normalise_cookie_domain("session.cookie_domain", &domain))
                .transpose()?,
            older_cookie_domain: self.older_cookie_domain.map(older_cookie_domain).transpose()?,
            transfer_method: self.transfer_method,
            cookie_prefix: self.cookie_prefix,
            older_cookie_prefix: self.older_cookie_prefix,
            cookie_name: self.cookie_name,
            response_header_name: self.response_header_name,
            anti_csrf: self.anti_csrf,
            audience: Audience::new(self.audience, self.further_audiences)?,
            expose_access_token: self.expose_access_token,
            end_replaced_sessions: self.end_replaced_sessions,
            device_binding,
            jwks_refresh_interval_ms: self.jwks_refresh_interval_sec.saturating_mul(1000),
            verified_token_cache_capacity: self.verified_token_cache_capacity,
            error_handlers: self.error_handlers,
        };
        dropped_cookies::check(&config, app_info)?;
        Ok(SessionInstance::new(config, self.overrides, self.api_overrides, self.disabled))
    }
}

/// Empty stays empty: it stands for host-only cookies.
fn older_cookie_domain(domain: String) -> Result<String, ConfigError> {
    if domain.is_empty() {
        return Ok(domain);
    }
    normalise_cookie_domain("session.older_cookie_domain", &domain)
}
