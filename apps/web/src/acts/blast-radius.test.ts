import { describe, expect, it } from 'vitest'
import { sessionRow } from '../testing/rows.ts'
import { measureBlast } from './blast-radius.ts'

const old = { id: '20261012.1', digest: 'aa', outdated: true }
const rows = [
  sessionRow({ id: 'A', userName: 'ana', version: old, processes: 2 }),
  sessionRow({ id: 'B', userName: 'ana', state: 'unreachable' }),
  sessionRow({ id: 'C', userName: 'luis', counted: false }),
]
const ok = (id: string) => ({ id, ok: true })

describe('the blast radius of an act', () => {
  it('counts who is touched, by user and by version', () => {
    const blast = measureBlast(rows, { results: [ok('A'), ok('B'), ok('C')], job: null })
    expect(blast).toMatchObject({ sessions: 3, licences: 2, processes: 4, refused: [] })
    expect(blast.users).toEqual([
      { name: 'ana', sessions: 2 },
      { name: 'luis', sessions: 1 },
    ])
    expect(blast.versions).toContainEqual({ id: '20261012.1', outdated: true, sessions: 1 })
  })

  it('W23 names who is away, state by state', () => {
    const away = [
      sessionRow({ id: 'D', userName: 'eva', state: 'sleeping' }),
      sessionRow({ id: 'E', userName: 'eva', state: 'unreachable' }),
      sessionRow({ id: 'F', state: 'draining' }),
    ]
    const results = [...rows, ...away].map(({ id }) => ok(id))
    expect(measureBlast([...rows, ...away], { results, job: null }).away).toEqual({
      sessions: 3,
      names: ['ana', 'eva'],
      states: [
        { state: 'sleeping', sessions: 1 },
        { state: 'unreachable', sessions: 2 },
      ],
    })
    expect(measureBlast(rows, { results: [ok('A')], job: null }).away).toEqual({ sessions: 0, names: [], states: [] })
  })

  it('believes the server about who would be refused', () => {
    const error = { code: 'ILLEGAL_STATE', message: 'It runs that version already.' }
    const blast = measureBlast(rows, { results: [ok('A'), { id: 'C', ok: false, error }], job: null })
    expect(blast.sessions).toBe(1)
    expect(blast.refused).toEqual([{ id: 'C', name: 'luis', ...error }])
  })

  it('counts sessions it knows nothing else about', () => {
    expect(measureBlast([], { results: [ok('Z')], job: null })).toMatchObject({ sessions: 1, users: [] })
  })
})
