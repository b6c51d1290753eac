import type { ErrorBody, Problem } from '@tessera/protocol'
import type { Pack } from '../package/pack.ts'
import type { BuildStep } from './builder.ts'

/** To the thread that builds. */
export interface BuildOrder {
  number: number
}

/** From the thread that builds. */
export type BuildReply =
  | { type: 'progress'; number: number; step: BuildStep; fraction: number }
  | { type: 'built'; number: number; pack: Pack; warnings: readonly Problem[]; state: string }
  | { type: 'failed'; number: number; error: ErrorBody; detail: string }
