//! actix-web.

use actix_web::{
    App, HttpServer,
    rt::System,
    web::{get, resource},
};
use auth_actix::{Session, auth_middleware};

use super::BARE;
use crate::{Outcome, server::Site};

pub(super) fn serve(site: &Site) -> Outcome<()> {
    System::new().block_on(async {
        let auth = site.auth().await?;
        let server = HttpServer::new(move || {
            let protected = async |session: Session| session.get_user_id().as_str().to_owned();
            App::new().route("/bare", get().to(async || BARE.to_owned())).service(
                resource("/protected")
                    .wrap(auth_middleware(auth.clone()))
                    .route(get().to(protected)),
            )
        });
        let server = server.workers(site.threads).bind("127.0.0.1:0")?;
        let address = *server.addrs().first().ok_or("no address")?;
        Site::is_ready(address, address);
        Ok(server.run().await?)
    })
}
