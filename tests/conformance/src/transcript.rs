//! What was said on the wire during a case, so that adapters can be compared.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::client::Reply;

/// The exchanges of one run of a case, in the order in which their requests were sent.
pub type Transcript = Vec<Exchange>;

/// A request and what it was answered with.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Method and target.
    pub request: String,
    /// The response; `None` where there was none.
    pub reply: Option<Reply>,
}

/// Writes a transcript; clones write the same one.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<Mutex<Transcript>>);

impl Recorder {
    /// Notes that a request is sent; its reply has this place.
    pub(crate) fn begin(&self, request: String) -> usize {
        let mut transcript = self.0.lock();
        transcript.push(Exchange { request, reply: None });
        transcript.len() - 1
    }

    pub(crate) fn end(&self, place: usize, reply: Reply) {
        self.0.lock()[place].reply = Some(reply);
    }

    /// What was recorded up to now.
    pub fn transcript(&self) -> Transcript {
        self.0.lock().clone()
    }
}
