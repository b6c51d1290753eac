import type { Problem } from '@tessera/protocol'

/** What can be asked for (4d.md PRV-02). */
export const actions = ['create', 'read', 'update', 'drop', 'execute'] as const
export type Action = (typeof actions)[number]

/** What a permission lists besides: privileges lent while a function runs, and what an earlier release knew and nothing heeds. */
export const listedActions = [...actions, 'promote', 'describe'] as const
export type ListedAction = (typeof listedActions)[number]

/** 4d.md PRV-03. */
export const resourceTypes = ['datastore', 'dataclass', 'attribute', 'method', 'singleton', 'singletonMethod'] as const
export type ResourceType = (typeof resourceTypes)[number]

/** `ds`, `Table`, `Table.attribute`, `Table.function`, `ds.function`, `Singleton`, `Singleton.function` (4d.md PRV-04), or a method by its name. */
export interface Resource {
  type: ResourceType
  name: string
}

/** All that a file says about one resource, its entries joined (4d.md FMT-44). */
export interface Permission extends Resource {
  /** Names of privileges, as spelled; holding any of a list does (4d.md PRV-10). An empty list says nothing. */
  lists: ReadonlyMap<ListedAction, readonly string[]>
  /** Of its entries in the file. */
  lines: readonly number[]
}

/** What a `roles.json` says. Maps, for names may be anything; all keys are `keyOf` or `resourceKey`. */
export interface Roles {
  /** As declared, with what each includes directly. */
  privileges: ReadonlyMap<string, { name: string; includes: readonly string[] }>
  /** As declared, with the privileges of each. */
  roles: ReadonlyMap<string, { name: string; privileges: readonly string[] }>
  permissions: ReadonlyMap<string, Permission>
  /** Whether a resource that no permission names is closed (4d.md PRV-16). */
  restrictedByDefault: boolean
  forceLogin: boolean
  /** What is odd about the file. */
  warnings: readonly Problem[]
}

/** Of a project without a roles.json: nothing is declared, and nothing asked for (4d.md PRV-16, PRV-17). */
export const noRoles: Roles = { privileges: new Map(), roles: new Map(), permissions: new Map(), restrictedByDefault: false, forceLogin: false, warnings: [] }

/** Names are one whatever their case (4d.md PRV-12). */
export const keyOf = (name: string): string => name.trim().toLowerCase()

export const resourceKey = ({ type, name }: Resource): string => `${type} ${keyOf(name)}`

/** Held by everybody, declared or not (4d.md PRV-12, FMT-43). */
export const guest = 'guest'
/** A lock: nobody ever holds it (4d.md PRV-17, FMT-43). */
export const none = 'none'
/** Usable without being declared. */
const builtIn: ReadonlySet<string> = new Set([guest, none, 'webadmin'])

/** @param declared privileges by key. */
export const isKnown = (declared: ReadonlyMap<string, unknown>, name: string): boolean => declared.has(keyOf(name)) || builtIn.has(keyOf(name))

/** Whether a session can hold it at all. */
export const isHoldable = (declared: ReadonlyMap<string, unknown>, name: string): boolean => keyOf(name) !== none && isKnown(declared, name)

/** Whether both say the same, wherever it stands in their files. */
export const sameRoles = (one: Roles, other: Roles): boolean => one === other || told(one) === told(other)

const told = ({ privileges, roles, permissions, restrictedByDefault, forceLogin }: Roles): string =>
  JSON.stringify([
    [...privileges.values()],
    [...roles.values()],
    [...permissions.values()].map(({ type, name, lists }) => [type, name, [...lists]]),
    restrictedByDefault,
    forceLogin,
  ])
