import { type ChildProcess, spawn } from 'node:child_process'
import { Duplex, type Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { BegunLog, type BegunRuns } from './begun-log.ts'
import { Channel, defaultMaxFrameBytes } from './channel.ts'
import { LogBudget } from './inside/log-budget.ts'
import { isolateEnvironment } from './isolate-environment.ts'
import type { IsolateLink, LinkEvents } from './isolate-link.ts'
import type { Down } from './messages.ts'
import { overHeap } from './resident-watch.ts'
import { ReportReader } from './watch-report.ts'
import { decodeUp, encodeDown } from './wire.ts'

export interface ProcessLinkOptions {
  /** The compiled `serve.js`. */
  entry: string
  heapMb: number
  /** Added to the few variables that isolates are given. */
  env: Readonly<Record<string, string>>
  /** How long an isolate may take to end by itself. */
  stopTimeoutMs: number
  /** Takes what the process writes past `console`: fatal errors of the engine, native code. */
  onOutput: (text: string) => void
}

export const defaultEntry = fileURLToPath(new URL('./serve.js', import.meta.url))

/** A line may come in two pieces. */
const keptOutputCharacters = 100
const lastMessagesMs = 500
/** After the three standard ones, the pipe of the channel and that of the watchdog. */
const begunDescriptor = 5

/** One isolate in a child process, over a pipe of its own. */
export class ProcessLink implements IsolateLink {
  readonly #child: ChildProcess
  readonly #channel: Channel
  readonly #options: ProcessLinkOptions
  readonly #gone: Promise<void>
  readonly #begun = BegunLog.open()
  readonly #budget = new LogBudget(() => performance.now())
  #why: string | null = null
  #lastOutput = ''
  #ranOut = false

  /** @throws Error where the server has no descriptor to spare. */
  constructor(options: ProcessLinkOptions, events: LinkEvents) {
    this.#options = options
    const begun = this.#begun
    this.#child = spawn(process.execPath, [`--max-old-space-size=${options.heapMb}`, options.entry, ...(begun === null ? [] : [`${begunDescriptor}`])], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', ...(begun === null ? [] : [begun.descriptor])],
      env: isolateEnvironment(options.env),
    })
    // Where the server has no descriptor to spare there are no pipes, and no listener yet for what the child tells of it.
    if (this.#child.stdio === undefined) throw this.#unstarted()
    this.#channel = new Channel(needPipe(this.#child, 3), {
      maxFrameBytes: defaultMaxFrameBytes,
      onFrame: (envelopes) => {
        for (const envelope of envelopes) events.onMessage(decodeUp(envelope))
      },
      // A child that closes its pipe ends by itself; one whose pipe broke must not live on unheard.
      onClosed: (why) => this.#killSoon(why),
    })
    this.#listenToWatchdog(events)
    this.#listenToOutput(this.#child.stdout)
    this.#listenToOutput(this.#child.stderr)
    this.#gone = this.#watchEnd(events)
  }

  get pid(): number | null {
    return this.#child.pid ?? null
  }

  send(message: Down): void {
    this.#channel.send(encodeDown(message))
  }

  async stop(): Promise<void> {
    this.#why ??= 'stopped'
    this.#channel.close('stopped')
    this.#killSoon('stopped')
    await this.#gone
  }

  kill(why: string): void {
    this.#why ??= why
    this.#child.kill('SIGKILL')
  }

  begun(): BegunRuns | null {
    return this.#begun?.read() ?? null
  }

  #unstarted(): Error {
    this.#begun?.close()
    this.#child.once('error', () => {})
    return new Error('EMFILE: no descriptor is left for its pipes')
  }

  #killSoon(why: string): void {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const timer = setTimeout(() => this.kill(why), this.#options.stopTimeoutMs)
    this.#child.once('exit', () => clearTimeout(timer))
  }

  #watchEnd(events: LinkEvents): Promise<void> {
    return new Promise((resolve) => {
      let ended = false
      const end = (why: string): void => {
        if (ended) return
        ended = true
        resolve()
        const complete = this.#channel.readToEnd
        this.#channel.close(why)
        const begun = this.#begun?.read() ?? null
        this.#begun?.close()
        events.onEnded(why, complete, begun)
      }
      this.#child.once('error', (error) => end(`could not be started: ${error.message}`))
      // `close` comes after the last of its messages. It never comes where a grandchild holds the output open.
      this.#child.once('close', (code, signal) => end(this.#describeEnd(code, signal)))
      this.#child.once('exit', (code, signal) => setTimeout(() => end(this.#describeEnd(code, signal)), lastMessagesMs).unref())
    })
  }

  #describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
    if (this.#why !== null) return this.#why
    if (this.#ranOut) return overHeap(this.#options.heapMb)
    return signal === null ? `its process ended with code ${code ?? 0}` : `its process was ended by ${signal}`
  }

  #listenToWatchdog(events: LinkEvents): void {
    const pipe = needPipe(this.#child, 4)
    const reader = new ReportReader(events.onWatch)
    pipe.setEncoding('utf8')
    pipe.on('data', (text: string) => {
      try {
        reader.push(text)
      } catch (error) {
        // Nobody watches it any more.
        this.kill(error instanceof Error ? error.message : String(error))
      }
    })
    // A child that is gone tells nothing any more; that it ended is heard elsewhere.
    pipe.on('error', () => {})
  }

  #listenToOutput(stream: Readable | null): void {
    stream?.setEncoding('utf8')
    stream?.on('data', (text: string) => {
      const output = this.#lastOutput + text
      // Long stacks follow this line.
      this.#ranOut ||= output.includes('heap out of memory')
      this.#lastOutput = output.slice(-keptOutputCharacters)
      const line = this.#budget.take(text)
      if (line !== null) this.#options.onOutput(line)
    })
  }
}

const needPipe = (child: ChildProcess, descriptor: 3 | 4): Duplex => {
  const pipe = child.stdio[descriptor]
  if (pipe instanceof Duplex) return pipe
  throw new Error('The isolate was started without its pipe.')
}
