// Keeps the "may import" table of ARCHITECTURE.md true. Usage: node scripts/check-layers.mjs [root]
import { repositoryRoot } from './bootstrap/repository.mjs'
import { checkLayers } from './layers/check-layers.mjs'

const { files, imports, violations } = checkLayers(process.argv[2] ?? repositoryRoot)
for (const { file, line, message } of violations) console.log(`${file}:${line} ${message}`)
console.log(`layers: ${imports} imports in ${files} files, ${violations.length} of them where they may not be`)
process.exitCode = violations.length > 0 ? 1 : 0
