//! When the request for a link is answered.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// The answer comes at the end of one of these, counted from the request: what was found takes longer
/// to read than nothing, by less than anybody can tell then.
const STEP: Duration = Duration::from_millis(20);

/// Waits for the end of the step that is under way since the request came.
pub(crate) async fn end_of_step(start: Instant) {
    let begun = start.elapsed().as_millis() / STEP.as_millis() + 1;
    sleep_until(start + STEP.saturating_mul(u32::try_from(begun).unwrap_or(u32::MAX))).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_answer_comes_at_the_end_of_a_step_whatever_was_looked_up() {
        for (worked_ms, answered_ms) in [(0, 20), (1, 20), (19, 20), (20, 40), (33, 40), (59, 60)] {
            let start = Instant::now();
            tokio::time::advance(Duration::from_millis(worked_ms)).await;
            end_of_step(start).await;
            assert_eq!(start.elapsed().as_millis(), answered_ms, "{worked_ms} ms of work");
        }
    }
}
