// Lines of code with two buttons each, which move the line up or down.
//
// The order here is the newest; the server hears of each move and keeps it. It gives the order only
// when the component is drawn for the first time, or for another task.

const puzzles = new WeakMap()

export default function ({ data, parentElement: root, setStateValue }) {
  const puzzle = puzzles.get(root) ?? {}
  const isNew = puzzle.task !== data.task
  if (isNew) Object.assign(puzzle, { task: data.task, order: [...data.order] })
  Object.assign(puzzle, { root, lines: data.lines, send: setStateValue })
  puzzles.set(root, puzzle)
  if (!isNew) return // else the line that is being moved would lose the focus
  root.querySelector("[data-part=head]").textContent = data.head
  draw(puzzle)
}

function draw(puzzle) {
  const { root, lines, order } = puzzle
  const items = order.map((piece, place) => {
    const item = document.createElement("li"), code = document.createElement("pre")
    const indent = /^ */.exec(lines[piece])[0].length
    code.textContent = lines[piece].replaceAll(new RegExp(`^ {${indent}}`, "gm"), "")
    code.style.setProperty("--indent", `${indent}ch`)
    item.append(button(puzzle, place, -1), button(puzzle, place, 1), code)
    return item
  })
  root.querySelector("[data-part=lines]").replaceChildren(...items)
}

function button(puzzle, place, step) {
  const button = document.createElement("button"), up = step < 0
  const line = puzzle.lines[puzzle.order[place]].trim()
  button.type = "button"
  button.textContent = up ? "↑" : "↓"
  button.setAttribute("aria-label", `Move ${up ? "up" : "down"}: ${line}`)
  button.disabled = !(place + step in puzzle.order)
  button.addEventListener("click", () => move(puzzle, place, step))
  button.addEventListener("keydown", event => {
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!way) return
    event.preventDefault()
    move(puzzle, place, way)
  })
  return button
}

function move(puzzle, place, step) {
  const { order, root, lines } = puzzle, next = place + step
  if (!(next in order)) return
  const [piece] = order.splice(place, 1)
  order.splice(next, 0, piece)
  draw(puzzle)
  const buttons = [...root.querySelectorAll("li")[next].querySelectorAll("button")]
  const used = buttons[step < 0 ? 0 : 1]
  const focused = used.disabled ? buttons.find(button => !button.disabled) : used
  focused.focus()
  root.querySelector("[data-part=status]").textContent =
    `${lines[piece].trim()}: line ${next + 1} of ${order.length}`
  puzzle.send("order", [...order])
}
