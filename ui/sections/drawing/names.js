// Where the names of lines stand in the place to draw in: beside their line, clear of all others.

const LETTER = 7.2, ASCENT = 11, ROOM = 5 // px at normal type size: a letter, its height, to a line
const STEPS = 24 // places along a line that are tried

// Lines are { name, xs, ys } in pixels; area is { left, right, top, bottom }. Returns for each line
// where its name ends and its baseline: as far on the right as no line, no other name and none of the
// boxes in `taken` is in its way.
function placedNames(lines, area, taken, em) {
  taken = [...taken]
  return lines.map(line => {
    const places = candidates(line, area, em)
    const free = places.find(({ box }) => !taken.some(other => overlap(box, other)) && lines.every(({ xs, ys }) => clear(xs, ys, box)))
    const { box } = free ?? places[0]
    taken.push(box)
    return { x: box.right, y: box.bottom - ROOM * em / 2 }
  })
}

// The boxes right above and right below a line, from its end to its start.
function candidates({ name, xs, ys }, area, em) {
  const width = name.length * LETTER * em, height = (ASCENT + ROOM) * em
  const boxes = []
  for (let step = 0; step <= STEPS; step++) {
    const right = area.right - 4 - step * Math.max(0, area.right - 4 - area.left - width) / STEPS
    const [high, low] = reach(xs, ys, right - width, right)
    for (const bottom of [high - ROOM * em, low + ROOM * em + height])
      boxes.push({ box: { left: right - width, right, top: bottom - height, bottom } })
  }
  const inside = boxes.filter(({ box }) => box.top >= area.top && box.bottom <= area.bottom)
  return inside.length ? inside : boxes
}

// The least and the largest y of a line between two x.
function reach(xs, ys, left, right) {
  const within = [at(xs, ys, left), at(xs, ys, right), ...ys.filter((_, k) => xs[k] >= left && xs[k] <= right)]
  return [Math.min(...within), Math.max(...within)]
}

function at(xs, ys, x) {
  const k = xs.findIndex(other => other >= x)
  if (k <= 0) return k ? ys.at(-1) : ys[0]
  return ys[k - 1] + (ys[k] - ys[k - 1]) * (x - xs[k - 1]) / (xs[k] - xs[k - 1] || 1)
}

function clear(xs, ys, box) {
  const [high, low] = reach(xs, ys, box.left, box.right)
  return low < box.top || high > box.bottom
}

function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

