//! In an extension module the interpreter is the one that imported it.

use langferry_pystd::Exception;

/// Nothing is left to start, and packages are the host's to find.
#[allow(clippy::unnecessary_wraps)] // the signature is that of the embedded interpreter
pub(crate) fn start() -> Result<(), Exception> {
    Ok(())
}
