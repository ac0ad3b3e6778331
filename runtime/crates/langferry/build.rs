//! Tells the bridge, and the crates that use it, where the Python it is built for lies.
//!
//! A crate that depends on `langferry` with the feature `bridge` finds the folder of libpython in
//! `DEP_LANGFERRY_PYTHON_LIB_DIR` and links its binary with it; see the module `bridge`.

#[cfg(feature = "bridge")]
use std::{env, path::PathBuf, process::Command};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    #[cfg(feature = "bridge")]
    bridge();
}

#[cfg(feature = "bridge")]
fn bridge() {
    pyo3_build_config::add_libpython_rpath_link_args();
    let python = pyo3_build_config::get();
    if let Some(folder) = python.lib_dir() {
        println!("cargo:python_lib_dir={folder}");
    }
    let interpreter = interpreter(python);
    let script =
        "import sys, sysconfig; print(sys.base_prefix); print(sysconfig.get_path('purelib'))";
    let printed = Command::new(&interpreter).args(["-c", script]).output();
    let printed = match printed {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).into_owned()
        }
        _ => {
            eprintln!(
                "cannot ask `{}` where it is installed",
                interpreter.display()
            );
            std::process::exit(1);
        }
    };
    let mut lines = printed.lines();
    let (home, packages) = (
        lines.next().unwrap_or_default(),
        lines.next().unwrap_or_default(),
    );
    println!("cargo:rustc-env=LANGFERRY_PYTHON_HOME={home}");
    println!("cargo:rustc-env=LANGFERRY_PYTHON_PACKAGES={packages}");
}

/// The interpreter pyo3 was given. Its own record of it names the base of a virtual environment.
#[cfg(feature = "bridge")]
fn interpreter(python: &pyo3_build_config::InterpreterConfig) -> PathBuf {
    for variable in ["PYO3_PYTHON", "VIRTUAL_ENV"] {
        println!("cargo:rerun-if-env-changed={variable}");
    }
    let environment = || {
        let folder = PathBuf::from(env::var_os("VIRTUAL_ENV")?);
        Some(folder.join(if cfg!(windows) {
            "Scripts/python.exe"
        } else {
            "bin/python"
        }))
    };
    env::var_os("PYO3_PYTHON")
        .map(PathBuf::from)
        .or_else(environment)
        .unwrap_or_else(|| PathBuf::from(python.executable().unwrap_or("python3")))
}
