//! What an application asks beside the functions.

use auth_protocol::{RecipeUserId, Secret, TenantId, User, passwordless::CodeProof};

use super::{
    ConsumeCodeInput, ConsumeCodeOutcome, Contact, CreateCodeInput, Passwordless,
    PasswordlessInstance, send::magic_link,
};
use crate::{
    Error, Result,
    delivery::{Email, Sms},
    overrides::input,
    recipes::session::Session,
};

input! {
    /// A contact that the application has verified itself.
    pub struct SignInUpInput from Contact {
        /// The contact.
        contact: Contact,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// The session to whose user the contact is linked, where account linking permits it; by
        /// default the contact signs in by itself.
        session: Option<Session>,
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

/// Several steps in one.
impl Passwordless {
    fn instance(&self) -> Result<&PasswordlessInstance> {
        PasswordlessInstance::of(&self.cx)
    }

    /// Creates a code and the link with it, to be sent by the application:
    /// `{origin}{website base path}/verify?preAuthSessionId=…&tenantId=…#…`.
    pub async fn create_magic_link(&self, input: impl Into<CreateCodeInput>) -> Result<Secret> {
        let input = input.into();
        let tenant_id = input.tenant_id.clone();
        let code = self.create_code(input).await?;
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
    ///     let input = SignInUpInput::new(Contact::PhoneNumber(number))
    ///         .tenant_id(session.get_tenant_id())
    ///         .session(session.clone());
    ///     Ok(auth.passwordless()?.sign_in_up(input).await?.user)
    /// }
    /// ```
    ///
    /// # Errors
    /// Where the contact can't be linked to the session's user; the text says why.
    pub async fn sign_in_up(&self, input: impl Into<SignInUpInput>) -> Result<SignInUp> {
        let SignInUpInput { contact, tenant_id, session } = input.into();
        let linking = session.is_some().then_some(true);
        let code = self
            .create_code(CreateCodeInput {
                tenant_id: tenant_id.clone(),
                session: session.clone(),
                should_try_linking_with_session_user: linking,
                ..CreateCodeInput::new(contact)
            })
            .await?;
        let proof = CodeProof::link_code(code.pre_auth_session_id, code.link_code);
        let consume = ConsumeCodeInput {
            tenant_id,
            session,
            should_try_linking_with_session_user: linking,
            ..ConsumeCodeInput::new(proof)
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
