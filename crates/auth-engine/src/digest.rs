//! Digests under which tokens are stored and found.

use aws_lc_rs::digest;

/// The SHA-256 of a text as lower-case hexadecimal: *hash1* of the wire's tokens, and *hash2* when
/// applied to its own result.
pub(crate) fn sha256_hex(text: &str) -> String {
    hex(&sha256(text))
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let digits = [byte >> 4, byte & 15].map(|nibble| char::from_digit(nibble.into(), 16));
        hex.extend(digits.into_iter().flatten());
    }
    hex
}

/// The SHA-256 of a text.
pub(crate) fn sha256(text: &str) -> [u8; digest::SHA256_OUTPUT_LEN] {
    let mut bytes = [0; digest::SHA256_OUTPUT_LEN];
    bytes.copy_from_slice(digest::digest(&digest::SHA256, text.as_bytes()).as_ref());
    bytes
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
