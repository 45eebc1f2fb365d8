//! The addresses and numbers that a factor could be used with (FDI §6.8).

use std::collections::BTreeMap;

use auth_protocol::{LoginMethod, RecipeId, RecipeUserId, User, normalise_email};

use super::FactorId;
use crate::recipes::session::Session;

/// The addresses and numbers for each factor, the likeliest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FactorContacts {
    /// Email addresses.
    pub emails: BTreeMap<FactorId, Vec<String>>,
    /// Phone numbers.
    pub phone_numbers: BTreeMap<FactorId, Vec<String>>,
}

impl FactorContacts {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// The addresses for a factor.
    #[must_use]
    pub fn emails(mut self, factor: FactorId, emails: Vec<String>) -> Self {
        self.emails.insert(factor, emails);
        self
    }

    /// The phone numbers for a factor.
    #[must_use]
    pub fn phone_numbers(mut self, factor: FactorId, phone_numbers: Vec<String>) -> Self {
        self.phone_numbers.insert(factor, phone_numbers);
        self
    }

    pub(crate) fn extend(&mut self, other: Self) {
        self.emails.extend(other.emails);
        self.phone_numbers.extend(other.phone_numbers);
    }
}

/// Whose contacts are asked for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ContactsOf<'a> {
    /// The user.
    pub user: &'a User,
    /// The user's session.
    pub session: &'a Session,
    /// The factors that the user has set up.
    pub set_up: &'a [FactorId],
}

impl<'a> ContactsOf<'a> {
    pub(crate) fn new(user: &'a User, session: &'a Session, set_up: &'a [FactorId]) -> Self {
        Self { user, session, set_up }
    }

    /// The login method of the session.
    pub fn signed_in_by(&self) -> Option<&'a LoginMethod> {
        self.user.login_method(self.session.get_recipe_user_id())
    }

    /// For a factor that a login method is set up for by its address: the addresses of a recipe's
    /// own methods, verified ones first and made-up ones last; where the factor isn't set up, the
    /// user's real addresses, or the made-up ones of who has no other. That of the session comes
    /// first where it is among them.
    pub fn own_or_all_emails(&self, recipe: RecipeId, factor: &FactorId) -> Vec<String> {
        let is_set_up = self.set_up.contains(factor);
        let methods =
            self.user.login_methods.iter().filter(|it| !is_set_up || it.recipe_id == recipe);
        let mut ranked: Vec<(u8, String)> = methods
            .filter_map(|method| {
                let email = method.email.clone()?;
                let rank = match (is_made_up_email(&email), method.verified) {
                    (true, _) => 2,
                    (false, false) if is_set_up => 1,
                    _ => 0,
                };
                Some((rank, email))
            })
            .collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        if !is_set_up && ranked.iter().any(|(rank, _)| *rank < 2) {
            ranked.retain(|(rank, _)| *rank < 2);
        }
        let mut found = distinct(ranked.into_iter().map(|(_, email)| email));
        put_first(&mut found, self.signed_in_by().and_then(|method| method.email.clone()));
        found
    }

    /// For a factor that is sent somewhere: the contact of the only method of a recipe, or all of
    /// them; without any, every contact that the user has.
    pub fn sent_to(
        &self,
        recipe: RecipeId,
        contact: impl Fn(&LoginMethod) -> Option<String>,
    ) -> Vec<String> {
        let of_session = self.signed_in_by().and_then(&contact);
        let methods = &self.user.login_methods;
        let is_own = |method: &&LoginMethod| method.recipe_id == recipe;
        let own = distinct(methods.iter().filter(is_own).filter_map(&contact));
        let mut found = match own.len() {
            0 => distinct(methods.iter().filter_map(&contact)),
            1 => return own,
            _ => own,
        };
        put_first(&mut found, of_session);
        found
    }

    /// Every real address that the user has, that of the session first.
    pub fn all_emails(&self) -> Vec<String> {
        let mut found = distinct(self.user.login_methods.iter().filter_map(real_email));
        put_first(&mut found, self.signed_in_by().and_then(real_email));
        found
    }
}

/// A login method's address, where mail reaches it.
pub(crate) fn real_email(method: &LoginMethod) -> Option<String> {
    method.email.clone().filter(|email| !is_made_up_email(email))
}

/// Where the owner of an account is told what happened to it: the address that this login method has
/// proved, or another one that the user has; one that nobody has proved only where there is no other.
pub(crate) fn address_of_owner(user: &User, own: Option<&RecipeUserId>) -> Option<String> {
    let own = own.and_then(|id| user.login_method(id));
    let methods = own.into_iter().chain(&user.login_methods);
    let verified = methods.filter(|method| method.verified).find_map(real_email);
    verified.or_else(|| {
        let all = distinct(user.login_methods.iter().filter_map(real_email));
        match &all[..] {
            [only] => Some(only.clone()),
            _ => None,
        }
    })
}

/// Whether an address was made up for an account without one; nobody can receive mail there.
pub fn is_made_up_email(email: &str) -> bool {
    let email = normalise_email(email);
    email.ends_with("@stfakeemail.supertokens.com") || email.ends_with(".fakeemail.com")
}

fn distinct(contacts: impl Iterator<Item = String>) -> Vec<String> {
    let mut list = Vec::new();
    for contact in contacts {
        if !list.contains(&contact) {
            list.push(contact);
        }
    }
    list
}

/// Moves what the user is signed in with to the front, where it is in the list.
fn put_first(list: &mut Vec<String>, first: Option<String>) {
    if let Some(first) = first
        && let Some(at) = list.iter().position(|item| *item == first)
    {
        list.remove(at);
        list.insert(0, first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_addresses_are_told_by_their_end() {
        assert!(is_made_up_email("user@STFakeEmail.supertokens.com"));
        assert!(is_made_up_email("user@google.fakeemail.com "));
        assert!(!is_made_up_email("user@fakeemail.com"));
        assert!(!is_made_up_email("user@stfakeemail.supertokens.com.example.com"));
    }
}
