//! The frameworks whose adapters are measured.

mod actix;
mod axum;
mod poem;
mod rocket;
mod warp;

use crate::{Outcome, server::Site};

/// A framework with a bare route, a protected one, and sign-in.
pub(crate) struct Framework {
    pub(crate) name: &'static str,
    pub(crate) serve: fn(&Site) -> Outcome<()>,
}

/// A new adapter adds a line here, and a file with its two routes.
pub(crate) const FRAMEWORKS: &[Framework] = &[
    Framework { name: "axum", serve: axum::serve },
    Framework { name: "actix-web", serve: actix::serve },
    Framework { name: "rocket", serve: rocket::serve },
    Framework { name: "poem", serve: poem::serve },
    Framework { name: "warp", serve: warp::serve },
];

/// The body of the bare route; the protected one answers with the user's id, which is as long.
pub(crate) const BARE: &str = "user-0";
