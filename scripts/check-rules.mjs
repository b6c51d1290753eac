// Keeps SPEC.md and the tests' titles together. Usage: node scripts/check-rules.mjs [root]
import { repositoryRoot } from './bootstrap/repository.mjs'
import { checkRules } from './rules/check-rules.mjs'

const { rules, titles, offences } = checkRules(process.argv[2] ?? repositoryRoot)
for (const { file, line, message } of offences) console.log(`${file}:${line} ${message}`)
console.log(`rules: ${rules} rules, ${titles} titles that name one, ${offences.length} offences`)
process.exitCode = offences.length > 0 ? 1 : 0
