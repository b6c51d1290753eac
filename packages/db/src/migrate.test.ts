import { execFile } from 'node:child_process'
import { appendFile, cp, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { scratchFolder } from '../test/scratch-database.ts'
import { openDatabase } from './client.ts'
import { createDirectoryStore } from './directory-store.ts'
import { migrate } from './migrate.ts'
import { migrationsFolder, readMigrations } from './migrations.ts'

const own = readMigrations(migrationsFolder).map(({ name }) => name)

interface Scratch {
  file: string
  /** A copy of the product's migrations. */
  folder: string
  add: (name: string, sql: string) => Promise<void>
  run: () => readonly string[]
  /** What the database holds: every table's definition and every row. */
  contents: () => unknown
}

const withScratch = async (run: (scratch: Scratch) => Promise<void>): Promise<void> => {
  const { folder: room, remove } = await scratchFolder()
  const file = path.join(room, 'tessera.db')
  const folder = path.join(room, 'migrations')
  await cp(migrationsFolder, folder, { recursive: true })
  const add = async (name: string, sql: string): Promise<void> => {
    await mkdir(path.join(folder, name))
    await writeFile(path.join(folder, name, 'migration.sql'), sql)
  }
  try {
    await run({ file, folder, add, run: () => migrate(file, readMigrations(folder)), contents: () => readContents(file) })
  } finally {
    await remove()
  }
}

const readContents = (file: string): unknown => {
  const database = new Sqlite(file)
  try {
    const schema = database.prepare<[], { type: string; name: string; sql: string }>(`SELECT type, name, sql FROM sqlite_schema ORDER BY type, name`).all()
    const rows = schema.filter(({ type }) => type === 'table').map(({ name }) => [name, database.prepare(`SELECT * FROM "${name}"`).all()])
    return { schema, rows }
  } finally {
    database.close()
  }
}

test('M1 a new database gets every migration in order, a migrated one none', () =>
  withScratch(async ({ run, add, contents }) => {
    expect(run()).toEqual(own)
    const before = contents()
    expect(run()).toEqual([])
    expect(contents()).toEqual(before)
    await add('29990101000000_second', 'INSERT INTO "Second" VALUES (2);')
    await add('29990100000000_first', 'CREATE TABLE "Second" (x INTEGER); INSERT INTO "Second" VALUES (1);')
    expect(run()).toEqual(['29990100000000_first', '29990101000000_second'])
    expect(run()).toEqual([])
  }))

/** Starts another process that migrates the database with the product's own migrations, and says how many it applied. */
const migrateElsewhere = (file: string): { started: Promise<void>; applied: Promise<string> } => {
  const built = (name: string): string => JSON.stringify(new URL(`../dist/${name}`, import.meta.url).href)
  const program = `
    const { migrate } = await import(${built('migrate.js')})
    const { readMigrations, migrationsFolder } = await import(${built('migrations.js')})
    process.stderr.write('started')
    process.stdout.write(String(migrate(${JSON.stringify(file)}, readMigrations(migrationsFolder)).length))`
  const running = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program])
  const started = new Promise<void>((resolve) => running.child.stderr?.once('data', () => resolve()))
  return { started, applied: running.then(({ stdout }) => stdout) }
}

test('M1 servers that start at once on a new database apply each migration once', () =>
  withScratch(async ({ file, run }) => {
    const applied = await Promise.all([1, 2, 3].map(() => migrateElsewhere(file).applied))
    expect(applied.sort()).toEqual(['0', '0', `${own.length}`])
    expect(run()).toEqual([])
  }))

test('M1 a server that starts while another migrates waits for it, and finds all of it done', () =>
  withScratch(async ({ file, folder, run }) => {
    const [first, ...others] = readMigrations(folder)
    if (first === undefined) throw new Error('There are no migrations.')
    migrate(file, [first])
    const migrating = new Sqlite(file)
    migrating.exec('BEGIN IMMEDIATE')
    const { started, applied } = migrateElsewhere(file)
    await started
    await setTimeout(300)
    for (const { name, sql, checksum } of others) {
      migrating.exec(sql)
      migrating.prepare('INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "finished_at") VALUES (?, ?, ?, 1)').run(name, checksum, name)
    }
    migrating.exec('COMMIT')
    migrating.close()
    expect(await applied).toBe('0')
    expect(run()).toEqual([])
  }))

test('M1 a migration that fails leaves nothing, neither its own nor of those before it, and is named', () =>
  withScratch(async ({ run, add, contents, folder }) => {
    run()
    const before = contents()
    await add('29990101000000_good', 'CREATE TABLE "Good" (x INTEGER);')
    await add('29990102000000_bad', 'CREATE TABLE "Half" (x INTEGER); INSERT INTO "Setting" VALUES (\'a\', \'b\'); INSERT INTO "Nowhere" VALUES (1);')
    expect(run).toThrow(expect.objectContaining({ code: 'MIGRATION_FAILED', message: expect.stringContaining('29990102000000_bad') }))
    expect(contents()).toEqual(before)
    await writeFile(path.join(folder, '29990102000000_bad/migration.sql'), 'CREATE TABLE "Whole" (x INTEGER);')
    expect(run()).toEqual(['29990101000000_good', '29990102000000_bad'])
  }))

test('M1 a failing migration on a new database leaves an empty file', () =>
  withScratch(async ({ run, add, contents, file, folder }) => {
    await add('29990102000000_bad', 'CREATE BANANA;')
    await expect(openDatabase({ file, migrations: folder })).rejects.toMatchObject({ code: 'MIGRATION_FAILED' })
    expect(contents()).toEqual({ schema: [], rows: [] })
    await rm(path.join(folder, '29990102000000_bad'), { recursive: true })
    expect(run()).toEqual(own)
  }))

test('M1 a table that is rebuilt keeps the rows that refer to it', () =>
  withScratch(async ({ run, add, file }) => {
    run()
    const database = new Sqlite(file)
    database.exec(`INSERT INTO "Group" VALUES (1, 'Sales', 'sales'); INSERT INTO "GroupUser" VALUES (1, 1)`)
    await add(
      '29990101000000_rebuild',
      `PRAGMA foreign_keys=OFF;
       CREATE TABLE "new_Group" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "name" TEXT NOT NULL, "nameKey" TEXT NOT NULL, "extra" TEXT);
       INSERT INTO "new_Group" ("id", "name", "nameKey") SELECT "id", "name", "nameKey" FROM "Group";
       DROP TABLE "Group"; ALTER TABLE "new_Group" RENAME TO "Group"; PRAGMA foreign_keys=ON;`,
    )
    expect(run()).toEqual(['29990101000000_rebuild'])
    expect(database.prepare('SELECT COUNT(*) AS n FROM "GroupUser"').get()).toEqual({ n: 1 })
    database.close()
  }))

test('M1 a migration that leaves rows without what they refer to, or ends its transaction, is refused whole', () =>
  withScratch(async ({ run, add, contents, folder }) => {
    run()
    const before = contents()
    await add('29990101000000_orphan', 'INSERT INTO "GroupUser" VALUES (7, 7);')
    expect(run).toThrow(expect.objectContaining({ code: 'MIGRATION_FAILED', message: expect.stringContaining('GroupUser') }))
    expect(contents()).toEqual(before)
    await rm(path.join(folder, '29990101000000_orphan'), { recursive: true })
    await add('29990101000000_escape', 'COMMIT;')
    expect(run).toThrow(expect.objectContaining({ code: 'MIGRATION_FAILED' }))
    expect(contents()).toEqual(before)
  }))

test('M2 a migration that was edited after it had been applied is refused, by name', () =>
  withScratch(async ({ run, folder, contents, file }) => {
    run()
    const before = contents()
    await appendFile(path.join(folder, own[0] ?? '', 'migration.sql'), '\n-- a small remark\n')
    expect(run).toThrow(expect.objectContaining({ code: 'MIGRATION_FAILED', message: expect.stringContaining(`${own[0]} was edited`) }))
    await expect(openDatabase({ file, migrations: folder })).rejects.toMatchObject({ code: 'MIGRATION_FAILED' })
    expect(contents()).toEqual(before)
  }))

test('M2 a database that a newer Tessera wrote is refused', () =>
  withScratch(async ({ run, add, folder, contents, file }) => {
    await add('29990101000000_future', 'CREATE TABLE "Future" (x INTEGER);')
    run()
    const before = contents()
    await rm(path.join(folder, '29990101000000_future'), { recursive: true })
    await expect(openDatabase({ file, migrations: folder })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringMatching(/29990101000000_future.*newer/),
    })
    expect(contents()).toEqual(before)
  }))

test('M2 a migration that comes before one already applied, or that another tool left half done, is refused', () =>
  withScratch(async ({ run, add, folder, file }) => {
    run()
    await add('20000101000000_late', 'CREATE TABLE "Late" (x INTEGER);')
    expect(run).toThrow(expect.objectContaining({ code: 'MIGRATION_FAILED', message: expect.stringContaining('20000101000000_late') }))
    await rm(path.join(folder, '20000101000000_late'), { recursive: true })
    const database = new Sqlite(file)
    database.exec(`UPDATE "_prisma_migrations" SET "finished_at" = NULL WHERE "migration_name" = '${own[1]}'`)
    database.close()
    expect(run).toThrow(expect.objectContaining({ code: 'MIGRATION_FAILED', message: expect.stringContaining('never finished') }))
  }))

test('M1 the migrations lead to the models', async () => {
  const script = fileURLToPath(new URL('../scripts/make-migration.mjs', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--check'])
  expect(stdout).toContain('The migrations lead to the models.')
})

test('A2 the migrations themselves make Designer and Administrator', () =>
  withScratch(async ({ file, run }) => {
    run()
    const database = await openDatabase({ file })
    expect((await createDirectoryStore(database).users()).map(({ id, name }) => `${id} ${name}`)).toEqual(['1 Designer', '2 Administrator'])
    await database.close()
  }))
