import { describe, expect, it } from 'vitest'
import { sessionRow } from '../testing/rows.ts'
import type { ActTarget } from './acts.ts'
import { asCommand, asScript } from './as-code.ts'

const rows = { kind: 'rows', rows: [sessionRow({ id: 'A1' }), sessionRow({ id: 'B2' })] } as const
const draft = { reason: "It's late", graceSeconds: 30 }

describe('an act as code', () => {
  it('names the sessions and quotes what a shell would take apart', () => {
    expect(asCommand('disconnect', rows, draft)).toBe("tessera sessions disconnect A1 B2 --reason 'It'\\''s late'")
  })

  it('gives the grace where the act takes one', () => {
    expect(asCommand('reload', rows, draft)).toBe("tessera sessions reload A1 B2 --grace 30 --reason 'It'\\''s late'")
  })

  it('keeps a query a query', () => {
    const target: ActTarget = { kind: 'matching', query: { text: 'user:ana', chips: ['remote', 'unreachable', 'outdated'] } }
    expect(asCommand('message', target, { reason: 'Hello', graceSeconds: 0 })).toBe(
      "tessera sessions message --match 'user:ana kind:remote state:unreachable is:outdated' Hello",
    )
  })

  it('leaves to the script what the command line has no words for', () => {
    const target: ActTarget = { kind: 'matching', query: { text: 'user:ana', chips: ['remote', 'web'] } }
    expect(asCommand('end', target, draft)).toBeNull()
    expect(asScript('end', target, draft)).toContain(
      `tessera.sessions.end.mutate({"match":{"text":"user:ana","chips":["remote","web"]},"reason":"It's late","graceSeconds":30})`,
    )
  })
})
