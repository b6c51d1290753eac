import { expect, test } from 'vitest'
import { type ContractRoom, eventually } from './contract-room.ts'

/** What becomes of errors that nobody catches, where isolates are apart from the server: inline they are Node's to handle. */
export const straysContract = (room: ContractRoom): void => {
  test('X6 what is thrown in a timer or a lonely promise ends its own call only', async () => {
    const { engine } = room
    const process = engine.process(engine.openSession('STRAY'))
    const isolates = idsOf(room)
    const bystander = engine.start(process, 'slow', [100]).outcome
    expect(await engine.start(process, 'throwLater').outcome).toMatchObject({
      ok: false,
      error: { code: 'METHOD_ERROR', className: 'RangeError', message: 'thrown later' },
    })
    expect(await engine.start(process, 'rejectLater').outcome).toMatchObject({ ok: false, error: { code: 'METHOD_ERROR', message: 'rejected alone' } })
    expect(await bystander).toMatchObject({ ok: true })
    expect(idsOf(room)).toEqual(expect.arrayContaining(isolates))
  })

  test('X6 what is thrown after its call ended is logged with the method', async () => {
    expect(await room.engine.call(room.engine.process(room.engine.openSession('LATE')), 'throwAfter')).toBe('done')
    await eventually(() =>
      room.lines.some(({ level, message }) => level === 'error' && message.startsWith('throwAfter: ') && message.includes('after the end')),
    )
  })

  test('X6 process.exit is an error of the call', async () => {
    const isolates = idsOf(room)
    expect(await room.engine.start(room.engine.process(room.engine.openSession('EXITS')), 'exit').outcome).toMatchObject({
      ok: false,
      error: { code: 'METHOD_ERROR', message: expect.stringContaining('process.exit()') },
    })
    expect(idsOf(room)).toEqual(expect.arrayContaining(isolates))
  })
}

/** A spare may come meanwhile; none may go. */
const idsOf = (room: ContractRoom): string[] => room.host.isolates().map(({ id }) => id)
