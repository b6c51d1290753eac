import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { fromErrorBody, TesseraError } from '@tessera/protocol'
import type { BuildOrder, BuildReply } from './build-messages.ts'
import type { OnProgress } from './builder.ts'

export type BuildAnswer = Extract<BuildReply, { type: 'built' }>

/** Has one project folder built in a thread of its own, which lives on for the next build and holds no process open. */
export interface BuildThread {
  build(): Promise<BuildAnswer>
  close(): Promise<void>
}

interface Waiting {
  resolve(answer: BuildAnswer): void
  reject(cause: unknown): void
}

export const createBuildThread = (directory: string, onProgress: OnProgress): BuildThread => {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let lastNumber = 0
  const settle = (number: number): Waiting | undefined => {
    const found = waiting.get(number)
    waiting.delete(number)
    if (waiting.size === 0) worker?.unref()
    return found
  }
  const fail = (cause: unknown): void => {
    worker = undefined
    for (const number of [...waiting.keys()])
      settle(number)?.reject(new TesseraError('INTERNAL', 'The thread that builds the project ended unexpectedly.', { cause }))
  }
  const start = (): Worker => {
    // Resolved by name: it is the compiled file that a thread can load, also where this one runs from source.
    const started = new Worker(createRequire(import.meta.url).resolve('@tessera/project/build-thread'), { workerData: directory })
    started.on('message', (message: BuildReply) => {
      if (message.type === 'progress') onProgress(message.step, message.fraction)
      else if (message.type === 'failed') settle(message.number)?.reject(failureOf(message))
      else settle(message.number)?.resolve(message)
    })
    started.on('error', fail)
    started.on('exit', (code) => {
      if (worker === started) fail(new Error(`exit code ${code}`))
    })
    return started
  }
  return {
    build: () =>
      new Promise((resolve, reject) => {
        worker ??= start()
        const order: BuildOrder = { number: ++lastNumber }
        waiting.set(order.number, { resolve, reject })
        worker.ref()
        worker.postMessage(order)
      }),
    close: async () => {
      const closing = worker
      fail(new Error('closed'))
      await closing?.terminate()
    },
  }
}

const failureOf = ({ error, detail }: Extract<BuildReply, { type: 'failed' }>): TesseraError => {
  const failure = fromErrorBody(error)
  if (error.code === 'INTERNAL') failure.stack = detail
  return failure
}
