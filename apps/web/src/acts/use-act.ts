'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { ActResult, SessionQuery, SessionRow } from '@tessera/protocol'
import { useTRPCClient } from '../api/trpc.ts'
import { type ActDraft, type ActName, type ActTarget, wireTarget } from './acts.ts'
import { type BlastRadius, measureBlast } from './blast-radius.ts'

type Api = ReturnType<typeof useTRPCClient>

interface Request {
  act: ActName
  target: ActTarget
  draft: ActDraft
  dryRun: boolean
}

const perform = (api: Api, { act, target, draft: { reason, graceSeconds }, dryRun }: Request): Promise<ActResult> => {
  const who = wireTarget(target)
  switch (act) {
    case 'message':
      // A dry run tells nobody anything, but the text may not be empty.
      return api.sessions.message.mutate({ ...who, text: reason === '' ? '-' : reason, dryRun })
    case 'reload':
      return api.sessions.reload.mutate({ ...who, reason, graceSeconds, dryRun })
    case 'end':
      return api.sessions.end.mutate({ ...who, reason, graceSeconds, dryRun })
    case 'disconnect':
      return api.sessions.disconnect.mutate({ ...who, reason, dryRun })
  }
}

/** Reads every page: an act on thousands should say whom it touches, not whom it touches on its first page. */
const readMatching = async (api: Api, query: SessionQuery): Promise<SessionRow[]> => {
  const rows: SessionRow[] = []
  let cursor: string | null = null
  do {
    const page: { rows: SessionRow[]; cursor: string | null } = await api.sessions.list.query({ query, cursor, limit: 500 })
    rows.push(...page.rows)
    cursor = page.cursor
  } while (cursor !== null)
  return rows
}

export interface Preview {
  blast: BlastRadius
  rows: readonly SessionRow[]
}

/** What the act would do, asked of the server once when the dialog opens. */
export const usePreview = (act: ActName, target: ActTarget) => {
  const api = useTRPCClient()
  return useQuery<Preview>({
    queryKey: ['act preview', act, wireTarget(target)],
    queryFn: async () => {
      const [dryRun, rows] = await Promise.all([
        perform(api, { act, target, draft: { reason: '', graceSeconds: 0 }, dryRun: true }),
        target.kind === 'rows' ? target.rows : readMatching(api, target.query),
      ])
      return { blast: measureBlast(rows, dryRun), rows }
    },
    gcTime: 0,
    staleTime: 0,
  })
}

export const useAct = (act: ActName, target: ActTarget) => {
  const api = useTRPCClient()
  return useMutation({ mutationFn: (draft: ActDraft) => perform(api, { act, target, draft, dryRun: false }) })
}
