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
    security: "security.md",
    differences: "differences.md",
    benchmarks: "benchmarks.md",
    design: "design.md",
}
