// Beside Streamlit's own text area, which is sent when it is left: this keeps what is typed in it.

const watchers = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  const found = watchers.get(parentElement)
  const watcher = found?.task === data.task ? found : watch(data, setStateValue)
  if (found && found !== watcher) found.end()
  watchers.set(parentElement, watcher)
  if (data.stamp > watcher.stamp) {
    watcher.stamp = data.stamp
    write(data.task, data)
  }
  return () => watcher.end()
}

function watch({ task, stamp, stamps }, send) {
  const drafts = newer(stamps)
  if (drafts.length) send("drafts", drafts)
  const opened = new AbortController()
  const watcher = { task, stamp: Math.max(stamp, read(task)?.stamp ?? 0), end: () => opened.abort() }
  document.addEventListener("input", ({ target }) => {
    if (!target.closest?.(`.st-key-code_${task}`)) return
    watcher.stamp = after(watcher.stamp)
    write(task, { text: target.value, stamp: watcher.stamp })
  }, { capture: true, signal: opened.signal })
  return watcher
}
