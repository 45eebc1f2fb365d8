//! The functions that an application calls.

use auth_protocol::{
    RecipeUserId, Secret, TenantId, User,
    passwordless::{CodeProof, CreatedCode, Device},
};

use super::{
    CheckCodeOutcome, ConsumeCodeInput, ConsumeCodeOutcome, Contact, CreateCodeInput, ID,
    NewCodeInput, NewCodeOutcome, PasswordlessFunctions, PasswordlessInstance, RevokeCodeInput,
    UpdateUserInput, UpdateUserOutcome, send::magic_link,
};
use crate::{
    Auth, Context, Error, Result,
    delivery::{Email, Sms},
    recipes::session::Session,
};

/// The functions of this recipe, in a context; got by [`Context::passwordless`] or
/// [`Auth::passwordless`].
#[derive(Clone, Debug)]
pub struct Passwordless {
    cx: Context,
}

/// A contact that the application has verified itself.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignInUpInput {
    /// The contact.
    pub contact: Contact,
    /// The session to whose user the contact is linked, where account linking permits it.
    pub session: Option<Session>,
}

impl SignInUpInput {
    /// A contact that signs in by itself.
    pub fn new(contact: Contact) -> Self {
        Self { contact, session: None }
    }

    /// Links the contact to the session's user.
    #[must_use]
    pub fn session(mut self, session: &Session) -> Self {
        self.session = Some(session.clone());
        self
    }
}

impl From<Contact> for SignInUpInput {
    fn from(contact: Contact) -> Self {
        Self::new(contact)
    }
}

/// A user that was found or created without a code being sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignInUp {
    /// Whether the login method is new.
    pub created_new_recipe_user: bool,
    /// The user.
    pub user: User,
    /// The login method that has the contact.
    pub recipe_user_id: RecipeUserId,
}

impl Context {
    /// The passwordless functions in this context.
    ///
    /// # Errors
    /// [`crate::Error::RecipeMissing`] where the recipe isn't in the recipe list.
    pub fn passwordless(&self) -> Result<Passwordless> {
        self.auth().recipe::<PasswordlessInstance>(ID)?;
        Ok(Passwordless { cx: self.clone() })
    }
}

impl Auth {
    /// The passwordless functions outside of a request.
    ///
    /// # Errors
    /// [`crate::Error::RecipeMissing`] where the recipe isn't in the recipe list.
    pub fn passwordless(&self) -> Result<Passwordless> {
        self.context().passwordless()
    }
}

impl Passwordless {
    fn instance(&self) -> Result<&PasswordlessInstance> {
        PasswordlessInstance::of(&self.cx)
    }

    fn functions(&self) -> Result<&dyn PasswordlessFunctions> {
        Ok(&*self.instance()?.functions)
    }

    /// Creates the first code of a new device. Nothing is sent.
    ///
    /// # Errors
    /// [`Error::General`] with a text for the user where the contact has got as many codes as it
    /// may for now (`passwordless_max_codes_per_contact`).
    pub async fn create_code(&self, input: CreateCodeInput) -> Result<CreatedCode> {
        self.functions()?.create_code(&self.cx, input).await
    }

    /// Creates another code of a device, in the place of the earlier. Nothing is sent.
    pub async fn create_new_code_for_device(&self, input: NewCodeInput) -> Result<NewCodeOutcome> {
        self.functions()?.create_new_code_for_device(&self.cx, input).await
    }

    /// Uses up a code, and with it every device of its contact; creates the user where it is new.
    /// Starts no session.
    pub async fn consume_code(&self, input: ConsumeCodeInput) -> Result<ConsumeCodeOutcome> {
        self.functions()?.consume_code(&self.cx, input).await
    }

    /// Checks a code without using it up; wrong codes count as attempts.
    pub async fn check_code(
        &self,
        tenant_id: &TenantId,
        proof: CodeProof,
    ) -> Result<CheckCodeOutcome> {
        self.functions()?.check_code(&self.cx, proof, tenant_id.clone()).await
    }

    /// Changes a login method's address or phone number.
    pub async fn update_user(&self, input: UpdateUserInput) -> Result<UpdateUserOutcome> {
        self.functions()?.update_user(&self.cx, input).await
    }

    /// Revokes every code of a contact.
    pub async fn revoke_all_codes(&self, tenant_id: &TenantId, contact: Contact) -> Result<()> {
        self.functions()?.revoke_all_codes(&self.cx, contact, tenant_id.clone()).await
    }

    /// Revokes a code, or a device with all its codes.
    pub async fn revoke_code(&self, tenant_id: &TenantId, input: RevokeCodeInput) -> Result<()> {
        self.functions()?.revoke_code(&self.cx, input, tenant_id.clone()).await
    }

    /// Lists the devices of an address.
    pub async fn list_codes_by_email(
        &self,
        tenant_id: &TenantId,
        email: impl Into<String>,
    ) -> Result<Vec<Device>> {
        self.functions()?.list_codes_by_email(&self.cx, email.into(), tenant_id.clone()).await
    }

    /// Lists the devices of a phone number.
    pub async fn list_codes_by_phone_number(
        &self,
        tenant_id: &TenantId,
        phone_number: impl Into<String>,
    ) -> Result<Vec<Device>> {
        self.functions()?
            .list_codes_by_phone_number(&self.cx, phone_number.into(), tenant_id.clone())
            .await
    }

    /// Finds a device by its secret.
    pub async fn list_codes_by_device_id(
        &self,
        tenant_id: &TenantId,
        device_id: impl Into<Secret>,
    ) -> Result<Option<Device>> {
        self.functions()?
            .list_codes_by_device_id(&self.cx, device_id.into(), tenant_id.clone())
            .await
    }

    /// Finds a device by its digest.
    pub async fn list_codes_by_pre_auth_session_id(
        &self,
        tenant_id: &TenantId,
        pre_auth_session_id: impl Into<String>,
    ) -> Result<Option<Device>> {
        self.functions()?
            .list_codes_by_pre_auth_session_id(
                &self.cx,
                pre_auth_session_id.into(),
                tenant_id.clone(),
            )
            .await
    }

    /// Creates a code and the link with it, to be sent by the application:
    /// `{origin}{website base path}/verify?preAuthSessionId=…&tenantId=…#…`.
    pub async fn create_magic_link(&self, tenant_id: TenantId, contact: Contact) -> Result<Secret> {
        let code = self.create_code(CreateCodeInput::new(tenant_id.clone(), contact)).await?;
        magic_link(&self.cx, &code, &tenant_id)
    }

    /// Finds or creates the user that has a contact, without sending anything: for contacts that
    /// the application has verified itself. Starts no session. It is refused, as
    /// [`create_code`](Self::create_code) is, while the contact gets no codes.
    ///
    /// `input` is the contact, or a [`SignInUpInput`] with the session to whose user it is linked:
    ///
    /// ```
    /// # use auth_core::{Auth, Result, protocol::User, recipes::session::Session};
    /// use auth_core::recipes::passwordless::{Contact, SignInUpInput};
    ///
    /// async fn add_phone(auth: &Auth, session: &Session, number: String) -> Result<User> {
    ///     let input = SignInUpInput::new(Contact::PhoneNumber(number)).session(session);
    ///     let tenant_id = session.get_tenant_id().clone();
    ///     Ok(auth.passwordless()?.sign_in_up(tenant_id, input).await?.user)
    /// }
    /// ```
    ///
    /// # Errors
    /// Where the contact can't be linked to the session's user; the text says why.
    pub async fn sign_in_up(
        &self,
        tenant_id: TenantId,
        input: impl Into<SignInUpInput> + Send,
    ) -> Result<SignInUp> {
        let SignInUpInput { contact, session } = input.into();
        let linking = session.is_some().then_some(true);
        let code = self
            .create_code(CreateCodeInput {
                session: session.clone(),
                should_try_linking_with_session_user: linking,
                ..CreateCodeInput::new(tenant_id.clone(), contact)
            })
            .await?;
        let proof = CodeProof::link_code(code.pre_auth_session_id, code.link_code);
        let consume = ConsumeCodeInput {
            session,
            should_try_linking_with_session_user: linking,
            ..ConsumeCodeInput::new(tenant_id, proof)
        };
        match self.consume_code(consume).await? {
            ConsumeCodeOutcome::Ok { created_new_recipe_user, user, recipe_user_id, .. } => {
                Ok(SignInUp { created_new_recipe_user, user, recipe_user_id })
            }
            ConsumeCodeOutcome::LinkingToSessionUserFailed(failure) => Err(Error::other(format!(
                "the contact can't be linked to the session's user: {failure:?}"
            ))),
            _ => Err(Error::other("a code that was just created could not be used")),
        }
    }

    /// Sends a mail by this recipe's delivery, and waits until it is sent.
    pub async fn send_email(&self, email: Email) -> Result<()> {
        self.instance()?.settings.email_delivery.send_email(&self.cx, email).await
    }

    /// Sends a message to a phone by this recipe's delivery, and waits until it is sent.
    pub async fn send_sms(&self, sms: Sms) -> Result<()> {
        self.instance()?.settings.sms_delivery.send_sms(&self.cx, sms).await
    }
}
