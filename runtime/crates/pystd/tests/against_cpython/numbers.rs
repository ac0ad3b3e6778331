//! `int`, `float`, their operators, conversion, rounding and `math`.

use langferry_pystd::{
    Float, Int, abs, bin, divmod, float, hex, int, int_base, math, ops, pow_mod, repr, round,
    round_to, sum,
};

use crate::oracle::{Cases, Dice, rounds};

fn an_int(dice: &mut Dice) -> Int {
    match dice.below(6) {
        0 => dice.range(-3, 3).into(),
        1 => dice.range(-1000, 1000).into(),
        2 => Int::from(i64::from_ne_bytes(dice.bits().to_ne_bytes())),
        3 => Int::from(i64::MIN) + dice.range(-2, 2),
        4 => Int::from(i64::MAX) + dice.range(-2, 2),
        _ => {
            let big = Int::from(dice.bits()) * Int::from(dice.bits()) * Int::from(dice.bits());
            if dice.below(2) == 0 { -big } else { big }
        }
    }
}

fn a_double(dice: &mut Dice) -> f64 {
    match dice.below(8) {
        0 => [
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            1e16,
            1e-5,
            123_456_789_012_345_680.0,
        ][dice.below(8)],
        1 => f64::from(i32::try_from(dice.range(-100_000, 100_000)).unwrap()) / 100.0,
        2 => f64::from(i32::try_from(dice.range(-1_000_000, 1_000_000)).unwrap()) / 1000.0,
        3 => f64::from(i32::try_from(dice.range(-100, 100)).unwrap()) / 8.0,
        4 => [
            1e308,
            -1e308,
            5e-324,
            2.5,
            1e22,
            1e23,
            9_007_199_254_740_993.0,
            0.1,
        ][dice.below(8)],
        5 => [f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1.5][dice.below(4)],
        _ => {
            let value = f64::from_bits(dice.bits());
            if value.is_nan() { 0.25 } else { value }
        }
    }
}

fn code(value: &Float) -> String {
    format!("float({:?})", repr(value))
        .replace('"', "'")
        .replace(
            "float('",
            if matches!(value, Float::Int(_)) {
                "int('"
            } else {
                "float('"
            },
        )
}

#[test]
fn int_operators() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(1);
    for _ in 0..rounds(500) {
        let (a, b) = (an_int(dice), an_int(dice));
        cases.value(format!("({a}) + ({b})"), &a + &b);
        cases.value(format!("({a}) - ({b})"), &a - &b);
        cases.value(format!("({a}) * ({b})"), &a * &b);
        cases.value(format!("({a}) & ({b})"), &a & &b);
        cases.value(format!("({a}) | ({b})"), &a | &b);
        cases.value(format!("({a}) ^ ({b})"), &a ^ &b);
        cases.value(format!("~({a})"), !&a);
        cases.value(format!("-({a})"), -&a);
        cases.value(format!("({a}) < ({b})"), a < b);
        cases.add(format!("({a}) // ({b})"), ops::floor_div(&a, &b));
        cases.add(format!("({a}) % ({b})"), ops::rem(&a, &b));
        cases.add(format!("({a}) / ({b})"), ops::true_div(&a, &b));
        cases.add(format!("divmod({a}, {b})"), divmod(&a, &b));
        let small = Int::from(dice.range(-2, 90));
        cases.add(format!("({a}) << ({small})"), ops::shl(&a, &small));
        cases.add(format!("({a}) >> ({small})"), ops::shr(&a, &small));
        cases.add(format!("pow({a}, {small}, {b})"), pow_mod(&a, &small, &b));
        let power = Int::from(dice.range(0, 9));
        cases.add(format!("({a}) ** ({power})"), ops::pow(&a, &power));
        cases.value(format!("abs({a})"), abs(&a));
        cases.value(format!("bin({a})"), bin(&a));
        cases.value(format!("hex({a})"), hex(&a));
        cases.add(format!("round({a}, {})", -&power), round_to(&a, -&power));
        cases.add(format!("float({a})"), float(&a));
        cases.value(format!("({a}) == float({a})"), a == a.to_f64().unwrap());
        let digits = &a * &a * &a * &a * &a * &a;
        cases.add(format!("float({digits})"), float(&digits));
        cases.add(format!("({digits}) / ({b})"), ops::true_div(&digits, &b));
        cases.add(format!("({b}) / ({digits})"), ops::true_div(&b, &digits));
    }
    cases.check(0);
}

#[test]
fn float_operators() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(2);
    for _ in 0..rounds(800) {
        let number = |dice: &mut Dice| match dice.below(4) {
            0 => Float::from(an_int(dice)),
            _ => Float::from(a_double(dice)),
        };
        let (a, b) = (number(dice), number(dice));
        let (x, y) = (code(&a), code(&b));
        cases.value(x.clone(), &a);
        cases.add(format!("{x} + {y}"), ops::add(&a, &b));
        cases.add(format!("{x} - {y}"), ops::sub(&a, &b));
        cases.add(format!("{x} * {y}"), ops::mul(&a, &b));
        cases.add(format!("{x} / {y}"), ops::true_div(&a, &b));
        cases.add(format!("{x} // {y}"), ops::floor_div(&a, &b));
        cases.add(format!("{x} % {y}"), ops::rem(&a, &b));
        cases.value(format!("{x} < {y}"), a < b);
        cases.value(format!("{x} == {y}"), a == b);
        cases.value(format!("{x} >= {y}"), a >= b);
        let half = Float::from(0.5);
        cases.add(format!("abs({x}) ** 0.5"), ops::pow(&abs(&a), &half));
        cases.add(format!("{x} ** 2.0"), ops::pow(&a, &Float::from(2.0)));
        cases.add(format!("int({x})"), int(&a));
        cases.add(format!("round({x})"), round(&a));
        for digits in [0, 1, 2, 5, dice.range(-20, 25)] {
            cases.add(format!("round({x}, {digits})"), round_to(&a, digits));
        }
        cases.add(format!("math.floor({x})"), math::floor(&a));
        cases.add(format!("math.ceil({x})"), math::ceil(&a));
        cases.add(format!("math.sqrt({x})"), math::sqrt(&a));
        cases.add(format!("math.isclose({x}, {y})"), math::isclose(&a, &b));
        cases.add(
            format!("sum([{x}, {y}, {x}])"),
            sum([a.clone(), b.clone(), a.clone()]),
        );
        cases.value(
            format!("{x}.is_integer() if isinstance({x}, float) else True"),
            a.is_integer(),
        );
    }
    cases.check(0);
}

#[test]
fn reading_numbers() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(3);
    let pieces = [
        "1", "0", "12", "_", ".", "-", "+", " ", "e", "E5", "x", "0x", "0b1", "f", "inf", "nan",
        "\u{663}", "\n", "0o7", "z", "infinity", "9",
    ];
    for _ in 0..rounds(800) {
        let text = dice.text(&pieces, 5);
        cases.add(format!("int({})", repr(&text)), int(&text));
        cases.add(format!("float({})", repr(&text)), float(&text));
        let base = [0, 2, 8, 10, 16, 36, 37][dice.below(7)];
        cases.add(
            format!("int({}, {base})", repr(&text)),
            int_base(&text, base),
        );
    }
    for _ in 0..rounds(500) {
        let value = a_double(dice);
        let text = format!("{value:e}");
        cases.add(format!("float({})", repr(&text)), float(&text));
    }
    cases.check(0);
}
