//! Ids of users in another system, mapped one-to-one to the core's own.
//!
//! Callers may give either id and get the other system's where there is one. Which id is which is
//! decided in three places only:
//!
//! - an id that **comes in** is looked up by [`Known::by_any_id`], which finds the login method in
//!   the same statement;
//! - a user that **goes out** is put together by `user::load`, which reads the mappings along with
//!   the login methods; single ids by [`Known`] or [`shown`];
//! - **between** the two there are only the core's own ids: in the tables of login methods, and of
//!   sessions, verified addresses, reset tokens and times of activity. So a mapping can come and go
//!   without touching them, and a session's check costs nothing more.
//!
//! Metadata, roles, authenticator apps and recovery codes are kept under any id that a caller
//! chooses, known to the core or not, and are not translated (CDI §5.5).

mod create;
mod delete;
mod get;
mod in_use;
mod known;
mod part;
mod rows;
mod update_info;

pub(crate) use self::{
    known::{Known, ids_of_data, shown},
    part::PART,
};
