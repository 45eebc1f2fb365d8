//! The table, and what is over the budget.

use std::time::Duration;

use crate::measure::Figure;

/// An operation may take this much longer with a million users than with ten thousand.
const BUDGET: f64 = 1.5;

/// Prints the times at the smallest size and the ratios to them; gives those over the budget.
pub(crate) fn print(storage: &str, users: &[u32], figures: &[Figure]) -> Vec<String> {
    let Some((smallest, larger)) = users.split_first() else { return Vec::new() };
    let sizes: Vec<_> = larger.iter().map(|users| format!(" {users} |")).collect();
    println!("\n| {storage} | {smallest} users |{}", sizes.concat());
    println!("|---|---|{}", "---|".repeat(larger.len()));
    let mut problems = Vec::new();
    for figure in figures {
        let ratios = line(figure.name, &figure.at_sizes);
        for (users, ratio) in larger.iter().zip(ratios).filter(|(_, ratio)| *ratio > BUDGET) {
            problems.push(format!(
                "{storage}, {users} users: {} takes {ratio:.2} times as long as with {smallest}; \
                 at most {BUDGET}",
                figure.name
            ));
        }
    }
    println!();
    problems
}

/// Prints a line, and gives its ratios.
fn line(name: &str, times: &[Duration]) -> Vec<f64> {
    let secs: Vec<_> = times.iter().map(Duration::as_secs_f64).collect();
    let Some((smallest, larger)) = secs.split_first() else { return Vec::new() };
    let ratios: Vec<_> = larger.iter().map(|secs| secs / smallest).collect();
    let cells: Vec<_> = ratios.iter().map(|ratio| format!(" × {ratio:.2} |")).collect();
    println!("| {name} | {:.0} µs |{}", smallest * 1e6, cells.concat());
    ratios
}
