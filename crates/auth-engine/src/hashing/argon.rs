//! Argon2 (RFC 9106).

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Ident, Output, ParamsString, PasswordHash, Salt},
};
use auth_protocol::Secret;
use subtle::ConstantTimeEq;

use crate::{EngineError, PasswordHashingConfig};

/// RFC 9106 section 3.1 recommends 16 bytes.
pub(super) const SALT_BYTES: usize = 16;

const HASH_BYTES: usize = 32;

/// What an imported hash may demand: 1 GiB and ten passes over 88 MiB's worth of blocks.
const MAX_MEMORY_KIB: u32 = 1024 * 1024;
const MAX_BLOCKS_TOUCHED: u64 = 4 * 1024 * 1024;

/// A thread's memory; it grows to the largest hash and is kept.
#[derive(Default)]
pub(super) struct Memory {
    blocks: Vec<Block>,
    /// Blocks times passes of every hash so far, over all threads: what hashing costs.
    work: Arc<AtomicU64>,
}

impl Memory {
    pub(super) fn counting_into(work: Arc<AtomicU64>) -> Self {
        Self { blocks: Vec::new(), work }
    }

    /// Gives the memory back, whatever a panic left in it.
    pub(super) fn forget(&mut self) {
        self.blocks = Vec::new();
    }

    fn compute(
        &mut self,
        argon2: &Argon2<'_>,
        password: &str,
        salt: &[u8],
        output: &mut [u8],
    ) -> argon2::Result<()> {
        let count = argon2.params().block_count();
        self.work.fetch_add(touched(argon2.params()), Ordering::Relaxed);
        if self.blocks.len() < count {
            self.blocks.resize(count, Block::new());
        }
        let blocks = self.blocks.get_mut(..count).unwrap_or_default();
        argon2.hash_password_into_with_memory(password.as_bytes(), salt, output, blocks)
    }
}

fn touched(params: &Params) -> u64 {
    u64::from(params.m_cost()) * u64::from(params.t_cost())
}

pub(super) fn hash(
    config: &PasswordHashingConfig,
    password: &str,
    salt: &[u8; SALT_BYTES],
    memory: &mut Memory,
) -> Result<Secret, EngineError> {
    let params = params(config)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let mut output = [0; HASH_BYTES];
    memory.compute(&argon2, password, salt, &mut output).map_err(failed)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(failed)?,
        salt: Some(Salt::new(salt).map_err(failed)?),
        hash: Some(Output::new(&output).map_err(failed)?),
    };
    Ok(Secret::new(hash.to_string()))
}

/// The configured cost. The length of the output isn't part of it: it stands in the hash itself.
fn params(config: &PasswordHashingConfig) -> Result<Params, EngineError> {
    Params::new(config.memory_kib, config.iterations, config.parallelism, None).map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> EngineError {
    EngineError::Internal(format!("password hashing failed: {error}"))
}

/// A stored Argon2 hash, whatever its variant and cost.
pub(super) struct Argon2Hash {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Salt,
    output: Output,
}

impl Argon2Hash {
    /// Reads a PHC string; `None` where it is none, or too expensive to verify.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let phc = PasswordHash::new(text).ok()?;
        let algorithm = algorithm(phc.algorithm)?;
        let version = match phc.version {
            Some(version) => Version::try_from(version).ok()?,
            None => Version::V0x10,
        };
        let params = Params::try_from(&phc).ok()?;
        if params.m_cost() > MAX_MEMORY_KIB || touched(&params) > MAX_BLOCKS_TOUCHED {
            return None;
        }
        Some(Self { algorithm, version, params, salt: phc.salt?, output: phc.hash? })
    }

    pub(super) fn matches(&self, password: &str, memory: &mut Memory) -> bool {
        let argon2 = Argon2::new(self.algorithm, self.version, self.params.clone());
        let expected = self.output.as_ref();
        let mut output = vec![0; expected.len()];
        memory.compute(&argon2, password, self.salt.as_ref(), &mut output).is_ok()
            && bool::from(output.ct_eq(expected))
    }

    pub(super) fn is_current(&self, config: &PasswordHashingConfig) -> bool {
        self.algorithm == Algorithm::Argon2id
            && self.version == Version::V0x13
            && self.params.m_cost() == config.memory_kib
            && self.params.t_cost() == config.iterations
            && self.params.p_cost() == config.parallelism
            && self.output.len() == HASH_BYTES
    }
}

fn algorithm(ident: Ident) -> Option<Algorithm> {
    [Algorithm::Argon2id, Algorithm::Argon2i, Algorithm::Argon2d]
        .into_iter()
        .find(|algorithm| algorithm.ident() == ident)
}
