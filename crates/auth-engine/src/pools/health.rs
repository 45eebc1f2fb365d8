//! How the databases of tenants are.

use super::Pools;
use crate::PoolHealth;

/// A database of tenants, of those that are in use.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TenantDatabaseHealth {
    /// Where it is: `host:port/name/schema`.
    pub database: String,
    /// Why it can't be reached, if it can't.
    pub trouble: Option<String>,
    /// Its connections, if it is open.
    pub pool: Option<PoolHealth>,
}

impl Pools {
    /// How each of them is, as far as that is known: none is asked.
    pub(crate) fn health(&self) -> Vec<TenantDatabaseHealth> {
        let all = self.all();
        let mut health: Vec<TenantDatabaseHealth> = all
            .iter()
            .map(|pool| TenantDatabaseHealth {
                database: pool.target.place(),
                trouble: pool.why_down(),
                pool: pool.opened().and_then(|store| store.pool()),
            })
            .collect();
        health.sort_by(|a, b| a.database.cmp(&b.database));
        health
    }
}
