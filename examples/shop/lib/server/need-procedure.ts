import { neededSession } from './needed-session.ts'

/** For what runs in the background only: clients cannot call it in their own session. */
export const needProcedure = (): void => {
  const { type } = neededSession().info()
  if (type !== 'storedProcedure' && type !== 'standalone') throw new Error('This runs as a stored procedure only.')
}

/** Clients of others cannot start it either: a client may start as a stored procedure what it may call. */
export const managersOnly = { groups: ['Managers'] } as const
