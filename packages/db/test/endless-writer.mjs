// Writes to a database for ever, and says so after each round that is acknowledged. Runs what was built, as a server does.
import { randomBytes } from 'node:crypto'
import { createAuditLog, createCredentialStore, createDirectoryStore, openDatabase } from '../dist/index.js'

const database = await openDatabase({ file: process.argv[2] })
const audit = createAuditLog(database)
const credentials = createCredentialStore(database)
const directory = createDirectoryStore(database)

for (let round = 1; ; round += 1) {
  const secret = randomBytes(8).toString('hex')
  await audit.append({ at: new Date().toISOString(), who: 'writer', role: 'system', act: 'write', target: secret, reason: '', ok: true, code: null })
  await credentials.put({ hash: secret, kind: 'link', name: secret, role: 'admin', createdAt: round, expiresAt: null, lastUsedAt: null })
  await directory.addUser({ name: secret, alias: null, passwordHash: null })
  process.stdout.write(`${round}\n`)
}
