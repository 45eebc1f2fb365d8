//! What is limited.

/// Something that can be guessed at, or that costs something. Each has budgets of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Action {
    /// A sign-in by password or passkey.
    SignIn,
    /// A sign-up by password or passkey.
    SignUp,
    /// The question whether an address or a number has an account.
    EmailExists,
    /// The request for a mail by which a password is reset, or who lost their passkey gets another one.
    SendPasswordReset,
    /// The use of the token in such a mail.
    UsePasswordResetToken,
    /// The request for a mail by which an address is verified.
    SendEmailVerification,
    /// The use of the token in such a mail.
    UseEmailVerificationToken,
    /// The request for a code or link, and for another one.
    CreateCode,
    /// The use of a code or link.
    ConsumeCode,
    /// A code of an authenticator app.
    Totp,
    /// A recovery code.
    RecoveryCode,
    /// A sign-in by a third party.
    ThirdPartySignIn,
    /// A change of the password in a session, which asks for the current one.
    ChangePassword,
    /// A mail about a sign-in from a new device or network, which is sent after it.
    SignInAlert,
    /// The use of the token in such a mail, by which all sessions end.
    UseSignInAlertToken,
    /// The request for options, by which a browser makes or uses a passkey.
    PasskeyOptions,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::SignIn,
        Self::SignUp,
        Self::EmailExists,
        Self::SendPasswordReset,
        Self::UsePasswordResetToken,
        Self::SendEmailVerification,
        Self::UseEmailVerificationToken,
        Self::CreateCode,
        Self::ConsumeCode,
        Self::Totp,
        Self::RecoveryCode,
        Self::ThirdPartySignIn,
        Self::ChangePassword,
        Self::SignInAlert,
        Self::UseSignInAlertToken,
        Self::PasskeyOptions,
    ];

    /// The name by which its budgets' names begin, such as `signIn`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "signIn",
            Self::SignUp => "signUp",
            Self::EmailExists => "emailExists",
            Self::SendPasswordReset => "sendPasswordReset",
            Self::UsePasswordResetToken => "usePasswordResetToken",
            Self::SendEmailVerification => "sendEmailVerification",
            Self::UseEmailVerificationToken => "useEmailVerificationToken",
            Self::CreateCode => "createCode",
            Self::ConsumeCode => "consumeCode",
            Self::Totp => "totp",
            Self::RecoveryCode => "recoveryCode",
            Self::ThirdPartySignIn => "thirdPartySignIn",
            Self::ChangePassword => "changePassword",
            Self::SignInAlert => "signInAlert",
            Self::UseSignInAlertToken => "useSignInAlertToken",
            Self::PasskeyOptions => "passkeyOptions",
        }
    }

    /// Whether success gives back what the attempt took. Who gets accounts, answers or mails in any
    /// number has success each time.
    pub(super) const fn is_given_back(self) -> bool {
        !matches!(
            self,
            Self::SignUp
                | Self::EmailExists
                | Self::SendPasswordReset
                | Self::SendEmailVerification
                | Self::CreateCode
                | Self::SignInAlert
                | Self::PasskeyOptions
        )
    }

    /// Whether who has success has proved that an account is theirs, by more than a session.
    pub(super) const fn proves_account(self) -> bool {
        matches!(
            self,
            Self::SignIn
                | Self::SignUp
                | Self::UsePasswordResetToken
                | Self::ConsumeCode
                | Self::ThirdPartySignIn
        )
    }

    /// Whether a password is guessed at: the setting for a core that can't be asked is about these.
    pub(super) const fn is_about_passwords(self) -> bool {
        matches!(self, Self::SignIn | Self::SignUp | Self::EmailExists | Self::ChangePassword)
    }
}
