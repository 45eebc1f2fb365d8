//! Whom the core is asked for: what its audit log says of a request.

use auth_protocol::{Caller, SessionHandle, UserId};
use parking_lot::Mutex;

use crate::Context;

/// What becomes known of a request while it is served.
#[derive(Default)]
pub(crate) struct Served {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    api: Option<&'static str>,
    session: Option<(UserId, SessionHandle)>,
}

impl Context {
    /// Remembers which API serves the request.
    pub(crate) fn set_api(&self, api: &'static str) {
        self.served().known.lock().api = Some(api);
    }

    /// Remembers the session that the request came with, once it was checked.
    pub(crate) fn set_acting_session(&self, user: UserId, handle: SessionHandle) {
        self.served().known.lock().session = Some((user, handle));
    }

    /// Whom the core is asked for; nobody outside of a request.
    pub fn caller(&self) -> Caller {
        let Some(request) = self.request() else { return Caller::default() };
        let mut caller = Caller::default().with_address(self.client_address());
        if let Some(user_agent) = request.header("user-agent") {
            caller = caller.with_user_agent(user_agent);
        }
        let known = self.served().known.lock();
        if let Some(api) = known.api {
            caller = caller.with_api(api);
        }
        if let Some((user, handle)) = known.session.clone() {
            caller = caller.with_session(user, handle);
        }
        caller
    }
}
