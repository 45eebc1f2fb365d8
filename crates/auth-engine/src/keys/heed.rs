//! What becomes of the keys of apps that are changed or removed.

use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering},
};

use auth_protocol::AppId;

use super::{Keys, ring::Schedule};
use crate::{EngineConfig, clock::saturating_ms};

/// An app that is there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AppNews {
    /// When it was made: another app of the same name has other keys.
    pub(crate) created_at_ms: i64,
    /// How often its keys change, where that isn't as the program's settings have it.
    pub(crate) schedule: Option<Schedule>,
}

impl Keys {
    /// Forgets the keys of apps that are gone, and changes keys as often as each app has it.
    pub(crate) fn heed(&self, apps: HashMap<AppId, AppNews>) {
        let mut known = self.news.lock();
        // Of one that wasn't known of before it isn't known either whether it is the same.
        let is_same = |app: &AppId| match (known.get(app), apps.get(app)) {
            (Some(before), Some(now)) => before.created_at_ms == now.created_at_ms,
            _ => false,
        };
        let mut has_forgotten = false;
        self.apps.write().retain(|app, _| {
            let stays = is_same(app);
            has_forgotten |= !stays;
            stays
        });
        let own = apps.iter().filter_map(|(app, news)| Some((app.clone(), news.schedule?)));
        self.of_apps.store(Some(Arc::new(own.collect())));
        *known = apps;
        if has_forgotten {
            self.generation.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// How often the keys of an app change, and for how long they verify.
    pub(super) fn schedule(&self, app: &AppId) -> Schedule {
        let of_apps = self.of_apps.load();
        of_apps.as_ref().and_then(|of_apps| of_apps.get(app)).copied().unwrap_or(self.schedule)
    }

    /// The time before which no key of any app verifies anything any more; none as long as it isn't
    /// known what apps have set.
    pub(crate) fn oldest_verifying(&self) -> Option<i64> {
        let of_apps = self.of_apps.load();
        let schedules = of_apps.as_ref()?.values().chain([&self.schedule]);
        schedules.map(|schedule| schedule.oldest_verifying(self.clock.now_ms())).min()
    }
}

impl Schedule {
    /// As settings have it.
    pub(crate) fn of(config: &EngineConfig) -> Self {
        Self {
            interval_ms: saturating_ms(config.signing_key_rotation_interval),
            validity_ms: saturating_ms(config.access_token_validity),
        }
    }
}
