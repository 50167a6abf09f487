// Steps through a recording of the lesson's loop. All of it is here: no step asks the server.

const TOKEN = /(?<comment>#.*)|(?<keyword>\b(?:def|for|in|return)\b)|(?<number>\b\d[\w.]*)/g
const steppers = new WeakMap() // what a rerun of the page keeps

export default function ({ data, parentElement }) {
  if (!steppers.has(parentElement)) steppers.set(parentElement, new Stepper(parentElement))
  steppers.get(parentElement).take(data)
  return () => steppers.delete(parentElement)
}

// An element with attributes and content; text stays text.
function element(name, attributes = {}, ...content) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...content)
  return made
}

function* colored(text) {
  let at = 0
  for (const match of text.matchAll(TOKEN)) {
    yield text.slice(at, match.index)
    const kind = Object.keys(match.groups).find(name => match.groups[name] !== undefined)
    yield element("span", { class: kind }, match[0])
    at = match.index + match[0].length
  }
  yield text.slice(at)
}

// A formula with _{below} and ^{above}.
const formula = text => text.split(/([_^]\{[^}]*\})/).map(part =>
  /^[_^]\{/.test(part) ? element(part[0] === "_" ? "sub" : "sup", {}, part.slice(2, -1)) : part)

class Stepper {
  constructor(root) {
    for (const part of root.querySelectorAll("[data-part]")) this[part.dataset.part] = part
    this.at = 0
    this.box.onkeydown = event => this.key(event)
    this.code.onclick = event => this.press(event.target.closest("[data-place]"))
    this.buttons = [...root.querySelectorAll("[data-move]")]
    for (const button of this.buttons) button.onclick = () => this.move(button.dataset.move)
    this.rows.onchange = this.units.onchange = this.l2.onchange = () => this.draw()
    this.epochs.onchange = () => { this.at = this.within(+this.epochs.value); this.draw() }
  }

  take(data) {
    const told = JSON.stringify(data)
    if (told === this.told) return
    this.told = told
    if (this.data?.with_l2 !== data.with_l2) this.l2.checked = data.with_l2
    this.data = data
    this.row.textContent = `${data.row} i`
    this.l2name.textContent = `λ = ${data.l2} from epoch ${data.start} on`
    this.offer(this.rows, data.rows.map(([row, outcome]) => `${row} (${outcome})`))
    this.offer(this.units, data.units)
    this.epochs.replaceChildren(...this.all().map(epoch =>
      element("option", { value: epoch }, epoch ? epoch.toLocaleString("en-US") : "before")))
    this.list()
    this.at = Math.min(this.at, this.steps.length - 1)
    this.draw(false)
  }

  offer(select, names) {
    const chosen = select.selectedIndex
    select.replaceChildren(...names.map((name, at) => element("option", { value: at }, name)))
    select.selectedIndex = Math.min(Math.max(chosen, 0), names.length - 1)
  }

  get steps() { return this.data.steps[this.l2.checked ? 1 : 0] }

  // The code: one element for each line, with the place of its statement.
  list() {
    this.blocks = this.data.functions.map(({ name, lines }) =>
      element("div", { class: "function", "data-name": name }, ...lines.map(line => this.codeLine(line, name))))
    this.code.replaceChildren(...this.blocks)
  }

  codeLine([number, text], name) {
    const place = this.data.statements.findIndex(({ lines, aside, function: within }) =>
      !aside && within === name && lines[0] <= number && number <= lines[1])
    const penalty = this.data.statements[place]?.penalty
    const [, indent, rest] = /^( *)(.*)$/.exec(text)
    const [before, after] = penalty ? rest.split(penalty) : [rest, ""]
    const mark = penalty ? [element("span", { class: "term" }, ...colored(penalty))] : []
    const code = element("span", { class: "text", style: `--indent: ${indent.length}` },
      ...colored(before), ...mark, ...colored(after ?? ""))
    return element("div", place < 0 ? { class: "row" } : { class: "row", "data-place": place },
      element("span", { class: "at" }, number || "⋯"), code)
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches("select")) return
    const line = event.shiftKey ? "epoch" : "line"
    const way = {
      ArrowRight: line, ArrowLeft: "-" + line, ArrowDown: "epoch", ArrowUp: "-epoch",
      Home: "first", End: "last",
    }[event.key]
    if (!way) return
    event.preventDefault()
    this.move(way)
  }

  move(way) {
    const last = this.steps.length - 1
    this.at = {
      line: () => Math.min(this.at + 1, last), "-line": () => Math.max(this.at - 1, 0),
      epoch: () => this.epoch(1), "-epoch": () => this.epoch(-1),
      first: () => 0, last: () => last,
    }[way]()
    this.draw()
  }

  // The same line one recorded epoch on or back, else one end of the recording.
  epoch(way) {
    const epochs = this.all(), aim = epochs[epochs.indexOf(this.steps[this.at][1]) + way]
    return aim === undefined ? (way > 0 ? this.steps.length - 1 : 0) : this.within(aim)
  }

  all() { return [...new Set(this.steps.map(step => step[1]))] }

  // Where the present line is in an epoch, or where that epoch begins.
  within(epoch) {
    const place = this.steps[this.at][0]
    const same = this.steps.findIndex(step => step[1] === epoch && step[0] === place)
    return same < 0 ? this.steps.findIndex(step => step[1] === epoch) : same
  }

  // A line of the code was pressed: go to its step in this epoch, else to the nearest.
  press(line) {
    if (!line) return
    const place = +line.dataset.place, epoch = this.steps[this.at][1]
    const all = this.steps.map((_, at) => at).filter(at => this.steps[at][0] === place)
    if (!all.length) return
    this.at = all.find(at => this.steps[at][1] === epoch) ?? all[0]
    this.draw()
  }

  draw(speak = true) {
    const [place, epoch, reads, gives, terms] = this.steps[this.at]
    const statement = this.data.statements[place]
    const numbers = ids => ids.map(id => this.number(id))
    const shown = { reads: numbers(reads.filter(id => !gives.includes(id))), terms: numbers(terms), gives: numbers(gives) }
    this.cursor(place, epoch)
    this.heading(statement, epoch)
    this.formulas.replaceChildren(...this.explained(statement))
    this.numbers.replaceChildren(this.singles(shown), this.vectors(shown))
    this.goes.replaceChildren(...this.goal(statement))
    for (const button of this.buttons)
      button.setAttribute("aria-disabled",
        button.dataset.move[0] === "-" ? this.at === 0 : this.at === this.steps.length - 1)
    if (speak) this.speak(statement, epoch, shown)
  }

  number(id) {
    const [name, shape, axes, texts] = this.data.numbers[id]
    const place = { n: this.rows.selectedIndex, h: this.units.selectedIndex }
    const pick = (values, at) => {
      if (at === axes.length) return values
      return axes[at] === "d" ? values.map(value => pick(value, at + 1)) : pick(values[place[axes[at]]], at + 1)
    }
    const index = { i: this.data.rows[place.n][0], j: this.data.units[place.h] }
    return { name: name.replace(/\{([ij])\}/g, (_, axis) => index[axis]), shape, value: pick(texts, 0) }
  }

  // The cursor, the lines that wait for it to come back, and whether L2's term counts.
  cursor(place, epoch) {
    const called = []
    for (let name = this.data.statements[place].function; name !== "train";) {
      const caller = this.data.statements.findIndex(({ calls }) => calls.includes(name))
      called.push(caller)
      name = this.data.statements[caller].function
    }
    const loop = epoch > 0 ? ["train", "forward", "relu", "sigmoid"] : ["train", "init_params"]
    for (const block of this.blocks) block.hidden = !loop.includes(block.dataset.name)
    this.code.classList.toggle("with-l2", this.l2.checked && epoch >= this.data.start)
    this.panel.classList.toggle("with-l2", this.l2.checked && epoch >= this.data.start)
    for (const line of this.code.querySelectorAll("[data-place]")) {
      const here = +line.dataset.place
      line.classList.toggle("cursor", here === place)
      line.classList.toggle("waits", called.includes(here))
      here === place ? line.setAttribute("aria-current", "step") : line.removeAttribute("aria-current")
      if (here === place) this.bring(line)
    }
  }

  // Where the code scrolls, on a phone, the cursor stays in view.
  bring({ offsetTop: top, offsetHeight: height }) {
    const { scrollTop, clientHeight } = this.code
    if (top < scrollTop + height || top + 2 * height > scrollTop + clientHeight)
      this.code.scrollTop = top - clientHeight / 2
  }

  heading({ function: name, lines }, epoch) {
    this.epochs.value = epoch
    this.line.textContent = `Line ${lines[0]} in ${name} · step ${this.at + 1} of ${this.steps.length}`
  }

  explained({ formulas, returned }) {
    if (returned) return [element("p", {}, "What ", element("code", {}, returned), " returned, under names of their own")]
    return formulas.map(text => element("p", { class: "formula" }, ...formula(text)))
  }

  goal({ goes }) {
    if (!goes.length) return []
    return [element("p", { class: "label" }, "Goes next to"), ...goes.map(([name, where]) =>
      element("p", {}, element("code", {}, name), " → ", where))]
  }

  // A table of the single numbers, with the shapes of what they are from.
  singles(shown) {
    const table = element("table", { class: "singles" })
    for (const [kind, label] of [["reads", "reads"], ["terms", "adds"], ["gives", "gives"]]) {
      const rows = shown[kind].filter(({ value }) => !Array.isArray(value))
      if (!rows.length) continue
      table.append(element("tbody", { class: kind }, ...rows.map(({ name, shape, value }, at) => element("tr",
        kind === "terms" && at ? { class: "term" } : {},
        element("td", { class: "label" }, at ? "" : label),
        element("th", { scope: "row" }, kind === "terms" && at ? `+ ${name}` : name),
        element("td", { class: "shape" }, shape), element("td", { class: "value" }, value || "…")))))
    }
    return table
  }

  // A table of the numbers that there are for each feature. Terms stand for what they are made of.
  vectors({ reads, terms, gives }) {
    const many = numbers => numbers.filter(({ value }) => Array.isArray(value))
    const left = many(terms).length ? many(terms) : many(reads)
    const columns = [...left.map((number, at) => ({ ...number, kind: !terms.length ? "reads" : at ? "term" : "" })),
      ...many(gives).map(number => ({ ...number, kind: "gives" }))]
    if (!columns.length) return ""
    const head = columns.map(({ name, shape, kind }) => element("th", { scope: "col", class: kind },
      element("span", { class: "shape" }, kind === "term" ? "L2 adds" : kind || "adds"),
      kind === "term" ? `+ ${name}` : name, element("span", { class: "shape" }, shape)))
    const body = this.data.features.map((feature, k) => element("tr", {},
      element("th", { scope: "row" }, feature.replaceAll("_", "_\u200b")),
      ...columns.map(({ value, kind }) => element("td", { class: `value ${kind}` }, value[k]))))
    const rest = this.data.left_out
    const more = rest ? [element("caption", {}, `The first ${body.length} of ${body.length + rest} features`)] : []
    return element("table", { class: "vectors" }, ...more,
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "feature k"), ...head)),
      element("tbody", {}, ...body))
  }

  speak({ lines, text }, epoch, { gives, terms }) {
    const told = [...terms, ...gives].map(({ name, value }) =>
      Array.isArray(value) ? `${name}: ${value.length} numbers` : `${name} is ${value}`)
    this.status.textContent = `${epoch ? `Epoch ${epoch}` : "Before the loop"}, line ${lines[0]}: ${text}. ${told.join(", ")}`
  }
}
