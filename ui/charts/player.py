"""The player: one Play button and one slider that move all animated charts beside them at once.

    player.show(steps, key="home", autoplay=True)
    figure(animation.growing(charts.curves(lines, LOSS), steps), ...)

It lives in the browser: nothing is asked of the server, and no page is rerun. An animated chart has
a parameter `moment`, 1 for the first step, bound to an input. The player hides these inputs and
sets them; charts that appear later get the present moment on arrival. A player in a fold moves the
charts in that fold, one outside the others.
"""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from ui.theme import enlarged

MOMENTS = 60  # of a play: at 8 seconds, more than 7 a second
HEIGHT = 44  # pixels, at normal size
HTML = """
<div class="player">
  <button type="button">Play</button>
  <input type="range" min="1" step="1" aria-label="Epoch shown">
  <span class="epoch"></span>
</div>
"""
CSS = """
.player {
  display: flex; align-items: center; gap: 0.75rem; height: 2.5rem; padding: 0 4px;
  color: var(--st-text-color); font: 1rem var(--st-font);
}
button {
  flex: none; width: 6.2rem; min-height: 2.25rem; cursor: pointer; font: inherit; font-weight: 600;
  color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid var(--st-primary-color); border-radius: var(--st-button-radius);
}
button::before { content: "▶\\fe0e"; margin-right: 0.5em; }
button.playing::before { content: "❚❚"; letter-spacing: -0.1em; font-size: 0.8em; }
button:hover { background: var(--st-secondary-background-color); }
input {
  flex: 1; min-width: 4rem; height: 1.75rem; margin: 0; cursor: pointer;
  accent-color: var(--st-primary-color);
}
:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
.epoch {
  flex: none; min-width: 7rem; line-height: 1.2; font-weight: 600;
  font-variant-numeric: tabular-nums;
}
.epoch::after { content: attr(data-scores); display: block; font: 0.75rem var(--st-font); }
"""
JS = """
const MILLISECONDS = 8000  // of a whole play
const players = new WeakMap()  // what a rerun of the page keeps
const inputs = () => [...document.querySelectorAll(".vega-bindings input[name=moment]")]
const foldOf = element => element.closest("[data-testid=stExpander]")

// Whether this tab has not yet played this page.
function firstTime(page) {
  try {
    const seen = sessionStorage.getItem("reglab-played-" + page)
    sessionStorage.setItem("reglab-played-" + page, "yes")
    return !seen
  } catch { return false }  // without storage it would play on every visit
}

class Player {
  constructor(root) {
    this.fold = foldOf(root.getRootNode().host ?? root)  // Streamlit puts it into a shadow root
    this.button = root.querySelector("button")
    this.slider = root.querySelector("input")
    this.label = root.querySelector(".epoch")
    this.button.onclick = () => this.frame ? this.pause() : this.play()
    this.slider.oninput = () => { this.pause(); this.show(+this.slider.value) }
    this.observer = new MutationObserver(() => this.tell())
    this.observer.observe(document.body, { childList: true, subtree: true })
  }

  take({ steps, autoplay, page }) {
    if (String(steps) !== String(this.steps)) {
      const arrival = !this.steps
      this.pause()
      this.steps = steps
      this.slider.max = steps.length
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches
      this.waiting = arrival && autoplay && !calm && firstTime(page)
      this.show(this.waiting ? 1 : steps.length)
    }
  }

  show(moment) {
    this.moment = moment
    const epoch = this.steps[moment - 1].toLocaleString("en-US")
    this.slider.value = moment
    this.slider.setAttribute("aria-valuetext", "epoch " + epoch)
    this.label.textContent = "Epoch " + epoch
    this.dim(moment < this.steps.length)
    this.tell()
  }

  // The scores beside the pictures are those of the last epoch.
  dim(isEarlier) {
    if (this.fold) return
    const scores = document.querySelector(".st-key-experiment-header [data-testid=stMetric]")
    const isDim = isEarlier && scores !== null
    const last = this.steps.at(-1).toLocaleString("en-US")
    document.documentElement.toggleAttribute("data-earlier", isDim)
    this.label.dataset.scores = isDim ? `scores: epoch ${last}` : ""
  }

  // Move every chart on the page to the present moment. A play on arrival waits for the first.
  tell() {
    const charts = inputs().filter(input => foldOf(input) === this.fold)
    for (const input of charts) {
      input.form.style.display = "none"
      const before = input.value
      // A chart of the run before may end earlier: then its input takes its own last moment.
      input.value = this.moment
      // Each event redraws the chart, which calls this again.
      if (input.value !== before) input.dispatchEvent(new Event("input"))
    }
    if (this.waiting && charts.length) this.play()
  }

  play() {
    this.waiting = false
    const last = this.steps.length, pace = (last - 1) / MILLISECONDS
    const from = this.moment < last ? this.moment : 1
    let began
    const next = now => {
      began ??= now
      const moment = Math.min(Math.floor(from + (now - began) * pace), last)
      this.frame = requestAnimationFrame(next)
      if (moment !== this.moment) this.show(moment)
      if (moment === last) this.pause()
    }
    this.frame = requestAnimationFrame(next)
    this.name("Pause")
  }

  pause() {
    cancelAnimationFrame(this.frame)
    this.frame = undefined
    this.waiting = false
    this.name("Play")
  }

  name(action) {
    this.button.textContent = action
    this.button.classList.toggle("playing", action === "Pause")
  }

  end() {
    this.pause()
    this.dim(false)
    this.observer.disconnect()
  }
}

export default function ({ data, parentElement }) {
  if (!players.has(parentElement)) players.set(parentElement, new Player(parentElement))
  const player = players.get(parentElement)
  player.take(data)
  return () => { player.end(); players.delete(parentElement) }
}
"""
PLAYER = st.components.v2.component("player", html=HTML, css=CSS, js=JS)


def show(steps: Sequence[int], key: str, autoplay: bool = False) -> None:
    """Draw the button, the slider and the present epoch; it starts at the last step.

    steps     the epochs that the charts show at the moments 1, 2, ...
    key       a name of its own, such as that of the page
    autoplay  whether it plays on arrival: once per browser tab, not where the visitor's system asks
              for reduced motion
    """
    if len(steps) > 1:
        data = {"steps": [int(step) for step in steps], "autoplay": autoplay, "page": key}
        PLAYER(data=data, key=f"player-{key}", height=round(HEIGHT * enlarged()))


def log_steps(last: int, moments: int = MOMENTS) -> list[int]:
    """Return at most `moments` epochs from 0 to `last`, with ever larger steps between them."""
    spaced = np.geomspace(1, max(last, 1), max(moments - 1, 2)).round().astype(int)
    return [0, *np.unique(spaced).tolist()] if last else [0]
