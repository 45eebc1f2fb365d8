//! The test application on each framework.

mod axum;
mod poem;

pub use self::{axum::Axum, poem::Poem};
