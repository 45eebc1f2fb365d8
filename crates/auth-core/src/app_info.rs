//! What the application is called and where it lives.

use std::{fmt, sync::Arc};

use crate::{ConfigError, Context};

type OriginFn = Arc<dyn Fn(&Context) -> String + Send + Sync>;

/// Where the website lives: one origin, or one that depends on the request.
#[derive(Clone)]
pub(crate) enum Origin {
    Static(String),
    PerRequest(OriginFn),
}

/// The application's name, domains and paths (SuperTokens' `appInfo`).
#[derive(Clone)]
pub struct AppInfo {
    pub(crate) app_name: String,
    pub(crate) api_domain: String,
    pub(crate) origin: Origin,
    pub(crate) api_base_path: String,
    pub(crate) website_base_path: String,
    pub(crate) api_gateway_path: String,
}

impl AppInfo {
    /// The name as it stands in mails, the API's domain, and the website's domain.
    pub fn new(
        app_name: impl Into<String>,
        api_domain: impl Into<String>,
        website_domain: impl Into<String>,
    ) -> Self {
        Self {
            app_name: app_name.into(),
            api_domain: api_domain.into(),
            origin: Origin::Static(website_domain.into()),
            api_base_path: "/auth".into(),
            website_base_path: "/auth".into(),
            api_gateway_path: String::new(),
        }
    }

    /// Decides the website's origin for each request, in place of the website's domain.
    #[must_use]
    pub fn origin(mut self, origin: impl Fn(&Context) -> String + Send + Sync + 'static) -> Self {
        self.origin = Origin::PerRequest(Arc::new(origin));
        self
    }

    /// The path below which the API's routes lie; `/auth` by default.
    #[must_use]
    pub fn api_base_path(mut self, path: impl Into<String>) -> Self {
        self.api_base_path = path.into();
        self
    }

    /// The path below which the website's sign-in pages lie; `/auth` by default.
    #[must_use]
    pub fn website_base_path(mut self, path: impl Into<String>) -> Self {
        self.website_base_path = path.into();
        self
    }

    /// A path that a gateway strips before a request reaches the application; empty by default.
    #[must_use]
    pub fn api_gateway_path(mut self, path: impl Into<String>) -> Self {
        self.api_gateway_path = path.into();
        self
    }
}

impl fmt::Debug for AppInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppInfo")
            .field("app_name", &self.app_name)
            .field("api_domain", &self.api_domain)
            .finish_non_exhaustive()
    }
}

/// [`AppInfo`] after its checks: domains without a trailing slash, paths with a leading one or
/// empty.
#[derive(Clone)]
pub struct NormalisedAppInfo {
    /// The name.
    pub app_name: String,
    /// The API's domain with its scheme, such as `https://api.example.com`.
    pub api_domain: String,
    /// The API's base path with the gateway's path before it, such as `/auth`.
    pub api_base_path: String,
    /// The website's base path.
    pub website_base_path: String,
    /// The gateway's path.
    pub api_gateway_path: String,
    pub(crate) origin: Origin,
}

impl NormalisedAppInfo {
    pub(crate) fn new(info: AppInfo) -> Result<Self, ConfigError> {
        Ok(Self {
            app_name: info.app_name,
            api_domain: info.api_domain,
            api_base_path: info.api_base_path,
            website_base_path: info.website_base_path,
            api_gateway_path: info.api_gateway_path,
            origin: info.origin,
        })
    }

    /// The website's origin for this request.
    pub fn website_origin(&self, cx: &Context) -> String {
        match &self.origin {
            Origin::Static(origin) => origin.clone(),
            Origin::PerRequest(origin) => origin(cx),
        }
    }
}
