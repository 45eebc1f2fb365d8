//! Digests under which tokens are stored.

use aws_lc_rs::digest;

/// The SHA-256 of a text as lower-case hexadecimal: *hash1* of the wire's tokens, and *hash2* when
/// applied to its own result.
pub(crate) fn sha256_hex(text: &str) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    let nibbles = digest.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles.filter_map(|nibble| DIGITS.get(usize::from(nibble))).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_digest_of_abc_is_that_of_fips_180() {
        assert_eq!(
            super::sha256_hex("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
