//! `GET /requests/stats`: requests per second, for each minute of the last day.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use auth_protocol::AppId;
use http::Method;
use parking_lot::Mutex;
use serde::Serialize;

use super::{Route, tenant};
use crate::{
    answer::{CdiError, Reply},
    request::Call,
    server::Inner,
};

/// Minutes in a day.
const MINUTES: usize = 24 * 60;

pub(super) fn route() -> Route {
    Route::new("get_request_stats", Method::GET, "/requests/stats", run)
}

async fn run(server: Arc<Inner>, call: Call) -> Result<Reply, CdiError> {
    tenant::require_public(&server, &call).await?;
    Reply::json(&server.stats.report(&call.scope.app, now_secs()))
}

/// Counts the requests of each app; lost when the process ends.
#[derive(Default)]
pub(crate) struct RequestStats(Mutex<HashMap<AppId, AppStats>>);

struct AppStats {
    minute: u64,
    seconds: [u32; 60],
    /// Average and peak of each minute, by the minute's number in the day; `None` without data.
    minutes: Vec<Option<(f64, u32)>>,
}

/// The last day, oldest minute first; -1 where there is no data.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    status: &'static str,
    at_minute: u64,
    average_requests_per_second: Vec<f64>,
    peak_requests_per_second: Vec<i64>,
}

impl RequestStats {
    pub(crate) fn count(&self, app: &AppId) {
        self.count_at(app, now_secs());
    }

    fn count_at(&self, app: &AppId, secs: u64) {
        let mut apps = self.0.lock();
        let stats = apps.entry(app.clone()).or_insert_with(|| AppStats::new(secs / 60));
        stats.catch_up(secs / 60);
        let second = usize::try_from(secs % 60).unwrap_or(0);
        if let Some(count) = stats.seconds.get_mut(second) {
            *count = count.saturating_add(1);
        }
    }

    fn report(&self, app: &AppId, secs: u64) -> Report {
        let at_minute = secs / 60;
        let mut apps = self.0.lock();
        let mut minutes = match apps.get_mut(app) {
            Some(stats) => {
                stats.catch_up(at_minute);
                stats.minutes.clone()
            }
            None => vec![None; MINUTES],
        };
        minutes.rotate_left(slot(at_minute));
        Report {
            status: "OK",
            at_minute,
            average_requests_per_second: minutes
                .iter()
                .map(|minute| minute.map_or(-1.0, |(average, _)| average))
                .collect(),
            peak_requests_per_second: minutes
                .iter()
                .map(|minute| minute.map_or(-1, |(_, peak)| i64::from(peak)))
                .collect(),
        }
    }
}

impl AppStats {
    fn new(minute: u64) -> Self {
        Self { minute, seconds: [0; 60], minutes: vec![None; MINUTES] }
    }

    /// Ends the minutes that have passed.
    fn catch_up(&mut self, now: u64) {
        if now <= self.minute {
            return;
        }
        let sum: f64 = self.seconds.iter().copied().map(f64::from).sum();
        let peak = self.seconds.iter().copied().max().unwrap_or(0);
        self.set(self.minute, (sum / 60.0, peak));
        let day = u64::try_from(MINUTES).unwrap_or(u64::MAX);
        for passed in (self.minute + 1).max(now.saturating_sub(day))..now {
            self.set(passed, (0.0, 0));
        }
        self.minute = now;
        self.seconds = [0; 60];
    }

    fn set(&mut self, minute: u64, value: (f64, u32)) {
        if let Some(place) = self.minutes.get_mut(slot(minute)) {
            *place = Some(value);
        }
    }
}

fn slot(minute: u64) -> usize {
    usize::try_from(minute).unwrap_or(0) % MINUTES
}

fn now_secs() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cdi_9_4_each_minute_of_a_day_has_its_average_and_peak_and_minus_one_is_no_data() {
        let (stats, app) = (RequestStats::default(), AppId::default());
        for second in [0, 0, 0, 59] {
            stats.count_at(&app, 60 * 1_000_000 + second);
        }
        let report = stats.report(&app, 60 * 1_000_002);
        assert_eq!(report.at_minute, 1_000_002);
        assert_eq!(report.average_requests_per_second.len(), MINUTES);
        assert_eq!(report.average_requests_per_second[MINUTES - 3..], [-1.0, 4.0 / 60.0, 0.0]);
        assert_eq!(report.peak_requests_per_second[MINUTES - 3..], [-1, 3, 0]);
        let unseen = stats.report(&"other".into(), 0);
        assert!(unseen.peak_requests_per_second.iter().all(|peak| *peak == -1));
    }

    #[test]
    fn a_server_that_was_idle_for_longer_than_a_day_has_only_zeros() {
        let (stats, app) = (RequestStats::default(), AppId::default());
        stats.count_at(&app, 60);
        let report = stats.report(&app, 60 * 10_000);
        assert!(report.peak_requests_per_second.iter().all(|peak| *peak == 0));
    }
}
