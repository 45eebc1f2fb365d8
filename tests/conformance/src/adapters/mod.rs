//! The test application on each framework.

mod axum;
mod poem;
mod warp;

pub use self::{axum::Axum, poem::Poem, warp::Warp};
