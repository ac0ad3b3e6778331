//! Classes, messages and what `except` would catch.

use std::process::Command;
use std::sync::Arc;

use langferry_pystd::{Class, Dict, Exception, Int, Value, repr, str_of};

#[test]
fn str_shows_what_python_shows() {
    let raised = |class: &'static str, args: Vec<Value>| Exception::raise(class, args);
    assert_eq!(str_of(&raised("ValueError", vec!["x".into()])), "x");
    assert_eq!(str_of(&raised("ValueError", vec![])), "");
    assert_eq!(
        str_of(&raised("ValueError", vec!["x".into(), 1.into()])),
        "('x', 1)"
    );
    assert_eq!(str_of(&raised("KeyError", vec!["x".into()])), "'x'");
    assert_eq!(
        str_of(&raised("OSError", vec![2.into(), "no".into()])),
        "[Errno 2] no"
    );
    assert_eq!(
        repr(&raised("ValueError", vec!["x".into(), 1.into()])),
        "ValueError('x', 1)"
    );
    let missing = Dict::<String, Int>::new().item("a'b").cloned().unwrap_err();
    assert_eq!(
        (missing.class(), missing.message()),
        ("KeyError", "\"a'b\"")
    );
}

static REFUSED: Class = Class::new("Refused", &["ValueError"]);
static LATE: Class = Class::new("Late", &["Refused", "ValueError", "KeyError"]);

#[test]
fn except_follows_the_hierarchy() {
    let missing = Exception::key_error("'x'");
    assert!(missing.is("KeyError") && missing.is("LookupError") && missing.is("Exception"));
    assert!(!missing.is("ValueError"));
    let refused = REFUSED.raise(["no".into()]);
    assert!(refused.is("Refused") && refused.is("ValueError") && refused.is("BaseException"));
    assert_eq!((refused.class(), refused.message()), ("Refused", "no"));
    let late = LATE.raise(["k".into()]);
    assert!(late.is("Refused") && late.is("LookupError"));
    assert_eq!(
        late.message(),
        "'k'",
        "a KeyError shows the repr of its key"
    );
    assert!(Exception::new("FileNotFoundError", "x").is("IOError"));
    assert!(
        !Exception::unsupported("x").is("Exception"),
        "nothing may swallow it"
    );
}

#[test]
fn builtin_bases_are_cpythons() {
    let names = [
        "ArithmeticError",
        "AssertionError",
        "AttributeError",
        "BlockingIOError",
        "BrokenPipeError",
        "BufferError",
        "ChildProcessError",
        "ConnectionError",
        "ConnectionResetError",
        "EOFError",
        "Exception",
        "FileExistsError",
        "FileNotFoundError",
        "FloatingPointError",
        "GeneratorExit",
        "ImportError",
        "IndentationError",
        "IndexError",
        "InterruptedError",
        "IsADirectoryError",
        "KeyError",
        "KeyboardInterrupt",
        "LookupError",
        "MemoryError",
        "ModuleNotFoundError",
        "NameError",
        "NotADirectoryError",
        "NotImplementedError",
        "OSError",
        "OverflowError",
        "PermissionError",
        "ProcessLookupError",
        "RecursionError",
        "ReferenceError",
        "RuntimeError",
        "StopAsyncIteration",
        "StopIteration",
        "SyntaxError",
        "SystemError",
        "SystemExit",
        "TabError",
        "TimeoutError",
        "TypeError",
        "UnboundLocalError",
        "UnicodeDecodeError",
        "UnicodeError",
        "UnicodeEncodeError",
        "UnicodeTranslateError",
        "UserWarning",
        "ValueError",
        "Warning",
        "ZeroDivisionError",
        "DeprecationWarning",
        "BaseException",
    ];
    let code = format!(
        "import builtins\nfor n in {:?}: print(*[c.__name__ for c in getattr(builtins, n).__mro__[1:-1]])",
        names
    );
    let Ok(output) = Command::new("python3").args(["-I", "-c", &code]).output() else {
        println!("skipped: no python3 to compare with");
        return;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), names.len());
    for (name, bases) in names.into_iter().zip(text.lines()) {
        let raised = Exception::new(name, "");
        let own: Vec<&str> = raised.bases().collect();
        assert_eq!(own.join(" "), bases, "{name}");
    }
}

#[test]
fn an_interrupt_carries_its_payload() {
    let raised = Exception::interrupt(Arc::new(7u8));
    assert!(raised.is("GraphBubbleUp"));
    let payload = raised
        .payload()
        .and_then(|payload| payload.downcast_ref::<u8>());
    assert_eq!(payload, Some(&7));
}

#[test]
fn arithmetic_that_cannot_return_throws_its_exception() {
    let huge = Int::parse(&"9".repeat(400)).unwrap();
    let thrown = std::panic::catch_unwind(|| &huge + 1.0).unwrap_err();
    let raised = thrown.downcast_ref::<Exception>().unwrap();
    assert_eq!(raised.class(), "OverflowError");
}
