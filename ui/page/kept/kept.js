// What this browser keeps of a visit, in localStorage: see browser_storage.py. Each tab writes only
// what has changed in it, into what is stored at that moment, so that two tabs add up.

const NAME = "reglab-kept", PREFIX = "reglab-", CODE = /^reglab-code-(\d+)$/
const PAUSE = 400 // ms
const YEAR = 31536000 // s
const MAX_SIZE = 300000 // characters, without the code, which the editor writes
const FLEETING = ["key", "tour", "pins"] // settings of an address that are none

export default function ({ data, setTriggerValue }) {
  const storage = window.reglabStorage ??= new Storage()
  storage.send = setTriggerValue
  if (data) storage.update(data)
}

const here = () => location.pathname.split("/").pop()
const app = () => document.querySelector("[data-testid=stApp]")

class Storage {
  constructor() {
    this.pending = {}
    addEventListener("pagehide", () => this.flush())
    document.addEventListener("visibilitychange", () => this.flush())
    addEventListener("reglab-address", () => this.later())
    addEventListener("storage", ({ key, newValue }) => {
      if (this.number && key === NAME && newValue === null) this.anew()
    })
  }

  update({ number, wait, answered, items, forget }) {
    this.watch()
    if (forget) return this.forget()
    if (this.number !== number) this.begin(number, wait)
    this.heard = answered || !this.asked
    if (!this.heard) return
    for (const [name, text] of Object.entries(items)) {
      if ((this.written[name] ?? null) === text) continue
      this.written[name] = this.pending[name] = text
    }
    this.later()
  }

  // After a lost connection the server may be another one, or have another session: have it draw
  // the page at once, or else the first click would be spent on that.
  watch() {
    if (this.observer || !app()) return
    let was = true
    this.observer = new MutationObserver(() => {
      const is = app()?.dataset.testConnectionState === "CONNECTED"
      if (is && !was) this.send("answer", { number: this.number })
      was = is
    })
    const attributeFilter = ["data-test-connection-state"]
    this.observer.observe(app(), { attributes: true, attributeFilter })
  }

  // A new session is told what is stored, and whether this page was drawn before the session.
  begin(number, wait) {
    const same = Boolean(this.number) && this.place === here()
    this.save()
    Object.assign(this, { number, written: {} })
    let items = {}, drafts = [], trouble = null
    try {
      localStorage.setItem(PREFIX + "probe", "")
      localStorage.removeItem(PREFIX + "probe")
    } catch { trouble = "full" }
    try {
      drafts = this.drafts()
      items = this.read()
    } catch (error) { trouble = error instanceof SyntaxError ? "nonsense" : "forbidden" }
    this.trouble = trouble
    this.asked = Boolean(wait || trouble || drafts.length || Object.keys(items).length)
    if (this.asked) this.send("answer", { number, same, items, drafts, trouble })
  }

  drafts() {
    return Object.keys(localStorage).filter(name => CODE.test(name)).flatMap(name => {
      try {
        const { text, stamp } = JSON.parse(localStorage.getItem(name))
        return [{ task: Number(CODE.exec(name)[1]), text, stamp }]
      } catch { return [] }
    })
  }

  read() {
    const text = localStorage.getItem(NAME)
    if (text?.length > MAX_SIZE) throw new SyntaxError("too long")
    const stored = JSON.parse(text ?? "{}")
    if (Object.prototype.toString.call(stored) !== "[object Object]") throw new SyntaxError("none")
    return stored
  }

  later() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.flush(), PAUSE)
  }

  // The page in the address with its settings, once the session has taken up what was stored. On
  // the way to another page, the address may still have settings of the one before.
  address() {
    const settings = Object.fromEntries(new URLSearchParams(location.search))
    if (!this.heard || "tour" in settings) return
    const place = here(), { testScriptState, testConnectionState } = app()?.dataset ?? {}
    const calm = testScriptState === "notRunning" && testConnectionState === "CONNECTED"
    if (place !== this.place && !calm) return this.later()
    this.place = place
    for (const name of FLEETING) delete settings[name]
    const found = { place, [`page/${place}`]: settings }
    for (const [name, value] of Object.entries(found)) {
      const text = JSON.stringify(value)
      if (this.written[name] !== text) this.written[name] = this.pending[name] = text
    }
  }

  flush() {
    clearTimeout(this.timer)
    this.address()
    this.save()
  }

  save() {
    const pending = Object.entries(this.pending)
    if (!pending.length) return
    this.pending = {}
    try {
      const stored = this.stored()
      for (const [name, text] of pending) {
        if (text === null) delete stored[name]
        else stored[name] = joined(name, stored[name], JSON.parse(text))
      }
      localStorage.setItem(NAME, JSON.stringify(stored))
      document.cookie = `${NAME}=1; path=/; max-age=${YEAR}; samesite=strict`
    } catch {
      if (this.trouble) return
      this.trouble = "full"
      this.send("answer", { number: this.number, trouble: "full" })
    }
  }

  stored() {
    try { return this.read() } catch (error) {
      if (error instanceof SyntaxError) return {}
      throw error
    }
  }

  forget() {
    try {
      const names = Object.keys(localStorage).filter(name => name.startsWith(PREFIX))
      for (const name of names) localStorage.removeItem(name)
    } catch { /* it keeps nothing */ }
    document.cookie = `${NAME}=; path=/; max-age=0`
    this.anew()
  }

  anew() {
    Object.assign(this, { heard: false, pending: {}, number: "" })
    location.replace(location.pathname)
  }
}

// What was passed stays passed, and a hint opened stays so, whichever tab is the last to write.
function joined(name, stored, value) {
  if (!name.startsWith("task/") || typeof stored !== "object") return value
  return Object.fromEntries(Object.entries(value)
    .map(([key, now]) => [key, stored?.[key] > now ? stored[key] : now]))
}
