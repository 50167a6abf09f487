// A small Python editor: a transparent textarea over the same text in colors.
//
// What is typed goes to localStorage at once, and to the server after a pause or with the press of
// a button that uses it. It never goes along with a click on something else: after a click on a link, a
// message from this page would cancel the change of page, and beside a click on a control outside
// of the fragment it would have only the fragment redrawn. The storage has what is still to be sent.

const PAUSE = 300 // ms
const CHARACTER = 0.6 // its width, in sizes of the type

const editors = new WeakMap()

export default function (component) {
  const root = component.parentElement
  if (!editors.has(root)) editors.set(root, new Editor(root))
  editors.get(root).update(component)
  return () => { editors.get(root)?.close(); editors.delete(root) }
}

class Editor {
  constructor(root) {
    for (const name of ["page", "text", "colors", "numbers", "mark", "status", "result"])
      this[name] = root.querySelector(`[data-part=${name}]`)
    this.host = root.host ?? root
    this.opened = new AbortController()
    const on = (target, names, handle) => names.split(" ").forEach(name =>
      target.addEventListener(name, handle, { capture: true, signal: this.opened.signal }))
    on(this.text, "input", () => this.typed())
    on(this.text, "keydown", event => this.key(event))
    on(this.text, "paste", event => this.paste(event))
    on(this.text, "focus", () => { this.indents = false })
    on(this.text, "pointerdown", () => { this.indents = true })
    on(document, "pointerdown keydown focusin", event => this.turned(event.target))
    on(document, "visibilitychange", () => this.flush())
    on(window, "popstate", () => this.wait())
    on(window, "storage", () => this.other())
    this.redrawn = new MutationObserver(() => this.watch())
    this.redrawn.observe(document.body, { childList: true, subtree: true })
  }

  close() {
    this.wait()
    cancelAnimationFrame(this.frame)
    this.sizes?.disconnect()
    this.redrawn.disconnect()
    this.opened.abort()
  }

  // What the server says. Only what is newer than the text here replaces it.
  update({ data, setStateValue, setTriggerValue }) {
    this.send = setStateValue
    this.trigger = setTriggerValue
    this.known = data.stamps
    this.limit = data.limit
    if (this.task !== data.task) this.open(data)
    else if (data.stamp > this.stamp) this.take(data)
    this.watch()
    this.error = data.judged === this.text.value ? data.error_line : null
    this.draw()
    this.tell(data)
    this.bring()
  }

  open(data) {
    this.task = data.task
    this.told = data.told
    const draft = read(this.task)
    this.take(draft?.stamp > data.stamp ? draft : data)
    if (this.unsent().length) this.changed()
    this.text.disabled = false
  }

  take({ text, stamp }) {
    this.wait()
    this.stamp = stamp
    this.dirty = false
    this.text.value = text
    if (stamp > 0) write(this.task, { text, stamp })
  }

  // Another tab has written newer code; it goes to this tab's server with the next press.
  other() {
    const draft = read(this.task)
    if (!(draft?.stamp > this.stamp)) return
    this.take(draft)
    this.dirty = true
    this.draw()
  }

  tell({ told, said }) {
    if (told !== this.told) this.result.textContent = said
    this.told = told
  }

  // After a press of a button, what grows below the buttons comes into view.
  watch() {
    const place = document.querySelector(`.st-key-feedback_${this.task}`)
    if (!place || place === this.place) return
    this.place = place
    place.style.scrollMarginBottom = "1rem"
    this.sizes?.disconnect()
    this.sizes = new ResizeObserver(() => this.bring())
    this.sizes.observe(place)
  }

  bring() {
    if (this.pressed) this.place?.scrollIntoView({ block: "nearest" })
  }

  typed() {
    if (this.inserting) return
    if (/[\t\r\0]/.test(this.text.value)) {
      const { selectionEnd: end, value } = this.text, rest = plain(value.slice(end))
      this.text.value = plain(value.slice(0, end)) + rest
      this.text.selectionEnd = this.text.selectionStart = this.text.value.length - rest.length
    }
    this.stamp = after(this.stamp)
    this.error = null
    this.pressed = false
    write(this.task, { text: this.text.value, stamp: this.stamp })
    this.changed()
    cancelAnimationFrame(this.frame)
    this.frame = requestAnimationFrame(() => { this.draw(); this.reveal() })
  }

  // The numbers stay where they are, so the browser takes what is under them for visible.
  reveal() {
    const { selectionStart: start, value } = this.text
    const column = start - lineStart(value, start)
    const left = column * CHARACTER * parseFloat(getComputedStyle(this.text).fontSize)
    if (left < this.page.scrollLeft) this.page.scrollLeft = left / 2
  }

  changed() {
    this.dirty = true
    this.later()
  }

  later() {
    this.wait()
    if (this.dirty) this.timer = setTimeout(() => this.flush(), PAUSE)
  }

  unsent() {
    const here = { task: this.task, text: this.text.value, stamp: this.stamp }
    const others = newer(this.known).filter(({ task }) => task !== this.task)
    return [...others, ...(here.stamp > this.known[this.task] ? [here] : [])]
      .filter(({ text }) => text.length <= this.limit)
  }

  wait() { clearTimeout(this.timer) }

  flush() {
    this.wait()
    if (!this.dirty) return
    this.dirty = false
    const drafts = this.unsent()
    if (drafts.length) this.send("drafts", drafts)
  }

  // The learner turns to something else.
  turned(target) {
    if (target === this.host || !target?.closest) return
    const mine = target.closest(`.st-key-answer_${this.task}`)
    const file = target.closest("[data-testid=stDownloadButton]") // which redraws nothing
    this.pressed = Boolean(mine && target.closest("button"))
    if (target.closest("a[href]")) this.wait()
    else if (mine || file) this.flush()
    else this.later()
  }

  run() {
    this.pressed = true
    this.flush()
    this.trigger("run", true)
  }

  key(event) {
    if (event.isComposing) return
    const { key, shiftKey } = event, bare = !event.altKey && !event.metaKey && !event.ctrlKey
    const edit = {
      Tab: () => this.indents && bare && this.indent(shiftKey),
      Enter: () => bare && !shiftKey && this.newline(),
      Backspace: () => bare && this.outdent(),
    }[key]
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) this.run()
    else if (!edit?.()) {
      // Tab moves on until something else is pressed, so that it can walk through the page.
      if (!["Tab", "Shift", "Control", "Alt", "Meta"].includes(key)) this.indents = key !== "Escape"
      return
    }
    this.indents = true
    event.preventDefault()
  }

  indent(back) {
    const { selectionStart: start, selectionEnd: end, value } = this.text
    if (!back && !value.slice(start, end).includes("\n")) {
      const column = start - lineStart(value, start)
      return this.insert(INDENT.slice(column % INDENT.length), start, end)
    }
    const from = lineStart(value, start)
    const lines = value.slice(from, end).split("\n")
    const moved = lines.map(line => back ? line.replace(/^ {1,4}/, "") : line && INDENT + line)
    if (moved.join() === lines.join()) return true
    this.insert(moved.join("\n"), from, end)
    const shift = moved[0].length - lines[0].length
    this.text.selectionStart = Math.max(from, start + shift)
    if (start === end) this.text.selectionEnd = this.text.selectionStart
    return true
  }

  newline() {
    const { selectionStart: start, selectionEnd: end, value } = this.text
    const line = value.slice(lineStart(value, start), start)
    const [indent] = /^ */.exec(line)
    const code = line.replace(/\s*(#.*)?$/, "")
    const deeper = code.endsWith(":") ? INDENT : ""
    const left = LEAVES_BLOCK.test(code) ? indent.slice(INDENT.length) : indent
    return this.insert("\n" + left + deeper, start, end)
  }

  // In the indentation, Backspace goes back by one level.
  outdent() {
    const { selectionStart: start, selectionEnd: end, value } = this.text
    const before = value.slice(lineStart(value, start), start)
    if (start !== end || !/^ {2,}$/.test(before)) return false
    return this.insert("", start - ((before.length - 1) % INDENT.length + 1), end)
  }

  paste(event) {
    const text = event.clipboardData?.getData("text/plain")
    if (!text) return
    event.preventDefault()
    this.insert(plain(text), this.text.selectionStart, this.text.selectionEnd)
  }

  // As typed, so that the browser can undo it; line by line that is slow, so not for long texts.
  insert(text, start, end) {
    const slow = text.length > 2000
    this.text.setSelectionRange(start, end)
    this.inserting = true
    const done = !slow && (text || start < end) &&
      document.execCommand(text ? "insertText" : "delete", false, text)
    this.inserting = false
    if (!done) this.text.setRangeText(text, start, end, "end")
    this.typed()
    return true
  }

  draw() {
    const { value } = this.text, lines = value.split("\n").length
    this.colors.replaceChildren(...colored(value), "\n")
    this.numbers.textContent = Array.from({ length: lines }, (_, i) => i + 1).join("\n")
    this.mark.hidden = !this.error || this.error > lines
    this.mark.style.setProperty("--line", this.error ?? 0)
    this.text.setAttribute("aria-invalid", !this.mark.hidden)
    const long = value.length > this.limit && `Your code has ${value.length.toLocaleString("en")} ` +
      `characters; at most ${this.limit.toLocaleString("en")} are kept and run.`
    this.status.textContent = long || (this.mark.hidden ? "" : `There is an error in line ${this.error}.`)
  }
}
