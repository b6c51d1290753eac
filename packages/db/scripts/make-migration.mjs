// `node scripts/make-migration.mjs <name>`: writes the SQL that leads from the migrations to the models as a new
// migration. Read it before it is committed; once it is released it must never change.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { migrationsFolder, missingSql } from './schema-engine.mjs'

const name = process.argv[2]
if (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)) {
  process.stderr.write('Usage: node scripts/make-migration.mjs <name_in_snake_case>\n')
  process.exit(2)
}
const sql = await missingSql()
if (sql === '') {
  process.stdout.write('The migrations lead to the models already.\n')
} else {
  const folder = path.join(migrationsFolder, `${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}_${name}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'migration.sql'), sql)
  process.stdout.write(`${path.relative(process.cwd(), folder)}\n`)
}
