//! What a case sees of the application's inside, and holds in its hand there.

use std::sync::Arc;

use tokio::sync::{Semaphore, watch};

use super::upload::Upload;

/// Watches the handlers of one running application; clones watch the same.
#[derive(Clone, Debug)]
pub struct Probe(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    uploaded_bytes: watch::Sender<u64>,
    aborted_uploads: watch::Sender<u32>,
    released_pieces: Semaphore,
    waiting_handlers: watch::Sender<u32>,
    released_handlers: Semaphore,
}

impl Default for Probe {
    fn default() -> Self {
        Self(Arc::new(Inner {
            uploaded_bytes: watch::Sender::new(0),
            aborted_uploads: watch::Sender::new(0),
            released_pieces: Semaphore::new(0),
            waiting_handlers: watch::Sender::new(0),
            released_handlers: Semaphore::new(0),
        }))
    }
}

impl Probe {
    /// Waits until handlers have seen this many bytes of uploads.
    pub async fn uploaded(&self, bytes: u64) {
        let mut uploaded = self.0.uploaded_bytes.subscribe();
        uploaded.wait_for(|seen| *seen >= bytes).await.expect("the sender is here");
    }

    /// Waits until this many uploads have ended before their end.
    pub async fn aborted(&self, uploads: u32) {
        let mut aborted = self.0.aborted_uploads.subscribe();
        aborted.wait_for(|seen| *seen >= uploads).await.expect("the sender is here");
    }

    /// Lets `GET /pieces` send its next piece.
    pub fn release_piece(&self) {
        self.0.released_pieces.add_permits(1);
    }

    /// Waits until this many handlers have come to where they wait for the case.
    pub async fn waiting(&self, handlers: u32) {
        let mut waiting = self.0.waiting_handlers.subscribe();
        waiting.wait_for(|seen| *seen >= handlers).await.expect("the sender is here");
    }

    /// Lets one of the handlers go on that wait for the case.
    pub fn release_handler(&self) {
        self.0.released_handlers.add_permits(1);
    }

    pub(super) async fn handler_released(&self) {
        self.0.waiting_handlers.send_modify(|seen| *seen += 1);
        self.0.released_handlers.acquire().await.expect("it is never closed").forget();
    }

    pub(super) async fn piece_released(&self) {
        self.0.released_pieces.acquire().await.expect("it is never closed").forget();
    }

    pub(super) fn begin_upload(&self) -> Upload {
        Upload::new(self.clone())
    }

    pub(super) fn count_uploaded(&self, bytes: u64) {
        self.0.uploaded_bytes.send_modify(|seen| *seen += bytes);
    }

    pub(super) fn count_aborted(&self) {
        self.0.aborted_uploads.send_modify(|seen| *seen += 1);
    }
}
