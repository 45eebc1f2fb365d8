//! The documentation beyond single items, page by page.

// The snippets use adapters, so that they are tested with `auth-axum`.
macro_rules! pages {
    ($($name:ident: $file:literal,)*) => {$(
        #[cfg_attr(not(doctest), doc = include_str!(concat!("../docs/", $file)))]
        pub mod $name {}
    )*};
}

pages! {
    guide: "guide.md",
    deployment: "deployment.md",
    served_core: "served_core.md",
    plugins: "plugins.md",
    limits: "limits.md",
    security: "security.md",
    audit: "audit.md",
    events: "events.md",
    asvs: "asvs.md",
    differences: "differences.md",
    testing: "testing.md",
    comparison: "comparison.md",
    benchmarks: "benchmarks.md",
    design: "design.md",
}

/// The recipes, one page each: what it does, every setting, how to override it, its mails and routes.
pub mod recipes {
    pages! {
        emailpassword: "recipes/emailpassword.md",
        emailverification: "recipes/emailverification.md",
        passwordless: "recipes/passwordless.md",
        webauthn: "recipes/webauthn.md",
        thirdparty: "recipes/thirdparty.md",
        totp: "recipes/totp.md",
        recoverycode: "recipes/recoverycode.md",
        signinalerts: "recipes/signinalerts.md",
        multifactorauth: "recipes/multifactorauth.md",
        multitenancy: "recipes/multitenancy.md",
        session: "recipes/session.md",
        accountlinking: "recipes/accountlinking.md",
        usermetadata: "recipes/usermetadata.md",
        userroles: "recipes/userroles.md",
        jwt: "recipes/jwt.md",
    }
}
