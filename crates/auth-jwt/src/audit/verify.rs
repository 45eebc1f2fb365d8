//! Whether an exported log is what was written.

use std::collections::{BTreeMap, BTreeSet};

use auth_protocol::{
    AppId, TenantId,
    audit::{AuditCheckpoint, AuditEntry},
};

use super::{
    CheckpointClaims, Content, FIRST_PREVIOUS_HASH, Line, Problem, Wrong, entry_hash,
    payload_digest,
};
use crate::{JwtError, KeySet};

type ChainId = (AppId, TenantId);

/// Reads a log line by line and says what is wrong with it. It needs the public keys alone.
#[derive(Debug, Default)]
pub struct Verifier {
    keys: KeySet,
    chains: BTreeMap<ChainId, Chain>,
    problems: Vec<Problem>,
    lines: u64,
}

/// What is remembered of a chain.
#[derive(Debug, Default)]
struct Chain {
    entries: Vec<Seen>,
    checkpoints: BTreeMap<i64, BTreeSet<String>>,
    /// Up to where the core says that it purged.
    purges: BTreeSet<i64>,
    altered: BTreeSet<i64>,
    reordered: BTreeSet<i64>,
    highest: i64,
}

#[derive(Debug)]
struct Seen {
    position: i64,
    hash: String,
    previous_hash: String,
    is_empty: bool,
    /// How many entries it says to have emptied.
    emptied: u64,
}

/// What is known of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Every chain that is intact or not.
    pub chains: Vec<ChainReport>,
    /// What is wrong; nothing where the log is what was written.
    pub problems: Vec<Problem>,
}

/// What is known of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainReport {
    /// The app.
    pub app: AppId,
    /// The tenant.
    pub tenant: TenantId,
    /// How many entries there are.
    pub entries: usize,
    /// The last position that a checkpoint proves; what comes after it may have been cut or
    /// written anew by who could write the database.
    pub proved: i64,
    /// The last position.
    pub last: i64,
}

impl Verifier {
    /// A verifier with the keys of the app.
    pub fn new(keys: KeySet) -> Self {
        Self { keys, ..Self::default() }
    }

    /// Reads a line of an exported log; an empty one is none.
    pub fn read_line(&mut self, text: &str) {
        self.lines += 1;
        if text.trim().is_empty() {
            return;
        }
        let Ok(line) = serde_json::from_str::<Line>(text) else {
            let what = Wrong::Unreadable { line: self.lines };
            return self.problems.push(Problem { chain: None, what });
        };
        match line.content {
            Content::Entry(entry) => self.read_entry((line.app, line.tenant), &entry),
            Content::Checkpoint(checkpoint) => {
                self.read_checkpoint((line.app, line.tenant), &checkpoint);
            }
        }
    }

    /// Reads a checkpoint that was kept elsewhere, out of reach of who could write the database: a
    /// token, or a line of an exported log.
    pub fn trust(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if let Ok(Line { app, tenant, content: Content::Checkpoint(checkpoint) }) =
            serde_json::from_str(text)
        {
            return self.read_checkpoint((app, tenant), &checkpoint);
        }
        match CheckpointClaims::verify(text, &self.keys) {
            Ok(claims) => self.add(claims),
            Err(reason) => {
                let what = Wrong::Forged { position: 0, reason };
                self.problems.push(Problem { chain: None, what });
            }
        }
    }

    fn read_entry(&mut self, id: ChainId, entry: &AuditEntry) {
        let is_altered = entry.hash != entry_hash(&id.0, &id.1, entry)
            || entry
                .payload
                .as_ref()
                .is_some_and(|payload| payload_digest(payload) != entry.payload_digest);
        let chain = self.chains.entry(id).or_default();
        if is_altered {
            chain.altered.insert(entry.position);
        }
        if entry.position < chain.highest {
            chain.reordered.insert(entry.position);
        }
        chain.highest = chain.highest.max(entry.position);
        let emptied = entry.facts.get("erased").and_then(|number| number.parse().ok());
        chain.entries.push(Seen {
            position: entry.position,
            hash: entry.hash.clone(),
            previous_hash: entry.previous_hash.clone(),
            is_empty: entry.payload.is_none(),
            emptied: emptied.unwrap_or(0),
        });
    }

    fn read_checkpoint(&mut self, id: ChainId, checkpoint: &AuditCheckpoint) {
        let verified = CheckpointClaims::verify(&checkpoint.token, &self.keys);
        let fits = |claims: &CheckpointClaims| {
            (&claims.app, &claims.tenant) == (&id.0, &id.1)
                && claims.position == checkpoint.position
                && claims.time_ms == checkpoint.time_ms
        };
        match verified {
            Ok(claims) if fits(&claims) => self.add(claims),
            other => {
                let reason = other.err().unwrap_or(JwtError::PayloadMismatch);
                let what = Wrong::Forged { position: checkpoint.position, reason };
                self.problems.push(Problem { chain: Some(id), what });
            }
        }
    }

    fn add(&mut self, claims: CheckpointClaims) {
        let chain = self.chains.entry((claims.app, claims.tenant)).or_default();
        if claims.is_purge {
            chain.purges.insert(claims.position);
        }
        chain.checkpoints.entry(claims.position).or_default().insert(claims.hash);
    }

    /// Judges what was read.
    #[must_use]
    pub fn finish(mut self) -> Report {
        let mut chains = Vec::new();
        for (id, chain) in std::mem::take(&mut self.chains) {
            let (report, wrong) = chain.judge(&id);
            chains.push(report);
            let problem = |what| Problem { chain: Some(id.clone()), what };
            self.problems.extend(wrong.into_iter().map(problem));
        }
        Report { chains, problems: self.problems }
    }
}

impl Chain {
    fn judge(mut self, (app, tenant): &ChainId) -> (ChainReport, Vec<Wrong>) {
        self.entries.sort_by_key(|entry| entry.position);
        let mut wrong = Vec::new();
        wrong
            .extend(self.reordered.iter().map(|position| Wrong::Reordered { position: *position }));
        self.judge_links(&mut wrong);
        wrong.extend(self.altered.iter().map(|position| Wrong::Altered { position: *position }));
        let proved = self.judge_checkpoints(&mut wrong);
        self.judge_emptied(&mut wrong);
        let report = ChainReport {
            app: app.clone(),
            tenant: tenant.clone(),
            entries: self.entries.len(),
            proved,
            last: self.entries.last().map_or(0, |last| last.position),
        };
        (report, wrong)
    }

    /// Each entry has the hash of the one before it.
    fn judge_links(&mut self, wrong: &mut Vec<Wrong>) {
        for pair in self.entries.windows(2) {
            let [one, next] = pair else { continue };
            let expected = one.position.saturating_add(1);
            if next.position < expected {
                wrong.push(Wrong::Repeated { position: next.position });
            } else if next.position > expected {
                wrong.push(Wrong::Dropped { from: expected, to: next.position - 1 });
            } else if next.previous_hash != one.hash
                && !self.altered.contains(&one.position)
                && !self.altered.contains(&next.position)
            {
                // The next one was made after another entry than this one is now.
                self.altered.insert(one.position);
            }
        }
    }

    /// The last position that is proved.
    fn judge_checkpoints(&self, wrong: &mut Vec<Wrong>) -> i64 {
        let Some(first) = self.entries.first() else {
            if let Some((checkpoint, _)) = self.checkpoints.last_key_value()
                && !self.purges.contains(checkpoint)
            {
                wrong.push(Wrong::CutAtEnd { last: 0, checkpoint: *checkpoint });
            }
            return 0;
        };
        let last = self.entries.last().map_or(0, |last| last.position);
        let before = first.position.saturating_sub(1);
        let one = |hash: &str| BTreeSet::from([hash.to_owned()]);
        if first.position <= 1 {
            if first.previous_hash != FIRST_PREVIOUS_HASH && !self.altered.contains(&first.position)
            {
                wrong.push(Wrong::Altered { position: first.position });
            }
        } else {
            match self.checkpoints.get(&before) {
                None => wrong.push(Wrong::CutAtFront { first: first.position }),
                Some(hashes) if *hashes != one(&first.previous_hash) => {
                    wrong.push(Wrong::Rewritten { after: before, checkpoint: before });
                }
                Some(_) if !self.purges.contains(&before) => {
                    wrong.push(Wrong::CutAtFront { first: first.position });
                }
                Some(_) => {}
            }
        }
        let mut proved = before;
        let mut is_proved = false;
        for (position, hashes) in self.checkpoints.range(first.position..) {
            if *position > last {
                wrong.push(Wrong::CutAtEnd { last, checkpoint: *position });
                break;
            }
            let found = self.entries.binary_search_by_key(position, |entry| entry.position);
            let Some(entry) = found.ok().and_then(|index| self.entries.get(index)) else {
                // Reported as dropped.
                continue;
            };
            if *hashes == one(&entry.hash) {
                (proved, is_proved) = (*position, true);
            } else if !self.altered.contains(position) {
                wrong.push(Wrong::Rewritten { after: proved, checkpoint: *position });
                break;
            }
        }
        let has_cut_end = self.checkpoints.range(last.saturating_add(1)..).next().is_some();
        if !is_proved && !has_cut_end && wrong.is_empty() && !self.checkpoints.contains_key(&before)
        {
            wrong.push(Wrong::Unproved);
        }
        proved
    }

    /// Entries are emptied by those that come after them and say how many.
    fn judge_emptied(&self, wrong: &mut Vec<Wrong>) {
        let mut explained = 0_u64;
        let mut unexplained = Vec::new();
        for entry in self.entries.iter().rev() {
            if entry.is_empty {
                match explained.checked_sub(1) {
                    Some(left) => explained = left,
                    None => unexplained.push(Wrong::Emptied { position: entry.position }),
                }
            }
            explained = explained.saturating_add(entry.emptied);
        }
        wrong.extend(unexplained.into_iter().rev());
    }
}
