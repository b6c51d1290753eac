import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TesseraError } from '../tessera-error.ts'
import { Decoder, decodePacket, Encoder, encodePacket, headAt, type Packet, packetTypes, utf8Bytes } from './index.ts'

const refused = expect.objectContaining({ code: 'BAD_REQUEST' })

/** What comes out at the other end. */
const sent = (packet: Packet): Packet => decodePacket(encodePacket(packet))

/** A binary frame with any head. */
const framed = (head: unknown, payload: Uint8Array = new Uint8Array()): Uint8Array => {
  const bytes = utf8Bytes(typeof head === 'string' ? head : JSON.stringify(head))
  const frame = new Uint8Array(headAt + bytes.length + payload.length)
  new DataView(frame.buffer).setUint32(0, bytes.length, true)
  frame.set(bytes, headAt)
  frame.set(payload, headAt + bytes.length)
  return frame
}

const json = fc.jsonValue()
const record = fc.dictionary(fc.string(), json)
const id = fc.option(fc.nat(), { nil: undefined })
const nsp = fc.constantFrom('/remote', '/console', '/')
const eventName = fc.string().filter((name) => !['connect', 'connect_error', 'disconnect', 'disconnecting', 'error'].includes(name))
const packet: fc.Arbitrary<Packet> = fc.oneof(
  fc.record({ type: fc.constant(packetTypes.connect), nsp, data: fc.option(record, { nil: undefined }), id: fc.constant(undefined) }),
  fc.record({ type: fc.constant(packetTypes.connectError), nsp, data: record, id: fc.constant(undefined) }),
  fc.record({ type: fc.constant(packetTypes.disconnect), nsp, data: fc.constant(undefined), id: fc.constant(undefined) }),
  fc.record({ type: fc.constant(packetTypes.event), nsp, id, data: fc.tuple(eventName, json).map(([name, message]) => [name, message]) }),
  fc.record({ type: fc.constant(packetTypes.ack), nsp, id, data: fc.array(json, { maxLength: 3 }) }),
)

/** As JSON has it: `undefined` and -0 are not in it. */
const asJson = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)))

describe('the frames of the wire', () => {
  test('N10 every packet is one frame, and comes out as it went in', () => {
    fc.assert(
      fc.property(packet, (before) => {
        expect(new Encoder().encode(before)).toHaveLength(1)
        expect(sent(before)).toEqual({ ...before, data: asJson(before.data) })
      }),
    )
  })

  test('N11 arguments and results travel as the bytes that they are, in one frame with their head', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom('args', 'value'), record, (bytes, member, rest) => {
        const message = { ...rest, [member]: bytes }
        const frame = encodePacket({ type: packetTypes.event, nsp: '/remote', id: 7, data: ['call', message] })
        expect(frame).toBeInstanceOf(Uint8Array)
        expect([...(frame as Uint8Array).slice(frame.length - bytes.length)]).toEqual([...bytes])
        const { data } = decodePacket(frame)
        const [name, got] = data as [string, Record<string, unknown>]
        expect([name, [...(got[member] as Uint8Array)]]).toEqual(['call', [...bytes]])
        expect({ ...got, [member]: null }).toEqual({ ...(asJson(rest) as object), [member]: null })
      }),
    )
  })

  test('N11 a browser’s ArrayBuffer and Node’s Buffer are read alike', () => {
    const frame = framed([packetTypes.ack, '/remote', 3, [{ ok: true }], 'value'], utf8Bytes('"ä🙂"'))
    const buffer = frame.buffer.slice(0) as ArrayBuffer
    for (const form of [frame, Buffer.from(frame), buffer]) {
      const [{ value }] = decodePacket(form).data as [{ value: Uint8Array }]
      expect(new TextDecoder().decode(value)).toBe('"ä🙂"')
    }
  })

  test.each<[string, unknown]>([
    ['text that is no JSON', '[2,"/remote"'],
    ['no list', '{"0":2}'],
    ['no type', '["2","/remote",null,["a"]]'],
    ['a type that is none', '[5,"/remote",null,["a"]]'],
    ['no namespace', '[2,null,null,["a"]]'],
    ['a namespace without end', JSON.stringify([0, `/${'x'.repeat(1000)}`, null, null])],
    ['a negative id', '[2,"/remote",-1,["a"]]'],
    ['a huge id', '[2,"/remote",1e300,["a"]]'],
    ['a broken id', '[2,"/remote",1.5,["a"]]'],
    ['an event without a name', '[2,"/remote",null,[]]'],
    ['an event with a number for a name', '[2,"/remote",null,[7]]'],
    ['an event that only a socket itself may tell', '[2,"/remote",null,["disconnect","x"]]'],
    ['an answer that is no list', '[3,"/remote",1,{"0":1}]'],
    ['an introduction that is a text', '[0,"/remote",null,"x"]'],
    ['a goodbye with more', '[1,"/remote",null,["x"]]'],
    ['a text that names a payload', '[2,"/remote",null,["call",{}],"args"]'],
    ['bytes without a head', new Uint8Array(3)],
    ['a head that is longer than its frame', new Uint8Array([255, 255, 255, 255, 1, 2, 3])],
    ['a head that ends after its frame', framed([2, '/remote', 1, ['call', {}], 'args']).subarray(0, 20)],
    [
      'a head that is one byte longer than its frame',
      Uint8Array.from(framed([2, '/remote', 1, ['call', {}], 'args']), (byte, at) => (at === 0 ? byte + 1 : byte)),
    ],
    ['a payload without a name', framed([2, '/remote', 1, ['call', {}]])],
    ['a payload named __proto__', framed([2, '/remote', 1, ['call', {}], '__proto__'])],
    ['a payload named constructor', framed([2, '/remote', 1, ['call', {}], 'constructor'])],
    ['a payload without a message', framed([2, '/remote', 1, ['call'], 'args'])],
    ['a payload of a list', framed([2, '/remote', 1, ['call', []], 'args'])],
    ['a payload of an introduction', framed([0, '/remote', null, {}, 'args'])],
    ['a number', 7],
    ['nothing', null],
    ['an attachment of socket.io’s own', { base64: true, data: 'AAAA' }],
  ])('N12 %s is refused with one clear error', (_what, frame) => {
    expect(() => decodePacket(frame as string)).toThrow(refused)
  })

  test('N12 whatever comes is a packet or a clear error, and never anything else', () => {
    const whole = encodePacket({ type: packetTypes.event, nsp: '/remote', id: 1, data: ['call', { process: 1, args: new Uint8Array([91, 93]) }] }) as Uint8Array
    const damaged = fc.tuple(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length)).map(([at, byte, end]) => {
      const copy = Uint8Array.from(whole)
      copy[at] = byte
      return copy.subarray(0, end)
    })
    const heads = fc
      .array(fc.oneof(json, fc.constantFrom('__proto__', 'constructor', 'args', '/remote', 1e21, -0)), { maxLength: 6 })
      .map((head) => framed(head))
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 80 }),
          damaged,
          heads,
          fc.string(),
          json.map((value) => JSON.stringify(value)),
        ),
        (frame) => {
          try {
            const { type, nsp: namespace } = decodePacket(frame)
            expect([typeof type, typeof namespace]).toEqual(['number', 'string'])
          } catch (error) {
            expect(error).toBeInstanceOf(TesseraError)
            expect(error).toEqual(refused)
          }
          expect(Object.prototype).not.toHaveProperty('args')
        },
      ),
    )
  })

  test('N12 a message with members of every name holds them as its own', () => {
    const { data } = decodePacket('[2,"/remote",null,["x",{"__proto__":{"admin":true}}]]')
    const [, message] = data as [string, Record<string, unknown>]
    expect(message['admin']).toBeUndefined()
    expect(Object.getPrototypeOf(message)).toBe(Object.prototype)
  })

  test('N13 a decoder gives each packet to whoever takes it first: the diversion, or its listeners', () => {
    const decoder = new Decoder()
    const heard: unknown[] = []
    const diverted: unknown[] = []
    const listener = ({ data }: Packet): void => void heard.push(data)
    decoder.on('decoded', listener)
    decoder.add('[2,"/remote",null,["before"]]')
    decoder.divert = ({ id: number, data }) => {
      if (number !== 1) return false
      diverted.push(data)
      return true
    }
    decoder.add('[2,"/remote",1,["taken"]]')
    decoder.add('[2,"/remote",2,["left"]]')
    decoder.off('decoded', listener)
    decoder.add('[2,"/remote",2,["unheard"]]')
    expect({ heard, diverted }).toEqual({ heard: [['before'], ['left']], diverted: [['taken']] })
  })
})
