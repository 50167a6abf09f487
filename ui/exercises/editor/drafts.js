// What is typed for each task, in localStorage: it outlives the tab, and each tab sees it.

const name = task => `reglab-code-${task}`

function write(task, { text, stamp }) {
  try {
    if (read(task)?.stamp > stamp) return // of another tab
    localStorage.setItem(name(task), JSON.stringify({ text, stamp }))
  } catch { /* without storage, the server alone keeps it */ }
}

// The stamp of an edit after one with this stamp: the newest edit of all tabs counts.
const after = stamp => Math.max(stamp + 1, Date.now())

function read(task) {
  try {
    const { text, stamp } = JSON.parse(localStorage.getItem(name(task)))
    return typeof text === "string" && Number.isInteger(stamp) ? { text, stamp } : null
  } catch { return null }
}

// The drafts that a server with these stamps does not have.
const newer = stamps => Object.entries(stamps)
  .map(([task, stamp]) => [stamp, { task: Number(task), ...read(task) }])
  .filter(([stamp, draft]) => draft.stamp > stamp)
  .map(([, draft]) => draft)

