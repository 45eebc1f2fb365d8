//! A mail on its way to a user.

use std::{any::Any, fmt, sync::Arc};

use auth_protocol::Secret;

use super::Letter;

/// What a recipe's mail tells: its facts, and the words that are sent unless an application has its
/// own. [`Debug`](fmt::Debug) shows neither the address nor anything secret.
pub trait Mail: Any + fmt::Debug + Send + Sync {
    /// The type's name, as in the reference SDKs where they have it, such as `PASSWORD_RESET`.
    fn type_name(&self) -> &'static str;

    /// The address.
    fn to(&self) -> &str;

    /// The link in the mail, where there is one. Who has it can act as the user.
    fn link(&self) -> Option<&Secret> {
        None
    }

    /// The code to type in, where there is one.
    fn user_input_code(&self) -> Option<&Secret> {
        None
    }

    /// The words. The link and the code stand below the opening by themselves.
    fn letter(&self, app_name: &str) -> Letter;
}

/// A mail to a user, of whatever recipe.
///
/// ```
/// use auth_core::{delivery::Email, recipes::emailpassword::PasswordResetEmail};
///
/// fn is_reset_of_an_import(email: &Email) -> bool {
///     let Some(mail) = email.get::<PasswordResetEmail>() else { return false };
///     mail.recipe_user_id.is_none()
/// }
/// ```
#[derive(Clone)]
pub struct Email(Arc<dyn Mail>);

impl Email {
    /// A recipe's mail.
    pub fn new(mail: impl Mail) -> Self {
        Self(Arc::new(mail))
    }

    /// What the mail tells, where it is of this type.
    pub fn get<M: Mail>(&self) -> Option<&M> {
        let mail: &dyn Any = &*self.0;
        mail.downcast_ref()
    }

    /// The type's name, such as `PASSWORD_RESET`.
    pub fn type_name(&self) -> &'static str {
        self.0.type_name()
    }

    /// The address.
    pub fn to(&self) -> &str {
        self.0.to()
    }

    /// The link in the mail, where there is one. Who has it can act as the user.
    pub fn link(&self) -> Option<&Secret> {
        self.0.link()
    }

    /// The code to type in, where there is one.
    pub fn user_input_code(&self) -> Option<&Secret> {
        self.0.user_input_code()
    }

    /// The recipe's words.
    pub fn letter(&self, app_name: &str) -> Letter {
        self.0.letter(app_name)
    }
}

impl<M: Mail> From<M> for Email {
    fn from(mail: M) -> Self {
        Self::new(mail)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
