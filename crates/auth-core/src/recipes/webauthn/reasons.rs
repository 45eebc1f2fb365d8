//! What users are told where a sign-up or sign-in isn't allowed (FDI §1.0, 1.9).

use crate::recipes::sign_in::Reasons;

/// Sign-up.
pub(super) const SIGN_UP: Reasons = Reasons::new(
    "Cannot sign up due to security reasons. Please try logging in, use a different login method or \
     contact support. (ERR_CODE_025)",
    26,
);

/// Sign-in.
pub(super) const SIGN_IN: Reasons = Reasons::new(
    "Cannot sign in due to security reasons. Please try recovering your account, use a different \
     login method or contact support. (ERR_CODE_030)",
    31,
);

/// Where a recovery link would let somebody into an account that isn't theirs.
pub(super) const RECOVER_ACCOUNT_NOT_ALLOWED: &str = "Recover account link was not created because \
    of account take over risk. Please contact support. (ERR_CODE_001)";

/// One more passkey whose authenticator answered something else than was asked.
pub(super) const WRONG_AUTHENTICATOR: &str = "The device used for authentication is not supported. \
    Please use a different device. (ERR_CODE_026)";

/// One more passkey that can't be read, or is somebody's already.
pub(super) const WRONG_CREDENTIAL: &str = "The credentials are incorrect. Please make sure you are \
    using the correct credentials. (ERR_CODE_025)";
