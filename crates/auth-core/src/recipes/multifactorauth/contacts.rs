//! The addresses and numbers that a factor could be used with (FDI 6.8).

use std::collections::BTreeMap;

use auth_protocol::{LoginMethod, RecipeId, User};

use super::{FactorId, factors::offered_secondary};
use crate::{
    Context,
    recipes::{session::Session, sign_in::is_fake_email},
};

type Contacts = BTreeMap<FactorId, Vec<String>>;

/// The addresses and the phone numbers for each factor that the recipes offer.
pub(super) fn of(
    cx: &Context,
    user: &User,
    session: &Session,
    set_up: &[FactorId],
) -> (Contacts, Contacts) {
    let signed_in_by = user.login_method(session.get_recipe_user_id());
    let (mut emails, mut phone_numbers) = (Contacts::new(), Contacts::new());
    for id in offered_secondary(cx) {
        if id == FactorId::EMAIL_PASSWORD {
            let mut found = own_or_all(user, RecipeId::EmailPassword, set_up.contains(&id));
            put_first(&mut found, email_of(signed_in_by));
            if found.is_empty() {
                let id = session.get_recipe_user_id();
                found.push(format!("{id}@stfakeemail.supertokens.com"));
            }
            emails.insert(id, found);
        } else if id == FactorId::WEBAUTHN {
            let mut found = own_or_all(user, RecipeId::Webauthn, set_up.contains(&id));
            put_first(&mut found, email_of(signed_in_by));
            emails.insert(id, found);
        } else if id == FactorId::OTP_EMAIL || id == FactorId::LINK_EMAIL {
            emails.insert(id, of_passwordless(user, signed_in_by, real_email));
        } else if id == FactorId::OTP_PHONE || id == FactorId::LINK_PHONE {
            let phone = |method: &LoginMethod| method.phone_number.clone();
            phone_numbers.insert(id, of_passwordless(user, signed_in_by, phone));
        }
    }
    (emails, phone_numbers)
}

fn email_of(method: Option<&LoginMethod>) -> Option<String> {
    method.and_then(|method| method.email.clone())
}

fn real_email(method: &LoginMethod) -> Option<String> {
    method.email.clone().filter(|email| !is_fake_email(email))
}

/// The addresses of a recipe's own methods, verified ones first and made-up ones last; where it
/// isn't set up, the user's real addresses, or the made-up ones of who has no other.
fn own_or_all(user: &User, recipe: RecipeId, is_set_up: bool) -> Vec<String> {
    let methods = user.login_methods.iter().filter(|it| !is_set_up || it.recipe_id == recipe);
    let mut ranked: Vec<(u8, String)> = methods
        .filter_map(|method| {
            let email = method.email.clone()?;
            let rank = match (is_fake_email(&email), method.verified) {
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
    distinct(ranked.into_iter().map(|(_, email)| email))
}

/// What codes can be sent to: the contact of the only passwordless method, or all of them; without
/// any, every contact that the user has.
fn of_passwordless(
    user: &User,
    signed_in_by: Option<&LoginMethod>,
    contact: impl Fn(&LoginMethod) -> Option<String>,
) -> Vec<String> {
    let of_session = signed_in_by.and_then(&contact);
    let is_passwordless = |method: &&LoginMethod| method.recipe_id == RecipeId::Passwordless;
    let own = distinct(user.login_methods.iter().filter(is_passwordless).filter_map(&contact));
    let mut found = match own.len() {
        0 => {
            let mut all = distinct(user.login_methods.iter().filter_map(&contact));
            put_first(&mut all, of_session);
            return all;
        }
        1 => return own,
        _ => own,
    };
    if of_session.as_ref().is_some_and(|contact| found.contains(contact)) {
        put_first(&mut found, of_session);
    }
    found
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
