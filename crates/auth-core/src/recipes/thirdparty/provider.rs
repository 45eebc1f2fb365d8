//! One of an application's providers, and the steps of a sign-in by it.

use std::fmt;

use async_trait::async_trait;
use auth_protocol::TenantId;
use auth_providers::{AuthorizationReturn, AuthorizationUrl, Identity, Provider, Tokens};

use crate::{
    Context, Result,
    overrides::{Overrides, input, overridable},
};

input! {
    /// A provider that was chosen, before it is used.
    pub struct GetConfigForClientTypeInput {
        /// The provider and one of its clients, as configured.
        provider: Provider,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// The client's type, where the request named one.
        client_type: Option<String>,
    }
}

input! {
    /// Where the browser is to come back to.
    pub struct GetAuthorisationRedirectUrlInput {
        /// The provider.
        provider: Provider,
        /// The address, as the provider's console has it.
        redirect_uri_on_provider_dashboard: String,
    }
}

input! {
    /// What the browser has brought back.
    pub struct ExchangeAuthCodeForOAuthTokensInput {
        /// The provider.
        provider: Provider,
        /// The parameters, the address they were sent to, and the front end's verifier.
        redirect_uri_info: AuthorizationReturn,
    }
}

input! {
    /// Whose account is wanted.
    pub struct GetUserInfoInput {
        /// The provider.
        provider: Provider,
        /// The tokens: the provider's, or those that a client has brought.
        oauth_tokens: Tokens,
    }
}

overridable! {
    /// The steps of a sign-in by one provider.
    pub struct ProviderFunctions;
    /// Replaces steps of [`ProviderFunctions`] for one provider
    /// ([`ProviderInput::override_functions`](super::ProviderInput::override_functions)).
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     recipes::thirdparty::{
    ///         GetAuthorisationRedirectUrlInput, GetConfigForClientTypeInput, Provider,
    ///         ProviderFunctions, ProviderOverride,
    ///     },
    /// };
    ///
    /// /// Asks the provider for its pages in the user's language.
    /// struct InTheUsersLanguage;
    ///
    /// impl ProviderOverride for InTheUsersLanguage {
    ///     async fn get_config_for_client_type(
    ///         &self,
    ///         original: &ProviderFunctions,
    ///         cx: &Context,
    ///         input: GetConfigForClientTypeInput,
    ///     ) -> Result<Provider> {
    ///         let provider = original.get_config_for_client_type(cx, input).await?;
    ///         let language = cx.request().and_then(|request| request.header("accept-language"));
    ///         let language = language.and_then(|list| list.split([',', ';', '-']).next());
    ///         let config = provider.config().clone().authorization_param("ui_locales", language);
    ///         Ok(provider.with_config(&config)?)
    ///     }
    /// }
    /// ```
    pub trait ProviderOverride;
    trait ProviderBase;

    /// The provider as this request uses it; a replacement changes what differs between requests.
    async fn get_config_for_client_type(input: GetConfigForClientTypeInput) -> Result<Provider>;

    /// Where the browser goes, and the verifier that the front end keeps.
    async fn get_authorisation_redirect_url(
        input: GetAuthorisationRedirectUrlInput,
    ) -> Result<AuthorizationUrl>;

    /// The tokens for a code.
    async fn exchange_auth_code_for_oauth_tokens(
        input: ExchangeAuthCodeForOAuthTokensInput,
    ) -> Result<Tokens>;

    /// Who the tokens are about.
    async fn get_user_info(input: GetUserInfoInput) -> Result<Identity>;
}

pub(super) fn with_overrides(overrides: Overrides<ProviderFunctions>) -> ProviderFunctions {
    overrides.around(ProviderFunctions::new(Base))
}

struct Base;

#[async_trait]
impl ProviderBase for Base {
    async fn get_config_for_client_type(
        &self,
        _cx: &Context,
        input: GetConfigForClientTypeInput,
    ) -> Result<Provider> {
        Ok(input.provider)
    }

    async fn get_authorisation_redirect_url(
        &self,
        _cx: &Context,
        input: GetAuthorisationRedirectUrlInput,
    ) -> Result<AuthorizationUrl> {
        let GetAuthorisationRedirectUrlInput { provider, redirect_uri_on_provider_dashboard } =
            input;
        Ok(provider.authorization_url(&redirect_uri_on_provider_dashboard).await?)
    }

    async fn exchange_auth_code_for_oauth_tokens(
        &self,
        _cx: &Context,
        input: ExchangeAuthCodeForOAuthTokensInput,
    ) -> Result<Tokens> {
        Ok(input.provider.exchange_code(&input.redirect_uri_info).await?)
    }

    async fn get_user_info(&self, _cx: &Context, input: GetUserInfoInput) -> Result<Identity> {
        Ok(input.provider.identity(input.oauth_tokens).await?)
    }
}

/// A provider and one of its clients, with the application's overrides, in a context.
#[derive(Clone)]
pub struct ThirdPartyProvider {
    cx: Context,
    provider: Provider,
    functions: ProviderFunctions,
}

impl ThirdPartyProvider {
    pub(super) fn new(cx: &Context, provider: Provider, functions: ProviderFunctions) -> Self {
        Self { cx: cx.clone(), provider, functions }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        self.provider.id()
    }

    /// The provider itself, without overrides.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Where the browser goes, and the verifier that the front end keeps.
    pub async fn get_authorisation_redirect_url(
        &self,
        redirect_uri_on_provider_dashboard: impl Into<String>,
    ) -> Result<AuthorizationUrl> {
        let input = GetAuthorisationRedirectUrlInput::new(
            self.provider.clone(),
            redirect_uri_on_provider_dashboard,
        );
        self.functions.get_authorisation_redirect_url(&self.cx, input).await
    }

    /// The tokens for the code that the browser has brought back.
    pub async fn exchange_auth_code_for_oauth_tokens(
        &self,
        redirect_uri_info: AuthorizationReturn,
    ) -> Result<Tokens> {
        let input =
            ExchangeAuthCodeForOAuthTokensInput::new(self.provider.clone(), redirect_uri_info);
        self.functions.exchange_auth_code_for_oauth_tokens(&self.cx, input).await
    }

    /// Who the tokens are about.
    pub async fn get_user_info(&self, oauth_tokens: Tokens) -> Result<Identity> {
        let input = GetUserInfoInput::new(self.provider.clone(), oauth_tokens);
        self.functions.get_user_info(&self.cx, input).await
    }
}

impl fmt::Debug for ThirdPartyProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.provider.fmt(f)
    }
}
