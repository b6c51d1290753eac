import { z } from 'zod'

/** Ready-made conditions beside the text: states and kinds; several of one family mean OR, families mean AND. */
export const processChips = ['executing', 'waiting', 'paused', 'twin', 'storedProcedure', 'web'] as const
export type ProcessChip = (typeof processChips)[number]

/**
 * Which processes are meant. Words of `text`, separated by `;`, mean OR and look at name, method, user, number and isolate.
 * `session`: those of one session only; `process`: that one only.
 */
export const processQuery = z.object({
  text: z.string().max(1000).default(''),
  chips: z.array(z.enum(processChips)).max(20).default([]),
  session: z.string().max(64).nullable().default(null),
  process: z.string().max(64).nullable().default(null),
})
export type ProcessQuery = z.infer<typeof processQuery>

export const processSortColumns = ['number', 'name', 'userName', 'kind', 'state', 'method', 'startedAt', 'cpuUsage', 'queued', 'calls'] as const
export const processSort = z.object({
  column: z.enum(processSortColumns).default('number'),
  direction: z.enum(['ascending', 'descending']).default('ascending'),
})
export type ProcessSort = z.infer<typeof processSort>
