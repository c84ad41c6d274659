//! The `yinde` program: parses, runs, prints an error with its hint, sets the exit code.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
