//! The recipes: a folder each.

pub mod accountlinking;
pub mod emailpassword;
pub mod emailverification;
pub mod jwt;
pub mod multifactorauth;
pub mod multitenancy;
pub mod openid;
pub mod passwordless;
mod recovery;
pub mod recoverycode;
pub mod session;
pub mod sign_in;
pub mod signinalerts;
#[cfg(feature = "thirdparty")]
pub mod thirdparty;
pub mod totp;
pub mod usermetadata;
pub mod userroles;
pub mod webauthn;
