// Python as text: its indentation, and its tokens in colors.

const INDENT = "    "
const LEAVES_BLOCK = /^\s*(return|pass|break|continue|raise)\b/
const KEYWORDS = "and as assert async await break class continue def del elif else except finally for " +
  "from global if import in is lambda nonlocal not or pass raise return try while with yield " +
  "False None True"
const QUOTED = String.raw`"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?`
const TOKEN = new RegExp([
  "(?<comment>#.*)",
  `(?<string>(?:\\b[rbfuRBFU]{1,2})?(?:${QUOTED}))`,
  `(?<keyword>\\b(?:${KEYWORDS.replaceAll(" ", "|")})\\b)`,
  String.raw`(?<number>\b\d[\w.]*)`,
].join("|"), "g")

const plain = text => text.replace(/\r\n?/g, "\n").replace(/\0/g, "").split("\n").map(line => {
  let out = ""
  for (const part of line.split(/(\t)/))
    out += part === "\t" ? INDENT.slice(out.length % INDENT.length) : part
  return out
}).join("\n")

const lineStart = (text, place) => text.lastIndexOf("\n", place - 1) + 1

function* colored(text) {
  let at = 0
  for (const match of text.matchAll(TOKEN)) {
    yield text.slice(at, match.index)
    const span = document.createElement("span")
    span.className = Object.keys(match.groups).find(kind => match.groups[kind] !== undefined)
    span.textContent = match[0]
    yield span
    at = match.index + match[0].length
  }
  yield text.slice(at)
}

