//! What the reference has no routes for: names, an offer of passkeys, and related origins.

pub(in super::super) mod promotion;
pub(in super::super) mod related_origins;
pub(in super::super) mod rename;

use http::Method;

use super::super::{PasskeyPromotionAnswer, WebAuthnApi as Api};
use crate::{Route, overrides::input, recipes::session::Session};

input! {
    /// A name for a passkey of a session's user.
    pub struct RenameCredentialPostInput {
        /// The session.
        session: Session,
        /// The passkey's id, base64url.
        webauthn_credential_id: String,
        /// The name.
        name: String,
    }
}

input! {
    /// Asks whether a session's user is to be offered a passkey.
    pub struct PromotionGetInput {
        /// The session.
        session: Session,
    }
}

input! {
    /// What a session's user said to the offer of a passkey.
    pub struct PromotionPostInput {
        /// The session.
        session: Session,
        /// What it is.
        answer: PasskeyPromotionAnswer,
    }
}

/// The routes that an application may disable.
pub(in super::super) fn routes() -> [(Api, Route); 3] {
    const PROMOTION: &str = "/webauthn/promotion";
    let rename = "/webauthn/credential/rename";
    let rename = Route::new("renameCredentialPOST", Method::POST, rename, rename::route);
    let get = Route::new("promotionGET", Method::GET, PROMOTION, promotion::get);
    let post = Route::new("promotionPOST", Method::POST, PROMOTION, promotion::post);
    [(Api::RenameCredentialPost, rename), (Api::PromotionGet, get), (Api::PromotionPost, post)]
}
