import { expect, test } from 'vitest'
import type { ProcessId } from '../ids.ts'
import { startTestEngine } from '../testing/index.ts'

test('P92 a result stays to be asked for while others end by the hundred, for a minute at least', async () => {
  const engine = await startTestEngine({ project: { methods: { echo: (_scope, value) => value } } })
  const [ana, bob] = [await engine.connect('ana'), await engine.connect('bob')]
  const { processId } = await ana.startProcedure('echo', ['mine'])
  await engine.settle()
  for (let n = 0; n < 200; n++) {
    await bob.startProcedure('echo', [n])
    await engine.settle()
  }
  await engine.clock.advance(59_000)
  expect(await ana.procedureResult(processId)).toBe('mine')
  await engine.clock.advance(2000)
  await bob.startProcedure('echo', ['last'])
  await engine.settle()
  await expect(ana.procedureResult(processId)).rejects.toMatchObject({ code: 'PROCESS_NOT_FOUND' })
  expect(engine.reads.procedures().length).toBe(50)
})

test('P92 results take a bounded memory, in number and in size', async () => {
  const engine = await startTestEngine({ project: { methods: { long: (_scope, characters) => 'x'.repeat(Number(characters)) } } })
  const ana = await engine.connect('ana')
  const run = async (characters: number, times: number): Promise<ProcessId> => {
    const { processId } = await ana.startProcedure('long', [characters])
    await engine.settle()
    for (let n = 1; n < times; n++) {
      await ana.startProcedure('long', [characters])
      await engine.settle()
    }
    return processId
  }
  const small = await run(1, 1)
  await run(1, 999)
  expect(await ana.procedureResult(small)).toBe('x')
  await run(1, 1)
  await expect(ana.procedureResult(small)).rejects.toMatchObject({ code: 'PROCESS_NOT_FOUND' })
  const large = await run(1_000_000, 40)
  expect(await ana.procedureResult(large)).toHaveLength(1_000_000)
  await run(1_000_000, 30)
  await expect(ana.procedureResult(large)).rejects.toMatchObject({ code: 'PROCESS_NOT_FOUND' })
})

test('P92 what became of an order stays to be asked for while others end by the hundred', async () => {
  const engine = await startTestEngine({ project: {} })
  const first = await engine.operator.dispatch('client.order', { name: '@', method: 'm', args: '[]' })
  for (let n = 0; n < 200; n++) await engine.operator.dispatch('client.order', { name: '@', method: 'm', args: '[]' })
  expect(engine.reads.order(first.id)).toEqual({ id: first.id, recipients: [] })
  await engine.clock.advance(60_000)
  await engine.operator.dispatch('client.order', { name: '@', method: 'm', args: '[]' })
  expect(() => engine.reads.order(first.id)).toThrow('Nothing is known')
})
