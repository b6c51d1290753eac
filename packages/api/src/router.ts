import { audit } from './routers/audit.ts'
import { auth } from './routers/auth.ts'
import { calls } from './routers/calls.ts'
import { catalog } from './routers/catalog.ts'
import { clients } from './routers/clients.ts'
import { directory } from './routers/directory.ts'
import { licences } from './routers/licences.ts'
import { privileges } from './routers/privileges.ts'
import { procedures } from './routers/procedures.ts'
import { processes } from './routers/processes.ts'
import { roles } from './routers/roles.ts'
import { schedules } from './routers/schedules.ts'
import { server } from './routers/server.ts'
import { sessions } from './routers/sessions.ts'
import { storage } from './routers/storage.ts'
import { tokens } from './routers/tokens.ts'
import { versions } from './routers/versions.ts'
import { router } from './trpc.ts'

/** Everything that scripts and the console can ask, noun by noun. */
export const appRouter = router({
  auth,
  server,
  licences,
  sessions,
  storage,
  privileges,
  roles,
  processes,
  calls,
  procedures,
  schedules,
  clients,
  versions,
  directory,
  catalog,
  tokens,
  audit,
})
export type AppRouter = typeof appRouter
