//! What users are told where a sign-up or sign-in isn't allowed (FDI §1.0).

use super::LinkingFailure;

/// The texts of one way to sign up or in.
#[derive(Clone, Copy, Debug)]
pub struct Reasons {
    not_allowed: &'static str,
    /// The code of `EMAIL_VERIFICATION_REQUIRED`; those of the other failures follow it.
    first_linking_code: u8,
}

impl Reasons {
    /// The text where an account may not be created or used, and the number in the text of the first
    /// failure of linking, `EMAIL_VERIFICATION_REQUIRED`: those of the others follow it.
    pub const fn new(not_allowed: &'static str, first_linking_code: u8) -> Self {
        Self { not_allowed, first_linking_code }
    }

    /// Where the account may not be created or used.
    pub fn not_allowed(&self) -> String {
        self.not_allowed.to_owned()
    }

    /// Where the account can't be linked to the session's user.
    pub fn linking_failed(&self, failure: LinkingFailure) -> String {
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
        let reasons = Reasons::new("no", 9);
        for (code, failure) in (9..).zip(failures) {
            assert_eq!(
                reasons.linking_failed(failure),
                format!(
                    "Cannot sign in / up due to security reasons. Please contact support. \
                     (ERR_CODE_{code:03})"
                )
            );
        }
        assert_eq!(reasons.linking_failed(LinkingFailure::FactorsRequired), "no");
    }
}
