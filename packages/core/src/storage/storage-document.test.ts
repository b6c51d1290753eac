import { encodeStorable, type StorableText } from '@tessera/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commitAtOnce, Replica } from '../testing/index.ts'
import type { CommitReply, SlotChange } from './delta.ts'
import { StorageDocument } from './storage-document.ts'
import { utf8Bytes } from './utf8-bytes.ts'

const writer = { by: 'ana', now: 0 }
const value = (held: unknown): StorableText => encodeStorable(held)
const document = (quota = 100_000): StorageDocument => new StorageDocument(quota)
const commit = (kept: StorageDocument, base: number, ...changes: SlotChange[]): CommitReply =>
  commitAtOnce(kept, { base, touched: changes.map(([slot]) => slot), changes }, writer).reply
const write = (kept: StorageDocument, slot: string, held: unknown): CommitReply => commit(kept, kept.clock, [slot, held === null ? null : value(held)])

describe('storage document', () => {
  test('T1 a won reply carries everything since the caller’s base, its own change included', () => {
    const kept = document()
    write(kept, 'a', 1)
    write(kept, 'b', 2)
    expect(commit(kept, 1, ['c', value(3)])).toEqual({
      won: true,
      since: {
        from: 1,
        clock: 3,
        changes: [
          ['b', '2'],
          ['c', '3'],
        ],
      },
    })
  })

  test('T1 a lost reply carries everything since the caller’s base', () => {
    const kept = document()
    write(kept, 'a', 1)
    write(kept, 'b', 2)
    expect(commit(kept, 0, ['a', value(9)])).toEqual({
      won: false,
      since: {
        from: 0,
        clock: 2,
        changes: [
          ['a', '1'],
          ['b', '2'],
        ],
      },
    })
    expect(kept.seed()).toEqual({
      clock: 2,
      slots: [
        ['a', '1'],
        ['b', '2'],
      ],
    })
  })

  test('T2 a commit wins when no slot that it touched changed after its base, and loses when one did', () => {
    const kept = document()
    write(kept, 'a', 1)
    expect(commit(kept, 0, ['b', value(1)]).won).toBe(true)
    expect(commitAtOnce(kept, { base: 0, touched: ['a', 'c'], changes: [['c', value(1)]] }, writer).reply.won).toBe(false)
    expect(commitAtOnce(kept, { base: 2, touched: ['a', 'c'], changes: [['c', value(1)]] }, writer).reply.won).toBe(true)
  })

  test('T2 a slot that is written counts as touched, whatever the caller says', () => {
    const kept = document()
    write(kept, 'a', 1)
    expect(commitAtOnce(kept, { base: 0, touched: [], changes: [['a', value(2)]] }, writer).reply.won).toBe(false)
    expect(kept.seed().slots).toEqual([['a', '1']])
  })

  test('T2 a commit without changes wins or loses like any other, and changes nothing', () => {
    const kept = document()
    write(kept, 'a', 1)
    expect(commitAtOnce(kept, { base: 1, touched: ['a'], changes: [] }, writer)).toMatchObject({ reply: { won: true }, delta: null })
    expect(commitAtOnce(kept, { base: 0, touched: ['a'], changes: [] }, writer)).toMatchObject({ reply: { won: false }, delta: null })
    expect(kept.clock).toBe(1)
  })

  test('T7 a quota counts slots and values in UTF-8 bytes; what breaks it changes nothing', () => {
    const kept = document(10)
    write(kept, 'é', '日')
    expect(kept.bytes).toBe(2 + 5)
    expect(() => write(kept, 'b', 'xx')).toThrow(expect.objectContaining({ code: 'STORAGE_QUOTA_EXCEEDED' }))
    expect(() => commit(kept, 1, ['é', null], ['b', value('x'.repeat(20))])).toThrow(expect.objectContaining({ code: 'STORAGE_QUOTA_EXCEEDED' }))
    expect(kept.seed()).toEqual({ clock: 1, slots: [['é', '"日"']] })
    commit(kept, 1, ['é', null], ['b', value('xxxxx')])
    expect(kept.bytes).toBe(1 + 7)
    write(kept, 'b', null)
    expect(kept.bytes).toBe(0)
  })

  test('T7 a document above its quota can still shrink', () => {
    const kept = document(10)
    write(kept, 'a', 'xxxxxxx')
    expect(kept.bytes).toBe(10)
    expect(write(kept, 'a', 'xxxxxx').won).toBe(true)
  })

  test('T7 one change of a slot twice in a commit is counted as it ends', () => {
    const kept = document(10)
    expect(() => commit(kept, 0, ['a', value('')], ['a', value('x'.repeat(100))], ['a', value('x'.repeat(100))])).toThrow()
    commit(kept, 0, ['a', value('xxx')], ['a', null])
    expect(kept).toMatchObject({ bytes: 0 })
  })

  test('T7 slots are named with 1 to 256 characters, any of them', () => {
    const kept = document()
    for (const slot of ['', 'x'.repeat(257)]) expect(() => write(kept, slot, 1)).toThrow(expect.objectContaining({ code: 'STORAGE_KEY_INVALID' }))
    for (const slot of ['__proto__', 'constructor', ' ', 'x'.repeat(256)]) expect(write(kept, slot, 1).won).toBe(true)
    expect(kept.seed().slots).toHaveLength(4)
  })

  test('T8 a replica that is older than the removals remembered gets the whole document', () => {
    const kept = document()
    write(kept, 'stays', 1)
    const replica = new Replica(kept.seed())
    write(kept, 'goes', 1)
    replica.apply(kept.since(1))
    for (let index = 0; index < 1001; index++) {
      write(kept, `slot ${index}`, 1)
      write(kept, `slot ${index}`, null)
    }
    write(kept, 'goes', null)
    expect(kept.since(replica.clock)).toMatchObject({ from: 0, reset: true })
    expect(commit(kept, replica.clock, ['late', value(1)]).won).toBe(false)
    replica.apply(kept.since(replica.clock))
    expect([...replica.slots]).toEqual([['stays', '1']])
  })

  test('T8 a document that was put back knows of no removal before: replicas from then get it whole', () => {
    const kept = document()
    kept.restore({ clock: 7, slots: [{ slot: 'a', text: '1', clock: 5, at: 0, by: 'ana' }] })
    expect(kept.since(6)).toEqual({ from: 0, clock: 7, changes: [['a', '1']], reset: true })
    expect(commit(kept, 6, ['b', value(1)]).won).toBe(false)
    expect(write(kept, 'b', 2)).toMatchObject({ won: true, since: { from: 7, clock: 8 } })
  })

  test('T8 a clock that never was loses, and gets the whole document', () => {
    const kept = document()
    write(kept, 'a', 1)
    expect(commit(kept, 7, ['b', value(1)])).toEqual({ won: false, since: { from: 0, clock: 1, changes: [['a', '1']], reset: true } })
  })

  test('T7 bytes are counted as an encoder would', () => {
    const unit = fc.oneof(fc.nat(0x7f), fc.nat(0xffff), fc.integer({ min: 0xd700, max: 0xe100 }))
    const anyText = fc.array(unit, { maxLength: 30 }).map((units) => String.fromCharCode(...units))
    fc.assert(
      fc.property(anyText, (text) => {
        expect(utf8Bytes(text)).toBe(Buffer.byteLength(text))
      }),
      { numRuns: 1000 },
    )
    for (const text of ['\ud800', '\udc00', '\ud800a', '\ud800日', '\ud800\ud800\udc00']) expect(utf8Bytes(text)).toBe(Buffer.byteLength(text))
  })
})
