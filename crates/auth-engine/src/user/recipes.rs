//! Sets of recipes, as rows hold them.

use auth_protocol::RecipeId;

use crate::parts::LoginMethods;

/// A recipe's bit in the column `recipes`. Databases hold it, so that it never changes.
pub(super) const fn bit(recipe: RecipeId) -> i64 {
    match recipe {
        RecipeId::EmailPassword => 1,
        RecipeId::ThirdParty => 2,
        RecipeId::Passwordless => 4,
        RecipeId::Webauthn => 8,
    }
}

/// The recipes that a request asks for, or all of them.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'r>(Option<&'r [RecipeId]>);

impl<'r> Wanted<'r> {
    /// An empty list is none.
    pub(super) fn new(only: Option<&'r [RecipeId]>) -> Self {
        Self(only.filter(|only| !only.is_empty()))
    }

    pub(super) fn has(self, recipe: RecipeId) -> bool {
        self.0.is_none_or(|only| only.contains(&recipe))
    }

    /// Whether one of them is in a set.
    pub(super) fn meets(self, recipes: i64) -> bool {
        self.0.is_none_or(|only| only.iter().any(|recipe| bit(*recipe) & recipes != 0))
    }

    /// Those of them that have login methods here.
    pub(super) fn login_methods(self) -> impl Iterator<Item = &'static LoginMethods> {
        LoginMethods::all().filter(move |login| self.has(login.recipe))
    }
}
