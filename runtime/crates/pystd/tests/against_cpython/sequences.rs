//! Lists, dicts, ranges, sorting and the builtins over them.

use langferry_pystd::{
    Contains, Dict, Exception, Float, Int, Slice, any, enumerate, len, list, max, max_by_key_or,
    min, ops, range_step, repr, sorted, sorted_by_key, sum,
};

use crate::oracle::{Cases, Dice, rounds};

fn ints(dice: &mut Dice) -> Vec<Int> {
    (0..dice.below(9))
        .map(|_| dice.range(-3, 6).into())
        .collect()
}

/// What a change in place leaves behind.
fn after<R>(
    xs: &[Int],
    change: impl FnOnce(&mut Vec<Int>) -> Result<R, Exception>,
) -> Result<Vec<Int>, Exception> {
    let mut xs = xs.to_vec();
    change(&mut xs).map(|_| xs)
}

#[test]
fn lists() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(31);
    for _ in 0..rounds(400) {
        let (xs, ys) = (ints(dice), ints(dice));
        let (s, t) = (repr(&xs), repr(&ys));
        let (from, to, step) = (dice.range(-9, 9), dice.range(-9, 9), dice.range(-3, 3));
        let value = Int::from(dice.range(-3, 6));
        let done = |statement: &str| format!("(lambda xs: ({statement}, xs)[1])({s})");
        cases.add(format!("{s}[{from}]"), list::item(&xs, from));
        cases.value(format!("{s}[{from}:{to}]"), list::slice(&xs, from..to));
        let slice = || Slice::new(Some(from.into()), Some(to.into()), Some(step.into()));
        cases.add(
            format!("{s}[{from}:{to}:{step}]"),
            slice().map(|slice| list::slice(&xs, slice)),
        );
        let whole = Slice::new(None, None, Some(step.into()));
        cases.add(
            format!("{s}[::{step}]"),
            whole.map(|slice| list::slice(&xs, slice)),
        );
        cases.add(
            done(&format!("xs.__setitem__({from}, {value})")),
            after(&xs, |xs| list::set_item(xs, from, value.clone())),
        );
        cases.add(
            done(&format!("xs.__setitem__(slice({from}, {to}), {t})")),
            after(&xs, |xs| list::set_slice(xs, from..to, ys.clone())),
        );
        cases.add(
            done(&format!("xs.__setitem__(slice({from}, {to}, {step}), {t})")),
            after(&xs, |xs| list::set_slice(xs, slice()?, ys.clone())),
        );
        cases.add(
            done(&format!("xs.__delitem__(slice({from}, {to}, {step}))")),
            after(&xs, |xs| slice().map(|slice| list::delete_slice(xs, slice))),
        );
        cases.add(
            done(&format!("xs.__delitem__({from})")),
            after(&xs, |xs| list::delete(xs, from)),
        );
        cases.add(
            done(&format!("xs.insert({from}, {value})")),
            after(&xs, |xs| list::insert(xs, from, value.clone())),
        );
        cases.add(done("xs.pop()"), after(&xs, list::pop));
        cases.add(
            done(&format!("xs.pop({from})")),
            after(&xs, |xs| list::pop_at(xs, from)),
        );
        cases.add(
            done(&format!("xs.remove({value})")),
            after(&xs, |xs| list::remove(xs, &value)),
        );
        cases.add(
            done("xs.sort(reverse=True)"),
            after(&xs, |xs| list::sort(xs, true)),
        );
        cases.add(format!("{s}.index({value})"), list::index(&xs, &value));
        cases.value(format!("{s}.count({value})"), list::count(&xs, &value));
        cases.value(format!("{value} in {s}"), xs.py_contains(&value));
        cases.value(format!("{s} * {to}"), list::repeat(&xs, to));
        cases.add(format!("{s} + {t}"), ops::add(&xs, &ys));
        cases.add(format!("{s} < {t}"), ops::lt(&xs, &ys));
        cases.add(format!("{s} >= {t}"), ops::ge(&xs, &ys));
        cases.add(format!("min({s})"), min(xs.clone()));
        cases.add(format!("max({s})"), max(xs.clone()));
        cases.add(format!("sum({s})"), sum(xs.clone()));
        cases.value(format!("any({s})"), any(&xs));
        cases.value(format!("len({s})"), len(&xs));
        cases.value(
            format!("list(enumerate({s}, {from}))"),
            enumerate(xs.clone(), from).collect::<Vec<_>>(),
        );
        let range = || range_step(from, to, step);
        let code = format!("range({from}, {to}, {step})");
        cases.add(
            format!("list({code})"),
            range().map(|range| range.collect::<Vec<_>>()),
        );
        cases.add(
            format!("list(reversed({code}))"),
            range().map(|range| range.rev().collect::<Vec<_>>()),
        );
        cases.add(
            format!("{value} in {code}"),
            range().map(|range| range.py_contains(&value)),
        );
    }
    cases.check(0);
}

#[test]
fn sorting() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(32);
    for round in 0..rounds(60) {
        let count = if round % 10 == 0 {
            200 + dice.below(300)
        } else {
            dice.below(40)
        };
        let pairs: Vec<(Int, String)> = (0..count)
            .map(|_| (dice.range(0, 5).into(), dice.text(&["a", "b", "é", "Z"], 3)))
            .collect();
        let s = repr(&pairs);
        for reverse in [false, true] {
            let flag = repr(&reverse);
            cases.add(
                format!("sorted({s}, reverse={flag})"),
                sorted(pairs.clone(), reverse),
            );
            cases.add(
                format!("sorted({s}, key=lambda p: p[0], reverse={flag})"),
                sorted_by_key(pairs.clone(), |pair| Ok(pair.0.clone()), reverse),
            );
            cases.add(
                format!("sorted({s}, key=lambda p: (-p[0], p[1]), reverse={flag})"),
                sorted_by_key(
                    pairs.clone(),
                    |pair| Ok((-&pair.0, pair.1.clone())),
                    reverse,
                ),
            );
        }
        cases.add(
            format!("max({s}, key=lambda p: len(p[1]), default=(0, ''))"),
            max_by_key_or(
                pairs.clone(),
                |pair| Ok(len(&pair.1)),
                (Int::ZERO, String::new()),
            ),
        );
        let floats: Vec<Float> = (0..dice.below(30))
            .map(|_| [0.0, -0.0, 1.5, f64::NAN, 2.0][dice.below(5)].into())
            .collect();
        let shown = repr(&floats).replace("nan", "math.nan");
        cases.add(format!("sorted({shown})"), sorted(floats, false));
    }
    cases.check(0);
}

#[test]
fn dicts() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(33);
    for _ in 0..rounds(300) {
        let pairs = |dice: &mut Dice| -> Dict<String, Int> {
            (0..dice.below(5))
                .map(|_| {
                    (
                        dice.pick(&["a", "b", "c", "d'"]).to_owned(),
                        dice.range(0, 3).into(),
                    )
                })
                .collect()
        };
        let (a, b) = (pairs(dice), pairs(dice));
        let (s, t) = (repr(&a), repr(&b));
        let key = dice.pick(&["a", "b", "d'"]);
        let k = repr(key);
        cases.value(s.clone(), &a);
        cases.value(format!("{s} == {t}"), a == b);
        cases.value(format!("{s} | {t}"), &a | &b);
        cases.value(format!("{s}.get({k})"), a.get(key).cloned());
        cases.add(format!("{s}[{k}]"), a.item(key).cloned());
        cases.add(format!("(lambda d: (d.pop({k}), d))({s})"), {
            let mut d = a.clone();
            d.pop(key).map(|value| (value, d))
        });
        cases.add(format!("(lambda d: (d.popitem(), d))({s})"), {
            let mut d = a.clone();
            d.pop_item().map(|item| (item, d))
        });
        cases.value(format!("(lambda d: (d.setdefault({k}, 9), d))({s})"), {
            let mut d = a.clone();
            (d.set_default(key, 9).clone(), d)
        });
        cases.value(format!("(lambda d: (d.__setitem__({k}, 7), d)[1])({s})"), {
            let mut d = a.clone();
            d.insert(key, 7);
            d
        });
        cases.value(
            format!("list({s}.keys())"),
            a.keys().cloned().collect::<Vec<_>>(),
        );
        cases.value(
            format!("list({s}.items())"),
            a.items()
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect::<Vec<_>>(),
        );
    }
    cases.check(0);
}
