//! What the recipe does.

use async_trait::async_trait;
use auth_protocol::{
    TenantId, UserId,
    passwordless::{
        CheckCode, CheckCodeResponse, CodeProof, ConsumeCode, ConsumeCodeResponse, ContactChange,
        CreateCode, CreateCodeResponse, CreatedCode, Device, ListCodes, ListCodesResponse,
        RemoveCode, RemoveCodeResponse, RemoveCodes, RemoveCodesResponse, UpdatePasswordlessUser,
        UpdatePasswordlessUserResponse,
    },
};

use super::{
    CheckCodeInput, CheckCodeOutcome, CodeAttempts, ConsumeCodeInput, ConsumeCodeOutcome, Contact,
    CreateCodeInput, CreateNewCodeForDeviceInput, CreateNewCodeForDeviceOutcome,
    ListCodesByDeviceIdInput, ListCodesByEmailInput, ListCodesByPhoneNumberInput,
    ListCodesByPreAuthSessionIdInput, PasswordlessInstance, RevokeAllCodesInput, RevokeCodeInput,
    RevokedCode, UpdateUserInput, UpdateUserOutcome,
};
use crate::{
    Context, Error, Result,
    overrides::{Overrides, overridable},
    recipes::{
        accountlinking::email_change::{self, EmailRefusal},
        emailverification,
        session::{Whose, end_sessions},
        sign_in,
    },
};

const TOO_MANY_CODES: &str = "Too many codes were requested. Please try again later.";
const TOO_MANY_WRONG_CODES: &str = "Too many wrong codes were entered. Please try again later.";

overridable! {
    /// The recipe's functions.
    pub struct PasswordlessFunctions;
    /// Replaces functions of [`PasswordlessFunctions`].
    ///
    /// # Creating a code
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Error, Result,
    ///     recipes::passwordless::{
    ///         Contact, CreateCodeInput, CreatedCode, PasswordlessFunctions, PasswordlessOverride,
    ///     },
    /// };
    ///
    /// /// No code goes to a mailbox that is thrown away.
    /// struct KeptMailboxes;
    ///
    /// impl PasswordlessOverride for KeptMailboxes {
    ///     async fn create_code(
    ///         &self,
    ///         original: &PasswordlessFunctions,
    ///         cx: &Context,
    ///         input: CreateCodeInput,
    ///     ) -> Result<CreatedCode> {
    ///         if let Contact::Email(email) = &input.contact
    ///             && email.ends_with("@mailbox-for-an-hour.example")
    ///         {
    ///             return Err(Error::general("Please give an address that you will keep"));
    ///         }
    ///         original.create_code(cx, input).await
    ///     }
    /// }
    /// ```
    ///
    /// # Using a code
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     recipes::passwordless::{
    ///         ConsumeCodeInput, ConsumeCodeOutcome, PasswordlessFunctions, PasswordlessOverride,
    ///     },
    /// };
    ///
    /// /// Everybody who comes by a code gets a plan.
    /// struct FreePlan;
    ///
    /// impl PasswordlessOverride for FreePlan {
    ///     async fn consume_code(
    ///         &self,
    ///         original: &PasswordlessFunctions,
    ///         cx: &Context,
    ///         input: ConsumeCodeInput,
    ///     ) -> Result<ConsumeCodeOutcome> {
    ///         let outcome = original.consume_code(cx, input).await?;
    ///         if let ConsumeCodeOutcome::Ok { created_new_recipe_user: true, user, .. } = &outcome {
    ///             cx.usermetadata()?.set_value(&user.id, "plan", "free").await?;
    ///         }
    ///         Ok(outcome)
    ///     }
    /// }
    /// ```
    pub trait PasswordlessOverride;
    trait PasswordlessBase;
    handle Passwordless by passwordless of PasswordlessInstance;

    /// Creates the first code of a new device. Nothing is sent.
    ///
    /// # Errors
    /// [`Error::General`] with a text for the user where the contact has got as many codes as it
    /// may for now (`passwordless_max_codes_per_contact`).
    async fn create_code(input: CreateCodeInput) -> Result<CreatedCode>;

    /// Creates another code of a device, in the place of the earlier. Nothing is sent.
    async fn create_new_code_for_device(
        input: CreateNewCodeForDeviceInput,
    ) -> Result<CreateNewCodeForDeviceOutcome>;

    /// Uses up a code, and with it every device of its contact; creates the user where it is new.
    /// Starts no session.
    ///
    /// # Errors
    /// Within a session, a wrong code counts with those of its user's other second factors;
    /// [`Error::General`] tells the user that there were too many.
    async fn consume_code(input: ConsumeCodeInput) -> Result<ConsumeCodeOutcome>;

    /// Checks a code without using it up; wrong codes count as attempts.
    async fn check_code(input: CheckCodeInput) -> Result<CheckCodeOutcome>;

    /// Changes a login method's address or phone number. The removal of one of them ends the login
    /// method's sessions.
    async fn update_user(input: UpdateUserInput) -> Result<UpdateUserOutcome>;

    /// Revokes every code of a contact.
    async fn revoke_all_codes(input: RevokeAllCodesInput) -> Result<()>;

    /// Revokes a code, or a device with all its codes.
    async fn revoke_code(input: RevokeCodeInput) -> Result<()>;

    /// Lists the devices of an address.
    async fn list_codes_by_email(input: ListCodesByEmailInput) -> Result<Vec<Device>>;

    /// Lists the devices of a phone number.
    async fn list_codes_by_phone_number(
        input: ListCodesByPhoneNumberInput,
    ) -> Result<Vec<Device>>;

    /// Finds a device by its secret.
    async fn list_codes_by_device_id(input: ListCodesByDeviceIdInput) -> Result<Option<Device>>;

    /// Finds a device by its digest.
    async fn list_codes_by_pre_auth_session_id(
        input: ListCodesByPreAuthSessionIdInput,
    ) -> Result<Option<Device>>;
}

pub(super) fn with_overrides(overrides: Overrides<PasswordlessFunctions>) -> PasswordlessFunctions {
    overrides.around(PasswordlessFunctions::new(Base))
}

struct Base;

#[async_trait]
impl PasswordlessBase for Base {
    async fn create_code(&self, cx: &Context, input: CreateCodeInput) -> Result<CreatedCode> {
        let request = match input.contact {
            Contact::Email(email) => CreateCode::for_email(email),
            Contact::PhoneNumber(number) => CreateCode::for_phone_number(number),
        };
        let request = request.user_input_code(input.user_input_code);
        let answer =
            cx.core().call(&input.tenant_id, request).await.map_err(|error| {
                match error.is_limit_reached() {
                    true => Error::general(TOO_MANY_CODES),
                    false => error.into(),
                }
            })?;
        match answer {
            CreateCodeResponse::Ok(code) => Ok(code),
            CreateCodeResponse::RestartFlowError
            | CreateCodeResponse::UserInputCodeAlreadyUsedError => {
                Err(Error::other("the core refused the first code of a new device"))
            }
        }
    }

    async fn create_new_code_for_device(
        &self,
        cx: &Context,
        input: CreateNewCodeForDeviceInput,
    ) -> Result<CreateNewCodeForDeviceOutcome> {
        use CreateNewCodeForDeviceOutcome as Outcome;
        let request =
            CreateCode::for_device(input.device_id).user_input_code(input.user_input_code);
        Ok(match cx.core().call(&input.tenant_id, request).await? {
            CreateCodeResponse::Ok(code) => Outcome::Ok(code),
            CreateCodeResponse::RestartFlowError => Outcome::RestartFlow,
            CreateCodeResponse::UserInputCodeAlreadyUsedError => Outcome::UserInputCodeAlreadyUsed,
        })
    }

    async fn consume_code(
        &self,
        cx: &Context,
        input: ConsumeCodeInput,
    ) -> Result<ConsumeCodeOutcome> {
        use ConsumeCodeResponse as Answer;
        let ConsumeCodeInput { proof, tenant_id, session, .. } = input;
        let linking = input.should_try_linking_with_session_user;
        let user_id = session.as_ref().map(|session| session.get_user_id().clone());
        let proof = CodeProof { user_id: user_id.or(proof.user_id), ..proof };
        Ok(match cx.core().call(&tenant_id, ConsumeCode(proof)).await? {
            Answer::LimitReachedError { .. } => return Err(Error::general(TOO_MANY_WRONG_CODES)),
            Answer::Ok { created_new_user, user, recipe_user_id, consumed_device } => {
                let session = session.as_ref();
                match sign_in::link(cx, &tenant_id, user, &recipe_user_id, session, linking).await?
                {
                    Ok(user) => ConsumeCodeOutcome::Ok {
                        created_new_recipe_user: created_new_user,
                        user,
                        recipe_user_id,
                        consumed_device,
                    },
                    Err(failure) => ConsumeCodeOutcome::LinkingToSessionUserFailed(failure),
                }
            }
            Answer::RestartFlowError => ConsumeCodeOutcome::RestartFlow,
            Answer::ExpiredUserInputCodeError {
                failed_code_input_attempt_count,
                maximum_code_input_attempts,
            } => ConsumeCodeOutcome::ExpiredUserInputCode(CodeAttempts {
                failed_code_input_attempt_count,
                maximum_code_input_attempts,
            }),
            Answer::IncorrectUserInputCodeError {
                failed_code_input_attempt_count,
                maximum_code_input_attempts,
            } => ConsumeCodeOutcome::IncorrectUserInputCode(CodeAttempts {
                failed_code_input_attempt_count,
                maximum_code_input_attempts,
            }),
        })
    }

    async fn check_code(&self, cx: &Context, input: CheckCodeInput) -> Result<CheckCodeOutcome> {
        use CheckCodeResponse as Answer;
        let CheckCodeInput { proof, tenant_id } = input;
        Ok(match cx.core().call(&tenant_id, CheckCode(proof)).await? {
            Answer::LimitReachedError { .. } => return Err(Error::general(TOO_MANY_WRONG_CODES)),
            Answer::Ok { consumed_device } => CheckCodeOutcome::Ok(consumed_device),
            Answer::RestartFlowError => CheckCodeOutcome::RestartFlow,
            Answer::ExpiredUserInputCodeError {
                failed_code_input_attempt_count,
                maximum_code_input_attempts,
            } => CheckCodeOutcome::ExpiredUserInputCode(CodeAttempts {
                failed_code_input_attempt_count,
                maximum_code_input_attempts,
            }),
            Answer::IncorrectUserInputCodeError {
                failed_code_input_attempt_count,
                maximum_code_input_attempts,
            } => CheckCodeOutcome::IncorrectUserInputCode(CodeAttempts {
                failed_code_input_attempt_count,
                maximum_code_input_attempts,
            }),
        })
    }

    async fn update_user(&self, cx: &Context, input: UpdateUserInput) -> Result<UpdateUserOutcome> {
        use UpdatePasswordlessUserResponse as Answer;
        let UpdateUserInput { recipe_user_id, email, phone_number, keep_session, .. } = input;
        if let ContactChange::Set(email) = &email {
            let is_verified = emailverification::has_proved(cx, &recipe_user_id, email).await?;
            match email_change::refusal(cx, &recipe_user_id, email, is_verified).await? {
                None => {}
                Some(EmailRefusal::UnknownUserId) => return Ok(UpdateUserOutcome::UnknownUserId),
                Some(EmailRefusal::NotAllowed { reason }) => {
                    return Ok(UpdateUserOutcome::EmailChangeNotAllowed { reason });
                }
            }
        }
        let settings = &PasswordlessInstance::of(cx)?.settings;
        let new_email = match &email {
            ContactChange::Keep => None,
            ContactChange::Set(email) => Some(Some(email.as_str())),
            ContactChange::Clear => Some(None),
        };
        let mail = match new_email {
            Some(new_email) if settings.mails_address_changes && input.tell_old_address => {
                let old = email_change::address_of(cx, &recipe_user_id).await?;
                old.and_then(|old| old.mail(new_email))
            }
            _ => None,
        };
        let removes = [&email, &phone_number].into_iter().any(|it| *it == ContactChange::Clear);
        let user_id = UserId::from(recipe_user_id.clone());
        let request = UpdatePasswordlessUser { recipe_user_id, email, phone_number };
        Ok(match cx.core().call(&TenantId::default(), request).await? {
            Answer::Ok => {
                if removes {
                    // One of them may have been started by a code to the contact that is gone.
                    end_sessions(cx, Whose::LoginMethod(user_id), keep_session).await?;
                }
                if let Some(mail) = mail {
                    let passwordless = cx.passwordless()?;
                    cx.after_answer("mail about a changed address", async move {
                        passwordless.send_email(mail.into()).await
                    });
                }
                UpdateUserOutcome::Ok
            }
            Answer::UnknownUserIdError => UpdateUserOutcome::UnknownUserId,
            Answer::EmailAlreadyExistsError => UpdateUserOutcome::EmailAlreadyExists,
            Answer::PhoneNumberAlreadyExistsError => UpdateUserOutcome::PhoneNumberAlreadyExists,
            Answer::EmailChangeNotAllowedError { reason } => {
                UpdateUserOutcome::EmailChangeNotAllowed { reason }
            }
            Answer::PhoneNumberChangeNotAllowedError { reason } => {
                UpdateUserOutcome::PhoneNumberChangeNotAllowed { reason }
            }
        })
    }

    async fn revoke_all_codes(&self, cx: &Context, input: RevokeAllCodesInput) -> Result<()> {
        let RevokeAllCodesInput { contact, tenant_id } = input;
        let request = match contact {
            Contact::Email(email) => RemoveCodes { email: Some(email), phone_number: None },
            Contact::PhoneNumber(number) => RemoveCodes { email: None, phone_number: Some(number) },
        };
        let RemoveCodesResponse::Ok = cx.core().call(&tenant_id, request).await?;
        Ok(())
    }

    async fn revoke_code(&self, cx: &Context, input: RevokeCodeInput) -> Result<()> {
        let RevokeCodeInput { code, tenant_id } = input;
        let request = match code {
            RevokedCode::CodeId(id) => RemoveCode { code_id: Some(id), pre_auth_session_id: None },
            RevokedCode::PreAuthSessionId(id) => {
                RemoveCode { code_id: None, pre_auth_session_id: Some(id) }
            }
        };
        let RemoveCodeResponse::Ok = cx.core().call(&tenant_id, request).await?;
        Ok(())
    }

    async fn list_codes_by_email(
        &self,
        cx: &Context,
        input: ListCodesByEmailInput,
    ) -> Result<Vec<Device>> {
        list(cx, ListCodes::by_email(input.email), &input.tenant_id).await
    }

    async fn list_codes_by_phone_number(
        &self,
        cx: &Context,
        input: ListCodesByPhoneNumberInput,
    ) -> Result<Vec<Device>> {
        list(cx, ListCodes::by_phone_number(input.phone_number), &input.tenant_id).await
    }

    async fn list_codes_by_device_id(
        &self,
        cx: &Context,
        input: ListCodesByDeviceIdInput,
    ) -> Result<Option<Device>> {
        Ok(list(cx, ListCodes::by_device_id(input.device_id), &input.tenant_id).await?.pop())
    }

    async fn list_codes_by_pre_auth_session_id(
        &self,
        cx: &Context,
        input: ListCodesByPreAuthSessionIdInput,
    ) -> Result<Option<Device>> {
        let filter = ListCodes::by_pre_auth_session_id(input.pre_auth_session_id);
        Ok(list(cx, filter, &input.tenant_id).await?.pop())
    }
}

async fn list(cx: &Context, filter: ListCodes, tenant_id: &TenantId) -> Result<Vec<Device>> {
    let ListCodesResponse::Ok { devices } = cx.core().call(tenant_id, filter).await?;
    Ok(devices)
}
