//! warp.

use std::future::pending;

use auth_core::recipes::session::Session;
use auth_warp::{AuthService, session};
use tokio::net::TcpListener;
use warp::{Filter, Reply};

use super::BARE;
use crate::{Outcome, server::Site};

/// The service goes around the whole application, so the bare route has a server of its own.
pub(super) fn serve(site: &Site) -> Outcome<()> {
    site.runtime()?.block_on(async {
        let bare = warp::path!("bare").map(|| BARE.to_owned().into_response()).boxed();
        let protected = warp::path!("protected")
            .and(session())
            .map(|session: Session| session.get_user_id().as_str().to_owned());
        let protected = AuthService::new(site.auth().await?, protected);
        let listeners =
            [TcpListener::bind("127.0.0.1:0").await?, TcpListener::bind("127.0.0.1:0").await?];
        let [for_bare, for_protected] = listeners;
        Site::is_ready(for_bare.local_addr()?, for_protected.local_addr()?);
        tokio::join!(
            auth_warp::serve(for_bare, warp::service(bare), pending()),
            auth_warp::serve(for_protected, protected, pending()),
        );
        Ok(())
    })
}
