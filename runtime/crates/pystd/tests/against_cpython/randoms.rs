//! `random`: the sequence for a seed.

use langferry_pystd::{Int, Random, Value, random};

use crate::oracle::Cases;

#[test]
fn sequences() {
    let mut cases = Cases::default();
    let items: Vec<Int> = (0..40).map(Int::from).collect();
    let seeds: [(&str, Value); 7] = [
        ("0", 0.into()),
        ("1", 1.into()),
        ("-5", (-5).into()),
        ("2**100 + 7", (Int::from(1u128 << 100) + 7).into()),
        ("'case é'", "case é".into()),
        ("''", "".into()),
        ("True", true.into()),
    ];
    for (code, seed) in seeds {
        let fresh = || Random::seeded(&seed).unwrap();
        let r = format!("random.Random({code})");
        let run = |body: &str| format!("(lambda r: [{body} for _ in range(700)])({r})");
        let mut g = fresh();
        cases.value(
            run("r.random()"),
            (0..700).map(|_| g.random()).collect::<Vec<_>>(),
        );
        let mut g = fresh();
        cases.value(
            run("r.randint(-3, 10**20)"),
            (0..700)
                .map(|_| {
                    g.randint(-3, Int::parse("100000000000000000000").unwrap())
                        .unwrap()
                })
                .collect::<Vec<_>>(),
        );
        let mut g = fresh();
        cases.value(
            run("r.randrange(7)"),
            (0..700)
                .map(|_| g.randrange(7).unwrap())
                .collect::<Vec<_>>(),
        );
        let mut g = fresh();
        cases.value(
            run("r.randrange(50, 3, -4)"),
            (0..700)
                .map(|_| g.randrange_step(50, 3, -4).unwrap())
                .collect::<Vec<_>>(),
        );
        let mut g = fresh();
        cases.value(
            run("r.uniform(-1, 2.5)"),
            (0..700)
                .map(|_| g.uniform(-1, 2.5).unwrap())
                .collect::<Vec<_>>(),
        );
        let mut g = fresh();
        cases.value(
            run("r.choice(range(40))"),
            (0..700)
                .map(|_| g.choice(&items).unwrap())
                .collect::<Vec<_>>(),
        );
        let mut g = fresh();
        cases.value(
            run("r.choices(range(40), k=3)"),
            (0..700)
                .map(|_| g.choices(&items, 3).unwrap())
                .collect::<Vec<_>>(),
        );
        let mut g = fresh();
        cases.value(
            run("r.sample(range(40), 5)"),
            (0..700)
                .map(|_| g.sample(&items, 5).unwrap())
                .collect::<Vec<_>>(),
        );
        let mut g = fresh();
        cases.value(
            run("r.sample(range(40), 30)"),
            (0..700)
                .map(|_| g.sample(&items, 30).unwrap())
                .collect::<Vec<_>>(),
        );
        let mut g = fresh();
        cases.value(
            run("r.gauss(1, 2)"),
            (0..700).map(|_| g.gauss(1, 2).unwrap()).collect::<Vec<_>>(),
        );
        let mut g = fresh();
        let mut shuffled = items.clone();
        g.shuffle(&mut shuffled);
        cases.value(
            format!("(lambda r, xs: (r.shuffle(xs), xs)[1])({r}, list(range(40)))"),
            shuffled,
        );
    }
    cases.add(
        "random.Random(1).randint(5, 1)",
        Random::seeded(1).unwrap().randint(5, 1),
    );
    cases.add(
        "random.Random(1).randrange(0)",
        Random::seeded(1).unwrap().randrange(0),
    );
    cases.add(
        "random.Random(1).choice([])",
        Random::seeded(1).unwrap().choice::<Int>(&[]),
    );
    cases.check(0);
}

#[test]
fn the_shared_generator_follows_its_seed() {
    random::seed(42).unwrap();
    let mut cases = Cases::default();
    let ours = (
        random::random(),
        random::randint(1, 6).unwrap(),
        random::choice(&["a", "b", "c"]).unwrap(),
    );
    cases.value(
        "(random.seed(42), random.random(), random.randint(1, 6), random.choice('abc'))[1:]",
        ours,
    );
    cases.check(0);
}
