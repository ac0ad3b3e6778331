//! Small graphs in a language of lines: `node`, `edge`, `join`, `route`, `before`, `after` and `limit`
//! (`recorded/record.py` writes and explains it).

use std::collections::HashMap;

use langferry_core::*;

use super::*;

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

/// The graph of a description, one thing a line, and a thread with its settings.
pub fn build(lines: &[&str]) -> (Program, Thread) {
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

/// What a run of it is started with.
pub fn start(program: &Program, thread: &Thread, run: &str) -> Start<Value> {
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
