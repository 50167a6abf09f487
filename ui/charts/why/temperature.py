"""The temperature: a slider that moves the reliability chart, and the scores that go with it.

It lives in the browser, as the player does: the chart has a parameter bound to an input, which is
hidden and set from here. The scores follow the player's moment, too.
"""

from typing import Any

import streamlit as st

from ui.charts.why.reliability import TEMPERATURE

HTML = """
<div class="temperature">
  <div class="head">Temperature <span class="now"></span></div>
  <input type="range" min="1" step="1" aria-label="Temperature">
  <button type="button"></button>
  <table>
    <thead><tr><th></th><th scope="col">as trained</th><th scope="col"></th></tr></thead>
    <tbody></tbody>
  </table>
</div>
"""
CSS = """
.temperature { padding: 4px; color: var(--st-text-color); font: 1rem var(--st-font); }
.head { display: flex; justify-content: space-between; font-weight: 600; }
.now { font-variant-numeric: tabular-nums; }
input {
  display: block; width: 100%; height: 1.75rem; margin: 0.25rem 0 0.5rem; cursor: pointer;
  accent-color: var(--st-primary-color);
}
button {
  min-height: 2.25rem; padding: 0 0.75rem; cursor: pointer; font: inherit;
  color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid var(--st-primary-color); border-radius: var(--st-button-radius);
}
button[aria-pressed=true] { font-weight: 600; background: var(--st-secondary-background-color); }
button[aria-pressed=true]::before { content: "✓ "; }
button:hover { background: var(--st-secondary-background-color); }
:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
table { width: 100%; margin-top: 1rem; border-collapse: collapse; table-layout: fixed; }
th, td {
  padding: 0.35rem 0.25rem; font-weight: 400; border-bottom: 1px solid var(--st-border-color);
}
th[scope=row] { text-align: left; }
td, th[scope=col] { text-align: right; font-variant-numeric: tabular-nums; }
td:last-child, th:last-child { font-weight: 600; }
"""
JS = """
const knobs = new WeakMap()  // what a rerun of the page keeps
const foldOf = element => element.closest("[data-testid=stExpander]")

class Knob {
  constructor(root) {
    this.find = selector => root.querySelector(selector)
    this.fold = foldOf(root.getRootNode().host ?? root)  // Streamlit puts it into a shadow root
    this.slider = this.find("input")
    this.button = this.find("button")
    this.slider.oninput = () => this.turn(+this.slider.value)
    this.button.onclick = () => this.turn(this.place ? 0 : this.data.start)
    this.follow = ({ target }) => {
      if (target.name === "moment" && foldOf(target) === this.fold) this.show()
    }
    document.addEventListener("input", this.follow, true)
    this.observer = new MutationObserver(() => this.tell())
    this.observer.observe(document.body, { childList: true, subtree: true })
  }

  // The inputs of this name in the fold of the knob.
  inputs(name) {
    const all = document.querySelectorAll(`.vega-bindings input[name="${name}"]`)
    return [...all].filter(input => foldOf(input) === this.fold)
  }

  take(data) {
    this.data = data
    this.place ??= data.start
    this.slider.max = data.temperatures.length
    this.button.textContent = data.button
    this.show()
  }

  // Place 0 is the temperature that was chosen for the present epoch, 1, 2, ... are fixed ones.
  turn(place) {
    this.place = place
    this.show()
  }

  show() {
    const { best, nearest, temperatures, scores, start } = this.data, place = this.place
    const now = +(this.inputs("moment")[0]?.value ?? best.length) - 1
    const name = "T = " + (place ? temperatures[place - 1] : best[now])
    this.slider.value = place || nearest[now]
    this.find(".now").textContent = this.find("th:last-child").textContent = name
    this.button.ariaPressed = String(!place)
    const at = ([score, of]) => [score, of[now][start], of[now][place]]
    const rows = Object.entries(scores).map(at)
    this.slider.ariaValueText = [name, ...rows.map(row => row[0] + " " + row[2])].join(", ")
    this.find("tbody").replaceChildren(...rows.map(row => this.row(row)))
    this.tell()
  }

  row([score, ...values]) {
    const row = document.createElement("tr"), head = document.createElement("th")
    head.scope = "row"
    head.textContent = score
    row.append(head)
    for (const value of values) row.insertCell().textContent = value
    return row
  }

  // Move the chart to the present temperature; one that was drawn anew, too.
  tell() {
    for (const input of this.data ? this.inputs(this.data.knob) : []) {
      input.form.style.display = "none"
      const before = input.value
      input.value = this.place  // or what comes next to it in this chart
      if (input.value !== before) input.dispatchEvent(new Event("input"))
    }
  }

  end() {
    document.removeEventListener("input", this.follow, true)
    this.observer.disconnect()
  }
}

export default function ({ data, parentElement }) {
  if (!knobs.has(parentElement)) knobs.set(parentElement, new Knob(parentElement))
  const knob = knobs.get(parentElement)
  knob.take(data)
  return () => { knob.end(); knobs.delete(parentElement) }
}
"""
KNOB = st.components.v2.component("temperature", html=HTML, css=CSS, js=JS)


def show(
    temperatures: list[str],
    best: list[str],
    nearest: list[int],
    scores: dict[str, list[list[str]]],
    start: int,
    button: str,
) -> None:
    """Draw the slider, the button and the scores.

    temperatures  that the slider has, at the places 1, 2, ...
    best          the temperature that was chosen for each moment, which is at place 0
    nearest       the place that is nearest to it
    scores        name -> the score at each moment and place, as text
    start         the place at first: the temperature 1
    button        what its button says, which goes to place 0 and back
    """
    data: dict[str, Any] = {"temperatures": temperatures, "best": best, "nearest": nearest}
    data |= {"scores": scores, "start": start, "button": button}
    KNOB(data=data | {"knob": TEMPERATURE}, key="temperature")
