//! What the application is called and where it lives.

mod checks;
mod links;

use std::{fmt, sync::Arc};

pub(crate) use checks::{domain, path};

use crate::{ConfigError, Context, Error, Result, normalise};

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
    pub(crate) trusted_origins: Vec<String>,
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
            trusted_origins: Vec::new(),
        }
    }

    /// Decides the website's origin for each request, in place of the website's domain.
    #[must_use]
    pub fn origin(mut self, origin: impl Fn(&Context) -> String + Send + Sync + 'static) -> Self {
        self.origin = Origin::PerRequest(Arc::new(origin));
        self
    }

    /// Further websites that may use the API with cookies, such as `https://admin.example.com`,
    /// beside the website's domain and the API's own: what changes something is refused with 403
    /// where the browser says that it comes from any other page. None by default.
    #[must_use]
    pub fn trusted_origins<O: Into<String>>(
        mut self,
        origins: impl IntoIterator<Item = O>,
    ) -> Self {
        self.trusted_origins.extend(origins.into_iter().map(Into::into));
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
    /// Further websites that may use the API with cookies.
    pub trusted_origins: Vec<String>,
    pub(crate) origin: Origin,
}

impl NormalisedAppInfo {
    pub(crate) fn new(info: AppInfo) -> Result<Self, ConfigError> {
        checks::name(&info.app_name)?;
        let api_domain = checks::domain("app_info.api_domain", &info.api_domain)?;
        let origin = match info.origin {
            Origin::Static(text) => {
                Origin::Static(checks::domain("app_info.website_domain", &text)?)
            }
            per_request @ Origin::PerRequest(_) => per_request,
        };
        let trusted_origins = info
            .trusted_origins
            .iter()
            .map(|text| checks::trusted_origin(text))
            .collect::<Result<_, _>>()?;
        let api_gateway_path = checks::path("app_info.api_gateway_path", &info.api_gateway_path)?;
        let own_base_path = checks::path("app_info.api_base_path", &info.api_base_path)?;
        Ok(Self {
            app_name: info.app_name,
            api_domain,
            api_base_path: checks::path(
                "app_info.api_base_path",
                &format!("{api_gateway_path}{own_base_path}"),
            )?,
            website_base_path: checks::path("app_info.website_base_path", &info.website_base_path)?,
            api_gateway_path,
            trusted_origins,
            origin,
        })
    }

    /// The API's base path as requests have it when they reach the application: without the
    /// gateway's path, which the gateway strips. Empty where the routes lie at the top.
    pub fn mounted_path(&self) -> &str {
        self.api_base_path.strip_prefix(&self.api_gateway_path).unwrap_or(&self.api_base_path)
    }

    /// Whether this origin, as a browser names it, is the API's, the website's or a trusted one.
    pub(crate) fn is_known_origin(&self, cx: &Context, origin: &str) -> bool {
        origin.eq_ignore_ascii_case(&self.api_domain)
            || self.trusted_origins.iter().any(|known| origin.eq_ignore_ascii_case(known))
            || match &self.origin {
                Origin::Static(website) => origin.eq_ignore_ascii_case(website),
                Origin::PerRequest(_) => self
                    .website_origin(cx)
                    .is_ok_and(|website| origin.eq_ignore_ascii_case(&website)),
            }
    }

    /// The website's origin for this request, such as `https://example.com`.
    ///
    /// # Errors
    /// [`Error::Other`] where the application's origin function gave no valid domain.
    pub fn website_origin(&self, cx: &Context) -> Result<String> {
        match &self.origin {
            Origin::Static(origin) => Ok(origin.clone()),
            Origin::PerRequest(origin) => normalise::domain(&origin(cx)).map_err(|error| {
                Error::other(ConfigError::new(
                    "app_info.origin",
                    error.to_string(),
                    checks::DOMAIN_EXPECTED,
                ))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field_of(info: AppInfo) -> String {
        NormalisedAppInfo::new(info).err().map(|error| error.field().to_owned()).unwrap_or_default()
    }

    #[test]
    fn domains_and_paths_are_normalised_and_the_gateway_path_stands_before_the_base_path() {
        let info = AppInfo::new("App", "API.example.com/", "example.com")
            .api_gateway_path("gateway/")
            .api_base_path("/auth/")
            .website_base_path("/");
        let info = NormalisedAppInfo::new(info).expect("valid");
        assert_eq!(info.api_domain, "https://api.example.com");
        assert_eq!(info.api_base_path, "/gateway/auth");
        assert_eq!(info.api_gateway_path, "/gateway");
        assert_eq!(info.website_base_path, "");
        assert!(matches!(info.origin, Origin::Static(origin) if origin == "https://example.com"));
    }

    #[test]
    fn both_base_paths_are_auth_by_default() {
        let info = NormalisedAppInfo::new(AppInfo::new("App", "a.example.com", "example.com"))
            .expect("valid");
        assert_eq!(info.api_base_path, "/auth");
        assert_eq!(info.website_base_path, "/auth");
        assert_eq!(info.api_gateway_path, "");
    }

    #[test]
    fn a_mistake_names_its_field() {
        assert_eq!(field_of(AppInfo::new(" ", "a.com", "a.com")), "app_info.app_name");
        assert_eq!(field_of(AppInfo::new("a\nb", "a.com", "a.com")), "app_info.app_name");
        assert_eq!(field_of(AppInfo::new("App", "", "a.com")), "app_info.api_domain");
        assert_eq!(field_of(AppInfo::new("App", "https://co.uk", "a.com")), "app_info.api_domain");
        assert_eq!(field_of(AppInfo::new("App", "a.com", "/x")), "app_info.website_domain");
    }

    #[test]
    fn trusted_origins_are_websites_or_applications_on_a_device() {
        let info = |origin: &str| AppInfo::new("App", "a.com", "a.com").trusted_origins([origin]);
        for (given, kept) in [
            ("https://Admin.example.com/", "https://admin.example.com"),
            ("admin.example.com", "https://admin.example.com"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("capacitor://localhost", "capacitor://localhost"),
        ] {
            let info = NormalisedAppInfo::new(info(given)).expect("valid");
            assert_eq!(info.trusted_origins, [kept]);
        }
        for wrong in ["", "*", "https://*.example.com", "null", "capacitor://", "/x"] {
            assert_eq!(field_of(info(wrong)), "app_info.trusted_origins", "{wrong}");
        }
    }

    #[test]
    fn an_origin_function_takes_the_place_of_the_website_domain() {
        let info = AppInfo::new("App", "a.com", "").origin(|_| "https://b.com".to_owned());
        assert_eq!(field_of(info), "");
    }
}
