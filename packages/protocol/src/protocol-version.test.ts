import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { packageManifest } from './package-manifest.ts'
import { protocolVersion } from './protocol-version.ts'
import {
  callUp,
  cancelProcedureUp,
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
import { encodePacket, packetTypes, utf8Bytes } from './wire/index.ts'

/** What a remote client and a server must agree on, by version: a changed shape takes a new number and a new line here. */
const known: Readonly<Record<number, string>> = { 1: '74b35b3bc6145c6b', 2: '830ba44260570c0b', 3: '3be4f31a8558c5f6' }

test('N4 no shape of the wire changes without a new protocol version', () => {
  const calls = { callUp, cancelUp, openProcessUp, closeProcessUp, startProcedureUp, procedureUp, cancelProcedureUp, registerUp, orderDoneUp }
  const shapes = { remoteHandshake, ...calls, moveUp, confirmUp, packageManifest }
  const message = { process: 1, method: 'echo', args: utf8Bytes('["ä"]') }
  const frames = [
    encodePacket({ type: packetTypes.event, nsp: '/remote', id: 7, data: ['openProcess', { name: 'a' }] }),
    encodePacket({ type: packetTypes.event, nsp: '/remote', id: 8, data: ['call', message] }),
  ].map((frame) => Buffer.from(frame as Uint8Array).toString('hex'))
  const text = JSON.stringify([
    ...frames,
    ...Object.entries(shapes).map(([name, schema]) => [name, z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })]),
  ])
  expect(createHash('sha256').update(text).digest('hex').slice(0, 16)).toBe(known[protocolVersion])
})
