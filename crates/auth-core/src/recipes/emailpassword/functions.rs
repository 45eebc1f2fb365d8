//! What the recipe does.

use async_trait::async_trait;
use auth_protocol::{
    RecipeUserId, TenantId, UserId,
    emailpassword::{
        CheckPassword, ConsumePasswordResetToken, ConsumePasswordResetTokenResponse,
        CreatePasswordResetToken, CreatePasswordResetTokenResponse, ImportPasswordHashResponse,
        SignIn, SignInResponse, SignUp, SignUpResponse, UpdateEmailOrPassword,
        UpdateEmailOrPasswordResponse,
    },
};

use super::{
    ChangePasswordInput, ChangePasswordOutcome, ConsumePasswordResetTokenInput,
    ConsumePasswordResetTokenOutcome, CreateNewRecipeUserInput, CreateResetPasswordTokenInput,
    CreateResetPasswordTokenOutcome, EmailPasswordInstance, ImportPasswordHashInput, SignInInput,
    SignInOutcome, SignUpInput, SignUpOutcome, UpdateEmailOrPasswordInput,
    UpdateEmailOrPasswordOutcome, VerifyCredentialsInput, change_password,
};
use crate::{
    Context, Result,
    overrides::{Overrides, overridable},
    recipes::{
        accountlinking::email_change::{self, EmailRefusal},
        emailverification,
        session::{Whose, end_sessions},
        sign_in,
    },
};

overridable! {
    /// The recipe's functions.
    pub struct EmailPasswordFunctions;
    /// Replaces functions of [`EmailPasswordFunctions`].
    ///
    /// # Sign-up
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Error, Result,
    ///     recipes::emailpassword::{
    ///         EmailPasswordFunctions, EmailPasswordOverride, SignUpInput, SignUpOutcome,
    ///     },
    /// };
    ///
    /// /// Only who works here gets an account.
    /// struct Colleagues;
    ///
    /// impl EmailPasswordOverride for Colleagues {
    ///     async fn sign_up(
    ///         &self,
    ///         original: &EmailPasswordFunctions,
    ///         cx: &Context,
    ///         input: SignUpInput,
    ///     ) -> Result<SignUpOutcome> {
    ///         if !input.email.ends_with("@example.com") {
    ///             return Err(Error::general("Please sign up with your address at work"));
    ///         }
    ///         let outcome = original.sign_up(cx, input).await?;
    ///         if let SignUpOutcome::Ok { user, .. } = &outcome {
    ///             // A row of the application's own for the user goes here.
    ///             println!("{} joined", user.id);
    ///         }
    ///         Ok(outcome)
    ///     }
    /// }
    /// ```
    ///
    /// # Sign-in
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     recipes::emailpassword::{
    ///         EmailPasswordFunctions, EmailPasswordOverride, SignInInput, SignInOutcome,
    ///     },
    /// };
    ///
    /// /// Tells how often a password was wrong.
    /// struct Counted(std::sync::atomic::AtomicU64);
    ///
    /// impl EmailPasswordOverride for Counted {
    ///     async fn sign_in(
    ///         &self,
    ///         original: &EmailPasswordFunctions,
    ///         cx: &Context,
    ///         input: SignInInput,
    ///     ) -> Result<SignInOutcome> {
    ///         let outcome = original.sign_in(cx, input).await?;
    ///         if matches!(outcome, SignInOutcome::WrongCredentials) {
    ///             self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    ///         }
    ///         Ok(outcome)
    ///     }
    /// }
    /// ```
    pub trait EmailPasswordOverride;
    trait EmailPasswordBase;
    handle EmailPassword by emailpassword of EmailPasswordInstance;

    /// Creates a user. The rules of the sign-up form aren't applied, and no session is started.
    async fn sign_up(input: SignUpInput) -> Result<SignUpOutcome>;

    /// Creates the login method, without anything that a sign-up does besides.
    async fn create_new_recipe_user(input: CreateNewRecipeUserInput) -> Result<SignUpOutcome>;

    /// Checks the credentials of a user who wants to sign in; starts no session.
    async fn sign_in(input: SignInInput) -> Result<SignInOutcome>;

    /// Checks the credentials and nothing else.
    async fn verify_credentials(input: VerifyCredentialsInput) -> Result<SignInOutcome>;

    /// Creates a single-use token that permits to set a new password.
    async fn create_reset_password_token(
        input: CreateResetPasswordTokenInput,
    ) -> Result<CreateResetPasswordTokenOutcome>;

    /// Uses up a reset token.
    async fn consume_password_reset_token(
        input: ConsumePasswordResetTokenInput,
    ) -> Result<ConsumePasswordResetTokenOutcome>;

    /// Changes a login method's address or password. A new password ends the user's sessions but for
    /// the one that [`keep_session`](UpdateEmailOrPasswordInput::keep_session) names, unless the
    /// recipe's settings say otherwise. The address that it had is mailed that it has another one.
    async fn update_email_or_password(
        input: UpdateEmailOrPasswordInput,
    ) -> Result<UpdateEmailOrPasswordOutcome>;

    /// Changes the password of who knows the current one, and mails the owner. The user's other
    /// sessions end unless the input or the recipe's settings say otherwise. An extension: the
    /// reference leaves this to the application.
    async fn change_password(input: ChangePasswordInput) -> Result<ChangePasswordOutcome>;

    /// Creates a user with a password hash made elsewhere, or replaces the hash of the user who has
    /// the address (CDI §1.3; the reference's SDKs have no function for it). Nothing is linked. A
    /// hash that replaces another one ends the user's sessions as a new password does. The hash is
    /// replaced by one of the configured form at the next sign-in.
    ///
    /// # Errors
    /// Where the hash can't be verified later: it is malformed or too expensive, or Firebase's while
    /// the core has no signer key.
    async fn import_password_hash(
        input: ImportPasswordHashInput,
    ) -> Result<ImportPasswordHashResponse>;
}

pub(super) fn with_overrides(
    overrides: Overrides<EmailPasswordFunctions>,
) -> EmailPasswordFunctions {
    overrides.around(EmailPasswordFunctions::new(Base))
}

struct Base;

#[async_trait]
impl EmailPasswordBase for Base {
    async fn sign_up(&self, cx: &Context, input: SignUpInput) -> Result<SignUpOutcome> {
        let SignUpInput {
            email,
            password,
            tenant_id,
            session,
            should_try_linking_with_session_user: linking,
        } = input;
        let functions = &EmailPasswordInstance::of(cx)?.functions;
        let created = CreateNewRecipeUserInput::new(email, password).tenant_id(&tenant_id);
        let created = functions.create_new_recipe_user(cx, created).await?;
        let SignUpOutcome::Ok { user, recipe_user_id } = created else { return Ok(created) };
        let session = session.as_ref();
        Ok(match sign_in::link(cx, &tenant_id, user, &recipe_user_id, session, linking).await? {
            Ok(user) => SignUpOutcome::Ok { user, recipe_user_id },
            Err(failure) => SignUpOutcome::LinkingToSessionUserFailed(failure),
        })
    }

    async fn create_new_recipe_user(
        &self,
        cx: &Context,
        input: CreateNewRecipeUserInput,
    ) -> Result<SignUpOutcome> {
        let CreateNewRecipeUserInput { email, password, tenant_id } = input;
        Ok(match cx.core().call(&tenant_id, SignUp { email, password }).await? {
            SignUpResponse::Ok { user, recipe_user_id } => {
                SignUpOutcome::Ok { user, recipe_user_id }
            }
            SignUpResponse::EmailAlreadyExistsError => SignUpOutcome::EmailAlreadyExists,
        })
    }

    async fn sign_in(&self, cx: &Context, input: SignInInput) -> Result<SignInOutcome> {
        let SignInInput {
            email,
            password,
            tenant_id,
            session,
            should_try_linking_with_session_user: linking,
        } = input;
        let functions = &EmailPasswordInstance::of(cx)?.functions;
        let verified =
            VerifyCredentialsInput::new(email, password).tenant_id(&tenant_id).for_sign_in(true);
        let verified = functions.verify_credentials(cx, verified).await?;
        let SignInOutcome::Ok { user, recipe_user_id } = verified else { return Ok(verified) };
        let session = session.as_ref();
        Ok(match sign_in::link(cx, &tenant_id, user, &recipe_user_id, session, linking).await? {
            Ok(user) => SignInOutcome::Ok { user, recipe_user_id },
            Err(failure) => SignInOutcome::LinkingToSessionUserFailed(failure),
        })
    }

    async fn verify_credentials(
        &self,
        cx: &Context,
        input: VerifyCredentialsInput,
    ) -> Result<SignInOutcome> {
        let VerifyCredentialsInput { email, password, tenant_id, for_sign_in } = input;
        let core = cx.core();
        let mut checked = None;
        if !for_sign_in {
            let check = CheckPassword { email: email.clone(), password: password.clone() };
            checked = match core.call(&tenant_id, check).await {
                // A core of the reference system knows sign-ins alone.
                Err(error) if error.is_unknown_operation() => None,
                checked => Some(checked?),
            };
        }
        let checked = match checked {
            Some(checked) => checked,
            None => core.call(&tenant_id, SignIn { email, password }).await?,
        };
        Ok(match checked {
            SignInResponse::Ok { user, recipe_user_id } => {
                SignInOutcome::Ok { user, recipe_user_id }
            }
            SignInResponse::WrongCredentialsError => SignInOutcome::WrongCredentials,
        })
    }

    async fn create_reset_password_token(
        &self,
        cx: &Context,
        input: CreateResetPasswordTokenInput,
    ) -> Result<CreateResetPasswordTokenOutcome> {
        let CreateResetPasswordTokenInput { user_id, email, tenant_id } = input;
        let request = CreatePasswordResetToken { user_id, email };
        Ok(match cx.core().call(&tenant_id, request).await? {
            CreatePasswordResetTokenResponse::Ok { token } => {
                CreateResetPasswordTokenOutcome::Ok(token)
            }
            CreatePasswordResetTokenResponse::UnknownUserIdError => {
                CreateResetPasswordTokenOutcome::UnknownUserId
            }
        })
    }

    async fn consume_password_reset_token(
        &self,
        cx: &Context,
        input: ConsumePasswordResetTokenInput,
    ) -> Result<ConsumePasswordResetTokenOutcome> {
        use ConsumePasswordResetTokenOutcome as Outcome;
        use ConsumePasswordResetTokenResponse as Answer;
        let ConsumePasswordResetTokenInput { token, tenant_id } = input;
        Ok(match cx.core().call(&tenant_id, ConsumePasswordResetToken { token }).await? {
            Answer::Ok { user_id, email } => Outcome::Ok { user_id, email },
            Answer::ResetPasswordInvalidTokenError => Outcome::InvalidToken,
        })
    }

    async fn update_email_or_password(
        &self,
        cx: &Context,
        input: UpdateEmailOrPasswordInput,
    ) -> Result<UpdateEmailOrPasswordOutcome> {
        use UpdateEmailOrPasswordOutcome as Outcome;
        use UpdateEmailOrPasswordResponse as Answer;
        if let Some(password) = &input.password
            && input.apply_password_policy
        {
            let tenant_id = &input.tenant_id_for_password_policy;
            let instance = EmailPasswordInstance::of(cx)?;
            let email = match &input.email {
                Some(email) => Some(email.clone()),
                None if instance.policy_regards_address() => {
                    email_of(cx, &input.recipe_user_id).await?
                }
                None => None,
            };
            let problem =
                instance.password_policy_problem(cx, password, email.as_deref(), tenant_id).await?;
            if let Some(failure_reason) = problem {
                return Ok(Outcome::PasswordPolicyViolated { failure_reason });
            }
        }
        if let Some(email) = &input.email {
            let id = &input.recipe_user_id;
            let is_verified = emailverification::has_proved(cx, id, email).await?;
            match email_change::refusal(cx, id, email, is_verified).await? {
                None => {}
                Some(EmailRefusal::UnknownUserId) => return Ok(Outcome::UnknownUserId),
                Some(EmailRefusal::NotAllowed { reason }) => {
                    return Ok(Outcome::EmailChangeNotAllowed { reason });
                }
            }
        }
        let settings = &EmailPasswordInstance::of(cx)?.settings;
        let tells_old_address = settings.mails_address_changes && input.tell_old_address;
        let old_address = match &input.email {
            Some(_) if tells_old_address => {
                email_change::address_of(cx, &input.recipe_user_id).await?
            }
            _ => None,
        };
        let mail = old_address.and_then(|old| old.mail(input.email.as_deref()));
        let usually = settings.ends_sessions_on_password_change;
        let has_password = input.password.is_some();
        let ends_sessions = has_password && input.end_sessions.unwrap_or(usually);
        let told = (has_password && input.tell_owner).then(|| input.recipe_user_id.clone());
        let user_id = UserId::from(input.recipe_user_id.clone());
        let request = UpdateEmailOrPassword {
            recipe_user_id: input.recipe_user_id,
            email: input.email,
            password: input.password,
        };
        Ok(match cx.core().call(&TenantId::default(), request).await? {
            Answer::Ok => {
                if ends_sessions {
                    end_sessions(cx, Whose::User(user_id), input.keep_session).await?;
                }
                if let Some(id) = told {
                    change_password::tell_owner(cx, id)?;
                }
                if let Some(mail) = mail {
                    let emailpassword = cx.emailpassword()?;
                    cx.after_answer("mail about a changed address", async move {
                        emailpassword.send_email(mail.into()).await
                    });
                }
                Outcome::Ok
            }
            Answer::UnknownUserIdError => Outcome::UnknownUserId,
            Answer::EmailAlreadyExistsError => Outcome::EmailAlreadyExists,
            Answer::EmailChangeNotAllowedError { reason } => {
                Outcome::EmailChangeNotAllowed { reason }
            }
        })
    }

    async fn change_password(
        &self,
        cx: &Context,
        input: ChangePasswordInput,
    ) -> Result<ChangePasswordOutcome> {
        change_password::base(cx, input).await
    }

    async fn import_password_hash(
        &self,
        cx: &Context,
        input: ImportPasswordHashInput,
    ) -> Result<ImportPasswordHashResponse> {
        let ImportPasswordHashInput { hash, tenant_id } = input;
        let answer = cx.core().call(&tenant_id, hash).await?;
        let ImportPasswordHashResponse::Ok { user, did_user_already_exist } = &answer;
        if *did_user_already_exist
            && EmailPasswordInstance::of(cx)?.settings.ends_sessions_on_password_change
        {
            end_sessions(cx, Whose::User(user.id.clone()), None).await?;
        }
        Ok(answer)
    }
}

/// The address of a login method.
async fn email_of(cx: &Context, id: &RecipeUserId) -> Result<Option<String>> {
    let user = cx.accountlinking()?.get_user(UserId::from(id.clone())).await?;
    Ok(user.and_then(|user| user.login_method(id)?.email.clone()))
}
