//! The test application on each framework.

mod actix;
mod axum;
mod poem;
mod warp;

pub use self::{actix::Actix, axum::Axum, poem::Poem, warp::Warp};
