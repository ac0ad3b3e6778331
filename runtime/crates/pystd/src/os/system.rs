//! Python's `os.system`: a command that a shell runs.

use crate::{Exception, Int};

/// `os.system(command)`: what the system says of how it ended.
///
/// # Errors
/// `ValueError` for a command with a null byte; unsupported where the program has set variables in a way that
/// failed, and where there is no such shell.
pub fn system(command: &str) -> Result<Int, Exception> {
    if command.contains('\0') {
        return Err(Exception::value_error("embedded null byte"));
    }
    super::variables()?;
    run(command, super::prepared())
}

#[cfg(unix)]
fn run(command: &str, variables: Vec<(String, String)>) -> Result<Int, Exception> {
    use std::io::{ErrorKind, Write, stdout};
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    /// A shell that cannot be run.
    const NO_SHELL: i64 = 127 << 8;

    // what cannot be written here is told by whoever prints next
    let _ = stdout().flush();
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "--", command]);
    // other variables are handed on as they are
    shell.envs(variables);
    Ok(match shell.status() {
        Ok(status) => Int::from(i64::from(status.into_raw())),
        Err(error) if error.kind() == ErrorKind::NotFound => Int::from(NO_SHELL),
        Err(_) => Int::from(-1),
    })
}

#[cfg(not(unix))]
fn run(_: &str, _: Vec<(String, String)>) -> Result<Int, Exception> {
    Err(Exception::unsupported("os.system without a POSIX shell"))
}
