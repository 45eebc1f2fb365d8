//! What users are told where a sign-up or sign-in isn't allowed (FDI §1.0).

use crate::recipes::sign_in::Reasons;

/// Sign-up by a code or link.
pub(super) const SIGN_UP: Reasons = Reasons::new(
    "Cannot sign in / up due to security reasons. Please try a different login method or contact \
     support. (ERR_CODE_002)",
    16,
);

/// Sign-in by a code or link. A code proves the address, so that the first failure of linking, whose
/// number belongs to others, doesn't come up.
pub(super) const SIGN_IN: Reasons = Reasons::new(
    "Cannot sign in / up due to security reasons. Please try a different login method or contact \
     support. (ERR_CODE_003)",
    16,
);
