//! What the functions of this recipe take and give.

use auth_protocol::{
    RecipeUserId, Secret, SessionHandle, TenantId, User, UserId, emailpassword::ImportPasswordHash,
};

use crate::{
    overrides::input,
    recipes::{session::Session, sign_in::LinkingFailure},
};

input! {
    /// Who signs up.
    pub struct SignUpInput {
        /// The address.
        email: String,
        /// The password, in clear.
        password: Secret,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// The session that the request came with.
        session: Option<Session>,
        /// Whether the account shall be linked to the session's user.
        should_try_linking_with_session_user: Option<bool>,
    }
}

/// What became of a sign-up.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SignUpOutcome {
    /// `OK`: the user is created.
    Ok {
        /// The user.
        user: User,
        /// The new login method.
        recipe_user_id: RecipeUserId,
    },
    /// `EMAIL_ALREADY_EXISTS_ERROR`
    EmailAlreadyExists,
    /// `LINKING_TO_SESSION_USER_FAILED`: the user is created, but not linked to the session's.
    LinkingToSessionUserFailed(LinkingFailure),
}

input! {
    /// A login method to create.
    pub struct CreateNewRecipeUserInput {
        /// The address.
        email: String,
        /// The password, in clear.
        password: Secret,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// Who signs in.
    pub struct SignInInput {
        /// The address.
        email: String,
        /// The password, in clear.
        password: Secret,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// The session that the request came with.
        session: Option<Session>,
        /// Whether the account shall be linked to the session's user.
        should_try_linking_with_session_user: Option<bool>,
    }
}

/// What became of a sign-in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SignInOutcome {
    /// `OK`: the credentials are right.
    Ok {
        /// The user.
        user: User,
        /// The login method that was used.
        recipe_user_id: RecipeUserId,
    },
    /// `WRONG_CREDENTIALS_ERROR`: the address is unknown or the password is wrong.
    WrongCredentials,
    /// `LINKING_TO_SESSION_USER_FAILED`: the credentials are right, but the account can't be
    /// linked to the session's user.
    LinkingToSessionUserFailed(LinkingFailure),
}

input! {
    /// Credentials to check.
    pub struct VerifyCredentialsInput {
        /// The address.
        email: String,
        /// The password, in clear.
        password: Secret,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// Whether somebody wants to sign in by them, which the audit log then says; `false` by
        /// default.
        for_sign_in: bool,
    }
}

input! {
    /// For whom a password reset token is made.
    pub struct CreateResetPasswordTokenInput {
        /// The user.
        user_id: UserId,
        /// The address that the token is sent to.
        email: String,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

/// What became of the creation of a reset token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CreateResetPasswordTokenOutcome {
    /// `OK`: the token.
    Ok(Secret),
    /// `UNKNOWN_USER_ID_ERROR`
    UnknownUserId,
}

input! {
    /// A reset token to use up.
    pub struct ConsumePasswordResetTokenInput from Secret {
        /// The token.
        token: Secret,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

/// What a reset token stood for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ConsumePasswordResetTokenOutcome {
    /// `OK`: the token was valid; it isn't any more.
    Ok {
        /// The user that it was made for.
        user_id: UserId,
        /// The address that it was sent to.
        email: String,
    },
    /// `RESET_PASSWORD_INVALID_TOKEN_ERROR`: unknown, used or expired.
    InvalidToken,
}

input! {
    /// A change of a login method's address or password; of nothing yet.
    pub struct UpdateEmailOrPasswordInput {
        /// The login method.
        recipe_user_id: RecipeUserId,
        ..
        /// The new address.
        email: Option<String>,
        /// The new password, in clear.
        password: Option<Secret>,
        /// Whether the password must satisfy the rule of the sign-up form; `true` by default.
        apply_password_policy: bool = true,
        /// The tenant whose rule applies; `public` by default.
        tenant_id_for_password_policy: TenantId,
        /// The session that goes on where a new password ends the user's others: the one in which
        /// the password is changed. By default the one that a guard found in front of the route, if
        /// there is one.
        keep_session: Option<SessionHandle>,
        /// Whether a new password ends the user's other sessions; as the recipe's settings say by
        /// default.
        end_sessions: Option<bool>,
        /// Whether the address is mailed that the password is another one now, unless the recipe's
        /// settings turn such mails off; `false` by default.
        tell_owner: bool,
        /// Whether the address that the login method had is mailed that it has another one now, unless
        /// the recipe's settings turn such mails off; `true` by default.
        tell_old_address: bool = true,
    }
}

/// What became of a [`UpdateEmailOrPasswordInput`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UpdateEmailOrPasswordOutcome {
    /// `OK`
    Ok,
    /// `UNKNOWN_USER_ID_ERROR`: no such login method of this recipe.
    UnknownUserId,
    /// `EMAIL_ALREADY_EXISTS_ERROR`
    EmailAlreadyExists,
    /// `EMAIL_CHANGE_NOT_ALLOWED_ERROR`
    EmailChangeNotAllowed {
        /// Why.
        reason: String,
    },
    /// `PASSWORD_POLICY_VIOLATED_ERROR`
    PasswordPolicyViolated {
        /// Why, for the user.
        failure_reason: String,
    },
}

input! {
    /// A change of the password by who knows the current one.
    pub struct ChangePasswordInput {
        /// The user.
        user_id: UserId,
        /// The current password, in clear.
        current_password: Secret,
        /// The new one, in clear.
        new_password: Secret,
        ..
        /// The login method whose password it is; where it has none, or none is named, the user's
        /// oldest that has one.
        recipe_user_id: Option<RecipeUserId>,
        /// The tenant whose rule applies; `public` by default.
        tenant_id: TenantId,
        /// The session that goes on where others end; by default the one that a guard found in
        /// front of the route, if there is one.
        keep_session: Option<SessionHandle>,
        /// Whether the user's other sessions end; as the recipe's settings say by default.
        end_other_sessions: Option<bool>,
    }
}

/// What became of a [`ChangePasswordInput`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangePasswordOutcome {
    /// `OK`: the password is changed.
    Ok,
    /// `WRONG_CREDENTIALS_ERROR`: the current password is another one.
    WrongCredentials,
    /// `NO_PASSWORD_ERROR`: the user signs in by other means, or is gone. A reset link gives a
    /// password to who has none.
    NoPassword,
    /// `PASSWORD_POLICY_VIOLATED_ERROR`; from the route a `FIELD_ERROR` of the field `newPassword`.
    PasswordPolicyViolated {
        /// Why, for the user.
        failure_reason: String,
    },
}

input! {
    /// A password hash made elsewhere.
    pub struct ImportPasswordHashInput from ImportPasswordHash {
        /// The hash, and whose it is.
        hash: ImportPasswordHash,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// A new password, and the token that permits it.
    pub struct ResetPasswordUsingTokenInput {
        /// The token.
        token: Secret,
        /// The password, in clear.
        new_password: Secret,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}
