//! The codes.

use auth_protocol::{AppId, Secret, UserId, read_typed};

use crate::{
    EngineError, Random,
    digest::sha256_hex,
    storage::{Tx, params},
};

/// How many codes a user gets.
pub(super) const CODES: usize = 10;

/// 120 bits: out of reach even for who has the digests, so that no slow hash is needed (ASVS 5,
/// 6.5.2, wants one below 112 bits).
const CHARACTERS: usize = 24;
/// Codes of 80 bits that were given out before work until they are replaced.
const CHARACTERS_BEFORE: usize = 16;
const GROUP: usize = 4;

/// Crockford's Base32, which has no letters that look like others.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Longer texts are no codes.
const LONGEST_INPUT: usize = 128;

/// A new code, as `xxxx-xxxx-xxxx-xxxx-xxxx-xxxx`.
pub(super) fn random(random: &Random) -> Result<Secret, EngineError> {
    let mut bytes = [0; CHARACTERS];
    random.fill(&mut bytes)?;
    let mut code = String::with_capacity(CHARACTERS + CHARACTERS / GROUP);
    for (index, byte) in bytes.into_iter().enumerate() {
        if index > 0 && index % GROUP == 0 {
            code.push('-');
        }
        // 256 is a multiple of 32, so that every character is as likely as every other.
        code.extend(ALPHABET.get(usize::from(byte % 32)).map(|character| char::from(*character)));
    }
    Ok(Secret::from(code))
}

/// Under which a code is stored; `None` where the text can't be one.
pub(super) fn digest(user: &UserId, code: &Secret) -> Option<String> {
    let text = code.expose_secret();
    if text.len() > LONGEST_INPUT {
        return None;
    }
    let code: String = read_typed(text).chars().map(normalise).collect();
    matches!(code.len(), CHARACTERS | CHARACTERS_BEFORE)
        .then(|| sha256_hex(&format!("{user}:{code}")))
}

/// Takes letters for the digits that they look like.
fn normalise(character: char) -> char {
    match character.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    }
}

/// How many codes a user has left.
pub(super) async fn count(tx: &mut Tx<'_>, app: &AppId, user: &UserId) -> Result<u32, EngineError> {
    const SQL: &str =
        "SELECT COUNT(*) AS number FROM recovery_codes WHERE app_id = $1 AND user_id = $2";
    let row = tx.query_opt(SQL, params![app, user]).await?;
    let count = row.map_or(Ok(0), |row| row.get::<i64>("number"))?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Ends every code of a user and says how many there were.
pub(super) async fn clear(tx: &mut Tx<'_>, app: &AppId, user: &UserId) -> Result<u64, EngineError> {
    const SQL: &str = "DELETE FROM recovery_codes WHERE app_id = $1 AND user_id = $2";
    tx.execute(SQL, params![app, user]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_twenty_four_characters_in_groups_of_four() {
        let code = random(&Random::seeded(1)).unwrap();
        let groups: Vec<&str> = code.expose_secret().split('-').collect();
        assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [4; 6]);
        assert!(groups.len() * GROUP * 5 >= 112, "bits");
        assert!(digest(&"ada".into(), &code).is_some());
        let known = |character: char| ALPHABET.iter().any(|known| char::from(*known) == character);
        assert!(groups.concat().chars().all(known));
    }

    #[test]
    fn what_people_write_for_a_code_is_the_code() {
        let digest = |user: &str, code: &str| digest(&user.into(), &code.into());
        let code = digest("ada", "0123-4567-89ab-cdef");
        assert!(code.is_some());
        assert_eq!(digest("ada", " OI23 4567 89AB CDEF "), code);
        assert_eq!(digest("ada", "ol23456789abcdef"), code);
        assert_eq!(digest("ada", "\u{200e}０１２３‑٤٥٦٧–89ab\u{a0}ＣＤＥＦ\u{feff}"), code);
        assert_ne!(digest("eve", "0123-4567-89ab-cdef"), code);
        let long = "0123-4567-89ab-cdef-ghjk-mnpq";
        assert_eq!(digest("ada", "OI23 4567 89AB CDEF GHJK MNPQ"), digest("ada", long));
        assert!(digest("ada", long).is_some() && digest("ada", long) != code);
        let wrong = [
            "",
            "0123-4567-89ab-cde",
            "0123-4567-89ab-cdef0",
            "0123-4567-89ab-cdef-ghjk-mnp",
            "0123-4567-89ab-cdef-ghjk-mnpq0",
            &" ".repeat(1000),
        ];
        for wrong in wrong {
            assert_eq!(digest("ada", wrong), None);
        }
    }
}
