//! Where an operation is carried out: in which tenant's database, and with which settings.
//!
//! Each operation says itself what it is about ([`Placed`]): the tenant in its path, the app, a user, a
//! session, or the databases of the whole app. Where nothing is set for any tenant, all of that is the
//! engine itself, and nothing is looked at.

mod app;
mod gather;
mod linking;
mod mapping;
mod of_many;
mod roles;
mod sessions;
mod settings;
mod spot;
mod table;
#[cfg(test)]
mod tests;
mod token;
mod users;

use auth_protocol::{Operation, SessionHandle, TenantScope};

#[cfg(feature = "postgres")]
pub(crate) use self::app::every_target;
pub(crate) use self::settings::{Placements, validate};
use crate::{Engine, EngineError, Handle};

/// What an operation is about.
#[derive(Clone, Copy)]
pub(crate) enum Place<'a> {
    /// The tenant in its path.
    Tenant,
    /// The app: what is the same for all its tenants, and kept at home.
    Home,
    /// A user, by any of its ids. What is kept of one whom the core doesn't know is where the tenant
    /// in the path is.
    User(&'a str),
    /// A session.
    Session(&'a SessionHandle),
    /// Several of the app's databases, as the operation knows itself.
    Several,
}

/// Says what an operation is about.
#[diagnostic::on_unimplemented(
    message = "nothing says where `{Self}` is carried out",
    note = "add it to `placement/table.rs`"
)]
pub(crate) trait Placed: Operation + Clone {
    /// What it is about.
    fn place(&self) -> Place<'_>;

    /// Carries it out there.
    fn carry_out(
        self,
        engine: &Engine,
        scope: &TenantScope,
    ) -> impl Future<Output = Result<Self::Response, EngineError>> + Send
    where
        Engine: Handle<Self>,
    {
        at_its_place(engine, scope, self)
    }
}

/// Carries an operation out where one database has what it is about.
async fn at_its_place<O: Placed>(
    engine: &Engine,
    scope: &TenantScope,
    operation: O,
) -> Result<O::Response, EngineError>
where
    Engine: Handle<O>,
{
    let place = operation.place();
    let spot = match matches!(place, Place::Home) || engine.is_plain().await? {
        true => None,
        false => engine.spot_of(scope, place).await?,
    };
    let Some(spot) = spot else { return Handle::handle(engine, scope, operation).await };
    spot.heard(Handle::handle(&spot.engine, &spot.scope, operation).await)
}

impl Engine {
    /// Whether nothing is set for any tenant, so that everything is here and as the program has it.
    async fn is_plain(&self) -> Result<bool, EngineError> {
        Ok(self.known().await?.is_plain())
    }
}
