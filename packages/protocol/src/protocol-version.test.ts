import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { packageManifest } from './package-manifest.ts'
import { protocolVersion } from './protocol-version.ts'
import {
  callUp,
  cancelUp,
  closeProcessUp,
  confirmUp,
  moveUp,
  openProcessUp,
  orderDoneUp,
  procedureUp,
  registerUp,
  remoteHandshake,
  startProcedureUp,
} from './remote-up.ts'

/** What a remote client and a server must agree on, by version: a changed shape takes a new number and a new line here. */
const known: Readonly<Record<number, string>> = { 1: '74b35b3bc6145c6b', 2: '830ba44260570c0b', 3: '1cc52d33ecb435de' }

test('N4 no shape of the wire changes without a new protocol version', () => {
  const calls = { callUp, cancelUp, openProcessUp, closeProcessUp, startProcedureUp, procedureUp, registerUp, orderDoneUp }
  const shapes = { remoteHandshake, ...calls, moveUp, confirmUp, packageManifest }
  const text = JSON.stringify(Object.entries(shapes).map(([name, schema]) => [name, z.toJSONSchema(schema, { io: 'input' })]))
  expect(createHash('sha256').update(text).digest('hex').slice(0, 16)).toBe(known[protocolVersion])
})
