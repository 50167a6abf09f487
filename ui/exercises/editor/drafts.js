// What is typed for each task, in sessionStorage: it outlives a reload and a change of page.

const name = task => `reglab-code-${task}`

function write(task, { text, stamp }) {
  try {
    sessionStorage.setItem(name(task), JSON.stringify({ text, stamp }))
  } catch { /* without storage, the server alone keeps it */ }
}

function read(task) {
  try {
    const { text, stamp } = JSON.parse(sessionStorage.getItem(name(task)))
    return typeof text === "string" && Number.isInteger(stamp) ? { text, stamp } : null
  } catch { return null }
}

// The drafts that a server with these stamps does not have.
const newer = stamps => Object.entries(stamps)
  .map(([task, stamp]) => [stamp, { task: Number(task), ...read(task) }])
  .filter(([stamp, draft]) => draft.stamp > stamp)
  .map(([, draft]) => draft)

