//! Random small graphs tell the same as LangGraph 1.2.22 did (`recorded/record.py` made `cases.txt`).
#![allow(clippy::unwrap_used)] // a test may panic, its helpers too

mod common;

use std::collections::HashMap;

use common::*;
use langferry_core::*;

fn length(seen: &Seen) -> usize {
    match (
        &seen.arg,
        seen.values.iter().find(|(name, _)| name == "log"),
    ) {
        (None, Some((_, Value::List(items)))) => items.len(),
        _ => 99,
    }
}

fn targets(names: &str, size: usize) -> Vec<Target<Value>> {
    let target = |name: &str| match name.strip_prefix('>') {
        Some(node) => send(node, &format!("s{size}")),
        None => name.into(),
    };
    names.split(',').map(target).collect()
}

fn node(name: String, traits: HashMap<String, String>) -> impl Fn(&Seen) -> Out {
    move |seen| {
        let size = length(seen);
        if traits.get("raise") == Some(&size.to_string()) {
            return Err(raise(&format!("ValueError: {name}")));
        }
        let questions: usize = traits.get("ask").map_or(0, |count| count.parse().unwrap());
        let mut item = name.clone();
        for question in 0..questions {
            let answer = seen.interrupt(&format!("{name}{question}?"))?;
            item = format!("{item}={answer}");
        }
        if traits.contains_key("none") {
            return Ok(NodeOutput::default());
        }
        let mut updates = vec![("log", list(&item))];
        if traits.contains_key("twice") {
            updates.push(("log", list(&name)));
        }
        if traits.contains_key("x") {
            updates.push(("x", Value::Int(i64::try_from(size).unwrap())));
        }
        let mut out = seen.out(&updates);
        if let Some((limit, names)) = traits.get("goto").and_then(|goto| goto.split_once(':'))
            && size < limit.parse().unwrap()
        {
            out.goto = targets(names, size);
        }
        Ok(out)
    }
}

fn router(spec: &str) -> impl Fn(&Seen) -> Routes + use<> {
    let (limit, choices) = spec.split_once(':').unwrap();
    let limit: usize = limit.parse().unwrap();
    let choices: Vec<String> = choices.split('|').map(ToOwned::to_owned).collect();
    move |seen| match length(seen) {
        size if size >= limit => to(&[END]),
        size => Ok(targets(&choices[size % choices.len()], size)),
    }
}

fn build(lines: &[&str]) -> (Program, Thread) {
    let mut builder = Builder::new();
    let (mut before, mut after, mut limit) = (Vec::new(), Vec::new(), 0);
    for line in lines {
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["node", name, ref rest @ ..] => {
                let pair = |given: &&str| {
                    let (name, value) = given.split_once('=').unwrap_or((given, ""));
                    (name.to_owned(), value.to_owned())
                };
                let traits: HashMap<_, _> = rest.iter().map(pair).collect();
                let defer = traits.contains_key("defer");
                builder.add(name, defer, node(name.to_owned(), traits));
            }
            ["edge", from, to] => _ = builder.edges(&[(from, to)]),
            ["join", from, to] => _ = builder.join(&from.split('+').collect::<Vec<_>>(), to),
            ["route", name, spec] => _ = builder.branch(name, router(spec)),
            ["before", name] => before.push(name),
            ["after", name] => after.push(name),
            ["limit", number] => limit = number.parse().unwrap(),
            _ => panic!("{line}"),
        }
    }
    let program = builder.compile();
    let mut thread = Thread::new();
    thread.config.recursion_limit = limit;
    thread.config.interrupt_before = Breakpoints::at(&program.graph, before).unwrap();
    thread.config.interrupt_after = Breakpoints::at(&program.graph, after).unwrap();
    (program, thread)
}

fn start(program: &Program, thread: &Thread, run: &str) -> Start<Value> {
    let text = |value: &str| Value::Text(value.to_owned());
    let command = match run.split(' ').collect::<Vec<_>>()[..] {
        ["input", x] => return program.input(&[("x", Value::Int(x.parse().unwrap()))]),
        ["continue"] => return Start::Continue,
        ["resume", value] => Command::resume(text(value)),
        ["byid", index, value] => {
            let id = thread.open[index.parse::<usize>().unwrap()].clone();
            let resume = Some(Resume::ByInterrupt(vec![(id, text(value))]));
            Command {
                resume,
                output: NodeOutput::default(),
            }
        }
        ["goto", target] => Command::goto(targets(target, 0).remove(0)),
        ["update", item] => {
            let log = program.graph.channel_id("log").unwrap();
            Command {
                resume: None,
                output: vec![(log, list(item))].into(),
            }
        }
        _ => panic!("{run}"),
    };
    Start::Command(command)
}

/// As the recording has it: warnings are logs, and a failing step's results depend on timing.
fn comparable(mut lines: Vec<String>) -> Vec<String> {
    lines.retain(|line| !line.starts_with("warning"));
    let mut outcome = lines.pop().unwrap();
    if outcome.starts_with("finished") {
        outcome = "finished".to_owned();
    } else if let Some(asked) = outcome.strip_prefix("interrupted") {
        outcome = format!("interrupted {}", &asked[asked.rfind('(').unwrap()..]);
    } else if !outcome.contains("GraphRecursionError") {
        let last = lines.iter().rposition(|line| line.starts_with("task"));
        lines.truncate(last.map_or(0, |last| last + 1));
    }
    lines.push(outcome);
    lines
}

#[test]
fn the_engine_tells_what_langgraph_told() {
    let cases: Vec<&str> = include_str!("recorded/cases.txt")
        .split("case ")
        .skip(1)
        .collect();
    assert!(cases.len() > 100);
    let mut failed = Vec::new();
    for case in &cases {
        let (head, runs) = case.split_once("\nrun ").unwrap();
        let graph: Vec<&str> = head.lines().skip(1).collect();
        let (program, mut thread) = build(&graph);
        for run in runs.split("\nrun ") {
            let mut told = run.lines();
            let start = start(&program, &thread, told.next().unwrap());
            let told: Vec<&str> = told.map(str::trim_start).collect();
            let ours = comparable(program.run_on(&mut thread, start));
            if ours != told {
                let (theirs, ours) = (told.join("\n  "), ours.join("\n  "));
                failed.push(format!(
                    "{case}\nat run {run}\ntheirs:\n  {theirs}\nours:\n  {ours}"
                ));
                break;
            }
        }
    }
    let count = failed.len();
    assert!(
        count == 0,
        "{count} of {} differ; the first:\n{}",
        cases.len(),
        failed[0]
    );
}
