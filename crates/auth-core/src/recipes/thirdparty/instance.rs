//! The recipe in use.

use std::collections::HashSet;

use async_trait::async_trait;
use auth_protocol::{LoginMethod, RecipeId, TenantId};
use auth_providers::{ProviderConfig, Providers};
use http::Method;

use super::{
    ID, ProviderFunctions, ThirdPartyApi, ThirdPartyApis, ThirdPartyFunctions, api, functions,
};
use crate::{
    Context, LoginProvider, Recipe, RequiredRecipe, Result, Route,
    factors::{FactorId, Factors},
    overrides::Overrides,
};

/// The recipe in use, made of [`super::ThirdPartyRecipe`].
pub struct ThirdPartyInstance {
    pub(super) providers: Providers,
    pub(super) own: Vec<OwnProvider>,
    /// Without overrides, for providers that only a core knows.
    plain: ProviderFunctions,
    pub(super) functions: ThirdPartyFunctions,
    pub(super) apis: ThirdPartyApis,
    disabled: HashSet<ThirdPartyApi>,
}

/// What the program says of a provider beside its configuration.
pub(super) struct OwnProvider {
    pub(super) id: String,
    pub(super) functions: ProviderFunctions,
    pub(super) in_all_tenants: bool,
}

impl ThirdPartyInstance {
    pub(super) fn new(
        providers: Providers,
        own: Vec<OwnProvider>,
        disabled: HashSet<ThirdPartyApi>,
        overrides: Overrides<ThirdPartyFunctions>,
        api_overrides: Overrides<ThirdPartyApis>,
    ) -> Self {
        Self {
            providers,
            own,
            plain: super::provider::with_overrides(Overrides::default()),
            functions: functions::with_overrides(overrides),
            apis: api::with_overrides(api_overrides),
            disabled,
        }
    }

    pub(super) fn of(cx: &Context) -> Result<&Self> {
        cx.auth().recipe(ID)
    }

    /// The outermost layer of the functions.
    pub(super) fn functions(&self) -> &ThirdPartyFunctions {
        &self.functions
    }

    /// The steps of a sign-in by a provider, whoever knows it.
    pub(super) fn functions_of(&self, id: &str) -> &ProviderFunctions {
        let own = self.own.iter().find(|own| own.id == id);
        own.map_or(&self.plain, |own| &own.functions)
    }
}

impl Factors for ThirdPartyInstance {
    fn first(&self) -> Vec<FactorId> {
        vec![FactorId::THIRD_PARTY]
    }

    fn signed_in_by(&self, method: &LoginMethod) -> Vec<FactorId> {
        match method.recipe_id {
            RecipeId::ThirdParty => vec![FactorId::THIRD_PARTY],
            _ => Vec::new(),
        }
    }
}

#[async_trait]
impl Recipe for ThirdPartyInstance {
    fn id(&self) -> &'static str {
        ID
    }

    fn required_recipes(&self) -> &'static [RequiredRecipe] {
        &[RequiredRecipe::SESSION]
    }

    fn factors(&self) -> Option<&dyn Factors> {
        Some(self)
    }

    async fn login_providers(
        &self,
        cx: &Context,
        tenant_id: &TenantId,
        client_type: Option<&str>,
    ) -> Result<Vec<LoginProvider>> {
        self.shown(cx, tenant_id, client_type).await
    }

    fn check_stored_provider(&self, config: &ProviderConfig) -> Result<()> {
        self.check_stored(config)
    }

    fn routes(&self) -> Vec<Route> {
        use ThirdPartyApi as Api;
        let authorisation_url = Route::new(
            "authorisationUrlGET",
            Method::GET,
            "/authorisationurl",
            api::authorisation_url::route,
        );
        let sign_in_up =
            Route::new("signInUpPOST", Method::POST, "/signinup", api::sign_in_up::route);
        let apple = Route::new(
            "appleRedirectHandlerPOST",
            Method::POST,
            "/callback/apple",
            api::apple_redirect::route,
        );
        let routes = [
            (Api::AuthorisationUrlGet, authorisation_url),
            (Api::SignInUpPost, sign_in_up),
            // Apple's page posts the form. Nothing is done but to send the browser on.
            (Api::AppleRedirectHandlerPost, apple.from_any_site()),
        ];
        routes
            .into_iter()
            .filter(|(api, _)| !self.disabled.contains(api))
            .map(|(_, route)| route)
            .collect()
    }
}
