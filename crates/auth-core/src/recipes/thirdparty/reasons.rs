//! What users are told where a sign-up or sign-in isn't allowed (FDI §1.0).

use crate::recipes::sign_in::Reasons;

/// Of a new account.
pub(super) const SIGN_UP: Reasons = Reasons::new(
    "Cannot sign in / up due to security reasons. Please try a different login method or contact \
     support. (ERR_CODE_006)",
    20,
);

/// Of an account that is known.
pub(super) const SIGN_IN: Reasons = Reasons::new(
    "Cannot sign in / up due to security reasons. Please try a different login method or contact \
     support. (ERR_CODE_004)",
    20,
);

/// The account has another address than before, which another primary user has.
pub(super) const ADDRESS_OF_ANOTHER: &str = "Cannot sign in / up because new email cannot be applied \
    to existing account. Please contact support. (ERR_CODE_005)";

/// The account has another address than before, by which it could take another account over.
pub(super) const TAKEOVER_RISK: &str = "Cannot sign in / up because new email cannot be applied to \
    existing account. Please contact support. (ERR_CODE_024)";
