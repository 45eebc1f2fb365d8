//! A network between the engine and its server that a test can break.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Passes connections on to a server until they are cut.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    server: Arc<Mutex<SocketAddr>>,
    cut: watch::Sender<()>,
    is_silent: Arc<AtomicBool>,
}

impl Proxy {
    pub(crate) async fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (cut, is_cut) = watch::channel(());
        let is_silent = Arc::new(AtomicBool::new(false));
        let silent = Arc::clone(&is_silent);
        let server = Arc::new(Mutex::new(server));
        let to = Arc::clone(&server);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = *to.lock().unwrap();
                let Ok(server) = TcpStream::connect(server).await else { continue };
                let (mut is_cut, silent) = (is_cut.clone(), Arc::clone(&silent));
                is_cut.mark_unchanged();
                tokio::spawn(async move {
                    let (mut from_client, mut to_client) = client.into_split();
                    let (mut from_server, mut to_server) = server.into_split();
                    tokio::select! {
                        () = pass(&mut from_client, &mut to_server, &silent) => {}
                        () = pass(&mut from_server, &mut to_client, &silent) => {}
                        _ = is_cut.changed() => {}
                    }
                });
            }
        });
        Self { port, server, cut, is_silent }
    }

    /// Leads further connections to another server.
    pub(crate) fn lead_to(&self, server: SocketAddr) {
        *self.server.lock().unwrap() = server;
    }

    /// Cuts every connection, at whatever point it is.
    pub(crate) fn cut(&self) {
        self.cut.send_replace(());
    }

    /// Passes nothing on any more, and says nothing about it; or does so again.
    pub(crate) fn set_silent(&self, silent: bool) {
        self.is_silent.store(silent, Ordering::SeqCst);
    }
}

async fn pass(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    is_silent: &AtomicBool,
) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut bytes).await {
        if is_silent.load(Ordering::SeqCst) {
            continue;
        }
        if to.write_all(&bytes[..length]).await.is_err() {
            return;
        }
    }
}
