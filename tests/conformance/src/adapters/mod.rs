//! The test application on each framework, and on none.

#[cfg(feature = "frameworks")]
mod actix;
#[cfg(feature = "frameworks")]
mod axum;
mod bare;
#[cfg(feature = "frameworks")]
mod hyper;
#[cfg(feature = "frameworks")]
mod poem;
#[cfg(feature = "frameworks")]
mod rocket;
#[cfg(feature = "frameworks")]
mod warp;

use std::sync::Arc;

pub use self::bare::Bare;
#[cfg(feature = "frameworks")]
pub use self::{actix::Actix, axum::Axum, hyper::Hyper, poem::Poem, rocket::Rocket, warp::Warp};
use crate::Adapter;

/// Every adapter. The first is that under which all storages are tried.
pub fn all() -> Vec<Arc<dyn Adapter>> {
    vec![
        Arc::new(Bare),
        #[cfg(feature = "frameworks")]
        Arc::new(Axum),
        #[cfg(feature = "frameworks")]
        Arc::new(Actix),
        #[cfg(feature = "frameworks")]
        Arc::new(Poem),
        #[cfg(feature = "frameworks")]
        Arc::new(Rocket),
        #[cfg(feature = "frameworks")]
        Arc::new(Warp),
        #[cfg(feature = "frameworks")]
        Arc::new(Hyper),
    ]
}
