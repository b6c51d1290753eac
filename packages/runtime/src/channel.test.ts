import { PassThrough } from 'node:stream'
import { payloadText, TesseraError } from '@tessera/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Channel } from './channel.ts'
import { FrameReader } from './frame-reader.ts'
import type { Envelope } from './wire.ts'

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

interface Listened {
  frames: Envelope[][]
  closed: string[]
}

/** Bytes as the texts that they are of. */
const read = ({ head, texts }: Envelope): Envelope => ({ head, texts: texts.map(payloadText) })

/** A channel whose pipe comes back to itself. */
const loopback = (maxFrameBytes = 1_000_000): Listened & { channel: Channel; pipe: PassThrough; writes: Buffer[] } => {
  const pipe = new PassThrough()
  const writes: Buffer[] = []
  const frames: Envelope[][] = []
  const closed: string[] = []
  pipe.on('data', (piece: Buffer) => writes.push(piece))
  const channel = new Channel(pipe, { maxFrameBytes, onFrame: (frame) => frames.push(frame.map(read)), onClosed: (why) => closed.push(why) })
  return { channel, pipe, writes, frames, closed }
}

/** The bytes of one frame that holds these messages. */
const frameOf = async (envelopes: readonly Envelope[]): Promise<Buffer> => {
  const { channel, writes } = loopback()
  for (const envelope of envelopes) channel.send(envelope)
  await nextTurn()
  return Buffer.concat(writes)
}

const anyEnvelope = fc.record({ head: fc.jsonValue(), texts: fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 }) })

describe('the isolate channel', () => {
  test('X2 all messages of one turn leave in one write, in order', async () => {
    const { channel, writes, frames } = loopback()
    channel.send({ head: [1], texts: ['"ä🙂"'] })
    channel.send({ head: { type: 'x' }, texts: [] })
    channel.send({ head: 'y', texts: ['', 'b'] })
    expect(writes).toEqual([])
    await nextTurn()
    expect(writes).toHaveLength(1)
    expect(frames).toEqual([
      [
        { head: [1], texts: ['"ä🙂"'] },
        { head: { type: 'x' }, texts: [] },
        { head: 'y', texts: ['', 'b'] },
      ],
    ])
  })

  test('X2 frames are put together from any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyEnvelope, { minLength: 1, maxLength: 4 }), { maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 40 })),
        async (frames, cuts) => {
          const bytes = Buffer.concat(await Promise.all(frames.map(frameOf)))
          const got: Envelope[] = []
          const reader = new FrameReader(1_000_000, (envelopes) => got.push(...envelopes.map(read)))
          let at = 0
          for (const cut of [...cuts, bytes.length]) {
            reader.push(bytes.subarray(at, at + cut))
            at = Math.min(bytes.length, at + cut)
          }
          expect(got).toEqual(frames.flat().map(({ head, texts }) => ({ head: JSON.parse(JSON.stringify(head)), texts })))
        },
      ),
      { numRuns: 200 },
    )
  })

  test('X50 bytes and texts travel side by side, and arrive as views of what they came with', async () => {
    const { channel, pipe, frames } = loopback()
    const raw: Envelope[] = []
    const reader = new FrameReader(1_000_000, (envelopes) => raw.push(...envelopes))
    pipe.on('data', (piece: Buffer) => reader.push(piece))
    channel.send({ head: 1, texts: [Buffer.from('["ä"]'), '"text"', new Uint8Array()] })
    await nextTurn()
    expect(frames).toEqual([[{ head: 1, texts: ['["ä"]', '"text"', ''] }]])
    const [first, second] = (raw[0]?.texts ?? []) as Buffer[]
    expect(first?.buffer).toBe(second?.buffer)
  })

  test('X2 a message that no frame holds is refused where it is sent, and the channel goes on', async () => {
    const { channel, frames } = loopback(1000)
    expect(() => channel.send({ head: 1, texts: ['x'.repeat(501)] })).toThrow(TesseraError)
    for (let n = 0; n < 5; n++) channel.send({ head: n, texts: ['x'.repeat(300)] })
    await nextTurn()
    expect(frames.flat().map(({ head }) => head)).toEqual([0, 1, 2, 3, 4])
  })

  test('X3 a frame above the limit ends the channel with a clear reason', async () => {
    const { channel, pipe, frames, closed } = loopback(1000)
    const header = Buffer.alloc(8)
    header.writeUInt32LE(1001, 0)
    pipe.write(header)
    await nextTurn()
    channel.send({ head: 1, texts: [] })
    await nextTurn()
    expect(closed).toEqual(['A frame of 1001 bytes came on the isolate channel; the limit is 1000.'])
    expect(frames).toEqual([])
  })

  test('X3 what is not a frame ends the channel too', async () => {
    for (const body of ['nonsense', '[1,99]', '[1,-1]', '[1,[1.5]]', '[1,"0"]', '{}']) {
      const { pipe, closed } = loopback()
      const frame = Buffer.alloc(8 + body.length)
      frame.writeUInt32LE(body.length, 0)
      frame.writeUInt32LE(body.length, 4)
      frame.write(body, 8)
      pipe.write(frame)
      await nextTurn()
      expect(closed).toHaveLength(1)
    }
  })

  test('X10 the end of the pipe is told once', async () => {
    const { pipe, closed, channel } = loopback()
    pipe.end()
    await nextTurn()
    channel.close('again')
    expect(closed).toEqual(['the other end closed the pipe'])
    expect(channel.readToEnd).toBe(true)
  })
})
