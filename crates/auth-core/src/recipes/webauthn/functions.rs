//! What the recipe does.

use async_trait::async_trait;
use auth_protocol::{
    CdiVersion, TenantId,
    webauthn::{
        ConsumePasskeyRecoveryToken, ConsumePasskeyRecoveryTokenResponse,
        CreatePasskeyRecoveryToken, CreatePasskeyRecoveryTokenResponse, GetPasskey,
        GetPasskeyOptions, GetPasskeyOptionsResponse, GetPasskeyResponse,
        GetUserOfPasskeyRecoveryToken, GetUserOfPasskeyRecoveryTokenResponse, ListPasskeys,
        ListPasskeysResponse, Passkey, PasskeyOptions, PasskeySignIn, PasskeySignInResponse,
        PasskeySignUp, PasskeySignUpResponse, RegisterPasskey, RegisterPasskeyResponse,
        RemovePasskey, RemovePasskeyOptions, RemovePasskeyOptionsResponse, RemovePasskeyResponse,
    },
};

use super::{
    ConsumeRecoverAccountTokenInput, ConsumeRecoverAccountTokenOutcome, CreateNewRecipeUserInput,
    GenerateRecoverAccountTokenInput, GenerateRecoverAccountTokenOutcome, GetCredentialInput,
    GetGeneratedOptionsInput, GetUserFromRecoverAccountTokenInput,
    GetUserFromRecoverAccountTokenOutcome, ListCredentialsInput, PasskeyRefusal,
    RegisterCredentialInput, RegisterCredentialOutcome, RegisterOptionsInput,
    RegisterOptionsOutcome, RemoveCredentialInput, RemoveGeneratedOptionsInput,
    RenameCredentialInput, RenameCredentialOutcome, SignInInput, SignInOptionsInput,
    SignInOptionsOutcome, SignInOutcome, SignUpInput, SignUpOutcome, UpdateUserEmailInput,
    UpdateUserEmailOutcome, VerifyCredentialsInput, WebAuthnInstance, last_way::LAST_WAY, names,
    options, refusal::MayRefuse, update_email,
};
use crate::{
    Context, Error, Result,
    overrides::{Overrides, overridable},
    recipes::sign_in,
};

overridable! {
    /// The recipe's functions.
    pub struct WebAuthnFunctions;
    /// Replaces functions of [`WebAuthnFunctions`].
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     recipes::webauthn::{
    ///         RegisterOptionsInput, RegisterOptionsOutcome, WebAuthnFunctions, WebAuthnOverride,
    ///     },
    /// };
    ///
    /// /// Passkeys of this site ask for a PIN or a fingerprint.
    /// struct Verified;
    ///
    /// impl WebAuthnOverride for Verified {
    ///     async fn register_options(
    ///         &self,
    ///         original: &WebAuthnFunctions,
    ///         cx: &Context,
    ///         input: RegisterOptionsInput,
    ///     ) -> Result<RegisterOptionsOutcome> {
    ///         original.register_options(cx, input.user_verification("required")).await
    ///     }
    /// }
    /// ```
    pub trait WebAuthnOverride;
    trait WebAuthnBase;
    handle WebAuthn by webauthn of WebAuthnInstance;

    /// Makes options by which a browser makes a passkey.
    async fn register_options(input: RegisterOptionsInput) -> Result<RegisterOptionsOutcome>;

    /// Makes options by which a browser uses a passkey, whoever's it is.
    async fn sign_in_options(input: SignInOptionsInput) -> Result<SignInOptionsOutcome>;

    /// Creates a user with the options' address and a passkey; starts no session.
    async fn sign_up(input: SignUpInput) -> Result<SignUpOutcome>;

    /// Checks the passkey of a user who wants to sign in, which uses up the options; starts no session.
    async fn sign_in(input: SignInInput) -> Result<SignInOutcome>;

    /// Checks a passkey and nothing else. The options are used up where it is right.
    async fn verify_credentials(input: VerifyCredentialsInput) -> Result<SignInOutcome>;

    /// Creates the login method, without anything that a sign-up does besides.
    async fn create_new_recipe_user(input: CreateNewRecipeUserInput) -> Result<SignUpOutcome>;

    /// Creates a single-use token that permits to register a passkey for who has lost theirs.
    async fn generate_recover_account_token(
        input: GenerateRecoverAccountTokenInput,
    ) -> Result<GenerateRecoverAccountTokenOutcome>;

    /// Uses up a recovery token, and with it every other one for the same address in the tenant.
    async fn consume_recover_account_token(
        input: ConsumeRecoverAccountTokenInput,
    ) -> Result<ConsumeRecoverAccountTokenOutcome>;

    /// Whose a recovery token is; it stays valid.
    async fn get_user_from_recover_account_token(
        input: GetUserFromRecoverAccountTokenInput,
    ) -> Result<GetUserFromRecoverAccountTokenOutcome>;

    /// Gives a login method one more passkey, which uses up the options.
    async fn register_credential(
        input: RegisterCredentialInput,
    ) -> Result<RegisterCredentialOutcome>;

    /// Removes a passkey of a login method. Whether it was there.
    ///
    /// # Errors
    /// [`Error::General`] where it was to stay as its user's last one.
    async fn remove_credential(input: RemoveCredentialInput) -> Result<bool>;

    /// Gives a passkey of a login method a name. An extension: a core of SuperTokens' keeps none.
    async fn rename_credential(input: RenameCredentialInput) -> Result<RenameCredentialOutcome>;

    /// A passkey of a login method; `None` where it has no such passkey.
    async fn get_credential(input: GetCredentialInput) -> Result<Option<Passkey>>;

    /// The passkeys of a login method, oldest first.
    async fn list_credentials(input: ListCredentialsInput) -> Result<Vec<Passkey>>;

    /// Removes options. Whether they were there.
    async fn remove_generated_options(input: RemoveGeneratedOptionsInput) -> Result<bool>;

    /// Reads options, expired or not; `None` where there are none, or they are used up.
    async fn get_generated_options(
        input: GetGeneratedOptionsInput,
    ) -> Result<Option<PasskeyOptions>>;

    /// Changes a login method's address; its passkeys stay. The address that it had is mailed that it
    /// has another one.
    async fn update_user_email(input: UpdateUserEmailInput) -> Result<UpdateUserEmailOutcome>;
}

pub(super) fn with_overrides(overrides: Overrides<WebAuthnFunctions>) -> WebAuthnFunctions {
    overrides.around(WebAuthnFunctions::new(Base))
}

struct Base;

#[async_trait]
impl WebAuthnBase for Base {
    async fn register_options(
        &self,
        cx: &Context,
        input: RegisterOptionsInput,
    ) -> Result<RegisterOptionsOutcome> {
        options::to_register(cx, input).await
    }

    async fn sign_in_options(
        &self,
        cx: &Context,
        input: SignInOptionsInput,
    ) -> Result<SignInOptionsOutcome> {
        options::to_sign_in(cx, input).await
    }

    async fn sign_up(&self, cx: &Context, input: SignUpInput) -> Result<SignUpOutcome> {
        let SignUpInput {
            webauthn_generated_options_id: options_id,
            credential,
            tenant_id,
            session,
            should_try_linking_with_session_user: linking,
        } = input;
        let functions = &WebAuthnInstance::of(cx)?.functions;
        let created = CreateNewRecipeUserInput::new(options_id, credential).tenant_id(&tenant_id);
        let created = functions.create_new_recipe_user(cx, created).await?;
        let SignUpOutcome::Ok { user, recipe_user_id, user_verified } = created else {
            return Ok(created);
        };
        let session = session.as_ref();
        Ok(match sign_in::link(cx, &tenant_id, user, &recipe_user_id, session, linking).await? {
            Ok(user) => SignUpOutcome::Ok { user, recipe_user_id, user_verified },
            Err(failure) => SignUpOutcome::LinkingToSessionUserFailed(failure),
        })
    }

    async fn sign_in(&self, cx: &Context, input: SignInInput) -> Result<SignInOutcome> {
        let SignInInput {
            webauthn_generated_options_id: options_id,
            credential,
            tenant_id,
            session,
            should_try_linking_with_session_user: linking,
        } = input;
        let functions = &WebAuthnInstance::of(cx)?.functions;
        let verified = VerifyCredentialsInput::new(options_id, credential).tenant_id(&tenant_id);
        let verified = functions.verify_credentials(cx, verified).await?;
        let SignInOutcome::Ok { user, recipe_user_id, user_verified } = verified else {
            return Ok(verified);
        };
        let session = session.as_ref();
        Ok(match sign_in::link(cx, &tenant_id, user, &recipe_user_id, session, linking).await? {
            Ok(user) => SignInOutcome::Ok { user, recipe_user_id, user_verified },
            Err(failure) => SignInOutcome::LinkingToSessionUserFailed(failure),
        })
    }

    async fn verify_credentials(
        &self,
        cx: &Context,
        input: VerifyCredentialsInput,
    ) -> Result<SignInOutcome> {
        use PasskeySignInResponse as Answer;
        let VerifyCredentialsInput { webauthn_generated_options_id, credential, tenant_id } = input;
        let options =
            RemoveGeneratedOptionsInput::new(&*webauthn_generated_options_id).tenant_id(&tenant_id);
        let request = PasskeySignIn {
            webauthn_generated_options_id,
            credential,
            cdi_version: CdiVersion::default(),
        };
        Ok(match cx.core().call(&tenant_id, request).await?.refusal() {
            Ok(refusal) => SignInOutcome::Refused(refusal),
            Err(Answer::Ok { user, recipe_user_id, user_verified }) => {
                // Whoever takes them away is the first to show the answer.
                let functions = &WebAuthnInstance::of(cx)?.functions;
                let is_first = !cx.core().leaves_passkey_options()
                    || functions.remove_generated_options(cx, options).await?;
                let user_verified = user_verified == Some(true);
                match is_first {
                    true => SignInOutcome::Ok { user, recipe_user_id, user_verified },
                    false => SignInOutcome::Refused(PasskeyRefusal::OptionsNotFound),
                }
            }
            Err(Answer::UnknownUserIdError) => SignInOutcome::UnknownUserId,
            Err(_) => SignInOutcome::CredentialNotFound,
        })
    }

    async fn create_new_recipe_user(
        &self,
        cx: &Context,
        input: CreateNewRecipeUserInput,
    ) -> Result<SignUpOutcome> {
        let CreateNewRecipeUserInput { webauthn_generated_options_id, credential, tenant_id } =
            input;
        let request = PasskeySignUp { webauthn_generated_options_id, credential };
        Ok(match cx.core().call(&tenant_id, request).await?.refusal() {
            Ok(refusal) => SignUpOutcome::Refused(refusal),
            Err(PasskeySignUpResponse::Ok { user, recipe_user_id, user_verified, .. }) => {
                let user_verified = user_verified == Some(true);
                SignUpOutcome::Ok { user, recipe_user_id, user_verified }
            }
            Err(_) => SignUpOutcome::EmailAlreadyExists,
        })
    }

    async fn generate_recover_account_token(
        &self,
        cx: &Context,
        input: GenerateRecoverAccountTokenInput,
    ) -> Result<GenerateRecoverAccountTokenOutcome> {
        use CreatePasskeyRecoveryTokenResponse as Answer;
        use GenerateRecoverAccountTokenOutcome as Outcome;
        let GenerateRecoverAccountTokenInput { user_id, email, tenant_id } = input;
        let request = CreatePasskeyRecoveryToken { user_id, email };
        Ok(match cx.core().call(&tenant_id, request).await? {
            Answer::Ok { token } => Outcome::Ok(token),
            Answer::UnknownUserIdError => Outcome::UnknownUserId,
        })
    }

    async fn consume_recover_account_token(
        &self,
        cx: &Context,
        input: ConsumeRecoverAccountTokenInput,
    ) -> Result<ConsumeRecoverAccountTokenOutcome> {
        use ConsumePasskeyRecoveryTokenResponse as Answer;
        use ConsumeRecoverAccountTokenOutcome as Outcome;
        let ConsumeRecoverAccountTokenInput { token, tenant_id } = input;
        Ok(match cx.core().call(&tenant_id, ConsumePasskeyRecoveryToken { token }).await? {
            Answer::Ok { user_id, email } => Outcome::Ok { user_id, email },
            Answer::RecoverAccountTokenInvalidError => Outcome::InvalidToken,
        })
    }

    async fn get_user_from_recover_account_token(
        &self,
        cx: &Context,
        input: GetUserFromRecoverAccountTokenInput,
    ) -> Result<GetUserFromRecoverAccountTokenOutcome> {
        use GetUserFromRecoverAccountTokenOutcome as Outcome;
        use GetUserOfPasskeyRecoveryTokenResponse as Answer;
        let GetUserFromRecoverAccountTokenInput { token, tenant_id } = input;
        Ok(match cx.core().call(&tenant_id, GetUserOfPasskeyRecoveryToken { token }).await? {
            Answer::Ok { user, recipe_user_id, email } => {
                Outcome::Ok { user, recipe_user_id, email }
            }
            Answer::RecoverAccountTokenInvalidError => Outcome::InvalidToken,
        })
    }

    async fn register_credential(
        &self,
        cx: &Context,
        input: RegisterCredentialInput,
    ) -> Result<RegisterCredentialOutcome> {
        use RegisterCredentialOutcome as Outcome;
        use RegisterPasskeyResponse as Answer;
        let RegisterCredentialInput {
            recipe_user_id,
            webauthn_generated_options_id,
            credential,
            tenant_id,
        } = input;
        let request = RegisterPasskey { recipe_user_id, webauthn_generated_options_id, credential };
        Ok(match cx.core().call(&tenant_id, request).await?.refusal() {
            Ok(refusal) => Outcome::Refused(refusal),
            Err(Answer::Ok { webauthn_credential_id, .. }) => {
                Outcome::Ok { webauthn_credential_id }
            }
            Err(Answer::CredentialAlreadyExistsError) => Outcome::CredentialAlreadyExists,
            Err(_) => Outcome::UnknownUserId,
        })
    }

    async fn remove_credential(&self, cx: &Context, input: RemoveCredentialInput) -> Result<bool> {
        let RemoveCredentialInput { recipe_user_id, webauthn_credential_id, keep_last } = input;
        let keep_last = keep_last.then_some(true);
        let request = RemovePasskey { recipe_user_id, webauthn_credential_id, keep_last };
        match cx.core().call(&TenantId::default(), request).await? {
            RemovePasskeyResponse::Ok => Ok(true),
            RemovePasskeyResponse::CredentialNotFoundError => Ok(false),
            RemovePasskeyResponse::LastCredentialError => Err(Error::general(LAST_WAY)),
        }
    }

    async fn rename_credential(
        &self,
        cx: &Context,
        input: RenameCredentialInput,
    ) -> Result<RenameCredentialOutcome> {
        names::rename(cx, input).await
    }

    async fn get_credential(
        &self,
        cx: &Context,
        input: GetCredentialInput,
    ) -> Result<Option<Passkey>> {
        let GetCredentialInput { recipe_user_id, webauthn_credential_id } = input;
        let request = GetPasskey { recipe_user_id, webauthn_credential_id };
        Ok(match cx.core().call(&TenantId::default(), request).await? {
            GetPasskeyResponse::Ok {
                webauthn_credential_id,
                recipe_user_id,
                relying_party_id,
                created_at,
                updated_at,
                aaguid,
                is_backed_up,
                name,
            } => Some(Passkey {
                webauthn_credential_id,
                recipe_user_id,
                relying_party_id,
                created_at,
                updated_at: Some(updated_at),
                aaguid,
                is_backed_up,
                name,
            }),
            GetPasskeyResponse::CredentialNotFoundError => None,
        })
    }

    async fn list_credentials(
        &self,
        cx: &Context,
        input: ListCredentialsInput,
    ) -> Result<Vec<Passkey>> {
        let request = ListPasskeys { recipe_user_id: input.recipe_user_id };
        let ListPasskeysResponse::Ok { credentials } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(credentials)
    }

    async fn remove_generated_options(
        &self,
        cx: &Context,
        input: RemoveGeneratedOptionsInput,
    ) -> Result<bool> {
        let RemoveGeneratedOptionsInput { webauthn_generated_options_id, tenant_id } = input;
        let request = RemovePasskeyOptions { webauthn_generated_options_id };
        let answer = cx.core().call(&tenant_id, request).await?;
        Ok(answer == RemovePasskeyOptionsResponse::Ok)
    }

    async fn get_generated_options(
        &self,
        cx: &Context,
        input: GetGeneratedOptionsInput,
    ) -> Result<Option<PasskeyOptions>> {
        let GetGeneratedOptionsInput { webauthn_generated_options_id, tenant_id } = input;
        let request = GetPasskeyOptions { webauthn_generated_options_id };
        Ok(match cx.core().call(&tenant_id, request).await? {
            GetPasskeyOptionsResponse::Ok(options) => Some(options),
            GetPasskeyOptionsResponse::OptionsNotFoundError => None,
        })
    }

    async fn update_user_email(
        &self,
        cx: &Context,
        input: UpdateUserEmailInput,
    ) -> Result<UpdateUserEmailOutcome> {
        update_email::base(cx, input).await
    }
}
