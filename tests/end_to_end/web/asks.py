"""What a program does with a web server: the state says where that is."""

from typing import TypedDict

import requests
from langgraph.graph import END, START, StateGraph


class State(TypedDict):
    base: str
    path: str
    log: list[str]


def read(state: State) -> dict:
    where = f"{state['base']}{state['path']}"
    log = []
    try:
        response = requests.get(
            where, params={"q": "a b", "n": [1, 2]}, headers={"X-Own": "1"}, timeout=5
        )
        response.raise_for_status()
        data = response.json()
        log.append(f"{response.status_code} {response.ok} {data['path']} {data['own']}")
        log.append(response.headers.get("Content-Type", "none"))
        log.append(str(response.headers.get("X-None")))
        log.append(response.headers["content-length"])
        log.append(response.text)
    except requests.exceptions.HTTPError as error:
        log.append(f"http {error} {error!r} {type(error).__name__}")
    except requests.exceptions.JSONDecodeError as error:
        log.append(f"json {error}")
    except ConnectionError:
        log.append("not this one")
    except (requests.ConnectionError, requests.Timeout) as error:
        log.append(f"gone {error!r}")
    except requests.RequestException as error:
        log.append(f"request {error}")
    return {"log": log}


def write(state: State) -> dict:
    where = f"{state['base']}{state['path']}"
    log = list(state["log"])
    try:
        made = requests.post(where, json={"a": [1, "ü", None]}, timeout=(2, 5))
        log.append(made.json()["body"] if made else f"not made: {made.reason}")
        method = "PUT"
        form = requests.request(method, where, data={"a": "b c"}, auth=("me", "word"))
        if form.status_code == 200:
            log.append(form.json().get("body", ""))
            log.append(form.json()["allowed"])
    except ValueError as error:
        log.append(f"value {type(error).__name__}")
    except OSError as error:
        log.append(f"os {type(error).__name__}")
    return {"log": log}


graph = StateGraph(State)
graph.add_node("read", read)
graph.add_node("write", write)
graph.add_edge(START, "read")
graph.add_edge("read", "write")
graph.add_edge("write", END)
app = graph.compile()
