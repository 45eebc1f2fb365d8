//! An identity on its way to a user.

use auth_protocol::{
    LoginMethod, RecipeId, RecipeUserId, ThirdPartyInfo, user::ListUsersByAccountInfo,
};

use crate::factors::is_made_up_email;

/// The identity of somebody who signs up or in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NewAccountInfo {
    /// The recipe.
    pub recipe_id: RecipeId,
    /// The login method, where it exists already.
    pub recipe_user_id: Option<RecipeUserId>,
    /// The email address.
    pub email: Option<String>,
    /// The phone number.
    pub phone_number: Option<String>,
    /// The account at a third party.
    pub third_party: Option<ThirdPartyInfo>,
}

impl NewAccountInfo {
    /// An identity that has nothing yet.
    pub fn new(recipe_id: RecipeId) -> Self {
        Self { recipe_id, recipe_user_id: None, email: None, phone_number: None, third_party: None }
    }

    /// The identity of a login method.
    pub fn of(method: &LoginMethod) -> Self {
        Self {
            recipe_id: method.recipe_id,
            recipe_user_id: Some(method.recipe_user_id.clone()),
            email: method.email.clone(),
            phone_number: method.phone_number.clone(),
            third_party: method.third_party.clone(),
        }
    }

    /// Sets the email address.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Sets the phone number.
    #[must_use]
    pub fn phone_number(mut self, phone_number: impl Into<String>) -> Self {
        self.phone_number = Some(phone_number.into());
        self
    }

    /// Whether a login method has the same email address or phone number.
    pub(crate) fn is_reached_by(&self, method: &LoginMethod) -> bool {
        self.email.as_ref().is_some_and(|email| method.has_same_email_as(email))
            || self.phone_number.as_ref().is_some_and(|it| method.has_same_phone_number_as(it))
    }

    /// Asks for the users that have any part of it.
    pub(super) fn search(&self) -> ListUsersByAccountInfo {
        let (third_party_id, third_party_user_id) =
            self.third_party.clone().map(|info| (info.id, info.user_id)).unzip();
        ListUsersByAccountInfo {
            // A made-up address is nobody's, and no two accounts belong together by it.
            email: self.email.clone().filter(|email| !is_made_up_email(email)),
            phone_number: self.phone_number.clone(),
            third_party_id,
            third_party_user_id,
            webauthn_credential_id: None,
            do_union_of_account_info: true,
        }
    }
}
