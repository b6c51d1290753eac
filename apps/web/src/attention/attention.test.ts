import { describe, expect, it } from 'vitest'
import { serverRow } from '../testing/rows.ts'
import { attentionOf } from './attention.ts'

const now = Date.parse('2026-10-12T12:00:00.000Z')
const build = { at: '2026-10-12T11:00:00.000Z', by: 'reload', problems: [] }
const kinds = (row: Parameters<typeof serverRow>[0]): string[] => attentionOf(serverRow(row), now).map(({ kind }) => kind)

describe('what needs attention', () => {
  it('W18 is nothing when all is well', () => {
    expect(kinds({})).toEqual([])
    expect(kinds({ licences: { maximum: 10, used: 9, remote: 9, web: 0 } })).toEqual([])
  })

  it('W18 is each thing that is not as it should be, the worst first', () => {
    const { states, entry } = serverRow()
    expect(
      kinds({
        state: 'stopping',
        states: { ...states, unreachable: 2 },
        entry: { ...entry, accepting: false, warnings: ['Nobody is let in.'] },
        licences: { maximum: 10, used: 11, remote: 11, web: 0 },
        rejectedBuild: build,
        rolesProblem: build,
        replayedOtps: 1,
        restartProblems: ['A session could not be put back.'],
        drift: [{ at: '2026-10-12T11:59:00.000Z', what: 'A licence was held by nobody.' }],
      }),
    ).toEqual(['roles', 'build', 'replayed', 'restart', 'state', 'rejecting', 'licencesFull', 'unreachable', 'addressWarnings', 'drift'])
  })

  it('W37 is isolates that do not answer and sessions in quarantine', () => {
    expect(attentionOf(serverRow({ isolates: { total: 3, blocked: 1, quarantined: 2 } }), now)).toEqual([
      { kind: 'blocked', tone: 'bad', count: 1 },
      { kind: 'quarantined', tone: 'caution', count: 2 },
    ])
  })

  it('W18 forgets after a day what was put right', () => {
    expect(kinds({ drift: [{ at: '2026-10-11T11:59:00.000Z', what: 'old' }] })).toEqual([])
  })
})
