//! Factors: the ways in which somebody shows who they are, as recipes offer them.
//!
//! A recipe that offers some says so by [`Recipe::factors`](crate::Recipe::factors). Everything that
//! must know about them, above all [`multifactorauth`](crate::recipes::multifactorauth), goes through
//! the recipes in use and asks each; none of it names a recipe.

mod contacts;
mod id;
mod tenant;

use async_trait::async_trait;
use auth_protocol::{LoginMethod, User};
pub use contacts::{ContactsOf, FactorContacts, is_made_up_email};
pub(crate) use contacts::{address_of_owner, real_email};
pub use id::FactorId;
pub use tenant::TenantFactors;

use crate::{Context, Result};

/// What shows a factor, where one thing shows several: they count as one, in whichever recipes
/// they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Proof(&'static str);

impl Proof {
    /// What is sent to an email address: whoever reads the mailbox has it.
    pub const MAILBOX: Self = Self("mailbox");
    /// What is sent to a phone number.
    pub const PHONE: Self = Self("phone");

    /// Another one, by a name that is its own.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }
}

/// The factors of a recipe.
#[async_trait]
pub trait Factors: Send + Sync {
    /// Those that a sign-in may start with.
    fn first(&self) -> Vec<FactorId> {
        Vec::new()
    }

    /// Those that may follow the first one.
    fn secondary(&self) -> Vec<FactorId> {
        Vec::new()
    }

    /// Those that stand in for any other which is required and was lost: for whoever has set one up,
    /// it meets the requirement as well, and front ends offer it beside the others, never first.
    fn stand_ins(&self) -> Vec<FactorId> {
        Vec::new()
    }

    /// What shows a factor of this recipe, offered now or not; `None` for a proof that shows nothing
    /// else. The same proof never counts as two factors.
    fn proof(&self, _factor: &FactorId) -> Option<Proof> {
        None
    }

    /// The factors that a sign-in by a login method may have been, the likeliest first; none for
    /// methods of other recipes.
    fn signed_in_by(&self, _method: &LoginMethod) -> Vec<FactorId> {
        Vec::new()
    }

    /// The factors that a user with a login method has set up by that; none for methods of other
    /// recipes.
    fn set_up_by(&self, _method: &LoginMethod) -> Vec<FactorId> {
        Vec::new()
    }

    /// The factors that a user has set up beside its login methods.
    async fn set_up_for(&self, _cx: &Context, _user: &User) -> Result<Vec<FactorId>> {
        Ok(Vec::new())
    }

    /// The addresses and phone numbers that each of the [secondary](Self::secondary) factors could be
    /// used with; nothing for a factor that needs none.
    fn contacts(&self, _of: &ContactsOf<'_>) -> FactorContacts {
        FactorContacts::default()
    }
}
