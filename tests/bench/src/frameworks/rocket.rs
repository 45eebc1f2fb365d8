//! Rocket.

use std::{net::Ipv4Addr, sync::Mutex};

use auth_rocket::{AuthFairing, Session};
use rocket::{
    Build, Config, Ignite, Rocket,
    config::{LogLevel, Shutdown},
    fairing::AdHoc,
    get, routes,
};
use tokio::sync::oneshot;

use super::BARE;
use crate::{Outcome, server::Site};

#[get("/bare")]
fn bare() -> String {
    BARE.to_owned()
}

#[get("/protected")]
#[allow(clippy::needless_pass_by_value, reason = "Rocket's handlers own their guards")]
fn protected(session: Session) -> String {
    session.get_user_id().as_str().to_owned()
}

/// The fairing goes around the whole application, so the bare route has a server of its own.
pub(super) fn serve(site: &Site) -> Outcome<()> {
    site.runtime()?.block_on(async {
        let fairing = AuthFairing::new(site.auth().await?);
        let (for_bare, bare_port) = server().mount("/", routes![bare]).told();
        let protected = server().attach(fairing).mount("/", routes![protected]);
        let (for_protected, protected_port) = protected.told();
        let ready = async {
            let address = |port| (Ipv4Addr::LOCALHOST, port).into();
            Site::is_ready(address(bare_port.await?), address(protected_port.await?));
            Ok::<_, oneshot::error::RecvError>(())
        };
        let (bare, protected, ready) =
            tokio::join!(for_bare.launch(), for_protected.launch(), ready);
        let _: (Rocket<Ignite>, Rocket<Ignite>) = (bare?, protected?);
        Ok(ready?)
    })
}

fn server() -> Rocket<Build> {
    rocket::custom(Config {
        address: Ipv4Addr::LOCALHOST.into(),
        port: 0,
        log_level: LogLevel::Off,
        shutdown: Shutdown { ctrlc: false, signals: [].into(), ..Shutdown::default() },
        ..Config::default()
    })
}

trait Told {
    /// The server, and the port that it got once it runs.
    fn told(self) -> (Rocket<Build>, oneshot::Receiver<u16>);
}

impl Told for Rocket<Build> {
    fn told(self) -> (Self, oneshot::Receiver<u16>) {
        let (teller, port) = oneshot::channel();
        let teller = Mutex::new(Some(teller));
        let told = self.attach(AdHoc::on_liftoff("port", move |rocket| {
            let teller = teller.lock().ok().and_then(|mut teller| teller.take());
            let port = rocket.config().port;
            Box::pin(async move {
                // Nobody waits any more where the other server could not start.
                let _ = teller.map(|teller| teller.send(port));
            })
        }));
        (told, port)
    }
}
