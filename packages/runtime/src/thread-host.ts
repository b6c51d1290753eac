import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type BegunRuns, begunIn } from './begun-log.ts'
import { LogBudget } from './inside/log-budget.ts'
import { isolateEnvironment } from './isolate-environment.ts'
import type { IsolateLink, LinkEvents } from './isolate-link.ts'
import type { Down } from './messages.ts'
import { overHeap } from './resident-watch.ts'
import { type BegunRing, type FromThread, newBegunRing, type ThreadData, type ToThread } from './thread-talk.ts'
import { ThreadWatch } from './thread-watch.ts'

export interface ThreadLinkOptions {
  /** The compiled `thread-serve.js`. */
  entry: string
  heapMb: number
  env: Readonly<Record<string, string>>
  /** How long an isolate may take to end by itself. */
  stopTimeoutMs: number
  /** Takes what the thread writes past `console`. */
  onOutput: (text: string) => void
}

export const defaultThreadEntry = fileURLToPath(new URL('./thread-serve.js', import.meta.url))

/**
 * One isolate in a worker thread of this process. It isolates time and versions: a loop stops its own thread alone, is named
 * and can be ended, and each isolate has its own modules, environment and console. It isolates neither memory nor crashes: where
 * an array or a Map grows without end V8 may end the whole process before it ends the thread, buffers count for nobody, and so
 * does what native code breaks. For machines where processes cost too much and the code is known; whoever wants the rest takes
 * processes.
 */
export class ThreadLink implements IsolateLink {
  readonly pid = null
  readonly #options: ThreadLinkOptions
  readonly #ring: BegunRing
  readonly #watch: ThreadWatch
  readonly #worker: Worker
  readonly #budget = new LogBudget(() => performance.now())
  readonly #gone: Promise<void>
  #batch: Down[] = []
  #scheduled = false
  #why: string | null = null
  #failure: string | null = null

  constructor(options: ThreadLinkOptions, events: LinkEvents) {
    this.#options = options
    this.#ring = newBegunRing()
    this.#watch = new ThreadWatch({
      ping: () => this.#post('ping'),
      onReport: events.onWatch,
      busyMs: () => this.#worker.performance.eventLoopUtilization().active,
    })
    this.#worker = new Worker(options.entry, {
      workerData: { ring: this.#ring, board: this.#watch.memory } satisfies ThreadData,
      resourceLimits: { maxOldGenerationSizeMb: options.heapMb },
      env: isolateEnvironment(options.env),
      execArgv: [],
      stdout: true,
      stderr: true,
    })
    this.#worker.on('message', (messages: FromThread) => {
      try {
        for (const message of messages) {
          if (message.type === 'ready') this.#watch.start()
          events.onMessage(message)
        }
      } catch (error) {
        // Libraries post to their parent where they find one.
        this.kill(`what its thread posted is not a message: ${error instanceof Error ? error.message : String(error)}`)
      }
    })
    this.#worker.on('error', (error: NodeJS.ErrnoException) => {
      this.#failure = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? overHeap(options.heapMb) : `its thread failed: ${error.message}`
    })
    this.#listenToOutput(this.#worker.stdout)
    this.#listenToOutput(this.#worker.stderr)
    this.#gone = this.#watchEnd(events)
  }

  send(message: Down): void {
    this.#batch.push(ownBytes(message))
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(this.#flush)
  }

  async stop(): Promise<void> {
    this.#why ??= 'stopped'
    this.#flush()
    this.#post('end')
    const timer = setTimeout(() => this.kill('stopped'), this.#options.stopTimeoutMs)
    await this.#gone
    clearTimeout(timer)
  }

  kill(why: string): void {
    this.#why ??= why
    void this.#worker.terminate()
  }

  begun(): BegunRuns {
    return begunIn(Buffer.from(this.#ring.buffer))
  }

  readonly #flush = (): void => {
    this.#scheduled = false
    if (this.#batch.length === 0) return
    this.#post(this.#batch)
    this.#batch = []
    this.#watch.wake()
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message)
  }

  /** Node delivers all that the thread had sent before it tells of its end, and the notes are read where they were written. */
  #watchEnd(events: LinkEvents): Promise<void> {
    return new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        resolve()
        this.#watch.stop()
        events.onEnded(this.#why ?? this.#failure ?? `its thread ended with code ${code}`, true, this.begun())
      })
    })
  }

  #listenToOutput(stream: Readable): void {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      const line = this.#budget.take(text)
      if (line !== null) this.#options.onOutput(line)
    })
  }
}

/** Bytes that lie in a larger buffer would be sent with all of it. */
const ownBytes = (message: Down): Down =>
  message.type === 'run' && typeof message.args !== 'string' && message.args.byteLength < message.args.buffer.byteLength
    ? { ...message, args: new Uint8Array(message.args) }
    : message
