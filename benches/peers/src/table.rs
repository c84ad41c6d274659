//! The Markdown tables.

use std::io::{self, Write};

use crate::engine::{Engine, Peer, Yinde};
use crate::measure::{Builds, Searched, median};

/// One query with what both engines and both scans say.
pub struct QueryRow {
    /// The query.
    pub query: &'static str,
    /// Passages whose matching form holds it.
    pub scan: u64,
    /// Passages whose text holds it as it stands.
    pub verbatim: u64,
    /// Yinde's search.
    pub yinde: Searched,
    /// The peer's search.
    pub peer: Searched,
}

/// The figures of one engine.
struct Figures {
    wall: f64,
    cpu: f64,
    megabytes: f64,
    rate: f64,
    query_ms: f64,
    exact: usize,
}

impl Figures {
    fn new(builds: &Builds, text_bytes: u64, rows: &[QueryRow], searched: fn(&QueryRow) -> Searched) -> Figures {
        let wall = median(&builds.wall);
        let times: Vec<f64> = rows.iter().map(|row| searched(row).ms).collect();
        Figures {
            wall,
            cpu: median(&builds.cpu),
            megabytes: median(&builds.size) / 1e6,
            rate: text_bytes as f64 / 1e6 / wall,
            query_ms: median(&times),
            exact: rows.iter().filter(|row| searched(row).count == row.scan).count(),
        }
    }
}

/// Marks a figure that the peer wins.
fn mark(figure: String, wins: bool) -> String {
    if wins { format!("**{figure}**") } else { figure }
}

/// Prints one line for each engine, and how they compare.
pub fn engines(
    out: &mut dyn Write,
    text_bytes: u64,
    rows: &[QueryRow],
    yinde: &Builds,
    peer: &Builds,
) -> io::Result<()> {
    let y = Figures::new(yinde, text_bytes, rows, |row| row.yinde);
    let p = Figures::new(peer, text_bytes, rows, |row| row.peer);
    writeln!(
        out,
        "| engine | index wall s | index CPU s | index MB | text MB/s | query ms | exact of {} |",
        rows.len()
    )?;
    writeln!(out, "|---|---:|---:|---:|---:|---:|---:|")?;
    for (name, f, other) in [(Yinde::NAME, &y, None), (Peer::NAME, &p, Some(&y))] {
        let wins = |better: fn(&Figures, &Figures) -> bool| other.is_some_and(|other| better(f, other));
        writeln!(
            out,
            "| {name} | {} | {} | {} | {} | {} | {} |",
            mark(format!("{:.2}", f.wall), wins(|p, y| p.wall < y.wall)),
            mark(format!("{:.2}", f.cpu), wins(|p, y| p.cpu < y.cpu)),
            mark(format!("{:.1}", f.megabytes), wins(|p, y| p.megabytes < y.megabytes)),
            mark(format!("{:.1}", f.rate), wins(|p, y| p.rate > y.rate)),
            mark(format!("{:.3}", f.query_ms), wins(|p, y| p.query_ms < y.query_ms)),
            mark(f.exact.to_string(), wins(|p, y| p.exact > y.exact)),
        )?;
    }
    writeln!(out, "\n{} ÷ {}: wall {:.2}, CPU {:.2}.", Peer::NAME, Yinde::NAME, p.wall / y.wall, p.cpu / y.cpu)
}

/// Prints one line for each query.
pub fn queries(out: &mut dyn Write, rows: &[QueryRow]) -> io::Result<()> {
    let (yinde, peer) = (Yinde::NAME, Peer::NAME);
    writeln!(out, "| query | scan | verbatim | {yinde} | {yinde} ms | {peer} | {peer} ms |")?;
    writeln!(out, "|---|---:|---:|---:|---:|---:|---:|")?;
    for row in rows {
        let off = |count: u64| count.abs_diff(row.scan);
        writeln!(
            out,
            "| {} | {} | {} | {} | {:.3} | {} | {} |",
            row.query,
            row.scan,
            row.verbatim,
            row.yinde.count,
            row.yinde.ms,
            mark(row.peer.count.to_string(), off(row.peer.count) < off(row.yinde.count)),
            mark(format!("{:.3}", row.peer.ms), row.peer.ms < row.yinde.ms),
        )?;
    }
    Ok(())
}
