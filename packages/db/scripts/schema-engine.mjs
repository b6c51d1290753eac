// Prisma's schema engine as WebAssembly: compares models with migrations, without any download.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import Database from 'better-sqlite3'

const room = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
// Comes with the adapter, and must be the very copy that the adapter uses.
const { bindMigrationAwareSqlAdapterFactory } = createRequire(require.resolve('@prisma/adapter-better-sqlite3'))('@prisma/driver-adapter-utils')

export const migrationsFolder = path.join(room, 'migrations/sqlite')

/** The SQL that leads from the committed migrations to the models; empty where there is nothing left to do. */
export const missingSql = async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tessera-models-'))
  try {
    const file = path.join(folder, 'migrated.db')
    replayMigrations(file)
    const files = readModels()
    const engine = await startEngine(files, file)
    const { stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: room },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    })
    return stdout.includes('This is an empty migration') ? '' : stdout
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const startEngine = async (files, url) => {
  const module = new WebAssembly.Module(
    readFileSync(path.join(path.dirname(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg')), 'schema_engine_bg.wasm')),
  )
  const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': bindings })
  bindings.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaBetterSqlite3({ url }))
  return bindings.SchemaEngine.new({ datamodels: files.map((file) => [file.path, file.content]) }, () => undefined, adapter)
}

const readModels = () =>
  ['sqlite.prisma', 'models.prisma'].map((name) => ({ path: path.join(room, 'prisma', name), content: readFileSync(path.join(room, 'prisma', name), 'utf8') }))

const replayMigrations = (file) => {
  const database = new Database(file)
  for (const name of readdirSync(migrationsFolder).sort()) database.exec(readFileSync(path.join(migrationsFolder, name, 'migration.sql'), 'utf8'))
  database.close()
}
