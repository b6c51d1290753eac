// `node scripts/make-migration.mjs <name>`: writes the SQL that leads from the migrations to the models as a new
// migration. Read it before it is committed; once it is released it must never change.
// `node scripts/make-migration.mjs --check`: fails, and shows that SQL, where the migrations do not lead to the models.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { migrationsFolder, missingSql } from './schema-engine.mjs'

const asked = process.argv[2] ?? ''

const write = (name, sql) => {
  const folder = path.join(migrationsFolder, `${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}_${name}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'migration.sql'), sql)
  process.stdout.write(`${path.relative(process.cwd(), folder)}\n`)
}

if (asked !== '--check' && !/^[a-z][a-z0-9_]*$/.test(asked)) {
  process.stderr.write('Usage: node scripts/make-migration.mjs <name_in_snake_case> | --check\n')
  process.exitCode = 2
} else {
  const sql = await missingSql()
  if (sql === '') {
    process.stdout.write('The migrations lead to the models.\n')
  } else if (asked === '--check') {
    process.stdout.write(`The migrations do not lead to the models. Missing:\n${sql}`)
    process.exitCode = 1
  } else {
    write(asked, sql)
  }
}
