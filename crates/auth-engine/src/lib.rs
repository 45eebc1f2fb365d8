//! The embedded core: users, passwords, sessions and keys on SQLite.
