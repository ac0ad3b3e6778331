//! Starting CPython: the one the crate was built for, with the packages it is to find.
#![allow(unsafe_code)] // only CPython's own functions say where its standard library is, before it starts

use std::ffi::CString;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use langferry_pystd::Exception;
use pyo3::ffi;
use pyo3::prelude::*;

use crate::bridge::raised::exception;

static STARTED: OnceLock<Result<(), String>> = OnceLock::new();

/// Starts the interpreter, once in a process.
///
/// # Errors
/// When it does not start, or a folder of packages cannot be added.
pub(crate) fn start() -> Result<(), Exception> {
    let started = STARTED.get_or_init(|| {
        initialize().and_then(|()| {
            Python::attach(|py| add_packages(py).map_err(|error| exception(py, &error).to_string()))
        })
    });
    started
        .clone()
        .map_err(|error| Exception::runtime_error(format!("cannot start Python: {error}")))
}

fn initialize() -> Result<(), String> {
    // SAFETY: asks for a flag, which is allowed at any time.
    if unsafe { ffi::Py_IsInitialized() } != 0 {
        return Ok(());
    }
    let home = home()?;
    // SAFETY: this follows CPython's own order for embedding: `config` is filled by
    // `PyConfig_InitPythonConfig` before it is read, cleared once after its last use, and no other thread
    // can be in the interpreter before `Py_InitializeFromConfig`, which `STARTED` lets run once. The thread
    // state made by it is given up at the end, so that any thread may attach.
    unsafe {
        let mut config = std::mem::MaybeUninit::<ffi::PyConfig>::zeroed();
        ffi::PyConfig_InitPythonConfig(config.as_mut_ptr());
        let mut config = config.assume_init();
        config.install_signal_handlers = 0;
        config.parse_argv = 0;
        if let Some(home) = home {
            let place = &raw mut config.home;
            let set = ffi::PyConfig_SetBytesString(&raw mut config, place, home.as_ptr());
            check(set)?;
        }
        let status = ffi::Py_InitializeFromConfig(&raw const config);
        ffi::PyConfig_Clear(&raw mut config);
        check(status)?;
        ffi::PyEval_SaveThread();
    }
    Ok(())
}

/// Where the Python that the crate was built for is installed, unless `PYTHONHOME` or a move says otherwise.
fn home() -> Result<Option<CString>, String> {
    let built_for = env!("LANGFERRY_PYTHON_HOME");
    if std::env::var_os("PYTHONHOME").is_some() || !Path::new(built_for).is_dir() {
        return Ok(None);
    }
    CString::new(built_for)
        .map(Some)
        .map_err(|error| error.to_string())
}

fn check(status: ffi::PyStatus) -> Result<(), String> {
    // SAFETY: reads the status it is given; a message in it is a static string of CPython's.
    unsafe {
        if ffi::PyStatus_Exception(status) == 0 {
            return Ok(());
        }
        if status.err_msg.is_null() {
            return Err("CPython gives no reason".to_owned());
        }
        Err(std::ffi::CStr::from_ptr(status.err_msg)
            .to_string_lossy()
            .into_owned())
    }
}

/// The folders take the place of the installation's own one, as those of a virtual environment do: what lies
/// there in other versions would be found first, and what is missing in them would be found.
fn add_packages(py: Python<'_>) -> PyResult<()> {
    let site = py.import("site")?;
    let path = py.import("sys")?.getattr("path")?;
    for installed in site.call_method0("getsitepackages")?.try_iter()? {
        let installed = installed?;
        while path.contains(&installed)? {
            path.call_method1("remove", (&installed,))?;
        }
    }
    for folder in package_folders(py) {
        if folder.is_dir() {
            site.call_method1("addsitedir", (folder,))?;
        }
    }
    Ok(())
}

fn package_folders(py: Python<'_>) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::env::var_os("LANGFERRY_PYTHONPATH")
        .map(|paths| std::env::split_paths(&paths).collect())
        .unwrap_or_default();
    if let Some(environment) = std::env::var_os("VIRTUAL_ENV") {
        let version = py.version_info();
        let python = format!("python{}.{}", version.major, version.minor);
        let environment = PathBuf::from(environment);
        folders.push(environment.join("lib").join(python).join("site-packages"));
        folders.push(environment.join("Lib").join("site-packages"));
    }
    folders.push(PathBuf::from(env!("LANGFERRY_PYTHON_PACKAGES")));
    folders
}
