//! Sign-in by an account at a third party, by OAuth 2.0 or OpenID Connect (FDI §1.2).

mod api;
mod config;
mod functions;
mod inputs;
mod instance;
mod provider;
mod reasons;
mod tenant;

pub use api::{
    AppleRedirect, AppleRedirectHandlerPostInput, AuthorisationUrlGetInput, Credential,
    SignInUpPostInput, SignInUpPostOutcome, ThirdPartyApis, ThirdPartyApisOverride,
};
pub use auth_providers::{
    AuthorizationReturn, AuthorizationUrl, ClientConfig, Email, Fault, Identity, Path, PathError,
    Problem, Provider, ProviderConfig, ProviderError, Step, Tokens, UserInfoFields, UserInfoMap,
};
pub use config::{ProviderInput, ThirdPartyApi, ThirdPartyRecipe};
pub use functions::{ThirdParty, ThirdPartyFunctions, ThirdPartyOverride};
pub use inputs::{
    GetProviderInput, ManuallyCreateOrUpdateUserInput, ManuallyCreateOrUpdateUserOutcome,
    SignInUpInput, SignInUpOutcome,
};
pub use instance::ThirdPartyInstance;
pub use provider::{
    ExchangeAuthCodeForOAuthTokensInput, GetAuthorisationRedirectUrlInput,
    GetConfigForClientTypeInput, GetUserInfoInput, ProviderFunctions, ProviderOverride,
    ThirdPartyProvider,
};

const ID: &str = "thirdparty";
