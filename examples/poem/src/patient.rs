//! poem's `idle_timeout` waits for the rest of a request; a socket that fails waits for nothing.

use std::{io, pin::Pin, time::Duration};

use poem::{
    http::uri::Scheme,
    listener::Acceptor,
    web::{LocalAddr, RemoteAddr},
};
use tokio_io_timeout::TimeoutStream;

/// How long nothing may come from a client, and nothing may be taken by it.
const IDLE: Duration = Duration::from_secs(30);

/// Accepts connections that fail once their client has been silent for too long.
pub(crate) struct Patient<A>(pub(crate) A);

impl<A: Acceptor> Acceptor for Patient<A> {
    type Io = Pin<Box<TimeoutStream<A::Io>>>;

    fn local_addr(&self) -> Vec<LocalAddr> {
        self.0.local_addr()
    }

    async fn accept(&mut self) -> io::Result<(Self::Io, LocalAddr, RemoteAddr, Scheme)> {
        let (io, local, remote, scheme) = self.0.accept().await?;
        let mut io = TimeoutStream::new(io);
        io.set_read_timeout(Some(IDLE));
        io.set_write_timeout(Some(IDLE));
        Ok((Box::pin(io), local, remote, scheme))
    }
}
