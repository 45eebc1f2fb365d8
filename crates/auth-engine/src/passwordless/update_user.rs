//! `PUT /recipe/user` with `rid: passwordless`

use auth_protocol::{
    AppId, RecipeUserId, TenantScope, UserId,
    audit::AuditKind,
    passwordless::{
        ContactChange, UpdatePasswordlessUser, UpdatePasswordlessUserResponse as Response,
    },
};

use super::contact::Contact;
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    storage::{Tx, in_tx, params},
    tenancy::require_app,
    user::{IdentityKind, reservation},
    user_id_mapping::Known,
};

const FIND: &str = "SELECT u.primary_or_recipe_user_id, u.is_linked_or_is_a_primary_user \
    FROM app_id_to_user_id u \
    WHERE u.app_id = $1 AND u.user_id = $2 AND u.recipe_id = 'passwordless' FOR UPDATE";

const FIND_CONTACTS: &str = "SELECT account_info_type, account_info_value \
    FROM recipe_user_account_infos \
    WHERE app_id = $1 AND recipe_user_id = $2 AND recipe_id = 'passwordless'";

const COUNT_TENANTS: &str = "SELECT COUNT(DISTINCT tenant_id) AS number FROM recipe_user_tenants \
    WHERE app_id = $1 AND recipe_user_id = $2";

/// The new contact in every tenant of the login method; fewer rows where another one has it.
const RESERVE: &str = "INSERT INTO recipe_user_tenants (app_id, tenant_id, recipe_user_id, \
    recipe_id, account_info_type, account_info_value, third_party_id, third_party_user_id) \
    SELECT DISTINCT t.app_id, t.tenant_id, t.recipe_user_id, t.recipe_id, $3, $4, '', '' \
    FROM recipe_user_tenants t WHERE t.app_id = $1 AND t.recipe_user_id = $2 \
    ON CONFLICT DO NOTHING";

const RELEASE: [&str; 2] = [
    "DELETE FROM recipe_user_tenants WHERE app_id = $1 AND recipe_user_id = $2 \
        AND recipe_id = 'passwordless' AND account_info_type = $3 AND account_info_value = $4",
    "DELETE FROM recipe_user_account_infos WHERE app_id = $1 AND recipe_user_id = $2 \
        AND recipe_id = 'passwordless' AND account_info_type = $3 AND account_info_value = $4",
];

const INSERT_INFO: &str = "INSERT INTO recipe_user_account_infos (app_id, recipe_user_id, \
    recipe_id, account_info_type, account_info_value, third_party_id, third_party_user_id, \
    primary_user_id) VALUES ($1, $2, 'passwordless', $3, $4, '', '', $5)";

/// Codes that were sent to the old or the new contact prove nothing about the user any more.
const DELETE_DEVICES: &str = "DELETE FROM passwordless_devices WHERE app_id = $1 \
    AND account_info_type = $3 AND account_info_value = $4 AND tenant_id IN \
        (SELECT t.tenant_id FROM recipe_user_tenants t \
         WHERE t.app_id = $1 AND t.recipe_user_id = $2)";

/// One of the two contacts: what it is, and what it shall be.
#[derive(Clone)]
struct Change {
    old: Option<Contact>,
    new: Option<Contact>,
}

impl Change {
    /// The new contact, where it differs from the old one.
    fn added(&self) -> Option<&Contact> {
        self.new.as_ref().filter(|new| self.old.as_ref() != Some(*new))
    }

    /// The old contact, where it doesn't stay.
    fn removed(&self) -> Option<&Contact> {
        self.old.as_ref().filter(|old| self.new.as_ref() != Some(*old))
    }
}

impl Change {
    /// What is written down, where it is one.
    fn event(&self) -> Option<Event> {
        let kind = match self.added().or(self.removed())? {
            Contact::Email(_) => AuditKind::EmailChanged,
            Contact::Phone(_) => AuditKind::PhoneNumberChanged,
        };
        let value = |contact: &Option<Contact>| contact.as_ref().map(|c| c.value().to_owned());
        let event = Event::succeeded(kind);
        let event = event.detail("from", &value(&self.old).unwrap_or_default());
        Some(event.detail("to", &value(&self.new).unwrap_or_default()))
    }
}

/// The login method, and the primary user that it is or belongs to.
struct Method<'a> {
    app: &'a AppId,
    id: &'a RecipeUserId,
    primary: Option<UserId>,
}

impl Handle<UpdatePasswordlessUser> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: UpdatePasswordlessUser,
    ) -> Result<Response, EngineError> {
        let id = operation.recipe_user_id;
        let email = wanted(operation.email, Contact::email)?;
        let phone = wanted(operation.phone_number, Contact::phone)?;
        let audit = self.audit();
        let body = in_tx!(scope, id, email, phone, audit, |tx| {
            require_app(tx, &scope.app).await?;
            let app = &scope.app;
            let Some(known) = Known::by_any_id(tx, app, &id.into()).await? else {
                return Ok(Response::UnknownUserIdError);
            };
            let id = known.recipe_user_id();
            let Some(row) = tx.query_opt(FIND, params![app, id]).await? else {
                return Ok(Response::UnknownUserIdError);
            };
            let primary = Known::primary_in(&row)?;
            let method = Method { app, id: &id, primary };
            let changes = changes(tx, &method, email, phone).await?;
            if changes.iter().all(|change| change.new.is_none()) {
                let text = "You cannot clear both email and phone number of a user";
                return Err(EngineError::BadRequest(text.to_owned()));
            }
            let response = method.apply(tx, &changes).await?;
            if response == Response::Ok {
                let events = changes.iter().filter_map(Change::event);
                let events = events.map(|event| event.user(&known.primary)).collect();
                audit.append_all_to_app(tx, app, events).await?;
            }
            Ok(response)
        });
        self.store().write(body).await
    }
}

/// What a contact shall be, normalised.
fn wanted(
    change: ContactChange,
    read: fn(&str) -> Result<Contact, EngineError>,
) -> Result<Wanted, EngineError> {
    Ok(match change {
        ContactChange::Keep => Wanted::Old,
        ContactChange::Clear => Wanted::Nothing,
        ContactChange::Set(value) => Wanted::New(read(&value)?),
    })
}

/// What a contact shall be.
#[derive(Clone)]
enum Wanted {
    Old,
    Nothing,
    New(Contact),
}

async fn changes(
    tx: &mut Tx<'_>,
    method: &Method<'_>,
    email: Wanted,
    phone: Wanted,
) -> Result<[Change; 2], EngineError> {
    let mut old = Vec::new();
    for row in tx.query(FIND_CONTACTS, params![method.app, method.id]).await? {
        old.push(Contact::from_row(&row)?);
    }
    Ok([(IdentityKind::Email, email), (IdentityKind::Phone, phone)].map(|(kind, wanted)| {
        let old = old.iter().find(|contact| contact.kind() == kind).cloned();
        let new = match wanted {
            Wanted::Old => old.clone(),
            Wanted::Nothing => None,
            Wanted::New(contact) => Some(contact),
        };
        Change { old, new }
    }))
}

impl Method<'_> {
    async fn apply(&self, tx: &mut Tx<'_>, changes: &[Change]) -> Result<Response, EngineError> {
        for contact in changes.iter().filter_map(Change::added) {
            let (kind, value) = (contact.kind(), contact.value());
            if let Some(primary) = &self.primary
                && reservation::has_other_owner(tx, self.app, primary, kind, value).await?
            {
                return Ok(not_allowed(contact));
            }
        }
        // Reserved first: where another login method has one of them, nothing else was written.
        let added: Vec<&Contact> = changes.iter().filter_map(Change::added).collect();
        for (index, contact) in added.iter().enumerate() {
            if !self.reserve(tx, contact).await? {
                for reserved in added.iter().take(index + 1) {
                    self.release(tx, reserved).await?;
                }
                return Ok(taken(contact));
            }
        }
        for contact in changes.iter().filter_map(Change::removed) {
            self.delete_devices(tx, contact).await?;
            self.release(tx, contact).await?;
        }
        for contact in added {
            self.delete_devices(tx, contact).await?;
            let (kind, value) = (contact.kind(), contact.value());
            let parameters = params![self.app, self.id, kind, value, self.primary];
            tx.execute(INSERT_INFO, parameters).await?;
            if let Some(primary) = &self.primary {
                reservation::own(tx, self.app, primary, kind, value).await?;
            }
        }
        if let Some(primary) = &self.primary {
            reservation::release_unused(tx, self.app, primary).await?;
        }
        Ok(Response::Ok)
    }

    /// False if another login method has the contact in one of the tenants.
    async fn reserve(&self, tx: &mut Tx<'_>, contact: &Contact) -> Result<bool, EngineError> {
        let tenants = tx.query_opt(COUNT_TENANTS, params![self.app, self.id]).await?;
        let tenants = tenants.map_or(Ok(0), |row| row.get::<i64>("number"))?;
        let (kind, value) = (contact.kind(), contact.value());
        let parameters = params![self.app, self.id, kind, value];
        Ok(tx.execute(RESERVE, parameters).await? == tenants.unsigned_abs())
    }

    async fn release(&self, tx: &mut Tx<'_>, contact: &Contact) -> Result<(), EngineError> {
        for sql in RELEASE {
            let (kind, value) = (contact.kind(), contact.value());
            let parameters = params![self.app, self.id, kind, value];
            tx.execute(sql, parameters).await?;
        }
        Ok(())
    }

    async fn delete_devices(&self, tx: &mut Tx<'_>, contact: &Contact) -> Result<(), EngineError> {
        let (kind, value) = (contact.kind(), contact.value());
        let parameters = params![self.app, self.id, kind, value];
        tx.execute(DELETE_DEVICES, parameters).await?;
        Ok(())
    }
}

fn taken(contact: &Contact) -> Response {
    match contact {
        Contact::Email(_) => Response::EmailAlreadyExistsError,
        Contact::Phone(_) => Response::PhoneNumberAlreadyExistsError,
    }
}

fn not_allowed(contact: &Contact) -> Response {
    match contact {
        Contact::Email(_) => Response::EmailChangeNotAllowedError {
            reason: "New email is associated with another primary user ID".to_owned(),
        },
        Contact::Phone(_) => Response::PhoneNumberChangeNotAllowedError {
            reason: "New phone number is associated with another primary user ID".to_owned(),
        },
    }
}
