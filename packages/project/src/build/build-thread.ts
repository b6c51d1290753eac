import { parentPort, workerData } from 'node:worker_threads'
import { toErrorBody } from '@tessera/protocol'
import type { Pack } from '../package/pack.ts'
import type { BuildOrder, BuildReply } from './build-messages.ts'
import { createBuilder } from './builder.ts'

/** Type-checking takes a second of computing: it must not take it from the thread that answers clients. */
const builder = createBuilder(String(workerData))

const reply = (message: BuildReply, transfer: readonly ArrayBuffer[] = []): void => parentPort?.postMessage(message, [...transfer])

parentPort?.on('message', async ({ number }: BuildOrder) => {
  try {
    const { pack, warnings, state } = await builder.build((step, fraction) => reply({ type: 'progress', number, step, fraction }))
    const [copy, buffers] = copyPack(pack)
    reply({ type: 'built', number, pack: copy, warnings, state }, buffers)
  } catch (cause) {
    reply({ type: 'failed', number, error: toErrorBody(cause), detail: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) })
  }
})

/** Each blob in a buffer of its own: many are views of one large buffer, which would travel whole with each of them. */
const copyPack = (pack: Pack): [Pack, ArrayBuffer[]] => {
  const blobs = new Map([...pack.blobs].map(([digest, content]) => [digest, new Uint8Array(content)]))
  return [
    { ...pack, manifestBytes: new Uint8Array(pack.manifestBytes), listingBytes: new Uint8Array(pack.listingBytes), blobs },
    [...blobs.values()].map(({ buffer }) => buffer),
  ]
}
