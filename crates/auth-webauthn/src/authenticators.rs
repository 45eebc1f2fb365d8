//! The names of authenticators that many have.

/// The name of an authenticator's model by its AAGUID, to tell a user's passkeys apart; `None` where it
/// isn't known, and for zeros, which authenticators give that don't tell.
///
/// It is what the authenticator [says itself](crate::Registered::aaguid): nothing may be decided by it.
///
/// ```
/// use auth_webauthn::authenticator_name;
///
/// let aaguid = 0xea9b8d66_4d01_1d21_3ce4_b6b48cb575d4_u128.to_be_bytes();
/// assert_eq!(authenticator_name(&aaguid), Some("Google Password Manager"));
/// assert_eq!(authenticator_name(&[0; 16]), None);
/// ```
pub fn authenticator_name(aaguid: &[u8; 16]) -> Option<&'static str> {
    Some(match u128::from_be_bytes(*aaguid) {
        0xea9b8d66_4d01_1d21_3ce4_b6b48cb575d4 => "Google Password Manager",
        0xadce0002_35bc_c60a_648b_0b25f1f05503 => "Chrome on Mac",
        0x771b48fd_d3d4_4f74_9232_fc157ab0507a => "Edge on Mac",
        0xb5397666_4885_aa6b_cebf_e52262a439a2 => "Chromium",
        0x08987058_cadc_4b81_b6e1_30de50dcbe96
        | 0x9ddd1817_af5a_4672_a2b9_3e3dd95000a9
        | 0x6028b017_b1d4_4c02_b4b3_afcdafc96bb2 => "Windows Hello",
        0xd3452668_01fd_4c12_926c_83a4204853aa => "Microsoft Password Manager",
        0xde1e552d_db1d_4423_a619_566b625cdc84 | 0x90a3ccdf_635c_4729_a248_9b709135078f => {
            "Microsoft Authenticator"
        }
        0xfbfc3007_154e_4ecc_8c0b_6e020557d7bd | 0xdd4ec289_e01d_41c9_bb89_70fa845d4bf2 => {
            "Apple Passwords"
        }
        0x53414d53_554e_4700_0000_000000000000 => "Samsung Pass",
        0xbada5566_a7aa_401f_bd96_45619a55120d => "1Password",
        0xd548826e_79b4_db40_a3d8_11116f7e8349 => "Bitwarden",
        0x531126d6_e717_415c_9320_3d9aa6981239 => "Dashlane",
        0xb84e4048_15dc_4dd0_8640_f4f60813c8af => "NordPass",
        0x0ea242b4_43c4_4a1b_8b17_dd6d0b6baec6 => "Keeper",
        0xf3809540_7f14_49c1_a8b3_8f813b225541 => "Enpass",
        0xb78a0a55_6ef8_d246_a042_ba0f6d55050c => "LastPass",
        0x50726f74_6f6e_5061_7373_50726f746f6e => "Proton Pass",
        0xfdb141b2_5d84_443e_8a35_4698c205a502 => "KeePassXC",
        0xeaecdef2_1c31_5634_8639_f1cbd9c00a08 => "KeePassDX",
        0xb35a26b2_8f6e_4697_ab1d_d44db4da28c6 => "Zoho Vault",
        0xde503f9c_21a4_4f76_b4b7_558eb55c6f89 => "Devolutions",
        0xa10c6dd9_465e_4226_8198_c7c44b91c555 => "Kaspersky Password Manager",
        0xfa37f553_f9b6_4adb_ac53_8bbb57ebdf0d => "Norton Password Manager",
        0x39a5647e_1853_446c_a1f6_a79bae9f5bc7 => "IDmelon",
        0xcb69481e_8ff7_4039_93ec_0a2729a154a8
        | 0xee882879_721c_4913_9775_3dfcce97072a
        | 0x19083c3d_8383_4b18_bc03_8f1c9ab2fd1b
        | 0xff4dac45_ede8_4ec2_aced_cf66103f4335 => "YubiKey 5",
        0xfa2b99dc_9e39_4257_8f92_4a30d23c4118
        | 0x2fc0579f_8113_47ea_b116_bb5a8db9202a
        | 0xa25342c0_3cdc_4414_8e46_f4807fca511c
        | 0xd7781e5d_e353_46aa_afe2_3ca49f13332a => "YubiKey 5 NFC",
        0xc5ef55ff_ad9a_4b9f_b580_adebafe026d0 => "YubiKey 5Ci",
        0x73bb0cd4_e502_49b8_9c6f_b59445bf720b => "YubiKey 5 FIPS",
        0xc1f9a0bc_1dd2_404a_b27f_8e29047a43fd => "YubiKey 5 FIPS NFC",
        0xd8522d9f_575b_4866_88a9_ba99fa02f35b => "YubiKey Bio",
        0xf8a011f3_8c0a_4d15_8006_17111f9edc7d | 0xb92c3f9a_c014_4056_887f_140a2501163b => {
            "Security Key by Yubico"
        }
        0x149a2021_8ef6_4133_96b8_81f8d5b7f1f5 | 0xa4e9fc6d_4cbe_4758_b8ba_37598bb5bbaa => {
            "Security Key NFC by Yubico"
        }
        0x42b4fb4a_2866_43b2_9bf7_6c6669c2e5d3 => "Titan Security Key",
        _ => return None,
    })
}
