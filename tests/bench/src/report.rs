//! The table, and the same as JSON.

use std::{fs, path::Path};

use serde_json::json;

use crate::Outcome;

/// What was measured, and its budget where there is one.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    pub(crate) measured: f64,
    pub(crate) budget: Option<f64>,
    pub(crate) at_least: bool,
    pub(crate) note: String,
}

impl Row {
    fn is_kept(&self) -> Option<bool> {
        let budget = self.budget?;
        Some(if self.at_least { self.measured >= budget } else { self.measured <= budget })
    }
}

pub(crate) fn print(rows: &[Row]) {
    println!("\n| what | measured | budget | | how |\n|---|---|---|---|---|");
    for row in rows {
        let sign = if row.at_least { "≥" } else { "≤" };
        let budget =
            row.budget.map_or_else(String::new, |it| format!("{sign} {it:.2} {}", row.unit));
        let verdict = row.is_kept().map_or("", |it| if it { "ok" } else { "over" });
        println!(
            "| {} | {:.2} {} | {budget} | {verdict} | {} |",
            row.name, row.measured, row.unit, row.note
        );
    }
}

pub(crate) fn write(rows: &[Row], path: &Path) -> Outcome<()> {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "what": row.name, "measured": row.measured, "budget": row.budget,
                "unit": row.unit, "ok": row.is_kept(), "how": row.note,
            })
        })
        .collect();
    Ok(fs::write(path, serde_json::to_string_pretty(&rows)?)?)
}
