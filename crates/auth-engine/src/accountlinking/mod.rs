//! Several login methods for one user.
//!
//! Whether something may be linked is read, so that the answer can say why not; that it may is
//! decided by the keys of `primary_user_tenants`, so that two at once can't both have an identity.

mod can_create_primary;
mod can_link;
mod create_primary;
mod link;
mod membership;
mod unlink;

pub(crate) use self::membership::write;
