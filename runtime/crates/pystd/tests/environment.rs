//! What a program does to its environment: variables set to others, files of its own.

use langferry_pystd::os::{Setting, getenv, prepare};

#[test]
fn variables_are_copied_and_own_files_read() {
    prepare(&[
        Setting::Beside {
            path: "tests/environment/beside.env",
            overrides: false,
        },
        Setting::Beside {
            path: "tests/environment/lacking.env",
            overrides: false,
        },
        Setting::Copied {
            name: "COPY",
            from: "BESIDE",
            default: None,
        },
        Setting::Copied {
            name: "COPY_OF_NOTHING",
            from: "LACKING_FOR_SURE",
            default: Some("default"),
        },
        Setting::Copied {
            name: "COPY_OF_LACKING",
            from: "LACKING_FOR_SURE",
            default: None,
        },
    ]);
    assert_eq!(getenv("BESIDE").unwrap().as_deref(), Some("here"));
    assert_eq!(getenv("COPY").unwrap().as_deref(), Some("here"));
    let copied = getenv("COPY_OF_NOTHING").unwrap();
    assert_eq!(copied.as_deref(), Some("default"));
    assert_eq!(
        getenv("COPY_OF_LACKING").unwrap_err().class(),
        "Unsupported"
    );
}
