//! How long a server waits.

use std::time::Duration;

/// How long a server waits for its clients.
///
/// ```
/// use std::time::Duration;
///
/// let limits = auth_serve::Limits::default().idle(Duration::from_secs(300));
/// # let _ = limits;
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Limits {
    pub(crate) head: Duration,
    pub(crate) idle: Duration,
    pub(crate) shutdown: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            shutdown: Duration::from_secs(10),
        }
    }
}

impl Limits {
    /// How long the head of a request may take on HTTP/1, from the end of the one before: 10 s unless
    /// set. It takes no longer from any client that means well.
    pub fn head(mut self, head: Duration) -> Self {
        self.head = head;
        self
    }

    /// How long nothing may come from a client, and nothing may be taken by it: 60 s unless set. This
    /// ends a connection whose client is gone, one that has sent half of a body, and also one on
    /// which an answer takes longer to be made; raise it where answers do.
    pub fn idle(mut self, idle: Duration) -> Self {
        self.idle = idle;
        self
    }

    /// How long requests that have begun may take once the server is told to end: 10 s unless set.
    /// Those who stop services wait for so long as a rule: 10 s in Docker, 30 s in Kubernetes, 90 s
    /// in systemd.
    pub fn shutdown(mut self, shutdown: Duration) -> Self {
        self.shutdown = shutdown;
        self
    }
}
