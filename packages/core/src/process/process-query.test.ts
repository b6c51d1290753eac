import type { ProcessChip, ProcessSort } from '@tessera/protocol'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { startTestEngine, type TestClient, type TestEngine } from '../testing/index.ts'

let engine: TestEngine
let ana: TestClient

const everyColumn = ['number', 'name', 'userName', 'kind', 'state', 'method', 'startedAt', 'cpuUsage', 'queued', 'calls'] as const

beforeAll(async () => {
  const never = () => new Promise(() => undefined)
  engine = await startTestEngine({ project: { methods: { report: never, quick: () => 1 } } })
  ana = await engine.connect('ana')
  const orders = await ana.process('Orders')
  void orders.call('report').catch(() => undefined)
  await engine.connect('bob')
  await engine.operator.dispatch('procedure.start', { method: 'report', args: '[]', name: 'nightly', unique: false })
})

const found = (text: string, { chips = [], session = null }: { chips?: ProcessChip[]; session?: string | null } = {}): string[] =>
  engine.reads
    .processesWindow({ query: { text, chips, session, process: null }, sort: { column: 'number', direction: 'ascending' }, offset: 0, limit: 100 })
    .rows.map(({ name }) => name)

describe('process query', () => {
  test('W31 words look at name, method, user, number and isolate, and `;` means OR', () => {
    const [first] = engine.reads.processes(ana.id)
    expect(found('')).toHaveLength(4)
    expect(found('orders')).toEqual(['Orders'])
    expect(found('ORDERS ; nightly')).toEqual(['Orders', 'nightly'])
    expect(found('report')).toEqual(['Orders', 'nightly'])
    expect(found('nobody')).toEqual([])
    expect(found(String(first?.number))).toContain(first?.name)
  })

  test('W31 chips of one family mean OR, families mean AND, and one session may be asked for', () => {
    expect(found('', { chips: ['executing'] })).toEqual(['Orders', 'nightly'])
    expect(found('', { chips: ['executing', 'twin'] })).toEqual(['Orders'])
    expect(found('', { chips: ['twin', 'storedProcedure'] })).toHaveLength(4)
    expect(found('', { chips: ['web'] })).toEqual([])
    expect(found('', { session: ana.id })).toHaveLength(2)
    expect(found('', { session: 'NONE' })).toEqual([])
    const [wanted] = engine.reads.processes(ana.id)
    const one = engine.reads.processesWindow({
      query: { text: '', chips: [], session: null, process: wanted?.id ?? '' },
      sort: { column: 'number', direction: 'ascending' },
      offset: 0,
      limit: 9,
    })
    expect(one.order).toEqual([wanted?.id])
  })

  test('W31 a window tells how many there are, how many match, and how many each chip would show', () => {
    const window = engine.reads.processesWindow({
      query: { text: '', chips: ['twin'], session: null, process: null },
      sort: { column: 'number', direction: 'descending' },
      offset: 1,
      limit: 1,
    })
    expect(window).toMatchObject({ total: 4, matching: 3, offset: 1, counts: { executing: 2, waiting: 0, paused: 0, twin: 3, storedProcedure: 1, web: 0 } })
    expect(window.rows.map(({ id }) => id)).toEqual(window.order)
    expect(window.rows).toMatchObject([{ name: 'Orders', userName: 'Designer', method: 'report' }])
  })

  test('W31 each column sorts both ways, and equal rows keep one order', () => {
    const order = (sort: ProcessSort): string[] =>
      engine.reads.processesWindow({ query: { text: '', chips: [], session: null, process: null }, sort, offset: 0, limit: 100 }).order
    for (const column of everyColumn) {
      expect(new Set(order({ column, direction: 'descending' }))).toEqual(new Set(order({ column, direction: 'ascending' })))
      expect(order({ column, direction: 'ascending' })).toHaveLength(4)
    }
    expect(order({ column: 'number', direction: 'descending' })).toEqual(order({ column: 'number', direction: 'ascending' }).toReversed())
  })

  test('W31 no text breaks it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        found(text)
      }),
    )
  })
})
