import { MethodError } from '@tessera/protocol'
import { expect, test } from 'vitest'
import { type ContractRoom, failureOf } from './contract-room.ts'

/** Arguments, results and errors on their way. */
export const valuesContract = (room: ContractRoom): void => {
  test('X2 an error of project code arrives with class, message and project-relative stack', async () => {
    const error = await failureOf(room.engine.call(room.engine.process(room.engine.openSession('ERR')), 'orders/fail', 3))
    expect(error).toBeInstanceOf(MethodError)
    expect(error).toMatchObject({ code: 'METHOD_ERROR', className: 'OutOfStock', message: 'only 2 left' })
    expect(error.stack?.split('\n')).toEqual([
      'OutOfStock: only 2 left',
      expect.stringMatching(/^ {4}at check \(methods\/orders\/fail\.js:4:\d+\)$/),
      expect.stringMatching(/^ {4}at .*methods\/orders\/fail\.js:8:\d+\)?$/),
    ])
  })

  test('X2 anything may be thrown, and errors of Tessera keep their code', async () => {
    const process = room.engine.process(room.engine.openSession('ERR2'))
    expect(await failureOf(room.engine.call(process, 'throwText'))).toMatchObject({ code: 'METHOD_ERROR', className: 'string', message: 'plain text' })
    expect(await failureOf(room.engine.call(process, 'throwCoded'))).toMatchObject({ code: 'STORAGE_QUOTA_EXCEEDED', message: 'full' })
  })

  test('X2 a result that cannot be sent names the path', async () => {
    const error = await failureOf(room.engine.call(room.engine.process(room.engine.openSession('UNST')), 'unstorable'))
    expect(error.code).toBe('RESULT_NOT_STORABLE')
    expect(error.message).toContain('items[1].fn')
  })

  test('X7 every argument that is wrong is named', async () => {
    const process = room.engine.process(room.engine.openSession('ARGS'))
    const error = await failureOf(room.engine.call(process, 'checked', { id: 'x', lines: ['a', 2] }, 'three'))
    expect(error.code).toBe('ARGUMENTS_INVALID')
    expect(error.problems?.map(({ message }) => message.split(':')[0])).toEqual(['arguments[0].id', 'arguments[0].lines[1]', 'arguments[1]'])
    expect(await failureOf(room.engine.call(process, 'checkedFirst', { id: 'x' }))).toMatchObject({
      problems: [{ message: expect.stringMatching(/^arguments\[0\]\.id: /) }],
    })
  })

  test('X7 the method gets what its schema made of the arguments', async () => {
    const process = room.engine.process(room.engine.openSession('ARGS2'))
    expect(await room.engine.call(process, 'checked', { id: 1, lines: [] })).toEqual([{ id: 1, lines: [] }, 3])
    expect(await room.engine.call(process, 'checkedFirst', { id: '7' }, 'rest')).toEqual([7, 'rest'])
  })

  test('X2 a payload of 1 MiB comes back as it went', async () => {
    const text = 'ä"\\\u2028🙂'.repeat(150_000)
    const process = room.engine.process(room.engine.openSession('BIG'))
    expect(await room.engine.call(process, 'echo', text)).toBe(text)
    expect(await room.engine.call(process, 'echo', { at: new Date(5), n: 12n, bytes: new Uint8Array([1, 2, 255]) })).toEqual({
      at: new Date(5),
      n: 12n,
      bytes: new Uint8Array([1, 2, 255]),
    })
  })

  test('X1 thousands of calls at once all come back to their own callers', async () => {
    const processes = Array.from({ length: 50 }, (_, n) => room.engine.process(room.engine.openSession(`LOAD${n}`)))
    const results = await Promise.all(
      Array.from({ length: 5000 }, (_, n) => room.engine.call(processes[n % 50] ?? room.engine.process(room.engine.openSession('X')), 'echo', n)),
    )
    expect(results).toEqual(Array.from({ length: 5000 }, (_, n) => n))
    expect(room.host.isolates().reduce((sum, { callsRunning }) => sum + callsRunning, 0)).toBe(0)
  })
}
