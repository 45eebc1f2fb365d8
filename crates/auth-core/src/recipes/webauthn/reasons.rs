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
