//! What users are told where a sign-up or sign-in isn't allowed (FDI: error codes).

use super::LinkingFailure;

/// The texts of one way to sign up or in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reasons {
    not_allowed: &'static str,
    /// The code of `EMAIL_VERIFICATION_REQUIRED`; those of the other failures follow it.
    first_linking_code: u8,
}

impl Reasons {
    /// Sign-up by email and password.
    pub(crate) const EMAIL_PASSWORD_SIGN_UP: Self = Self {
        not_allowed: "Cannot sign up due to security reasons. Please try logging in, use a \
                      different login method or contact support. (ERR_CODE_007)",
        first_linking_code: 13,
    };

    /// Sign-in by email and password.
    pub(crate) const EMAIL_PASSWORD_SIGN_IN: Self = Self {
        not_allowed: "Cannot sign in due to security reasons. Please try resetting your \
                      password, use a different login method or contact support. (ERR_CODE_008)",
        first_linking_code: 9,
    };

    /// Sign-up by a code or link.
    pub(crate) const PASSWORDLESS_SIGN_UP: Self = Self {
        not_allowed: "Cannot sign in / up due to security reasons. Please try a different login \
                      method or contact support. (ERR_CODE_002)",
        first_linking_code: 16,
    };

    /// Sign-in by a code or link. A code proves the address, so that the first failure of linking,
    /// whose number belongs to others, doesn't come up.
    pub(crate) const PASSWORDLESS_SIGN_IN: Self = Self {
        not_allowed: "Cannot sign in / up due to security reasons. Please try a different login \
                      method or contact support. (ERR_CODE_003)",
        first_linking_code: 16,
    };

    /// Where the account may not be created or used.
    pub(crate) fn not_allowed(&self) -> String {
        self.not_allowed.to_owned()
    }

    /// Where the account can't be linked to the session's user.
    pub(crate) fn linking_failed(&self, failure: LinkingFailure) -> String {
        let offset = match failure {
            LinkingFailure::EmailVerificationRequired => 0,
            LinkingFailure::RecipeUserIdAlreadyLinkedWithAnotherPrimaryUserId => 1,
            LinkingFailure::AccountInfoAlreadyAssociatedWithAnotherPrimaryUserId => 2,
            LinkingFailure::SessionUserAccountInfoAlreadyAssociatedWithAnotherPrimaryUserId => 3,
            // Another login method of the same user may be linked, so that this text helps.
            LinkingFailure::FactorsRequired => return self.not_allowed(),
        };
        let code = self.first_linking_code + offset;
        format!(
            "Cannot sign in / up due to security reasons. Please contact support. \
             (ERR_CODE_{code:03})"
        )
    }
}

/// Where a reset link would let somebody into an account that isn't theirs.
pub(crate) const PASSWORD_RESET_NOT_ALLOWED: &str = "Reset password link was not created because \
    of account take over risk. Please contact support. (ERR_CODE_001)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_of_linking_failures_follow_each_other() {
        let failures = [
            LinkingFailure::EmailVerificationRequired,
            LinkingFailure::RecipeUserIdAlreadyLinkedWithAnotherPrimaryUserId,
            LinkingFailure::AccountInfoAlreadyAssociatedWithAnotherPrimaryUserId,
            LinkingFailure::SessionUserAccountInfoAlreadyAssociatedWithAnotherPrimaryUserId,
        ];
        for (reasons, first) in
            [(Reasons::EMAIL_PASSWORD_SIGN_IN, 9), (Reasons::EMAIL_PASSWORD_SIGN_UP, 13)]
        {
            for (code, failure) in (first..).zip(failures) {
                assert_eq!(
                    reasons.linking_failed(failure),
                    format!(
                        "Cannot sign in / up due to security reasons. Please contact support. \
                         (ERR_CODE_{code:03})"
                    )
                );
            }
        }
    }
}
