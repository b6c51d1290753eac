import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { parsePs, residentReader } from './resident-memory.ts'
import { ResidentWatch } from './resident-watch.ts'

const mebibyte = 1_048_576

describe('the watch over resident memory', () => {
  const resident = new Map<number, number>()
  let reads: (readonly number[])[]
  let watch: ResidentWatch

  beforeEach(() => {
    vi.useFakeTimers()
    reads = []
    resident.clear()
    const read = (pids: readonly number[]): Promise<ReadonlyMap<number, number>> => {
      reads.push(pids)
      return Promise.resolve(resident)
    }
    watch = new ResidentWatch({ everyMs: 100, read })
  })

  afterEach(() => vi.useRealTimers())

  const isolateOf = (pid: number | null) => ({
    facts: { pid },
    callsRunning: 1,
    killed: [] as string[],
    kill(why: string) {
      this.killed.push(why)
    },
  })

  test('X45 whoever passes its own limit is ended, and told why', async () => {
    const [small, large] = [isolateOf(1), isolateOf(2)]
    watch.watch(small, 100)
    watch.watch(large, 200)
    resident.set(1, 100 * mebibyte).set(2, 150 * mebibyte)
    await vi.advanceTimersByTimeAsync(100)
    expect([small.killed, large.killed]).toEqual([[], []])
    resident.set(1, 100 * mebibyte + 1)
    await vi.advanceTimersByTimeAsync(100)
    expect([small.killed, large.killed]).toEqual([['out of memory: its process passed 100 MB with its buffers'], []])
  })

  test('X45 an isolate in which nothing runs is not measured, and while nothing runs there is no timer', async () => {
    const [one, two] = [isolateOf(1), isolateOf(2)]
    expect(vi.getTimerCount()).toBe(0)
    watch.watch(one, 100)
    watch.watch(two, 100)
    watch.watch(two, 100)
    expect(vi.getTimerCount()).toBe(1)
    one.callsRunning = 0
    await vi.advanceTimersByTimeAsync(100)
    expect(reads).toEqual([[2]])
    two.callsRunning = 0
    await vi.advanceTimersByTimeAsync(100)
    expect([reads.length, vi.getTimerCount()]).toEqual([1, 0])
    two.callsRunning = 1
    watch.watch(two, 100)
    await vi.advanceTimersByTimeAsync(100)
    expect(reads).toEqual([[2], [2]])
  })

  test('X45 one that has no process yet, or none any more, is left alone', async () => {
    const [waiting, gone] = [isolateOf(null), isolateOf(7)]
    watch.watch(waiting, 1)
    watch.watch(gone, 1)
    await vi.advanceTimersByTimeAsync(100)
    expect([reads, waiting.killed, gone.killed]).toEqual([[[7]], [], []])
  })

  test('X45 a slow reading is waited for, and one that fails is not the last', async () => {
    const answers: ((fail: boolean) => void)[] = []
    const read = (): Promise<ReadonlyMap<number, number>> =>
      new Promise((resolve, reject) => answers.push((fail) => (fail ? reject(new Error('no ps')) : resolve(new Map()))))
    watch = new ResidentWatch({ everyMs: 100, read })
    watch.watch(isolateOf(1), 1)
    await vi.advanceTimersByTimeAsync(500)
    expect(answers).toHaveLength(1)
    answers[0]?.(true)
    await vi.advanceTimersByTimeAsync(100)
    expect(answers).toHaveLength(2)
  })

  test('X45 what this system tells of this very process is what Node says of it', async () => {
    const found = (await residentReader()?.read([process.pid, 2 ** 30]))?.get(process.pid)
    const rss = process.memoryUsage.rss()
    expect(found).toBeGreaterThan(rss * 0.8)
    expect(found).toBeLessThan(rss * 1.2)
  })

  test('X45 a system that shows no processes has no reader', () => {
    expect(residentReader('linux', '/nowhere')).toBe(null)
    expect(residentReader('win32')).toBe(null)
  })

  test('X45 the answer of ps is kilobytes by process', () => {
    expect(parsePs('    1  10\n 20304 2048\n\nps: bad\n')).toEqual(
      new Map([
        [1, 10_240],
        [20_304, 2_097_152],
      ]),
    )
  })
})
