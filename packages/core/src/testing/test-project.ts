import type { CatalogRow, Problem } from '@tessera/protocol'
import { parseRoles } from '../access/roles/parse-roles.ts'
import { noRoles, type Roles } from '../access/roles/roles.ts'
import { asDigest, type Digest } from '../ids.ts'
import type { DatabaseMethodName } from '../ports/isolate-host.ts'
import type { StoredPackage } from '../ports/package-store.ts'
import { type CallLogSettings, type ProjectExecution, type ScheduleFacts, usualCallLog, usualExecution } from '../version/project-settings.ts'
import type { ScriptedCode } from './scripted-code.ts'
import type { ScriptedIsolateHost } from './scripted-isolate-host.ts'

/** A project folder, as an object. The same object is the same folder, byte for byte. */
export interface TestProject extends ScriptedCode {
  name?: string
  publication?: string
  /** The text of roles.json. */
  roles?: string
  /** As roles.json may ask for: web visitors must sign in first. */
  forceLogin?: boolean
  catalog?: Omit<CatalogRow, 'revision'>
  bytes?: number
  execution?: Partial<ProjectExecution>
  schedules?: readonly ScheduleFacts[]
  callLog?: Partial<CallLogSettings>
}

const databaseMethodNames: readonly DatabaseMethodName[] = [
  'onStartup',
  'onExit',
  'onServerStartup',
  'onServerShutdown',
  'onServerOpenConnection',
  'onServerCloseConnection',
]

/** Packs projects: gives each its digest and hands its code to the host. */
export class TestPacker {
  readonly #host: ScriptedIsolateHost
  readonly #digests = new Map<TestProject, Digest>()

  /** `before`: packages of the server that ran before are there. */
  constructor(host: ScriptedIsolateHost, before?: TestPacker) {
    this.#host = host
    for (const [project, digest] of before === undefined ? [] : before.#digests) {
      this.#digests.set(project, digest)
      host.load(digest, project)
    }
  }

  digestOf(project: TestProject): Digest {
    const known = this.#digests.get(project) ?? asDigest((this.#digests.size + 1).toString(16).padStart(6, '0').padEnd(64, 'd'))
    this.#digests.set(project, known)
    return known
  }

  /** @throws TesseraError `ROLES_INVALID`. */
  pack(project: TestProject): StoredPackage {
    const { name = 'Shop', publication = name, catalog = null, bytes = 1000, database = {}, execution = {}, schedules = [], callLog = {} } = project
    const digest = this.digestOf(project)
    this.#host.load(digest, project)
    return {
      digest,
      bytes,
      manifest: {
        format: 1,
        project: name,
        kit: '0.1.0',
        clientRange: { min: 1, max: 1 },
        client: { files: [] },
        server: { listing: digest, files: 0, bytes },
      },
      facts: {
        project: name,
        publication,
        databaseMethods: databaseMethodNames.filter((method) => database[method] !== undefined),
        roles: rolesOf(project) ?? noRoles,
        catalog,
        execution: { ...usualExecution, ...execution },
        schedules,
        callLog: { ...usualCallLog, ...callLog },
      },
      serverDirectory: `/packages/${digest}`,
    }
  }
}

/** @throws TesseraError `ROLES_INVALID`. */
export const rolesOf = ({ roles, forceLogin }: TestProject): Roles | null => {
  if (roles === undefined && forceLogin === undefined) return null
  const read = roles === undefined ? noRoles : parseRoles(roles).roles
  return forceLogin === undefined ? read : { ...read, forceLogin }
}

/** What a compiler might say. */
export const problemAt = (file: string, line: number, message: string): Problem => ({ file, line, column: 1, severity: 'error', code: 'test', message })
