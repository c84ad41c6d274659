//! The machine that figures come from, as far as the system tells.

use std::fs;
use std::thread;

use serde::Serialize;

/// A machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Machine {
    /// The processor's name, where Linux tells.
    pub cpu: Option<String>,
    /// Processors that the program may use.
    pub cores: usize,
    /// Memory in bytes, where Linux tells.
    pub memory_bytes: Option<u64>,
    /// The operating system.
    pub os: &'static str,
    /// The processor's architecture.
    pub arch: &'static str,
}

impl Machine {
    /// The machine that this process runs on.
    pub fn this() -> Machine {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        Machine {
            cpu: value(&read("/proc/cpuinfo"), "model name").map(str::to_owned),
            cores: cores(),
            memory_bytes: value(&read("/proc/meminfo"), "MemTotal").and_then(kilobytes),
            os: std::env::consts::OS,
            arch: std::env::consts::ARCH,
        }
    }
}

/// Processors that the program may use.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, |n| n.get())
}

/// The first value of a name in lines of `name : value`.
fn value<'a>(lines: &'a str, name: &str) -> Option<&'a str> {
    lines.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.trim() == name).map(|(_, v)| v.trim())
}

fn kilobytes(value: &str) -> Option<u64> {
    value.trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_names() {
        let lines = "processor\t: 0\nmodel name\t: AMD EPYC\nmodel name\t: other\nMemTotal:       24563 kB\n";
        assert_eq!(value(lines, "model name"), Some("AMD EPYC"));
        assert_eq!(value(lines, "MemTotal").and_then(kilobytes), Some(24_563 * 1024));
        assert_eq!(value(lines, "model"), None);
    }
}
