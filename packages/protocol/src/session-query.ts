import { z } from 'zod'

/** Ready-made conditions beside the text; several of one family mean OR, families mean AND. */
export const sessionChips = ['remote', 'storedProcedures', 'standalone', 'web', 'counted', 'outdated', 'postponed', 'sleeping', 'unreachable'] as const
export type SessionChip = (typeof sessionChips)[number]

/**
 * Which sessions are meant. `text` is what an operator types: words separated by `;` mean OR and look at user, machine,
 * address and id; `user:` `machine:` `ip:` `id:` `version:` `state:` `privilege:` terms narrow it and mean AND.
 */
export const sessionQuery = z.object({
  text: z.string().max(1000).default(''),
  chips: z.array(z.enum(sessionChips)).max(20).default([]),
})
export type SessionQuery = z.infer<typeof sessionQuery>

export const sessionSortColumns = ['userName', 'machineName', 'address', 'kind', 'state', 'version', 'createdAt', 'lastActivityAt', 'calls'] as const
export const sessionSort = z.object({
  column: z.enum(sessionSortColumns).default('createdAt'),
  direction: z.enum(['ascending', 'descending']).default('descending'),
})
export type SessionSort = z.infer<typeof sessionSort>
