//! Random bytes, and a source that tests can repeat.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use auth_protocol::Secret;
use aws_lc_rs::{digest, rand};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::EngineError;

/// Where the engine takes its random bytes from. Clones share the source.
#[derive(Clone, Debug, Default)]
pub struct Random {
    seeded: Option<Arc<Seeded>>,
}

#[derive(Debug)]
struct Seeded {
    seed: u64,
    next_block: AtomicU64,
}

impl Random {
    /// The system's cryptographic random source.
    pub fn system() -> Self {
        Self::default()
    }

    /// A source that gives the same bytes for the same seed. For tests only: whoever knows the
    /// seed knows every token.
    pub fn seeded(seed: u64) -> Self {
        Self { seeded: Some(Arc::new(Seeded { seed, next_block: AtomicU64::new(0) })) }
    }

    /// Fills a buffer with random bytes; fails where the system has none to give.
    pub fn fill(&self, buffer: &mut [u8]) -> Result<(), EngineError> {
        match &self.seeded {
            Some(source) => {
                source.fill(buffer);
                Ok(())
            }
            None => rand::fill(buffer)
                .map_err(|_| EngineError::Internal("the system gave no random bytes".into())),
        }
    }

    /// A random UUID (RFC 9562, version 4).
    pub fn uuid(&self) -> Result<Uuid, EngineError> {
        let mut bytes = [0; 16];
        self.fill(&mut bytes)?;
        Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }

    /// What a link carries that works once: 384 bits, in 64 characters of base64url.
    pub(crate) fn token(&self) -> Result<Secret, EngineError> {
        let mut bytes = [0; 48];
        self.fill(&mut bytes)?;
        Ok(Secret::new(BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }
}

impl Seeded {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let block = self.next_block.fetch_add(1, Ordering::SeqCst);
            let mut input = [0; 16];
            let (seed, counter) = input.split_at_mut(8);
            seed.copy_from_slice(&self.seed.to_be_bytes());
            counter.copy_from_slice(&block.to_be_bytes());
            let bytes = digest::digest(&digest::SHA256, &input);
            for (target, byte) in chunk.iter_mut().zip(bytes.as_ref()) {
                *target = *byte;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_same_seed_gives_the_same_ids_and_another_seed_does_not() {
        let (a, b, c) = (Random::seeded(1), Random::seeded(1), Random::seeded(2));
        let first = a.uuid().unwrap();
        assert_eq!(first, b.uuid().unwrap());
        assert_ne!(first, c.uuid().unwrap());
        assert_ne!(first, a.uuid().unwrap());
    }
}
