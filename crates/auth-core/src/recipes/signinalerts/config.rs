//! What an application sets.

use std::{collections::HashSet, time::Duration};

use super::{
    SignInAlertEmail, SignInAlertsApis, SignInAlertsApisOverride, SignInAlertsFunctions,
    SignInAlertsInstance, SignInAlertsOverride, api, functions, instance::Settings,
};
use crate::{
    ConfigError, RecipeConfig, Result, Setup,
    delivery::{EmailDeliveryConfig, email_delivery_methods},
    overrides::{Overrides, override_methods},
};

const SHORTEST_LIFETIME: Duration = Duration::from_secs(60);
const LONGEST_LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// An API of this recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignInAlertsApi {
    /// `endSessionsGET`: `GET /signinalerts/end`.
    EndSessionsGet,
    /// `endSessionsPOST`: `POST /signinalerts/end`.
    EndSessionsPost,
}

/// The recipe's settings.
#[must_use]
pub struct SignInAlertsRecipe {
    regards_devices: bool,
    regards_networks: bool,
    link_lifetime: Duration,
    website_page: Option<String>,
    email_delivery: EmailDeliveryConfig,
    overrides: Overrides<SignInAlertsFunctions>,
    api_overrides: Overrides<SignInAlertsApis>,
    disabled: HashSet<SignInAlertsApi>,
}

impl Default for SignInAlertsRecipe {
    fn default() -> Self {
        Self {
            regards_devices: true,
            regards_networks: true,
            link_lifetime: SignInAlertEmail::USUAL_LIFETIME,
            website_page: None,
            email_delivery: EmailDeliveryConfig::default(),
            overrides: Overrides::default(),
            api_overrides: Overrides::default(),
            disabled: HashSet::new(),
        }
    }
}

impl SignInAlertsRecipe {
    /// The recipe with its defaults: owners are mailed about new devices and networks; the mails go to
    /// the log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether owners are told of devices that they aren't known on; `true` by default. Not for front
    /// ends that carry sessions in headers and don't keep
    /// [the token of a known device](crate::limits#known-devices): each of their sign-ins is by a new
    /// device.
    pub fn new_devices(mut self, tell: bool) -> Self {
        self.regards_devices = tell;
        self
    }

    /// Whether owners are told of networks that they haven't signed in from; `true` by default.
    pub fn new_networks(mut self, tell: bool) -> Self {
        self.regards_networks = tell;
        self
    }

    /// How long the link in a mail works; a day by default, from a minute to a week.
    pub fn link_lifetime(mut self, lifetime: Duration) -> Self {
        self.link_lifetime = lifetime;
        self
    }

    /// The page of the website that the link leads to, below its base path, such as `/end-sessions`: it
    /// gets `token` and `tenantId`, and posts `{token}` to `/signinalerts/end` once somebody says so.
    /// Without it the link leads to a page of ours.
    pub fn website_page(mut self, path: impl Into<String>) -> Self {
        self.website_page = Some(path.into());
        self
    }
}

email_delivery_methods!(SignInAlertsRecipe);
override_methods!(
    SignInAlertsRecipe: SignInAlertsOverride, SignInAlertsApisOverride, SignInAlertsApi
);

impl RecipeConfig for SignInAlertsRecipe {
    type Recipe = SignInAlertsInstance;

    fn build(self, _setup: &Setup<'_>) -> Result<Self::Recipe, ConfigError> {
        if !self.regards_devices && !self.regards_networks {
            return Err(ConfigError::new(
                "signinalerts.new_devices",
                "neither new devices nor new networks are told of",
                "one of them, or a recipe list without this recipe",
            ));
        }
        if !(SHORTEST_LIFETIME..=LONGEST_LIFETIME).contains(&self.link_lifetime) {
            return Err(ConfigError::new(
                "signinalerts.link_lifetime",
                format!("it is {:?}", self.link_lifetime),
                "a minute to a week",
            ));
        }
        if let Some(page) = &self.website_page
            && (!page.starts_with('/') || page.contains(['?', '#']))
        {
            return Err(ConfigError::new(
                "signinalerts.website_page",
                format!("it is `{page}`"),
                "a path below the website's base path, such as `/end-sessions`",
            ));
        }
        if self.website_page.is_none() && self.disabled.contains(&SignInAlertsApi::EndSessionsGet) {
            return Err(ConfigError::new(
                "signinalerts.disable_api",
                "the page is off that the links in mails lead to",
                "`website_page` with a page of the website, or that page on",
            ));
        }
        let settings = Settings {
            regards_devices: self.regards_devices,
            regards_networks: self.regards_networks,
            link_lifetime: self.link_lifetime,
            website_page: self.website_page,
            email_delivery: self.email_delivery.build(),
        };
        Ok(SignInAlertsInstance::new(
            settings,
            functions::with_overrides(self.overrides),
            api::with_overrides(self.api_overrides),
            self.disabled,
        ))
    }
}
