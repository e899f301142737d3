//! Arguments, then the command line's work, then an exit code; nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    marquee::cli::main(std::env::args_os())
}
