/**
 * @typedef {object} Rule
 * @property {string} id a letter for its family and a number: `S12`
 * @property {number} line counted from 1
 * @property {string[]} sources ids of the 4D behaviour that the rule keeps: `SES-08`; none where the rule is our own
 */

/** @typedef {{ file: string, line: number, message: string }} Offence */

const ruleStart = /^- \*\*([^*]+)\*\*\s*(.*)$/
const ruleId = /^[A-Z]{1,2}\d{1,3}$/
const sourceId = /^[A-Z]{2,4}-\d{2,3}$/
const sourceList = /\[([^\][]*)\]\.?$/

/**
 * Reads the rules of a SPEC.md: lines such as `- **S12** A session ... [SES-08, DBM-11]`, which may go on in indented lines.
 * @param {string} file named in the offences
 * @param {string} text
 * @returns {{ rules: Map<string, Rule>, offences: Offence[] }}
 */
export const readSpec = (file, text) => {
  const rules = new Map()
  const offences = []
  for (const block of readBlocks(text)) {
    const report = (message) => offences.push({ file, line: block.line, message })
    if (!ruleId.test(block.id)) report(`${block.id} is no rule id: a letter or two and a number, such as S12`)
    else if (rules.has(block.id)) report(`${block.id} was given before, on line ${rules.get(block.id).line}`)
    else rules.set(block.id, { id: block.id, line: block.line, sources: readSources(block, report) })
  }
  if (rules.size === 0) offences.push({ file, line: 1, message: 'holds no rule: a rule is a line such as "- **S12** text [SES-08]"' })
  return { rules, offences }
}

const readBlocks = (text) => {
  const blocks = []
  for (const [index, line] of text.split('\n').entries()) {
    const start = ruleStart.exec(line)
    const last = blocks.at(-1)
    if (start) blocks.push({ id: start[1].trim(), line: index + 1, lines: [start[2].trim()] })
    else if (last && last.line + last.lines.length === index + 1 && /^\s+\S/.test(line)) last.lines.push(line.trim())
  }
  return blocks
}

/** Only a bracket at the end of a rule lists its sources, and only where something in it looks like an id. */
const readSources = (block, report) => {
  const list = sourceList.exec(block.lines.join(' '))
  if (!list || !/[A-Z]+-?\d/.test(list[1])) return []
  const sources = list[1].split(',').map((source) => source.trim())
  for (const source of sources) if (!sourceId.test(source)) report(`${block.id} cites ${source || 'nothing'}, which is no id such as SES-08`)
  return sources
}
