//! What is answered.

mod error;
mod reply;
mod shape;

pub(crate) use self::{error::CdiError, reply::Reply, shape::shape};
