//! `examples/approval` as a generated crate has it, against LangGraph's own traces.

mod support;

use langferry::CompiledGraph;
use langferry::prelude::*;
use serde_json::json;

const AUTO_LIMIT: f64 = 100.0;

#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(typed_dict)]
struct Expense {
    item: Slot<String>,
    amount: Slot<Float>,
    currency: Slot<String>,
}

#[derive(Clone, Debug, Default, State)]
struct ApprovalState {
    employee: Slot<String>,
    expenses: Slot<Vec<Expense>>,
    total: Slot<Float>,
    status: Slot<String>,
    approver: Slot<String>,
    #[state(reducer = langferry::operator::add)]
    questions: Slot<Vec<String>>,
    #[state(reducer = langferry::operator::add)]
    audit: Slot<Vec<String>>,
}

#[derive(Clone, Debug, Record)]
#[record(typed_dict)]
struct Question {
    question: String,
    expenses: Vec<String>,
    asked_before: Int,
}

fn rate(currency: &str) -> Option<Float> {
    let rates = [("EUR", 1.0), ("USD", 0.92), ("GBP", 1.17)];
    rates
        .into_iter()
        .find(|(known, _)| *known == currency)
        .map(|(_, rate)| Float::from(rate))
}

fn add_up(state: &ApprovalState, _: &Context) -> NodeResult {
    let mut total = Float::from(0.0);
    for expense in state.expenses()? {
        let Some(rate) = rate(expense.currency()?) else {
            return Err(Exception::raise(
                "KeyError",
                [Value::from(expense.currency()?.clone())],
            ));
        };
        total += &(expense.amount()? * &rate);
    }
    let total = round_to(&total, 2)?;
    let line = format!(
        "{} claims EUR {}",
        state.employee()?,
        format_spec(&total, ",.2f")?
    );
    Ok(ApprovalState::update()
        .total(total)
        .status("new".into())
        .audit(vec![line])
        .into())
}

fn check_rules(state: &ApprovalState, _: &Context) -> NodeResult {
    if *state.total()? <= AUTO_LIMIT {
        let update = ApprovalState::update()
            .status("approved".into())
            .approver("rules".into())
            .audit(vec!["auto-approved".into()]);
        return Ok(Command::new().update(update).goto("pay").into());
    }
    Ok(Command::new().goto("human_review").into())
}

fn human_review(state: &ApprovalState, context: &Context) -> NodeResult {
    let items: Result<Vec<String>, Exception> = state
        .expenses()?
        .iter()
        .map(|expense| Ok(expense.item()?.clone()))
        .collect();
    let answer = context.interrupt(Question {
        question: format!(
            "Approve EUR {} for {}?",
            format_spec(state.total()?, ".2f")?,
            state.employee()?
        ),
        expenses: items?,
        asked_before: len(state.questions()?),
    })?;
    let decision = str_::lower(&str_::strip(&str_of(&answer.item("decision")?)));
    let who = str_of(&answer.call("get", &["by".into(), "unknown".into()])?);
    if decision == "approve" {
        let reason = str_of(&context.interrupt("Reason for the files?".to_owned())?);
        let update = ApprovalState::update()
            .status("approved".into())
            .approver(who.clone())
            .audit(vec![format!("approved by {who}: {reason}")]);
        return Ok(Command::new().update(update).goto("pay").into());
    }
    if str_::endswith(&decision, "?") {
        let line = format!("{who} asks {}", repr(&decision));
        let update = ApprovalState::update()
            .questions(vec![decision])
            .audit(vec![line]);
        return Ok(Command::new().update(update).goto("human_review").into());
    }
    let update = ApprovalState::update()
        .status("rejected".into())
        .approver(who.clone())
        .audit(vec![format!("rejected by {who}")]);
    Ok(Command::new().update(update).goto("reject").into())
}

fn pay(state: &ApprovalState, _: &Context) -> NodeResult {
    let fee = max([Float::from(0.35), state.total()? * 0.002])?;
    let rest = format_spec(&(state.total()? - &fee), ".2f")?;
    let line = format!("paid {rest} after a fee of {}", format_spec(&fee, ".2f")?);
    Ok(ApprovalState::update()
        .status("paid".into())
        .audit(vec![line])
        .into())
}

fn reject(state: &ApprovalState, _: &Context) -> NodeResult {
    let items: Result<Set<String>, Exception> = state
        .expenses()?
        .iter()
        .map(|expense| Ok(expense.item()?.clone()))
        .collect();
    let items = sorted(items?.unordered().cloned(), false)?;
    let line = format!(
        "returned to {}: {}",
        state.employee()?,
        str_::join(", ", items)
    );
    Ok(ApprovalState::update().audit(vec![line]).into())
}

fn graph() -> Result<CompiledGraph, GraphError> {
    let mut graph = StateGraph::new::<ApprovalState>("approval");
    graph.add_node("add_up", add_up);
    graph.add_node(
        NodeName::new("check_rules").ends(["human_review", "pay"]),
        check_rules,
    );
    graph.add_node(
        NodeName::new("human_review").ends(["pay", "reject", "human_review"]),
        human_review,
    );
    graph.add_node("pay", pay);
    graph.add_node("reject", reject);
    graph.add_edge(START, "add_up");
    graph.add_edge("add_up", "check_rules");
    graph.add_edge("pay", END);
    graph.add_edge("reject", END);
    graph.checkpointer(MemorySaver::new()).compile()
}

#[test]
fn traces_equal_langgraph() {
    let config = |case| json!({ "configurable": { "thread_id": format!("{}", case + 1) } });
    support::expect_recorded("approval", config, || graph().unwrap());
}

#[test]
fn a_person_is_asked_and_answers() {
    let graph = graph().unwrap();
    let config = RunConfig::thread("demo");
    let expense = Expense {
        item: "train".to_owned().into(),
        amount: Float::from(180.5).into(),
        currency: "GBP".to_owned().into(),
    };
    let input = ApprovalState {
        employee: "Ada".to_owned().into(),
        expenses: vec![expense].into(),
        ..ApprovalState::default()
    };
    let paused = graph.invoke_blocking(input, &config).unwrap();
    let question = paused.interrupts()[0].value.encoded();
    assert_eq!(question["question"], "Approve EUR 211.18 for Ada?");
    let answer = Value::from_trace(&json!({ "decision": "no", "by": "Grace" })).unwrap();
    let done = graph
        .invoke_blocking(Command::resume(answer), &config)
        .unwrap();
    assert!(done.interrupts().is_empty());
    assert_eq!(
        done.get::<String>("status").map(String::as_str),
        Some("rejected")
    );
    assert_eq!(
        done.state::<ApprovalState>()
            .unwrap()
            .audit()
            .unwrap()
            .len(),
        3
    );
}
