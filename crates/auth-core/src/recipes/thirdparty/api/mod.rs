//! What the routes do: one file each.

pub(super) mod apple_redirect;
pub(super) mod authorisation_url;
pub(super) mod sign_in_up;

use async_trait::async_trait;
use auth_protocol::{TenantId, User};
use auth_providers::{AuthorizationReturn, AuthorizationUrl, Identity, Tokens};

use super::{GetProviderInput, ThirdPartyInstance, ThirdPartyProvider};
use crate::{
    Context, Error, Result,
    overrides::{Overrides, input, overridable},
    recipes::{multifactorauth::FactorId, session::Session},
};

input! {
    /// Asks where the browser goes.
    pub struct AuthorisationUrlGetInput {
        /// The provider.
        provider: ThirdPartyProvider,
        /// Where the provider sends the browser back to.
        redirect_uri_on_provider_dashboard: String,
        ..
        /// The tenant in the path.
        tenant_id: TenantId,
    }
}

/// By what somebody signs in.
#[derive(Clone, Debug)]
pub enum Credential {
    /// What the browser has brought back: `redirectURIInfo` on the wire.
    RedirectUriInfo(AuthorizationReturn),
    /// Tokens that a client has got from the provider: `oAuthTokens` on the wire.
    OAuthTokens(Tokens),
}

input! {
    /// Who wants to sign in.
    pub struct SignInUpPostInput {
        /// The provider.
        provider: ThirdPartyProvider,
        /// By what.
        credential: Credential,
        ..
        /// The session's tenant, or else the path's.
        tenant_id: TenantId,
        /// The session that the request came with, where the client wants it to be regarded.
        session: Option<Session>,
        /// Whether the account shall be linked to the session's user; `None` from front ends before
        /// FDI 3.1.
        should_try_linking_with_session_user: Option<bool>,
    }
}

/// What a sign-in is answered with.
// The large variant is the usual one.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SignInUpPostOutcome {
    /// `OK`: the user is signed in.
    Ok {
        /// Whether the login method is new.
        created_new_recipe_user: bool,
        /// The user.
        user: User,
        /// The session.
        session: Session,
        /// What the provider told, and the tokens. None of it goes to the front end.
        identity: Identity,
    },
    /// `NO_EMAIL_GIVEN_BY_PROVIDER`: the provider demands no address of its users, and this
    /// application does.
    NoEmailGivenByProvider,
    /// `SIGN_IN_UP_NOT_ALLOWED`
    SignInUpNotAllowed {
        /// Why, for the user.
        reason: String,
    },
    /// `SIGN_IN_UP_NOT_ALLOWED` with `confirmWith` (an extension): the provider says that the address is
    /// verified, but another user has proved it, and the application links
    /// [after confirmation](crate::recipes::accountlinking::AutomaticLinking::AfterConfirmation).
    ConfirmationRequired {
        /// Why, for the user.
        reason: String,
        /// The factors by which that user signs in: in a session that one of them started, a further
        /// sign-in by the provider with `shouldTryLinkingWithSessionUser` links the account.
        confirm_with: Vec<FactorId>,
    },
}

input! {
    /// The form by which Apple sends the browser back.
    pub struct AppleRedirectHandlerPostInput {
        /// Its fields in order.
        form_post_info: Vec<(String, String)>,
    }
}

/// Where Apple's form is sent on to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppleRedirect {
    /// The address, with the form's fields in its query.
    pub location: String,
}

overridable! {
    /// The recipe's APIs. [`crate::Error::General`] shows the user a message in place of an
    /// outcome.
    pub struct ThirdPartyApis;
    /// Replaces APIs of [`ThirdPartyApis`].
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     recipes::thirdparty::{
    ///         SignInUpPostInput, SignInUpPostOutcome, ThirdPartyApis, ThirdPartyApisOverride,
    ///     },
    /// };
    ///
    /// /// Nobody signs in by GitHub any more; who is signed in stays so.
    /// struct WithoutGithub;
    ///
    /// impl ThirdPartyApisOverride for WithoutGithub {
    ///     async fn sign_in_up_post(
    ///         &self,
    ///         original: &ThirdPartyApis,
    ///         cx: &Context,
    ///         input: SignInUpPostInput,
    ///     ) -> Result<SignInUpPostOutcome> {
    ///         if input.provider.id() == "github" {
    ///             let reason = "Please sign in with Google".to_owned();
    ///             return Ok(SignInUpPostOutcome::SignInUpNotAllowed { reason });
    ///         }
    ///         original.sign_in_up_post(cx, input).await
    ///     }
    /// }
    /// ```
    pub trait ThirdPartyApisOverride;
    trait ThirdPartyApisBase;

    /// Tells where the browser goes to sign in.
    async fn authorisation_url_get(input: AuthorisationUrlGetInput) -> Result<AuthorizationUrl>;

    /// Signs a user in by a code or tokens.
    async fn sign_in_up_post(input: SignInUpPostInput) -> Result<SignInUpPostOutcome>;

    /// Sends Apple's form on to the front end.
    async fn apple_redirect_handler_post(
        input: AppleRedirectHandlerPostInput,
    ) -> Result<AppleRedirect>;
}

pub(super) fn with_overrides(overrides: Overrides<ThirdPartyApis>) -> ThirdPartyApis {
    overrides.around(ThirdPartyApis::new(Base))
}

struct Base;

#[async_trait]
impl ThirdPartyApisBase for Base {
    async fn authorisation_url_get(
        &self,
        _cx: &Context,
        input: AuthorisationUrlGetInput,
    ) -> Result<AuthorizationUrl> {
        let AuthorisationUrlGetInput { provider, redirect_uri_on_provider_dashboard, .. } = input;
        provider.get_authorisation_redirect_url(redirect_uri_on_provider_dashboard).await
    }

    async fn sign_in_up_post(
        &self,
        cx: &Context,
        input: SignInUpPostInput,
    ) -> Result<SignInUpPostOutcome> {
        sign_in_up::base(cx, input).await
    }

    async fn apple_redirect_handler_post(
        &self,
        cx: &Context,
        input: AppleRedirectHandlerPostInput,
    ) -> Result<AppleRedirect> {
        apple_redirect::base(cx, &input)
    }
}

/// The provider that a request names, by the application's functions.
async fn provider_of(
    cx: &Context,
    third_party_id: String,
    tenant_id: &TenantId,
    client_type: Option<String>,
) -> Result<ThirdPartyProvider> {
    let unknown = Error::bad_input(format!(
        "the provider {third_party_id} could not be found in the configuration"
    ));
    let input = GetProviderInput {
        client_type,
        ..GetProviderInput::new(third_party_id).tenant_id(tenant_id)
    };
    ThirdPartyInstance::of(cx)?.functions.get_provider(cx, input).await?.ok_or(unknown)
}
