//! The test application on each framework.

mod axum;

pub use self::axum::Axum;
