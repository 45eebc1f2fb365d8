//! HTTP to providers: bounded in time and size, and only to where it may go.

mod address;
mod client;
mod request;
mod resolver;

pub(crate) use self::{
    client::{Http, HttpSettings},
    request::{Body, Request, basic, error_code, form, sensitive, showable, with_query},
};
