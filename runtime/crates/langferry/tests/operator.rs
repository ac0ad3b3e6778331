//! `operator.add` and `operator.or_` on every type they reduce.

use langferry::operator::{add, or_};
use langferry::prelude::*;

#[test]
fn add_concatenates_and_sums() {
    assert_eq!(add(vec![1], vec![2, 3]).unwrap(), [1, 2, 3]);
    assert_eq!(add("a".to_owned(), "b".to_owned()).unwrap(), "ab");
    assert_eq!(
        add(Int::from(i64::MAX), Int::from(1)).unwrap().to_string(),
        "9223372036854775808"
    );
    assert_eq!(
        add(Float::from(0.5), Float::from(1.0)).unwrap(),
        Float::from(1.5)
    );
    let (one, two) = (Value::from(Int::from(1)), Value::from(Int::from(2)));
    assert_eq!(add(one.clone(), two).unwrap(), Value::from(Int::from(3)));
    let error = add(one, Value::from("a")).unwrap_err();
    assert_eq!(
        error.message(),
        "unsupported operand type(s) for +: 'int' and 'str'"
    );
}

#[test]
fn add_on_what_may_be_none_raises_what_python_raises() {
    assert_eq!(
        add(Some(vec![true]), Some(vec![false])).unwrap(),
        Some(vec![true, false])
    );
    let error = add(None, Some(vec![true])).unwrap_err();
    assert_eq!(
        error.message(),
        "unsupported operand type(s) for +: 'NoneType' and 'list'"
    );
    let error = add(Some(vec![true]), None).unwrap_err();
    assert_eq!(
        error.message(),
        "can only concatenate list (not \"NoneType\") to list"
    );
}

#[test]
fn or_merges() {
    let left = Dict::from([("a".to_owned(), 1), ("b".to_owned(), 2)]);
    let right = Dict::from([("a".to_owned(), 3), ("c".to_owned(), 4)]);
    let merged = or_(left, right).unwrap();
    let items: Vec<_> = merged
        .items()
        .map(|(key, value)| (key.as_str(), *value))
        .collect();
    assert_eq!(items, [("a", 3), ("b", 2), ("c", 4)]);
    assert_eq!(
        or_(Set::from([1]), Set::from([2])).unwrap(),
        Set::from([1, 2])
    );
    assert_eq!(or_(Int::from(4), Int::from(1)).unwrap(), Int::from(5));
}
