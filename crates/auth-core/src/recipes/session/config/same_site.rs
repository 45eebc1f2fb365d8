//! The default of `SameSite`, which depends on where API and website live.

use arc_swap::ArcSwapOption;

use super::SameSite;
use crate::{ConfigError, Context, Error, NormalisedAppInfo, Result, normalise::top_level_site};

/// Which `SameSite` attribute session cookies get (FDI: session configuration).
pub(crate) struct SameSiteRule {
    fixed: Option<SameSite>,
    api_site: String,
    api_is_https: bool,
    /// The last website origin seen with what followed from it: there is hardly ever a second.
    last: ArcSwapOption<Website>,
}

struct Website {
    origin: String,
    same_site: SameSite,
    is_local: bool,
}

impl SameSiteRule {
    pub(super) fn new(
        fixed: Option<SameSite>,
        app_info: &NormalisedAppInfo,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            fixed,
            api_site: site_of("app_info.api_domain", &app_info.api_domain)?,
            api_is_https: app_info.api_domain.starts_with("https"),
            last: ArcSwapOption::empty(),
        })
    }

    /// The attribute for a response in this context: as configured, or `None` where the website
    /// is on another site or scheme than the API, else `Lax`.
    pub(crate) fn resolve(&self, cx: &Context) -> Result<SameSite> {
        match self.fixed {
            Some(same_site) => Ok(same_site),
            None => self.with_website(cx, |website| website.same_site),
        }
    }

    /// The attribute for a website whose origin is always the same.
    pub(super) fn for_website(&self, origin: &str) -> Option<SameSite> {
        let same = top_level_site(origin).ok()? == self.api_site
            && origin.starts_with("https") == self.api_is_https;
        Some(self.fixed.unwrap_or(if same { SameSite::Lax } else { SameSite::None }))
    }

    /// Whether API and website both are on this machine, where cookies need no `Secure`.
    pub(crate) fn is_local(&self, cx: &Context) -> Result<bool> {
        Ok(self.api_site == "localhost" && self.with_website(cx, |website| website.is_local)?)
    }

    fn with_website<T>(&self, cx: &Context, read: impl FnOnce(&Website) -> T) -> Result<T> {
        let origin = cx.auth().app_info().website_origin(cx)?;
        let last = self.last.load();
        if let Some(website) = last.as_ref().filter(|website| website.origin == origin) {
            return Ok(read(website));
        }
        let website_site = site_of("app_info.origin", &origin).map_err(Error::other)?;
        let same =
            website_site == self.api_site && origin.starts_with("https") == self.api_is_https;
        let website = Website {
            same_site: if same { SameSite::Lax } else { SameSite::None },
            is_local: website_site == "localhost",
            origin,
        };
        let result = read(&website);
        self.last.store(Some(website.into()));
        Ok(result)
    }
}

fn site_of(field: &'static str, domain: &str) -> Result<String, ConfigError> {
    top_level_site(domain).map_err(|_| {
        ConfigError::new(
            field,
            format!("{domain:?} belongs to no site"),
            "a domain below a public suffix, localhost, or an address",
        )
    })
}
