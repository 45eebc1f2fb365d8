//! What users are told where a sign-up, sign-in or reset isn't allowed (FDI §1.0).

use crate::recipes::sign_in::Reasons;

/// Sign-up.
pub(super) const SIGN_UP: Reasons = Reasons::new(
    "Cannot sign up due to security reasons. Please try logging in, use a different login method or \
     contact support. (ERR_CODE_007)",
    13,
);

/// Sign-in.
pub(super) const SIGN_IN: Reasons = Reasons::new(
    "Cannot sign in due to security reasons. Please try resetting your password, use a different \
     login method or contact support. (ERR_CODE_008)",
    9,
);

/// Where a reset link would let somebody into an account that isn't theirs.
pub(super) const PASSWORD_RESET_NOT_ALLOWED: &str = "Reset password link was not created because \
    of account take over risk. Please contact support. (ERR_CODE_001)";
