// A place to draw a loss curve: twelve handles, moved by a stroke of the mouse or a finger, or by
// keys. The server hears once of a drawing: when its last handle was drawn, or at "That is my curve".

const SVG = "http://www.w3.org/2000/svg"
const LEFT = 38, RIGHT = 14, TOP = 8, BOTTOM = 38 // px around the curve, at normal type size
const HINT = 52 // px that two lines of the hint take at the top: names of lines stay below
const HANDLE = 6 // px that an untouched handle takes up and down
const EDGE = 2 // handles at an end that a stroke may leave out
const DRAWN_ON = ".canvas, [role=slider]"
const canvases = new WeakMap() // what a rerun of the page keeps

export default function ({ data, parentElement, setTriggerValue }) {
  if (!canvases.has(parentElement)) canvases.set(parentElement, new Canvas(parentElement))
  const canvas = canvases.get(parentElement)
  canvas.send = values => setTriggerValue("drawn", values)
  canvas.take(data)
  return () => { canvas.observer.disconnect(); canvases.delete(parentElement) }
}

function element(name, attributes = {}, ...content) {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...content)
  return made
}

const between = (low, value, high) => Math.min(Math.max(value, low), high)
const epochName = epoch => epoch.toLocaleString("en-US")

class Canvas {
  constructor(root) {
    for (const part of root.querySelectorAll("[data-part]")) this[part.dataset.part] = part
    this.observer = new ResizeObserver(() => this.draw())
    this.observer.observe(this.place)
    this.done.onclick = () => this.finish()
    this.box.addEventListener("focusout", event => {
      if (!this.box.contains(event.relatedTarget) && this.byKeys && this.missing() === 0) this.finish()
    })
    this.svg.addEventListener("pointerdown", event => this.begin(event))
    this.svg.addEventListener("pointermove", event => this.go(event))
    // touch-action alone does not keep every browser from scrolling the page with a stroke
    this.svg.addEventListener("touchstart", event => {
      if (!this.sent && event.target.closest(DRAWN_ON)) event.preventDefault()
    }, { passive: false })
    for (const end of ["pointerup", "pointercancel"])
      this.svg.addEventListener(end, event => this.end(event))
  }

  take(data) {
    const told = JSON.stringify(data)
    if (told === this.told) return
    this.told = told
    if (this.data?.about !== data.about) Object.assign(this, { values: data.epochs.map(() => null), sent: false })
    this.data = data
    this.box.setAttribute("aria-label", `Draw the ${data.name}`)
    this.title.textContent = data.title
    const { color, words, width, height } = data
    for (const [name, value] of Object.entries({ color, words, width, height }))
      this.box.style.setProperty(`--${name}`, value)
    this.draw()
  }

  missing() { return this.values.filter(value => value === null).length }

  x(epoch) { return this.left + (this.right - this.left) * Math.log1p(epoch) / Math.log1p(this.data.epochs.at(-1)) }

  y(value) { return this.low - (this.low - this.high) * value / this.data.top }

  valueAt(y) { return this.data.top * between(0, (this.low - y) / (this.low - this.high), 1) }

  // Everything is drawn anew when the place changes its size; a stroke only moves the handles.
  draw() {
    const { width, height } = this.place.getBoundingClientRect()
    if (!this.data || width < 100 || height < 100) return
    const em = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16
    Object.assign(this, { em, left: LEFT * em, right: width - RIGHT, high: TOP, low: height - BOTTOM * em })
    const focused = this.handles?.findIndex(handle => handle.matches(":focus")) ?? -1
    const clip = `clip-${this.data.topic.replace(/\W/g, "-")}`
    const area = { x: this.left, y: this.high, width: this.right - this.left, height: this.low - this.high }
    this.line = element("path", { class: "drawn", "aria-hidden": "true" })
    this.handles = this.data.epochs.map((epoch, at) => this.handle(epoch, at))
    this.svg.replaceChildren(
      element("clipPath", { id: clip }, element("rect", area)),
      element("g", { "aria-hidden": "true" }, ...this.axes()),
      element("rect", { class: "canvas", ...area }),
      element("g", { "aria-hidden": "true", "pointer-events": "none" }, ...this.known(clip)),
      this.line, ...this.handles)
    if (focused >= 0) this.handles[focused].focus()
    this.show()
  }

  axes() {
    const { levels, digits, ticks } = this.data
    const up = levels.flatMap(level => [
      element("line", { class: "grid", x1: this.left, x2: this.right, y1: this.y(level), y2: this.y(level) }),
      element("text", { x: this.left - 6, y: this.y(level) + 4 * this.em, "text-anchor": "end" }, level.toFixed(digits))])
    const along = ticks.map(tick => element("text",
      { x: this.x(tick), y: this.low + 16 * this.em, "text-anchor": "middle" }, epochName(tick)))
    const name = element("text",
      { x: (this.left + this.right) / 2, y: this.low + 33 * this.em, "text-anchor": "middle" }, "epoch (log scale)")
    return [...up, ...along, name]
  }

  // The lines that are known, with their names, which stand clear of them and of the handles.
  known(clip) {
    const { lines } = this.data
    const curves = lines.map(({ points, color, dash }) => element("path", {
      class: "known", stroke: color, "stroke-dasharray": dash, "clip-path": `url(#${clip})`, d: this.path(points) }))
    const names = this.places().map(({ x, y }, k) => element("text",
      { class: "name", x, y, "text-anchor": "end", style: `fill: ${lines[k].words}` }, lines[k].name))
    return [...curves, ...names]
  }

  places() {
    const lines = this.data.lines.map(({ name, points }) => ({
      name, xs: points.map(([epoch]) => this.x(epoch)), ys: points.map(([, value]) => this.y(value)) }))
    const { left, right, em } = this, start = this.y(this.data.start)
    const row = { left, right, top: start - HANDLE * em, bottom: start + HANDLE * em }
    return placedNames(lines, { left, right, top: this.high + HINT * em, bottom: this.low }, [row], em)
  }

  path(points) {
    return points.map(([epoch, value], at) =>
      `${at ? "L" : "M"}${this.x(epoch).toFixed(1)} ${this.y(value).toFixed(1)}`).join("")
  }

  handle(epoch, at) {
    const half = between(12, (this.right - this.left) / (this.data.epochs.length - 1) / 2, 20)
    const handle = element("g", {
      role: "slider", tabindex: 0, "aria-orientation": "vertical", "aria-valuemin": 0,
      "aria-valuemax": this.data.top, "aria-label": `${this.data.name} at epoch ${epochName(epoch)}`,
    },
    element("rect", { class: "target", x: -half, y: -14, width: 2 * half, height: 28, rx: 4 }),
    element("circle", { class: "dot", r: 4.5 * this.em }))
    handle.addEventListener("keydown", event => this.key(event, at))
    return handle
  }

  // An untouched handle waits at the height of the one before it, the first one at the start.
  heights() {
    let height = this.data.start
    return this.values.map(value => height = value ?? height)
  }

  show() {
    const { epochs, name } = this.data, heights = this.heights(), missing = this.missing()
    this.handles.forEach((handle, at) => {
      const isSet = this.values[at] !== null
      handle.setAttribute("transform", `translate(${this.x(epochs[at])} ${this.y(heights[at])})`)
      handle.setAttribute("aria-valuenow", heights[at].toFixed(2))
      handle.setAttribute("aria-valuetext", heights[at].toFixed(2) + (isSet ? "" : ", not drawn yet"))
      handle.setAttribute("aria-disabled", this.sent)
      handle.classList.toggle("set", isSet)
    })
    this.line.setAttribute("d", this.path(epochs.map((epoch, at) => [epoch, this.values[at]]).filter(([, v]) => v !== null)))
    this.svg.classList.toggle("sent", this.sent)
    this.done.hidden = this.sent || missing === epochs.length
    this.hint.textContent = this.sent ? "" : missing === epochs.length
      ? `Draw the ${name} that you expect`
      : missing ? `Keep drawing: ${missing} of ${epochs.length} points left` : ""
  }

  point(event) {
    const { left, top } = this.svg.getBoundingClientRect()
    return [event.clientX - left, event.clientY - top]
  }

  nearest(x) {
    const far = this.data.epochs.map(epoch => Math.abs(this.x(epoch) - x))
    return far.indexOf(Math.min(...far))
  }

  begin(event) {
    if (this.sent || event.button || !event.isPrimary || !event.target.closest(DRAWN_ON)) return
    event.preventDefault()
    this.svg.setPointerCapture(event.pointerId)
    this.byKeys = false
    this.last = this.point(event)
    const held = event.target.closest("[role=slider]")
    this.set(held ? this.handles.indexOf(held) : this.nearest(this.last[0]), this.last[1])
    this.show()
  }

  // The handles that the pointer passed since its last place, at the height where it passed them.
  go(event) {
    if (!this.last) return
    const [x, y] = this.point(event), [x0, y0] = this.last
    this.data.epochs.forEach((epoch, at) => {
      const here = this.x(epoch)
      if (x !== x0 && (here - x0) * (here - x) <= 0) this.set(at, y0 + (y - y0) * (here - x0) / (x - x0))
    })
    const at = this.nearest(x)
    if (Math.abs(this.x(this.data.epochs[at]) - x) < 6) this.set(at, y)
    this.last = [x, y]
    this.show()
  }

  end() {
    if (!this.last) return
    this.last = null
    const drawn = this.values.map((value, at) => value === null ? -1 : at).filter(at => at >= 0)
    const [first, last] = [drawn[0], drawn.at(-1)]
    if (drawn.length > 1 && first <= EDGE && last >= this.values.length - 1 - EDGE && drawn.length === last - first + 1)
      return this.finish()
    this.show()
  }

  set(at, y) { this.values[at] = Number(this.valueAt(y).toFixed(4)) }

  key(event, at) {
    const { top } = this.data, now = this.heights()[at]
    const aims = {
      ArrowUp: now + top / 50, ArrowRight: now + top / 50, ArrowDown: now - top / 50, ArrowLeft: now - top / 50,
      PageUp: now + top / 10, PageDown: now - top / 10, Home: 0, End: top, " ": now,
    }
    if (this.sent || event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key === "Enter") { event.preventDefault(); return this.finish() }
    if (!(event.key in aims)) return
    event.preventDefault()
    this.byKeys = true
    this.values[at] = Number(between(0, aims[event.key], top).toFixed(4))
    this.show()
  }

  // What is left out at the beginning is as high as the first handle drawn, and later as the one before.
  finish() {
    if (this.sent || this.missing() === this.values.length) return
    const first = this.values.find(value => value !== null)
    if (!this.byKeys) for (let at = 0; this.values[at] === null; at++) this.values[at] = first
    this.values = this.heights()
    this.sent = true
    this.show()
    this.status.textContent = "Your curve is drawn. The true one follows."
    this.send(this.values)
  }
}
