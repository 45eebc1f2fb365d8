//! Sends that are tried again.

use std::{fmt, time::Duration};

use tokio::time::sleep;

use crate::{Error, Result};

/// How long to wait before each further try, unless the application says otherwise.
pub(super) const DEFAULT_DELAYS: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

/// A send that failed. The text is for logs and holds neither contents nor whom they were for.
#[derive(Debug)]
pub(super) struct SendFailure {
    text: String,
    may_pass: bool,
}

impl SendFailure {
    /// A failure that another try may not meet.
    pub(super) fn temporary(text: impl Into<String>) -> Self {
        Self { text: text.into(), may_pass: true }
    }

    /// A failure that every try meets.
    pub(super) fn permanent(text: impl Into<String>) -> Self {
        Self { text: text.into(), may_pass: false }
    }
}

impl fmt::Display for SendFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for SendFailure {}

/// Sends, and tries again after each of the delays while the failure may pass.
pub(super) async fn with_retries<Fut>(
    what: &'static str,
    delays: &[Duration],
    mut send: impl FnMut() -> Fut,
) -> Result<()>
where
    Fut: Future<Output = Result<(), SendFailure>>,
{
    let mut delays = delays.iter();
    loop {
        let Err(failure) = send().await else { return Ok(()) };
        match delays.next() {
            Some(delay) if failure.may_pass => {
                tracing::warn!(what, %failure, ?delay, "sending failed; it is tried again");
                sleep(*delay).await;
            }
            _ => return Err(Error::other(failure)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn tries(fails: impl Fn(u32) -> Option<SendFailure>) -> (u32, bool) {
        let mut count = 0;
        let sent = with_retries("test", &[Duration::ZERO; 2], || {
            count += 1;
            let result = fails(count).map_or(Ok(()), Err);
            async move { result }
        })
        .await;
        (count, sent.is_ok())
    }

    #[tokio::test]
    async fn only_what_may_pass_is_tried_again_and_not_for_ever() {
        assert_eq!(tries(|_| None).await, (1, true));
        assert_eq!(tries(|_| Some(SendFailure::permanent("no"))).await, (1, false));
        assert_eq!(tries(|_| Some(SendFailure::temporary("later"))).await, (3, false));
        let second = |count| (count == 1).then(|| SendFailure::temporary("later"));
        assert_eq!(tries(second).await, (2, true));
    }
}
