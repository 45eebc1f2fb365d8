//! poem.

use auth_poem::{AuthMiddleware, Session};
use poem::{
    EndpointExt, Route, Server, get, handler,
    listener::{Acceptor, Listener, TcpListener},
};

use super::BARE;
use crate::{Outcome, server::Site};

#[handler]
fn bare() -> String {
    BARE.to_owned()
}

#[handler]
#[allow(clippy::needless_pass_by_value, reason = "a handler takes what it extracts")]
fn protected(session: Session) -> String {
    session.get_user_id().as_str().to_owned()
}

pub(super) fn serve(site: &Site) -> Outcome<()> {
    site.runtime()?.block_on(async {
        let auth = AuthMiddleware::new(site.auth().await?);
        let routes =
            Route::new().at("/bare", get(bare)).at("/protected", get(protected).with(auth));
        let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await?;
        let addresses = acceptor.local_addr();
        let address = addresses.first().and_then(|it| it.as_socket_addr()).ok_or("no address")?;
        Site::is_ready(*address, *address);
        Ok(Server::new_with_acceptor(acceptor).run(routes).await?)
    })
}
