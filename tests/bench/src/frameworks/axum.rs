//! axum.

use auth_axum::{AuthLayer, Session};
use axum::{Router, routing::get};

use super::BARE;
use crate::{Outcome, server::Site};

pub(super) fn serve(site: &Site) -> Outcome<()> {
    site.runtime()?.block_on(async {
        let router = Router::new()
            .route(
                "/protected",
                get(async |session: Session| session.get_user_id().as_str().to_owned()),
            )
            .layer(AuthLayer::new(site.auth().await?))
            .route("/bare", get(async || BARE.to_owned()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        Site::is_ready(address, address);
        Ok(axum::serve(listener, router).await?)
    })
}
