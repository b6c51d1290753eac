import { describe, expect, test } from 'vitest'
import { checkRules } from '../rules/check-rules.mjs'
import { readSpec } from '../rules/read-spec.mjs'
import { idsOf, readTitles } from '../rules/read-titles.mjs'
import { manifest, writeTree } from './write-tree.mjs'

const offences = (spec, tests = {}) => {
  const files = { 'packages/core/package.json': manifest('core'), 'packages/core/SPEC.md': spec, 'e2e/package.json': manifest('e2e'), ...tests }
  return checkRules(writeTree(files)).offences.map(({ file, line, message }) => `${file}:${line} ${message}`)
}

describe('the specification', () => {
  test('gives rules with their sources, over several lines', () => {
    const { rules, offences: none } = readSpec(
      'SPEC.md',
      '# Session\n\n- **S1** A session [kept alive]\n  stays. [SES-08, DBM-11]\n- **T12** No source here.\n\ntext [X-1]\n',
    )
    expect(none).toEqual([])
    expect([...rules.values()]).toEqual([
      { id: 'S1', line: 3, sources: ['SES-08', 'DBM-11'] },
      { id: 'T12', line: 5, sources: [] },
    ])
  })

  test('is refused where it is missing, empty, or gives an id twice or badly', () => {
    expect(checkRules(writeTree({})).offences[0].message).toContain('is missing')
    expect(offences('# nothing\n')[0]).toContain('holds no rule')
    const twice = "test('S1 works', () => {})"
    expect(offences('- **S1** a\n- **S1** b\n', { 'packages/core/src/a.test.ts': twice })).toEqual(['packages/core/SPEC.md:2 S1 was given before, on line 1'])
    expect(offences('- **Session 1** a\n')[0]).toContain('is no rule id')
    expect(offences('- **S1** a [SES-08, DBM11]\n', { 'packages/core/src/a.test.ts': twice })).toEqual([
      'packages/core/SPEC.md:1 S1 cites DBM11, which is no id such as SES-08',
    ])
  })
})

describe('the tests', () => {
  test('may stand in a package, in a behaviour suite and in e2e', () => {
    const tests = {
      'packages/core/test/contract/places.contract.ts': "test.runIf(x)('S4 stays', () => {})",
      'packages/core/src/session/session.test.ts': "describe('session', () => { it('S1 opens', () => {}) })",
      'packages/core/src/contracts/otp-store.ts': "export const suite = () => { test('O1: once', () => {}) }",
      'e2e/console.spec.ts': "test.describe('S2, S3: in the console', () => { test('shows it', () => {}) })",
    }
    expect(offences('- **S1** a\n- **S2** b\n- **S3** c\n- **S4** e\n- **O1** d\n', tests)).toEqual([])
  })

  test('must exist for each rule', () => {
    expect(offences('- **S1** a\n- **S2** b\n', { 'packages/core/src/a.test.ts': "it('S1 a', () => {})" })).toEqual([
      'packages/core/SPEC.md:2 S2 has no test: none that runs has a title that starts with "S2"',
    ])
  })

  test('do not count where none of them runs', () => {
    const asleep = ["it.skip('S1 a', () => {})", "it.todo('S1 a')", "describe('S1 a', () => {})", "describe.skip('x', () => { it('S1 a', () => {}) })"]
    for (const text of asleep) expect(offences('- **S1** a\n', { 'packages/core/src/a.test.ts': text })[0]).toContain('S1 has no test')
  })

  test('must not be named after a rule that does not exist', () => {
    expect(offences('- **S1** a\n', { 'packages/core/src/a.test.ts': "it('S1 a', () => {})\nit('S9 b', () => {})" })).toEqual([
      'packages/core/src/a.test.ts:2 the title starts with S9, which packages/core/SPEC.md does not have',
    ])
  })

  test('are found through each, skipIf, templates and tagged templates', () => {
    const text = "it.each([1])('S1 %s', () => {})\ntest.skipIf(slow)('S2 x', () => {})\ntest(`S3 \x24{name}`, () => {})\nit.each`a\n\x24{1}`('S4 $a', () => {})"
    expect(readTitles('a.test.ts', text).flatMap(({ ids }) => ids)).toEqual(['S1', 'S2', 'S3', 'S4'])
  })

  test('list ids only at their start and only whole ones', () => {
    expect(idsOf('S12, S13: both')).toEqual(['S12', 'S13'])
    expect(idsOf('S12 and T1 meet')).toEqual(['S12', 'T1'])
    expect(idsOf('E2E is no rule')).toEqual([])
    expect(idsOf('UTF8 text')).toEqual([])
    expect(idsOf('keeps S12')).toEqual([])
  })
})
