//! Signing and verification of JSON Web Tokens with keys that are parsed once.
