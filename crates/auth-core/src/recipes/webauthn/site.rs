//! For which site passkeys are made: its domain, its name, and the origin of its pages.

use std::sync::Arc;

use auth_protocol::TenantId;
use url::{Host, Url};

use crate::{
    ConfigError, Context, Result, Setup,
    app_info::{Origin, domain},
};

pub(super) type SiteFn = Arc<dyn Fn(&Context, &TenantId) -> String + Send + Sync>;

/// What the application says of its site.
#[derive(Clone)]
pub(super) enum Said {
    Value(String),
    PerRequest(SiteFn),
}

/// The same, as the application said it; `None` where it didn't.
#[derive(Default)]
pub(super) struct SiteSettings {
    pub(super) id: Option<Said>,
    pub(super) name: Option<Said>,
    pub(super) origin: Option<Said>,
}

/// The site after its checks.
pub(super) struct Site {
    id: Said,
    name: Said,
    /// `None` for the website's.
    origin: Option<Said>,
}

const ID: &str = "webauthn.relying_party_id";
const ID_EXPECTED: &str = "the website's domain or one above it, such as `example.com`";
const ORIGIN: &str = "webauthn.origin";

/// The origin of an application on Android (CDI §4.5).
const ANDROID: &str = "android:apk-key-hash:";

impl SiteSettings {
    pub(super) fn check(
        self,
        setup: &Setup<'_>,
        related_origins: &[String],
    ) -> Result<Site, ConfigError> {
        let info = setup.app_info;
        let origin = match self.origin {
            Some(Said::Value(origin)) if origin.trim().starts_with(ANDROID) => {
                Some(Said::Value(origin.trim().to_owned()))
            }
            Some(Said::Value(origin)) => Some(Said::Value(domain(ORIGIN, &origin)?)),
            other => other,
        };
        let id = match self.id {
            Some(Said::Value(id)) => Said::Value(checked_id(&id)?),
            Some(per_request) => per_request,
            None => Said::Value(host(&info.api_domain).unwrap_or_default()),
        };
        let page = match (&origin, &info.origin) {
            (Some(Said::Value(origin)), _) | (None, Origin::Static(origin)) => Some(origin),
            _ => None,
        };
        let page = page.filter(|origin| !related_origins.contains(origin));
        if let (Said::Value(id), Some(page)) = (&id, page.and_then(|origin| host(origin)))
            && !is_at_or_below(&page, id)
        {
            let problem = format!("`{id}` isn't above the host of the website, `{page}`");
            return Err(ConfigError::new(ID, problem, ID_EXPECTED));
        }
        let name = match self.name {
            Some(Said::Value(name)) if name.trim().is_empty() => {
                let (field, problem) = ("webauthn.relying_party_name", "it is empty");
                return Err(ConfigError::new(field, problem, "the name that users know"));
            }
            Some(name) => name,
            None => Said::Value(info.app_name.clone()),
        };
        Ok(Site { id, name, origin })
    }
}

impl Site {
    pub(super) fn id(&self, cx: &Context, tenant_id: &TenantId) -> String {
        self.id.of(cx, tenant_id)
    }

    pub(super) fn name(&self, cx: &Context, tenant_id: &TenantId) -> String {
        self.name.of(cx, tenant_id)
    }

    /// # Errors
    /// Where the application decides the website's origin for each request, and gives none that is one.
    pub(super) fn origin(&self, cx: &Context, tenant_id: &TenantId) -> Result<String> {
        match &self.origin {
            Some(origin) => Ok(origin.of(cx, tenant_id)),
            None => cx.auth().app_info().website_origin(cx),
        }
    }
}

impl Said {
    pub(super) fn per_request(
        said: impl Fn(&Context, &TenantId) -> String + Send + Sync + 'static,
    ) -> Self {
        Self::PerRequest(Arc::new(said))
    }

    fn of(&self, cx: &Context, tenant_id: &TenantId) -> String {
        match self {
            Self::Value(value) => value.clone(),
            Self::PerRequest(said) => said(cx, tenant_id),
        }
    }
}

/// A domain alone, as browsers write it.
fn checked_id(text: &str) -> Result<String, ConfigError> {
    let refuse = || ConfigError::new(ID, format!("`{text}` is no domain"), ID_EXPECTED);
    if text.contains(['/', ':', '@', '?', '#', '\\']) {
        return Err(refuse());
    }
    match Host::parse(text.trim()) {
        Ok(Host::Domain(domain)) => Ok(domain),
        _ => Err(refuse()),
    }
}

fn host(origin: &str) -> Option<String> {
    Url::parse(origin).ok()?.host_str().map(str::to_owned)
}

fn is_at_or_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AppInfo, app_info::NormalisedAppInfo};

    fn check(settings: SiteSettings, website: &str) -> Result<Site, ConfigError> {
        let info = AppInfo::new("App", "https://api.example.com", website);
        let app_info = NormalisedAppInfo::new(info).expect("an app");
        settings.check(&Setup { app_info: &app_info }, &["https://example.co.uk".to_owned()])
    }

    fn with_id(id: &str) -> SiteSettings {
        SiteSettings { id: Some(Said::Value(id.to_owned())), ..SiteSettings::default() }
    }

    fn value(said: &Said) -> &str {
        match said {
            Said::Value(value) => value,
            Said::PerRequest(_) => "per request",
        }
    }

    #[test]
    fn the_api_s_host_is_the_site_unless_it_is_said_otherwise() {
        let site = check(SiteSettings::default(), "https://api.example.com:3000").expect("right");
        assert_eq!((value(&site.id), value(&site.name)), ("api.example.com", "App"));
        let site = check(with_id("Example.com"), "https://www.example.com").expect("right");
        assert_eq!(value(&site.id), "example.com");
        assert!(check(with_id("example.com"), "https://example.co.uk").is_ok(), "a related one");
    }

    #[test]
    fn a_site_that_no_page_could_use_is_a_mistake() {
        for (settings, website) in [
            (SiteSettings::default(), "https://www.example.com"),
            (with_id("other.example"), "https://www.example.com"),
            (with_id("ample.com"), "https://example.com"),
            (with_id("https://example.com"), "https://example.com"),
            (with_id("example.com:3000"), "https://example.com"),
            (with_id(""), "https://example.com"),
        ] {
            assert_eq!(check(settings, website).err().expect(website).field(), ID, "{website}");
        }
        let named =
            SiteSettings { name: Some(Said::Value(" ".to_owned())), ..with_id("example.com") };
        let error = check(named, "https://example.com").err().expect("no name");
        assert_eq!(error.field(), "webauthn.relying_party_name");
        let wrong = SiteSettings {
            origin: Some(Said::Value("https://example.com/page".to_owned())),
            ..with_id("example.com")
        };
        assert_eq!(check(wrong, "https://example.com").err().expect("a path").field(), ORIGIN);
    }

    #[test]
    fn what_is_decided_for_each_request_is_looked_at_then() {
        let settings = SiteSettings {
            id: Some(Said::per_request(|_, tenant| format!("{tenant}.example"))),
            ..SiteSettings::default()
        };
        assert!(check(settings, "https://example.com").is_ok());
        let android = SiteSettings {
            origin: Some(Said::Value(format!("{ANDROID}abc"))),
            ..with_id("example.com")
        };
        assert!(check(android, "https://www.other.example").is_ok());
    }
}
