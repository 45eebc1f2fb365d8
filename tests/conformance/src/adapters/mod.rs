//! The test application on each framework.

mod actix;
mod axum;
mod hyper;
mod poem;
mod rocket;
mod warp;

pub use self::{actix::Actix, axum::Axum, hyper::Hyper, poem::Poem, rocket::Rocket, warp::Warp};
