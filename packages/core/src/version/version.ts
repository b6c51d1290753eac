import type { VersionRow, VersionStateName } from '@tessera/protocol'
import type { Digest, VersionId } from '../ids.ts'
import type { MethodFacts } from '../ports/isolate-host.ts'
import type { StoredPackage } from '../ports/package-store.ts'

/** A package that was published and still has its code loaded. */
export class Version {
  readonly id: VersionId
  readonly package: StoredPackage
  readonly methods: ReadonlyMap<string, MethodFacts>
  readonly publishedAt: number
  readonly publishedBy: string
  state: VersionStateName
  /** Who keeps it alive: sessions and stored procedures that run on it. */
  readonly pins = new Set<string>()
  /** Acts under way that need it. */
  holds = 0

  constructor(options: {
    id: VersionId
    package: StoredPackage
    methods: readonly MethodFacts[]
    publishedAt: number
    publishedBy: string
    state: VersionStateName
  }) {
    this.id = options.id
    this.package = options.package
    this.methods = new Map(options.methods.map((method) => [method.name, method]))
    this.publishedAt = options.publishedAt
    this.publishedBy = options.publishedBy
    this.state = options.state
  }

  get digest(): Digest {
    return this.package.digest
  }

  get label(): { id: VersionId; digest: Digest } {
    return { id: this.id, digest: this.digest }
  }

  row(iso: (at: number) => string, sessions: number, isolates: number): VersionRow {
    return {
      id: this.id,
      digest: this.digest,
      state: this.state,
      publishedAt: iso(this.publishedAt),
      bytes: this.package.bytes,
      sessions,
      publishedBy: this.publishedBy,
      methods: this.methods.size,
      isolates,
    }
  }
}
