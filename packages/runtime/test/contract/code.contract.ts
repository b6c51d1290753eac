import { asDigest } from '@tessera/core'
import { expect, test } from 'vitest'
import { writeHalf } from '../fixture-half.ts'
import { fixtureMethods } from '../fixture-methods.ts'
import { type ContractRoom, failureOf } from './contract-room.ts'

/** Which code there is, and what becomes of code that cannot be loaded. */
export const codeContract = (room: ContractRoom): void => {
  test('X8 unknown methods and methods that clients may not call are refused alike', async () => {
    const process = room.engine.process(room.engine.openSession('UNKNOWN'))
    expect(await failureOf(room.engine.call(process, 'nothing'))).toMatchObject({ code: 'METHOD_NOT_FOUND' })
    expect(await failureOf(room.engine.call(process, 'notOnServer'))).toMatchObject({ code: 'METHOD_NOT_FOUND' })
    expect(await failureOf(room.engine.call(process, '__proto__'))).toMatchObject({ code: 'METHOD_NOT_FOUND' })
    expect(await room.engine.runTarget(process, { kind: 'method', name: 'notOnServer' })).toBe(1)
  })

  test('X8 what a method says of itself is told when its version opens', async () => {
    const facts = await room.host.openVersion({ digest: room.engine.digest, directory: room.half.directory, execution: room.execution })
    expect(facts.find(({ name }) => name === 'checked')).toEqual({ name: 'checked', onServer: true, exposed: true, groups: ['sales'], deadlineMs: 500 })
    expect(facts.find(({ name }) => name === 'procedure')).toEqual({ name: 'procedure', onServer: false, exposed: false, groups: [], deadlineMs: null })
    expect(facts).toHaveLength(Object.keys(fixtureMethods).length - 1)
  })

  test('X8 database methods run where there are any, and are nothing elsewhere', async () => {
    const process = room.engine.process(room.engine.openSession('DB'))
    expect(await room.engine.runTarget(process, { kind: 'database', name: 'onServerStartup' })).toBe('started in DB')
    expect(await room.engine.runTarget(process, { kind: 'database', name: 'onServerShutdown' })).toBe(null)
  })

  test('X9 a version whose code throws while it loads is rejected with file and line', async () => {
    const broken = await writeHalf({
      'methods/good': 'export default () => 1\n',
      'methods/deep/bad': '\n\nthrow new Error("no licence")\n',
      'methods/none': 'export const x = 1\n',
    })
    const digest = asDigest(`badbad-${room.kind}`)
    const error = await failureOf(room.host.openVersion({ digest, directory: broken.directory, execution: room.execution }))
    expect(error.code).toBe('VERSION_REJECTED')
    expect([...(error.problems ?? [])].sort((a, b) => (a.file < b.file ? -1 : 1))).toEqual([
      { file: 'methods/deep/bad.ts', line: 3, column: 7, severity: 'error', code: 'load-failed', message: 'Error: no licence' },
      { file: 'methods/none.ts', line: 1, column: 1, severity: 'error', code: 'no-default-export', message: expect.any(String) },
    ])
    expect(room.host.isolates().filter((isolate) => isolate.digest === digest)).toEqual([])
    await broken.remove()
  })

  test('X9 a syntax error is found too', async () => {
    const broken = await writeHalf({ 'methods/typo': '\nexport default () => {\n  const = 1\n}\n' })
    const error = await failureOf(room.host.openVersion({ digest: asDigest(`typo00-${room.kind}`), directory: broken.directory, execution: room.execution }))
    expect(error.problems).toMatchObject([{ file: 'methods/typo.ts', message: expect.stringMatching(/^SyntaxError: /) }])
    await broken.remove()
  })
}
