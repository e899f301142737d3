//! Arguments, then the command line's work, then an exit code; nothing else.

fn main() {}
