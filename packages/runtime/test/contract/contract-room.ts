import { asDigest, type IsolateHost, type Logger, type ProjectExecution } from '@tessera/core'
import { TesseraError } from '@tessera/protocol'
import { afterAll, beforeAll } from 'vitest'
import { type FixtureHalf, writeHalf } from '../fixture-half.ts'
import { fixtureMethods } from '../fixture-methods.ts'
import { TinyEngine } from '../tiny-engine.ts'

export interface LoggedLine {
  level: string
  message: string
  fields: unknown
}

export const recordingLogger = (lines: LoggedLine[]): Logger => ({
  info: (message, fields) => lines.push({ level: 'info', message, fields }),
  warn: (message, fields) => lines.push({ level: 'warn', message, fields }),
  error: (message, fields) => lines.push({ level: 'error', message, fields }),
})

export const eventually = async (check: () => boolean, withinMs = 5_000): Promise<void> => {
  for (const end = Date.now() + withinMs; !check(); ) {
    if (Date.now() > end) throw new Error('This did not become true in time.')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export const failureOf = async (call: Promise<unknown>): Promise<TesseraError> => {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof TesseraError) return error
  throw new Error('The call did not fail.')
}

export interface ContractHost {
  kind: string
  create: (logger: Logger) => IsolateHost
  execution: ProjectExecution
  /** As the console shows it. */
  shownAs: 'process' | 'thread' | 'inline'
  /** Whether project code runs apart from the server: not inline. */
  apart: boolean
}

/** A host with the fixture project, as the tests of the contract find it. */
export interface ContractRoom extends ContractHost {
  readonly lines: LoggedLine[]
  half: FixtureHalf
  host: IsolateHost
  engine: TinyEngine
}

/** Opens the version before the tests of the surrounding `describe`, and stops the host after them. */
export const openContractRoom = (options: ContractHost): ContractRoom => {
  const room = { ...options, lines: [] as LoggedLine[] } as ContractRoom
  beforeAll(async () => {
    room.half = await writeHalf(fixtureMethods)
    room.host = options.create(recordingLogger(room.lines))
    room.engine = new TinyEngine(room.host, asDigest(`c0ffee-${options.kind}`))
    await room.host.openVersion({ digest: room.engine.digest, directory: room.half.directory, execution: options.execution })
  }, 30_000)
  afterAll(async () => {
    await room.host.stop()
    await room.half.remove()
  })
  return room
}
